import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from see_the_system.gaps.decomposition import (
    between_within_schools,
    describe_between_within,
    kitagawa,
)
from see_the_system.messages import Refusal
from tests.frames import row, tidy

HISPANIC, WHITE = 78, 80
# Das Gupta (1993), example 5.1: household headship of the United States by age, 1970 and 1985.
AGES = {
    1970: (
        [12.9, 10.9, 9.5, 8.0, 7.8, 8.4, 8.6, 7.8, 7.0, 5.9, 4.7, 3.6, 4.9],
        [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8],
    ),
    1985: (
        [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6.0, 6.3, 5.9, 5.1, 4.0, 5.5],
        [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56.0, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2],
    ),
}
# Three schools, in tens of students so that every count is whole: gap .240725 = .04808 between +
# .192645 within.
N_A, P_A = (3000, 2000, 1000), (0.62, 0.55, 0.48)
N_B, P_B = (600, 1400, 2600), (0.41, 0.36, 0.30)


def cell(n, p, **where):
    meeting = round(n * p)
    return row(levels=(n - meeting, 0, meeting, 0), **where)


def three_schools():
    rows = [
        cell(n, p, school=f"000000{i}", group=group)
        for group, ns, ps in ((WHITE, N_A, P_A), (HISPANIC, N_B, P_B))
        for i, (n, p) in enumerate(zip(ns, ps, strict=True), 1)
    ]
    return [
        *rows,
        row(group=WHITE, levels=(6000 - 3440, 0, 3440, 0)),
        row(group=HISPANIC, levels=(4600 - 1530, 0, 1530, 0)),
    ]


strata = st.integers(1, 6).flatmap(
    lambda k: st.tuples(
        *(
            [
                st.lists(st.floats(0.01, 1e4), min_size=k, max_size=k),
                st.lists(st.floats(0, 1), min_size=k, max_size=k),
            ]
            * 2
        )
    )
)


def test_kitagawa_reproduces_das_guptas_headship_example():
    parts = kitagawa(*AGES[1970], *AGES[1985])
    assert parts.composition == pytest.approx(1.2269, abs=5e-5) and parts.rate == pytest.approx(
        1.7403, abs=5e-5
    )
    assert parts.total == pytest.approx(47.6940 - 44.7268, abs=5e-5)
    assert 100 * parts.composition / parts.total == pytest.approx(41.35, abs=0.005)


@given(strata)
def test_the_parts_add_up_to_the_difference_for_any_weights_and_rates(sides):
    w_a, r_a, w_b, r_b = sides
    parts = kitagawa(w_a, r_a, w_b, r_b)
    assert parts.total == pytest.approx(
        np.average(r_b, weights=w_b) - np.average(r_a, weights=w_a), abs=1e-9
    )
    back = kitagawa(w_b, r_b, w_a, r_a)
    assert (back.composition, back.rate) == pytest.approx(
        (-parts.composition, -parts.rate), abs=1e-9
    )


def test_a_stratum_that_one_side_lacks_is_all_composition():
    parts = kitagawa([1, 1, 0], [0.2, 0.4, np.nan], [1, 1, 2], [0.2, 0.4, 0.8])
    assert parts.rate == 0 and parts.composition == pytest.approx(0.25)


@pytest.mark.parametrize(
    "sides",
    [
        ([1, 1], [0.2, np.nan], [1, 1], [0.2, 0.4]),
        ([1, -1], [0.2, 0.1], [1, 1], [0.2, 0.4]),
        ([0, 0], [0.2, 0.1], [1, 1], [0.2, 0.4]),
        ([1, 1], [0.2, 0.1], [1, 1, 1], [0.2, 0.4, 0.1]),
    ],
)
def test_kitagawa_refuses_what_it_cannot_split(sides):
    with pytest.raises(Refusal):
        kitagawa(*sides)


