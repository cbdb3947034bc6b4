"""The generator of the full-size benchmark file, run small."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from practice_network import state_layouts as layouts

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "statewide.py"
LEVELS = ["Exceeded", "Met", "Nearly Met", "Not Met"]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("statewide", SCRIPT)
    statewide = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(statewide)
    path = tmp_path_factory.mktemp("state") / "sb_ca2025_all_csv_v1.txt"
    written = statewide.write_statewide(path, scale=0.01)
    frame = pd.read_csv(path, sep="^", dtype=str, keep_default_na=False, encoding="cp1252")
    assert len(frame) == written > 20_000 and path.read_bytes().endswith(b"\r\n")
    return frame


def test_the_columns_are_the_last_layout_s(rows):
    assert rows.columns.tolist() == layouts.header(2025)


def test_rows_are_in_the_order_of_the_codes_and_none_is_twice(rows):
    keys = rows["County Code"] + rows["District Code"] + rows["School Code"]
    assert (
        keys.is_monotonic_increasing
        and not rows.duplicated(
            ["County Code", "District Code", "School Code", "Test ID", "Grade", "Student Group ID"]
        ).any()
    )
    assert set(rows["Type ID"]) == {"4", "5", "6", "7", "9", "10"}


def test_shown_rows_are_true_to_themselves(rows):
    shown = rows[~rows["Overall Total"].isin(("*", ""))]
    counts = shown[[f"Count Standard {level}" for level in LEVELS]].astype(int)
    total = shown["Total Students Tested with Scores"].astype(int)
    assert (counts.sum(axis=1) == total).all() and (total >= 11).all()
    assert (
        (
            100 * counts["Count Standard Met"] / total
            - shown["Percentage Standard Met"].astype(float)
        ).abs()
        < 0.00501
    ).all()
    areas = shown[shown["Area 1 Total"] != "*"]
    parts = areas[
        [f"Area 1 Count {where} Standard" for where in ("Above", "Near", "Below")]
    ].astype(int)
    assert (parts >= 0).all().all() and (
        parts.sum(axis=1) == areas["Area 1 Total"].astype(int)
    ).all()
    assert (areas["Total Students Tested with Scores"].astype(int) >= 30).all()
    assert ((shown["Mean Scale Score"] == "") == (shown["Grade"] == "13")).all()


def test_hidden_rows_follow_the_state_s_rules(rows):
    empty, stars = rows[rows["Overall Total"] == ""], rows[rows["Overall Total"] == "*"]
    assert len(empty) and (empty["Total Students Tested"] == "0").all()
    assert (
        len(stars)
        and (stars["Total Students Tested with Scores"].replace("*", "1").astype(int) < 11).all()
    )


def test_districts_are_sums_without_direct_funded_charters(rows):
    part = rows[
        (rows["Student Group ID"] == "1") & (rows["Test ID"] == "2") & (rows["Grade"] == "13")
    ]
    tested = part["Total Students Tested"].replace("*", None).astype(float)
    own = (
        tested[part["Type ID"].isin(("7", "10"))]
        .groupby(part["District Code"])
        .agg(lambda values: values.sum(skipna=False))
    )
    district = tested[part["Type ID"] == "6"].set_axis(
        part.loc[part["Type ID"] == "6", "District Code"]
    )
    both = pd.concat([own, district], axis=1, keys=["own", "district"]).dropna()
    assert len(both) >= 4 and (both.own == both.district).all()


@pytest.mark.parametrize(
    "parts",
    [
        ("31", "111"),
        ("99", "128"),
        ("160", "7", "8", "180", "190"),
        ("52", "53"),
        ("90", "91", "92", "93", "94", "121"),
    ],
)
def test_the_groups_of_an_entity_add_up_to_its_students(rows, parts):
    numbers = rows.assign(n=pd.to_numeric(rows["Total Students Enrolled"], errors="coerce"))
    table = numbers.pivot_table(
        index=["County Code", "District Code", "School Code", "Test ID", "Grade"],
        columns="Student Group ID",
        values="n",
        aggfunc="first",
    )
    large = table.dropna(subset=["1", *parts])
    assert len(large) > 5 and (large[list(parts)].sum(axis=1) == large["1"]).all()


def test_gaps_differ_by_district_as_the_model_makes_them(rows):
    part = rows[(rows["Type ID"] == "6") & (rows["Test ID"] == "2") & (rows["Grade"] == "13")]
    met = part.assign(met=pd.to_numeric(part["Percentage Standard Met and Above"], errors="coerce"))
    gap = (
        met[met["Student Group ID"] == "111"].set_index("District Code").met
        - met[met["Student Group ID"] == "31"].set_index("District Code").met
    )
    assert gap.dropna().between(2, 45).all() and gap.std() > 1
