"""A theory as one readable YAML file: one thing a line, in the team's order.

So a small edit is a small diff. ``yaml_reader`` reads it.
"""

import math
from datetime import date, datetime

import yaml

from see_the_system.theory.items import FIELDS, KINDS, ONES, OWNER, POINTERS
from see_the_system.theory.model import ORDER, theory_of

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
    """The whole theory as YAML (text).

    What is as by default is left out, and so is an ``order`` that the place in its list says.

    >>> from see_the_system.theory.model import Theory
    >>> time = KINDS["category"](id="category-1", order=1, text="Time: schedule and policy")
    >>> print(to_yaml(Theory.of([time])).split("\\n", 1)[1])
    see_the_system: 1
    <BLANKLINE>
    categories:
    - id: category-1
      text: 'Time: schedule and policy'
    <BLANKLINE>
    """
    theory = theory_of(theory)
    sections = _Writer(theory).sections()
    if theory.dropped:
        sections["dropped"] = [
            {"kind": item.kind()} | _own(item, order=item.order != 0) for item in theory.dropped
        ]
    filled = [field for field in (*ORDER, "dropped") if sections.get(field)]
    head = f"{FIRST_LINE}\nsee_the_system: {FORMAT}\n"
    return "\n".join([head, *(_dump({field: sections[field]}) for field in filled)])


class _Writer:
    """Turns a theory into YAML's own types; ``deep`` keeps what stands too deep, for later."""

    def __init__(self, theory):
        self.theory = theory
        self.deep = []

    def sections(self):
        """What stands in each section of the file (dict by the theory's fields)."""
        sections = {}
        for field in ORDER:
            items = getattr(self.theory, field)
            if field in ONES:
                sections[field] = self.thing(items, 1, last=-1.0)
                del sections[field]["id"]
            elif OWNER[KIND[field]] is None:
                if field == "drivers":  # the primary ones first
                    items = sorted(items, key=lambda driver: driver.level)
                sections[field] = self.things(items, 1)
        for item in self.deep:  # grows while it is read
            section = sections.setdefault(FIELDS[item.kind()], [])
            section.append(self.thing(item, 1, last=math.nan))
        return sections

    def things(self, items, level):
        """The things of a list and all that stands in them (list of dict)."""
        written = []
        last = 0.0
        for item in items:
            written.append(self.thing(item, level, last=last))
            last = item.order
        return written

    def thing(self, item, level, *, last):
        """A thing and all that stands in it (dict); ``last``: the order of the thing above it."""
        written = _own(item, order=item.order != implied(last), nested=level > 1)
        for kind in INSIDE[item.kind()]:
            items = self.theory.under(item.id, kind)
            if level == LEVELS:
                self.deep += items
            elif items:
                written[FIELDS[kind]] = self.things(items, level + 1)
        return written


def _own(item, *, order, nested=False):
    """The fields of a thing that say something (dict); nested: its place says what it is under."""
    fields = item.model_dump(exclude_defaults=True) | {"id": item.id, "order": item.order}
    if not order:
        del fields["order"]
    if nested:
        del fields[OWNER[item.kind()]]
    middle = [name for name in fields if name != "id" and name not in _LAST]
    return {name: fields[name] for name in ("id", *middle, *_LAST) if name in fields}


def implied(last):
    """The order of a thing that does not say it (float).

    The next whole number after the thing above it; the first thing has 1.
    """
    return float(math.floor(last) + 1) if math.isfinite(last) else last


class _Dumper(yaml.SafeDumper):
    """Never an alias; lines of a text stand as they are read; whole numbers have no point."""

    def ignore_aliases(self, data):
        return True


def _number(dumper, value):
    # From 1e15 on a float has no digit to spare behind the point, and an int would be as long.
    if value.is_integer() and abs(value) < 1e15:
        return dumper.represent_int(int(value))
    return dumper.represent_float(value)


def _moment(dumper, value):
    text = value.isoformat().replace("+00:00", "Z")
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", text)


def _text(dumper, value):
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


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
