import re

import pytest

from see_the_system.messages import Refusal
from see_the_system.reports.batch import describe_batch, run_batch
from see_the_system.reports.pdf import find_browser, print_page
from tests.browser import chromium
from tests.reports.conftest import rows, task


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
