import re
from dataclasses import replace

import pytest

from see_the_system.messages import Refusal
from see_the_system.reports.manifest import Manifest, ReportRow, index, place, read

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
    assert read(folder / "manifest.csv") == {"99-10017": ROW}
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
        "99-10017": ReportRow("99-10017", "Alder", parameters="")
    }


def test_index_escapes_what_is_data_and_says_why_a_report_is_missing():
    page = index(
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
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "No grade 8 &amp; no data." in page
    assert "1 report, and 1 that could not be made" in page
    assert "=1+1, &lt;b&gt;" in page


def test_index_lists_by_name_and_by_code_where_there_is_no_name():
    page = index([ROW, ReportRow("99-10033", "", "Alder", "done", page="b.html")])
    names = re.findall(r'class="name">(?:<a [^>]*>)?([^<]*)<', page)
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
