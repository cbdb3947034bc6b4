"""The state's files of indicators: read as they are, told apart, refused in a sentence."""

import csv
import gzip
import io
import zipfile
from pathlib import Path

import pytest

from see_the_system.data.indicator_files import KEY, read_indicators
from see_the_system.data.indicator_layouts import FORMATS, layout_of
from see_the_system.data.indicators import INDICATORS
from see_the_system.data.sources import Source
from see_the_system.data.store import Store
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from tests import real_data

PLACE = ["2023-24", "S", "01", "61259", "0111111", "Alameda", "Oakland Unified", "Oak Middle"]
IDENTITY = [
    *("Academic Year", "Aggregate Level", "County Code", "District Code", "School Code"),
    *("County Name", "District Name", "School Name", "Charter School", "DASS"),
    "Reporting Category",
]
ABSENCE = [
    "ChronicAbsenteeismEligibleCumulativeEnrollment",
    "ChronicAbsenteeismCount",
    "ChronicAbsenteeismRate",
]
DASHBOARD = [
    *("cds", "rtype", "schoolname", "districtname", "countyname", "charter_flag", "studentgroup"),
    *("currdenom", "currstatus", "priordenom", "priorstatus", "change"),
    *("statuslevel", "changelevel", "color", "reportingyear"),
]
OAK = ["01612590111111", "S", "Oak Middle", "Oakland Unified", "Alameda", ""]


def absence(group="TA", n="120", count="30", rate="25.0", place=PLACE, charter="All", dass="All"):
    return [*place, charter, dass, group, n, count, rate]


def written(tmp_path, rows, name="chronicabsenteeism24.txt", *, delimiter="\t", encoding="utf-8"):
    path = tmp_path / name
    lines = (delimiter.join(row) + "\r\n" for row in rows)
    path.write_bytes("".join(lines).encode(encoding))
    return path


def read(path):
    source = Source(path)
    return read_indicators(source, layout_of(source.header(), source.name))


def refusal(path):
    with pytest.raises(Refusal) as fault:
        read(path)
    return str(fault.value)


def one(path):
    frame, notes = read(path)
    assert len(frame) == 1 and notes == []
    return frame.iloc[0]


def test_a_row_of_chronic_absence(tmp_path):
    row = one(written(tmp_path, [[*IDENTITY, *ABSENCE], absence()]))
    assert (row.year, row.county_code, row.district_code, row.school_code) == (
        *(2024, "01", "61259"),
        "0111111",
    )
    assert (row.indicator, row.group, row.group_id) == ("chronic_absence", "All students", 1)
    assert (row.n, row["count"], row.value, row.missing) == (120, 30, 25.0, "")
    assert (row.level, row.school_name) == ("school", "Oak Middle")


@pytest.mark.parametrize(
    "header",
    [
        [name.replace(" ", "") for name in IDENTITY],
        [f" {name.upper()} " for name in IDENTITY],
        ["\ufeffAcademic Year", *IDENTITY[1:]],
    ],
)
def test_names_of_columns_are_compared_by_letters_and_digits(tmp_path, header):
    assert one(written(tmp_path, [[*header, *ABSENCE], absence()])).value == 25


@pytest.mark.parametrize("charter", ["All ", "ALL"])
def test_one_value_of_every_dimension(tmp_path, charter):
    rows = [
        absence(charter="No ", dass="All", n="7777"),
        absence(charter="All", dass="No", n="7777"),
        absence(charter=charter),
    ]
    assert one(written(tmp_path, [[*IDENTITY, *ABSENCE], *rows])).n == 120


def test_no_row_of_all_schools_together_is_told(tmp_path):
    path = written(tmp_path, [[*IDENTITY, *ABSENCE], absence(charter="No")])
    assert refusal(path) == (
        "chronicabsenteeism24.txt has no row of all kinds of schools together ('All' in the column "
        "'Charter School'). Add the file as it was downloaded."
    )
    path = written(tmp_path, [[*IDENTITY, *ABSENCE], absence("RD")])
    assert refusal(path) == (
        "chronicabsenteeism24.txt has only rows that are not read here (student groups RD). Add "
        "the file as it was downloaded."
    )
    path = written(tmp_path, [[*IDENTITY, *ABSENCE]])
    assert "has a header and no rows of schools, districts or the state" in refusal(path)


