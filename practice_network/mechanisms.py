"""How the planted causes reach students: from who they are and what a school does to exposure.

One set of mechanisms serves twice. For the years of the state's files ``history`` draws many
possible pasts of each student and keeps one that fits the score in the file, so that the files are
what the causes made of them; ``simulate`` runs the same mechanisms forward.
"""

import numpy as np
import pandas as pd
from scipy.special import expit

from practice_network import network, planted
from practice_network.score_model import generator, school_traits

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


def practices(year):
    """What each school of the network does in a year, by school code (frame).

    Columns: district, kind, name, disadvantage (log odds above its district's), in_core (support
    takes core minutes, bool), weeks_late (weeks from a benchmark to its results, int), bridge
    (share of its incoming grade 6 whose school shared records; NaN where nobody changes school),
    late_bus (share of days on which a late bus is recorded as an absence, for those who ride),
    passed_over, new_teachers, last_pick (as ``planted.Policy``).
    """
    schools = school_traits().query("first <= @year <= last and kind != 'H'").set_index("code")
    every = network.schools().code
    luck = pd.DataFrame(generator(20).random((len(every), 3)), index=every).loc[schools.index]
    policies = pd.DataFrame(map(vars, planted.POLICIES.values()), index=list(planted.POLICIES))
    policy = policies.loc[schools.district].set_axis(schools.index)
    middle = schools.kind.isin(("M", "K8"))
    # Ranks, not draws of their own: with nine schools three out of four must be three out of four.
    rank = luck[0].where(middle).groupby(schools.district).rank() - 0.5
    of = middle.groupby(schools.district).transform("sum")
    # One or two schools wait as long as their policy says: luck would not even out.
    few = schools.groupby("district").district.transform("size") < 3
    weeks_late = np.maximum(0, policy.weeks_late + np.rint(4 * luck[1] - 2))
    late_bus = policy.late_bus * np.exp(0.9 * schools.disadvantage) * np.exp(0.3 * luck[2] - 0.15)
    return schools[["district", "kind", "name", "disadvantage"]].assign(
        in_core=middle & (rank < of * policy.in_core),
        weeks_late=weeks_late.where(~few, policy.weeks_late).astype(int),
        bridge=policy.bridge.where(schools.kind == "M"),
        late_bus=late_bus.clip(upper=0.15),
        passed_over=policy.passed_over,
        new_teachers=policy.new_teachers,
        last_pick=policy.last_pick,
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


def effect(exposed):
    """What the exposures of ``expose`` do to the spring score together, in SDs (array).

    Against nobody exposed to anything.
    """
    return sum(cause.effect * exposed[cause.exposure] for cause in planted.CAUSES)


def _column(values):
    """One value a student, to stand beside the possible pasts (array, students x 1)."""
    return np.asarray(values)[:, None]


def _middle(students):
    return _column(students.grade.isin(MIDDLE))


def _recommended(students, benchmark, draw):
    learner = students.language == "EL"
    passed_over = students.ethnicity.isin(planted.PASSED_OVER) | learner
    odds = STEEPNESS * (benchmark - ACCELERATED_AT)
    odds = odds - _column(students.passed_over.fillna(0) * passed_over)
    has_courses = _column(students.passed_over.notna() & (students.grade >= 7))
    return (draw.random(benchmark.shape) < expit(odds)) & has_courses


def _support(students, benchmark, draw):
    learner = _column(students.language == "EL")
    odds = SUPPORT_STEEPNESS * (SUPPORT_AT - benchmark) + SUPPORT_ENGLISH_LEARNER * learner
    given = (draw.random(benchmark.shape) < expit(odds)) & _middle(students)
    return np.where(given, 1 + _column(students.in_core), 0)


def _new_teacher(students, accelerated, support, draw):
    share = _column(students.new_teachers)
    usual = np.log(np.maximum(share, 1e-6) / (1 - share))
    usual = usual + NEW_AT_DISADVANTAGE * _column(students.disadvantage)
    last = np.where(support, SUPPORT_LAST, np.where(accelerated, ACCELERATED_LAST, 0.0))
    odds = usual + _column(students.last_pick) * last
    return (draw.random(accelerated.shape) < expit(odds)) & _middle(students) & (share > 0)


def _unbridged(students, luck):
    moves = (students.kind == "M") & (students.grade == 6)
    # A bridge reaches those who are passed over elsewhere a little less often.
    reaches = np.where(students.ethnicity.isin(planted.PASSED_OVER), 0.85, 1.1)
    bridged = luck < _column(students.bridge.fillna(1) * reaches)
    return _column(moves) & ~bridged
