"""A practice year to play: the same choices give the same weeks."""

import pytest

from helpers import play_year
from see_the_system.messages import Refusal


def test_the_first_year_has_no_change_and_says_that_it_is_synthetic():
    player = play_year()
    assert player._idea.value == "" and player._year.idea is None
    assert "No signal" in repr(player) and "Synthetic" in repr(player)
    page = player._repr_mimebundle_()["text/html"]
    assert page.count("<svg") == 1 and "<desc" in page


def test_a_district_brings_its_own_schools_and_charter_schools_come_last():
    player = play_year()
    names = [name for name, _ in player._school.options]
    assert names[0] == "Lighthouse Bend Middle" and names[-1] == "The whole district"
    assert [("Charter" in name) for name in names[:9]] == [False] * 9
    player._district.value = "10082"
    assert "Lighthouse Bend Middle" not in [name for name, _ in player._school.options]


def test_the_same_choices_give_the_same_year_and_another_year_other_weeks():
    player = play_year()
    first = player._year.points("check")
    player._let_it_run()
    assert player._year.points("check").equals(first)
    player._next_year(None)
    assert not player._year.points("check").equals(first)


def test_a_change_begins_where_the_chart_says_and_shows_its_own_measures():
    player = play_year()
    player._idea.value = "support_beside_core"
    player._let_it_run()
    assert "the change starts" in " ".join(text for _, text in player._year.annotations)
    assert list(player._measure.options) == [
        "Week's check right",
        "Whole week of core mathematics",
        "Felt they belonged",
    ]
    player._measure.value = "Whole week of core mathematics"
    assert "Whole week of core mathematics" in repr(player)


def test_a_place_where_an_idea_reaches_nobody_is_one_sentence():
    player = play_year()
    player._school.value = next(code for name, code in player._school.options if "School" in name)
    player._idea.value = "one_page_record"
    player._let_it_run()
    assert player._page.value.startswith("<p>One page for each student new to grade 6 is meant for")


def test_a_lesson_offers_few_changes_so_that_the_list_plants_no_causes():
    assert len(play_year()._idea.options) > 10
    few = play_year("poster_weeks", "support_beside_core")
    assert {name for _, name in few._idea.options} == {"", "poster_weeks", "support_beside_core"}
    few._district.value = "10082"
    assert len(few._idea.options) <= 3
    with pytest.raises(Refusal, match="There is no change idea 'poster_week'"):
        play_year("poster_week")
