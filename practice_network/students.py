"""Draws the students of one year from the cells of ``score_model``.

Who they are, whether they were tested, how they scored.
"""

import numpy as np

from practice_network import calibration, network, score_model
from practice_network.score_model import generator
from see_the_system.data import codes

LANGUAGES = ("EL", "RFEP", "IFEP", "TBD", "EO")
MALE, FEMALE, NONBINARY = 3, 4, 0
NONBINARY_SHARE = 0.0015  # counted from 2021
MALE_SHARE = 0.511
AREA_ERROR = 1.5  # an area is "near" within 1.5 standard errors of the standard


def draw_students(year, cells=None, *, parts=False, key=()):
    """The students enrolled in a year (frame, one row a student).

    Drawn from ``score_model.cells(year)`` or a changed copy of it. Columns: district, code, grade,
    ethnicity, disadvantaged, language, disability, gender, tested, scored (bool), score (scale
    score), level (0 not met to 3 exceeded), area1, area2, area3 (0 below, 1 near, 2 above
    standard); with ``parts`` also expected (what the model expects of such a student), sd (of a
    student around that) and raw (before rounding and the scale's ends). ``key`` is that of the
    ``network.Network`` that the cells are of.
    """
    students = _enrol(score_model.cells(year) if cells is None else cells, year, key)
    count = len(students)
    grades = {grade: place for place, grade in enumerate(calibration.GRADES)}
    students["grade_index"] = students.grade.map(grades)
    disability = _by_grade(students, calibration.DISABILITY)
    students["disability"] = generator(year, 3, *key).random(count) < disability
    language, usual_effect = _languages(students, year, key)
    students["language"] = np.array(LANGUAGES)[language]
    students["gender"] = _genders(count, year, key)
    draw = generator(year, 6, *key)
    students["tested"] = draw.random(count) < students.participation
    students["scored"] = students.tested & (draw.random(count) < calibration.SCORED)
    _score(students, language, usual_effect, year, key)
    students = students.drop(columns=["grade_index", "mean", "participation"])
    return students if parts else students.drop(columns=["expected", "sd", "raw"])


def _enrol(cells, year, key):
    draw = generator(year, 2, *key)
    counts = [
        draw.multinomial(cell.enrolled.iloc[0], cell.share / cell.share.sum())
        for _, cell in cells.groupby(["district", "code", "grade"], sort=False)
    ]
    rows = np.repeat(np.arange(len(cells)), np.concatenate(counts))
    return cells.drop(columns=["enrolled", "share"]).iloc[rows].reset_index(drop=True)


def _by_grade(students, table):
    """A table of the calibration, which is in the order of its grades, for each student (array)."""
    return np.array(table)[students.grade_index]


def _languages(students, year, key):
    """The language position of each student, and what language does to students alike.

    Two arrays; the second is a mean effect, and is taken out again.
    """
    place = students.ethnicity.map(network.ETHNICITY_CODES.index)
    home = np.array(calibration.HOME_LANGUAGE)[place]
    by_disadvantage = np.array(calibration.HOME_LANGUAGE_DISADVANTAGED)
    common = home * by_disadvantage[students.disadvantaged.astype(int)]
    shares = np.stack(
        [
            common * _by_grade(students, calibration.ENGLISH_LEARNER),
            common * _by_grade(students, calibration.RECLASSIFIED),
            common * calibration.INITIALLY_FLUENT,
            np.full(len(students), calibration.UNDETERMINED),
        ],
        axis=1,
    )
    steps = shares.cumsum(axis=1)
    luck = generator(year, 4, *key).random(len(students))
    language = (luck[:, None] > steps).sum(axis=1)
    # All others speak English only.
    shares = np.concatenate([shares, 1 - steps[:, -1:]], axis=1)
    return language, (shares * _language_effects(students)).sum(axis=1)


def _language_effects(students):
    """What each language would do to each student's score (array, students x languages, SDs)."""
    tables = [calibration.LANGUAGE_EFFECT[name] for name in LANGUAGES]
    return np.stack([_by_grade(students, table) for table in tables], axis=1)


def _genders(count, year, key):
    luck = generator(year, 5, *key).random(count)
    gender = np.where(luck < MALE_SHARE, MALE, FEMALE)
    if year < 2021:
        return gender
    return np.where(luck > 1 - NONBINARY_SHARE, NONBINARY, gender)


def _score(students, language, usual_effect, year, key):
    """Add what each student is expected to score, the score, its level and the areas' marks."""
    draw = generator(year, 7, *key)
    since_2021 = year >= 2021
    sd = _by_grade(students, calibration.SDS[year])
    own_language = _language_effects(students)[np.arange(len(students)), language]
    larger = 1 if since_2021 else calibration.DISABILITY_BEFORE_2021
    disability = _by_grade(students, calibration.DISABILITY_EFFECT) * larger
    more_than_usual = students.disability - _by_grade(students, calibration.DISABILITY)
    shift = own_language - usual_effect + disability * more_than_usual
    students["expected"] = students["mean"] + sd * shift
    students["raw"] = students.expected + students["sd"] * draw.standard_normal(len(students))
    low, high = _by_grade(students, calibration.SCORE_RANGE[since_2021]).T
    students["score"] = np.rint(np.clip(students.raw, low, high)).astype(int)
    cuts = _by_grade(students, [codes.MATH_CUTS[grade] for grade in calibration.GRADES])
    students["level"] = (students.score.to_numpy()[:, None] >= cuts).sum(axis=1)
    for area, near in enumerate(calibration.AREA_NEAR[since_2021], start=1):
        error = near / AREA_ERROR * draw.standard_normal(len(students))
        distance = (students.score - cuts[:, 1]) / sd + error
        students[f"area{area}"] = 1 + (distance > near).astype(int) - (distance < -near).astype(int)
