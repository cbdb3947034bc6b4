"""The record of a theory: what editing, undo, time and several people at once do, in SQLite and in
PostgreSQL alike.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category, Cause, Driver, Evidence, Member
from see_the_system.theory.model import Theory
from see_the_system.theory.record import new_record, open_record
from see_the_system.theory.revision import describe_changes
from tests.theory.examples import school


def texts(record):
    return [cause.text for cause in record.theory().causes]


@pytest.fixture
def bone(record):
    return record.add(Category(text="Time"), author="Ana")


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
    record.take_in(school(), author="Ana", why="the worked example")
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


def test_links_of_two_people_both_stay(place, record, bone):
    first, second = (record.add(Cause(parent=bone, text=text), author="Ana") for text in "ab")
    driver = record.add(Driver(level="secondary", text="d"), author="Ana")
    with place.open() as other:
        record.link(driver, "causes", first, author="Ana")
        other.link(driver, "causes", second, author="Ben")
        assert other.theory().drivers[0].causes == (first, second)
        record.unlink(driver, "causes", first, author="Ana")
        assert record.theory().drivers[0].causes == (second,)
        assert (
            other.link(driver, "causes", second, author="Ben") == record.number
        )  # nothing new, no edit


def test_an_edit_of_what_was_dropped_is_refused_in_a_sentence(place, record, bone):
    cause = record.add(Cause(parent=bone, text="Late results"), author="Ana")
    with place.open() as other:
        record.drop(cause, why="merged", author="Ana")
        number = record.number
        for edit in (
            lambda: other.change(cause, text="x", author="Ben"),
            lambda: other.add(Cause(parent=cause, text="y"), author="Ben"),
            lambda: other.drop(cause, author="Ben"),
            lambda: other.move(cause, before=None, author="Ben"),
        ):
            with pytest.raises(
                Refusal,
                match=r'The cause "Late results" was dropped by Ana on \d+ \w+ 20\d\d at \d\d:\d\d '
                r"UTC",
            ):
                edit()
        assert record.refresh() == 0 and record.number == number


def test_what_stands_under_what_was_dropped_goes_and_comes_back_with_its_links(record, bone):
    cause = record.add(Cause(parent=bone, text="c"), author="Ana")
    under = record.add(Cause(parent=cause, text="under"), author="Ana")
    proof = record.add(Evidence(type="document", text="e", about=(under, cause)), author="Ana")
    record.drop(cause, why="heard of nobody", author="Ben")
    assert texts(record) == [] and record.theory().evidence[0].about == ()
    record.change(proof, about=(), author="Ana")  # as an editor sends what it shows
    record.bring_back(cause, author="Ben")
    assert sorted(texts(record)) == ["c", "under"] and set(record.theory().evidence[0].about) == {
        under,
        cause,
    }
    with pytest.raises(Refusal, match="was not dropped"):
        record.bring_back(cause, author="Ben")


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            lambda r, b: r.change(b, txt="x", author="A"),
            'has no field "txt" that can be changed; there is text',
        ),
        (lambda r, b: r.change("cause-none", text="x", author="A"), "nothing with the id"),
        (lambda r, b: r.change(b, text=3, author="A"), '"text" of this category cannot be'),
        (lambda r, b: r.change(b, text="x" * 300, author="A"), "200 characters"),
        (lambda r, b: r.change("aim", by="soon", author="A"), '"by" of this aim cannot be'),
        (lambda r, b: r.add(Cause(parent="cause-none"), author="A"), "which is not in this theory"),
        (
            lambda r, b: r.add(Cause(parent="problem"), author="A"),
            'must name a category or a cause; "problem" is problem',
        ),
        (lambda r, b: r.add(Category(id=b, text="again"), author="A"), "already stands for"),
        (lambda r, b: r.drop("aim", author="A"), "always one aim"),
        (lambda r, b: r.add(Category(text="x"), author=" "), "name of who makes it"),
        (lambda r, b: r.link(b, "text", "x", author="A"), "does not hold several"),
        (lambda r, b: r.undo(author="Nobody"), "nothing of Nobody's to undo"),
        (lambda r, b: r.redo(author="Ana"), "nothing of Ana's to redo"),
        (lambda r, b: r.theory(at="soon"), "no moment of a record"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(record, bone, edit, sentence):
    before = record.theory()
    with pytest.raises(Refusal, match=sentence):
        edit(record, bone)
    assert record.refresh() == 0 and record.number == 1 and record.theory() == before


def test_a_cause_cannot_stand_under_itself(record, bone):
    top = record.add(Cause(parent=bone, text="top"), author="Ana")
    below = record.add(Cause(parent=top, text="below"), author="Ana")
    with pytest.raises(Refusal, match="leads back to itself"):
        record.move(top, under=below, author="Ana")
    assert record.theory().under(bone, "cause")[0].id == top


def test_moving_places_a_thing_before_its_neighbour_however_often(record, bone):
    ids = [record.add(Cause(parent=bone, text=str(n)), author="Ana") for n in range(3)]
    for turn in range(70):  # halves the room each time, and has to number anew
        record.move(
            ids[2 if turn % 2 == 0 else 1], before=ids[1 if turn % 2 == 0 else 2], author="Ana"
        )
    assert texts(record) == ["0", "1", "2"]
    record.move(ids[2], before=ids[0], author="Ana")
    assert texts(record) == ["2", "0", "1"]
    other = record.add(Category(text="Staffing"), author="Ana")
    record.move(ids[0], under=other, author="Ana")
    assert [cause.text for cause in record.theory().under(other, "cause")] == ["0"]


def test_undo_and_redo_are_each_authors_own(record, bone):
    cause = record.add(Cause(parent=bone, text="first"), author="Ana")
    record.change(cause, text="second", author="Ana")
    record.add(Cause(parent=bone, text="of Ben"), author="Ben")
    record.undo(author="Ana")
    assert texts(record) == ["first", "of Ben"]
    record.undo(author="Ana")
    assert texts(record) == ["of Ben"]
    record.redo(author="Ana")
    record.redo(author="Ana")
    assert texts(record) == ["second", "of Ben"]
    record.undo(author="Ana")
    record.change(cause, control="ours", author="Ana")
    with pytest.raises(Refusal, match="nothing of Ana's to redo"):
        record.redo(author="Ana")
    assert [edit.type for edit in record.history(most=3)] == ["edit", "undo", "redo"]
    assert record.verify() == 10


def test_what_others_went_on_from_is_not_taken_back(record, bone):
    cause = record.add(Cause(parent=bone, text="of Ana"), author="Ana")
    record.add(Cause(parent=cause, text="of Ben, under it"), author="Ben")
    with pytest.raises(
        Refusal, match='Ben went on from it on .*, with the cause "of Ben, under it"'
    ):
        record.undo(author="Ana")
    record.change(cause, text="Ana again", author="Ana")
    record.change(cause, text="Ben after Ana", author="Ben")
    with pytest.raises(Refusal, match="Ben went on from it"):
        record.undo(author="Ana")
    assert record.theory().by_id[cause].text == "Ben after Ana"


def test_the_same_key_is_written_once(place, record, bone):
    record.add(Cause(id="cause-k", parent=bone, text="c"), author="Ana", key="tab-1-edit-7")
    with place.open() as other:
        other.add(Cause(id="cause-k", parent=bone, text="c"), author="Ana", key="tab-1-edit-7")
        assert other.number == 2 and texts(other) == ["c"]


def test_any_days_state_and_what_changed_since(record, bone):
    kept = record.add(Cause(parent=bone, text="kept"), author="Ana")
    revised = record.add(Cause(parent=bone, text="as first thought"), author="Ana")
    dropped = record.add(Cause(parent=bone, text="tempting"), author="Ana")
    moved = record.add(Cause(parent=kept, text="moved"), author="Ana")
    then, moment = record.number, record.theory().by_id[moved].at
    record.change(revised, text="as seen since", author="Ben")
    record.drop(dropped, why="the data say no", author="Ben")
    record.move(moved, under=revised, author="Ben")
    record.add(Cause(parent=bone, text="new"), author="Ben")
    assert record.theory(at=moment + timedelta(microseconds=1)) == record.theory(at=then)
    assert {cause.text for cause in record.theory(at=then).causes} == {
        "kept",
        "as first thought",
        "tempting",
        "moved",
    }
    assert record.theory(at=0) == Theory() and record.theory(at=date.today()) == record.theory()
    found = {
        (revision.what, revision.item.text): revision
        for revision in record.changes(then, kinds=["cause"])
    }
    assert set(found) == {
        ("kept", "kept"),
        ("revised", "as seen since"),
        ("dropped", "tempting"),
        ("moved", "moved"),
        ("added", "new"),
    }
    assert (
        found["dropped", "tempting"].why == "the data say no"
        and found["revised", "as seen since"].then.text == "as first thought"
    )
    assert (
        describe_changes(found.values())
        == "Between the two dates: 1 kept, 1 revised, 1 moved, 1 added, 1 dropped."
    )


def test_a_long_history_opens_from_its_snapshot_and_still_tells_every_day(place, record, bone):
    cause = record.add(Cause(parent=bone, text="0"), author="Ana")
    for n in range(1, 520):
        record.change(cause, text=str(n), author="Ana")
    with place.open() as again:
        assert again.number == 521 and texts(again) == ["519"]
        assert [again.theory(at=n).causes[0].text for n in (2, 249, 250, 251, 500)] == [
            "0",
            "247",
            "248",
            "249",
            "498",
        ]
        assert again.verify() == 521
        assert len(again.history(cause)) == 520 and len(again.history(bone)) == 1
        assert again.history(cause, most=1)[0].changes[0]["now"] == {"text": "519"}


def test_text_of_every_kind_comes_back_as_it_was(place, record):
    said = (
        "«Ñandú» 数学 รอบ نعم 👩‍🏫 'quotes' \"double\" <b>&amp;</b> ; DROP TABLE edits; -- %s \\ "
        "{x}\n\tsecond line"
    )
    id = record.add(Member(name=said.split("\n")[0], role="r"), author="Zoë 数")
    record.change("charter", purpose=said + "\x00\r\nthird", author="Zoë 数")
    with place.open() as again:
        assert (
            again.theory().members[0].id == id
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
            id, other = ids[one % len(ids)], ids[two % len(ids)]
            try:
                match what:
                    case "add":
                        record.add(Cause(parent=id, text=f"{one}"), author=author)
                    case "change":
                        record.change(id, text=f"{one} {two}", author=author)
                    case "drop":
                        record.drop(id, author=author)
                    case "move":
                        record.move(id, under=other, author=author)
                    case "back":
                        record.bring_back(id, author=author)
                    case _:
                        getattr(record, what)(author=author)
            except Refusal:
                pass
            states[record.number] = record.theory()
            Theory.of(record.theory().items())
        assert all(record.theory(at=number) == state for number, state in states.items())
        record.verify()
        assert open_record(record.database.path).theory() == record.theory()