@pytest.mark.parametrize(
    ("cells", "missing", "n"),
    [
        (("*", "*", "*"), "suppressed", None),
        (("8", "*", "*"), "suppressed", 8),
        (("0", "0", ""), "nobody tested", 0),
        (("", "", ""), "suppressed", None),
    ],
)
def test_why_a_value_is_missing(tmp_path, cells, missing, n):
    rows = [[*IDENTITY, *ABSENCE], absence("TA"), absence("RB", *cells)]
    frame, _ = read(written(tmp_path, rows))
    row = frame[frame["group_id"] == 74].iloc[0]
    assert row.missing == missing and str(row.value) == "<NA>" and str(row["count"]) == "<NA>"
    assert (None if str(row.n) == "<NA>" else row.n) == n


def test_grade_spans_are_groups_of_their_own_name(tmp_path):
    row = one(written(tmp_path, [[*IDENTITY, *ABSENCE], absence("GR78")]))
    assert row.group == "Grades 7 to 8" and str(row.group_id) == "<NA>"


def test_what_is_left_out_is_told(tmp_path):
    rows = [absence(), absence("GX"), absence("RD"), absence("GRTK")]
    odd = ["2023-24", "D1", *PLACE[2:]]
    frame, notes = read(written(tmp_path, [[*IDENTITY, *ABSENCE], *rows, absence(place=odd)]))
    assert len(frame) == 1
    assert notes == [
        "Student groups that are not read here were left out: GRTK, GX and RD.",
        "Rows of the level D1 (districts with all their schools) were left out.",
    ]
    both = [absence(), absence(place=odd), absence(place=["2023-24", "D2", *PLACE[2:]])]
    _, notes = read(written(tmp_path, [[*IDENTITY, *ABSENCE], *both]))
    assert notes == [
        "Rows of the levels D1 (districts with all their schools) and D2 (districts without their "
        "charter schools) were left out."
    ]


def test_codes_without_their_zeros_and_levels_without_codes(tmp_path):
    rows = [
        absence(place=["2023-24", "S", "1", "61259", "111111", *PLACE[5:]]),
        absence(place=["2023-24", "D", "1", "61259", "", *PLACE[5:]]),
        absence(place=["2023-24", "C", "1", "", "", *PLACE[5:]]),
        absence(place=["2023-24", "T", "00", "", "", "", "", ""]),
    ]
    frame, _ = read(written(tmp_path, [[*IDENTITY, *ABSENCE], *rows]))
    places = frame[["level", "county_code", "district_code", "school_code"]]
    assert sorted(places.itertuples(index=False, name=None)) == [
        ("county", "01", "00000", "0000000"),
        ("district", "01", "61259", "0000000"),
        ("school", "01", "61259", "0111111"),
        ("state", "00", "00000", "0000000"),
    ]


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-16"), ("\t", "cp1252")]
)
def test_as_spreadsheets_and_systems_save_it(tmp_path, delimiter, encoding):
    place = [*PLACE[:7], "Doña Peña Middle"]
    rows = [[*IDENTITY, *ABSENCE], absence(place=place)]
    row = one(written(tmp_path, rows, delimiter=delimiter, encoding=encoding))
    assert (row.school_name, row.n, row.value) == ("Doña Peña Middle", 120, 25)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (absence(rate="125"), "'125' stands there and a percentage from 0 to 100 was expected"),
        (absence(count="130"), "'130' stands there and no more students than there are in all"),
        (absence(n="12O"), "'12O' stands there and a number, * or nothing was expected"),
        (
            absence(place=["23-Mar", *PLACE[1:]]),
            "'23-Mar' stands there and a school year such as 2023-24 was expected",
        ),
        (
            absence(place=["2023-27", *PLACE[1:]]),
            "'2023-27' stands there and a school year such as 2023-24 was expected",
        ),
        (
            absence(place=["2023-2023", *PLACE[1:]]),
            "'2023-2023' stands there and a school year such as 2023-24 was expected",
        ),
        (absence(rate="nan"), "'nan' stands there and a number, * or nothing was expected"),
        (absence(rate="-inf"), "'-inf' stands there and a number, * or nothing was expected"),
        (absence(n="NaN"), "'NaN' stands there and a number, * or nothing was expected"),
        (
            absence(place=[*PLACE[:4], "1.1E+05", *PLACE[5:]]),
            "'1.1E+05' stands there and a code of up to 7 digits was expected",
        ),
    ],
)
def test_a_wrong_cell_is_named_with_its_line(tmp_path, row, words):
    said = refusal(written(tmp_path, [[*IDENTITY, *ABSENCE], absence("RB"), row]))
    assert said.startswith("chronicabsenteeism24.txt, line 3, column ") and words in said


