"""How far the work has come, in words."""

from see_the_system.theory.model import Theory
from see_the_system.theory.progress import describe_progress, progress
from tests.theory.examples import empty, school, school_items


def test_an_empty_theory_has_nothing_done_and_one_next_step():
    stages = progress(empty())
    assert [stage.done for stage in stages] == [0] * 11 and not any(stage.begun for stage in stages)
    assert (
        describe_progress(stages)
        == "Nothing is written down yet. Next: Name someone on the team who can decide."
    )
    assert all(stage.next.endswith(".") or stage.next.endswith("?") for stage in stages)


def test_words_for_the_school():
    assert describe_progress(progress(school())) == (
        "Complete: Team set up, Problem, First theory before the data, Interviews, Aim, "
        "Drivers, Tests of change. "
        "Begun: Evidence (3 of 6 bones with evidence for or against a cause), "
        "Process map (5 of 7 steps that you have watched or asked about), "
        "Causes chosen (1 of 4 chosen causes with two kinds of evidence), Measures (1 of 3 "
        "change ideas with a measure). "
        "Next: Choose a bone that has no evidence yet, and look for some for or against one "
        "of its causes."
    )


def test_when_everything_is_there_it_says_so():
    stages = [stage for stage in progress(school()) if stage.done == stage.of]
    assert describe_progress(stages).endswith("Every stage is in the record.")


def test_a_stage_with_one_thing_missing_counts_its_parts_and_not_that_thing():
    items = [item for item in school_items() if item.id not in ("member-4", "note-1")]
    stages = [stage for stage in progress(Theory.of(items)) if stage.name == "team"]
    assert describe_progress(stages) == (
        "Begun: Team set up (6 of 7). Next: Make room for students' voice on the team."
    )
