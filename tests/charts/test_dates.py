"""A column of dates is read as one way of writing them, or it is asked about."""

import datetime as dt

import pandas as pd
import pytest

from see_the_system.charts.dates import WAYS, read_dates
from see_the_system.charts.points import read_points
from see_the_system.charts.run_charts import run_chart
from see_the_system.messages import Refusal

WEEKS = ["2025-09-08", "2025-09-15", "2025-09-22", "2025-10-06"]
MONTHS = ["2025-10-01", "2025-11-01", "2025-12-01", "2026-01-01"]
READ = [
    (WEEKS, WEEKS),
    (["2025/9/8", "2025/9/15", "2025/9/22", "2025/10/6"], WEEKS),
    (["2025-09-08T10:30", "2025-09-15", "2025-09-22 00:00:00", "2025-10-06Z"][:3], None),
    (["9/8/2025", "9/15/2025", "9/22/2025", "10/6/2025"], WEEKS),
    (["9/8/25", "9/15/25", "9/22/25", "10/6/25"], WEEKS),
    (["8/9/2025", "15/9/2025", "22/9/2025", "6/10/2025"], WEEKS),
    (["8.9.2025", "15.9.2025", "22.9.2025", "6.10.2025"], WEEKS),
    (["9-8-2025", "9-15-2025", "9-22-2025", "10-6-2025"], WEEKS),
    (["Sep 8, 2025", "Sept. 15, 2025", "September 22 2025", "Oct 6th, 2025"], WEEKS),
    (["Mon, Sep 8, 2025", "Mon, Sep 15, 2025", "Mon, Sep 22, 2025", "Mon, Oct 6, 2025"], WEEKS),
    (["8-Sep-25", "15-Sep-25", "22-Sep-25", "6-Oct-25"], WEEKS),
    (
        ["8 de septiembre de 2025", "15 sep 2025", "22 de sept. de 2025", "6 de octubre de 2025"],
        WEEKS,
    ),
    (["lunes 8/9/2025", "lunes 15/9/2025", "lunes 22/9/2025", "lunes 6/10/2025"], WEEKS),
    (["2025-W37", "2025-W38", "2025-W39", "2025-W41"], WEEKS),
    (["2025W37", "2025W38", "2025W39", "2025W41"], WEEKS),
    (["2025-W37-1", "2025-W38-1", "2025-W39-1", "2025-W41-1"], WEEKS),
    (["45908", "45915", "45922", "45936"], WEEKS),
    ([45908, 45915.0, 45922, 45936], WEEKS),
    ([dt.date(2025, 9, 8), "2025-09-15", pd.Timestamp("2025-09-22"), "2025-10-06"], WEEKS),
    (["October 2025", "Nov 2025", "december 2025", "Jan. 2026"], MONTHS),
    (["octubre de 2025", "noviembre de 2025", "dic 2025", "enero 2026"], MONTHS),
    (["10/2025", "11/2025", "12/2025", "1/2026"], MONTHS),
    (["2025-10", "2025-11", "2025-12", "2026-01"], MONTHS),
    (["Oct 2025", "Nov 2025", "Dec 2025", "January 2026"], MONTHS),
    (["2022–23", "2023–24", "2024–25"], ["2022-07-01", "2023-07-01", "2024-07-01"]),
    (["2022-2023", "2023-2024"], ["2022-07-01", "2023-07-01"]),
    ([2022, 2023, 2025], ["2022-01-01", "2023-01-01", "2025-01-01"]),
    (["May 2019", "May 2022"], ["2019-05-01", "2022-05-01"]),
    (["2025 W37", "2025 W38"], ["2025-09-08", "2025-09-15"]),
    (["8º de septiembre de 2025", "15 de septiembre de 2025"], ["2025-09-08", "2025-09-15"]),
    (["Sep-32", "Oct-32", "Nov-32"], ["2032-09-01", "2032-10-01", "2032-11-01"]),
    (["2022-23", "2023-24", "2024-25"], ["2022-07-01", "2023-07-01", "2024-07-01"]),
]
WITHOUT_YEAR = [
    ["9/8", "9/15", "9/22", "10/6"],
    ["Sep 8", "Sep 15", "Sept 22", "Oct 6"],
    ["8-Sep", "15-Sep", "22-Sep", "6-Oct"],
    ["8 de septiembre", "15 de septiembre", "22 de septiembre", "6 de octubre"],
    ["Mon 9/8", "Mon 9/15", "Mon 9/22", "Mon 10/6"],
]


