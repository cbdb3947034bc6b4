"""The two editions of a lesson, the team's and the facilitator's, and the page that lists them.

A cell tagged ``facilitator`` is for the facilitator alone, and is text. What the start page says of
a lesson is read from the lesson too: its first heading; the first number of minutes in it; the
sentence after "What you will do".
"""

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import nbformat

from see_the_system.messages import Refusal
from see_the_system.paths import write_whole
from see_the_system.theory.opening import SETTINGS

START_PAGE = Path(SETTINGS, "start.html")
HERE = files("see_the_system.workshop")
TAG = "facilitator"
LESSONS = "[0-9][0-9]_*.ipynb"
_KEPT = (
    "kernelspec",
    "language_info",
)  # of a notebook's own metadata; a widget's state is there too
_MARKS = re.compile(
    r"[*_`]+|\[(?=[^\]]*\]\()|(?<=\w)\]\([^)]*\)"
)  # markdown's, and a link's address
_WIDGET = "application/vnd.jupyter.widget-view+json"
_TITLE = re.compile(r"^# +(.+?)\s*$", flags=re.MULTILINE)
_MINUTES = re.compile(r"(\d+(?:\s*(?:-|–|to)\s*\d+)?)[\s-]+min(?:ute)?s?\b")
_PRODUCT = re.compile(r"What you will do[^\w]*([A-Z].*?[.!?])(?=\s|$)", flags=re.DOTALL)


class LessonCard(NamedTuple):
    """What the start page says of a lesson; a text that the lesson does not give is empty."""

    file: str
    title: str
    minutes: str
    product: str


def lessons(folder):
    """The stored lessons of a folder in their order (list of Path)."""
    return sorted(Path(folder).glob(LESSONS))


def read_lesson(path):
    """A notebook (NotebookNode); Refusal where the file is none."""
    try:
        return nbformat.read(path, as_version=4)
    except (OSError, ValueError, nbformat.ValidationError) as fault:
        raise Refusal(
            f"{path} cannot be read as a notebook: put the lesson's own file back in its place."
        ) from fault


def team_edition(lesson):
    """A lesson as the team sees it (NotebookNode): no facilitator cell, no output."""
    return _edition(lesson, [cell for cell in lesson.cells if not is_for_facilitator(cell)])


def facilitator_edition(lesson):
    """A lesson as the facilitator sees it (NotebookNode): every cell, no output.

    What is for the facilitator alone is set off from what the team reads, by a line at its left.
    """
    return _edition(lesson, [_set_off(cell) for cell in lesson.cells])


def is_for_facilitator(cell):
    """Whether a cell is for the facilitator alone (bool)."""
    return TAG in cell.metadata.get("tags", [])


def card(lesson, file):
    """What the start page says of a lesson (LessonCard)."""
    text = "\n\n".join(
        cell.source
        for cell in lesson.cells
        if cell.cell_type == "markdown" and not is_for_facilitator(cell)
    )
    title = _found(_TITLE, text) or Path(file).stem
    return LessonCard(file, title, _found(_MINUTES, text), _found(_PRODUCT, text))


def write_start_page(path, *, team, cards, practice, run_sheet=""):
    """Write the start page of a team with the ``cards`` of its lessons to a file.

    run_sheet: the facilitator's, as a path in the team's folder; no link where it is empty.
    """
    import jinja2

    template = jinja2.Template((HERE / "start.html.j2").read_text("utf-8"), autoescape=True)
    lessons = [{**card._asdict(), "link": f"voila/render/{quote(card.file)}"} for card in cards]
    page = template.render(
        team=team, lessons=lessons, practice=practice, run_sheet=run_sheet, css=style()
    )
    write_whole(path, page)


def style():
    """What all pages of a workshop look like (text, CSS)."""
    return (HERE / "workshop.css").read_text("utf-8")


def fingerprint(notebook):
    """What tells a lesson whose text or code was changed (text); outputs and counts do not."""
    written = [[cell.cell_type, cell.source] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(written).encode()).hexdigest()


def without_widgets(notebook):
    """A notebook without widgets and their state, which a later kernel knows nothing of.

    What else the same output shows is kept: a picture, its words (NotebookNode, changed in place).
    """
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        shown = cell.get("outputs", [])
        for output in shown:
            output.get("data", {}).pop(_WIDGET, None)
        if shown:
            cell["outputs"] = [output for output in shown if output.get("data") != {}]
    return notebook


def plain(text):
    """A text without markdown's marks and line ends (text)."""
    return " ".join(_MARKS.sub("", text).split())


def _edition(lesson, cells):
    metadata = {name: lesson.metadata[name] for name in _KEPT if name in lesson.metadata}
    edition = nbformat.v4.new_notebook(metadata=metadata, cells=[_cell(cell) for cell in cells])
    edition.metadata.title = card(lesson, "Lesson").title
    return edition


def _set_off(cell):
    if not is_for_facilitator(cell):
        return cell
    lines = [f"> {line}".rstrip() for line in cell.source.splitlines()]
    return nbformat.from_dict({**cell, "source": "\n".join(lines)})


def _cell(cell):
    """A cell of an edition: its code hidden and without output; no key can cut it."""
    metadata = {**cell.metadata, "deletable": False}
    if cell.cell_type != "code":
        return nbformat.from_dict({**cell, "metadata": metadata})
    metadata["jupyter"] = {**cell.metadata.get("jupyter", {}), "source_hidden": True}
    return nbformat.v4.new_code_cell(cell.source, id=cell.id, metadata=metadata)


def _found(pattern, text):
    """What a pattern finds, as plain words (text); empty where it finds nothing."""
    found = pattern.search(text)
    return plain(found[1]) if found else ""
