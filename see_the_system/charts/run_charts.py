"""Run charts and control charts: a frame and a list of signals, apart from any drawing.

``run_chart`` reads the points, finds the centre and the limits from the baseline, and applies a
rule set; ``signals`` makes sentences of the points that take part in a rule; ``chart_words`` says
the whole chart.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from numbers import Real
from typing import NamedTuple

import numpy as np
import pandas as pd

from see_the_system.charts.control_limits import (
    TAILS,
    anhoej_limits,
    counts,
    limits_of_phases,
    one_series,
    runs_range,
)
from see_the_system.charts.false_alarms import (
    Rate,
    cannot_signal,
    impossible,
    phases_false_alarms,
    with_longer_baseline,
)
from see_the_system.charts.points import (
    BETTER,
    PER_UNIT,
    baseline_points,
    holidays,
    one_for_each_phase,
    phase_numbers,
    pinned,
    read_baselines,
    read_points,
)
from see_the_system.charts.rules import PATTERNS, RULE_SETS, rule_mask, rules_of, trend_steps
from see_the_system.display import Shown
from see_the_system.messages import Refusal

_SIDES = {1: "above", -1: "below", 0: "around"}


class Signal(NamedTuple):
    """One signal: its rule, its points (positions from 0), its side and a sentence.

    ``side``: +1 above or rising, -1 below or falling, 0 neither.
    """

    rule: str
    points: tuple
    side: int
    words: str


@dataclass(frozen=True)
class RunChart(Shown):
    """A chart's numbers; ``chart_words.describe_run_chart`` says it.

    ``frame``, one row a point: at, value, count, n, phase (0, 1, ...), in_baseline, centre, sigma,
    lower, upper (NaN where the kind has none), exact (the limits are exact tails), side (-1, 0, 1),
    signal (bool), rules (names, joined), concern ("improvement", "concern", ""), gap_before (a
    school holiday: the line is broken, runs go on). ``baseline``: as it was given; ``frozen``: for
    each phase how many first points set its centre and limits, None where all of them do.
    ``signals``: what the rules found. ``useful``, ``longest``, ``crossings``: of the present phase.
    ``false_alarm``: how often these rules signal on a chart like this with nothing going on;
    ``with_longer``: with a baseline of 20 points in the present phase, where that is well worth
    waiting for. ``waiting``: the rules that cannot signal yet. ``lag``: the correlation of
    neighbouring points of the baseline; ``sigma_z``: of p' and u'.
    """

    kind: str
    rules: str
    measure: str
    unit: str
    group: str
    target: float | None
    better: str
    baseline: int | tuple | None
    frozen: tuple
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
    dates="",
    school_year=None,
):
    """The chart of a measure over time (``RunChart``).

    points: a frame as ``points.read_points`` takes it. kind: one of ``points.KINDS``; rules: one of
    ``rules.RULE_SETS``. baseline: how many first points set the centre and the limits, frozen from
    then on; None for all of them. With phases, one number is for the first of them, and the others
    use all of their points; a list has one entry for each phase in the order of time, a number or
    None, as ``baseline=[None, 12]``. exclude: dates of the baseline left out of it, with a known
    cause. phases: dates from which a new centre and new limits are found. target: in the chart's
    unit. better: "higher" or "lower". annotations: (date, text) or (date, text, cycle), each pinned
    to the first point on or after its date. tails: as ``control_limits.limits``. dates: how the
    dates are written, where two ways fit; school_year: that of dates without a year, such as
    "2025-26". Raises ``Refusal`` naming the row or the option that is wrong.
    """
    check_options(rules, better, tails, target)
    frame = read_points(points, kind, dates=dates, school_year=school_year)
    phase = phase_numbers(frame, phases)
    baselines = read_baselines(frame, phase, baseline)
    base = baseline_points(frame, phase, baselines, exclude)
    how = {"tails": tails, "screen": screen_moving_ranges}
    limits = limits_of_phases(frame, kind, base, phase, **how)
    found = signals(rules, limits, phase)
    rate = phases_false_alarms(rules, frame, kind, base, phase, **how)
    present = phase == phase[-1]
    frame = frame.assign(phase=phase, in_baseline=base, **limits.lines())
    frame = _with_signals(frame, found, better)
    return RunChart(
        kind=kind,
        rules=rules,
        measure=str(measure),
        unit=str(unit) or _unit(frame, kind),
        group=str(group),
        target=target,
        better=better,
        baseline=baselines if one_for_each_phase(baseline) else baselines[0],
        frozen=_frozen(baselines, phase),
        excluded=tuple(map(str, exclude)),
        frame=frame,
        signals=found,
        annotations=pinned(frame, annotations),
        false_alarm=rate,
        **_present_phase(rules, kind, one_series(limits, present), baselines[-1]),
        lag=_lag(frame["value"].to_numpy()[present & base]),
        sigma_z=limits.sigma_z,
        moving_range=limits.moving_range,
        with_longer=with_longer_baseline(
            rate.rate, rules, frame, kind, base, phase, baselines[-1], **how
        ),
    )


def compare_rules(points, **same):
    """The same series under every rule set (dict of name to ``RunChart``).

    ``same``: the other options of ``run_chart``.
    """
    return {rules: run_chart(points, rules=rules, **same) for rules in RULE_SETS}


def check_options(rules, better, tails, target):
    """Raises ``Refusal`` for an option that no points could make right."""
    rules_of(rules)
    if better not in BETTER:
        raise Refusal(
            f"The direction of improvement is {better!r}; 'higher', 'lower' or '' was expected."
        )
    if tails not in TAILS:
        allowed = ", ".join(map(repr, TAILS))
        raise Refusal(f"tails is {tails!r}; one of {allowed} was expected.")
    if target is None:
        return
    if isinstance(target, bool) or not isinstance(target, Real) or not np.isfinite(target):
        raise Refusal(f"The target is {target!r}; a number in the chart's unit was expected.")


def _frozen(baselines, phase):
    """The baselines of the phases that have points beyond them, None for the others (tuple)."""
    sizes = np.bincount(phase)
    pairs = zip(baselines, sizes, strict=True)
    return tuple(first if first and first < size else None for first, size in pairs)


def _present_phase(rules, kind, series, baseline):
    """Runs, crossings and what cannot be seen yet, which are of the present phase alone (dict)."""
    useful, longest, crossings = counts(series)
    n = series.value.size
    return {
        "useful": useful,
        "longest": longest,
        "crossings": crossings,
        "cannot_signal": cannot_signal(rules, n, kind=kind, baseline=baseline),
        "waiting": impossible(rules, n, kind=kind, baseline=baseline),
    }


def _unit(frame, kind):
    """The unit of a chart whose unit is not given: percents are known from their counts (text)."""
    return "percent" if frame["n"].notna().all() and kind not in PER_UNIT else ""


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


def signals(rules, points, phase):
    """The signals of one chart (tuple of ``Signal``, by first point), after the rule set ``rules``.

    points: value, centre, sigma, lower and upper as arrays of n, in the order of time, as
    ``Limits`` has them; a chart without limits has a sigma of NaN, and rules that need limits do
    not apply to it. phase: an int for each point; no rule looks across two phases. Raises
    ``Refusal`` for an unknown set.
    """
    names = rules_of(rules)
    found = []
    for number in np.unique(phase):
        inside = phase == number
        series = one_series(points, inside)
        for name in names:
            found += _signals_of(name, series, np.flatnonzero(inside))
    return tuple(sorted(found, key=lambda signal: (signal.points[0], names.index(signal.rule))))


def _signals_of(name, series, places):
    """The signals of a rule in one series whose points stand at ``places`` of the chart (list)."""
    rule = PATTERNS[name]
    marked = np.flatnonzero(rule_mask(name, series)[0])
    found = []
    for points, side in _parts(rule, series, marked) if len(marked) else ():
        in_chart = tuple(places[points].tolist())
        words = _words(rule, in_chart, side, series)
        found.append(Signal(name, in_chart, int(side), words))
    return found


def _parts(rule, series, marked):
    """The points and the side of each signal of a rule (list of pairs)."""
    side = series.side[0]
    match rule.parts:
        case "all":
            return [(marked, 0)]
        case "each":
            return [([point], side[point]) for point in marked]
        case "trends":
            return _trends(trend_steps(series, rule)[0])
        case "runs":
            # Points on the centre between those of a run do not part them.
            return _rows(marked, side, lambda last, point: not side[last + 1 : point].any())
        case "any side":
            side = np.zeros_like(side)
    return _rows(marked, side, lambda last, point: point - last <= 2)


def _trends(step):
    """Trends from their steps: two that turn into one another share a point."""
    at = np.flatnonzero(step)
    parts = np.split(at, np.flatnonzero(np.diff(step[at])) + 1)
    return [(np.unique([part, part + 1]), step[part[0]]) for part in parts]


def _rows(marked, side, together):
    """Points on one side, each ``together`` with the one before (list as of ``_parts``)."""
    rows = [[marked[0]]]
    for last, point in pairwise(marked):
        if side[last] == side[point] and together(last, point):
            rows[-1].append(point)
        else:
            rows.append([point])
    return [(row, side[row[0]]) for row in rows]


def _words(rule, points, side, series):
    """One sentence: what was seen and where, points counted from 1."""
    where = f"Point {points[0] + 1}"
    if len(points) > 1:
        where = f"Points {points[0] + 1} to {points[-1] + 1}"
    filled_in = {"where": where, "count": len(points), "side": _SIDES[side]}
    filled_in["step"] = "higher" if side > 0 else "lower"
    if rule.parts == "all":
        filled_in |= _held_against_chance(series)
    return rule.words.format(**filled_in)


def _held_against_chance(series):
    """What the sentences about a whole chart say: its runs and crossings, and those of chance."""
    useful, _, crossings = counts(series)
    fewest, most = runs_range(useful)
    return {
        "crossings": _times(crossings),
        "fewest_crossings": anhoej_limits(useful)[1],
        "runs": crossings + 1,
        "fewest_runs": fewest,
        "most_runs": most,
    }


def _times(count):
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
