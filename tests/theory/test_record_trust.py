"""What a record promises to people and editors: continuity, keys, clocks, threads, sentences."""

import logging
import os
import secrets
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import record as records
from see_the_system.theory import record_files
from see_the_system.theory.database import Database, Unknown
from see_the_system.theory.kinds import Category, Cause, Evidence
from see_the_system.theory.model import Theory
from see_the_system.theory.opening import new_record, open_or_begin, open_record
from see_the_system.theory.record_files import believed
from see_the_system.theory.refusals import Changed
from tests.theory import clocks_and_threads


@pytest.fixture
def bone(record):
    """The category of a fresh record, by Ana."""
    return record.add(Category(text="Time"), author="Ana")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "alder.theory"


def begun(path, causes=0):
    """A record with a category and some causes, open."""
    record = new_record(path, team="Alder Creek")
    record.add(Category(id="category-1", text="Time"), author="Ana")
    for number in range(causes):
        record.add(Cause(parent="category-1", text=str(number)), author="Ana")
    return record


def texts(record):
    return [cause.text for cause in record.theory().causes]


# --- continuity ---


def test_a_copy_put_back_in_place_is_noticed_however_many_edits_it_has(path, tmp_path):
    with begun(path, causes=9) as first:
        shutil.copy(path, tmp_path / "copy")
        for number in range(10):
            first.add(Cause(parent="category-1", text=f"lost {number}"), author="Ana")
        path.write_bytes((tmp_path / "copy").read_bytes())  # the same file, other bytes
        with open_record(path) as other:
            for number in range(10):
                other.add(Cause(parent="category-1", text=f"other {number}"), author="Ben")
            assert other.number == first.number == 20
        with pytest.raises(
            Refusal, match="replaced by another copy while it was open: its edit 20"
        ):
            first.add(Cause(parent="category-1", text="on what is not there"), author="Ana")
        with pytest.raises(Refusal, match="replaced by another copy"):
            first.refresh()
    with open_record(path) as again:
        assert again.verify() == 20 and texts(again)[-1] == "other 9"


def test_another_teams_record_in_its_place_is_noticed_even_while_both_are_empty(path):
    with new_record(path, team="Alder Creek") as first:
        path.unlink()
        new_record(path, team="Alder Creek").close()
        with pytest.raises(Refusal, match="replaced by another copy"):
            first.add(Category(text="Time"), author="Ana")


@pytest.mark.parametrize("way", ["moved", "deleted"])
def test_a_file_that_went_away_is_said_and_not_made_anew(path, way):
    with begun(path) as record:
        if way == "moved":
            path.rename(path.with_name("elsewhere.theory"))
        else:
            path.unlink()
        for look in (record.refresh, lambda: record.add(Category(text="x"), author="Ana")):
            with pytest.raises(Refusal, match="no longer there: it was moved, renamed or deleted"):
                look()
        assert not path.exists()


# --- backups ---


def test_a_letter_changed_in_an_edit_is_noticed_and_pushes_no_good_backup_out(path):
    with begun(path, causes=5) as record:
        good = record.back_up()
    with sqlite3.connect(path) as plain:
        plain.execute("UPDATE edits SET changes = replace(changes, '\"3\"', '\"8\"')")
    with pytest.raises(Refusal, match=r"edit 5 is not as it was written") as refused:
        open_record(path)
    assert str(good) in str(refused.value)
    for _ in range(7):
        with pytest.raises(sqlite3.DatabaseError, match="edit 5 is not as it was written"):
            record_files.back_up(path, number=6, identity="0a1b2c3d")
    assert good in [copy.path for copy in record_files.backups(path)]


def test_two_records_of_one_stem_have_backups_of_their_own(tmp_path):
    with begun(tmp_path / "alder.theory") as one, begun(tmp_path / "alder.db") as other:
        own = one.back_up()
        for _ in range(8):
            other.back_up()
        assert own in [copy.path for copy in record_files.backups(tmp_path / "alder.theory")]
        assert own.parent != record_files.folder(tmp_path / "alder.db")


