"""What the data say to one kind of question: from protected rows, a sentence with its number.

Each function takes a ``Data`` and gives a ``DataAnswer``; ``of_*`` answer for a part of the gap.
Methods and words are those of the other modules here; where they cannot answer, a ``Refusal`` says
why and what else to ask. Nothing here says why a gap is there.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from see_the_system.data.codes import GROUPS
from see_the_system.gaps import cohorts, decomposition, measures, trends
from see_the_system.gaps import two_groups as gaps
from see_the_system.gaps.result_words import ends_words, spoken, with_commas
from see_the_system.messages import Refusal, counted, listed

LAST_ELEMENTARY, MIDDLE = 5, (6, 7, 8)
SHARE = "percent of the gap"


@dataclass(frozen=True)
class DataAnswer:
    """What the data say: a sentence, its number with its interval, the data's fingerprint.

    The number and the ends of its interval are None where there is none; the interval is one of 95
    percent, that of a trend the one its sentence names.
    """

    sentence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    fingerprint: str = ""


@dataclass(frozen=True)
class Data:
    """A district's rows of the question's groups and years, protected.

    ``sides`` names the groups by code; ``grades`` are those asked.
    """

    everything: pd.DataFrame
    sides: dict
    grades: tuple

    @property
    def rows(self):
        """The rows of the grades asked."""
        return self.everything[self.everything["grade"].isin(self.grades)]

    @property
    def district(self):
        """The district's own rows of the grades asked."""
        return self.rows[self.rows["level"] == "district"]

    def latest(self, table):
        """The rows of the newest year fit to speak for a table, and words on that year.

        The words say why it is not the newest of all, "" where it is.
        """
        if table.empty:
            raise Refusal(advice(table.attrs.get("left_out") or "There is no result to show."))
        fit = trends.fit_for_trend(table)
        year = int((table if fit.empty else fit)["year"].max())
        newest = int(self.everything["year"].max())
        note = ""
        if fit.empty:
            note = f" In {year} {trends.NOT_FOR_TREND[year]}, so take it with care."
        elif year < newest:
            note = f" The data go to {newest}, but {year} is the newest year that can be used."
        rows = table[table["year"] == year].reset_index(drop=True)
        rows.attrs = {"test": table.attrs.get("test", "")}
        return rows, note


def percent(data):
    """Percent of one group that met or exceeded the standard."""
    table = measures.percent_meeting(data.district, ["year"])
    describe = partial(measures.describe_percent, who=who(data.sides))
    return _latest_answer(data, table, describe, "percent", "percent")


def distance(data):
    """Mean distance of one group from the standard, in scale-score points."""
    table = measures.distance_from_standard(data.district, ["year"])
    describe = partial(measures.describe_distance, who=who(data.sides))
    return _latest_answer(data, table, describe, "dfs", "points from the standard")


def mean_score(data):
    """Mean scale score of one group in one grade."""
    if len(data.grades) != 1:
        raise Refusal(
            "Each grade has a standard of its own, so scale scores are not averaged over "
            "grades; choose one grade, or ask for 'distance from standard'."
        )
    [grade] = data.grades
    rows, note = data.latest(measures.distance_from_standard(data.district, ["year"]))
    row = rows.iloc[0]
    standard = measures.STANDARD[measures.MATHEMATICS, grade]
    mean = float(standard + row["dfs"])
    words = (
        f"In {row['year']}, {row['n']:,} students ({who(data.sides)}) in grade {grade} had a mean "
        f"scale score of {mean:.1f} in mathematics; the standard begins at {standard}."
    )
    return DataAnswer(words + note, value=mean, unit="scale-score points")


def gap(data):
    """The gap in percent meeting the standard."""
    table = gaps.gap_in_points(data.district, **data.sides)
    return _latest_answer(data, table, gaps.describe_gap, "gap", "percentage points")


def gap_in_sd(data):
    """The gap in standard deviations (V)."""
    table = gaps.gap_in_sd(data.district, **data.sides)
    if len(table) and table["v"].isna().all():
        raise Refusal(advice(gaps.describe_gap_in_sd(table)))
    table = table[table["v"].notna()]
    return _latest_answer(data, table, gaps.describe_gap_in_sd, "v", "standard deviations")


