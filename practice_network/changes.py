"""The changes a team may try in the practice network: what each asks of people and how it is
measured. Synthetic throughout.

``simulate`` carries an idea out. What an idea truly acts on and what harm it may do stand here as
well, for a facilitator alone: ``describe_idea`` never says them, nor does an idea print them.
"""

from dataclasses import dataclass, field

from practice_network import planted
from see_the_system.messages import Refusal, nearest

# percent correct on the benchmark from which written criteria would offer the accelerated course
LINE = 58
SEATS = 30


@dataclass(frozen=True)
class Measure:
    """One measure with its operational definition: what is counted, out of what, how often, and
    which way is better.
    """

    id: str
    title: str
    type: str
    numerator: str
    denominator: str
    better: str
    frequency: str = "every school week"
    unit: str = "percent"


@dataclass(frozen=True)
class Side:
    """A harm beside the good: to which measure, how much (log odds at full fidelity in whole
    schools), after how many weeks, in words.
    """

    measure: str
    odds: float
    after: int
    words: str


@dataclass(frozen=True)
class Idea:
    """One change idea. ``reaches`` names the group it is meant for, ``size`` is "small" or
    "system"; from ``acts_on`` on it is the key.

    acts_on: the id of a planted cause or decoy, or None. how: "down" (the exposure falls to
    ``to``), "seats" (a share ``to`` of those at the line is given a seat) or "even" (new teachers
    are shared alike); "" where nothing follows for learning.
    """

    id: str
    title: str
    size: str
    description: str = field(repr=False)
    asks: str = field(repr=False)
    reaches: str = field(repr=False)
    measures: tuple = field(repr=False)
    acts_on: str | None = field(repr=False)
    how: str = field(repr=False, default="")
    to: float = field(repr=False, default=0.0)
    side: Side | None = field(repr=False, default=None)

    @property
    def grades(self):
        """The grades it is meant for (tuple of int)."""
        return next(
            (cause.grades for cause in planted.CAUSES if cause.id == self.acts_on), (4, 5, 6, 7, 8)
        )

    def of_type(self, type):
        """Its measures of a type: "process", "outcome" or "balancing" (tuple of ``Measure``)."""
        return tuple(measure for measure in self.measures if measure.type == type)


EVERYBODY = "All students"
SUPPORTED, BELOW_LEVEL = "Students in support", "Students below level on the benchmark"
AT_LINE, MOVED = (
    f"Students at {LINE} percent or more on the benchmark",
    "Students new to a middle school",
)
OF_NEW = "Students of teachers in their first three years"

MEASURES = (
    Measure(
        "check",
        "Week's check right",
        "outcome",
        "students with at least two of the week's three questions right, the same questions "
        "in every class of a grade",
        "students present on the day of the check",
        "higher",
    ),
    Measure(
        "seated",
        "At the line and seated",
        "process",
        "those who sit in the accelerated course this week",
        f"students of grades 7 and 8 with {LINE} percent or more on the benchmark",
        "higher",
    ),
    Measure(
        "core_whole",
        "Whole week of core mathematics",
        "process",
        "those who were in the room for every core lesson of the week",
        "students in mathematics support",
        "higher",
    ),
    Measure(
        "results_in_time",
        "Results back within ten days",
        "process",
        "those back with the teacher within ten days of the test",
        "answer sheets of benchmarks and unit tests due back this week",
        "higher",
    ),
    Measure(
        "records_there",
        "Last year's record at hand",
        "process",
        "those whose grade 6 teacher has last year's record of what they learned",
        "students of grade 6 who came from another school",
        "higher",
    ),
    Measure(
        "planned_together",
        "Lessons planned together",
        "process",
        "those whose lessons of the week were planned with an experienced teacher",
        "sections taught by a teacher in the first three years",
        "higher",
    ),
    Measure(
        "new_in_support",
        "In support with a new teacher",
        "process",
        "those whose mathematics teacher is in the first three years",
        "students in mathematics support",
        "lower",
    ),
    Measure(
        "calls",
        "Families reached by phone",
        "process",
        "those whose family was reached by phone within the week",
        "students recorded absent on at least one day of the week",
        "higher",
    ),
    Measure(
        "assemblies",
        "Named at the attendance assembly",
        "process",
        "those named for a full week at the Friday assembly",
        "students enrolled",
        "higher",
    ),
    Measure(
        "posters",
        "Classrooms with the posters up",
        "process",
        "those with the posters on the wall on Friday",
        "mathematics classes",
        "higher",
    ),
    Measure(
        "packets",
        "Practice packets handed in",
        "process",
        "those who handed in a packet of extra practice",
        "students enrolled",
        "higher",
    ),
    Measure(
        "recorded_present",
        "Recorded present",
        "process",
        "those recorded present at the first period's roll on Wednesday",
        "students enrolled",
        "higher",
    ),
    Measure(
        "over_seats",
        f"In a section above {SEATS} seats",
        "balancing",
        f"those in a section with more than {SEATS} students",
        "students in the accelerated course of the same grades and schools",
        "lower",
    ),
    Measure(
        "belonging",
        "Felt they belonged",
        "balancing",
        "those who say they felt they belonged in school this week",
        "students who answered the one question of the week's survey",
        "higher",
    ),
    Measure(
        "planning",
        "Planning periods kept",
        "balancing",
        "those that the teacher had for planning",
        "planning periods of teachers of mathematics, five a week each",
        "higher",
    ),
    Measure(
        "full_lessons",
        "Lessons held in full",
        "balancing",
        "those held for all their minutes",
        "mathematics lessons on the calendar, five a week a class",
        "higher",
    ),
)
BY_ID = {measure.id: measure for measure in MEASURES}


