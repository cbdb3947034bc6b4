"""What the evidence says of each cause: its grade, the table of causes by kind of evidence, and
answers that changed with the data.

A piece of data evidence counts once its question has an answer; interviews, process steps,
documents and research count as they are.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isclose
from typing import NamedTuple, get_args

from see_the_system.messages import Refusal
from see_the_system.theory.items import name_of
from see_the_system.theory.kinds import Answer, Evidence, Question

GRADES = ("hunch", "heard", "seen in data", "ruled out")
TYPES = get_args(Evidence.model_fields["type"].annotation)
MOST_ANSWERS = 50


@dataclass(frozen=True)
class Row:
    """One cause in the triangulation table.

    path: the category and the causes above it, then its own words. ``supports`` and ``against``
    count the pieces of evidence by type (all of ``TYPES``, 0 where there is none); ``kinds`` is how
    many types speak for or against; ``waiting`` how many questions to the data have no answer yet.
    """

    id: str
    path: str
    grade: str
    supports: dict
    against: dict
    kinds: int
    waiting: int


class Change(NamedTuple):
    """An answer that the data no longer give, the one they give now, and a sentence with both."""

    old: Answer
    new: Answer
    sentence: str


class Asked(NamedTuple):
    """``evidence``: the pieces that have a new answer, to be written to the record; ``sentences``:
    by id, why a question has none.
    """

    evidence: list
    sentences: dict


def grades(theory):
    """The grade of every cause and every answer to why, by id (dict of one of ``GRADES``).

    - hunch: nothing speaks for it, and no more than one kind of evidence other than data against it;
    - heard: an interview, a process step, a document or research speaks for it, and no answered data for or against;
    - seen in data: answered data speak for it (``contested`` says where others speak against);
    - ruled out: answered data speak against it and none for it; or two kinds of evidence or more speak against it and nothing for it.
    """
    speaking = _speaking(theory)
    return {
        item.id: _grade(*speaking.get(item.id, _NOTHING)) for item in (*theory.causes, *theory.whys)
    }


def contested(theory):
    """What has evidence both for and against it, each with a sentence that says so (dict by id)."""
    both = {id: sides for id, sides in _speaking(theory).items() if all(sides)}
    return {
        item.id: f"Evidence speaks for and against {name_of(item)}: {_kinds(both[item.id][0])} for, "
        f"{_kinds(both[item.id][1])} against."
        for item in (*theory.causes, *theory.whys)
        if item.id in both
    }


def triangulation(theory):
    """The table of causes by kind of evidence, in the order of the fishbone (list of ``Row``)."""
    speaking, waiting = (
        _speaking(theory),
        _tally(id for each in theory.evidence if not _counts(each) for id in each.about),
    )
    rows, ahead = (
        [],
        [
            (cause, category.text)
            for category in theory.categories
            for cause in theory.under(category.id, "cause")
        ][::-1],
    )
    while ahead:
        cause, above = ahead.pop()
        supports, against = speaking.get(cause.id, _NOTHING)
        path = f"{above} › {cause.text}"
        tables = ({type: side.get(type, 0) for type in TYPES} for side in (supports, against))
        rows.append(
            Row(
                cause.id,
                path,
                _grade(supports, against),
                *tables,
                len({*supports, *against}),
                waiting.get(cause.id, 0),
            )
        )
        ahead += [(below, path) for below in reversed(theory.under(cause.id, "cause"))]
    return rows


def describe_triangulation(theory):
    """How many causes have each grade, and which rest on one kind of evidence, in sentences (text)."""
    rows = triangulation(theory)
    if not rows:
        return "No cause is named yet."
    count = _tally(row.grade for row in rows)
    each = ", ".join(_graded(count[grade], grade) for grade in GRADES if grade in count)
    several, alone = sum(row.kinds > 1 for row in rows), sum(row.kinds == 1 for row in rows)
    waiting = sum(not _counts(evidence) for evidence in theory.evidence)
    return (
        f"Of {_many(len(rows), 'cause')}, {each}. By kinds of evidence: {several} with two "
        f"or more, {alone} with one, "
        f"{len(rows) - several - alone} with none."
        + (f" {_many(waiting, 'question')} to the data without an answer." if waiting else "")
    )


def latest(evidence):
    """The newest answer of a piece of evidence (Answer), None where its question has none."""
    return evidence.answers[-1] if evidence.answers else None


def changed(evidence):
    """The last answer that new data changed (``Change``: old, new, sentence), None where the data
    never said anything else.
    """
    for old, new in reversed(list(zip(evidence.answers, evidence.answers[1:]))):
        if old.fingerprint != new.fingerprint and not _same(old, new):
            was, now = (_said(answer, also=old.sentence == new.sentence) for answer in (old, new))
            return Change(
                old, new, f"Changed: was “{was}” on {_day(old)}; now “{now}” ({_day(new)})."
            )
    return None


def answered(evidence, answer, *, at=None):
    """A copy of a piece of data evidence with this answer as its newest (Evidence), or the piece
    itself where the data are the same.

    answer: anything with sentence, value, low, high, unit and fingerprint; at: when it was asked
    (now if None). From new data with the same result, the newest answer takes their fingerprint and
    time: it was read again and still holds. Another result goes after it.
    """
    if evidence.type != "data":
        raise Refusal(
            f"The {name_of(evidence)} is of kind {evidence.type}; only evidence of kind data "
            "has answers."
        )
    last, new = latest(evidence), _answer(answer, at)
    if last and last.fingerprint == new.fingerprint:
        return evidence
    kept = evidence.answers[:-1] if last and _same(last, new) else evidence.answers
    return evidence.model_copy(update={"answers": (*kept[1 - MOST_ANSWERS :], new)})


def ask(theory, answer, *, at=None):
    """Asks every question of the theory's evidence again (``Asked``).

    answer: called with each question, as ``see_the_system.gaps.questions.answer``; where it raises a
    ``Refusal``, its sentence is kept and the other questions are asked all the same.
    """
    at = at or datetime.now(UTC)
    found, sentences, said = [], {}, {}
    for evidence in theory.evidence:
        if evidence.question is None:
            continue
        try:
            if evidence.question not in said:
                said[evidence.question] = answer(evidence.question)
            new = answered(evidence, said[evidence.question], at=at)
        except Refusal as problem:
            sentences[evidence.id] = str(problem)
            continue
        found += [new] if new is not evidence else []
    return Asked(found, sentences)


def shares(theory, answer):
    """What part of the gap each cause that names one is measured to make: words by cause id, and
    the sentences behind them (dict, dict).

    Asked of the charter's district and the problem's two groups, as ``answer`` answers "share of
    the gap within schools" (Kitagawa, Das Gupta). A share says where or when the gap is seen, never
    that the cause makes it. Where the data cannot answer there is no share.
    """
    shown, sentences = {}, {}
    problem, district = theory.problem, theory.charter.district
    for cause in theory.causes:
        if not (cause.part and district and problem.group and problem.comparison):
            continue
        about = {"district": district, "group": problem.group, "comparison": problem.comparison}
        try:
            found = answer(Question(measure=f"share of the gap {cause.part}", **about))
        except Refusal as refused:
            sentences[cause.id] = str(refused)
            continue
        sentences[cause.id] = found.sentence
        if found.value is not None and 0 <= found.value <= 100:
            shown[cause.id] = f"{found.value:.0f}% of the gap stands {cause.part}"
    return shown, sentences


_NOTHING = ({}, {})


def _counts(evidence):
    return evidence.type != "data" or bool(evidence.answers)


def _speaking(theory):
    """By id, how many pieces of each type speak for it and against it (dict of two dicts)."""
    speaking = {}
    for evidence in theory.evidence:
        if _counts(evidence):
            for id in dict.fromkeys(evidence.about):
                side = speaking.setdefault(id, ({}, {}))[0 if evidence.supports else 1]
                side[evidence.type] = side.get(evidence.type, 0) + 1
    return speaking


def _grade(supports, against):
    if "data" in supports:
        return "seen in data"
    if "data" in against or (len(against) > 1 and not supports):
        return "ruled out"
    return "heard" if supports else "hunch"


def _tally(things):
    count = {}
    for thing in things:
        count[thing] = count.get(thing, 0) + 1
    return count


def _kinds(side):
    return " and ".join(type for type in TYPES if type in side)


def _graded(count, grade):
    if grade == "hunch":
        return f"{count} {'is a hunch' if count == 1 else 'are hunches'}"
    return f"{count} {'is' if count == 1 else 'are'} {grade}"


def _many(count, name):
    return f"{count} {name}{'' if count == 1 else 's'}"


def _answer(answer, at):
    fields = {name: getattr(answer, name) for name in Answer.model_fields if name != "at"}
    return Answer(**fields, at=at or getattr(answer, "at", None) or datetime.now(UTC))


def _same(old, new):
    values = (old.value, new.value)
    close = (
        values[0] == values[1] if None in values else isclose(*values, rel_tol=1e-9, abs_tol=1e-9)
    )
    return close and old.sentence == new.sentence


def _said(answer, *, also):
    value = (
        f" ({answer.value:g} {answer.unit}".rstrip() + ")"
        if also and answer.value is not None
        else ""
    )
    return answer.sentence.rstrip(".") + value


def _day(answer):
    return f"{answer.at:%B} {answer.at.day}, {answer.at.year}"
