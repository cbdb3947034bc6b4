"""A team's theory of improvement as a whole: everything in it by kind and in order, and what must
hold between its parts.
"""

from collections.abc import Iterable
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from pydantic import BaseModel, ConfigDict

from see_the_system.messages import Refusal
from see_the_system.theory import kinds
from see_the_system.theory.kinds import (
    Aim,
    Category,
    Cause,
    ChangeIdea,
    Charter,
    Code,
    Connection,
    Cycle,
    Driver,
    Evidence,
    Interview,
    Item,
    Lane,
    LearningQuestion,
    Measure,
    Member,
    Norm,
    Note,
    Points,
    Problem,
    ProcessMap,
    Quote,
    Step,
    Theme,
    Vote,
    Why,
)

# The fields of a theory in the order of the work, and what each holds.
ONES = {"charter": Charter, "problem": Problem, "aim": Aim}
MANY = {
    "members": Member,
    "norms": Norm,
    "categories": Category,
    "causes": Cause,
    "whys": Why,
    "evidence": Evidence,
    "interviews": Interview,
    "quotes": Quote,
    "codes": Code,
    "themes": Theme,
    "maps": ProcessMap,
    "lanes": Lane,
    "steps": Step,
    "connections": Connection,
    "drivers": Driver,
    "ideas": ChangeIdea,
    "measures": Measure,
    "cycles": Cycle,
    "questions": LearningQuestion,
    "votes": Vote,
    "notes": Note,
}
KINDS = {cls.kind(): cls for cls in (*ONES.values(), *MANY.values())}
FIELDS = {cls.kind(): name for name, cls in {**ONES, **MANY}.items()}
# What people call each kind, for sentences.
NAMES = {
    "process_map": "process map",
    "change_idea": "change idea",
    "learning_question": "learning question",
    "why": "answer to why",
    "measure": "measure",
    "evidence": "piece of evidence",
}


def _pointers(cls):
    return {
        name: mark
        for name, field in cls.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, Points)
    }


POINTERS = {kind: _pointers(cls) for kind, cls in KINDS.items()}
OWNER = {
    kind: next((name for name, mark in marks.items() if mark.owner), None)
    for kind, marks in POINTERS.items()
}
DEEPEST = 1_000
TREES = {"cause": "parent", "why": "parent", "driver": "acts_on", "cycle": "previous"}


