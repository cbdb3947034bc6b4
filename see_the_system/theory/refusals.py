"""How a file is refused: one sentence with the file, the place and the reason; and pydantic's
findings in plain words.
"""

from see_the_system.messages import Refusal, nearest
from see_the_system.theory import kinds
from see_the_system.theory.items import NAMES

_SAID = {
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "string_type": "must be one text",
    "tuple_type": "must be a list: each thing on a line of its own with a hyphen and a space",
    "model_type": "needs fields of its own, each on a line below it",
    "model_attributes_type": "needs fields of its own, each on a line below it",
    "date": "must be a day, as 2026-02-03",
    "datetime": "must be a day and a time, as 2026-02-03T15:30:00Z",
}
_GROUPS = {"question": kinds.Question, "answers": kinds.Answer, "dropped": kinds.Dropped}
_BOUNDS = {"greater_than_equal": ("at least", "ge"), "less_than_equal": ("at most", "le")}


def refuse(name, place, reason):
    """The one form of every refusal of a file (Refusal); ``place`` as ``line 12``."""
    return Refusal(
        " ".join(f"{name}, {place}: {reason}".encode("utf-8", "replace").decode().split())
    )


def a(kind):
    """A kind with its article (text), as ``an evidence``."""
    called = NAMES.get(kind, kind).replace("_", " ")
    return f"{'an' if called[0] in 'aeiou' else 'a'} {called}"


def unknown(thing, field, allowed):
    """That a thing has no such field, and which was meant (text)."""
    near = nearest(field[:60], allowed, most=1)
    return f'{thing} has no field "{field[:60]}"; ' + (
        f'did you mean "{near[0]}"?' if near else f"it may have {', '.join(allowed)}."
    )


def first(error, kind):
    """The first finding of a ValidationError: where (tuple of field names and places), and what in
    a sentence (text).
    """
    found = min(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    where, type_, context = (
        tuple(part for part in found["loc"] if part != "[key]"),
        found["type"],
        found.get("ctx", {}),
    )
    field = next((part for part in reversed(where) if isinstance(part, str)), "")
    if type_ == "missing":
        holder = a(kind) if len(where) == 1 else f'the field "{where[0]}"'
        return where[:-1], f'{holder} needs the field "{field}"; add it.'
    if type_ == "extra_forbidden":
        return where, unknown(
            f'the field "{where[0]}"', field, list(_GROUPS[where[0]].model_fields)
        )
    if type_ in ("value_error", "string_unicode"):
        return where, f'the field "{field}" holds half a character; type it again.'
    if type_ in ("string_too_long", "too_long"):
        things = "letters" if isinstance(found["input"], str) else "things"
        return (
            where,
            f'the field "{field}" may hold {context["max_length"]:,} {things} and holds '
            f"{len(found['input']):,}; shorten it.",
        )
    return (
        where,
        f'the field "{field}" {_what(type_, context)}{_given(found["input"])}; correct it.',
    )


def _what(type_, context):
    if type_ == "literal_error":
        return (
            "must be one of "
            f"{context['expected'].replace(' or ', ', ').removeprefix(repr('') + ', ')}"
        )
    if type_ in _BOUNDS:
        word, bound = _BOUNDS[type_]
        return f"must be {word} {context[bound]}"
    if type_ == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], f"must look like {context['pattern']}")
    return _SAID.get(type_) or _SAID.get(type_.split("_")[0]) or "cannot be read"


_PATTERNS = {
    r"^[a-z][a-z0-9-]{0,63}$": "must be an id: up to 64 small letters, digits and hyphens, the first a letter",
    r"^(\d\d-\d{5})?$": "must be a county and district code, as 99-10017",
    r"^\d\d-\d{5}$": "must be a county and district code, as 99-10017",
    r"^[0-9a-f]{8,64}$": "must be 8 to 64 of the characters 0-9 and a-f",
}


def _given(value):
    if isinstance(value, str):
        return f', not "{value if len(value) <= 40 else value[:39] + "…"}"'
    kinds = {dict: "a group of fields", list: "a list"}
    return f", not {kinds[type(value)]}" if type(value) in kinds else ""
