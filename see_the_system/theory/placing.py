"""Where a thing stands among others: moving, linking, bringing back."""

from see_the_system.messages import Refusal
from see_the_system.theory import state as states
from see_the_system.theory.model import ONES, OWNER, name_of


def last_order(state, item):
    """The order that places a new item behind its neighbours (float)."""
    owner = OWNER[type(item).kind()]
    return (
        max(
            (one.order for one in _beside(state, item, getattr(item, owner) if owner else None)),
            default=0.0,
        )
        + 1
    )


def _beside(state, item, home):
    """The neighbours of an item under ``home``, in order, without itself."""
    kind, owner = type(item).kind(), OWNER[type(item).kind()]
    found = [
        raw["id"]
        for raw in state.raw.values()
        if raw["kind"] == kind and raw["id"] != item.id and (not owner or raw[owner] == home)
    ]
    return sorted((state[id] for id in found), key=lambda one: (one.order, one.id))


def linked(state, id, field, other):
    """The ids of a field with one more (list of text)."""
    held = _several(state, id, field)
    return held if other in held else [*held, other]


def unlinked(state, id, field, other):
    """The ids of a field without one (list of text)."""
    return [one for one in _several(state, id, field) if one != other]


def _several(state, id, field):
    held = states.standing(state, id).model_dump(mode="json").get(field)
    if not isinstance(held, list):
        raise Refusal(
            f'The field "{field}" of {name_of(state[id])} does not hold several things; '
            "change it instead."
        )
    return held


def moved(state, id, under, before):
    """The changes that place a thing under another (None: where it is) and before a neighbour
    (None: last) (list).
    """
    item = states.standing(state, id)
    owner = OWNER[type(item).kind()]
    if under is not None and owner is None:
        raise Refusal(
            f"The {name_of(item)} stands under nothing, so it cannot be moved under "
            "something; give its place among its neighbours."
        )
    home = under if under is not None else getattr(item, owner) if owner else None
    beside = _beside(state, item, home)
    place = next((n for n, one in enumerate(beside) if one.id == before), len(beside))
    left, right = (
        beside[place - 1].order if place else None,
        beside[place].order if place < len(beside) else None,
    )
    order = (
        left + 1
        if right is None and left is not None
        else 0.0
        if right is None
        else right - 1
        if left is None
        else (left + right) / 2
    )
    fields = {"order": order} | ({owner: home} if under is not None else {})
    changes = states.change(state, id, fields)
    if (
        left is not None and right is not None and not left < order < right
    ):  # no room between them: number them anew
        rest = [*beside[:place], item, *beside[place:]]
        changes = states.change(state, id, fields | {"order": float(place)})
        for n, one in enumerate(rest):
            if one.id != id:
                changes += states.change(state, one.id, {"order": float(n)})
    return changes


def brought_back(state, id):
    """The changes that bring a dropped thing back (list); Refusal where it was not dropped, or what
    it stands under still is.
    """
    item = state.get(id)
    if item is None or id in ONES or item.dropped is None:
        raise Refusal(f'"{id}" was not dropped; there is nothing to bring back.')
    states.standing(
        state.with_changes(
            back := [
                {
                    "id": id,
                    "was": {"dropped": item.dropped.model_dump(mode="json")},
                    "now": {"dropped": None},
                }
            ]
        ),
        id,
    )
    return back
