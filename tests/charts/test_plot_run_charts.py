import re
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from see_the_system.charts.many_predictions import calibration

from see_the_system.charts.chart_drawing import MARKS, signal_points
from see_the_system.charts.chart_words import describe_run_chart
from see_the_system.charts.gaps_over_time import by_group, chart_of_gaps, gap_run_chart
from see_the_system.charts.panels import SMALL, apart, value_range
from see_the_system.charts.pareto import pareto
from see_the_system.charts.plot_bars import plot_calibration, plot_pareto
from see_the_system.charts.plot_gaps import plot_by_group, plot_gap_run_chart
from see_the_system.charts.plot_run_charts import plot_rules_side_by_side, plot_run_chart
from see_the_system.charts.run_charts import compare_rules, run_chart
from see_the_system.pictures import lettering
from see_the_system.pictures.figures import svg
from tests.browser import browser_page
from tests.diagrams.graphs import HARD
from tests.diagrams.layout import browser_layout

LONG = (
    "Übergangsbegleitungsdokumentationsverantwortlichkeitszuständigkeitsregelungen für die "
    "Förderkurse, añadiendo notas después"
)
FOCUS, COMPARISON, WHOLE = "Hispanic or Latino", "White", "All students"
OUTSIDE = """svg => { const whole = svg.getBoundingClientRect(), found = [];
  for (const node of svg.querySelectorAll('text, path, use')) {
    if (node.closest('defs, clipPath')) continue;
    const b = node.getBoundingClientRect();
    const beside = b.left < whole.left - 1 || b.right > whole.right + 1;
    const above = b.top < whole.top - 1 || b.bottom > whole.bottom + 1;
    const said = node.textContent || node.getAttribute('d') || '';
    if (beside || above) found.push(node.tagName + ' ' + said.slice(0, 60)); }
  return found; }"""


def days(n, step=7):
    """Mondays of a school year, without two weeks of winter break."""
    at = pd.Series(pd.date_range("2025-09-08", periods=2 * n + 9, freq=f"{step}D"))
    return at[~at.between("2025-12-20", "2026-01-03")].iloc[:n].reset_index(drop=True)


def series(values, step=7):
    return pd.DataFrame({"at": days(len(values), step), "value": values})


def noise(n, middle=60.0, spread=8.0):
    return np.random.default_rng(n).normal(middle, spread, n).round(1)


def shifted():
    """Percents that rise by much after twelve weeks."""
    return series(
        np.r_[
            40, 44, 38, 42, 41, 37, 45, 39, 43, 40, 42, 38, [60, 64, 58, 66, 61, 63, 59, 62, 65, 60]
        ].astype(float)
    )


def neighbours(n=24):
    return [(str(days(n)[8 + i].date()), LONG[: 120 - 4 * i], f"PDSA {i + 1}") for i in range(12)]


def stepped():
    n = np.array([4, 9, 31, 120, 260] * 5)
    return pd.DataFrame({"at": days(25), "count": (n * 0.3).astype(int), "n": n})


def gaps(n=12, hide=(3, 4, 8)):
    rows = []
    for i, at in enumerate(days(n, 14)):
        small = i in hide
        rows += [
            (at, FOCUS, 3 if small else 20 + i, 6 if small else 60),
            (at, COMPARISON, 30, 50),
            (at, WHOLE, (33 if small else 50 + i), 56 if small else 110),
        ]
    return pd.DataFrame(rows, columns=["at", "group", "count", "n"])


def questions():
    said = enumerate([30, 50, 60, 70, 80, 90, 97] * 5)
    return [
        SimpleNamespace(low=1, high=5, unit="d", confidence=confidence, value=3 if i % 3 else 9)
        for i, confidence in said
    ]


