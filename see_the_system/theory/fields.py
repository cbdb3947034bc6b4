"""What every thing in a theory is made of: clean text, lasting ids, pointers, an author, a time."""

import re
import secrets
from datetime import datetime
from functools import cache
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from see_the_system.messages import Refusal, day_in_words

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\u2028\u2029]")
_HALVES = re.compile("[\ud800-\udfff]")
# Without 0, 1, i, l and o, which people take for one another when an id is read out.
_LETTERS_OF_IDS = "23456789abcdefghjkmnpqrstuvwxyz"


def without_controls(text):
    """A text without control characters (text)."""
    return _CONTROL.sub("", text)


def _clean(text):
    """Text that every file, database and picture can hold.

    It has no control characters, and one kind of line end.
    """
    if not isinstance(text, str):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return without_controls(text).strip()


def _without_halves(text):
    # Half of a surrogate pair, as a browser sends it when an emoji was cut: no file can hold it.
    if _HALVES.search(text):
        raise ValueError("holds half a character; type it again")
    return text


def _text(most):
    length = StringConstraints(max_length=most)
    return Annotated[str, length, BeforeValidator(_clean), AfterValidator(_without_halves)]


Name = _text(200)
Text = _text(2_000)
Long = _text(20_000)
Count = Annotated[int, Field(ge=0)]
Percent = Annotated[int, Field(ge=0, le=100)]


def matching(pattern):
    """A field of text that a regular expression describes."""
    return Annotated[str, StringConstraints(pattern=pattern)]


Id = matching(r"^[a-z][a-z0-9-]{0,63}$")


class Points:
    """Marks a field that holds ids, with the kinds that it may name ("*" for any).

    ``owner``: the thing stands under what the field names, and goes when that goes.
    """

    def __init__(self, *kinds, owner=False):
        self.kinds = kinds
        self.owner = owner


def one(*kinds):
    """A field that names one thing of these kinds, or none."""
    return Annotated[Id | None, Points(*kinds)]


def many(*kinds):
    """A field that names several things of these kinds."""
    return Annotated[tuple[Id, ...], Points(*kinds), Field(max_length=200)]


def under(*kinds):
    """A field that names what the thing stands under, and goes with."""
    return Annotated[Id, Points(*kinds, owner=True)]


def asked(question, hint, *, default="", required=False):
    """A field as people are asked for it: a question, and one sentence of help."""
    value = ... if required else default
    return Field(value, title=question, description=hint)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Dropped(_Strict):
    """When something was taken out of the theory, by whom and why ("" where nobody said).

    ``into``: the id of the thing that it was joined into, whose words stand for both ("" for none).
    """

    why: Text = ""
    author: Name = ""
    at: datetime | None = None
    into: Name = ""


class _Kind(type(_Strict)):
    """The class of all kinds: ``Category("Time")`` means ``Category(text="Time")``."""

    def __call__(cls, *texts, **fields):
        if texts:
            fields |= _named(cls, texts, fields)
        return super().__call__(**fields)


def _named(cls, texts, fields):
    """A text that was given without the name of its field, by that name (dict)."""
    name = next((name for name in ("text", "name", "role") if name in cls.model_fields), None)
    if len(texts) > 1 or not isinstance(texts[0], str) or name is None or name in fields:
        kind = cls.kind().replace("_", " ")
        example = next(name for name in cls.model_fields if name not in Item.model_fields)
        raise Refusal(
            f"Give each field of a {kind} by its name, such as {cls.__name__}({name or example}=…)."
        )
    return {name: texts[0]}


class Item(_Strict, metaclass=_Kind):
    """What everything in a theory has.

    ``order`` places it among its neighbours; ``dropped`` says why it was taken out.
    """

    id: Id = ""
    author: Name = ""
    at: datetime | None = None
    order: float = 0.0
    dropped: Dropped | None = None

    def model_post_init(self, _):
        if not self.id:
            # Items are frozen; this is the one moment at which an id may be given.
            object.__setattr__(self, "id", new_id(self.kind()))

    @classmethod
    @cache
    def kind(cls):
        """The kind's name as the record and the files write it (text)."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


def new_id(kind):
    """A new id of a kind (text), as ``cause-k7m2xq9d``: its own, and short enough to read out."""
    letters = "".join(secrets.choice(_LETTERS_OF_IDS) for _ in range(8))
    return f"{kind.replace('_', '-')}-{letters}"


def in_words(at):
    """A time as a sentence says it (text).

    >>> from datetime import UTC, datetime
    >>> in_words(datetime(2026, 3, 2, 16, 5, tzinfo=UTC))
    'March 2, 2026 at 16:05 UTC'
    """
    return f"{day_in_words(at)} at {at:%H:%M} UTC"


_FIELD_NAMES = {
    "control": "whether it is ours to change",
    "leverage": "whether it is a place to act",
    "part": "the part of the gap",
    "who": "who tries it",
    "causes": "the causes behind it",
    "measure": "the measure",
    "level": "primary or secondary",
    "by": "the date",
    "parent": "where it stands",
    "order": "its place in the order",
    "text": "its words",
}


def name_of_field(name):
    """What people call a field in the middle of a sentence (text)."""
    return _FIELD_NAMES.get(name, name.replace("_", " "))


class Question(_Strict):
    """A question to the data, kept so that it can be asked again when the state's files change.

    ``measure``: one of the names of ``see_the_system.gaps.questions``. ``district``: county and
    district code, as ``99-10017``. ``group`` and ``comparison``: student groups by the state's
    names. ``grades``: 3 to 8 and 11. ``years``: the spring of the test.
    """

    measure: Name
    district: matching(r"^\d\d-\d{5}$")
    group: Name = ""
    comparison: Name = ""
    grades: tuple[Annotated[int, Field(ge=3, le=11)], ...] = ()
    years: tuple[Annotated[int, Field(ge=2015, le=2100)], ...] = ()


class Answer(_Strict):
    """What the data said: a sentence, its number, and the fingerprint of the data it came from."""

    sentence: Text
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Name = ""
    fingerprint: matching(r"^[0-9a-f]{8,64}$")
    at: datetime
