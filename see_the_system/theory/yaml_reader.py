"""Reads the YAML file of a theory; whatever is not one is refused with the file, the line and the
reason.
"""

import hashlib
import itertools
import re
from datetime import date, datetime
from typing import get_args

from pydantic import ValidationError

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.faults import faults
from see_the_system.theory.items import FIELDS, KINDS, ONES, OWNER, name_of
from see_the_system.theory.model import ORDER, Theory
from see_the_system.theory.refusals import a, first, refuse, unknown
from see_the_system.theory.yaml_file import FORMAT, INSIDE, KIND, implied
from see_the_system.theory.yaml_lines import parse

_DAYS = {
    kind: [
        field
        for field, info in cls.model_fields.items()
        if {date, datetime} & {*get_args(info.annotation)}
    ]
    for kind, cls in KINDS.items()
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def from_yaml(text, *, name="theory.yaml"):
    """The theory that a YAML text holds (Theory). A thing without an id gets one made from its
    words and place, the same at every reading.

    Raises a Refusal that names the file, the line and the reason for whatever is not a theory.
    """
    document = parse(text, name=name)
    sections = _sections(document, name)
    reader = _Reader(name)
    for field, spot in sections.items():
        if field in ONES:
            reader.item(spot, field)
        elif field == "dropped":
            reader.dropped(spot)
        else:
            reader.items(spot, field)
    if fault := next(faults(reader.found), None):
        id, field, reason = fault
        raise reader.refuse(reader.spots[id], reason[0].lower() + reason[1:], field)
    return Theory.trusted({item.id: item for item in reader.found})


def _sections(document, name):
    if document.value is None:
        raise Refusal(
            f"{name} is empty; give a file that holds a theory, with see_the_system: "
            f"{FORMAT} as its first line."
        )
    if not isinstance(document.value, dict) or "see_the_system" not in document.value:
        raise refuse(
            name,
            f"line {document.line}",
            f"this is not the file of a theory, which starts with see_the_system: {FORMAT}; "
            "check that it is the file you mean.",
        )
    sections = dict(document.value)
    version = sections.pop("see_the_system")
    if version.value != str(FORMAT):
        newer = (
            isinstance(version.value, str) and version.value.isdecimal() and len(version.value) < 9
        )
        reason = (
            f"the file has format {version.value}, and this version of See the System reads "
            f"{FORMAT}; bring it up to date."
        )
        raise refuse(
            name,
            f"line {version.line}",
            reason if newer else f"see_the_system must be {FORMAT}, the number of the format.",
        )
    for field, spot in sections.items():
        if field not in ORDER and field != "dropped":
            raise refuse(name, f"line {spot.line}", unknown("a theory", field, [*ORDER, "dropped"]))
    return {field: spot for field, spot in sections.items() if spot.value is not None}


class _Reader:
    """Reads a file's items one after another; keeps where each stands, so that every fault has its
    line.
    """

    def __init__(self, name):
        self.name, self.found, self.spots = name, [], {}

    def refuse(self, spot, reason, field=None):
        """The refusal with the line of a field of a spot, or of the spot (Refusal)."""
        at = spot.value.get(field, spot) if field and isinstance(spot.value, dict) else spot
        return refuse(self.name, f"line {at.line}", reason)

    def each(self, spot, field):
        """The spots of a list."""
        if not isinstance(spot.value, list):
            raise self.refuse(
                spot,
                f'"{field}" must be a list: each thing starts on a line of its own with a '
                "hyphen and a space.",
            )
        return spot.value

    def items(self, spot, field, above=None):
        """All items of a list, in the order of the file; ``above``: the item that the list stands
        in.
        """
        kind, last = KIND[field], 0.0
        for one in self.each(spot, field):
            last = self.item(one, kind, above, last=last).order

    def dropped(self, spot):
        """The items of the section of dropped things, each of which says its kind."""
        for one in self.each(spot, "dropped"):
            kind = one.value.pop("kind", one) if isinstance(one.value, dict) else one
            if not isinstance(kind.value, str) or kind.value not in KINDS:
                near = nearest(kind.value, KINDS, most=1) if isinstance(kind.value, str) else []
                raise self.refuse(
                    kind, f'a dropped thing needs its "kind": {" or ".join(near or KINDS)}.'
                )
            self.item(one, kind.value)

    def item(self, spot, kind, above=None, *, last=-1.0):
        """One item (Item) and, after it, all that stands in it."""
        if not isinstance(spot.value, dict):
            raise self.refuse(
                spot,
                f"{a(kind)} needs fields, each on a line of its own, as text: Placement "
                "letters go out in July.",
            )
        inside = {
            field: spot.value.pop(field)
            for field in (FIELDS[one] for one in INSIDE[kind])
            if field in spot.value
        }
        allowed = list(KINDS[kind].model_fields)
        for field, one in spot.value.items():
            if field not in allowed:
                raise self.refuse(
                    one, unknown(a(kind), field, [*allowed, *(FIELDS[one] for one in INSIDE[kind])])
                )
        item = self.made(spot, kind, self.data(spot, kind, above, last))
        for field, one in inside.items():
            if one.value is not None:
                self.items(one, field, item)
        return item

    def data(self, spot, kind, above, last):
        """The fields of an item, with those that its place in the file says (dict)."""
        data = {field: one.plain() for field, one in spot.value.items() if one.value is not None}
        for field, one in spot.value.items():
            if field in _DAYS[kind] and isinstance(one.value, str) and not _DAY.match(one.value):
                raise self.refuse(
                    one,
                    f'the field "{field}" must be a day, as 2026-02-03, not '
                    f'"{one.value[:40]}"; correct it.',
                )
        owner = OWNER[kind]
        if above is not None and data.setdefault(owner, above.id) != above.id:
            raise self.refuse(
                spot,
                f'this stands in {name_of(above)}, and its "{owner}" names something else; '
                "take the field out.",
                owner,
            )
        if kind not in ONES:
            words = f"{kind}\n{data}\n{above and above.id}"
            data = {"id": self.new_id(kind, words), "order": implied(last)} | data
        return data

    def new_id(self, kind, words):
        """An id made from what an item says (text): the same at every reading, whatever stands
        around it.
        """
        digests = (
            hashlib.sha256(f"{words}\n{count}".encode("utf-8", "replace")).hexdigest()[:10]
            for count in itertools.count()
        )
        return next(
            id
            for digest in digests
            if (id := f"{kind.replace('_', '-')}-{digest}") not in self.spots
        )

    def made(self, spot, kind, data):
        """The item that these fields make (Item), kept with its spot."""
        try:
            item = KINDS[kind].model_validate(data)
        except ValidationError as error:
            where, reason = first(error, kind)
            raise refuse(self.name, f"line {_at(spot, where).line}", reason) from None
        if item.id in self.spots:
            other = self.spots[item.id]
            line = other.value.get("id", other).line
            raise self.refuse(
                spot,
                f'the id "{item.id}" stands for something else on line {line} already; give '
                "this one another id, or none.",
                "id",
            )
        self.spots[item.id] = spot
        self.found.append(item)
        return item


def _at(spot, where):
    """The spot that a path of field names and places leads to, as far as it goes."""
    for part in where:
        if (
            isinstance(spot.value, dict)
            and part in spot.value
            or isinstance(spot.value, list)
            and isinstance(part, int)
        ):
            spot = spot.value[part]
    return spot
