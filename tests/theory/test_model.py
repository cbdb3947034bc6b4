"""The theory as a whole: what stands in it, and in which order."""

from datetime import UTC, datetime

import pytest

from see_the_system.diagrams.drivers import plot_drivers
from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.diagrams.five_whys import plot_five_whys
from see_the_system.diagrams.process_map import plot_process_map
from see_the_system.diagrams.then_and_now import plot_then_and_now
from see_the_system.messages import Refusal
from see_the_system.theory import evidence, exchange, outline
from see_the_system.theory.checks import check
from see_the_system.theory.items import KINDS, MANY
from see_the_system.theory.kinds import Category, Cause, Dropped, Evidence, Why
from see_the_system.theory.model import Theory
from see_the_system.theory.opening import new_record
from see_the_system.theory.progress import progress
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


def test_whatever_asks_something_of_a_theory_takes_a_record_in_its_place(tmp_path):
    theory = school()
    with new_record(tmp_path / "team.theory", team="T") as record:
        record.replace_with(theory, author="Ana")
        now = record.theory()
        for ask in (
            check,
            progress,
            evidence.grades,
            evidence.triangulation,
            evidence.describe_triangulation,
            exchange.to_yaml,
            exchange.causes_to_csv,
            outline.to_outline,
            lambda given: exchange.to_csv(given, "driver"),
            lambda given: compare(Theory(), given),
            lambda given: exchange.write(given, tmp_path / "team.yaml").read_text("utf-8"),
            lambda given: len(exchange.write_tables(given, tmp_path / "tables")),
            lambda given: evidence.ask(given, nothing_known).sentences,
            lambda given: evidence.shares(given, nothing_known),
            lambda given: plot_fishbone(given).svg(),
            lambda given: plot_drivers(given).svg(),
            lambda given: plot_process_map(given).svg(),
            lambda given: plot_five_whys(given).svg(),
            lambda given: plot_then_and_now(Theory(), given).svg(),
        ):
            assert ask(record) == ask(now)


def nothing_known(_):
    raise Refusal("The data do not say.")


@pytest.mark.parametrize("thing", [None, "team.theory", {}])
def test_what_is_no_theory_is_refused(thing):
    with pytest.raises(Refusal, match="is no theory; give a team's record"):
        check(thing)
