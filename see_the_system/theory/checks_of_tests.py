"""What the checks look for in the tests of change: the rule, where, what was found and what to do.

The features are those of Taylor and others, BMJ Quality & Safety, 2014 (linked cycles, prediction,
small scale, data over time, documentation) and Knudsen and others, BMC Health Services Research,
2019 (a rationale; two linked cycles; three points in a row).
"""

from datetime import date
from decimal import Decimal

from see_the_system.theory.checks_of_causes import called as named
from see_the_system.theory.checks_of_drivers import listed

ONE_CLASS = 40


def findings(theory):
    """Findings on the tests of change, as (rule, where, what, do), one at a time."""
    for look in (_scale, _learning, _written):
        yield from look(theory)


def called(item):
    """The name of a thing in a finding (text); people speak of a test where the record has a cycle."""
    return (
        "test " + named(item).removeprefix("cycle ")
        if type(item).kind() == "cycle"
        else named(item)
    )


def predicted(theory, cycle):
    """The questions of a cycle that have a prediction (list of LearningQuestion)."""
    return [
        each
        for each in theory.under(cycle.id, "learning_question")
        if each.prediction or each.low is not None or each.high is not None
    ]


def answered(question):
    """Whether what came stands beside the prediction (bool)."""
    return bool(question.result) or question.value is not None


def in_numbers(question):
    """Whether the prediction of a question is a number or a range (bool)."""
    return question.low is not None or question.high is not None


def missed(question):
    """Whether what came lies outside a prediction in numbers (bool); a single number holds for all
    that rounds to it as it is written.
    """
    low, high, value = question.low, question.high, question.value
    if value is None or not in_numbers(question):
        return False
    if low == high:
        return abs(value - low) > 0.5 * 10.0 ** min(
            Decimal(repr(low)).normalize().as_tuple().exponent, 0
        )
    return (low is not None and value < low) or (high is not None and value > high)


def _scale(theory):
    for first, *_ in _by_idea(theory):
        teachers, students = first.teachers or 0, first.students or 0
        if first.previous is None and (teachers > 1 or students > ONE_CLASS):
            size = " and ".join(
                [f"{teachers} teachers"] * (teachers > 1)
                + [f"{students} students"] * (students > ONE_CLASS)
            )
            yield (
                "cycle-large",
                first.id,
                f"The first {called(first)} has {size}.",
                "Start with one teacher, one class and one day, and grow from what you learn.",
            )


def _learning(theory):
    for cycle in theory.cycles:
        yield from _predictions(theory, cycle)
        idea = theory.by_id.get(cycle.idea)
        if idea is None or not idea.drivers:
            why = f"its {called(idea)} serves no driver" if idea else "it names no change idea"
            yield (
                "cycle-rationale",
                cycle.id,
                f"The {called(cycle)} does not say why the change should work: {why}.",
                "Connect it to a change idea, and the idea to a driver.",
            )
    yield from _series(theory)


def _predictions(theory, cycle):
    """What was predicted, how sure the team was, and whether what came stands beside it."""
    ahead = predicted(theory, cycle)
    if not ahead:
        late = "Say so in what you studied, and write the next prediction before you look."
        do = late if cycle.did else "Write down what you expect to see, before you look."
        yield "cycle-prediction", cycle.id, f"The {called(cycle)} has no prediction.", do
    if cycle.decision and ahead and not all(answered(question) for question in ahead):
        yield (
            "cycle-compared",
            cycle.id,
            f"The {called(cycle)} is decided, and a prediction has no result beside it.",
            "Write what came beside what you predicted, and what the difference teaches.",
        )
    if _adopted_after_a_miss(theory, cycle):
        yield (
            "cycle-missed",
            cycle.id,
            f"After the {called(cycle)} you adopted the change, what came is not what you "
            "had predicted, and no reason is written.",
            "Write in a sentence why you adopt it all the same, and what you now expect.",
        )
    for question in ahead:
        if in_numbers(question) and question.confidence is None and not answered(question):
            yield (
                "prediction-confidence",
                question.id,
                f"The {called(question)} predicts in numbers and does not say how sure you are.",
                "Write how sure you are, in percent, so that you can see your own calibration.",
            )


def _adopted_after_a_miss(theory, cycle):
    """Whether a change was adopted without a reason although a prediction in numbers was missed
    (bool).
    """
    return (
        cycle.decision == "adopt"
        and not cycle.reason.strip()
        and any(missed(each) for each in predicted(theory, cycle))
    )


def _series(theory):
    """What two of the published features ask of all tests of one idea together: linked cycles, and
    data over time.
    """
    followed = {cycle.previous for cycle in theory.cycles}
    for cycles in _by_idea(theory):
        last, measures = cycles[-1], [theory.by_id[id] for cycle in cycles for id in cycle.measures]
        if (
            len(cycles) == 1
            and last.decision in ("adopt", "adapt")
            and not last.next
            and last.previous is None
            and last.id not in followed
        ):
            yield (
                "cycle-alone",
                last.id,
                f"After the {called(last)}, the first of its kind, you decided to "
                f"{last.decision} the change, and no next test is named.",
                "Name the next test: another class, another day, or the change as you adapted it.",
            )
        if not measures and any(cycle.did or cycle.decision for cycle in cycles):
            yield (
                "cycle-measure",
                last.id,
                f"The {called(last)} was done and names no measure.",
                "Name what you counted or watched, even if it was five answers on paper.",
            )
        if (
            measures
            and last.decision == "adopt"
            and not any(measure.frequency for measure in measures)
        ):
            yield (
                "cycle-over-time",
                last.id,
                f"After the {called(last)} you adopted the change, and none of its measures "
                "says how often it is taken.",
                "Take it at three or more points in a row, and put them on a run chart.",
            )


def _by_idea(theory):
    """The tests of each change idea, in the order in which they were held (list of lists of Cycle)."""
    series = {}
    for cycle in sorted(theory.cycles, key=lambda cycle: (cycle.starts or date.max, cycle.order)):
        series.setdefault(cycle.idea or cycle.id, []).append(cycle)
    return list(series.values())


def _written(theory):
    parts = {
        "plan": "what was planned",
        "did": "what was done",
        "studied": "what was learned",
        "reason": "the reason for the decision",
    }
    for cycle in theory.cycles:
        told = ("reason",) if _adopted_after_a_miss(theory, cycle) else ()
        missing = [
            words
            for field, words in parts.items()
            if not getattr(cycle, field) and field not in told
        ]
        if cycle.decision and missing:
            yield (
                "cycle-written",
                cycle.id,
                f"The {called(cycle)} is decided, and {listed(missing, 'and')} "
                f"{'is' if len(missing) == 1 else 'are'} not written down.",
                "Write a sentence for each while you remember.",
            )
