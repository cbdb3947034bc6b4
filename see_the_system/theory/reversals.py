"""What an undo or a redo takes back: the author's latest edit that nobody has gone on from.

Edits that others went on from are passed over, and stay: once what stands in their way is gone,
they can be taken back after all. Which edit it was, and what was passed over and why, is told.
"""

from typing import NamedTuple

from see_the_system.messages import Refusal, counted, listed
from see_the_system.theory.fields import in_words, name_of_field
from see_the_system.theory.items import POINTERS, name_of, owner_of, read_item
from see_the_system.theory.refusals import must_point_well
from see_the_system.theory.state import Edit

_TOLD = 3  # of the edits that were passed over, the newest are told one by one


class Passed(NamedTuple):
    """An edit that cannot be taken back, and why (text)."""

    edit: Edit
    why: str


class Reversal(NamedTuple):
    """What an undo or a redo did.

    ``edit``: the edit that an undo took back, or the undo that a redo took back; ``passed``: the
    author's later ones that it passed over (tuple of Passed), newest first; ``sentence`` says both.
    """

    edit: Edit
    passed: tuple
    sentence: str


def backwards(changes):
    """The changes that take some changes back (list)."""
    return [
        {"id": change["id"], "was": change["now"], "now": change["was"]}
        for change in reversed(changes)
    ]


def find(state, candidates):
    """The first of some edits that can be taken back in a state, and those passed over before it.

    Gives (Edit or None, list of (Edit, the id that stands in its way)).
    """
    passed = []
    for edit in candidates:
        blocking = in_the_way(state, backwards(edit.changes))
        if blocking is None:
            return edit, passed
        passed.append((edit, blocking))
    return None, passed


def reasons(passed, state, until, edits_of):
    """Edits that were passed over, as ``find`` gives them, each with its reason (list of Passed).

    until: the number of the edit that passed them over; edits_of: gives the edits of a thing.
    """
    found = []
    for edit, blocking in passed:
        later = [one for one in edits_of(blocking) if edit.number < one.number < until]
        found.append(Passed(edit, _went_on(edit, later, blocking, state)))
    return found


def told(edit, passed, state):
    """What an undo or a redo that was made on a state did, in words (Reversal)."""
    again = edit.type == "undo"
    done = "Made again" if again else "Taken back"
    sentences = [f"{done}: {_what(edit, state)}."]
    if passed:
        each = [f"{_what(one.edit, state)}, because {one.why}" for one in passed[:_TOLD]]
        more = len(passed) - len(each)
        if more:
            each.append(f"{counted(more, 'earlier edit')}")
        sentences.append(f"Passed over: {'; '.join(each)}.")
    return Reversal(edit, tuple(passed), " ".join(sentences))


def _went_on(edit, later, blocking, state):
    """Who went on from an edit, when and with what (text).

    later: the edits after it that changed the thing in the way, newest first.
    """
    who = "others have gone on from it"
    others = [one for one in later if one.author != edit.author] or later  # someone else's first
    if others:
        who = f"{others[0].author} went on from it on {in_words(others[0].at)}"
    what = f", with the {name_of(state[blocking])}" if blocking in state else ""
    return f"{who}{what}"


def refused(passed):
    """The refusal of an undo or a redo where every edit was passed over (Refusal)."""
    taken = "made again" if passed[0].edit.type == "undo" else "taken back"
    sentence = f"This cannot be {taken}, because {passed[0].why}. Change it by hand, so that their "
    sentence += "work stays."
    if len(passed) > 1:
        sentence += f" Nothing that you did before it can be {taken} either."
    return Refusal(sentence)


def _what(edit, state):
    """What an edit did, or what an undo took back, as a sentence names it (text)."""
    changes = backwards(edit.changes) if edit.type == "undo" else edit.changes
    first = changes[0]
    raw = first["now"] if first["was"] is None else first["was"]
    item = state.get(first["id"]) or (read_item(raw) if "kind" in raw else None)
    name = name_of(item) if item else first["id"]
    words = f"{_deed(first)} {name}{_fields(first)}"
    more = len(changes) - 1
    return f"{words}, and {counted(more, 'change')} more" if more else words


def _deed(change):
    was, now = change["was"], change["now"]
    if was is None:
        return "the new"
    if now is None:
        return "taking back the"
    if "dropped" in now:
        return "setting aside the" if now["dropped"] else "bringing back the"
    return "the change to the"


def _fields(change):
    """Which fields of a thing a change changed, in brackets (text); its text needs no word."""
    fields = change["now"] if change["was"] and change["now"] else {}
    if "dropped" in fields or list(fields) in ([], ["text"]):
        return ""
    return f" ({listed([name_of_field(name) for name in fields])})"


# --- what stands in the way ---


def in_the_way(state, back):
    """The id of what others did since an edit that stands in the way of taking it back.

    ``back`` holds the edit's changes backwards. None where nothing does.
    """
    after = state.with_changes([])
    for step in back:
        if not _is_as_left(after, step):
            return step["id"]
        after.apply([step])
    for step in back:
        blocking = _left_hanging(after, step) or _out_of_sight(state, after, step)
        if blocking is not None:
            return blocking
    unseen = all(_is_unseen(state, after, step["id"]) for step in back)
    return _dropped_at(state, owner_of(state[back[0]["id"]])) if unseen else None


def _is_as_left(state, step):
    """Whether what a step takes back still is as the edit left it."""
    item_id = step["id"]
    was = step["was"]
    raw = state.raw.get(item_id)
    if was is None or step["now"] is None:  # the thing as a whole was taken back, or was new
        return raw == was
    return raw is not None and all(
        state.value(item_id, field) == value for field, value in was.items()
    )


def _left_hanging(state, step):
    """The id of what names a thing that a step took back, or cannot be as the step left it."""
    item_id = step["id"]
    if step["now"] is None:
        return next((other for other in state.raw if _names(state.raw[other], item_id)), None)
    pointers = POINTERS[state.raw[item_id]["kind"]]
    try:
        must_point_well(state, item_id, pointers.keys() & step["now"].keys())
    except Refusal:
        return item_id
    return None


def _names(raw, item_id):
    for field in POINTERS[raw["kind"]]:
        value = raw.get(field)
        if value == item_id or (isinstance(value, list) and item_id in value):
            return True
    return False


def _out_of_sight(before, after, step):
    """The id of what was dropped since, where a step would change a field that nobody sees."""
    if step["was"] is None or step["now"] is None or "dropped" in step["was"]:
        return None
    item_id = step["id"]
    return _dropped_at(before, item_id) if _dropped_at(after, item_id) else None


def _is_unseen(before, after, item_id):
    """Whether a thing went with what it stands under, and does not come back by what is taken back.

    To take such an edit back would change nothing that anyone sees.
    """
    item = before.get(item_id)
    if item is None or _dropped_at(before, owner_of(item)) is None:
        return False
    return item_id not in after or _dropped_at(after, item_id) is not None


def _dropped_at(state, item_id):
    """The id of a thing, or else of the nearest thing above it, that was dropped; None for none."""
    item = state.get(item_id)
    while item is not None and item.dropped is None:
        item = state.get(owner_of(item))
    return item.id if item else None
