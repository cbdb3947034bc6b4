import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from see_the_system.gaps.hetop import describe_hetop, hetop, v_gap
from see_the_system.gaps.measures import counts
from see_the_system.messages import Refusal
from tests.frames import row, tidy

TWO = [[120, 180, 220, 80], [300, 240, 140, 20]]


def expected(mu, sigma, cuts, n):
    """Counts, not rounded, that normal scores give."""
    mu, sigma, n = (np.asarray(values, dtype=float)[:, None] for values in (mu, sigma, n))
    below = ndtr((np.asarray(cuts) - mu) / sigma)
    return n * np.diff(np.hstack([np.zeros_like(mu), below, np.ones_like(mu)]))


def test_two_groups_of_the_r_package_hetop():
    fit = hetop(TWO)  # R HETOP 0.2-6, mle_hetop(fixedcuts = c(-1, 0))
    assert fit.groups["mu"].tolist() == pytest.approx([-0.0076034, -0.8053274], abs=1e-5)
    assert fit.groups["sigma"].tolist() == pytest.approx([1.1734861, 1.093231], abs=1e-5)
    assert fit.cuts == pytest.approx((-1, 0, 1.2901034), abs=1e-5)
    assert fit.groups["star_mu"].tolist() == pytest.approx([0.35829355, -0.30710875], abs=1e-5)
    assert fit.groups["star_sigma"].tolist() == pytest.approx([0.97883525, 0.91189232], abs=1e-5)
    assert fit.icc == pytest.approx(0.11003509, abs=1e-5)


def test_the_truth_of_three_groups_is_recovered():
    mu, sigma, n = np.array([-0.5, 0.0, 0.7]), np.array([0.8, 1.0, 1.2]), np.array([200, 300, 500])
    fit = hetop(expected(mu, sigma, (-1, 0, 1.1), n))
    assert fit.groups["mu"].tolist() == pytest.approx(mu, abs=1e-5)
    assert fit.groups["sigma"].tolist() == pytest.approx(sigma, abs=1e-5)
    p = n / n.sum()
    scale = np.sqrt(p @ ((mu - p @ mu) ** 2 + sigma**2))
    assert fit.groups["star_mu"].tolist() == pytest.approx((mu - p @ mu) / scale, abs=1e-5)
    assert fit.star_cuts == pytest.approx((np.array([-1, 0, 1.1]) - p @ mu) / scale, abs=1e-5)


def test_standard_errors_agree_with_a_simulation():
    rng = np.random.default_rng(20)
    share = expected([-0.5, 0.0, 0.7], [0.8, 1.0, 1.2], (-1, 0, 1.1), [1, 1, 1])
    n = (150, 200, 250)
    fit = hetop(share * np.array(n)[:, None])
    drawn = [
        hetop([rng.multinomial(many, p) for many, p in zip(n, share, strict=True)])
        for _ in range(150)
    ]
    for name in ("star_mu", "star_sigma"):
        spread = np.std([one.groups[name] for one in drawn], axis=0)
        assert fit.groups[f"{name}_se"].tolist() == pytest.approx(spread, rel=0.15)
    assert fit.icc_se == pytest.approx(np.std([one.icc for one in drawn]), rel=0.15)


def test_the_star_scale_has_mean_0_and_variance_1_over_all_students():
    groups = hetop([*TWO, [5, 9, 12, 30], [0, 3, 4, 5]]).groups
    p = groups["n"] / groups["n"].sum()
    assert (p * groups["star_mu"]).sum() == pytest.approx(0, abs=1e-12)
    assert (p * (groups["star_mu"] ** 2 + groups["star_sigma"] ** 2)).sum() == pytest.approx(1)


def test_a_group_in_fewer_than_three_levels_takes_the_geometric_mean_of_the_spreads():
    groups = hetop([*TWO, [5, 7, 0, 0]]).groups
    assert groups["sigma"][2] == pytest.approx(np.sqrt(groups["sigma"][0] * groups["sigma"][1]))
    assert groups["mu"][2] < groups["mu"][1] and groups["mu_se"][2] > 0
    assert groups["note"].tolist() == ["", "", "spread set to the usual one of the other groups"]


def test_groups_all_in_the_top_or_bottom_level_take_the_outermost_mean_and_have_no_standard_error():
    groups = hetop([*TWO, [0, 0, 0, 12], [11, 0, 0, 0]]).groups
    assert (
        groups["mu"][2] == groups["mu"].max() == groups["mu"][0]
        and groups["mu"][3] == groups["mu"][1]
    )
    assert groups["mu_se"].isna().tolist() == [False, False, True, True]
    assert (
        groups["note"][2] == "all students in the top level: mean set to the highest of the others"
    )


def test_small_groups_can_share_the_spread_of_the_larger_ones():
    groups = hetop([*TWO, [5, 5, 5, 5]], share_spread_below=50).groups
    assert groups["sigma"][2] == pytest.approx(np.sqrt(groups["sigma"][0] * groups["sigma"][1]))
    assert hetop([*TWO, [5, 5, 5, 5]]).groups["sigma"][2] > 1.3 * groups["sigma"][2]


@pytest.mark.parametrize(
    "table",
    [
        [[1, 2, 3, 4]],
        [[1, 2], [3, 4]],
        [[1, 2, 0, 0], [4, 5, 0, 0]],
        [[0, 0, 0, 0], [1, 2, 3, 4]],
        [[1, 2, 0, 0], [0, 0, 4, 5]],
        [[1, -2, 3, 4], [1, 2, 3, 4]],
    ],
)
def test_counts_that_fix_no_scale_are_refused(table):
    with pytest.raises(Refusal):
        hetop(table)


def test_a_frame_of_counts_keeps_the_names_of_its_groups():
    frame = counts(
        tidy(
            row(school="1000001", levels=(30, 24, 14, 2)),
            row(school="1000002", levels=(12, 18, 22, 8)),
        ),
        "school_name",
    )
    assert hetop(frame.set_index("school_name")).groups.index.tolist() == [
        "School 1000001",
        "School 1000002",
    ]


def test_the_words_say_how_much_lies_between_and_name_no_group():
    fit = hetop(pd.DataFrame(TWO, index=["North", "South"]))
    words = describe_hetop(fit, what="schools")
    assert (
        "Across 2 schools with 1,300 students, 11.0% of the variation in scores lies between "
        "schools (95% interval 7.6 to 14.4)" in words
    )
    assert "-0.31 to 0.36" in words and "North" not in words


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
