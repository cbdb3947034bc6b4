"""The changes a team may try: what each asks of people and how it is measured. Synthetic.

The catalogue itself is ``changes.yaml``; ``simulate`` carries an idea out. What an idea truly acts
on and what harm it may do stand there as well, for a facilitator alone: ``describe_idea`` never
says them, nor does an idea print them.
"""

from dataclasses import dataclass
from functools import cache

from practice_network import planted
from practice_network.network import stored
from see_the_system.messages import Refusal, nearest

# Percent correct on the benchmark from which written criteria would offer the accelerated course.
LINE = 58
SEATS = 30
# The groups that an idea may be meant for.
EVERYBODY = "All students"
SUPPORTED = "Students in support"
BELOW_LEVEL = "Students below level on the benchmark"
AT_LINE = f"Students at {LINE} percent or more on the benchmark"
MOVED = "Students new to a middle school"
OF_NEW = "Students of teachers in their first three years"
# Those of them that are not everybody.
SOME = (SUPPORTED, BELOW_LEVEL, AT_LINE, MOVED, OF_NEW)
MEASURE_TYPES = ("process", "outcome", "balancing")


@dataclass(frozen=True)
class WeeklyMeasure:
    """One measure: what is counted every school week, out of what, and which way is better."""

    id: str
    title: str
    type: str
    numerator: str
    denominator: str
    better: str


@dataclass(frozen=True)
class Harm:
    """A harm beside the good.

    It says to which measure, how much (log odds at full fidelity in whole schools), after how many
    weeks, and in words.
    """

    measure: str
    odds: float
    after: int
    words: str


@dataclass(frozen=True)
class Idea:
    """One change idea; from ``acts_on`` on it is the key.

    ``reaches`` names the group it is meant for, ``size`` is "small" or "system". acts_on: the id of
    a planted cause or decoy, or None. how: "down" (the exposure falls to ``to``), "seats" (a share
    ``to`` of those at the line is given a seat) or "even" (new teachers are shared alike); "" where
    nothing follows for learning.
    """

    id: str
    title: str
    size: str
    description: str
    asks: str
    reaches: str
    measures: tuple
    acts_on: str | None = None
    how: str = ""
    to: float = 0.0
    harm: Harm | None = None

    def __repr__(self):
        # No more than a team may know.
        return f"Idea(id={self.id!r}, title={self.title!r}, size={self.size!r})"

    @property
    def grades(self):
        """The grades it is meant for (tuple of int)."""
        return planted.BY_ID[self.acts_on].grades if self.acts_on else planted.ALL_GRADES

    @property
    def effect(self):
        """What a unit of ``exposure`` does to the spring score (SDs); 0 where nothing follows."""
        return planted.BY_ID[self.acts_on].effect if self.how else 0.0

    @property
    def exposure(self):
        """The column of the students that it changes; "" where nothing follows for learning."""
        return planted.BY_ID[self.acts_on].exposure if self.how else ""

    def of_type(self, wanted):
        """Its measures of one of the ``MEASURE_TYPES`` (tuple of ``WeeklyMeasure``)."""
        return tuple(measure for measure in self.measures if measure.type == wanted)


@cache
def measures():
    """Every measure of the catalogue, in its order (dict of id to ``WeeklyMeasure``)."""
    entries = stored("changes.yaml")["measures"]
    return {entry["id"]: WeeklyMeasure(**_filled(entry)) for entry in entries}


def ideas(district=None):
    """The change ideas, or those that can be tried in a district (tuple of ``Idea``).

    ``Refusal`` for a district that is not there.

    >>> len(ideas()), "written_criteria" in [idea.id for idea in ideas("Applewhistle Elementary")]
    (14, False)
    """
    if district is None:
        return _catalogue()
    policy = planted.POLICIES[planted.code_of(district)]
    nothing_there = {
        "placement": policy.passed_over is None,
        "transition": policy.bridge is None,
        "assignment": policy.new_teachers == 0,
    }
    return tuple(idea for idea in _catalogue() if not nothing_there.get(idea.acts_on, False))


def idea_named(asked):
    """The idea of an id or a title (``Idea``); ``Refusal`` for any other."""
    if isinstance(asked, Idea):
        return asked
    ids = {idea.id: idea for idea in ideas()}
    titles = {idea.title: idea for idea in ideas()}
    known = {name.casefold(): idea for name, idea in (titles | ids).items()}
    text = str(asked).strip().casefold()
    if text in known:
        return known[text]
    raise Refusal(
        f"There is no change idea {asked!r}. Choose {choice(asked, [*ids, *titles], ids)}."
    )


def choice(asked, known, otherwise):
    """The known names nearest to the one asked for, or all of the others (text)."""
    return " or ".join(nearest(asked, known)) or f"one of {', '.join(otherwise)}"


def describe_idea(idea):
    """What a team is told of an idea (text with line ends).

    It says what the idea is and asks, for whom, and how it is measured; not what it acts on.
    """
    idea = idea_named(idea)
    lines = [
        f"{idea.title} (practice network, synthetic)",
        idea.description,
        f"It asks for: {idea.asks}",
        f"It is meant for {meant_in_words(idea)}.",
    ]
    for wanted in MEASURE_TYPES:
        lines += [_measure_line(measure) for measure in idea.of_type(wanted)]
    return "\n".join(lines)


def meant_in_words(idea):
    """Whom an idea is meant for, as "students in support of grades 6 to 8"."""
    grades = planted.grades_in_words(idea.grades, "and" if len(idea.grades) == 2 else "to")
    return f"{planted.lower_first(idea.reaches)}, {grades}"


@cache
def _catalogue():
    return tuple(_idea(_filled(entry)) for entry in stored("changes.yaml")["ideas"])


def _idea(entry):
    own = tuple(measures()[name] for name in entry["measures"])
    harm = Harm(**entry["harm"]) if "harm" in entry else None
    return Idea(**entry | {"measures": own, "harm": harm})


def _filled(entry):
    """An entry of the catalogue with the numbers of this module filled in."""
    texts = {name: value for name, value in entry.items() if isinstance(value, str)}
    return entry | {name: text.format(line=LINE, seats=SEATS) for name, text in texts.items()}


def _measure_line(measure):
    return (
        f"{measure.type.capitalize()} measure, {measure.title}: out of {measure.denominator}, "
        f"{measure.numerator}. Every school week; {measure.better} is better."
    )
