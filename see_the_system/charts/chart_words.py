"""A run chart in words: what was measured, what the rules found and cannot find yet, and how often
they would cry wolf. Sources, and how rates are simulated, stand in docs/run_charts.md.
"""

import numpy as np

from see_the_system.charts.control_limits import LEAST
from see_the_system.charts.false_alarms import LONG_BASELINE
from see_the_system.charts.points import KINDS
from see_the_system.charts.rules import PATTERNS, RULE_SETS
from see_the_system.messages import counted, day_in_words, listed, with_minus

STRONG_LAG, LEAST_FOR_LAG = 0.5, 12
UNDER, LEAST_BASELINE = 0.8, 12
LEAST_SAID = 0.001
OUTSIDE = "outside the limits"
MOST_POINTS = 4  # so many points of a signal are named one by one


def describe_run_chart(chart):
    """The chart in sentences (text).

    Its points, its centre and limits, each signal, the target, and what its rules can and cannot
    tell.
    """
    parts = [
        _what(chart),
        _centre(chart),
        _findings(chart),
        _target(chart),
        _rules(chart),
        _cautions(chart),
    ]
    return " ".join(filter(None, parts))


def describe_comparison(charts):
    """What the rule sets say of one series, side by side, and why they differ (text).

    ``charts``: from ``run_charts.compare_rules``.
    """
    results = []
    for rules, chart in charts.items():
        title = RULE_SETS[rules].title
        rate = percent(chart.false_alarm.rate)
        results.append(f"{title}: {_signals(chart)}, false alarms {rate}")
    each = "; ".join(results)
    return (
        f"The same {len(chart.frame)} points under {len(charts)} sets of rules. {each}. The more "
        "patterns a set looks for, the more often chance makes one of them: choose the rules "
        "before you see the points, and keep to them."
    )


def percent(share):
    """A share as a whole percent that never says 0 of something possible, nor 100 of less (text).

    >>> percent(.083), percent(.002), percent(.998)
    ('8%', 'under 1%', 'over 99%')
    """
    if 0.995 <= share < 1 - 1e-9:
        return "over 99%"
    return "under 1%" if share < 0.005 else f"{100 * share:.0f}%"


def outside_together(found):
    """Signals as people say them (list): those of one rule on one side are one.

    Of several the longest is said, and how many more there are; of points outside the limits which
    they are, or how many where a list would be long.
    """
    together = {}
    for signal in found:
        together.setdefault((signal.rule, signal.side), []).append(signal)
    inside = [alike for (rule, _), alike in together.items() if rule != OUTSIDE]
    beyond = [alike for (rule, _), alike in together.items() if rule == OUTSIDE]
    return [*map(_longest, inside), *map(_outside, beyond)]


def _longest(alike):
    longest = max(alike, key=lambda signal: len(signal.points))
    more = len(alike) - 1
    if not more:
        return longest
    points = tuple(sorted({point for signal in alike for point in signal.points}))
    return longest._replace(points=points, words=f"{longest.words[:-1]}, {more} more such.")


def _outside(alike):
    points = tuple(point for signal in alike for point in signal.points)
    numbers = listed(point + 1 for point in points)
    lie = f"Points {numbers} lie" if len(points) > 1 else f"Point {numbers} lies"
    if len(points) > MOST_POINTS:
        lie = f"{len(points)} points lie"
    side = "above" if alike[0].side > 0 else "below"
    return alike[0]._replace(points=points, words=f"{lie} {side} the limits.")


def full_date(at):
    """A date as it is said in a sentence (text), as "September 8, 2025"."""
    return day_in_words(at)


def number(value, chart):
    """A value of the chart as it is said, with its unit (text)."""
    if chart.unit == "percent":
        return f"{digits(value, chart)}%"
    return f"{digits(value, chart)} {chart.unit}".rstrip()


def digits(value, chart):
    """A value of the chart as it is said without its unit (text).

    Fine enough to tell the chart's limits apart.
    """
    width = (chart.frame["upper"] - chart.frame["lower"]).min()
    places = 0 if abs(value) >= 100 else 1
    if 1e-6 < width < 1:
        places = 1 + int(np.ceil(-np.log10(width)))
    elif 0 < abs(value) < LEAST_SAID:
        return f"nearly {digits(0, chart)}"
    elif 0 < abs(value) < 1:
        return with_minus(f"{value:.2g}")
    return with_minus(f"{round(float(value), places) + 0.0:,.{places}f}")


