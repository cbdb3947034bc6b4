import pandas as pd
import pytest

from see_the_system.data import codes
from see_the_system.messages import Refusal


def test_groups_by_economic_status_are_named_from_their_ethnicity():
    assert codes.GROUPS[204] == "Hispanic or Latino, disadvantaged"
    assert codes.GROUPS[227] == "Two or more races, not disadvantaged"
    assert len(codes.GROUPS) == 58 and len(set(codes.GROUPS.values())) == 58


def test_a_name_that_several_have_is_asked_about_with_what_is_known_of_each():
    known = pd.DataFrame(
        [("10-76778", "Orchard", ""), ("57-72694", "Orchard", "Yolo")],
        columns=["district", "name", "county_name"],
    )
    with pytest.raises(Refusal, match=r"you mean: 10-76778, 57-72694 \(Yolo\)\."):
        codes.district_named(known, "Orchard")
