"""What is refused, of an edit and of a file: one sentence with the place and the reason.

What pydantic finds wrong with a field is put into plain words here, for both.
"""

import re
import unicodedata

from pydantic import ValidationError

from see_the_system.messages import Refusal, nearest
from see_the_system.theory import kinds
from see_the_system.theory.fields import Item, in_words, without_controls
from see_the_system.theory.items import (
    KINDS,
    OWNER,
    circle_faults,
    drop_of,
    name_of,
    name_of_kind,
    owner_of,
    pointer_faults,
    question_of,
    read_item,
)

# What the record writes itself.
_OWN = {"id", "author", "at", "dropped", "kind"}


class Changed(Refusal):
    """A field is not as its author saw it: ``now`` is what it holds, ``by`` who wrote that."""

    def __init__(self, item, field, now, wanted, by):
        self.now = now
        self.by = by
        name = field.replace("_", " ")
        question = _asked_by(item.kind(), field)
        super().__init__(
            f"The {name} of the {name_of(item)} was changed by {by or 'someone'} meanwhile: it is "
            f'now "{now}", and you wrote "{wanted}". Both are kept here; write the one that holds.'
            f"{question}"
        )


def clean_name(name, what, needed):
    """The name of an author or a team as the record writes it (text).

    Composed letters are one letter, however they were typed; blanks are single. Refusal for what
    is no name.
    """
    text = ""
    if isinstance(name, str) and not any("\ud800" <= letter <= "\udfff" for letter in name):
        text = " ".join(without_controls(unicodedata.normalize("NFC", name)).split())
    if not 0 < len(text) <= 200:
        raise Refusal(f"{what} needs {needed} It has 1 to 200 letters.")
    return text


def must_be_a_key(key):
    """Refuses what is no key of an edit."""
    if key is not None and not (isinstance(key, str) and 0 < len(key) <= 64 and key.isprintable()):
        raise Refusal(
            f"{str(key)[:70]!r} is no key of an edit; give a text of 1 to 64 letters, or none."
        )


def must_be_an_item(item):
    """Refuses what is no thing of a theory."""
    if not isinstance(item, Item) or type(item) not in KINDS.values():
        raise Refusal(
            f"{type(item).__name__} is no thing of a theory; give a kind with its fields, such as "
            'Category(text="Time").'
        )


def standing(state, item_id):
    """The item of an id that stands (Item).

    Refusal where it never was, or was dropped, saying by whom and when.
    """
    item = state.get(item_id)
    if item is None:
        raise Refusal(
            f'There is nothing with the id "{item_id}" in this record; it may have been taken '
            "back by whoever added it. Look at the newest state."
        )
    gone = drop_of(item, state)
    if gone is not None:
        by = f" by {gone.author}" if gone.author else ""
        on = f" on {in_words(gone.at)}" if gone.at else ""
        raise Refusal(
            f"The {name_of(item)} was dropped{by}{on}, so it cannot be changed; bring it "
            "back first, or write it anew."
        )
    return item


def must_be_fields(kind, fields):
    """Refuses names of fields that a kind does not have, or that the record writes itself."""
    allowed = [field for field in KINDS[kind].model_fields if field not in _OWN]
    for field in fields:
        if field not in allowed:
            near = nearest(field, allowed) or allowed
            raise Refusal(
                f'A {name_of_kind(kind)} has no field "{field}" that can be changed; there '
                f"is {', '.join(near)}."
            )


def must_point_well(state, item_id, fields):
    """Refuses a thing where one of these fields names what is not there, was dropped, or itself."""
    item = state[item_id]
    for _, field, sentence in pointer_faults(item, state):
        if field in fields or field == "id":
            raise Refusal(sentence + _asked_by(item.kind(), field))
    for _, _, sentence in circle_faults([item], state):
        raise Refusal(sentence)
    owner = owner_of(item)
    if OWNER[item.kind()] in fields and owner in state:
        standing(state, owner)


def valid(data):
    """An item from its plain form; Refusal in a sentence where a field cannot be taken."""
    kind = data["kind"]
    try:
        return read_item(data)
    except ValidationError as error:
        _, reason = first_fault(error, kind, of_what=f" of this {name_of_kind(kind)}")
        field = _FIELD.search(reason)
        question = _asked_by(kind, field[1]) if field else ""
        raise Refusal(reason[0].upper() + reason[1:] + question) from None


def _asked_by(kind, field):
    """A sentence with the question that a field answers (text).

    "" where its name says it, or the question does: a person in a picture sees the question, and
    may never have seen the name.
    """
    if field not in KINDS[kind].model_fields or field == "text":
        return ""
    question, _ = question_of(kind, field)
    words = question.lower()
    if not question or all(word in words for word in field.split("_")):
        return ""
    return f' It is the answer to "{question}"'


MOST = 5_000_000  # characters; a file of a theory is some tens of thousands

