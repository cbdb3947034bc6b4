"""What the tests say about one group of students.

Counts in the four levels, percent meeting the standard, distance from it. Every function takes the
tidy achievement frame (one row per year, entity, grade, student group and test) and gives a frame
with one row for each combination of the ``by`` columns. Rows for all grades together (grade 13)
never enter: they hold the same students again.
"""

import numpy as np
import pandas as pd

from see_the_system.data.codes import ALL_GRADES, ELA_STANDARD, ETHNICITIES, MATH_CUTS, TESTS
from see_the_system.gaps.chance import wilson
from see_the_system.gaps.result_words import (
    NOT_FOR_TREND,
    cell_name,
    cell_words,
    each_row,
    in_grades,
    not_shown,
    note,
    paragraph,
    standard,
)
from see_the_system.messages import Refusal, nearest

LEVELS = ("n_not_met", "n_nearly_met", "n_met", "n_exceeded")
COUNTED = ("n", *LEVELS, "meeting", "grades", "hidden")
ELA, MATHEMATICS = 1, 2
# the lowest score that meets the standard, by test and grade
STANDARD = {(MATHEMATICS, grade): cuts[1] for grade, cuts in MATH_CUTS.items()}
STANDARD |= {(ELA, grade): cut for grade, cut in ELA_STANDARD.items()}
NO_STUDENTS = "There are no students with scores to show."
MIXTURES = {
    "test_id": "mix the results of several tests; keep one, for example "
    "frame[frame.test_id == 2] for Mathematics",
    "level": "mix districts with schools or the state, which hold the same students; keep one, as "
    "frame[frame.level == 'district']",
    "group_id": "mix student groups that overlap; keep one group, or count by group_id",
}
STATES_LEAST = 11  # the state hides the results of fewer students
_FEW = 1_000  # rows
ROW_KEY = ["year", "county_code", "district_code", "school_code", "test_id", "grade", "group_id"]


def hidden_because(frame):
    """Why rows of a frame are hidden (text): by the rule that ``protect`` notes, or the state's."""
    few = frame.attrs.get("min_n", STATES_LEAST) - 1
    return (
        f"results of {few} or fewer students are hidden, and so are others that would give them "
        "away"
    )


def in_its_year(why, year):
    """Why a year has no result (text), and that few students were tested where it is 2021."""
    few = f"; in {year} {NOT_FOR_TREND[year]}" if year in NOT_FOR_TREND else ""
    return f"{why}{few}"


def counts(frame, by):
    """Students with scores in each level, summed over the rows of every ``by`` combination.

    Gives a DataFrame with the columns ``by``, n (students with scores), the four levels from low to
    high, meeting (met + exceeded), grades (text such as "6, 7, 8": the grades that have scores) and
    hidden (rows whose scores are suppressed, so not in the sums). A combination with nothing but
    hidden rows stays, with n = 0. ``Refusal`` where a sum would count students twice (districts
    with schools, mixed tests, overlapping student groups, repeated rows) or where only grade 13 is
    there.
    """
    by, rows = rows_to_count(frame, by)
    levels = rows[list(LEVELS)].to_numpy(dtype=float, na_value=np.nan)
    shown = levels.sum(axis=1) > 0  # where a level is missing, so is the sum
    cell, table = cells_of(rows, by)
    for place, level in enumerate(LEVELS):
        table[level] = sums(cell, np.where(shown, levels[:, place], 0), table)
    table["n"] = sum(table[level] for level in LEVELS)
    table["meeting"] = table["n_met"] + table["n_exceeded"]
    table["grades"] = grades_of(cell[shown], rows["grade"][shown], table)
    table["hidden"] = sums(cell, suppressed(rows), table)
    result = table[[*by, *COUNTED]]
    result.attrs = {"test": name_of_test(rows), "hidden": hidden_because(frame)}
    return result


def percent_meeting(frame, by):
    """Percent of students with scores who met or exceeded the standard, with its 95 % interval.

    Gives a DataFrame: the columns of ``counts`` and percent, low, high (0-100). The interval is
    ``wilson``'s: it reads this year's students as a sample of those whom the same system could have
    served. Combinations without scores are left out.
    """
    every = counts(frame, by)
    result = every[every["n"] > 0].reset_index(drop=True)
    low, high = wilson(result["meeting"].to_numpy(), result["n"].to_numpy())
    result["percent"] = 100.0 * result["meeting"] / result["n"]
    result["low"] = 100 * low
    result["high"] = 100 * high
    result.attrs = _with_left_out(every, result)
    return result


