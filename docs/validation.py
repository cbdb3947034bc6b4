"""Writes docs/validation.md: what is planted in the practice network, and what analysis finds of
it. ``python docs/validation.py``
"""

from pathlib import Path

import pandas as pd

from practice_network import district_students, history, network, planted
from see_the_system.charts.chart_words import NAMES, percent
from see_the_system.charts.false_alarms import false_alarm_rate, power
from see_the_system.charts.rules import RULE_SETS
from see_the_system.gaps.exposures import shares_of_gap, slopes

PAGE = Path(__file__).with_name("validation.md")
FOCUS, COMPARISON = "Hispanic or Latino", "White"
ALIKE = ("school", "grade", "year", "disadvantaged", "language", "disability")
GIVEN = ("benchmark", "below")
DISTRICTS = ("10017", "10025", "10041", "10058")
LENGTHS = (10, 12, 16, 20, 24, 36)
NAMES_OF = {district.code: district.name for district in network.DISTRICTS}


def students(*districts):
    """The students of districts in all years (frame)."""
    codes = districts or tuple(NAMES_OF)
    rows = pd.concat(
        [
            district_students.students(code, year).assign(year=year)
            for code in codes
            for year in history.YEARS
        ],
        ignore_index=True,
    )
    return rows.assign(below=rows.below.astype(float))


def effects(rows):
    """Each planted effect beside the one that analysis finds in the whole network (frame: planted,
    found, low, high).
    """
    exposures = [cause.exposure for cause in planted.CAUSES]
    table = shares_of_gap(
        rows, exposures, focus=FOCUS, comparison=COMPARISON, alike=ALIKE, given=GIVEN
    ).table.set_index("exposure")
    found = [
        (
            cause.id,
            cause.effect,
            *table.loc[cause.exposure, ["effect", "effect_low", "effect_high"]],
        )
        for cause in planted.CAUSES
    ]
    return pd.DataFrame(found, columns=["cause", "planted", "found", "low", "high"]).set_index(
        "cause"
    )


def shares(rows):
    """Planted and found percent of the gap in grades 6 to 8 for each cause that differs among a
    district's students (frame).
    """
    rows = rows[rows.grade >= 6]
    causes = [
        cause
        for cause in planted.CAUSES
        if (rows.groupby(["school", "grade"])[cause.exposure].nunique() > 1).any()
    ]
    result = shares_of_gap(
        rows,
        [cause.exposure for cause in causes],
        focus=FOCUS,
        comparison=COMPARISON,
        alike=ALIKE,
        given=GIVEN,
    )
    table = result.table.set_index("exposure")
    known = rows[rows.score.notna()]
    mean = {name: known[known.group == name] for name in (FOCUS, COMPARISON)}
    found = []
    for cause in causes:
        differ = mean[COMPARISON][cause.exposure].mean() - mean[FOCUS][cause.exposure].mean()
        low, share, high = (
            100 * table.loc[cause.exposure, name] / result.gap for name in ("low", "part", "high")
        )
        found.append((cause.id, 100 * cause.effect * differ / result.gap, share, low, high))
    return pd.DataFrame(found, columns=["cause", "planted", "found", "low", "high"]).set_index(
        "cause"
    )


def attendance(rows):
    """How recorded attendance goes with scores between and within schools (``Slopes``)."""
    return slopes(rows, "attendance", alike=("grade", "year"))


def false_alarms():
    """Percent of charts that signal with nothing going on, by rule set and length (two frames: run
    charts and XmR charts).
    """
    return [
        pd.DataFrame(
            {
                n: {name: false_alarm_rate(name, n, kind=kind).rate for name in RULE_SETS}
                for n in LENGTHS
            }
        )
        for kind in ("run", "xmr")
    ]


def powers():
    """How often a change half way through 24 points is found, by rule set, for changes of 1, 2 and
    3 SDs (two frames).
    """
    return [
        pd.DataFrame(
            {
                shift: {name: power(name, 24, kind=kind, shift=shift).rate for name in RULE_SETS}
                for shift in (1.0, 2.0, 3.0)
            }
        )
        for kind in ("run", "xmr")
    ]


def _table(head, rows):
    return "\n".join(
        [
            "| " + " | ".join(head) + " |",
            "|" + "---|" * len(head),
            *("| " + " | ".join(row) + " |" for row in rows),
        ]
    )


def _effects_table(found):
    return _table(
        ("cause", "planted", "found", "95 % interval"),
        [
            (
                planted_name(id),
                f"{row.planted:+.3f}",
                f"{row.found:+.3f}",
                f"{row.low:+.3f} to {row.high:+.3f}",
            )
            for id, row in found.iterrows()
        ],
    )


def _shares_table(found):
    lines = [
        (
            NAMES_OF[code],
            planted_name(id),
            f"{row.planted:.1f}",
            f"{row.found:.1f}",
            f"{row.low:.1f} to {row.high:.1f}",
        )
        for code, table in found.items()
        for id, row in table.iterrows()
    ]
    return _table(("district", "cause", "planted, % of the gap", "found", "95 % interval"), lines)


def planted_name(id):
    """The plain name of a planted cause (text)."""
    return next(cause.name for cause in planted.CAUSES if cause.id == id).lower()


def _rates_table(frame, head):
    return _table(
        ("rules", *head),
        [
            (NAMES[name], *(percent(rate) for rate in row))
            for name, row in zip(frame.index, frame.to_numpy())
        ],
    )


