"""What is planted: causes of known size in a district's own systems, and a tempting wrong theory.

An effect is the same everywhere, per unit of exposure, in SDs of the state's spring score;
districts differ in their policies, so in who is exposed to what. Synthetic throughout: sizes were
chosen to teach with, not estimated anywhere. ``district_students`` has who is exposed, ``simulate``
changes it, and ``answer_key`` compares a team's causes with these. This module is the answer key:
a team never sees it.
"""

from dataclasses import dataclass

from practice_network import calibration, network
from see_the_system.messages import Refusal, nearest

# What a planted cause may ask of a student's ethnicity: Black or African American, Hispanic or
# Latino.
PASSED_OVER = (74, 78)
ALL_GRADES = (4, 5, 6, 7, 8)


@dataclass(frozen=True)
class PlantedCause:
    """One planted cause: how the system makes it, what it acts through, and what would have told.

    ``effect`` is in SDs of the state's spring score per unit of ``exposure``, a column of
    ``district_students.students``; ``grades`` are those in which it acts. A decoy has the effect 0.
    ``size`` says what ``many`` units of the exposure do, in points of the state's scale, and
    ``counted`` what the exposure is, a share or a number of weeks.
    """

    id: str
    name: str
    mechanism: str
    exposure: str
    effect: float
    grades: tuple
    told_by: tuple
    size: str = ""
    many: float = 1.0
    counted: str = ""

    def points(self, effect=None):
        """What an effect in SDs comes to in its grades, in points of the scale (float).

        The effect of ``many`` units unless named; by the mean of the state's SDs of 2025.
        """
        effect = self.many * self.effect if effect is None else effect
        sds = [calibration.SDS[2025][network.GRADES.index(grade)] for grade in self.grades]
        return effect * sum(sds) / len(sds)

    def in_points(self):
        """Its size in one plain sentence (text); "" for a decoy."""
        return self.size.format(points=f"{abs(self.points()):.0f}")


CAUSES = (
    PlantedCause(
        "placement",
        "Placement in mathematics courses by recommendation",
        "One teacher's recommendation, without written criteria, fills the accelerated "
        "course of grades 7 and 8. At the same benchmark score, "
        "Black and Latino students and English learners are recommended less often.",
        "accelerated",
        0.30,
        (7, 8),
        (
            "placement records: who was recommended at the same benchmark score",
            "the process map of placement: one line on a sheet, and no criteria",
            "interviews with counselors, who name different rules for the same course",
        ),
        "A student who is given the accelerated course scores about {points} points more in the "
        "spring than a student alike who is not.",
        1.0,
        "the share who sit in the accelerated course",
    ),
    PlantedCause(
        "pullout",
        "Support scheduled during core mathematics",
        "The bell schedule has one open period, so support takes students out of the lesson "
        "that it is meant to support.",
        "core_lost",
        -0.70,
        (6, 7, 8),
        (
            "sections and minutes: core minutes received beside core minutes scheduled",
            "the process map of intervention: where students are while the core lesson goes on",
            "interviews with students in support: last week explained, this week missed",
        ),
        "A student whose support takes two fifths of the core lessons scores about {points} points "
        "less in the spring than a student alike who stays in them.",
        0.4,
        "the share of core lessons missed",
    ),
    PlantedCause(
        "late_results",
        "Benchmark results that come back weeks late",
        "Benchmark answer sheets wait for a scanner and for the calendar's results meeting, "
        "so what a class did not understand is found "
        "two units later.",
        "weeks_without_results",
        -0.035,
        ALL_GRADES,
        (
            "benchmark dates: the day of the test beside the day the results reached the teacher",
            "the process map from test to teacher, with its waits",
            "interviews with teachers: what they taught when the results came",
        ),
        "A student below level whose results wait five weeks scores about {points} points less in "
        "the spring than a student alike whose results come at once.",
        5.0,
        "the weeks that results wait",
    ),
    PlantedCause(
        "transition",
        "A change of schools between grades 5 and 6 without a bridge",
        "Elementary and middle schools share no records of what students learned, and their "
        "teachers never meet, so grade 6 begins anew.",
        "unbridged_move",
        -0.22,
        (6,),
        (
            "grade 6 results of students who moved beside those who stayed in a school "
            "through grade 8, at the same benchmark score",
            "the calendar of meetings between grade 5 and grade 6 teachers",
            "interviews with grade 6 students and teachers about September",
        ),
        "A student who changes schools without a bridge scores about {points} points less at the "
        "end of grade 6 than a student alike who has one.",
        1.0,
        "the share who changed schools without a bridge",
    ),
    PlantedCause(
        "assignment",
        "Where new teachers are assigned",
        "Sections are chosen by seniority in May, so teachers in their first three years are "
        "given support and non-accelerated sections.",
        "new_teacher",
        -0.16,
        (6, 7, 8),
        (
            "sections: years of teaching by course and support",
            "the order in which sections are chosen",
            "interviews with a teacher in the first year and with one who chose first",
        ),
        "A student whose teacher is in the first three years scores about {points} points less in "
        "the spring than a student alike whose teacher is not.",
        1.0,
        "the share with a teacher in the first three years",
    ),
)
DECOYS = (
    PlantedCause(
        "attendance",
        "Students miss too much school",
        "Where buses run late, the roll of the first period is closed before the second bus "
        "arrives, and a late bus is recorded as an absence. "
        "These schools serve more disadvantaged students, so recorded attendance and scores "
        "are low in the same schools; within a school "
        "attendance hardly differs by group and says nothing about growth.",
        "attendance",
        0.0,
        ALL_GRADES,
        (
            "attendance beside growth within schools, not between them",
            "the process map of the morning roll: when it is closed and when the second bus "
            "arrives",
            "interviews with students, families and the office that closes the roll",
        ),
    ),
)
BY_ID = {cause.id: cause for cause in (*CAUSES, *DECOYS)}


