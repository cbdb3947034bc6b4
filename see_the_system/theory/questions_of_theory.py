"""What can be asked of a theory: what it rests on, what is measured, what was predicted.

``checks`` and ``progress`` ask the same questions here, so that they never disagree.
"""

from datetime import date
from decimal import Decimal

from see_the_system.theory.items import name_of

# Of the value, and of 1 below it: 0.1 + 0.2 passes 0.3 by what a computer adds, which is no miss.
ROUNDING = 1e-9


def range_of(low, high):
    """The range that a prediction holds for: (low, high), None where an end is open.

    A single number stands for all that rounds to it as it was written: half a unit of its last
    digit either way, and half of 1 at least.

    >>> range_of(5.0, 10.0), range_of(12.0, 12.0), range_of(2.3, 2.3), range_of(5.0, None)
    ((5.0, 10.0), (11.5, 12.5), (2.25, 2.35), (5.0, None))
    """
    if low is None or low != high:
        return low, high
    written = Decimal(repr(low)).normalize()
    # 120 is written to the last of its digits, though ``normalize`` makes it 12 tens.
    last_digit = min(written.as_tuple().exponent, 0)
    half = Decimal(5).scaleb(last_digit - 1)
    return float(written - half), float(written + half)


def how_far_outside(low, high, value):
    """How far a value lies beyond the nearer end of a prediction's range (float).

    0 inside and on the ends, negative below.

    >>> how_far_outside(5.0, 10.0, 14.0), how_far_outside(2.3, 2.3, 2.35)
    (4.0, 0.0)
    """
    low, high = range_of(low, high)
    distance = 0.0
    if low is not None and value < low:
        distance = value - low
    elif high is not None and value > high:
        distance = value - high
    return 0.0 if abs(distance) <= ROUNDING * max(1.0, abs(value)) else distance


def lies_inside(low, high, value):
    """Whether a value lies inside a prediction's range, ends included (bool).

    >>> lies_inside(2.3, 2.3, 2.35), lies_inside(2.3, 2.3, 2.36), lies_inside(None, 10.0, -4.0)
    (True, False, True)
    """
    return how_far_outside(low, high, value) == 0


def walk(theory):
    """The fishbone from the first bone to the last: each thing before those under it.

    Yields (depth, item): 0 for a category, 1 for a cause under it, and so on.
    """
    ahead = [(0, category) for category in reversed(theory.categories)]
    while ahead:
        depth, item = ahead.pop()
        yield depth, item
        ahead += [(depth + 1, cause) for cause in reversed(theory.under(item.id, "cause"))]


def full_name(item):
    """How a finding names a thing (text); people speak of a test where the record has a cycle.

    Longer than elsewhere, since the reader has only these words to find the thing by.
    """
    name = name_of(item, most=120)
    return f"test {name.removeprefix('cycle ')}" if item.kind() == "cycle" else name


def chosen(theory):
    """The causes that the team has built on, in its order (list of Cause).

    They are kept as leverage, or a driver names them.
    """
    behind = {cause for driver in theory.drivers for cause in driver.causes}
    return [cause for cause in theory.causes if cause.leverage or cause.id in behind]


def below(theory, item):
    """The ids of all causes under a category or a cause (list of text)."""
    found = [cause.id for cause in theory.under(item.id, "cause")]
    for cause_id in found:  # grows as it is read, until nothing stands below
        found += [cause.id for cause in theory.under(cause_id, "cause")]
    return found


def aim_parts(aim):
    """What an aim names, by the word for it (dict of bool)."""
    return {
        "target": aim.target is not None,
        "baseline": aim.baseline is not None,
        "date": aim.by is not None,
        "population": bool(aim.population),
        "measure": bool(aim.measure),
    }


def unsupported(theory):
    """The drivers that no cause supports (list of Driver).

    Neither one of their own, nor one of a driver that they act on or that acts on them.
    """
    caused = [driver for driver in theory.drivers if driver.causes]
    supported = {driver.id for driver in caused}
    supported |= {other for driver in caused for other in driver.acts_on}
    return [
        driver
        for driver in theory.drivers
        if driver.id not in supported
        and not any(theory.by_id[other].causes for other in driver.acts_on)
    ]


def measured(theory):
    """The ids of the change ideas that have a measure, their own or one of their tests' (set)."""
    own = {item for measure in theory.measures for item in measure.of}
    return own | {cycle.idea for cycle in theory.cycles if cycle.measures}


def predicted(theory, cycle):
    """The questions of a cycle that have a prediction (list of LearningQuestion)."""
    questions = theory.under(cycle.id, "learning_question")
    return [each for each in questions if each.prediction or in_numbers(each)]


def in_numbers(question):
    """Whether the prediction of a question is a number or a range (bool)."""
    return question.low is not None or question.high is not None


def answered(question):
    """Whether what came stands beside the prediction (bool)."""
    return bool(question.result) or question.value is not None


def missed(question):
    """Whether what came lies outside a prediction in numbers (bool)."""
    if question.value is None or not in_numbers(question):
        return False
    return not lies_inside(question.low, question.high, question.value)


def tests_by_idea(theory):
    """The tests of each change idea, as they were held (list of lists of Cycle)."""
    series = {}
    for cycle in sorted(theory.cycles, key=lambda cycle: (cycle.starts or date.max, cycle.order)):
        series.setdefault(cycle.idea or cycle.id, []).append(cycle)
    return list(series.values())
