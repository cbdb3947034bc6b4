"""What lies behind the scores of the practice network's files: a past that fits for each student.

The planted causes reach students from who they are and what a school does to exposure
(``expose``). Forward, a score is: what is expected of such a student in such a school, plus
``PERSISTENCE`` of the student's own standing a year earlier, plus what each exposure does (less its
expectation for such a student, which the calibrated means hold already), plus chance. Backward,
``PASTS`` pasts are drawn for each student and one is taken with odds in step with how well it
explains the score (sampling importance resampling, Rubin 1988, Bayesian Statistics 3). So the files
stay as they are, and within students alike the exposures have the planted effects, as
``docs/validation.md`` shows.
"""

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import expit

from practice_network import calibration, network, planted
from practice_network.score_model import (
    WITHIN_SD,
    by_grade,
    draw_students,
    generator,
    school_traits,
)

# How much of a student's own standing a year earlier carries over, beside the causes.
PERSISTENCE = 0.70
BENCHMARK_ERROR = 0.35  # SDs: what one benchmark says of a student, beside chance
BENCHMARK_MEAN, BENCHMARK_SD, BELOW = 54, 16, 50  # percent correct; below 50 is below level
# Where a recommendation is as likely as not, in SDs of the benchmark, and how sharply it turns; the
# same for support.
ACCELERATED_AT, STEEPNESS = 0.25, 2.4
SUPPORT_AT, SUPPORT_STEEPNESS = -0.55, 2.0
SUPPORT_ENGLISH_LEARNER = 0.7
LOST_IN_CORE = 0.40  # of core minutes, where support takes students out of core
# Log odds of a new teacher per unit of a school's log odds of disadvantage.
NEW_AT_DISADVANTAGE = 0.4
# How much more often support has a new teacher, and how much less often the accelerated course.
SUPPORT_LAST, ACCELERATED_LAST = 0.6, -1.0
MIDDLE = (6, 7, 8)  # the middle grades
EARLIEST = 4  # the first grade with a past
PASTS = 128  # possible pasts drawn for each student
NEAR = 0.80  # how near to where the score points they are drawn
# Scores of students alike are normal in the files and a little less so forward; unmended, the fit
# takes this share off the effects.
HELD = 1.08
YEARS = (2022, 2023, 2024, 2025)
_drawn = lru_cache(maxsize=4)(draw_students)


def practices(year):
    """What each school of the network does in a year, by school code (frame).

    Columns: district, kind, disadvantage (log odds above its district's), in_core (support
    takes core minutes, bool), weeks_late (weeks from a benchmark to its results, int), bridge
    (share of its incoming grade 6 whose school shared records; NaN where nobody changes school),
    late_bus (share of days on which a late bus is recorded as an absence, for those who ride),
    passed_over, new_teachers, last_pick (as ``planted.Policy``).
    """
    schools = school_traits().query("first <= @year <= last and kind != 'H'").set_index("code")
    every = network.schools().code
    luck = pd.DataFrame(generator(20).random((len(every), 3)), index=every).loc[schools.index]
    policy = pd.DataFrame(map(vars, schools.district.map(planted.POLICIES)), index=schools.index)
    middle = schools.kind.isin(("M", "K8"))
    # Ranks, not draws of their own: with nine schools three out of four must be three out of four.
    rank = luck[0].where(middle).groupby(schools.district).rank() - 0.5
    of = middle.groupby(schools.district).transform("sum")
    # One or two schools wait as long as their policy says: luck would not even out.
    few = schools.groupby("district").district.transform("size") < 3
    weeks_late = np.maximum(0, policy.weeks_late + np.rint(4 * luck[1] - 2))
    late_bus = policy.late_bus * np.exp(0.9 * schools.disadvantage) * np.exp(0.3 * luck[2] - 0.15)
    own = schools[["district", "kind", "disadvantage"]]
    return own.join(policy[["passed_over", "new_teachers", "last_pick"]]).assign(
        in_core=middle & (rank < of * policy.in_core),
        weeks_late=weeks_late.where(~few, policy.weeks_late).astype(int),
        bridge=policy.bridge.where(schools.kind == "M"),
        late_bus=late_bus.clip(upper=0.15),
    )


