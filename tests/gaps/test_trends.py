import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import multivariate_normal

from see_the_system.gaps.cohorts import describe_quasi_cohorts, quasi_cohorts
from see_the_system.gaps.trends import FIRST_BOUND, TREND, describe_trend, second_bound, trend
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


def test_with_two_years_the_change_is_last_minus_first():
    table = gaps({2023: 200, 2024: 300})
    [found] = trend(table).to_dict("records")
    assert (found["first"], found["last"], found["change"]) == pytest.approx((30, 20, -10))
    # one student's variance, from both years of a group: 0.2 * 0.8 and 0.3 * 0.7, and 0.5 * 0.5
    focus, comparison = (0.16 + 0.21) / 2, 0.25
    half = 2.053749 * 100 * np.sqrt(2 * (focus + comparison) / 1000)
    assert found["change_high"] - found["change"] == pytest.approx(half, rel=0.002)
    assert found["verdict"] == "shrank" and found["level"] == 96 and np.isnan(found["scatter"])


def test_the_slope_is_that_of_weighted_least_squares():
    years, values, half = (
        [2014, 2015, 2016, 2017, 2018],
        [30.0, 29.1, 27.9, 27.1, 25.9],
        np.array([4.0, 3.0, 3.5, 2.0, 5.0]),
    )
    [found] = trend(made(years, values, half)).to_dict("records")
    error = half / 1.959964
    fit = sm.WLS(values, sm.add_constant(np.array(years) - 2016.0), weights=1 / error**2).fit(
        cov_type="fixed scale"
    )
    assert found["scatter"] == 0 and found["slope"] == pytest.approx(fit.params[1])
    assert found["slope_high"] - found["slope"] == pytest.approx(2.053749 * fit.bse[1], rel=1e-4)
    assert found["change"] == pytest.approx(4 * found["slope"])
    assert found["verdict"] == "no clear change"


def test_years_that_vary_by_more_than_chance_are_said_to_be_no_steady_course():
    calm, rough = (
        trend(made([2014, 2015, 2016, 2017, 2018], values, [1.0] * 5))
        for values in ([30, 29, 28, 27, 26], [30, 24, 31, 23, 26])
    )
    assert (calm["verdict"][0], calm["unsteady"][0]) == ("shrank", False)
    assert rough["scatter"][0] > 2 and rough["unsteady"][0]
    assert "no steady course" in describe_trend(rough) and "steady" not in describe_trend(calm)


def test_the_scatter_is_the_method_of_moments_of_an_equally_weighted_line():
    years, values = (
        np.array([2015, 2016, 2017, 2018, 2019, 2022]),
        np.array([30, 24, 31, 23, 26, 30.0]),
    )
    [found] = trend(made(years, values, [1.959964] * 6)).to_dict("records")
    left = values - np.poly1d(np.polyfit(years, values, 1))(years)
    assert found["scatter"] == pytest.approx(np.sqrt((left @ left - 4) / 4))


ALL_YEARS = (2015, 2016, 2017, 2018, 2019, 2022, 2023, 2024, 2025)


def drawn(draws, years, *, total=0.0, scatter=0.0, rates=(0.3, 0.5), n=(400, 300), series=120):
    """Gaps of many districts, drawn student by student (frame, one series each)."""
    x = np.array(years, dtype=float)
    course = total / 100 * (x - x[0]) / (x[-1] - x[0])
    low = np.clip(rates[0] + course + scatter / 100 * draws.normal(size=(series, len(x))), 0, 1)
    focus = 100 * draws.binomial(n[0], low) / n[0]
    comparison = 100 * draws.binomial(n[1], rates[1], low.shape) / n[1]
    gap = (comparison - focus).ravel()
    half = 196 * np.sqrt(0.21 / n[0] + 0.25 / n[1])
    table = made(np.tile(years, series), gap, np.full(gap.shape, half))
    return table.assign(
        series=np.repeat(np.arange(series), len(x)),
        n_focus=n[0],
        n_comparison=n[1],
        percent_focus=focus.ravel(),
        percent_comparison=comparison.ravel(),
    )[["series", *table.columns]]


def changed(table):
    found = trend(table)
    quiet = ["", "no clear change"]
    return ~found["verdict"].isin(quiet), ~found["since_verdict"].isin(quiet)


@pytest.mark.parametrize("rates", [(0.3, 0.5), (0.04, 0.5)])
def test_nothing_going_on_is_seldom_called_a_change_by_both_verdicts_together(rates):
    # docs/validation.md has longer runs
    first, since = changed(drawn(np.random.default_rng(11), ALL_YEARS, rates=rates, series=300))
    assert 0.01 < first.mean() < 0.08 and (first | since).mean() < 0.09 and since.any()


