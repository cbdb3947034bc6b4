"""What a team kept, revised, moved, added and dropped between two dates.

It makes "revise, refine and expand their initial theories" visible.
"""

from dataclasses import dataclass

from see_the_system.theory.fields import Item
from see_the_system.theory.items import KINDS, ONES, OWNER, drop_of

WHATS = ("kept", "revised", "moved", "added", "dropped")
# Fields that say where a thing came from and where it stands, and nothing that a team thinks.
_STAMPS = {"id", "author", "at", "order", "dropped"}


@dataclass(frozen=True)
class Revision:
    """One thing then and now.

    ``what`` is one of WHATS; ``then`` is None for what was added, ``now`` for what was dropped.
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
    """Everything of two states of one theory, in the order of the work (list of Revision).

    ``kinds`` keeps some kinds only. What stands under something dropped is dropped with it, for the
    same reason. The charter, problem and aim count as added when they were empty before.
    """
    before = _written(then, kinds)
    after = _written(now, kinds)
    dropped = {item.id: item for item in now.dropped}
    here = [_revision(before.get(item_id), item) for item_id, item in after.items()]
    gone = [_departure(item, dropped) for item_id, item in before.items() if item_id not in after]
    return here + gone


def describe_changes(revisions):
    """How much of a theory was kept, revised, moved, added and dropped, in a sentence (text)."""
    counts = {what: sum(revision.what == what for revision in revisions) for what in WHATS}
    if sum(counts.values()) == counts["kept"]:
        return "Nothing changed between the two dates."
    changed = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    silent = sum(revision.what == "dropped" and not revision.why for revision in revisions)
    sentences = f"Between the two dates: {changed}."
    if silent:
        sentences += f" Of those dropped, {silent} without a word on why."
    return sentences


def _written(theory, kinds):
    """What stands in a theory and is not empty (dict of id to Item), of some kinds only."""
    unknown = set(kinds or ()) - set(KINDS)
    if unknown:
        raise KeyError(f"unknown kinds {sorted(unknown)}")
    return {
        item.id: item
        for item in theory.living()
        if (kinds is None or item.kind() in kinds) and not _is_blank(item)
    }


def _is_blank(item):
    """Whether nobody has written this charter, problem or aim yet."""
    return item.kind() in ONES and not item.model_dump(exclude_defaults=True, exclude=_STAMPS)


def _revision(then, now):
    if then is None:
        return Revision("added", None, now)
    fields = tuple(
        field
        for field in type(now).model_fields
        if field not in _STAMPS and getattr(then, field) != getattr(now, field)
    )
    # A secondary driver stands under the primary drivers that it acts on.
    places = {OWNER[now.kind()], "acts_on"}
    moved = not places.isdisjoint(fields)
    what = "revised"
    if not fields:
        what = "kept"
    elif places.issuperset(fields):
        what = "moved"
    return Revision(what, then, now, fields, moved)


def _departure(item, dropped):
    drop = drop_of(dropped.get(item.id), dropped)
    if drop is None:
        return Revision("dropped", item, None)
    return Revision("dropped", item, None, why=drop.why, author=drop.author)
