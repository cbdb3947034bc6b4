from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from see_the_system.charts.false_alarms import power
from see_the_system.charts.run_charts import run_chart
from see_the_system.charts.study import study
from tests.charts.asked_questions import question

NOISE = [0.3, -0.4, 0.1, -0.2, 0.5, -0.6, 0.2, -0.1, 0.4, -0.5, 0.6, -0.3]
YOURS = "That is yours to decide; write the reason down so that the next cycle can learn from it."


def chart(after, *, before=NOISE, better="lower", baseline=12, **options):
    """A run chart of days until results reach teachers: twelve weeks around 20, then ``after``; the
    cycle starts with the thirteenth.
    """
    values = [20 + value for value in before] + list(after)
    points = pd.DataFrame(
        {"at": pd.date_range("2025-09-08", periods=len(values), freq="7D"), "value": values}
    )
    return run_chart(points, better=better, baseline=baseline, measure="Days to results", **options)


def cycle(decision="", starts=date(2025, 12, 1), cycle_id="cycle-1"):
    return SimpleNamespace(id=cycle_id, starts=starts, decision=decision)


def asked(**fields):
    fields = {"low": 12, "high": 16, "unit": "days", "confidence": 70, "value": 15} | fields
    return question(**fields)


LOWER = [17 + value for value in NOISE]
HIGHER = [23 + value for value in NOISE]
SAME = [20 + value for value in reversed(NOISE)]


def test_each_prediction_of_the_cycle_stands_first_and_those_of_others_are_passed_over():
    found = study(cycle(), [asked(), asked(value=18), asked(cycle="cycle-2")], chart(LOWER))
    assert [score.hit for score in found.scores] == [True, False]
    assert found.sentences[:2] == (
        "You predicted 12 to 16 days, 70 percent sure. 15 days came: inside what you predicted.",
        "You predicted 12 to 16 days, 70 percent sure. 18 days came: outside what you "
        "predicted, above it by 2.",
    )


def test_a_cycle_is_pinned_to_its_annotation_or_to_the_first_point_from_its_start():
    assert study(cycle(), [], chart(LOWER)).point == 12
    assert study(cycle(starts=date(2025, 11, 26)), [], chart(LOWER)).point == 12
    noted = chart(LOWER, annotations=[(date(2025, 12, 15), "Two piles", "cycle-1")])
    found = study(cycle(), [], noted)
    assert (found.point, found.pinned) == (
        14,
        "The cycle stands at point 15 of 24 (December 15); 10 points since.",
    )


@pytest.mark.parametrize(
    "starts, why",
    [
        (date(2027, 1, 1), "no point since the cycle began"),
        (None, "give it the day on which it started"),
    ],
)
def test_a_cycle_that_cannot_be_placed_is_not_judged(starts, why):
    found = study(cycle("adopt", starts), [], chart(LOWER))
    assert found.point is None and why in found.pinned and found.seen == ""
    assert (
        found.against_signal
        == f"You decided to adopt; the chart cannot show yet whether anything changed. {YOURS}"
    )


@pytest.mark.parametrize(
    "decision, after, against",
    [
        ("adopt", LOWER, ""),
        ("adopt", SAME, f"You decided to adopt; the chart does not yet show a change. {YOURS}"),
        (
            "adopt",
            HIGHER,
            f"You decided to adopt; the chart shows a signal in the unwanted direction. {YOURS}",
        ),
        (
            "abandon",
            LOWER,
            f"You decided to abandon; the chart shows a signal of improvement. {YOURS}",
        ),
        ("abandon", SAME, ""),
        ("abandon", HIGHER, ""),
        ("adapt", HIGHER, ""),
        ("adapt", SAME, ""),
        ("", SAME, ""),
    ],
)
def test_a_decision_against_the_chart_is_told_and_not_forbidden(decision, after, against):
    assert study(cycle(decision), [], chart(after)).against_signal == against


def test_higher_is_better_turns_it_round():
    assert study(cycle("adopt"), [], chart(HIGHER, better="higher")).against_signal == ""
    assert (
        "unwanted direction"
        in study(cycle("adopt"), [], chart(LOWER, better="higher")).against_signal
    )


def test_what_was_seen_is_said_with_its_points_and_without_a_cause():
    seen = study(cycle(), [], chart(LOWER)).seen
    assert seen.startswith(
        "Since the cycle began the chart shows a signal of improvement. Points 12 to 24: 13 "
        "points in a row below the center line. 1 of its points came before the cycle."
    )
    assert seen.endswith(
        "A chart shows that something changed and when; it does not show what made it change."
    )


def test_a_signal_that_ended_before_the_cycle_says_nothing_about_it():
    early = chart(
        [20 + value for value in [*NOISE, *NOISE]],
        before=[-3 + value for value in NOISE[:10]] + [0.2, -0.1],
        baseline=None,
    )
    found = study(cycle("abandon", date(2026, 1, 5)), [], early)
    assert [(signal.side, signal.points[-1]) for signal in early.signals if signal.side] == [
        (-1, 9)
    ]
    assert (
        found.seen.startswith("The chart shows no signal since the cycle began.")
        and found.against_signal == ""
    )