@pytest.mark.parametrize("scatter", [0, 2])
def test_a_year_more_takes_no_power(scatter):
    draws = np.random.default_rng(12)
    found = [
        changed(drawn(draws, ALL_YEARS[-many:], total=15, scatter=scatter))[0].mean()
        for many in (2, 4, 9)
    ]
    assert found[0] - 0.05 < found[1] and found[1] - 0.02 < found[2] and found[2] > 0.9


def test_since_2019_is_judged_beside_the_first_year():
    up_and_down = made(ALL_YEARS, [20, 23, 26, 29, 32, 29, 26, 23, 20], [3.0] * 9)
    [found] = trend(up_and_down).to_dict("records")
    assert (found["verdict"], found["since_verdict"]) == ("no clear change", "shrank")
    assert (found["since_first"], found["since_years"]) == (32, 5)
    assert 96 < found["since_level"] < 99.5
    words = describe_trend(trend(up_and_down))
    assert "Since 2019 it shrank: the line through 5 years moves by" in words
    assert "Both intervals hold together in 95 of 100" in words
    for years in ((2019, 2022, 2023), (2018, 2022, 2023), (2017, 2018, 2019)):
        assert trend(made(years, [30, 20, 10], [3.0] * 3))["since_verdict"][0] == ""


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9, 0.98])
def test_the_two_bounds_err_together_in_one_case_of_twenty(correlation):
    spread = [[1, correlation], [correlation, 1]]
    bounds = np.array([FIRST_BOUND, second_bound(correlation)])
    inside = multivariate_normal(cov=spread).cdf(bounds, lower_limit=-bounds)
    assert inside == pytest.approx(0.95, abs=2e-4)


def test_2021_never_enters_and_2020_is_explained():
    [found] = trend(gaps({2019: 300, 2021: 100, 2022: 300})).to_dict("records")
    assert (found["years"], found["n_years"], found["change"]) == (
        "2019, 2022",
        2,
        pytest.approx(0, abs=1e-9),
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
        ([9.9, -0.1], "shrank"),
        ([2.5, -2.6], "moved near zero"),
        ([30, 30, 30, 20], "shrank"),
        ([20, 21], "no clear change"),
        ([20], "too few years"),
        ([30, 29, 20], "shrank"),
        ([20, 21, 26, 27, 30], "grew"),
    ],
)
def test_the_verdict_follows_the_interval_and_the_side_of_the_gap(values, verdict):
    years = list(range(2015, 2015 + len(values)))
    assert trend(made(years, values, [3.0] * len(values)))["verdict"].tolist() == [verdict]


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
        "2023: no gap in standard deviations can be given",
    )
    assert found["change"] > 0 and np.isnan(found["focus_first"])


def test_the_words_give_change_slope_both_groups_and_years_left_out():
    words = describe_trend(
        trend(gaps({2018: 200, 2019: 220, 2021: 400, 2022: 250, 2023: 270, 2024: 290}))
    )
    assert words.startswith(
        "The gap between Hispanic or Latino and White shrank over its 5 usable years: the line "
        "through them moves by −8.4 percentage points (96% interval"
    )
    assert "The gap itself went from 30.0 percentage points in 2018 to 21.0 in 2024." in words
    assert (
        "Meeting the standard in 2018, 2019 and 2024: Hispanic or Latino 20.0%, 22.0% and 29.0%, "
        "White 50.0%, 50.0% and 50.0%." in words
    )
    assert words.endswith(
        "Years left out: 2020: there was no test; 2021: few students were tested."
    )


def test_the_words_do_not_say_shrank_or_grew_where_the_interval_includes_zero():
    words = describe_trend(trend(gaps({2023: 200, 2024: 205})))
    assert "shows no clear change" in words and "Two usable years cannot tell" in words
    assert "shrank" not in words and "grew" not in words


def test_whose_results_are_higher_is_said_once_and_last():
    words = describe_trend(trend(gaps({2023: 900, 2024: 700})))
    assert words.startswith(
        "The gap between Hispanic or Latino and White shrank: from −40.0 percentage points in 2023 "
        "to −20.0 in 2024, a change of +20.0 percentage points ("
    )
    assert "): the results of Hispanic or Latino are the higher ones. Two usable years" in words
    assert words.count("the higher ones") == 1


def test_the_words_warn_when_the_grades_shown_are_not_the_same():
    frame = tidy(*year_rows(2023, 200, grades=(7, 8)), *year_rows(2024, 200, grades=(8,)))
    assert "Not the same grades are shown" in describe_trend(trend(gap_in_points(frame, **PAIR)))


@pytest.mark.parametrize(
    "frame, words",
    [
        (tidy(), "no row is left of what was asked for"),
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
