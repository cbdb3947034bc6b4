"""What was thought first: each person's own explanations, and the theory before any evidence.

A team opens its members' explanations together. They are causes on a bone of their own, each with
its author, its day and how sure its author was. A page shows a person's own alone until a note says
that they were opened: hidden until then, not secret, since all of them lie in the team's record.
"""

from see_the_system.messages import Refusal, counted, day_in_words
from see_the_system.theory.fields import Dropped
from see_the_system.theory.items import read_item
from see_the_system.theory.kinds import Category, Note
from see_the_system.theory.model import Theory, theory_of
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


def explanation_lines(found):
    """How many explanations are kept, or all of them once they were opened (list of text).

    found: as ``explanations`` gives it.
    """
    kept = found["explanations"]
    if not found["opened"]:
        people = len({one["by"] for one in kept})
        return [
            f"{counted(len(kept), 'explanation')} by {counted(people, 'person', 'people')}, "
            "kept until all are opened together."
        ]
    return ["Opened together:", *(one["said"] for one in kept)]


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


# --- the theory as it was thought first


def first_theory(record):
    """The theory as the team thought it before its first piece of evidence (Theory).

    Each cause stands where it was written, in the words that it had before it was moved to another
    bone, joined, split or set aside. Up to now where there is no evidence yet. In a record that was
    read from a file in one edit, the things that are older than the first evidence.
    """
    theory = record.theory()
    ids = {item.id for item in theory.items() if item.kind() == "evidence"}
    edits = record.history()[::-1]
    first = (
        next((edit for edit in edits if not ids.isdisjoint(_added(edit))), None) if ids else None
    )
    if first is not None:
        theory = record.theory(at=first.number - 1)
        if not theory.causes and _brought_causes(first):
            return _before_evidence(record.theory(at=first.number))
        edits = edits[: edits.index(first)]
    return _before_grouping(theory, _effective(edits))


def _added(edit):
    return {change["id"] for change in edit.changes if change["was"] is None}


def _brought_causes(edit):
    return any((change["now"] or {}).get("kind") == "cause" for change in edit.changes)


def _before_evidence(theory):
    """What is older than the first evidence in a theory read from a file (Theory).

    A file has no date for what was chosen as a place to act, so nothing is chosen.
    """
    first = min(item.at for item in theory.items() if item.kind() == "evidence" and item.at)
    older = [item for item in theory.items() if item.at is None or item.at < first]
    return Theory.trusted({item.id: _as_begun(item) for item in older})


def _as_begun(item):
    fresh = {"dropped": None} | ({"leverage": False} if item.kind() == "cause" else {})
    return item.model_copy(update=fresh)


def _effective(edits):
    """The edits that were not taken back, without the undoing and redoing (list)."""
    taken_back = set()
    found = []
    for edit in reversed(edits):
        if edit.type == "edit" and edit.number not in taken_back:
            found.append(edit)
        elif edit.type != "edit" and edit.number not in taken_back:
            taken_back.add(edit.reverses)
    return found[::-1]


def _before_grouping(theory, edits):
    """A theory in which no cause was moved, joined, split or set aside yet (Theory).

    Bones that were made to group causes are not there yet.
    """
    items = {item.id: item for item in theory.items()}
    causes = {item.id for item in items.values() if item.kind() == "cause"}
    grouped, split_off = _before_each_was_grouped(causes, edits)
    first = {item_id: items[item_id] for item_id in causes - split_off}
    first |= {item_id: cause for item_id, cause in grouped.items() if cause.parent in items}
    needed = {cause.parent for cause in first.values()}
    for item_id in needed & split_off:
        first[item_id] = items[item_id]
        needed |= {items[item_id].parent}
    for item_id in split_off | _made_for_grouping(theory, edits):
        items[item_id] = items[item_id].model_copy(update={"dropped": Dropped()})
    items |= first
    for item_id in needed | first.keys():
        items[item_id] = items[item_id].model_copy(update={"dropped": None})
    return Theory.trusted(items)


def _made_for_grouping(theory, edits):
    """The ids of the bones that are younger than every cause that stands on them (set)."""
    made = {item_id: edit.number for edit in edits for item_id in _added(edit)}
    return {
        bone.id
        for bone in theory.categories
        if (causes := theory.under(bone.id, "cause"))
        and all(made.get(bone.id, 0) > made.get(cause.id, 0) for cause in causes)
    }


def _before_each_was_grouped(causes, edits):
    """Causes as they stood before their first grouping, and those that a split made.

    A dict of Cause by id and a set of ids.
    """
    raw, grouped, split_off = {}, {}, set()
    for edit in edits:
        changes = [change for change in edit.changes if change["id"] in causes and change["now"]]
        made = {change["id"] for change in changes if change["was"] is None}
        gone = {change["id"] for change in changes if change["now"].get("dropped")}
        for change in changes:
            item_id, now = change["id"], change["now"]
            if item_id in made:
                raw[item_id] = now
                continue
            in_two = bool(made) and bool(change["was"].get("text")) and "text" in now
            if in_two:
                split_off |= made
            if in_two or "parent" in now or "dropped" in now or ("text" in now and gone):
                grouped.setdefault(item_id, read_item(raw[item_id]))
            raw[item_id] = raw[item_id] | now
    return grouped, split_off
