import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.reports import files
from see_the_system.reports.files import (
    code_version,
    fingerprint,
    only_one_run,
    slug,
    write_in_folder,
)

STATE_CODES = st.from_regex(r"[0-9]{2}-[0-9]{5}", fullmatch=True).filter(str.isascii)
AWKWARD = [
    "",
    "CON",
    "nul.txt",
    "../../etc/passwd",
    "{district}",
    "a" * 500,
    "学区",
    "Peña/Ávila",
    "a\0b\n",
    "<b>&",
    "-",
    " . ",
]
NAMES = st.one_of(st.sampled_from(AWKWARD), st.text())
CODES = st.one_of(STATE_CODES, st.sampled_from(AWKWARD), st.text())


@given(CODES, NAMES)
def test_slug_is_a_safe_file_name(district, name):
    made = slug(district, name)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert len(made) < 100
    assert made.split("-")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT1"}
    assert made != "index"


@given(CODES, NAMES, CODES, NAMES)
def test_two_codes_never_share_a_slug(one, name, other, other_name):
    assert one == other or slug(one, name) != slug(other, other_name)


def test_same_names_keep_two_slugs():
    assert slug("01-10017", "Union") == "01-10017-union"
    assert slug("02-10017", "Union") == "02-10017-union"


def test_write_whole_replaces_and_leaves_no_part(tmp_path):
    path = tmp_path / "new" / "page.html"
    write_in_folder(path, "first")
    write_in_folder(path, b"second")
    assert path.read_text() == "second"
    assert os.listdir(path.parent) == ["page.html"]


def test_write_whole_says_what_to_do_when_the_folder_is_a_file(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(Refusal, match="Make room or choose another folder"):
        write_in_folder(tmp_path / "taken" / "page.html", "text")


def test_a_folder_takes_one_run_and_clears_what_a_killed_one_left(tmp_path):
    (tmp_path / "page.html.part").write_text("half")
    other = f"""from pathlib import Path
from see_the_system.reports.files import only_one_run
with only_one_run(Path({str(tmp_path)!r})): print('in')"""
    with only_one_run(tmp_path):
        assert not (tmp_path / "page.html.part").exists()
        run = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True)
        assert "Another run is writing reports" in run.stderr
    assert (
        subprocess.run([sys.executable, "-c", other], capture_output=True, text=True).stdout
        == "in\n"
    )


def test_fingerprint_tells_where_parts_end():
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("ab", "c") == fingerprint(b"ab", "c")


@pytest.mark.parametrize("name", ["see_the_system/gaps.py", "helpers/verbs.py", "helpers/page.css"])
def test_the_version_of_the_code_follows_the_engine_and_the_face(tmp_path, monkeypatch, name):
    for package in ("see_the_system", "helpers", "practice_network"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "one.py").write_text("one")
    monkeypatch.setattr(files, "PACKAGE", tmp_path / "see_the_system")
    before = code_version()
    (tmp_path / "practice_network" / "one.py").write_text("two")
    assert code_version() == before
    (tmp_path / name).write_text("two")
    assert code_version() != before
