"""What there is for things of every kind: their names, what they point to, how they are kept."""

from see_the_system.theory import kinds
from see_the_system.theory.fields import Points

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
