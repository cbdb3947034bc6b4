"""How far the work has come, counted from the record itself.

The stages of the work in their order: what is there, what each needs, and what comes next.
"""

from dataclasses import dataclass
from typing import NamedTuple

from see_the_system.theory.evidence import triangulation
from see_the_system.theory.kinds import Cause
from see_the_system.theory.model import (
    aim_parts,
    answered,
    below,
    chosen,
    measured,
    predicted,
    theory_of,
    unsupported,
)


class StagePart(NamedTuple):
    """One thing that a stage needs: ``done`` ``of`` so many are in the record.

    ``next`` says what to do while some are missing.
    """

    words: str
    done: int
    of: int
    next: str


def _there(words, found, ahead):
    """The part for one thing that is there or not."""
    return StagePart(words, int(bool(found)), 1, ahead)


def _count(words, done, of, ahead):
    """The part for things that are counted; where there are none yet, one is missing."""
    return StagePart(words, done, max(of, 1), ahead)


def _team(theory):
    charter = theory.charter
    levels = {member.level for member in theory.members}
    decides = any(member.decides for member in theory.members)
    return [
        _there("someone who can decide", decides, "Name someone on the team who can decide."),
        _there(
            "someone from a classroom",
            "classroom" in levels,
            "Invite a teacher from a classroom where the problem is lived.",
        ),
        _there(
            "students' voice", "student" in levels, "Make room for students' voice on the team."
        ),
        _there(
            "a sponsor",
            charter.sponsor,
            "Name the person who set up the team and will hear from it.",
        ),
        _there(
            "what the team may change", charter.authority, "Write down what the team may change."
        ),
        _there("time to meet", charter.time, "Agree when the team meets, and for how long."),
        _there("a norm", theory.norms, "Agree on a first norm for how you work together."),
    ]


def _problem(theory):
    problem = theory.problem
    return [
        _there("one sentence", problem.text, "Write the problem in one sentence."),
        _there("its measure", problem.measure, "Name the measure of the problem."),
        _there("its size", problem.value, "Give the size of the problem as a number."),
        _there("the students", problem.group, "Name the group of students."),
        _there("the place", problem.place, "Name the place."),
        _there("the period", problem.period, "Name the period."),
    ]


def _first_theory(theory):
    # A cause that was dropped since then was written all the same.
    items = (*theory.causes, *theory.dropped)
    written = [item for item in items if isinstance(item, Cause) and item.text]
    ahead = "Write it before you look at the data."
    if written:
        ahead = (
            "Your first figure is older than your first cause: write a note on what you thought "
            "before you saw it."
        )
    return [
        _there(
            "a first cause",
            written,
            "Write down the causes you believe in today, each in a sentence.",
        ),
        _there("written before the first figure", _before_the_data(theory, written), ahead),
    ]


def _before_the_data(theory, causes):
    """Whether the first of these causes is no younger than the first answer of the data (bool)."""
    # Times are compared as seconds, since a file may hold some with a zone and some without.
    asked = [answer.at.timestamp() for piece in theory.evidence for answer in piece.answers]
    times = [cause.at.timestamp() for cause in causes if cause.at]
    if not asked:
        return bool(causes)
    return bool(times) and min(times) <= min(asked)


def _evidence(theory):
    known = {row.id for row in triangulation(theory) if row.kinds}
    held = sum(not known.isdisjoint(below(theory, bone)) for bone in theory.categories)
    return [
        _count(
            "bones with evidence for or against a cause",
            held,
            len(theory.categories),
            "Choose a bone that has no evidence yet, and look for some for or against one of "
            "its causes.",
        )
    ]


def _process(theory):
    return [
        _there(
            "a process map",
            theory.maps,
            "Choose one process that the problem runs through, and map it as people live it.",
        ),
        _count(
            "steps that you have watched or asked about",
            sum(step.known for step in theory.steps),
            len(theory.steps),
            "Watch the steps that are still assumed, or ask those who do them.",
        ),
    ]


def _interviews(theory):
    interviews = theory.interviews
    with_student = any("student" in interview.role.lower() for interview in interviews)
    kept = sum(bool(theory.under(interview.id, "quote")) for interview in interviews)
    coded = sum(bool(quote.codes) for quote in theory.quotes)
    return [
        _there("an empathy interview", interviews, "Hold a first empathy interview."),
        _there("one with a student", with_student, "Hold an interview with a student."),
        _count(
            "interviews with words kept",
            kept,
            len(interviews),
            "Keep the words that struck you in each interview, with names taken out.",
        ),
        _count("quotes with a code", coded, len(theory.quotes), "Give a code to each quote."),
    ]


