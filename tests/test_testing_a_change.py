"""A test of change from the practice network's weeks to the Study step, as docs/run_charts.md shows
it.
"""

import re
from pathlib import Path

import pytest

from see_the_system.display import html

PAGE = Path(__file__).parent.parent / "docs" / "run_charts.md"


@pytest.fixture(scope="module")
def example():
    """What the page's example leaves behind (dict of its names)."""
    names = {}
    exec(
        compile(
            re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[1],
            PAGE.name,
            "exec",
        ),
        names,
    )
    return names


def test_a_right_change_fully_carried_out_is_learned_from_the_chart(example):
    better = [
        signal
        for signal in example["chart"].signals
        if signal.side > 0 and max(signal.points) >= 20
    ]
    assert better and set(example["chart"].frame["concern"]) == {"improvement", ""}


def test_the_cycle_stands_at_its_point_and_its_prediction_is_scored(example):
    learned, chart = example["learned"], example["chart"]
    assert (
        learned.point == chart.annotations[0].point == 20
        and chart.annotations[0].cycle == "cycle-1"
    )
    assert learned.scores[0].hit and learned.scores[0].interval_score == pytest.approx(8)
    assert "signal of improvement" in learned.seen and learned.against_signal == ""


def test_to_adopt_a_change_that_shows_nothing_is_said_and_not_forbidden(example):
    quiet = example["simulate"](
        "Marigold Bend Unified", "poster_weeks", where="6992072", fidelity=0.9, starts=21, seed=2
    )
    chart = example["run_chart"](quiet.points("check"), baseline=20, better="higher")
    learned = example["study"](example["cycle"], [], chart)
    assert not [signal for signal in chart.signals if signal.side > 0]
    assert (
        learned.against_signal.startswith("You decided to adopt")
        and "yours to decide" in learned.against_signal
    )


def test_the_picture_has_the_words_and_the_flag(example):
    shown = html(example["chart"])
    assert "<desc" in shown and "Support as a second period" in shown and "median" in shown


def test_the_gap_has_a_band_where_both_groups_are_large_enough(example):
    gaps = example["gaps"]
    shown = gaps.dropna(subset=["gap"])
    assert (
        len(shown) > 10
        and (shown["low"] < shown["gap"]).all()
        and (shown["gap"] < shown["high"]).all()
    )
    assert (gaps.loc[gaps["gap"].isna(), "hidden"] != "").all()
