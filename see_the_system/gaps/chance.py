"""What chance alone would do, in closed form: intervals of percents, and many p-values together."""

import numpy as np
from scipy.special import betaln, ndtri

Z95 = ndtri(0.975)


def wilson(count, n):
    """The ends of Wilson's 95 % interval for a proportion (two arrays, 0 to 1).

    All p with abs(count / n - p) <= z sqrt(p (1 - p) / n): Newcombe (1998), Statistics in Medicine
    17:857, method 3.
    """
    p = count / n
    middle = p + Z95**2 / (2 * n)
    half = Z95 * np.sqrt(p * (1 - p) / n + (Z95 / (2 * n)) ** 2)
    scale = 1 + Z95**2 / n
    return np.maximum((middle - half) / scale, 0), np.minimum((middle + half) / scale, 1)


def newcombe(count, n, other_count, other_n):
    """The ends of Newcombe's 95 % interval for a difference of two proportions (two arrays).

    From the ends l, u of each proportion's own (Wilson's) interval: the difference minus
    sqrt((p - l)^2 + (u' - p')^2), and plus sqrt((u - p)^2 + (p' - l')^2).
    """
    p, other = count / n, other_count / other_n
    low, high = wilson(count, n)
    other_low, other_high = wilson(other_count, other_n)
    less = np.sqrt((p - low) ** 2 + (other_high - other) ** 2)
    more = np.sqrt((high - p) ** 2 + (other - other_low) ** 2)
    return p - other - less, p - other + more


def so_many_or_more(met, n, a, b):
    """How often a beta-binomial number of n is ``met`` or more (array).

    The sum of (n over k) B(k + a, n - k + b) / B(a, b) over k from ``met`` to n.
    """
    n, a, b = n[:, None], a[:, None], b[:, None]
    k = met[:, None] + np.arange((n[:, 0] - met).max() + 1)
    possible = k <= n
    k = np.minimum(k, n)
    ways = -np.log(n + 1) - betaln(n - k + 1, k + 1)
    return (np.exp(ways + betaln(k + a, n - k + b) - betaln(a, b)) * possible).sum(axis=1)


def holm(p, most):
    """Which p-values are clear after allowing for having looked at all of them (mask).

    The smallest is held to ``most`` / m, the next to ``most`` / (m - 1), until one fails: Holm
    (1979), Scandinavian Journal of Statistics 6:65.
    """
    order = np.argsort(p)
    clear = p[order] <= most / np.arange(len(p), 0, -1)
    return np.logical_and.accumulate(clear)[np.argsort(order)]


def benjamini_hochberg(p):
    """The p-values adjusted for having looked at all of them (array).

    Each is the smallest p * m / rank among itself and the larger ones.
    """
    order = np.argsort(p)[::-1]
    adjusted = np.minimum.accumulate(p[order] * len(p) / np.arange(len(p), 0, -1))
    return np.minimum(adjusted, 1)[np.argsort(order)]
