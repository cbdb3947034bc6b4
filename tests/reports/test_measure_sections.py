"""What a report says of the state's other public measures."""

import pytest

from see_the_system.data.store import Store
from see_the_system.paths import SAMPLE
from see_the_system.reports.district_report import DistrictReport

NEWEST = "sb_ca2025_all_99_csv_v1.zip"


@pytest.fixture(scope="module")
def section():
    return DistrictReport("99-10017", "Hispanic or Latino", "White").other_measures()


def test_the_measures_of_both_groups_and_of_all(section):
    table = section.table.set_index(["Measure", "Group"])
    assert len(table) == 18
    row = table.loc[("Graduation in four years, 2025", "White")]
    assert row.tolist() == ["300", "92.3", "89 to 95", "90.4", "92.6"]
    row = table.loc[("Mathematics, points from standard, 2025", "Hispanic or Latino")]
    assert row.tolist() == ["10,945", "−79.6", "", "−83.1", ""]
    assert section.words == (
        "On the Dashboard of 2025, Mathematics, points from standard: All students −46.6 (+4.1 "
        "since 2024, yellow); Hispanic or Latino −79.6 (+3.5 since 2024, yellow); White −13.5 "
        "(+3.0 since 2024, green).",
        "Of all students no share changed by more than chance since the year before.",
    )
    assert any("About 11 percent of college records are blocked" in how for how in section.how)


def test_a_small_district_says_what_is_hidden():
    section = DistrictReport("99-10074", "Hispanic or Latino", "White").other_measures()
    hidden = section.table["Students"] == "hidden"
    assert not section.table.loc[hidden, "Percent or points"].any()
    assert (section.table.loc[~hidden, "Students"].str.replace(",", "").astype(int) >= 11).all()


def test_a_report_of_earlier_years_tells_of_no_later_ones():
    report = DistrictReport("99-10017", "Hispanic or Latino", "White", years=[2018, 2019])
    assert set(report.other_measures().table["Measure"].str[-4:]) == {"2019"}


def test_without_such_files_there_is_no_section(tmp_path):
    store = Store(tmp_path / "store")
    store.add([SAMPLE / NEWEST])
    report = DistrictReport("99-10017", "Hispanic or Latino", "White", store=str(store.folder))
    assert report.other_measures().html() == ""


def test_a_new_file_of_measures_makes_the_page_anew(tmp_path):
    store = Store(tmp_path / "store")
    store.add([SAMPLE / NEWEST])
    before = store.fingerprint("99-10017")
    store.add([SAMPLE / "practice_acgr25.zip"])
    assert store.fingerprint("99-10017") != before


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("practice_mathdownload2025.zip", "how far scores on the Dashboard lie from the standard"),
        ("practice_chronicabsenteeism25.zip", "days missed"),
        ("practice_acgr25.zip", "diplomas"),
    ],
)
def test_the_lead_names_only_measures_that_are_there(tmp_path, file, words):
    store = Store(tmp_path / "store")
    store.add([SAMPLE / NEWEST, SAMPLE / file])
    report = DistrictReport("99-10017", "Hispanic or Latino", "White", store=str(store.folder))
    lead = report.other_measures().lead
    assert lead == f"Look at what else the state counts: {words}."


def test_the_lead_of_two_measures_and_of_more(tmp_path, section):
    whole = "days missed, diplomas, and what comes after"
    assert section.lead == f"Look at what else the state counts: {whole}."
    store = Store(tmp_path / "store")
    files = ["practice_chronicabsenteeism25.zip", "practice_acgr25.zip"]
    store.add([SAMPLE / NEWEST, *(SAMPLE / file for file in files)])
    report = DistrictReport("99-10017", "Hispanic or Latino", "White", store=str(store.folder))
    lead = report.other_measures().lead
    assert lead == "Look at what else the state counts: days missed and diplomas."


def test_no_change_is_said_as_none(tmp_path):
    names = "cds rtype studentgroup currdenom currstatus priordenom priorstatus change color"
    cells = [
        [*names.split(), "statuslevel", "reportingyear"],
        ["99100170000000", "D", "ALL", "900", "-13.5", "890", "-13.5", "0", "3", "3", "2025"],
        ["99100170000000", "D", "WH", "300", "-13.5", "290", "-13.4", "-0.1", "0", "3", "2025"],
    ]
    file = tmp_path / "mathdownload2025.txt"
    file.write_text("\n".join("\t".join(row) for row in cells), encoding="utf-8")
    store = Store(tmp_path / "store")
    store.add([SAMPLE / NEWEST, file])
    report = DistrictReport("99-10017", "Hispanic or Latino", "White", store=str(store.folder))
    assert report.other_measures().words == (
        "On the Dashboard of 2025, Mathematics, points from standard: All students −13.5 (no "
        "change since 2024, yellow); White −13.5 (−0.1 since 2024).",
    )
