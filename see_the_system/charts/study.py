"""The Study step of a test of change: each prediction against what came, and what the run chart has
shown since the test began.
"""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from see_the_system.charts.false_alarms import power
from see_the_system.charts.predictions import Score, score_prediction
from see_the_system.charts.signals import outside_together
from see_the_system.display import Shown

LARGE, LIKELY = 2.0, 0.8
YOURS = "That is yours to decide; write the reason down so that the next cycle can learn from it."


@dataclass(frozen=True)
class Study(Shown):
    """``scores``: one a prediction; ``point``: the chart's point (0-based) at which the cycle is
    pinned, None where it has none.

    ``pinned``: where that is, in words; ``seen``: what the chart has shown since;
    ``against_signal``: "" or that the decision is not what the chart shows; ``sentences``: all of
    it in the order in which it is read.
    """

    scores: tuple[Score, ...]
    point: int | None
    pinned: str
    seen: str
    against_signal: str

    @property
    def sentences(self):
        return tuple(
            filter(
                None,
                (
                    *(score.sentence for score in self.scores),
                    self.pinned,
                    self.seen,
                    self.against_signal,
                ),
            )
        )


def study(cycle, questions, chart):
    """What came of a cycle's predictions, and what a run chart shows since its point (``Study``).
    It forbids nothing.

    cycle: anything with id, starts (a date or None) and decision ("", "adopt", "adapt" or
    "abandon"); questions: learning questions, those of other cycles are passed over; chart: a
    ``RunChart``. A signal counts as seen since the cycle where more than half of its points do; one
    that lay before, or has no direction (too few or too many runs of the whole series), says
    nothing about the cycle. Where there is none, ``false_alarms.power`` says how often a lasting
    change of two standard deviations would have shown by now: with few points since, or a new
    centre from the cycle on, no signal is never taken for evidence that nothing changed.
    """
    scores = tuple(
        score_prediction(one) for one in questions if getattr(one, "cycle", cycle.id) == cycle.id
    )
    at = pd.to_datetime(chart.frame["at"])
    point, pinned = _pin(cycle, chart, at)
    if point is None:
        return Study(
            scores, None, pinned, "", _against(cycle.decision, chart, Found([], [], []), pinned)
        )
    found = _found(chart, point)
    mute = _mute(chart, point)
    return Study(
        scores,
        point,
        pinned,
        _seen(chart, point, found, mute),
        _against(cycle.decision, chart, found, mute),
    )


class Found(NamedTuple):
    """The signals that reach beyond a cycle's point: those ``since``, those mostly there
    ``before``, those with no way (lists).
    """

    since: list
    before: list
    either: list


def _found(chart, point):
    found = Found([], [], [])
    for one in sorted(chart.signals, key=lambda one: max(one.points)):
        if max(one.points) >= point:
            mostly = 2 * sum(place >= point for place in one.points) > len(one.points)
            (found.either if not one.side else found.since if mostly else found.before).append(one)
    return found


def _pin(cycle, chart, at):
    """The point of a cycle, and where it is in words."""
    named = next((one.point for one in chart.annotations if one.cycle == cycle.id), None)
    after = (
        at.to_numpy() >= pd.Timestamp(cycle.starts).to_datetime64()
        if named is None and cycle.starts
        else []
    )
    if named is None and not any(after):
        why = (
            "this chart has no point since the cycle began"
            if cycle.starts
            else "the cycle has no date; give it the day on which it started"
        )
        return None, f"The cycle cannot be placed on this chart: {why}."
    point = named if named is not None else int(after.argmax())
    left = len(at) - point
    return (
        point,
        f"The cycle stands at point {point + 1} of {len(at)} ({at.iloc[point]:%B} "
        f"{at.iloc[point].day}); {_many(left, 'point')} since.",
    )