def test_a_record_begun_anew_under_an_old_name_keeps_the_old_ones_backups(path):
    with begun(path) as first:
        old = first.back_up()
    path.unlink()
    with begun(path) as second:
        for _ in range(9):
            second.back_up()
    assert old.exists() and len(record_files.backups(path, second.identity)) >= 5


def test_a_backup_from_the_future_does_not_stop_the_hourly_ones(path):
    with begun(path) as record:
        ahead = datetime.now(UTC) + timedelta(days=3650)
        record_files.back_up(path, number=1, identity=record.identity, at=ahead)
    for copy in record_files.backups(path):
        if copy.at < ahead - timedelta(days=1):
            copy.path.unlink()
    with open_record(path) as record:
        record.add(Category(text="Later"), author="Ana")
    newest, future = record_files.backups(path)
    assert newest.at < ahead - timedelta(days=1) and newest.number == 2
    assert future.at > newest.at


def test_what_a_killed_backup_left_is_cleaned_away(path):
    with begun(path) as record:
        record.back_up()
        left = record_files.folder(path) / "being written 123.part-journal"
        left.write_bytes(b"x")
        fresh = left.with_name("being written 124.part")
        fresh.write_bytes(b"of another program, at this moment")
        long_ago = left.stat().st_mtime - 3_600
        os.utime(left, (long_ago, long_ago))
        record.back_up()
        assert not left.exists() and fresh.exists()


# --- keys ---


def test_a_replay_gives_what_came_the_first_time(place, record, bone):
    first = record.add(Cause(parent=bone, text="Late"), author="Ana", key="k1")
    with place.open() as other:
        assert other.add(Cause(parent=bone, text="Late"), author="Ana", key="k1") == first
    assert texts(record) == ["Late"] and first in record.theory().by_id


def test_an_edit_that_changed_nothing_is_not_done_later_either(record, bone):
    cause = record.add(Cause(parent=bone, text="as it is"), author="Ana")
    record.change(cause, text="as it is", author="Ana", key="same")
    record.change(cause, text="by a colleague", author="Ben")
    record.change(cause, text="as it is", author="Ana", key="same")
    assert texts(record) == ["by a colleague"]


def test_keys_are_each_authors_own_and_each_for_one_request(record, bone):
    record.add(Cause(parent=bone, text="of Ana"), author="Ana", key="tab-1")
    record.add(Cause(parent=bone, text="of Ben"), author="Ben", key="tab-1")
    assert texts(record) == ["of Ana", "of Ben"]
    with pytest.raises(Refusal, match='The key "tab-1" was used by Ana for another edit already'):
        record.add(Cause(parent=bone, text="something else"), author="Ana", key="tab-1")
    with pytest.raises(Refusal, match="used by Ana for another edit"):
        record.undo(author="Ana", key="tab-1")
    assert len(texts(record)) == 2


def test_an_undo_with_a_key_is_taken_back_once(record, bone):
    record.add(Cause(parent=bone, text="one"), author="Ana")
    record.add(Cause(parent=bone, text="two"), author="Ana")
    record.undo(author="Ana", key="u")
    record.undo(author="Ana", key="u")
    assert texts(record) == ["one"]


@pytest.mark.parametrize("key", ["", "k" * 65, 7, "a\x00b"])
def test_what_is_no_key_is_refused_on_both(record, bone, key):
    with pytest.raises(Refusal, match="is no key of an edit; give a text of 1 to 64 letters"):
        record.change(bone, text="x", author="Ana", key=key)


# --- what editors need ---


