"""What lies behind the scores of the practice network's files: a past that fits for each student.

Forward, a score is: what is expected of such a student in such a school, plus
``mechanisms.PERSISTENCE`` of the student's own standing a year earlier, plus what each exposure
does (less its expectation for such a student, which the calibrated means hold already), plus
chance. Backward, ``PASTS`` pasts are drawn for each student and one is taken with odds in step with
how well it explains the score (sampling importance resampling, Rubin 1988, Bayesian Statistics 3).
So the files stay as they are, and within students alike the exposures have the planted effects, as
``docs/validation.md`` shows.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from practice_network import calibration, mechanisms
from practice_network.score_model import WITHIN_SD, generator
from practice_network.students import draw_students

PASTS = 128  # possible pasts drawn for each student
NEAR = 0.80  # how near to where the score points they are drawn
# Scores of students alike are normal in the files and a little less so forward; unmended, the fit
# takes this share off the effects.
HELD = 1.08
YEARS = (2022, 2023, 2024, 2025)


def pasts(year, district):
    """The students of grades 4 to 8 of a district in a year, each with the past drawn for it.

    A frame in the order of ``draw_students``. Columns: those of ``draw_students``, ``expected`` and
    ``raw`` in SDs around the state's mean of the grade, the school's practices, ``standing`` (a
    year earlier, SDs) and what ``mechanisms.expose`` gives.
    """
    students = _students(year, district)
    draw = generator(year, 21, int(district))
    usual, left = _usual(students, draw)
    own = (students.raw - students.expected).to_numpy()[:, None]
    # Drawn near where the score points, and weighed back: few draws of the whole range would fit an
    # unusual score.
    centre = NEAR * own
    spread = WITHIN_SD * np.sqrt(1 - NEAR**2)
    before = centre + spread * draw.standard_normal((len(students), PASTS))
    exposed = _exposed(students, before, draw)
    guess = mechanisms.PERSISTENCE * before + HELD * mechanisms.effect(exposed) - usual
    odds = (
        ((before - centre) / spread) ** 2 - (before / WITHIN_SD) ** 2 - ((own - guess) / left) ** 2
    )
    # With Gumbel noise the largest is a draw in step with the odds (log odds are half of these).
    gumbel = -np.log(-np.log(draw.random(odds.shape)))
    chosen = (odds / 2 + gumbel).argmax(axis=1)
    rows = np.arange(len(students))
    kept = {name: values[rows, chosen] for name, values in exposed.items()}
    return students.assign(standing=students.expected + before[rows, chosen], **kept)


def _exposed(students, before, draw):
    return mechanisms.expose(students, students.expected.to_numpy()[:, None] + before, draw)


def _usual(students, draw):
    """What the exposures do on average to students alike, and the SD that is left to chance.

    Two arrays, students x 1.
    """
    before = WITHIN_SD * draw.standard_normal((len(students), PASTS))
    effect = HELD * mechanisms.effect(_exposed(students, before, draw))
    explained = (mechanisms.PERSISTENCE * before + effect).var(axis=1, keepdims=True)
    left = np.sqrt(np.maximum(WITHIN_SD**2 - explained, 0.05))
    return effect.mean(axis=1, keepdims=True), left


@lru_cache(maxsize=4)
def _drawn(year):
    return draw_students(year, parts=True)


def _students(year, district):
    """A district's students of grades 4 to 8, scores in SDs, with their school's practices."""
    everybody = _drawn(year)
    own = (everybody.district == district) & everybody.grade.between(mechanisms.EARLIEST, 8)
    students = everybody[own].reset_index(drop=True)
    grade = pd.Index(calibration.GRADES).get_indexer(students.grade)
    mean = np.array(calibration.MEANS[year])[grade]
    sd = np.array(calibration.SDS[year])[grade]
    students["scale_score"] = students.score
    for name in ("expected", "raw", "score"):
        students[name] = (students[name] - mean) / sd
    practices = mechanisms.practices(year).drop(columns="district").loc[students.code]
    practices = practices.reset_index(drop=True)
    return pd.concat([students.drop(columns="sd"), practices], axis=1)
