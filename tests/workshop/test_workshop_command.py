"""``see-the-system workshop``: opened, opened twice, closed, opened again, and refused."""

import json
import socket
import time
import urllib.request

import psutil
import pytest

from see_the_system.cli import main
from see_the_system.theory.kinds import Category
from see_the_system.theory.opening import open_record
from see_the_system.workshop.team_folder import port_is_free
from tests.workshop.rooms import OpenedRoom, opened_room

DIRECT = urllib.request.build_opener(
    urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
)


def wait_until(holds):
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def start_a_kernel(address):
    """Asks a workshop's server for a kernel, as a page does; gives the kernel's process."""
    root, token = address.split("/workshop?token=")
    before = set(psutil.Process().children(recursive=True))
    asked = urllib.request.Request(
        f"{root}/api/kernels", b"{}", {"Authorization": f"token {token}"}, method="POST"
    )
    with DIRECT.open(asked, timeout=60) as answer:
        assert json.loads(answer.read())["name"] == "python3"
    [kernel] = set(psutil.Process().children(recursive=True)) - before
    return kernel


def test_opened_closed_and_opened_again_it_is_the_same_room(tmp_path, lessons):
    """And a command that is killed leaves no server behind."""
    room = tmp_path / "room"
    with opened_room(tmp_path, room, "--team", "Lincoln", "--lessons", lessons) as first:
        address = first.address
        assert f"The workshop is open in your browser, at {address}" in first.said
        assert f"The team's work is kept in {room / 'team.theory'}" in first.said
        with DIRECT.open(address, timeout=30) as page:
            assert b"<h1>Lincoln</h1>" in page.read() and "token" not in page.url
        with open_record(room / "team.theory") as record:
            record.add(Category(text="Time"), author="Ana")
        kernel = start_a_kernel(address)
        (second_place := tmp_path / "second").mkdir()
        second = OpenedRoom(second_place, [room])
        status, error = second.ends()
        assert (status, error) == (2, f"The workshop in {room} is open already, at {address}\n")
        assert second.address == address and second.said == ""
        assert first.close() == 0
        assert "The workshop is closed." in first.said and first.err.read_text() == ""
    assert not kernel.is_running()
    with opened_room(tmp_path, room, "--lessons", lessons, browser=False) as again:
        assert f"No browser was found here. Open this address in one: {address}" in again.said
        with DIRECT.open(address, timeout=30) as page:
            assert b"<h1>Lincoln</h1>" in page.read()
        with open_record(room / "team.theory") as record:
            assert [bone.text for bone in record.theory().categories] == ["Time"]
        port = json.loads((room / ".workshop" / "address.json").read_text())["port"]
        assert not port_is_free(port)
        again.process.kill()  # as when the laptop's battery is empty
        wait_until(lambda: port_is_free(port))


@pytest.fixture
def refused(capsys):
    """The sentence with which the command refuses."""

    def refused(*arguments):
        with pytest.raises(SystemExit) as end:
            main(["workshop", *map(str, arguments)])
        error = capsys.readouterr().err
        assert end.value.code == 2 and error.count("\n") == 1, error
        return error

    return refused


def test_a_port_of_another_program_is_a_sentence_and_never_another_port(tmp_path, refused):
    room = tmp_path / "room"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        error = refused(room, "--port", port, "--lessons", tmp_path)
        assert error.startswith(
            f"Another program uses this workshop's address, http://127.0.0.1:{port}"
        )
        assert "with --port and another number from 20000 to 31999" in error
    assert json.loads((room / ".workshop" / "address.json").read_text())["port"] == port


def test_what_cannot_be_a_workshop_is_a_sentence(tmp_path, refused):
    (tmp_path / "file").write_text("")
    assert "is a file, and a workshop needs a folder" in refused(tmp_path / "file")
    assert "holds other files (file)" in refused(tmp_path)
    assert "cannot be written" in refused(tmp_path / "file" / "room")


def test_a_damaged_record_says_so_itself(tmp_path, refused):
    (tmp_path / "team.theory").write_bytes(b"no record at all" * 400)
    assert str(tmp_path / "team.theory") in refused(tmp_path, "--lessons", tmp_path)


def test_a_lesson_that_cannot_be_read_is_a_sentence(tmp_path, refused):
    (tmp_path / "01_a.ipynb").write_text("{")
    assert "01_a.ipynb cannot be read as a notebook" in refused(
        tmp_path / "room", "--lessons", tmp_path
    )
