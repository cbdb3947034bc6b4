"""What an edit changes: read from the newest state, or refused in a sentence where it cannot be.

Each function takes ``Now``, and gives the changes of :mod:`see_the_system.theory.state` as a list,
empty where nothing would differ; none makes them.
"""

from datetime import date, datetime
from typing import NamedTuple

from pydantic import ValidationError

from see_the_system.messages import Refusal
from see_the_system.theory.fields import Dropped, Item
from see_the_system.theory.items import (
    ONES,
    OWNER,
    POINTERS,
    drop_of,
    name_of,
    name_of_kind,
    owner_of,
    plain,
)
from see_the_system.theory.model import Theory
from see_the_system.theory.refusals import must_be_fields, must_point_well, standing, valid
from see_the_system.theory.state import DEFAULTS, JOINED, State


class Now(NamedTuple):
    """What an edit is made on: the newest state, by whom, when."""

    state: State
    author: str
    at: datetime


def add(now, item):
    """A new thing, behind its neighbours unless it was given an order.

    Refusal where its id is taken, or it names what is not there or was dropped.
    """
    state = now.state
    stamp = {"author": now.author, "at": now.at, "dropped": None}
    if "order" not in item.model_fields_set:
        stamp["order"] = 1 + state.last_order(item.kind(), owner_of(item))
    return _begin(state, item.model_copy(update=stamp))


def change(now, item_id, fields):
    """New values for fields of one thing; the charter, problem and aim begin with their first."""
    state = now.state
    if item_id in ONES and item_id not in state:
        return _begin(state, valid({"id": item_id} | fields | {"kind": item_id}))
    item = standing(state, item_id)
    kind = item.kind()
    must_be_fields(kind, fields)
    given = {field: _json(value) for field, value in fields.items()}
    whole = DEFAULTS[kind] | plain(valid(plain(item) | given))
    wanted = {field: whole[field] for field in fields}
    for field in POINTERS[kind]:
        if isinstance(wanted.get(field), list):
            wanted[field] = wanted[field] + _dropped_links(state, item_id, field, wanted[field])
    changes = _revise(state, item_id, wanted)
    if changes:
        must_point_well(state.with_changes(changes), item_id, changes[0]["now"])
    return changes


def link(now, item_id, field, other):
    """An id more in a field that holds several."""
    held = _several(now.state, item_id, field)
    return change(now, item_id, {field: held if other in held else [*held, other]})


def unlink(now, item_id, field, other):
    """An id less in a field that holds several."""
    held = _several(now.state, item_id, field)
    return change(now, item_id, {field: [item for item in held if item != other]})


def move(now, item_id, under, before):
    """A thing under another (None: where it is) and before a neighbour (None: last)."""
    item = standing(now.state, item_id)
    fields = {}
    owner = owner_of(item)
    if under is not None:
        if owner is None:
            raise Refusal(
                f"The {name_of(item)} stands under nothing, so it cannot be moved under "
                "something; give its place among its neighbours."
            )
        fields[OWNER[item.kind()]] = owner = under
    beside = now.state.beside(item, owner)
    ids = [neighbour.id for neighbour in beside]
    place = ids.index(before) if before in ids else len(ids)
    order = _order_at(place, [neighbour.order for neighbour in beside])
    if order is not None:
        return change(now, item_id, fields | {"order": order})
    # No room is left between two neighbours: number them all anew.
    changes = change(now, item_id, fields | {"order": float(place)})
    for number, neighbour in enumerate(beside):
        behind = number if number < place else number + 1
        changes += change(now, neighbour.id, {"order": float(behind)})
    return changes


def seen_otherwise(state, item_id, fields, expect):
    """The first field that is not as an author saw it: (field, now, wanted), None where all are.

    What the author wants to write there is no conflict: it stands already.
    """
    item = state.get(item_id)
    for field, seen in expect.items():
        if item is None:
            break
        default = DEFAULTS[item.kind()] | plain(item)
        as_seen = DEFAULTS[item.kind()] | plain(valid(plain(item) | {field: _json(seen)}))
        wanted = DEFAULTS[item.kind()] | plain(valid(plain(item) | as_asked(fields)))
        if default.get(field) not in (as_seen.get(field), wanted.get(field)):
            return field, default.get(field), fields.get(field)
    return None


