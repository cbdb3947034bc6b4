import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from see_the_system.charts.pareto import describe_pareto, pareto, plot_pareto
from see_the_system.messages import Refusal
from tests.charts.drawn_charts import text_of

UNEVEN = {
    "placement": 41,
    "late results": 30,
    "support in core": 9,
    "no bridge": 6,
    "new teachers": 5,
    "pacing": 4,
    "tasks": 3,
    "letters": 2,
}
FLAT = {"placement": 27, "late results": 25, "support in core": 24, "no bridge": 24}


def test_largest_first_with_the_share_they_hold_together():
    table = pareto({"late results": 30, "placement": 50, "pacing": 20})
    assert table.to_dict("list") == {
        "name": ["placement", "late results", "pacing"],
        "count": [50, 30, 20],
        "percent": [50.0, 30.0, 20.0],
        "cumulative": [50.0, 80.0, 100.0],
    }


def test_the_rest_stand_last_as_other_however_many_they_are():
    table = pareto(UNEVEN, most=3)
    assert list(zip(table["name"], table["count"], strict=False)) == [
        ("placement", 41),
        ("late results", 30),
        ("support in core", 9),
        ("other", 20),
    ]
    assert (table.attrs["names"], table.attrs["others"]) == (8, 5)


def test_an_other_that_was_counted_takes_in_the_rest_and_stands_last():
    table = pareto(UNEVEN | {"Other": 60}, most=2)
    assert (table["name"].tolist(), table["count"].tolist()) == (
        ["placement", "late results", "other"],
        [41, 30, 89],
    )
    assert '"Other" is as large as any name (89)' in describe_pareto(table)


def test_one_name_too_many_is_shown_by_its_name():
    assert "other" not in set(pareto(UNEVEN, most=7)["name"])
    assert pareto(UNEVEN, most=6)["name"].iloc[-1] == "other"


def test_a_series_is_taken_and_equal_counts_keep_their_order():
    assert pareto(pd.Series([2, 3, 2, 3], ["a", "b", "c", "d"]))["name"].tolist() == [
        "b",
        "d",
        "a",
        "c",
    ]


def test_the_test_of_evenness_is_pearsons_where_each_name_has_enough():
    assert pareto(FLAT).attrs["even"] == pytest.approx(chisquare(list(FLAT.values())).pvalue)
    assert pareto(UNEVEN).attrs["even"] < 1e-12


def test_with_few_counts_the_p_is_the_exact_one():
    # Six counts over two names are all on one: 2 of 64 ways; Pearson's approximation says 0.014.
    assert pareto({"a": 6, "b": 0}).attrs["even"] == pytest.approx(2 / 64, abs=0.006)
    assert pareto({"a": 6, "b": 0}).attrs["even"] == pareto({"a": 6, "b": 0}).attrs["even"]


def test_few_names_that_hold_most_are_said():
    words = describe_pareto(pareto(UNEVEN))
    assert words.startswith(
        "100 were counted under 8 names. The largest is placement: 41, 41 percent. Next is "
        "late results with 30"
    )
    assert "The counts are uneven: 3 of the 8 names hold 80 percent of all." in words
    assert words.endswith(
        "Counts say how often a thing was named, not how much it matters or what it causes."
    )


def test_nothing_is_claimed_where_the_counts_are_about_even():
    words = describe_pareto(pareto(FLAT))
    assert (
        "differ no more than chance would make them (chi-squared test, p = 0.97), so no few "
        "of them stand out." in words
    )
    assert (
        "uneven" not in words
        and "larger could be chance" not in words
        and "count more" not in words
    )
    assert "With 7 counted that does not show that they are even: count more." in describe_pareto(
        pareto({"a": 3, "b": 2, "c": 2})
    )


def test_uneven_counts_without_a_vital_few_are_called_that():
    words = describe_pareto(pareto({"a": 50, "b": 48, "c": 45, "d": 20, "e": 30}))
    assert "uneven, yet no few hold most: 4 of the 5 names hold 90 percent" in words
    long = describe_pareto(pareto({"a": 40, **{f"b{n}": 8 for n in range(20)}}, most=4))
    assert "the 4 names shown hold 32 percent together: many small ones remain" in long


@pytest.mark.parametrize(
    "counts, words",
    [
        ({"a": 3.5, "b": 2}, 'The count of "a" is 3.5; .* not an average or a percent'),
        ({"a": -1, "b": 2}, 'The count of "a" is -1'),
        ({"a": float("nan"), "b": 2}, "nan"),
        ({"a": "three", "b": 2}, "'three'"),
        ({"a": True, "b": 2}, "True"),
        ({"a": None, "b": 2}, "None"),
        ({"a": 3}, "compares names, and 1 was given"),
        ({"a": 3, "other": 4}, "compares names, and 1 was given"),
        ({}, "and none was given"),
        ({"a": 0, "b": 0}, "Nothing was counted"),
        ([3, 4], "a count for each name"),
    ],
)
def test_what_cannot_be_counted_is_one_sentence(counts, words):
    with pytest.raises(Refusal, match=words):
        pareto(counts)


@pytest.mark.parametrize("most", [0, -1, 2.5, True])
def test_at_least_one_name_is_shown(most):
    with pytest.raises(Refusal, match="at least one name"):
        pareto(FLAT, most=most)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=2, max_size=15).filter(any), st.integers(1, 10))
def test_nothing_is_lost_and_the_order_holds(sizes, most):
    table = pareto({f"name {n}": size for n, size in enumerate(sizes)}, most=most)
    held = table[table["name"] != "other"]["count"]
    assert table["count"].sum() == sum(sizes) and table["cumulative"].iloc[-1] == 100
    assert held.is_monotonic_decreasing and len(held) <= most + 1 and 0 <= table.attrs["even"] <= 1
    assert describe_pareto(table).count("other") <= 1


def test_a_pareto_chart_writes_counts_and_shares_on_one_scale():
    table = pareto({"placement": 12, "late results": 7, "bus": 1})
    ax = plot_pareto(table, name="What was named")
    text = text_of(ax)
    for part in (
        "What was named",
        "placement",
        "12",
        "60%",
        "late results",
        "95%",
        "100%",
        "20 counted",
    ):
        assert part in text
    (line,) = [line for line in ax.lines if line.get_marker() == "s"]
    assert line.get_xdata() / line.get_xdata()[-1] == pytest.approx([0.6, 0.95, 1.0])


def test_what_was_counted_as_other_is_not_counted_under_the_names():
    words = describe_pareto(pareto({"absence": 23, "bus": 11, "homework": 6, "other": 21}))
    assert '61 were counted under 3 names and "other".' in words
    assert 'percent together: the rest is "other".' in words and "small ones" not in words
    one = describe_pareto(pareto({"placement": 44, "late results": 1}))
    assert "1 of the 2 names holds 98 percent of all." in one and "other" not in one


def test_names_that_were_counted_alike_are_largest_together():
    words = describe_pareto(pareto({"absence": 13, "bus": 13, "homework": 3, "tutoring": 2}))
    assert "The largest are absence and bus, alike: 13, 42 percent each." in words
    assert "Next is" not in words


def test_one_thing_counted_is_said_in_the_singular():
    assert describe_pareto(pareto({"bus": 1, "homework": 0})).startswith("1 was counted under")
