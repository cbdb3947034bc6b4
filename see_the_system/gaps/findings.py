"""What the data say to one kind of question: from a district's protected rows, a sentence with its
number.

Each function takes a ``Data`` and gives an ``Answer``; ``of_*`` make one for a part of the gap.
Methods and words are those of the other modules here; where they cannot answer, a ``Refusal`` says
why and what else to ask. Nothing here says why a gap is there.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from see_the_system.data.codes import GROUPS
from see_the_system.gaps import decomposition, measures, trends
from see_the_system.gaps import two_groups as gaps
from see_the_system.messages import Refusal

LAST_ELEMENTARY, MIDDLE = 5, (6, 7, 8)


@dataclass(frozen=True)
class Answer:
    """What the data say: a sentence, its number with a 95% interval (None where there is none), and
    the fingerprint of the data.
    """

    sentence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    fingerprint: str = ""


@dataclass(frozen=True)
class Data:
    """A district's rows of the question's groups and years, protected; ``sides`` names the groups
    by code; the grades asked.
    """

    everything: pd.DataFrame
    sides: dict
    grades: tuple

    @property
    def rows(self):
        return self.everything[self.everything["grade"].isin(self.grades)]

    @property
    def district(self):
        return self.rows[self.rows["level"] == "district"]

    def latest(self, table):
        """The rows of the newest year fit to speak for a table, and words on why that is not the
        newest of all.
        """
        if table.empty:
            raise Refusal(advice(table.attrs.get("left_out") or "There is no result to show."))
        fit = table[~table["year"].isin(list(trends.NOT_FOR_TREND))]
        year, newest = (
            int((fit if len(fit) else table)["year"].max()),
            int(self.everything["year"].max()),
        )
        rows = table[table["year"] == year].reset_index(drop=True)
        rows.attrs = {"test": table.attrs.get("test", "")}
        if year in trends.NOT_FOR_TREND:
            return rows, f" In {year} {trends.NOT_FOR_TREND[year]}, so take it with care."
        return (
            rows,
            f" The data go to {newest}, but {year} is the newest year that can be used."
            if year < newest
            else "",
        )


# --- how each measure is found: data in, answer out
# --------------------------------------------------------------------------------


def percent(data):
    """Percent of one group that met or exceeded the standard."""
    rows, note = data.latest(measures.percent_meeting(data.district, ["year"]))
    return _of(
        rows, "percent", "percent", measures.describe_percent(rows, who=who(data.sides)) + note
    )


def distance(data):
    """Mean distance of one group from the standard, in scale-score points."""
    rows, note = data.latest(measures.distance_from_standard(data.district, ["year"]))
    return _of(
        rows,
        "dfs",
        "points from the standard",
        measures.describe_distance(rows, who=who(data.sides)) + note,
    )


def mean_score(data):
    """Mean scale score of one group in one grade."""
    if len(data.grades) != 1:
        raise Refusal(
            "Each grade has a standard of its own, so scale scores are not averaged over "
            "grades; choose one grade, or ask for "
            "'distance from standard'."
        )
    rows, note = data.latest(measures.distance_from_standard(data.district, ["year"]))
    row, standard = rows.iloc[0], measures.STANDARD[2, data.grades[0]]
    mean = float(standard + row["dfs"])
    words = (
        f"In {row['year']}, {row['n']:,} students ({who(data.sides)}) in grade "
        f"{data.grades[0]} had a mean scale score of {mean:.1f} in "
        f"mathematics; the standard begins at {standard}."
    )
    return Answer(words + note, value=mean, unit="scale-score points")


def gap(data):
    """The gap in percent meeting the standard."""
    rows, note = data.latest(gaps.gap_in_points(data.district, **data.sides))
    return _of(rows, "gap", "percentage points", gaps.describe_gap(rows) + note)


def gap_in_sd(data):
    """The gap in standard deviations (V)."""
    table = gaps.gap_in_sd(data.district, **data.sides)
    if len(table) and table["v"].isna().all():
        raise Refusal(advice(gaps.describe_gap_in_sd(table)))
    rows, note = data.latest(table[table["v"].notna()])
    return _of(rows, "v", "standard deviations", gaps.describe_gap_in_sd(rows) + note)


def by_grade(data):
    """The gap in percent meeting the standard in each grade; the number is that of the grade where
    it is widest.
    """
    rows, note = data.latest(gaps.gap_in_points(data.district, **data.sides, by=("year", "grade")))
    widest = rows.loc[[rows["gap"].abs().idxmax()]].reset_index(drop=True)
    each = ", ".join(
        f"grade {row.grade} {measures.spoken(row.gap, 1)} ({row.low:.1f} to {row.high:.1f})"
        for row in rows.itertuples()
    )
    hidden = sorted(set(data.grades) - set(rows["grade"]))
    words = (
        f"In {rows['year'][0]} the gap in percent meeting the standard between "
        f"{who(data.sides)}, in points with its 95% interval: {each}. "
        f"It is widest in grade {widest['grade'][0]}. They are different students in each grade."
        + (
            f" Not shown: grade {listed(hidden)}, where a group is too small or was not tested."
            if hidden
            else ""
        )
    )
    return _of(widest, "gap", "percentage points", words + note)


def trend(find):
    """What became of a gap, found by a function of ``gaps``: its slope with four usable years or
    more, its change otherwise.
    """

    def found(data):
        row = trends.trend(find(data.district, **data.sides))
        words = trends.describe_trend(row)
        if row.empty or row["n_years"][0] < 2:
            raise Refusal(advice(words))
        name, per = (
            ("slope", " a year") if row["n_years"][0] >= trends.FOR_A_TREND else ("change", "")
        )
        return _of(
            row,
            name,
            trends.UNITS[row["measure"][0]][0] + per,
            words,
            ends=(f"{name}_low", f"{name}_high"),
        )

    return found


def by_school(data):
    """How many points of the gap lie between schools (the number), and how many within."""
    split = _split_by_school(data)
    low, high = map(float, split.between_interval)
    return Answer(
        decomposition.describe_between_within(split),
        split.between,
        low,
        high,
        "percentage points between schools",
    )


def _split_by_school(data):
    rows, _ = data.latest(gaps.gap_in_points(data.district, **data.sides))
    split = decomposition.between_within_schools(data.rows, **data.sides, year=int(rows["year"][0]))
    if np.isnan(split.gap):
        raise Refusal(advice(decomposition.describe_between_within(split)))
    return split


# --- the share of a gap that a part of it makes
# -------------------------------------------------------------------------------------


def of_schools(part):
    """The share of the gap between or within schools (Kitagawa)."""

    def found(data):
        split = _split_by_school(data)
        points, ends = (
            (split.between, split.between_interval)
            if part == "between schools"
            else (split.within, split.within_interval)
        )
        low, high = ends if split.gap > 0 else (-ends[1], -ends[0])
        basis = (
            f"Counted in the {split.schools} schools that show both; the 95% interval of this "
            f"part is {low:.1f} to {high:.1f} points."
        )
        return _share(data, part, points, split.gap, split.gap_interval, split.year, basis)

    return found


def of_grades(part):
    """The share of the gap between or within grades (Kitagawa)."""

    def found(data):
        rows, note = data.latest(
            gaps.gap_in_points(data.district, **data.sides, by=("year", "grade"))
        )
        if len(rows) < 2:
            raise Refusal(
                f"Only grade {rows['grade'][0]} shows both groups in {rows['year'][0]}, so "
                "that the gap cannot be split by grade; "
                "ask for more grades."
            )
        year = rows["year"][0]
        whole = gaps.gap_in_points(data.district[data.district["year"] == year], **data.sides).iloc[
            0
        ]
        split = decomposition.kitagawa(
            rows["n_focus"], rows["percent_focus"], rows["n_comparison"], rows["percent_comparison"]
        )
        points = split.composition if part == "between grades" else split.rate
        return _share(
            data,
            part,
            points,
            split.total,
            (whole["low"], whole["high"]),
            year,
            f"Counted in grades {listed(rows['grade'])}.{note}",
        )

    return found


def of_classes(part):
    """The share of one class's gap in its last middle-school grade that was there in grade 5, or
    came since, in standard deviations.
    """

    def found(data):
        row, ends = _followed(data)
        if ends[0] <= 0 <= ends[1]:
            raise Refusal(
                _unclear(
                    f"the gap of grade {row['grade_to']} in {row['year_to']}",
                    ends,
                    2,
                    "standard deviations",
                )
            )
        before = float(100 * row["gap_from"] / row["gap_to"])
        then = (
            f"the other {100 - before:.0f}% came during middle school"
            if 0 <= before <= 100
            else f"during middle school it {'narrowed' if before > 100 else 'turned around'}"
        )
        now = f"the gap of the class in grade {row['grade_to']} in {row['year_to']}"
        lead = f"Before grade 6, {now} was {before:.0f}% of what it is there; {then}."
        words = (
            f"{lead} {trends.describe_quasi_cohorts(row)} This says when the gap is seen, not why."
        )
        return Answer(
            words, before if part == "before grade 6" else 100 - before, unit="percent of the gap"
        )

    return found


def _followed(data):
    """The newest class seen in grade 5 and in the last middle-school grade asked (a row of
    ``quasi_cohorts``), and its last interval.
    """
    end = max((grade for grade in data.grades if grade in MIDDLE), default=None)
    if end is None:
        raise Refusal(
            "A class is followed from grade 5 into grades 6 to 8, and none of these is "
            "asked; add grade 8, or leave the grades empty."
        )
    rows = data.everything[data.everything["level"] == "district"]
    for year in sorted({int(year) for year in rows["year"]}, reverse=True):
        two = rows[
            rows["year"].isin([year, year - end + LAST_ELEMENTARY])
            & rows["grade"].isin([LAST_ELEMENTARY, end])
        ]
        classes = trends.quasi_cohorts(two, **data.sides, measure="v")
        if len(classes):
            last = gaps.gap_in_sd(
                two[(two["year"] == year) & (two["grade"] == end)], **data.sides
            ).iloc[0]
            return classes.iloc[0], (last["low"], last["high"])
    raise Refusal(
        f"No class shows both groups in grade {LAST_ELEMENTARY} and, {end - LAST_ELEMENTARY} "
        f"year{'s' if end > 6 else ''} later, in grade "
        f"{end}. Ask for both of its years, or leave the years empty; or ask about other groups."
    )


def _share(data, part, points, gap, ends, year, basis):
    if ends[0] <= 0 <= ends[1]:
        raise Refusal(_unclear(f"the gap of {year} between {who(data.sides)}", ends, 1, "points"))
    share, sign = 100 * points / gap, 1 if gap > 0 else -1
    turned = (
        f", with the results of {GROUPS[data.sides['focus']]} the higher ones" if sign < 0 else ""
    )
    lies, over = part.split()
    alike = (
        f"did equally well in every {over[:-1]}"
        if lies == "between"
        else f"were spread over the {over} alike"
    )
    against = (
        ""
        if 0 <= share <= 100
        else " The two parts have opposite signs: they work against each other."
    )
    amount = f"{sign * points:.1f} of {sign * gap:.1f} points{turned}"
    lead = (
        f"In {year}, {share:.0f}% of the gap in percent meeting the standard between "
        f"{who(data.sides)} ({amount}) stands {part}"
    )
    words = (
        f"{lead}: that much would remain if both groups {alike}.{against} {basis} This says "
        "where the gap sits, not why."
    )
    return Answer(words, float(share), unit="percent of the gap")


def _unclear(what, ends, digits, unit):
    return advice(
        f"No share can be given, for {what} cannot be told from chance (95% interval "
        f"{ends[0]:.{digits}f} to {ends[1]:.{digits}f} {unit})."
    )


# --- words and numbers
# --------------------------------------------------------------------------------------------------------------


def _of(rows, column, unit, words, ends=("low", "high")):
    low, high = (
        float(rows[end][0]) if end in rows and pd.notna(rows[end][0]) else None for end in ends
    )
    return Answer(words, float(rows[column][0]), low, high, unit)


def who(sides):
    """The names of the groups (text)."""
    return " and ".join(GROUPS[code] for code in sides.values())


def listed(numbers):
    """Numbers or words with commas between (text)."""
    return ", ".join(map(str, numbers))


def advice(words):
    """The words, and what else can be asked (text)."""
    return f"{words} Ask about other groups, grades or years."
