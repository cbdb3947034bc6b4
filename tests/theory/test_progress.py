"""How far the work has come, in words."""

from datetime import timedelta

from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from see_the_system.theory.progress import describe_progress, progress
from tests.theory.examples import WHEN, empty, largest, school, school_items


def of(items):
    return {stage.name: stage for stage in progress(Theory.of(items))}


def test_the_schools_stages_in_the_order_of_the_work():
    assert [(stage.name, stage.done, stage.of) for stage in progress(school())] == [
        ("team", 7, 7),
        ("problem", 6, 6),
        ("first theory", 2, 2),
        ("evidence", 0, 1),
        ("process", 1, 2),
        ("interviews", 4, 4),
        ("causes", 1, 2),
        ("aim", 5, 5),
        ("drivers", 3, 3),
        ("measures", 2, 3),
        ("tests", 3, 3),
    ]


def test_the_counts_behind_a_stage():
    stages = {stage.name: stage for stage in progress(school())}
    assert stages["evidence"].parts[0][:3] == ("bones with evidence for or against a cause", 3, 6)
    assert stages["process"].parts[1][:3] == ("steps that you have watched or asked about", 5, 7)
    assert [part[1:3] for part in stages["measures"].parts] == [(1, 1), (1, 3), (1, 1)]
    assert (
        stages["causes"].parts[1][1:3] == (1, 4)
        and stages["causes"].next == "Find a second kind of evidence for each cause you chose."
    )
    assert all(type(part.done) is int for stage in stages.values() for part in stage.parts)


def test_a_first_theory_written_after_the_first_figure_is_not_before_the_data():
    late = [
        item.model_copy(update={"at": WHEN + timedelta(days=1)})
        if isinstance(item, k.Cause)
        else item
        for item in school_items()
    ]
    assert (
        of(late)["first theory"].done == 1
        and "older than your first cause" in of(late)["first theory"].next
    )
    naive = [
        item.model_copy(update={"at": WHEN.replace(tzinfo=None) - timedelta(days=3)})
        if isinstance(item, k.Cause)
        else item
        for item in school_items()
    ]
    assert of(naive)["first theory"].done == 2


def test_taking_one_thing_away_takes_one_from_its_stage():
    for taken, stage, done in (
        ("member-4", "team", 6),
        ("norm-1", "team", 6),
        ("measure-3", "measures", 1),
        ("learning-question-1", "tests", 1),
    ):
        assert of([item for item in school_items() if item.id != taken])[stage].done == done


def test_a_large_theory():
    drivers = {stage.name: stage for stage in progress(largest())}["drivers"]
    assert [part[1:3] for part in drivers.parts] == [(1, 1), (0, 20), (30, 30)]


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