@cache
def charts():
    """Every kind of chart that is hard to draw (dict of name to RunChart)."""
    six = np.concatenate([noise(6, middle, 4) for middle in (40, 52, 45, 60, 72, 66)])
    starts = [str(days(36)[i].date()) for i in range(6, 36, 6)]
    two, percent = neighbours()[:2], {"unit": "percent"}
    extremes = pd.DataFrame(
        {
            "at": days(16),
            "count": [0, 0, 3, 20, 20, 18, 5, 0, 20, 20, 12, 9, 20, 20, 20, 19],
            "n": 20,
        }
    )
    crowd = [(str(days(24)[10].date()), f"Change {i}", "") for i in range(40)]
    return {
        "shift": run_chart(
            shifted(),
            baseline=12,
            better="higher",
            target=70,
            measure="Tickets",
            annotations=two,
            **percent,
        ),
        "two": run_chart(series([3.2, 4.1]), measure="Minutes", unit="minutes"),
        "five": run_chart(series([3.0, 1, 4, 1, 5]), kind="xmr", better="lower"),
        "large": run_chart(
            series(np.r_[noise(70), noise(50, 72)]),
            kind="xmr",
            rules="nelson",
            baseline=30,
            better="higher",
            target=80,
        ),
        "constant": run_chart(series([12.0] * 14), kind="xmr", measure="Sections"),
        "zeros": run_chart(series([0.0] * 8), measure="Late results"),
        "percents": run_chart(
            extremes, kind="p", better="higher", target=95, measure="Explained a step"
        ),
        "notes": run_chart(
            series(noise(24)),
            better="higher",
            target=60,
            measure=LONG,
            annotations=neighbours(),
            unit="percent",
        ),
        "crowd": run_chart(series(noise(24)), measure="Costs $5 and $6", annotations=crowd),
        "phases": run_chart(
            series(six),
            kind="xmr",
            better="higher",
            target=75,
            measure="Score",
            unit="points",
            phases=starts,
        ),
        "narrow phases": run_chart(
            series(six[:12]), phases=[str(days(12)[i].date()) for i in range(2, 12, 2)]
        ),
        "stepped": run_chart(
            stepped(), kind="p", better="lower", target=10, measure="Pulled out of core mathematics"
        ),
        "rare": run_chart(
            series([1, 9, 3, 30, 2, 5, 14, 3, 8, 7, 60, 4]),
            kind="g",
            better="higher",
            measure="Days between",
        ),
    }


def axes_at(width):
    """The pictures that are no run chart, in one width (dict of name to Axes)."""
    table = gap_run_chart(gaps(), focus=FOCUS, comparison=COMPARISON)
    empty = gap_run_chart(gaps(3, (0, 1, 2)), focus=FOCUS, comparison=COMPARISON)
    groups = by_group(gaps(), better="higher", measure="Exit tickets answered correctly")
    few = {LONG: 42, "Results come late": 31, **{f"name {i}": 2 for i in range(9)}, "other": 4}
    return {
        f"rules {width}": plot_rules_side_by_side(
            compare_rules(shifted(), kind="xmr", better="higher", measure=LONG), width=width
        )[0],
        f"gap {width}": plot_gap_run_chart(table, width=width),
        f"gap chart {width}": plot_gap_run_chart(
            table, chart=chart_of_gaps(table, annotations=[("2025-10-06", LONG)]), width=width
        ),
        f"gap one {width}": plot_gap_run_chart(table.iloc[:1], width=width),
        f"gap none {width}": plot_gap_run_chart(empty, width=width),
        f"groups {width}": plot_by_group(groups, groups=(*groups, LONG), width=width)[0],
        f"pareto {width}": plot_pareto(pareto(few), name=LONG, width=width),
        f"pareto other {width}": plot_pareto(
            pareto({"a": 1, "b": 1, "other": 12_345}), width=width
        ),
        f"calibration {width}": plot_calibration(calibration(questions()), width=width),
        f"calibration none {width}": plot_calibration(calibration([]), width=width),
    }


def finished(axes):
    """The pictures as SVG (dict of name to text)."""
    return {name: svg(ax, name=name, words=f"Words of {name}.") for name, ax in axes.items()}


@pytest.fixture(scope="module")
def drawn():
    phone = ("shift", "large", "percents", "notes", "crowd", "phases", "stepped")
    axes = {name: plot_run_chart(chart) for name, chart in charts().items()}
    axes |= {f"{name} on a phone": plot_run_chart(charts()[name], width=3.75) for name in phone}
    return finished(axes | axes_at(7.2) | axes_at(3.75))


