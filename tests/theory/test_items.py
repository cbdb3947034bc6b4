"""What there is for things of every kind: names, pointers, the plain form."""

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import kinds
from see_the_system.theory.items import (
    KINDS,
    OWNER,
    POINTERS,
    faults,
    name_of,
    plain,
    question_of,
    read_item,
)
from see_the_system.theory.kinds import Category, Cause, Cycle, Driver, Step, Why
from see_the_system.theory.model import Theory
from see_the_system.theory.wording import deficit
from tests.theory.examples import largest, school, school_items


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        (
            [Category(id="x-1"), Category(id="x-1", text="two")],
            'The id "x-1" stands for two things',
        ),
        ([Cause(id="c-1", parent="x-9")], 'names "x-9", which is not in this theory'),
        (
            [Cause(id="c-1", parent="problem")],
            'must name a category or a cause; "problem" is problem',
        ),
        ([Cause(id="c-1", parent="c-2"), Cause(id="c-2", parent="c-1")], "leads back to itself"),
        ([Why(id="w-1", parent="w-1")], "leads back to itself"),
        (
            [
                Driver(id="d-1", level="secondary", acts_on=("d-2",)),
                Driver(id="d-2", level="primary", acts_on=("d-1",)),
            ],
            "leads back to itself",
        ),
        (
            [Cycle(id="y-1", previous="y-2"), Cycle(id="y-2", previous="y-1")],
            "leads back to itself",
        ),
        (
            [
                Category(id="x-1"),
                *(Cause(id=f"c-{n}", parent=f"c-{n - 1}" if n else "x-1") for n in range(1_001)),
            ],
            "cause c-1000 places it more than 1,000 levels deep",
        ),
        (
            [*(Cause(id=f"c-{n}", parent=f"c-{(n + 1) % 20_000}") for n in range(20_000))],
            "leads back to itself",
        ),
        ([kinds.Aim(id="aim-2")], 'There is one aim, and its id is "aim"'),
        ([Step(id="s-1", lane="aim")], 'must name a lane; "aim" is aim'),
    ],
)
def test_what_cannot_stand_is_one_sentence(items, sentence):
    with pytest.raises(Refusal, match=sentence):
        Theory.of(items)
    assert len(list(faults(items))) >= 1


def test_what_points_and_what_hangs_is_read_from_the_kinds():
    assert {
        "cause": "parent",
        "why": "parent",
        "quote": "interview",
        "lane": "map",
        "step": "lane",
        "connection": "source",
        "learning_question": "cycle",
        "vote": "on",
    } | {
        kind: None
        for kind in KINDS
        if kind
        not in ("cause", "why", "quote", "lane", "step", "connection", "learning_question", "vote")
    } == OWNER
    assert POINTERS["evidence"].keys() == {"about", "interviews", "quotes", "steps"}


def test_plain_and_back_without_loss():
    for item in school_items():
        assert read_item(plain(item)) == item
    assert plain(Category(id="category-1", text="x")) == {
        "kind": "category",
        "id": "category-1",
        "text": "x",
    }


def test_a_sentence_names_a_thing_by_its_kind_and_first_words():
    idea = school().by_id["change-idea-2"]
    assert name_of(idea) == 'change idea "Move support to an advisory period"'
    assert name_of(Cause(id="cause-1", parent="c")) == "cause cause-1"
    assert len(name_of(largest().causes[-1])) < 80
    thing = Category(text="x" * 57 + "\n yz")
    assert name_of(thing) == f'category "{"x" * 57} yz"'
    assert name_of(thing, most=59) == f'category "{"x" * 57}…"'


OWN = {"id", "author", "at", "order", "dropped"}
FILLED_IN = [
    (kind, field) for kind, cls in KINDS.items() for field in cls.model_fields if field not in OWN
]


@pytest.mark.parametrize(("kind", "field"), FILLED_IN)
def test_every_field_that_people_fill_in_has_its_question_and_its_help(kind, field):
    question, hint = question_of(kind, field)
    assert question.endswith("?") and question[0].isupper() and len(question) <= 70
    assert hint.endswith(".") and hint[0].isupper() and len(hint) <= 130
    assert "  " not in question + hint and deficit(question) is None and deficit(hint) is None


def test_no_question_is_asked_twice_of_a_thing_and_the_record_asks_for_nothing_of_its_own():
    for kind, cls in KINDS.items():
        questions = [question_of(kind, field)[0] for field in cls.model_fields if field not in OWN]
        assert len(set(questions)) == len(questions), kind
    assert question_of("cause", "author") == question_of("aim", "id") == ("", "")
