"""A lesson as steps with their minutes, read from its own headings and facilitator's cells.

A step begins at a heading that ends in ``(10 minutes)``. What the team does stands after
``**Activity 1.1 ...**``. Of the facilitator's cell at that step: the first paragraph, those that
begin with a word of ``SAID``, and what stands after ``**Cut, ...**``; its answers stay there.
"""

import re
from pathlib import Path
from typing import NamedTuple

from see_the_system.messages import Refusal
from see_the_system.workshop import editions

SAID = ("Ask", "Aloud", "Do not", "Rank", "Set nothing", "Voice of rank")
_HEADING = re.compile(r"## (.+?) \((\d+) min(?:ute)?s?\)\s*$", flags=re.MULTILINE)
_ACTIVITY = re.compile(r"\*\*(Activity [^*]+?)\.?\*\*\s*(.+)", flags=re.DOTALL)
_LEAD = re.compile(
    r"\*\*Facilitator · [^(*]+(?:\(\d+ min\w+(?:: (.+?))?\))?\.\*\*(.*)", flags=re.DOTALL
)
_SAID = re.compile(rf"\*\*(?:{'|'.join(SAID)})\b")


class RunLesson(NamedTuple):
    """What the sheet says of a whole lesson."""

    number: str
    title: str
    minutes: int
    needs: str
    before: str
    short: str


class RunStep(NamedTuple):
    """A step: what the team does (pairs), what the facilitator says, what may be cut."""

    lesson: RunLesson
    at: int
    name: str
    minutes: int
    does: tuple
    says: tuple
    cut: str


def read_path(folder, numbers=()):
    """The steps of a folder's lessons in their order (list of RunStep), or of those numbered."""
    stored = {path.name[:2]: path for path in editions.lessons(folder)}
    wanted = sorted({number.zfill(2) for number in numbers}) or list(stored)
    missing = [number for number in wanted if number not in stored]
    if missing or not stored:
        there = ", ".join(stored) or "none"
        raise Refusal(
            f"There is no lesson {' '.join(missing)} in {folder}: the lessons there are {there}."
        )
    return [step for number in wanted for step in read_steps(stored[number])]


def read_steps(path):
    """The steps of a stored lesson (list of RunStep); Refusal where its minutes do not add up."""
    notebook = editions.read_lesson(path)
    card = editions.card(notebook, Path(path).name)
    heading, texts, notes = "", {"": ""}, {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = _HEADING.match(cell.source)
            heading = found[0] if found else heading
            kept = notes if editions.is_for_facilitator(cell) else texts
            kept[heading] = kept.get(heading, "") + cell.source + "\n\n"
    before, needs = notes.get("", ""), _after(r"You need:\*\*", texts.pop(""))
    total = sum(int(_HEADING.match(each)[2]) for each in texts)
    if str(total) != card.minutes:
        raise Refusal(
            f"The minutes of {card.file} do not add up: it says {card.minutes or 'none'}, its "
            f"steps have {total}; a step begins with '## Step 1 · Look (10 minutes)'."
        )
    ready, short = (
        _after(r"Before the session[^*]*\*\*", before),
        _after(r"Short of time\?", before),
    )
    lesson = RunLesson(card.file[:2], card.title, total, needs, ready, short)
    return [_step(lesson, at, *each, notes) for at, each in enumerate(texts.items())]


def _step(lesson, at, heading, text, notes):
    name, minutes = _HEADING.match(heading).groups()
    note = notes.get(heading, "")
    parts = note.split("\n\n")
    found = next(filter(None, map(_LEAD.match, parts)), None)
    split, lead = found.groups() if found else ("", "")
    says = [
        f"Minutes: {split}." if split else "",
        lead,
        *(part for part in parts if _SAID.match(part)),
    ]
    activities = filter(None, map(_ACTIVITY.match, text.split("\n\n")))
    return RunStep(
        lesson,
        at,
        name,
        int(minutes),
        tuple((found[1], editions.plain(found[2])) for found in activities),
        tuple(editions.plain(each) for each in says if each.strip()),
        _after(r"Cut, [^*]*\*\*", note),
    )


def _after(label, text):
    """What stands after a label, to the end of its paragraph (text)."""
    found = re.search(rf"{label}\s*(.+?)(?=\n\n|\Z)", text, flags=re.DOTALL)
    return editions.plain(found[1]) if found else ""
