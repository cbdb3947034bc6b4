"""How long a run is, how often the centre is crossed and how many runs there are by chance alone.

Counted are useful points: those off the centre line.
"""

from functools import cache

import numpy as np
from scipy.special import comb
from scipy.stats import binom

LEAST = 10  # useful points: below, neither table says anything


@cache
def anhoej_limits(n):
    """The longest run and the fewest crossings that ``n`` useful points have by chance.

    Anhøj & Olesen 2014: a signal is a longest run above round(log2(n) + 3), or crossings below the
    5 % quantile of Binomial(n - 1, .5).

    >>> anhoej_limits(20)
    (7, 6)
    """
    return round(np.log2(n) + 3), int(binom.ppf(0.05, n - 1, 0.5))


@cache
def runs_range(n):
    """The fewest and the most runs that ``n`` useful points have by chance, 2.5 % in each tail.

    Exact, Swed & Eisenhart 1943, with half of the points on each side. Tables printed for quality
    improvement differ by one at some n.

    >>> runs_range(20)
    (7, 15)
    """
    chance = np.array([_chance_of_runs(runs, n // 2, n - n // 2) for runs in range(n + 1)])
    in_a_tail = 0.025 + 1e-12
    fewest = np.argmax(np.cumsum(chance) > in_a_tail)
    most = n - np.argmax(np.cumsum(chance[::-1]) > in_a_tail)
    return int(fewest), int(most)


def _chance_of_runs(runs, above, below):
    """The chance of so many runs of points in random order (Wald & Wolfowitz 1940)."""
    if runs < 2 or runs > above + below:
        return 0.0
    # With an odd number of runs one side has one run more than the other.
    few = runs // 2 - 1
    many = (runs - 1) // 2
    ways = comb(above - 1, many) * comb(below - 1, few)
    ways += comb(above - 1, few) * comb(below - 1, many)
    return ways / comb(above + below, above)
