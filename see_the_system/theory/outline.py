"""The fishbone as an indented outline, the way people type it and Mermaid's ishikawa diagrams read
it.
"""

import html
import re

from pydantic import ValidationError

from see_the_system.messages import Refusal
from see_the_system.theory.faults import faults
from see_the_system.theory.kinds import Category, Cause, Problem
from see_the_system.theory.model import Theory
from see_the_system.theory.refusals import a, first, refuse

NO_PROBLEM = "(no problem statement yet)"
MOST = 5_000_000
_KEYWORD = re.compile(r"(ishikawa|fishbone)(-beta)?$", re.IGNORECASE)
_BULLET = re.compile(r"([-*+•◦▪–]|\d{1,3}[.)])[ \t]+")
_CODE = re.compile(r"#(\w{1,31});")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def walk(theory):
    """The fishbone from the first bone to the last, each category before its causes and each cause
    before those under it.

    Yields (depth, item): 0 for a category, 1 for a cause under it, and so on.
    """
    ahead = [(0, category) for category in reversed(theory.categories)]
    while ahead:
        depth, item = ahead.pop()
        yield depth, item
        ahead += [(depth + 1, cause) for cause in reversed(theory.under(item.id, "cause"))]


def line(text):
    """A text in one line (text)."""
    return " ".join(text.split())


def to_outline(theory):
    """The problem, the categories and the causes as an indented list (text), as a word processor
    pastes it.

    >>> print(to_outline(Theory.of([Category(id="category-1", text="Time"), Cause(id="cause-1", parent="category-1", text="One open period")])))
    (no problem statement yet)
    - Time
      - One open period
    <BLANKLINE>
    """
    head = line(theory.problem.text) or NO_PROBLEM
    head = f"- {head}" if _BULLET.match(head) or _ignored(head) or _KEYWORD.match(head) else head
    return (
        "\n".join([head, *(f"{'  ' * depth}- {line(item.text)}" for depth, item in walk(theory))])
        + "\n"
    )


def from_outline(text, *, name="outline.txt"):
    """The theory that an outline holds (Theory): the problem in the first line, then categories,
    and causes indented under them.

    Taken too: Mermaid's form, with its first line ``ishikawa-beta``; bullets and numbers; tabs or
    spaces, not both. Raises a Refusal with the line for anything else. Ids count the lines of each
    kind, so that the same outline gives the same theory.
    """
    if len(text) > MOST:
        raise Refusal(
            f"{name} is larger than {MOST // 1_000_000} MB, which no outline is; check that "
            "it is the file you mean."
        )
    lines = _lines(text.removeprefix("\ufeff"), name)
    if not lines:
        raise Refusal(
            f"{name} is empty; its first line is the problem, and the categories and causes follow."
        )
    (number, _, head), *rest = lines
    items = [_made(Problem, name, number, text="" if head == NO_PROBLEM else head)]
    above, count, lines_of = [], {Category: 0, Cause: 0}, {}
    for number, indent, words in rest:
        _rise(above, indent, name, number)
        cls = Cause if above else Category
        count[cls] += 1
        under = {"parent": above[-1][1]} if above else {}
        items.append(
            _made(
                cls,
                name,
                number,
                id=f"{cls.kind()}-{count[cls]}",
                text=words,
                order=count[cls],
                **under,
            )
        )
        lines_of[items[-1].id] = number
        above.append((indent, items[-1].id))
    if fault := next(faults(items), None):
        raise refuse(
            name,
            f"line {lines_of[fault[0]]}",
            "this stands more than 1,000 levels deep; place it higher.",
        )
    return Theory.trusted({item.id: item for item in items})


def _lines(text, name):
    """The lines that count, as (number, indent, words)."""
    if found := _CONTROL.search(text):
        number = text.count("\n", 0, found.start()) + 1
        raise refuse(
            name,
            f"line {number}",
            "there is a hidden character that no text may hold; take it out.",
        )
    lines, mermaid, used = [], False, {}
    for number, whole in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        words = whole.strip()
        if not words or _ignored(words):
            continue
        if not lines and not mermaid and _KEYWORD.match(words):
            mermaid = True
            continue
        space = whole[: len(whole) - len(whole.lstrip())]
        for letter in set(space):
            used.setdefault(letter, number)
        if len(used) > 1:
            raise refuse(
                name,
                f"line {number}",
                f"tabs and spaces are mixed; indent every line as line {min(used.values())} is.",
            )
        words = (
            _decoded(words)
            if mermaid
            else _BULLET.sub("", words, count=1)
            if _BULLET.match(words)
            else words
        )
        lines.append((number, len(space), words.strip()))
    return lines


def _ignored(words):
    return words.startswith(("%%", "```"))


def _decoded(words):
    return _CODE.sub(
        lambda code: html.unescape(f"&{'#' if code[1].isdecimal() else ''}{code[1]};"), words
    )


def _rise(above, indent, name, number):
    """Leaves in ``above`` only what a line with this indent stands under."""
    least = above[0][0] if above else indent
    if indent < least:
        raise refuse(
            name,
            f"line {number}",
            "this stands further left than the categories; the first line alone is the problem.",
        )
    left = None
    while above and above[-1][0] >= indent:
        left = above.pop()[0]
    if left is not None and left != indent:
        raise refuse(
            name,
            f"line {number}",
            "this lines up with nothing above it; indent it as far as the lines that it "
            "stands beside.",
        )


def _made(cls, name, number, **fields):
    try:
        return cls(**fields)
    except ValidationError as error:
        raise refuse(
            name, f"line {number}", f"{a(cls.kind())}: {first(error, cls.kind())[1]}"
        ) from None
