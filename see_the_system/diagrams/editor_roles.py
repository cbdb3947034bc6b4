"""What the things of a diagram are to an editor, and what may stand under what.

Said here once for each diagram; an editor itself knows nothing of diagrams.
"""

from functools import cache
from typing import NamedTuple

from see_the_system.theory.items import KINDS, POINTERS, ids_in
from see_the_system.theory.model import Theory


class Role(NamedTuple):
    """What a thing of one kind is in a diagram.

    ``word``: what people call it. ``under``: the roles that it may stand under or be linked to,
    with the ``field`` that says so ("" where there is one such thing, which nothing names).
    ``begins``: the fields that a new one begins with, in pairs. ``can``: what may be done with it.
    ``switch``: a field that is on or off, what to say for switching it on, and off, and how many
    may be on before a word is said (0: any number).
    """

    word: str
    kind: str
    under: tuple = ()
    field: str = ""
    begins: tuple = ()
    can: tuple = ("write",)
    switch: tuple = ()


_TREE = ("write", "drop", "order", "fold")
_IDEA = ("write", "drop", "vote", "split")
_PROBLEM = Role("problem", "problem")
_CAUSE = Role(
    "cause",
    "cause",
    ("category", "cause"),
    "parent",
    can=(*_TREE, "vote", "evidence", "plan", "split"),
    switch=("leverage", "Choose as a place to act", "No longer a place to act", 3),
)
_WHY = Role(
    "answer to why",
    "why",
    ("problem", "cause", "answer to why"),
    "parent",
    can=(*_TREE, "evidence", "plan", "split"),
    switch=("actionable", "We can act here", "We cannot act here", 0),
)
_STEP = Role(
    "step",
    "step",
    ("lane",),
    "lane",
    can=("write", "drop", "order"),
    switch=("known", "We have seen this step", "This step is assumed", 0),
)
_DRIVER = ("write", "drop", "split", "fold")
ROLES = {
    "fishbone": (
        _PROBLEM,
        Role("category", "category", ("problem",), can=_TREE),
        _CAUSE,
    ),
    "five_whys": (_PROBLEM, Role("cause", "cause"), _WHY),
    "drivers": (
        Role("aim", "aim"),
        Role("primary driver", "driver", ("aim",), begins=(("level", "primary"),), can=_DRIVER),
        Role(
            "secondary driver",
            "driver",
            ("primary driver",),
            "acts_on",
            (("level", "secondary"),),
            _DRIVER,
        ),
        Role("change idea", "change_idea", ("secondary driver",), "drivers", can=_IDEA),
        Role("measure", "measure", can=("write", "drop")),
    ),
    "process_map": (
        Role("process map", "process_map"),
        Role("lane", "lane", ("process map",), "map", can=("write", "drop", "order")),
        _STEP,
    ),
}


def role_of(name, item):
    """The role of a thing in a diagram (Role): by its kind, and by what it begins with."""
    roles = [role for role in ROLES[name] if role.kind == item.kind()]
    return next(
        role for role in roles if all(getattr(item, field) == value for field, value in role.begins)
    )


@cache
def in_common(name):
    """What all things of a role may do, take and add, and what is asked of them (dict of dict)."""
    return {
        role.word: {"can": role.can, "takes": _takes(name, role), "adds": _adds(name, role)}
        | {"switch": role.switch}
        | begun(role.kind)
        for role in ROLES[name]
    }


def _takes(name, above):
    """What may be moved or linked to a thing of a role (list of dict)."""
    return [
        {"role": role.word, "field": role.field, "owner": POINTERS[role.kind][role.field].owner}
        for role in ROLES[name]
        if above.word in role.under and role.field
    ]


def _adds(name, above):
    """What may be added under a thing of a role (list of dict)."""
    found = []
    for role in ROLES[name]:
        if above.word in role.under:
            mark = POINTERS[role.kind].get(role.field)
            found.append(
                {
                    "word": role.word,
                    "field": role.field,
                    "many": bool(mark) and not mark.owner,
                    "fields": dict(role.begins),
                }
                | begun(role.kind)
            )
    return found


@cache
def begun(kind):
    """What is asked of a text of a kind (dict): how many letters it may have, its question."""
    field = KINDS[kind].model_fields["text"]
    most = next(limit.max_length for limit in field.metadata if hasattr(limit, "max_length"))
    question = {"question": field.title or "", "help": field.description or ""}
    return {"kind": kind, "most": most} | question


# --- folding


def without_folded(theory, name, folded):
    """The theory without what stands under folded things, and how many each of them hides."""
    if not folded:
        return theory, {}
    above = _above(theory, name)
    closed = set(folded)
    for item_id, parents in above.items():  # in order: what is above comes first
        if parents and closed.issuperset(parents):
            closed.add(item_id)
    gone = {item_id for item_id in closed if closed.issuperset(above.get(item_id) or {""})}
    shown = Theory.trusted({item.id: item for item in theory.living() if item.id not in gone})
    return shown, {item_id: _count_under(item_id, above, gone) for item_id in folded}


def _above(theory, name):
    """What each thing of a diagram stands under or is linked to (dict of ids by id), from above."""
    fields = {role.kind: role.field for role in ROLES[name] if role.field}
    found = {}
    ahead = [item for item in theory.living() if item.kind() in fields]
    parents = {item.id: ids_in(item, fields[item.kind()]) for item in ahead}
    while parents:
        ready = [item_id for item_id, ids in parents.items() if parents.keys().isdisjoint(ids)]
        found |= {item_id: parents.pop(item_id) for item_id in ready}
    return found


def _count_under(item_id, above, gone):
    under = {item_id}
    for other, parents in above.items():
        if other in gone and not under.isdisjoint(parents):
            under.add(other)
    return len(under) - 1