def test_a_gap_splits_between_and_within_schools():
    result = between_within_schools(tidy(*three_schools()), focus=HISPANIC, comparison=WHITE)
    assert (result.gap, result.between, result.within) == pytest.approx(
        (24.0725, 4.808, 19.2645), abs=1e-3
    )
    assert (result.schools, result.schools_left_out, result.n_focus, result.n_comparison) == (
        3,
        0,
        4600,
        6000,
    )
    assert (result.coverage_focus, result.coverage_comparison) == (
        100,
        100,
    ) and result.district_gap == pytest.approx(result.gap)
    assert result.table[["between", "within"]].sum().to_list() == pytest.approx(
        [result.between, result.within]
    )
    turned = between_within_schools(tidy(*three_schools()), focus=WHITE, comparison=HISPANIC)
    assert (turned.between, turned.within) == pytest.approx((-result.between, -result.within))


def test_a_school_that_hides_one_group_is_left_out_and_coverage_says_so():
    rows = [
        one
        for one in three_schools()
        if not (one["school_code"] == "0000001" and one["group_id"] == HISPANIC)
    ]
    rows.append(row(school="0000001", group=HISPANIC, levels=None, missing="suppressed"))
    result = between_within_schools(tidy(*rows), focus=HISPANIC, comparison=WHITE)
    expected = kitagawa(N_B[1:], P_B[1:], N_A[1:], P_A[1:])
    assert (result.between, result.within) == pytest.approx(
        (100 * expected.composition, 100 * expected.rate)
    )
    assert (result.schools, result.schools_left_out) == (2, 1)
    assert (result.coverage_focus, result.coverage_comparison) == pytest.approx(
        (100 * 4000 / 4600, 50)
    )
    assert result.district_gap == pytest.approx(24.0725, abs=1e-3)
    words = describe_between_within(result)
    assert (
        "1 more school is left out" in words
        and "87% of the district's Hispanic or Latino students and 50% of its White students"
        in words
    )


def test_a_grade_shown_for_one_group_alone_does_not_enter_the_schools_percent():
    extra = [
        cell(500, 0.9, school="0000001", group=WHITE, grade=7),
        row(school="0000001", group=HISPANIC, grade=7, levels=None, missing="suppressed"),
    ]
    with_it = between_within_schools(
        tidy(*three_schools(), *extra), focus=HISPANIC, comparison=WHITE
    )
    assert with_it.gap == pytest.approx(24.0725, abs=1e-3) and with_it.n_comparison == 6000


def test_other_rows_of_the_file_do_not_count():
    charter = [
        cell(900, p, school="0000009", group=group) | {"type_id": 9}
        for group, p in ((WHITE, 0.9), (HISPANIC, 0.1))
    ]
    all_grades = [
        cell(900, p, school="0000001", group=group, grade=13)
        for group, p in ((WHITE, 0.9), (HISPANIC, 0.1))
    ]
    last_year = [
        cell(900, p, school="0000001", group=group, year=2023)
        for group, p in ((WHITE, 0.9), (HISPANIC, 0.1))
    ]
    result = between_within_schools(
        tidy(*three_schools(), *charter, *all_grades, *last_year), focus=HISPANIC, comparison=WHITE
    )
    assert result.gap == pytest.approx(24.0725, abs=1e-3) and result.year == "2024"


def test_intervals_are_as_wide_as_redrawn_students_spread():
    n = {
        "focus": 4 * np.array([40, 25, 15, 60, 30]),
        "comparison": 4 * np.array([20, 45, 70, 15, 35]),
    }
    p = {
        "focus": np.array([0.2, 0.3, 0.4, 0.15, 0.2]),
        "comparison": np.array([0.5, 0.4, 0.6, 0.4, 0.8]),
    }
    frame = tidy(
        *(
            cell(n[side][i], p[side][i], school=f"000000{i + 1}", group=group)
            for side, group in (("focus", HISPANIC), ("comparison", WHITE))
            for i in range(5)
        )
    )
    result = between_within_schools(frame, focus=HISPANIC, comparison=WHITE)
    draws = np.random.default_rng(7)
    parts = []
    for _ in range(1500):
        now = {side: draws.multinomial(n[side].sum(), n[side] / n[side].sum()) for side in n}
        rate = {side: draws.binomial(now[side], p[side]) / np.maximum(now[side], 1) for side in n}
        parts.append(kitagawa(now["focus"], rate["focus"], now["comparison"], rate["comparison"]))
    for part, name in (("composition", "between"), ("rate", "within"), ("total", "gap")):
        low, high = getattr(result, f"{name}_interval")
        assert (high - low) / (2 * 1.96) == pytest.approx(
            100 * np.std([getattr(one, part) for one in parts]), rel=0.05
        ), name