def distance_from_standard(frame, by):
    """Mean distance, in scale-score points, from the lowest score that meets the standard.

    Gives a DataFrame: ``by``, n, dfs, grades, hidden. Each row's mean score minus the level-3 cut
    of its own grade and test, weighted by students with scores: scale scores themselves are never
    averaged across grades, whose cuts differ. There is no interval: the files give no spread of the
    scores. The California School Dashboard's "distance from standard" is another number: only
    students enrolled all year, alternate assessments included, and the lowest score entered for
    students not tested where fewer than 95 % took part.
    """
    by, rows = rows_to_count(frame, by)
    every = counts(frame, by)
    with_mean = rows["mean_scale_score"].notna() & (rows["with_scores"] > 0).fillna(False)
    with_mean = with_mean.to_numpy(dtype=bool)
    shown = rows[with_mean]
    students = shown["with_scores"].to_numpy(dtype=float)
    points = shown["mean_scale_score"].to_numpy(dtype=float) - _standards(shown)
    cell, table = cells_of(rows, by)
    table["hidden"] = sums(cell, suppressed(rows), table)
    cell = cell[with_mean]
    table["n"] = sums(cell, students, table)
    table["grades"] = grades_of(cell, shown["grade"], table)
    table["dfs"] = np.bincount(cell, students * points, len(table))
    result = table[table["n"] > 0].reset_index(drop=True)[[*by, "n", "dfs", "grades", "hidden"]]
    result["dfs"] /= result["n"]
    result.attrs = _with_left_out(every, result)
    return result


def as_list(by):
    """The columns of ``by``, which may be the name of one (list)."""
    return [by] if isinstance(by, str) else list(by)


def cells_of(rows, by):
    """Which cell each row is in (array), and the cells in order: a frame of the columns ``by``."""
    number = np.zeros(len(rows), dtype=np.int64)
    for column in by:
        code, values = pd.factorize(rows[column], sort=True, use_na_sentinel=False)
        number = number * len(values) + code
    _, first, cell = np.unique(number, return_index=True, return_inverse=True)
    return cell, rows[by].iloc[first].reset_index(drop=True)


def sums(cell, values, table):
    """The sum of the rows' whole numbers in each cell of a table (array)."""
    return np.bincount(cell, values, len(table)).astype(np.int64)


def grades_of(cell, grade, table):
    """The grades of the rows in each cell of a table as text, "6, 7, 8" (array)."""
    texts = [[] for _ in range(len(table))]
    # sorted as numbers, before they are text: 11 comes after 8
    for place, number in sorted(set(zip(cell.tolist(), grade.tolist(), strict=True))):
        texts[place].append(str(number))
    return pd.array([", ".join(each) for each in texts], dtype="str")


def rows_to_count(frame, by):
    """The ``by`` columns as a list, and the rows that may be summed over them.

    No grade 13, no student twice; ``Refusal`` otherwise.
    """
    by = list(dict.fromkeys(as_list(by)))
    for column in by:
        if column not in frame.columns:
            close = nearest(column, frame.columns) or list(frame.columns)[:5]
            raise Refusal(
                f"There is no column {column!r} to count by. Did you mean "
                f"{' or '.join(map(repr, close))}?"
            )
    rows = frame[frame["grade"] != ALL_GRADES]
    if len(frame) and rows.empty:
        raise Refusal(
            "These rows are all for grade 13, which is every grade together; keep the rows "
            "of the single grades (3 to 8 and 11)."
        )
    _refuse_mixtures(rows, by)
    _refuse_repeated(rows)
    return by, rows


def suppressed(rows):
    """Which rows' scores are suppressed, for themselves or to protect others (mask)."""
    if "missing_scores" not in rows:
        return pd.Series(False, index=rows.index)
    why = rows["missing_scores"].astype("category").cat
    hides = [str(reason).startswith("suppressed") for reason in why.categories]
    return pd.Series(np.array([*hides, False])[why.codes], index=rows.index)  # -1: no reason


def name_of_test(rows):
    """The name of the one test in these rows, "" where there is none or more than one."""
    tests = rows["test_id"].unique() if "test_id" in rows else []
    return TESTS.get(int(tests[0]), "") if len(tests) == 1 else ""