TEXT = """# Does analysis find what is planted?

The practice network is synthetic, and what makes its gap is known. So it can be asked of every method here whether it finds what is there, and whether it leaves
alone what is not. `python docs/validation.py` writes this page; a test makes it again and compares every number. All of it is synthetic: no size here is an
estimate of anything in a real district.

## How it is planted
Students' scores are those of the state's files in `data/sample`, unchanged. Behind each score stands a past that the planted mechanisms could have made
(`practice_network/history.py`): a benchmark the spring before, a course, support, late results, a change of school, a teacher. Out of 128 possible pasts one is taken, with odds in
step with how well it explains the score. Where scores of students alike are more evenly spread than those mechanisms would leave them, the effects come out a little small; a
factor of 1.08 makes that good, and the first table shows what is left of it. Students are then followed from year to year: {students} of them, grades 4 to 8, 2022 to 2025.

## The planted effects are found
One regression on all students of the network, a constant for each school, grade, year, group, socioeconomic status, language and disability, at the same
benchmark score (`see_the_system.gaps.exposures`). In SDs of the state's scores for one unit of exposure. **Stated error: within 10 % of what is planted.**

{effects}

## Their shares of a gap are found
The gap of Hispanic or Latino and White students in grades 6 to 8, district by district, 2022 to 2025. A share is the effect times the difference in exposure; it
includes what goes with earlier differences: where a course is filled by written criteria, students who had less before still reach it less often. **Stated error: within 2 percent of
the gap in districts with more than five schools of these grades, within 5 elsewhere; the interval covers what is planted.** In a district with two middle schools an interval says
how little two schools can tell.

{shares}

In the districts with one or two schools of grades 6 to 8 that wait equally long for results, late results cannot be told from being below level, and the
analysis says so and stops; where every student changes school without a bridge, nothing can be said of that.

## The tempting wrong theory is refuted
*Students miss too much school.* In Lanternfield Unified, recorded attendance and mean scores go together over {schools} schools (r = {r}): ten points more attendance,
{between} SD (95 % interval {between_low} to {between_high}). Inside schools, among {n} students of the same grade and year, ten points more attendance goes with {within} SD ({within_low} to {within_high}). What differs
between these schools is when the last bus arrives, as the bus log and the process map of the morning roll show. In this network days away have no effect at all, so that the
lesson is clear; in a real district they have one, and the question is whether it explains the gap.

## How often rules cry wolf
Charts of independent noise, centre and limits from all points, 4,000 series each. Run charts (the median, no limits):

{run}

XmR charts (limits from moving ranges, and runs around the mean):

{xmr}

## How often rules find a change
24 points, the level moves after the twelfth. Run charts:

{power_run}

XmR charts:

{power_xmr}

## How soon a chart shows a change in the practice network
Lanternfield Unified, a change from week 12 on, run chart with the median frozen on the first 11 weeks, Anhøj's rules, 200 years each: percent of years with any signal 8, 12, 16 and 25 weeks
after the change begins. Measured once; the tests repeat a part of it with fewer years.

| change, fidelity | who is counted | one class | a school | the district |
|---|---|---|---|---|
| support beside core, .9 | those in support | 19, 43, 54, 78 | 58, 100, 100, 100 | 73, 100, 100, 100 |
| support beside core, .9 | all students | the same | 34, 76, 93, 99 | 32, 70, 98, 100 |
| support beside core, .3 | all students | the same | 10, 26, 38, 60 | 10, 24, 40, 64 |
| results within a week, .9 | all students | 10, 22, 32, 50 | 26, 64, 88, 96 | 29, 61, 90, 98 |
| results within a week, .3 | all students | 5, 11, 13, 24 | 10, 22, 30, 51 | 7, 18, 32, 57 |
| a wrong change, or none | all students | 6, 11, 8, 12 | 8, 12, 14, 20 | 8, 14, 14, 25 |
| the same under IHI rules | all students | 25, 36, 40, 52 | 30, 46, 56, 69 | 31, 47, 56, 70 |

Independent noise of these lengths signals in 6, 11, 9 and 14 percent under Anhøj and 34, 45, 53 and 68 under IHI: at the scale of a district the seasons of a school year add up to 11 points, and that is
what a chart of a real district does too. One class can rarely tell before the spring; those whom a change is meant for tell sooner than all students.
"""


def page():
    """The page (text)."""
    rows, alarms, found = students(), false_alarms(), powers()
    between = attendance(rows[rows.school.isin(district_students.students("10017").school)])
    values = {
        "students": f"{rows.student.nunique():,}",
        "effects": _effects_table(effects(rows)),
        "shares": _shares_table({code: shares(students(code)) for code in DISTRICTS}),
        "schools": between.units,
        "r": f"{between.between_r:.2f}",
        "between": f"{0.1 * between.between:+.2f}",
        "between_low": f"{0.1 * between.between_interval[0]:+.2f}",
        "between_high": f"{0.1 * between.between_interval[1]:+.2f}",
        "n": f"{between.n:,}",
        "within": f"{0.1 * between.within:+.3f}",
        "within_low": f"{0.1 * between.within_interval[0]:+.3f}",
        "within_high": f"{0.1 * between.within_interval[1]:+.3f}",
        "run": _rates_table(alarms[0], [f"{n} points" for n in LENGTHS]),
        "xmr": _rates_table(alarms[1], [f"{n} points" for n in LENGTHS]),
        "power_run": _rates_table(found[0], ["1 SD", "2 SD", "3 SD"]),
        "power_xmr": _rates_table(found[1], ["1 SD", "2 SD", "3 SD"]),
    }
    return TEXT.format(**values)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
