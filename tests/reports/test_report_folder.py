import nbformat
import pytest

from see_the_system.reports import page
from see_the_system.reports.execute import Failed
from see_the_system.reports.manifest import LARGEST_PAGE, ReportRow, keep, set_aside

ROW = ReportRow("99-00001", "District 1", "Practice", data="h1", code="c")
NAME = "99-00001-district-1"
NOTEBOOK = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("The gap narrowed.")])


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_a_report_is_kept_and_its_earlier_pdf_is_not(tmp_path):
    (tmp_path / f"{NAME}.pdf").write_text("of an earlier page")
    row = keep(tmp_path, NOTEBOOK, ROW)
    assert (
        names(tmp_path) == [row.page, row.notebook] == [f"{NAME}.html", f"notebooks/{NAME}.ipynb"]
    )
    assert (row.status, row.reason) == ("done", "")
    html = (tmp_path / row.page).read_text(encoding="utf-8")
    assert "The gap narrowed." in html and "Made from: data h1, code c." in html


def test_a_large_page_says_so(tmp_path):
    large = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("x" * LARGEST_PAGE)])
    assert keep(tmp_path, large, ROW).reason.startswith("The page is large: 40")


def test_what_fails_is_set_aside_with_its_earlier_page(tmp_path):
    before = keep(tmp_path, NOTEBOOK, ROW)
    row = set_aside(tmp_path, Failed("No grade 8.", NOTEBOOK), ROW, before)
    assert names(tmp_path) == [f"failed/{NAME}-earlier.html", f"failed/{NAME}.ipynb"]
    assert (row.status, row.reason, row.page) == ("failed", "No grade 8.", "")
    assert row.notebook == f"failed/{NAME}.ipynb"
    keep(tmp_path, NOTEBOOK, ROW)
    assert names(tmp_path) == [f"{NAME}.html", f"notebooks/{NAME}.ipynb"]


def test_a_report_that_never_began_sets_its_earlier_page_aside_too(tmp_path):
    before = keep(tmp_path, NOTEBOOK, ROW)
    row = set_aside(tmp_path, Failed("The kernel did not start."), ROW, before)
    assert names(tmp_path) == [f"failed/{NAME}-earlier.html"] and row.notebook == ""


def test_a_notebook_that_makes_no_page_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "render", lambda notebook, facts: 1 / 0)
    with pytest.raises(Failed, match="page could not be written from the notebook: ZeroDivision"):
        keep(tmp_path, NOTEBOOK, ROW)
    assert names(tmp_path) == []