def by_grade(data):
    """The gap in percent meeting the standard in each grade; the number is the widest."""
    rows, note = _latest_by_grade(data)
    widest = rows.loc[rows["gap"].abs().idxmax()]
    each = ", ".join(
        f"{spoken(row.gap, 1)} in grade {row.grade} ({ends_words(row.low, row.high, 1)})"
        for row in rows.itertuples()
    )
    words = (
        f"In {widest['year']} the gap in percent meeting the standard between {who(data.sides)}, "
        f"in points with its 95% interval: {each}{gaps.who_is_higher(widest, rows['gap'], 1)}."
    )
    if len(rows) > 1:
        words += (
            f" The widest of these is that in grade {widest['grade']}. They are different students "
            "in each grade."
        )
    of_year = data.district[data.district["year"] == widest["year"]]
    untold = gaps.gap_in_points(of_year, **data.sides, by=("year", "grade")).attrs["left_out"]
    words = f"{words} {untold}".strip()
    return _answer(widest, "gap", "percentage points", words + note)


def trend(data, *, find):
    """What became of a gap that ``find`` gives: its slope, or its change with two years."""
    course = trends.trend(find(data.district, **data.sides))
    words = trends.describe_trend(course)
    if course.empty or course["n_years"][0] < 2:
        raise Refusal(advice(words))
    row = course.iloc[0]
    unit, _ = trends.UNITS[row["measure"]]
    if row["n_years"] > 2:
        return _answer(row, "slope", f"{unit} a year", words, ("slope_low", "slope_high"))
    return _answer(row, "change", unit, words, ("change_low", "change_high"))


def by_school(data):
    """How many points of the gap lie between schools (the number), and how many within."""
    split, note = _split_by_school(data)
    words = decomposition.describe_between_within(split) + note
    low, high = map(float, split.between_interval)
    return DataAnswer(words, split.between, low, high, "percentage points between schools")


def of_schools(data, *, part):
    """The share of the gap between or within schools (Kitagawa)."""
    split, note = _split_by_school(data)
    points, ends = split.within, split.within_interval
    if part == "between schools":
        points, ends = split.between, split.between_interval
    low, high = ends if split.gap > 0 else (-ends[1], -ends[0])
    basis = (
        f"Counted in the {split.schools} schools that show both; the 95% interval of this part is "
        f"{ends_words(low, high, 1)} points.{note}"
    )
    _refuse_unclear(f"the gap of {split.year} between {who(data.sides)}", split.gap_interval)
    told = split.between_interval[0] * split.between_interval[1] > 0
    told &= split.within_interval[0] * split.within_interval[1] > 0
    return _share(data, part, points, split.gap, split.year, basis, opposed=told)


def of_grades(data, *, part):
    """The share of the gap between or within grades (Kitagawa)."""
    rows, note = _latest_by_grade(data)
    year = rows["year"][0]
    if len(rows) < 2:
        raise Refusal(
            f"Only grade {rows['grade'][0]} shows both groups in {year}, so that the gap cannot be "
            "split by grade; ask for more grades."
        )
    whole = gaps.gap_in_points(data.district[data.district["year"] == year], **data.sides)
    split = decomposition.kitagawa(
        rows["n_focus"], rows["percent_focus"], rows["n_comparison"], rows["percent_comparison"]
    )
    points = split.composition if part == "between grades" else split.rate
    basis = f"Counted in grades {with_commas(rows['grade'])}.{note}"
    _refuse_unclear(f"the gap of {year} between {who(data.sides)}", whole.loc[0, ["low", "high"]])
    return _share(data, part, points, split.total, year, basis)


def of_classes(data, *, part):
    """The share of a class's last gap, in standard deviations, from before grade 6 or since."""
    row, ends = _followed(data)
    at_the_end = f"grade {row['grade_to']} in {row['year_to']}"
    _refuse_unclear(f"the gap of {at_the_end}", ends, 2, "standard deviations")
    before = float(100 * row["gap_from"] / row["gap_to"])
    since = 100 - before
    then = f"the other {spoken(since, 0)}% came during middle school"
    if row["low"] <= 0 <= row["high"]:
        then = "what changed during middle school cannot be told from chance"
    elif before > 100:
        then = "during middle school it narrowed"
    elif before < 0:
        then = "during middle school it turned around"
    words = (
        f"Before grade 6, the gap of the class in {at_the_end} was {spoken(before, 0)}% of what it "
        f"is there; {then}. {cohorts.describe_quasi_cohorts(row)} This says when the gap is seen, "
        "not why."
    )
    return DataAnswer(words, before if part == "before grade 6" else since, unit=SHARE)


