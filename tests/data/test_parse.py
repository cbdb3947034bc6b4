import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.data import caaspp, sources
from tests import raw_files as raw


def wrote(*rows):
    return lambda path: raw.write(path.parent, "C", list(rows))


def short_line(path):
    path.write_bytes(path.read_bytes() + b"19^64733^0000000\r\n")


FAULTS = {
    "a letter in a number": (
        wrote(raw.cells("C", mean="254O.5")),
        r"line 2, column 'Mean Scale Score': '254O.5' stands there and a number",
    ),
    "unknown group": (
        wrote(raw.cells("C"), raw.cells("C", group=999)),
        r"line 3, column 'Student Group ID': '999' stands there and one of the state's "
        r"student group codes",
    ),
    "unknown test": (
        wrote(raw.cells("C", test=7)),
        r"line 2, column 'Test ID': '7' stands there and one of the state's test codes",
    ),
    "unknown grade": (wrote(raw.cells("C", grade=2)), r"line 2, column 'Grade': '2'"),
    "a short line": (short_line, r"line 3: 3 columns stand there and 33 were expected"),
    "a bad code": (wrote(raw.cells("C", school="ABC")), r"line 2, column 'School Code': 'ABC'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_value_is_named_with_its_line_and_column(refused_with, fault):
    refused_with(*FAULTS[fault])


def test_why_a_value_is_missing(tmp_path):
    rows = [
        raw.cells("C", grade=6, levels="*", tested=7, n=7),
        raw.cells("C", grade=7, levels="", tested=0, n=0, enrolled="*"),
        raw.cells("C", grade=8, areas="*"),
        raw.cells("C", grade=13, mean=""),
        raw.cells("C", grade=5, levels="*", tested="*"),
    ]
    frame = caaspp.read(raw.write(tmp_path, "C", rows)).set_index("grade")
    why = frame[
        ["missing_enrolled", "missing_tested", "missing_scores", "missing_mean", "missing_areas"]
    ].astype(str)
    assert why.loc[6].tolist() == ["", "", "suppressed", "suppressed", "suppressed"]
    assert why.loc[7].tolist() == [
        "suppressed",
        "",
        "nobody tested",
        "nobody tested",
        "nobody tested",
    ]
    assert why.loc[8].tolist() == ["", "", "", "", "suppressed"]
    assert why.loc[13].tolist() == ["", "", "", "not in this layout", ""]
    assert why.loc[5, "missing_tested"] == "suppressed" and frame["tested"].isna()[5]
    assert frame.loc[6, "tested"] == 7 and frame.loc[[6, 7], "pct_met"].isna().all()


def test_enrolment_of_groups_in_2015_is_not_theirs(tmp_path):
    rows = [raw.cells("A", year=2015, group=g) for g in (1, 74)]
    frame = caaspp.read(raw.write(tmp_path, "A", rows)).set_index("group_id")
    assert frame.loc[1, "enrolled"] == 30 and pd.isna(frame.loc[74, "enrolled"])
    assert frame.loc[74, "missing_enrolled"] == "not in this layout"


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    block=st.integers(400, 4000),
    codes=st.lists(st.integers(1, 99999), min_size=1, max_size=12, unique=True),
    letter=st.sampled_from("ABCD"),
    data=st.data(),
)
def test_a_district_read_alone_is_the_district_in_the_whole(
    tmp_path, block, codes, letter, data, monkeypatch
):
    monkeypatch.setattr(sources.Source.blocks, "__defaults__", (block,))
    rows = [
        raw.cells(letter, district=f"{code:05d}", grade=grade) for code in codes for grade in (6, 7)
    ]
    path = raw.write(tmp_path, letter, data.draw(st.permutations(rows)))
    whole = caaspp.read(path)
    assert len(whole) == 2 * len(codes)
    code = f"{data.draw(st.sampled_from(codes)):05d}"
    expected = whole[whole["district_code"] == code].reset_index(drop=True)
    pd.testing.assert_frame_equal(caaspp.read(path, districts=[f"19-{code}"]), expected)
