"""How a team's causes compare with the planted ones of its practice district.

For a facilitator; the teams never see it. A team writes in its own words, so ``matches`` proposes
which of its causes speak of which planted one, and shows the words it went by; a facilitator reads
the list and puts right what it got wrong (``matched``). Nothing here is a grade: it says what was
found, what was not yet, what was believed and is false, and which data would have told.
"""

import re
from dataclasses import dataclass

from practice_network import planted
from practice_network.planted import lower_first
from see_the_system.messages import Refusal, nearest
from see_the_system.theory import evidence

FOUND = "found"
MISSED = "not yet found"
FALSE = "believed, and false"
ELSEWHERE = "believed, and not so here"
OTHER = "not in the key"
# What people say when they mean it. A cause speaks of the first that matches: a text for which
# every pattern of one line finds the beginning of a word.
_WORDS = {
    "attendance": [
        (
            "attendance|absen|truan|miss too much school|miss school|do not come to school|"
            "late to school|tard",
        ),
    ],
    "placement": [
        (
            "plac|recommend|track|accelerat|advanced|honors|pathway|gatekeep|longer path|"
            "(?:top|higher|faster) (?:math|course|class)",
        ),
    ],
    "pullout": [
        (
            "support|intervention|pull|rti|tutor|extra help|small.group",
            "core|pull|out of|during|instead|miss|same (?:period|time)|replac|open period|"
            "bell schedule|minutes|los(?:e|ing) .*math",
        ),
    ],
    "late_results": [
        (
            "benchmark|result|assessment|test data|scanner|scores come",
            "late|weeks|wait|after|slow|delay|scanner|calendar|turnaround|too long|reach",
        ),
        ("data|scan", "late|weeks|wait|slow|delay|bottleneck|too long"),
    ],
    "transition": [
        (
            "grade 5|fifth|elementary|feeder|transition|change of school|new school|move to middle",
            "grade 6|sixth|middle|transition|bridge|hand|record|meeting|articulat|"
            "change of school|new school",
        ),
        (
            "grade 6|sixth|incoming|middle school teacher",
            "know nothing|(?:do not|don't|cannot) know|no information|learned before",
        ),
    ],
    "assignment": [
        (
            "teacher",
            "new(?! (?:curricul|material|textbook|book|standard|program|unit|school))|novice|"
            "first.year|(?:in)?experience|years|senior|veteran|turnover|beginning",
        ),
        ("senior|veteran", "section|choose|pick|assign|class"),
    ],
}


@dataclass(frozen=True)
class CauseMatch:
    """What became of a planted cause, or of one that a team believes, then and now.

    ``cause`` is the planted cause or decoy (None where the key has nothing like it), ``status`` and
    ``before`` one of the five words above ("" where there was no theory before), ``texts`` the
    team's own words, ``grade`` what its evidence says ("" where nothing matches).
    """

    cause: planted.PlantedCause | None
    status: str
    before: str
    texts: tuple
    grade: str


@dataclass(frozen=True)
class Comparison:
    """A team's theory against the key, cause by cause; ``describe_score`` has it in words."""

    district: str
    lines: tuple

    def now(self, status):
        """The lines of a status (list of ``CauseMatch``)."""
        return [line for line in self.lines if line.status == status]


def matches(theory):
    """Which planted cause or decoy each living cause of a theory seems to speak of.

    By its words (dict of cause id to planted id).
    """
    found = {cause.id: _speaks_of(cause.text) for cause in theory.causes}
    return {own: planted_id for own, planted_id in found.items() if planted_id}


def score(theory, *, district=None, before=None, matched=None):
    """A team's theory compared with what is planted in its district (``Comparison``).

    before: the same team's theory at an earlier time, as ``record.theory(at=...)`` gives it.
    matched: a facilitator's corrections to ``matches``, cause id to planted id or "". district: the
    charter's, unless named. A cause counts as believed while it stands in the theory and its
    evidence has not ruled it out. Raises ``Refusal`` for a district outside the practice network,
    or a correction of something that is not there.
    """
    district = district or getattr(theory.charter, "district", "")
    code = planted.code_of(district or "no district in the charter")
    matched = matched or {}
    _check_corrections(theory, before, matched)
    acting = planted.acting(code)
    now = _believed(theory, matched)
    then = {} if before is None else _believed(before, matched)
    lines = []
    for cause in planted.BY_ID.values():
        believed = now.get(cause.id, [])
        status = _status(cause, believed, acting)
        was = "" if before is None else _status(cause, then.get(cause.id), acting)
        if status or was:
            texts = tuple(text for text, _ in believed)
            lines.append(CauseMatch(cause, status, was, texts, _strongest(believed)))
    for text, grade in now.get("", []):
        lines.append(CauseMatch(None, OTHER, "", (text,), grade))
    return Comparison(code, tuple(lines))


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
        parts.append(f"The first theory had {len(at_first)} of them.")
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
    parts += _others(len(comparison.now(OTHER)))
    return " ".join(parts)


def _speaks_of(text):
    for planted_id, lines in _WORDS.items():
        if any(all(_has(text, pattern) for pattern in line) for line in lines):
            return planted_id
    return ""


def _has(text, pattern):
    return re.search(rf"\b(?:{pattern})", text, re.IGNORECASE)


def _believed(theory, corrections):
    """The causes that stand, by the planted id they speak of ("" for none).

    A dict of lists of (text, grade).
    """
    grades = evidence.grades(theory)
    speaks_of = matches(theory) | corrections
    believed = {}
    for cause in theory.causes:
        grade = grades[cause.id]
        if grade != "ruled out":
            believed.setdefault(speaks_of.get(cause.id, ""), []).append((cause.text, grade))
    return believed


def _status(cause, believed, acting):
    if cause in acting:
        return FOUND if believed else MISSED
    if not believed:
        return ""
    return ELSEWHERE if cause.effect else FALSE


def _strongest(believed):
    order = ("seen in data", "heard", "hunch")
    return min((grade for _, grade in believed), key=order.index, default="")


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


def _others(count):
    if not count:
        return []
    are, them = ("cause is", "it") if count == 1 else ("causes are", "them")
    return [
        f"{count} more {are} not in the key, which does not make {them} wrong: the network is "
        "smaller than a district."
    ]


def _in_brackets(lines):
    names = "; ".join(lower_first(line.cause.name) for line in lines)
    return f" ({names})" if names else ""


def _data(cause):
    return f"{'; '.join(cause.told_by[:-1])}; and {cause.told_by[-1]}"
