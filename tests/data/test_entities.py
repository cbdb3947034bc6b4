from see_the_system.data import caaspp
from tests import raw_files as raw


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
