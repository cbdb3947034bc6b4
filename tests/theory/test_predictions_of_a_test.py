import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.theory.model import how_far_outside, lies_inside, range_of


@pytest.mark.parametrize(
    "number, low, high",
    [
        (12.0, 11.5, 12.5),
        (12.5, 12.45, 12.55),
        (120.0, 119.5, 120.5),
        (120, 119.5, 120.5),
        (0.25, 0.245, 0.255),
        (-3.0, -3.5, -2.5),
        (0.0, -0.5, 0.5),
        (1e-7, 0.5e-7, 1.5e-7),
        (1e22, 1e22, 1e22),
    ],
)
def test_a_single_number_is_a_range_of_the_precision_it_is_written_with(number, low, high):
    assert range_of(number, number) == (low, high)


@pytest.mark.parametrize("low, high", [(5.0, 10.0), (5.0, None), (None, 10.0), (None, None)])
def test_a_range_and_an_open_end_stay_as_they_are(low, high):
    assert range_of(low, high) == (low, high)


@pytest.mark.parametrize(
    "low, high, value, inside",
    [
        (5.0, 10.0, 5.0, True),
        (5.0, 10.0, 10.0, True),
        (5.0, 10.0, 4.999, False),
        (5.0, 10.0, 10.001, False),
        (2.3, 2.3, 2.25, True),
        (2.3, 2.3, 2.35, True),
        (2.3, 2.3, 2.351, False),
        (2.3, 2.3, 2.249, False),
        (12.0, 12.0, 11.5, True),
        (12.0, 12.0, 12.5, True),
        (12.0, 12.0, 12.51, False),
        (0.0, 0.0, -0.5, True),
        (0.0, 0.0, -0.6, False),
        (5.0, None, 400.0, True),
        (5.0, None, 4.0, False),
        (None, 10.0, -4.0, True),
        (None, 10.0, 12.0, False),
        (0.1, 0.3, 0.1 + 0.2, True),
        (None, 1e9, 1e9 + 0.5, True),
        (None, 1e9, 1e9 + 2, False),
    ],
)
def test_the_ends_belong_to_the_range(low, high, value, inside):
    assert lies_inside(low, high, value) is inside


@pytest.mark.parametrize(
    "low, high, value, distance",
    [(5, 10, 14, 4), (5, 10, 3, -2), (5, None, 3, -2), (None, 10, 12, 2), (12, 12, 14, 1.5)],
)
def test_how_far_outside_is_measured_from_the_nearer_end(low, high, value, distance):
    assert how_far_outside(low, high, value) == distance


@settings(max_examples=100)
@given(st.integers(-9_999, 9_999), st.integers(0, 3))
def test_both_ends_of_what_a_number_was_rounded_from_are_inside_and_a_tenth_more_is_not(
    digits, places
):
    number, half = digits / 10**places, 0.5 / 10**places
    shortest = len(repr(number).rstrip("0").partition(".")[2])
    if shortest == places:
        assert lies_inside(number, number, number - half)
        assert lies_inside(number, number, number + half)
        assert not lies_inside(number, number, number - 1.1 * half)
        assert not lies_inside(number, number, number + 1.1 * half)


def test_a_range_that_was_found_is_its_own_range():
    assert range_of(*range_of(2.3, 2.3)) == range_of(2.3, 2.3)
