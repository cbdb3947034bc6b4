"""What explorers say where there is much to show, and where there is nothing."""

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
    assert "Little Comet Elementary" in repr(small) and len(repr(small).split()) > 20
    large = apart(lambda: kind(practice, look))
    assert len(repr(large).split()) > 20 and "Little Comet" not in repr(large)


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
    page._look_at({"chosen": {"grades": "6"}})
    return page
