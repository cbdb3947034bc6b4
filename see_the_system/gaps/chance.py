"""What chance alone would do: intervals of percents, many p-values together, like with like.

``predicted_by_others`` says what a school's students' mix predicts, going by the other schools: Fay
& Herriot (1979), JASA 74:269, rate = mean + mix * b + the school's own part + chance. The own parts
have variance tau2; the coefficients b have a common variance too, which makes them a ridge. Both
variances are found by REML.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
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


class ByOthers(NamedTuple):
    """Each school's ``fitted`` rate and its ``error``; ``tau2``, the variance of own parts."""

    fitted: np.ndarray
    error: np.ndarray
    tau2: float


def predicted_by_others(rate, variance, mix):
    """What rate = mean + mix * b + own part + chance predicts for each school from the others.

    ``rate`` and its sampling ``variance``: proportions, one a school; ``mix``: schools x
    characteristics, standardised. Gives ``ByOthers``. Each is left out of the line that it is held
    against (Marshall & Spiegelhalter 2003, Statistics in Medicine 22:1649); both variances are
    those of all schools.
    """
    design = np.column_stack([np.ones(len(rate)), mix])
    scale = max(np.var(rate), 1e-6)
    # Nelder-Mead, because the linear algebra inside L-BFGS-B starts threads and takes thirty times
    # as long on a busy machine; from two starts, in case one search ends before the deepest point.
    tries = [
        minimize(
            lambda variances: _deviance(scale * variances, rate, variance, design),
            start,
            method="Nelder-Mead",
            bounds=[(0, 10), (1e-4, 10)],
            options={"xatol": 1e-5, "fatol": 1e-7},
        )
        for start in ((0.05, 0.3), (0.5, 0.02))
    ]
    tau2, ridge = scale * min(tries, key=lambda found: found.fun).x
    total, inverse, beta = _solve(tau2, ridge, rate, variance, design)
    # without a school's own row the inverse grows as Sherman and Morrison (1950) say
    uncertain = np.einsum("ij,jk,ik->i", design, inverse, design)
    own = np.minimum(uncertain / total, 1 - 1e-9)
    fitted = rate - (rate - design @ beta) / (1 - own)
    return ByOthers(fitted, np.sqrt(uncertain / (1 - own)), float(tau2))


def _solve(tau2, ridge, rate, variance, design):
    """Total variances, (X' V^-1 X + penalty)^-1 and the coefficients; the mean has no penalty."""
    total = variance + tau2
    penalty = np.diag([0.0] + [1 / ridge] * (design.shape[1] - 1))
    inverse = np.linalg.inv(design.T @ (design / total[:, None]) + penalty)
    return total, inverse, inverse @ (design.T @ (rate / total))


def _deviance(variances, rate, variance, design):
    """Minus twice the restricted log-likelihood, less what does not change (Henderson's form)."""
    tau2, ridge = variances
    total, inverse, beta = _solve(tau2, ridge, rate, variance, design)
    return (
        np.log(total).sum()
        - np.linalg.slogdet(inverse)[1]
        + (design.shape[1] - 1) * np.log(ridge)
        + ((rate - design @ beta) ** 2 / total).sum()
        + (beta[1:] ** 2).sum() / ridge
    )