def test_two_years_and_the_same_row_twice(tmp_path):
    header = [*IDENTITY, *ABSENCE]
    other = absence("RB", place=["2022-23", *PLACE[1:]])
    assert "holds rows of 2023 and 2024; one year" in refusal(
        written(tmp_path, [header, absence(), other])
    )
    assert "holds code 01-61259-0111111, All students twice in 2024" in refusal(
        written(tmp_path, [header, absence(), absence()])
    )


def test_rates_that_are_not_those_of_the_counts_are_told_and_kept(tmp_path):
    frame, notes = read(written(tmp_path, [[*IDENTITY, *ABSENCE], absence(rate="27.0")]))
    assert frame["value"].tolist() == [27] and notes == [
        "In 1 row the published rate is not that of the published counts; the rate is kept as "
        "published."
    ]


def test_a_file_that_lacks_a_column_and_one_that_is_not_read(tmp_path):
    path = written(tmp_path, [[*IDENTITY, *ABSENCE[:2], "Chronic Absence Rate"], absence()])
    assert refusal(path) == (
        "chronicabsenteeism24.txt, line 1: the column 'Chronic Absenteeism Rate' is missing (it "
        "has 'Chronic Absence Rate'), which files of chronic absenteeism have. Add the file as it "
        "was downloaded."
    )
    path = written(tmp_path, [[*IDENTITY, "Suspension Count", "Suspension Rate"]], "susp24.txt")
    assert "susp24.txt is a file of the Department of Education that is not read here" in refusal(
        path
    )


def graduation(**cells):
    names = {
        "CohortStudents": "100",
        "Regular HS Diploma Graduates (Count)": "80",
        "Regular HS Diploma Graduates (Rate)": "80.0",
        "Met UC/CSU Grad Req's (Count)": "40",
        "Met UC/CSU Grad Req's (Rate": "50.0",
    }
    return [*IDENTITY, *names], [*PLACE, "All", "All", "TA", *(names | cells).values()]


def test_a_g_has_two_denominators(tmp_path):
    frame, notes = read(written(tmp_path, graduation(), "acgr24.txt"))
    rows = frame.set_index("indicator")[["n", "count", "value"]].astype(float)
    assert rows.loc["graduation"].tolist() == [100, 80, 80]
    assert rows.loc["a_g_of_graduates"].tolist() == [80, 40, 50]
    assert rows.loc["a_g_of_cohort"].tolist() == [100, 40, 40]
    assert notes == []


def college(months, completer="TA"):
    window = f"({months} Months)"
    header = [
        *(IDENTITY[:9]),
        *("AlternativeSchoolAccountabilityStatus", "ReportingCategory", "CompleterType"),
        "High School Completers",
        f"Enrolled In College - Total {window}",
        f"College Going Rate - Total {window}",
    ]
    return header, [*PLACE, "All", "All", "TA", completer, "200", "130", "65.0"]


def test_college_going_of_all_completers_within_12_and_16_months(tmp_path):
    header, row = college(12)
    of_some = [*row[:11], "AGY", "90", "80", "88.9"]
    found = one(written(tmp_path, [header, of_some, row], "cgr12mo24.txt"))
    assert (found.indicator, found.n, found.value) == ("college_going", 200, 65)
    found = one(written(tmp_path, college(16), "cgr16mo24.txt"))
    assert found.indicator == "college_going_16"


def dashboard(group="ALL", n="100", status="-30.5", rest=("90", "-35.5", "5", "2", "4", "3")):
    return [*OAK, group, n, status, *rest, "2024"]


def test_a_row_of_the_dashboard(tmp_path):
    row = one(written(tmp_path, [DASHBOARD, dashboard()], "MATHdownload2024.txt"))
    assert (row.indicator, row.n, row.value, row.missing) == ("dashboard_math", 100, -30.5, "")
    assert (row.prior_n, row.prior_value, row.change) == (90, -35.5, 5)
    assert (row.status_level, row.change_level, row.color) == (2, 4, 3)
    assert str(row["count"]) == "<NA>" and not row.charter


