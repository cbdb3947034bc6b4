"""A lesson's steps, read from its headings and its facilitator's cells."""

import re

import nbformat
import pytest

from see_the_system.messages import Refusal
from see_the_system.paths import NOTEBOOKS
from see_the_system.workshop import editions
from see_the_system.workshop.run_sheet import read_path, read_steps
from tests.workshop.conftest import text, write_lesson

TITLE = """# Look twice

**Time:** 30 minutes, in one step. **You need:** a pen,
and *time*."""
BEFORE = """**For the facilitator.** Press *Run*.

**Before the session (10 minutes).** Put out pens.

**The 30 minutes:** opening 10, step 1: 20. Short of time? Keep step 1."""
STEP = """## Step 1 · Look (20 minutes)

Read this.

**Activity 1.1, in pairs (15 minutes).** Look *once*.
Then again.

**Activity 1.2.** Tell."""
NOTE = """**Facilitator · step 1 and close (20 minutes: 15 in pairs, 5 aloud).** Keep time.

**Likely answers.** It is red.

**Ask:** "What did you see?"

| what you hear | the move |
|---|---|
| nothing | wait |

**Cut, when time runs out:** activity 1.2."""


def note(source, name):
    return text(source, name, tags=["facilitator"])


@pytest.fixture
def folder(tmp_path):
    opening = text("## Opening (10 minutes)\n\nWelcome.", "opening")
    cells = [note(BEFORE, "before"), opening, text(STEP, "step-1"), note(NOTE, "note-1")]
    write_lesson(tmp_path / "01_look.ipynb", text(TITLE, "title"), *cells)
    return tmp_path


def test_all_that_the_sheet_says_is_read_from_the_lesson(folder):
    opening, step = read_path(folder)
    assert step.lesson == (
        "01",
        "Look twice",
        30,
        "a pen, and time.",
        "Put out pens.",
        "Keep step 1.",
    )
    assert opening == (step.lesson, 0, "Opening", 10, (), (), "")
    assert step[1:4] == (1, "Step 1 · Look", 20)
    assert step.does == (
        ("Activity 1.1, in pairs (15 minutes)", "Look once. Then again."),
        ("Activity 1.2", "Tell."),
    )
    assert step.says == ("Minutes: 15 in pairs, 5 aloud.", "Keep time.", 'Ask: "What did you see?"')
    assert step.cut == "activity 1.2."


def test_minutes_that_do_not_add_up_are_a_sentence(folder):
    path = folder / "01_look.ipynb"
    lesson = editions.read_lesson(path)
    lesson.cells[2].source = lesson.cells[2].source.replace("(10 minutes)", "(11 minutes)")
    nbformat.write(lesson, path)
    with pytest.raises(
        Refusal, match=r"01_look.ipynb do not add up: it says 30, its steps have 31"
    ):
        read_steps(path)


def test_a_lesson_is_chosen_by_its_number_or_refused(folder):
    write_lesson(
        folder / "02_b.ipynb", text("# B\n\n5 minutes", "b"), text("## B (5 minutes)", "c")
    )
    assert [step.lesson.number for step in read_path(folder, ["2"])] == ["02"]
    assert [step.lesson.number for step in read_path(folder)] == ["01", "01", "02"]
    with pytest.raises(
        Refusal, match=r"There is no lesson 07 in .*: the lessons there are 01, 02\."
    ):
        read_path(folder, ["7", "02"])


def test_every_stored_lesson_has_its_steps_and_each_tells_the_facilitator_something():
    steps = read_path(NOTEBOOKS)
    numbers = [path.name[:2] for path in editions.lessons(NOTEBOOKS)]
    assert list(dict.fromkeys(step.lesson.number for step in steps)) == numbers
    for step in steps:
        assert step.says, f"{step.lesson.number} {step.name}"
        assert all(step.lesson), step.lesson.number
        first = re.match(r"(Opening|Step \d+ · \w+)", step.name)
        assert first and (step.at == 0) == (step.name == "Opening")
    assert sum(bool(step.does) for step in steps) > len(steps) / 2
