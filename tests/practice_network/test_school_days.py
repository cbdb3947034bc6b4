"""Which days have school, and which do not."""

from datetime import date

import numpy as np
import pytest

from practice_network import school_days


def test_a_year_has_180_school_days_in_37_weeks():
    days = school_days.school_days(2024)
    assert (str(days[0]), str(days[-1])) == ("2024-08-26", "2025-06-06")
    for autumn in range(2015, 2040):
        days = school_days.school_days(autumn)
        assert len(set(days)) == 180 and np.is_busday(days).all()
        assert (days[-1] - days[0]).astype(int) == 7 * (37 + 4) - 3  # from a Monday to a Friday


def test_holidays_and_weeks_without_school_are_known_and_have_none():
    assert [str(day) for day in school_days.breaks(2024)] == [
        "2024-11-25",
        "2024-12-23",
        "2024-12-30",
        "2025-04-07",
    ]
    assert {name: str(day) for name, day in school_days.days_off(2024).items()} == {
        "Labor Day": "2024-09-02",
        "Veterans Day": "2024-11-11",
        "Martin Luther King Jr. Day": "2025-01-20",
        "Presidents' Day": "2025-02-17",
        "Memorial Day": "2025-05-26",
    }
    assert not set(school_days.days_off(2024).values()) & set(
        school_days.school_days(2024).tolist()
    )


@pytest.mark.parametrize("autumn, kept", [(2023, "2023-11-10"), (2018, "2018-11-12")])
def test_veterans_day_on_a_weekend_is_kept_beside_it(autumn, kept):
    assert str(school_days.days_off(autumn)["Veterans Day"]) == kept


def test_what_falls_on_a_holiday_waits_for_the_next_school_day():
    assert str(school_days.school_day(date(2025, 1, 18), 2024)) == "2025-01-21"
    assert str(school_days.school_day(date(2024, 11, 27), 2024, 2)) == "2024-12-04"


def test_weeks_with_a_holiday_have_four_days():
    weeks = np.array(["2024-08-26", "2024-09-02", "2024-11-25"], "datetime64[D]")
    assert school_days.days_with_school(weeks, 2024).tolist() == [5, 4, 0]
