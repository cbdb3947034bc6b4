import copy
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from see_the_system.data import caaspp, parts
from see_the_system.data.caaspp import KEY
from see_the_system.data.parts import DISTRICT_COLUMNS, DISTRICT_GROUPS
from see_the_system.messages import Refusal
from tests import raw_files as raw


def test_the_same_file_beside_others_changes_nothing(tmp_path, store):
    def packed(letter):
        year = raw.YEARS[letter]
        return raw.zipped(
            raw.write(tmp_path, letter, raw.district_rows(letter)),
            raw.write_entities(tmp_path, year, [("19", "64733", "0000000", 6, "C", "Orchard", "")]),
        )

    old = packed("B")
    new = packed("C")
    store.add([old, new])
    again = [*store.add(old), *store.add(new), *store.add([new, old])]
    assert [sentence for sentence in again if not sentence.endswith("nothing changed.")] == []


def test_a_reposted_version_takes_the_old_ones_place_and_says_so(tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows(), name="sb_ca2023_all_19_csv_v1.txt"))
    before = store.fingerprint("19-64733")
    changed = raw.district_rows(levels=(9, 9, 7, 5))
    sentences = store.add(raw.write(tmp_path, "C", changed, name="sb_ca2023_all_19_csv_v2.txt"))
    assert sentences == [
        "sb_ca2023_all_19_csv_v2.txt: 54 rows of 2023, county 19, student groups, "
        "Mathematics, added in the place of sb_ca2023_all_19_csv_v1.txt (version 1). It has codes "
        "in place of names: add the entities file of 2023 with it, sb_ca2023entities_csv, to see "
        "names."
    ]
    assert store.read()["n_not_met"].unique().tolist() == [9] and len(store.read()) == 54
    assert store.fingerprint("19-64733") != before
    assert len(list((store.folder / "parts").iterdir())) == 1
    with pytest.raises(Refusal, match="is version 1; the store already has version 2"):
        store.add(tmp_path / "sb_ca2023_all_19_csv_v1.txt")
    store.add(tmp_path / "sb_ca2023_all_19_csv_v1.txt", replace=True)
    assert store.fingerprint("19-64733") == before


def test_a_catalogue_that_cannot_be_read(tmp_path, store):
    store.add(raw.write(tmp_path, "C"))
    (store.folder / "catalogue.json").write_text("{")
    with pytest.raises(Refusal, match=r"catalogue\.json is damaged"):
        store.read()
    (store.folder / "catalogue.json").write_text(json.dumps({"version": 1, "parts": []}))
    with pytest.raises(Refusal, match="written by an older version"):
        store.read()
    (store.folder / "catalogue.json").write_text(json.dumps({"version": 99, "parts": []}))
    with pytest.raises(Refusal, match="written by a newer version"):
        store.read()


@pytest.mark.parametrize("letter", "ABCD")
def test_a_district_comes_back_as_it_was_read(tmp_path, store, letter):
    path = raw.write(tmp_path, letter, raw.district_rows(letter))
    names = raw.write_entities(
        tmp_path,
        raw.YEARS[letter],
        [
            ("19", "64733", "0000000", 6, "Los Cielos", "Orchard", ""),
            ("19", "64733", "0123968", 9, "Los Cielos", "Own", "Own"),
        ],
    )
    store.add([path, names])
    read = caaspp.read([path, names], districts=["19-64733"], tests="Mathematics")
    pd.testing.assert_frame_equal(store.district("19-64733"), read)
    assert set(store.districts()["district"]) == {"19-64725", "19-64733"}
    assert store.districts().set_index("district").loc["19-64733"].tolist() == [
        "Orchard",
        "Los Cielos",
    ]


def test_filters_and_columns(tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows()))
    frame = store.read(
        districts=["19-64733"],
        grades=[8],
        groups=["White"],
        tests=["Mathematics"],
        columns=["with_scores"],
    )
    assert frame["school_code"].tolist() == ["0000000", "0112607", "0123968"]
    assert list(frame.columns) == [*KEY, "level", "with_scores"]
    assert set(store.read(level="district")["school_code"]) == {"0000000"}


def of_districts(store, **more):
    asked = {"level": "district", "tests": "Mathematics", "columns": DISTRICT_COLUMNS}
    return store.read(**asked, groups=DISTRICT_GROUPS, **more)