def test_too_few_schools_give_a_sentence_and_no_numbers():
    one = [part for part in three_schools() if part["school_code"] in ("0000001", "0000000")]
    hidden = [
        row(school=f"000000{i}", group=group, levels=None, missing="suppressed")
        for i in (1, 2)
        for group in (HISPANIC, WHITE)
    ]
    full = between_within_schools(tidy(*three_schools()), focus=HISPANIC, comparison=WHITE)
    for rows, words in (
        (one, "only one school shows"),
        (hidden, "no school shows"),
        ([], "no school shows"),
        ([part for part in three_schools() if part["group_id"] == WHITE], "no school shows"),
    ):
        result = between_within_schools(tidy(*rows), focus=HISPANIC, comparison=WHITE)
        assert np.isnan([result.gap, result.between, result.within, *result.gap_interval]).all()
        assert result.table.empty and list(result.table) == list(full.table)
        assert words in describe_between_within(result)
    assert (
        between_within_schools(tidy(*hidden), focus=HISPANIC, comparison=WHITE).schools_left_out
        == 2
    )


def test_the_words_say_the_numbers_and_claim_no_cause():
    words = describe_between_within(
        between_within_schools(tidy(*three_schools()), focus=HISPANIC, comparison=WHITE)
    )
    assert words.startswith(
        "In 2024, 3 schools show results for both Hispanic or Latino students (4,600 "
        "students counted)"
    )
    assert (
        "24.1 points (95% interval 22.2 to 25.9)" in words
        and "4.8 points" in words
        and "19.3 points" in words
    )
    assert words.endswith("This says where the gap sits, not why.") and "opposite" not in words
    swapped = [
        cell(n, p, school=f"000000{i}", group=group)
        for group, ns, ps in ((WHITE, (900, 300), (0.2, 0.5)), (HISPANIC, (300, 900), (0.1, 0.4)))
        for i, (n, p) in enumerate(zip(ns, ps, strict=True), 1)
    ]
    assert "opposite signs" in describe_between_within(
        between_within_schools(tidy(*swapped), focus=HISPANIC, comparison=WHITE)
    )


def test_a_group_cannot_be_compared_with_itself():
    with pytest.raises(Refusal, match="two different"):
        between_within_schools(tidy(*three_schools()), focus=WHITE, comparison="White")


def test_no_part_is_known_without_error_or_beyond_what_is_possible():
    def split(focus, comparison):
        rows = [
            cell(20, p, school=f"000000{i}", group=group)
            for group, rates in ((HISPANIC, focus), (WHITE, comparison))
            for i, p in enumerate(rates, 1)
        ]
        return between_within_schools(tidy(*rows), focus=HISPANIC, comparison=WHITE)

    none = split((0, 0), (0, 0))
    for low, high in (none.gap_interval, none.between_interval, none.within_interval):
        assert low < 0 < high
    words = describe_between_within(none)
    assert "(95% interval 0.0 to 0.0)" not in words
    assert (
        "The intervals of the gap, the part between and the part within include zero: these "
        "numbers alone do not tell them from none." in words
    )
    all_of_it = split((0, 0), (1, 1))
    assert all_of_it.gap == 100 and all_of_it.gap_interval[1] == 100
    assert "students are the higher ones" in describe_between_within(split((1, 1), (0, 0)))


@pytest.mark.parametrize("seed", range(20))
def test_the_parts_that_are_said_add_up_to_the_gap_that_is_said(seed):
    draw = np.random.default_rng(seed)
    rows = [
        cell(int(draw.integers(20, 90)), rate, school=f"000000{i}", group=group)
        for group, mean in ((WHITE, 0.6), (HISPANIC, 0.4))
        for i, rate in enumerate(draw.normal(mean, 0.08, 4), 1)
    ]
    result = between_within_schools(tidy(*rows), focus=HISPANIC, comparison=WHITE)
    gap, between, within = (
        round(part, result.digits) for part in (result.gap, result.between, result.within)
    )
    assert between + within == pytest.approx(gap, abs=0.011 if result.digits == 2 else 1e-9)
    assert f"is {gap:.{result.digits}f} points" in describe_between_within(result)
