import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportions_ztest

from see_the_system.gaps.schools import schools_for_group
from see_the_system.gaps.variation import (
    LIMITS,
    TAILS,
    arcsine_limits,
    binomial_limits,
    describe_funnel,
    describe_many_gaps,
    funnel,
    many_gaps,
    overdispersion,
)
from see_the_system.messages import Refusal
from tests.frames import row, tidy
from tests.gaps.pairs import COMPARISON, FOCUS, HIGH, LOW, both

# Thirty schools; the funnel numbers are FunnelPlotR's.
N = [
    128,
    168,
    242,
    366,
    105,
    362,
    380,
    274,
    263,
    53,
    106,
    95,
    284,
    172,
    315,
    214,
    296,
    397,
    171,
    318,
    376,
    108,
    271,
    76,
    129,
    173,
    35,
    171,
    352,
    156,
]
X = [
    55,
    73,
    132,
    194,
    48,
    207,
    210,
    115,
    55,
    27,
    40,
    34,
    74,
    61,
    126,
    121,
    114,
    181,
    62,
    77,
    142,
    43,
    117,
    42,
    63,
    68,
    17,
    84,
    161,
    54,
]


def schools(n=N, meeting=X, **more):
    return pd.DataFrame(
        {
            "school_name": [f"s{i:02d}" for i in range(1, len(n) + 1)],
            "n": n,
            "meeting": meeting,
            **more,
        }
    )