def test_the_dashboard_of_2022_has_a_status_alone(tmp_path):
    keep = [place for place, name in enumerate(DASHBOARD) if "prior" not in name]
    keep = [place for place in keep if DASHBOARD[place] not in ("change", "changelevel", "color")]
    rows = [[row[place] for place in keep] for row in (DASHBOARD, [*dashboard()[:-1], "2022"])]
    row = one(written(tmp_path, rows, "mathdownload2022.txt"))
    assert row.value == -30.5 and str(row.change) == "<NA>" and str(row.color) == "<NA>"


def test_groups_of_the_dashboard_that_the_tests_have_not(tmp_path):
    rows = [DASHBOARD, *(dashboard(group) for group in ("EL", "ELO", "RFP", "SBA"))]
    frame, notes = read(written(tmp_path, rows, "eladownload2024.txt"))
    codes = frame["group_id"].fillna(0).astype(int)
    assert dict(zip(frame["group"], codes, strict=True)) == {
        "English learner, with recently reclassified": 0,
        "English learner": 160,
        "Recently reclassified fluent English proficient": 0,
    }
    assert notes == ["Student groups that are not read here were left out: SBA."]


def test_lines_of_the_dashboard_with_too_many_or_too_few_cells(tmp_path):
    long = [*dashboard("HI"), "", "more"]
    padded = [*dashboard("WH"), "", ""]
    short = dashboard("AA")[:9]
    empty = [""] * len(DASHBOARD)
    rows = [DASHBOARD, dashboard(), long, padded, empty, short]
    frame, notes = read(written(tmp_path, rows, "mathdownload2024.txt"))
    assert frame["group_id"].tolist() == [1, 80]
    assert notes == [
        "2 lines had more or fewer columns than the header and were left out (lines 3 and 6)."
    ]
    wrong = dashboard("AS", status="x")
    said = refusal(written(tmp_path, [DASHBOARD, dashboard(), empty, wrong], "math2024.txt"))
    assert said.startswith("math2024.txt, line 4, column 'currstatus': 'x' stands there")


def test_offices_and_schools_without_a_row_of_all_together_are_told(tmp_path):
    office = absence(place=[*PLACE[:4], "0000000", *PLACE[5:7], "District Office"])
    by_kind = absence(place=[*PLACE[:4], "0222222", *PLACE[5:]], charter="No")
    district = absence(place=[PLACE[0], "D", *PLACE[2:4], "", *PLACE[5:7], ""])
    rows = [[*IDENTITY, *ABSENCE], district, office, absence(), by_kind]
    frame, notes = read(written(tmp_path, rows))
    assert frame["level"].tolist() == ["district", "school"]
    assert notes == [
        "1 row of a district's office (school 0000000) was left out.",
        "1 school or district stands in it by kinds of schools alone, without a row of all "
        "together, and was left out.",
    ]


def test_shares_of_one_and_a_school_without_its_county_are_refused(tmp_path):
    rows = [[*IDENTITY, *ABSENCE], absence(rate="0.25"), absence("RB", rate="0.25")]
    assert "has rates from 0 to 1, and its counts say percents up to 25" in refusal(
        written(tmp_path, rows)
    )
    nowhere = absence(place=[*PLACE[:2], "", *PLACE[3:]])
    said = refusal(written(tmp_path, [[*IDENTITY, *ABSENCE], nowhere]))
    assert "line 2, column 'County Code': '' stands there and a code of up to 2 digits" in said


def test_a_file_under_a_wrong_name_is_put_right_by_its_right_one(tmp_path):
    store = Store(tmp_path / "store")
    store.add([written(tmp_path, [DASHBOARD, dashboard()], "eladownload2024.txt")])
    store.add([written(tmp_path, [DASHBOARD, dashboard()], "mathdownload2024.txt")])
    assert store.indicators("01-61259")["indicator"].tolist() == ["dashboard_math"]


def test_a_dashboard_file_is_known_by_its_name(tmp_path):
    path = written(tmp_path, [DASHBOARD, dashboard()], "download.txt")
    assert refusal(path) == (
        "download.txt is a file of the Dashboard, and neither its columns nor its name tell of "
        "which indicator. Name it as it was downloaded, with one of cci, chronic, ela, grad, math "
        "or susp in it, such as mathdownload2024.txt."
    )
    rows = [row[:-1] for row in (DASHBOARD, dashboard())]
    assert one(written(tmp_path, rows, "mathdownload2019.txt")).year == 2019
    assert "has no column 'reportingyear', and its name has no year" in refusal(
        written(tmp_path, rows, "math.txt")
    )


