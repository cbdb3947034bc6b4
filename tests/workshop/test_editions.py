"""Two editions from one stored lesson, and no facilitator's sentence in the team's."""

import json
import re

import nbformat
import pytest

from see_the_system.messages import Refusal
from see_the_system.paths import NOTEBOOKS
from see_the_system.workshop import editions
from tests.workshop.conftest import FACILITATOR_SENTENCE, code, text, write_lesson

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def lesson(lessons):
    return editions.read_lesson(lessons / "01_why.ipynb")


def sentences_of_the_facilitator(lesson):
    """Every sentence of every facilitator cell (list of texts), without what markdown adds."""
    cells = [cell.source for cell in lesson.cells if editions.is_for_facilitator(cell)]
    parts = [part for cell in cells for part in re.split(r"(?<=[.!?:])\s+|\n+", cell)]
    plain = [words(part) for part in parts]
    return [part for part in plain if len(part.split()) > 2]


def words(source):
    """A text as its words and nothing else, so that no mark and no line end hides a leak."""
    return " ".join(re.findall(r"[^\W_]+", source.casefold()))


def leaks(lesson, edition):
    """The facilitator's sentences that stand anywhere in an edition (list)."""
    whole = words(json.dumps(edition, ensure_ascii=False).replace("\\n", " "))
    return [sentence for sentence in sentences_of_the_facilitator(lesson) if sentence in whole]


def test_no_sentence_of_the_facilitator_reaches_the_team():
    for path in editions.lessons(NOTEBOOKS):
        lesson = editions.read_lesson(path)
        for_facilitators = [cell for cell in lesson.cells if editions.is_for_facilitator(cell)]
        assert all(cell.cell_type == "markdown" for cell in for_facilitators), path.name
        assert sentences_of_the_facilitator(lesson), path.name
        assert leaks(lesson, editions.team_edition(lesson)) == [], path.name


def test_nor_in_the_sample_and_a_leak_would_be_found(lesson):
    assert leaks(lesson, editions.team_edition(lesson)) == []
    wrapped = FACILITATOR_SENTENCE.replace(" a cause", "\n*a* cause")
    lesson.cells.append(text(f"## Step 3\n\n{wrapped}", "step-3"))
    assert leaks(lesson, editions.team_edition(lesson)) == [words(FACILITATOR_SENTENCE)]


def test_what_only_the_facilitator_has_is_found_in_the_facilitators(lesson):
    edition = editions.facilitator_edition(lesson)
    assert leaks(lesson, edition) == sentences_of_the_facilitator(lesson)
    assert [cell.id for cell in edition.cells] == [cell.id for cell in lesson.cells]
    note = edition.cells[1].source
    assert note == f"> {FACILITATOR_SENTENCE}\n>\n> Ask who decides."


def test_ids_stay_code_is_hidden_and_no_key_can_cut_it(lesson):
    edition = editions.team_edition(lesson)
    nbformat.validate(edition)
    ids = ["aims", "step-1", "practice", "step-2", "count", "bones"]
    assert [cell.id for cell in edition.cells] == ids
    for cell in edition.cells:
        assert cell.metadata["deletable"] is False
        if cell.cell_type == "code":
            assert cell.metadata["jupyter"] == {"source_hidden": True}
    assert edition.metadata.title == "Why does it happen here?"


def test_neither_output_nor_widget_state_is_in_an_edition(lesson):
    lesson.cells[3].outputs = [nbformat.v4.new_output("stream", text="what was stored")]
    lesson.cells[3].execution_count = 7
    lesson.metadata.widgets = {"state": {"of": "a widget"}}
    for edition in (editions.team_edition(lesson), editions.facilitator_edition(lesson)):
        written = nbformat.writes(edition)
        assert "what was stored" not in written and "a widget" not in written
        assert all(cell.get("execution_count") is None for cell in edition.cells)


def test_the_stored_lesson_itself_is_not_changed(lesson):
    before = nbformat.writes(lesson)
    editions.team_edition(lesson)
    editions.facilitator_edition(lesson)
    assert nbformat.writes(lesson) == before


def test_a_card_is_read_from_the_lesson(lesson):
    assert editions.card(lesson, "01_why.ipynb") == (
        "01_why.ipynb",
        "Why does it happen here?",
        "60",
        "Build a first fishbone, with a hunch on every bone.",
    )


@pytest.mark.parametrize(
    ("opening", "card"),
    [
        (
            "# A\n\n## What you will do\n\nDraw it. More.\n\n60-90 minutes",
            ("A", "60-90", "Draw it."),
        ),
        ("# A\n\nWhat you will do: *draw* it!", ("A", "", "")),
        ("no heading", ("02_name", "", "")),
    ],
)
def test_a_card_of_a_lesson_that_says_less(tmp_path, opening, card):
    path = write_lesson(tmp_path / "02_name.ipynb", text(opening, "aims"))
    assert editions.card(editions.read_lesson(path), path.name)[1:] == card


def test_a_facilitators_cell_says_nothing_on_the_card(tmp_path):
    notes = text("# Key\n\n5 minutes", "notes", tags=["facilitator"])
    path = write_lesson(tmp_path / "02_name.ipynb", notes, text("# A", "aims"))
    assert editions.card(editions.read_lesson(path), path.name)[1:] == ("A", "", "")


def test_a_fingerprint_knows_text_and_code_and_no_output(lesson):
    before = editions.fingerprint(lesson)
    lesson.cells[3].outputs = [nbformat.v4.new_output("stream", text="shown")]
    assert editions.fingerprint(lesson) == before
    lesson.cells[0].source += "!"
    assert editions.fingerprint(lesson) != before


def test_a_widget_is_not_stored_and_what_stands_beside_it_is(tmp_path):
    lesson = editions.read_lesson(write_lesson(tmp_path / "02_a.ipynb", code("w", "w")))
    shown = {VIEW: {"model_id": "1"}, "text/html": "<p>picture</p>", "text/plain": "words"}
    lesson.cells[0].outputs = [
        nbformat.v4.new_output("display_data", shown),
        nbformat.v4.new_output("display_data", {VIEW: {"model_id": "2"}}),
        nbformat.v4.new_output("stream", text="said"),
    ]
    lesson.metadata.widgets = {"state": {}}
    editions.without_widgets(lesson)
    first, last = lesson.cells[0].outputs
    assert first.data == {"text/html": "<p>picture</p>", "text/plain": "words"}
    assert last.text == "said" and "widgets" not in lesson.metadata


def test_what_is_no_notebook_is_a_sentence(tmp_path):
    path = tmp_path / "01_broken.ipynb"
    path.write_text("{")
    with pytest.raises(Refusal, match=r"01_broken.ipynb cannot be read as a notebook: put"):
        editions.read_lesson(path)
