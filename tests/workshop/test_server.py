"""What a workshop's server needs, and what is said where it does not start."""

import pytest

from see_the_system.messages import Refusal
from see_the_system.workshop.server import LessonServer, must_be_installed
from see_the_system.workshop.team_folder import TeamFolder


def test_what_is_not_installed_is_named():
    must_be_installed("voila")
    with pytest.raises(Refusal, match=r"^The package no_such_package, which shows the lessons, is"):
        must_be_installed("no_such_package")


def test_a_server_that_ends_at_once_names_its_log(tmp_path, monkeypatch):
    """A module of this name in PYTHONPATH ends the server, as a broken installation does."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "jupyter_server.py").write_text("raise SystemExit('broken here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "broken"))
    folder = TeamFolder(tmp_path / "room", lessons=tmp_path)
    folder.make()
    folder.prepare()
    server = LessonServer(folder)
    with pytest.raises(Refusal, match=r"did not start. What it said is in .*server.log; show"):
        server.start()
    assert "broken here" in server.log.read_text()
    server.stop()
