"""Two student groups side by side: their counts, and how far apart these are on any scale.

The counts are of the grades whose scores are shown for both; it is said why a cell has none. V, the
distance in standard deviations, needs nothing but both groups' counts in the ordered levels.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from see_the_system.data.codes import ALL_GRADES, GROUPS, group_code
from see_the_system.gaps.measures import (
    LEVELS,
    as_list,
    cells_of,
    counts,
    grades_of,
    hidden_because,
    in_its_year,
    rows_to_count,
    sums,
)
from see_the_system.gaps.result_words import cell_name, not_shown
from see_the_system.messages import Refusal

SIDES = ("focus", "comparison")
NOT_FIXED = (
    "The counts of these groups do not fix their means and spreads; use larger groups or more "
    "years together."
)
ROUNDS, AT_REST = 30, 1e-9  # of the search for many V at once: when it ends
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
    rows_to_count(rows, [*by, "group_id"])  # refuses rows that may not be added up
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
    cell, table = cells_of(units, by)
    for side in SIDES:
        for name in ("n", *LEVELS):
            table[f"{name}_{side}"] = sums(cell, units[f"{name}_{side}"], table)
    return table.assign(grades=grades_of(cell, units["grade"], table))


def errors_of_counts(n_focus, focus, n_comparison, comparison):
    """The standard error of each year's gap in points, from numbers and percents (years last)."""
    variance = _spread(n_focus, focus / 100) / n_focus
    return 100 * np.sqrt(variance + _spread(n_comparison, comparison / 100) / n_comparison)


def _spread(n, p):
    """The variance of one student's outcome, from all years; half a student keeps it above 0."""
    within = (n**2 * p * (1 - p) / np.maximum(n - 1, 1)).sum(-1, keepdims=True)
    return (within + 0.5) / (n.sum(-1, keepdims=True) + 1)


def finish(table, by, columns, notes):
    """A result: ``by``, these columns with the names of the groups among them, and its notes."""
    names = {side: notes[side] for side in SIDES}
    table = table.assign(**names).astype(dict.fromkeys(SIDES, "str"))
    result = table[[*by, *columns]].reset_index(drop=True)
    result.attrs = notes
    return result


def enough_levels(counts):
    """Whether students reached three levels or more (bool or mask; levels last)."""
    return np.count_nonzero(counts, axis=-1) >= 3


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
    table = np.array([focus, comparison], dtype=float)
    if not enough_levels(table).all():
        raise Refusal("fewer than three filled levels")
    [v], [se] = v_of_tables(table[None])
    if np.isnan(v):
        raise Refusal(NOT_FIXED)
    return float(v), float(se)


def v_of_tables(tables):
    """V and its standard error of many pairs at once (two arrays, NaN where there is none).

    tables: pairs x (focus, comparison) x levels, counts.
    """
    v = np.full(len(tables), np.nan)
    se = v.copy()
    # a level that nobody reached says nothing on where its cut lies
    filled = tables.any(axis=1)
    for levels in np.unique(filled, axis=0):
        alike = np.flatnonzero((filled == levels).all(axis=1) & enough_levels(tables).all(axis=1))
        if len(alike):
            v[alike], se[alike] = _v_of_full(tables[alike][:, :, levels])
    return v, se


def _v_of_full(tables):
    """The same where each level has students."""
    model = _Probit(tables)
    theta, fixed = model.fit()
    mu, sigma, _ = model.unpack(theta)
    pooled = np.sqrt((sigma**2).mean(axis=1))
    v = (mu[:, 1] - mu[:, 0]) / pooled
    slope = -v[:, None] * sigma / (2 * pooled[:, None])
    # by theta, which holds the logarithms of sigma
    slope = np.column_stack([-np.ones_like(v), np.ones_like(v), slope * sigma]) / pooled[:, None]
    information = model.slope(theta)[1] * tables.sum(axis=(1, 2))[:, None, None]
    information[~fixed] = np.eye(theta.shape[1])
    covariance = np.linalg.inv(information)[:, :4, :4]
    se = np.sqrt(np.einsum("us,ust,ut->u", slope, covariance, slope))
    return np.where(fixed, v, np.nan), np.where(fixed, se, np.nan)


