"""The attacker, who shares no code with the package: the shown rows, the state's sums, a solver."""

import numpy as np
from scipy import optimize, sparse

from see_the_system.privacy import protect as privacy
from tests.privacy.districts import LEVELS, PAIRS

HIDDEN = [privacy.SUPPRESSED, privacy.COMPANION]
PLACES = (74, 75, 76, 77, 78, 79, 80, 144)
SUMS = (
    [(1, pair) for pair in PAIRS]
    + [(6, (7, 8, 180)), (1, PLACES)]
    + [(total, (200 + i, 220 + i)) for i, total in enumerate(PLACES)]
)
AT_MOST = [(31, tuple(range(200, 208))), (111, tuple(range(220, 228)))]
_ENTITY = ["year", "test_id", "county_code", "district_code", "school_code"]
# Per cell four levels and those tested without a score; what is measured of them: the levels, with
# scores, tested, meeting the standard.
_WEIGHTS = np.vstack([np.eye(5)[:4], [1, 1, 1, 1, 0], np.ones(5), [0, 0, 1, 1, 0]])


class Attack:
    """Ranges of the hidden counts by integer programming, over a published frame as a whole.

    All its years, entities, grades and groups.
    """

    def __init__(self, shown, min_n=11, *, within=()):
        """within: pairs of groups (codes) of which the first lies in the second."""
        self.within = within
        self.shown = shown.reset_index(drop=True)
        hidden = self.shown["missing_scores"].astype(str).isin(HIDDEN)
        self.cells = np.flatnonzero(hidden)
        self.number = {row: i for i, row in enumerate(self.cells)}
        self.size = 5 * len(self.cells)
        self.rows = []
        self.least = []
        self.most = []
        self.bounds(min_n)
        for total, parts, exact in self.sums():
            for j in range(5):
                self.equation(total, parts, j, exact)
        self.limits = self.system()

    def bounds(self, min_n):
        small = self.shown["missing_scores"].astype(str).eq(privacy.SUPPRESSED).to_numpy()
        for row in self.cells:
            at = 5 * self.number[row]
            fewest, most = (0, min_n - 1) if small[row] else (min_n, np.inf)
            self.constrain({at + j: 1 for j in range(4)}, fewest, most)
            self.constrain({at + j: 1 for j in range(5)}, 1, np.inf)

    def constrain(self, terms, least, most):
        self.rows.append(terms)
        self.least.append(least)
        self.most.append(most)

    def equation(self, total, parts, j, exact):
        terms = {}
        known = 0
        for row, sign in [(total, 1), *((part, -1) for part in parts)]:
            if row in self.number:
                terms[5 * self.number[row] + j] = sign
            else:
                line = self.shown.loc[row]
                count = line[LEVELS[j]] if j < 4 else line["tested"] - line["with_scores"]
                known += sign * int(count)
        if terms:
            self.constrain(terms, -known, -known if exact else np.inf)

    def sums(self):
        """Every sum as (row of the total, rows of the parts, whether it is exact)."""
        shown = self.shown
        for _, rows in shown.groupby([*_ENTITY[:4], "grade", "group_id"]):
            total = rows.index[rows["level"] == "district"]
            if len(total):
                yield total[0], rows.index[rows["type_id"].isin([7, 10])], True
        for _, rows in shown.groupby([*_ENTITY, "group_id"]):
            total = rows.index[rows["grade"] == 13]
            if len(total):
                yield total[0], rows.index[rows["grade"] != 13], True
        for _, rows in shown.groupby([*_ENTITY, "grade"]):
            at = dict(zip(rows["group_id"], rows.index, strict=True))
            for total, parts in SUMS + AT_MOST:
                if {total, *parts} <= set(at):
                    yield at[total], [at[part] for part in parts], len(parts) < 8
            for code in at:
                if code != 1 and 1 in at:
                    yield at[1], [at[code]], False
            for code, other in self.within:
                if {code, other} <= set(at):
                    yield at[other], [at[code]], False

    def system(self):
        matrix = sparse.lil_array((len(self.rows), self.size))
        for i, terms in enumerate(self.rows):
            for column, value in terms.items():
                matrix[i, column] = value
        return optimize.LinearConstraint(matrix.tocsc(), self.least, self.most)

    def table(self, cost):
        """The table that agrees with what is shown and costs least (cells x 5)."""
        found = optimize.milp(
            cost.ravel(),
            integrality=np.ones(self.size),
            bounds=optimize.Bounds(0, 10_000),
            constraints=self.limits,
        )
        assert found.x is not None, "no table agrees with what is shown"
        return np.rint(found.x).reshape(-1, 5)

    def worked_out(self):
        """The hidden rows with a count that has only one value: {row: numbers of the measures}.

        A row of which it can be told that none met the standard, or all, is among them: of none
        two levels can only be 0, and of all the other two.
        """
        if not len(self.cells):
            return {}
        stuck = {}
        lowest = self.table(np.zeros((len(self.cells), 5))) @ _WEIGHTS.T
        highest = lowest.copy()
        draw = np.random.default_rng(3)
        for _ in range(6):  # tables in any direction show of most counts that they have two values
            cost = draw.normal(size=(len(self.cells), 5))
            for seen in (self.table(cost) @ _WEIGHTS.T, self.table(-cost) @ _WEIGHTS.T):
                lowest, highest = np.minimum(lowest, seen), np.maximum(highest, seen)
        for cell, row in enumerate(self.cells.tolist()):
            for measure, weight in enumerate(_WEIGHTS):
                for sign in (1, -1):
                    if lowest[cell, measure] == highest[cell, measure]:
                        cost = np.zeros((len(self.cells), 5))
                        cost[cell] = sign * weight
                        seen = self.table(cost) @ _WEIGHTS.T
                        lowest = np.minimum(lowest, seen)
                        highest = np.maximum(highest, seen)
                if lowest[cell, measure] == highest[cell, measure]:
                    stuck.setdefault(row, []).append(measure)
        return stuck

    def rests_worked_out(self, frame, parts, total=1):
        """The rows outside whose listed parts a few pupils are left, of whom a count has only one
        value; and how many such rows there are (``frame`` has the true counts).
        """
        stuck = []
        few = 0
        for _, rows in frame.groupby([*_ENTITY, "grade"]):
            at = dict(zip(rows["group_id"], rows.index, strict=True))
            if not {total, *parts} <= set(at):
                continue
            signs = {at[total]: 1, **{at[part]: -1 for part in parts}}
            rest = sum(sign * frame.loc[row, "with_scores"] for row, sign in signs.items())
            if 0 < rest < privacy.MIN_N:
                few += 1
                if not all(self.can_differ(signs, weight) for weight in _WEIGHTS):
                    stuck.append(at[total])
        return stuck, few

    def can_differ(self, signs, weight):
        """Whether a sum of rows, {row: sign}, can have two values."""
        cost = np.zeros((len(self.cells), 5))
        for row, sign in signs.items():
            if row in self.number:
                cost[self.number[row]] = sign * weight
        if not cost.any():
            return False
        return (self.table(cost) * cost).sum() < (self.table(-cost) * cost).sum()
