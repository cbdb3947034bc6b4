"""The weeks of a school year, and what is told of them."""

import numpy as np
import pytest

from practice_network import school_days, school_year


def test_a_school_year_leaves_out_thanksgiving_two_weeks_in_winter_and_one_in_spring():
    days = school_year.mondays(2025, 37)
    assert [str(day.date()) for day in days[[0, 12, 13, 15, 16, 29, 30, 36]]] == [
        "2025-08-25",
        "2025-11-17",
        "2025-12-01",
        "2025-12-15",
        "2026-01-05",
        "2026-04-13",
        "2026-04-20",
        "2026-06-01",
    ]
    assert sorted({step.days for step in days.to_series().diff().dropna()}) == [7, 14, 21]
    for autumn in range(2015, 2035):
        days = school_year.mondays(autumn, 37)
        assert days[0].month == 8 and days[-1].month in (5, 6)
        assert school_days.days_with_school(days, autumn).sum() == 180


def test_the_weeks_without_school_and_the_short_ones_are_said():
    assert school_year.holidays_in_words(2025) == (
        "No school in the weeks of November 24, December 22 and December 29, 2025, and of April 6, "
        "2026; four days of it in those of September 1 and November 10, 2025, and of January 19, "
        "February 16 and May 25, 2026."
    )


def test_little_shows_at_once_and_most_within_ten_weeks():
    grown = school_year.accrued(np.ones((1, 12)))[0]
    assert grown[[0, 3, 9]] == pytest.approx([0.2, 1 - 0.8**4, 1 - 0.8**10])
