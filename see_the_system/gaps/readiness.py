"""Ready for high school at the end of grade 8, by the five criteria of the CORE districts.

The definition is CORE's (Hough, Byun & Mulfinger, 2018, Getting Down to Facts II): a grade point
average of 2.5 or more, attendance of 96 percent or more, no D or F in English language arts, none
in mathematics, never suspended. These are rows of students, a district's own: no result leaves this
module that did not pass ``small_groups.hide_small``.
"""

import pandas as pd

from see_the_system.gaps.chance import wilson
from see_the_system.gaps.result_words import cell_label, ends_words, not_shown, note, spoken
from see_the_system.gaps.student_rows import numbers_between, refuse_cell, rows_as_given
from see_the_system.messages import Refusal, listed
from see_the_system.privacy.protect import MIN_N, SUPPRESSED
from see_the_system.privacy.small_groups import WHOLE, group_name, hide_small

GRADE, LEAST_GPA, MOST_ABSENT = 8, 2.5, 0.04
EXACT = 1e-9  # shares are not exact in floating point: who is at 96 percent is counted there
# By criterion: what it is called, and what was recorded for those who meet it.
CRITERIA = {
    "gpa": ("the grade point average", "marks averaged 2.5 or more"),
    "attendance": ("attendance", "attendance was recorded at 96 percent or more"),
    "english": ("the mark in English language arts", "English language arts had no D or F"),
    "mathematics": ("the mark in mathematics", "mathematics had no D or F"),
    "suspensions": ("no suspension", "no suspension was recorded"),
}
MARKS = ("english_mark", "mathematics_mark")
NUMBERS = {  # the least, the most, and what is expected
    "gpa": (0, 5, "a number from 0 to 5"),
    "days_enrolled": (1, 366, "a number of days from 1 to 366"),
    "days_recorded_absent": (0, 366, "a number of days from 0 to 366"),
    "suspensions": (0, 366, "a whole number from 0"),
}
DEFINITION = (
    "Ready for high school means five things, as the CORE districts defined it: a grade point "
    "average of 2.5 or more, attendance of 96 percent or more, no D or F in English language arts, "
    "no D or F in mathematics, and never suspended."
)
MEANING = (
    "In the CORE districts this predicted graduation correctly for about 9 in 10 students. It is "
    "not a judgement of a student: it says which of a school's own records deserve a closer look."
)


def readiness(students, *, by="group", min_students=MIN_N):
    """How many students of grade 8 are ready for high school, all together and by group.

    students: one row a student; where there is a column ``grade``, grade 8 alone is counted.
    Columns: gpa (0-4, weighted up to 5), english_mark and mathematics_mark (A to F, + and - too),
    days_enrolled, days_recorded_absent, suspensions (how many) and ``by``, the column of groups
    that share nobody. Students with something missing are left out.

    Gives a DataFrame, first all students, then the groups by name: group, n, ready (students),
    percent, low, high (0-100, Wilson's 95 % interval), gpa, attendance, english, mathematics,
    suspensions (percent that meet each criterion), hidden ("" or why the row has no numbers: a
    group goes as a whole where one of its numbers may not be shown). ``attrs``: by; min_students;
    left_out (a sentence on students with something missing, or ""); alone (by criterion, how many
    of all not ready miss that one alone, as far as ``hide_small`` lets it through). ``Refusal`` for
    a column that is not there and the first cell that cannot be read.
    """
    used, missing = _read(students, by)
    met = _criteria(used)
    points = _points(met.assign(ready=met.all(axis=1)), used["group"])
    names = points["group"].drop_duplicates().tolist()
    shown = hide_small(points, min_students=min_students, sums=[(WHOLE, names[1:])])
    result = _table(shown, names)
    alone = _alone(~met, used["group"], min_students) if result["hidden"].iloc[0] == "" else {}
    many = f"{missing:,}" if missing >= min_students else f"Fewer than {min_students}"
    left_out = f"{many} students are not counted: something is missing in their records."
    left_out = left_out if missing else ""
    result.attrs = {"by": by, "min_students": min_students, "left_out": left_out, "alone": alone}
    return result


def describe_readiness(result):
    """The definition, all students, each criterion, the groups, what is hidden and why (text)."""
    rows = result.to_dict("records")
    shown = [row for row in rows if not row["hidden"]]
    sentences = [DEFINITION]
    if not rows[0]["hidden"]:
        sentences += _of_all(shown.pop(0), result.attrs["alone"])
    if shown:
        each = "; ".join(
            f"{row['group']} {spoken(row['percent'], 1)} percent of {row['n']:,} "
            f"({ends_words(row['low'], row['high'], 1)})"
            for row in shown
        )
        sentences.append(f"By group, with 95% intervals: {each}.")
    few = f"fewer than {result.attrs['min_students']} students"
    reasons = {}
    for row in rows:
        if row["hidden"]:
            why = few if row["hidden"] == SUPPRESSED else "the numbers would give others away"
            reasons.setdefault(why, []).append(row["group"])
    sentences += [not_shown("No result", reasons), note(result, "left_out"), MEANING]
    return "\n".join(filter(None, sentences))


def _of_all(row, alone):
    """The sentences about all students (list of text)."""
    ends = ends_words(row["low"], row["high"], 1)
    met = [f"{says} for {spoken(row[name], 1)} percent" for name, (_, says) in CRITERIA.items()]
    left = listed(f"{CRITERIA[name][0]} ({number:,})" for name, number in alone.items())
    left = f"Of the {row['n'] - row['ready']:,} not ready yet, some had this alone to meet: {left}."
    return [
        f"Of {row['n']:,} students of grade 8, {row['ready']:,} were ready on all five: "
        f"{spoken(row['percent'], 1)} percent (95% interval {ends}).",
        f"One by one: {'; '.join(met)}.",
        left if alone else "",
    ]


