"""The answer key of a practice district in words and numbers, and a team's causes beside it.

For a facilitator; the teams never see it. A team writes in its own words, so ``matches`` proposes
which of its causes speak of which planted one, and shows the words it went by; a facilitator reads
the list and puts right what it got wrong (``matched``). Nothing here is a grade: it says what was
found, what was not yet, what was believed and is false, and which data would have told.
"""

import re
from dataclasses import dataclass

from practice_network import history, network, planted
from practice_network.district_students import unnamed
from practice_network.network import stored
from practice_network.planted import lower_first
from see_the_system.messages import Refusal, are, counted, nearest
from see_the_system.theory import evidence

FOUND = "found"
MISSED = "not yet found"
FALSE = "believed, and false"
ELSEWHERE = "believed, and not so here"
# A word that is denied just before it says the opposite: "support is not during core". Of these the
# denial itself is the cause: "results do not reach teachers".
_DENIED = re.compile(r"(?:\bnot|\bnever|\bno longer|n['’]t)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_SAID_WITH_NOT = ("reach", "know", "come", "cannot", "pick", "elementary", "do not", "don")
_NOT_THE_CAUSE = r"\b(?:not|never) (?:\w+ ){0,2}(?:cause|reason|problem|issue|case)\b"
ON_THE_SCALE = (
    "Points are points of the state's scale. In grade 7 the two middle levels are 83 and 68 of "
    "them wide."
)
FOCUS, COMPARISON = "Hispanic or Latino", "White"


@dataclass(frozen=True)
class CauseMatch:
    """What became of a planted cause, or of one that a team believes, then and now.

    ``cause`` is the planted cause or decoy, ``status`` and ``before`` one of the four words above
    ("" where it is not believed and does not act, or where there was no theory before).
    """

    cause: planted.PlantedCause
    status: str
    before: str


@dataclass(frozen=True)
class Comparison:
    """A team's theory against the key, cause by cause; ``describe_score`` has it in words.

    others: how many of its causes are not in the key.
    """

    lines: tuple
    others: int

    def now(self, status):
        """The lines of a status (list of ``CauseMatch``)."""
        return [line for line in self.lines if line.status == status]


def matches(theory):
    """Which planted cause or decoy each living cause of a theory seems to speak of.

    By its words (dict of cause id to planted id).
    """
    found = {cause.id: _speaks_of(cause.text) for cause in theory.causes}
    return {own: planted_id for own, planted_id in found.items() if planted_id}


def score(theory, *, before=None, matched=None):
    """A team's theory compared with what is planted in its charter's district (``Comparison``).

    before: the same team's theory at an earlier time, as ``record.theory(at=...)`` gives it.
    matched: a facilitator's corrections to ``matches``, cause id to planted id or "". A cause is
    believed while it stands in the theory and its evidence has not ruled it out. Raises
    ``Refusal`` for a district outside the practice network, an earlier theory of another district,
    or a correction of something that is not there.
    """
    district = getattr(theory.charter, "district", "")
    if not district:
        raise Refusal(
            "The theory names no district in its charter, so there is no key to set beside it. "
            "Give a team's theory of a practice district, as its YAML file."
        )
    acting = planted.acting(district)
    matched = matched or {}
    _check_same_district(district, before)
    _check_corrections(theory, before, matched)
    now = _believed(theory, matched)
    then = [] if before is None else _believed(before, matched)
    lines = []
    for cause in planted.BY_ID.values():
        status = _status(cause, now, acting)
        was = "" if before is None else _status(cause, then, acting)
        if status or was:
            lines.append(CauseMatch(cause, status, was))
    return Comparison(tuple(lines), others=now.count(""))


def describe_score(comparison):
    """The comparison in sentences (text).

    With the data that would have told for what was missed or wrongly believed.
    """
    found = comparison.now(FOUND)
    missed = comparison.now(MISSED)
    count = len(found) + len(missed)
    parts = [f"Of {count} planted causes, {len(found)} found{_in_brackets(found)}."]
    if any(line.before for line in comparison.lines):
        at_first = [line for line in comparison.lines if line.before == FOUND]
        parts.append(f"The first theory had {len(at_first) or 'none'} of the {count}.")
    for status, words, where in (
        (MISSED, "Not yet found", "It would show in"),
        (FALSE, "Believed, and false here", "It can be told from"),
        (
            ELSEWHERE,
            "Believed, and too small to matter in this district",
            "It can be told from",
        ),
    ):
        for line in comparison.now(status):
            name = lower_first(line.cause.name)
            parts.append(f"{words}: {name}. {where} {_data(line.cause)}.")
    wrong_at_first = [line for line in comparison.now("") if line.before in (FALSE, ELSEWHERE)]
    if wrong_at_first:
        parts.append(
            f"Believed at first and let go since{_in_brackets(wrong_at_first)}: that is what "
            "evidence is for."
        )
    if comparison.others:
        them = "it" if comparison.others == 1 else "them"
        parts.append(
            f"{counted(comparison.others, 'more cause')} {are(comparison.others)} not in the key, "
            f"which does not make {them} wrong: the network is smaller than a district."
        )
    return " ".join(parts)


def planted_shares(district):
    """What each planted cause makes of the score gap of two groups, in the middle grades last year.

    A dict of cause id to percent of the gap; ``"gap"``: the gap in SDs. The part of a cause is its
    planted effect times how much more, or less, of its exposure the comparison group had. A cause
    that reaches both groups alike lowers results and makes no gap.
    """
    tested = unnamed(planted.code_of(district), history.YEARS[-1])
    tested = tested[tested.grade.isin(history.MIDDLE) & tested.score.notna()]
    means = tested.groupby("group").mean(numeric_only=True)
    differ = means.loc[COMPARISON] - means.loc[FOCUS]
    shares = {
        cause.id: 100 * (cause.effect * differ[cause.exposure]) / differ.score
        for cause in planted.CAUSES
    }
    return shares | {"gap": differ.score}


def describe_key(district):
    """The planted causes of a district and the tempting wrong theory (text with line ends).

    With what each cause makes of the gap, and which data tell.
    """
    code = planted.code_of(district)
    acting = planted.acting(code)
    lines = [f"For the facilitator. {network.DISTRICT_NAMES[code]}, synthetic: what is planted."]
    if acting:
        shares = planted_shares(code)
        lines += [ON_THE_SCALE, ""]
    else:
        lines.append(
            "No cause is planted strongly enough here to be found: one room of students, one "
            "course, results in two weeks. Its place is to be compared with."
        )
    for cause in acting:
        lines += [
            f"{cause.name} ({planted.grades_in_words(cause.grades)})",
            f"  {cause.mechanism}",
            f"  {cause.in_points()} {_makes(shares[cause.id])}",
            f"  It would show in {_data(cause)}.",
            "",
        ]
    for decoy in planted.DECOYS:
        lines += [
            f"The tempting wrong theory: {decoy.name.lower()}",
            f"  {decoy.mechanism}",
            f"  It can be told from {_data(decoy)}.",
        ]
    return "\n".join(lines)


def _speaks_of(text):
    text = text.replace("*", "").replace("_", "")  # as people mark what they stress
    if re.search(_NOT_THE_CAUSE, text, re.IGNORECASE):
        return ""
    for planted_id, words in stored("words_of_causes.yaml").items():
        if any(_begins(text, words.get("another", ()))):
            continue
        if any(all(_says(text, patterns) for patterns in entry) for entry in words["says"]):
            return planted_id
    return ""


def _says(text, patterns):
    """Whether a text has one of the patterns, and does not deny it (bool)."""
    return any(
        match[0].casefold().startswith(_SAID_WITH_NOT) or not _DENIED.search(text[: match.start()])
        for match in _begins(text, patterns)
    )


def _begins(text, patterns):
    """Where a word of a text begins as one of the patterns does (iterator of matches)."""
    if not patterns:
        return iter(())
    return re.finditer(rf"\b(?:{'|'.join(patterns)})", text, re.IGNORECASE)


def _believed(theory, corrections):
    """The planted id that each cause that stands speaks of ("" for none; list)."""
    speaks_of = matches(theory) | corrections
    grades = evidence.grades(theory)
    standing = [cause.id for cause in theory.causes if grades[cause.id] != "ruled out"]
    return [speaks_of.get(cause, "") for cause in standing]


def _status(cause, believed, acting):
    if cause in acting:
        return FOUND if cause.id in believed else MISSED
    if cause.id not in believed:
        return ""
    return ELSEWHERE if cause.effect else FALSE


def _check_same_district(district, before):
    other = district if before is None else getattr(before.charter, "district", "")
    if other and planted.code_of(other) == planted.code_of(district):
        return
    if not other:
        raise Refusal(
            "The earlier theory names no district in its charter; the same team's theory at an "
            "earlier time was expected. Give that file with --before."
        )
    raise Refusal(
        f"The earlier theory is of {other}, and this one of {district}. Give the same team's "
        "theory at an earlier time with --before."
    )


def _check_corrections(theory, before, matched):
    known = {cause.id for cause in theory.causes}
    if before is not None:
        known |= {cause.id for cause in before.causes}
    for own, planted_id in matched.items():
        if own not in known:
            close = " or ".join(nearest(own, sorted(known))) or "one of the theory's causes"
            raise Refusal(
                f"The correction names {own!r}, which is no cause of this theory. Did you "
                f"mean {close}?"
            )
        if planted_id and planted_id not in planted.BY_ID:
            raise Refusal(
                f"The correction of {own!r} names {planted_id!r}, which is not in the key. It has "
                f'{", ".join(planted.BY_ID)}; "" is for none of them.'
            )


def _in_brackets(lines):
    names = "; ".join(lower_first(line.cause.name) for line in lines)
    return f" ({names})" if names else ""


def _data(cause):
    return f"{'; '.join(cause.told_by[:-1])}; and {cause.told_by[-1]}"


def _makes(share):
    if share < 0.5:
        return "It reaches both groups about alike: it lowers results and makes no gap."
    return (
        f"It makes about {share:.0f} percent of the gap between {COMPARISON} and {FOCUS} students "
        "in grades 6 to 8."
    )