def expose(students, standing, draw):
    """One possible year for each student and each column of ``standing``.

    A dict of arrays of its shape. students: a frame with grade, ethnicity, language, and the
    columns of ``practices``. standing: SDs around the state's mean of the grade a year earlier, one
    column a possible past. Gives benchmark (SDs), below, recommended, accelerated, support (0 none,
    1 beside core, 2 in core), core_lost, weeks_without_results, unbridged_move, new_teacher.
    """
    # The order of the draws is part of the network: another order would be other students.
    benchmark = standing + BENCHMARK_ERROR * draw.standard_normal(standing.shape)
    below = BENCHMARK_MEAN + BENCHMARK_SD * benchmark < BELOW
    recommended = _recommended(students, benchmark, draw)
    support = _support(students, benchmark, draw)
    new_teacher = _new_teacher(students, recommended, support > 0, draw)
    unbridged = _unbridged(students, draw.random(standing.shape))
    return {
        "benchmark": benchmark,
        "below": below,
        "recommended": recommended,
        "accelerated": recommended.astype(float),
        "support": support,
        "core_lost": LOST_IN_CORE * (support == 2),
        "weeks_without_results": _column(students.weeks_late) * below.astype(float),
        "unbridged_move": unbridged.astype(float),
        "new_teacher": new_teacher.astype(float),
    }


def percent_correct(standing):
    """What a standing in SDs comes to on a benchmark (series of int, percent)."""
    percent = BENCHMARK_MEAN + BENCHMARK_SD * standing
    return percent.round().clip(0, 100).astype(int)


def effect(exposed):
    """What the exposures of ``expose`` do to the spring score together, in SDs (array).

    Against nobody exposed to anything.
    """
    return sum(cause.effect * exposed[cause.exposure] for cause in planted.CAUSES)


def pasts(year, district, grade=None):
    """The students of grades 4 to 8 of a district in a year, each with the past drawn for it.

    A frame in the order of ``draw_students``. Columns: those of ``draw_students``, ``expected`` and
    ``raw`` in SDs around the state's mean of the grade, the school's practices, ``standing`` (a
    year earlier, SDs) and what ``expose`` gives. With ``grade``, the same rows of that grade alone.
    """
    students = students_of(year, district)
    draw = generator(year, 21, int(district))
    if grade is not None:
        wanted = (students.grade == grade).to_numpy()
        draw, students = _DrawsOf(draw, wanted), students[wanted]
    usual, left = _usual(students, draw)
    own = (students.raw - students.expected).to_numpy()[:, None]
    # Drawn near where the score points, and weighed back: few draws of the whole range would fit an
    # unusual score.
    centre = NEAR * own
    spread = WITHIN_SD * np.sqrt(1 - NEAR**2)
    before = centre + spread * draw.standard_normal((len(students), PASTS))
    exposed = _exposed(students, before, draw)
    guess = PERSISTENCE * before + HELD * effect(exposed) - usual
    odds = (
        ((before - centre) / spread) ** 2 - (before / WITHIN_SD) ** 2 - ((own - guess) / left) ** 2
    )
    # With Gumbel noise the largest is a draw in step with the odds (log odds are half of these).
    gumbel = -np.log(-np.log(draw.random(odds.shape)))
    chosen = (odds / 2 + gumbel).argmax(axis=1)
    rows = np.arange(len(students))
    kept = {name: values[rows, chosen] for name, values in exposed.items()}
    return students.assign(standing=students.expected + before[rows, chosen], **kept)


def _column(values):
    """One value a student, to stand beside the possible pasts (array, students x 1)."""
    return np.asarray(values)[:, None]


