"""Means and spreads of many groups from nothing but their counts in ordered levels.

Heteroskedastic ordered probit, Reardon, Shear, Castellano & Ho (2017), Journal of Educational and
Behavioral Statistics 42:3: every group's scores are taken as normal on one common scale that the
levels cut; the counts then give each group's mean and standard deviation. Sparse groups follow the
rules of the authors' R package HETOP.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from see_the_system.display import Shown
from see_the_system.gaps.measures import LEVELS
from see_the_system.messages import Refusal

Z95 = ndtri(0.975)
FIXED_CUTS = (-1.0, 0.0)  # the first two cuts fix where the scale begins and how long its unit is
ERRORS = ["mu_se", "sigma_se", "star_mu_se", "star_sigma_se"]


@dataclass(frozen=True)
class Hetop(Shown):
    """Means and standard deviations of groups, and the cuts between the levels.

    ``groups`` is a DataFrame, one row per group: n, mu, mu_se, sigma, sigma_se on the scale where
    the first two cuts are fixed; star_mu, star_mu_se, star_sigma, star_sigma_se in standard
    deviations of all students together (mean 0, variance 1 over the students of all groups); note
    says where a sparse group's value is set by rule. ``icc`` is the share of the variance that lies
    between groups, with ``icc_se``. ``covariance`` is that of (mu of every group, sigma of every
    group).
    """

    groups: pd.DataFrame
    cuts: tuple
    star_cuts: tuple
    icc: float
    icc_se: float
    covariance: np.ndarray


def hetop(counts, *, share_spread_below=0):
    """Maximum-likelihood means and spreads of groups from their counts in levels (``Hetop``).

    counts: groups x levels, low to high (array or frame of ``counts``). A group with fewer than
    three filled levels, or with fewer than ``share_spread_below`` students (the partially
    homoskedastic model, for small groups), takes the geometric mean of the other groups' spreads. A
    group whose students are all in the top (bottom) level takes the highest (lowest) mean of the
    others. Standard errors come from the expected information by the delta method. ``Refusal``
    where the counts cannot fix a scale: fewer than two groups or three filled levels, or no group
    with its own spread.

    >>> fit = hetop([[120, 180, 220, 80], [300, 240, 140, 20]])
    >>> fit.groups["star_mu"].round(4).tolist(), round(fit.icc, 4)
    ([0.3583, -0.3071], 0.11)
    """
    names, table = _table(counts)
    n = table.sum(axis=1)
    top, bottom = table[:, -1] == n, table[:, 0] == n
    own = ((table > 0).sum(axis=1) >= 3) & (n >= share_spread_below)
    active = np.flatnonzero(~top & ~bottom)
    if len(active) == 0 or not own.any():
        raise Refusal(
            "No group has students in three levels or more, so they fix no scale; take "
            "larger groups or more years together."
        )
    model = _Model(table[active], own[active])
    theta = model.fit()
    mu, sigma, jacobian = _every_group(model, theta, active, top, bottom)
    covariance = jacobian @ np.linalg.inv(model.information(theta)) @ jacobian.T
    _, _, cuts = model.unpack(theta)
    fit = _on_both_scales(names, n, mu, sigma, cuts, covariance)
    fit.groups.loc[top | bottom, ERRORS] = np.nan
    fit.groups["note"] = np.select(
        [own, top, bottom],
        [
            "",
            "all students in the top level: mean set to the highest of the others",
            "all students in the bottom level: mean set to the lowest of the others",
        ],
        "spread set to the usual one of the other groups",
    )
    return fit


def describe_hetop(fit, *, what="groups"):
    """Groups, students, share of the variance between groups, range of means (text).

    In sentences, with the interval of the share and how many values are set by rule; names none.
    """
    half = Z95 * fit.icc_se
    low, high = np.clip([fit.icc - half, fit.icc + half], 0, 1)
    star = fit.groups["star_mu"]
    by_rule = int((fit.groups["note"] != "").sum())
    rule = ""
    if by_rule:
        rule = (
            f" {by_rule} of them had too few students or filled levels, so part of their result "
            "is set by rule."
        )
    return (
        f"Across {len(star)} {what} with {int(fit.groups['n'].sum()):,} students, "
        f"{100 * fit.icc:.1f}% of the variation in scores lies between {what} (95% interval "
        f"{100 * low:.1f} to {100 * high:.1f}) and {100 * (1 - fit.icc):.1f}% within them. "
        f"Their means run from {star.min():.2f} to {star.max():.2f} standard deviations around "
        f"the mean of all these students. With small {what}, chance alone spreads the means a "
        f"little, so the share between is somewhat overstated.{rule}"
    )


def v_gap(focus, comparison):
    """V and its standard error from the two groups' counts in the levels (two floats).

    V = (mu_comparison - mu_focus) / sqrt((sigma_comparison^2 + sigma_focus^2) / 2). Counts stand
    from low to high; ``Refusal`` where they fix none.

    >>> [round(value, 4) for value in v_gap([300, 240, 140, 20], [120, 180, 220, 80])]
    [0.7034, 0.0627]
    """
    if min(np.count_nonzero(focus), np.count_nonzero(comparison)) < 3:
        raise Refusal("fewer than three filled levels")
    fit = hetop([comparison, focus])
    mu, sigma = fit.groups["mu"].to_numpy(), fit.groups["sigma"].to_numpy()
    pooled = np.sqrt((sigma**2).mean())
    v = (mu[0] - mu[1]) / pooled
    slope = np.concatenate([[1, -1], -v * sigma / (2 * pooled)]) / pooled
    return float(v), float(np.sqrt(slope @ fit.covariance @ slope))


class _Model:
    """Likelihood of counts in level k of group g.

    P(k | g) = Phi((c_k - mu_g) / sigma_g) - Phi((c_(k-1) - mu_g) / sigma_g).

    Parameters theta: mu of every group; log sigma of the groups with their own; log distances of
    the cuts beyond the two fixed ones. ``spread`` takes the log sigmas that are free to those of
    every group: a group without its own has their mean.
    """

    def __init__(self, table, own):
        self.table = table
        self.groups, self.levels = table.shape
        self.free = int(own.sum())
        self.spread = np.full((self.groups, self.free), 1 / self.free)
        self.spread[own] = np.eye(self.free)

    def unpack(self, theta):
        """mu and sigma of every group, and the cuts (three arrays)."""
        mu, log_sigma, steps = np.split(theta, [self.groups, self.groups + self.free])
        beyond = FIXED_CUTS[-1] + np.cumsum(np.exp(steps))
        return mu, np.exp(self.spread @ log_sigma), np.concatenate([FIXED_CUTS, beyond])

    def start(self):
        """Where the search begins: all groups alike, the cuts those of all students together."""
        share = self.table.sum(axis=0) / self.table.sum()
        z = ndtri(np.cumsum(share)[:-1])
        unit = (FIXED_CUTS[1] - FIXED_CUTS[0]) / (z[1] - z[0])
        mu = np.full(self.groups, FIXED_CUTS[0] - unit * z[0])
        log_sigma = np.full(self.free, np.log(unit))
        return np.concatenate([mu, log_sigma, np.log(unit * np.diff(z[1:]))])

    def probabilities(self, theta):
        """P (groups x levels) and its derivatives by theta (groups x levels x parameters)."""
        mu, sigma, cuts = self.unpack(theta)
        z = (cuts - mu[:, None]) / sigma[:, None]
        z = np.pad(z, ((0, 0), (1, 1)), constant_values=(-np.inf, np.inf))
        # in the upper tail the difference of two numbers near 1 loses its digits
        from_below = ndtr(z[:, 1:]) - ndtr(z[:, :-1])
        from_above = ndtr(-z[:, :-1]) - ndtr(-z[:, 1:])
        p = np.where(z[:, :-1] > 0, from_above, from_below)
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        by_mu = -np.diff(density, axis=1) / sigma[:, None]
        by_log_sigma = -np.diff(np.where(np.isfinite(z), z, 0) * density, axis=1)
        # a step moves its own cut, of which the first is the third, and every higher one
        moved = np.arange(self.levels + 1)[:, None] >= np.arange(3, self.levels)
        by_steps = np.diff((density / sigma[:, None])[:, :, None] * moved, axis=1)
        slopes = [
            by_mu[:, :, None] * np.eye(self.groups)[:, None, :],
            by_log_sigma[:, :, None] * self.spread[:, None, :],
            by_steps * np.diff(cuts[1:]),
        ]
        return np.maximum(p, 1e-300), np.concatenate(slopes, axis=2)

    def loss(self, theta):
        """Minus the log-likelihood per student, and its gradient."""
        p, slopes = self.probabilities(theta)
        total = self.table.sum()
        gradient = np.einsum("gk,gkt->t", self.table / p, slopes)
        return -(self.table * np.log(p)).sum() / total, -gradient / total

    def information(self, theta):
        """Expected (Fisher) information of theta."""
        p, slopes = self.probabilities(theta)
        n = self.table.sum(axis=1)
        return np.einsum("g,gks,gkt->st", n, slopes / p[:, :, None], slopes, optimize=True)

    def fit(self):
        """The theta of maximum likelihood (array); ``Refusal`` where the counts do not fix one."""
        total = self.table.sum()
        found = minimize(
            self.loss,
            self.start(),
            jac=True,
            hess=lambda theta: self.information(theta) / total,
            method="trust-exact",
            options={"gtol": 1e-10, "maxiter": 500},
        )
        _, gradient = self.loss(found.x)
        information = self.information(found.x) / total
        if np.abs(gradient).max() > 1e-6 or np.linalg.cond(information) > 1e12:
            raise Refusal(
                "The counts of these groups do not fix their means and spreads; use larger "
                "groups or more years together."
            )
        return found.x


def _table(counts):
    """The names of the groups (None where they have none) and their counts as a checked array."""
    names = None
    if isinstance(counts, pd.DataFrame):
        names = counts.index
        counts = counts[list(LEVELS)] if set(LEVELS) <= set(counts.columns) else counts
    table = np.asarray(counts, dtype=float)
    usable = table.ndim == 2 and len(table) > 1 and np.isfinite(table).all()
    if not usable or (table < 0).any() or (table.sum(axis=1) == 0).any():
        raise Refusal(
            "Means and spreads need a table of counts, at least two groups by three levels, "
            "with students in every group."
        )
    # a level that nobody reached says nothing on where its cut lies
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 3:
        raise Refusal(
            f"Students fill only {table.shape[1]} of the levels, and three are needed to "
            "tell a mean from a spread."
        )
    return names, table


def _every_group(model, theta, active, top, bottom):
    """mu and sigma of all groups, and their derivatives by theta.

    A group all in one end level copies the outermost group's mean and the usual spread.
    """
    many = len(top)
    mu, _, _ = model.unpack(theta)
    source = np.empty(many, dtype=int)
    source[active] = np.arange(len(active))
    source[top] = mu.argmax()
    source[bottom] = mu.argmin()
    spread = np.full((many, model.free), 1 / model.free)
    spread[active] = model.spread
    log_sigma = slice(model.groups, model.groups + model.free)
    sigma = np.exp(spread @ theta[log_sigma])
    jacobian = np.zeros((2 * many, len(theta)))
    jacobian[np.arange(many), source] = 1
    jacobian[many:, log_sigma] = sigma[:, None] * spread
    return mu[source], sigma, jacobian


def _on_both_scales(names, n, mu, sigma, cuts, covariance):
    """The result on the scale of the cuts, and in standard deviations of all students (``Hetop``).

    centre = sum of p mu; between = sum of p (mu - centre)^2; within = sum of p sigma^2, with p the
    groups' shares of the students; scale = sqrt(between + within); star_mu = (mu - centre) / scale;
    star_sigma = sigma / scale; icc = between / scale^2. Names that begin with ``by`` or ``of`` are
    derivatives by (mu of every group, sigma of every group).
    """
    p, many = n / n.sum(), len(n)
    centre = p @ mu
    between, within = p @ (mu - centre) ** 2, p @ sigma**2
    scale = np.sqrt(between + within)
    star_mu, star_sigma = (mu - centre) / scale, sigma / scale
    by_scale = np.concatenate([p * (mu - centre), p * sigma]) / scale
    unit, nothing = np.eye(many), np.zeros((many, many))
    of_star_mu = np.hstack([unit - p, nothing]) / scale - np.outer(star_mu / scale, by_scale)
    of_star_sigma = np.hstack([nothing, unit]) / scale - np.outer(star_sigma / scale, by_scale)
    of_between = np.concatenate([2 * p * (mu - centre), np.zeros(many)])
    of_icc = (of_between - between / scale**2 * 2 * scale * by_scale) / scale**2
    error = np.sqrt(np.diag(covariance))
    groups = {
        "n": n.astype("int64"),
        "mu": mu,
        "mu_se": error[:many],
        "sigma": sigma,
        "sigma_se": error[many:],
        "star_mu": star_mu,
        "star_mu_se": np.sqrt(np.diag(of_star_mu @ covariance @ of_star_mu.T)),
        "star_sigma": star_sigma,
        "star_sigma_se": np.sqrt(np.diag(of_star_sigma @ covariance @ of_star_sigma.T)),
    }
    return Hetop(
        groups=pd.DataFrame(groups, index=names),
        cuts=tuple(cuts.tolist()),
        star_cuts=tuple(((cuts - centre) / scale).tolist()),
        icc=float(between / scale**2),
        icc_se=float(np.sqrt(max(of_icc @ covariance @ of_icc, 0.0))),
        covariance=covariance,
    )