def read(picture):
    """All text of a picture in one line, in the order in which it was drawn."""
    return " ".join(
        re.sub(r"&(?:amp|lt|gt);", "?", text)
        for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    )


def said_by(ax):
    return read(svg(ax, name="a", words="b"))


def test_no_text_overlaps_another_and_nothing_leaves_the_picture(drawn, tmp_path):
    (tmp_path / "empty.html").write_text("<!doctype html>")
    with browser_page(tmp_path / "empty.html") as page:
        layouts = browser_layout(page, list(drawn.values()))
        outside = page.evaluate(
            f"() => [...document.querySelectorAll('body > svg')].map({OUTSIDE})"
        )
    assert {name: found for name, found in zip(drawn, outside, strict=False) if found} == {}
    assert {
        name: overlaps(layout["texts"])
        for name, layout in zip(drawn, layouts, strict=False)
        if overlaps(layout["texts"])
    } == {}
    assert all(len(layout["texts"]) > 3 for layout in layouts) and len(layouts) == len(drawn) == 40


@pytest.mark.filterwarnings("ignore:Glyph")
def test_texts_of_any_script_stay_in_the_picture(tmp_path):
    hard = [(str(days(len(HARD))[i].date()), text, text[:20]) for i, text in enumerate(HARD)]
    made = [
        plot_run_chart(
            run_chart(series(noise(len(HARD))), annotations=hard[i::2], measure=HARD[-2 - i])
        )
        for i in range(2)
    ]
    (tmp_path / "empty.html").write_text("<!doctype html>")
    with browser_page(tmp_path / "empty.html") as page:
        layouts = browser_layout(
            page, [svg(ax, name=f"hard {i}", words="b") for i, ax in enumerate(made)]
        )
        outside = page.evaluate(
            f"() => [...document.querySelectorAll('body > svg')].map({OUTSIDE})"
        )
    assert outside == [[], []] and [overlaps(layout["texts"]) for layout in layouts] == [[], []]


def overlaps(texts):
    boxes = np.array([text["box"] for text in texts])
    across = np.minimum(boxes[:, None, 2], boxes[None, :, 2]) - np.maximum(
        boxes[:, None, 0], boxes[None, :, 0]
    )
    down = np.minimum(boxes[:, None, 3], boxes[None, :, 3]) - np.maximum(
        boxes[:, None, 1], boxes[None, :, 1]
    )
    return [
        (texts[a]["text"], texts[b]["text"])
        for a, b in np.argwhere(np.triu((across > 0.5) & (down > 0.5), 1))
    ]


def test_the_numbers_of_the_frame_are_written():
    chart = charts()["shift"]
    text, words = said_by(plot_run_chart(chart)), describe_run_chart(chart)
    parts = (
        "median 40.5%",
        "target 70%",
        "↑ higher is better",
        "baseline: the first 12 points",
        "Sep 8",
        "2025",
        "2026",
        "break",
        "Tickets",
    )
    assert [
        part for part in parts if part not in text
    ] == [] and "median of the first 12 points, frozen as the baseline, is 40.5%" in words
    chart = charts()["stepped"]
    last, text = chart.frame.iloc[-1], said_by(plot_run_chart(chart))
    assert (
        f"average {last['centre']:.1f}%" in text
        and f"upper limit {last['upper']:.1f}%" in text
        and "↓ lower is better" in text
    )


def test_the_centre_of_every_phase_is_written():
    chart = charts()["phases"]
    text = said_by(plot_run_chart(chart))
    centres = chart.frame.groupby("phase")["centre"].first()
    assert (
        len(centres) == 6
        and [one for one in centres if f"{one:.1f}".removesuffix(".0") not in text] == []
    )


def test_every_annotation_is_whole_and_has_its_flag():
    chart = charts()["notes"]
    text = said_by(plot_run_chart(chart))
    letters = text.replace(" ", "")
    for number, note in enumerate(chart.annotations, 1):
        assert (
            f"{note.at:%b}{note.at.day},{note.cycle}:{note.text.strip()}".replace(" ", "")
            in letters
        ), note
        assert text.split().count(str(number)) >= 2


