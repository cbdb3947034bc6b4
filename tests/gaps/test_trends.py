import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from see_the_system.gaps.cohorts import describe_quasi_cohorts, quasi_cohorts
from see_the_system.gaps.trends import TREND, describe_trend, trend
from see_the_system.gaps.two_groups import gap_at_every_cut, gap_in_points, gap_in_sd
from see_the_system.messages import Refusal
from tests.frames import row, tidy
from tests.gaps.pairs import PAIR, year_rows


def gaps(meeting_by_year, find=gap_in_points, **more):
    return find(
        tidy(
            *[
                each
                for year, many in meeting_by_year.items()
                for each in year_rows(year, many, **more)
            ]
        ),
        **PAIR,
    )


def made(years, values, half):
    """A frame as gap_in_points gives it, with gaps and intervals of our own."""
    names = {
        "focus": "A",
        "comparison": "B",
        "n_focus": 100,
        "percent_focus": 30.0,
        "n_comparison": 100,
        "percent_comparison": 50.0,
    }
    return pd.DataFrame(
        [
            {
                "year": year,
                **names,
                "gap": value,
                "low": value - width,
                "high": value + width,
                "grades": "8",
            }
            for year, value, width in zip(years, values, half, strict=True)
        ]
    )


def test_change_is_last_minus_first_and_its_interval_adds_the_squares():
    table = gaps({2023: 200, 2024: 300})
    [found] = trend(table).to_dict("records")
    first, last = table.to_dict("records")
    assert (found["first"], found["last"], found["change"]) == pytest.approx((30, 20, -10))
    assert found["change_low"] == pytest.approx(
        -10 - np.hypot(last["gap"] - last["low"], first["high"] - first["gap"])
    )
    assert found["change_high"] == pytest.approx(
        -10 + np.hypot(last["high"] - last["gap"], first["gap"] - first["low"])
    )
    assert np.isnan(found["slope"]) and found["verdict"] == "shrank"


def test_the_slope_without_scatter_is_that_of_weighted_least_squares():
    years, values, half = (
        [2015, 2016, 2017, 2018, 2019],
        [30.0, 29.1, 27.9, 27.1, 25.9],
        np.array([4.0, 3.0, 3.5, 2.0, 5.0]),
    )
    [found] = trend(made(years, values, half)).to_dict("records")
    error = half / 1.959964
    fit = sm.WLS(values, sm.add_constant(np.array(years) - 2017.0), weights=1 / error**2).fit(
        cov_type="fixed scale"
    )
    assert found["scatter"] == 0 and found["slope"] == pytest.approx(fit.params[1])
    assert found["slope_high"] - found["slope"] == pytest.approx(
        3.182446 * fit.bse[1], rel=1e-4
    )  # t with 3 degrees of freedom
    assert found["verdict"] == "no clear change"


def test_scatter_between_years_widens_the_interval_of_the_slope():
    years, half = [2015, 2016, 2017, 2018, 2019], [1.0] * 5
    calm, rough = (
        trend(made(years, values, half)).iloc[0]
        for values in ([30, 29, 28, 27, 26], [30, 24, 31, 23, 26])
    )
    assert calm["verdict"] == "shrank" and calm["slope_high"] < 0
    assert (
        rough["scatter"] > 2
        and rough["slope_low"] < 0 < rough["slope_high"]
        and rough["verdict"] == "no clear change"
    )


def test_the_scatter_is_the_method_of_moments_of_an_equally_weighted_line():
    years, values = (
        np.array([2015, 2016, 2017, 2018, 2019, 2022]),
        np.array([30, 24, 31, 23, 26, 30.0]),
    )
    [found] = trend(made(years, values, [1.959964] * 6)).to_dict("records")
    residual = values - np.polyval(np.polyfit(years - 2018, values, 1), years - 2018)
    assert found["scatter"] ** 2 == pytest.approx(
        (residual**2).sum() / 4 - 1, rel=1e-5
    )  # residual variance less the error variance of 1


def test_slopes_cover_the_truth_about_as_often_as_they_say():
    rng, years = np.random.default_rng(1), [2018, 2019, 2022, 2023, 2024]
    every = []
    for series in range(150):
        values = 25 - 0.5 * (np.array(years) - 2018) + rng.normal(0, np.hypot(2, 2), 5)
        table = made(years, values, [2 * 1.959964] * 5)
        table.insert(0, "series", series)
        every.append(table)
    found = trend(pd.concat(every))
    inside = (found["slope_low"] <= -0.5) & (found["slope_high"] >= -0.5)
    assert len(found) == 150 and inside.mean() > 0.94


def test_2021_never_enters_and_2020_is_explained():
    [found] = trend(gaps({2019: 300, 2021: 100, 2022: 300})).to_dict("records")
    assert (found["years"], found["n_years"], found["change"]) == (
        "2019, 2022",
        2,
        pytest.approx(0),
    )
    assert found["left_out"] == "2020: there was no test; 2021: few students were tested"


@pytest.mark.parametrize(
    "values, verdict",
    [
        ([30, 20], "shrank"),
        ([20, 30], "grew"),
        ([-20, -30], "grew"),
        ([-30, -20], "shrank"),
        ([10, -10], "moved through zero"),
        ([20, 21], "no clear change"),
        ([20], "too few years"),
        ([30, 29, 20], "shrank"),
        ([20, 21, 26, 27, 30], "grew"),
    ],
)
def test_the_verdict_follows_the_interval_and_the_side_of_the_gap(values, verdict):
    years = list(range(2015, 2015 + len(values)))
    assert trend(made(years, values, [3.0] * len(values)))["verdict"].tolist() == [verdict]


