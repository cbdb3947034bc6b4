import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from see_the_system.data import caaspp, sources
from see_the_system.data.store import open_store
from see_the_system.messages import Refusal
from tests import raw_files as raw
from tests import real_data


def state(store):
    """Everything a reader of the store can see."""
    return (
        [part["name"] for part in store.catalogue],
        store.read() if store.catalogue else None,
        sorted((store.folder / "parts").rglob("*")),
    )


def assert_same(before, after):
    assert before[0] == after[0] and before[2] == after[2]
    pd.testing.assert_frame_equal(before[1], after[1])


def test_the_same_file_twice_changes_nothing(tmp_path, store):
    path = raw.write(tmp_path, "D", raw.district_rows("D"))
    assert store.add(path) == [
        f"{path.name}: 54 rows of 2024, county 19, student groups, Mathematics, added."
    ]
    before = state(store)
    [sentence] = store.add(raw.zipped(path))
    assert "already in the store" in sentence and sentence.endswith("nothing changed.")
    assert_same(before, state(store))


def test_it_is_told_how_far_a_file_has_been_read(tmp_path, store, monkeypatch):
    path = raw.write(tmp_path, "C", raw.district_rows())
    blocks = sources.Source.blocks
    monkeypatch.setattr(sources.Source, "blocks", lambda source, size=0: blocks(source, size=2_000))
    told = []
    store.add(raw.zipped(path), progress=lambda *how: told.append(how))
    names, shares = zip(*told, strict=True)
    assert set(names) == {f"{path.with_suffix('.zip').name} ({path.name})"}
    assert len(shares) > 2 and list(shares) == sorted(shares) and shares[-1] == 1.0


def test_names_that_come_later_are_taken(tmp_path, store):
    path = raw.write(tmp_path, "B", raw.district_rows("B"))
    store.add(path)
    assert store.districts()["name"].tolist() == ["District 19-64725", "District 19-64733"]
    names = [("19", "64733", "0000000", 6, "C", "Orchard", "")]
    store.add([path, raw.write_entities(tmp_path, 2018, names)])
    assert store.districts()["name"].tolist() == ["District 19-64725", "Orchard"]
    assert len(store.catalogue) == 1


def test_the_fingerprint_is_of_one_district_alone(tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows(), name="a_v1.txt"))
    before = {code: store.fingerprint(code) for code in ("19-64725", "19-64733")}
    changed = [
        *raw.district_rows(districts=["64725"]),
        *raw.district_rows(districts=["64733"], levels=(9, 9, 7, 5)),
    ]
    store.add(raw.write(tmp_path, "C", changed, name="a_v2.txt"))
    assert store.fingerprint("19-64725") == before["19-64725"]
    assert store.fingerprint("19-64733") != before["19-64733"]


@pytest.mark.parametrize("county", ["19", "00"])
def test_the_fingerprint_is_of_the_county_and_the_state_too(tmp_path, store, county):
    own = raw.district_rows("D", ("64733",))
    wider = {"county": county, "district": "00000", "type": 4 if county == "00" else 5}
    store.add(raw.write(tmp_path, "D", [*own, raw.cells("D", **wider)], name="a_v1.txt"))
    before = store.fingerprint("19-64733")
    changed = [*own, raw.cells("D", **wider, levels=(9, 9, 7, 5))]
    store.add(raw.write(tmp_path, "D", changed, name="a_v2.txt"))
    assert store.fingerprint("19-64733") != before


def test_overlapping_files_count_once_and_must_agree(tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows(), name="all.txt"))
    ones = [raw.cells("C", district=code, grade=8) for code in ("64725", "64733")]
    store.add(raw.write(tmp_path, "C", ones, name="ones.txt"))
    assert len(store.read()) == 54
    worse = [
        raw.cells("C", district="64725", grade=7, levels=(9, 9, 7, 5)),
        raw.cells("C", district="64733", grade=8),
    ]
    path = raw.write(
        tmp_path, "C", [*worse, raw.cells("C", county="20", district="11111")], name="worse.txt"
    )
    with pytest.raises(
        Refusal,
        match=r"worse\.txt and all\.txt disagree about year 2023, code 19-64725-0000000, "
        r"grade 7.*--replace",
    ):
        store.add(path)
    assert len(store.read()) == 54 and len(store.catalogue) == 2
    store.add(path, replace=True)
    assert [part["name"] for part in store.catalogue] == ["ones.txt", "worse.txt"]


