"""The committed sample files: the bytes that are made afresh, and consistent when read back."""

import os
import subprocess
import sys
import zipfile
import zlib

import pandas as pd
import pytest

from practice_network import network
from practice_network import state_layouts as layouts
from practice_network import year_files as files
from practice_network.year_files import MEASURES, tally
from see_the_system.messages import Refusal
from tests.practice_network.conftest import SAMPLE

WHO = ("County Code", "District Code", "School Code")


def assert_is_the_committed(fresh):
    """A file just written is the one of its name that is committed, byte for byte."""
    committed = SAMPLE / fresh.name
    with zipfile.ZipFile(fresh) as ours, zipfile.ZipFile(committed) as theirs:
        assert ours.namelist() == theirs.namelist()
        assert all(ours.read(name) == theirs.read(name) for name in ours.namelist())
    if "ng" not in zlib.ZLIB_RUNTIME_VERSION:  # zlib-ng packs the same content into other bytes
        assert fresh.read_bytes() == committed.read_bytes()


@pytest.mark.parametrize("year", network.YEARS)
def test_the_committed_file_is_what_the_generator_writes(tmp_path, year):
    fresh = files.write_year(tmp_path, year)
    assert fresh.name == files.zip_name(year)
    assert_is_the_committed(fresh)


def test_another_process_with_another_locale_writes_the_same_bytes(tmp_path):
    code = (
        "import sys; from practice_network.year_files import write_all; "
        "write_all(sys.argv[1], years=(2024,))"
    )
    other = os.environ | {"LC_ALL": "C", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    subprocess.run([sys.executable, "-c", code, tmp_path], check=True, env=other)
    (written,) = tmp_path.iterdir()
    assert_is_the_committed(written)


def test_the_command_says_what_it_needs():
    done = subprocess.run(
        [sys.executable, "-m", "practice_network"], capture_output=True, text=True
    )
    assert done.returncode == 2 and done.stderr.startswith("Name one folder")


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(Refusal, match="cannot be written to"):
        files.write_all(tmp_path / "taken", years=())


def test_the_sample_is_small_and_has_the_state_s_names():
    names = sorted(path.name for path in SAMPLE.glob("sb_ca*.zip"))
    assert (
        names == sorted(files.zip_name(year) for year in network.YEARS)
        and "sb_ca2019_all_99_csv_v4.zip" in names
    )
    assert sum(path.stat().st_size for path in SAMPLE.glob("*.zip")) < 5_000_000


def test_the_text_is_cp1252_with_the_state_s_line_ends():
    with zipfile.ZipFile(SAMPLE / files.zip_name(2024)) as archive:
        assert archive.namelist() == ["sb_ca2024_all_99_csv_v1.txt", "sb_ca2024entities_csv.txt"]
        data = archive.read(archive.namelist()[0])
    assert (
        b"Sue\xf1o Creek" in data
        and data.count(b"\r\n") == data.count(b"\n")
        and data.endswith(b"\r\n")
    )


@pytest.mark.parametrize("year", network.YEARS)
def test_every_year_has_all_levels_of_entity_and_no_row_twice(sample, year):
    rows, entities = sample(year)
    head = rows[0].keys()
    group = "Subgroup ID" if "Subgroup ID" in head else "Student Group ID"
    keys = [(*(row[name] for name in WHO), row[group], row["Grade"]) for row in rows]
    assert len(set(keys)) == len(keys) > 12_000
    listed = {
        tuple(row[name] for name in WHO): row.get("Type Id", row.get("Type ID")) for row in entities
    }
    assert {key[:3] for key in keys} == set(listed) and set(listed.values()) == {
        "5",
        "6",
        "7",
        "9",
        "10",
    }
    order = [(key[:3], int(key[4]), int(key[3])) for key in keys]
    assert order == sorted(order)


@pytest.mark.parametrize("year", (2018, 2023, 2024))
def test_what_is_hidden_is_what_the_rules_hide(sample, truth, year):
    tested = "Total Students Tested" if year == 2024 else "Students Tested"
    rows = sample(year)[0]
    assert len(rows) == len(truth(year))
    for row, behind in zip(rows, truth(year).itertuples(), strict=True):
        mark = row["Percentage Standard Met"]
        assert (mark not in ("*", "")) == (behind.scored >= 11)
        if layouts.era(year) != "B":
            assert (mark == "") == (behind.tested == 0)
            assert row[tested] == ("*" if 1 <= behind.tested <= 3 else str(behind.tested))


@pytest.mark.parametrize("year", (2024, 2025))
def test_published_counts_add_up_to_the_district(sample, year):
    rows = [row for row in sample(year)[0] if row["Student Group ID"] in ("1", "31", "78")]
    sums, hidden, levels = {}, set(), ("Exceeded", "Met", "Nearly Met", "Not Met")
    for row in rows:
        key = row["District Code"], row["Student Group ID"], row["Grade"]
        if row["Type ID"] in ("7", "10"):
            if row["Count Standard Met"] == "*":
                hidden.add(key)
            counts = [
                int(row[f"Count Standard {level}"]) if row["Count Standard Met"].isdigit() else 0
                for level in levels
            ]
            sums[key] = [a + b for a, b in zip(sums.get(key, [0] * 4), counts, strict=True)]
    checked = 0
    for row in (row for row in rows if row["Type ID"] == "6"):
        key = row["District Code"], row["Student Group ID"], row["Grade"]
        if key not in hidden and row["Overall Total"].isdigit():
            assert [int(row[f"Count Standard {level}"]) for level in levels] == sums[key]
            checked += 1
    assert checked > 60


def test_a_whole_district_reported_nothing_in_2022(sample):
    rows = [row for row in sample(2022)[0] if row["District Code"] == "10066"]
    assert len(rows) > 100 and {row["Students Tested"] for row in rows} == {"0"}
    assert {row["Mean Scale Score"] for row in rows} == {""}


def test_suppression_bites_in_the_tiny_district(sample):
    school = [
        row for row in sample(2024)[0] if row["School Code"] == "6997014" and row["Grade"] != "13"
    ]
    hidden = [row for row in school if row["Mean Scale Score"] in ("*", "")]
    assert len(hidden) > 0.8 * len(school)


def test_every_2015_row_of_a_grade_shows_the_same_enrolment(sample):
    seen = {}
    for row in sample(2015)[0]:
        if row["CAASPP Reported Enrollment"] != "*":
            seen.setdefault((*(row[name] for name in WHO), row["Grade"]), set()).add(
                row["CAASPP Reported Enrollment"]
            )
    assert len(seen) > 300 and all(len(values) == 1 for values in seen.values())
    assert all(
        row["Percentage Standard Met"].isdigit() or row["Percentage Standard Met"] == "*"
        for row in sample(2015)[0]
    )


KEYS = ["grade", "group_id"]


def test_a_small_class_counted_by_hand():
    base = {
        "district": "10082",
        "code": "6997014",
        "grade": 3,
        "ethnicity": 78,
        "disadvantaged": True,
        "language": "EL",
        "disability": False,
        "gender": 3,
        "tested": True,
        "scored": True,
        "score": 2400,
        "level": 1,
        "area1": 0,
        "area2": 1,
        "area3": 2,
    }
    others = {
        "ethnicity": 80,
        "disadvantaged": False,
        "language": "EO",
        "gender": 4,
        "score": 2500,
        "level": 2,
    }
    students = pd.DataFrame(
        [base, {**base, **others}, {**base, "grade": 4, "tested": False, "scored": False}]
    )
    rows = (
        tally(students, network.entities(2024), 2024)
        .query("district_code == '10082' and school_code == '6997014'")
        .set_index(KEYS)
    )
    assert rows.loc[
        (3, 1), ["enrolled", "tested", "scored", "score_sum", "nearly_met", "met"]
    ].tolist() == [2, 2, 2, 4900, 1, 1]
    assert rows.loc[(13, 78), ["enrolled", "tested", "scored"]].tolist() == [2, 1, 1]
    assert (3, 204) in rows.index and (3, 226) in rows.index and (3, 224) not in rows.index
    assert rows.loc[(3, 31), "area3_above"] == 1 and rows.loc[(4, 1), "tested"] == 0


@pytest.mark.parametrize("year", (2018, 2024))
def test_a_district_is_the_sum_of_its_own_schools_without_direct_funded_charters(truth, year):
    rows = truth(year)
    summed = (
        rows[rows.type_id.isin((7, 10))].groupby(["district_code", *KEYS])[list(MEASURES)].sum()
    )
    published = (
        rows[rows.type_id == 6].set_index(["district_code", *KEYS])[list(MEASURES)].sort_index()
    )
    pd.testing.assert_frame_equal(published, summed, check_dtype=False)


def test_the_county_is_the_sum_of_districts_and_direct_funded_charters(truth):
    rows = truth(2024)
    summed = rows[rows.type_id.isin((6, 9))].groupby(KEYS)[list(MEASURES)].sum()
    published = rows[rows.type_id == 5].set_index(KEYS)[list(MEASURES)].sort_index()
    pd.testing.assert_frame_equal(published, summed, check_dtype=False)


def test_grade_13_is_the_sum_of_the_grades(truth):
    rows = truth(2024)
    who = ["district_code", "school_code", "group_id"]
    summed = rows[rows.grade != 13].groupby(who)[list(MEASURES)].sum()
    pd.testing.assert_frame_equal(
        rows[rows.grade == 13].set_index(who)[list(MEASURES)].sort_index(),
        summed,
        check_dtype=False,
    )


@pytest.mark.parametrize("groups", [(31, 111), (99, 128), (160, 7, 8, 180, 190)], ids=str)
def test_groups_that_split_everyone_add_up(truth, groups):
    by_group = truth(2024).query("type_id == 5").set_index(KEYS).scored.unstack()
    assert (by_group[list(groups)].sum(axis=1) == by_group[1]).all()


def test_genders_split_everyone_until_2019_and_no_longer(truth):
    early, late = (
        truth(year).query("type_id == 5").set_index(KEYS).enrolled.unstack()
        for year in (2018, 2024)
    )
    assert (early[3] + early[4] == early[1]).all()
    assert 0 < late.loc[13, 1] - late.loc[13, 3] - late.loc[13, 4] < 150


def test_ethnicities_split_by_disadvantage_and_leave_out_the_unreported(truth):
    county = truth(2024).query("type_id == 5").set_index(KEYS).scored.unstack()
    for position, ethnicity in enumerate((74, 75, 76, 77, 78, 79, 80, 144)):
        assert (
            county[200 + position].add(county[220 + position], fill_value=0) == county[ethnicity]
        ).all()
    unreported = county[1] - county[[74, 75, 76, 77, 78, 79, 80, 144]].sum(axis=1)
    assert (unreported >= 0).all() and 0 < unreported[13] < 0.03 * county.loc[13, 1]


def test_every_school_has_a_row_for_every_grade_it_serves(truth):
    rows = truth(2021)
    everyone = rows[rows.group_id == 1]
    assert (everyone.tested == 0).sum() > 100
    for school in network.schools().query("first <= 2021 <= last").itertuples():
        mine = everyone[
            (everyone.district_code == school.district) & (everyone.school_code == school.code)
        ]
        assert tuple(mine.grade) == (*network.KINDS[school.kind], 13)


def test_groups_appear_when_the_state_began_to_publish_them(truth):
    assert (
        {170, 190} <= set(truth(2018).group_id)
        and 252 not in set(truth(2018).group_id)
        and 252 in set(truth(2024).group_id)
    )