@dataclass(frozen=True)
class Policy:
    """How one district does things, and so whom each cause reaches.

    ``passed_over``: taken from the log odds of a recommendation at the same benchmark score (None:
    one course for all); ``in_core``: share of middle grades schools whose support takes core time;
    ``weeks_late``: weeks from a benchmark to its results, on average over schools; ``bridge``:
    share of feeder schools that share records and meetings (None: students do not change school);
    ``new_teachers``: share of sections taught by teachers in their first three years;
    ``last_pick``: how much more often support and ordinary sections have one (log odds);
    ``late_bus``: share of days on which a late bus is recorded as an absence, on average over
    schools.
    """

    passed_over: float | None
    in_core: float
    weeks_late: int
    bridge: float | None
    new_teachers: float
    last_pick: float
    late_bus: float


POLICIES = {
    "10017": Policy(1.5, 0.75, 5, 0.20, 0.24, 1.6, 0.030),
    "10025": Policy(1.6, 0.20, 2, 0.50, 0.20, 0.9, 0.020),
    "10033": Policy(0.5, 1.0, 4, 0.00, 0.30, 2.0, 0.035),
    "10041": Policy(1.7, 0.60, 6, 0.30, 0.18, 0.5, 0.025),
    "10058": Policy(0.0, 1.0, 1, 0.95, 0.15, 0.3, 0.015),
    "10066": Policy(0.4, 0.00, 3, 0.00, 0.30, 2.2, 0.030),
    "10074": Policy(None, 1.0, 6, None, 0.00, 0.0, 0.025),
    "10082": Policy(None, 0.0, 2, None, 0.00, 0.0, 0.020),
}


def acting(district):
    """The planted causes that act in a district, in the order of ``CAUSES``.

    A tuple of ``PlantedCause``: those that its policy lets act enough to be worth finding. Below
    that, the key does not ask for a cause.

    >>> [cause.id for cause in acting("10074")]
    ['pullout', 'late_results']
    """
    policy = POLICIES[code_of(district)]
    acts = {
        "placement": (policy.passed_over or 0) >= 0.4,
        "pullout": policy.in_core >= 0.3,
        "late_results": policy.weeks_late >= 3,
        "transition": policy.bridge is not None and policy.bridge <= 0.5,
        "assignment": policy.last_pick >= 0.9,
    }
    return tuple(cause for cause in CAUSES if acts[cause.id])


def code_of(district):
    """A practice district's five digits; ``Refusal`` for any other district.

    ``district`` is its code, with or without the county, its name, or the first word or words of
    it.

    >>> code_of("99-10017"), code_of("Sueño Creek Elementary"), code_of("lanternfield")
    ('10017', '10058', '10017')
    """
    asked = str(district).strip().removeprefix(f"{network.COUNTY_CODE}-")
    if asked in network.DISTRICT_NAMES:
        return asked
    # Whole words are compared, so that "Little C" is nobody; a whole name begins with itself.
    begins = f"{asked} ".casefold()
    names = network.DISTRICT_NAMES.items()
    begun = [code for code, name in names if f"{name} ".casefold().startswith(begins)]
    if asked and len(begun) == 1:
        return begun[0]
    every = network.DISTRICT_NAMES.values()
    close = " or ".join(nearest(asked, every)) or ", ".join(every)
    raise Refusal(f"{district!r} is not a district of the practice network. Choose {close}.")


def grades_in_words(grades, joining="to"):
    """Grades as a sentence has them (text).

    >>> grades_in_words((6,)), grades_in_words((6, 7, 8))
    ('grade 6', 'grades 6 to 8')
    """
    lowest, highest = grades[0], grades[-1]
    return f"grade {lowest}" if lowest == highest else f"grades {lowest} {joining} {highest}"


def lower_first(text):
    """A name as it stands inside a sentence: its first letter small (text).

    >>> lower_first("Where new teachers are assigned")
    'where new teachers are assigned'
    """
    return text[0].lower() + text[1:]
