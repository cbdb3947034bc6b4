"""Writes docs/validation.md: what is planted, and what analysis finds of it.

``python docs/validation.py``
"""

from functools import cache
from pathlib import Path

import pandas as pd
import verdicts

from practice_network import district_students, history, network, planted
from see_the_system.charts.chart_words import percent
from see_the_system.charts.false_alarms import false_alarm_rate, power
from see_the_system.charts.rules import RULE_SETS
from see_the_system.gaps.exposures import shares_of_gap, slopes
from see_the_system.gaps.result_words import spoken
from see_the_system.paths import write_whole

PAGE = Path(__file__).with_name("validation.md")
FOCUS, COMPARISON = "Hispanic or Latino", "White"
ALIKE = ("school", "grade", "year", "disadvantaged", "language", "disability")
GIVEN = ("benchmark", "below")
DISTRICTS = ("10017", "10025", "10041", "10058")
LENGTHS = (10, 12, 16, 20, 24, 36)
SHIFTS = (1.0, 2.0, 3.0)  # SDs
CHARTS = ("run", "xmr")


@cache
def students(*districts):
    """The students of districts, or of all, in all years (frame)."""
    tables = [
        district_students.students(code, year).assign(year=year)
        for code in districts or network.DISTRICT_NAMES
        for year in history.YEARS
    ]
    rows = pd.concat(tables, ignore_index=True)
    return rows.assign(below=rows.below.astype(float))


def effects(rows):
    """Each planted effect beside the one that analysis finds in the whole network.

    A frame by cause: planted, found, low, high.
    """
    made = {cause.id: cause.effect for cause in planted.CAUSES}
    _, table = _analysed(rows, planted.CAUSES)
    return _beside(made, table[["effect", "effect_low", "effect_high"]])


def shares(rows):
    """Planted and found percent of the gap in grades 6 to 8, for each cause that differs.

    That is, among a district's students; a frame as that of ``effects``.
    """
    rows = rows[rows.grade >= 6]
    alike = rows.groupby(["school", "grade"])
    causes = [cause for cause in planted.CAUSES if (alike[cause.exposure].nunique() > 1).any()]
    gap, table = _analysed(rows, causes)
    means = rows[rows.score.notna()].groupby("group").mean(numeric_only=True)
    differ = means.loc[COMPARISON] - means.loc[FOCUS]
    made = {cause.id: 100 * cause.effect * differ[cause.exposure] / gap for cause in causes}
    return _beside(made, 100 * table[["part", "low", "high"]] / gap)


def _analysed(rows, causes):
    """The gap of the two groups, and what goes with each cause (frame by cause)."""
    exposures = [cause.exposure for cause in causes]
    result = shares_of_gap(
        rows, exposures, focus=FOCUS, comparison=COMPARISON, alike=ALIKE, given=GIVEN
    )
    table = result.table.set_index("exposure").loc[exposures]
    return result.gap, table.set_axis([cause.id for cause in causes])


def _beside(made, found):
    found = found.set_axis(["found", "low", "high"], axis=1)
    found.insert(0, "planted", pd.Series(made))
    return found


def attendance(rows):
    """How recorded attendance goes with scores between and within schools (``Slopes``)."""
    return slopes(rows, "attendance", alike=("grade", "year"))


@cache
def false_alarms():
    """Percent of charts that signal with nothing going on, by rule set and length.

    Two frames: run charts and XmR charts.
    """

    def rate(rules, length, kind):
        return false_alarm_rate(rules, length, kind=kind).rate

    return [_by_rules(rate, LENGTHS, kind) for kind in CHARTS]


@cache
def powers():
    """How often a change half way through 24 points is found, by rule set and size in SDs.

    Two frames: run charts and XmR charts.
    """

    def rate(rules, shift, kind):
        return power(rules, 24, kind=kind, shift=shift).rate

    return [_by_rules(rate, SHIFTS, kind) for kind in CHARTS]


def _by_rules(rate, columns, kind):
    rates = {column: [rate(rules, column, kind) for rules in RULE_SETS] for column in columns}
    return pd.DataFrame(rates, index=list(RULE_SETS))


def _table(head, rows):
    ruler = "|" + "---|" * len(head)
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], ruler, *lines[1:]])


def _effects_table(found):
    rows = [
        (
            _planted_name(cause),
            spoken(row.planted, 3, "+"),
            spoken(row.found, 3, "+"),
            f"{spoken(row.low, 3, '+')} to {spoken(row.high, 3, '+')}",
        )
        for cause, row in found.iterrows()
    ]
    return _table(("cause", "planted", "found", "95 % interval"), rows)


def _shares_table(found):
    rows = [
        (
            network.DISTRICT_NAMES[code],
            _planted_name(cause),
            spoken(row.planted, 1),
            spoken(row.found, 1),
            f"{spoken(row.low, 1)} to {spoken(row.high, 1)}",
        )
        for code, table in found.items()
        for cause, row in table.iterrows()
    ]
    return _table(("district", "cause", "planted, % of the gap", "found", "95 % interval"), rows)


def _planted_name(cause):
    return planted.BY_ID[cause].name.lower()


def _rates_table(frame, head):
    rows = [[RULE_SETS[name].title, *map(percent, rates)] for name, rates in frame.T.items()]
    return _table(("rules", *head), rows)