def _what(chart):
    frame = chart.frame
    name = chart.measure or "This measure"
    whom = f" ({chart.group})" if chart.group else ""
    gaps = int(frame["gap_before"].sum())
    breaks = f", with {counted(gaps, 'gap')}"
    start, end = map(full_date, frame["at"].iloc[[0, -1]])
    return (
        f"{name}{whom}, {KINDS[chart.kind]}: {len(frame)} points from {start} to {end}"
        f"{breaks if gaps else ''}."
    )


def _centre(chart):
    centres = chart.frame.groupby("phase")["centre"].first()
    kind = "median" if chart.kind in ("run", "g") else "center line"
    words = []
    for centre, first in zip(centres, chart.frozen, strict=True):
        baseline = f" (baseline: {first} points)" if first else ""
        words.append(f"{number(centre, chart)}{baseline}")
    whose = "of the phases in turn:" if len(centres) > 1 else "is"
    text = f"The {kind} {whose} {', '.join(words)}."
    if chart.excluded:
        left_out = ", ".join(chart.excluded)
        text += f" Left out of the baseline: {left_out}."
    return text + _limits(chart)


def _limits(chart):
    last = chart.frame.iloc[-1]
    if np.isnan(last["upper"]):
        return ""
    low, high = number(last["lower"], chart), number(last["upper"], chart)
    way = "3 sigma"
    if last["exact"]:
        way = "exact tails of the counts"
    # What differs behind the ninth place is what rounding makes.
    steps = chart.frame["upper"].round(9).groupby(chart.frame["phase"]).nunique()
    if steps.max() > 1:
        return f" Limits at the last point: {low} to {high} ({way})."
    return f" Limits: {low} to {high} ({way})."


def _findings(chart):
    if chart.cannot_signal:
        return chart.cannot_signal
    if _alike(chart):
        value = number(chart.frame["value"].iloc[0], chart)
        return (
            f"Every point is {value}: nothing has varied so far, and the rules have nothing to "
            "judge."
        )
    if not chart.signals:
        return (
            "No signal: nothing here is beyond what chance alone would make. That is not a "
            "finding that nothing changed."
        )
    sentences = []
    for signal in outside_together(chart.signals):
        words = signal.words
        if chart.better and signal.side:
            good = (signal.side > 0) == (chart.better == "higher")
            words = f"{words[:-1]}, on the {'better' if good else 'worse'} side."
        sentences.append(words)
    count = _signals(chart).capitalize()
    return f"{count} that something may have changed, not what. {' '.join(sentences)}"


def _target(chart):
    """The target beside the chart: by its points where it signals, else by its limits or centre."""
    if chart.target is None:
        return ""
    last = chart.frame.iloc[-1]
    target = _target_as_given(chart)
    if _signals_now(chart) or np.isnan(last["upper"]) or not chart.better or _alike(chart):
        return f"The target is {target}. {_points_at_target(chart)}"
    below, above = chart.target < last["lower"], chart.target > last["upper"]
    if not below and not above:
        return (
            f"The target is {target}, inside the limits: the process as it is meets it at some "
            "times and misses it at others, by chance."
        )
    if below == (chart.better == "higher"):
        return f"The target is {target}: the process as it is meets it consistently."
    return f"The target is {target}: the process as it is will not meet it without a change."


def _target_as_given(chart):
    """The target with its unit (text): rounded, it could seem to be met where it is not."""
    if round(chart.target, 1) == chart.target:
        return number(chart.target, chart)
    unit = "%" if chart.unit == "percent" else f" {chart.unit}".rstrip()
    return with_minus(f"{chart.target:,.10g}") + unit


