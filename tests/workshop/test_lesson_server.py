"""The settings of a workshop's server: its own folders, and no key that cuts a cell."""

import json

import pytest

from see_the_system.workshop import lesson_server
from see_the_system.workshop.team_folder import TeamFolder


@pytest.fixture
def folder(tmp_path):
    folder = TeamFolder(tmp_path / "room", lessons=tmp_path, practice=True)
    folder.make()
    folder.team = "Lincoln"
    return folder


def test_the_single_keys_are_read_from_the_version_that_is_installed():
    off = lesson_server.single_keys()
    by_command = {each["command"]: each["keys"] for each in off}
    assert by_command["notebook:cut-cell"] == ["X"]
    assert by_command["notebook:delete-cell"] == ["D", "D"]
    assert by_command["notebook:merge-cells"] == ["Shift M"]
    assert by_command["kernelmenu:restart"] == ["0", "0"]
    assert len(off) >= 30 and all(each["selector"] for each in off)
    keys = {key for each in off for chord in each["keys"] for key in chord.split()}
    assert not keys & {"Enter", "Escape", "Tab", "Accel", "Ctrl", "Alt", "ArrowUp", ""}


def test_jupyterlab_asks_nobody_and_saves_soon():
    settings = lesson_server.overrides()
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert settings["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"] == 10
    off = settings["@jupyterlab/shortcuts-extension:shortcuts"]["shortcuts"]
    assert all(each["disabled"] for each in off)


def test_the_server_keeps_its_address_and_is_for_this_machine_alone(folder):
    settings = lesson_server.server_settings(folder, {"port": 23_456, "token": "t"})
    server = settings["ServerApp"]
    assert (server["ip"], server["port"], server["port_retries"]) == ("127.0.0.1", 23_456, 0)
    assert settings["IdentityProvider"] == {"token": "t"}
    assert settings["VoilaConfiguration"]["resources"] == {"team": "Lincoln", "practice": True}


def test_every_jupyter_folder_is_the_workshops_own(folder, monkeypatch):
    monkeypatch.setenv("JUPYTER_PATH", "/somewhere")
    monkeypatch.setenv("JUPYTER_TOKEN", "mine")
    monkeypatch.setenv("JUPYTERLAB_SETTINGS_DIR", "/somewhere")
    found = lesson_server.environment(folder.jupyter)
    own = {name: value for name, value in found.items() if name.startswith(("JUPYTER", "IPYTHON"))}
    assert set(own) == {
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "IPYTHONDIR",
    }
    assert all(value.startswith(str(folder.jupyter)) for value in own.values())


def test_settings_are_written_anew_at_each_start(folder):
    address = {"port": 23_456, "token": "t"}
    lesson_server.write_settings(folder, address)
    path = folder.jupyter / "config" / "jupyter_server_config.json"
    path.write_text("{}")
    lesson_server.write_settings(folder, address)
    assert json.loads(path.read_text())["ServerApp"]["port"] == 23_456
    template = folder.jupyter / "data" / "nbconvert" / "templates" / "lesson"
    assert "https://" not in (template / "index.html.j2").read_text("utf-8")
    assert ".lesson" in (template / "static" / "workshop.css").read_text("utf-8")
