"""The theory as a whole: what stands in it, and in which order."""

from datetime import UTC, datetime

from see_the_system.theory.items import KINDS, MANY
from see_the_system.theory.kinds import Category, Cause, Dropped, Evidence, Why
from see_the_system.theory.model import Theory
from see_the_system.theory.state import compare
from tests.theory.examples import school, school_items


def test_every_kind_of_the_work_is_there_with_id_author_and_time():
    assert len(KINDS) == 24 and set(MANY) | {"charter", "problem", "aim", "dropped"} == set(
        Theory.model_fields
    )
    assert {type(item).kind() for item in school().living()} == set(KINDS)
    for cls in KINDS.values():
        assert {"id", "author", "at", "order", "dropped"} <= set(cls.model_fields)


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


def test_a_why_stands_under_a_problem_that_nobody_has_written_yet():
    theory = Theory.of([Why(id="why-1", parent="problem", text="w")])
    assert [why.id for why in theory.under("problem", "why")] == ["why-1"] and theory.dropped == ()
