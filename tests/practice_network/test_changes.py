"""The catalogue of change ideas: what it must hold, and what a team must not learn from it."""

import pytest

from practice_network import changes, network, planted
from see_the_system.messages import Refusal

IDEAS = {idea.id: idea for idea in changes.ideas()}
CAUSES = [cause.id for cause in planted.CAUSES]


def test_every_planted_cause_has_a_small_and_a_system_change():
    assert [(idea.acts_on, idea.size) for idea in changes.ideas() if idea.acts_on in CAUSES] == [
        (cause, size) for cause in CAUSES for size in ("small", "system")
    ]


def test_some_changes_are_wrong_and_look_no_different():
    wrong = [idea for idea in changes.ideas() if idea.acts_on not in CAUSES]
    assert [idea.acts_on for idea in wrong] == ["attendance", "attendance", None, None]
    assert all(
        idea.how == "" and idea.of_type("process") and "decoy" not in changes.describe_idea(idea)
        for idea in wrong
    )


@pytest.mark.parametrize("idea", changes.ideas(), ids=lambda idea: idea.id)
def test_each_is_measured_three_ways_with_a_numerator_and_a_denominator(idea):
    assert all(idea.of_type(wanted) for wanted in changes.MEASURE_TYPES)
    assert len({measure.id for measure in idea.measures}) == len(idea.measures) >= 3
    for measure in idea.measures:
        assert measure.numerator and measure.denominator and measure.better in ("higher", "lower")
    assert idea.harm is None or idea.harm.measure in [
        measure.id for measure in idea.of_type("balancing")
    ]


@pytest.mark.parametrize("idea", changes.ideas(), ids=lambda idea: idea.id)
def test_a_team_is_not_told_what_it_acts_on_nor_its_harm(idea):
    told = changes.describe_idea(idea) + repr(idea)
    names = [
        name
        for cause in planted.CAUSES
        for name in (cause.exposure, cause.name)
        if "_" in name or " " in name
    ]
    key = [*names, "acts_on", "odds"]
    assert "synthetic" in told and [word for word in key if word in told] == []
    assert idea.harm is None or idea.harm.words not in told
    for measure in idea.measures:
        assert measure.title in told and measure.numerator in told and measure.denominator in told


def test_a_district_has_the_changes_it_has_something_to_change_with():
    count = {district.code: len(changes.ideas(district.code)) for district in network.DISTRICTS}
    assert count == {
        "10017": 14,
        "10025": 14,
        "10033": 14,
        "10041": 14,
        "10058": 14,
        "10066": 14,
        "10074": 8,
        "10082": 8,
    }
    assert "bridge_meetings" not in [idea.id for idea in changes.ideas("Little Comet Elementary")]


def test_an_idea_is_found_by_id_and_title():
    idea = IDEAS["bridge_meetings"]
    assert (
        changes.idea_named("Shared records and meetings of grades 5 and 6")
        is changes.idea_named(" BRIDGE_meetings ")
        is idea
    )
    assert changes.idea_named(idea) is idea
    assert changes.meant_in_words(idea) == "students new to a middle school, grade 6"
    assert changes.meant_in_words(IDEAS["written_criteria"]).endswith(
        "on the benchmark, grades 7 and 8"
    )


def test_an_idea_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(
        Refusal, match=r"There is no change idea 'writen criteria'. Choose .*written_criteria"
    ):
        changes.idea_named("writen criteria")
    with pytest.raises(
        Refusal,
        match=r"There is no change idea 'zzz'. Choose one of placement_list, .*practice_packets",
    ):
        changes.idea_named("zzz")
    with pytest.raises(Refusal, match="not a district of the practice network"):
        changes.ideas("Fresno")
