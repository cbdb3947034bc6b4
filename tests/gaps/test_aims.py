from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep, power_proportions_2indep

from see_the_system.gaps.aims import (
    baseline_year,
    describe_outlook,
    outlook,
    power_of_springs,
    smallest_change,
)
from see_the_system.gaps.cohorts import past_changes
from tests.frames import row, tidy

BY = date(2028, 6, 15)
AIM = {"baseline": 31, "target": 45, "students": 640, "by": BY, "baseline_period": "spring 2025"}


def look(**changed):
    return outlook(**(AIM | changed))


def exact_power(p, q, n):
    """How often two springs of n students differ clearly by the test on arcsines, counted over all
    results (0 to 1).
    """
    x, y = np.arange(n + 1)[:, None], np.arange(n + 1)[None, :]
    h = 2 * (np.arcsin(np.sqrt(y / n)) - np.arcsin(np.sqrt(x / n)))
    clear = np.abs(h) * np.sqrt(n / 2) > 1.959964
    return float((binom.pmf(x, n, p) * binom.pmf(y, n, q) * clear).sum())


@pytest.mark.parametrize(
    ("baseline", "students", "falling"),
    [(31, 640, False), (31, 640, True), (12, 90, False), (70, 250, False)],
)
def test_the_smallest_change_is_seen_four_times_in_five(baseline, students, falling):
    change = smallest_change(baseline, students, falling=falling)
    p, q = baseline / 100, (baseline + (-change if falling else change)) / 100
    assert exact_power(p, q, students) == pytest.approx(0.8, abs=0.03)
    assert power_proportions_2indep(diff=q - p, prop2=p, nobs1=students).power == pytest.approx(
        0.8, abs=0.03
    )


@pytest.mark.parametrize(
    ("baseline", "students", "falling"),
    [(0, 20, False), (0, 300, False), (100, 60, True), (2, 90, False), (98, 1000, True)],
)
def test_near_none_and_all_it_is_counted_how_often_a_change_is_seen(baseline, students, falling):
    change = smallest_change(baseline, students, falling=falling)
    after = (baseline + (-change if falling else change)) / 100
    draws = np.random.default_rng(5)
    first, second = draws.binomial(students, [[baseline / 100], [after]], (2, 4000))
    low, high = confint_proportions_2indep(second, students, first, students, method="newcomb")
    seen = high < 0 if falling else low > 0
    assert seen.mean() == pytest.approx(0.8, abs=0.05)
    assert power_of_springs(baseline / 100, after, students) == pytest.approx(seen.mean(), abs=0.02)


def test_known_numbers():
    assert smallest_change(31, 640) == pytest.approx(7.446, abs=0.001)
    assert smallest_change(50, 100) == pytest.approx(
        100 * (np.sin(np.pi / 4 + 2.801585 / np.sqrt(50) / 2) ** 2 - 0.5), abs=0.01
    )
    assert smallest_change(99, 50) is None and smallest_change(1, 50, falling=True) is None
    assert smallest_change(0, 200) > 0


def test_an_aim_that_the_data_could_show():
    found = look()
    assert found.could_show is True and (found.asked, found.last_spring) == (14, 2028)
    assert found.sentence == (
        "With 640 students a year and a baseline of 31%, two springs can tell a change of "
        "7.4 percentage points or more from chance four "
        "times in five (at 95%); this aim asks for 14.0. On June 15, 2028 the newest results "
        "out are those of spring 2027; those of "
        "spring 2028 come in the autumn."
    )
    assert describe_outlook(found) == found.sentence
    assert "come in the autumn" not in look(by=date(2028, 11, 1)).sentence
    assert look(by=date(2028, 11, 1)).could_show is True


def test_an_aim_too_small_to_be_seen():
    found = look(target=36)
    assert (
        found.could_show is False
        and "asks for 5.0, which is too little to be seen" in found.sentence
    )
    assert look(target=36, students=3000).could_show is True
    assert (
        look(baseline=30, target=24).could_show is False
        and look(baseline=30, target=23).could_show is True
    )
    assert look(baseline=98, target=100, students=40).sentence.startswith(
        "With 40 students a year and a baseline of 98%, two springs can tell no change in "
        "this direction from chance"
    )


