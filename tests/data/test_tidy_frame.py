import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.data import caaspp
from tests import raw_files as raw

COUNTS = ["n_not_met", "n_nearly_met", "n_met", "n_exceeded"]
KEPT = [
    "year",
    "grade",
    "group_id",
    "test_id",
    "enrolled",
    "tested",
    "with_scores",
    "mean_scale_score",
    *COUNTS,
]
# One file for many counts: what is proved is of the rows, what costs is the file.
many_files = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def tables(most):
    """Lists of counts in the four levels, of more than ten students."""
    levels = st.tuples(*[st.integers(0, most)] * 4).filter(lambda counts: sum(counts) > 10)
    return st.lists(levels, min_size=1, max_size=30)


def read_back(folder, letter, table):
    rows = [
        raw.cells(letter, school=f"{place:07d}", levels=levels)
        for place, levels in enumerate(table, 1)
    ]
    return caaspp.read(raw.write(folder, letter, rows))


@pytest.mark.parametrize("letter", "ABCD")
def test_each_layout_gives_the_same_frame(tmp_path, letter):
    frame = caaspp.read(raw.write(tmp_path, letter))
    assert list(frame.columns) == caaspp.COLUMNS
    row = frame.iloc[0]
    assert row[KEPT].tolist() == [raw.YEARS[letter], 8, 1, 2, 30, 30, 30, 2540.5, 10, 8, 7, 5]
    assert (row.county_code, row.district_code, row.school_code, row.level) == (
        "19",
        "64733",
        "0000000",
        "district",
    )
    assert (row.type_id, row.group, row.missing_scores, row.missing_areas) == (
        6,
        "All students",
        "",
        "",
    )
    assert row.counts_from == {"A": "whole percentages", "D": "published"}.get(
        letter, "percentages"
    )
    assert row.area1_near == 33.33 and "area4_near" not in frame


def test_2021_is_not_for_trends(tmp_path):
    frame = caaspp.read(
        [raw.write(tmp_path, "C", [raw.cells("C", year=y)], name=f"{y}.txt") for y in (2021, 2022)]
    )
    assert frame.set_index("year")["for_trend"].to_dict() == {2021: False, 2022: True}


@many_files
@given(table=tables(1200), letter=st.sampled_from("BC"))
def test_counts_come_back_exactly_from_two_decimals(tmp_path, table, letter):
    frame = read_back(tmp_path, letter, table)
    assert list(frame[COUNTS].itertuples(index=False, name=None)) == table


@many_files
@given(table=tables(300))
def test_counts_from_whole_percentages_keep_the_total_and_the_standard(tmp_path, table):
    found = read_back(tmp_path, "A", table)[COUNTS].to_numpy(int)
    true = np.array(table)
    n = true.sum(axis=1)
    assert (found.sum(axis=1) == n).all() and found.min() >= 0
    meeting = np.abs(found[:, 2:].sum(axis=1) - true[:, 2:].sum(axis=1))
    assert (meeting <= 0.005 * n + 0.5).all()
