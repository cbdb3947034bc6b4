import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from see_the_system.gaps.schools import schools_for_group
from see_the_system.gaps.variation import (
    LIMITS,
    TAILS,
    arcsine_limits,
    binomial_limits,
    describe_funnel,
    describe_shrinkage,
    funnel,
    overdispersion,
    shrink,
)
from see_the_system.messages import Refusal
from tests.frames import row, tidy

# Thirty schools; the funnel numbers are FunnelPlotR's, the shrunken ones R metafor's.
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
    assert shrink(same).table["shrunken"].to_list() == pytest.approx([100 * share] * 3)


def test_the_words_of_the_funnel():
    words = describe_funnel(funnel(schools(year=2024, group="English learner")))
    assert words.startswith(
        "Of 30 schools with results for English learner students in 2024, 29 lie within what "
        "chance and ordinary differences between "
        "schools would give around the pooled 42.7% meeting the standard (99.8% limits), 0 "
        "above and 1 below."
    )
    assert (
        "4.4 times what chance alone would make it" in words
        and "from 35 to 397" in words
        and "s09" not in words
    )
    even = describe_funnel(funnel(schools(n=[100, 80, 120], meeting=[10, 8, 12])))
    assert (
        "3 lie within what chance alone would give" in even and "no more than chance alone" in even
    )


def test_shrinkage_is_metafors():
    result = shrink(schools())
    assert result.tau2 == pytest.approx(0.00923684, abs=5e-9) and result.mean == pytest.approx(
        42.6541, abs=5e-5
    )
    assert result.table["shrunken"].head(3).to_list() == pytest.approx(
        [42.91481, 43.34368, 53.37251], abs=5e-5
    )


@settings(max_examples=40, deadline=None)
@given(counts)
def test_tau2_and_mean_are_statsmodels_own(pairs):
    n, meeting = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    pooled = np.clip(meeting.sum() / n.sum(), 0.5 / n.sum(), 1 - 0.5 / n.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        other = combine_effects(meeting / n, pooled * (1 - pooled) / n, method_re="chi2")
    result = shrink(schools(n, meeting))
    assert result.tau2 == pytest.approx(max(other.tau2, 0), abs=1e-12)
    assert result.mean == pytest.approx(
        100 * (other.mean_effect_re if other.tau2 > 0 else other.mean_effect_fe)
    )
    between = np.sort([result.table["percent"], [result.mean] * len(n)], axis=0)
    assert (
        (between[0] - 1e-9 <= result.table["shrunken"])
        & (result.table["shrunken"] <= between[1] + 1e-9)
    ).all()
    assert (
        (result.table["lower"] <= result.table["shrunken"] + 1e-9)
        & (result.table["shrunken"] <= result.table["upper"] + 1e-9)
    ).all()


def test_shrinkage_by_hand():
    # Pooled .4, so s2 = .24 / 100 = .0024; Q = 2 * .04 / .0024 = 33.33; tau2 = (Q - 2) / (2 /
    # .0024) = .0376; B = .0376 / .04 = .94.
    table = shrink(schools(n=[100, 100, 100], meeting=[20, 40, 60])).table
    assert table["B"].to_list() == pytest.approx([0.94] * 3) and table[
        "shrunken"
    ].to_list() == pytest.approx([21.2, 40, 58.8])


def test_a_small_school_is_drawn_further():
    table = shrink(schools(n=[20, 400, 150, 150], meeting=[12, 240, 45, 60])).table
    assert table["percent"].iloc[0] == table["percent"].iloc[1] == 60
    assert (
        table["shrunken"].iloc[0] < table["shrunken"].iloc[1]
        and table["B"].iloc[0] < table["B"].iloc[1]
    )


@pytest.mark.parametrize("sd", [0.03, 0.1])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(sd):
    draws, held = np.random.default_rng(11), []
    for _ in range(120):
        n = draws.integers(15, 150, 12)
        true = np.clip(0.35 + draws.normal(0, sd, 12), 0.02, 0.98)
        table = shrink(schools(n=n, meeting=draws.binomial(n, true))).table
        held.append((table["lower"] <= 100 * true) & (100 * true <= table["upper"]))
    assert 0.92 < np.mean(held) < 0.995


def test_the_words_of_shrinkage():
    words = describe_shrinkage(shrink(schools(year=2024, group="White")))
    assert words.startswith(
        "30 schools have results for White students in 2024. The share meeting the standard "
        "in a typical school is 42.7%"
    )
    assert "between 20.9% and 57.2%" in words and "about 9.6 points" in words


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
            "No school has results for English learner students in 2024 to show; 2 more "
            "schools have results that are hidden to protect "
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
    for compare, describe in ((funnel, describe_funnel), (shrink, describe_shrinkage)):
        result = compare(few)
        assert result.table.empty and list(result.table) == list(compare(many).table)
        assert describe(result).startswith(words)
    assert funnel(few).limits([20]).isna().loc[0, LIMITS].all()


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
    ) and "1 more school has results that are hidden" in describe_funnel(result)