def test_a_signal_that_was_mostly_there_before_is_not_the_cycles():
    falling = chart(LOWER)
    assert "improvement" in study(cycle("abandon", date(2025, 12, 8)), [], falling).seen
    assert (
        "2 of its points came before the cycle."
        in study(cycle("abandon", date(2025, 12, 8)), [], falling).seen
    )
    late = study(cycle("adopt", date(2026, 2, 2)), [], falling)
    assert late.seen == (
        "What the chart shows had begun before the cycle: Points 12 to 24: 13 points in a "
        "row below the center line. It cannot tell what the cycle "
        "added."
    )
    assert late.against_signal.startswith(
        "You decided to adopt; the chart shows something that began before the cycle, and "
        "not that it is better since."
    )
    assert study(cycle("abandon", date(2026, 2, 2)), [], falling).against_signal == ""


def test_a_chart_that_does_not_know_which_way_is_better_is_read_for_neither():
    found = study(cycle("adopt"), [], chart(HIGHER, better=""))
    assert (
        "does not say which way is better, so it cannot be called an improvement" in found.seen
        and found.against_signal == ""
    )


def test_few_points_are_no_evidence_that_nothing_changed():
    seen = study(cycle("abandon"), [], chart([19.0, 20.5, 19.5])).seen
    assert seen == (
        "The chart shows no signal since the cycle began. Had the measure moved by 2 times "
        "its usual spread, the 3 points since would hardly "
        "ever have shown it, so this is not evidence that nothing changed: add points and "
        "look again."
    )


def test_many_points_without_a_signal_make_a_large_change_unlikely():
    seen = study(cycle("adopt"), [], chart(SAME)).seen
    assert (
        "the 12 points since would have shown it about 9 times in 10: so large a lasting "
        "change is unlikely, and a smaller one may be there." in seen
    )


def test_a_chart_that_cannot_signal_speaks_for_neither():
    short = chart([15.0, 15.2], before=NOISE[:4], baseline=None)
    found = study(cycle("adopt", date(2025, 10, 6)), [], short)
    assert found.seen == (
        "This chart cannot signal yet: it has 6 points, and these rules need 10. Keep "
        "measuring. So it speaks neither for nor "
        "against the cycle, and is not evidence that nothing changed."
    )
    assert (
        found.against_signal
        == f"You decided to adopt; the chart cannot show yet whether anything changed. {YOURS}"
    )
    assert study(cycle("abandon", date(2025, 10, 6)), [], short).against_signal == ""


def test_a_new_centre_from_the_cycle_on_hides_the_change():
    found = study(cycle("adopt"), [], chart(LOWER, baseline=None, phases=["2025-12-01"]))
    assert (
        "takes a new center after the cycle began" in found.seen
        and "freeze the baseline before the cycle" in found.seen
    )
    assert "cannot show yet whether anything changed" in found.against_signal


def test_what_could_have_shown_hangs_on_the_frozen_baseline_of_the_present_phase():
    """Twelve weeks, and then a phase of twelve that is frozen and twelve in which nothing moved."""
    options = {"before": [9 + one for one in NOISE], "phases": ["2025-12-01"]}
    after = [20 + one for one in NOISE] + SAME
    asked_at = cycle(starts=date(2026, 2, 23))
    frozen = chart(after, baseline=[None, 12], **options)
    rate = power("anhoej", 24, baseline=12, shift=2.0, at=12).rate
    assert f"about {10 * rate:.0f} times in 10" in study(asked_at, [], frozen).seen
    whole = chart(after, baseline=None, **options)
    unfrozen_rate = power("anhoej", 24, shift=2.0, at=12).rate
    assert f"about {10 * unfrozen_rate:.0f} times in 10" in study(asked_at, [], whole).seen
    assert rate > unfrozen_rate + 0.1


def test_a_cycle_that_began_with_the_chart_has_nothing_to_be_compared_with():
    assert (
        "no point from before the cycle"
        in study(cycle("adopt", date(2025, 9, 1)), [], chart(SAME)).seen
    )


def test_unusual_crossings_have_no_direction_and_speak_for_neither():
    waves = np.repeat([20.5, 19.5] * 3, 4)
    found = study(
        cycle("adopt", date(2025, 11, 3)),
        [],
        chart(waves[4:], before=waves[:4] - 20, baseline=None),
    )
    assert found.against_signal.startswith(
        "You decided to adopt; the chart shows something unusual, and not that it is better since."
    )
    assert (
        "not when or which way" in found.seen
        and "So it does not speak for or against the cycle." in found.seen
    )


def test_points_that_are_all_the_same_have_no_spread_to_hold_a_change_against():
    found = study(cycle("adopt"), [], chart([20.0] * 12, before=[0.0] * 12))
    assert "no usual spread to hold a change against" in found.seen
    assert "usual spread, the" not in found.seen
    assert "cannot show yet whether anything changed" in found.against_signal


def test_what_would_nearly_always_have_been_seen_is_not_called_certain():
    quiet = chart(SAME * 2, before=NOISE * 2, baseline=24)
    seen = study(cycle(starts=date(2026, 2, 23)), [], quiet).seen
    assert "the 24 points since would nearly always have shown it" in seen
