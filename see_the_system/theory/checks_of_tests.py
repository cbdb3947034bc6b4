"""What the checks look for in the tests of change.

The features are those of Taylor and others, BMJ Quality & Safety, 2014 (linked cycles, prediction,
small scale, data over time, documentation) and Knudsen and others, BMC Health Services Research,
2019 (a rationale; two linked cycles; three points in a row).
"""

from see_the_system.messages import are, listed
from see_the_system.theory.model import (
    answered,
    full_name,
    in_numbers,
    missed,
    predicted,
    rule,
    tests_by_idea,
)

ONE_CLASS = 40
_PARTS = {
    "plan": "what was planned",
    "did": "what was done",
    "studied": "what was learned",
    "reason": "the reason for the decision",
}


@rule(
    "must",
    "tests",
    "A prediction made in the plan is what a test is compared with, and so how a team learns "
    "(Taylor and others, BMJ Quality & Safety, 2014).",
)
def cycle_prediction(theory):
    """A test has no prediction."""
    for cycle in theory.cycles:
        if predicted(theory, cycle):
            continue
        name = full_name(cycle)
        do = "Write down what you expect to see, before you look."
        if cycle.did:  # too late to predict what has been seen
            do = "Say so in what you studied, and write the next prediction before you look."
        yield cycle.id, f"The {name} has no prediction.", do


@rule(
    "should",
    "tests",
    "The study step compares what came with what was predicted (Taylor and others, BMJ Quality & "
    "Safety, 2014).",
)
def cycle_compared(theory):
    """A test is decided and its result is not beside its prediction."""
    for cycle in theory.cycles:
        if cycle.decision and not all(map(answered, predicted(theory, cycle))):
            name = full_name(cycle)
            yield (
                cycle.id,
                f"The {name} is decided, and a prediction has no result beside it.",
                "Write what came beside what you predicted, and what the difference teaches.",
            )


@rule(
    "should",
    "tests",
    "A test teaches by the difference between what was predicted and what came, so a miss asks "
    "for a word (after Taylor and others, BMJ Quality & Safety, 2014).",
)
def cycle_missed(theory):
    """A change was adopted although a prediction in numbers was missed, and no reason is
    written.
    """
    for cycle in theory.cycles:
        if _adopted_after_a_miss(theory, cycle):
            name = full_name(cycle)
            yield (
                cycle.id,
                f"After the {name} you adopted the change, what came is not what you had "
                "predicted, and no reason is written.",
                "Write in a sentence why you adopt it all the same, and what you now expect.",
            )


def _adopted_after_a_miss(theory, cycle):
    """Whether a change was adopted after a missed prediction, with no reason given (bool)."""
    if cycle.decision != "adopt" or cycle.reason.strip():
        return False
    return any(map(missed, predicted(theory, cycle)))


@rule(
    "consider",
    "tests",
    "Only a prediction with a confidence can show a team over time whether it is as often right "
    "as it is sure (this curriculum's own rule).",
)
def prediction_confidence(theory):
    """A prediction in numbers does not say how sure the team is."""
    for cycle in theory.cycles:
        for question in filter(in_numbers, predicted(theory, cycle)):
            if question.confidence is None and not answered(question):
                name = full_name(question)
                yield (
                    question.id,
                    f"The {name} predicts in numbers and does not say how sure you are.",
                    "Write how sure you are, in percent, so that you can see your own calibration.",
                )


@rule(
    "should",
    "tests",
    "A first test is small because nobody knows yet whether it works; its scale grows as "
    "confidence does (Taylor and others, BMJ Quality & Safety, 2014).",
)
def cycle_large(theory):
    """A first test has more than one teacher or more than one class."""
    for cycles in tests_by_idea(theory):
        first = cycles[0]
        size = []
        if (first.teachers or 0) > 1:
            size.append(f"{first.teachers} teachers")
        if (first.students or 0) > ONE_CLASS:
            size.append(f"{first.students} students")
        if size and first.previous is None:
            name = full_name(first)
            yield (
                first.id,
                f"The first {name} has {listed(size)}.",
                "Start with one teacher, one class and one day, and grow from what you learn.",
            )