def test_a_code_that_a_spreadsheet_rounded(tmp_path):
    row = ["1.61259E+12", *dashboard()[1:]]
    said = refusal(written(tmp_path, [DASHBOARD, row], "math2024.txt"))
    assert "'1.61259E+12' stands there and a code of 14 digits" in said
    row = ["1612590111111", *dashboard()[1:]]
    assert one(written(tmp_path, [DASHBOARD, row], "math2024.txt")).county_code == "01"


def sample_text(name):
    with zipfile.ZipFile(SAMPLE / f"practice_{name}.zip") as archive:
        return archive.read(f"{name}.txt").decode("utf-8-sig")


@pytest.mark.parametrize(
    ("name", "n", "value", "indicator"),
    [
        ("acgr22", "CohortStudents", "Regular HS Diploma Graduates (Rate)", "graduation"),
        ("acgr25", "Regular HS Diploma Graduates (Count)", "Met UC/CSU Grad Req's (Rate)", None),
        ("chronicabsenteeism19", ABSENCE[0], ABSENCE[2], "chronic_absence"),
        ("chronicabsenteeism24", ABSENCE[0], ABSENCE[2], "chronic_absence"),
        (
            "cgr12mo23",
            "High School Completers",
            "College Going Rate - Total (12 Months)",
            "college_going",
        ),
        ("mathdownload2024", "currdenom", "currstatus", "dashboard_math"),
    ],
)
def test_every_number_of_the_sample_is_that_of_an_independent_reading(name, n, value, indicator):
    """Of each kind of file, every row against csv's."""
    expected = {}
    for row in csv.DictReader(io.StringIO(sample_text(name)), delimiter="\t"):
        cells = {key.replace(" ", ""): cell.strip() for key, cell in row.items()}
        dimensions = ("CharterSchool", "DASS", "AlternativeSchoolAccountabilityStatus")
        if any(cells.get(each, "All") != "All" for each in dimensions):
            continue
        if cells.get("CompleterType", "TA") != "TA":
            continue
        place = cells.get("cds") or "".join(
            cells[each].zfill(width)
            for each, width in (("CountyCode", 2), ("DistrictCode", 5), ("SchoolCode", 7))
        )
        group = cells.get("studentgroup") or cells["ReportingCategory"]
        expected[place, group] = cells[n.replace(" ", "")], cells[value.replace(" ", "")]
    source = Source(SAMPLE / f"practice_{name}.zip", f"{name}.txt")
    layout = layout_of(source.header(), source.name)
    frame, notes = read_indicators(source, layout)
    frame = frame[frame["indicator"] == (indicator or "a_g_of_graduates")]
    assert len(frame) == len(expected) > 100 and notes == []
    marks = {code: mark for mark, code in FORMATS[layout.letter].groups.items()}
    for row in frame.itertuples():
        code = row.group if str(row.group_id) == "<NA>" else row.group_id
        place = row.county_code + row.district_code + row.school_code
        cells = expected[place, marks[code]]
        found = ["*" if row.missing else f"{row.value:.1f}"]
        assert found == ["*" if cells[1] in ("*", "") else cells[1]], (place, row.group)
        if cells[0] not in ("*", ""):
            assert row.n == int(cells[0])


