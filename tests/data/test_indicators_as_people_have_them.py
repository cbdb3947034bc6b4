"""Files of indicators under other names, in other hands, at fault, beside others in a folder."""

import zipfile

import pytest

from see_the_system.data.indicator_files import read_indicators
from see_the_system.data.indicator_layouts import split
from see_the_system.data.indicator_store import listed_parts
from see_the_system.data.indicators import dashboard_indicator
from see_the_system.data.sources import Source
from see_the_system.data.store import Store
from see_the_system.messages import Refusal
from tests.data.test_indicators import (
    ABSENCE,
    DASHBOARD,
    IDENTITY,
    PLACE,
    absence,
    dashboard,
    graduation,
    one,
    read,
    refusal,
    written,
)


def dashboard_percent(group="ALL"):
    return dashboard(group, status="30.5", rest=("90", "35.5", "-5", "2", "4", "3"))


@pytest.mark.parametrize(
    ("name", "indicator"),
    [
        ("graduation2024.txt", "dashboard_graduation"),
        ("GRADUATION 2024.TXT", "dashboard_graduation"),
        ("grad_rates_2024.csv", "dashboard_graduation"),
        ("suspension_2024.csv", "dashboard_suspension"),
        ("Suspension2024.txt", "dashboard_suspension"),
        ("suspdownload2024-v2.txt", "dashboard_suspension"),
        ("chronicabsence2024.txt", "dashboard_chronic"),
        ("Chronic Absenteeism 2024.txt", "dashboard_chronic"),
        ("chronic_absence_2024.txt", "dashboard_chronic"),
        ("mathematics2024.txt", "dashboard_math"),
        ("Dashboard_Math 2024.txt", "dashboard_math"),
        ("dashboard_math_2018_schools_all_students.csv.gz", "dashboard_math"),
        ("English language arts 2024.txt", "dashboard_ela"),
        ("CollegeCareer2024.txt", "dashboard_college_career"),
        ("college and career indicator 2024.txt", "dashboard_college_career"),
        ("Da Vinci Science math 2024.txt", "dashboard_math"),
    ],
)
def test_a_file_of_the_dashboard_by_words_in_its_name(name, indicator):
    assert dashboard_indicator(name, name) == indicator


def test_a_file_of_the_dashboard_under_a_word_is_read(tmp_path):
    rows = [DASHBOARD, dashboard_percent()]
    row = one(written(tmp_path, rows, "Graduation_2024.txt"))
    assert (row.indicator, row.year, row.n, row.value, row.prior_value, row.change) == (
        *("dashboard_graduation", 2024),
        *(100, 30.5, 35.5, -5),
    )


@pytest.mark.parametrize("name", ["gradstd2024.txt", "grade 8 2024.txt", "my grad math.txt"])
def test_a_name_of_no_measure_or_of_two_is_told(name):
    with pytest.raises(Refusal, match="neither its columns nor its name tell of which indicator"):
        dashboard_indicator(name, name)


FIVE_YEARS = (
    " is by its name the Dashboard's file of the five-year cohort, students who had a fifth year "
    "to graduate, and not that of its graduation rate, which is read here. Leave it out, and add "
    "graddownload2024.txt or that of another year."
)
GRADES_3_TO_8 = (
    " is by its name the Dashboard's file of grades 3 to 8 alone, as 2017 had it, and not one of "
    "all grades tested, as later years have and as is read here. Leave it out, and add "
    "mathdownload2018.txt, eladownload2018.txt or those of later years."
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("grad5yr2024.txt", FIVE_YEARS),
        ("graduation five-year 2024.txt", FIVE_YEARS),
        ("gradfiveyear2018.csv", FIVE_YEARS),
        ("mathgr38fall17.txt", GRADES_3_TO_8),
        ("math38download2017f.txt", GRADES_3_TO_8),
        ("ELA grades 3 to 8 2017.txt", GRADES_3_TO_8),
        ("elagr11spring17.txt", GRADES_3_TO_8.replace("grades 3 to 8", "grade 11")),
        (
            "sciencedownload2025.txt",
            " is the Dashboard's file of science, which is not read here. Leave it out.",
        ),
        (
            "elpidownload2024.txt",
            " is the Dashboard's file of English learners' progress, which is not read here. "
            "Leave it out.",
        ),
    ],
)
def test_a_file_of_the_dashboard_that_is_another_says_what_it_is(tmp_path, name, words):
    assert refusal(written(tmp_path, [DASHBOARD, dashboard()], name)) == f"{name}{words}"


