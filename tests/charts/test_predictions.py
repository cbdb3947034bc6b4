from datetime import date
from itertools import product
from math import inf, nan, prod
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from see_the_system.charts.predictions import (
    calibration,
    describe_calibration,
    describe_scores,
    score_prediction,
    scores_by_cycle,
)
from see_the_system.messages import Refusal
from see_the_system.theory import exchange


def question(
    low=5.0,
    high=10.0,
    value=None,
    confidence=80,
    unit="minutes",
    cycle="cycle-1",
    text="How long does sorting take?",
):
    return SimpleNamespace(
        low=low,
        high=high,
        value=value,
        confidence=confidence,
        unit=unit,
        cycle=cycle,
        text=text,
        prediction="",
    )


def many(n, hits, confidence=80):
    return [
        question(value=7.0 if place < hits else 20.0, confidence=confidence) for place in range(n)
    ]


# --- one prediction


@pytest.mark.parametrize(
    "value, hit, error, score",
    [
        (7, True, 0, 5),
        (5, True, 0, 5),
        (10, True, 0, 5),
        (14, False, 4, 5 + 10 * 4),
        (3, False, -2, 5 + 10 * 2),
    ],
)
def test_the_interval_score_of_gneiting_and_raftery(value, hit, error, score):
    found = score_prediction(question(value=value))
    assert (found.hit, found.width, found.error, found.interval_score) == (
        hit,
        5,
        error,
        pytest.approx(score),
    )


def test_the_penalty_grows_with_the_confidence():
    scores = [
        score_prediction(question(value=12, confidence=sure)).interval_score
        for sure in (0, 50, 80, 90, 99)
    ]
    assert scores == pytest.approx([5 + 2 * 2, 5 + 4 * 2, 5 + 10 * 2, 5 + 20 * 2, 5 + 200 * 2])


def test_the_score_is_proper_the_true_quantiles_do_best():
    outcomes = np.linspace(0, 100, 1001)

    def mean(low, high):
        return np.mean(
            [
                score_prediction(question(low=low, high=high, value=float(x))).interval_score
                for x in outcomes
            ]
        )

    best = mean(10, 90)
    assert best == pytest.approx(80 + 10 * 2 * 0.5, rel=0.01)
    assert all(
        mean(low, high) > best for low, high in [(20, 80), (0, 100), (5, 85), (15, 95), (30, 60)]
    )


@pytest.mark.parametrize(
    "number, low, high",
    [
        (12, 11.5, 12.5),
        (12.5, 12.45, 12.55),
        (120, 119.5, 120.5),
        (0.25, 0.245, 0.255),
        (-3, -3.5, -2.5),
        (0, -0.5, 0.5),
    ],
)
def test_a_single_number_is_a_range_of_the_precision_it_is_written_with(number, low, high):
    found = score_prediction(question(low=number, high=number, value=number))
    assert (found.low, found.high, found.hit) == (low, high, True)
    assert f"You predicted {number:g} minutes, 80 percent sure." in found.sentence


def test_what_a_computer_adds_behind_the_last_digit_is_no_miss():
    assert score_prediction(question(low=0.1, high=0.3, value=0.1 + 0.2)).hit


@pytest.mark.parametrize(
    "low, high, value, hit, error",
    [
        (5, None, 400, True, 0),
        (5, None, 3, False, -2),
        (None, 10, -4, True, 0),
        (None, 10, 12, False, 2),
    ],
)
def test_at_least_and_at_most_are_right_or_wrong_without_a_score(low, high, value, hit, error):
    found = score_prediction(question(low=low, high=high, value=value))
    assert (found.hit, found.error, found.width, found.interval_score) == (hit, error, None, None)
    assert f"You predicted at {'least 5' if low else 'most 10'} minutes" in found.sentence
    assert found.sentence.endswith(
        "A range with one open end has no width, so it has no interval score."
    )


def test_without_a_confidence_there_is_a_hit_and_a_width_only():
    found = score_prediction(question(value=12, confidence=None))
    assert (found.hit, found.width, found.interval_score) == (False, 5, None)
    assert (
        found.sentence
        == "You predicted 5 to 10 minutes. 12 minutes came: outside what you predicted, above "
        "it by 2."
    )


def test_certainty_is_scored_where_it_holds_and_not_where_it_misses():
    assert score_prediction(question(value=6, confidence=100)).interval_score == 5
    missed = score_prediction(question(value=12, confidence=100))
    assert (
        missed.interval_score is None
        and "a miss at 100 percent cannot be scored; say at most 99" in missed.sentence
    )


def test_what_has_not_come_yet_and_what_is_in_words_is_neither_right_nor_wrong():
    open_ = score_prediction(question())
    assert (open_.hit, open_.interval_score) == (
        None,
        None,
    ) and "not written down yet" in open_.sentence
    words = score_prediction(question(low=None, high=None, value=4))
    assert words.hit is None and "made in words and cannot be scored" in words.sentence


