"""The state of a theory under edits: what an edit may do, what it does, and what takes it back.

An edit is a list of changes. A change is plain JSON: ``{"id", "was", "now"}``, where ``was`` is
None for something new, ``now`` is None for something taken back, and both name only the fields that
differ. So every state can be reached from its neighbours in both directions.
"""

from pydantic import ValidationError

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.model import (
    KINDS,
    NAMES,
    ONES,
    OWNER,
    POINTERS,
    Theory,
    alive,
    circle_faults,
    name_of,
    plain,
    pointer_faults,
    read_item,
)
from see_the_system.theory.revision import reason

DEFAULTS = {kind: cls.model_construct().model_dump(mode="json") for kind, cls in KINDS.items()}
_OWN = {"id", "author", "at", "dropped", "kind"}


class State:
    """Everything by id, plain, with the items made when asked for. Behaves as a read-only mapping
    of id to Item.
    """

    def __init__(self, raw=None):
        self.raw = dict(raw or {})
        self._made = {}

    def __contains__(self, id):
        return id in self.raw

    def __getitem__(self, id):
        if id not in self._made:
            self._made[id] = read_item(self.raw[id])
        return self._made[id]

    def get(self, id):
        """The item of an id, or None (Item)."""
        return self[id] if id in self.raw else None

    def theory(self):
        """The theory as it stands (Theory)."""
        return Theory.trusted({id: self[id] for id in self.raw})

    def with_changes(self, changes):
        """The state after some changes (State); this one stays as it is."""
        after = State(self.raw)
        after._made = dict(self._made)
        after.apply(changes)
        return after

    def apply(self, changes):
        """Makes the changes here, unchecked."""
        for change in changes:
            id, now = change["id"], change["now"]
            self._made.pop(id, None)
            if now is None:
                self.raw.pop(id, None)
            elif change["was"] is None:
                self.raw[id] = dict(now)
            else:
                defaults = DEFAULTS[self.raw[id]["kind"]]
                held = self.raw[id] | now
                self.raw[id] = {
                    name: value
                    for name, value in held.items()
                    if name in ("kind", "id") or value != defaults.get(name, ...)
                }

    def value(self, id, name):
        """One field as it stands, plain (JSON's own types)."""
        raw = self.raw[id]
        return raw.get(name, DEFAULTS[raw["kind"]].get(name))


def backwards(changes):
    """The changes that take some changes back (list)."""
    return [
        {"id": change["id"], "was": change["now"], "now": change["was"]}
        for change in reversed(changes)
    ]


def add(state, item):
    """The changes that add an item (list); Refusal where its id is taken, or it names what is not
    there or was dropped.
    """
    if item.id in state:
        raise Refusal(
            f'The id "{item.id}" already stands for {name_of(state[item.id])}; leave the id '
            "out, and a new one is made."
        )
    _check(
        state.with_changes(changes := [{"id": item.id, "was": None, "now": plain(item)}]),
        item.id,
        set(POINTERS[type(item).kind()]),
    )
    return changes


def change(state, id, fields):
    """The changes that give fields of one thing new values (list, empty where nothing differs)."""
    if id in ONES and id not in state:
        return add(state, _valid(ONES[id], {"id": id} | fields))
    item = standing(state, id)
    kind = type(item).kind()
    for name in fields:
        if name not in KINDS[kind].model_fields or name in _OWN:
            allowed = [field for field in KINDS[kind].model_fields if field not in _OWN]
            near = nearest(name, allowed) or allowed
            raise Refusal(
                f'A {NAMES.get(kind, kind)} has no field "{name}" that can be changed; there '
                f"is {', '.join(near)}."
            )
    wanted = plain(
        _valid(KINDS[kind], plain(item) | {name: _json(value) for name, value in fields.items()})
    )
    now = {name: wanted.get(name, DEFAULTS[kind].get(name)) for name in fields}
    for name, mark in POINTERS[kind].items():
        if isinstance(
            now.get(name), list
        ):  # what was dropped comes back with its links when the drop is undone
            now[name] = now[name] + [
                one
                for one in state.value(id, name) or []
                if one not in now[name] and not alive(state.get(one), state)
            ]
    now = {name: value for name, value in now.items() if value != state.value(id, name)}
    if not now:
        return []
    changes = [{"id": id, "was": {name: state.value(id, name) for name in now}, "now": now}]
    _check(state.with_changes(changes), id, set(now))
    return changes


def drop(state, id, dropped):
    """The changes that take one thing out (list); what stands under it goes with it, and comes back
    with it.
    """
    if id in ONES:
        raise Refusal(f"There is always one {id}; empty its fields to begin it anew.")
    standing(state, id)
    return [
        {"id": id, "was": {"dropped": None}, "now": {"dropped": dropped.model_dump(mode="json")}}
    ]


