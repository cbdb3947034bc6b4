"""Points in, or one sentence that names the row."""

import numpy as np
import pandas as pd
import pytest

from see_the_system.charts.points import holidays, read_points
from see_the_system.charts.run_charts import run_chart
from see_the_system.messages import Refusal
from tests.charts.weeks import risen

WEEKS = ["2025-09-08", "2025-09-15", "2025-09-22"]


def rows(at=WEEKS, **columns):
    return pd.DataFrame({"at": at, **columns})


def test_percents_rates_and_values_are_what_is_plotted():
    counted = rows(count=[5, 6, 7], n=[20, 20, 28])
    assert list(read_points(counted, "p")["value"]) == [25, 30, 25] and list(
        read_points(counted, "run")["value"]
    ) == [25, 30, 25]
    assert list(read_points(counted, "u")["value"]) == [0.25, 0.3, 0.25] and list(
        read_points(counted, "c")["value"]
    ) == [5, 6, 7]
    assert list(read_points(rows(value=[1, 2.5, "3"]), "xmr")["value"]) == [1, 2.5, 3]
    assert read_points(counted, "p")["at"].dtype.kind == "M"


@pytest.mark.parametrize(
    "frame, kind, says",
    [
        (
            rows(WEEKS[:1], value=[1]),
            "run",
            "There is 1 point; a chart over time needs 2 at least.",
        ),
        (rows([], value=[]), "run", "There are no points;"),
        (
            rows([WEEKS[1], WEEKS[0], WEEKS[2]], value=[1, 2, 3]),
            "run",
            "The date in row 2, 2025-09-08, is before that of row 1, 2025-09-15. Put the "
            "rows in the order of time.",
        ),
        (
            rows([WEEKS[0], WEEKS[0], WEEKS[2]], value=[1, 2, 3]),
            "run",
            "Rows 1 and 2 have the same date, 2025-09-08. Give each date once",
        ),
        (
            rows([WEEKS[0], "soon", WEEKS[2]], value=[1, 2, 3]),
            "run",
            "The date in row 2 is 'soon'; a date such as 2025-09-22 was expected.",
        ),
        (rows([WEEKS[0], None, WEEKS[2]], value=[1, 2, 3]), "run", "The date in row 2 is empty;"),
        (rows([1, 2, 3], value=[1, 2, 3]), "run", "The date in row 1 is '1';"),
        (
            rows(value=[1, np.nan, 3]),
            "xmr",
            "'value' is missing in row 2 (2025-09-15). Where nothing was measured, leave the "
            "row out",
        ),
        (
            rows(value=[1, 2, "many"]),
            "xmr",
            "'value' in row 3 (2025-09-22) is 'many'; a number was expected.",
        ),
        (
            rows(value=[1, True, 3]),
            "xmr",
            "'value' in row 2 (2025-09-15) is 'True'; a number was expected.",
        ),
        (
            rows(value=pd.array([1, None, 3], dtype="Int64")),
            "xmr",
            "'value' is missing in row 2 (2025-09-15).",
        ),
        (
            rows(value=[1, 2, np.inf]),
            "xmr",
            "'value' in row 3 (2025-09-22) is 'inf'; a number was expected.",
        ),
        (
            rows(count=[1, 2, 3], n=[10, 0, 10]),
            "p",
            "Row 2 (2025-09-15) has counts of 0; more than 0 was expected. Leave the row out "
            "where nobody was counted.",
        ),
        (
            rows(count=[1, 12, 3], n=[10, 10, 10]),
            "p",
            "Row 2 (2025-09-15) has 12 of 10; no more than all was expected. Are the two "
            "columns the wrong way round?",
        ),
        (
            rows(count=[1, -2, 3], n=[10, 10, 10]),
            "p",
            "Row 2 (2025-09-15) has a count of -2; 0 or more was expected.",
        ),
        (
            rows(count=[1, 2.5, 3], n=[10, 10, 10]),
            "p",
            "Row 2 (2025-09-15) has a count of 2.5; a whole number was expected. Give "
            "counts, not percents or averages.",
        ),
        (rows(value=[1, -2, 3]), "t", "Row 2 (2025-09-15) has a time of -2;"),
        (
            rows(value=[1, 2, 3]),
            "p",
            "A p chart needs a column 'count'; the points have at, value.",
        ),
        (
            pd.DataFrame({"date": WEEKS, "value": [1, 2, 3]}),
            "run",
            "The points have no column 'at' for the date; they have date, value.",
        ),
        (rows(value=[1, 2, 3]), "xrm", "There is no chart 'xrm'. Choose 'xmr'"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_that_names_the_row(frame, kind, says):
    with pytest.raises(Refusal) as refused:
        read_points(frame, kind)
    assert says in str(refused.value)


def test_months_are_dates_and_whole_numbers_of_pandas_are_numbers():
    points = read_points(
        rows(
            pd.period_range("2025-09", periods=3, freq="M"),
            value=pd.array([1, 2, 3], dtype="Int64"),
        ),
        "xmr",
    )
    assert [f"{at:%Y-%m-%d}" for at in points["at"]] == [
        "2025-09-01",
        "2025-10-01",
        "2025-11-01",
    ] and list(points["value"]) == [1, 2, 3]


def test_a_rate_may_pass_one_and_count_parts_of_a_unit():
    assert list(read_points(rows(count=[30, 2, 1], n=[10, 0.5, 2]), "u")["value"]) == [3, 4, 0.5]


def test_a_school_holiday_is_a_gap_and_a_week_that_ends_on_friday_is_none():
    at = pd.Series(
        pd.to_datetime(
            [
                "2025-11-10",
                "2025-11-17",
                "2025-12-01",
                "2025-12-08",
                "2025-12-15",
                "2026-01-05",
                "2026-01-13",
            ]
        )
    )
    assert list(np.flatnonzero(holidays(at))) == [2, 5]
    days = pd.Series(pd.bdate_range("2025-09-01", periods=12))
    assert not holidays(days).any()


def test_what_is_given_is_left_as_it_was():
    frame = rows(count=[5, 6, 7], n=[20, 20, 28])
    before = frame.copy()
    read_points(frame, "p")
    assert frame.equals(before)


@pytest.mark.parametrize(
    "options, says",
    [
        ({"rules": "juran"}, "There is no rule set 'juran'"),
        ({"better": "up"}, "The direction of improvement is 'up'"),
        ({"target": "high"}, "The target is 'high'; a number"),
        ({"target": True}, "The target is True; a number"),
        (
            {"baseline": 30},
            "The baseline is 30 points, and the chart has 24; a whole number from 2 to 24 "
            "was expected. Give one of these, or None for all of its points.",
        ),
        ({"baseline": [30]}, "The baseline is 30 points, and the chart has 24;"),
        (
            {"phases": ["2025-11-17"], "baseline": 13},
            "The baseline of phase 1 (from 2025-08-25) is 13 points, and the phase has 12; a "
            "whole number from 2 to 12 was expected.",
        ),
        (
            {"phases": ["2025-11-17"], "baseline": [None, 13]},
            "The baseline of phase 2 (from 2025-11-17) is 13 points, and the phase has 12; a "
            "whole number from 2 to 12 was expected. Give one of these, or None for all of its "
            "points.",
        ),
        (
            {"phases": ["2025-11-17"], "baseline": [12, 1]},
            "The baseline of phase 2 (from 2025-11-17) is 1 points, and the phase has 12;",
        ),
        (
            {"phases": ["2025-11-17"], "baseline": np.array([2, 0])},
            "The baseline of phase 2 (from 2025-11-17) is 0 points, and the phase has 12;",
        ),
        (
            {"phases": ["2025-11-17"], "baseline": [12, "6"]},
            "The baseline of phase 2 (from 2025-11-17) is '6' points, and the phase has 12;",
        ),
        (
            {"phases": ["2025-11-17"], "baseline": [12]},
            "The baseline has 1 entry, and the chart has 2 phases (from 2025-08-25 and "
            "2025-11-17); one entry for each was expected. Give each phase a number, or None for "
            "all of its points.",
        ),
        (
            {"phases": ["2025-11-17"], "baseline": [12, None, 6]},
            "The baseline has 3 entries, and the chart has 2 phases (from",
        ),
        ({"baseline": [12, 12]}, "The baseline has 2 entries, and the chart has 1 phase (from"),
        (
            {"phases": ["2025-11-17"], "baseline": [None, 2], "exclude": ["2025-11-24"]},
            "The baseline of phase 2 keeps fewer than 2 points.",
        ),
        (
            {"phases": ["2025-11-17"], "baseline": [None, 6], "exclude": ["2026-01-26"]},
            "No point of the baseline is on 2026-01-26.",
        ),
        ({"baseline": 1}, "The baseline is 1 points"),
        (
            {"phases": ["2027-01-01"]},
            "A phase starts on 2027-01-01, outside the points (2025-08-25 to 2026-02-02)",
        ),
        ({"phases": ["2026-02-02"]}, "The phase from 2026-02-02 has 1 point; 2 are needed"),
        ({"phases": ["soon"]}, "A phase starts on 'soon'; a date"),
        (
            {"annotations": [("2026-03-01", "Spread")]},
            "The annotation 'Spread' is on 2026-03-01, after the last point, row 24 (2026-02-02).",
        ),
        ({"exclude": ["2025-09-23"]}, "No point of the baseline is on 2025-09-23."),
        (
            {"baseline": 2, "exclude": ["2025-08-25"]},
            "The baseline of phase 1 keeps fewer than 2 points.",
        ),
        ({"tails": "both"}, "tails is 'both'"),
    ],
)
def test_an_option_that_cannot_be_is_one_sentence(options, says):
    with pytest.raises(Refusal) as refused:
        run_chart(risen(), kind="p", **options)
    assert says in str(refused.value)
