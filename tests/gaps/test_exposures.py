"""Shares of a gap from rows of students, and slopes between and within schools: published numbers,
planted ones, faults.
"""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from see_the_system.gaps.exposures import (
    Slopes,
    describe_shares,
    describe_slopes,
    shares_of_gap,
    slopes,
)
from see_the_system.messages import Refusal

RENT, OWN = "rent", "own"


def credit_cards():
    data = sm.datasets.ccard.load_pandas().data
    return data.assign(group=np.where(data["OWNRENT"] == 1, OWN, RENT), school=range(len(data)))


def test_the_parts_are_those_of_oaxaca_and_blinder_pooled():
    """Stata's pooled two-fold decomposition of the same data (statsmodels' own reference):
    130.80954 and 27.94091 of 158.75044.
    """
    shares = shares_of_gap(
        credit_cards(),
        ["AGE", "INCOME", "INCOMESQ"],
        focus=RENT,
        comparison=OWN,
        outcome="AVGEXP",
        alike=(),
    )
    assert shares.gap == pytest.approx(158.75044, abs=1e-4)
    assert shares.table.part.sum() == pytest.approx(
        130.80954, abs=1e-4
    ) and shares.rest == pytest.approx(27.94091, abs=1e-4)


def made(rng, *, schools=30, students=60, effect=0.4):
    """Students whose exposure has a known effect, whose benchmark decides who is exposed, and whose
    schools differ.
    """
    school = np.repeat(np.arange(schools), students)
    focus = rng.random(len(school)) < 0.5
    benchmark = rng.normal(0, 1, len(school)) - 0.4 * focus
    exposed = (rng.random(len(school)) < 1 / (1 + np.exp(-(benchmark - 0.8 * focus)))).astype(float)
    quality = rng.normal(0, 0.5, schools)[school]
    score = (
        quality + 0.6 * benchmark - 0.2 * focus + effect * exposed + rng.normal(0, 0.5, len(school))
    )
    return pd.DataFrame(
        {
            "school": school.astype(str),
            "grade": 7,
            "group": np.where(focus, "A", "B"),
            "benchmark": benchmark,
            "exposed": exposed,
            "score": score,
        }
    )


def test_a_known_effect_is_recovered_and_its_interval_covers_it_as_often_as_it_says():
    rng = np.random.default_rng(3)
    inside, effects = 0, []
    for _ in range(200):
        row = shares_of_gap(
            made(rng), ["exposed"], focus="A", comparison="B", given=["benchmark"]
        ).table.iloc[0]
        effects.append(row.effect)
        inside += row.effect_low <= 0.4 <= row.effect_high
    assert np.mean(effects) == pytest.approx(0.4, abs=0.01) and 180 <= inside <= 199


def test_without_the_benchmark_the_effect_is_too_large():
    row = shares_of_gap(
        made(np.random.default_rng(4)), ["exposed"], focus="A", comparison="B"
    ).table.iloc[0]
    assert row.effect_low > 0.5


def test_parts_and_the_rest_make_the_gap():
    shares = shares_of_gap(
        made(np.random.default_rng(5)), ["exposed"], focus="A", comparison="B", given=["benchmark"]
    )
    assert shares.table.part.sum() + shares.rest == pytest.approx(shares.gap)
    words = describe_shares(shares)
    assert (
        f"is {shares.gap:.2f} in score" in words
        and "exposed: " in words
        and "what makes it is for the process" in words
    )


def test_something_that_goes_with_results_between_schools_alone():
    rng = np.random.default_rng(6)
    school = np.repeat(np.arange(40), 50)
    level = rng.normal(0, 1, 40)
    rows = pd.DataFrame(
        {
            "school": school,
            "attendance": 0.93 + 0.02 * level[school] + rng.normal(0, 0.03, 2000),
            "score": 0.5 * level[school] + rng.normal(0, 0.8, 2000),
        }
    )
    found = slopes(rows, "attendance")
    assert found.between_r > 0.8 and found.between_interval[0] > 15
    assert found.within_interval[0] < 0 < found.within_interval[1] and abs(found.within_r) < 0.05
    assert "It need not be what differs inside a school" in describe_slopes(found)


def test_something_that_goes_with_results_inside_schools():
    found = slopes(made(np.random.default_rng(7)), "benchmark")
    assert found.within_interval[
        0
    ] > 0.6 and "So it goes with results inside schools." in describe_slopes(found)


@pytest.mark.parametrize(
    "change, asked, says",
    [
        ({}, {"exposures": ["expsed"]}, "no column 'expsed'. Did you mean 'exposed'"),
        ({"exposed": "yes"}, {}, "'exposed' of the students' table holds text"),
        ({"exposed": 1.0}, {}, "'exposed' does not differ among students alike"),
        ({}, {"focus": "C"}, "C has 0 students with everything known; 20 are needed"),
    ],
)
def test_what_cannot_be_compared_is_said(change, asked, says):
    rows = made(np.random.default_rng(8)).assign(**change)
    with pytest.raises(Refusal, match=says):
        shares_of_gap(rows, **({"exposures": ["exposed"], "focus": "A", "comparison": "B"} | asked))


def test_what_goes_up_and_down_together_cannot_be_told_apart():
    rows = made(np.random.default_rng(12)).assign(weeks=lambda frame: 5 * frame.exposed)
    with pytest.raises(
        Refusal, match="'exposed' and 'weeks' cannot be told apart among these students"
    ):
        shares_of_gap(rows, ["exposed", "weeks"], focus="A", comparison="B")


def test_two_schools_are_too_few_to_compare():
    with pytest.raises(Refusal, match="2 schools with benchmark known are too few"):
        slopes(made(np.random.default_rng(9), schools=2), "benchmark")


def test_students_with_something_missing_are_left_out():
    rows = made(np.random.default_rng(10))
    rows.loc[:9, "score"] = np.nan
    shares = shares_of_gap(rows, ["exposed"], focus="A", comparison="B")
    assert shares.n_focus + shares.n_comparison == len(rows) - 10


@pytest.mark.parametrize(
    "between, within, says, meaning",
    [
        (
            (1, 3),
            (1, 3),
            "weeks and score go together (r",
            "So it goes with results inside schools too.",
        ),
        (
            (-1, 3),
            (1, 3),
            "cannot be told to go together (r",
            "So it goes with results inside schools.",
        ),
        (
            (1, 3),
            (-1, 3),
            "weeks and score go together (r",
            "ask what else schools share.",
        ),
        ((-3, -1), (1, 3), "score go together (r", "So it goes with results inside schools."),
        ((-1, 3), (-1, 3), "cannot be told to go together (r", "Neither can be told from chance."),
    ],
)
def test_what_is_said_of_slopes_follows_both_intervals(between, within, says, meaning):
    found = Slopes("weeks", 9, 900, sum(between) / 2, between, 0.3, sum(within) / 2, within, 0.1)
    words = describe_slopes(found)
    assert says in words and words.endswith(meaning)
