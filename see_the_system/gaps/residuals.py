"""How far each school's true rate lies from what its students' mix predicts, chance taken out.

Fay & Herriot (1979), JASA 74:269: rate = mean + mix * b + the school's own part + chance. The own
parts have variance tau2; the coefficients b have a common variance too, which makes them a ridge.
Both variances are found by REML.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.stats import t as student


@dataclass(frozen=True)
class Residuals:
    """How far each school's true rate lies from what is predicted.

    Posterior ``mean`` and ``sd`` (proportions), and the ``fitted`` rate; one entry a school.
    """

    mean: np.ndarray
    sd: np.ndarray
    fitted: np.ndarray
    tau2: float
    coefficients: int

    @property
    def degrees_of_freedom(self):
        """Schools less coefficients: those of Student's t, for tau2 is not known exactly."""
        return max(len(self.mean) - self.coefficients, 1)

    @property
    def probability_above(self):
        """The probability that the true residual is above 0 (array).

        0 where nothing but chance is left between schools.
        """
        scaled = self.mean / np.where(self.sd > 0, self.sd, 1)
        return np.where(self.sd > 0, student.cdf(scaled, self.degrees_of_freedom), 0.0)

    @property
    def interval(self):
        """The ends of the 95% posterior interval (two arrays)."""
        half = student.ppf(0.975, self.degrees_of_freedom) * self.sd
        return self.mean - half, self.mean + half


def shrunken_residuals(rate, variance, mix):
    """Posterior of each school's own part in rate = mean + mix * b + own part + chance.

    ``rate`` and its sampling ``variance``: proportions, one a school; ``mix``: schools x
    characteristics, standardised. Gives ``Residuals``.
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
    best = min(tries, key=lambda found: found.fun)
    tau2, ridge = scale * best.x
    total, inverse, beta = _solve(tau2, ridge, rate, variance, design)
    fitted = design @ beta
    # own part = B * (rate - fitted) with B = tau2 / (tau2 + variance); its variance counts that the
    # coefficients are estimates too
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    left = tau2 - tau2**2 * (1 / total - leverage / total**2)
    return Residuals(
        mean=tau2 * (rate - fitted) / total,
        sd=np.sqrt(np.clip(left, 0, None)),
        fitted=fitted,
        tau2=float(tau2),
        coefficients=design.shape[1],
    )


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
    errors = rate - design @ beta
    return (
        np.log(total).sum()
        - np.linalg.slogdet(inverse)[1]
        + (design.shape[1] - 1) * np.log(ridge)
        + (errors**2 / total).sum()
        + (beta[1:] ** 2).sum() / ridge
    )
