"""Run charts and control charts: a frame and a list of signals, apart from any drawing.

``run_chart`` reads the points, finds the centre and the limits from the baseline, and applies a
rule set; ``chart_words`` says it.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from see_the_system.charts.chart_options import (
    BETTER,
    baseline_points,
    check_options,
    phase_numbers,
    pinned,
)
from see_the_system.charts.control_limits import limits_of_phases
from see_the_system.charts.false_alarms import (
    Rate,
    cannot_signal,
    impossible,
    phases_false_alarms,
    with_longer_baseline,
)
from see_the_system.charts.many_series import counts, one_series
from see_the_system.charts.points import PER_UNIT, holidays, read_points
from see_the_system.charts.rules import RULE_SETS
from see_the_system.charts.signals import signals
from see_the_system.display import Shown


@dataclass(frozen=True)
class RunChart(Shown):
    """A chart's numbers; ``chart_words.describe_run_chart`` says it.

    ``frame``, one row a point: at, value, count, n, phase (0, 1, ...), in_baseline, centre, sigma,
    lower, upper (NaN where the kind has none), exact (the limits are exact tails), side (-1, 0, 1),
    signal (bool), rules (names, joined), concern ("improvement", "concern", ""), gap_before (a
    school holiday: the line is broken, runs go on). ``signals``: what the rules found. ``useful``,
    ``longest``, ``crossings``: of the present phase. ``false_alarm``: how often these rules signal
    on a chart like this with nothing going on; ``with_longer``: with a baseline of 20 points, where
    that is well worth waiting for. ``waiting``: the rules that cannot signal yet. ``lag``: the
    correlation of neighbouring points of the baseline; ``sigma_z``: of p' and u'.
    """

    kind: str
    rules: str
    measure: str
    unit: str
    group: str
    target: float | None
    better: str
    baseline: int | None
    excluded: tuple
    frame: pd.DataFrame = field(repr=False)
    signals: tuple
    annotations: tuple
    useful: int
    longest: int
    crossings: int
    false_alarm: Rate
    cannot_signal: str
    waiting: tuple
    lag: float
    sigma_z: float
    moving_range: tuple
    with_longer: float


def run_chart(
    points,
    *,
    kind="run",
    rules="anhoej",
    baseline=None,
    exclude=(),
    phases=(),
    target=None,
    better="",
    measure="",
    unit="",
    group="",
    annotations=(),
    tails="auto",
    screen_moving_ranges=False,
):
    """The chart of a measure over time (``RunChart``).

    points: a frame as ``points.read_points`` takes it. kind: one of ``points.KINDS``; rules: one of
    ``rules.RULE_SETS``. baseline: how many first points set the centre and the limits, frozen from
    then on; None for all of them. exclude: dates of the baseline left out of it, with a known
    cause. phases: dates from which a new centre and new limits are found. target: in the chart's
    unit. better: "higher" or "lower". annotations: (date, text) or (date, text, cycle), each pinned
    to the first point on or after its date. tails: as ``control_limits.limits``. Raises ``Refusal``
    naming the row or the option that is wrong.
    """
    check_options(rules, better, tails, target)
    frame = read_points(points, kind)
    phase = phase_numbers(frame, phases)
    base = baseline_points(frame, phase, baseline, exclude)
    how = {"tails": tails, "screen": screen_moving_ranges}
    limits = limits_of_phases(frame, kind, base, phase, **how)
    found = signals(rules, limits, phase)
    rate = phases_false_alarms(rules, frame, kind, base, phase, **how)
    present = phase == phase[-1]
    frozen = None if phase[-1] else baseline
    frame = frame.assign(phase=phase, in_baseline=base, **_lines(limits))
    frame = _with_signals(frame, found, better)
    return RunChart(
        kind=kind,
        rules=rules,
        measure=str(measure),
        unit=str(unit) or _unit(frame, kind),
        group=str(group),
        target=target,
        better=better,
        baseline=baseline,
        excluded=tuple(map(str, exclude)),
        frame=frame,
        signals=found,
        annotations=pinned(frame, annotations),
        false_alarm=rate,
        **_present_phase(rules, kind, one_series(limits, present), frozen),
        lag=_lag(frame["value"].to_numpy()[present & base]),
        sigma_z=limits.sigma_z,
        moving_range=limits.moving_range,
        with_longer=with_longer_baseline(rate.rate, rules, frame, kind, frozen, **how),
    )


def compare_rules(points, **same):
    """The same series under every rule set (dict of name to ``RunChart``).

    ``same``: the other options of ``run_chart``.
    """
    return {rules: run_chart(points, rules=rules, **same) for rules in RULE_SETS}


def _present_phase(rules, kind, series, frozen):
    """Runs, crossings and what cannot be seen yet, which are of the present phase alone (dict)."""
    useful, longest, crossings = counts(series)
    n = series.value.size
    return {
        "useful": useful,
        "longest": longest,
        "crossings": crossings,
        "cannot_signal": cannot_signal(rules, n, kind=kind, baseline=frozen),
        "waiting": impossible(rules, n, kind=kind, baseline=frozen),
    }


def _unit(frame, kind):
    """The unit of a chart whose unit is not given: percents are known from their counts (text)."""
    return "percent" if frame["n"].notna().all() and kind not in PER_UNIT else ""


def _lines(limits):
    """The centre, the limits and their sigma as the chart shows them (dict of columns)."""
    # Where the rules look at another scale than the chart shows, one sigma has no one size in it.
    sigma = limits.sigma if limits.power == 1 else np.full(len(limits.sigma), np.nan)
    return {
        "centre": limits.shown(limits.centre),
        "sigma": sigma,
        "lower": limits.shown(limits.lower),
        "upper": limits.shown(limits.upper),
        "exact": limits.exact,
    }


def _with_signals(frame, found, better):
    """The frame of the points with what the rules found in each."""
    rules = [[] for _ in range(len(frame))]
    ways = np.zeros(len(frame), int)
    for signal in found:
        for point in signal.points:
            rules[point].append(signal.rule)
            ways[point] = ways[point] or signal.side
    away = frame["value"] - frame["centre"]
    off_centre = away.abs() > 1e-9 * frame["centre"].abs()
    good = ways * BETTER[better]
    return frame.assign(
        side=np.sign(away).where(off_centre, 0).astype(int),
        signal=list(map(bool, rules)),
        rules=[", ".join(dict.fromkeys(names)) for names in rules],
        concern=np.select([good > 0, good < 0], ["improvement", "concern"], ""),
        gap_before=holidays(frame["at"]),
    )


def _lag(value):
    """The correlation of neighbouring values (float); NaN where they are few or do not vary."""
    before, after = value[:-1], value[1:]
    if len(value) <= 5 or not np.ptp(before) or not np.ptp(after):
        return np.nan
    return float(np.corrcoef(before, after)[0, 1])
