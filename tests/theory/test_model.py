"""The theory as a whole: what stands in it, in which order, and what cannot stand."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from see_the_system.messages import Refusal
from see_the_system.theory import kinds
from see_the_system.theory.faults import faults
from see_the_system.theory.fields import new_id
from see_the_system.theory.items import KINDS, MANY, OWNER, POINTERS, name_of, plain, read_item
from see_the_system.theory.kinds import (
    Answer,
    Category,
    Cause,
    Cycle,
    Driver,
    Dropped,
    Evidence,
    Member,
    Question,
    Step,
    Why,
)
from see_the_system.theory.model import Theory
from see_the_system.theory.revision import compare, describe_changes
from tests.theory.examples import empty, largest, school, school_items


def test_every_kind_of_the_work_is_there_with_id_author_and_time():
    assert len(KINDS) == 24 and set(MANY) | {"charter", "problem", "aim", "dropped"} == set(
        Theory.model_fields
    )
    assert {type(item).kind() for item in school().living()} == set(KINDS)
    for cls in KINDS.values():
        assert {"id", "author", "at", "order", "dropped"} <= set(cls.model_fields)


def test_what_points_and_what_hangs_is_read_from_the_kinds():
    assert OWNER == {
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
    }
    assert POINTERS["evidence"].keys() == {"about", "interviews", "quotes", "steps"}


def test_ids_are_short_stable_and_their_own():
    ids = {new_id("change_idea") for _ in range(2_000)}
    assert len(ids) == 2_000 and all(id.startswith("change-idea-") and len(id) == 20 for id in ids)
    assert Cause(parent="category-1", id="cause-mine").id == "cause-mine"


def test_items_stand_in_the_teams_order():
    theory = Theory.of(
        [
            Category(id="category-b", order=1),
            Category(id="category-a", order=2),
            Category(id="category-c", order=0.5),
        ]
    )
    assert [category.id for category in theory.categories] == [
        "category-c",
        "category-b",
        "category-a",
    ]
    assert Theory.of(school().items()) == school() == Theory.of(reversed(school_items()))


def test_plain_and_back_without_loss():
    for item in school_items():
        assert read_item(plain(item)) == item
    assert plain(Category(id="category-1", text="x")) == {
        "kind": "category",
        "id": "category-1",
        "text": "x",
    }


def test_what_was_dropped_stands_apart_with_all_under_it_and_nobody_names_it():
    gone = Dropped(why="no", author="Ana", at=datetime(2026, 1, 1, tzinfo=UTC))
    items = [
        Category(id="category-1", dropped=gone),
        Cause(id="cause-1", parent="category-1"),
        Why(id="why-1", parent="cause-1"),
        Category(id="category-2"),
        Cause(id="cause-2", parent="category-2"),
        Evidence(id="evidence-1", type="document", about=("cause-1", "cause-2")),
    ]
    theory = Theory.of(items)
    assert {item.id for item in theory.dropped} == {"category-1", "cause-1", "why-1"}
    assert theory.evidence[0].about == ("cause-2",) and theory.under("category-1", "cause") == []
    assert {
        revision.item.id: revision.why
        for revision in compare(
            Theory.of(
                [items[3], *(item.model_copy(update={"dropped": None}) for item in items[:3])]
            ),
            theory,
        )
        if revision.what == "dropped"
    } == {"category-1": "no", "cause-1": "no", "why-1": "no"}


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


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Member(level="elsewhere"), "level"),
        (lambda: Cause(parent="Category 1"), "parent"),
        (lambda: Cause(parent="category-1", confidence=101), "confidence"),
        (lambda: Cause(parent="category-1", part="weather"), "part"),
        (lambda: Category(text="x" * 201), "text"),
        (lambda: Category(text="\ud800"), "text"),
        (lambda: Category(texts="x"), "texts"),
        (lambda: Question(measure="gap", district="Alder"), "district"),
        (
            lambda: Answer(
                sentence="x", value=float("nan"), fingerprint="0" * 16, at=datetime.now(UTC)
            ),
            "value",
        ),
    ],
)
def test_a_field_takes_only_what_it_is_for(make, field):
    with pytest.raises(ValidationError) as refused:
        make()
    assert refused.value.errors()[0]["loc"] == (field,)


def test_control_characters_and_line_ends_are_cleaned():
    assert Category(text=" a\x00b\u2028c\r\nd\re ").text == "abc\nd\ne"


def test_a_why_stands_under_a_problem_that_nobody_has_written_yet():
    theory = Theory.of([Why(id="why-1", parent="problem", text="w")])
    assert [why.id for why in theory.under("problem", "why")] == ["why-1"] and theory.dropped == ()


def test_a_thing_is_called_by_its_kind_and_first_words():
    assert (
        name_of(school().by_id["change-idea-2"])
        == 'change idea "Move support to an advisory period"'
    )
    assert name_of(Cause(id="cause-1", parent="c")) == "cause cause-1"
    assert len(name_of(largest().causes[-1])) < 80


def test_then_and_now_of_the_example():
    revisions = compare(empty(), school())
    assert {revision.what for revision in revisions} == {"added"} and len(revisions) == len(
        school().living()
    )
    assert describe_changes(compare(school(), school())) == "Nothing changed between the two dates."
    gone = compare(school(), empty())
    assert describe_changes(gone).endswith(
        "Of those dropped, "
        f"{sum(item.id not in ('charter', 'problem', 'aim') for item in school().living()) + 3} "
        "without a word on why."
    )
