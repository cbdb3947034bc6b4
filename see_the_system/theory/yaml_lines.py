"""YAML as text with line numbers: nothing is built, nothing refers to anything.

What cannot be read is named with its line.
"""

import re
from dataclasses import dataclass

import yaml

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
