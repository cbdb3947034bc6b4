"""Every lesson has the shape that a room can rely on; what a lesson says is not tested here."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

import helpers
from see_the_system.theory.wording import deficit
from see_the_system.workshop.editions import is_for_facilitator, lessons

ROOT = Path(__file__).parents[2]
LESSONS = lessons(ROOT / "notebooks")
TAGS = {"facilitator"}
STEP = re.compile(r"^## (?:Step (\d+) · .+|Opening) \((\d+) minutes\)$", flags=re.MULTILINE)


@pytest.fixture(params=LESSONS, ids=lambda path: path.stem)
def lesson(request):
    return nbformat.read(request.param, as_version=4)


def text(lesson, *, facilitator):
    """The text of a lesson's cells for the facilitator, or of all the others (text)."""
    cells = [cell for cell in lesson.cells if cell.cell_type == "markdown"]
    return "\n\n".join(cell.source for cell in cells if is_for_facilitator(cell) == facilitator)


def test_there_is_a_lesson():
    assert LESSONS != []


def test_one_title_and_headings_in_order(lesson):
    levels = [
        len(found) for found in re.findall(r"^(#+) ", text(lesson, facilitator=False), re.MULTILINE)
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not re.search(r"^#", text(lesson, facilitator=True), flags=re.MULTILINE)


def test_the_minutes_of_the_steps_are_those_of_the_lesson(lesson):
    team = text(lesson, facilitator=False)
    [whole] = re.findall(r"\*\*Time:\*\* (\d+) minutes", team)
    steps = STEP.findall(team)
    assert sum(int(minutes) for _, minutes in steps) == int(whole)
    numbers = [int(number) for number, _ in steps if number]
    assert numbers == list(range(1, len(numbers) + 1))
    stated = re.findall(r"(?:opening|step \d+):? (\d+)", text(lesson, facilitator=True))
    assert [minutes for _, minutes in steps] == stated[: len(steps)]
    assert 60 <= int(whole) <= 120


def test_what_we_will_do_is_what_we_have_done(lesson):
    team = text(lesson, facilitator=False)
    aims, done = (
        re.search(rf"\*\*{word}\*\*\n\n((?:- .+\n?)+)", team)[1] for word in ("We will", "We have")
    )
    assert aims.count("\n- ") == done.count("\n- ") >= 2
    assert re.search(r"\*\*What you will do:\*\* [A-Z][^.]+\.", team)
    assert re.search(r"\*\*What you will learn:\*\* to ", team)


def test_each_step_has_a_note_for_the_facilitator(lesson):
    steps = [number for number, _ in STEP.findall(text(lesson, facilitator=False)) if number]
    notes = re.findall(r"\*\*Facilitator · step (\d+)", text(lesson, facilitator=True))
    assert notes == steps


def test_cells_say_what_they_are_and_code_is_short_hidden_and_safe_from_keys(lesson):
    ids = [cell.id for cell in lesson.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9-]+", name) for name in ids)
    for cell in lesson.cells:
        assert set(cell.metadata.get("tags", [])) <= TAGS
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 12
            assert cell.metadata.jupyter.source_hidden and cell.metadata.deletable is False
            assert "tags" not in cell.metadata


def test_a_lesson_imports_from_helpers_alone_and_names_what_is_there(lesson):
    code = "\n".join(cell.source for cell in lesson.cells if cell.cell_type == "code")
    imports = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    assert {node.module for node in imports} == {"helpers"}
    assert not any(isinstance(node, ast.Import) for node in ast.walk(ast.parse(code)))
    named = {alias.name for node in imports for alias in node.names}
    assert named <= set(helpers.__all__)
    used = {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}
    assert named <= used


def test_stored_outputs_have_words_and_no_widget(lesson):
    outputs = [
        output for cell in lesson.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    assert outputs != []
    for output in outputs:
        assert set(output.data) == {"text/html", "text/plain"}
        assert len(output.data["text/plain"].split()) > 3
        for picture in re.findall(r"<svg.*?</svg>", output.data["text/html"], flags=re.DOTALL):
            assert "<title" in picture and "<desc" in picture


def test_links_lead_somewhere(lesson):
    everything = text(lesson, facilitator=False) + text(lesson, facilitator=True)
    for link in re.findall(r"\]\(([^)]+)\)", everything):
        assert link.startswith("https://") or (ROOT / "notebooks" / link).exists()


def syllables(word):
    """About how many syllables an English word has (int): its runs of vowels, a last e apart."""
    word = word.lower()
    runs = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee"))
    return max(1, runs - (silent and runs > 1))


def reading_grade(text):
    """The grade in which a text is read with ease (float).

    Kincaid, Fishburne, Rogers and Chissom (1975): 0.39 words a sentence + 11.8 syllables a word,
    less 15.59.
    """
    sentences = [
        each for each in re.split(r"[.?!]+(?=\s|$)|\n\n", text) if re.search(r"[a-z]", each)
    ]
    words = re.findall(r"[A-Za-z][a-z']*", " ".join(sentences))
    beats = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * beats / len(words) - 15.59


def test_the_reading_grade_is_that_of_its_formula():
    assert reading_grade("The cat sat on the mat. It was fat.") == pytest.approx(-2.0, abs=0.5)
    assert (
        reading_grade("Institutional accountability necessitates organizational transparency.") > 25
    )


def test_a_tired_teacher_reads_it_with_ease(lesson, record_property):
    """Grade 8 or below, and the grade is told in the report of the tests."""
    plain = re.sub(
        r"^\|.*$|[*_#`|>]|\(http[^)]+\)", " ", text(lesson, facilitator=False), flags=re.MULTILINE
    )
    grade = reading_grade(plain)
    record_property("reading grade", round(grade, 1))
    print(f"reading grade {grade:.1f}")
    assert grade <= 8


def test_no_sentence_of_ours_blames(lesson):
    own = re.sub(r'"[^"]*"|\*[^*\n]+\*', "", text(lesson, facilitator=False))
    sentences = re.split(r"(?<=[.?!])\s+", own)
    assert [sentence for sentence in sentences if deficit(sentence)] == []
