"""What the tests say about one group of students: counts in the four levels, percent meeting the
standard, distance from it.

Every function takes the tidy achievement frame (one row per year, entity, grade, student group and
test) and gives a frame with one row for each combination of the ``by`` columns. Rows for all grades
together (grade 13) never enter: they hold the same students again.
"""

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from see_the_system.data.codes import ALL_GRADES, ELA_STANDARD, ETHNICITIES, MATH_CUTS, TESTS
from see_the_system.messages import Refusal, nearest

LEVELS = ("n_not_met", "n_nearly_met", "n_met", "n_exceeded")
COUNTED = ("n", *LEVELS, "meeting", "grades", "hidden")
STANDARD = {(2, grade): cuts[1] for grade, cuts in MATH_CUTS.items()} | {
    (1, grade): cut for grade, cut in ELA_STANDARD.items()
}
HIDDEN = "results of 10 or fewer students are hidden, and so are others that would give them away"


def counts(frame, by):
    """Students with scores in each level, summed over the rows of every ``by`` combination
    (DataFrame).

    Columns: ``by``, n (students with scores), the four levels from low to high, meeting (met +
    exceeded), grades (text such as "6, 7, 8": the grades that have scores) and hidden (rows whose
    scores are suppressed, so not in the sums). A combination with nothing but hidden rows stays,
    with n = 0. ``Refusal`` where a sum would count students twice (districts with schools, mixed
    tests, overlapping student groups, repeated rows) or where only grade 13 is there.
    """
    by, rows = rows_to_count(frame, by)
    cells, keys = (rows[by], by) if by else (rows.assign(_=0)[["_"]], ["_"])
    shown = rows[list(LEVELS)].notna().all(axis=1) & (rows[list(LEVELS)].sum(axis=1) > 0)
    levels = rows[list(LEVELS)].where(shown, 0).fillna(0).astype("int64")
    hidden = (
        rows["missing_scores"].astype(str).str.startswith("suppressed").astype("int64")
        if "missing_scores" in rows
        else 0
    )
    table = (
        cells.assign(**levels, hidden=hidden)
        .groupby(keys, dropna=False, observed=True)[[*LEVELS, "hidden"]]
        .sum()
    )
    grades = cells.assign(grade_=rows["grade"])[shown].drop_duplicates().sort_values("grade_")
    grades = (
        grades.assign(grade_=grades["grade_"].astype(str))
        .groupby(keys, dropna=False, observed=True)["grade_"]
        .agg(", ".join)
    )
    table["grades"] = grades.reindex(table.index).fillna("").astype("str")
    table["n"] = table[list(LEVELS)].sum(axis=1)
    table["meeting"] = table["n_met"] + table["n_exceeded"]
    result = table.reset_index()[[*by, *COUNTED]]
    result.attrs = {"test": name_of_test(rows)}
    return result


def percent_meeting(frame, by):
    """Percent of students with scores who met or exceeded the standard, with its 95 % interval
    (DataFrame).

    Columns of ``counts`` and percent, low, high (0-100). The interval is Wilson's (Newcombe 1998,
    Statistics in Medicine 17:857): it reads this year's students as a sample of those whom the same
    system could have served. Combinations without scores are left out.
    """
    every = counts(frame, by)
    result = every[every["n"] > 0].reset_index(drop=True)
    low, high = (
        proportion_confint(result["meeting"].to_numpy(), result["n"].to_numpy(), method="wilson")
        if len(result)
        else ([], [])
    )
    result["percent"] = 100.0 * result["meeting"] / result["n"]
    result["low"], result["high"] = (
        pd.Series(edge, dtype="float64").clip(0, 1) * 100 for edge in (low, high)
    )
    result.attrs = _with_left_out(every, result)
    return result


