import re
from dataclasses import replace

import nbformat
import pytest

from see_the_system.messages import Refusal
from see_the_system.reports import page
from see_the_system.reports.execute import LARGEST_PAGE, Failed, finished, keep, unfinished
from see_the_system.reports.manifest import Manifest, ReportRow, index, place, read, side_by_side

ROW = ReportRow(
    "99-10017",
    'Peña "K-8", Unified',
    "Alder",
    "done",
    headline="=1+1, <b>",
    page="a.html",
    notebook="a.ipynb",
    data="h1",
    template="h2",
    code="c",
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.html").write_text("")
    (tmp_path / "a.ipynb").write_text("")
    return tmp_path


def test_rows_survive_writing_and_reading(folder):
    Manifest(folder).record(ROW)
    assert read(folder / "manifest.csv") == {("99-10017", "{}"): ROW}
    assert (
        (folder / "manifest.csv")
        .read_bytes()
        .startswith(b"\xef\xbb\xbfdistrict,name,county,status,reason")
    )


@pytest.mark.parametrize(
    "change",
    [
        {"data": "h9"},
        {"template": "h9"},
        {"code": "h9"},
        {"parameters": '{"year": 2023}'},
        {"name": "Alder"},
    ],
)
def test_up_to_date_until_something_it_was_made_from_changes(folder, change):
    manifest = Manifest(folder)
    manifest.record(ROW)
    assert manifest.up_to_date(ROW)
    assert not manifest.up_to_date(replace(ROW, **change))


def test_a_page_taken_away_or_failed_is_not_up_to_date(folder):
    manifest = Manifest(folder)
    assert not manifest.up_to_date(ROW)
    manifest.record(replace(ROW, status="failed"))
    assert not manifest.up_to_date(ROW)
    manifest.record(ROW)
    (folder / "a.html").unlink()
    assert not manifest.up_to_date(ROW)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00broken", b"a,b\n1,2\n"])
def test_what_is_no_manifest_is_not_written_over(tmp_path, content):
    (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(Refusal, match="Move it away"):
        Manifest(tmp_path)


def test_a_manifest_of_an_earlier_version_is_read_as_far_as_it_goes(tmp_path):
    (tmp_path / "manifest.csv").write_text("district,name,extra\n99-10017,Alder,1\n")
    assert read(tmp_path / "manifest.csv") == {
        ("99-10017", "{}"): ReportRow("99-10017", "Alder", parameters="")
    }


def test_index_escapes_what_is_data_and_says_why_a_report_is_missing():
    html = index(
        [
            ROW,
            ReportRow(
                "99-10025",
                "<script>alert(1)</script>",
                "Alder",
                "failed",
                reason="No grade 8 & no data.",
            ),
        ]
    )
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html
    assert "No grade 8 &amp; no data." in html
    assert "1 report and 1 that could not be made" in html
    assert "=1+1, &lt;b&gt;" in html


def test_index_lists_by_name_and_by_code_where_there_is_no_name():
    html = index([ROW, ReportRow("99-10033", "", "Alder", "done", page="b.html")])
    names = re.findall(r'class="name">(?:<a [^>]*>)?([^<]*)<', html)
    assert names == ["99-10033", "Peña &#34;K-8&#34;, Unified"]


@pytest.mark.parametrize(
    ("county", "words"),
    [
        ("Alder", "Alder County, district 99-10017"),
        ("Alder County", "Alder County, district 99-10017"),
        ("", "district 99-10017"),
    ],
)
def test_where_a_district_is(county, words):
    assert place(replace(ROW, county=county)) == words


WANTED = ReportRow("99-00001", "District 1", "Practice", data="h1", code="c")
NAME = "99-00001-district-1"
NOTEBOOK = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("The gap narrowed.")])


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*"))


def test_a_report_is_kept_and_its_earlier_pdf_is_not(tmp_path):
    (tmp_path / f"{NAME}.pdf").write_text("of an earlier page")
    row = keep(tmp_path, finished(NOTEBOOK, WANTED))
    assert (
        names(tmp_path) == [row.page, row.notebook] == [f"{NAME}.html", f"notebooks/{NAME}.ipynb"]
    )
    assert (row.status, row.reason) == ("done", "")
    html = (tmp_path / row.page).read_text(encoding="utf-8")
    assert "The gap narrowed." in html and "Made from: data h1, code c." in html


def test_a_large_page_says_so(tmp_path):
    large = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("x" * LARGEST_PAGE)])
    assert keep(tmp_path, finished(large, WANTED)).reason.startswith("The page is large: 40")