def as_asked(argument):
    """An argument of an edit as JSON has it: the same request is the same text."""
    if isinstance(argument, Theory):
        return [plain(item) for item in argument.items()]
    if isinstance(argument, Item):
        given = argument.model_fields_set - {"author", "at"}
        return [argument.kind(), argument.model_dump(mode="json", include=given)]
    if isinstance(argument, dict):
        return {field: _json(value) for field, value in argument.items()}
    return _json(argument)


def drop(now, item_id, why):
    """One thing taken out; what stands under it goes with it, and comes back with it."""
    if item_id in ONES:
        raise Refusal(f"There is always one {item_id}; empty its fields to begin it anew.")
    standing(now.state, item_id)
    return _leave_out(now, item_id, why)


def bring_back(now, item_id):
    """A dropped thing brought back.

    Refusal where it was not dropped, or what it stands under still is.
    """
    state = now.state
    item = state.get(item_id)
    if item is None or item_id in ONES or item.dropped is None:
        raise Refusal(f'"{item_id}" was not dropped; there is nothing to bring back.')
    changes = _revise(state, item_id, {"dropped": None})
    standing(state.with_changes(changes), item_id)
    return changes


def split(now, item_id, texts, made):
    """One thing made two: it keeps the first text, and a new one behind it has the second."""
    item = standing(now.state, item_id)
    if len(texts) != 2 or not all(str(text).strip() for text in texts):
        raise Refusal(f"To split the {name_of(item)}, write both texts.")
    changes = change(now, item_id, {"text": texts[0]})
    other = valid(plain(item) | {"id": made, "text": texts[1]})
    orders = [neighbour.order for neighbour in now.state.beside(item, owner_of(item))]
    behind = min((order for order in orders if order > item.order), default=item.order + 2)
    stamp = {"author": now.author, "at": now.at, "order": (item.order + behind) / 2}
    return changes + _begin(now.state.with_changes(changes), other.model_copy(update=stamp))


def join(now, item_id, other_id):
    """One thing of two of a kind: all that named the other names the one, whose words stand.

    The other is kept among what was dropped, with all that it says. A mark that either had (a place
    to act) stays.
    """
    item = standing(now.state, item_id)
    other = standing(now.state, other_id)
    if item.kind() != other.kind() or item_id == other_id or item_id in ONES:
        raise Refusal(
            f"The {name_of(item)} and the {name_of(other)} cannot be made one; choose two "
            "different things of one kind."
        )
    unmarked = DEFAULTS[item.kind()]
    marks = {name: True for name, value in other if value is True and unmarked[name] is False}
    fields = {"text": item.text or other.text} | marks
    if _stands_under(now.state, item, other_id):  # it takes the place of what it stood under
        fields[OWNER[item.kind()]] = owner_of(other)
    changes = change(now, item_id, fields)
    for named_by, fields in _renamed(now.state, item_id, other_id).items():
        after = now._replace(state=now.state.with_changes(changes))
        changes += change(after, named_by, fields)
    after = now._replace(state=now.state.with_changes(changes))
    return changes + _leave_out(after, other_id, f"{JOINED}{item.text}"[:2000], item_id)


def _stands_under(state, item, other_id):
    above = owner_of(item)
    while above not in (None, other_id):
        above = owner_of(state[above])
    return above is not None


def _renamed(state, item_id, other_id):
    """What each thing that names the other holds once it names the one (dict of fields by id)."""
    found = {}
    for raw in state.raw.values():
        if raw["id"] in (item_id, other_id) or drop_of(state[raw["id"]], state):
            continue
        fields = {}
        for field in POINTERS[raw["kind"]]:
            value = raw.get(field)
            if value == other_id:
                fields[field] = item_id
            elif isinstance(value, list) and other_id in value:
                names = [item_id if name == other_id else name for name in value]
                fields[field] = list(dict.fromkeys(names))
        if fields:
            found[raw["id"]] = fields
    return found


def vote(now, item_id, dots):
    """More of an author's dots on a thing, or fewer (dots below 0); the last one takes the vote."""
    standing(now.state, item_id)
    for raw in now.state.raw.values():
        own = raw["kind"] == "vote" and raw["on"] == item_id and raw["voter"] == now.author
        if own and not raw.get("dropped"):
            left = now.state.value(raw["id"], "dots") + dots
            if left < 1:
                return drop(now, raw["id"], "")
            return change(now, raw["id"], {"dots": left})
    begun = {"kind": "vote", "on": item_id, "voter": now.author, "dots": dots}
    return add(now, valid(begun))


