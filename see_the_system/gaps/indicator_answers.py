"""What the state's public measures say to a team's question, of a whole district.

Answers are ``DataAnswer``s as those of ``findings``; the rows have come through
``protect_indicators``. These measures are of all grades that a district has.
"""

import hashlib
from functools import lru_cache, partial

from see_the_system.data.codes import GROUPS
from see_the_system.data.indicators import INDICATORS, PERCENT
from see_the_system.data.store import Store
from see_the_system.gaps.chance import newcombe, wilson
from see_the_system.gaps.findings import DataAnswer
from see_the_system.gaps.multiple_measures import HIDDEN, counted_of, points_words
from see_the_system.gaps.result_words import ends_words, spoken
from see_the_system.messages import Refusal, listed, whole_percent
from see_the_system.privacy.indicator_gate import protect_indicators


def one_group(indicator, rows, sides):
    """The newest value of one group (``DataAnswer``). rows: a district's own, protected."""
    (code,) = sides.values()
    row = _newest(indicator, rows, [code])[0]
    kind = INDICATORS[indicator]
    n = f"{int(row['n']):,} {kind.whom}"
    name = f"{GROUPS[code]}, {row['year']}, all grades"
    if kind.unit != PERCENT:
        sentence = f"{kind.name}, {name}: {points_words(row['value'])} ({n})."
        return DataAnswer(f"{sentence} {kind.caution}".rstrip(), float(row["value"]), unit="points")
    low, high = (100 * float(end) for end in wilson(*counted_of(row)))
    sentence = (
        f"{name}: {whole_percent(row['value'])} of {n} {kind.what} (95% interval "
        f"{ends_words(low, high, 0)}). {kind.caution}"
    )
    return DataAnswer(sentence.rstrip(), float(row["value"]), low, high, "percent")


def two_groups(indicator, rows, sides):
    """How far two groups are apart in the newest year of both (``DataAnswer``).

    Positive where the group asked about is served less well: has less of what is good, or more of
    what is not.
    """
    codes = [sides["focus"], sides["comparison"]]
    focus, comparison = _newest(indicator, rows, codes)
    kind = INDICATORS[indicator]
    sign = 1 if kind.good == "high" else -1
    gap = sign * float(comparison["value"] - focus["value"])
    names = [GROUPS[code] for code in codes]
    if kind.unit != PERCENT:
        each = (
            f"{name} {points_words(row['value'])} ({int(row['n']):,} students)"
            for name, row in zip(names, (focus, comparison), strict=True)
        )
        sentence = f"{kind.name}, {focus['year']}, all grades: {'; '.join(each)}."
        return DataAnswer(f"{sentence} {kind.caution}".rstrip(), gap, unit="points")
    ends = newcombe(*counted_of(comparison), *counted_of(focus))
    low, high = sorted(sign * 100 * float(end) for end in ends)
    each = (
        f"{name} {whole_percent(row['value'])} of {int(row['n']):,}"
        for name, row in zip(names, (focus, comparison), strict=True)
    )
    chance = ", which can be chance" if low <= 0 <= high else ""
    sentence = (
        f"{kind.name}, {focus['year']}, all grades, {kind.whom} who {kind.what}: "
        f"{'; '.join(each)}: {spoken(abs(gap), 1)} points apart (95% interval "
        f"{ends_words(low, high, 1)}){chance}. {kind.caution}"
    )
    return DataAnswer(sentence.rstrip(), gap, low, high, "percentage points")


def _newest(indicator, rows, codes):
    """The rows of the groups in the newest year that shows all of them (list of dicts)."""
    name = INDICATORS[indicator].name
    own = rows[(rows["indicator"] == indicator) & rows["group_id"].isin(codes)]
    if own.empty:
        raise Refusal(
            f"There is no {name} of these students in the data. Add the state's file of it with "
            "'see-the-system data add FILE', or ask about another group."
        )
    shown = own[own["value"].notna()]
    years = shown.groupby("year")["group_id"].nunique()
    years = years[years == len(set(codes))].index
    if not len(years):
        tried = listed(sorted(own["year"].unique()))
        raise Refusal(
            f"{name} of these students is hidden in {tried}: {HIDDEN}. Ask about a larger group."
        )
    newest = shown[shown["year"] == max(years)].set_index("group_id")
    return [newest.loc[code].to_dict() for code in codes]


@lru_cache(maxsize=16)
def _shown(folder, version, district):
    """A district's own rows of all indicators, protected, and their fingerprint.

    ``version`` is not read: it makes that they are read again when the district's data change.
    """
    frame = protect_indicators(Store(folder).indicators(district), schools=False)
    return frame[frame["level"] == "district"].reset_index(drop=True)


def answered(find, store, district, sides, years):
    """The answer of one of ``OF_ONE`` or ``OF_TWO`` (``DataAnswer``, with its fingerprint)."""
    rows = _shown(str(store.folder), store.fingerprint(district), district)
    if years:
        rows = rows[rows["year"].isin(years)]
    found = find(rows, sides)
    read = rows[(rows["indicator"] == find.args[0]) & rows["group_id"].isin(sides.values())]
    mark = hashlib.sha256(read.to_csv(index=False).encode()).hexdigest()[:16]
    name = rows["district_name"].iloc[-1] or f"District {district}"
    return DataAnswer(
        f"{name}: {found.sentence}", found.value, found.low, found.high, found.unit, mark
    )


def _called(kind):
    """A measure's name within a sentence (text)."""
    proper = kind.name.startswith(("A-G", "English"))
    return kind.name if proper else kind.name[0].lower() + kind.name[1:]


OF_ONE = {_called(kind): partial(one_group, name) for name, kind in INDICATORS.items()}
OF_TWO = {f"gap in {_called(kind)}": partial(two_groups, name) for name, kind in INDICATORS.items()}