# Measured once, by simulating 200 years of each.
SOON = [
    (
        "support beside core, .9",
        "those in support",
        "4, 10, 42, 64",
        "6, 37, 98, 100",
        "10, 42, 100, 100",
    ),
    ("support beside core, .9", "all students", "the same", "6, 24, 82, 97", "6, 24, 80, 94"),
    ("support beside core, .3", "those in support", "", "4, 10, 39, 64", "7, 18, 62, 86"),
    ("support beside core, .3", "all students", "", "4, 6, 22, 36", "4, 8, 24, 32"),
    ("results within a week, .9", "all students", "4, 9, 20, 28", "6, 18, 65, 87", "8, 20, 70, 89"),
    ("results within a week, .3", "all students", "2, 4, 8, 13", "4, 6, 18, 28", "6, 6, 17, 28"),
    ("a wrong change, or none", "all students", "4, 6, 12, 16", "3, 4, 7, 10", "4, 4, 6, 9"),
    (
        "the same under IHI rules",
        "all students",
        "36, 48, 57, 62",
        "36, 46, 55, 60",
        "39, 48, 56, 61",
    ),
]
TEXT = """# Does analysis find what is planted?

The practice network is synthetic, and what makes its gap is known. So it can be asked of every
method here whether it finds what is there, and whether it leaves alone what is not. `python
docs/validation.py` writes this page; a test makes it again and compares every number. All of it
is synthetic: no size here is an estimate of anything in a real district.

## How it is planted
Students' scores are those of the state's files in `data/sample`, unchanged. Behind each score
stands a past that the planted mechanisms could have made (`practice_network/history.py`): a
benchmark the spring before, a course, support, late results, a change of school, a teacher. Out
of 128 possible pasts one is taken, with odds in step with how well it explains the score. Where
scores of students alike are more evenly spread than those mechanisms would leave them, the
effects come out a little small; a factor of 1.08 makes that good, and the first table shows what
is left of it. Students are then followed from year to year: {students} of them, grades 4 to 8,
2022 to 2025.

## The planted effects are found
One regression on all students of the network, a constant for each school, grade, year, group,
socioeconomic status, language and disability, at the same benchmark score
(`see_the_system.gaps.exposures`). In SDs of the state's scores for one unit of exposure.
**Stated error: within 10 % of what is planted.**

{effects}

## Their shares of a gap are found
The gap of Hispanic or Latino and White students in grades 6 to 8, district by district, 2022 to
2025. A share is the effect times the difference in exposure; it includes what goes with earlier
differences: where a course is filled by written criteria, students who had less before still
reach it less often. **Stated error: within 2 percent of the gap in districts with more than five
schools of these grades, within 5 elsewhere; the interval covers what is planted.** In a district
with two middle schools an interval says how little two schools can tell.

{shares}

In the districts with one or two schools of grades 6 to 8 that wait equally long for results,
late results cannot be told from being below level, and the analysis says so and stops; where
every student changes school without a bridge, nothing can be said of that.

## The tempting wrong theory is refuted
*Students miss too much school.* In Lanternfield Unified, recorded attendance and mean scores go
together over {schools} schools (r = {r}): one point more attendance, {between} SD (95 %
interval {between_low} to {between_high}). Inside schools, among {n} students of the same grade
and year, one point more attendance goes with {within} SD ({within_low} to {within_high}). What
differs between these schools is when the last bus arrives, as the bus log and the process map of
the morning roll show. In this network days away have no effect at all, so that the lesson is
clear; in a real district they have one, and the question is whether it explains the gap.

{verdicts}
## How often rules cry wolf
Charts of independent noise, centre and limits from all points, 4,000 series each. Run charts
(the median, no limits):

{run}

XmR charts (limits from moving ranges, and runs around the mean):

{xmr}

## How often rules find a change
24 points, the level moves after the twelfth. Run charts:

{power_run}

XmR charts:

{power_xmr}

## How soon a chart shows a change in the practice network
Lanternfield Unified, a change from week 21 on, run chart with the median frozen on the first 20
weeks, Anhøj's rules, 200 years each: percent of years with any signal 4, 8, 12 and 16 weeks
after the change begins. Measured once; the tests repeat a part of it with fewer years.

{soon}

Independent noise of these lengths signals in 3, 4, 6 and 8 percent under Anhøj and 37, 48, 55 and
62 under IHI, so that the seasons of the practice year cry wolf hardly more often than chance does.
With a baseline of 11 weeks, which a change from week 12 on leaves, noise of 36 weeks signals in 14
percent. One class can rarely tell before the spring; those whom a change is meant for
tell sooner than all students.
"""


def page():
    """The page (text)."""
    rows = students()
    own = students("10017")
    found = attendance(rows[rows.school.isin(own.school)])
    between_low, between_high = found.between_interval
    within_low, within_high = found.within_interval
    lengths = [f"{length} points" for length in LENGTHS]
    shifts = [f"{shift:.0f} SD" for shift in SHIFTS]
    run, xmr = [_rates_table(rates, lengths) for rates in false_alarms()]
    power_run, power_xmr = [_rates_table(rates, shifts) for rates in powers()]
    soon = _table(
        ("change, fidelity", "who is counted", "one class", "a school", "the district"), SOON
    )
    return TEXT.format(
        students=f"{rows.student.nunique():,}",
        effects=_effects_table(effects(rows)),
        shares=_shares_table({code: shares(students(code)) for code in DISTRICTS}),
        schools=found.schools,
        r=spoken(found.between_r, 2),
        between=spoken(0.01 * found.between, 2, "+"),
        between_low=spoken(0.01 * between_low, 2, "+"),
        between_high=spoken(0.01 * between_high, 2, "+"),
        n=f"{found.n:,}",
        within=spoken(0.01 * found.within, 3, "+"),
        within_low=spoken(0.01 * within_low, 3, "+"),
        within_high=spoken(0.01 * within_high, 3, "+"),
        run=run,
        xmr=xmr,
        power_run=power_run,
        power_xmr=power_xmr,
        soon=soon,
        verdicts=verdicts.section(),
    )


if __name__ == "__main__":
    write_whole(PAGE, page())
