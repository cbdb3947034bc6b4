"""Rows of two student groups, for the tests of gaps."""

from tests.frames import row

FOCUS, COMPARISON = "Hispanic or Latino", "White"
PAIR = {"focus": FOCUS, "comparison": COMPARISON}
LOW, HIGH = (300, 240, 140, 20), (120, 180, 220, 80)


def both(focus, comparison, year=2024, **more):
    return [
        row(year, group=78, levels=focus, **more),
        row(year, group=80, levels=comparison, **more),
    ]


def meeting(x, n):
    return (n - x, 0, x, 0)


def year_rows(year, focus_meeting, *, n=1000, grades=(8,), comparison_meeting=None):
    comparison_meeting = n // 2 if comparison_meeting is None else comparison_meeting
    return [
        each
        for grade in grades
        for each in (
            row(
                year,
                grade=grade,
                group=78,
                levels=(n - focus_meeting - 100, 100, focus_meeting - 50, 50),
                mean=2500.0 + grade,
            ),
            row(
                year,
                grade=grade,
                group=80,
                levels=(n - comparison_meeting - 100, 100, comparison_meeting - 50, 50),
                mean=2560.0 + 2 * grade,
            ),
        )
    ]
