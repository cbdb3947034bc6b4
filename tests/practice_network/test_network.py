import gzip

import pytest

from practice_network import network


def test_eight_districts_and_ninety_schools():
    schools = network.schools()
    assert len(network.DISTRICTS) == 8 and len(schools) == 90
    assert schools.type_id.value_counts().to_dict() == {7: 84, 10: 3, 9: 3}
    assert (
        schools.code.is_unique
        and (schools.code.str.len() == 7).all()
        and schools.code.str.startswith("0").sum() == 7
    )
    assert set(schools.district) == {district.code for district in network.DISTRICTS}


@pytest.mark.parametrize("district", network.DISTRICTS, ids=lambda district: district.name)
def test_a_district_s_ethnicities_add_up_to_everyone(district):
    assert len(district.ethnicities) == 9 and sum(district.ethnicities) == pytest.approx(1)


def test_schools_open_close_and_change_their_name():
    names = {
        year: network.entities(year).set_index("school_code").school_name.to_dict()
        for year in (2017, 2018, 2022)
    }
    assert names[2017]["6990274"] == "Old Mill Pond Elementary" and "6990274" not in names[2018]
    assert "0199018" not in names[2017] and names[2018]["0199018"] == "New Mill Pond Elementary"
    assert (
        names[2018]["6990142"] == "Harvest Road Elementary"
        and names[2022]["6990142"] == "Harvest Table Elementary"
    )


def test_entities_stand_in_the_state_s_order_and_direct_charters_have_their_own_district_name():
    entities = network.entities(2024)
    keys = (entities.district_code + entities.school_code).tolist()
    assert keys == sorted(keys) and keys[0] == "000000000000"
    charter = entities.set_index("school_code").loc["0199042"]
    assert (charter.district_code, charter.district_name, charter.type_id) == (
        "10017",
        "Ladder to the Moon Charter",
        9,
    )
    assert "Sueño Creek Elementary" in entities.district_name.tolist()


@pytest.mark.parametrize("year", (2018, 2023, 2024))
def test_no_real_district_or_school_has_a_name_or_code_of_ours(real, year):
    with gzip.open(
        real / "entities" / f"sb_ca{year}entities_csv.txt.gz", "rt", encoding="cp1252"
    ) as lines:
        real_cells = {
            cell.strip('"\r\n ').casefold()
            for line in lines
            for cell in line.replace('","', "^").split("^")
        }
    ours = network.entities(year)
    names = {name.casefold() for name in (*ours.district_name, *ours.school_name) if name}
    assert not names & real_cells
    assert not set(ours.school_code[ours.type_id > 6]) & real_cells
