"""The generator of the full-size benchmark file, run small."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from helpers.practice import layouts

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "statewide.py"
LEVELS = ["Exceeded", "Met", "Nearly Met", "Not Met"]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("statewide", SCRIPT)
    statewide = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(statewide)
    path = tmp_path_factory.mktemp("state") / "sb_ca2025_all_csv_v1.txt"
    written = statewide.write_statewide(path, scale=.01)
    frame = pd.read_csv(path, sep="^", dtype=str, keep_default_na=False, encoding="cp1252")
    assert len(frame) == written > 20_000 and path.read_bytes().endswith(b"\r\n")
    return frame


def test_the_columns_are_the_last_layout_s(rows):
    assert rows.columns.tolist() == layouts.header(2025)


def test_rows_are_in_the_order_of_the_codes_and_none_is_twice(rows):
    keys = rows["County Code"] + rows["District Code"] + rows["School Code"]
    assert keys.is_monotonic_increasing and not rows.duplicated(["County Code", "District Code", "School Code", "Test ID", "Grade",
                                                                 "Student Group ID"]).any()
    assert set(rows["Type ID"]) == {"4", "5", "6", "7", "9", "10"}


def test_shown_rows_are_true_to_themselves(rows):
    shown = rows[~rows["Overall Total"].isin(("*", ""))]
    counts = shown[[f"Count Standard {level}" for level in LEVELS]].astype(int)
    total = shown["Total Students Tested with Scores"].astype(int)
    assert (counts.sum(axis=1) == total).all() and (total >= 11).all()
    assert ((100 * counts["Count Standard Met"] / total - shown["Percentage Standard Met"].astype(float)).abs() < .00501).all()
    areas = shown[shown["Area 1 Total"] != "*"]
    parts = areas[[f"Area 1 Count {where} Standard" for where in ("Above", "Near", "Below")]].astype(int)
    assert (parts >= 0).all().all() and (parts.sum(axis=1) == areas["Area 1 Total"].astype(int)).all()
    assert (areas["Total Students Tested with Scores"].astype(int) >= 30).all()
    assert ((shown["Mean Scale Score"] == "") == (shown["Grade"] == "13")).all()


def test_hidden_rows_follow_the_state_s_rules(rows):
    empty, stars = rows[rows["Overall Total"] == ""], rows[rows["Overall Total"] == "*"]
    assert len(empty) and (empty["Total Students Tested"] == "0").all()
    assert len(stars) and (stars["Total Students Tested with Scores"].replace("*", "1").astype(int) < 11).all()


def test_districts_are_sums_without_direct_funded_charters(rows):
    part = rows[(rows["Student Group ID"] == "1") & (rows["Test ID"] == "2") & (rows["Grade"] == "13")]
    tested = part["Total Students Tested"].replace("*", None).astype(float)
    own = tested[part["Type ID"].isin(("7", "10"))].groupby(part["District Code"]).agg(lambda values: values.sum(skipna=False))
    district = tested[part["Type ID"] == "6"].set_axis(part.loc[part["Type ID"] == "6", "District Code"])
    both = pd.concat([own, district], axis=1, keys=["own", "district"]).dropna()
    assert len(both) >= 4 and (both.own == both.district).all()
