import pandas as pd
import pytest

from see_the_system.data import caaspp
from tests import raw_files as raw

GOOD = raw.text("C", [raw.cells("C")])
FAULTS = {
    "not a research file": (
        "name,a,b,c,d,e\nx,1,2,3,4,5\n",
        r"line 1: this is not a Smarter Balanced research file",
    ),
    "a page of text": ("hello\n", r"line 1: no header of a Smarter Balanced research file"),
    "fixed width": (
        "00000000000000    2024  1\n",
        r"line 1: this is the fixed-width version",
    ),
    "missing column": (
        GOOD.replace("Mean Scale Score", "Mean"),
        r"line 1: the column 'Mean Scale Score' is missing",
    ),
    "doubled column": (
        GOOD.replace("^Filler^", "^Grade^"),
        r"line 1: the column 'Grade' stands there twice",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_header_that_is_not_the_states_is_named(refused_with, fault):
    text, expected = FAULTS[fault]
    refused_with(lambda path: path.write_text(text), expected)


def test_columns_are_read_by_name_not_by_position(tmp_path):
    row = raw.cells("C")
    header = raw.HEADERS["C"][::-1]
    turned = raw.write(tmp_path, "C", [row[::-1]], header=header, name="turned.txt")
    as_it_comes = raw.write(tmp_path, "C", [row])
    pd.testing.assert_frame_equal(caaspp.read(turned), caaspp.read(as_it_comes))


def test_entities_name_the_schools_and_charters_stand_apart(tmp_path):
    rows = [raw.cells("B"), raw.cells("B", school="0112607"), raw.cells("B", school="0123968")]
    names = [
        ("19", "64733", "0000000", 6, "Los Cielos", "Peña Blanca", ""),
        ("19", "64733", "0112607", 7, "Los Cielos", "Peña Blanca", "Niño Elementary"),
        ("19", "64733", "0123968", 9, "Los Cielos", "Charter's Own Name", "Charter's Own Name"),
    ]
    data = raw.write(tmp_path, "B", rows)
    entities = raw.write_entities(tmp_path, 2018, names)
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
