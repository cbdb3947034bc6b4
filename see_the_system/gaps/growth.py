"""Growth of schools beside the growth of similar students, in the five steps of the CORE districts.

Collect the scores, predict each student's, take the difference, average it by school, turn it into
a percentile (Hough, Byun & Mulfinger, 2018, Getting Down to Facts II). Beside each school's growth
stands its status: CORE reads the two together ("the Power of Two"). These are rows of students, a
district's own: a school of few stands neither in the table nor in the regression, so that no sum
over the schools that are shown gives it away.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import t

from see_the_system.display import Shown
from see_the_system.gaps.result_words import ends_words, first_few, spoken
from see_the_system.messages import Refusal, counted, digits_that_add_up, listed, nearest
from see_the_system.privacy.protect import MIN_N, checked_minimum

LAST, THIS = "last_spring_scale_score", "spring_scale_score"
TRAITS = ("disadvantaged", "english_learner", "disability")
CORES_LEAST, FEWEST_STUDENTS, FEWEST_SCHOOLS = 20, 50, 2
# Each average of schools takes away a part of what schools differ in: one for so many schools.
SCHOOLS_PER_AVERAGE = 5
ALONE = "no other school here has its grades"
ANSWERS = {"yes": 1.0, "no": 0.0, "true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "1.0": 1.0, "0.0": 0.0}
CAUTIONS = (
    "50 stands for the average of similar students here; below 50 does not mean that anybody lost "
    "knowledge. Two reasonable adjustments rank schools alike only in part (in one public "
    "analysis of California's schools, Spearman's correlation was 0.84), so that this is no "
    "ranking. Last spring's score is measured with error, and schools with high last scores look a "
    "little better for it."
)


@dataclass(frozen=True)
class Growth(Shown):
    """Growth of schools; ``table`` has one row a school, in the order of their names.

    ``table``: school, school_name, n (students with both scores), growth (mean of actual less
    predicted score, points), low, high (95 %), percentile (0-100, among the schools shown), level
    (1-10), last and status (mean of last spring's and of this spring's score less the average of
    the grade here, points), hidden ("" or why the row has no numbers). ``coefficients``: term, unit
    (1 unit of what), points. ``example``: term, points, of an invented student; the last row is the
    sum. ``averages``: the school averages in the prediction; ``left_out``: from why to how many
    students (int), missing where they are fewer than 11.
    """

    n: int
    schools: int
    r_squared: float
    min_students: int
    averages: tuple
    left_out: dict
    table: pd.DataFrame = field(repr=False)
    coefficients: pd.DataFrame = field(repr=False)
    example: pd.DataFrame = field(repr=False)
