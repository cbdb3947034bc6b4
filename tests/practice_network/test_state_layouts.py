import csv
import gzip

import pytest

from practice_network import network
from practice_network import state_layouts as layouts

MEANS, STAR = "Mean Scale Score", "*"


def rows_by_name(year, row, total=(200, 190, 189)):
    """What a year's file has of a row, by the names of its columns."""
    around = {
        "entity": dict(zip(("enrolled", "tested", "scored"), total, strict=True)),
        "grade": {"enrolled": 77},
        "group": {"tested": 33},
    }
    cells = layouts.cells(row, year, around)
    return {name: str(cells[cell]) for cell, name in layouts.columns(year).items()}


def school_row(enrolled, tested, scored, grade=8):
    levels = [scored // 2, scored // 4, scored // 8]
    row = {
        "county_code": "99",
        "district_code": "10017",
        "district_name": "D",
        "school_code": "0199026",
        "school_name": "S",
        "type_id": 10,
        "grade": grade,
        "group_id": 78,
        "enrolled": enrolled,
        "tested": tested,
        "scored": scored,
        "score_sum": 2500 * scored + 7,
        "not_met": levels[0],
        "nearly_met": levels[1],
        "met": levels[2],
        "exceeded": scored - sum(levels),
    }
    return row | {
        f"area{area}_{where}": n
        for area in (1, 2, 3)
        for where, n in (("above", 1), ("near", 2), ("below", scored - 3))
    }


@pytest.mark.parametrize(
    "year, columns", [(2015, 33), (2016, 33), (2018, 32), (2022, 33), (2025, 69)]
)
def test_each_layout_has_its_number_of_columns(year, columns):
    assert len(layouts.header(year)) == columns == len(set(layouts.header(year)))


@pytest.mark.parametrize(
    "year, name", [(2018, "sb_ca2018_1_csv_v3.txt"), (2023, "sb_ca2023_1_csv_v1.txt")]
)
def test_headers_are_the_state_s(real, year, name):
    first = (real / "raw_rows" / name).read_text(encoding="cp1252").splitlines()[0]
    kind = layouts.era(year)
    assert first == layouts._line(layouts.header(year), kind, set())


def test_the_first_columns_of_the_last_layout_are_the_state_s(real):
    with gzip.open(
        real / "raw_rows" / "cast_ca2024_all_38_csv_v1.txt.gz", "rt", encoding="cp1252"
    ) as lines:
        assert next(lines).split("^")[:27] == layouts.header(2024)[:27]


@pytest.mark.parametrize("year", (2018, 2023, 2024))
def test_entities_headers_and_county_lines_are_the_state_s(real, year):
    with gzip.open(
        real / "entities" / f"sb_ca{year}entities_csv.txt.gz", "rt", encoding="cp1252", newline=""
    ) as lines:
        head, _, county = next(lines), next(lines), next(lines)
    ours = layouts.entities_text(network.entities(year), year).split("\r\n")
    assert ours[0] + "\r\n" == head
    assert ours[1] + "\r\n" == county.replace('"01"', '"99"').replace("01^", "99^", 1).replace(
        "Alameda", "Practice County"
    )


def test_a_line_of_2018_is_quoted_as_the_state_s(real):
    raw = (real / "raw_rows" / "sb_ca2018_1_csv_v3.txt").read_text(encoding="cp1252").splitlines()
    plain = {3, 4, 5, 9}
    for line in raw[1:]:
        cells = next(csv.reader([line]))
        assert layouts._line(cells, "B", plain) == line


@pytest.mark.parametrize(
    "count, total, year, expected",
    [
        (1, 3, 2018, "33.33"),
        (2, 3, 2018, "66.67"),
        (1, 8, 2024, "12.50"),
        (1, 8, 2015, "13"),
        (1, 16, 2016, "6"),
        (0, 11, 2023, "0.00"),
        (7, 7, 2015, "100"),
    ],
)
def test_percentages_are_rounded_half_up_to_whole_numbers_until_2016_and_two_decimals_after(
    count, total, year, expected
):
    assert layouts._percent(count, total, year) == expected


def test_until_2019_fewer_than_eleven_scores_hide_everything_from_the_enrolment_on():
    hidden, shown = (
        rows_by_name(2018, school_row(40, 10, 10)),
        rows_by_name(2018, school_row(40, 11, 11)),
    )
    values = list(hidden.values())
    start = list(hidden).index("CAASPP Reported Enrollment")
    assert (
        set(values[start:]) == {STAR}
        and STAR not in values[:start]
        and hidden["Total Tested At Entity Level"] == "190"
    )
    names = (
        "Students Tested",
        "Area 1 Percentage Above Standard",
        "Area 4 Percentage Near Standard",
    )
    assert tuple(shown[name] for name in names) == ("11", "9.09", "0.00")


def test_2015_shows_everyone_s_enrolment_and_whole_percentages():
    first, second = (
        rows_by_name(2015, school_row(40, 32, 32)),
        rows_by_name(2016, school_row(40, 32, 32)),
    )
    assert (first["CAASPP Reported Enrollment"], second["CAASPP Reported Enrollment"]) == (
        "77",
        "40",
    )
    assert (
        first["Percentage Standard Not Met"] == "50"
        and first["Percentage Standard Exceeded"] == "13"
    )
    assert (first["Total Tested at Subgroup Level"], second["Total Tested with Scores"]) == (
        "33",
        "189",
    )
    assert (
        "Area 1 Percentage At or Near Standard" in first
        and "Area 1 Percentage Near Standard" in second
    )


@pytest.mark.parametrize(
    "year, names",
    [
        (2023, ("Students Enrolled", "Students Tested", "Students with Scores")),
        (
            2024,
            (
                "Total Students Enrolled",
                "Total Students Tested",
                "Total Students Tested with Scores",
            ),
        ),
    ],
)
@pytest.mark.parametrize(
    "counts, expected, scores",
    [
        ((9, 0, 0), ("9", "0", "0"), ""),
        ((2, 0, 0), ("*", "0", "0"), ""),
        ((9, 3, 3), ("9", "*", "*"), STAR),
        ((9, 9, 8), ("9", "9", "8"), STAR),
        ((20, 11, 10), ("20", "11", "10"), STAR),
        ((2, 2, 0), ("*", "*", "0"), STAR),
    ],
)
def test_from_2021_counts_of_one_to_three_and_scores_of_fewer_than_eleven_are_hidden(
    year, names, counts, expected, scores
):
    row = rows_by_name(year, school_row(*counts))
    assert tuple(row[name] for name in names) == expected
    after = {
        value
        for name, value in row.items()
        if name.startswith(("Percentage", "Count S", "Area", "Mean", "Overall"))
    }
    assert after == {scores}


@pytest.mark.parametrize(
    "year, scores, area",
    [(2018, 29, "3.45"), (2023, 29, "*"), (2024, 29, "*"), (2023, 30, "3.33"), (2024, 30, "3.33")],
)
def test_areas_are_hidden_below_thirty_scores_from_2021(year, scores, area):
    row = rows_by_name(year, school_row(40, 30, scores))
    assert row["Area 1 Percentage Above Standard"] == area and row[MEANS] != STAR


@pytest.mark.parametrize("year", (2016, 2019, 2021, 2025))
def test_grade_13_has_no_mean_and_others_have_one_decimal(year):
    assert rows_by_name(year, school_row(40, 35, 35, grade=13))[MEANS] == ""
    assert rows_by_name(year, school_row(40, 35, 35))[MEANS] == "2500.2"


def test_the_last_layout_gives_counts_that_add_up():
    row = rows_by_name(2025, school_row(40, 35, 35))
    levels = [
        int(row[f"Count Standard {level}"])
        for level in ("Exceeded", "Met", "Nearly Met", "Not Met")
    ]
    assert sum(levels) == 35 == int(row["Overall Total"]) == int(row["Area 2 Total"])
    assert (
        int(row["Count Standard Met and Above"]) == levels[0] + levels[1]
        and row["Area 4 Total"] == ""
    )
