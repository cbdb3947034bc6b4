import re

import numpy as np
import pytest

from see_the_system.charts.chart_words import describe_run_chart
from see_the_system.charts.gaps_over_time import by_group, gap_run_chart
from see_the_system.charts.many_predictions import calibration, plot_calibration
from see_the_system.charts.panels import svg
from see_the_system.charts.pareto import pareto, plot_pareto
from see_the_system.charts.plot_run_charts import (
    plot_by_group,
    plot_gap_run_chart,
    plot_rules_side_by_side,
    plot_run_chart,
)
from see_the_system.charts.run_charts import compare_rules, run_chart
from tests.browser import browser_page
from tests.charts.drawn_charts import (
    COMPARISON,
    FOCUS,
    LONG,
    charts,
    days,
    gaps,
    noise,
    questions,
    series,
    shifted,
    text_of,
)
from tests.diagrams.graphs import HARD
from tests.diagrams.layout import browser_layout

OUTSIDE = """svg => { const whole = svg.getBoundingClientRect(), found = [];
  for (const node of svg.querySelectorAll('text, path, use')) {
    if (node.closest('defs, clipPath')) continue;
    const b = node.getBoundingClientRect();
    const beside = b.left < whole.left - 1 || b.right > whole.right + 1;
    const above = b.top < whole.top - 1 || b.bottom > whole.bottom + 1;
    const said = node.textContent || node.getAttribute('d') || '';
    if (beside || above) found.push(node.tagName + ' ' + said.slice(0, 60)); }
  return found; }"""


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
        f"gap one {width}": plot_gap_run_chart(table.iloc[:1], width=width),
        f"gap none {width}": plot_gap_run_chart(empty, width=width),
        f"groups {width}": plot_by_group(groups, width=width)[0],
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
    phone = ("shift", "large", "percents", "notes", "crowd", "phases", "frozen phases")
    phone += ("stepped",)
    axes = {name: plot_run_chart(chart) for name, chart in charts().items()}
    axes |= {f"{name} on a phone": plot_run_chart(charts()[name], width=3.75) for name in phone}
    return finished(axes | axes_at(7.2) | axes_at(3.75))


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
    text, words = text_of(plot_run_chart(chart)), describe_run_chart(chart)
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
    ] == [] and "median is 40.5% (baseline: 12 points)" in words
    chart = charts()["stepped"]
    last, text = chart.frame.iloc[-1], text_of(plot_run_chart(chart))
    assert (
        f"average {last['centre']:.1f}%" in text
        and f"upper limit {last['upper']:.1f}%" in text
        and "↓ lower is better" in text
    )


def test_the_centre_of_every_phase_is_written():
    chart = charts()["phases"]
    text = text_of(plot_run_chart(chart))
    centres = chart.frame.groupby("phase")["centre"].first()
    assert (
        len(centres) == 6
        and [one for one in centres if f"{one:.1f}".removesuffix(".0") not in text] == []
    )


def test_no_centre_of_an_earlier_phase_is_a_number_alone():
    """It would look like the number of a point."""
    chart = charts()["phases"]
    text = text_of(plot_run_chart(chart))
    centres = chart.frame.groupby("phase")["centre"].first()
    named = re.findall(r"(?:median|average) ([\d.]+)", text)
    assert sorted(named) == sorted(f"{one:.1f}".removesuffix(".0") for one in centres)


def test_the_picture_says_the_false_alarm_rate_that_its_words_say():
    rates = {}
    for name, chart in charts().items():
        text = " ".join(text_of(plot_run_chart(chart)).split())
        found = re.findall(r"would signal in (.*?%) of such charts", text)
        assert found == re.findall(
            r"would signal in (.*?%) of such charts", describe_run_chart(chart)
        ), name
        rates[name] = found
    assert any(rates.values()) and not all(rates.values())


def test_every_annotation_is_whole_and_has_its_flag():
    chart = charts()["notes"]
    text = text_of(plot_run_chart(chart))
    letters = text.replace(" ", "")
    for number, note in enumerate(chart.annotations, 1):
        assert (
            f"{note.at:%b}{note.at.day},{note.cycle}:{note.text.strip()}".replace(" ", "")
            in letters
        ), note
        assert text.split().count(str(number)) >= 2


def test_a_chart_that_cannot_signal_says_so_in_the_picture():
    assert "This chart cannot signal yet" in text_of(plot_run_chart(charts()["two"]))


def test_every_rule_set_has_its_name_and_its_computed_rate():
    compared = compare_rules(shifted(), better="higher", unit="percent")
    text = text_of(plot_rules_side_by_side(compared)[0])
    for name, chart in zip(
        ("Anhøj", "IHI", "NHS", "Western Electric", "Nelson"), compared.values(), strict=False
    ):
        assert (
            f"{name}: false alarms in {100 * chart.false_alarm.rate:.0f}% of such charts" in text
            or "under 1%" in text
        )
        assert f"{len(chart.signals)} signal" in text or "no signal" in text
    assert "signal of improvement" in text


def test_name_and_words_are_read_aloud_and_the_same_numbers_give_the_same_bytes(drawn):
    assert [
        name
        for name, picture in drawn.items()
        if f">Words of {name}.</desc>" not in picture or f">{name}</title>" not in picture
    ] == []
    again = finished(
        axes_at(7.2) | {name: plot_run_chart(charts()[name]) for name in ("shift", "phases")}
    )
    assert len(again) == 11 and [name for name in again if drawn[name] != again[name]] == []


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


def test_groups_share_one_scale():
    groups = by_group(gaps(), better="higher")
    axes = plot_by_group(groups)
    text = text_of(axes[0])
    assert (
        len(axes) == len(groups)
        and len({ax.get_ylim() for ax in axes}) == len({ax.get_xlim() for ax in axes}) == 1
    )
    assert "Hatched: hidden" in text
    for name, chart in groups.items():
        assert (
            f"last {chart.frame['value'].iloc[-1]:.1f}".removesuffix(".0") in text and name in text
        )
