import gzip
import shutil

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.data import caaspp, tidy_rows
from see_the_system.messages import Refusal
from tests import raw_files as raw
from tests import real_data

KEPT = [
    "year",
    "grade",
    "group_id",
    "test_id",
    "enrolled",
    "tested",
    "with_scores",
    "mean_scale_score",
    "n_not_met",
    "n_nearly_met",
    "n_met",
    "n_exceeded",
]


@pytest.mark.parametrize("letter", "ABCD")
def test_each_layout_gives_the_same_frame(tmp_path, letter):
    frame = caaspp.read(raw.write(tmp_path, letter))
    assert list(frame.columns) == tidy_rows.COLUMNS
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


@pytest.mark.parametrize("letter", "ABCD")
@pytest.mark.parametrize("packing", ["zip", "gz", "text", "folder"])
def test_each_packing_gives_the_same_frame(tmp_path, letter, packing):
    path = raw.write(tmp_path, letter)
    plain = caaspp.read(path)
    if packing == "zip":
        path = raw.zipped(path)
    elif packing == "gz":
        packed = tmp_path / (path.name + ".gz")
        packed.write_bytes(gzip.compress(path.read_bytes()))
        path = packed
    elif packing == "folder":
        path = tmp_path
    pd.testing.assert_frame_equal(caaspp.read(path), plain)


def test_columns_are_read_by_name_not_by_position(tmp_path):
    rows, header = [raw.cells("C")], raw.HEADERS["C"]
    turned = raw.write(
        tmp_path, "C", [r[::-1] for r in rows], header=header[::-1], name="turned.txt"
    )
    pd.testing.assert_frame_equal(caaspp.read(turned), caaspp.read(raw.write(tmp_path, "C", rows)))


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


def test_2021_is_not_for_trends(tmp_path):
    frame = caaspp.read(
        [raw.write(tmp_path, "C", [raw.cells("C", year=y)], name=f"{y}.txt") for y in (2021, 2022)]
    )
    assert dict(zip(frame["year"], frame["for_trend"])) == {2021: False, 2022: True}


def test_entities_name_the_schools_and_charters_stand_apart(tmp_path):
    rows = [raw.cells("B"), raw.cells("B", school="0112607"), raw.cells("B", school="0123968")]
    names = [
        ("19", "64733", "0000000", 6, "Los Cielos", "Peña Blanca", ""),
        ("19", "64733", "0112607", 7, "Los Cielos", "Peña Blanca", "Niño Elementary"),
        ("19", "64733", "0123968", 9, "Los Cielos", "Charter's Own Name", "Charter's Own Name"),
    ]
    data, entities = raw.write(tmp_path, "B", rows), raw.write_entities(tmp_path, 2018, names)
    frame = caaspp.read(raw.zipped(data, entities)).set_index("school_code")
    assert frame["type_id"].tolist() == [6, 7, 9]
    assert frame["district_name"].tolist() == ["Peña Blanca"] * 3
    assert frame.loc["0112607", "school_name"] == "Niño Elementary"
    assert frame["county_name"].unique().tolist() == ["Los Cielos"]
    without = caaspp.read(data)
    assert (
        without["type_id"].tolist()[0] == 6
        and without["type_id"].isna().sum() == 2
        and without["level"].tolist() == ["district", "school", "school"]
    )


def test_names_in_the_data_are_cp1252_or_utf8(tmp_path):
    path = raw.write(tmp_path, "D", [raw.cells("D", district_name="Peña – Ñuñoa")])
    as_it_comes = caaspp.read(path)
    path.write_bytes(path.read_bytes().decode("cp1252").encode("utf-8"))
    assert (
        as_it_comes["district_name"].tolist()
        == caaspp.read(path)["district_name"].tolist()
        == ["Peña – Ñuñoa"]
    )