def who(sides):
    """The names of the groups (text)."""
    return listed(GROUPS[code] for code in sides.values())


def advice(words):
    """The words, and what else can be asked (text)."""
    return f"{words} Ask about other groups, grades or years."


def _latest_answer(data, table, describe, column, unit):
    rows, note = data.latest(table)
    return _answer(rows.iloc[0], column, unit, describe(rows) + note)


def _answer(row, column, unit, words, ends=("low", "high")):
    low, high = (float(row[end]) if pd.notna(row.get(end)) else None for end in ends)
    return DataAnswer(words, float(row[column]), low, high, unit)


def _latest_by_grade(data):
    return data.latest(gaps.gap_in_points(data.district, **data.sides, by=("year", "grade")))


def _split_by_school(data):
    rows, note = data.latest(gaps.gap_in_points(data.district, **data.sides))
    split = decomposition.between_within_schools(data.rows, **data.sides, year=int(rows["year"][0]))
    if np.isnan(split.gap):
        raise Refusal(advice(decomposition.describe_between_within(split)))
    return split, note


def _followed(data):
    """The newest class seen in grade 5 and in the last middle-school grade asked.

    Gives its row of ``quasi_cohorts`` and the interval of its last gap.
    """
    end = max((grade for grade in data.grades if grade in MIDDLE), default=None)
    if end is None:
        raise Refusal(
            "A class is followed from grade 5 into grades 6 to 8, and none of these is "
            "asked; add grade 8, or leave the grades empty."
        )
    later = end - LAST_ELEMENTARY
    rows = data.everything[data.everything["level"] == "district"]
    for year in sorted({int(year) for year in rows["year"]}, reverse=True):
        both_years = rows["year"].isin([year, year - later])
        two = rows[both_years & rows["grade"].isin([LAST_ELEMENTARY, end])]
        classes = cohorts.quasi_cohorts(two, **data.sides, measure="v")
        if len(classes):
            at_end = two[(two["year"] == year) & (two["grade"] == end)]
            last = gaps.gap_in_sd(at_end, **data.sides)
            return classes.iloc[0], last.loc[0, ["low", "high"]]
    apart = counted(later, "year")
    raise Refusal(
        f"No class shows both groups in grade {LAST_ELEMENTARY} and, {apart} later, in grade "
        f"{end}. Ask for both of its years, or leave the years empty; or ask about other groups."
    )


def _share(data, part, points, whole, year, basis, *, opposed=False):
    """The answer that a part (``points``) makes such a share of the whole gap.

    opposed: where the parts have opposite signs, whether both of them are clear.
    """
    share, sign = 100 * points / whole, 1 if whole > 0 else -1
    amount = f"{spoken(sign * points, 1)} of {spoken(sign * whole, 1)} points"
    if sign < 0:
        amount += f", with the results of {GROUPS[data.sides['focus']]} the higher ones"
    lies, units = part.split()
    alike = f"were spread over the {units} alike"
    if lies == "between":
        alike = f"did equally well in every {units.removesuffix('s')}"
    against = turned = ""
    if opposed and not 0 <= share <= 100:
        against = " The two parts have opposite signs: they work against each other."
    if round(share) < 0:
        turned = ", the other way round,"
    words = (
        f"In {year}, {spoken(share, 0)}% of the gap in percent meeting the standard between "
        f"{who(data.sides)} ({amount}) stands {part}: that much would remain{turned} if both "
        f"groups {alike}.{against} {basis} This says where the gap sits, not why."
    )
    return DataAnswer(words, float(share), unit=SHARE)


def _refuse_unclear(what, ends, digits=1, unit="points"):
    """Of a gap that may be 0 no part is a share."""
    low, high = ends
    if low <= 0 <= high:
        raise Refusal(
            advice(
                f"No share can be given, for {what} cannot be told from chance (95% interval "
                f"{ends_words(low, high, digits)} {unit})."
            )
        )