def take_in(state, theory, dropped):
    """The changes that make this state the given theory (list): what is new, what differs, and what
    is not in it any more.
    """
    wanted = {item.id: plain(item) for item in theory.items()}
    changes = []
    for id, new in wanted.items():
        if id not in state:
            changes.append({"id": id, "was": None, "now": new})
            continue
        kind = state.raw[id]["kind"]
        if new["kind"] != kind:
            raise Refusal(
                f'"{id}" is {name_of(state[id])} here, and a '
                f"{NAMES.get(new['kind'], new['kind'])} in the file; give it a new id there."
            )
        now = {
            name: new.get(name, DEFAULTS[kind].get(name))
            for name in {*new, *state.raw[id]} - {"id", "kind"}
        }
        now = {name: value for name, value in sorted(now.items()) if value != state.value(id, name)}
        if now:
            changes.append(
                {"id": id, "was": {name: state.value(id, name) for name in now}, "now": now}
            )
    for id in [
        id for id in state.raw if id not in wanted and id not in ONES and state[id].dropped is None
    ]:
        changes.append(
            {
                "id": id,
                "was": {"dropped": None},
                "now": {"dropped": dropped.model_dump(mode="json")},
            }
        )
    Theory.of(list(map(state.with_changes(changes).__getitem__, state.with_changes(changes).raw)))
    return changes


def undo(state, changes):
    """The changes that take an edit back (list), and the id of what others did since that stands in
    the way, or None (text).
    """
    back = backwards(changes)
    after = state.with_changes([])
    for step in back:
        if not _as_left(after, step):
            return back, step["id"]
        after.apply([step])
    for step in back:
        if step["now"] is None:
            for id, raw in after.raw.items():
                if _names(raw, step["id"]):
                    return back, id
        else:
            try:
                _check(
                    after,
                    step["id"],
                    set(POINTERS[after.raw[step["id"]]["kind"]]) & set(step["now"]),
                )
            except Refusal:
                return back, step["id"]
    return back, None


def _as_left(state, step):
    """Whether what a step takes back still is as the edit left it."""
    id, was = step["id"], step["was"]
    if was is None:
        return id not in state
    if id not in state:
        return False
    if step["now"] is None:
        return state.raw[id] == was
    return all(state.value(id, name) == value for name, value in was.items())


def _names(raw, id):
    return any(
        id == value or (isinstance(value, list) and id in value)
        for name, value in raw.items()
        if name in POINTERS[raw["kind"]]
    )


def standing(state, id):
    """The item of an id that stands (Item); Refusal where it never was or was dropped, saying by
    whom and when.
    """
    item = state.get(id)
    if item is None:
        raise Refusal(
            f'There is nothing with the id "{id}" in this record; it may have been taken '
            "back by whoever added it. Look at the newest state."
        )
    if not alive(item, state):
        gone = reason(id, {one: state[one] for one in _line(state, item)})
        by = f" by {gone.author}" if gone and gone.author else ""
        when = f" on {on(gone.at)}" if gone and gone.at else ""
        raise Refusal(
            f"The {name_of(item)} was dropped{by}{when}, so it cannot be changed; bring it "
            "back first, or write it anew."
        )
    return item


def on(at):
    """A time as a sentence says it (text).

    >>> from datetime import UTC, datetime
    >>> on(datetime(2026, 3, 2, 16, 5, tzinfo=UTC))
    '2 March 2026 at 16:05 UTC'
    """
    return f"{at.day} {at:%B %Y at %H:%M} UTC"


def _line(state, item):
    """The ids from an item up to where it hangs."""
    ids = [item.id]
    while (
        (owner := OWNER[type(item).kind()])
        and (item := state.get(getattr(item, owner))) is not None
        and item.id not in ids
    ):
        ids.append(item.id)
    return ids


def _check(state, id, fields):
    item = state[id]
    for _, name, sentence in pointer_faults(item, state):
        if name in fields or name == "id":
            raise Refusal(sentence)
    for _, _, sentence in circle_faults(item, state):
        raise Refusal(sentence)
    owner = OWNER[type(item).kind()]
    if owner in fields and getattr(item, owner) in state:
        standing(state, getattr(item, owner))


def _json(value):
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return [_json(one) for one in value] if isinstance(value, (list, tuple)) else value


def _valid(cls, data):
    """An item of a class from plain fields; Refusal in one sentence where a field cannot be taken."""
    try:
        return cls.model_validate({name: value for name, value in data.items() if name != "kind"})
    except ValidationError as error:
        raise Refusal(field_fault(error, NAMES.get(cls.kind(), cls.kind()))) from None


def field_fault(error, what):
    """The first fault of a pydantic error as a sentence (text)."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"]) or "id"
    return (
        f'The field "{name}" of this {what} cannot be {str(first.get("input"))[:60]!r}: '
        f"{first['msg'][:1].lower() + first['msg'][1:]}."
    )
