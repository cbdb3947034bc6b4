"""A run chart in words: what was measured, what the rules found, what they cannot find yet, and how
often they would cry wolf.
"""

import numpy as np

from see_the_system.charts.control_limits import D2
from see_the_system.charts.points import KINDS
from see_the_system.charts.rules import LEAST, SOURCES, told_together
from see_the_system.charts.run_charts import LONG_BASELINE

NAMES = {
    "anhoej": "Anhøj",
    "ihi": "IHI",
    "nhs": "NHS",
    "western_electric": "Western Electric",
    "nelson": "Nelson",
}
STRONG_LAG, LEAST_FOR_LAG = 0.5, 12
UNDER, LEAST_BASELINE = 0.8, 12
LEAST_SAID = 0.001


def describe_run_chart(chart):
    """The chart in sentences (text): its points, its centre and limits, each signal, the target,
    and what its rules can and cannot tell.
    """
    return " ".join(
        part
        for part in (
            _what(chart),
            _centre(chart),
            _found(chart),
            _target(chart),
            _rules(chart),
            _longer_baseline(chart),
            _cautions(chart),
        )
        if part
    )


def describe_rules(chart):
    """The line under a chart (text): which rules, how many points, and the false-alarm rate of
    these rules at this length.
    """
    return " ".join(
        part for part in (_rules(chart), _longer_baseline(chart), _waiting(chart)) if part
    )


def describe_comparison(charts):
    """What the rule sets say of one series, side by side, and why they differ (text); ``charts``
    from ``run_charts.compare_rules``.
    """
    said = [
        f"{NAMES[name]}: {_signals(len(chart.signals))}, false alarms "
        f"{percent(chart.false_alarm.rate)}"
        for name, chart in charts.items()
    ]
    first = next(iter(charts.values()))
    return (
        f"The same {len(first.frame)} points under {len(charts)} sets of rules. "
        f"{'; '.join(said)}. The more patterns a set looks for, the more often "
        "chance makes one of them: choose the rules before you see the points, and keep to them."
    )


def percent(share):
    """A share as a whole percent that never says 0 of something possible (text).

    >>> percent(.083), percent(.002)
    ('8%', 'under 1%')
    """
    return "under 1%" if share < 0.005 else f"{100 * share:.0f}%"


def number(value, chart):
    """A value of the chart as it is said (text), with its unit, fine enough to tell the chart's
    limits apart.
    """
    width = (chart.frame["upper"] - chart.frame["lower"]).min()
    finer = 1 + int(np.ceil(-np.log10(width))) if 1e-6 < width < 1 else 0
    if 0 < abs(value) < LEAST_SAID and not finer:
        return f"nearly {number(0, chart)}"
    text = (
        f"{value:,.{finer or (0 if abs(value) >= 100 else 1)}f}"
        if abs(value) >= 1 or value == 0 or finer
        else f"{value:.2g}"
    )
    return f"{text}%" if chart.unit == "percent" else f"{text} {chart.unit}".rstrip()


def _what(chart):
    frame, name = chart.frame, chart.measure or "This measure"
    whom = f" ({chart.group})" if chart.group else ""
    gaps = int(frame["gap_before"].sum())
    breaks = (
        f", with {gaps} {'gap' if gaps == 1 else 'gaps'} where there was no school or no "
        "measurement"
        if gaps
        else ""
    )
    start, end = (
        f"{time:%B} {time.day}, {time.year}" for time in (frame["at"].iloc[0], frame["at"].iloc[-1])
    )
    return f"{name}{whom}, {KINDS[chart.kind]}: {len(frame)} points from {start} to {end}{breaks}."


def _centre(chart):
    frame = chart.frame
    lines = frame.groupby("phase")["centre"].first()
    kind = "median" if chart.kind in ("run", "g") else "center line"
    if len(lines) > 1:
        text = (
            f"The {kind} of the phases in turn: "
            f"{', '.join(number(value, chart) for value in lines)}."
        )
    else:
        of = (
            f" of the first {chart.baseline} points, frozen as the baseline,"
            if chart.baseline and chart.baseline < len(frame)
            else ""
        )
        text = f"The {kind}{of} is {number(lines.iloc[0], chart)}."
    if chart.excluded:
        text += f" Left out of the baseline: {', '.join(chart.excluded)}."
    return text + _limits(chart)


def _limits(chart):
    low, high = chart.frame["lower"].iloc[-1], chart.frame["upper"].iloc[-1]
    if np.isnan(high):
        return ""
    step = chart.frame["upper"].round(9).groupby(chart.frame["phase"]).nunique().max() > 1
    way = (
        "exact tails of the counts in place of 3 sigma"
        if chart.frame["exact"].iloc[-1]
        else f"3 sigma, with 3/{D2} for the spread"
        if chart.kind in ("xmr", "t")
        else "3 sigma"
    )
    return (
        f" Limits{' at the last point' if step else ''}: {number(low, chart)} to "
        f"{number(high, chart)} ({way}{'; they step with the number counted' if step else ''})."
    )


