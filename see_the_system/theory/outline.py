"""The fishbone as an indented outline, the way people type it and paste it."""

import re
from collections import Counter

from pydantic import ValidationError

from see_the_system.messages import Refusal
from see_the_system.theory.items import DEEPEST, faults
from see_the_system.theory.kinds import Category, Cause, Problem
from see_the_system.theory.model import Theory, theory_of
from see_the_system.theory.questions_of_theory import walk
from see_the_system.theory.refusals import (
    MARK_OF_GIT,
    first_fault,
    line_refusal,
    must_be_readable,
    with_article,
)

NO_PROBLEM = "(no problem statement yet)"
_BULLET = re.compile(r"^([-*+•◦▪–]|\d{1,3}[.)])[ \t]+")
_FENCE = "```"  # around an outline that was copied from a page of Markdown
_HIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def in_one_line(text):
    """A text in one line (text)."""
    return " ".join(text.split())


def to_outline(theory):
    """The problem, the categories and the causes as an indented list (text).

    A word processor pastes it as it is.

    >>> time = Category(id="category-1", text="Time")
    >>> period = Cause(id="cause-1", parent="category-1", text="One open period")
    >>> print(to_outline(Theory.of([time, period])))
    (no problem statement yet)
    - Time
      - One open period
    <BLANKLINE>
    """
    theory = theory_of(theory)
    head = in_one_line(theory.problem.text) or NO_PROBLEM
    if _BULLET.match(head) or head.startswith(_FENCE) or MARK_OF_GIT.match(head):
        head = f"- {head}"  # so that only this bullet is taken off again
    lines = [head]
    for depth, item in walk(theory):
        indent = "  " * depth
        lines.append(f"{indent}- {in_one_line(item.text)}")
    return "\n".join(lines) + "\n"


def from_outline(text, *, name="outline.txt"):
    """The theory that an outline holds (Theory).

    The first line is the problem, then come categories, and causes indented under them. Bullets and
    numbers are taken off; tabs or spaces, not both. Raises a Refusal with the line for anything
    else. Ids count the lines of each kind, so that the same outline gives the same theory.
    """
    must_be_readable(text, _HIDDEN, name=name, thing="outline")
    lines = _lines(text.removeprefix("\ufeff"), name)
    if not lines:
        raise Refusal(
            f"{name} is empty; its first line is the problem, and the categories and causes follow."
        )
    (number, _, head), *rest = lines
    items = [_made(Problem, name, number, text="" if head == NO_PROBLEM else head)]
    count = Counter()
    line_of = {}
    above = []  # (indent, id) of each line that the next one may stand under
    for number, indent, words in rest:
        _close(above, indent, name, number)
        cls = Cause if above else Category
        count[cls] += 1
        fields = {"id": f"{cls.kind()}-{count[cls]}", "text": words, "order": count[cls]}
        if above:
            fields["parent"] = above[-1][1]
        item = _made(cls, name, number, **fields)
        items.append(item)
        line_of[item.id] = number
        above.append((indent, item.id))
    for item_id, _, _ in faults(items):  # nothing else can be wrong with what was just made
        raise line_refusal(
            name,
            line_of[item_id],
            f"this stands more than {DEEPEST:,} levels deep; place it higher.",
        )
    return Theory.trusted({item.id: item for item in items})


def _lines(text, name):
    """The lines that count, as (number, indent, words)."""
    lines = []
    first_use = {}  # of a tab or a space, and the line on which it first indents
    for number, whole in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        words = whole.strip()
        if not words or words.startswith(_FENCE):
            continue
        indent = whole[: len(whole) - len(whole.lstrip())]
        for letter in indent:
            first_use.setdefault(letter, number)
        if len(first_use) > 1:
            earlier = min(first_use.values())
            raise line_refusal(
                name, number, f"tabs and spaces are mixed; indent every line as line {earlier} is."
            )
        lines.append((number, len(indent), _BULLET.sub("", words, count=1).strip()))
    return lines


def _close(above, indent, name, number):
    """Leaves in ``above`` only what a line with this indent stands under."""
    if above and indent < above[0][0]:
        raise line_refusal(
            name,
            number,
            "this stands further left than the categories; the first line alone is the problem.",
        )
    closed = None
    while above and above[-1][0] >= indent:
        closed, _ = above.pop()
    if closed not in (None, indent):
        raise line_refusal(
            name,
            number,
            "this lines up with nothing above it; indent it as far as the lines that it stands "
            "beside.",
        )


def _made(cls, name, number, **fields):
    try:
        return cls(**fields)
    except ValidationError as error:
        _, reason = first_fault(error, cls.kind())
        thing = with_article(cls.kind())
        raise line_refusal(name, number, f"{thing}: {reason}") from None
