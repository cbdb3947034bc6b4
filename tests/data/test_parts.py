import pandas as pd
import pytest

from see_the_system.data import caaspp
from see_the_system.data.caaspp import KEY
from tests import raw_files as raw


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
