"""The boxes of a form come from the kinds, with what stands in them and what the checks say."""

import json

import pytest

from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.theory.exchange import read
from see_the_system.theory.first_explanations import explanations
from see_the_system.theory.form_parts import PARTS, form_of
from see_the_system.theory.items import KINDS
from see_the_system.theory.kinds import Aim, Cause, Driver, Problem
from see_the_system.theory.model import Theory


@pytest.fixture(scope="module")
def example():
    return read(SAMPLE / "theory.yaml")


@pytest.mark.parametrize("part", PARTS)
def test_every_question_of_a_kind_has_its_box_and_its_value(example, part):
    form = json.loads(json.dumps(form_of(example, part)))  # JSON's own types, as a page takes them
    asked = [name for name, field in KINDS[form["kind"]].model_fields.items() if field.title]
    assert [field["name"] for field in form["fields"]] == asked
    for thing in form["things"]:
        assert list(thing["values"]) == asked
        item = KINDS[form["kind"]].model_validate(thing["values"] | {"id": thing["id"]})
        assert all(getattr(item, name) == getattr(example.by_id[item.id], name) for name in asked)


def test_boxes_are_of_the_type_of_what_they_hold(example):
    types = {field["name"]: field["type"] for field in form_of(example, "aim")["fields"]}
    assert types == {
        "text": "lines",
        "measure": "one",
        "population": "lines",
        "population_size": "number",
        "baseline": "number",
        "baseline_period": "line",
        "target": "number",
        "unit": "line",
        "by": "date",
    }
    driver = {field["name"]: field for field in form_of(example, "drivers")["fields"]}
    assert driver["level"]["begins"] == "primary" and driver["causes"]["type"] == "several"


def test_places_to_act_stand_first_among_the_causes_to_choose(example):
    fields = {field["name"]: field for field in form_of(example, "drivers")["fields"]}
    labels = [words for _, words in fields["causes"]["options"]]
    chosen = sum(cause.leverage for cause in example.causes)
    assert chosen == 3 and [label.endswith("(a place to act)") for label in labels] == (
        [True] * chosen + [False] * (len(labels) - chosen)
    )


def test_of_the_places_to_act_it_is_asked_whose_they_are_and_what_they_would_explain(example):
    places = form_of(example, "places")
    assert [field["name"] for field in places["fields"]] == ["control", "part"]
    chosen = [cause.id for cause in example.causes if cause.leverage]
    assert [thing["id"] for thing in places["things"]] == chosen and not places["add"]


def test_the_one_thing_of_a_part_is_there_before_anyone_wrote_it():
    [problem] = form_of(Theory.of([]), "problem")["things"]
    assert problem["id"] == "problem" and problem["values"]["text"] == ""
    assert [found["level"] for found in problem["findings"]] == ["should"]


def test_findings_stand_with_the_thing_they_are_about():
    theory = Theory.of(
        [
            Problem(text="Students fail because they do not care"),
            Aim(text="By June 15, 2028, 34 percent meet it", target=34.0),
            Driver(
                id="driver-one", level="primary", text="Students are placed by what they can do"
            ),
        ]
    )
    [problem] = form_of(theory, "problem")["things"]
    assert any("because" in found["what"] for found in problem["findings"])


def test_another_part_is_refused_with_the_near_ones():
    with pytest.raises(Refusal, match='There is no form "measure"; choose measures'):
        form_of(Theory.of([]), "measure")


def test_explanations_stay_explanations_on_whatever_bone_they_come_to_stand(example):
    moved = Cause(id="cause-first-one", parent="category-time", text="Late", confidence=70)
    kept = Cause(id="cause-other", parent="category-time", text="Another")
    found = explanations(Theory.trusted({each.id: each for each in (moved, kept)}))
    assert [(each["id"], each["confidence"]) for each in found["explanations"]] == [
        ("cause-first-one", 70)
    ]
    assert found["opened"] is False
