"""Means and spreads of many groups from nothing but their counts in ordered levels (heteroskedastic
ordered probit).

Reardon, Shear, Castellano & Ho (2017), Journal of Educational and Behavioral Statistics 42:3: every
group's scores are taken as normal on one common scale that the levels cut; the counts then give
each group's mean and standard deviation. Sparse groups follow the rules of the authors' R package
HETOP.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from see_the_system.gaps.measures import LEVELS
from see_the_system.messages import Refusal

Z95 = ndtri(0.975)


@dataclass(frozen=True)
class Hetop:
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


def hetop(counts, *, share_spread_below=0, fixed_cuts=(-1.0, 0.0)):
    """Maximum-likelihood means and spreads of groups from counts (groups x levels, low to high;
    array or frame of ``counts``): ``Hetop``.

    A group with fewer than three filled levels, or with fewer than ``share_spread_below`` students
    (the partially homoskedastic model, for small groups), takes the geometric mean of the other
    groups' spreads. A group whose students are all in the top (bottom) level takes the highest
    (lowest) mean of the others. Standard errors come from the expected information by the delta
    method. ``Refusal`` where the counts cannot fix a scale: fewer than two groups or three filled
    levels, or no group with its own spread.

    >>> fit = hetop([[120, 180, 220, 80], [300, 240, 140, 20]])
    >>> fit.groups["star_mu"].round(4).tolist(), round(fit.icc, 4)
    ([0.3583, -0.3071], 0.11)
    """
    names, table = _table(counts)
    n = table.sum(axis=1)
    extreme = (table[:, 0] == n).astype(int) * -1 + (table[:, -1] == n)
    own = ((table > 0).sum(axis=1) >= 3) & (n >= share_spread_below)
    active = np.flatnonzero(extreme == 0)
    if len(active) == 0 or not own.any():
        raise Refusal(
            "No group has students in three levels or more, so they fix no scale; take "
            "larger groups or more years together."
        )
    model = _Model(table[active], own[active], fixed_cuts)
    theta = model.fit()
    mu, sigma, jacobian = _every_group(model, theta, active, extreme)
    covariance = jacobian @ np.linalg.inv(model.information(theta)) @ jacobian.T
    notes = ["" if own[g] else _note(extreme[g]) for g in range(len(n))]
    return _result(names, n, mu, sigma, model.cuts(theta), covariance, notes, extreme != 0)


def describe_hetop(fit, *, what="groups"):
    """Sentences on a ``Hetop``: groups, students, share of variance between groups and its
    interval, range of means, values set by rule.
    """
    low, high = np.clip([fit.icc - Z95 * fit.icc_se, fit.icc + Z95 * fit.icc_se], 0, 1)
    star = fit.groups["star_mu"]
    by_rule = int((fit.groups["note"] != "").sum())
    rule = (
        f" {by_rule} of them had too few students or filled levels, so part of their result "
        "is set by rule."
        if by_rule
        else ""
    )
    return (
        f"Across {len(star)} {what} with {int(fit.groups['n'].sum()):,} students, "
        f"{100 * fit.icc:.1f}% of the variation in scores "
        f"lies between {what} (95% interval {100 * low:.1f} to {100 * high:.1f}) and "
        f"{100 * (1 - fit.icc):.1f}% within them. "
        f"Their means run from {star.min():.2f} to {star.max():.2f} standard deviations "
        "around the mean of all these students. "
        f"With small {what}, chance alone spreads the means a little, so the share between "
        f"is somewhat overstated.{rule}"
    )


def v_gap(focus, comparison):
    """V and its standard error from the two groups' counts in the levels, low to high (two floats);
    ``Refusal`` where they fix none.

    >>> [round(value, 4) for value in v_gap([300, 240, 140, 20], [120, 180, 220, 80])]
    [0.7034, 0.0627]
    """
    if any((np.asarray(side) > 0).sum() < 3 for side in (focus, comparison)):
        raise Refusal("fewer than three filled levels")
    fit = hetop([comparison, focus])
    mu, sigma = fit.groups["mu"].to_numpy(), fit.groups["sigma"].to_numpy()
    pooled = np.sqrt((sigma**2).mean())
    v = (mu[0] - mu[1]) / pooled
    slope = np.concatenate([[1, -1], -v * sigma / (2 * pooled)]) / pooled
    return float(v), float(np.sqrt(slope @ fit.covariance @ slope))


class _Model:
    """Likelihood of counts under P(k | g) = Phi((c_k - mu_g) / sigma_g) - Phi((c_(k-1) - mu_g) /
    sigma_g).

    Parameters: mu of every group; log sigma of the groups with their own; log distances of the cuts
    beyond the two fixed ones.
    """

    def __init__(self, table, own, fixed_cuts):
        self.table, self.fixed = table, np.asarray(fixed_cuts, dtype=float)
        self.groups, self.levels = table.shape
        self.spread = np.zeros((self.groups, int(own.sum())))
        self.spread[own] = np.eye(int(own.sum()))
        self.spread[~own] = 1 / own.sum()

    def unpack(self, theta):
        ends = np.cumsum([self.groups, self.spread.shape[1]])
        mu, free, steps = np.split(theta, ends)
        return (
            mu,
            np.exp(self.spread @ free),
            np.concatenate([self.fixed, self.fixed[-1] + np.cumsum(np.exp(steps))]),
        )

    def cuts(self, theta):
        return self.unpack(theta)[2]

    def start(self):
        share = self.table.sum(axis=0) / self.table.sum()
        z = ndtri(np.cumsum(share)[:-1])
        unit = (self.fixed[1] - self.fixed[0]) / (z[1] - z[0])
        steps = np.log(unit * np.diff(z[1:]))
        return np.concatenate(
            [
                np.full(self.groups, self.fixed[0] - unit * z[0]),
                np.full(self.spread.shape[1], np.log(unit)),
                steps,
            ]
        )

    def probabilities(self, theta):
        """P (groups x levels) and its derivatives by theta (groups x levels x parameters)."""
        mu, sigma, cuts = self.unpack(theta)
        z = np.hstack(
            [
                np.full((self.groups, 1), -np.inf),
                (cuts - mu[:, None]) / sigma[:, None],
                np.full((self.groups, 1), np.inf),
            ]
        )
        upper = (
            z[:, :-1] > 0
        )  # in the upper tail the difference of two numbers near 1 loses its digits
        p = np.where(upper, ndtr(-z[:, :-1]) - ndtr(-z[:, 1:]), ndtr(z[:, 1:]) - ndtr(z[:, :-1]))
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        moment = np.where(np.isfinite(z), z, 0) * density
        by_mu = -np.diff(density, axis=1) / sigma[:, None]
        by_log_sigma = -np.diff(moment, axis=1)
        by_cut = np.zeros((self.groups, self.levels, self.levels - 1))
        for k in range(self.levels - 1):
            by_cut[:, k, k] = density[:, k + 1] / sigma
            by_cut[:, k + 1, k] = -density[:, k + 1] / sigma
        steps = np.diff(cuts[1:])
        by_steps = (
            np.cumsum(by_cut[:, :, :1:-1], axis=2)[:, :, ::-1] * steps
        )  # a step moves its own cut and every higher one
        of_mu = by_mu[:, :, None] * np.eye(self.groups)[:, None, :]
        of_sigma = by_log_sigma[:, :, None] * self.spread[:, None, :]
        return np.maximum(p, 1e-300), np.concatenate([of_mu, of_sigma, by_steps], axis=2)

    def loss(self, theta):
        p, slopes = self.probabilities(theta)
        total = self.table.sum()
        return -(self.table * np.log(p)).sum() / total, -np.einsum(
            "gk,gkt->t", self.table / p, slopes
        ) / total

    def information(self, theta):
        """Expected (Fisher) information of theta."""
        p, slopes = self.probabilities(theta)
        return np.einsum(
            "g,gks,gkt->st", self.table.sum(axis=1), slopes / p[:, :, None], slopes, optimize=True
        )

    def fit(self):
        total = self.table.sum()
        found = minimize(
            self.loss,
            self.start(),
            jac=True,
            hess=lambda theta: self.information(theta) / total,
            method="trust-exact",
            options={"gtol": 1e-10, "maxiter": 500},
        )
        information = self.information(found.x) / total
        if np.abs(self.loss(found.x)[1]).max() > 1e-6 or np.linalg.cond(information) > 1e12:
            raise Refusal(
                "The counts of these groups do not fix their means and spreads; use larger "
                "groups or more years together."
            )
        return found.x


def _table(counts):
    if isinstance(counts, pd.DataFrame):
        names = counts.index
        counts = counts[list(LEVELS)] if set(LEVELS) <= set(counts.columns) else counts
    table = np.asarray(counts, dtype=float)
    names = names if isinstance(counts, pd.DataFrame) else pd.RangeIndex(len(table))
    if (
        table.ndim != 2
        or len(table) < 2
        or not np.isfinite(table).all()
        or (table < 0).any()
        or (table.sum(axis=1) == 0).any()
    ):
        raise Refusal(
            "Means and spreads need a table of counts, at least two groups by three levels, "
            "with students in every group."
        )
    table = table[
        :, table.sum(axis=0) > 0
    ]  # a level that nobody reached says nothing on where its cut lies
    if table.shape[1] < 3:
        raise Refusal(
            f"Students fill only {table.shape[1]} of the levels, and three are needed to "
            "tell a mean from a spread."
        )
    return names, table


def _every_group(model, theta, active, extreme):
    """mu, sigma of all groups and their derivatives by theta; groups all in one end level copy the
    outermost group and the usual spread.
    """
    mu_active, sigma_active, _ = model.unpack(theta)
    source = np.empty(len(extreme), dtype=int)
    source[active] = np.arange(len(active))
    source[extreme > 0], source[extreme < 0] = mu_active.argmax(), mu_active.argmin()
    spread = np.full((len(extreme), model.spread.shape[1]), 1 / model.spread.shape[1])
    spread[active] = model.spread
    sigma = np.exp(spread @ theta[model.groups : model.groups + spread.shape[1]])
    jacobian = np.zeros((2 * len(extreme), len(theta)))
    jacobian[np.arange(len(extreme)), source] = 1
    jacobian[len(extreme) :, model.groups : model.groups + spread.shape[1]] = (
        sigma[:, None] * spread
    )
    return mu_active[source], sigma, jacobian


def _note(extreme):
    if extreme:
        level, place = ("top", "highest") if extreme > 0 else ("bottom", "lowest")
        return f"all students in the {level} level: mean set to the {place} of the others"
    return "spread set to the usual one of the other groups"


def _result(names, n, mu, sigma, cuts, covariance, notes, unknown):
    p, many = n / n.sum(), len(n)
    centre = p @ mu
    between, within = p @ (mu - centre) ** 2, p @ sigma**2
    scale = np.sqrt(between + within)
    by_scale = np.concatenate([p * (mu - centre), p * sigma]) / scale
    star_mu, star_sigma = (mu - centre) / scale, sigma / scale
    of_star_mu = np.hstack([np.eye(many) - p, np.zeros((many, many))]) / scale - np.outer(
        star_mu / scale, by_scale
    )
    of_star_sigma = np.hstack([np.zeros((many, many)), np.eye(many)]) / scale - np.outer(
        star_sigma / scale, by_scale
    )
    of_between = np.concatenate([2 * p * (mu - centre), np.zeros(many)])
    of_icc = (of_between - between / scale**2 * 2 * scale * by_scale) / scale**2
    errors = {
        "mu_se": np.sqrt(np.diag(covariance)[:many]),
        "sigma_se": np.sqrt(np.diag(covariance)[many:]),
        "star_mu_se": np.sqrt(np.diag(of_star_mu @ covariance @ of_star_mu.T)),
        "star_sigma_se": np.sqrt(np.diag(of_star_sigma @ covariance @ of_star_sigma.T)),
    }
    errors = {name: np.where(unknown, np.nan, values) for name, values in errors.items()}
    groups = pd.DataFrame(
        {
            "n": n.astype("int64"),
            "mu": mu,
            "mu_se": errors["mu_se"],
            "sigma": sigma,
            "sigma_se": errors["sigma_se"],
            "star_mu": star_mu,
            "star_mu_se": errors["star_mu_se"],
            "star_sigma": star_sigma,
            "star_sigma_se": errors["star_sigma_se"],
            "note": notes,
        },
        index=names,
    )
    icc_se = float(np.sqrt(max(of_icc @ covariance @ of_icc, 0.0)))
    return Hetop(
        groups,
        tuple(cuts.tolist()),
        tuple(((cuts - centre) / scale).tolist()),
        float(between / scale**2),
        icc_se,
        covariance,
    )