def _measured(*ids):
    return tuple(BY_ID[id] for id in ("check", *ids))


IDEAS = (
    Idea(
        "placement_list",
        "Read the list beside the benchmark",
        "small",
        "Before the course list is final, the teacher and the counselor lay it beside the "
        "benchmark results and talk over every "
        "student at or "
        "above the line who is not on it. Some are offered a seat.",
        "one hour of a counselor and a teacher for each class, twice.",
        AT_LINE,
        _measured("seated", "over_seats"),
        "placement",
        "seats",
        0.5,
        Side("over_seats", 0, 2, "Accelerated sections can fill beyond their seats."),
    ),
    Idea(
        "written_criteria",
        "Written criteria for the accelerated course",
        "system",
        f"Every student with {LINE} percent or more on the benchmark is offered the "
        "accelerated course, and the family hears so in its "
        "own "
        "language. A recommendation can add a student and can keep nobody out.",
        "counselors who reopen the course list, and a principal who signs it.",
        AT_LINE,
        _measured("seated", "over_seats"),
        "placement",
        "seats",
        1.0,
        Side(
            "over_seats",
            0,
            2,
            "Accelerated sections fill beyond their seats, since nobody added one; where few "
            "move, little "
            "shows.",
        ),
    ),
    Idea(
        "swap_period",
        "Support in the advisory period",
        "small",
        "The support group meets in the advisory period, and its students stay in the room "
        "for core mathematics.",
        "a trade of periods between support and advisory teachers.",
        SUPPORTED,
        _measured("core_whole", "belonging"),
        "pullout",
        "down",
        0.1,
    ),
    Idea(
        "support_beside_core",
        "Support as a second period beside core",
        "system",
        "The bell schedule gives each student in support a second mathematics period, in the "
        "place of an elective. Core is never "
        "missed.",
        "a changed bell schedule, and a teacher for each support period.",
        SUPPORTED,
        _measured("core_whole", "belonging"),
        "pullout",
        "down",
        0.0,
        Side(
            "belonging",
            -1.0,
            5,
            "Students in support lose their elective, and after some weeks fewer say that "
            "they belong.",
        ),
    ),
    Idea(
        "hand_scoring",
        "Teachers score in the same week",
        "small",
        "Teachers score benchmarks and unit tests by hand in the week of the test and sort "
        "them by what to teach again on Monday.",
        "two hours of each teacher after every test.",
        BELOW_LEVEL,
        _measured("results_in_time", "planning"),
        "late_results",
        "down",
        0.0,
        Side(
            "planning",
            -1.5,
            3,
            "Scoring takes planning periods; one teacher finds the time, a whole school does not.",
        ),
    ),
    Idea(
        "results_within_a_week",
        "A scanner in each school and a meeting within the week",
        "system",
        "Each school scans its own answer sheets, and its teachers meet over the results "
        "within a week of the test, whatever the "
        "district's "
        "calendar says.",
        "a scanner and a clerk's morning in each school, and one meeting a test.",
        BELOW_LEVEL,
        _measured("results_in_time", "planning"),
        "late_results",
        "down",
        1.0,
        Side("planning", -0.2, 3, "The meeting costs a few planning periods."),
    ),
    Idea(
        "one_page_record",
        "One page for each student new to grade 6",
        "small",
        "Teachers of grade 5 write one page on what each student can do and what was not yet "
        "taught; the teacher of grade 6 reads it "
        "before "
        "planning.",
        "ten minutes a student in grade 5, an afternoon in grade 6.",
        MOVED,
        _measured("records_there", "planning"),
        "transition",
        "down",
        0.3,
    ),
    Idea(
        "bridge_meetings",
        "Shared records and meetings of grades 5 and 6",
        "system",
        "The schools share their mathematics records, and the teachers of grades 5 and 6 "
        "meet to go through them, class by class.",
        "two release days for each teacher, and somebody who keeps the records.",
        MOVED,
        _measured("records_there", "full_lessons"),
        "transition",
        "down",
        0.0,
        Side(
            "full_lessons",
            -0.5,
            1,
            "Release days mean substitutes, and some lessons are cut short.",
        ),
    ),
    Idea(
        "planning_partner",
        "A planning partner for each new teacher",
        "small",
        "A teacher in the first three years plans the week's lessons with an experienced "
        "teacher of the same grade.",
        "one common planning period a week.",
        OF_NEW,
        _measured("planned_together", "planning"),
        "assignment",
        "down",
        0.5,
        Side("planning", -0.4, 4, "Partners give planning periods of their own."),
    ),
    Idea(
        "shared_sections",
        "Sections shared out evenly",
        "system",
        "Support and ordinary sections are shared out again, so that they have a new teacher "
        "no more often than others of the grade.",
        "department heads who share out sections again; some teachers and classes change.",
        SUPPORTED,
        _measured("new_in_support", "belonging"),
        "assignment",
        "even",
        0.0,
        Side("belonging", -0.5, 1, "Classes that change their teacher in the year feel it."),
    ),
    Idea(
        "phone_calls",
        "Phone calls home about absences",
        "small",
        "The family of each student recorded absent is called within the week.",
        "an hour a day in a school.",
        EVERYBODY,
        _measured("calls", "recorded_present", "planning"),
        "attendance",
        side=Side("planning", -0.4, 4, "Planning periods go into calls."),
    ),
    Idea(
        "incentive_assemblies",
        "Assemblies for full attendance",
        "system",
        "Students with a full week are named at a Friday assembly, with prizes each month.",
        "one assembly a week.",
        EVERYBODY,
        _measured("assemblies", "recorded_present", "full_lessons"),
        "attendance",
        side=Side("full_lessons", -0.9, 0, "Assemblies take minutes of lessons."),
    ),
    Idea(
        "poster_weeks",
        "Posters that encourage effort",
        "small",
        "Classrooms put up posters on effort and on mistakes that teach, and talk about one "
        "each Monday.",
        "ten minutes a week.",
        EVERYBODY,
        _measured("posters", "belonging"),
        None,
    ),
    Idea(
        "practice_packets",
        "A packet of extra practice each week",
        "system",
        "Every student takes home a packet of practice pages on Monday and hands it in on Friday.",
        "copying, and collecting on Friday.",
        EVERYBODY,
        _measured("packets", "belonging"),
        None,
        side=Side("belonging", -0.4, 8, "After some weeks the packets wear on students."),
    ),
)


