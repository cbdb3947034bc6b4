"""Draws the students of one year from the model's cells: who they are, whether they were tested,
how they scored.
"""

import numpy as np

from practice_network import calibration as state
from practice_network import network
from practice_network import score_model as model
from see_the_system.data import codes

LANGUAGES = ("EL", "RFEP", "IFEP", "TBD", "EO")
MALE, FEMALE, NONBINARY = 3, 4, 0
NONBINARY_SHARE = 0.0015  # counted from 2021
MALE_SHARE, AREA_ERROR = 0.511, 1.5  # an area is "near" within 1.5 standard errors of the standard


def draw_students(year, cells=None, *, parts=False, key=()):
    """The students enrolled in a year (frame, one row a student), drawn from ``model.cells(year)``
    or a changed copy of it.

    Columns: district, code, grade, ethnicity, disadvantaged, language, disability, gender, tested,
    scored (bool), score (scale score), level (0 not met to 3 exceeded), area1, area2, area3 (0
    below, 1 near, 2 above standard); with ``parts`` also expected (what the model expects of such a
    student), sd (of a student around that) and raw (before rounding and the scale's ends). ``key``
    is that of the ``network.Network`` that the cells are of.
    """
    cells = model.cells(year) if cells is None else cells
    students = _enrol(cells, year, key)
    students["grade_index"] = students.grade.map({grade: i for i, grade in enumerate(state.GRADES)})
    students["disability"] = model.generator(year, 3, *key).random(len(students)) < _by_grade(
        students, state.DISABILITY
    )
    language, expected = _languages(students, year, key)
    students["language"] = np.array(LANGUAGES)[language]
    students["gender"] = _genders(len(students), year, key)
    _test(students, year, key)
    _score(students, language, expected, year, key)
    students = students.drop(columns=["grade_index", "mean", "participation"])
    return students if parts else students.drop(columns=["expected", "sd", "raw"])


def _enrol(cells, year, key):
    draw = model.generator(year, 2, *key)
    counts = []
    for _, cell in cells.groupby(["district", "code", "grade"], sort=False):
        counts.append(draw.multinomial(cell.enrolled.iloc[0], cell.share / cell.share.sum()))
    rows = np.repeat(np.arange(len(cells)), np.concatenate(counts))
    return cells.drop(columns=["enrolled", "share"]).iloc[rows].reset_index(drop=True)


def _by_grade(students, table):
    return np.array(table)[students.grade_index]


def _languages(students, year, key):
    """The language position of each student, and the mean language effect of students alike, which
    is taken out again.
    """
    home = np.array(state.HOME_LANGUAGE)[
        students.ethnicity.map(dict(zip(network.ETHNICITY_CODES, range(9)))).to_numpy()
    ]
    common = home * np.array(state.HOME_LANGUAGE_DISADVANTAGED)[students.disadvantaged.astype(int)]
    parts = np.stack(
        [
            common * _by_grade(students, state.ENGLISH_LEARNER),
            common * _by_grade(students, state.RECLASSIFIED),
            common * state.INITIALLY_FLUENT,
            np.full(len(students), state.UNDETERMINED),
        ],
        axis=1,
    )
    steps = parts.cumsum(axis=1)
    position = (model.generator(year, 4, *key).random(len(students))[:, None] > steps).sum(axis=1)
    effects = np.stack(
        [_by_grade(students, state.LANGUAGE_EFFECT[name]) for name in LANGUAGES], axis=1
    )
    probability = np.concatenate([parts, 1 - steps[:, -1:]], axis=1)
    return position, (probability * effects).sum(axis=1)


def _genders(count, year, key):
    luck = model.generator(year, 5, *key).random(count)
    gender = np.where(luck < MALE_SHARE, MALE, FEMALE)
    return np.where(luck > 1 - NONBINARY_SHARE, NONBINARY, gender) if year >= 2021 else gender


def _test(students, year, key):
    draw = model.generator(year, 6, *key)
    students["tested"] = draw.random(len(students)) < students.participation
    students["scored"] = students.tested & (draw.random(len(students)) < state.SCORED)


def _score(students, language, expected, year, key):
    draw = model.generator(year, 7, *key)
    sd = _by_grade(students, state.SDS[year])
    own = np.stack(
        [_by_grade(students, state.LANGUAGE_EFFECT[name]) for name in LANGUAGES], axis=1
    )[np.arange(len(students)), language]
    disability = _by_grade(students, state.DISABILITY_EFFECT) * (
        state.DISABILITY_BEFORE_2021 if year < 2021 else 1
    )
    shift = (
        own - expected + disability * (students.disability - _by_grade(students, state.DISABILITY))
    )
    students["expected"] = students["mean"] + sd * shift
    students["raw"] = students.expected + students["sd"] * draw.standard_normal(len(students))
    low, high = _by_grade(students, state.SCORE_RANGE[year >= 2021]).T
    students["score"] = np.rint(np.clip(students.raw, low, high)).astype(int)
    cuts = np.array([codes.MATH_CUTS[grade] for grade in state.GRADES])[students.grade_index]
    students["level"] = (students.score.to_numpy()[:, None] >= cuts).sum(axis=1)
    for area, near in enumerate(state.AREA_NEAR[year >= 2021], start=1):
        distance = (students.score - cuts[:, 1]) / sd + near / AREA_ERROR * draw.standard_normal(
            len(students)
        )
        students[f"area{area}"] = 1 + (distance > near).astype(int) - (distance < -near).astype(int)
