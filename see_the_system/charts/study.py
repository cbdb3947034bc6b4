"""The Study step of a test of change: each prediction against what came, and what the run chart has
shown since the test began.
"""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from see_the_system.charts.chart_words import outside_together
from see_the_system.charts.false_alarms import power
from see_the_system.charts.points import BETTER
from see_the_system.charts.predictions import Score, score_prediction
from see_the_system.display import Shown
from see_the_system.messages import counted

LARGE, LIKELY = 2.0, 0.8  # standard deviations that a large change is; how often is likely
YOURS = "That is yours to decide; write the reason down so that the next cycle can learn from it."
_CAUSE = "A chart shows that something changed and when; it does not show what made it change."


@dataclass(frozen=True)
class Study(Shown):
    """What came of a cycle's predictions, and what its chart shows.

    ``scores``: one a prediction. ``point``: the chart's point (0-based) at which the cycle is
    pinned, None where it has none; ``pinned``: where that is, in words. ``seen``: what the chart
    has shown since. ``against_signal``: "" or that the decision is not what the chart shows.
    """

    scores: tuple[Score, ...]
    point: int | None
    pinned: str
    seen: str
    against_signal: str

    @property
    def sentences(self):
        """All of it in the order in which it is read (tuple of text)."""
        sentences = [score.sentence for score in self.scores]
        sentences += [self.pinned, self.seen, self.against_signal]
        return tuple(filter(None, sentences))


class Since(NamedTuple):
    """The signals of a chart that reach beyond a cycle's point (lists).

    ``since``: most of their points came since the cycle; ``before``: most came before it;
    ``either``: they have no direction.
    """

    since: list
    before: list
    either: list


def study(cycle, questions, chart):
    """What came of a cycle's predictions, and what a run chart shows since its point (``Study``).

    It forbids nothing. cycle: anything with id, starts (a date or None) and decision ("", "adopt",
    "adapt" or "abandon"); questions: learning questions, those of other cycles are passed over;
    chart: a ``RunChart``. A signal counts as seen since the cycle where more than half of its
    points do; one that lay before, or has no direction (too few or too many runs of the whole
    series), says nothing about the cycle. Where there is none, ``false_alarms.power`` says how
    often a lasting change of two standard deviations would have shown by now: with few points
    since, or a new centre from the cycle on, no signal is never taken for evidence that nothing
    changed.
    """
    own = [each for each in questions if getattr(each, "cycle", cycle.id) == cycle.id]
    scores = tuple(map(score_prediction, own))
    point = _point_of(cycle, chart)
    if point is None:
        pinned = _why_not_placed(cycle)
        against = _against(cycle.decision, chart, Since([], [], []), pinned)
        return Study(scores, None, pinned, "", against)
    found = _signals_since(chart, point)
    why_none = _why_no_change_could_show(chart, point)
    seen = _seen(chart, point, found, why_none)
    against = _against(cycle.decision, chart, found, why_none)
    return Study(scores, point, _place(chart, point), seen, against)


def _point_of(cycle, chart):
    """The chart's point of a cycle: where it is noted, or the first since its start, or None."""
    for note in chart.annotations:
        if note.cycle == cycle.id:
            return note.point
    if not cycle.starts:
        return None
    since = (pd.to_datetime(chart.frame["at"]) >= pd.Timestamp(cycle.starts)).to_numpy()
    return int(since.argmax()) if since.any() else None


def _why_not_placed(cycle):
    why = "the cycle has no date; give it the day on which it started"
    if cycle.starts:
        why = "this chart has no point since the cycle began"
    return f"The cycle cannot be placed on this chart: {why}."


def _place(chart, point):
    n = len(chart.frame)
    at = pd.Timestamp(chart.frame["at"].iloc[point])
    since = counted(n - point, "point")
    return f"The cycle stands at point {point + 1} of {n} ({at:%B} {at.day}); {since} since."


def _signals_since(chart, point):
    found = Since([], [], [])
    for signal in sorted(chart.signals, key=lambda signal: max(signal.points)):
        since = sum(place >= point for place in signal.points)
        if not since:
            continue
        if not signal.side:
            found.either.append(signal)
        elif 2 * since > len(signal.points):
            found.since.append(signal)
        else:
            found.before.append(signal)
    return found