def _criteria(used):
    """Which student meets which criterion (bool frame)."""
    met = {
        "gpa": used["gpa"] >= LEAST_GPA - EXACT,
        "attendance": used["days_recorded_absent"] <= MOST_ABSENT * used["days_enrolled"] + EXACT,
        "english": ~used["english_mark"].isin(["D", "F"]),
        "mathematics": ~used["mathematics_mark"].isin(["D", "F"]),
        "suspensions": used["suspensions"] == 0,
    }
    return pd.DataFrame(met)


def _points(measures, groups):
    """The points for the gate, a measure as a period: what is hidden is mostly the same in all."""
    periods = pd.date_range("2000-01-01", periods=len(measures.columns))
    measures = measures.set_axis(periods, axis=1)
    whole = measures.sum().to_frame(WHOLE).T.assign(n=len(measures))
    counts = pd.concat([whole, measures.groupby(groups).sum().assign(n=groups.value_counts())])
    counts = counts.rename_axis("group").reset_index()
    return counts.melt(id_vars=["group", "n"], var_name="at", value_name="count")


def _table(shown, names):
    """One row a group, without numbers where any of its measures is hidden (frame)."""
    last = shown[shown["at"] == shown["at"].max()].set_index("group").loc[names]
    table = last[["n", "count", "percent"]].rename(columns={"count": "ready"})
    low, high = wilson(table["ready"].astype(float), table["n"].astype(float))
    percents = shown.pivot(index="group", columns="at", values="percent").iloc[:, :-1]
    percents.columns = list(CRITERIA)
    table = table.assign(low=100 * low, high=100 * high).join(percents)
    # A small group may protect another as well; the shorter reason, that it is small, is told.
    hidden = shown.groupby("group")["hidden"].agg(lambda why: min(filter(None, why), default=""))
    table["hidden"] = hidden
    table.loc[table["hidden"] != "", table.columns[:-1]] = pd.NA
    return table.reset_index()


def _alone(missed, groups, min_students):
    """How many miss one criterion alone, by criterion, as far as it may be told (dict).

    The gate asks how many of each number are counted: half of it here, which nobody sees. Nothing
    is told where a number that is left untold would follow from the percents.
    """
    many = missed.sum(axis=1)
    sizes = missed[many == 1].sum().add_prefix("only ")
    sizes["several"] = (many > 1).sum()
    points = pd.DataFrame({"at": "2000-01-01", "group": sizes.index, "n": sizes.to_numpy()})
    points["count"] = points["n"] // 2
    whole = points[["n", "count"]].sum().to_frame().T.assign(at="2000-01-01", group=WHOLE)
    points = pd.concat([whole, points])
    shown = hide_small(points, min_students=min_students, sums=[(WHOLE, list(sizes.index))])
    numbers = shown[shown["hidden"] == ""].set_index("group")["n"]
    told = {name: int(numbers.get(f"only {name}", 0)) for name in missed}
    untold = [name for name in missed if sizes[f"only {name}"] and not told[name]]
    safe = all(_may_differ(missed, groups, name, min_students) for name in untold)
    most_first = sorted(told, key=told.get, reverse=True)
    return {name: told[name] for name in most_first if told[name] and safe and WHOLE in numbers}


def _may_differ(missed, groups, criterion, min_students):
    """Whether one fewer or one more may miss a criterion alone, all else that is told the same.

    All else: how many of each group miss each criterion and how many any, and the side of
    ``min_students`` that the number is on. Students who miss several can make up given numbers of
    the criteria where none is above the students and their sum is at least twice the students.
    """
    many = missed.sum(axis=1)
    number = missed.loc[many == 1, criterion].sum()
    for _, rows in missed.groupby(groups):
        several = rows[many[rows.index] > 1]
        others = several.drop(columns=criterion).sum()
        spare = several.to_numpy().sum() > 2 * len(several)
        fewer = spare and rows.loc[many[rows.index] == 1, criterion].any()
        more = several[criterion].any() and (others < len(several)).all()
        if (fewer and number != min_students) or (more and number != min_students - 1):
            return True
    return False


def _read(students, by):
    """Grade 8 with nothing missing, each with the name of its group, and how many are left out."""
    rows = rows_as_given(students, [*NUMBERS, *MARKS, by])
    if "grade" in rows:
        rows = rows[pd.to_numeric(rows["grade"], errors="coerce") == GRADE]
    read = pd.DataFrame({name: numbers_between(rows[name], *NUMBERS[name]) for name in NUMBERS})
    refuse_cell(read["suspensions"] % 1 > 0, rows["suspensions"], NUMBERS["suspensions"][2])
    over = read["days_recorded_absent"] > read["days_enrolled"]
    refuse_cell(over, rows["days_recorded_absent"], "no more than the days enrolled")
    for name in MARKS:
        letters = rows[name].astype("str").str.strip().str.upper()
        wrong = rows[name].notna() & ~letters.str.fullmatch("[ABCDF][+\u2212-]?", na=False)
        refuse_cell(wrong, rows[name], "a mark from A to F")
        read[name] = letters.str[0].where(rows[name].notna())
    labels = rows[by].map(lambda value: group_name(cell_label(by, value)), na_action="ignore")
    refuse_cell(labels == WHOLE, rows[by], "one of the groups that make up all students")
    complete = read.assign(group=labels).dropna()
    if complete.empty:
        raise Refusal(
            "The students' table has no row of grade 8 with every column filled; give one row for "
            f"each student, with {listed([*NUMBERS, *MARKS, by])}."
        )
    return complete, len(read) - len(complete)
