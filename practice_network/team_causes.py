"""For a facilitator: how a team's causes compare with the planted ones of its practice district.
The teams never see it.

A team writes in its own words, so ``matches`` proposes which of its causes speak of which planted
one, and shows the words it went by; a facilitator reads the list and puts right what it got wrong
(``matched``). Nothing here is a grade: it says what was found, what was not yet, what was believed
and is false, and which data would have told.
"""

import re
from dataclasses import dataclass

from practice_network import planted
from see_the_system.messages import Refusal, nearest
from see_the_system.theory import evidence

FOUND, MISSED, FALSE, ELSEWHERE, OTHER = (
    "found",
    "not yet found",
    "believed, and false",
    "believed, and not so here",
    "not in the key",
)
# What people say when they mean it: a cause matches where every group of a pattern has a word in
# its text.
_WORDS = {
    "placement": [
        (
            "plac|recommend|track|accelerat|advanced|honors|pathway|gatekeep|longer "
            "path|(?:top|higher|faster) (?:math|course|class)",
            "",
        )
    ],
    "pullout": [
        (
            "support|intervention|pull|rti|tutor|extra help|small.group",
            "core|pull|out of|during|instead|miss|same (?:period|time)|replac|open "
            "period|bell schedule|minutes|los(?:e|ing) .*math",
        )
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
            "grade 6|sixth|middle|transition|bridge|hand|record|meeting|articulat|change of "
            "school|new school",
        ),
        (
            "grade 6|sixth|incoming|middle school teacher",
            "know nothing|(?:do not|don't|cannot) know|no information|learned before",
        ),
    ],
    "assignment": [
        (
            "teacher",
            "new(?! "
            "(?:curricul|material|textbook|book|standard|program|unit|school))|novice|first.year|(?:in)?experience|years|senior|veteran|turnover|beginning",
        ),
        ("senior|veteran", "section|choose|pick|assign|class"),
    ],
    "attendance": [
        (
            "attendance|absen|absent|truan|miss too much school|miss school|do not come to "
            "school|late to school|tard",
            "",
        )
    ],
}
_PATTERNS = {
    id: [
        tuple(re.compile(rf"\b(?:{part})", re.IGNORECASE) for part in pattern if part)
        for pattern in patterns
    ]
    for id, patterns in _WORDS.items()
}


@dataclass(frozen=True)
class Line:
    """One line of the comparison: what became of a planted cause, or of one that a team believes,
    then and now.

    ``cause`` is the planted cause or decoy (None where the key has nothing like it), ``status`` and
    ``before`` one of the five words above ("" where there was no theory before), ``texts`` the
    team's own words, ``grade`` what its evidence says ("" where nothing matches).
    """

    cause: planted.Cause | None
    status: str
    before: str
    texts: tuple
    grade: str


@dataclass(frozen=True)
class Comparison:
    """A team's theory against the key: the lines, and where it stood before; ``describe_score`` has
    it in words.
    """

    district: str
    lines: tuple

    def named(self, status, *, before=False):
        """The lines of a status now, or before (list of ``Line``)."""
        return [line for line in self.lines if (line.before if before else line.status) == status]


def matches(theory):
    """Which planted cause or decoy each living cause of a theory seems to speak of, by its words
    (dict of cause id to planted id).
    """
    found = {}
    for cause in theory.causes:
        said = [
            id
            for id, patterns in _PATTERNS.items()
            if any(all(part.search(cause.text) for part in pattern) for pattern in patterns)
        ]
        if said:
            found[cause.id] = said[0] if "attendance" not in said else "attendance"
    return found