def distance_from_standard(frame, by):
    """Mean distance, in scale-score points, from the lowest score that meets the standard
    (DataFrame: ``by``, n, dfs, grades, hidden).

    Each row's mean score minus the level-3 cut of its own grade and test, weighted by students with
    scores: scale scores themselves are never averaged across grades, whose cuts differ. There is no
    interval: the files give no spread of the scores. The California School Dashboard's "distance
    from standard" is another number: only students enrolled all year, alternate assessments
    included, and the lowest score entered for students not tested where fewer than 95 % took part.
    """
    by, rows = rows_to_count(frame, by)
    every = counts(frame, by)
    shown = rows[
        rows["mean_scale_score"].notna()
        & rows["with_scores"].notna()
        & (rows["with_scores"] > 0).fillna(False)
    ]
    weight = shown["with_scores"].astype("float64")
    keys = by or ["_"]
    sums = shown.assign(
        _=0,
        n=weight,
        dfs=weight * (shown["mean_scale_score"].astype("float64") - _standards(shown)),
    )
    table = sums.groupby(keys, dropna=False, observed=True)[["n", "dfs"]].sum().reset_index()
    table["dfs"] = table["dfs"] / table["n"]
    table["n"] = table["n"].astype("int64")
    table = table.merge(counts(shown, by).assign(_=0)[[*keys, "grades"]], on=keys).merge(
        every.assign(_=0)[[*keys, "hidden"]], on=keys
    )
    result = table[[*by, "n", "dfs", "grades", "hidden"]]
    result.attrs = _with_left_out(every, result)
    return result


def rows_to_count(frame, by):
    """The ``by`` columns as a list, and the rows that may be summed over them: no grade 13, no
    student twice; ``Refusal`` otherwise.
    """
    by = [by] if isinstance(by, str) else list(dict.fromkeys(by))
    for column in by:
        if column not in frame.columns:
            close = nearest(column, frame.columns) or list(frame.columns)[:5]
            raise Refusal(
                f"There is no column {column!r} to count by. Did you mean "
                f"{' or '.join(repr(name) for name in close)}?"
            )
    rows = frame[frame["grade"] != ALL_GRADES]
    if len(frame) and rows.empty:
        raise Refusal(
            "These rows are all for grade 13, which is every grade together; keep the rows "
            "of the single grades (3 to 8 and 11)."
        )
    _refuse_mixtures(rows, by)
    return by, rows


def name_of_test(rows):
    """The name of the one test in these rows, "" where there is none or more than one."""
    tests = rows["test_id"].unique() if "test_id" in rows else []
    return TESTS.get(int(tests[0]), "") if len(tests) == 1 else ""


def describe_percent(result, *, who=""):
    """Sentences on a frame of ``percent_meeting`` or on one of its rows: percent, interval, n, and
    how many rows are hidden (text).

    >>> row = {"year": 2024, "n": 263, "meeting": 81, "percent": 30.8, "low": 25.5, "high": 36.6, "grades": "6, 7, 8", "hidden": 0}
    >>> describe_percent(row, who="Hispanic or Latino")
    'In 2024, 30.8% of 263 students (Hispanic or Latino) in grades 6, 7, 8 met or exceeded the standard (95% interval 25.5 to 36.6).'
    """
    named = f" ({who})" if who else ""
    sentences = [
        cell_words(
            row,
            f"{row['percent']:.1f}% of {row['n']:,} students{named}{in_grades(row)} met or "
            f"exceeded {standard(result)} "
            f"(95% interval {row['low']:.1f} to {row['high']:.1f}).",
        )
        + _hidden_too(row)
        for row in each_row(result)
    ]
    return (
        " ".join(sentences + _left_out_words(result))
        or "There are no students with scores to show."
    )


def describe_distance(result, *, who=""):
    """Sentences on a frame of ``distance_from_standard`` or on one of its rows: points above or
    below the standard, and n (text).
    """
    named = f" ({who})" if who else ""
    sentences = [
        cell_words(
            row,
            f"{row['n']:,} students{named}{in_grades(row)} scored on average "
            f"{abs(row['dfs']):.1f} points "
            f"{'below' if row['dfs'] < 0 else 'above'} {standard(result)} of their grade.",
        )
        + _hidden_too(row)
        for row in each_row(result)
    ]
    return (
        " ".join(sentences + _left_out_words(result))
        or "There are no students with scores to show."
    )


def each_row(result):
    """The rows of a result as dicts: of a frame, of one row of it, or of a dict."""
    return result.to_dict("records") if isinstance(result, pd.DataFrame) else [dict(result)]


def cell_words(row, sentence, apart=COUNTED):
    """A sentence led by the cell it is about: the entries of ``row`` before the first of ``apart``
    ("In 2024, grade 8, ...").
    """
    keys = list(row)[: next((i for i, key in enumerate(row) if key in apart), 0)]
    words = ", ".join(cell_label(key, row[key]) for key in keys)
    lead = f"In {words}" if keys[:1] == ["year"] else words[:1].upper() + words[1:]
    return f"{lead}, {sentence}" if keys else sentence[:1].upper() + sentence[1:]


