"""What lies behind the scores of the practice network's files: for each student one past, among
many that the mechanisms could give, that fits the score in the file.

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

from practice_network import calibration as state
from practice_network import mechanisms
from practice_network import score_model as model
from practice_network.students import draw_students

PASTS, NEAR = 128, 0.80
# Scores of students alike are normal in the files and a little less so forward; unmended, the fit
# takes this share off the effects.
HELD = 1.08
YEARS = (2022, 2023, 2024, 2025)


def pasts(year, district):
    """The students of grades 4 to 8 of a district in a year with the past that was drawn for each
    (frame in the order of ``draw_students``).

    Columns: those of ``draw_students``, ``expected`` and ``raw`` in SDs around the state's mean of
    the grade, the school's practices, ``standing`` (a year earlier, SDs) and what
    ``mechanisms.expose`` gives.
    """
    students = _students(year, district)
    draw = model.generator(year, 21, int(district))
    mean, left = _usual(students, draw)
    own = (students.raw - students.expected).to_numpy()[:, None]
    # Drawn near where the score points, and weighed back: few draws of the whole range would fit an
    # unusual score.
    centre, spread = NEAR * own, model.WITHIN_SD * np.sqrt(1 - NEAR**2)
    before = centre + spread * draw.standard_normal((len(students), PASTS))
    exposed = mechanisms.expose(students, students.expected.to_numpy()[:, None] + before, draw)
    guess = mechanisms.PERSISTENCE * before + HELD * mechanisms.effect(exposed) - mean
    odds = (
        ((before - centre) / spread) ** 2
        - (before / model.WITHIN_SD) ** 2
        - ((own - guess) / left) ** 2
    )
    chosen = (odds / 2 - np.log(-np.log(draw.random(odds.shape)))).argmax(axis=1)[:, None]
    kept = {
        name: np.take_along_axis(values, chosen, axis=1)[:, 0] for name, values in exposed.items()
    }
    return students.assign(
        standing=students.expected + np.take_along_axis(before, chosen, axis=1)[:, 0], **kept
    )


def _usual(students, draw):
    """For each student, what the exposures do on average to students alike, and the SD that is left
    to chance.
    """
    before = model.WITHIN_SD * draw.standard_normal((len(students), PASTS))
    effect = HELD * mechanisms.effect(
        mechanisms.expose(students, students.expected.to_numpy()[:, None] + before, draw)
    )
    spread = (mechanisms.PERSISTENCE * before + effect).var(axis=1, keepdims=True)
    return effect.mean(axis=1, keepdims=True), np.sqrt(
        np.maximum(model.WITHIN_SD**2 - spread, 0.05)
    )


@lru_cache(maxsize=4)
def _drawn(year):
    return draw_students(year, parts=True)


def _students(year, district):
    students = _drawn(year)
    students = students[
        (students.district == district) & students.grade.between(mechanisms.EARLIEST, 8)
    ].reset_index(drop=True)
    at = students.grade.map({grade: i for i, grade in enumerate(state.GRADES)}).to_numpy()
    mean, sd = np.array(state.MEANS[year])[at], np.array(state.SDS[year])[at]
    standing = {name: (students[name] - mean) / sd for name in ("expected", "raw", "score")}
    students = students.drop(columns=["sd", "expected", "raw"], errors="ignore").rename(
        columns={"score": "scale_score"}
    )
    practices = mechanisms.practices(year).drop(columns="district")
    return pd.concat(
        [students.assign(**standing), practices.loc[students.code].reset_index(drop=True)], axis=1
    )
