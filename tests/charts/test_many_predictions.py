from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from see_the_system.charts.many_predictions import (
    calibration,
    describe_calibration,
    plot_calibration,
)
from tests.charts.asked_questions import question, questions_with
from tests.charts.drawn_charts import questions, text_of


def test_the_bands_count_what_came_in_with_wilsons_interval():
    table = calibration(
        [
            *questions_with(7, 12),
            *questions_with(4, 4, 95),
            question(value=7, confidence=84),
            question(value=7, confidence=85),
            question(value=7, confidence=44),
        ]
    )
    assert table[["band", "n", "hits"]].values.tolist() == [
        ["under 45", 1, 1],
        ["about 80", 13, 8],
        ["about 90", 1, 1],
        ["95 or more", 4, 4],
    ]
    low, high = proportion_confint(8, 13, method="wilson")
    about = table.set_index("band").loc["about 80"]
    assert (about["rate"], about["low"], about["high"]) == pytest.approx(
        (100 * 8 / 13, 100 * low, 100 * high)
    )
    assert about["confidence"] == pytest.approx((12 * 80 + 84) / 13)


def test_every_confidence_has_one_band():
    assert all(
        calibration([question(value=7, confidence=sure)])["n"].tolist() == [1]
        for sure in range(101)
    )


def test_predictions_without_confidence_or_result_are_left_out():
    table = calibration(
        [
            *questions_with(3, 3),
            question(),
            question(value=7, confidence=None),
            question(low=None, high=None, value=3),
        ]
    )
    assert (table.attrs["n"], table.attrs["left_out"]) == (3, 1)
    assert "1 prediction without a confidence is left out." in describe_calibration(table)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([10, 30, 50, 60, 75, 80, 90, 99, 100]), min_size=1, max_size=9),
    st.data(),
)
def test_the_p_is_that_of_all_ways_of_coming_in(sure, data):
    hits = data.draw(st.integers(0, len(sure)))
    questions = questions_with(hits, len(sure))
    for asked, confidence in zip(questions, sure, strict=True):
        asked.confidence = confidence
    ways = {}
    for outcome in product((0, 1), repeat=len(sure)):
        ways[sum(outcome)] = ways.get(sum(outcome), 0) + prod(
            p / 100 if came else 1 - p / 100 for p, came in zip(sure, outcome, strict=True)
        )
    fewer = sum(p for n, p in ways.items() if n <= hits)
    more = sum(p for n, p in ways.items() if n >= hits)
    assert calibration(questions).attrs["p"] == pytest.approx(
        min(1, 2 * min(fewer, more)), abs=1e-12
    )


@pytest.mark.parametrize(
    "n, hits, sure, verdict",
    [
        (12, 6, 80, "overconfident"),
        (12, 7, 80, ""),
        (12, 12, 50, "underconfident"),
        (12, 8, 50, ""),
        (9, 0, 90, ""),
        (10, 3, 90, "overconfident"),
    ],
)
def test_a_verdict_needs_ten_predictions_and_a_clear_difference(n, hits, sure, verdict):
    assert calibration(questions_with(hits, n, sure)).attrs["verdict"] == verdict


def test_well_calibrated_teams_are_seldom_called_anything_else():
    draw = np.random.default_rng(5)
    called = [
        calibration(questions_with(int((draw.random(20) < 0.8).sum()), 20)).attrs["verdict"]
        for _ in range(300)
    ]
    assert sum(map(bool, called)) <= 15


def test_the_words_of_calibration():
    words = describe_calibration(calibration(questions_with(7, 12)))
    assert words == (
        "Of 12 predictions made with about 80 percent confidence, 7 came in (58 percent; 95 "
        "percent interval 32 to 81). If every stated "
        "confidence were true, about 9.6 of 12 would have come in; 7 did. Chance alone often "
        "makes a difference as large, so neither over- nor "
        "underconfidence is clear."
    )
    assert "Fewer than 10 predictions tell little" in describe_calibration(
        calibration(questions_with(2, 9))
    )
    assert (
        "clearly fewer: next time, write wider ranges or a lower confidence"
        in describe_calibration(calibration(questions_with(5, 12)))
    )
    assert "clearly more: you may trust narrower ranges" in describe_calibration(
        calibration(questions_with(12, 12, 50))
    )
    assert describe_calibration(calibration([])).startswith(
        "No prediction has both a confidence and a result yet"
    )


def test_calibration_writes_its_bands_and_counts():
    table = calibration(questions())
    text = text_of(plot_calibration(table))
    assert [
        row
        for row in table.to_dict("records")
        if f"{row['hits']} of {row['n']} came in" not in text
    ] == []
    assert "About 70% sure" in text and "95% or more sure" in text and "Under 45% sure" in text
    assert "No prediction has both" in text_of(plot_calibration(calibration([])))
