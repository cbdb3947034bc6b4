"""A team's folder: what is made in it, what is kept, and what cannot be a workshop's folder."""

import json
import socket
import sqlite3
import stat
import sys
from datetime import date

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category
from see_the_system.theory.opening import open_record
from see_the_system.workshop.team_folder import TeamFolder, port_is_free
from tests.workshop.conftest import FACILITATOR_SENTENCE, write_sample


@pytest.fixture
def folder(tmp_path, lessons):
    """A prepared folder of a team."""
    folder = TeamFolder(tmp_path / "room", lessons=lessons)
    folder.make()
    assert folder.prepare(team="Lincoln & <b>") == []
    return folder


def test_a_folder_has_the_record_both_editions_and_is_ignored_by_git(folder):
    assert (folder.path / ".gitignore").read_text() == "*\n"
    with open_record(folder.path / "team.theory") as record:
        assert record.team == "Lincoln & <b>" and record.head() == 0
    assert FACILITATOR_SENTENCE not in (folder.path / "01_why.ipynb").read_text("utf-8")
    assert FACILITATOR_SENTENCE in (folder.path / "facilitator" / "01_why.ipynb").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such permissions")
def test_the_token_is_for_the_owner_alone(folder):
    assert stat.S_IMODE(folder.settings.stat().st_mode) == 0o700


def test_the_start_page_says_the_lessons_and_takes_a_name_as_text(folder):
    page = folder.start_page.read_text("utf-8")
    assert "<h1>Lincoln &amp; &lt;b&gt;</h1>" in page and "synthetic" not in page
    assert '<a href="voila/render/01_why.ipynb">Why does it happen here?</a>' in page
    assert "Build a first fishbone, with a hunch on every bone." in page and "60 minutes" in page
    assert page.count('href="lab/tree/facilitator') == 1


def test_prepared_again_it_keeps_the_work_and_the_name(folder, lessons):
    with open_record(folder.record) as record:
        record.add(Category(text="Time"), author="Ana")
    again = TeamFolder(folder.path, lessons=lessons)
    again.make()
    assert again.prepare() == [] and again.team == "Lincoln & <b>"
    with open_record(folder.record) as record:
        assert [bone.text for bone in record.theory().categories] == ["Time"]


def test_without_a_name_it_is_our_team_and_without_a_lesson_it_says_so(tmp_path):
    folder = TeamFolder(tmp_path / "room", lessons=tmp_path)
    folder.make()
    folder.prepare()
    assert folder.team == "Our team"
    assert "No lesson has been written yet." in folder.start_page.read_text("utf-8")


def test_another_teams_name_is_refused_and_nothing_changed(folder):
    with pytest.raises(Refusal, match=r"There is no record of the team \"Alder\""):
        folder.prepare(team="Alder")


def test_practice_begins_as_the_worked_example(tmp_path, lessons):
    folder = TeamFolder(tmp_path / "room", lessons=lessons, practice=True)
    folder.make()
    folder.prepare()
    page = folder.start_page.read_text("utf-8")
    assert folder.team == "Lanternfield middle grades mathematics team" and "synthetic" in page
    with open_record(folder.record) as record:
        assert len(record.theory().causes) == 24
        record.add(Category(text="Time"), author="Ana")
        number = record.head()
    folder.prepare()
    with open_record(folder.record) as record:
        assert record.head() == number


def test_a_folder_for_practice_stays_one_and_says_so_each_time(tmp_path, lessons):
    for practice in (True, False):
        folder = TeamFolder(tmp_path / "room", lessons=lessons, practice=practice)
        folder.make()
        folder.prepare()
        assert folder.practice and "synthetic" in folder.start_page.read_text("utf-8")


def test_a_teams_folder_never_gets_the_worked_example(folder, lessons):
    other = TeamFolder(folder.path, lessons=lessons, practice=True)
    with pytest.raises(Refusal, match=r"is a team's own folder, and the worked example goes into"):
        other.prepare()
    (folder.settings / "room.json").unlink()
    with pytest.raises(Refusal, match=r"is a team's own folder"):
        other.prepare()
    with open_record(folder.record) as record:
        assert record.head() == 0