@pytest.mark.parametrize("fault", ["letter", "cut", "doubled"])
def test_nothing_of_a_bad_file_enters(tmp_path, store, fault, monkeypatch):
    store.add(raw.write(tmp_path, "C", raw.district_rows(year=2022), name="good.txt"))
    before = state(store)
    monkeypatch.setattr(sources.Source.blocks, "__defaults__", (2000,))
    bad = {
        "letter": [*raw.district_rows(), raw.cells("C", grade=5, mean="x")],
        "cut": raw.district_rows(),
        "doubled": [*raw.district_rows(), raw.district_rows()[0]],
    }[fault]
    path = raw.write(tmp_path, "C", bad, name="bad.txt")
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:-60])
    with pytest.raises(Refusal, match=r"bad\.txt"):
        store.add(path)
    assert_same(before, state(store))


def test_a_killed_run_leaves_the_store_as_it_was(tmp_path, store):
    store.add(raw.write(tmp_path, "C", raw.district_rows(year=2022), name="good.txt"))
    before = state(store)
    many = [
        raw.cells("D", district=f"{d:05d}", grade=g, group=who)
        for d in range(100, 700)
        for g in (6, 7, 8)
        for who in (1, 74, 78, 80)
    ]
    path = raw.write(tmp_path, "D", many, name="large.txt")
    code = (
        "from see_the_system.data import sources, store\n"
        "sources.Source.blocks.__defaults__ = (20_000,)\n"
        f"store.Store({str(store.folder)!r}).add({str(path)!r})"
    )
    killed = 0
    for _ in range(4):
        run = subprocess.Popen([sys.executable, "-c", code])
        parts = store.folder / "parts"
        while run.poll() is None and not list(parts.glob("new-*/*.parquet")):
            time.sleep(0.002)
        time.sleep(0.05 * killed)
        run.send_signal(signal.SIGKILL)
        killed += run.wait() == -signal.SIGKILL
        if len(store.catalogue) > 1:
            break
        assert [part["name"] for part in store.catalogue] == before[0]
        pd.testing.assert_frame_equal(store.read(), before[1])
    assert killed
    store.add(path)
    assert len(store.read()) == len(before[1]) + len(many)
    assert not list((store.folder / "parts").glob("new-*"))


def test_questions_the_store_cannot_answer(tmp_path, store):
    with pytest.raises(Refusal, match=r"The store in .* is empty. Add the state's files"):
        store.district("19-64733")
    store.add(raw.write(tmp_path, "C", raw.district_rows()))
    with pytest.raises(Refusal, match=r"School year 2031 is not in the store. It has 2023."):
        store.district("19-64733", years=[2031])
    with pytest.raises(
        Refusal, match=r"District 19-64732 is not in the store. Did you mean .*19-64733"
    ):
        store.district("19-64732")
    with pytest.raises(Refusal, match="is not a district's code"):
        store.district("Orchard")


def test_files_named_are_read_once_and_again_when_they_change(tmp_path, monkeypatch):
    monkeypatch.setenv("SEE_THE_SYSTEM_HOME", str(tmp_path / "home"))
    path = raw.write(tmp_path, "C", raw.district_rows())
    store = open_store(path)
    made = (store.folder / "catalogue.json").stat().st_mtime_ns
    assert open_store(path).folder == store.folder
    assert (store.folder / "catalogue.json").stat().st_mtime_ns == made
    raw.write(tmp_path, "C", raw.district_rows(levels=(9, 9, 7, 5)))
    os.utime(path, ns=(made, made))
    again = open_store(path)
    assert again.folder != store.folder and again.read()["n_not_met"].unique().tolist() == [9]
    with pytest.raises(Refusal):
        open_store(
            raw.write(
                tmp_path, "C", [*raw.district_rows(), raw.cells("C", mean="x")], name="bad.txt"
            )
        )
    assert not list((tmp_path / "home" / "read").glob("making-*"))


@real_data.needed
def test_a_real_county_file_comes_back_whole(store):
    files = [
        real_data.FOLDER / "raw_rows" / "cast_ca2024_all_38_csv_v1.txt.gz",
        real_data.FOLDER / "entities" / "sb_ca2024entities_csv.txt.gz",
    ]
    assert store.add(files) == [
        "cast_ca2024_all_38_csv_v1.txt.gz: 15,473 rows of 2024, county 38, student groups, "
        "CAST, added. It has no mathematics test (CAST alone), so that no report of the gap in "
        "mathematics can be made from it."
    ]
    pd.testing.assert_frame_equal(store.read(), caaspp.read(files))
    assert store.districts()["name"].tolist() == [
        "San Francisco County Office of Education",
        "San Francisco Unified",
        "SBE - The New School of San Francisco",
    ]