def test_what_fails_leaves_the_good_page_and_says_of_which_day_it_is(tmp_path):
    before = replace(
        keep(tmp_path, finished(NOTEBOOK, WANTED)), finished="2026-11-03T10:00:00-08:00"
    )
    wanted = replace(WANTED, data="h2")
    row = keep(tmp_path, unfinished(Failed("No grade 8.", NOTEBOOK), wanted), before)
    there = [f"{NAME}.html", f"failed/{NAME}.ipynb", f"notebooks/{NAME}.ipynb"]
    assert names(tmp_path) == there
    assert (row.status, row.reason, row.page) == ("failed", "No grade 8.", f"{NAME}.html")
    assert (row.data, row.page_of) == ("h1", "2026-11-03T10:00:00-08:00")
    later = replace(row, finished="2026-12-01")
    again = keep(tmp_path, unfinished(Failed("No grade 8."), wanted), later)
    assert again.page_of == "2026-11-03T10:00:00-08:00"
    html = index([row])
    assert "This page is of November 3, 2026; it could not be made anew: No grade 8." in html
    assert f'href="{NAME}.html"' in html and "1 report<" in html
    assert keep(tmp_path, finished(NOTEBOOK, wanted)).page_of == ""
    assert names(tmp_path) == [f"{NAME}.html", f"notebooks/{NAME}.ipynb"]


def test_what_never_was_made_has_its_failed_notebook_and_no_page(tmp_path):
    row = keep(tmp_path, unfinished(Failed("No grade 8.", NOTEBOOK), WANTED))
    assert (row.page, row.notebook) == ("", f"failed/{NAME}.ipynb")
    assert names(tmp_path) == [f"failed/{NAME}.ipynb"]
    row = keep(tmp_path, unfinished(Failed("The kernel did not start."), WANTED))
    assert (row.page, row.notebook, row.reason) == ("", "", "The kernel did not start.")


def test_reports_with_other_parameters_live_side_by_side(tmp_path):
    other = replace(WANTED, parameters='{"focus_group": "White", "grades": [6]}')
    manifest = Manifest(tmp_path)
    for wanted in (WANTED, other):
        manifest.record(keep(tmp_path, finished(NOTEBOOK, wanted)))
    assert len(list(tmp_path.glob("*.html"))) == 2
    assert manifest.up_to_date(WANTED) and manifest.up_to_date(other)
    assert Manifest(tmp_path).rows == manifest.rows
    html = index(manifest.present())
    assert "With focus group: White; grades: 6" in html and html.count('class="name"') == 2


def test_a_notebook_that_makes_no_page_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "render", lambda notebook, facts: 1 / 0)
    with pytest.raises(Failed, match="page could not be written from the notebook: ZeroDivision"):
        keep(tmp_path, finished(NOTEBOOK, WANTED))
    assert names(tmp_path) == []


def test_a_name_is_no_formula_in_a_spreadsheet_and_is_read_as_it_was(folder):
    named = replace(ROW, name="=cmd|' /C calc'!A0", county="@SUM(A1)")
    Manifest(folder).record(named)
    text = (folder / "manifest.csv").read_text(encoding="utf-8-sig")
    assert ",'=cmd|' /C calc'!A0,'@SUM(A1)," in text and ",=" not in text
    assert list(read(folder / "manifest.csv").values()) == [named]


def test_a_kept_notebook_does_not_say_where_the_data_are_on_the_machine(tmp_path):
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell('store = "/home/ana/data/alder"')]
    notebook.metadata.papermill = {"parameters": {"store": "/home/ana/data/alder"}}
    keep(tmp_path, unfinished(Failed("It failed.", notebook), ROW))
    (kept,) = (tmp_path / "failed").glob("*.ipynb")
    assert "/home/ana" not in kept.read_text() and "alder" in kept.read_text()


USUAL = {"focus_group": "Hispanic or Latino", "comparison_group": "White"}


@pytest.mark.parametrize(
    ("asked", "warned"),
    [
        ('{"focus_group": "Male", "comparison_group": "Female"}', True),
        ('{"focus_group": "Asian", "comparison_group": "Filipino"}', False),
        ('{"comparison_group": "Asian"}', True),
        ('{"grades": [6, 7]}', True),
    ],
)
def test_pages_of_one_district_that_share_students_are_warned_of(asked, warned):
    other = replace(ROW, parameters=asked, page="b.html")
    words = side_by_side([ROW, other], USUAL)
    assert words.startswith('Of Peña "K-8", Unified there are pages that share') == warned
    html = index([ROW, other], USUAL)
    assert ("hand on one page of a district" in html) == warned
    assert side_by_side([ROW, replace(other, page="")], USUAL) == ""
    assert side_by_side([ROW, replace(other, district="99-10025")], USUAL) == ""


@pytest.mark.parametrize("parameters", ["x", "[]", "3"])
def test_a_manifest_whose_parameters_are_none_is_refused_before_anything_is_made(
    tmp_path, parameters
):
    text = f'district,parameters\n99-10017,"{parameters}"\n'
    (tmp_path / "manifest.csv").write_text(text, encoding="utf-8")
    with pytest.raises(Refusal, match="cannot be read as a list of reports"):
        Manifest(tmp_path)


def test_a_day_as_a_spreadsheet_program_saved_it_is_shown_as_it_is():
    row = replace(ROW, status="failed", reason="No.", page_of="1/2/2024 10:00")
    assert "This page is of 1/2/2024 10:00" in index([row])
