"""A theory as one readable YAML file: one thing a line, in the team's order, so that a small edit
is a small diff. ``yaml_reader`` reads it.
"""

import math
from datetime import date, datetime

import yaml

from see_the_system.theory.items import FIELDS, KINDS, ONES, OWNER, POINTERS
from see_the_system.theory.model import ORDER

FORMAT = 1
FIRST_LINE = (
    "# A team's theory of improvement, kept with See the System. What each line means: "
    "docs/theory_file.md"
)
_OWNED = {
    kind: next((mark.kinds for mark in marks.values() if mark.owner), ())
    for kind, marks in POINTERS.items()
}
# What stands inside what in the file: whatever goes when the other goes, in the order of the work.
INSIDE = {kind: [other for other, owners in _OWNED.items() if kind in owners] for kind in KINDS}
# Deeper than this, things stand in a list of their own and name what they stand under, so that
# lines stay readable.
LEVELS = 12
KIND = {field: kind for kind, field in FIELDS.items()}
_LAST = ("author", "at", "order", "dropped")


def to_yaml(theory):
    """The whole theory as YAML (text): what is as by default is left out, and so is an ``order``
    that the place in its list says.

    >>> from see_the_system.theory.items import KINDS
    >>> from see_the_system.theory.model import Theory
    >>> print(to_yaml(Theory.of([KINDS["category"](id="category-1", order=1, text="Time: schedule and policy")])).split("\\n", 1)[1])
    see_the_system: 1
    <BLANKLINE>
    categories:
    - id: category-1
      text: 'Time: schedule and policy'
    <BLANKLINE>
    """
    deep, sections = [], {}
    for field in ORDER:
        if field in ONES:
            one = getattr(theory, field)
            written = _written(theory, one, deep, 1, last=-1.0)
            written.pop("id")
        else:
            items = () if OWNER[KIND[field]] else getattr(theory, field)
            written = _list(
                theory,
                sorted(items, key=lambda item: item.level) if field == "drivers" else items,
                deep,
                1,
            )
        if written:
            sections[field] = written
    for item in deep:
        sections.setdefault(FIELDS[type(item).kind()], []).append(
            _written(theory, item, deep, 1, last=math.nan, nested=False)
        )
    if theory.dropped:
        sections["dropped"] = [
            {"kind": type(item).kind()} | _own(item, nested=False, order=item.order != 0)
            for item in theory.dropped
        ]
    parts = [f"{FIRST_LINE}\nsee_the_system: {FORMAT}\n"]
    parts += [_dump({field: sections[field]}) for field in (*ORDER, "dropped") if field in sections]
    return "\n".join(parts)


def _list(theory, items, deep, level):
    written, last = [], 0.0
    for item in items:
        written.append(_written(theory, item, deep, level, last=last, nested=level > 1))
        last = item.order
    return written


def _written(theory, item, deep, level, *, last, nested=False):
    """An item and all that stands in it, as YAML's own types (dict); what stands too deep is left
    in ``deep``, to be written later.
    """
    written = _own(item, nested=nested, order=item.order != implied(last))
    for kind in INSIDE[type(item).kind()]:
        if not (items := theory.under(item.id, kind)):
            continue
        if level < LEVELS:
            written[FIELDS[kind]] = _list(theory, items, deep, level + 1)
        else:
            deep.extend(items)
    return written


def _own(item, *, nested, order):
    data = item.model_dump(exclude_defaults=True)
    if nested:
        del data[OWNER[type(item).kind()]]
    late = {name: data.pop(name) for name in _LAST if name in data} | {"order": item.order}
    return (
        {"id": data.pop("id", item.id)}
        | data
        | {name: late[name] for name in _LAST if name in late and (order or name != "order")}
    )


def implied(last):
    """The order of a thing that does not say it (float): the next whole number after the thing
    above it; the first thing has 1.
    """
    return float(math.floor(last) + 1) if math.isfinite(last) else last


class _Dumper(yaml.SafeDumper):
    """Never an alias; a text of several lines stands as it is read; whole numbers without a decimal
    point.
    """

    def ignore_aliases(self, data):
        return True


def _number(dumper, value):
    whole = value.is_integer() and abs(value) < 1e15
    return dumper.represent_int(int(value)) if whole else dumper.represent_float(value)


def _moment(dumper, value):
    return dumper.represent_scalar(
        "tag:yaml.org,2002:timestamp", value.isoformat().replace("+00:00", "Z")
    )


def _text(dumper, value):
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", value, style="|" if "\n" in value else None
    )


_Dumper.add_representer(float, _number)
_Dumper.add_representer(datetime, _moment)
_Dumper.add_representer(date, _moment)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(tuple, yaml.SafeDumper.represent_list)


def _dump(data):
    return yaml.dump(
        data,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=math.inf,
        default_flow_style=False,
    )
