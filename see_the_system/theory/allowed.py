"""What an edit may do: the rules that every change is held to, each refusal a sentence."""

import unicodedata

from pydantic import ValidationError

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.faults import circle_faults, pointer_faults
from see_the_system.theory.fields import Item, in_words, without_controls
from see_the_system.theory.items import (
    KINDS,
    OWNER,
    drop_of,
    name_of,
    name_of_kind,
    owner_of,
    read_item,
)
from see_the_system.theory.refusals import first_fault

# What the record writes itself.
_OWN = {"id", "author", "at", "dropped", "kind"}


class Changed(Refusal):
    """A field is not as its author saw it: ``now`` is what it holds, ``by`` who wrote that."""

    def __init__(self, thing, field, now, wanted, by):
        self.now = now
        self.by = by
        super().__init__(
            f"The {field} of the {thing} was changed by {by or 'someone'} meanwhile: it is now "
            f'"{now}", and you wrote "{wanted}". Both are kept here; write the one that holds.'
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
            raise Refusal(sentence)
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
        raise Refusal(reason[0].upper() + reason[1:]) from None
