from math import inf, nan
from pathlib import Path

import numpy as np
import pytest

from see_the_system.charts.predictions import score_prediction
from see_the_system.messages import Refusal
from see_the_system.theory import exchange
from tests.charts.asked_questions import question


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


def test_a_single_number_is_held_against_all_that_rounds_to_it():
    found = score_prediction(question(low=2.3, high=2.3, value=2.35))
    assert (found.low, found.high, found.hit) == (2.25, 2.35, True)
    assert "You predicted 2.3 minutes (taken as 2.25 to 2.35), 80 percent sure." in found.sentence
    missed = score_prediction(question(low=19.9, high=19.9, value=11.81))
    assert "taken as 19.85 to 19.95" in missed.sentence and "below it by 8.04." in missed.sentence
    assert not score_prediction(question(low=2.3, high=2.3, value=2.36)).hit


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
        ({"confidence": -1}, "is −1"),
    ],
)
def test_nonsense_is_one_sentence(wrong, words):
    with pytest.raises(Refusal, match=words):
        score_prediction(question(**({"value": 7} | wrong)))


def test_the_worked_examples_predictions_are_scored():
    theory = exchange.read(Path(__file__).parent.parent.parent / "data" / "sample" / "theory.yaml")
    scores = {asked.id: score_prediction(asked) for asked in theory.questions}
    scores = [scores[f"learning-question-{number}"] for number in (1, 2, 3, 4)]
    assert [score.interval_score for score in scores] == [45.0, 1.0, 3.0, None]
    assert [score.hit for score in scores] == [False, True, True, None]