class _Probit:
    """Likelihood of counts in level k of group g of two, of many pairs u at once.

    P(k | g) = Phi((c_k - mu_g) / sigma_g) - Phi((c_(k-1) - mu_g) / sigma_g).

    Parameters theta: the two mu; the two log sigma; log distances of the cuts beyond the two fixed
    ones.
    """

    def __init__(self, tables):
        self.tables = tables

    def unpack(self, theta):
        """mu and sigma of both groups, and the cuts (three arrays)."""
        mu, log_sigma, steps = np.split(theta, [2, 4], axis=1)
        beyond = FIXED_CUTS[-1] + np.cumsum(np.exp(steps), axis=1)
        fixed = np.broadcast_to(FIXED_CUTS, (len(theta), 2))
        return mu, np.exp(log_sigma), np.concatenate([fixed, beyond], axis=1)

    def start(self):
        """Where the search begins: both groups alike, the cuts those of all students together."""
        shares = self.tables.sum(axis=1) / self.tables.sum(axis=(1, 2))[:, None]
        z = ndtri(np.cumsum(shares, axis=1)[:, :-1])
        unit = (FIXED_CUTS[1] - FIXED_CUTS[0]) / (z[:, [1]] - z[:, [0]])
        mu = FIXED_CUTS[0] - unit * z[:, [0]]
        steps = np.log(unit * np.diff(z[:, 1:], axis=1))
        return np.concatenate([mu, mu, np.log(unit), np.log(unit), steps], axis=1)

    def probabilities(self, theta):
        """P (u x groups x levels) and its derivatives by theta (u x groups x levels x theta)."""
        mu, sigma, cuts = self.unpack(theta)
        mu, sigma = mu[:, :, None], sigma[:, :, None]
        z = (cuts[:, None] - mu) / sigma
        z = np.pad(z, ((0, 0), (0, 0), (1, 1)), constant_values=(-np.inf, np.inf))
        # in the upper tail the difference of two numbers near 1 loses its digits
        from_below = ndtr(z[..., 1:]) - ndtr(z[..., :-1])
        from_above = ndtr(-z[..., :-1]) - ndtr(-z[..., 1:])
        p = np.where(z[..., :-1] > 0, from_above, from_below)
        density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        by_mu = -np.diff(density) / sigma
        by_log_sigma = -np.diff(np.where(np.isfinite(z), z, 0) * density)
        # a step moves its own cut, of which the first is the third, and every higher one
        levels = self.tables.shape[2]
        moved = np.arange(levels + 1)[:, None] >= np.arange(3, levels)
        by_steps = np.diff((density / sigma)[..., None] * moved, axis=2)
        own = np.eye(2)[:, None, :]
        slopes = [
            by_mu[..., None] * own,
            by_log_sigma[..., None] * own,
            by_steps * np.diff(cuts[:, 1:])[:, None, None, :],
        ]
        return np.maximum(p, 1e-300), np.concatenate(slopes, axis=3)

    def slope(self, theta):
        """The gradient of the log-likelihood and its expected (Fisher) information.

        u x theta and u x theta x theta, both per student.
        """
        p, slopes = self.probabilities(theta)
        pairs, parameters = theta.shape
        slopes = slopes.reshape(pairs, -1, parameters)
        p = p.reshape(pairs, -1)
        expected = self.tables.sum(axis=2).repeat(self.tables.shape[2], axis=1) / p
        gradient = np.einsum("uk,ukt->ut", self.tables.reshape(pairs, -1) / p, slopes)
        information = (slopes * expected[:, :, None]).transpose(0, 2, 1) @ slopes
        total = self.tables.sum(axis=(1, 2))
        return gradient / total[:, None], information / total[:, None, None]

    def loss(self, theta):
        """Minus the log-likelihood per student (u)."""
        p, _ = self.probabilities(theta)
        return -(self.tables * np.log(p)).sum(axis=(1, 2)) / self.tables.sum(axis=(1, 2))

    def fit(self):
        """The theta of maximum likelihood (u x theta), and which counts fix one (mask).

        By Fisher's scoring for all pairs at once; where that has not come to rest, by a search with
        a region of trust for the one pair.
        """
        theta = self.start()
        small = 1e-12 * np.eye(theta.shape[1])  # a step that nothing limits is a long one
        for _ in range(ROUNDS):
            gradient, information = self.slope(theta)
            step = np.linalg.solve(information + small, gradient[:, :, None])[:, :, 0]
            longest = np.abs(step).max(axis=1, keepdims=True)
            theta = theta + step / np.maximum(longest, 1)
            if (longest < AT_REST).all():
                break
        for place in np.flatnonzero(~(longest[:, 0] < AT_REST)):
            theta[place] = _Probit(self.tables[[place]]).search()
        gradient, information = self.slope(theta)
        fixed = np.abs(gradient).max(axis=1) <= 1e-6
        return theta, fixed & (np.linalg.cond(information) <= 1e12)

    def search(self):
        """The theta of maximum likelihood of one pair (array)."""
        from scipy.optimize import minimize

        return minimize(
            lambda theta: self.loss(theta[None])[0],
            self.start()[0],
            jac=lambda theta: -self.slope(theta[None])[0][0],
            hess=lambda theta: self.slope(theta[None])[1][0],
            method="trust-exact",
            options={"gtol": 1e-10, "maxiter": 150},
        ).x


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
    cells = [cell for cell in cells if tuple(cell.values()) not in shown]
    if not cells:
        return {}
    known = counts(rows, [*by, "group_id"]).set_index([*by, "group_id"]).to_dict("index")
    reasons = {}
    for cell in cells:
        place = tuple(cell.values())
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