def _points_at_target(chart):
    """What the points themselves, or those since a baseline that no longer holds, make of it."""
    frame = chart.frame
    present = frame[frame["phase"] == frame["phase"].iloc[-1]]
    of_phase = "of the present phase" if len(present) < len(frame) else ""
    points, warning, whose = present, "", of_phase or "here"
    if _signals_now(chart):
        warning = "The points signal, so that one center and its limits do not speak for them all. "
        after = present.iloc[chart.frozen[-1] or len(present) :]
        if after["signal"].any():
            warning = "The center and limits are the baseline's, and the points since signal. "
            points, whose = after, f"since the baseline {of_phase}".rstrip()
    middle = points["value"].median()
    lead = f"{warning}Of {counted(len(points), 'point')} {whose}"
    median = f"median is {number(middle, chart)}{_away(middle, chart)}."
    if not chart.better:
        return f"{lead} the {median}"
    higher = chart.better == "higher"
    meet = points["value"] >= chart.target if higher else points["value"] <= chart.target
    return f"{lead}, {meet.sum()} {'meets' if meet.sum() == 1 else 'meet'} it; their {median}"


def _signals_now(chart):
    """Whether a point of the present phase takes part in a signal (bool)."""
    frame = chart.frame
    return bool(frame.loc[frame["phase"] == frame["phase"].iloc[-1], "signal"].any())


def _away(value, chart):
    """How far a value lies from the target, in words; percents differ by points."""
    away = value - chart.target
    if not away:
        return ", on the target"
    far = number(abs(away), chart)
    if chart.unit == "percent":
        said = digits(abs(away), chart)
        far = f"{said} percentage point{'' if said == '1' else 's'}"
    return f", {far} {'above' if away > 0 else 'below'} it"


def _alike(chart):
    return chart.frame["value"].nunique() == 1


def _rules(chart):
    rules = f"Rules: {RULE_SETS[chart.rules].title}."
    if not _has_rate(chart):
        return rules
    rate = percent(chart.false_alarm.rate)
    return (
        f"{rules} They would signal in {rate} of such charts with nothing going on"
        f"{_longer_baseline(chart)}."
    )


def short_rate(chart):
    """How often the chart's rules would cry wolf, for under its picture (text), "" if never."""
    if not _has_rate(chart):
        return ""
    rate = percent(chart.false_alarm.rate)
    return f"With nothing going on, these rules would signal in {rate} of such charts."


def _has_rate(chart):
    return not chart.cannot_signal and not _alike(chart)


def _longer_baseline(chart):
    """What a longer baseline would make of the false-alarm rate of a short frozen one."""
    if not chart.with_longer < chart.false_alarm.rate - 0.02:
        return ""
    longer = f"a baseline of {LONG_BASELINE} points"
    if len(chart.frozen) > 1:
        longer += " in the present phase"
    return f", in {percent(chart.with_longer)} with {longer}"


def _waiting(chart):
    if chart.cannot_signal or not chart.waiting:
        return ""
    # a run chart has no limits at any length, and waits for none
    waiting = [rule for rule in chart.waiting if _within_reach(rule, chart)]
    if not waiting:
        return ""
    return f"Not to be seen yet with so few points, whatever happens: {listed(waiting)}."


def _within_reach(rule, chart):
    """Whether a rule could signal on a chart of this kind with more points (bool)."""
    return chart.kind != "run" or not PATTERNS[rule].with_own_limits


def _cautions(chart):
    cautions = [_waiting(chart)]
    frame = chart.frame
    present = frame["phase"] == frame["phase"].iloc[-1]
    base = int((frame["in_baseline"] & present).sum())
    trial = not np.isnan(frame["upper"].iloc[-1]) and base < LEAST_BASELINE
    if trial and not _longer_baseline(chart):
        cautions.append(
            f"The limits rest on {base} points; until there are {LEAST_BASELINE}, they are a trial."
        )
    if 0 < chart.useful < LEAST and chart.rules in ("anhoej", "ihi") and not chart.cannot_signal:
        cautions.append(
            f"Runs and crossings need {LEAST} points off the center line; here are {chart.useful}."
        )
    if base >= LEAST_FOR_LAG and chart.lag > STRONG_LAG:
        cautions.append(
            f"Neighbouring points are alike (correlation {chart.lag:.2f}): false alarms are then "
            "more frequent than said."
        )
    if chart.sigma_z < UNDER:
        cautions.append(
            f"The points vary less than counts by chance would (sigma z {chart.sigma_z:.2f}): "
            "check how they were counted."
        )
    return " ".join(filter(None, cautions))


def _signals(chart):
    count = len(outside_together(chart.signals))
    return {0: "no signal", 1: "one signal"}.get(count, f"{count} signals")