def _mute(chart, point):
    """Why a chart cannot show a change that came with the cycle ("" where it can)."""
    phases = chart.frame["phase"].to_numpy()
    if chart.cannot_signal:
        return chart.cannot_signal
    if point == 0:
        return "This chart has no point from before the cycle to compare with."
    if phases[-1] != phases[point - 1]:
        return (
            "This chart takes a new center after the cycle began, and no rule looks across that; "
            "freeze the baseline before the cycle."
        )
    return ""


def _seen(chart, point, found, mute):
    if found.since:
        return " ".join(
            [
                *_signals(chart, found.since, point),
                "A chart shows that something changed and when; it does not show what made "
                "it change.",
            ]
        )
    if found.before:
        said = " ".join(one.words.strip() for one in found.before)
        return (
            f"What the chart shows had begun before the cycle: {said} It cannot tell what the "
            "cycle added."
        )
    if found.either:
        said = " ".join(one.words.strip() for one in found.either)
        return (
            f"The chart shows something, and not when or which way: {said} So it does not speak "
            "for or against the cycle."
        )
    if mute:
        return (
            f"{mute} So it speaks neither for nor against the cycle, and is not evidence that "
            "nothing changed."
        )
    return f"The chart shows no signal since the cycle began. {_could_show(chart, point)}"


def _could_show(chart, point):
    """How often the chart would by now have shown a large change that came with the cycle, and so
    what no signal means (text).
    """
    phases = chart.frame["phase"].to_numpy()
    inside, first = int((phases == phases[-1]).sum()), int((phases == phases[-1]).argmax())
    frozen = chart.baseline if phases[-1] == 0 else None
    rate = power(
        chart.rules, inside, kind=chart.kind, baseline=frozen, shift=LARGE, at=point - first
    ).rate
    often = (
        f"would have shown it about {_many(round(10 * rate), 'time')} in 10"
        if rate >= 0.05
        else "would hardly ever have shown it"
    )
    points = _many(len(phases) - point, "point")
    lead = f"Had the measure moved by {LARGE:g} times its usual spread, the {points} since {often}"
    if rate >= LIKELY:
        return f"{lead}: so large a lasting change is unlikely, and a smaller one may be there."
    return f"{lead}, so this is not evidence that nothing changed: add points and look again."


def _signals(chart, since, point):
    """What was seen since the cycle, each way said once (list of sentences)."""
    kinds = {1: "a signal of improvement", -1: "a signal in the unwanted direction", 0: "a signal"}
    said = []
    for way in dict.fromkeys(_good(chart, one) for one in since):
        found = outside_together([one for one in since if _good(chart, one) == way])
        said.append(f"Since the cycle began the chart shows {kinds[way]}.")
        for one in found:
            early = sum(place < point for place in one.points)
            said.append(
                one.words + (f" {early} of its points came before the cycle." if early else "")
            )
    unsaid = (
        ""
        if chart.better
        else "The chart does not say which way is better, so it cannot be called an improvement."
    )
    return [*said, *filter(None, [unsaid])]


def _good(chart, signal):
    """1 where a signal goes the way that is better, -1 the other way, 0 where the chart does not
    say which is better.
    """
    return signal.side * {"higher": 1, "lower": -1}.get(chart.better, 0)


def _against(decision, chart, found, mute):
    """That the decision is not what the chart shows ("" where it is, or nothing can be said)."""
    ways = [_good(chart, one) for one in found.since]
    both = " and one the other way" if {1, -1} <= set(ways) else ""
    if decision == "abandon" and 1 in ways:
        return f"You decided to abandon; the chart shows a signal of improvement{both}. {YOURS}"
    if decision != "adopt" or (ways and ways[-1] >= 0):
        return ""
    if ways:
        shows = f"shows a signal in the unwanted direction{both}"
    elif found.before or found.either:
        shows = (
            f"shows something {'that began before the cycle' if found.before else 'unusual'}, "
            "and not that it is better since"
        )
    else:
        shows = "cannot show yet whether anything changed" if mute else "does not yet show a change"
    return f"You decided to adopt; the chart {shows}. {YOURS}"


def _many(count, thing):
    return f"{count} {thing}{'' if count == 1 else 's'}"
