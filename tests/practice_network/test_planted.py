"""The answer key: which causes act where, and what it knows of districts."""

import pytest

from practice_network import district_students, network, planted
from see_the_system.messages import Refusal

ACTING = {
    "10017": ["placement", "pullout", "late_results", "transition", "assignment"],
    "10025": ["placement", "transition", "assignment"],
    "10033": ["placement", "pullout", "late_results", "transition", "assignment"],
    "10041": ["placement", "pullout", "late_results", "transition"],
    "10058": ["pullout"],
    "10066": ["placement", "late_results", "transition", "assignment"],
    "10074": ["pullout", "late_results"],
    "10082": [],
}


def test_what_acts_in_each_district():
    assert {
        code: [cause.id for cause in planted.acting(code)] for code in planted.POLICIES
    } == ACTING
    assert list(planted.POLICIES) == [district.code for district in network.DISTRICTS]


def test_every_cause_works_through_an_exposure_and_names_three_kinds_of_evidence():
    columns = district_students.students("10082").columns
    for cause in planted.BY_ID.values():
        assert cause.exposure in columns and len(cause.told_by) == 3
    assert all(cause.effect for cause in planted.CAUSES) and [
        cause.effect for cause in planted.DECOYS
    ] == [0]


@pytest.mark.parametrize(
    "asked",
    [
        "99-10058",
        "10058",
        "Sueño Creek Elementary",
        " sueño creek elementary ",
        "sueño",
        "Sueño Creek",
    ],
)
def test_a_district_is_found_by_code_or_name(asked):
    assert planted.code_of(asked) == "10058"


def test_a_district_outside_the_network_is_refused_with_the_nearest_names():
    with pytest.raises(
        Refusal,
        match=r"'Lantern Field' is not a district of the practice network\. Choose Lanternfield "
        "Unified",
    ):
        planted.code_of("Lantern Field")


@pytest.mark.parametrize("asked", ["", "Little C", "Unified"])
def test_part_of_a_word_or_nothing_is_no_district(asked):
    with pytest.raises(Refusal, match="is not a district of the practice network"):
        planted.code_of(asked)
