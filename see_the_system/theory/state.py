"""The state of a theory under edits: everything by id, in plain form, and what changes do to it.

An edit is a list of changes. A change is plain JSON: ``{"id", "was", "now"}``, where ``was`` is
None for something new, ``now`` is None for something taken back, and both name only the fields that
differ. So every state can be reached from its neighbours in both directions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from see_the_system.theory.items import KINDS, OWNER, in_order, read_item
from see_the_system.theory.model import Theory

DEFAULTS = {kind: cls.model_construct().model_dump(mode="json") for kind, cls in KINDS.items()}


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

    def with_changes(self, changes):
        """The state after some changes (State); this one stays as it is."""
        after = State(self.raw)
        after._made = dict(self._made)
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
            elif change["was"] is None:
                self.raw[item_id] = dict(now)
            else:
                self.raw[item_id] = _without_defaults(self.raw[item_id] | now)


def backwards(changes):
    """The changes that take some changes back (list)."""
    return [
        {"id": change["id"], "was": change["now"], "now": change["was"]}
        for change in reversed(changes)
    ]


def _without_defaults(raw):
    # A field given its default again must leave no trace, or taking an edit back would not lead
    # to the state before it.
    defaults = DEFAULTS[raw["kind"]]
    return {
        field: value
        for field, value in raw.items()
        if field in ("kind", "id") or value != defaults.get(field, ...)
    }
