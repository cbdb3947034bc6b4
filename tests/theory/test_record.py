"""The record of a theory: what several people at once do to it, in SQLite and PostgreSQL alike."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category, Cause, Member
from see_the_system.theory.model import Theory
from see_the_system.theory.opening import new_record, open_record
from tests.theory.examples import school

pytestmark = pytest.mark.usefixtures("quick_disk")


def test_what_was_added_is_there_with_author_and_time_in_its_place(record, bone):
    before = datetime.now(UTC)
    ids = [
        record.add(Cause(parent=bone, text=text), author="Ben") for text in ("one", "two", "three")
    ]
    causes = record.theory().causes
    assert [cause.id for cause in causes] == ids and [cause.text for cause in causes] == [
        "one",
        "two",
        "three",
    ]
    assert {cause.author for cause in causes} == {"Ben"} and before <= causes[0].at <= causes[
        2
    ].at <= datetime.now(UTC)


def test_what_is_opened_again_is_the_same(place, record, bone):
    record.replace_with(school(), author="Ana", why="the worked example")
    with place.open() as again:
        assert again.theory() == record.theory() and again.number == record.number == 2
        assert again.theory().causes == school().causes
        assert [item.dropped.why for item in again.theory().dropped] == ["the worked example"]
    assert record.verify() == 2
    record.undo(author="Ana")
    assert [category.text for category in record.theory().categories] == [
        "Time"
    ] and record.theory().causes == ()


def test_an_edit_is_made_on_the_newest_state(place, record, bone):
    with place.open() as other:
        cause = other.add(Cause(parent=bone, text="from the other tab"), author="Ben")
        record.change(cause, text="changed here", author="Ana")
        other.change(cause, control="ours", author="Ben")
        assert (
            other.theory().causes[0].text == "changed here"
            and other.theory().causes[0].control == "ours"
        )
        assert record.refresh() == 1 and record.theory() == other.theory()


def test_text_of_every_kind_comes_back_as_it_was(place, record):
    said = (
        "«Ñandú» 数学 รอบ نعم 👩‍🏫 'quotes' \"double\" <b>&amp;</b> ; DROP TABLE edits; -- %s \\ "
        "{x}\n\tsecond line"
    )
    member = record.add(Member(name=said.split("\n")[0], role="r"), author="Zoë 数")
    record.change("charter", purpose=said + "\x00\r\nthird", author="Zoë 数")
    with place.open() as again:
        assert (
            again.theory().members[0].id == member
            and again.theory().members[0].name == said.split("\n")[0]
        )
        assert (
            again.theory().charter.purpose == said + "\nthird"
            and again.history(most=1)[0].author == "Zoë 数"
        )


def test_a_record_is_begun_once(place, record):
    with pytest.raises(Refusal, match=r"already"):
        place.begin()


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "change", "drop", "move", "undo", "redo", "back"]),
        st.sampled_from(["Ana", "Ben"]),
        st.integers(0, 30),
        st.integers(0, 30),
    ),
    max_size=40,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(OPERATIONS)
def test_whatever_people_do_the_edits_lead_to_the_state_and_back(tmp_path_factory, operations):
    with new_record(tmp_path_factory.mktemp("r") / "team.theory", team="T") as record:
        record.add(Category(id="category-1", text="c"), author="Ana")
        states = {1: record.theory()}
        for what, author, one, two in operations:
            ids = [
                "category-1",
                *(item.id for item in record.theory().items() if item.id.startswith("cause")),
            ]
            chosen = ids[one % len(ids)]
            other = ids[two % len(ids)]
            try:
                match what:
                    case "add":
                        record.add(Cause(parent=chosen, text=f"{one}"), author=author)
                    case "change":
                        record.change(chosen, text=f"{one} {two}", author=author)
                    case "drop":
                        record.drop(chosen, author=author)
                    case "move":
                        record.move(chosen, under=other, author=author)
                    case "back":
                        record.bring_back(chosen, author=author)
                    case _:
                        getattr(record, what)(author=author)
            except Refusal:
                pass
            states[record.number] = record.theory()
            Theory.of(record.theory().items())
        assert all(record.theory(at=number) == state for number, state in states.items())
        record.verify()
        with open_record(record.database.path) as again:
            assert again.theory() == record.theory()
