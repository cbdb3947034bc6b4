"""The fishbone as an indented outline, and what a team has to ask about its causes."""

import re
from collections import Counter
from typing import NamedTuple

from pydantic import ValidationError

from see_the_system.messages import Refusal, counted
from see_the_system.theory.evidence import grades
from see_the_system.theory.items import DEEPEST, faults, text_of
from see_the_system.theory.kinds import Category, Cause, Problem
from see_the_system.theory.model import Theory, theory_of, walk
from see_the_system.theory.refusals import (
    MARK_OF_GIT,
    first_fault,
    line_refusal,
    must_be_readable,
    with_article,
)

# What a team can put on a cause by hand; answers of the data come with their questions.
_EVIDENCE = {
    "interview": ("Heard in an interview", {"quotes": "quote", "interviews": "interview"}),
    "process": ("Seen in how a process runs", {"steps": "step"}),
    "document": ("Written in a document", {}),
    "research": ("Known from research", {}),
}


class Gathering(NamedTuple):
    """A cause that more is to be learned about: its id, its words, and who asks whom, by when.

    ``do`` is what the team has written as its plan, or asks for one; ``planned`` tells them apart.
    """

    id: str
    what: str
    do: str
    planned: bool


def evidence_to_gather(theory):
    """The causes with a plan of who asks whom, and those that rest on a hunch (list of Gathering).

    Those that the team chose come first. theory: a Theory or a Record. A plan is the newest note on
    the cause.
    """
    theory = theory_of(theory)
    grade_of = grades(theory)
    plans = {note.on: note.text for note in theory.notes if note.on and note.text}
    dots = Counter()
    for vote in theory.votes:
        dots[vote.on] += vote.dots
    causes = [item for _, item in walk(theory) if item.id in grade_of]
    found = [cause for cause in causes if cause.id in plans or grade_of[cause.id] == "hunch"]
    found.sort(key=lambda cause: (not cause.leverage, cause.id not in plans, -dots[cause.id]))
    return [_gathering(cause, plans.get(cause.id)) for cause in found]


def describe_evidence_to_gather(gatherings):
    """For how many causes a plan is written, and how many rest on a hunch without one (text).

    >>> describe_evidence_to_gather([])
    'No plan is written yet, and no cause rests on a hunch.'
    """
    planned = sum(gathering.planned for gathering in gatherings)
    open_yet = len(gatherings) - planned
    if not gatherings:
        return "No plan is written yet, and no cause rests on a hunch."
    plan = "No plan is written yet"
    if planned:
        plan = f"For {counted(planned, 'cause')} it is written who asks whom"
    if not open_yet:
        return f"{plan}."
    rest = "rests" if open_yet == 1 else "rest"
    return f"{plan}; {counted(open_yet, 'cause')} without a plan still {rest} on a hunch."


def evidence_shown(theory):
    """The evidence on each thing, as it is shown (dict of list of dict by id)."""
    found = {}
    for piece in theory.evidence:
        label = _EVIDENCE.get(piece.type, ("Asked of the data",))[0]
        # What the data answered is the evidence; why it speaks for the cause stands before it.
        answer = piece.answers[-1].sentence if piece.answers else ""
        text = " ".join(filter(None, (piece.text, answer))) or piece.source
        shown = {"id": piece.id, "label": label, "supports": piece.supports, "text": text}
        for item_id in piece.about:
            found.setdefault(item_id, []).append(shown)
    return found


def evidence_on_offer(theory):
    """The kinds of evidence that can be put on a cause by hand, with what the record has of each.

    A list of dict: ``type``, ``label``, and ``sources`` with their field, id and label.
    """
    found = []
    for kind, (label, fields) in _EVIDENCE.items():
        sources = [
            {"field": field, "id": item.id, "label": _source_label(theory, item)}
            for field, of_kind in fields.items()
            for item in theory.living()
            if item.kind() == of_kind
        ]
        found.append({"type": kind, "label": label, "sources": sources})
    return found


def _source_label(theory, item):
    text = in_one_line(text_of(item)) or "no words yet"
    if item.kind() == "quote":
        interview = theory.by_id.get(item.interview)
        return f"{interview.role or 'someone'}: “{text}”"
    if item.kind() == "interview":
        return f"All of the interview with a {item.role or 'person without a role'}"
    return text


def _gathering(cause, plan):
    do = plan or "Write who asks whom, and by when."
    return Gathering(cause.id, f"{cause.text}:", do, bool(plan))


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
