"""Run charts and control charts: a frame and a list of signals, apart from any drawing.

``run_chart`` reads the points, finds the centre and the limits from the baseline, and applies a
rule set; ``run_chart_words`` says it.
"""

from dataclasses import dataclass, field
from numbers import Real

import numpy as np
import pandas as pd

from see_the_system.charts.control_limits import TAILS, limits
from see_the_system.charts.false_alarms import Rate, cannot_signal, chart_false_alarms, impossible
from see_the_system.charts.points import KINDS, PER_UNIT, holidays, read_points, row_name
from see_the_system.charts.rules import RULE_SETS, counts, rules_of, signals
from see_the_system.messages import Refusal

__all__ = ["KINDS", "RULE_SETS", "Annotation", "RunChart", "compare_rules", "run_chart"]

BETTER = ("", "higher", "lower")
OFTEN, LONG_BASELINE = 0.2, 20  # where a baseline is said to be short, and what is said to be long


@dataclass(frozen=True)
class Annotation:
    """What happened at a time, pinned to its point (position from 0): ``cycle`` names the PDSA
    cycle, "" where it is none.
    """

    point: int
    at: pd.Timestamp
    text: str
    cycle: str = ""


@dataclass(frozen=True)
class RunChart:
    """A chart's numbers. ``frame`` has one row a point; ``signals`` what the rules found;
    ``run_chart_words.describe_run_chart`` says it.

    ``frame``: at, value, count, n, phase (0, 1, ...), in_baseline, centre, sigma, lower, upper (NaN
    where the kind has none), exact (the limits are exact tails), side (-1, 0, 1), signal (bool),
    rules (names, joined), concern ("improvement", "concern", ""), gap_before (a school holiday: the
    line is broken, runs go on). ``useful``, ``longest``, ``crossings``: of the present phase.
    ``false_alarm``: how often these rules signal on a chart like this with nothing going on;
    ``with_longer``: with a baseline of 20 points, where that is well worth waiting for.
    ``waiting``: the rules that cannot signal yet. ``lag``: the correlation of neighbouring points
    of the baseline; ``sigma_z``: of p' and u'.
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
    signals: tuple = ()
    annotations: tuple = ()
    useful: int = 0
    longest: int = 0
    crossings: int = 0
    false_alarm: Rate = Rate(0.0, 0.0)
    cannot_signal: str = ""
    waiting: tuple = ()
    lag: float = np.nan
    sigma_z: float = np.nan
    moving_range: tuple = (np.nan, np.nan)
    with_longer: float = np.nan


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

    points: a frame as ``run_points.read_points`` takes it. kind: one of ``KINDS``; rules: one of
    ``RULE_SETS``. baseline: how many first points set the centre and the limits, frozen from then
    on; None for all of them. exclude: dates of the baseline left out of it, with a known cause.
    phases: dates from which a new centre and new limits are found. target: in the chart's unit.
    better: "higher" or "lower". annotations: (date, text) or (date, text, cycle), each pinned to
    the first point on or after its date. tails: as ``control_limits.limits``. Raises ``Refusal``
    naming the row or the option that is wrong.
    """
    _options(rules, better, tails, target)
    frame = read_points(points, kind)
    phase = _phases(frame, phases)
    base = _baseline(frame, phase, baseline, exclude)
    found, parts = _limits(frame, kind, phase, base, tails, screen_moving_ranges)
    frame = frame.assign(
        phase=phase,
        in_baseline=base,
        **{name: found[name] for name in ("centre", "sigma", "lower", "upper", "exact")},
    )
    scale = [found[f"rule_{name}"] for name in ("value", "centre")]
    told = signals(
        rules,
        *scale,
        sigma=found["rule_sigma"],
        lower=found["rule_lower"],
        upper=found["rule_upper"],
        phase=phase,
    )
    frame = _marked(frame, told, better)
    last = phase == phase[-1]
    size, frozen = int(last.sum()), baseline if phase[-1] == 0 else None
    useful, longest, crossings = counts(scale[0][last], scale[1][last])
    false_alarm = _false_alarm(rules, frame, kind, phase, base, tails, screen_moving_ranges)
    return RunChart(
        kind,
        rules,
        str(measure),
        str(unit or ("percent" if frame["n"].notna().all() and kind not in PER_UNIT else "")),
        str(group),
        target,
        better,
        baseline,
        tuple(map(str, exclude)),
        frame,
        told,
        _pinned(frame, annotations),
        useful,
        longest,
        crossings,
        false_alarm,
        cannot_signal(rules, size, kind=kind, baseline=frozen),
        impossible(rules, size, kind=kind, baseline=frozen),
        _lag(frame, last & base),
        parts[-1].sigma_z,
        parts[-1].moving_range,
        _with_longer(
            false_alarm.rate, rules, frame, kind, phase, baseline, tails, screen_moving_ranges
        ),
    )


