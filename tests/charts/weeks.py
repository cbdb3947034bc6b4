"""Weeks of a measure, as run charts take them."""

import pandas as pd


def points(values, start="2025-08-25", **columns):
    return pd.DataFrame(
        {"at": pd.date_range(start, periods=len(values), freq="7D"), "value": values, **columns}
    )


def risen(before=12, after=12):
    """Percent right of 25 students each week: the level rises after the twelfth week."""
    low = [9, 11, 10, 8, 12, 10, 9, 11, 10, 12, 8, 10]
    high = [15, 17, 16, 15, 18, 16, 17, 15, 16, 18, 15, 17]
    counts = low[:before] + high[:after]
    at = pd.date_range("2025-08-25", periods=len(counts), freq="7D")
    return pd.DataFrame({"at": at, "count": counts, "n": 25})