def _causes(theory):
    built = {cause.id for cause in chosen(theory)}
    rows = [row for row in triangulation(theory) if row.id in built]
    supported = sum(sum(count > 0 for count in row.supports.values()) > 1 for row in rows)
    return [
        _there("a cause to act on", built, "Choose the few causes where you will act."),
        _count(
            "chosen causes with two kinds of evidence",
            supported,
            len(built),
            "Find a second kind of evidence for each cause you chose.",
        ),
    ]


def _aim(theory):
    return [
        _there(f"its {name}", there, f"Add the {name} to the aim.")
        for name, there in aim_parts(theory.aim).items()
    ]


def _drivers(theory):
    drivers = theory.drivers
    ideas = theory.ideas
    return [
        _there(
            "a primary driver",
            any(driver.level == "primary" for driver in drivers),
            "Name the first primary driver of the aim.",
        ),
        _count(
            "drivers that rest on a cause",
            len(drivers) - len(unsupported(theory)),
            len(drivers),
            "Link each driver to the cause it answers.",
        ),
        _count(
            "change ideas that serve a driver",
            sum(bool(idea.drivers) for idea in ideas),
            len(ideas),
            "Connect each change idea to a driver." if ideas else "Add a first change idea.",
        ),
    ]


def _measures(theory):
    types = {measure.type for measure in theory.measures}
    have = measured(theory)
    return [
        _there("an outcome measure", "outcome" in types, "Choose the outcome measure of the aim."),
        _count(
            "change ideas with a measure",
            sum(idea.id in have for idea in theory.ideas),
            len(theory.ideas),
            "Choose a measure for each change idea, starting with the one you will test.",
        ),
        _there(
            "a balancing measure",
            "balancing" in types,
            "Choose a balancing measure: who might pay for the change?",
        ),
    ]


def _tests(theory):
    cycles = theory.cycles
    ahead = list(filter(None, (predicted(theory, cycle) for cycle in cycles)))
    return [
        _count(
            "tests with a prediction",
            len(ahead),
            len(cycles),
            "Plan a small test, and write down what you predict.",
        ),
        _count(
            "tests compared with their prediction",
            sum(all(map(answered, questions)) for questions in ahead),
            len(cycles),
            "Hold the test, and write what came beside what you predicted.",
        ),
        _count(
            "tests decided",
            sum(bool(cycle.decision) for cycle in cycles),
            len(cycles),
            "Decide whether to adopt, adapt or abandon the change.",
        ),
    ]


# By name: the title, and what finds the parts in a theory.
STAGES = {
    "team": ("Team set up", _team),
    "problem": ("Problem", _problem),
    "first theory": ("First theory before the data", _first_theory),
    "evidence": ("Evidence", _evidence),
    "process": ("Process map", _process),
    "interviews": ("Interviews", _interviews),
    "causes": ("Causes chosen", _causes),
    "aim": ("Aim", _aim),
    "drivers": ("Drivers", _drivers),
    "measures": ("Measures", _measures),
    "tests": ("Tests of change", _tests),
}


@dataclass(frozen=True)
class Stage:
    """One stage of the work, ``done`` of the ``of`` things it needs.

    ``next``: one sentence on what comes next ("" when all is there).
    """

    name: str
    title: str
    parts: tuple

    @property
    def done(self):
        return sum(part.done >= part.of for part in self.parts)

    @property
    def of(self):
        return len(self.parts)

    @property
    def begun(self):
        return any(part.done for part in self.parts)

    @property
    def next(self):
        return next((part.next for part in self.parts if part.done < part.of), "")


def progress(theory):
    """The stages of the work in their order, each counted from a theory or a record (tuple).

    A count says what is written in the record, never how good it is: ``checks`` asks about that.
    """
    theory = theory_of(theory)
    return tuple(
        Stage(name, title, tuple(parts(theory))) for name, (title, parts) in STAGES.items()
    )


def describe_progress(stages):
    """Which stages are complete, which have begun, and what comes next, in sentences (text)."""
    complete = ", ".join(stage.title for stage in stages if stage.done == stage.of)
    begun = ", ".join(_how_far(stage) for stage in stages if stage.begun and stage.done < stage.of)
    sentences = []
    if complete:
        sentences.append(f"Complete: {complete}.")
    if begun:
        sentences.append(f"Begun: {begun}.")
    if not sentences:
        sentences.append("Nothing is written down yet.")
    steps = [stage.next for stage in stages if stage.next]
    sentences.append(f"Next: {steps[0]}" if steps else "Every stage is in the record.")
    return " ".join(sentences)


def _how_far(stage):
    """A stage and how far it is (text): the count that is open, or else how many of its parts."""
    part = next(part for part in stage.parts if part.done < part.of)
    if part.of > 1:
        return f"{stage.title} ({part.done} of {part.of} {part.words})"
    return f"{stage.title} ({stage.done} of {stage.of})"
