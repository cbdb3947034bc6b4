"""A theory as one readable YAML file: one thing a line, in the team's order.

So a small edit is a small diff. ``exchange`` reads it.
"""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime

import yaml

from see_the_system.theory.items import FIELDS, KINDS, ONES, OWNER, POINTERS
from see_the_system.theory.model import ORDER, theory_of
from see_the_system.theory.refusals import MOST, line_at, line_refusal, must_be_merged, too_large

DEEPEST = 100
# What YAML 1.1 may not hold as it stands.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An escape for a letter beyond the last one there is.
_TOO_HIGH = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
# A part of what the parser says, and what the person who typed it can do.
_HINTS = {
    "mapping values are not allowed": "a text with a colon in it needs quotes around it, as in "
    'text: "Placement: who decides"',
    "found character '\\t'": "a tab cannot indent a line; use spaces",
    "could not find expected ':'": "a colon is missing after the field's name, or the line above "
    "goes on here",
    "found unexpected end of stream": "a quote is opened and never closed",
    "expected <block end>": "the indentation differs from the lines above, or a quote is closed "
    "too early",
    "that cannot start any token": "a text that starts with this character needs quotes around it",
    "undefined alias": "names that stand for other parts (* and &) are not taken; write the text "
    "out",
    "alias": "a text that starts with * needs quotes around it",
}


@dataclass(slots=True)
class YamlNode:
    """A value and the line it stands on; the value of a field has the line of the field's name.

    ``value`` is a text, None, a list of nodes or a dictionary of nodes by field name.
    """

    line: int
    value: str | list | dict | None

    def plain(self):
        """The value without its lines (text, None, list or dict)."""
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        return self.value


def parse(text, *, name):
    """The one document of a YAML text (``YamlNode``).

    Every scalar stays text, so that "no" is a word and 2026-01-01 a text until a field wants a
    date. Raises a Refusal with the line for what is not YAML, for a second document, repeated
    fields, aliases, tags, and nesting beyond 100 levels.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MOST:
        raise too_large(name, "theory")
    odd = _UNPRINTABLE.search(text)
    if odd:
        code = f"U+{ord(odd[0]):04X}"
        raise line_refusal(
            name,
            line_at(text, odd.start()),
            f"there is a hidden character ({code}) that no text may hold; take it out.",
        )
    must_be_merged(text, name=name)
    try:
        return _Parser(text, name).document()
    except yaml.MarkedYAMLError as error:
        raise _unread(name, error) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        high = _TOO_HIGH.search(text)
        line = line_at(text, high.start()) if high else 1
        raise line_refusal(
            name, line, "a \\U in double quotes names no letter; type the letter itself."
        ) from None


class _Parser:
    """Makes nodes of the parser's events, one after another, so that a bomb is never unfolded."""

    def __init__(self, text, name):
        self.events = yaml.parse(text, Loader=yaml.SafeLoader)
        self.name = name

    def document(self):
        """The document of the file (``YamlNode``)."""
        root = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root:
                raise self.refusal(
                    event, "a second document starts here; keep one theory in one file."
                )
            if isinstance(event, yaml.NodeEvent):
                root = self.node(event, 1)
        return root or YamlNode(1, None)

    def node(self, event, depth, line=None):
        """The value that begins with an event (``YamlNode``)."""
        self.must_be_plain(event)
        line = line or _line(event)
        if isinstance(event, yaml.ScalarEvent):
            return YamlNode(line, None if _is_empty(event) else event.value)
        if depth > DEEPEST:
            raise self.refusal(
                event, f"this is nested more than {DEEPEST} levels deep; place it higher."
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return YamlNode(line, [self.node(inner, depth + 1) for inner in self.inside()])
        return YamlNode(line, self.fields(depth + 1))

    def inside(self):
        """The events up to the end of what was opened last; whoever takes one reads it whole."""
        for event in self.events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def fields(self, depth):
        """The values of fields (dict of ``YamlNode`` by name)."""
        fields = {}
        for event in self.inside():
            field = self.field_name(event)
            if field in fields:
                before = fields[field].line
                raise self.refusal(
                    event,
                    f'the field "{field[:60]}" stands twice here, first on line {before}; keep one '
                    "of them.",
                )
            fields[field] = self.node(next(self.events), depth, _line(event))
        return fields

    def field_name(self, event):
        """The name of a field (text)."""
        self.must_be_plain(event)
        if not isinstance(event, yaml.ScalarEvent) or _is_empty(event):
            raise self.refusal(
                event,
                "a field's name must be a word; put a text that holds { } [ ] or ? in quotes.",
            )
        return event.value

    def must_be_plain(self, event):
        """Refuses what stands for another part of the file, or asks to build something."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise self.refusal(
                event,
                f'"{sign}{event.anchor[:40]}" stands for another part of the file, which is not '
                "taken; write the text out, or put it in quotes.",
            )
        if event.tag is not None:
            raise self.refusal(
                event,
                f'the tag "{event.tag[:60]}" asks to build something, which is not done; take the '
                "tag out, or put the text in quotes.",
            )

    def refusal(self, event, reason):
        """The refusal of the file at the line of an event (Refusal)."""
        return line_refusal(self.name, _line(event), reason)


def _line(event):
    return event.start_mark.line + 1


def _is_empty(scalar):
    """Whether a scalar says nothing (bool); in quotes each of these is a word."""
    return scalar.implicit[0] and scalar.value in ("", "~", "null")


def _unread(name, error):
    """The refusal of what the parser could not read, with what to do about it (Refusal)."""
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context)
    reason = f"this cannot be read as YAML ({problem}); compare it with the lines around it."
    for sign, hint in _HINTS.items():
        if sign in problem:
            reason = f"this cannot be read; {hint}."
            break
    return line_refusal(name, mark.line + 1 if mark else 1, reason)


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
