"""The tidy frame: its columns, and how one block of a research file becomes rows of it.

One row per year, entity, grade, student group and test. What stands behind the columns is in
``docs/data.md``.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from see_the_system.data import codes, layouts, parse
from see_the_system.data.entities import with_names

KEY = ["year", "county_code", "district_code", "school_code", "test_id", "grade", "group_id"]
COLUMNS = [
    "year",
    "county_code",
    "district_code",
    "school_code",
    "type_id",
    "level",
    "county_name",
    "district_name",
    "school_name",
    "test_id",
    "grade",
    "group_id",
    "group",
    "enrolled",
    "tested",
    "with_scores",
    "mean_scale_score",
    *parse.SCORES,
    *parse.COUNTS,
    *layouts.AREAS,
    "missing_enrolled",
    "missing_tested",
    "missing_scores",
    "missing_mean",
    "missing_areas",
    "counts_from",
    "for_trend",
]
_NOT_FOR_TRENDS = (2021,)  # 23.7 % of students were tested statewide
_WHOLE_PERCENTAGES_UNTIL = 2016
_COUNTS_FROM = ("published", "percentages", "whole percentages")
_TYPE_OF_LEVEL = {"state": codes.STATE, "county": codes.COUNTY, "district": codes.DISTRICT}
_TYPES = {
    pa.int8(): pd.Int8Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.string(): pd.StringDtype(na_value=np.nan),
}


def empty():
    """A tidy frame without rows."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})


def as_frame(table):
    """An Arrow table as a frame of the tidy frame's types (pandas.DataFrame)."""
    frame = table.to_pandas(types_mapper=_TYPES.get)
    return frame.astype({"grade": "int8", "test_id": "int8"})


def tidy(table, names=None):
    """One block's table as rows of the tidy frame (pandas.DataFrame)."""
    frame = with_names(as_frame(table), names)
    place = np.select(
        [
            frame["school_code"] != "0000000",
            frame["district_code"] != "00000",
            frame["county_code"] != "00",
        ],
        ["school", "district", "county"],
        "state",
    )
    frame["level"] = pd.Series(place, index=frame.index, dtype="str")
    by_level = frame["level"].map(_TYPE_OF_LEVEL).astype("Int8")
    frame["type_id"] = frame["type_id"].fillna(by_level)
    frame["group"] = frame["group_id"].map(codes.GROUPS).astype("str")
    frame["for_trend"] = ~frame["year"].isin(_NOT_FOR_TRENDS)
    return _with_counts(frame)[COLUMNS]


def _with_counts(frame):
    source = "published"
    if "n_met" not in frame:
        whole = frame["year"].iloc[0] <= _WHOLE_PERCENTAGES_UNTIL
        source = "whole percentages" if whole else "percentages"
        frame = frame.assign(**_recovered(frame))
    frame["counts_from"] = pd.Categorical([source] * len(frame), categories=_COUNTS_FROM)
    return frame


def _recovered(frame):
    """The four counts from percentages (dict of arrays).

    Met and above first, which is published on its own, then within each half.
    """

    def floats(name):
        return frame[name].to_numpy("float64", na_value=np.nan)

    n = floats("with_scores")
    meeting = np.clip(np.rint(floats("pct_met_and_above") * n / 100), 0, n)
    exceeded = _part(meeting, floats("pct_exceeded"), floats("pct_met"))
    nearly = _part(n - meeting, floats("pct_nearly_met"), floats("pct_not_met"))
    found = {
        "n_exceeded": exceeded,
        "n_met": meeting - exceeded,
        "n_nearly_met": nearly,
        "n_not_met": n - meeting - nearly,
    }
    return {name: pd.array(value, dtype="Float64").astype("Int32") for name, value in found.items()}


def _part(whole, share, other):
    """The students of ``whole`` who are in the first of two shares; nobody where both are zero."""
    both = share + other
    with np.errstate(invalid="ignore"):
        part = np.rint(whole * share / np.where(both > 0, both, 1))
    return np.where(both > 0, part, np.where(np.isnan(whole), np.nan, 0))