@rule(
    "should",
    "tests",
    "A change takes two linked tests or more, each built on what the one before taught (Knudsen "
    "and others, BMC Health Services Research, 2019).",
)
def cycle_alone(theory):
    """A change was adopted or adapted after a single test, with no next one named."""
    followed = {cycle.previous for cycle in theory.cycles}
    for cycles in tests_by_idea(theory):
        last = cycles[-1]
        alone = len(cycles) == 1 and last.previous is None
        goes_on = last.next or last.id in followed
        if alone and not goes_on and last.decision in ("adopt", "adapt"):
            name = full_name(last)
            yield (
                last.id,
                f"After the {name}, the first of its kind, you decided to {last.decision} the "
                "change, and no next test is named.",
                "Name the next test: another class, another day, or the change as you adapted it.",
            )


@rule(
    "should",
    "tests",
    "A test without data cannot be compared with its prediction (Taylor and others, BMJ Quality & "
    "Safety, 2014).",
)
def cycle_measure(theory):
    """A test collects no data."""
    for cycles in tests_by_idea(theory):
        held = any(cycle.did or cycle.decision for cycle in cycles)
        if held and not any(cycle.measures for cycle in cycles):
            name = full_name(cycles[-1])
            yield (
                cycles[-1].id,
                f"The {name} was done and names no measure.",
                "Name what you counted or watched, even if it was five answers on paper.",
            )


@rule(
    "consider",
    "tests",
    "Data at three or more points in a row show whether a process changed or only varied (Knudsen "
    "and others, BMC Health Services Research, 2019).",
)
def cycle_over_time(theory):
    """The measures of a tested change are not collected over time."""
    for cycles in tests_by_idea(theory):
        last = cycles[-1]
        measures = [theory.by_id[measure] for cycle in cycles for measure in cycle.measures]
        repeated = any(measure.frequency for measure in measures)
        if measures and not repeated and last.decision == "adopt":
            name = full_name(last)
            yield (
                last.id,
                f"After the {name} you adopted the change, and none of its measures says how "
                "often it is taken.",
                "Take it at three or more points in a row, and put them on a run chart.",
            )


@rule(
    "should",
    "tests",
    "A test teaches most when it says why the change should work (Knudsen and others, BMC Health "
    "Services Research, 2019).",
)
def cycle_rationale(theory):
    """A test belongs to no change idea that serves a driver."""
    for cycle in theory.cycles:
        why = _without_driver(theory, cycle)
        if why:
            name = full_name(cycle)
            yield (
                cycle.id,
                f"The {name} does not say why the change should work: {why}.",
                "Connect it to a change idea, and the idea to a driver.",
            )


def _without_driver(theory, cycle):
    """What is missing between a test and a driver (text, "" where nothing is)."""
    idea = theory.by_id.get(cycle.idea)
    if idea is None:
        return "it names no change idea"
    return "" if idea.drivers else f"its {full_name(idea)} serves no driver"


@rule(
    "should",
    "tests",
    "What is not written down cannot be learned from, here or elsewhere (Taylor and others, BMJ "
    "Quality & Safety, 2014).",
)
def cycle_written(theory):
    """A test is decided and part of it is not written down."""
    for cycle in theory.cycles:
        missing = [words for field, words in _PARTS.items() if not getattr(cycle, field)]
        if _adopted_after_a_miss(theory, cycle) and not cycle.reason:
            missing.remove(_PARTS["reason"])  # ``cycle_missed`` asks for it
        if cycle.decision and missing:
            name = full_name(cycle)
            yield (
                cycle.id,
                f"The {name} is decided, and {listed(missing)} {are(len(missing))} not written "
                "down.",
                "Write a sentence for each while you remember.",
            )
