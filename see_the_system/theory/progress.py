"""How far the work has come, counted from the record itself: what is there, what each part needs,
and what comes next.
"""

from dataclasses import dataclass
from typing import NamedTuple

from see_the_system.theory.checks_of_causes import below, chosen
from see_the_system.theory.checks_of_drivers import aim_parts, measured, unsupported
from see_the_system.theory.checks_of_tests import answered, predicted
from see_the_system.theory.evidence import triangulation
from see_the_system.theory.kinds import Cause


class Part(NamedTuple):
    """One thing that a stage needs: ``done`` ``of`` so many are in the record; ``next`` says what
    to do while some are missing.
    """

    words: str
    done: int
    of: int
    next: str


@dataclass(frozen=True)
class Stage:
    """One stage of the work, ``done`` of the ``of`` things it needs; ``next``: one sentence on what
    comes next ("" when all is there).
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
    """The stages of the work in their order, each counted from the theory (tuple of ``Stage``).

    A count says what is written in the record, never how good it is: ``see_the_system.theory.checks`` asks
    about that.
    """
    return tuple(
        Stage(
            name,
            title,
            tuple(Part(words, int(done), of, ahead) for words, done, of, ahead in parts(theory)),
        )
        for name, (title, parts) in _STAGES.items()
    )


def describe_progress(stages):
    """Which stages are complete, which have begun, and what comes next, in a few sentences (text)."""
    complete = [stage.title for stage in stages if stage.done == stage.of]
    begun = [
        f"{stage.title} ({_where(stage)})"
        for stage in stages
        if stage.begun and stage.done < stage.of
    ]
    said = [
        f"{label}: {', '.join(titles)}."
        for label, titles in (("Complete", complete), ("Begun", begun))
        if titles
    ]
    ahead = next((stage for stage in stages if stage.next), None)
    return " ".join(
        [
            *(said or ["Nothing is written down yet."]),
            f"Next: {ahead.next}" if ahead else "Every stage is in the record.",
        ]
    )


def _where(stage):
    """How far a stage is (text): the count that is open where it is one of several, or else its
    parts.
    """
    part = next(part for part in stage.parts if part.done < part.of)
    return (
        f"{part.done} of {part.of} {part.words}" if part.of > 1 else f"{stage.done} of {stage.of}"
    )


def _team(theory):
    charter, levels = theory.charter, {member.level for member in theory.members}
    return [
        (
            "someone who can decide",
            any(member.decides for member in theory.members),
            1,
            "Name someone on the team who can decide.",
        ),
        (
            "someone from a classroom",
            "classroom" in levels,
            1,
            "Invite a teacher from a classroom where the problem is lived.",
        ),
        ("students' voice", "student" in levels, 1, "Make room for students' voice on the team."),
        (
            "a sponsor",
            bool(charter.sponsor),
            1,
            "Name the person who set up the team and will hear from it.",
        ),
        (
            "what the team may change",
            bool(charter.authority),
            1,
            "Write down what the team may change.",
        ),
        ("time to meet", bool(charter.time), 1, "Agree when the team meets, and for how long."),
        ("a norm", bool(theory.norms), 1, "Agree on a first norm for how you work together."),
    ]


def _problem(theory):
    words = {
        "text": ("one sentence", "Write the problem in one sentence."),
        "measure": ("its measure", "Name the measure of the problem."),
        "value": ("its size", "Give the size of the problem as a number."),
        "group": ("the students", "Name the group of students."),
        "place": ("the place", "Name the place."),
        "period": ("the period", "Name the period."),
    }
    return [
        (said, bool(getattr(theory.problem, field)), 1, ahead)
        for field, (said, ahead) in words.items()
    ]


def _first_theory(theory):
    written = [
        item for item in (*theory.causes, *theory.dropped) if isinstance(item, Cause) and item.text
    ]
    asked = [answer.at.timestamp() for evidence in theory.evidence for answer in evidence.answers]
    times = [cause.at.timestamp() for cause in written if cause.at]
    before = bool(written) and (not asked or bool(times) and min(times) <= min(asked))
    late = (
        "Your first figure is older than your first cause: write a note on what you thought "
        "before you saw it."
    )
    return [
        (
            "a first cause",
            bool(written),
            1,
            "Write down the causes you believe in today, each in a sentence.",
        ),
        (
            "written before the first figure",
            before,
            1,
            late if written else "Write it before you look at the data.",
        ),
    ]


def _evidence(theory):
    known = {row.id for row in triangulation(theory) if row.kinds}
    bones = [
        [
            id
            for cause in theory.under(category.id, "cause")
            for id in (cause.id, *below(theory, cause))
        ]
        for category in theory.categories
    ]
    held = sum(any(id in known for id in bone) for bone in bones)
    return [
        (
            "bones with evidence for or against a cause",
            held,
            max(len(bones), 1),
            "Choose a bone that has no evidence yet, and look for some for or against one of "
            "its causes.",
        )
    ]


def _process(theory):
    known = sum(step.known for step in theory.steps)
    return [
        (
            "a process map",
            bool(theory.maps),
            1,
            "Choose one process that the problem runs through, and map it as people live it.",
        ),
        (
            "steps that you have watched or asked about",
            known,
            max(len(theory.steps), 1),
            "Watch the steps that are still assumed, or ask those who do them.",
        ),
    ]


def _interviews(theory):
    interviews, quotes = theory.interviews, theory.quotes
    kept = sum(bool(theory.under(interview.id, "quote")) for interview in interviews)
    coded = sum(bool(quote.codes) for quote in quotes)
    student = any("student" in interview.role.lower() for interview in interviews)
    return [
        ("an empathy interview", bool(interviews), 1, "Hold a first empathy interview."),
        ("one with a student", student, 1, "Hold an interview with a student."),
        (
            "interviews with words kept",
            kept,
            max(len(interviews), 1),
            "Keep the words that struck you in each interview, with names taken out.",
        ),
        ("quotes with a code", coded, max(len(quotes), 1), "Give a code to each quote."),
    ]


def _causes(theory):
    built = {cause.id for cause in chosen(theory)}
    supported = sum(
        row.id in built and sum(count > 0 for count in row.supports.values()) > 1
        for row in triangulation(theory)
    )
    return [
        ("a cause to act on", bool(built), 1, "Choose the few causes where you will act."),
        (
            "chosen causes with two kinds of evidence",
            supported,
            max(len(built), 1),
            "Find a second kind of evidence for each cause you chose.",
        ),
    ]


def _aim(theory):
    return [
        (f"its {name}", there, 1, f"Add the {name} to the aim.")
        for name, there in aim_parts(theory.aim).items()
    ]


def _drivers(theory):
    drivers, ideas = theory.drivers, theory.ideas
    served = sum(bool(idea.drivers) for idea in ideas)
    return [
        (
            "a primary driver",
            any(driver.level == "primary" for driver in drivers),
            1,
            "Name the first primary driver of the aim.",
        ),
        (
            "drivers that rest on a cause",
            len(drivers) - len(unsupported(theory)),
            max(len(drivers), 1),
            "Link each driver to the cause it answers.",
        ),
        (
            "change ideas that serve a driver",
            served,
            max(len(ideas), 1),
            "Connect each change idea to a driver." if ideas else "Add a first change idea.",
        ),
    ]


def _measures(theory):
    types, have, ideas = (
        {measure.type for measure in theory.measures},
        measured(theory),
        theory.ideas,
    )
    return [
        ("an outcome measure", "outcome" in types, 1, "Choose the outcome measure of the aim."),
        (
            "change ideas with a measure",
            sum(idea.id in have for idea in ideas),
            max(len(ideas), 1),
            "Choose a measure for each change idea, starting with the one you will test.",
        ),
        (
            "a balancing measure",
            "balancing" in types,
            1,
            "Choose a balancing measure: who might pay for the change?",
        ),
    ]


def _tests(theory):
    ahead = [predicted(theory, cycle) for cycle in theory.cycles]
    most, compared = (
        max(len(ahead), 1),
        sum(
            bool(questions) and all(answered(question) for question in questions)
            for questions in ahead
        ),
    )
    return [
        (
            "tests with a prediction",
            sum(bool(questions) for questions in ahead),
            most,
            "Plan a small test, and write down what you predict.",
        ),
        (
            "tests compared with their prediction",
            compared,
            most,
            "Hold the test, and write what came beside what you predicted.",
        ),
        (
            "tests decided",
            sum(bool(cycle.decision) for cycle in theory.cycles),
            most,
            "Decide whether to adopt, adapt or abandon the change.",
        ),
    ]


_STAGES = {
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