def compare_rules(points, **same):
    """The same series under every rule set (dict of name to ``RunChart``); ``same``: the other
    options of ``run_chart``.
    """
    return {rules: run_chart(points, rules=rules, **same) for rules in RULE_SETS}


def _options(rules, better, tails, target):
    rules_of(rules)
    if better not in BETTER:
        raise Refusal(
            f"The direction of improvement is {better!r}; 'higher', 'lower' or '' was expected."
        )
    if tails not in TAILS:
        raise Refusal(f"tails is {tails!r}; one of {', '.join(map(repr, TAILS))} was expected.")
    if target is not None and not (
        isinstance(target, Real) and not isinstance(target, bool) and np.isfinite(target)
    ):
        raise Refusal(f"The target is {target!r}; a number in the chart's unit was expected.")


def _phases(frame, starts):
    """The phase of each point (int array)."""
    phase = np.zeros(len(frame), int)
    for text in sorted(_date(start, "A phase starts on") for start in starts):
        if not frame["at"].iloc[0] < text <= frame["at"].iloc[-1]:
            raise Refusal(
                f"A phase starts on {text:%Y-%m-%d}, outside the points "
                f"({frame['at'].iloc[0]:%Y-%m-%d} to {frame['at'].iloc[-1]:%Y-%m-%d}). Name "
                "a date between them."
            )
        phase[(frame["at"] >= text).to_numpy()] += 1
    for one, size in zip(*np.unique(phase, return_counts=True)):
        if size < 2:
            first = frame.loc[phase == one, "at"].iloc[0]
            raise Refusal(
                f"The phase from {first:%Y-%m-%d} has 1 point; 2 are needed for a center "
                "line of its own. Start it earlier, or leave it out."
            )
    return np.unique(phase, return_inverse=True)[1]


def _baseline(frame, phase, baseline, exclude):
    """The rows that set the centre and the limits of their phase (bool array)."""
    first = int((phase == 0).sum())
    if baseline is not None:
        if (
            not isinstance(baseline, (int, np.integer))
            or isinstance(baseline, bool)
            or not 2 <= baseline <= first
        ):
            of = "the first phase" if phase.max() else "the chart"
            raise Refusal(
                f"The baseline is {baseline!r} points, and {of} has {first}; a whole number "
                f"from 2 to {first} was expected."
            )
    base = np.ones(len(frame), bool)
    base[(baseline or first) : first] = False
    for text in exclude:
        at = (frame["at"] == _date(text, "A point left out of the baseline is on")).to_numpy()
        if not (at & base).any():
            raise Refusal(
                f"No point of the baseline is on {text}. Name the date of a point that is in it."
            )
        base[at] = False
    for one in range(phase.max() + 1):
        if base[phase == one].sum() < 2:
            raise Refusal(
                f"The baseline of phase {one + 1} keeps fewer than 2 points. Leave fewer of "
                "them out."
            )
    return base


