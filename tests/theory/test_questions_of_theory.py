"""What a theory rests on, what is measured, what was predicted: each told from its opposite."""

import pytest

from see_the_system.theory import kinds as k
from see_the_system.theory.model import (
    Theory,
    aim_parts,
    answered,
    below,
    chosen,
    full_name,
    in_numbers,
    measured,
    missed,
    predicted,
    unsupported,
    walk,
)
from tests.theory.examples import school


def question(**fields):
    return k.LearningQuestion(id="learning-question-9", cycle="cycle-1", **fields)


def ids(items):
    return [item.id for item in items]


def test_the_fishbone_is_walked_as_it_is_read():
    steps = [(depth, item.id) for depth, item in walk(school())]
    assert steps[:5] == [
        (0, "category-1"),
        (1, "cause-tasks"),
        (1, "cause-pacing"),
        (2, "cause-guide"),
        (0, "category-2"),
    ]
    assert len(steps) == len(school().categories) + len(school().causes)


def test_people_speak_of_a_test_where_the_record_has_a_cycle_and_of_nothing_else():
    text = "Exit questions " * 12
    assert full_name(k.Cycle(id="cycle-1", text="One class")) == 'test "One class"'
    assert full_name(k.Cycle(id="cycle-1")) == "test cycle-1"
    assert full_name(k.ChangeIdea(id="change-idea-1", text="Sort")) == 'change idea "Sort"'
    assert full_name(k.Norm(id="norm-1", text="cycle on")) == 'norm "cycle on"'
    assert full_name(k.Norm(id="norm-1", text=text)) == f'norm "{text[:119].rstrip()}…"'


def test_what_the_team_has_built_on_is_kept_as_leverage_or_behind_a_driver():
    items = [
        k.Category(id="category-1"),
        k.Cause(id="cause-1", parent="category-1", leverage=True, order=1),
        k.Cause(id="cause-2", parent="cause-1", order=2),
        k.Cause(id="cause-3", parent="cause-2", order=3),
        k.Driver(id="driver-1", level="primary", causes=("cause-3",)),
    ]
    theory = Theory.of(items)
    assert ids(chosen(theory)) == ["cause-1", "cause-3"]
    assert below(theory, theory.categories[0]) == ["cause-1", "cause-2", "cause-3"]
    assert below(theory, theory.by_id["cause-2"]) == ["cause-3"]


def test_a_driver_is_supported_by_its_causes_and_by_those_of_its_neighbours():
    drivers = [
        k.Driver(id="driver-1", level="primary"),
        k.Driver(id="driver-2", level="secondary", acts_on=("driver-1",), causes=("cause-1",)),
        k.Driver(id="driver-3", level="primary", causes=("cause-1",)),
        k.Driver(id="driver-4", level="secondary", acts_on=("driver-3",)),
        k.Driver(id="driver-5", level="primary"),
        k.Driver(id="driver-6", level="secondary", acts_on=("driver-5",)),
    ]
    cause = k.Cause(id="cause-1", parent="category-1")
    theory = Theory.of([k.Category(id="category-1"), cause, *drivers])
    assert ids(unsupported(theory)) == ["driver-5", "driver-6"]


def test_an_idea_has_its_own_measure_or_that_of_a_test():
    items = [
        *(k.ChangeIdea(id=f"change-idea-{n}") for n in range(4)),
        k.Measure(id="measure-1", type="process", of=("change-idea-0",)),
        k.Cycle(id="cycle-1", idea="change-idea-1", measures=("measure-1",)),
        k.Cycle(id="cycle-2", idea="change-idea-2"),
    ]
    found = measured(Theory.of(items))
    assert found == {"change-idea-0", "change-idea-1"}


def test_the_parts_of_an_aim_are_there_when_they_are_zero_too():
    parts = aim_parts(k.Aim(target=0.0, baseline=0.0))
    assert [name for name, there in parts.items() if there] == ["target", "baseline"]


def test_what_is_predicted_and_answered():
    cycle = k.Cycle(id="cycle-1")
    questions = [
        question(prediction="Two of 28"),
        question(low=0.0),
        question(high=0.0),
        question(text="Who changes course?", value=3.0),
    ]
    questions = [
        each.model_copy(update={"id": f"learning-question-{n}", "order": float(n)})
        for n, each in enumerate(questions)
    ]
    theory = Theory.of([cycle, *questions])
    assert ids(predicted(theory, cycle)) == [f"learning-question-{n}" for n in range(3)]
    assert [in_numbers(each) for each in questions] == [False, True, True, False]
    results = [question(), question(result="12 minutes"), question(value=0.0)]
    assert [answered(each) for each in results] == [False, True, True]


@pytest.mark.parametrize(
    ("low", "high", "value", "expected"),
    [
        (5.0, 10.0, 10.0, False),
        (5.0, 10.0, 10.1, True),
        (5.0, 10.0, 4.9, True),
        (5.0, None, 4.0, True),
        (5.0, None, 400.0, False),
        (None, 10.0, 11.0, True),
        (None, 10.0, -3.0, False),
        (12.0, 12.0, 12.4, False),
        (12.0, 12.0, 12.6, True),
        (2.3, 2.3, 2.35, False),  # the end of what rounds to 2.3
        (2.3, 2.3, 2.36, True),
        (0.25, 0.25, 0.254, False),
        (0.25, 0.25, 0.26, True),
        (120.0, 120.0, 121.0, True),
        (5.0, 10.0, None, False),
        (None, None, 7.0, False),
    ],
)
def test_a_prediction_in_numbers_is_missed_where_what_came_lies_outside(low, high, value, expected):
    assert missed(question(low=low, high=high, value=value)) is expected
