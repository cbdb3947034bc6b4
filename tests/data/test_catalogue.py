import json

import pytest

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
        "Mathematics, added in the place of sb_ca2023_all_19_csv_v1.txt (version 1)."
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