def test_filters_act_together(tmp_path):
    rows = [
        raw.cells("C", district=d, grade=g, group=s, test=t)
        for d in ("64733", "64725")
        for g in (7, 8)
        for s in (1, 74)
        for t in (1, 2)
    ]
    path = raw.write(tmp_path, "C", rows)
    frame = caaspp.read(
        path,
        tests="Mathematics",
        grades=[8],
        groups=["Black or African American"],
        districts=["19-64725"],
    )
    assert frame[["district_code", "grade", "group_id", "test_id"]].values.tolist() == [
        ["64725", 8, 74, 2]
    ]
    assert len(caaspp.read(path)) == 16 and len(caaspp.read(path, groups=74, tests=2)) == 4
    with pytest.raises(Refusal, match="District 19-64734 is not in"):
        caaspp.read(path, districts=["19-64734"])
    with pytest.raises(Refusal, match="Did you mean 'Hispanic or Latino'"):
        caaspp.read(path, groups="Hispanic/Latino")
    with pytest.raises(Refusal, match="Grade 2 has no test"):
        caaspp.read(path, grades=[2])


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    block=st.integers(200, 4000),
    codes=st.lists(st.integers(1, 99999), min_size=1, max_size=30, unique=True),
    letter=st.sampled_from("ABCD"),
    data=st.data(),
)
def test_a_district_read_alone_is_the_district_in_the_whole(
    tmp_path, block, codes, letter, data, monkeypatch
):
    monkeypatch.setattr(caaspp.sources.Source.blocks, "__defaults__", (block,))
    rows = [
        raw.cells(letter, district=f"{code:05d}", grade=grade) for code in codes for grade in (6, 7)
    ]
    path = raw.write(tmp_path, letter, data.draw(st.permutations(rows)))
    whole = caaspp.read(path)
    assert len(whole) == 2 * len(codes)
    one = f"19-{data.draw(st.sampled_from(codes)):05d}"
    expected = whole[whole["district_code"] == one[3:]].reset_index(drop=True)
    pd.testing.assert_frame_equal(caaspp.read(path, districts=[one]), expected)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    levels=st.tuples(*[st.integers(0, 1200)] * 4).filter(lambda c: sum(c) > 10),
    letter=st.sampled_from("BC"),
)
def test_counts_come_back_exactly_from_two_decimals(tmp_path, levels, letter):
    row = caaspp.read(raw.write(tmp_path, letter, [raw.cells(letter, levels=levels)])).iloc[0]
    assert (row.n_not_met, row.n_nearly_met, row.n_met, row.n_exceeded) == levels


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(levels=st.tuples(*[st.integers(0, 300)] * 4).filter(lambda c: sum(c) > 10))
def test_counts_from_whole_percentages_keep_the_total_and_the_standard(tmp_path, levels):
    row = caaspp.read(raw.write(tmp_path, "A", [raw.cells("A", levels=levels)])).iloc[0]
    found, n = (row.n_not_met, row.n_nearly_met, row.n_met, row.n_exceeded), sum(levels)
    assert sum(found) == n and min(found) >= 0
    assert abs((found[2] + found[3]) - (levels[2] + levels[3])) <= 0.005 * n + 0.5


def test_rows_in_two_files_count_once(tmp_path):
    one = raw.write(tmp_path, "C", [raw.cells("C")], name="sb_ca2023_1_csv_v1.txt")
    all_ = raw.write(
        tmp_path, "C", [raw.cells("C"), raw.cells("C", group=74)], name="sb_ca2023_all_csv_v1.txt"
    )
    frame = caaspp.read([one, all_])
    assert frame["group_id"].tolist() == [1, 74] and frame["with_scores"].sum() == 60


def _spreadsheet(path):
    path.write_bytes(b"PK\x03\x04 xl/workbook.xml")


