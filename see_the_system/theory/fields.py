"""What every thing in a theory is made of: clean text, ids that last, fields that name other
things, an author and a time.
"""

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

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\u2028\u2029]")


def _clean(text):
    """Text that every file, database and picture can hold: no control characters, one kind of line
    end.
    """
    return (
        _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
        if isinstance(text, str)
        else text
    )


def _whole(text):
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds half a character; type it again")
    return text


def _line(most):
    return Annotated[
        str, StringConstraints(max_length=most), BeforeValidator(_clean), AfterValidator(_whole)
    ]


Name = _line(200)
Text = _line(2_000)
Long = _line(20_000)
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


class Points:
    """Marks a field that holds ids: which kinds it may name; ``owner`` where the thing goes when
    what it names goes.
    """

    def __init__(self, *kinds, owner=False):
        self.kinds, self.owner = kinds, owner


def one(*kinds):
    """A field that names one thing of these kinds, or none."""
    return Annotated[Id | None, Points(*kinds)]


def many(*kinds):
    """A field that names several things of these kinds."""
    return Annotated[tuple[Id, ...], Points(*kinds), Field(max_length=200)]


def under(*kinds):
    """A field that names what the thing stands under, and goes with."""
    return Annotated[Id, Points(*kinds, owner=True)]


class Item(BaseModel):
    """What everything in a theory has. ``order`` places it among its neighbours; ``dropped`` says
    why it was taken out.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=False, allow_inf_nan=False
    )

    id: Id = ""
    author: Name = ""
    at: datetime | None = None
    order: float = 0.0
    dropped: "Dropped | None" = None

    def model_post_init(self, _):
        if not self.id:
            object.__setattr__(self, "id", new_id(type(self).kind()))

    @classmethod
    @cache
    def kind(cls):
        """The kind's name as the record and the files write it (text)."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Dropped(BaseModel):
    """When something was taken out of the theory, by whom and why ("" where nobody said)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: Text = ""
    author: Name = ""
    at: datetime | None = None


def new_id(kind):
    """A new id of a kind (text), as ``cause-k7m2xq9d``: never used before, and short enough to read
    out.
    """
    return f"{kind.replace('_', '-')}-{''.join(secrets.choice('23456789abcdefghjkmnpqrstuvwxyz') for _ in range(8))}"


class Question(BaseModel):
    """A question to the data: what to ask the state's files, so that it can be asked again when
    they change.

    ``measure``: one of the names of ``see_the_system.gaps.questions``. ``group`` and ``comparison``:
    student groups by the state's names. ``grades``: 3 to 8 and 11. ``years``: the spring of the
    test. ``district``: county and district code, as ``99-10017``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: Name
    district: Annotated[str, StringConstraints(pattern=r"^\d\d-\d{5}$")]
    group: Name = ""
    comparison: Name = ""
    grades: tuple[Annotated[int, Field(ge=3, le=11)], ...] = ()
    years: tuple[Annotated[int, Field(ge=2015, le=2100)], ...] = ()


class Answer(BaseModel):
    """What the data said when they were asked: a sentence, its number, and the fingerprint of the
    data it was read from.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    sentence: Text
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Name = ""
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
    at: datetime