def days(times):
    return [f"{time:%Y-%m-%d}" for time in times]


@pytest.mark.parametrize(("given", "expected"), READ)
def test_one_way_fits_the_whole_column(given, expected):
    assert days(read_dates(given)[0]) == (expected or WEEKS[: len(given)])


@pytest.mark.parametrize("given", WITHOUT_YEAR)
def test_a_column_without_years_gets_them_from_the_school_year(given):
    with pytest.raises(
        Refusal, match=r"The dates have no year: row 1 is .*school_year=\"2025-26\""
    ):
        read_dates(given)
    for year in ("2025-26", "2025-2026", 2026, "2026"):
        assert days(read_dates(given, school_year=year)[0]) == WEEKS


def test_the_year_turns_within_the_column():
    found, _ = read_dates(["Dec 15", "Jan 5", "Feb 29"], school_year="2023-24")
    assert days(found) == ["2023-12-15", "2024-01-05", "2024-02-29"]
    with pytest.raises(Refusal, match="row 3 is 'Feb 29'"):
        read_dates(["Dec 15", "Jan 5", "Feb 29"], school_year="2025-26")


@pytest.mark.parametrize(
    ("given", "ways"),
    [
        (["Sep-25", "Oct-25", "Nov-25", "Dec-25"], ("month and year", "month and day")),
        (["9/8/2025", "10/8/2025", "11/8/2025"], ("month/day/year", "day/month/year")),
        (["9/1", "10/1", "11/1"], ("month/day", "day/month")),
        (["2009-10", "2010-11", "2011-12"], ("year-month", "school year")),
        (["9/25", "10/25", "11/25"], ("month/year", "month/day")),
        (["25/09/08", "25/10/08", "25/11/08"], ("year-month-day", "day/month/year")),
    ],
)
def test_what_fits_two_ways_is_asked_about(given, ways):
    with pytest.raises(Refusal, match="can be read in two ways") as asked:
        read_dates(given, school_year="2025-26")
    one, other = ways
    assert f'dates="{one}" or dates="{other}"' in str(asked.value)
    read = [days(read_dates(given, dates=way, school_year="2025-26")[0]) for way in ways]
    assert read[0] != read[1]


def test_the_order_of_time_tells_where_only_one_way_keeps_it():
    assert days(read_dates(["9/8/2025", "9/10/2025", "10/1/2025"])[0]) == [
        "2025-09-08",
        "2025-09-10",
        "2025-10-01",
    ]
    assert days(read_dates(["8/9/2025", "10/9/2025", "1/10/2025"])[0]) == [
        "2025-09-08",
        "2025-09-10",
        "2025-10-01",
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["2025-09-08", "today"], "The date in row 2 is 'today'; a date such as 2025-09-22"),
        (["now", "today"], "The date in row 1 is 'now'; a date such as"),
        (["9/8/2025", "2025-09-15"], "written in more than one way: row 1 is '9/8/2025', row 2 is"),
        (["Week 1", "Week 2"], "The date in row 1 is 'Week 1'"),
        (["2025-13-01", "2025-09-15"], "The date in row 1 is '2025-13-01'"),
        (["2025-W54", "2025-W37"], "The date in row 1 is '2025-W54'"),
        (["0001-09-08", "0001-09-15"], "The date in row 1 is '0001-09-08'"),
        ([1, 2], "The date in row 1 is '1'"),
        ([True, "2025-09-15"], "The date in row 1 is 'True'"),
        (["2025-09-08", float("nan")], "The date in row 2 is empty"),
        (["Sep 8-12", "Sep 15-19", "Sep 22-26"], "The date in row 1 is 'Sep 8-12'"),
        (["9/8-9/12", "9/15-9/19"], "The date in row 1 is '9/8-9/12'"),
        ([9.1, 9.17, 9.24], "The date in row 1 is '9.1'"),
        ([2024.1, 2024.11], "The date in row 1 is '2024.1'"),
        (["2025-1", "2025-2", "2025-3"], "The date in row 1 is '2025-1'"),
        (["50825", "51525"], "The date in row 1 is '50825'"),
        (["Smarch 8, 2025", "Sep 15, 2025"], "The date in row 1 is 'Smarch 8, 2025'"),
    ],
)
def test_what_is_no_date_is_one_sentence_that_names_the_row(given, says):
    with pytest.raises(Refusal) as refused:
        read_dates(given)
    assert says in str(refused.value) and "\n" not in str(refused.value)