def test_a_text_changed_by_a_colleague_is_not_overwritten_unseen(record, bone):
    cause = record.add(Cause(parent=bone, text="as seen"), author="Ana")
    record.change(cause, text="by Ben", author="Ben")
    with pytest.raises(Changed) as conflict:
        record.change(cause, text="by Ana", expect={"text": "as seen"}, author="Ana")
    assert (conflict.value.now, conflict.value.by) == ("by Ben", "Ben")
    assert 'it is now "by Ben", and you wrote "by Ana"' in str(conflict.value)
    record.change(cause, text="by Ana", expect={"text": "by Ben"}, author="Ana")
    record.change(cause, text="by Ana", expect={"text": "long ago"}, author="Ana")
    assert texts(record) == ["by Ana"]


def test_votes_add_up_and_can_be_taken_back(record, bone):
    cause = record.add(Cause(parent=bone, text="Late"), author="Ana")
    record.vote(cause, author="Ana")
    record.vote(cause, dots=2, author="Ana")
    record.vote(cause, author="Ben")
    assert sorted((vote.voter, vote.dots) for vote in record.theory().votes) == [
        ("Ana", 3),
        ("Ben", 1),
    ]
    record.vote(cause, dots=-3, author="Ana")
    assert [vote.voter for vote in record.theory().votes] == ["Ben"]
    record.vote(cause, author="Ana")
    assert len(record.theory().votes) == 2


def test_a_cause_is_split_and_two_are_joined_with_all_that_named_them(record, bone):
    first = record.add(Cause(parent=bone, text="Late and unclear results"), author="Ana")
    last = record.add(Cause(parent=bone, text="Last"), author="Ana")
    record.split(first, ["Late results", "Unclear results"], made="cause-new", author="Ana")
    assert texts(record) == ["Late results", "Unclear results", "Last"]
    under = record.add(Cause(parent=last, text="under it"), author="Ana")
    piece = record.add(Evidence(type="document", about=(last,), text="A log"), author="Ana")
    record.join("cause-new", last, author="Ben")
    now = record.theory().by_id
    assert now["cause-new"].text == "Unclear results"
    assert now[under].parent == "cause-new" and now[piece].about == ("cause-new",)
    assert last not in {cause.id for cause in record.theory().causes}
    record.undo(author="Ben")
    assert record.theory().by_id[under].parent == last


def test_head_and_the_edits_since_are_told_without_reading_all(place, record, bone):
    with place.open() as other:
        other.add(Cause(parent=bone, text="one"), author="Ben")
        other.add(Cause(parent=bone, text="two"), author="Ben")
    assert (record.number, record.head()) == (1, 3)
    assert record.refresh() == 2 and record.refresh() == 0
    assert [edit.changes[0]["now"]["text"] for edit in record.since(1)] == ["one", "two"]


def test_a_record_is_opened_or_begun(place):
    with open_or_begin(place.where, team=place.team) as record:
        record.add(Category(text="Time"), author="Ana")
    with open_or_begin(place.where, team=place.team) as record:
        assert record.number == 1


def test_a_damaged_file_is_not_begun_anew(path):
    path.write_bytes(b"SQLite format 3\x00 and nothing more")
    with pytest.raises(Refusal, match="left as it is"):
        open_or_begin(path, team="Alder Creek")


def test_merging_adds_and_fills_and_overwrites_nothing(record, bone):
    record.add(Cause(id="cause-1", parent=bone, text="ours"), author="Ana")
    theirs = Theory.of(
        [
            Category(id=bone, text="Other name", definition="what it means"),
            Cause(id="cause-1", parent=bone, text="theirs", control="ours"),
            Cause(id="cause-2", parent=bone, text="new"),
        ]
    )
    record.merge(theirs, author="Ben")
    now = record.theory().by_id
    assert texts(record) == ["ours", "new"] and now["cause-1"].control == "ours"
    assert (now[bone].text, now[bone].definition) == ("Time", "what it means")
    record.replace_with(theirs, author="Ben")
    assert texts(record) == ["theirs", "new"]


# --- threads and clocks ---


def test_threads_may_poll_and_edit_one_record(place):
    clocks_and_threads.looked_at_while_written(place, edits=12)


