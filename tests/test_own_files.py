"""A team's own files: chosen on this computer, read where they lie, said what they are."""

import asyncio
import re
import shutil

import pytest

from helpers.own_files import OwnData
from see_the_system.data.store import Store
from see_the_system.paths import SAMPLE
from see_the_system.theory.opening import new_record
from tests.browser import apart


@pytest.fixture
def chooser(tmp_path, monkeypatch):
    """A chooser in a home folder of its own, whose downloads hold two files of the state."""
    downloads = tmp_path / "Downloads"
    (downloads / "older").mkdir(parents=True)
    for year in (2024, 2025):
        [file] = SAMPLE.glob(f"*{year}*all*.zip")
        shutil.copy(file, downloads)
    (downloads / "notes.txt").write_text("milk, bread")
    (downloads / "photo.jpg").write_bytes(b"no")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SEE_THE_SYSTEM_HOME", str(tmp_path / "home"))
    with new_record(tmp_path / "team.theory", team="Alder") as record:
        yield OwnData(record)


def choose(chooser, *names):
    """Chooses entries of the list by the beginnings of their names."""
    paths = [path for label, path in chooser._files.options if label.startswith(names)]
    chooser._files.value = tuple(paths)


def read(chooser):
    """Presses the button, and waits until all is read."""

    async def press():
        chooser._begin_reading(None)
        if chooser._reading:
            await chooser._reading

    apart(lambda: asyncio.run(press()))


def test_the_list_has_folders_and_files_that_could_be_the_states(chooser):
    labels = [label.split("  (")[0] for label, _ in chooser._files.options]
    assert labels[0] == "▸ older" and "notes.txt" in labels and len(labels) == 4
    assert not any("photo" in label for label in labels)
    choose(chooser, "▸ older")
    chooser._open_folder(None)
    assert chooser._files.options == () and "older" in chooser._path.value
    chooser._go_up(None)
    assert len(chooser._files.options) == 4


def test_what_was_read_is_said_and_the_district_becomes_the_teams(chooser):
    assert "No data of your own" in chooser._kept.value
    choose(chooser, "sb_ca")
    read(chooser)
    assert chooser._told.value.count("added.") == 2
    assert "8 districts, the years 2024, 2025" in chooser._kept.value
    assert Store().years() == [2024, 2025]
    chooser._name.value = "Ana"
    chooser._district.value = "Lantern"
    chooser._keep_district(None)
    assert "Choose a district of the list" in chooser._kept.value
    chooser._district.value = "Lanternfield Unified (99-10017)"
    chooser._keep_district(None)
    assert chooser._record.theory().charter.district == "99-10017"


def test_how_far_the_reading_is_stands_on_the_page(chooser):
    shown = []
    chooser._told.observe(lambda change: shown.append(change["new"]), "value")
    choose(chooser, "sb_ca")
    read(chooser)
    percents = [int(found) for page in shown for found in re.findall(r'value="(\d+)"', page)]
    assert percents == [100, 100], shown  # a file of one block each
    bar = next(page for page in shown if "2025" in page and "<progress" in page)
    assert "aria-label" in bar and "leave this page open" in bar
    assert "rows of 2024" in bar  # what the file before brought can be read meanwhile
    assert "<progress" not in chooser._told.value


def test_of_several_files_it_is_said_what_became_of_the_others(chooser):
    choose(chooser, "sb_ca", "notes")
    read(chooser)
    assert "notes.txt" in chooser._told.value
    assert "None of the other files was added. Choose the files again" in chooser._told.value
    assert Store().catalogue == []


def test_what_cannot_be_read_is_one_sentence_and_nothing_is_added(chooser):
    choose(chooser, "notes")
    read(chooser)
    assert "notes.txt" in chooser._told.value and "Traceback" not in chooser._told.value
    assert Store().catalogue == []
    assert chooser._read.disabled is False


def test_nothing_chosen_is_said(chooser):
    read(chooser)
    assert "Choose one file or several" in chooser._told.value


def test_the_stored_text_names_no_folder_of_this_computer(chooser):
    bundle = chooser._repr_mimebundle_()
    assert "Downloads" not in bundle["text/html"] and "Nothing leaves" in bundle["text/plain"]