def test_an_aim_before_any_test():
    found = look(by=date(2026, 3, 1))
    assert found.could_show is False
    assert found.sentence.endswith(
        "No spring test lies between the baseline of spring 2025 and March 1, 2026."
    )


def test_an_aim_for_students_whose_results_are_hidden():
    found = look(students=10)
    assert found.could_show is False and found.sentence.startswith(
        "Results of 10 or fewer students are hidden"
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"baseline": None}, "it does not give a baseline"),
        ({"target": None}, "it does not give a target"),
        ({"students": None}, "it does not give the number of students"),
        ({"students": 0}, "it counts no students"),
        ({"by": None}, "it does not give a date"),
        (
            {"baseline_period": "before the change"},
            "it does not say from which spring its baseline is",
        ),
        ({"target": 140}, "its baseline and its target are percents, from 0 to 100"),
        ({"target": 31}, "its target is its baseline"),
        (
            {"unit": "minutes"},
            "it is measured in minutes, and only percents of students can be checked here",
        ),
    ],
)
def test_what_an_aim_lacks_is_said(changed, said):
    found = look(**changed)
    assert (
        found.could_show is None
        and found.sentence == f"Whether the data could show this aim cannot be said: {said}."
    )
    assert describe_outlook(found) == found.sentence


def test_the_year_of_a_baseline():
    assert [
        baseline_year(words)
        for words in ("spring 2025", "2024-25", "2023–2024", 2024, "2019 and 2022", "", None)
    ] == [2025, 2025, 2024, 2024, 2022, None, None]


def yearly(district, percents, *, n=100, grade=8):
    return [
        row(year, district=district, grade=grade, levels=(n - met - 10, 10, met - 5, 5))
        for year, met in percents.items()
    ]


def test_past_changes_by_hand():
    frame = tidy(
        *yearly("10001", {2018: 30, 2019: 34, 2021: 60, 2022: 41}),
        *yearly("10002", {2019: 50, 2022: 40}),
        *yearly("10003", {2019: 20, 2022: 25}, n=29),
        *yearly("10004", {2022: 40}),
        *yearly("10004", {2019: 20}, grade=7),
    )
    found = past_changes(frame, group="All students", years=3)
    assert found[["district_code", "year_from", "year_to", "change"]].values.tolist() == [
        ["10001", 2019, 2022, 7.0],
        ["10002", 2019, 2022, -10.0],
    ]
    assert past_changes(frame, group=1, years=3, least=29)["change"].tolist() == pytest.approx(
        [7, -10, 500 / 29]
    )
    assert (
        past_changes(frame, group="White", years=3).empty
        and past_changes(frame, group=1, years=3, level="school").empty
    )


def test_what_others_have_done_is_weighed():
    rows = [
        each
        for place in range(20)
        for each in yearly(str(10001 + place), {2022: 30, 2025: 30 + place})
    ]
    past = past_changes(tidy(*rows), group=1, years=3)
    seen = look(past=past)
    assert (seen.past_changes, seen.past_places, seen.past_reached, seen.could_show) == (
        20,
        20,
        6,
        True,
    )
    assert seen.sentence.endswith(
        "Of 20 past changes over 3 years in 20 similar places, 6 were as large."
    )
    never = look(target=51, past=past)
    assert never.could_show is False and never.sentence.endswith("none was as large.")
    assert look(target=51, past=past.iloc[:19]).could_show is True, "too few to say never"
    assert look(baseline=45, target=25, past=past).past_reached == 0
    assert look(past=past.iloc[:0]).past_changes == 0


def test_past_changes_are_told_only_where_a_spring_lies_between():
    past = pd.DataFrame({"county_code": "99", "district_code": ["1", "2"], "change": [1.0, 9.0]})
    before = outlook(47.5, 53.0, 640, date(2025, 3, 1), baseline_period="spring 2025", past=past)
    assert "No spring test lies between" in before.sentence and "past" not in before.sentence


def test_the_smallest_change_of_very_many_is_not_said_to_be_none():
    words = outlook(100, 86, 20_000, date(2027, 8, 1), baseline_period="spring 2025").sentence
    assert "tell a change of 0.03 percentage points or more" in words
