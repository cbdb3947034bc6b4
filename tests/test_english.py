import pytest

from see_the_system.messages import are, counted, listed


@pytest.mark.parametrize(
    ("things", "joining", "words"),
    [
        ([], "and", ""),
        (["placement"], "and", "placement"),
        ([6, 7], "and", "6 and 7"),
        ((thing for thing in "abc"), "or", "a, b or c"),
    ],
)
def test_things_are_listed(things, joining, words):
    assert listed(things, joining) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "0 schools"), (1, "1 school"), (2, "2 schools"), (1200, "1,200 schools")],
)
def test_things_are_counted(number, words):
    assert counted(number, "school") == words


def test_a_plural_may_be_its_own():
    assert counted(2, "process", "processes") == "2 processes"
    assert counted(1, "process", "processes") == "1 process"


def test_one_is_and_others_are():
    assert [are(number) for number in (0, 1, 2)] == ["are", "is", "are"]