def test_a_signal_has_a_shape_and_words_and_says_which_way():
    better, worse, plain = (
        run_chart(shifted(), baseline=12, unit="percent", better=way)
        for way in ("higher", "lower", "")
    )
    assert (
        set(signal_points(better).values()) == {"improvement"}
        and set(signal_points(worse).values()) == {"concern"}
        and set(signal_points(plain).values()) == {""}
    )
    assert (
        len({marker for _, marker, _ in MARKS.values()})
        == len({color for color, *_ in MARKS.values()})
        == 3
    )
    for chart, word in ((better, "(improvement)"), (worse, "(concern)")):
        assert re.search(
            rf"10 points in a row above the \w+ line {re.escape(word)}",
            said_by(plot_run_chart(chart)),
        )
    assert re.search(
        r"10 points in a row above the \w+ line(?! \()", said_by(plot_run_chart(plain))
    )
    lines = {
        (line.get_marker(), len(line.get_xdata()))
        for line in plot_run_chart(better).artists + plot_run_chart(better).lines
    }
    assert ("*", 10) in lines and ("o", 12) in lines


def test_a_chart_that_cannot_signal_says_so_in_the_picture():
    assert "This chart cannot signal yet" in said_by(plot_run_chart(charts()["two"]))


def test_the_line_is_broken_where_the_frame_says():
    chart = charts()["shift"]
    lines = [
        line
        for line in plot_run_chart(chart).lines
        if line.get_marker() in ("None", None) and len(line.get_xdata()) > 4
    ]
    parts = np.flatnonzero(chart.frame["gap_before"])
    assert len(parts) == 1 and [
        len(line.get_xdata()) for line in lines if line.get_linewidth() == 1.1
    ] == [
        parts[0],
        len(chart.frame) - parts[0],
    ]


def test_limits_step_with_the_number_counted():
    chart = charts()["stepped"]
    (upper,) = [
        line
        for line in plot_run_chart(chart).lines
        if len(line.get_xdata()) == 50 and line.get_ydata()[0] > line.get_ydata().mean() / 2
    ][1:]
    assert len(set(np.round(upper.get_ydata(), 6))) == chart.frame["upper"].round(6).nunique() > 2


def test_every_rule_set_has_its_name_and_its_computed_rate():
    compared = compare_rules(shifted(), better="higher", unit="percent")
    text = said_by(plot_rules_side_by_side(compared)[0])
    for name, chart in zip(
        ("Anhøj", "IHI", "NHS", "Western Electric", "Nelson"), compared.values(), strict=False
    ):
        assert (
            f"{name}: false alarms in {100 * chart.false_alarm.rate:.0f}% of such charts" in text
            or "under 1%" in text
        )
        assert f"{len(chart.signals)} signal" in text or "no signal" in text
    assert "signal of improvement" in text


def test_a_hidden_gap_is_a_marked_break_without_numbers():
    table = gap_run_chart(gaps(), focus=FOCUS, comparison=COMPARISON)
    text = said_by(plot_gap_run_chart(table))
    assert (
        "hidden: too few students" in text
        and "no gap" in text
        and "White minus Hispanic or Latino" in text
    )
    for gap in table["gap"].iloc[[0, -1]]:
        assert f"{gap:.1f}".replace("-", "−") in text
    assert f"median {table['gap'].median():.1f}" in said_by(
        plot_gap_run_chart(table, chart=chart_of_gaps(table))
    )


def test_groups_share_one_scale_and_an_absent_one_says_why():
    groups = by_group(gaps(), better="higher")
    axes = plot_by_group(groups, groups=(*groups, "Asian"))
    text = said_by(axes[0])
    assert (
        len(axes) == len(groups) + 1
        and len({ax.get_ylim() for ax in axes}) == len({ax.get_xlim() for ax in axes}) == 1
    )
    assert "Asian" in text and "hidden: too few students" in text and "Hatched: hidden" in text
    for name, chart in groups.items():
        assert (
            f"last {chart.frame['value'].iloc[-1]:.1f}".removesuffix(".0") in text and name in text
        )