def _found(chart):
    if chart.cannot_signal:
        return chart.cannot_signal
    if _alike(chart):
        return (
            f"Every point is {number(chart.frame['value'].iloc[0], chart)}: nothing has varied "
            "so far, and the rules have nothing to judge."
        )
    if not chart.signals:
        return (
            "No signal: nothing here is beyond what chance alone would make. That is not a "
            "finding that nothing changed."
        )
    ways = {"": {}, "higher": {1: "better", -1: "worse"}, "lower": {1: "worse", -1: "better"}}[
        chart.better
    ]
    said = [
        f"{one.words[:-1]}, on the {ways[one.side]} side." if one.side in ways else one.words
        for one in told_together(chart.signals)
    ]
    return (
        f"{_signals(len(chart.signals)).capitalize()}. "
        + " ".join(said)
        + " A signal says that something changed, not what changed it."
    )


def _target(chart):
    if chart.target is None:
        return ""
    last, target = chart.frame.iloc[-1], number(chart.target, chart)
    if np.isnan(last["upper"]) or not chart.better:
        away = last["centre"] - chart.target
        return (
            f"The target is {target}; the present center is {number(abs(away), chart)} "
            f"{'above' if away > 0 else 'below'} it."
            if away
            else f"The present center is on the target, {target}."
        )
    good = (
        chart.target < last["lower"] if chart.better == "higher" else chart.target > last["upper"]
    )
    bad = chart.target > last["upper"] if chart.better == "higher" else chart.target < last["lower"]
    if good:
        return f"The target is {target}: the process as it is meets it consistently."
    if bad:
        return f"The target is {target}: the process as it is will not meet it without a change."
    return (
        f"The target is {target}, inside the limits: the process as it is meets it at some times "
        "and misses it at others, by chance."
    )


def _alike(chart):
    return chart.frame["value"].nunique() == 1


def _rules(chart):
    rules = f"Rules: {NAMES[chart.rules]} ({SOURCES[chart.rules]})."
    if chart.cannot_signal or _alike(chart):
        return rules
    frozen = (
        f", {chart.baseline} of them the baseline"
        if chart.baseline and chart.baseline < len(chart.frame)
        else ""
    )
    useful = (
        f" ({chart.useful} off the center line)"
        if not chart.frame["phase"].iloc[-1] and chart.useful < len(chart.frame)
        else ""
    )
    return (
        f"{rules} With {len(chart.frame)} points{useful}{frozen}, they would signal in "
        f"{percent(chart.false_alarm.rate)} "
        "of such charts with nothing going on (simulated, give or take "
        f"{100 * 2 * chart.false_alarm.error:.1f} points)."
    )


def _longer_baseline(chart):
    """What a longer baseline would make of a high false-alarm rate, where the baseline is frozen
    and short.
    """
    if not chart.with_longer < chart.false_alarm.rate - 0.02:
        return ""
    return f"With a baseline of {LONG_BASELINE} points it would be {percent(chart.with_longer)}."


def _waiting(chart):
    if chart.cannot_signal:
        return chart.cannot_signal
    if not chart.waiting:
        return ""
    rules = (
        f"{', '.join(chart.waiting[:-1])} and {chart.waiting[-1]}"
        if len(chart.waiting) > 1
        else chart.waiting[0]
    )
    return f"Not to be seen yet with so few points, whatever happens: {rules}."


def _cautions(chart):
    said = [_waiting(chart) if not chart.cannot_signal else ""]
    base = int(
        (chart.frame["in_baseline"] & (chart.frame["phase"] == chart.frame["phase"].iloc[-1])).sum()
    )
    if not np.isnan(chart.frame["upper"].iloc[-1]) and base < LEAST_BASELINE:
        said.append(
            f"The limits rest on {base} points; take them as a trial until there are "
            f"{LEAST_BASELINE} or more."
        )
    if 0 < chart.useful < LEAST and chart.rules in ("anhoej", "ihi") and not chart.cannot_signal:
        said.append(
            f"Runs and crossings need {LEAST} points off the center line; here are {chart.useful}."
        )
    if base >= LEAST_FOR_LAG and chart.lag > STRONG_LAG:
        said.append(
            f"Neighbouring points are alike (correlation {chart.lag:.2f}), as when the same "
            "students are measured again and again; false alarms are then more frequent "
            "than said."
        )
    if chart.sigma_z < UNDER:
        said.append(
            "The points vary less than counts by chance would (sigma z "
            f"{chart.sigma_z:.2f}): check how they were counted."
        )
    return " ".join(part for part in said if part)


def _signals(count):
    return {0: "no signal", 1: "one signal"}.get(count, f"{count} signals")
