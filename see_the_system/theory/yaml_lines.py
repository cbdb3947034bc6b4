"""YAML as text with line numbers: nothing is built, nothing refers to anything, and what cannot be
read is named with its line.
"""

import re

import yaml

from see_the_system.messages import Refusal
from see_the_system.theory.refusals import refuse

MOST = 5_000_000
DEEPEST = 100
# What YAML 1.1 may not hold as it stands.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TOO_HIGH = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
_HINTS = (
    (
        "mapping values are not allowed",
        'a text with a colon in it needs quotes around it, as in text: "Placement: who decides"',
    ),
    ("found character '\\t'", "a tab cannot indent a line; use spaces"),
    (
        "could not find expected ':'",
        "a colon is missing after the field's name, or the line above goes on here",
    ),
    ("found unexpected end of stream", "a quote is opened and never closed"),
    (
        "expected <block end>",
        "the indentation differs from the lines above, or a quote is closed too early",
    ),
    (
        "that cannot start any token",
        "a text that starts with this character needs quotes around it",
    ),
    (
        "undefined alias",
        "names that stand for other parts (* and &) are not taken; write the text out",
    ),
    ("alias", "a text that starts with * needs quotes around it"),
)


class Spot:
    """A value and the line it stands on: ``value`` is a text, None, a list of Spots or a dictionary
    of Spots by field name.
    """

    __slots__ = ("line", "value")

    def __init__(self, line, value):
        self.line, self.value = line, value

    def plain(self):
        """The value without its lines (text, None, list or dict)."""
        if isinstance(self.value, list):
            return [one.plain() for one in self.value]
        if isinstance(self.value, dict):
            return {name: one.plain() for name, one in self.value.items()}
        return self.value


def parse(text, *, name):
    """The one document of a YAML text (Spot). Every scalar stays text, so that "no" is a word and
    2026-01-01 a text until a field wants a date.

    Raises a Refusal with the line for what is not YAML, for a second document, repeated fields,
    aliases, tags, and nesting beyond 100 levels.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MOST:
        raise Refusal(
            f"{name} is larger than {MOST // 1_000_000} MB, which no theory is; check that "
            "it is the file you mean."
        )
    if odd := _UNPRINTABLE.search(text):
        raise refuse(
            name,
            f"line {_line(text, odd)}",
            f"there is a hidden character (U+{ord(odd[0]):04X}) that no text may hold; take "
            "it out.",
        )
    try:
        return _tree(text, name)
    except yaml.MarkedYAMLError as error:
        raise _unread(name, error) from None
    except (yaml.YAMLError, ValueError, OverflowError):
        raise refuse(
            name,
            f"line {_line(text, _TOO_HIGH.search(text))}",
            "a \\U in double quotes names no letter; type the letter itself.",
        ) from None


def _line(text, found):
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _tree(text, name):
    open_, root = [], None
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            raise refuse(
                name, f"line {line}", "a second document starts here; keep one theory in one file."
            )
        if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            open_.pop()
        if not isinstance(event, yaml.NodeEvent):
            continue
        spot = _spot(event, line, name)
        root = root or spot
        if open_:
            _place(open_[-1], spot, name)
        if not isinstance(event, yaml.ScalarEvent):
            open_.append([spot, None])
            if len(open_) > DEEPEST:
                raise refuse(
                    name,
                    f"line {line}",
                    f"this is nested more than {DEEPEST} levels deep; place it higher.",
                )
    return root or Spot(1, None)


def _spot(event, line, name):
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
        raise refuse(
            name,
            f"line {line}",
            f'"{sign}{event.anchor[:40]}" stands for another part of the file, which is not '
            "taken; write the text out, or put it in quotes.",
        )
    if event.tag is not None:
        raise refuse(
            name,
            f"line {line}",
            f'the tag "{event.tag[:60]}" asks to build something, which is not done; take '
            "the tag out, or put the text in quotes.",
        )
    if isinstance(event, yaml.SequenceStartEvent):
        return Spot(line, [])
    if isinstance(event, yaml.MappingStartEvent):
        return Spot(line, {})
    empty = event.implicit[0] and event.value in ("", "~", "null")
    return Spot(line, None if empty else event.value)


def _place(frame, spot, name):
    """Put a value where it belongs in what is open; a field's value takes the line of the field's
    name.
    """
    holder, key = frame
    if isinstance(holder.value, list):
        holder.value.append(spot)
    elif key is not None:
        spot.line, frame[1] = key.line, None
        holder.value[key.value] = spot
    elif not isinstance(spot.value, str):
        raise refuse(
            name,
            f"line {spot.line}",
            "a field's name must be a word; put a text that holds { } [ ] or ? in quotes.",
        )
    elif spot.value in holder.value:
        before = holder.value[spot.value].line
        raise refuse(
            name,
            f"line {spot.line}",
            f'the field "{spot.value[:60]}" stands twice here, first on line {before}; keep '
            "one of them.",
        )
    else:
        frame[1] = spot


def _unread(name, error):
    mark, said = error.problem_mark or error.context_mark, str(error.problem or error.context)
    hint = next((hint for sign, hint in _HINTS if sign in said), None)
    reason = (
        f"this cannot be read; {hint}."
        if hint
        else f"this cannot be read as YAML ({said}); compare it with the lines around it."
    )
    return refuse(name, f"line {mark.line + 1 if mark else 1}", reason)
