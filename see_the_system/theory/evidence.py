"""What the evidence says of each cause: its grade, and the table of causes by kind of evidence.

A piece of data evidence counts once its question has an answer, an interview once something that
was said in it is written down; process steps, documents and research count as they are. The data
are asked again, and answers that changed with them are kept beside the old ones.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from math import isclose
from typing import NamedTuple, get_args

from see_the_system.messages import Refusal, are, counted, day_in_words
from see_the_system.theory.items import name_of
from see_the_system.theory.kinds import Answer, Evidence, Question
from see_the_system.theory.model import theory_of, walk

GRADES = ("hunch", "heard", "seen in data", "ruled out")
TYPES = get_args(Evidence.model_fields["type"].annotation)
MOST_ANSWERS = 50
_HEADINGS = {
    "data": "Data",
    "interview": "Interviews",
    "process": "Process",
    "document": "Documents",
    "research": "Research",
}


@dataclass(frozen=True)
class CauseEvidence:
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


class EvidenceBoard(NamedTuple):
    """Causes by kinds of evidence: ``rows`` of ``CauseEvidence``, and the ``sentence`` on them."""

    rows: list
    sentence: str

    def html(self):
        """The board as a table (HTML text)."""
        names = ("Cause", "Stands as", *(_HEADINGS[kind] for kind in TYPES))
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        body = "".join(map(_board_row, self.rows))
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"<p>{escape(self.sentence)}</p>{table if self.rows else ''}"


class Change(NamedTuple):
    """An answer that the data no longer give, the one they give now, a sentence with both."""

    old: Answer
    new: Answer
    sentence: str


class Asked(NamedTuple):
    """What came of asking the data again.

    ``evidence``: the pieces that have a new answer, to be written to the record; ``sentences``: by
    id, why a question has none.
    """

    evidence: list
    sentences: dict


def grades(theory):
    """The grade of every cause and every answer to why, by id (dict of one of ``GRADES``).

    - hunch: nothing speaks for it, and no more than one kind of evidence, not data, against it;
    - heard: an interview, a process step, a document or research speaks for it, and no answered
      data for or against;
    - seen in data: answered data speak for it, whatever speaks against;
    - ruled out: answered data speak against it and none for it; or two kinds of evidence or more
      speak against it and nothing for it.
    """
    theory = theory_of(theory)
    supports, against = speaking(theory)
    return {
        item.id: _grade(supports.get(item.id, ()), against.get(item.id, ()))
        for item in (*theory.causes, *theory.whys)
    }


def grade_words(before, after):
    """How evidence changed what a thing stands as (text).

    >>> grade_words("hunch", "heard")
    'now supported by evidence: heard (a hunch before)'
    """
    if after == "ruled out":
        said = "now ruled out by evidence"
    elif after == "hunch":
        said = "now a hunch again"
    else:
        said = f"now supported by evidence: {after}"
    return f"{said} ({'a hunch' if before == 'hunch' else before} before)"


def triangulation(theory):
    """The table of causes by kind of evidence (list of ``CauseEvidence``, as in the fishbone)."""
    theory = theory_of(theory)
    supports, against = speaking(theory)
    unasked = [piece for piece in theory.evidence if not _counts(piece)]
    waiting = Counter(item for piece in unasked for item in piece.about)
    rows = []
    path = []
    for depth, item in walk(theory):
        path = [*path[:depth], item.text]
        if depth == 0:
            continue
        pro = supports.get(item.id, Counter())
        contra = against.get(item.id, Counter())
        rows.append(
            CauseEvidence(
                item.id,
                " › ".join(path),
                _grade(pro, contra),
                {kind: pro[kind] for kind in TYPES},
                {kind: contra[kind] for kind in TYPES},
                len(pro.keys() | contra.keys()),
                waiting[item.id],
            )
        )
    return rows


def describe_triangulation(theory):
    """How many causes have each grade, and how many kinds of evidence, in sentences (text)."""
    theory = theory_of(theory)
    rows = triangulation(theory)
    if not rows:
        return "No cause is named yet."
    count = Counter(row.grade for row in rows)
    graded = ", ".join(_in_words(count[grade], grade) for grade in GRADES if grade in count)
    several = sum(row.kinds > 1 for row in rows)
    one = sum(row.kinds == 1 for row in rows)
    none = len(rows) - several - one
    sentences = (
        f"Of {counted(len(rows), 'cause')}, {graded}. By kinds of evidence: {several} with two or "
        f"more, {one} with one, {none} with none."
    )
    waiting = sum(not _counts(piece) for piece in theory.evidence)
    if waiting:
        sentences += f" {counted(waiting, 'question')} to the data without an answer."
    return sentences


def evidence_board(theory):
    """What speaks for and against each cause, by the kind of evidence (EvidenceBoard)."""
    return EvidenceBoard(triangulation(theory), describe_triangulation(theory))


def _board_row(row):
    cells = [_board_cell(row.supports[kind], row.against[kind]) for kind in TYPES]
    cause = f'<th scope="row" style="text-align:left">{escape(row.path.split(" › ")[-1])}</th>'
    return f"<tr>{cause}<td>{row.grade}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _board_cell(supports, against):
    sides = [f"{supports} for" if supports else "", f"{against} against" if against else ""]
    return ", ".join(filter(None, sides))


def latest(evidence):
    """The newest answer of a piece of evidence (Answer), None where its question has none."""
    return evidence.answers[-1] if evidence.answers else None


def changed(evidence):
    """The last answer that new data changed (``Change``), None where they never said otherwise."""
    for old, new in reversed(list(pairwise(evidence.answers))):
        if old.fingerprint != new.fingerprint and not _same(old, new):
            # Where the words stayed, only the number shows what changed.
            with_number = old.sentence == new.sentence
            was = _quoted(old, with_number)
            now = _quoted(new, with_number)
            sentence = f"Changed: was “{was}” on {_day(old)}; now “{now}” ({_day(new)})."
            return Change(old, new, sentence)
    return None


def answered(evidence, answer, *, at=None):
    """A copy of a piece of data evidence with this answer as its newest (Evidence).

    The piece itself where the data are the same. answer: anything with sentence, value, low, high,
    unit and fingerprint; at: when it was asked (now if None). From new data with the same result,
    the newest answer takes their fingerprint and time: it was read again and still holds. Another
    result goes after it.
    """
    if evidence.type != "data":
        raise Refusal(
            f"The {name_of(evidence)} is of kind {evidence.type}; only evidence of kind data has "
            "answers."
        )
    last = latest(evidence)
    new = _answer(answer, at)
    if last and last.fingerprint == new.fingerprint:
        return evidence
    kept = evidence.answers
    if last and _same(last, new):
        kept = kept[:-1]
    return evidence.model_copy(update={"answers": (*kept[1 - MOST_ANSWERS :], new)})


def ask(theory, answer, *, at=None):
    """Asks every question of the theory's evidence again (``Asked``).

    answer: called with each question, as ``see_the_system.gaps.questions.answer``; where it raises
    a ``Refusal``, its sentence is kept and the other questions are asked all the same.
    """
    theory = theory_of(theory)
    at = at or datetime.now(UTC)
    found = []
    sentences = {}
    known = {}  # the same question is asked once
    for piece in theory.evidence:
        question = piece.question
        if question is None:
            continue
        try:
            if question not in known:
                known[question] = answer(question)
            new = answered(piece, known[question], at=at)
        except Refusal as refused:
            sentences[piece.id] = str(refused)
            continue
        if new is not piece:
            found.append(new)
    return Asked(found, sentences)


def shares(theory, answer):
    """What part of the gap each cause that names one is measured to make (two dicts by cause id).

    The words of each share, and the sentence behind each. Asked of the charter's district and the
    problem's two groups, as ``answer`` answers "share of the gap within schools" (Kitagawa, Das
    Gupta). A share says where or when the gap is seen, never that the cause makes it. Where the
    data cannot answer there is no share.
    """
    shown = {}
    sentences = {}
    theory = theory_of(theory)
    problem = theory.problem
    district = theory.charter.district
    if not (district and problem.group and problem.comparison):
        return shown, sentences
    about = {"district": district, "group": problem.group, "comparison": problem.comparison}
    for cause in theory.causes:
        if not cause.part:
            continue
        try:
            found = answer(Question(measure=f"share of the gap {cause.part}", **about))
        except Refusal as refused:
            sentences[cause.id] = str(refused)
            continue
        sentences[cause.id] = found.sentence
        if found.value is not None and 0 <= found.value <= 100:
            shown[cause.id] = f"{found.value:.0f}% of the gap stands {cause.part}"
    return shown, sentences


def _counts(evidence):
    return evidence.type != "data" or bool(evidence.answers)


def speaking(theory):
    """How many pieces of each type speak for and against a thing (two dicts of Counter by id)."""
    supports = {}
    against = {}
    for piece in filter(_counts, theory.evidence):
        if _is_an_empty_interview(theory, piece):
            continue
        side = supports if piece.supports else against
        for item in set(piece.about):
            side.setdefault(item, Counter())[piece.type] += 1
    return supports, against


def _is_an_empty_interview(theory, piece):
    """Whether a piece names interviews alone, and nobody wrote down yet what was said in them."""
    if piece.type != "interview" or piece.text or not piece.interviews:
        return False
    held = [theory.by_id[item_id] for item_id in piece.interviews]
    said = [theory.by_id[item_id] for item_id in piece.quotes]
    for interview in held:
        said += theory.under(interview.id, "quote")
    return not any(interview.notes for interview in held) and not any(quote.text for quote in said)


def _grade(supports, against):
    if "data" in supports:
        return "seen in data"
    if "data" in against or (len(against) > 1 and not supports):
        return "ruled out"
    return "heard" if supports else "hunch"


def _in_words(count, grade):
    if grade != "hunch":
        return f"{count} {are(count)} {grade}"
    return "1 is a hunch" if count == 1 else f"{count} are hunches"


def _answer(answer, at):
    fields = {name: getattr(answer, name) for name in Answer.model_fields if name != "at"}
    return Answer(**fields, at=at or getattr(answer, "at", None) or datetime.now(UTC))


def _same(old, new):
    if old.value is None or new.value is None:
        close = old.value == new.value
    else:  # the same data summed in another order differ in the last digits
        close = isclose(old.value, new.value, rel_tol=1e-9, abs_tol=1e-9)
    return close and old.sentence == new.sentence


def _quoted(answer, with_number):
    sentence = answer.sentence.rstrip(".")
    if not with_number or answer.value is None:
        return sentence
    number = f"{answer.value:g} {answer.unit}".rstrip()
    return f"{sentence} ({number})"


def _day(answer):
    return day_in_words(answer.at)
