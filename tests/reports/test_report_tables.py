import pandas as pd
import pytest

from see_the_system.reports.report_tables import (
    between,
    fixed,
    gap_words,
    grades_in_words,
    marked,
    overlap_words,
    students,
)


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ([], ""),
        ([6], "6"),
        ([6, 7], "6 and 7"),
        ([4, 5, 6, 7, 8], "4 to 8"),
        (["4", "6", "8"], "4, 6 and 8"),
        ([6, 7, 8, 11], "6, 7, 8 and 11"),
    ],
)
def test_grades_in_words(grades, words):
    assert grades_in_words(grades) == words


def test_numbers_have_a_minus_that_reads_well_and_a_gap_where_there_is_none():
    assert fixed(pd.Series([1.25, -0.4, None])) == ["1.2", "−0.4", ""]
    table = pd.DataFrame({"low": [-1.0, None], "high": [2.5, None]})
    assert between(table) == ["−1.0 to 2.5", ""]


def test_a_gap_in_words():
    gap = {"gap": -0.5, "low": -2.0, "high": 1.0}
    assert gap_words(gap) == "−0.5 points (95% interval −2.0 to 1.0)"


@pytest.mark.parametrize(("high", "words"), [(9.0, "do not overlap"), (10.0, "intervals overlap")])
def test_whether_two_gaps_overlap(high, words):
    assert words in overlap_words({"high": high}, {"low": 10.0})


def test_a_group_and_a_year_in_words():
    assert students("All students") == "students" and students("White") == "White students"
    assert marked([2019, 2021, "6"]) == ["2019", "2021 (few tested)", "6"]
