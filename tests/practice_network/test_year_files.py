"""The committed sample files: the bytes that are made afresh, and consistent when read back."""

import os
import subprocess
import sys
import zipfile
import zlib

import pytest

from practice_network import network
from practice_network import state_layouts as layouts
from practice_network import year_files as files
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
    names = sorted(path.name for path in SAMPLE.glob("*.zip"))
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
