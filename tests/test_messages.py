import pytest

from see_the_system.messages import nearest

GROUPS = ["All students", "White", "Black or African American", "English learner", "English only"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Whte", ["White"]),
        ("  WHITE ", ["White"]),
        ("blak", ["Black or African American"]),
        ("african", ["Black or African American"]),
        ("english", ["English learner", "English only"]),
        ("english only", ["English only", "English learner"]),
        ("zzz", []),
        (2031, []),
    ],
)
def test_the_nearest_names_best_first(asked, found):
    assert nearest(asked, GROUPS) == found


def test_what_is_as_near_keeps_its_order_and_there_are_few():
    names = [f"Union {number}" for number in range(5)]
    assert nearest("Union", names) == names[:3]
    assert nearest("Union", names, most=1) == names[:1]


def test_a_short_word_is_no_likeness():
    assert nearest("or", ["Black if African"]) == []