def test_district_rows_stand_once_more_in_a_small_file(tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows()))
    whole = of_districts(store)
    [small] = store.folder.glob("parts/*/districts.parquet")
    expected = store.read(tests="Mathematics", groups=DISTRICT_GROUPS, level="district")
    pd.testing.assert_frame_equal(whole, expected[whole.columns])
    one = of_districts(store, districts=["19-64733"], grades=[8])
    assert set(one["district_code"]) == {"64733"} and set(one["grade"]) == {8}
    county = small.with_name("19.parquet")
    county.rename(tmp_path / "19.parquet")  # so that it is read and nothing else
    pd.testing.assert_frame_equal(of_districts(store), whole)
    (tmp_path / "19.parquet").rename(county)
    # What else is asked for comes from the county's file.
    assert "with_scores" in store.read(level="district", groups=["Male"], columns=["with_scores"])


@pytest.mark.parametrize("spoil", ["absent", "empty", "cut", "a byte"])
def test_without_the_small_file_the_same_rows_are_read(spoil, tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows()))
    whole = of_districts(store)
    [small] = store.folder.glob("parts/*/districts.parquet")
    content = bytearray(small.read_bytes())
    if spoil == "absent":
        small.unlink()
    elif spoil == "empty":
        small.write_bytes(b"")
    elif spoil == "cut":
        small.write_bytes(content[: len(content) // 2])
    else:
        content[80] ^= 255
        small.write_bytes(content)
    pd.testing.assert_frame_equal(of_districts(store), whole)


def test_rows_added_afterwards_are_read_too(tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows(districts=("64725",))))
    before = of_districts(store)
    store.add(raw.write(tmp_path, "C", raw.district_rows(districts=("64733",)), name="more.txt"))
    both = of_districts(store)
    assert set(both["district_code"]) == {"64725", "64733"}
    pd.testing.assert_frame_equal(
        both[both["district_code"] == "64725"].reset_index(drop=True), before
    )


def test_only_the_row_groups_with_what_is_often_asked_for_are_read(tmp_path, store, monkeypatch):
    monkeypatch.setattr(parts, "ROW_GROUP", 4)
    seldom = [
        raw.cells("C", district="64733", school=school, type=7, grade=grade, group=group)
        for school in ("0112607", "0112608")
        for grade in (7, 8)
        for group in (50, 51)
    ]
    store.add(raw.write(tmp_path, "C", [*raw.district_rows(), *seldom]))
    whole = store.district("19-64733")
    [place] = store.folder.glob("parts/*/index.json")
    index = json.loads(place.read_text())
    entry = index["districts"]["19-64733"]
    assert set(entry["often"]) < set(entry["groups"])
    older = copy.deepcopy(index)  # of an older version
    del older["districts"]["19-64733"]["often"]
    for asked in ([80], [1, 80], [50], [1, 51]):
        expected = whole[whole["group_id"].isin(asked)].reset_index(drop=True)
        for content in (index, older):
            place.write_text(json.dumps(content))
            parts.read_index.cache_clear()
            pd.testing.assert_frame_equal(store.district("19-64733", groups=asked), expected)


def test_what_is_often_read_of_a_large_district_begins_a_row_group(tmp_path, store, monkeypatch):
    monkeypatch.setattr(parts, "ROW_GROUP", 16)
    districts = {"64725": range(3), "64733": range(12), "64741": range(3)}
    rows = [
        raw.cells("C", district=district, school=f"01126{number:02}", type=7, grade=8, group=group)
        for district, schools in districts.items()
        for number in schools
        for group in (80, 50)
    ]
    store.add(raw.write(tmp_path, "C", rows))
    [part] = store.folder.glob("parts/*")
    with pq.ParquetFile(part / "19.parquet") as file:
        sizes = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    # The small one and nothing of the large; what is often read of it, and no seldom row; the rest;
    # and the last, which was held back for more rows of it.
    assert sizes == [6, 12, 12, 6]
    index = parts.read_index(part)["districts"]
    assert [index[f"19-{code}"]["often"] for code in districts] == [[0], [1], [3]]
    for code, schools in districts.items():
        assert len(store.district(f"19-{code}", groups=[80])) == len(schools)
        assert len(store.district(f"19-{code}")) == 2 * len(schools)


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_district_that_is_cut_in_two_is_put_together_again(cut):
    codes = ["1", "2", "2", "2", "3", "4", "4", "4", "4"]
    whole = pa.table({"county_code": ["19"] * 9, "district_code": codes, "n": list(range(9))})
    found = list(parts._whole_districts([whole[:cut], whole[cut:]]))
    assert pa.concat_tables(found).equals(whole)
    seen = [code for table in found for code in set(table["district_code"].to_pylist())]
    assert sorted(seen) == ["1", "2", "3", "4"]


def test_a_district_that_is_too_large_to_hold_back_comes_in_parts(monkeypatch):
    monkeypatch.setattr(parts, "_HELD_BACK", 2)
    table = pa.table({"county_code": ["19"] * 6, "district_code": ["1"] * 6})
    found = parts._whole_districts([table[:2], table[2:4], table[4:]])
    assert [len(each) for each in found] == [4, 2]
