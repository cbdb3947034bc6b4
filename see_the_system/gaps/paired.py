"""Two student groups side by side: their counts, and how far apart these are on any scale.

The counts are of the grades whose scores are shown for both; it is said why a cell has none. V, the
distance in standard deviations, needs nothing but both groups' counts in the ordered levels.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr, ndtri

from see_the_system.data.codes import ALL_GRADES, GROUPS, group_code
from see_the_system.gaps.measures import (
    LEVELS,
    as_list,
    counts,
    grades_of,
    grouped,
    hidden_because,
    in_its_year,
)
from see_the_system.gaps.result_words import cell_name, not_shown
from see_the_system.messages import Refusal

SIDES = ("focus", "comparison")
FIXED_CUTS = (-1.0, 0.0)  # the first two cuts fix where the scale begins and how long its unit is


def paired_counts(frame, focus, comparison, by):
    """Counts of both groups in each year and grade that is shown for both.

    Gives ``by`` as a list; the counts (DataFrame, suffixes _focus, _comparison); notes on the
    result (dict): focus, comparison, test (names) and left_out, a sentence on the cells of ``by``
    that have no grade shown for both.
    """
    codes = [group_code(focus), group_code(comparison)]
    names = [GROUPS[code] for code in codes]
    if codes[0] == codes[1]:
        raise Refusal(f"A gap needs two different student groups; both are {names[0]!r}.")
    by = as_list(by)
    if {"group_id", "group", *SIDES} & set(by):
        raise Refusal(
            "A gap is between two groups, so it cannot be counted by group as well; leave "
            "group out of by."
        )
    rows = frame[frame["group_id"].isin(codes)] if len(frame) else frame
    unit = list(dict.fromkeys([*by, "year", "grade"]))
    table = counts(rows, [*unit, "group_id"])
    shown = table[table["n"] > 0]
    one, other = (shown[shown["group_id"] == code].drop(columns="group_id") for code in codes)
    units = one.merge(other, on=unit, suffixes=("_focus", "_comparison"))
    notes = dict(zip(SIDES, names, strict=True)) | {"test": table.attrs["test"]}
    notes["in_data"] = tuple(sorted({int(year) for year in frame["year"]}))
    notes["reasons"] = _reasons(frame, rows, units, by, codes)
    return by, units, notes | {"left_out": _left_out(frame, notes)}


def sum_units(units, by):
    """Counts of both groups summed over the years and grades of each cell, and those grades."""
    numbers = [f"{name}_{side}" for side in SIDES for name in ("n", *LEVELS)]
    sums = grouped(units, by)[numbers].sum()
    sums["grades"] = grades_of(units, by)
    return sums.reset_index()


def finish(table, by, columns, notes):
    """A result: ``by``, these columns with the names of the groups among them, and its notes."""
    names = {side: notes[side] for side in SIDES}
    table = table.assign(**names).astype(dict.fromkeys(SIDES, "str"))
    result = table[[*by, *columns]].reset_index(drop=True)
    result.attrs = notes
    return result


def v_of_unit(unit):
    """V of one grade of one year and its standard error, or the reason why it has none (dict)."""
    levels = {side: [unit[f"{level}_{side}"] for level in LEVELS] for side in SIDES}
    try:
        v, se = v_gap(levels["focus"], levels["comparison"])
    except Refusal as refusal:
        why = str(refusal).rstrip(".")
        few = [side for side, filled in levels.items() if np.count_nonzero(filled) < 3]
        if few:
            names = " and ".join(unit.get(f"name_{side}", side) for side in few)
            why = f"students of {names} reached fewer than three of the four levels"
        reason = f"grade {unit['grade']} of {unit['year']}: {why}"
        return {"v": np.nan, "se": np.nan, "reason": reason}
    return {"v": v, "se": se, "reason": ""}


def v_gap(focus, comparison):
    """V and its standard error from the two groups' counts in the levels (two floats).

    V = (mu_comparison - mu_focus) / sqrt((sigma_comparison^2 + sigma_focus^2) / 2), by maximum
    likelihood of a heteroskedastic ordered probit (Reardon, Shear, Castellano & Ho 2017, Journal of
    Educational and Behavioral Statistics 42:3): both groups' scores are taken as normal on one
    scale that the levels cut. The error comes from the expected information by the delta method.
    Counts stand from low to high; ``Refusal`` where they fix no means and spreads.

    >>> [round(value, 4) for value in v_gap([300, 240, 140, 20], [120, 180, 220, 80])]
    [0.7034, 0.0627]
    """
    table = np.array([comparison, focus], dtype=float)
    if np.count_nonzero(table, axis=1).min() < 3:
        raise Refusal("fewer than three filled levels")
    # a level that nobody reached says nothing on where its cut lies
    model = _Probit(table[:, table.any(axis=0)])
    theta, information = model.fit()
    mu, sigma, _ = model.unpack(theta)
    pooled = np.sqrt((sigma**2).mean())
    v = (mu[0] - mu[1]) / pooled
    slope = np.concatenate([[1, -1], -v * sigma / (2 * pooled)]) / pooled
    # mu and sigma by theta, which holds the logarithms of sigma
    by_theta = np.eye(4, len(theta))
    by_theta[[2, 3], [2, 3]] = sigma
    covariance = by_theta @ np.linalg.inv(information) @ by_theta.T
    return float(v), float(np.sqrt(slope @ covariance @ slope))


class _Probit:
    """Likelihood of counts in level k of group g, of two groups.

    P(k | g) = Phi((c_k - mu_g) / sigma_g) - Phi((c_(k-1) - mu_g) / sigma_g).

    Parameters theta: the two mu; the two log sigma; log distances of the cuts beyond the two fixed
    ones.
    """

    def __init__(self, table):
        self.table = table
        self.total = table.sum()

    def unpack(self, theta):
        """mu and sigma of both groups, and the cuts (three arrays)."""
        mu, log_sigma, steps = np.split(theta, [2, 4])
        beyond = FIXED_CUTS[-1] + np.cumsum(np.exp(steps))
        return mu, np.exp(log_sigma), np.concatenate([FIXED_CUTS, beyond])

    def start(self):
        """Where the search begins: both groups alike, the cuts those of all students together."""
        z = ndtri(np.cumsum(self.table.sum(axis=0) / self.total)[:-1])
        unit = (FIXED_CUTS[1] - FIXED_CUTS[0]) / (z[1] - z[0])
        mu = FIXED_CUTS[0] - unit * z[0]
        return np.concatenate([[mu, mu], np.log([unit, unit]), np.log(unit * np.diff(z[1:]))])

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
        levels = self.table.shape[1]
        moved = np.arange(levels + 1)[:, None] >= np.arange(3, levels)
        by_steps = np.diff((density / sigma[:, None])[:, :, None] * moved, axis=1)
        own = np.eye(2)[:, None, :]
        slopes = [
            by_mu[:, :, None] * own,
            by_log_sigma[:, :, None] * own,
            by_steps * np.diff(cuts[1:]),
        ]
        return np.maximum(p, 1e-300), np.concatenate(slopes, axis=2)

    def loss(self, theta):
        """Minus the log-likelihood per student, and its gradient."""
        p, slopes = self.probabilities(theta)
        gradient = np.einsum("gk,gkt->t", self.table / p, slopes)
        return -(self.table * np.log(p)).sum() / self.total, -gradient / self.total

    def information(self, theta):
        """Expected (Fisher) information of theta."""
        p, slopes = self.probabilities(theta)
        n = self.table.sum(axis=1)
        return np.einsum("g,gks,gkt->st", n, slopes / p[:, :, None], slopes, optimize=True)

    def fit(self):
        """The theta of maximum likelihood and its information (two arrays).

        ``Refusal`` where the counts do not fix one.
        """
        found = minimize(
            self.loss,
            self.start(),
            jac=True,
            hess=lambda theta: self.information(theta) / self.total,
            method="trust-exact",
            options={"gtol": 1e-10, "maxiter": 500},
        )
        if np.abs(found.jac).max() > 1e-6 or np.linalg.cond(found.hess) > 1e12:
            raise Refusal(
                "The counts of these groups do not fix their means and spreads; use larger "
                "groups or more years together."
            )
        return found.x, self.information(found.x)


def _left_out(frame, notes):
    """A sentence for each reason why cells of the frame have no gap ("" where all have one)."""
    pair = " and ".join(notes[side] for side in SIDES)
    if not len(frame):
        return (
            f"There is no gap to show between {pair}: no row is left of what was asked for. Ask "
            "for more years, grades or schools."
        )
    return not_shown(f"No gap between {pair}", notes["reasons"])


def _reasons(frame, rows, units, by, codes):
    """Why cells of the frame have no gap: from the reason to the names of the cells (dict)."""
    names = [GROUPS[code] for code in codes]
    single = frame[frame["grade"] != ALL_GRADES]
    cells = single[by].drop_duplicates().sort_values(by).to_dict("records") if by else [{}]
    shown = set(map(tuple, units[by].to_numpy().tolist()))
    known = counts(rows, [*by, "group_id"]).set_index([*by, "group_id"]).to_dict("index")
    reasons = {}
    for cell in cells:
        place = tuple(cell.values())
        if place not in shown:
            sides = [known.get((*place, code) if place else code) for code in codes]
            why = in_its_year(_why(sides, names, hidden_because(frame)), cell.get("year"))
            reasons.setdefault(why, []).append(cell_name(cell, by))
    return reasons


def _why(sides, names, hidden_rule):
    """Why a cell has no gap, from what is known of each group there."""
    absent, hidden, nobody = [], [], []
    for name, side in zip(names, sides, strict=True):
        if side is None:
            absent.append(name)
        elif not side["n"]:
            why = hidden if side["hidden"] else nobody
            why.append(name)
    if absent:
        return f"the files have no row for {' or '.join(absent)}"
    if hidden:
        return f"the scores of {' and '.join(hidden)} are hidden, because {hidden_rule}"
    if nobody:
        whom = "either group" if len(nobody) > 1 else f"the group {nobody[0]}"
        return f"no student of {whom} has scores"
    return "no grade is shown for both groups"