def cell_label(column, value):
    """One coordinate in words: year and names as they are, others with the column's name.

    >>> cell_label("year", 2024), cell_label("grade", 8), cell_label("school_code", "0112607")
    ('2024', 'grade 8', 'school code 0112607')
    """
    bare = column in ("year", "group") or column.endswith("_name")
    return str(value) if bare else f"{column.replace('_', ' ')} {value}"


def spoken(number, digits, sign=""):
    """A number rounded for speech; ``sign`` "+" shows the sign of a change. Never "-0.0".

    >>> spoken(-0.04, 1), spoken(22.84, 1), spoken(0.7034, 2, "+")
    ('0.0', '22.8', '+0.70')
    """
    return f"{round(float(number), digits) + 0.0:{sign}.{digits}f}"


def in_grades(row):
    """ " in grade 8" or " in grades 6, 7, 8"; "" where the row's own cell is a grade, or no grade
    is known.
    """
    grades = "" if "grade" in row else row["grades"]
    return f" in grade{'s' if ',' in grades else ''} {grades}" if grades else ""


def standard(result):
    """ "the standard", with the test's name where the result knows it."""
    test = getattr(result, "attrs", {}).get("test", "")
    return f"the {test if test == 'ELA' else test.lower()} standard" if test else "the standard"


def _refuse_mixtures(rows, by):
    advice = {
        "test_id": "mix the results of several tests; keep one, for example frame[frame.test_id == 2] "
        "for Mathematics",
        "level": "mix districts with schools or the state, which hold the same students; keep one, as "
        "frame[frame.level == 'district']",
        "group_id": "mix student groups that overlap; keep one group, or count by group_id",
    }
    for column, words in advice.items():
        if column not in rows or column in by or rows[column].nunique() < 2:
            continue
        if column == "group_id" and ("group" in by or set(rows[column]) <= set(ETHNICITIES)):
            continue
        mixed = rows.groupby(by, dropna=False, observed=True)[column].nunique().max() if by else 2
        if mixed > 1:
            raise Refusal(f"One number would {words}.")
    key = ["year", "county_code", "district_code", "school_code", "test_id", "grade", "group_id"]
    if set(key) <= set(rows.columns) and rows.duplicated(key).any():
        row = rows[rows.duplicated(key)].iloc[0]
        place = ", ".join(
            f"{column.removesuffix('_id').replace('_', ' ')} {row[column]}" for column in key
        )
        raise Refusal(
            f"The same row is there twice ({place}), so students would be counted twice; "
            "read each file once."
        )


def _standards(rows):
    pairs = list(zip(rows["test_id"].astype(int), rows["grade"].astype(int)))
    unknown = sorted({pair for pair in pairs if pair not in STANDARD})
    if unknown:
        test, grade = unknown[0]
        name = TESTS.get(test, f"test {test}")
        raise Refusal(
            f"No standard is known for {name} in grade {grade}; keep ELA or Mathematics in "
            "grades 3 to 8 and 11."
        )
    return pd.Series([STANDARD[pair] for pair in pairs], index=rows.index, dtype="float64")


def _with_left_out(every, result):
    """The result's notes: the test, and a sentence on the combinations that have no scores to show."""
    by = list(result.columns[: list(result.columns).index("n")])
    shown = set(map(tuple, result[by].to_numpy())) if by else set(range(len(result)))
    gone = [
        row
        for i, row in enumerate(every.to_dict("records"))
        if (tuple(row[column] for column in by) if by else i) not in shown
    ]
    where = {
        why: listing(
            [
                ", ".join(cell_label(column, row[column]) for column in by)
                for row in gone
                if bool(row["hidden"]) == hidden
            ]
        )
        for hidden, why in ((True, HIDDEN), (False, "nobody has scores"))
        if any(bool(row["hidden"]) == hidden for row in gone)
    }
    if not len(every):
        where = {"no row of these students is in the files": ""}
    sentences = [
        f"No result is shown{' for ' + cells if cells else ''}: {why}."
        for why, cells in where.items()
    ]
    return {"test": every.attrs["test"], **({"left_out": " ".join(sentences)} if sentences else {})}


def listing(names, most=6):
    """Names joined by "; ", the first ``most`` and how many more there are."""
    names = [name for name in names if name]
    return "; ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _left_out_words(result):
    sentence = getattr(result, "attrs", {}).get("left_out", "")
    return [sentence] if sentence else []


def _hidden_too(row):
    many = int(row.get("hidden", 0))
    return (
        f" Not counted: {many} more row{'s' if many > 1 else ''} of results, because {HIDDEN}."
        if many
        else ""
    )