def test_days_are_told_right_whatever_some_clocks_say(path):
    with new_record(path, team="Alder Creek") as record:
        counts = clocks_and_threads.clocks_apart(record, edits=40, seed=7)
    assert counts["by wrong clocks"] > 2


def test_one_wrong_clock_moves_nobody_elses_dates():
    days = [datetime(2026, 3, day, tzinfo=UTC) for day in range(1, 8)]
    ahead = [*days[:3], days[3] + timedelta(days=3650), *days[4:]]
    assert believed(ahead) == [*days[:3], days[4], *days[4:]]
    behind = [*days[:3], days[3] - timedelta(days=900), *days[4:]]
    assert believed(behind) == [*days[:3], days[4], *days[4:]]
    assert believed([*days[:3], days[0]]) == [*days[:3], days[2]]
    assert believed([]) == [] and believed(days) == days


def test_an_edit_by_a_clock_ten_years_ahead_leaves_later_days_right(path, monkeypatch):
    with begun(path) as record:
        ahead = datetime.now(UTC) + timedelta(days=3650)

        class Ahead(datetime):
            @classmethod
            def now(cls, tz=None):
                return ahead

        monkeypatch.setattr(records, "datetime", Ahead)
        record.add(Cause(parent="category-1", text="by a wrong clock"), author="Ben")
        monkeypatch.undo()
        record.add(Cause(parent="category-1", text="by a right one"), author="Ana")
        added = record.theory().causes[-1].at
        assert added < datetime.now(UTC) + timedelta(minutes=1)
        assert len(record.theory(at=date.today()).causes) == 2


def test_a_day_is_the_teams_own(path, monkeypatch):
    with new_record(path, team="Fresno", zone="America/Los_Angeles") as record:
        afternoon = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)  # half past four on 2 March there

        class Afternoon(datetime):
            @classmethod
            def now(cls, tz=None):
                return afternoon

        monkeypatch.setattr(records, "datetime", Afternoon)
        record.add(Category(text="Time"), author="Ana")
        monkeypatch.undo()
        assert len(record.theory(at=date(2026, 3, 2)).categories) == 1
        assert record.theory(at=date(2026, 3, 1)).categories == ()
        assert len(record.theory(at=datetime(2026, 3, 2, 16, 31)).categories) == 1
        assert record.theory(at=datetime(2026, 3, 2, 16, 29)).categories == ()
    with open_record(path) as again:
        assert again.zone == "America/Los_Angeles"


# --- sentences ---


@pytest.mark.parametrize("author", [None, "", "\x07", "half \ud800", "x" * 201, 7])
def test_what_is_no_authors_name_is_refused(record, author):
    with pytest.raises(Refusal, match="An edit needs the name of who makes it"):
        record.add(Category(text="x"), author=author)
    assert record.number == 0


def test_a_name_typed_in_two_ways_is_one_author(record):
    record.add(Category(text="one"), author="Zoë")
    record.undo(author="Zoe\u0308")
    assert record.theory().categories == ()


def test_a_team_is_opened_by_the_text_it_was_begun_with(path):
    new_record(path, team="Alder  Creek").close()
    with open_record(path, team="Alder  Creek") as record:
        assert record.team == "Alder Creek"


def test_a_reason_too_long_is_refused_in_a_sentence(record, bone):
    with pytest.raises(Refusal, match="The reason is no text of at most 2,000 letters"):
        record.drop(bone, why="w" * 3000, author="Ana")


@pytest.mark.parametrize("thing", [{}, None, "Time", Category])
def test_what_is_no_thing_is_refused(record, thing):
    with pytest.raises(Refusal, match="is no thing of a theory; give a kind with its fields"):
        record.add(thing, author="Ana")


@pytest.mark.parametrize("where", ["sqlite://", "a\x00b", "n" * 5000, "sqlite:///"])
def test_what_is_no_place_for_a_record_is_refused(where, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refusal, match=r"is no name of a file here|is kept in a file"):
        new_record(where, team="T")