def score(theory, *, district=None, before=None, matched=None):
    """A team's theory compared with what is planted in its district (``Comparison``).

    before: the same team's theory at an earlier time, as ``record.theory(at=...)`` gives it.
    matched: a facilitator's corrections to ``matches``, cause id to planted id or "". district: the
    charter's, unless named. A cause counts as believed while it stands in the theory and its
    evidence has not ruled it out. Raises ``Refusal`` for a district outside the practice network,
    or a correction of something that is not there.
    """
    code = planted.code_of(
        district or getattr(theory.charter, "district", "") or "no district in the charter"
    )
    _corrected(theory, before, matched or {})
    acts = {cause.id: cause for cause in planted.acting(code)}
    every = {cause.id: cause for cause in (*planted.CAUSES, *planted.DECOYS)}
    now, then = (
        _believed(theory, matched or {}),
        None if before is None else _believed(before, matched or {}),
    )
    lines = []
    for id, cause in every.items():
        texts = tuple(text for text, _ in now.get(id, ()))
        status = _status(id, id in now, acts, every)
        was = "" if then is None else _status(id, id in then, acts, every)
        if status or was:
            lines.append(Line(cause, status, was, texts, _strongest(now.get(id, ()))))
    lines += [Line(None, OTHER, "", (text,), grade) for text, grade in now.get("", ())]
    return Comparison(code, tuple(lines))


def describe_score(comparison):
    """The comparison in sentences, with the data that would have told for what was missed or
    wrongly believed (text).
    """
    found, missed = comparison.named(FOUND), comparison.named(MISSED)
    parts = [
        f"Of {len(found) + len(missed)} planted causes, {len(found)} found" + _listed(found) + "."
    ]
    if any(line.before for line in comparison.lines):
        parts.append(f"The first theory had {len(comparison.named(FOUND, before=True))} of them.")
    for line in missed:
        parts.append(
            f"Not yet found: {_lower(line.cause.name)}. It would show in {_data(line.cause)}."
        )
    for status, words in (
        (FALSE, "Believed, and false here"),
        (ELSEWHERE, "Believed, and too small to matter in this district"),
    ):
        for line in comparison.named(status):
            parts.append(
                f"{words}: {_lower(line.cause.name)}. It can be told from {_data(line.cause)}."
            )
    let_go = [
        line for line in comparison.lines if line.before in (FALSE, ELSEWHERE) and not line.status
    ]
    if let_go:
        parts.append(
            f"Believed at first and let go since{_listed(let_go)}: that is what evidence is for."
        )
    other = comparison.named(OTHER)
    if other:
        parts.append(
            f"{len(other)} more {'cause is' if len(other) == 1 else 'causes are'} not in the "
            f"key, which does not make {'it' if len(other) == 1 else 'them'} "
            "wrong: the network is smaller than a district."
        )
    return " ".join(parts)


def _believed(theory, corrections):
    """The causes that stand, by the planted id they speak of: (text, grade) of each; "" for what
    speaks of none.
    """
    grades, found = evidence.grades(theory), matches(theory) | corrections
    believed = {}
    for cause in theory.causes:
        if grades[cause.id] != "ruled out":
            believed.setdefault(found.get(cause.id, ""), []).append((cause.text, grades[cause.id]))
    return believed


def _status(id, believed, acts, every):
    if id in acts:
        return FOUND if believed else MISSED
    if not believed:
        return ""
    return FALSE if every[id].effect == 0 else ELSEWHERE


def _strongest(texts):
    order = ("seen in data", "heard", "hunch")
    return min((grade for _, grade in texts), key=order.index, default="")


def _corrected(theory, before, matched):
    known = {cause.id for one in (theory, before) if one is not None for cause in one.causes}
    planted_ids = [cause.id for cause in (*planted.CAUSES, *planted.DECOYS)]
    for id, to in matched.items():
        if id not in known:
            close = " or ".join(nearest(id, sorted(known))) or "one of the theory's causes"
            raise Refusal(
                f"The correction names {id!r}, which is no cause of this theory. Did you "
                f"mean {close}?"
            )
        if to and to not in planted_ids:
            raise Refusal(
                f"The correction of {id!r} names {to!r}, which is not in the key. It has "
                f'{", ".join(planted_ids)}; "" is for none of them.'
            )


def _lower(name):
    return name[0].lower() + name[1:]


def _listed(lines):
    return f" ({'; '.join(_lower(line.cause.name) for line in lines)})" if lines else ""


def _data(cause):
    *first, last = cause.told_by
    return f"{'; '.join(first)}; and {last}" if first else last