@real_data.needed
def test_the_real_dashboard_of_2018():
    source = Source(real_data.FOLDER / "dashboard_math_2018_schools_all_students.csv.gz")
    frame, notes = read_indicators(source, layout_of(source.header(), source.name))
    assert (len(frame), notes) == (9801, [])
    by_code = frame.set_index("school_code")["value"]
    with gzip.open(source.path, "rt", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        found = by_code[row["cds"][7:]]
        assert str(found) == "<NA>" if not row["currstatus"] else found == float(row["currstatus"])


def test_every_indicator_has_a_file_and_says_what_it_counts():
    measured = {name for form in FORMATS.values() for name in form.measures}
    assert measured == set(INDICATORS)
    for indicator in INDICATORS.values():
        assert indicator.whom and bool(indicator.what) == (indicator.unit == "percent")


def test_the_store_keeps_them_beside_the_tests(tmp_path):
    store = Store(tmp_path / "store")
    files = [SAMPLE / "practice_acgr24.zip", SAMPLE / "sb_ca2024_all_99_csv_v1.zip"]
    sentences = store.add(files)
    assert sentences[1] == (
        "practice_acgr24.zip (acgr24.txt): graduation and A-G, 654 rows of 2024, county 99, added."
    )
    assert "already in the store" in store.add(files)[1]
    assert store.years() == [2024] and len(store.catalogue) == 1
    found = store.indicators("99-10017")
    assert set(found["level"]) == {"county", "district", "school"}
    assert set(found.loc[found["level"] != "county", "district_code"]) == {"10017"}
    one_row = found[(found["level"] == "district") & (found["group_id"] == 1)]
    assert one_row.set_index("indicator")["n"].to_dict() == {
        "graduation": 2874,
        "a_g_of_cohort": 2874,
        "a_g_of_graduates": 2479,
    }
    assert not found.duplicated(KEY).any()
    assert set(store.indicators("99-10017", indicators=["graduation"])["indicator"]) == {
        "graduation"
    }
    assert store.indicators("99-10017", years=[2019]).empty
    with pytest.raises(Refusal, match=r"There is no indicator 'graduatoin'\. Choose graduation"):
        store.indicators("99-10017", indicators=["graduatoin"])


def test_a_file_of_indicators_alone_is_enough_to_add(tmp_path):
    store = Store(tmp_path / "store")
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "notes.txt").write_text("a, b\n1, 2\n")
    written(tmp_path / "downloads", [[*IDENTITY, *ABSENCE], absence()])
    assert store.add([tmp_path / "downloads"]) == [
        "chronicabsenteeism24.txt: chronic absenteeism, 1 row of 2024, school 01-61259-0111111, "
        "added.",
        "Left out, for it is no research file of the state's tests: notes.txt.",
    ]


def test_a_repost_an_older_version_and_a_file_that_disagrees(tmp_path):
    store = Store(tmp_path / "store")
    header = [*IDENTITY, *ABSENCE]
    first = written(tmp_path, [header, absence(), absence("RB")], "chronic25.txt")
    second = written(
        tmp_path, [header, absence(rate="24.9"), absence("RB")], "chronicabsenteeism25-v2.txt"
    )
    store.add([first])
    assert "added in the place of chronic25.txt." in store.add([second])[0]
    assert store.indicators("01-61259")["value"].tolist() == [24.9, 25]
    third = written(tmp_path, [header, absence(), absence("RB")], "chronicabsenteeism25-v1.txt")
    assert "is version 1; the store already has version 2" in store.add([third])[0]
    assert store.add([first])[0].startswith("chronic25.txt is version 1; the store already has")
    assert store.indicators("01-61259")["value"].tolist() == [24.9, 25]
    part = written(tmp_path, [header, absence(rate="20.0")], "part-v2.txt")
    with pytest.raises(Refusal) as fault:
        store.add([part])
    assert str(fault.value) == (
        "part-v2.txt and chronicabsenteeism25-v2.txt disagree about 2024. To put the rows of "
        "part-v2.txt in the place of the same rows of chronicabsenteeism25-v2.txt, the rest of "
        "which stays, add it with --replace."
    )
    same = written(tmp_path, [header, absence(rate="24.9"), absence("RW")], "more-v2.txt")
    store.add([same])
    assert sorted(store.indicators("01-61259")["group_id"]) == [1, 74, 80]
    assert len(list((store.folder / "indicators").iterdir())) == 2


def test_a_killed_addition_leaves_the_store_as_it_was(tmp_path):
    store = Store(tmp_path / "store")
    store.add([written(tmp_path, [[*IDENTITY, *ABSENCE], absence()])])
    left = store.folder / "indicators" / "new-1234"
    left.write_bytes(b"half")
    assert store.indicators("01-61259")["value"].tolist() == [25]
    rows = [[*IDENTITY, *ABSENCE], absence(place=["2022-23", *PLACE[1:]])]
    store.add([written(tmp_path, rows, "chronicabsenteeism23.txt")])
    assert not left.exists() and len(store.indicators("01-61259")) == 2


def test_a_folder_that_is_named_has_no_path_in_what_is_said(tmp_path):
    path = written(tmp_path, [[*IDENTITY, *ABSENCE], absence()])
    assert str(Path(tmp_path)) not in Store(tmp_path / "s").add([path])[0]
