"""What there is for things of every kind: names, what they point to, and what cannot stand.

What cannot stand: ids used twice, names of nothing, circles, trees too deep.
"""

from graphlib import CycleError, TopologicalSorter

from see_the_system.theory import kinds
from see_the_system.theory.fields import Points

DEEPEST = 1_000
# The kinds that stand under their own kind, and the field that says where.
TREES = {"cause": "parent", "why": "parent", "driver": "acts_on", "cycle": "previous"}


# The fields of a theory in the order of the work, and what each holds.
ONES = {"charter": kinds.Charter, "problem": kinds.Problem, "aim": kinds.Aim}
MANY = {
    "members": kinds.Member,
    "norms": kinds.Norm,
    "categories": kinds.Category,
    "causes": kinds.Cause,
    "whys": kinds.Why,
    "evidence": kinds.Evidence,
    "interviews": kinds.Interview,
    "quotes": kinds.Quote,
    "codes": kinds.Code,
    "themes": kinds.Theme,
    "maps": kinds.ProcessMap,
    "lanes": kinds.Lane,
    "steps": kinds.Step,
    "connections": kinds.Connection,
    "drivers": kinds.Driver,
    "ideas": kinds.ChangeIdea,
    "measures": kinds.Measure,
    "cycles": kinds.Cycle,
    "questions": kinds.LearningQuestion,
    "votes": kinds.Vote,
    "notes": kinds.Note,
}
KINDS = {cls.kind(): cls for cls in (ONES | MANY).values()}
FIELDS = {cls.kind(): name for name, cls in (ONES | MANY).items()}
# What people call a kind, for sentences, where it is not the kind's own name.
NAMES = {
    "process_map": "process map",
    "change_idea": "change idea",
    "learning_question": "learning question",
    "why": "answer to why",
    "evidence": "piece of evidence",
}


def _pointers(cls):
    """The fields of a kind that hold ids (dict of name to Points)."""
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


def text_of(item):
    """The words of a thing (text): its own text, or what stands for it."""
    for field in ("text", "name", "team", "role", "voter"):
        text = getattr(item, field, "")
        if text:
            return text
    return ""


def name_of(item, *, most=60):
    """How a sentence names a thing (text): its kind and its first words.

    >>> name_of(kinds.Cause(id="cause-1", parent="category-1", text="Results come late"))
    'cause "Results come late"'
    """
    kind = name_of_kind(item.kind())
    text = " ".join(text_of(item).split())
    if not text:
        return f"{kind} {item.id}"
    if len(text) > most:
        text = text[: most - 1].rstrip() + "…"
    return f'{kind} "{text}"'


def name_of_kind(kind):
    """How a sentence names a kind (text), as ``change idea``."""
    return NAMES.get(kind, kind)


def question_of(kind, field):
    """The question that a field answers, and one sentence of help (two texts).

    Both are "" for what the record writes itself.

    >>> question_of("cause", "text")[0]
    'What in how we work makes this happen?'
    """
    info = KINDS[kind].model_fields[field]
    return info.title or "", info.description or ""


def ids_in(item, field):
    """The ids that a field of a thing holds (tuple of text), whether it holds one or several."""
    value = getattr(item, field)
    if isinstance(value, tuple):
        return value
    return () if value is None else (value,)


def owner_of(item):
    """The id of what a thing stands under (text, or None)."""
    field = OWNER[item.kind()]
    return getattr(item, field) if field else None


def drop_of(item, by_id):
    """Why a thing is gone: it or something it stands under was dropped (Dropped, or None)."""
    seen = set()
    while item is not None and item.id not in seen:
        if item.dropped is not None:
            return item.dropped
        seen.add(item.id)
        item = by_id.get(owner_of(item))
    return None


def in_order(items):
    """Things in the team's order (list of Item)."""
    return sorted(items, key=lambda item: (item.order, item.id))


def read_item(data):
    """An item from its plain form, ``{"kind": "cause", …}`` (Item).

    Raises pydantic's ValidationError where a field is wrong.
    """
    fields = dict(data)
    return KINDS[fields.pop("kind")].model_validate(fields)


def plain(item):
    """An item in its plain form, without what is as it is by default (dict of JSON's own types)."""
    fields = item.model_dump(mode="json", exclude_defaults=True)
    return {"kind": item.kind(), "id": item.id} | fields


def faults(items):
    """What cannot stand among items, as (id, field, sentence), one at a time.

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
    for kind in TREES:
        tree = [item for item in by_id.values() if item.kind() == kind]
        circles = list(circle_faults(tree, by_id))
        yield from circles or _too_deep(tree, by_id)


def pointer_faults(item, by_id):
    """The fields of one item that name nothing, or the wrong kind, as (id, field, sentence)."""
    kind = item.kind()
    if kind in ONES and item.id != kind:
        sentence = f'There is one {kind}, and its id is "{kind}"; this one has the id "{item.id}".'
        yield item.id, "id", sentence
    for field, mark in POINTERS[kind].items():
        for item_id in ids_in(item, field):
            found = by_id.get(item_id)
            if found is None and item_id in ONES:
                found = ONES[item_id]()  # it is there, though nobody has written it yet
            if found is None:
                yield (
                    item.id,
                    field,
                    f'The field "{field}" of {name_of(item)} names "{item_id}", which is not in '
                    "this theory; add it, or take the name out.",
                )
            elif "*" not in mark.kinds and found.kind() not in mark.kinds:
                allowed = " or a ".join(map(name_of_kind, mark.kinds))
                yield (
                    item.id,
                    field,
                    f'The field "{field}" of {name_of(item)} must name a {allowed}; "{item_id}" is '
                    f"{name_of(found)}.",
                )


def circle_faults(items, by_id):
    """A circle in what items of one kind stand under, as (id, field, sentence); one, or none."""
    above = _above(items, by_id)
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        circle = error.args[1]
        item = by_id[next(item_id for item_id in above if item_id in circle)]
        yield _misplaced(item, "leads back to itself; place it under something else.")


def _too_deep(items, by_id):
    above = _above(items, by_id)
    depth = {}
    for item_id in TopologicalSorter(above).static_order():
        depth[item_id] = 1 + max((depth[parent] for parent in above[item_id]), default=0)
        if depth[item_id] > DEEPEST:
            how = f"places it more than {DEEPEST:,} levels deep; place it higher."
            yield _misplaced(by_id[item_id], how)
            return


def _misplaced(item, how):
    field = TREES[item.kind()]
    return item.id, field, f'The field "{field}" of {name_of(item)} {how}'


def _above(items, by_id):
    """What items, and all they stand under, stand under in their own tree (dict of id to ids)."""
    above = {}
    ahead = list(items)
    for item in ahead:  # grows while it is read
        if item.id in above or item.kind() not in TREES:
            continue
        named = [by_id.get(item_id) for item_id in ids_in(item, TREES[item.kind()])]
        parents = [parent for parent in named if parent and parent.kind() == item.kind()]
        above[item.id] = [parent.id for parent in parents]
        ahead += parents
    return above
