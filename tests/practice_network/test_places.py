"""Where a change is tried."""

from practice_network import places
from tests.practice_network.simulated import HOME, MIDDLE


def test_a_place_is_a_class_a_grade_schools_or_the_district(year):
    section = places.roster(HOME).query("school == @MIDDLE and grade == 7").section.iloc[0]
    for where, scale, words in (
        (section, "class", f"class {section} of Quiet Orchard Middle"),
        (f"{MIDDLE}-7", "grade", "grade 7 of Quiet Orchard Middle"),
        ("Quiet Orchard Middle", "school", "Quiet Orchard Middle"),
        ([MIDDLE, "6993047"], "school", "Beekeeper School and Quiet Orchard Middle"),
        (["6993013", "6993021", "6993039"], "school", "3 schools"),
    ):
        one = year(None, where=where)
        assert (one.scale, one.place) == (scale, words)
    assert year(None, where=section).points("check").n.max() <= 30
    assert year("poster_weeks").scale == "class" and year(None).scale == "district"
    assert year("swap_period", where=MIDDLE, scale="grade").place.endswith("Quiet Orchard Middle")