def test_a_pareto_chart_writes_counts_and_shares_on_one_scale():
    table = pareto({"placement": 12, "late results": 7, "bus": 1})
    ax = plot_pareto(table, name="What was named")
    text = said_by(ax)
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


def test_calibration_writes_its_bands_and_counts():
    table = calibration(questions())
    text = said_by(plot_calibration(table))
    assert [
        row
        for row in table.to_dict("records")
        if f"{row['hits']} of {row['n']} came in" not in text
    ] == []
    assert "About 70% sure" in text and "95% or more sure" in text and "Under 45% sure" in text
    assert "No prediction has both" in said_by(plot_calibration(calibration([])))


def test_name_and_words_are_read_aloud_and_the_same_numbers_give_the_same_bytes(drawn):
    assert [
        name
        for name, picture in drawn.items()
        if f">Words of {name}.</desc>" not in picture or f">{name}</title>" not in picture
    ] == []
    again = finished(
        axes_at(7.2) | {name: plot_run_chart(charts()[name]) for name in ("shift", "phases")}
    )
    assert len(again) == 12 and [name for name in again if drawn[name] != again[name]] == []


def test_a_dollar_sign_and_markup_stay_what_they_are():
    chart = run_chart(
        series(noise(12)),
        measure="Costs $5 and $6 <b>",
        annotations=[("2025-09-15", r"\frac{1}{2} of $x$ & more")],
    )
    picture = svg(plot_run_chart(chart), name="a", words="b")
    assert "Costs $5 and $6 &lt;b&gt;" in picture and r"\frac{1}{2} of $x$ &amp; more" in picture


def test_numbers_and_dates_in_a_text_stay_as_they_are_written():
    chart = run_chart(
        series(noise(12)),
        measure="From 11.10.2025: 1.035 hours, 0.10 of them late",
        annotations=[("2025-09-15", "$1,234.50")],
    )
    picture = svg(plot_run_chart(chart), name="a", words="b")
    assert ">From 11.10.2025: 1.035 hours, 0.10 of them late<" in picture and "$1,234.50" in picture
    assert not re.search(r' (?:x|y|d)="[^"]*\.\d{3}', picture)


@pytest.mark.parametrize("n, shown", [(12_000, 4), (30, 1)])
def test_limits_take_a_quarter_of_the_axis_or_more_however_many_are_counted(n, shown):
    frame = pd.DataFrame({"at": days(14), "count": n * 3 // 10, "n": n})
    chart = run_chart(frame.assign(count=frame["count"] + [1, 0] * 7), kind="p")
    low, high = plot_run_chart(chart).get_ylim()
    width = (chart.frame["upper"] - chart.frame["lower"]).iloc[0]
    assert (200 - 28) / 200 * (high - low) == pytest.approx(shown * width)


def test_axes_that_are_given_are_drawn_in():
    figure = Figure(figsize=(9, 6))
    ax = figure.add_axes((0.1, 0.4, 0.7, 0.4))
    assert plot_run_chart(
        charts()["shift"], ax=ax
    ) is ax and ax.get_position().bounds == pytest.approx((0.1, 0.4, 0.7, 0.4))
    assert "median 40.5%" in said_by(ax)


def test_things_are_moved_apart_no_more_than_need_be():
    assert apart([10, 50], [8, 8], 0, 100).tolist() == [10, 50]
    moved = apart([98.0] * 5, [10] * 5, 0, 100)
    assert np.diff(moved).tolist() == [10] * 4 and moved[-1] == 95


@pytest.mark.parametrize("values", ([0, 100], [50.0], [0, 0], [99, 100], [48, 52]))
def test_a_scale_of_percents_stays_possible_and_does_not_exaggerate(values):
    low, top, ticks, labels = value_range(values, percent=True, high=200)
    assert (
        min(ticks) >= 0
        and max(ticks) <= 100
        and low < min(values)
        and top > max(values)
        and top - low > 20
    )
    assert (
        len(ticks) > 1
        and all(label.endswith("%") for label in labels)
        and max(lettering.width(label, SMALL) for label in labels) < 40
    )
