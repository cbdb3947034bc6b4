"""What a team kept, revised, moved, added and dropped between two dates: "revise, refine and expand
their initial theories" made visible.
"""

from dataclasses import dataclass

from see_the_system.theory.kinds import Item
from see_the_system.theory.model import KINDS, ONES, OWNER, POINTERS

WHATS = ("kept", "revised", "moved", "added", "dropped")
_PLACE = {"id", "author", "at", "order", "dropped"}


@dataclass(frozen=True)
class Revision:
    """One thing then and now. ``what`` is one of WHATS; ``then`` is None for what was added,
    ``now`` for what was dropped.

    ``fields`` names what differs; ``moved`` is also True for a thing that was revised and stands
    under something else; ``why`` is the reason given for a drop ("" where nobody said), ``author``
    who dropped it.
    """

    what: str
    then: Item | None
    now: Item | None
    fields: tuple = ()
    moved: bool = False
    why: str = ""
    author: str = ""

    @property
    def item(self):
        """The thing as it stands, or as it last stood (Item)."""
        return self.now or self.then


def compare(then, now, *, kinds=None):
    """Everything of two states of one theory, in the order of the work (list of Revision);
    ``kinds`` keeps some kinds only.

    What stands under something dropped is dropped with it, for the same reason. The charter,
    problem and aim count as added when they were empty before.
    """
    before, after = _chosen(then, kinds), _chosen(now, kinds)
    dropped = {item.id: item for item in now.dropped}
    found = [_one(before.get(id), item) for id, item in after.items()]
    return found + [_gone(item, dropped) for id, item in before.items() if id not in after]


def describe_changes(revisions):
    """How much of a theory was kept, revised, moved, added and dropped, in a sentence (text)."""
    counts = {what: sum(revision.what == what for revision in revisions) for what in WHATS}
    if not revisions or sum(counts.values()) == counts["kept"]:
        return "Nothing changed between the two dates."
    said = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    silent = sum(revision.what == "dropped" and not revision.why for revision in revisions)
    return f"Between the two dates: {said}." + (
        f" Of those dropped, {silent} without a word on why." if silent else ""
    )


def reason(id, dropped):
    """Why a dropped thing is gone, its own reason or that of what it stood under (Dropped, or
    None).
    """
    seen = set()
    while id in dropped and id not in seen:
        seen.add(id)
        item = dropped[id]
        if item.dropped is not None:
            return item.dropped
        owner = OWNER[type(item).kind()]
        id = getattr(item, owner) if owner else None
    return None


def _chosen(theory, kinds):
    unknown = set(kinds or ()) - set(KINDS)
    if unknown:
        raise KeyError(f"unknown kinds {sorted(unknown)}")
    return {
        item.id: item
        for item in theory.living()
        if (kinds is None or type(item).kind() in kinds) and not _blank(item)
    }


def _blank(item):
    return type(item).kind() in ONES and not item.model_dump(exclude_defaults=True, exclude=_PLACE)


def _one(then, now):
    if then is None:
        return Revision("added", None, now)
    fields = tuple(
        name
        for name in type(now).model_fields
        if name not in _PLACE and getattr(then, name) != getattr(now, name)
    )
    place = {
        OWNER[type(now).kind()],
        *(name for name in POINTERS[type(now).kind()] if name == "acts_on"),
    }
    moved = bool(place.intersection(fields))
    what = "kept" if not fields else "moved" if place.issuperset(fields) else "revised"
    return Revision(what, then, now, fields, moved)


def _gone(item, dropped):
    why = reason(item.id, dropped)
    return Revision(
        "dropped", item, None, why=why.why if why else "", author=why.author if why else ""
    )
