"""The options of a run chart, read against its points, or refused in one sentence."""

from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from see_the_system.charts.control_limits import TAILS
from see_the_system.charts.points import row_name
from see_the_system.charts.rules import rules_of
from see_the_system.messages import Refusal

BETTER = {"": 0, "higher": 1, "lower": -1}  # the side on which a signal is an improvement


@dataclass(frozen=True)
class Annotation:
    """What happened at a time, pinned to its point (position from 0).

    ``cycle`` names the PDSA cycle, "" where it is none.
    """

    point: int
    at: pd.Timestamp
    text: str
    cycle: str = ""


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


def phase_numbers(frame, starts):
    """The phase of each point, 0, 1, ... (int array), from the dates on which phases start."""
    at = frame["at"]
    first, last = at.iloc[0], at.iloc[-1]
    phase = np.zeros(len(frame), int)
    for start in sorted(_date(start, "A phase starts on") for start in starts):
        if not first < start <= last:
            raise Refusal(
                f"A phase starts on {start:%Y-%m-%d}, outside the points ({first:%Y-%m-%d} to "
                f"{last:%Y-%m-%d}). Name a date between them."
            )
        phase[(at >= start).to_numpy()] += 1
    # A date given twice leaves out a number: they are counted anew.
    sizes = np.bincount(np.unique(phase, return_inverse=True)[1])
    phase = np.repeat(np.arange(len(sizes)), sizes)
    if sizes.min() < 2:
        start = at.iloc[(phase == sizes.argmin()).argmax()]
        raise Refusal(
            f"The phase from {start:%Y-%m-%d} has 1 point; 2 are needed for a center line of its "
            "own. Start it earlier, or leave it out."
        )
    return phase


def baseline_points(frame, phase, baseline, exclude):
    """The rows that set the centre and the limits of their phase (bool array)."""
    first_phase = int((phase == 0).sum())
    base = np.ones(len(frame), bool)
    if baseline is not None:
        whole = isinstance(baseline, (int, np.integer)) and not isinstance(baseline, bool)
        if not whole or not 2 <= baseline <= first_phase:
            of = "the first phase" if phase.max() else "the chart"
            raise Refusal(
                f"The baseline is {baseline!r} points, and {of} has {first_phase}; a whole number "
                f"from 2 to {first_phase} was expected."
            )
        base[baseline:first_phase] = False
    for text in exclude:
        date = _date(text, "A point left out of the baseline is on")
        left_out = (frame["at"] == date).to_numpy()
        if not (left_out & base).any():
            raise Refusal(
                f"No point of the baseline is on {text}. Name the date of a point that is in it."
            )
        base[left_out] = False
    for number in range(phase.max() + 1):
        if base[phase == number].sum() < 2:
            raise Refusal(
                f"The baseline of phase {number + 1} keeps fewer than 2 points. Leave fewer of "
                "them out."
            )
    return base


def pinned(frame, annotations):
    """What happened when, each at the first point on or after it (tuple of ``Annotation``)."""
    found = []
    for date, text, *cycle in annotations:
        at = _date(date, "An annotation is on")
        later = (frame["at"] >= at).to_numpy()
        if not later.any():
            last = row_name(frame, len(frame) - 1)
            raise Refusal(
                f"The annotation {str(text)!r} is on {at:%Y-%m-%d}, after the last point, {last}. "
                "Add the points, or leave it out."
            )
        named = str(cycle[0] or "") if cycle else ""
        found.append(Annotation(int(later.argmax()), at, str(text), named))
    return tuple(sorted(found, key=lambda note: (note.point, note.at)))


def _date(text, what):
    try:
        at = pd.Timestamp(text)
    except (ValueError, TypeError):
        at = pd.NaT
    if at is pd.NaT or isinstance(text, (int, float)):
        raise Refusal(f"{what} {text!r}; a date such as 2025-09-22 was expected.")
    return at.tz_localize(None)
