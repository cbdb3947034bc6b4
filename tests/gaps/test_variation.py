import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.gaps.schools import schools_for_group
from see_the_system.gaps.variation import (
    LIMITS,
    TAILS,
    arcsine_limits,
    binomial_limits,
    describe_funnel,
    funnel,
    overdispersion,
)
from see_the_system.messages import Refusal
from tests.frames import row, tidy

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
    ) and "1 more school has results that are hidden" in describe_funnel(result)
