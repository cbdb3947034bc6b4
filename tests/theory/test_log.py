"""The log of edits: what it tells of every day, and that nothing is missing from it."""

from datetime import date, timedelta

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Cause
from see_the_system.theory.model import Theory
from see_the_system.theory.state import describe_changes
from tests.theory.conftest import cause_texts

pytestmark = pytest.mark.usefixtures("quick_disk")


def test_undo_and_redo_are_each_authors_own(record, bone):
    cause = record.add(Cause(parent=bone, text="first"), author="Ana")
    record.change(cause, text="second", author="Ana")
    record.add(Cause(parent=bone, text="of Ben"), author="Ben")
    record.undo(author="Ana")
    assert cause_texts(record) == ["first", "of Ben"]
    record.undo(author="Ana")
    assert cause_texts(record) == ["of Ben"]
    record.redo(author="Ana")
    record.redo(author="Ana")
    assert cause_texts(record) == ["second", "of Ben"]
    record.undo(author="Ana")
    record.change(cause, control="ours", author="Ana")
    with pytest.raises(Refusal, match="nothing of Ana's to redo"):
        record.redo(author="Ana")
    assert [edit.type for edit in record.history(most=3)] == ["edit", "undo", "redo"]
    assert record.verify() == 10


def test_the_same_key_is_written_once(place, record, bone):
    record.add(Cause(id="cause-k", parent=bone, text="c"), author="Ana", key="tab-1-edit-7")
    with place.open() as other:
        other.add(Cause(id="cause-k", parent=bone, text="c"), author="Ana", key="tab-1-edit-7")
        assert other.number == 2 and cause_texts(other) == ["c"]


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


def test_a_long_history_opens_and_tells_every_day(place, record, bone):
    cause = record.add(Cause(parent=bone, text="0"), author="Ana")
    for n in range(1, 120):
        record.change(cause, text=str(n), author="Ana")
    with place.open() as again:
        assert again.number == 121
        assert again.theory().causes[0].text == "119"
        days = (2, 49, 50, 51, 100)
        told = [again.theory(at=number).causes[0].text for number in days]
        assert told == ["0", "47", "48", "49", "98"]
        assert again.verify() == 121
        assert len(again.history(cause)) == 120 and len(again.history(bone)) == 1
        assert again.history(cause, most=1)[0].changes[0]["now"] == {"text": "119"}