def test_four_years_are_judged_by_the_slope_and_three_by_the_change():
    jump = [30, 30, 30, 20]
    four, three = (
        trend(made([2022, 2023, 2024, 2025], jump, [2.0] * 4)),
        trend(made([2023, 2024, 2025], jump[1:], [2.0] * 3)),
    )
    assert (
        four["change_high"][0] < 0
        and four["verdict"][0] == "no clear change"
        and three["verdict"][0] == "shrank"
    )
    assert three["slope_low"][0] < -20 and three["slope_high"][0] > 10


def test_each_series_of_a_frame_has_its_own_row():
    frame = tidy(
        *[
            each
            for year in (2023, 2024)
            for each in year_rows(year, 200 + 50 * (year - 2023), grades=(7, 8))
        ]
    )
    result = trend(gap_in_points(frame, **PAIR, by=("grade", "year")))
    assert result["grade"].tolist() == [7, 8] and result["change"].tolist() == pytest.approx(
        [-5, -5]
    )
    assert trend(gap_at_every_cut(frame, **PAIR))["cut"].tolist() == [2, 3, 4]


def test_a_trend_in_standard_deviations_leaves_out_years_without_v():
    frame = tidy(
        *year_rows(2022, 300),
        row(2023, group=78, levels=(9, 9, 0, 0)),
        row(2023, group=80),
        *year_rows(2024, 250),
    )
    [found] = trend(gap_in_sd(frame, **PAIR)).to_dict("records")
    assert (found["measure"], found["years"], found["left_out"]) == (
        "v",
        "2022, 2024",
        "2023: no gap is given",
    )
    assert found["change"] > 0 and np.isnan(found["focus_first"])


def test_the_words_give_change_slope_both_groups_and_years_left_out():
    words = describe_trend(
        trend(gaps({2018: 200, 2019: 220, 2021: 400, 2022: 250, 2023: 270, 2024: 290}))
    )
    assert words.startswith(
        "The gap between Hispanic or Latino and White shrank over its 5 usable years: it "
        "moved by -1.39 percentage points a year "
        "(95% interval -2.67 to -0.12). Its first and last year alone give less to go by: "
        "from 30.0 percentage points in 2018 to "
        "21.0 in 2024, a change of -9.0 (95% interval -14.7 to -3.2)."
    )
    assert (
        "Meeting the standard in 2018 and 2024: Hispanic or Latino 20.0% and 29.0%, White "
        "50.0% and 50.0%." in words
    )
    assert words.endswith(
        "Years left out: 2020: there was no test; 2021: few students were tested."
    )


def test_the_words_do_not_say_shrank_or_grew_where_the_interval_includes_zero():
    words = describe_trend(trend(gaps({2023: 200, 2024: 205})))
    assert "shows no clear change" in words and "Two usable years cannot tell" in words
    assert "shrank" not in words and "grew" not in words


def test_the_words_warn_when_the_grades_shown_are_not_the_same():
    frame = tidy(*year_rows(2023, 200, grades=(7, 8)), *year_rows(2024, 200, grades=(8,)))
    assert "Not the same grades are shown" in describe_trend(trend(gap_in_points(frame, **PAIR)))


@pytest.mark.parametrize(
    "frame, words",
    [
        (tidy(), "there are no rows"),
        (
            tidy(*year_rows(2021, 200)),
            "No year can be used to follow this gap (2021: few students were tested).",
        ),
        (
            tidy(row(2023, group=78, levels=None, missing="suppressed"), row(2023, group=80)),
            "10 or fewer students are hidden",
        ),
    ],
)
def test_without_a_usable_year_there_is_an_empty_frame_and_a_reason(frame, words):
    result = trend(gap_in_points(frame, **PAIR))
    assert (
        result.empty
        and list(result) == ["focus", "comparison", *TREND]
        and words in describe_trend(result)
    )
    cohorts = quasi_cohorts(frame, **PAIR)
    assert cohorts.empty and describe_quasi_cohorts(cohorts).startswith("No class can be followed")


def test_one_usable_year_tells_no_change():
    words = describe_trend(trend(gaps({2024: 200})))
    assert words == (
        "The gap between Hispanic or Latino and White can be given for 2024 only (30.0 "
        "percentage points), "
        "so no change can be told."
    )


def test_a_frame_without_gaps_by_year_is_refused():
    with pytest.raises(Refusal, match="gaps by year"):
        trend(gap_in_points(tidy(*year_rows(2024, 200)), **PAIR, by=()))


@pytest.mark.parametrize(
    "years, warned", [((2022, 2023), True), ((2019, 2022), False), ((2023, 2024), False)]
)
def test_a_change_of_who_counts_as_disadvantaged_is_said(years, warned):
    rows = [
        {**each, "group_id": 31} if each["group_id"] == 78 else {**each, "group_id": 111}
        for year, grade in zip(years, (6, 6 + years[1] - years[0]), strict=True)
        for each in year_rows(year, 200, grades=(grade,))
    ]
    frame, pair = tidy(*rows), {"focus": 31, "comparison": 111}
    assert ("widened who counts" in describe_trend(trend(gap_in_points(frame, **pair)))) == warned
    assert ("widened who counts" in describe_quasi_cohorts(quasi_cohorts(frame, **pair))) == warned