def _limits(frame, kind, phase, base, tails, screen):
    """The limits of every point, each phase from its own baseline: a dict of arrays, as shown and
    as the rules look at them; the parts.
    """
    parts = [
        limits(
            frame[phase == one].reset_index(drop=True),
            kind,
            base[phase == one],
            tails=tails,
            screen=screen,
        )
        for one in range(phase.max() + 1)
    ]
    shown = {
        name: np.concatenate([part.shown(getattr(part, name)) for part in parts])
        for name in ("centre", "lower", "upper")
    }
    shown["sigma"] = np.concatenate(
        [part.sigma if part.power == 1 else np.full(len(part.sigma), np.nan) for part in parts]
    )
    shown["exact"] = np.concatenate([part.exact for part in parts])
    names = ("value", "centre", "sigma", "lower", "upper")
    return shown | {
        f"rule_{name}": np.concatenate([getattr(part, name) for part in parts]) for name in names
    }, parts


def _marked(frame, told, better):
    rules, ways = [[] for _ in range(len(frame))], np.zeros(len(frame), int)
    for signal in told:
        for point in signal.points:
            rules[point].append(signal.rule)
            ways[point] = ways[point] or signal.side
    side = (
        np.sign(frame["value"] - frame["centre"])
        .where((frame["value"] - frame["centre"]).abs() > 1e-9 * frame["centre"].abs(), 0)
        .astype(int)
    )
    good = ways * {"higher": 1, "lower": -1, "": 0}[better]
    return frame.assign(
        side=side,
        signal=[bool(one) for one in rules],
        rules=[", ".join(dict.fromkeys(one)) for one in rules],
        concern=np.select([good > 0, good < 0], ["improvement", "concern"], ""),
        gap_before=holidays(frame["at"]),
    )


def _pinned(frame, annotations):
    pinned = []
    for annotation in annotations:
        at, text, *cycle = annotation
        at = _date(at, "An annotation is on")
        after = np.flatnonzero((frame["at"] >= at).to_numpy())
        if not len(after):
            raise Refusal(
                f"The annotation {str(text)!r} is on {at:%Y-%m-%d}, after the last point, "
                f"{row_name(frame, len(frame) - 1)}. Add the points, or leave it out."
            )
        pinned.append(
            Annotation(int(after[0]), at, str(text), str(cycle[0]) if cycle and cycle[0] else "")
        )
    return tuple(sorted(pinned, key=lambda one: (one.point, one.at)))


def _false_alarm(rules, frame, kind, phase, base, tails, screen):
    """Of the whole chart: the chance that any of its phases signals."""
    rates = [
        chart_false_alarms(
            rules, frame[phase == one], kind, base[phase == one], tails=tails, screen=screen
        )
        for one in range(phase.max() + 1)
    ]
    quiet = np.prod([1 - each.rate for each in rates])
    return Rate(float(1 - quiet), float(np.sqrt(sum(each.error**2 for each in rates))))


def _with_longer(rate, rules, frame, kind, phase, baseline, tails, screen):
    """The false-alarm rate that a baseline of ``LONG_BASELINE`` points would have, where a short
    frozen one makes it high; else NaN.
    """
    if rate < OFTEN or not baseline or not baseline < LONG_BASELINE < len(frame) or phase.max():
        return np.nan
    return chart_false_alarms(
        rules, frame, kind, np.arange(len(frame)) < LONG_BASELINE, tails=tails, screen=screen
    ).rate


def _lag(frame, base):
    value = frame.loc[base, "value"].to_numpy()
    return (
        float(np.corrcoef(value[:-1], value[1:])[0, 1])
        if len(value) > 5 and np.ptp(value[1:]) > 0 and np.ptp(value[:-1]) > 0
        else np.nan
    )


def _date(text, what):
    try:
        at = pd.Timestamp(text)
    except (ValueError, TypeError):
        at = pd.NaT
    if at is pd.NaT or isinstance(text, (int, float)):
        raise Refusal(f"{what} {text!r}; a date such as 2025-09-22 was expected.")
    return at.tz_localize(None)
