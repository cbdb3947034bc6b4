import os
import stat

import pytest

from see_the_system import paths
from see_the_system.messages import Refusal
from see_the_system.paths import replace, write_whole


@pytest.mark.parametrize(
    ("content", "data"), [("Peña", "Peña".encode()), (b"\x00\xff", b"\x00\xff"), ("", b"")]
)
def test_a_file_is_written_and_written_over(tmp_path, content, data):
    path = tmp_path / "page.html"
    write_whole(path, "before")
    write_whole(str(path), content)
    assert path.read_bytes() == data
    assert os.listdir(tmp_path) == ["page.html"]


def test_half_a_letter_of_a_broken_text_is_no_reason_to_stop(tmp_path):
    write_whole(tmp_path / "page.html", "a\ud800b")
    assert (tmp_path / "page.html").read_bytes() == b"a?b"


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX systems have them")
def test_a_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("before")
    path.chmod(0o640)
    write_whole(path, "after")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_when_the_disk_is_full_the_old_file_stands(tmp_path, monkeypatch):
    def full(number):
        raise OSError(28, "No space left on device")

    path = tmp_path / "page.html"
    write_whole(path, "before")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, "after")
    assert path.read_text() == "before" and os.listdir(tmp_path) == ["page.html"]


def held(times):
    """``os.replace`` of a system on which another program holds the file for so many tries."""
    tries = []

    def replace(source, target):
        tries.append(target)
        if len(tries) <= times:
            raise PermissionError(13, "Permission denied")
        os.rename(source, target)

    return replace


def test_a_file_that_is_held_for_a_moment_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(paths.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(paths.os, "replace", held(times=2))
    write_whole(tmp_path / "page.html", "after")
    assert (tmp_path / "page.html").read_text() == "after"


def test_a_file_that_is_held_for_good_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(paths.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(paths.os, "replace", held(times=99))
    (tmp_path / "new").write_text("after")
    with pytest.raises(Refusal, match=r"page\.html is open in another program\. Close it there"):
        replace(tmp_path / "new", tmp_path / "page.html")
