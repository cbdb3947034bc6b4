import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.reports.batch import describe_batch, run_batch
from see_the_system.reports.files import (
    find_browser,
    only_one_run,
    print_page,
    slug,
    write_in_folder,
)
from tests.browser import chromium
from tests.reports.conftest import rows, task

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


def test_pdf_asked_for_later_only_prints(tmp_path, template, same_code):
    browser, out = chromium(), tmp_path / "out {1} é"
    run_batch(template, [task(1)], out)
    made = rows(out)["99-00001"]["finished"]
    outcome = run_batch(template, [task(1)], out, print_with=browser)
    assert describe_batch(outcome) == "1 report: 1 up to date, 1 printed."
    row = rows(out)["99-00001"]
    assert (row["pdf"], row["finished"]) == ("99-00001-district-1.pdf", made)
    printed = (out / row["pdf"]).read_bytes()
    assert (
        printed.startswith(b"%PDF")
        and b"/StructTreeRoot" in printed
        and re.search(rb"/Lang\s*\(en", printed)
    )
    assert 'href="99-00001-district-1.pdf"' in (out / "index.html").read_text()
    assert (
        describe_batch(run_batch(template, [task(1)], out, print_with=browser))
        == "1 report: 1 up to date."
    )

    run_batch(template, [task(1, fingerprint="data-2")], out)
    assert not (out / row["pdf"]).exists() and rows(out)["99-00001"]["pdf"] == ""


def test_a_browser_that_does_not_print_is_told_in_the_row(tmp_path, template):
    out = tmp_path / "out"
    outcome = run_batch(template, [task(1)], out, print_with="/bin/true")
    assert (
        outcome.exit_status == 1 and describe_batch(outcome) == "1 report: 1 made, 1 not printed."
    )
    assert (
        rows(out)["99-00001"]["status"] == "done"
        and "did not print" in rows(out)["99-00001"]["reason"]
    )


def test_a_browser_that_is_not_there_is_a_problem(tmp_path):
    with pytest.raises(Refusal, match="cannot be started"):
        print_page("/nowhere/chromium", tmp_path / "page.html", tmp_path / "page.pdf")


def test_no_browser_on_the_path_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert find_browser() is None
