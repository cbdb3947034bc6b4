"""What the state's public measures say to a team's question, of a whole district.

Answers are ``DataAnswer``s as those of ``findings``; the rows have come through
``protect_indicators``. These measures are of all grades that a district has.
"""

import hashlib
from functools import lru_cache, partial

from see_the_system.data import indicator_store
from see_the_system.data.codes import GROUPS
from see_the_system.data.indicator_layouts import FORMATS
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
    (indicator,) = find.args
    _refuse_missing(indicator, rows, store, district, years)
    if years:
        rows = rows[rows["year"].isin(years)]
    _refuse_groups(indicator, rows, sides)
    found = find(rows, sides)
    read = rows[(rows["indicator"] == indicator) & rows["group_id"].isin(sides.values())]
    mark = hashlib.sha256(read.to_csv(index=False).encode()).hexdigest()[:16]
    name = rows["district_name"].iloc[-1] or f"District {district}"
    return DataAnswer(
        f"{name}: {found.sentence}", found.value, found.low, found.high, found.unit, mark
    )


def _refuse_missing(indicator, rows, store, district, years):
    """``Refusal`` where the file of a measure, the year asked for or the district is not there."""
    called = _called(INDICATORS[indicator])
    in_files = {
        part["year"]
        for part in indicator_store.parts_of(store.folder)
        if indicator in FORMATS[part["kind"]].measures
    }
    if not in_files:
        raise Refusal(
            f"No file of {called} is in the data. Add the state's file of it with 'see-the-system "
            "data add FILE', or ask about another measure."
        )
    there = listed(sorted(in_files))
    asked = in_files & set(years or in_files)
    if not asked:
        missing = listed(sorted(years), "or")
        raise Refusal(
            f"No file of {called} of {missing} is in the data, which have it of {there}. Ask about "
            f"one of these, or add the state's file of {missing} with 'see-the-system data add "
            "FILE'."
        )
    own_years = set(rows.loc[rows["indicator"] == indicator, "year"])
    if not own_years & asked:
        instead = listed(sorted(own_years), "or") or "another measure"
        raise Refusal(
            f"The data have {called} of {listed(sorted(asked))}, without a row of district "
            f"{district}: the state's file has none of a district without such students. Ask about "
            f"{instead}; where a part of the file was added, add the whole one."
        )


def _refuse_groups(indicator, rows, sides):
    """``Refusal`` where no year has a row of all the groups. rows: of the years asked for."""
    own = rows[rows["indicator"] == indicator]
    years = {GROUPS[code]: set(own.loc[own["group_id"] == code, "year"]) for code in sides.values()}
    if set.intersection(*years.values()):
        return
    called = _called(INDICATORS[indicator])
    without = [group for group, found in years.items() if not found]
    if without:
        raise Refusal(
            f"The files of {called} have this district in {listed(sorted(set(own['year'])))}, "
            f"without a row of {listed(without, 'or')}. Ask about another group."
        )
    each = listed([f"{group} in {listed(sorted(found))}" for group, found in years.items()])
    raise Refusal(
        f"No year has {called} of both groups: the files have {each}. Ask about each by itself."
    )


def _called(kind):
    """A measure's name within a sentence (text)."""
    proper = kind.name.startswith(("A-G", "English"))
    return kind.name if proper else kind.name[0].lower() + kind.name[1:]


OF_ONE = {_called(kind): partial(one_group, name) for name, kind in INDICATORS.items()}
OF_TWO = {f"gap in {_called(kind)}": partial(two_groups, name) for name, kind in INDICATORS.items()}