def describe_percent(result, *, who=""):
    """Percent, interval, n, and how many rows are hidden, in sentences (text).

    result: a frame of ``percent_meeting`` or one of its rows; who: the group's name.

    >>> row = {"year": 2024, "n": 263, "percent": 30.8, "low": 25.5, "high": 36.6}
    >>> row |= {"grades": "6, 7, 8", "hidden": 0}
    >>> print(describe_percent(row, who="White"))  # doctest: +NORMALIZE_WHITESPACE
    In 2024, 30.8% of 263 students (White) in grades 6, 7, 8 met or exceeded the standard
    (95% interval 25.5 to 36.6).
    """
    sentences = []
    for row in each_row(result):
        sentence = (
            f"{row['percent']:.1f}% of {_students(row, who)} met or exceeded {standard(result)} "
            f"(95% interval {row['low']:.1f} to {row['high']:.1f})."
        )
        sentences.append(cell_words(row, sentence) + _hidden_too(row, result))
    return paragraph(sentences, result, NO_STUDENTS)


def describe_distance(result, *, who=""):
    """Points above or below the standard, and n, in sentences (text).

    result: a frame of ``distance_from_standard`` or one of its rows; who: the group's name.
    """
    sentences = []
    for row in each_row(result):
        side = "below" if row["dfs"] < 0 else "above"
        sentence = (
            f"{_students(row, who)} scored on average {abs(row['dfs']):.1f} points "
            f"{side} {standard(result)} of their grade."
        )
        sentences.append(cell_words(row, sentence) + _hidden_too(row, result))
    return paragraph(sentences, result, NO_STUDENTS)


def _students(row, who):
    named = f" ({who})" if who else ""
    return f"{row['n']:,} students{named}{in_grades(row)}"


def _hidden_too(row, result):
    many = int(row.get("hidden", 0))
    if not many:
        return ""
    plural = "s" if many > 1 else ""
    why = note(result, "hidden") or hidden_because(pd.DataFrame())
    return f" Not counted: {many} more row{plural} of results, because {why}."


def _refuse_mixtures(rows, by):
    for column, words in MIXTURES.items():
        if column not in rows or column in by or rows[column].nunique() < 2:
            continue
        # nobody belongs to two ethnic groups, so that these may be added
        if column == "group_id" and ("group" in by or set(rows[column]) <= set(ETHNICITIES)):
            continue
        if len(cells_of(rows, [*by, column])[1]) > len(cells_of(rows, by)[1]):
            raise Refusal(f"One number would {words}.")


def _refuse_repeated(rows):
    if not set(ROW_KEY) <= set(rows.columns):
        return
    # Of few rows a set is made in a fifth of the time that pandas needs for seven columns.
    if len(rows) < _FEW:
        keys = zip(*(rows[column].tolist() for column in ROW_KEY), strict=True)
        if len(set(keys)) == len(rows):
            return
    repeated = rows[rows.duplicated(ROW_KEY)]
    if repeated.empty:
        return
    row = repeated.iloc[0]
    names = [column.removesuffix("_id").replace("_", " ") for column in ROW_KEY]
    place = ", ".join(f"{name} {row[column]}" for name, column in zip(names, ROW_KEY, strict=True))
    raise Refusal(
        f"The same row is there twice ({place}), so students would be counted twice; "
        "read each file once."
    )


def _standards(rows):
    """The score that meets the standard of each row's own test and grade (array)."""
    pairs = list(zip(rows["test_id"].astype(int), rows["grade"].astype(int), strict=True))
    unknown = sorted(set(pairs) - set(STANDARD))
    if unknown:
        test, grade = unknown[0]
        name = TESTS.get(test, f"test {test}")
        raise Refusal(
            f"No standard is known for {name} in grade {grade}; keep ELA or Mathematics in "
            "grades 3 to 8 and 11."
        )
    return np.array([STANDARD[pair] for pair in pairs], dtype=float)


def _with_left_out(every, result):
    """The result's notes: its test, and a sentence on the combinations with no scores to show."""
    columns = list(result.columns)
    by = columns[: columns.index("n")]
    shown = set(map(tuple, result[by].to_numpy()))
    reasons = {}
    for row in every.to_dict("records"):
        if tuple(row[column] for column in by) not in shown:
            why = every.attrs["hidden"] if row["hidden"] else "no student has scores"
            why = in_its_year(why, row.get("year"))
            reasons.setdefault(why, []).append(cell_name(row, by))
    if every.empty:
        reasons = {"no row of these students is in the files": []}
    left_out = not_shown("No result", reasons)
    notes = every.attrs
    return notes | {"left_out": left_out} if left_out else notes