@pytest.mark.parametrize(
    "wrong, words",
    [
        (
            {"low": 10, "high": 5},
            'The prediction "How long does sorting take\\?" goes from 10 to 5, which is the '
            "wrong way round; write the smaller",
        ),
        ({"low": nan}, "field \"low\" .* is 'nan'"),
        ({"high": inf}, 'field "high"'),
        ({"value": nan}, 'field "value"'),
        ({"low": "five"}, "'five'"),
        ({"low": True}, "'True'"),
        ({"confidence": 101}, "confidence .* is 101; write how sure you are in percent"),
        ({"confidence": -1}, "is -1"),
    ],
)
def test_nonsense_is_one_sentence(wrong, words):
    with pytest.raises(Refusal, match=words):
        score_prediction(question(**({"value": 7} | wrong)))


def test_the_worked_examples_predictions_are_scored():
    theory = exchange.read(Path(__file__).parent.parent.parent / "data" / "sample" / "theory.yaml")
    scores = {one.id: score_prediction(one) for one in theory.questions}
    assert [scores[f"learning-question-{n}"].interval_score for n in (1, 2, 3, 4)] == [
        45.0,
        1.0,
        3.0,
        None,
    ]
    assert [scores[f"learning-question-{n}"].hit for n in (1, 2, 3, 4)] == [False, True, True, None]
    means = scores_by_cycle(theory.questions, theory.cycles)
    assert means[means["unit"] == "minutes"]["interval_score"].tolist() == [45.0, 3.0]


# --- many predictions


def test_the_bands_count_what_came_in_with_wilsons_interval():
    table = calibration(
        [
            *many(12, 7),
            *many(4, 4, 95),
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
            *many(3, 3),
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
    questions = [
        question(value=7.0 if place < hits else 20.0, confidence=one)
        for place, one in enumerate(sure)
    ]
    ways = {}
    for outcome in product((0, 1), repeat=len(sure)):
        ways[sum(outcome)] = ways.get(sum(outcome), 0) + prod(
            p / 100 if came else 1 - p / 100 for p, came in zip(sure, outcome, strict=False)
        )
    fewer, more = (
        sum(p for n, p in ways.items() if n <= hits),
        sum(p for n, p in ways.items() if n >= hits),
    )
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
    assert calibration(many(n, hits, sure)).attrs["verdict"] == verdict


def test_well_calibrated_teams_are_seldom_called_anything_else():
    draw = np.random.default_rng(5)
    called = [
        calibration(many(20, int((draw.random(20) < 0.8).sum()))).attrs["verdict"]
        for _ in range(300)
    ]
    assert sum(map(bool, called)) <= 15


def test_the_words_of_calibration():
    words = describe_calibration(calibration(many(12, 7)))
    assert words == (
        "Of 12 predictions made with about 80 percent confidence, 7 came in (58 percent; 95 "
        "percent interval 32 to 81). If every stated "
        "confidence were true, about 9.6 of 12 would have come in; 7 did. Chance alone often "
        "makes a difference as large, so neither over- nor "
        "underconfidence is clear."
    )
    assert "Fewer than 10 predictions tell little" in describe_calibration(calibration(many(9, 2)))
    assert (
        "clearly fewer: next time, write wider ranges or a lower confidence"
        in describe_calibration(calibration(many(12, 5)))
    )
    assert "clearly more: you may trust narrower ranges" in describe_calibration(
        calibration(many(12, 12, 50))
    )
    assert describe_calibration(calibration([])).startswith(
        "No prediction has both a confidence and a result yet"
    )


# --- over cycles


def test_scores_follow_the_cycles_and_never_mix_units():
    cycles = [
        SimpleNamespace(id="cycle-2", starts=date(2026, 3, 16)),
        SimpleNamespace(id="cycle-1", starts=date(2026, 3, 2)),
        SimpleNamespace(id="cycle-9", starts=None),
    ]
    questions = [
        question(value=14),
        question(value=6),
        question(low=2, high=3, value=2, confidence=60, unit="days"),
        question(low=6, high=9, value=7, cycle="cycle-2"),
        question(low=5, high=None, value=7, cycle="cycle-2"),
        question(cycle="cycle-2"),
        question(value=8, cycle="cycle-9"),
    ]
    table = scores_by_cycle(questions, cycles)
    assert table[["cycle", "unit", "n", "hits", "width", "interval_score"]].values.tolist() == [
        ["cycle-1", "minutes", 2, 1, 5.0, 25.0],
        ["cycle-1", "days", 1, 1, 1.0, 1.0],
        ["cycle-2", "minutes", 2, 2, 3.0, 3.0],
        ["cycle-9", "minutes", 1, 1, 5.0, 5.0],
    ]
    assert table["at"].dt.date.tolist()[:3] == [
        date(2026, 3, 2),
        date(2026, 3, 2),
        date(2026, 3, 16),
    ]
    words = describe_scores(table)
    assert (
        "predictions in minutes went from 25 to 5 over 3 cycles." in words
        and "predictions in days was 1." in words
    )
    assert words.endswith("Smaller is better: a narrow range that holds.")


def test_without_scores_nothing_is_followed():
    assert describe_scores(scores_by_cycle([], [])).startswith(
        "No prediction has a range, a confidence and a result yet"
    )