def ideas(district=None):
    """The change ideas, or those that can be tried in a district (tuple of ``Idea``); ``Refusal``
    for a district that is not there.

    >>> len(ideas()), "written_criteria" in [idea.id for idea in ideas("Applewhistle Elementary")]
    (14, False)
    """
    if district is None:
        return IDEAS
    policy = planted.POLICIES[planted.code_of(district)]
    nothing_there = {
        "placement": policy.passed_over is None,
        "transition": policy.bridge is None,
        "assignment": policy.new_teachers == 0,
    }
    return tuple(idea for idea in IDEAS if not nothing_there.get(idea.acts_on, False))


def idea_named(asked):
    """The idea of an id or a title (``Idea``); ``Refusal`` for any other."""
    if isinstance(asked, Idea):
        return asked
    known = {idea.title.casefold(): idea for idea in IDEAS} | {idea.id: idea for idea in IDEAS}
    text = str(asked).strip().casefold()
    if text in known:
        return known[text]
    names = [idea.id for idea in IDEAS]
    close = (
        " or ".join(nearest(asked, [*names, *(idea.title for idea in IDEAS)]))
        or f"one of {', '.join(names)}"
    )
    raise Refusal(f"There is no change idea {asked!r}. Choose {close}.")


def describe_idea(idea):
    """What a team is told of an idea (text with line ends): what it is and asks, for whom, how it
    is measured; not what it acts on.
    """
    idea = idea_named(idea)
    lines = [
        f"{idea.title} (practice network, synthetic)",
        idea.description,
        f"It asks for: {idea.asks}",
        f"It is meant for {meant_in_words(idea)}.",
    ]
    for type in ("process", "outcome", "balancing"):
        for one in idea.of_type(type):
            lines.append(
                f"{type.capitalize()} measure, {one.title}: out of {one.denominator}, "
                f"{one.numerator}. {one.frequency.capitalize()}; "
                f"{one.better} is better."
            )
    return "\n".join(lines)


def meant_in_words(idea):
    """Whom an idea is meant for, as "students in support of grades 6 to 8"."""
    first, last = idea.grades[0], idea.grades[-1]
    grades = (
        f"grade {first}"
        if first == last
        else f"grades {first} {'and' if last == first + 1 else 'to'} {last}"
    )
    return f"{idea.reaches[0].lower()}{idea.reaches[1:]}, {grades}"
