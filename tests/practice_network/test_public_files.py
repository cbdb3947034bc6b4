"""The practice network's other public files: the same every time, and true to its records."""

import pytest

from practice_network import dashboard_file, network
from practice_network import public_files as files
from practice_network.district_students import students
from see_the_system.data.store import open_store
from see_the_system.paths import SAMPLE


@pytest.fixture(scope="module")
def store():
    return open_store([SAMPLE])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("acgr24", lambda: files.graduation_text(2024)),
        ("cgr12mo23", lambda: files.college_text(2023)),
        ("mathdownload2022", lambda: dashboard_file.text(2022)),
    ],
)
def test_the_stored_files_are_those_of_the_seed(tmp_path, name, text):
    path = files.write_packed(tmp_path, f"{name}.txt", text())
    assert path.read_bytes() == (SAMPLE / path.name).read_bytes()


def test_absences_of_grades_7_and_8_are_those_of_the_districts_records(store):
    """Of a whole district, whose file counts every school of its code."""
    own = students("10033", 2024)
    own = own[own["grade"].isin([7, 8])]
    away = (own["days_enrolled"] * (1 - own["attendance"])).round()
    found = store.indicators("99-10033", indicators=["chronic_absence"], years=[2024])
    row = found[(found["level"] == "district") & (found["group"] == "Grades 7 to 8")].iloc[0]
    assert (row["n"], row["count"]) == (len(own), (away >= 0.1 * own["days_enrolled"]).sum())


def test_schools_add_up_to_their_district(store):
    found = store.indicators("99-10017", indicators=["graduation"], years=[2024])
    everyone = found[found["group_id"] == 1]
    schools = everyone[everyone["level"] == "school"]
    district = everyone[everyone["level"] == "district"].iloc[0]
    assert len(schools) == 5 and schools["count"].sum() == district["count"]
    assert schools["n"].sum() == district["n"] == 2874


def test_the_dashboard_leaves_direct_funded_charters_out_of_their_district(store):
    found = store.indicators("99-10017", indicators=["dashboard_math"], years=[2024])
    everyone = found[(found["group_id"] == 1) & found["n"].notna()]
    schools = everyone[everyone["level"] == "school"]
    direct = schools["school_code"].isin(network.codes_where(type_id=9))
    district = everyone[everyone["level"] == "district"].iloc[0]
    own = schools[~direct]
    assert direct.sum() == 2 and own["n"].sum() == district["n"]
    mean = (own["n"] * own["value"]).sum() / own["n"].sum()
    assert mean == pytest.approx(district["value"], abs=0.06)


def test_colors_follow_from_status_and_change(store):
    """A school of 30 or more students: 2.5 more than the year before is maintained."""
    found = store.indicators("99-10017", indicators=["dashboard_math"], years=[2019])
    row = found[(found["level"] == "district") & (found["group_id"] == 1)].iloc[0]
    assert (row["value"], row["prior_value"], row["change"]) == (-38.9, -41.4, 2.5)
    assert (row["status_level"], row["change_level"], row["color"]) == (2, 3, 2)
    few = found[found["n"] < 30]
    assert len(few) > 10 and few["color"].isna().all()
