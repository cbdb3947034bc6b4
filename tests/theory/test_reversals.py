"""Undo and redo: the latest edit of an author's that nobody has gone on from, and what is told."""

import pytest

from see_the_system.display import words
from see_the_system.messages import Refusal
from see_the_system.theory import log
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record
from see_the_system.theory.record_files import BackupKeeper
from tests.theory.conftest import cause_texts
from tests.theory.undo_model import held_to_the_model

pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.mark.parametrize("seed", range(3))
def test_undo_and_redo_do_what_an_independent_model_says(tmp_path, seed):
    with new_record(tmp_path / "team.theory", team="T") as record:
        counts = held_to_the_model(record, seed, operations=120)
    assert counts["undo"] > 5 and counts["edits"] > 30


def test_an_edit_that_others_went_on_from_is_passed_over_and_told(record, bone):
    first = record.add(Cause(parent=bone, text="first"), author="Ana")
    second = record.add(Cause(parent=bone, text="second"), author="Ana")
    record.change(second, text="second, by Ben", author="Ben")
    number = record.undo(author="Ana")
    assert cause_texts(record) == ["second, by Ben"]
    told = record.reversal(number)
    assert told.edit.changes[0]["id"] == first
    assert [one.edit.changes[0]["id"] for one in told.passed] == [second]
    assert told.sentence.startswith(
        'Taken back: the new cause "first". Passed over: the new cause "second, by Ben", because '
        "Ben went on from it on "
    )
    again = record.redo(author="Ana")
    assert cause_texts(record) == ["first", "second, by Ben"]
    assert record.reversal(again).sentence == 'Made again: the new cause "first".'
    assert record.reversal(number) == told  # whatever was done since
    with pytest.raises(Refusal, match="Edit 1 is no undo and no redo"):
        record.reversal(1)
    with pytest.raises(Refusal, match="There is no edit 99 in this record"):
        record.reversal(99)


def test_what_was_passed_over_can_be_taken_back_once_nothing_stands_in_its_way(record, bone):
    record.add(Cause(parent=bone, text="first"), author="Ana")
    second = record.add(Cause(parent=bone, text="second"), author="Ana")
    record.change(second, text="by Ben", author="Ben")
    record.undo(author="Ana")
    record.undo(author="Ben")
    record.undo(author="Ana")
    assert cause_texts(record) == []
    record.redo(author="Ana")
    record.redo(author="Ana")
    assert cause_texts(record) == ["first", "second"]


def test_where_nothing_can_be_taken_back_the_newest_reason_is_said(record, bone):
    for text in ("one", "two"):
        cause = record.add(Cause(parent=bone, text=text), author="Zoë")
        record.change(cause, text=f"{text}, by Ben", author="Ben")
    with pytest.raises(Refusal) as refused:
        record.undo(author="Zoë")
    sentence = str(refused.value)
    assert "This cannot be taken back, because Ben went on from it on" in sentence
    assert 'with the cause "two, by Ben"' in sentence
    assert sentence.endswith("Nothing that you did before it can be taken back either.")


def test_what_went_with_what_it_stood_under_is_not_taken_back_unseen(record, bone):
    cause = record.add(Cause(parent=bone, text="of Ana"), author="Ana")
    record.drop(cause, author="Ana")
    record.drop(bone, why="merged", author="Ben")
    with pytest.raises(Refusal, match=r'because Ben went on from it .* with the category "Time"'):
        record.undo(author="Ana")
    record.bring_back(bone, author="Ben")
    record.undo(author="Ana")
    assert cause_texts(record) == ["of Ana"]


def test_a_cause_joined_with_the_one_it_stands_under_takes_its_place(record, bone):
    top = record.add(Cause(parent=bone, text="top"), author="Ana")
    middle = record.add(Cause(parent=top, text="middle"), author="Ana")
    low = record.add(Cause(parent=middle, text="low"), author="Ana")
    record.join(low, top, author="Ana")
    under = {cause.text: cause.parent for cause in record.theory().causes}
    assert under == {"low": bone, "middle": low}
    record.undo(author="Ana")
    assert sorted(cause_texts(record)) == ["low", "middle", "top"]


def test_of_a_long_history_no_more_edits_are_read_than_are_asked_for(record, bone, monkeypatch):
    cause = record.add(Cause(parent=bone, text="0"), author="Ana")
    for number in range(20):
        record.change(cause, text=str(number), author="Ana")
    read = []
    edit_of = log._edit
    monkeypatch.setattr(log, "_edit", lambda row: read.append(row.number) or edit_of(row))
    record.history(cause, most=3)
    record.history(most=3)
    assert len(read) == 6


def test_a_record_says_when_no_backup_can_be_taken(tmp_path):
    path = tmp_path / "team.theory"
    (tmp_path / "team.theory backups").write_text("a file where the folder of backups belongs")
    with new_record(path, team="T") as record:
        record.add(Category(text="Time"), author="Ana")
        assert record.backup_problem in words(record)
        assert words(record).endswith("The work itself is kept. See that backups can be made.")
        (tmp_path / "team.theory backups").unlink()
        record.back_up()
        assert words(record) == words(record.theory())
        assert isinstance(record._keeper, BackupKeeper)