def test_two_digits_before_are_years_where_those_behind_would_be_far_apart():
    found, _ = read_dates(["25-09-08", "25-09-15", "25-10-06"])
    assert days(found) == [WEEKS[0], WEEKS[1], WEEKS[3]]


def test_three_ways_are_all_offered():
    with pytest.raises(Refusal, match="can be read in three ways") as asked:
        read_dates(["9/10", "10/10", "11/10"])
    for way in ("month/year", "month/day", "day/month"):
        assert f'dates="{way}"' in str(asked.value)


@pytest.mark.parametrize("day", ["2025-09-18", "9/18/2025", "18.9.2025", "Sep 18, 2025"])
def test_times_of_a_day_are_kept(day):
    found, _ = read_dates([f"{day} 9:00 AM", f"{day} 1:00 PM"])
    assert [f"{time:%Y-%m-%d %H:%M}" for time in found] == ["2025-09-18 09:00", "2025-09-18 13:00"]


def test_rows_that_are_not_in_order_are_dates_all_the_same():
    with pytest.raises(Refusal, match="row 2, 2025-09-01, is before that of row 1, 2025-10-01"):
        read_points(pd.DataFrame({"at": ["Oct 2025", "Sep 2025"], "value": [1, 2]}), "run")


def test_a_way_and_a_school_year_that_are_none():
    with pytest.raises(
        Refusal, match=r"no way of writing dates 'month-day'\. Choose .*'month/day'"
    ):
        read_dates(WEEKS, dates="month-day")
    with pytest.raises(Refusal, match="in row 2 is '15/9/2025'; a date as month/day/year was"):
        read_dates(["8/9/2025", "15/9/2025"], dates="month/day/year")
    for year in ("2025-27", "25-26", "spring"):
        with pytest.raises(Refusal, match="The school year is"):
            read_dates(["9/8", "9/15"], school_year=year)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_reads_back_what_it_wrote(way):
    written = {
        "year-month-day": "%Y-%m-%d",
        "month/day/year": "%m/%d/%Y",
        "day/month/year": "%d.%m.%y",
        "month day, year": "%B %d, %Y",
        "day month year": "%d %b %Y",
        "month and year": "%b %Y",
        "month/year": "%m/%y",
        "year-month": "%Y/%m",
        "year and week": "%G-W%V",
        "month/day": "%m/%d",
        "day/month": "%d/%m",
        "month and day": "%b %d",
        "day and month": "%d-%b",
    }
    for step in pd.date_range("2025-07-07", "2026-06-22", freq="W-MON"):
        if way == "school year":
            text = f"{step.year}-{(step.year + 1) % 100:02}"
            expected = pd.Timestamp(step.year, 7, 1)
        elif way == "year":
            text, expected = str(step.year), pd.Timestamp(step.year, 1, 1)
        elif way == "a spreadsheet's number":
            text, expected = str((step - pd.Timestamp(1899, 12, 30)).days), step
        else:
            text = step.strftime(written[way])
            expected = step if "day" in way or "week" in way else step.replace(day=1)
        assert read_dates([text], dates=way, school_year="2025-26")[0] == [expected]


def test_a_run_chart_and_what_is_pinned_to_it_are_read_alike():
    points = pd.DataFrame({"at": WITHOUT_YEAR[0] * 1, "value": [41, 44, 39, 46]})
    chart = run_chart(points, school_year="2025-26", phases=["9/22"], annotations=[("9/20", "New")])
    assert days(chart.frame["at"]) == WEEKS
    assert chart.frame["phase"].tolist() == [0, 0, 1, 1]
    assert chart.annotations[0].point == 2
    with pytest.raises(Refusal, match="A phase starts on 'soon'; a date"):
        run_chart(points, school_year="2025-26", phases=["soon"])
    months = pd.DataFrame({"at": ["Sep-25", "Oct-25", "Nov-25"], "value": [1, 2, 3]})
    assert days(read_points(months, "run", dates="month and year")["at"]) == [
        "2025-09-01",
        "2025-10-01",
        "2025-11-01",
    ]
