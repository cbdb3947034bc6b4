"""The state of a theory under edits: everything by id, in plain form, and what changes do to it.

An edit is a list of changes. A change is plain JSON: ``{"id", "was", "now"}``, where ``was`` is
None for something new, ``now`` is None for something taken back, and both name only the fields that
differ. So every state can be reached from its neighbours in both directions. ``compare`` says what
a team kept, revised, moved, added and dropped between two of them, which makes "revise, refine and
expand their initial theories" visible.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from see_the_system.messages import day_in_words
from see_the_system.theory.evidence import grades
from see_the_system.theory.fields import Item, name_of_field
from see_the_system.theory.items import KINDS, ONES, OWNER, drop_of, in_order, read_item
from see_the_system.theory.model import Theory, theory_of

DEFAULTS = {kind: cls.model_construct().model_dump(mode="json") for kind, cls in KINDS.items()}
# A change of one of these fields may move a thing among its neighbours.
_PLACING = {"order", *filter(None, OWNER.values())}


@dataclass(frozen=True)
class Edit:
    """One edit as it was kept: its number in the record (from 1), who, when, what it changed.

    ``type``: edit, undo or redo. ``reverses``: the number of the edit that an undo takes back, or
    of the undo that a redo takes back.
    """

    number: int
    author: str
    at: datetime
    type: str
    changes: tuple
    reverses: int | None = None


class State(Mapping):
    """Everything by id, what was dropped too, each Item made when it is asked for.

    ``raw`` holds the items in plain form, without what is as it is by default.
    """

    def __init__(self, raw=()):
        self.raw = dict(raw)
        self._made = {}
        self._last = {}  # the greatest order by kind and owner, where it was asked for

    def __getitem__(self, item_id):
        if item_id not in self._made:
            self._made[item_id] = read_item(self.raw[item_id])
        return self._made[item_id]

    def __iter__(self):
        return iter(self.raw)

    def __len__(self):
        return len(self.raw)

    @cached_property
    def theory(self):
        """The theory as it stands, once all changes are made (Theory)."""
        return Theory.trusted(dict(self))

    def value(self, item_id, field):
        """One field as it stands, plain (JSON's own types)."""
        raw = self.raw[item_id]
        return raw.get(field, DEFAULTS[raw["kind"]].get(field))

    def beside(self, item, owner):
        """The neighbours that a thing has or would have under ``owner``, in the team's order.

        A list of Item without the thing itself; ``owner`` is an id, None for what hangs nowhere.
        """
        kind = item.kind()
        field = OWNER[kind]
        found = [
            raw["id"]
            for raw in self.raw.values()
            if raw["kind"] == kind and raw["id"] != item.id and (not field or raw[field] == owner)
        ]
        return in_order(self[item_id] for item_id in found)

    def last_order(self, kind, owner):
        """The greatest order of the things of a kind under ``owner`` (float; 0.0 where none is)."""
        if (kind, owner) not in self._last:
            orders = [
                raw.get("order", 0.0) for raw in self.raw.values() if _place(raw) == (kind, owner)
            ]
            if not orders:
                return 0.0
            self._last[kind, owner] = max(orders)
        return self._last[kind, owner]

    def with_changes(self, changes):
        """The state after some changes (State); this one stays as it is."""
        after = State(self.raw)
        after._made = dict(self._made)
        after._last = dict(self._last)
        after.apply(changes)
        return after

    def apply(self, changes):
        """Makes the changes here, unchecked."""
        for change in changes:
            item_id = change["id"]
            now = change["now"]
            self._made.pop(item_id, None)
            if now is None:
                self.raw.pop(item_id, None)
                self._last.clear()
            elif change["was"] is None:
                self.raw[item_id] = dict(now)
                place = _place(now)
                if place in self._last:
                    self._last[place] = max(self._last[place], now.get("order", 0.0))
            else:
                if now.keys() & _PLACING:
                    self._last.clear()
                self.raw[item_id] = _without_defaults(self.raw[item_id] | now)


def _place(raw):
    """The kind of a thing and what it stands under: those with the same are neighbours."""
    field = OWNER[raw["kind"]]
    return raw["kind"], raw.get(field) if field else None


def _without_defaults(raw):
    # A field given its default again must leave no trace, or taking an edit back would not lead
    # to the state before it.
    defaults = DEFAULTS[raw["kind"]]
    return {
        field: value
        for field, value in raw.items()
        if field in ("kind", "id") or value != defaults.get(field, ...)
    }


# "weighed": in the same words, with another grade of evidence, or chosen as a place to act or no
# longer. "joined": its words are kept with those of another that says the same.
WHATS = ("kept", "weighed", "revised", "moved", "added", "joined", "dropped")


# Fields that say where a thing came from and where it stands, and nothing that a team thinks.
_STAMPS = {"id", "author", "at", "order", "dropped"}
_WEIGHING = {"leverage", "actionable", "confidence"}
JOINED = "joined with: "  # how the reason of a drop begins where a thing was joined with another
_MARKS_OF_A_TEAM = {
    "leverage": ("now a place to act", "no longer a place to act"),
    "actionable": ("now something we can act on", "no longer something we can act on"),
}
_VALUES = {True: "yes", False: "no", None: "not said", "": "not said"}


@dataclass(frozen=True)
class Revision:
    """One thing then and now.

    ``what`` is one of WHATS; ``then`` is None for what was added, ``now`` for what was dropped.
    ``fields`` names what differs; ``grades`` are those of its evidence then and now, where they
    differ; ``moved`` is also True for a thing that was revised and stands under something else;
    ``why`` is the reason given for a drop ("" where nobody said), ``author`` who dropped it.
    """

    what: str
    then: Item | None
    now: Item | None
    fields: tuple = ()
    moved: bool = False
    why: str = ""
    author: str = ""
    grades: tuple = ()

    @property
    def item(self):
        """The thing as it stands, or as it last stood (Item)."""
        return self.now or self.then


def compare(then, now, *, kinds=None):
    """Everything of two states of one theory, in the order of the work (list of Revision).

    ``kinds`` keeps some kinds only. What stands under something dropped is dropped with it, for the
    same reason. The charter, problem and aim count as added when they were empty before.
    """
    then = theory_of(then)
    now = theory_of(now)
    before = _written(then, kinds)
    after = _written(now, kinds)
    dropped = {item.id: item for item in now.dropped}
    graded = [grades(theory) for theory in (then, now)]
    here = [
        _revision(before.get(item_id), item, [of.get(item_id) for of in graded])
        for item_id, item in after.items()
    ]
    gone = [_departure(item, dropped) for item_id, item in before.items() if item_id not in after]
    return here + gone


def describe_changes(revisions):
    """How much of a theory was kept, and how much became something else, in a sentence (text)."""
    counts = {what: sum(revision.what == what for revision in revisions) for what in WHATS}
    if sum(counts.values()) == counts["kept"]:
        return "Nothing changed between the two dates."
    changed = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
    silent = sum(revision.what == "dropped" and not revision.why for revision in revisions)
    sentences = f"Between the two dates: {changed}."
    if silent:
        sentences += f" Of those dropped, {silent} without a word on why."
    return sentences


def change_words(name, revision):
    """How a field changed, in words (text): with both values where they are short."""
    values = [getattr(revision.then, name), getattr(revision.now, name)]
    if name in _MARKS_OF_A_TEAM:
        return _MARKS_OF_A_TEAM[name][not values[1]]
    field = name_of_field(name)
    if any(isinstance(value, tuple) or len(str(value)) > 40 for value in values):
        return f"revised: {field}"
    before, after = (_value_words(value) for value in values)
    return f"{field}: {before}, now {after}"


def _value_words(value):
    return day_in_words(value) if isinstance(value, date) else _VALUES.get(value, value)


def drop_words(revision, gone):
    """Who dropped a thing and why, in words (text).

    ``gone``: why and by whom each thing was dropped, by its id.
    """
    why, author = revision.why, revision.author
    if revision.what == "joined":
        by = f" by {author}" if author else ""
        return f"joined{by} with: {why.removeprefix(JOINED)}"
    if gone.get(getattr(revision.then, "parent", None)) == (why, author):
        return "dropped with what it stood under"
    dropped = f"dropped by {author}" if author else "dropped"
    return f"{dropped}: {why}" if why else f"{dropped}; nobody wrote down why"


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


def _revision(then, now, graded):
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
    regraded = tuple(graded) if graded[0] != graded[1] else ()
    what = "revised"
    if not fields:
        what = "weighed" if regraded else "kept"
    elif _WEIGHING.issuperset(fields):
        what = "weighed"
    elif moved and (places | _WEIGHING).issuperset(fields):
        what = "moved"
    return Revision(what, then, now, fields, moved, grades=regraded)


def _departure(item, dropped):
    drop = drop_of(dropped.get(item.id), dropped)
    if drop is None:
        return Revision("dropped", item, None)
    what = "joined" if drop.why.startswith(JOINED) and dropped[item.id].dropped else "dropped"
    return Revision(what, item, None, why=drop.why, author=drop.author)
