"""The run charts of a simulated year, with a baseline that does not cry wolf. Synthetic.

A chart signals now and then with nothing going on, a false alarm, and the shorter the baseline that
its median rests on, the oftener: by Anhøj's rules 14 of 100 charts of 36 independent weeks with a
baseline of 11, 8 of 100 with 20, and 4 of 100 where all points make the median
(``see_the_system.charts.false_alarms``). So a change begins in week ``STARTS`` unless a team says
otherwise, and a year without one has its median from all its weeks.
"""

from see_the_system.charts.chart_words import describe_run_chart
from see_the_system.charts.false_alarms import LONG_BASELINE, false_alarm_rate
from see_the_system.charts.run_charts import run_chart
from see_the_system.messages import counted

RULES = "anhoej"
STARTS = LONG_BASELINE + 1


def year_chart(year, measure, group):
    """The run chart of one measure of one group of a ``simulate.Year`` (``RunChart``).

    Its baseline is the weeks before the change; without a change all points make the median.
    """
    points = year.points(measure, group)
    known = next(each for each in year.measures if measure in (each.id, each.title))
    return run_chart(
        points,
        rules=RULES,
        baseline=_before(year, points) or None,
        better=known.better,
        measure=known.title,
        group="" if group == year.groups[0] else group,
        annotations=year.annotations,
    )


def describe_baseline(year):
    """How many weeks the charts of a year rest on, and how often they cry wolf (text)."""
    weeks = year.frame.week.max()
    if year.idea is None:
        return (
            f"Nothing is tried, so the median of all {weeks} weeks is the center of a run chart. "
            f"Now and then one signals all the same, a false alarm: in {_of_100(weeks)} charts of "
            "such a length."
        )
    before = year.starts - 1
    said = f"The baseline is the {counted(before, 'week')} before the change."
    if before < 2:
        return (
            f"The change starts in week {year.starts}, so there is no baseline to hold it against. "
            f"Measure for {LONG_BASELINE} weeks first: --starts {STARTS}."
        )
    alarm = (
        "With nothing going on, a run chart with it signals all the same, a false alarm, in "
        f"{_of_100(weeks, before)} charts."
    )
    if before >= LONG_BASELINE:
        return f"{said} {alarm}"
    return (
        f"{said} {alarm} With {LONG_BASELINE} weeks it would be {_of_100(weeks, LONG_BASELINE)}: "
        f"--starts {STARTS}."
    )


def describe_charts(year):
    """What the run charts of a year show: of those it is meant for, and of its other measures.

    Text, one paragraph a chart; without a change the check alone, of all and of those in support.
    """
    whole = year.groups[0]
    if year.idea is None:
        shown = [("check", group) for group in (whole, "Students in support")]
    else:
        shown = [(each.id, whole) for each in year.measures if each.id != "check"]
        shown.insert(0, ("check", year.idea.reaches))
    there = set(zip(year.frame.measure, year.frame.group, strict=True))
    charts = [year_chart(year, *each) for each in shown if each in there]
    return "\n\n".join(_at_an_end(chart) or describe_run_chart(chart) for chart in charts)


def _at_an_end(chart):
    """Why a chart whose median is none or all cannot be judged (text); "" for any other.

    Its other points all lie on one side, which is no sign of a change.
    """
    median = chart.frame["centre"].iloc[0]
    if median not in (0, 100) or chart.frame["value"].nunique() == 1:
        return ""
    return (
        f"{chart.measure}: in most weeks it is {median:.0f}%, and nothing can lie beyond that, so "
        "a run chart cannot judge the others. Count more people together: a larger place."
    )


def _before(year, points):
    """How many points lie before the change; 0 without a change."""
    before = 0 if year.idea is None else int((points.week < year.starts).sum())
    return before if before > 1 else 0


def _of_100(weeks, baseline=None):
    rate = false_alarm_rate(RULES, int(weeks), baseline=baseline).rate
    return f"{100 * rate:.0f} of 100"