counts = st.lists(
    st.integers(11, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    min_size=3,
    max_size=20,
)


@pytest.mark.parametrize(
    "n, expected",
    [
        (100, (0.01205, 0.03646, 0.15193, 0.19199)),
        (80, (0.00307, 0.02916, 0.15877, 0.20443)),
        (120, (0.01861, 0.04218, 0.14731, 0.18293)),
    ],
)
def test_exact_binomial_limits_are_spiegelhalters(n, expected):
    assert [
        float(binomial_limits(0.0955102, n, tail)) for tail in (0.001, 0.025, 0.975, 0.999)
    ] == pytest.approx(expected, abs=5e-6)


def test_overdispersion_and_its_limits_are_the_reference():
    phi, tau2 = overdispersion(N, X)
    assert phi == pytest.approx(4.3950969) and tau2 == pytest.approx(0.0040914657)
    result = funnel(schools())
    assert (result.phi, result.tau2) == (phi, tau2)
    drawn = result.limits([100.021]).iloc[0]
    assert drawn[list(TAILS)].to_list() == pytest.approx(
        [27.556278, 58.506927, 19.77946, 67.355652], abs=1e-4
    )
    plain = [
        float(arcsine_limits(result.centre / 100, 100.021, tail, 0)) for tail in TAILS.values()
    ]
    assert plain == pytest.approx([0.33172849, 0.5243445, 0.27970389, 0.58050957], abs=1e-6)


def test_the_one_school_outside_the_limits_is_flagged():
    table = funnel(schools()).table
    assert table.loc[table["flag"] != "within", ["school_name", "flag"]].values.tolist() == [
        ["s09", "below"]
    ]
    higher = schools(meeting=[n - x for n, x in zip(N, X, strict=True)])
    assert funnel(higher).table.query("flag == 'above'")["school_name"].tolist() == ["s09"]


def test_a_schools_limits_are_the_curves_at_its_n():
    result = funnel(schools())
    assert np.allclose(result.table[LIMITS], result.limits(result.table["n"])[LIMITS])


def test_without_overdispersion_the_exact_limits_hold():
    result = funnel(schools(n=[100, 80, 120], meeting=[10, 8, 12]))
    assert result.tau2 == 0 and result.phi < 1
    assert result.table[list(TAILS)].to_numpy() == pytest.approx(
        result.table[[f"chance_{name}" for name in TAILS]].to_numpy()
    )
    assert result.table["upper_998"].iloc[0] == pytest.approx(
        100 * float(binomial_limits(0.1, 100, 0.999))
    )


@settings(max_examples=40, deadline=None)
@given(counts)
def test_limits_enclose_the_centre_and_never_leave_0_to_100(pairs):
    result = funnel(schools(*zip(*pairs, strict=True)))
    table = result.table
    assert (table[LIMITS] >= 0).all(axis=None) and (table[LIMITS] <= 100).all(axis=None)
    assert (table["lower_998"] <= table["lower_95"] + 1e-9).all() and (
        table["upper_95"] <= table["upper_998"] + 1e-9
    ).all()
    assert (table["lower_95"] <= result.centre + 1e-9).all() and (
        table["upper_95"] >= result.centre - 1e-9
    ).all()
    assert set(table["flag"]) <= {"above", "within", "below"}


@pytest.mark.parametrize("share", [0, 1])
def test_schools_where_nobody_or_everybody_meets_the_standard_are_within(share):
    same = schools(n=[20, 30, 200], meeting=[20 * share, 30 * share, 200 * share])
    assert funnel(same).table["flag"].tolist() == ["within"] * 3


def test_the_words_of_the_funnel():
    words = describe_funnel(funnel(schools(year=2024, group="English learner")))
    assert words.startswith(
        "Of 30 schools with results for English learner students in 2024, 29 lie within what "
        "chance and ordinary differences between "
        "schools would give around the pooled 42.7% meeting the standard (99.8% limits), 1 "
        "below."
    )
    assert (
        "4.4 times what chance alone would make it" in words
        and "from 35 to 397" in words
        and "s09" not in words
    )
    even = describe_funnel(funnel(schools(n=[100, 80, 120], meeting=[10, 8, 12])))
    assert (
        "all lie within what chance alone would give" in even
        and "no more than chance alone" in even
    )
    assert "would mostly be chance" in even and "would mostly be chance" not in words
    assert "those inside differ too, by more than chance" in words


def test_schools_inside_the_limits_differ_by_more_than_chance_only_where_that_is_clear():
    # three schools of 60 with 20, 31 and 25: a chi-squared test of their spread has p = 0.26
    unclear = describe_funnel(funnel(schools(n=[60, 60, 60], meeting=[20, 31, 25])))
    assert "0.9 times what chance alone would make it, which may be chance itself." in unclear
    assert "differ too" not in unclear and "inside would mostly be chance" in unclear
    clear = describe_funnel(funnel(schools(n=[60, 60, 60], meeting=[10, 48, 25])))
    assert "those inside differ too, by more than chance" in clear


def test_chance_alone_is_seldom_called_more_than_chance():
    draw = np.random.default_rng(0)
    words = []
    for _ in range(400):
        n = draw.integers(15, 150, 6)
        words.append(describe_funnel(funnel(schools(n=n, meeting=draw.binomial(n, 0.4)))))
    assert sum("differ too, by more than chance" in each for each in words) <= 20


@pytest.mark.parametrize(
    "rows, words",
    [
        ([], "No school has results for English learner students to show. "),
        (
            [row(school="0000001", group=160)],
            "Only one school has results for English learner students in 2024 to show. ",
        ),
        (
            [
                row(school=f"000000{i}", group=160, levels=None, missing="suppressed")
                for i in (1, 2)
            ],
            "No school has results for English learner students in 2024 to show; 2 "
            "schools have results hidden to protect "
            "students. ",
        ),
        (
            [row(school="0000001", group=1)],
            "No school has results for English learner students to show. ",
        ),
    ],
)
def test_too_few_schools_give_an_empty_result_and_a_sentence(rows, words):
    few = schools_for_group(tidy(*rows), group=160)
    many = schools_for_group(
        tidy(*(row(school=f"000000{i}", group=160) for i in range(1, 6))), group=160
    )
    result = funnel(few)
    assert result.table.empty and list(result.table) == list(funnel(many).table)
    assert describe_funnel(result).startswith(words)
    assert result.limits([20]).isna().loc[0, LIMITS].all()


def test_impossible_counts_are_refused():
    with pytest.raises(Refusal, match="more students"):
        funnel(schools(n=[10, 20, 30], meeting=[11, 5, 5]))


def test_hidden_schools_are_counted_apart():
    rows = [row(school=f"000000{i}", group=160) for i in (1, 2, 3)] + [
        row(school="0000004", group=160, levels=None, missing="suppressed")
    ]
    result = funnel(schools_for_group(tidy(*rows), group=160))
    assert (result.schools, result.hidden_schools) == (
        3,
        1,
    ) and "1 more school has results hidden" in describe_funnel(result)


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


def test_one_gap_is_not_spoken_of_as_many():
    unclear = tidy(*both((6, 3, 2, 1), (5, 3, 2, 2)))
    clear = both((300, 240, 140, 20), (120, 180, 220, 80), 2023)
    pairs = [("Hispanic or Latino", "White")]
    assert describe_many_gaps(many_gaps(unclear, pairs=pairs)) == (
        "The one gap looked at is not clear (at 5%). It may be a gap, but these numbers of "
        "students cannot tell it from chance."
    )
    two = describe_many_gaps(
        many_gaps(tidy(*clear, *both((6, 3, 2, 1), (5, 3, 2, 2))), pairs=pairs)
    )
    assert two.startswith("Of 2 gaps looked at, 1 is clear")
    assert two.endswith(
        "The other may be a gap too, but these numbers of students cannot tell it from chance."
    )


def test_schools_of_one_size_are_not_given_a_span():
    words = describe_funnel(funnel(schools(n=[100, 100, 100], meeting=[10, 20, 30])))
    assert "Each of the schools has 100 such students with scores." in words


def test_binomial_limits_are_those_of_scipys_binomial():
    n, centre = np.arange(1, 400), 0.31
    for tail in (0.001, 0.025, 0.975, 0.999):
        count = binom.ppf(tail, n, centre)
        below = (binom.cdf(count, n, centre) - tail) / binom.pmf(count, n, centre)
        expected = np.where((count == n) & (tail > 0.5), 1, np.clip((count - below) / n, 0, 1))
        assert binomial_limits(centre, n, tail) == pytest.approx(expected, abs=1e-9)
