"""A team's theory of improvement as a whole, and what can be asked of it.

``checks`` and ``progress`` ask the same questions here, so that they never disagree. A check is a
``Rule``.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from see_the_system.display import Shown
from see_the_system.messages import Refusal
from see_the_system.theory import kinds
from see_the_system.theory.fields import Item
from see_the_system.theory.items import (
    FIELDS,
    ONES,
    POINTERS,
    drop_of,
    faults,
    ids_in,
    in_order,
    name_of,
    owner_of,
)


class Theory(Shown, BaseModel):
    """The theory at one moment; read-only, made by :meth:`of`, which checks.

    Tuples are in the team's order; ``dropped`` keeps what was taken out and all that stood under
    it. No field of what is not dropped names something dropped.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ignored_types=(cached_property,))

    charter: kinds.Charter = kinds.Charter()
    members: tuple[kinds.Member, ...] = ()
    norms: tuple[kinds.Norm, ...] = ()
    problem: kinds.Problem = kinds.Problem()
    categories: tuple[kinds.Category, ...] = ()
    causes: tuple[kinds.Cause, ...] = ()
    whys: tuple[kinds.Why, ...] = ()
    evidence: tuple[kinds.Evidence, ...] = ()
    interviews: tuple[kinds.Interview, ...] = ()
    quotes: tuple[kinds.Quote, ...] = ()
    codes: tuple[kinds.Code, ...] = ()
    themes: tuple[kinds.Theme, ...] = ()
    maps: tuple[kinds.ProcessMap, ...] = ()
    lanes: tuple[kinds.Lane, ...] = ()
    steps: tuple[kinds.Step, ...] = ()
    connections: tuple[kinds.Connection, ...] = ()
    aim: kinds.Aim = kinds.Aim()
    drivers: tuple[kinds.Driver, ...] = ()
    ideas: tuple[kinds.ChangeIdea, ...] = ()
    measures: tuple[kinds.Measure, ...] = ()
    cycles: tuple[kinds.Cycle, ...] = ()
    questions: tuple[kinds.LearningQuestion, ...] = ()
    votes: tuple[kinds.Vote, ...] = ()
    notes: tuple[kinds.Note, ...] = ()
    dropped: tuple[Item, ...] = ()

    @classmethod
    def of(cls, items: Iterable[Item]):
        """The theory that these items make, in any order (Theory).

        Raises a Refusal naming the first thing that cannot stand.
        """
        items = list(items)
        for _, _, sentence in faults(items):
            raise Refusal(sentence)
        return cls.trusted({item.id: item for item in items})

    @classmethod
    def trusted(cls, by_id):
        """As :meth:`of`, from a dictionary of items by id that has been checked before."""
        ordered = in_order(by_id.values())
        gone = {item.id for item in ordered if drop_of(item, by_id)}
        standing = {}
        for item in ordered:
            if item.id not in gone:
                held = standing.setdefault(FIELDS[item.kind()], [])
                held.append(_without(item, gone))
        fields = dict(_EMPTY)
        for name, held in standing.items():
            fields[name] = held[0] if name in ONES else tuple(held)
        fields["dropped"] = tuple(item for item in ordered if item.id in gone)
        return cls.model_construct(**fields)

    def items(self):
        """Everything, what was dropped too, in the order of the work (list of Item)."""
        return [*self.living(), *self.dropped]

    def living(self):
        """Everything that stands (list of Item)."""
        found = []
        for name in ORDER:
            held = getattr(self, name)
            found += [held] if name in ONES else held
        return found

    @cached_property
    def by_id(self):
        """Everything that stands, by id (dict)."""
        return {item.id: item for item in self.living()}

    @cached_property
    def _under(self):
        under = {}
        for item in self.living():
            under.setdefault((owner_of(item), item.kind()), []).append(item)
        return under

    def under(self, owner, kind):
        """The things of a kind that stand directly under another, in the team's order.

        A list of Item, as ``under("problem", "why")``; ``owner`` is the other's id.
        """
        return self._under.get((owner, kind), [])


def theory_of(theory):
    """The theory that a record holds now, or the theory itself (Theory).

    All that asks something of a theory takes a record in its place. Refusal for anything else.
    """
    if callable(getattr(theory, "theory", None)):
        theory = theory.theory()
    if not isinstance(theory, Theory):
        raise Refusal(
            f"{type(theory).__name__} is no theory; give a team's record, or a theory read from a "
            "file."
        )
    return theory


ORDER = [name for name in Theory.model_fields if name != "dropped"]
# Made once: a default that pydantic copies for every theory takes longer than the rest.
_EMPTY = {name: field.default for name, field in Theory.model_fields.items()}


def _without(item, gone):
    """The item without the ids that are gone from the fields that name others."""
    changed = {}
    for field, mark in POINTERS[item.kind()].items():
        ids = ids_in(item, field)
        if not mark.owner and not gone.isdisjoint(ids):
            left = tuple(item_id for item_id in ids if item_id not in gone)
            changed[field] = left if isinstance(getattr(item, field), tuple) else None
    return item.model_copy(update=changed) if changed else item


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


LEVELS = ("must", "should", "consider")


class Rule(NamedTuple):
    """One check of a theory.

    ``level``: one of ``LEVELS``; ``part``: the part of the work; ``looks``: what it looks for;
    ``why``: one sentence with its source. ``find``: called with the theory, and with what ``needs``
    names besides, it gives (an item's id, what was found, what to do) one at a time; a fourth is
    the reason, where the finding is in the language of a text and that is not English.
    """

    name: str
    level: str
    part: str
    looks: str
    why: str
    needs: tuple
    find: Callable


def rule(level, part, why, *, needs=()):
    """Makes a ``Rule`` of a function: its name is the check's, its docstring what it looks for."""

    def declare(find):
        name = find.__name__.replace("_", "-")
        looks = " ".join(find.__doc__.split())
        return Rule(name, level, part, looks, why, needs, find)

    return declare


def rules_of(module):
    """The checks of a module, in the order in which they stand in it (list of ``Rule``)."""
    return [each for each in vars(module).values() if isinstance(each, Rule)]


# Of the value, and of 1 below it: 0.1 + 0.2 passes 0.3 by what a computer adds, which is no miss.
