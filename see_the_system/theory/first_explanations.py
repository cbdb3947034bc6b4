"""Each person's own explanations, written before any data, which the team opens together.

They are causes on a bone of their own, each with its author, its day and how sure its author was.
A page shows a person's own alone until a note says that they were opened: hidden until then, not
secret, since all of them lie in the team's record.
"""

from see_the_system.messages import Refusal, day_in_words
from see_the_system.theory.kinds import Category, Note
from see_the_system.theory.model import theory_of
from see_the_system.theory.refusals import valid

BONE = "category-first-explanations"
_PREFIX = "cause-first-"  # of their ids: they stay first explanations wherever they are moved to
_OPENED = "note-first-explanations-opened"
_MOST = 20  # explanations of one person


def explanations(theory):
    """What was written so far, and whether it was opened (dict of JSON's own types).

    ``explanations``: each with its ``id``, ``text``, ``confidence`` (0 to 100, or None), ``by``,
    ``day`` and ``said``, all of it in one line; in the order in which they were written.
    """
    theory = theory_of(theory)
    written = [cause for cause in theory.causes if cause.id.startswith(_PREFIX)]
    return {
        "opened": _OPENED in {note.id for note in theory.notes},
        "explanations": [_told(cause) for cause in written],
    }


def _told(cause):
    day = day_in_words(cause.at) if cause.at else ""
    sure = "" if cause.confidence is None else f", {cause.confidence} percent sure"
    return {
        "id": cause.id,
        "text": cause.text,
        "confidence": cause.confidence,
        "by": cause.author,
        "day": day,
        "said": f"{cause.text} ({cause.author}, {day}{sure})",
    }


def add_explanation(record, operation):
    """Keeps an explanation of one person; the bone for them is made with the first (text: "")."""
    text = str(operation.get("text") or "").strip()
    author = operation.get("by")
    if not text:
        raise Refusal("Write the explanation first: what in how we work makes this happen?")
    theory = record.theory()
    mine = [one for one in explanations(theory)["explanations"] if one["by"] == author]
    if len(mine) >= _MOST:
        raise Refusal(f"{_MOST} explanations are kept for each person; take one back first.")
    _see_to_the_bone(record, theory, author)
    cause = {"kind": "cause", "id": f"{_PREFIX}{operation['id']}", "parent": BONE, "text": text}
    confidence = {"confidence": operation.get("confidence")}
    record.add(valid(cause | confidence), author=author, key=operation.get("key"))
    return ""


def _see_to_the_bone(record, theory, author):
    if BONE in {category.id for category in theory.categories}:
        return
    if BONE in {item.id for item in theory.dropped}:
        record.bring_back(BONE, author=author)
        return
    bone = Category(
        id=BONE,
        text="First explanations",
        definition="What each of us thought before the data. Drag each to the bone it belongs to.",
    )
    try:
        record.add(bone, author=author)
    except Refusal:
        record.refresh()  # another page made it at the same moment
        if BONE not in record.theory().by_id:
            raise


def open_together(record, operation):
    """Says in the record that the explanations were opened (text: "")."""
    if _OPENED not in {note.id for note in record.theory().notes}:
        note = Note(id=_OPENED, on=BONE, text="The first explanations were opened together.")
        record.add(note, author=operation.get("by"), key=operation.get("key"))
    return ""
