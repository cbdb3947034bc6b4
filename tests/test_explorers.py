"""What explorers say where there is much to show, and where there is nothing."""

import json

import pytest

from helpers import GapExplorer, SchoolExplorer, practice_record
from see_the_system.messages import Refusal
from tests.browser import apart

LOOKS = [(kind, look) for kind in (GapExplorer, SchoolExplorer) for look in kind.looks]


@pytest.fixture(scope="module")
def practice():
    return practice_record()


@pytest.mark.parametrize(("kind", "look"), LOOKS, ids=lambda given: str(given))
def test_a_look_always_says_something(practice, kind, look):
    """A district too small to show its gap said nothing at all."""
    small = apart(lambda: kind(practice, look, district="99-10082"))
    # A school stands by its own name.
    name = "Little Comet" if look == "one school side by side" else "Little Comet Elementary"
    assert name in repr(small) and len(repr(small).split()) > 20
    large = apart(lambda: kind(practice, look))
    assert len(repr(large).split()) > 20 and "Little Comet" not in repr(large)


def test_one_school_is_chosen_among_those_of_the_district(practice):
    page = apart(lambda: _at(practice, "one school side by side"))
    form = json.loads(page.form)
    names = [choice["name"] for choice in form["choices"]]
    assert names[-1] == "school" and len(form["choices"][-1]["options"]) == 47
    page = apart(lambda: _at(practice, "one school side by side", school="6990308"))
    assert "Lighthouse Bend Middle" in repr(page) and "of 995 students" in repr(page)
    other = {"district": "99-10025", "school": "6990308"}
    page = apart(lambda: _at(practice, "one school side by side", **other))
    assert "Lighthouse" not in repr(page) and "Kindred Harbor Unified" in repr(page)
    page = apart(lambda: _at(practice, "bright spots"))
    assert "school" not in [choice["name"] for choice in json.loads(page.form)["choices"]]


def _at(practice, look, **chosen):
    page = SchoolExplorer(practice, look)
    if chosen:
        page._do({"op": "look", "chosen": chosen})
    return page


def test_another_look_is_refused_with_those_there_are(practice):
    with pytest.raises(Refusal, match='no look "by class"; choose the gap now or by grade'):
        GapExplorer(practice, "by class")


def test_a_class_a_year_later_shows_both_rulers_with_every_class_in_its_table(practice):
    page = apart(lambda: GapExplorer(practice, "a class a year later"))
    shown = page._section
    assert "percentage points" in shown.points[2] and "standard deviations" in shown.points[2]
    assert "<title" in shown.picture and "0.49 → 0.59" in shown.picture
    table = shown.table.set_index(["From", "To"])
    for start, end, points, sd in (
        ("grade 5 in 2024", "grade 6 in 2025", "15.0, then 20.4", "0.49, then 0.59"),
        ("grade 5 in 2023", "grade 6 in 2024", "19.9, then 20.3", None),
    ):
        found = table.loc[(start, end)]
        assert found["Gap, points"] == points and sd in (None, found["Gap, SD"])
    one_grade = apart(lambda: _looking_at_grade_6(practice))
    assert "choose several grades, such as 3 to 8" in repr(one_grade)


def _looking_at_grade_6(practice):
    page = GapExplorer(practice, "a class a year later")
    page._do({"op": "look", "chosen": {"grades": "6"}})
    return page