def merge(now, theory):
    """What a theory has and the state has not: new things, and words for fields empty here."""
    state = now.state
    changes = []
    for item in theory.items():
        new = plain(item)
        if item.id not in state:
            beside = state.beside(item, owner_of(item))
            if beside:  # behind those that are here, in their own order
                new["order"] = item.order + 1 + max(neighbour.order for neighbour in beside)
            changes.append({"id": item.id, "was": None, "now": new})
            continue
        _must_be_of_kind(state, item.id, new["kind"])
        default = DEFAULTS[new["kind"]]
        fields = [field for field in new if field not in ("id", "kind", "order")]
        empty = [field for field in fields if state.value(item.id, field) == default.get(field)]
        changes += _revise(state, item.id, {field: new[field] for field in empty})
    Theory.of(state.with_changes(changes).values())
    return changes


def _must_be_of_kind(state, item_id, kind):
    if kind != state.raw[item_id]["kind"]:
        raise Refusal(
            f'"{item_id}" is {name_of(state[item_id])} here, and a '
            f"{name_of_kind(kind)} in the file; give it a new id there."
        )


def replace_with(now, theory, why):
    """All that makes the state the given theory: what is new, what differs, what is not in it."""
    state = now.state
    wanted = {item.id: plain(item) for item in theory.items()}
    changes = []
    for item_id, new in wanted.items():
        if item_id not in state:
            changes.append({"id": item_id, "was": None, "now": new})
            continue
        held = state.raw[item_id]
        _must_be_of_kind(state, item_id, new["kind"])
        whole = DEFAULTS[new["kind"]] | new
        fields = sorted({*new, *held} - {"id", "kind"})
        changes += _revise(state, item_id, {field: whole[field] for field in fields})
    for item_id, item in state.items():
        if item_id not in wanted and item_id not in ONES and item.dropped is None:
            changes += _leave_out(now, item_id, why)
    Theory.of(state.with_changes(changes).values())
    return changes


def _begin(state, item):
    """The change that adds an item as it is (list)."""
    if item.id in state:
        raise Refusal(
            f'The id "{item.id}" already stands for {name_of(state[item.id])}; leave the id '
            "out, and a new one is made."
        )
    changes = [{"id": item.id, "was": None, "now": plain(item)}]
    must_point_well(state.with_changes(changes), item.id, POINTERS[item.kind()])
    return changes


def _revise(state, item_id, wanted):
    """The change that gives fields of one thing these plain values (list; empty where it has)."""
    now = {field: value for field, value in wanted.items() if value != state.value(item_id, field)}
    was = {field: state.value(item_id, field) for field in now}
    return [{"id": item_id, "was": was, "now": now}] if now else []


def _leave_out(now, item_id, why, into=""):
    try:
        dropped = Dropped(why=why, author=now.author, at=now.at, into=into)
    except ValidationError:
        raise Refusal(
            "The reason is no text of at most 2,000 letters; shorten it, and do it again."
        ) from None
    fields = dropped.model_dump(mode="json", exclude=None if into else {"into"})
    return _revise(now.state, item_id, {"dropped": fields})


def _dropped_links(state, item_id, field, named):
    """The ids in a field that were dropped and are not named again (list of text).

    An editor sends what it shows, and it does not show what was dropped; that comes back with its
    links when the drop is undone.
    """
    held = state.value(item_id, field) or []
    return [other for other in held if other not in named and drop_of(state.get(other), state)]


def _several(state, item_id, field):
    item = standing(state, item_id)
    held = state.value(item_id, field)
    if not isinstance(held, list):
        raise Refusal(
            f'The field "{field}" of {name_of(item)} does not hold several things; '
            "change it instead."
        )
    return held


def _order_at(place, orders):
    """The order that stands at a place among others; None where there is no room between two."""
    if not orders:
        return 0.0
    if place == 0:
        return orders[0] - 1
    left = orders[place - 1]
    if place == len(orders):
        return left + 1
    right = orders[place]
    middle = (left + right) / 2
    return middle if left < middle < right else None


def _json(value):
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, date):
        return value.isoformat()
    return [_json(part) for part in value] if isinstance(value, list | tuple) else value
