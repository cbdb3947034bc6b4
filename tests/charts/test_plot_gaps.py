from see_the_system.charts.gaps_over_time import by_group, chart_of_gaps, gap_run_chart
from see_the_system.charts.plot_gaps import plot_by_group, plot_gap_run_chart
from tests.charts.drawn_charts import COMPARISON, FOCUS, gaps, text_of


def test_a_hidden_gap_is_a_marked_break_without_numbers():
    table = gap_run_chart(gaps(), focus=FOCUS, comparison=COMPARISON)
    text = text_of(plot_gap_run_chart(table))
    assert (
        "hidden: too few students" in text
        and "no gap" in text
        and "White minus Hispanic or Latino" in text
    )
    for gap in table["gap"].iloc[[0, -1]]:
        assert f"{gap:.1f}".replace("-", "−") in text
    assert f"median {table['gap'].median():.1f}" in text_of(
        plot_gap_run_chart(table, chart=chart_of_gaps(table))
    )


def test_groups_share_one_scale_and_an_absent_one_says_why():
    groups = by_group(gaps(), better="higher")
    axes = plot_by_group(groups, groups=(*groups, "Asian"))
    text = text_of(axes[0])
    assert (
        len(axes) == len(groups) + 1
        and len({ax.get_ylim() for ax in axes}) == len({ax.get_xlim() for ax in axes}) == 1
    )
    assert "Asian" in text and "hidden: too few students" in text and "Hatched: hidden" in text
    for name, chart in groups.items():
        assert (
            f"last {chart.frame['value'].iloc[-1]:.1f}".removesuffix(".0") in text and name in text
        )
