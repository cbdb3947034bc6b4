"""How the planted causes reach students: from who a student is and what a school does to who is
exposed to what.

One set of mechanisms serves twice. For the years of the state's files ``history`` draws many
possible pasts of each student and keeps one that fits the score in the file, so that the files are
what the causes made of them; ``simulate`` runs the same mechanisms forward.
"""

import numpy as np
import pandas as pd
from scipy.special import expit

from practice_network import network, planted
from practice_network import score_model as model

PERSISTENCE = (
    0.70  # how much of a student's own standing a year earlier carries over, beside the causes
)
BENCHMARK_ERROR = 0.35  # SDs: what one benchmark says of a student, beside chance
BENCHMARK_MEAN, BENCHMARK_SD, BELOW = 54, 16, 50  # percent correct; below 50 is below level
ACCELERATED_AT, STEEPNESS = (
    0.25,
    2.4,
)  # where a recommendation is as likely as not, in SDs of the benchmark, and how sharply it turns
SUPPORT_AT, SUPPORT_STEEPNESS = -0.55, 2.0
SUPPORT_ENGLISH_LEARNER = 0.7
LOST_IN_CORE = 0.40  # of core minutes, where support takes students out of core
NEW_AT_DISADVANTAGE = (
    0.4  # log odds of a new teacher per unit of a school's log odds of disadvantage
)
EXPOSURES = tuple(cause.exposure for cause in planted.CAUSES)
MIDDLE, EARLIEST = (6, 7, 8), 4


def practices(year):
    """What each school of the network does in a year, by school code (frame).

    Columns: district, kind, name, disadvantage (log odds above its district's), in_core (support
    takes core minutes, bool), weeks_late (weeks from a benchmark to its results, int), bridge
    (share of its incoming grade 6 whose school shared records; NaN where nobody changes school),
    late_bus (share of days on which a late bus is recorded as an absence, for those who ride),
    passed_over, new_teachers, last_pick (as ``planted.Policy``).
    """
    schools = model.school_traits().query("first <= @year <= last")
    schools = schools[schools.kind != "H"].set_index("code")
    policy = schools.district.map(planted.POLICIES)
    luck = pd.DataFrame(
        model.generator(20).random((len(network.schools()), 3)), index=network.schools().code
    ).loc[schools.index]
    frame = schools[["district", "kind", "name", "disadvantage"]].copy()
    middle = schools.kind.isin(("M", "K8"))
    # Ranks, not draws of their own: with nine schools three out of four must be three out of four.
    rank = luck[0].where(middle).groupby(schools.district).rank() - 0.5
    of = middle.groupby(schools.district).transform("sum")
    frame["in_core"] = middle & (rank < of * policy.map(lambda one: one.in_core))
    frame["weeks_late"] = np.maximum(
        0, policy.map(lambda one: one.weeks_late) + np.rint(4 * luck[1] - 2)
    ).astype(int)
    frame["weeks_late"] = np.where(
        schools.groupby("district").district.transform("size") < 3,
        policy.map(lambda one: one.weeks_late),
        frame.weeks_late,
    )
    frame["bridge"] = policy.map(lambda one: np.nan if one.bridge is None else one.bridge).where(
        schools.kind == "M"
    )
    late = policy.map(lambda one: one.late_bus)
    frame["late_bus"] = (
        late * np.exp(0.9 * schools.disadvantage) * np.exp(0.3 * luck[2] - 0.15)
    ).clip(upper=0.15)
    for name in ("passed_over", "new_teachers", "last_pick"):
        frame[name] = policy.map(
            lambda one: np.nan if getattr(one, name) is None else getattr(one, name)
        ).astype(float)
    return frame


def expose(students, standing, draw):
    """One possible year for each student and each column of ``standing``: a dict of arrays of its
    shape.

    students: a frame with grade, ethnicity, language, and the columns of ``practices``. standing:
    SDs around the state's mean of the grade a year earlier, one column a possible past. Gives
    benchmark (SDs), below, recommended, accelerated, support (0 none, 1 beside core, 2 in core),
    core_lost, weeks_without_results, unbridged_move, new_teacher.
    """

    def column(values):
        return np.asarray(values)[:, None]

    benchmark = standing + BENCHMARK_ERROR * draw.standard_normal(standing.shape)
    below = BENCHMARK_MEAN + BENCHMARK_SD * benchmark < BELOW
    grade, learner = column(students.grade), column(students.language == "EL")
    passed_over = column(students.ethnicity.isin(planted.PASSED_OVER)) | learner
    odds = (
        STEEPNESS * (benchmark - ACCELERATED_AT)
        - column(students.passed_over.fillna(0)) * passed_over
    )
    tracked = column(students.passed_over.notna()) & (grade >= 7)
    recommended = (draw.random(standing.shape) < expit(odds)) & tracked
    support = _support(students, benchmark, learner, grade, draw)
    new = _new_teacher(students, recommended, support > 0, grade, draw)
    moves = column(students.kind == "M") & (grade == 6)
    bridged = draw.random(standing.shape) < column(
        students.bridge.fillna(1)
        * np.where(students.ethnicity.isin(planted.PASSED_OVER), 0.85, 1.1)
    )
    return {
        "benchmark": benchmark,
        "below": below,
        "recommended": recommended,
        "accelerated": recommended.astype(float),
        "support": support,
        "core_lost": LOST_IN_CORE * (support == 2),
        "weeks_without_results": column(students.weeks_late) * below.astype(float),
        "unbridged_move": (moves & ~bridged).astype(float),
        "new_teacher": new.astype(float),
    }


def effect(exposed):
    """What the exposures of ``expose`` do to the spring score together, in SDs (array), against
    nobody exposed to anything.
    """
    return sum(cause.effect * exposed[cause.exposure] for cause in planted.CAUSES)


def _support(students, benchmark, learner, grade, draw):
    given = draw.random(benchmark.shape) < expit(
        SUPPORT_STEEPNESS * (SUPPORT_AT - benchmark) + SUPPORT_ENGLISH_LEARNER * learner
    )
    in_core = np.asarray(students.in_core)[:, None]
    return np.where(given & np.isin(grade, MIDDLE), 1 + in_core, 0)


def _new_teacher(students, accelerated, support, grade, draw):
    share = np.asarray(students.new_teachers)[:, None]
    base = (
        np.log(np.maximum(share, 1e-6) / (1 - share))
        + NEW_AT_DISADVANTAGE * np.asarray(students.disadvantage)[:, None]
    )
    last = np.asarray(students.last_pick)[:, None]
    odds = base + last * np.where(support, 0.6, np.where(accelerated, -1.0, 0.0))
    return (draw.random(accelerated.shape) < expit(odds)) & np.isin(grade, MIDDLE) & (share > 0)