FAULTS = {
    "not a research file": (
        lambda p: p.write_text("name,a,b,c,d,e\nx,1,2,3,4,5\n"),
        r"line 1: this is not a Smarter Balanced research file",
    ),
    "a page of text": (
        lambda p: p.write_text("hello\n"),
        r"line 1: no header of a Smarter Balanced research file",
    ),
    "a web page": (lambda p: p.write_text("<html><body>404</body></html>"), r"is a web page"),
    "tabs": (
        lambda p: p.write_bytes(p.read_bytes().replace(b"^", b"\t")),
        r"line 1: the columns are separated by tabs",
    ),
    "semicolons": (
        lambda p: p.write_bytes(p.read_bytes().replace(b"^", b";")),
        r"line 1: the columns are separated by semicolons",
    ),
    "fixed width": (
        lambda p: p.write_text("00000000000000    2024  1\n"),
        r"line 1: this is the fixed-width version",
    ),
    "missing column": (
        lambda p: p.write_bytes(p.read_bytes().replace(b"Mean Scale Score", b"Mean")),
        r"line 1: the column 'Mean Scale Score' is missing",
    ),
    "doubled column": (
        lambda p: p.write_bytes(p.read_bytes().replace(b"^Filler^", b"^Grade^")),
        r"line 1: the column 'Grade' stands there twice",
    ),
    "a letter in a number": (
        lambda p: p.write_bytes(p.read_bytes().replace(b"2540.5", b"254O.5")),
        r"line 2, column 'Mean Scale Score': '254O.5' stands there and a number",
    ),
    "unknown group": (
        lambda p: raw.write(p.parent, "C", [raw.cells("C"), raw.cells("C", group=999)]),
        r"line 3, column 'Student Group ID': '999' stands there and one of the state's "
        r"student group codes",
    ),
    "unknown test": (
        lambda p: raw.write(p.parent, "C", [raw.cells("C", test=7)]),
        r"line 2, column 'Test ID': '7' stands there and one of the state's test codes",
    ),
    "unknown grade": (
        lambda p: raw.write(p.parent, "C", [raw.cells("C", grade=2)]),
        r"line 2, column 'Grade': '2'",
    ),
    "a short line": (
        lambda p: p.write_bytes(p.read_bytes() + b"19^64733^0000000\r\n"),
        r"line 3: 3 columns stand there and 33 were expected",
    ),
    "a bad code": (
        lambda p: raw.write(p.parent, "C", [raw.cells("C", school="ABC")]),
        r"line 2, column 'School Code': 'ABC'",
    ),
    "two years": (
        lambda p: raw.write(p.parent, "C", [raw.cells("C"), raw.cells("C", year=2022)]),
        r"year|years|2022 and 2023",
    ),
    "empty": (lambda p: p.write_bytes(b""), r"is empty"),
    "header alone": (
        lambda p: p.write_bytes(p.read_bytes().split(b"\n")[0] + b"\n"),
        r"has a header and no rows",
    ),
    "a spreadsheet": (_spreadsheet, r"is an Excel workbook or another zip renamed as text"),
    "an old spreadsheet": (
        lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0abc"),
        r"is an Excel workbook",
    ),
    "utf-16": (
        lambda p: p.write_bytes(p.read_bytes().decode("cp1252").encode("utf-16")),
        r"is a binary or UTF-16 file",
    ),
    "twice the same row": (
        lambda p: raw.write(p.parent, "C", [raw.cells("C"), raw.cells("C")]),
        r"holds twice year 2023, code 19-64733-0000000, grade 8, All students, Mathematics",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_file_is_one_sentence_that_names_it(tmp_path, fault):
    path = raw.write(tmp_path, "C")
    spoil, expected = FAULTS[fault]
    spoil(path)
    with pytest.raises(Refusal, match=expected) as caught:
        caaspp.read(path)
    assert (
        path.name in str(caught.value)
        and "\n" not in str(caught.value)
        and len(str(caught.value)) < 400
    )


def test_a_zip_or_gz_that_is_cut_off(tmp_path):
    path = raw.write(tmp_path, "C", [raw.cells("C", grade=g) for g in (3, 4, 5, 6, 7, 8)])
    zipped = raw.zipped(path)
    zipped.write_bytes(zipped.read_bytes()[:-40])
    with pytest.raises(Refusal, match=r"zip is cut off or is not a zip file"):
        caaspp.read(zipped)
    packed = tmp_path / "cut.txt.gz"
    packed.write_bytes(gzip.compress(path.read_bytes())[:-30])
    with pytest.raises(Refusal, match=r"cut.txt.gz is cut off or damaged"):
        caaspp.read(packed)


def test_two_files_of_one_year_that_disagree(tmp_path):
    first = raw.write(tmp_path, "C", [raw.cells("C")], name="first.txt")
    second = raw.write(tmp_path, "C", [raw.cells("C", levels=(9, 9, 7, 5))], name="second.txt")
    with pytest.raises(
        Refusal,
        match=r"first.txt and second.txt disagree about year 2023, code 19-64733-0000000, grade 8",
    ):
        caaspp.read([first, second])


def test_names_alone_and_nothing_at_all(tmp_path):
    with pytest.raises(Refusal, match="only names of schools and districts"):
        caaspp.read(
            raw.write_entities(tmp_path, 2018, [("19", "64733", "0000000", 6, "C", "D", "")])
        )
    with pytest.raises(Refusal, match="is not there"):
        caaspp.read(tmp_path / "no.zip")
    shutil.rmtree(tmp_path)
    tmp_path.mkdir()
    with pytest.raises(Refusal, match="No .zip, .txt, .csv or .gz file"):
        caaspp.read(tmp_path)


@real_data.needed
class TestRealFiles:
    def read(self, data, year):
        folder = real_data.FOLDER
        return caaspp.read(
            [folder / "raw_rows" / data, folder / "entities" / f"sb_ca{year}entities_csv.txt.gz"]
        )

    def test_2018(self):
        frame = self.read("sb_ca2018_1_csv_v3.txt", 2018)
        state = frame[(frame["level"] == "state") & (frame["test_id"] == 2)].set_index("grade")
        assert state.loc[
            8, ["tested", "with_scores", "mean_scale_score", "pct_met_and_above"]
        ].tolist() == [459147, 458673, 2540.5, 36.88]
        assert state.loc[13, "missing_mean"] == "not in this layout"
        assert frame.loc[
            frame["school_code"] == "0123968", ["type_id", "district_name"]
        ].drop_duplicates().values.tolist() == [[9, "Alameda County Office Of Education"]]
        assert (frame["missing_scores"] == "suppressed").sum() == 2

    def test_2023(self):
        frame = self.read("sb_ca2023_1_csv_v1.txt", 2023)
        row = frame[(frame["school_code"] == "0130401") & (frame["grade"] == 7)].iloc[0]
        assert row[["tested", "missing_scores", "missing_enrolled"]].tolist() == [
            0,
            "nobody tested",
            "suppressed",
        ]
        row = frame[(frame["school_code"] == "0112607") & (frame["grade"] == 8)].iloc[0]
        assert row[["tested", "missing_scores", "type_id"]].tolist() == [9, "suppressed", 9]

    def test_layout_of_2024_on_the_whole_science_file_of_county_38(self):
        frame = self.read("cast_ca2024_all_38_csv_v1.txt.gz", 2024)
        assert len(frame) == 15473
        county = frame[
            (frame["level"] == "county") & (frame["group_id"] == 1) & (frame["grade"] == 13)
        ].iloc[0]
        assert county[["tested", "with_scores"]].tolist() == [10954, 10917]
        shown = frame[frame["missing_scores"] == ""]
        assert (
            shown[["n_not_met", "n_nearly_met", "n_met", "n_exceeded"]].sum(axis=1)
            == shown["with_scores"]
        ).all()
        assert shown["with_scores"].min() == 11
        assert set(frame["missing_areas"]) == {"not in this layout"}
