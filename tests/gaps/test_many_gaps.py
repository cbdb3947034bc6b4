import numpy as np
import pytest
from statsmodels.stats.proportion import proportions_ztest

from see_the_system.gaps.many_gaps import describe_many_gaps, many_gaps
from see_the_system.messages import Refusal
from tests.frames import row, tidy
from tests.gaps.pairs import COMPARISON, FOCUS, HIGH, LOW, both


def test_many_gaps_adjust_for_looking_at_many():
    rng = np.random.default_rng(5)
    rows = [
        each
        for grade in (3, 4, 5, 6, 7, 8)
        for each in both(
            tuple(rng.multinomial(60, [0.3, 0.3, 0.2, 0.2])),
            tuple(rng.multinomial(60, [0.25, 0.25, 0.25, 0.25])),
            grade=grade,
        )
    ]
    frame = tidy(*rows, *[row(group=76, grade=grade, levels=(2, 5, 20, 30)) for grade in (3, 4)])
    result = many_gaps(frame, focus=[FOCUS, "Asian"], comparison=COMPARISON, by=["year", "grade"])
    assert len(result) == 8
    met = [
        np.rint(result[f"percent_{side}"] * result[f"n_{side}"] / 100)
        for side in ("focus", "comparison")
    ]
    p = [
        proportions_ztest([a, b], [m, n])[1]
        for a, b, m, n in zip(*met, result["n_focus"], result["n_comparison"], strict=True)
    ]
    assert result["p"].tolist() == pytest.approx(p)
    order = np.argsort(p)
    stepped = np.minimum.accumulate((np.array(p)[order] * 8 / np.arange(1, 9))[::-1])[
        ::-1
    ]  # Benjamini & Hochberg by hand
    assert result["p_adjusted"].to_numpy()[order].tolist() == pytest.approx(np.minimum(stepped, 1))
    assert result["clear"].tolist() == (result["p_adjusted"] < 0.05).tolist()
    words = describe_many_gaps(result)
    assert f"Of 8 gaps looked at, {result['clear'].sum()} " in words and "interval" in words


def test_groups_in_which_nobody_meets_the_standard_do_not_differ():
    result = many_gaps(tidy(*both((10, 5, 0, 0), (20, 5, 0, 0))), pairs=[(78, 80)])
    assert (result["p"].tolist(), result["clear"].tolist()) == ([1.0], [False])


def test_many_gaps_wants_pairs():
    with pytest.raises(Refusal, match="pairs"):
        many_gaps(tidy(*both(LOW, HIGH)), focus=[78])
