import pytest

from see_the_system.data import caaspp
from see_the_system.messages import Refusal
from tests import raw_files as raw
from tests import real_data

FAULTS = {
    "two years": ([raw.cells("C"), raw.cells("C", year=2022)], r"holds rows of 2022 and 2023"),
    "twice the same row": (
        [raw.cells("C"), raw.cells("C")],
        r"holds twice year 2023, code 19-64733-0000000, grade 8, All students, Mathematics",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_rows_that_cannot_stand_together_are_named(refused_with, fault):
    rows, expected = FAULTS[fault]
    refused_with(lambda path: raw.write(path.parent, "C", rows), expected)


def test_a_file_without_rows_is_named(refused_with):
    header = raw.text("C", [])
    refused_with(lambda path: path.write_text(header), r"has a header and no rows")


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


def test_rows_in_two_files_count_once(tmp_path):
    one = raw.write(tmp_path, "C", [raw.cells("C")], name="sb_ca2023_1_csv_v1.txt")
    all_ = raw.write(
        tmp_path, "C", [raw.cells("C"), raw.cells("C", group=74)], name="sb_ca2023_all_csv_v1.txt"
    )
    frame = caaspp.read([one, all_])
    assert frame["group_id"].tolist() == [1, 74] and frame["with_scores"].sum() == 60


def test_two_files_of_one_year_that_disagree(tmp_path):
    first = raw.write(tmp_path, "C", [raw.cells("C")], name="first.txt")
    second = raw.write(tmp_path, "C", [raw.cells("C", levels=(9, 9, 7, 5))], name="second.txt")
    with pytest.raises(
        Refusal,
        match=r"first\.txt and second\.txt disagree about year 2023, code 19-64733-0000000, "
        r"grade 8",
    ):
        caaspp.read([first, second])


def test_names_alone(tmp_path):
    with pytest.raises(Refusal, match="only names of schools and districts"):
        caaspp.read(
            raw.write_entities(tmp_path, 2018, [("19", "64733", "0000000", 6, "C", "D", "")])
        )


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
