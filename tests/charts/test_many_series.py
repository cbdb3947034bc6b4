import pytest

from see_the_system.charts.control_limits import anhoej_limits, runs_range
from tests.references import CROSSINGS, LONGEST, RUNS


@pytest.mark.parametrize("n", range(10, 101))
def test_anhoej_limits_are_the_published_ones(n):
    assert anhoej_limits(n) == (
        next(most for lengths, most in LONGEST.items() if n in lengths),
        CROSSINGS[n - 10],
    )


@pytest.mark.parametrize("n", range(10, 61))
def test_the_range_of_runs_is_exact(n):
    assert runs_range(n) == RUNS[n - 10]


def test_a_known_wrong_limit_of_a_public_package_is_not_ours():
    assert anhoej_limits(20) != (8, 5) and anhoej_limits(20) == (7, 6)
