"""What a team thought before any evidence, what stands on its causes, what it goes out to ask."""

from collections import Counter
from typing import NamedTuple

from see_the_system.english import counted
from see_the_system.theory.evidence import grades
from see_the_system.theory.items import text_of
from see_the_system.theory.model import Theory, theory_of
from see_the_system.theory.outline import in_one_line
from see_the_system.theory.questions_of_theory import walk

# What a team can put on a cause by hand; answers of the data come with their questions.
_EVIDENCE = {
    "interview": ("Heard in an interview", {"quotes": "quote", "interviews": "interview"}),
    "process": ("Seen in how a process runs", {"steps": "step"}),
    "document": ("Written in a document", {}),
    "research": ("Known from research", {}),
}


class Gathering(NamedTuple):
    """A cause that more is to be learned about: its id, its words, and who asks whom, by when.

    ``do`` is what the team has written as its plan, or asks for one; ``planned`` tells them apart.
    """

    id: str
    what: str
    do: str
    planned: bool


def first_theory(record):
    """The theory as it stood before its first piece of evidence (Theory).

    As it stands now where there is none. In a record that was read from a file in one edit, the
    things that are older than the first evidence.
    """
    theory = record.theory()
    pieces = [item for item in theory.items() if item.kind() == "evidence"]
    if not pieces:
        return theory
    ids = {piece.id for piece in pieces}
    edits = reversed(record.history())
    number = next(edit.number for edit in edits if not ids.isdisjoint(_added(edit))) - 1
    before = record.theory(at=number)
    if before.causes or len(record.history()) > 1:
        return before
    first = min(piece.at for piece in pieces if piece.at)
    older = [item for item in theory.items() if item.at is None or item.at < first]
    return Theory.trusted({item.id: item.model_copy(update={"dropped": None}) for item in older})


def evidence_to_gather(theory):
    """The causes with a plan of who asks whom, and those that rest on a hunch (list of Gathering).

    Those that the team chose come first. theory: a Theory or a Record. A plan is the newest note on
    the cause.
    """
    theory = theory_of(theory)
    grade_of = grades(theory)
    plans = {note.on: note.text for note in theory.notes if note.on and note.text}
    dots = Counter()
    for vote in theory.votes:
        dots[vote.on] += vote.dots
    causes = [item for _, item in walk(theory) if item.id in grade_of]
    found = [cause for cause in causes if cause.id in plans or grade_of[cause.id] == "hunch"]
    found.sort(key=lambda cause: (not cause.leverage, cause.id not in plans, -dots[cause.id]))
    return [_gathering(cause, plans.get(cause.id)) for cause in found]


def describe_evidence_to_gather(gatherings):
    """For how many causes a plan is written, and how many rest on a hunch without one (text).

    >>> describe_evidence_to_gather([])
    'No plan is written yet, and no cause rests on a hunch.'
    """
    planned = sum(gathering.planned for gathering in gatherings)
    open_yet = len(gatherings) - planned
    if not gatherings:
        return "No plan is written yet, and no cause rests on a hunch."
    plan = "No plan is written yet"
    if planned:
        plan = f"For {counted(planned, 'cause')} it is written who asks whom"
    if not open_yet:
        return f"{plan}."
    rest = "rests" if open_yet == 1 else "rest"
    return f"{plan}; {counted(open_yet, 'cause')} without a plan still {rest} on a hunch."


def evidence_shown(theory):
    """The evidence on each thing, as it is shown (dict of list of dict by id)."""
    found = {}
    for piece in theory.evidence:
        label = _EVIDENCE.get(piece.type, ("Asked of the data",))[0]
        text = piece.text or piece.source or (piece.answers and piece.answers[-1].sentence) or ""
        shown = {"id": piece.id, "label": label, "supports": piece.supports, "text": text}
        for item_id in piece.about:
            found.setdefault(item_id, []).append(shown)
    return found


def evidence_on_offer(theory):
    """The kinds of evidence that can be put on a cause by hand, with what the record has of each.

    A list of dict: ``type``, ``label``, and ``sources`` with their field, id and label.
    """
    found = []
    for kind, (label, fields) in _EVIDENCE.items():
        sources = [
            {"field": field, "id": item.id, "label": _source_label(theory, item)}
            for field, of_kind in fields.items()
            for item in theory.living()
            if item.kind() == of_kind
        ]
        found.append({"type": kind, "label": label, "sources": sources})
    return found


def _source_label(theory, item):
    text = in_one_line(text_of(item)) or "no words yet"
    if item.kind() == "quote":
        interview = theory.by_id.get(item.interview)
        return f"{interview.role or 'someone'}: “{text}”"
    if item.kind() == "interview":
        return f"All of the interview with a {item.role or 'person without a role'}"
    return text


def _gathering(cause, plan):
    do = plan or "Write who asks whom, and by when."
    return Gathering(cause.id, f"{cause.text}:", do, bool(plan))


def _added(edit):
    return {change["id"] for change in edit.changes if change["was"] is None}
