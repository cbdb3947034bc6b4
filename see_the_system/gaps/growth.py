"""Growth of schools beside that of similar students, in the five steps of the CORE districts.

Collect the scores, predict each student's, take the difference, average it by school, turn it into
a percentile (Hough, Byun & Mulfinger, 2018, Getting Down to Facts II). Beside each school's growth
stands its status, as in CORE's "Power of Two". These are rows of students, a district's own: a
school of few is neither shown nor in the regression, so that no sum of shown schools tells of it.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.stats import rankdata, t

from see_the_system.display import Shown
from see_the_system.gaps.result_words import not_shown, spoken
from see_the_system.gaps.student_rows import numbers_between, refuse_cell, rows_as_given
from see_the_system.messages import Refusal, listed
from see_the_system.privacy.protect import MIN_N, checked_minimum

LAST, THIS = "last_spring_scale_score", "spring_scale_score"
TRAITS = ("disadvantaged", "english_learner", "disability")
CORES_LEAST, FEWEST_STUDENTS, FEW = 20, 50, f"fewer than {MIN_N}"
SCHOOLS_PER_AVERAGE = 5  # each average takes away some of what schools differ in
ANSWERS = {"yes": 1.0, "true": 1.0, "1": 1.0, "no": 0.0, "false": 0.0, "0": 0.0}
REASONS = ("no score last spring", "no score this spring", "something else missing")
ELSEWHERE = "too few students in the same grades elsewhere"
STEP = 10  # points of a score, percentage points of a share: what a slope is told for
BELOW, ABOVE = 20, 12  # points: the invented student below the average, and above the prediction
AVERAGE, SLOPE = "average growth, grade {}", "last score 10 points above average, grade {}"
OF_SCHOOL = "school's average 10 higher: {}"
CAUTIONS = (
    "50 is the average of similar students here; below 50 does not mean that anybody lost "
    "knowledge. The intervals are wide, and a percentile is no surer than its interval. Two "
    "reasonable adjustments rank schools alike only in part (Spearman 0.84 in one public "
    "analysis), so this is no ranking. Last spring's score is measured with error, so that schools "
    "with high last scores look a little better than they are."
)


@dataclass(frozen=True)
class Growth(Shown):
    """Growth of schools: how it was found, step by step, and one row a school by name.

    ``table``: school, school_name, n (students with both scores), growth (mean of actual less
    predicted score, points), low, high (95 %), percentile (0-100, among the schools shown), level
    (1-10), last and status (means of last and of this spring's score less the average of the grade
    here, points), hidden ("" or why there are no numbers). ``coefficients`` and ``example`` (an
    invented student, the sum last): term, points. ``left_out``: from why to how many (text).
    ``averages``: the schools' in the prediction. ``spread``: SD of students around it, points.
    """

    n: int
    grades: tuple
    averages: tuple
    left_out: dict
    spread: float
    table: pd.DataFrame = field(repr=False)
    coefficients: pd.DataFrame = field(repr=False)
    example: pd.DataFrame = field(repr=False)


def growth(students, *, traits=TRAITS, min_students=CORES_LEAST):
    """How much more or less the students of each school gained than similar students (``Growth``).

    students: one row a student with school, school_name, grade, last_spring_scale_score,
    spring_scale_score and the ``traits``, each yes or no; english_learner may come from a column
    ``language`` as "EL". The gain since last spring is predicted by least squares: in each grade
    from the last score, and from the traits and the schools' averages of last score and traits, of
    these one for every 5 schools, in this order. A school's growth is the mean of its students'
    differences, not shrunk, with Student's t for its interval. Left out: students with something
    missing, grades in one school alone or of fewer than 20, schools of fewer than ``min_students``
    (CORE's own is 20; from 11). ``Refusal`` for a column that is not there, a cell that cannot be
    read, a trait that fewer than 11 have or lack or that tells nothing, and fewer than 50 students.
    """
    min_students = checked_minimum(min_students, "students")
    traits = list(traits)
    complete, named, left_out = _collect(students, traits)
    used = _comparable(complete, min_students)
    _refuse_few(used, traits)
    left_out[ELSEWHERE] = int(complete["school"].isin(used["school"]).sum()) - len(used)
    columns, averages = _columns(used, traits)
    design = pd.DataFrame(columns).to_numpy()
    gain = (used[THIS] - used[LAST]).to_numpy()
    points = np.linalg.lstsq(design, gain, rcond=None)[0]
    used["difference"] = gain - design @ points
    terms = dict(zip(columns, points.tolist(), strict=True))
    return Growth(
        n=len(used),
        grades=tuple(sorted(used["grade"].unique().tolist())),
        averages=averages,
        left_out={why: f"{n:,}" if n >= MIN_N else FEW for why, n in left_out.items() if n},
        spread=float(np.sqrt((used["difference"] ** 2).sum() / (len(used) - len(terms)))),
        table=_table(used, named, complete["school"].value_counts(), min_students),
        coefficients=pd.DataFrame({"term": list(terms), "points": list(terms.values())}),
        example=_example(used, terms, traits, averages),
    )


def describe_growth(result):
    """The five steps in five sentences, whose intervals leave out 0, and the cautions (text)."""
    shown = result.table[result.table["hidden"] == ""]
    sides = [shown["school_name"][side] for side in (shown["low"] > 0, shown["high"] < 0)]
    above, below = ("; ".join(names) or "no school" for names in sides)
    reasons = result.table[result.table["hidden"] != ""].groupby("hidden")["school_name"].agg(list)
    sentences = [
        *_steps(result, shown),
        f"The interval leaves out 0, above it, for {above}; below it, for {below}. By chance alone "
        f"about {max(1, round(0.05 * len(shown)))} of {len(shown)} intervals would.",
        not_shown("No growth", reasons.to_dict()),
        CAUTIONS,
    ]
    return "\n".join(filter(None, sentences))


def _steps(result, shown):
    """The five steps (list of text)."""
    left = "; ".join(f"{number} ({why})" for why, number in result.left_out.items())
    (_, score), *terms, (_, predicted) = result.example.itertuples(index=False)
    added = ", ".join(f"{spoken(points, 1, '+')} ({term})" for term, points in terms)
    added = added.replace("_", " ").replace("english", "English")
    actual = round(predicted) + ABOVE
    half = (shown["high"] - shown["growth"]).median()
    least, most = (spoken(end, 1, "+") for end in shown["growth"].agg(["min", "max"]))
    return [
        f"1. Collect: {result.n:,} students of grades {listed(result.grades)} in {len(shown)} "
        f"schools have both scores. Left out: {left or 'nobody'}.",
        "2. Predict from last score, traits and averages of schools "
        f"({len(result.averages)} here; one for every {SCHOOLS_PER_AVERAGE} schools at most). An "
        f"invented student of grade {max(result.grades)}: {score:,.0f} last spring, {added}; "
        f"predicted {predicted:,.1f}.",
        f"3. Compare: an actual {actual:,} would be {spoken(actual - predicted, 1, '+')} points. "
        f"About two in three students lie within {result.spread:.0f} points of the prediction.",
        f"4. Average by school: from {least} to {most} points, give or take {half:.1f} (95%).",
        f"5. Place each among the {len(shown)} here: a percentile, 0 to 100, and a level, 1 to 10.",
    ]


def _collect(students, traits):
    """Students with everything known, the name of each school, and who is left out, by why."""
    if "english_learner" in traits and "english_learner" not in students and "language" in students:
        learner = students["language"].map(lambda code: code == "EL" if code else None)
        students = students.assign(english_learner=learner)
    needed = ["school", "school_name", "grade", LAST, THIS, *traits]
    rows = rows_as_given(students, needed)
    read = rows[["school", "school_name"]].copy()
    for name, most in {"grade": 12, LAST: 9999, THIS: 9999}.items():
        expected = f"a number from 1 to {most}"
        read[name] = numbers_between(rows[name], 1, most, expected)
    for name in traits:
        answers = rows[name].map(lambda answer: str(answer).strip().lower(), na_action="ignore")
        read[name] = answers.map(ANSWERS).astype(float)
        refuse_cell(answers.notna() & read[name].isna(), rows[name], "yes or no")
    missing = read.isna()
    why = np.select([missing[LAST], missing[THIS], missing.any(axis=1)], REASONS, "")
    left_out = {reason: int((why == reason).sum()) for reason in REASONS}
    named = read.dropna(subset=["school", "school_name"]).drop_duplicates("school", keep="last")
    complete = read[why == ""].astype({"grade": int})
    return complete, named.set_index("school")["school_name"], left_out


def _comparable(rows, min_students):
    """The students of grades in two schools or more, in schools of ``min_students`` or more."""
    before = -1
    while len(rows) != before:
        before = len(rows)
        grades = rows.groupby("grade")["school"]
        rows = rows[(grades.transform("nunique") > 1) & (grades.transform("size") >= CORES_LEAST)]
        rows = rows[rows.groupby("school")["school"].transform("size") >= min_students]
    return rows.copy()


def _refuse_few(used, traits):
    if len(used) < FEWEST_STUDENTS:
        raise Refusal(
            f"Growth needs {FEWEST_STUDENTS} students or more with both scores, in 2 schools or "
            "more that have the same grades; give the rows of a whole district."
        )
    for name in traits:
        if used[name].value_counts().reindex([0, 1], fill_value=0).min() < MIN_N:
            raise Refusal(
                f'The column "{name}" has yes, or no, for {FEW} of the students '
                'compared, where more are expected; leave it out of "traits".'
            )


def _columns(used, traits):
    """What the gain is predicted from, by term (dict), and the averages of schools among it.

    These are told from the mean of all students; one that follows from the terms before stays away.
    """
    last = (used[LAST] - used.groupby("grade")[LAST].transform("mean")) / STEP
    columns = {}
    for grade in sorted(used["grade"].unique()):
        in_grade = used["grade"] == grade
        columns |= {AVERAGE.format(grade): in_grade * 1.0, SLOPE.format(grade): last * in_grade}
    columns |= {name: used[name] for name in traits}
    needed = list(columns)
    for name, numbers in {"last_score": last, **used[traits].mul(STEP)}.items():
        average = numbers.groupby(used["school"]).transform("mean")
        columns[OF_SCHOOL.format(name)] = average - average.mean()
    own = np.abs(np.diag(np.linalg.qr(pd.DataFrame(columns), mode="r")))
    free = [name for name, new in zip(columns, own > 1e-6, strict=True) if new]
    for name in needed:
        if name not in free:
            raise Refusal(
                f'"{name}" follows from the other numbers of these students, where some who differ '
                'in it alone are expected; leave a trait out of "traits", or add students.'
            )
    averages = free[len(needed) :][: used["school"].nunique() // SCHOOLS_PER_AVERAGE]
    return {name: columns[name] for name in (*needed, *averages)}, tuple(averages)


def _table(used, named, complete, min_students):
    """One row a school, in the order of their names (frame)."""
    difference = used.groupby("school")["difference"]
    n = difference.size()
    half = t.ppf(0.975, n - 1) * difference.std() / np.sqrt(n)
    mean = difference.mean()
    columns = {"n": n.astype("Int64"), "growth": mean, "low": mean - half, "high": mean + half}
    table = pd.DataFrame(columns)
    # The middle of its rank: half of a school itself counts as below it.
    table["percentile"] = 100 * (rankdata(table["growth"]) - 0.5) / len(table)
    table["level"] = (table["percentile"] // 10 + 1).astype("Int64")
    for name, column in (("last", LAST), ("status", THIS)):
        above = used[column] - used.groupby("grade")[column].transform("mean")
        table[name] = above.groupby(used["school"]).mean()
    table = named.to_frame("school_name").join(table)
    few = complete.reindex(table.index, fill_value=0) < min_students
    why = np.where(few, f"fewer than {min_students} students", ELSEWHERE)
    table["hidden"] = np.where(table["n"].isna(), why, "")
    return table.reset_index().sort_values(["school_name", "school"], ignore_index=True)


def _example(used, terms, traits, averages):
    """The prediction of an invented student, term by term, rounded so that it adds up (frame)."""
    grade = int(used["grade"].max())
    score = round(float(used.loc[used["grade"] == grade, LAST].mean())) - BELOW
    rows = [
        ("last spring's score", score),
        (f"average growth in grade {grade}", terms[AVERAGE.format(grade)]),
        (f"a last score {BELOW} points below average", -BELOW / STEP * terms[SLOPE.format(grade)]),
        *((name, terms[name]) for name in traits[:2]),
    ]
    if averages:
        rows.append(("a school with each average 10 higher", sum(map(terms.get, averages))))
    table = pd.DataFrame(rows, columns=["term", "points"]).round(1)
    table.loc[len(table)] = ["predicted score", round(table["points"].sum(), 1)]
    return table
