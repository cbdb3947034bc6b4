import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.gaps.measures import (
    counts,
    describe_distance,
    describe_percent,
    distance_from_standard,
    percent_meeting,
)
from see_the_system.messages import Refusal
from tests.frames import row, tidy


def test_counts_add_the_levels_of_the_single_grades_and_never_grade_13():
    frame = tidy(
        row(grade=7, levels=(1, 2, 3, 4)),
        row(grade=8, levels=(10, 20, 30, 40)),
        row(grade=13, levels=(11, 22, 33, 44)),
    )
    [found] = counts(frame, ["year"]).to_dict("records")
    assert found == {
        "year": 2024,
        "n": 110,
        "n_not_met": 11,
        "n_nearly_met": 22,
        "n_met": 33,
        "n_exceeded": 44,
        "meeting": 77,
        "grades": "7, 8",
        "hidden": 0,
    }


def test_hidden_rows_are_counted_as_hidden_and_rows_where_nobody_was_tested_are_not():
    frame = tidy(
        row(grade=6),
        row(grade=7, levels=None, missing="suppressed"),
        row(grade=8, levels=None, missing="nobody tested"),
    )
    [found] = counts(frame, "year").to_dict("records")
    assert (found["n"], found["hidden"], found["grades"]) == (100, 1, "6")


def test_a_cell_of_hidden_rows_stays_in_counts_and_leaves_percent_meeting():
    frame = tidy(row(2023, levels=None, missing="suppressed"), row(2024))
    assert counts(frame, "year")["n"].tolist() == [0, 100]
    result = percent_meeting(frame, "year")
    assert result["year"].tolist() == [2024]
    assert (
        "No result is shown for 2023: results of 10 or fewer students are hidden, and so are "
        "others that would give them away." in describe_percent(result)
    )


def test_grades_are_listed_in_order_of_the_grades_not_of_the_text():
    assert counts(tidy(row(grade=11), row(grade=3), row(grade=8)), [])["grades"].tolist() == [
        "3, 8, 11"
    ]


def test_only_grade_13_is_refused():
    with pytest.raises(Refusal, match="grade 13"):
        counts(tidy(row(grade=13)), ["year"])


@pytest.mark.parametrize(
    "second, words",
    [
        (row(test=1), "several tests"),
        (row(school="1000001"), "mix districts"),
        (row(group=80), "overlap"),
        (row(), "there twice"),
    ],
)
def test_sums_that_would_count_students_twice_are_refused(second, words):
    with pytest.raises(Refusal, match=words):
        counts(tidy(row(), second), ["year"])


def test_ethnicities_do_not_overlap_and_may_be_added():
    assert counts(tidy(row(group=78), row(group=80)), ["year"])["n"].tolist() == [200]


def test_mixtures_are_kept_apart_by_the_columns_counted_by():
    frame = tidy(row(), row(test=1), row(group=80))
    assert counts(frame, ["test_id", "group_id"])["n"].tolist() == [100, 100, 100]


def test_an_unknown_column_is_named_with_the_nearest():
    with pytest.raises(Refusal, match="'school_code'"):
        counts(tidy(row()), ["school_cod"])


def test_the_wilson_interval_of_newcombe_1998():
    result = percent_meeting(
        tidy(row(levels=(100, 82, 60, 21)), row(2023, levels=(10, 10, 0, 0))), "year"
    )
    assert result["percent"].tolist() == pytest.approx([0, 100 * 81 / 263])
    assert result["low"].tolist() == pytest.approx([0, 25.53], abs=0.005)
    assert result["high"].tolist() == pytest.approx([16.11, 36.62], abs=0.005)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 50)] * 4).filter(any), min_size=1, max_size=12))
def test_percent_lies_in_its_interval_and_within_0_to_100(many):
    result = percent_meeting(
        tidy(*[row(2000 + i, levels=levels) for i, levels in enumerate(many)]), "year"
    )
    assert (
        result["percent"]
        == [100 * (met + exceeded) / sum(rest, met + exceeded) for *rest, met, exceeded in many]
    ).all()
    assert (result["low"] >= 0).all() and (result["low"] <= result["percent"] + 1e-9).all()
    assert (result["high"] <= 100).all() and (result["high"] >= result["percent"] - 1e-9).all()


def test_distance_from_standard_subtracts_each_grades_own_cut_before_it_averages():
    frame = tidy(
        row(grade=7, levels=(1, 2, 3, 4), mean=2500.0),
        row(grade=8, levels=(10, 20, 30, 40), mean=2600.0),
        row(grade=13),
    )
    [found] = distance_from_standard(frame, "year").to_dict("records")
    assert found["dfs"] == pytest.approx((10 * (2500 - 2567) + 100 * (2600 - 2586)) / 110)
    assert (found["n"], found["grades"], found["hidden"]) == (110, "7, 8", 0)


def test_distance_uses_the_cut_of_the_test():
    assert distance_from_standard(tidy(row(test=1, grade=3, mean=2432.0)), [])["dfs"].tolist() == [
        0
    ]


def test_distance_of_a_test_without_a_known_standard_is_refused():
    with pytest.raises(Refusal, match="CAST in grade 8"):
        distance_from_standard(tidy(row(test=17, mean=400.0)), [])


def test_a_row_without_a_mean_does_not_weigh_in_the_distance():
    frame = tidy(row(grade=7, mean=2577.0), row(grade=8, levels=None, missing="suppressed"))
    result = distance_from_standard(frame, "year")
    assert result[["n", "dfs", "grades", "hidden"]].to_dict("records") == [
        {"n": 100, "dfs": 10.0, "grades": "7", "hidden": 1}
    ]
    assert describe_distance(result, who="White") == (
        "In 2024, 100 students (White) in grade 7 scored on average 10.0 points above the "
        "mathematics standard of their grade. "
        "Not counted: 1 more row of results, because results of 10 or fewer students are "
        "hidden, and so are others that would give them away."
    )


def test_no_rows_give_an_empty_frame_with_the_columns_and_words_that_say_so():
    result = percent_meeting(tidy(), ["year"])
    assert (
        len(result) == 0
        and list(result)[:2] == ["year", "n"]
        and list(result)[-3:] == ["percent", "low", "high"]
    )
    assert (
        describe_percent(result) == "No result is shown: no row of these students is in the files."
    )
    assert list(distance_from_standard(tidy(), ["year"])) == [
        "year",
        "n",
        "dfs",
        "grades",
        "hidden",
    ]


def test_everything_suppressed_says_which_rule_hid_it():
    result = percent_meeting(tidy(row(levels=None, missing="suppressed")), ["year"])
    assert (
        result.empty
        and "for 2024: results of 10 or fewer students are hidden" in describe_percent(result)
    )


def test_words_name_the_cell_the_students_and_the_interval():
    result = percent_meeting(
        tidy(row(levels=(100, 82, 60, 21), school="1000001")), ["year", "school_name", "grade"]
    )
    assert describe_percent(result) == (
        "In 2024, School 1000001, grade 8, 30.8% of 263 students met or exceeded the "
        "mathematics standard "
        "(95% interval 25.5 to 36.6)."
    )
    assert describe_percent(result.iloc[0]).startswith("In 2024, School 1000001, grade 8, 30.8%")