class Theory(BaseModel):
    """The theory at one moment. Tuples are in the team's order; ``dropped`` keeps what was taken
    out and all that stood under it.

    No field of what is not dropped names something dropped. Made by :meth:`of`, which checks;
    read-only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    charter: Charter = Charter()
    members: tuple[Member, ...] = ()
    norms: tuple[Norm, ...] = ()
    problem: Problem = Problem()
    categories: tuple[Category, ...] = ()
    causes: tuple[Cause, ...] = ()
    whys: tuple[Why, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    interviews: tuple[Interview, ...] = ()
    quotes: tuple[Quote, ...] = ()
    codes: tuple[Code, ...] = ()
    themes: tuple[Theme, ...] = ()
    maps: tuple[ProcessMap, ...] = ()
    lanes: tuple[Lane, ...] = ()
    steps: tuple[Step, ...] = ()
    connections: tuple[Connection, ...] = ()
    aim: Aim = Aim()
    drivers: tuple[Driver, ...] = ()
    ideas: tuple[ChangeIdea, ...] = ()
    measures: tuple[Measure, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    questions: tuple[LearningQuestion, ...] = ()
    votes: tuple[Vote, ...] = ()
    notes: tuple[Note, ...] = ()
    dropped: tuple[Item, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Item]):
        """The theory that these items make, in any order (Theory). Raises a Refusal naming the
        first thing that cannot stand.
        """
        items = list(items)
        for _, _, reason in faults(items):
            raise Refusal(reason)
        return cls.trusted({item.id: item for item in items})

    @classmethod
    def trusted(cls, by_id):
        """As :meth:`of`, from a dictionary of items by id that has been checked before."""
        ordered = sorted(by_id.values(), key=lambda item: (item.order, item.id))
        gone = {item.id for item in ordered if not alive(item, by_id)}
        held = {name: [] for name in MANY}
        for item in ordered:
            if item.id not in gone:
                held.setdefault(FIELDS[type(item).kind()], []).append(
                    _without(item, gone) if gone else item
                )
        ones = {name: held.pop(name)[0] for name in ONES if held.get(name)}
        dropped = tuple(item for item in ordered if item.id in gone)
        return cls.model_construct(
            **(
                _EMPTY
                | ones
                | {name: tuple(found) for name, found in held.items()}
                | {"dropped": dropped}
            )
        )

    def items(self):
        """Everything, what was dropped too, in the order of the work (list of Item)."""
        return [*self.living(), *self.dropped]

    def living(self):
        """Everything that stands (list of Item)."""
        return [
            item
            for name in ORDER
            for item in ([getattr(self, name)] if name in ONES else getattr(self, name))
        ]

    @cached_property
    def by_id(self):
        """Everything that stands, by id (dict)."""
        return {item.id: item for item in self.living()}

    @cached_property
    def _under(self):
        under = {}
        for item in self.living():
            owner = OWNER[type(item).kind()]
            under.setdefault(
                (type(item).kind(), getattr(item, owner) if owner else None), []
            ).append(item)
        return under

    def under(self, id, kind):
        """The things of a kind that stand directly under another, in the team's order (list of
        Item), as ``under("problem", "why")``.
        """
        return self._under.get((kind, id), [])

    def where(self, item):
        """Where a thing stands, in words (text), as ``cause "Placed by recommendation"``."""
        return name_of(item)


ORDER = [name for name in Theory.model_fields if name != "dropped"]
_EMPTY = {name: field.default for name, field in Theory.model_fields.items()}


def text_of(item):
    """The words of a thing (text): its own text, or what stands for it."""
    for field in ("text", "name", "team", "role", "voter"):
        if getattr(item, field, ""):
            return getattr(item, field)
    return ""


def name_of(item, *, most=60):
    """How a sentence names a thing (text): its kind and its first words.

    >>> name_of(Cause(id="cause-1", parent="category-1", text="Placement rests on one teacher's word"))
    'cause "Placement rests on one teacher\\'s word"'
    """
    kind = type(item).kind()
    kind, said = NAMES.get(kind, kind), " ".join(text_of(item).split())
    return (
        f'{kind} "{said if len(said) <= most else said[: most - 1].rstrip() + "…"}"'
        if said
        else f"{kind} {item.id}"
    )


def alive(item, by_id):
    """Whether a thing stands: neither it nor anything it stands under was dropped (bool)."""
    seen = set()
    while item is not None and item.dropped is None and item.id not in seen:
        seen.add(item.id)
        owner = OWNER[type(item).kind()]
        if owner is None:
            return True
        above = getattr(item, owner)
        if (
            above in ONES and above not in by_id
        ):  # nobody has written it yet, and it is there all the same
            return True
        item = by_id.get(above)
    return False


def _without(item, gone):
    """The item without the ids that are gone from the fields that name others."""
    changed = {}
    for name, mark in POINTERS[type(item).kind()].items():
        value = getattr(item, name)
        if mark.owner or not value:
            continue
        if isinstance(value, tuple):
            if any(one in gone for one in value):
                changed[name] = tuple(one for one in value if one not in gone)
        elif value in gone:
            changed[name] = None
    return item.model_copy(update=changed) if changed else item


def faults(items):
    """What cannot stand among items, as (id, field, sentence), one at a time: repeated ids, names
    of nothing, circles, trees too deep.

    Of each tree one circle is named, or the first thing that stands too deep. The time grows with
    the items and not with their square, so that a file made to be slow is not.
    """
    by_id = {}
    for item in items:
        if item.id in by_id:
            yield (
                item.id,
                "id",
                f'The id "{item.id}" stands for two things: {name_of(by_id[item.id])} and '
                f"{name_of(item)}; give one of them a new id.",
            )
        by_id[item.id] = item
    for item in by_id.values():
        yield from pointer_faults(item, by_id)
    for kind, field in TREES.items():
        yield from _tree_faults(kind, field, by_id)


def pointer_faults(item, by_id):
    """The fields of one item that name nothing, or the wrong kind, as (id, field, sentence)."""
    kind = type(item).kind()
    if kind in ONES and item.id != kind:
        yield (
            item.id,
            "id",
            f'There is one {kind}, and its id is "{kind}"; this one has the id "{item.id}".',
        )
    for name, mark in POINTERS[kind].items():
        value = getattr(item, name)
        for id in value if isinstance(value, tuple) else (value,) if value is not None else ():
            found = by_id.get(id) or (ONES[id]() if id in ONES else None)
            if found is None:
                yield (
                    item.id,
                    name,
                    f'The field "{name}" of {name_of(item)} names "{id}", which is not in '
                    "this theory; add it, or take the name out.",
                )
            elif "*" not in mark.kinds and type(found).kind() not in mark.kinds:
                allowed = " or a ".join(NAMES.get(one, one) for one in mark.kinds)
                yield (
                    item.id,
                    name,
                    f'The field "{name}" of {name_of(item)} must name a {allowed}; "{id}" is '
                    f"{name_of(found)}.",
                )


def _tree_faults(kind, field, by_id):
    held = {id: _next(item, field) for id, item in by_id.items() if type(item).kind() == kind}
    above = {id: [one for one in named if one in held] for id, named in held.items()}
    try:
        order = list(TopologicalSorter(above).static_order())
    except CycleError as error:
        yield from circle_faults(next(by_id[id] for id in held if id in error.args[1]), by_id)
        return
    depth = {}
    for id in order:
        depth[id] = 1 + max((depth[one] for one in above[id]), default=0)
        if depth[id] > DEEPEST:
            yield (
                id,
                field,
                f'The field "{field}" of {name_of(by_id[id])} places it more than {DEEPEST:,} '
                "levels deep; place it higher.",
            )
            return


def circle_faults(item, by_id):
    """Whether one item stands under itself, as (id, field, sentence)."""
    kind = type(item).kind()
    if kind not in TREES:
        return
    name, seen, ahead = TREES[kind], set(), _next(item, TREES[kind])
    while ahead:
        id = ahead.pop()
        if id == item.id:
            yield (
                item.id,
                name,
                f'The field "{name}" of {name_of(item)} leads back to itself; place it under '
                "something else.",
            )
            return
        if id not in seen and id in by_id and type(by_id[id]).kind() == kind:
            seen.add(id)
            ahead += _next(by_id[id], name)


def _next(item, name):
    value = getattr(item, name)
    return list(value) if isinstance(value, tuple) else [value] if value else []


def read_item(data):
    """An item from its plain form, ``{"kind": "cause", …}`` (Item); pydantic's ValidationError
    where a field is wrong.
    """
    data = dict(data)
    return KINDS[data.pop("kind")].model_validate(data)


def plain(item):
    """An item in its plain form, without what is as it is by default (dict of JSON's own types)."""
    return {"kind": type(item).kind(), "id": item.id} | item.model_dump(
        mode="json", exclude_defaults=True
    )


__all__ = [
    "FIELDS",
    "KINDS",
    "MANY",
    "NAMES",
    "ONES",
    "ORDER",
    "OWNER",
    "POINTERS",
    "Theory",
    "alive",
    "name_of",
    "faults",
    "kinds",
    "plain",
    "read_item",
    "text_of",
]
