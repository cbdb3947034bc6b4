import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from see_the_system.gaps.paired import _Probit, v_gap, v_of_tables
from see_the_system.gaps.two_groups import gap_in_points
from see_the_system.messages import Refusal
from tests.frames import row, tidy
from tests.gaps.pairs import FOCUS, HIGH, LOW, PAIR, both

TWO = [[120, 180, 220, 80], [300, 240, 140, 20]]


def test_a_grade_hidden_for_one_group_enters_for_neither():
    frame = tidy(
        *both((40, 30, 20, 10), (20, 20, 30, 30), grade=7),
        row(group=80, grade=8, levels=(0, 0, 50, 50)),
        row(group=78, grade=8, levels=None, missing="suppressed"),
    )
    [found] = gap_in_points(frame, **PAIR).to_dict("records")
    assert (found["gap"], found["grades"], found["n_comparison"]) == (pytest.approx(30), "7", 100)


def test_a_grade_is_matched_within_its_own_year_where_years_are_pooled():
    frame = tidy(*both(LOW, HIGH, 2023), row(2024, group=80, levels=(0, 0, 0, 500)))
    assert gap_in_points(frame, **PAIR, by=())["n_comparison"].tolist() == [600]


def test_groups_are_given_by_name_or_code_and_must_differ():
    frame = tidy(*both(LOW, HIGH))
    assert gap_in_points(frame, focus=78, comparison="80").equals(gap_in_points(frame, **PAIR))
    with pytest.raises(Refusal, match="two different student groups"):
        gap_in_points(frame, focus=78, comparison=FOCUS)
    with pytest.raises(Refusal, match="Hispanic or Latino"):
        gap_in_points(frame, focus="Hispanics", comparison=80)
    with pytest.raises(Refusal, match="leave group out"):
        gap_in_points(frame, **PAIR, by=("year", "group_id"))


@pytest.mark.parametrize(
    "extra, words",
    [({"test": 1, "grade": 5}, "several tests"), ({"level": "state", "grade": 5}, "mix districts")],
)
def test_a_gap_over_mixed_tests_or_levels_is_refused(extra, words):
    with pytest.raises(Refusal, match=words):
        gap_in_points(tidy(*both(LOW, HIGH), *both(LOW, HIGH, **extra)), **PAIR)


def expected(mu, sigma, cuts, n):
    """Counts, not rounded, that normal scores give."""
    mu, sigma, n = (np.asarray(values, dtype=float)[:, None] for values in (mu, sigma, n))
    below = ndtr((np.asarray(cuts) - mu) / sigma)
    return n * np.diff(np.hstack([np.zeros_like(mu), below, np.ones_like(mu)]))


def test_v_of_the_reference_counts():
    v, _ = v_gap(TWO[1], TWO[0])
    assert v == pytest.approx(0.70341771, abs=1e-5)


def test_the_standard_error_of_v_agrees_with_a_bootstrap():
    rng = np.random.default_rng(7)
    v, se = v_gap(TWO[1], TWO[0])
    shares = [np.array(side) / sum(side) for side in TWO]
    drawn = [
        v_gap(rng.multinomial(700, shares[1]), rng.multinomial(600, shares[0]))[0]
        for _ in range(150)
    ]
    assert se == pytest.approx(np.std(drawn), rel=0.12)
    assert np.mean(drawn) == pytest.approx(v, abs=0.015)


@settings(max_examples=30, deadline=None)
@given(
    st.floats(-1.2, 1.2),
    st.floats(0.6, 1.6),
    st.floats(-1.0, 0.2),
    st.floats(0.3, 0.9),
    st.floats(0.3, 0.9),
)
def test_v_does_not_depend_on_where_the_cuts_lie(mu, sigma, first, step, next_step):
    cuts = np.cumsum([first, step, next_step])
    focus, comparison = expected([mu, 0], [sigma, 1], cuts, [1000, 1000])
    v, _ = v_gap(focus, comparison)
    assert v == pytest.approx(-mu / np.sqrt((1 + sigma**2) / 2), abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(3, 60), min_size=4, max_size=4),
    st.lists(st.integers(3, 60), min_size=4, max_size=4),
)
def test_v_changes_sign_when_the_groups_or_the_levels_are_turned_round(one, other):
    v, se = v_gap(one, other)
    assert v_gap(other, one) == pytest.approx((-v, se), abs=1e-5)
    assert v_gap(one[::-1], other[::-1]) == pytest.approx((-v, se), abs=1e-5)


def test_a_level_empty_in_both_groups_is_no_obstacle():
    v, se = v_gap([30, 24, 16, 0], [12, 18, 30, 0])
    assert (
        v == pytest.approx(v_gap([30, 24, 0, 16], [12, 18, 0, 30])[0], abs=1e-6)
        and 0.3 < v < 0.8
        and 0.1 < se < 0.3
    )


@pytest.mark.parametrize("few", [[0, 0, 4, 5], [12, 0, 0, 0]])
def test_a_group_in_fewer_than_three_levels_has_no_v(few):
    for pair in ((few, TWO[0]), (TWO[0], few)):
        with pytest.raises(Refusal, match="fewer than three filled levels"):
            v_gap(*pair)


def test_many_v_at_once_are_those_of_a_search_for_each():
    rng = np.random.default_rng(11)
    tables = []
    for number in range(600):
        shares = rng.dirichlet([2.0] * 4)
        other = np.clip(shares + rng.normal(0, 0.08, 4), 0.01, 1)
        sizes = rng.integers(20, 60 if number % 3 else 3000, 2)
        pair = [shares, other / other.sum()]
        tables.append([rng.multinomial(n, each) for n, each in zip(sizes, pair, strict=True)])
    tables = np.array(tables, dtype=float)
    tables = tables[(tables > 0).all(axis=(1, 2))]
    v, _ = v_of_tables(tables)
    assert len(v) > 400 and not np.isnan(v).any()
    for table, found in zip(tables, v, strict=True):
        mu, log_sigma = np.split(_Probit(table[None]).search()[:4], 2)
        alone = (mu[1] - mu[0]) / np.sqrt(np.exp(2 * log_sigma).mean())
        assert found == pytest.approx(alone, abs=1e-7)


def test_what_scoring_cannot_find_a_search_finds():
    """Levels that no two normal curves give: scoring goes on and on."""
    table = np.array([[480, 0, 745, 579], [49, 339, 204, 3]], dtype=float)
    v, se = v_of_tables(np.array([table, np.array([LOW, HIGH], dtype=float)]))
    assert v[0] == pytest.approx(-0.72636, abs=1e-5) and se[0] == pytest.approx(0.04395, abs=1e-5)
    assert v[1] == pytest.approx(v_gap(LOW, HIGH)[0], abs=1e-9)