def _by_chance(draw, odds, reached, shape):
    """Whom a chance meets, for each possible past (bool array of a shape, students x pasts).

    odds: gives the log odds of some students (mask), and is asked for those ``reached`` alone; the
    draws are of everybody, so that they stay what they are whoever is reached.
    """
    luck = draw.random(shape)
    of = reached.to_numpy(bool)
    met = np.zeros(shape, dtype=bool)
    met[of] = luck[of] < expit(odds(of))
    return met


def _recommended(students, benchmark, draw):
    learner = students.language == "EL"
    passed_over = students.ethnicity.isin(planted.PASSED_OVER) | learner
    passed = _column(students.passed_over.fillna(0) * passed_over)
    has_courses = students.passed_over.notna() & (students.grade >= 7)

    def odds(of):
        return STEEPNESS * (benchmark[of] - ACCELERATED_AT) - passed[of]

    return _by_chance(draw, odds, has_courses, benchmark.shape)


def _support(students, benchmark, draw):
    learner = _column(students.language == "EL")

    def odds(of):
        own = SUPPORT_STEEPNESS * (SUPPORT_AT - benchmark[of])
        return own + SUPPORT_ENGLISH_LEARNER * learner[of]

    given = _by_chance(draw, odds, students.grade.isin(MIDDLE), benchmark.shape)
    return np.where(given, 1 + _column(students.in_core), 0)


def _new_teacher(students, accelerated, support, draw):
    share = _column(students.new_teachers)
    usual = np.log(np.maximum(share, 1e-6) / (1 - share))
    usual = usual + NEW_AT_DISADVANTAGE * _column(students.disadvantage)
    last_pick = _column(students.last_pick)

    def odds(of):
        last = np.where(accelerated[of], ACCELERATED_LAST, 0.0)
        return usual[of] + last_pick[of] * np.where(support[of], SUPPORT_LAST, last)

    reached = students.grade.isin(MIDDLE) & (students.new_teachers > 0)
    return _by_chance(draw, odds, reached, accelerated.shape)


def _unbridged(students, luck):
    moves = (students.kind == "M") & (students.grade == 6)
    # A bridge reaches those who are passed over elsewhere a little less often.
    reaches = np.where(students.ethnicity.isin(planted.PASSED_OVER), 0.85, 1.1)
    bridged = luck < _column(students.bridge.fillna(1) * reaches)
    return _column(moves) & ~bridged


def _exposed(students, before, draw):
    return expose(students, students.expected.to_numpy()[:, None] + before, draw)


def _usual(students, draw):
    """What the exposures do on average to students alike, and the SD that is left to chance.

    Two arrays, students x 1.
    """
    before = WITHIN_SD * draw.standard_normal((len(students), PASTS))
    caused = HELD * effect(_exposed(students, before, draw))
    explained = (PERSISTENCE * before + caused).var(axis=1, keepdims=True)
    left = np.sqrt(np.maximum(WITHIN_SD**2 - explained, 0.05))
    return caused.mean(axis=1, keepdims=True), left


class _DrawsOf:
    """Draws for everybody, as a generator does, and gives those of the wanted (bool array)."""

    def __init__(self, draw, wanted):
        self._draw = draw
        self._wanted = wanted

    def random(self, shape):
        return self._draw.random((len(self._wanted), shape[1]))[self._wanted]

    def standard_normal(self, shape):
        return self._draw.standard_normal((len(self._wanted), shape[1]))[self._wanted]


def students_of(year, district):
    """A district's students of grades 4 to 8, scores in SDs, with their school's practices."""
    everybody = _drawn(year)
    own = (everybody.district == district) & everybody.grade.between(EARLIEST, 8)
    students = everybody[own].reset_index(drop=True)
    mean = by_grade(students, calibration.MEANS[year])
    sd = by_grade(students, calibration.SDS[year])
    students["scale_score"] = students.score
    for name in ("expected", "raw", "score"):
        students[name] = (students[name] - mean) / sd
    of_school = practices(year).drop(columns="district")
    return students.drop(columns="sd").join(of_school, on="code")
