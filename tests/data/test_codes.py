from see_the_system.data import codes


def test_groups_by_economic_status_are_named_from_their_ethnicity():
    assert codes.GROUPS[204] == "Hispanic or Latino, disadvantaged"
    assert codes.GROUPS[227] == "Two or more races, not disadvantaged"
    assert len(codes.GROUPS) == 58 and len(set(codes.GROUPS.values())) == 58