def test_a_refused_redo_says_so(record, bone):
    cause = record.add(Cause(parent=bone, text="one"), author="Ana")
    record.change(cause, text="two", author="Ana")
    record.undo(author="Ana")
    record.change(cause, text="three", author="Ben")
    with pytest.raises(Refusal, match="This cannot be made again, because Ben went on"):
        record.redo(author="Ana")


def test_what_was_dropped_since_is_not_changed_back_unseen(record, bone):
    cause = record.add(Cause(parent=bone, text="one"), author="Ana")
    record.change(cause, text="two", author="Ana")
    record.drop(cause, why="data", author="Ben")
    with pytest.raises(Refusal, match="Ben went on from it"):
        record.undo(author="Ana")


def test_a_making_that_was_stopped_half_way_is_gone_on_with(path):
    database = Database(path)
    database._may_create = True
    with database.writing() as connection:
        from see_the_system.theory.database import _upgrade

        _upgrade(connection)
    database.close()
    with pytest.raises(Refusal, match="stopped half-way: begin a new record with this very name"):
        open_record(path)
    new_record(path, team="Alder Creek").close()
    assert open_record(path).team == "Alder Creek"


# --- a server ---


def test_tls_is_asked_for_in_the_usual_way(place):
    if "://" not in place.where:
        pytest.skip("a file has no TLS")
    with pytest.raises(Refusal, match="sslmode=never is not known; give one of disable"):
        Database(f"{place.where}?sslmode=never")
    with pytest.raises(Refusal, match="did not answer"):  # the server of the tests has no TLS
        new_record(f"{place.where}?sslmode=require", team=place.team)
    with new_record(f"{place.where}?sslmode=prefer", team=place.team) as record:
        assert record.add(Category(text="x"), author="Ana")


def test_teams_may_begin_on_an_empty_server_at_once(place):
    if "://" not in place.where:
        pytest.skip("a file is one team's")
    empty = f"empty_{secrets.token_hex(6)}"
    server = Database(place.where).engine.execution_options(isolation_level="AUTOCOMMIT")
    teams = [f"Team {number}" for number in range(8)]
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {empty}")
        where = server.url.set(database=empty).render_as_string(hide_password=False)
        try:
            with ThreadPoolExecutor(len(teams)) as pool:
                begun = list(pool.map(lambda team: new_record(where, team=team), teams))
            assert begun[0].database.teams().keys() == set(teams)
            for record in begun:
                record.close()
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {empty} WITH (FORCE)")
    server.dispose()


def test_a_server_that_goes_away_is_one_sentence_and_no_traceback(place, caplog):
    if "://" not in place.where:
        pytest.skip("a file does not go away like this")
    with place.begin() as record, place.open() as other:
        with pytest.raises(Refusal, match="did not answer"), other.database.writing() as lost:
            own = lost.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with record.database.reading() as connection:
                connection.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
            lost.exec_driver_sql("SELECT 1")
        assert other.add(Category(text="again"), author="Ana")
    assert caplog.text == "" and not logging.getLogger("sqlalchemy.pool.impl").isEnabledFor(40)


def test_a_lost_answer_to_a_commit_is_looked_up(place, monkeypatch):
    if "://" not in place.where:
        pytest.skip("SQLite answers, or takes back")
    with place.begin() as record:
        commit = Database._commit

        def kept_and_lost(self, transaction):
            commit(self, transaction)
            raise Unknown("lost")

        monkeypatch.setattr(Database, "_commit", kept_and_lost)
        bone = record.add(Category(text="kept"), author="Ana")
        assert [one.id for one in record.theory().categories] == [bone]

        def lost(self, transaction):
            transaction.rollback()
            raise Unknown("lost")

        monkeypatch.setattr(Database, "_commit", lost)
        with pytest.raises(Refusal, match="was lost before this was saved; nothing was changed"):
            record.add(Category(text="lost"), author="Ana")
        assert len(record.theory().categories) == 1