def _why_no_change_could_show(chart, point):
    """Why a chart cannot show a change that came with the cycle ("" where it can)."""
    if chart.cannot_signal:
        return chart.cannot_signal
    if point == 0:
        return "This chart has no point from before the cycle to compare with."
    if chart.frame["value"].nunique() == 1:
        return "Every point is the same, so that there is no usual spread to hold a change against."
    phases = chart.frame["phase"]
    if phases.iloc[-1] != phases.iloc[point - 1]:
        return (
            "This chart takes a new center after the cycle began, and no rule looks across that; "
            "freeze the baseline before the cycle."
        )
    return ""


def _seen(chart, point, found, why_none):
    if found.since:
        return " ".join([*_since_words(chart, found.since, point), _CAUSE])
    words = " ".join(signal.words for signal in found.before or found.either)
    if found.before:
        return (
            f"What the chart shows had begun before the cycle: {words} It cannot tell what the "
            "cycle added."
        )
    if found.either:
        return (
            f"The chart shows something, and not when or which way: {words} So it does not speak "
            "for or against the cycle."
        )
    if why_none:
        return (
            f"{why_none} So it speaks neither for nor against the cycle, and is not evidence that "
            "nothing changed."
        )
    return f"The chart shows no signal since the cycle began. {_could_show(chart, point)}"


def _could_show(chart, point):
    """What no signal means (text).

    How often the chart would by now have shown a large change that came with the cycle.
    """
    phases = chart.frame["phase"].to_numpy()
    present = phases == phases[-1]
    rate = power(
        chart.rules,
        present.sum(),
        kind=chart.kind,
        baseline=chart.frozen[-1],
        shift=LARGE,
        at=point - present.argmax(),
    ).rate
    often = "would hardly ever have shown it"
    if rate >= 0.05:
        often = f"would have shown it about {counted(round(10 * rate), 'time')} in 10"
    if rate >= 0.95:
        often = "would nearly always have shown it"
    points = counted(len(phases) - point, "point")
    lead = f"Had the measure moved by {LARGE:g} times its usual spread, the {points} since {often}"
    if rate >= LIKELY:
        return f"{lead}: so large a lasting change is unlikely, and a smaller one may be there."
    return f"{lead}, so this is not evidence that nothing changed: add points and look again."


def _since_words(chart, since, point):
    """What was seen since the cycle, each direction by itself (list of sentences)."""
    kinds = {1: "a signal of improvement", -1: "a signal in the unwanted direction", 0: "a signal"}
    words = []
    for good in dict.fromkeys(_good(chart, signal) for signal in since):
        words.append(f"Since the cycle began the chart shows {kinds[good]}.")
        for signal in outside_together(each for each in since if _good(chart, each) == good):
            words.append(signal.words)
            early = sum(place < point for place in signal.points)
            if early:
                words.append(f"{early} of its points came before the cycle.")
    if not chart.better:
        words.append(
            "The chart does not say which way is better, so it cannot be called an improvement."
        )
    return words


def _good(chart, signal):
    """1 for a signal of improvement, -1 for one the other way, 0 where the chart does not say."""
    return signal.side * BETTER[chart.better]


def _against(decision, chart, found, why_none):
    """That the decision is not what the chart shows ("" where it is, or nothing can be said)."""
    goods = [_good(chart, signal) for signal in found.since]
    both = " and one the other way" if {1, -1} <= set(goods) else ""
    if decision == "abandon" and 1 in goods:
        return f"You decided to abandon; the chart shows a signal of improvement{both}. {YOURS}"
    if decision != "adopt" or (goods and goods[-1] >= 0):
        return ""
    if goods:
        shows = f"shows a signal in the unwanted direction{both}"
    elif found.before:
        shows = "shows something that began before the cycle, and not that it is better since"
    elif found.either:
        shows = "shows something unusual, and not that it is better since"
    elif why_none:
        shows = "cannot show yet whether anything changed"
    else:
        shows = "does not yet show a change"
    return f"You decided to adopt; the chart {shows}. {YOURS}"