_FIELD = re.compile(r'the field "(\w+)"')
MARK_OF_GIT = re.compile(r"^(<{7}|\|{7}|={7}|>{7})(?=[ \r]|$)", re.MULTILINE)
# By pydantic's name of the fault, or by its first word.
_MUST_BE = {
    "int": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float": "must be a number",
    "finite_number": "must be a finite number",
    "bool": "must be true or false",
    "string": "must be one text",
    "tuple": "must be a list: each thing on a line of its own with a hyphen and a space",
    "model": "needs fields of its own, each on a line below it",
    "date": "must be a day, as 2026-02-03",
    "datetime": "must be a day and a time, as 2026-02-03T15:30:00Z",
}
_MUST_LOOK = {
    r"^[a-z][a-z0-9-]{0,63}$": "must be an id: up to 64 small letters, digits and hyphens, the "
    "first a letter",
    r"^(\d\d-\d{5})?$": "must be a county and district code, as 99-10017",
    r"^\d\d-\d{5}$": "must be a county and district code, as 99-10017",
    r"^[0-9a-f]{8,64}$": "must be 8 to 64 of the characters 0-9 and a-f",
}
_GROUPS = {"question": kinds.Question, "answers": kinds.Answer, "dropped": kinds.Dropped}


def file_refusal(name, place, reason):
    """The one form of every refusal of a file (Refusal); ``place`` as ``line 12``."""
    sentence = f"{name}, {place}: {reason}".encode("utf-8", "replace").decode()
    return Refusal(" ".join(sentence.split()))


def line_refusal(name, line, reason):
    """The refusal of a file at a line (Refusal)."""
    return file_refusal(name, f"line {line}", reason)


def too_large(name, thing):
    """The refusal of a file that is larger than ``MOST`` (Refusal); ``thing`` as ``theory``."""
    return Refusal(
        f"{name} is larger than {MOST // 1_000_000} MB, which no {thing} is; check that it is the "
        "file you mean."
    )


def must_be_merged(text, *, name):
    """Refuses a text with the marks that git leaves where two people changed the same lines."""
    found = MARK_OF_GIT.search(text)
    if found:
        raise line_refusal(
            name,
            line_at(text, found.start()),
            f'"{found[1]}" is a mark of git: two versions of these lines were put one below the '
            "other. Keep the lines that hold, take out the others and every line of such marks.",
        )


def must_be_readable(text, hidden, *, name, thing):
    """Refuses a text that is too large, or holds a letter of ``hidden``, or git's marks."""
    if len(text) > MOST:
        raise too_large(name, thing)
    found = hidden.search(text)
    if found:
        raise line_refusal(
            name,
            line_at(text, found.start()),
            "there is a hidden character that no text may hold; take it out.",
        )
    must_be_merged(text, name=name)


def line_at(text, place):
    """The line, from 1, on which a place of a text stands (int)."""
    return text.count("\n", 0, place) + 1


def with_article(kind):
    """A kind with its article (text), as ``an aim``."""
    name = name_of_kind(kind)
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def unknown_field(thing, field, allowed):
    """That a thing has no such field, and which was meant (text)."""
    field = field[:60]
    near = nearest(field, allowed, most=1)
    names = ", ".join(allowed)
    hint = f'did you mean "{near[0]}"?' if near else f"it may have {names}."
    return f'{thing} has no field "{field}"; {hint}'


def first_fault(error, kind, *, of_what=""):
    """The first fault of a ValidationError: where (tuple of names and places), a sentence (text).

    ``of_what`` goes behind the name of the field where no place says what it is a field of.
    """
    # A misspelt field explains why another is missing.
    fault = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    where = tuple(part for part in fault["loc"] if part != "[key]")
    names = [part for part in where if isinstance(part, str)]
    field = names[-1] if names else "id"
    inside = f'the field "{where[0]}"' if len(where) > 1 else with_article(kind)
    if fault["type"] == "missing":
        return where[:-1], f'{inside} needs the field "{field}"; add it.'
    if fault["type"] == "extra_forbidden":
        holder = _GROUPS[where[0]] if len(where) > 1 else KINDS[kind]
        return where, unknown_field(inside, field, list(holder.model_fields))
    return where, f'the field "{field}"{of_what} {_complaint(fault)}'


def _complaint(fault):
    """What is wrong with the value of a field, and what to do (text)."""
    name = fault["type"]
    value = fault["input"]
    if name in ("value_error", "string_unicode"):
        return "holds half a character; type it again."
    if name in ("string_too_long", "too_long"):
        things = "letters" if isinstance(value, str) else "things"
        most = fault["ctx"]["max_length"]
        return f"may hold {most:,} {things} and holds {len(value):,}; shorten it."
    return f"{_must(name, fault.get('ctx', {}))}{_given(value)}; correct it."


def _must(name, context):
    """What the value of a field must be (text)."""
    if name == "literal_error":
        choices = context["expected"].replace(" or ", ", ").removeprefix("'', ")
        return f"must be one of {choices}"
    if name == "greater_than_equal":
        return f"must be at least {context['ge']}"
    if name == "less_than_equal":
        return f"must be at most {context['le']}"
    if name == "string_pattern_mismatch":
        pattern = context["pattern"]
        return _MUST_LOOK.get(pattern, f"must look like {pattern}")
    word = name.split("_")[0]
    return _MUST_BE.get(name) or _MUST_BE.get(word, "cannot be read")


def _given(value):
    """What stands there instead (text, "" where saying so would not help)."""
    if isinstance(value, str):
        return f', not "{value}"' if len(value) <= 40 else f', not "{value[:39]}…"'
    if isinstance(value, int | float):
        return f", not {value}"
    if isinstance(value, dict):
        return ", not a group of fields"
    return ", not a list" if isinstance(value, list) else ""