def test_a_changed_lesson_is_kept_beside_the_lesson(folder):
    path = folder.path / "01_why.ipynb"
    changed = nbformat.read(path, as_version=4)
    changed.cells[0].source += "\n\nOur own note."
    nbformat.write(changed, path)
    theirs = path.read_bytes()
    [notice] = folder.prepare()
    kept = folder.path / f"01_why kept {date.today()}.ipynb"
    assert kept.read_bytes() == theirs
    assert "Our own note." not in path.read_text("utf-8")
    assert notice.startswith("01_why.ipynb was changed in this folder.") and kept.name in notice
    assert folder.prepare() == []
    path.write_text("torn")
    assert f"01_why kept {date.today()} (2).ipynb" in folder.prepare()[0]


def test_a_lesson_that_was_only_run_is_made_without_outputs_again(folder):
    path = folder.path / "facilitator" / "01_why.ipynb"
    run = nbformat.read(path, as_version=4)
    run.cells[3].outputs = [nbformat.v4.new_output("stream", text="shown")]
    nbformat.write(run, path)
    assert folder.prepare() == []
    assert "shown" not in path.read_text("utf-8")


def test_a_newer_lesson_takes_the_place_of_one_that_nobody_changed(tmp_path):
    stored = tmp_path / "lessons"
    stored.mkdir()
    path = write_sample(stored)
    folder = TeamFolder(tmp_path / "room", lessons=stored)
    folder.make()
    folder.prepare()
    path.write_text(path.read_text("utf-8").replace("Time: 60", "Time: 75"), "utf-8")
    assert folder.prepare() == []
    assert "Time: 75" in (folder.path / "01_why.ipynb").read_text("utf-8")


def test_the_lessons_are_trusted_in_the_folders_own_jupyterlab_alone(folder):
    lesson = nbformat.read(folder.path / "facilitator" / "01_why.ipynb", as_version=4)
    notary = NotebookNotary(data_dir=str(folder.jupyter / "data"))
    assert notary.check_signature(lesson)
    lesson.cells[2].source += "\n1 / 0"
    assert not notary.check_signature(lesson)
    notary.store.close()


def test_the_address_is_made_once_and_a_chosen_port_is_kept(folder):
    address = folder.address()
    assert address == folder.address() and 20_000 <= address["port"] < 32_000
    assert len(address["token"]) == 48
    moved = folder.address(port=23_456)
    assert moved == {"port": 23_456, "token": address["token"]} == folder.address()


def test_settings_that_are_not_whole_are_made_anew(folder):
    (folder.settings / "address.json").write_text("{")
    assert folder.address() == folder.address()
    (folder.settings / "lessons.json").write_text("")
    assert folder.prepare() == []


def test_a_port_that_somebody_listens_at_is_not_free():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not port_is_free(port)
    assert port_is_free(port)


def test_a_file_is_no_folder(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("")
    with pytest.raises(Refusal, match=r"notes.txt is a file, and a workshop needs a folder: name"):
        TeamFolder(path).make()


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(Refusal, match=r"is no workshop folder and holds other files \(thesis.txt"):
        TeamFolder(tmp_path).make()
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_record_that_is_brought_along_is_taken_up(tmp_path, folder):
    brought = tmp_path / "brought"
    brought.mkdir()
    (brought / "team.theory").write_bytes(folder.record.read_bytes())
    new = TeamFolder(brought, lessons=folder.lessons)
    new.make()
    new.prepare()
    assert new.team == "Lincoln & <b>"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")
def test_a_folder_that_cannot_be_written_is_a_sentence():
    with pytest.raises(Refusal, match=r"^The folder /proc/room cannot be written \(.+\): name one"):
        TeamFolder("/proc/room").make()


def test_a_damaged_record_and_a_newer_one_say_so_themselves(folder):
    with sqlite3.connect(folder.record) as file:
        [(table,)] = file.execute(
            "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) p "
            "WHERE m.type = 'table' AND p.name = 'format'"
        ).fetchall()
        file.execute(f"UPDATE {table} SET format = 99")
    file.close()
    with pytest.raises(Refusal, match=r"was written by a newer version of See the System"):
        folder.prepare()
    folder.record.write_bytes(b"no record at all" * 400)
    with pytest.raises(Refusal, match=r"team\.theory"):
        folder.prepare()
    assert json.loads((folder.settings / "lessons.json").read_text())