def test_the_five_year_cohort_is_not_taken_for_the_four_year_one(tmp_path):
    header, row = graduation()
    path = written(tmp_path, [["Reporting Year", *header[1:]], row], "fycgr24.txt")
    assert refusal(path) == (
        "fycgr24.txt is of the five-year cohort, who had a fifth year to graduate: it is not of "
        "the four-year cohort, which is read here. Leave it out, and add acgr24.txt or that of "
        "another year."
    )


def test_what_is_at_fault_in_a_folder_is_left_out_with_its_reason(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    written(kept, [[*IDENTITY, *ABSENCE], absence()])
    written(kept, [[*IDENTITY, *ABSENCE[:2], "Chronic Absence Rate"], absence()], "ours.txt")
    written(kept, [[IDENTITY[0], *IDENTITY[2:], *ABSENCE], absence()], "without level.txt")
    written(kept, [DASHBOARD[1:], dashboard()[1:]], "math2024.txt")
    written(kept, [DASHBOARD, dashboard()], "download.txt")
    (kept / "notes.txt").write_text("a, b\n", encoding="utf-8")
    added, *left = Store(tmp_path / "store").add([kept])
    assert "1 row of 2024" in added
    assert left == [
        "Left out: download.txt is a file of the Dashboard, and neither its columns nor its name "
        "tell of which indicator. Name it as it was downloaded, with one of cci, chronic, ela, "
        "grad, math or susp in it, such as mathdownload2024.txt.",
        "Left out: math2024.txt, line 1: the column 'cds' is missing, which files of the "
        "Dashboard's Mathematics, points from standard have. Add the file as it was downloaded.",
        "Left out: ours.txt, line 1: the column 'Chronic Absenteeism Rate' is missing (it has "
        "'Chronic Absence Rate'), which files of chronic absenteeism have. Add the file as it was "
        "downloaded.",
        "Left out: without level.txt, line 1: the column 'Aggregate Level' is missing, which files "
        "of chronic absenteeism have. Add the file as it was downloaded.",
        "Left out, for it is no research file of the state's tests: notes.txt.",
    ]


def test_a_folder_of_nothing_but_a_file_at_fault_is_refused_with_its_reason(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    written(kept, [DASHBOARD, dashboard()], "mathgr38fall17.txt")
    (kept / "notes.txt").write_text("a, b\n", encoding="utf-8")
    store = Store(tmp_path / "store")
    with pytest.raises(Refusal) as fault:
        store.add([kept])
    assert str(fault.value) == f"mathgr38fall17.txt{GRADES_3_TO_8}"
    assert not store.folder.exists()


def workbook(path, *texts):
    """A workbook whose cells have these texts, as a spreadsheet program keeps them."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        items = "".join(f"<si><t>{text}</t></si>" for text in texts)
        archive.writestr("xl/sharedStrings.xml", f"<sst>{items}</sst>")


def test_workbooks_of_indicators_in_a_folder_are_told(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    written(kept, [[*IDENTITY, *ABSENCE], absence()])
    workbook(kept / "Book1.xlsx", "cds", "rtype", "schoolname", "studentgroup")
    workbook(kept / "budget.xlsx", "Item", "Amount")
    workbook(kept / "math budget 2024.xlsx", "Item", "Amount")
    (kept / "acgr24.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    (kept / "damaged.xlsx").write_bytes(b"PK\x03\x04")
    (kept / "suspension 2024.ods").write_bytes(b"PK\x03\x04")
    told = Store(tmp_path / "store").add([kept])
    names = ["Book1.xlsx", "acgr24.xls", "suspension 2024.ods"]
    assert told[1:] == [
        f"Left out: {name} is a workbook of a spreadsheet program, and a text file was expected. "
        "Save its sheet with the data as text (tab delimited) or CSV, or download the state's "
        ".txt, and add that."
        for name in names
    ]


def test_quotation_marks_between_tabs_are_read_as_a_spreadsheet_means_them(tmp_path):
    place = [*PLACE[:7], '"Oak, ""The"" Middle"']
    row = one(
        written(
            tmp_path,
            [[*IDENTITY, *ABSENCE], absence(n='"1,200"', count='"300"', place=place)],
        )
    )
    assert (row.school_name, row.n, row["count"], row.value) == ('Oak, "The" Middle', 1200, 300, 25)
    rows = [[f'"{cell}"' for cell in line] for line in ([*IDENTITY, *ABSENCE], absence())]
    assert one(written(tmp_path, rows)).school_name == "Oak Middle"


def test_a_quotation_mark_that_is_part_of_a_name_stays(tmp_path):
    names = ['"Oak" Middle', 'Oak "Grove', '"Oak Grove']
    places = [
        [*PLACE[:4], f"011111{number}", *PLACE[5:7], name] for number, name in enumerate(names)
    ]
    frame, notes = read(
        written(tmp_path, [[*IDENTITY, *ABSENCE], *(absence(place=place) for place in places)])
    )
    assert frame["school_name"].tolist() == names and notes == []


@pytest.mark.parametrize("delimiter", ["\t", ","])
@pytest.mark.parametrize(
    "above",
    [
        [["Chronic absenteeism, all schools, 2023-24, of the state, as of June, 2025"]],
        [["Chronic absenteeism"], ["Downloaded in June"], [""]],
        [["Chronic absenteeism", *[""] * 13]],
        [["sep=,"]],
        [[""], [""]],
        [[""] * 14],
    ],
)
def test_a_table_under_other_lines_is_read(tmp_path, above, delimiter):
    rows = [*above, [*IDENTITY, *ABSENCE], absence(), absence("RB", rate="25.0")]
    store = Store(tmp_path / "store")
    [sentence] = store.add([written(tmp_path, rows, delimiter=delimiter)])
    assert "chronic absenteeism, 2 rows of 2024" in sentence and "left out" not in sentence
    assert store.indicators("01-61259")[["n", "value"]].astype(float).values.tolist() == [
        [120, 25],
        [120, 25],
    ]
    rows[-1] = absence("RB", rate="125")
    wrong = written(tmp_path, rows, "wrong.txt", delimiter=delimiter)
    with pytest.raises(Refusal, match=rf"wrong\.txt, line {len(rows)}, column 'Chronic.*'125'"):
        store.add([wrong])
    rows[len(above)] = [*IDENTITY, *ABSENCE[:2], "Rate"]
    wrong = written(tmp_path, rows, "wrong.txt", delimiter=delimiter)
    with pytest.raises(Refusal, match=rf"wrong\.txt, line {len(above) + 1}: the column 'Chronic"):
        store.add([wrong])


@pytest.mark.parametrize("size", [3, 200])
def test_wherever_a_block_ends_the_rows_below_the_header_are_read(tmp_path, monkeypatch, size):
    rows = [["Chronic absenteeism"], [""], [*IDENTITY, *ABSENCE], absence(), absence("RB")]
    source = Source(written(tmp_path, rows))
    [[_, layout]], _, _ = split([source])
    monkeypatch.setattr("see_the_system.data.sources.Source.blocks.__defaults__", (size,))
    frame, notes = read_indicators(source, layout)
    assert frame["group_id"].tolist() == [1, 74] and notes == []


POINTS = "a distance from the standard of -400 to 400 points was expected"


@pytest.mark.parametrize(
    ("name", "row", "column", "words"),
    [
        ("math2024.txt", dashboard(status="nan"), "currstatus", "'nan' stands there and a number"),
        (
            "math2024.txt",
            dashboard(status="5000"),
            "currstatus",
            f"'5000' stands there and {POINTS}",
        ),
        (
            "ela2024.txt",
            dashboard(status="-401"),
            "currstatus",
            f"'-401' stands there and {POINTS}",
        ),
        (
            "math2024.txt",
            dashboard(rest=("90", "-999", "5", "2", "4", "3")),
            "priorstatus",
            f"'-999' stands there and {POINTS}",
        ),
        (
            "math2024.txt",
            dashboard(rest=("90", "-35.5", "900", "2", "4", "3")),
            "change",
            "'900' stands there and a change of -800 to 800 points was expected",
        ),
        (
            "math2024.txt",
            dashboard(rest=("90", "-35.5", "5", "2", "inf", "3")),
            "changelevel",
            "'inf' stands there and a number, * or nothing was expected",
        ),
        (
            "susp2024.txt",
            dashboard(status="3.5", rest=("90", "130", "5", "2", "4", "3")),
            "priorstatus",
            "'130' stands there and a percentage from 0 to 100 was expected",
        ),
        (
            "susp2024.txt",
            dashboard(status="3.5", rest=("90", "13", "-105", "2", "4", "3")),
            "change",
            "'-105' stands there and a change of -100 to 100 points was expected",
        ),
    ],
)
def test_a_number_of_the_dashboard_that_cannot_be_is_named(tmp_path, name, row, column, words):
    said = refusal(written(tmp_path, [DASHBOARD, row], name))
    assert said.startswith(f"{name}, line 2, column {column!r}: {words}")
    assert "Add the file as it was downloaded" in said


def test_the_rows_of_one_school_take_the_place_of_its_own_alone(tmp_path):
    header = [*IDENTITY, *ABSENCE]
    elm = [*PLACE[:4], "0222222", *PLACE[5:7], "Elm Middle"]
    district = ["2023-24", "D", *PLACE[2:4], "0000000", *PLACE[5:7], ""]
    whole = written(
        tmp_path,
        [header, absence(place=district), absence(), absence("RB"), absence(place=elm)],
        "whole.txt",
    )
    school = written(tmp_path, [header, absence(count="31", rate="25.8")], "oak-v2.txt")
    store = Store(tmp_path / "store")
    store.add([whole])
    before = store.fingerprint("01-61259")
    with pytest.raises(Refusal, match=r"disagree about 2024\. To put the rows of oak-v2\.txt in"):
        store.add([school])
    assert store.add([school], replace=True) == [
        "oak-v2.txt: chronic absenteeism, 1 row of 2024, school 01-61259-0111111, added in the "
        "place of 1 row of whole.txt, the rest of which stays."
    ]
    found = store.indicators("01-61259").set_index(["school_code", "group_id"])["value"]
    assert found.to_dict() == {
        ("0000000", 1): 25,
        ("0111111", 1): 25.8,
        ("0111111", 74): 25,
        ("0222222", 1): 25,
    }
    assert [line.split("  ")[1:4] for line in listed_parts(store.folder)] == [
        ["district 01-61259", "chronic absenteeism", "3 rows"],
        ["school 01-61259-0111111", "chronic absenteeism", "1 row"],
    ]
    assert store.fingerprint("01-61259") != before
    assert "already in the store" in store.add([school], replace=True)[0]
    # The whole file again is a way back.
    assert "added in the place of whole.txt and oak-v2.txt." in store.add([whole])[0]
    assert store.indicators("01-61259")["value"].tolist() == [25, 25, 25, 25]
    assert len(list((store.folder / "indicators").iterdir())) == 1
