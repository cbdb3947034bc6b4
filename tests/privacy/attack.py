"""The attacker, who shares no code with the package: what is shown, what adds up, and a solver.

``Attacker`` meets any table of counts; ``Attack`` a frame with the state's groups.
"""

import numpy as np
from scipy import optimize, sparse
from scipy.sparse import csgraph

from see_the_system.privacy import protect as privacy
from tests.privacy.districts import LEVELS, PAIRS

HIDDEN = [privacy.SUPPRESSED, privacy.COMPANION]
UNREAD = "on no page"  # a row that nobody reads, and that is in the sums
PLACES = (74, 75, 76, 77, 78, 79, 80, 144)
SUMS = (
    [(1, pair) for pair in PAIRS]
    + [(6, (7, 8, 180)), (1, PLACES)]
    + [(total, (200 + i, 220 + i)) for i, total in enumerate(PLACES)]
)
AT_MOST = [(31, tuple(range(200, 208))), (111, tuple(range(220, 228)))]
MOST = 10_000  # no count is above it
_FEW_TABLES = 7  # so many, in any direction, show of most counts that they have two values
_KEY = ["year", "test_id", "county_code", "district_code", "school_code", "grade", "group_id"]
# Per cell four levels and those tested without a score; what is measured of them: the levels, with
# scores, tested, meeting the standard.
_WEIGHTS = np.vstack([np.eye(5)[:4], [1, 1, 1, 1, 0], np.ones(5), [0, 0, 1, 1, 0]])


class Attacker:
    """Every table of whole numbers that agrees with what is shown, by integer programming.

    counts: cells x kinds, NaN in all kinds where the cell is hidden. sums: (total, parts, whether
    they are all of it), by the numbers of the cells. limits: (cell, weights of its kinds, least,
    most), of hidden cells. table: one that agrees, cells x kinds, where one is known.
    """

    def __init__(self, counts, sums, limits, table=None):
        self.counts = np.asarray(counts, dtype=float)
        self.hidden = np.flatnonzero(np.isnan(self.counts[:, 0]))
        self.place = {cell: i for i, cell in enumerate(self.hidden.tolist())}
        kinds = self.counts.shape[1]
        signs = [{total: 1, **dict.fromkeys(parts, -1)} for total, parts, _ in sums]
        among_sums = self.columns(signs)
        known = np.array([self.known(one) for one in signs]).reshape(-1, kinds)
        whole = np.array([exact for _, _, exact in sums], dtype=bool)
        most = np.where(whole[:, None], -known, np.inf)
        bounded = [self.place[cell] for cell, *_ in limits]
        weights = np.array([weight for _, weight, _, _ in limits]).reshape(-1, kinds)
        rows = np.repeat(np.arange(len(limits)), kinds)
        columns = (np.array(bounded, dtype=int)[:, None] * kinds + np.arange(kinds)).ravel()
        shape = (len(limits), len(self.hidden) * kinds)
        of_limits = sparse.csr_array((weights.ravel(), (rows, columns)), shape=shape)
        system = sparse.vstack(
            [sparse.kron(among_sums, sparse.eye_array(kinds)), of_limits], format="csr"
        )
        least = np.append(-known.ravel(), [least for _, _, least, _ in limits])
        most = np.append(most.ravel(), [most for _, _, _, most in limits])
        some = np.diff(system.indptr) > 0
        self.system, self.least, self.most = system[some], least[some], most[some]
        linked = abs(among_sums).T @ abs(among_sums)
        self.component = csgraph.connected_components(linked, directed=False)[1]
        # Every line of the system is of one component.
        first = self.system.indices[self.system.indptr[:-1]] // kinds
        self.component_of_line = self.component[first]
        self.random = np.random.default_rng(3)
        self.tables = []
        if not len(self.hidden):
            return
        if table is None:
            self.tables.append(self._best(np.zeros((len(self.hidden), kinds))))
        else:
            self.tables.append(np.asarray(table, dtype=float)[self.hidden])
            assert self._holds(self.tables[0]).all(), "what is known does not add up"

    def columns(self, targets):
        """Signs of cells, {cell: sign}, as lines over the hidden cells (sparse)."""
        entries = [
            (line, self.place[cell], sign)
            for line, signs in enumerate(targets)
            for cell, sign in signs.items()
            if cell in self.place
        ]
        lines, columns, signs = np.array(entries, dtype=int).reshape(-1, 3).T
        shape = (len(targets), len(self.hidden))
        return sparse.csr_array((signs.astype(float), (lines, columns)), shape=shape)

    def known(self, signs):
        """What the shown cells contribute to a sum, {cell: sign} (an array, one a kind)."""
        shown = [sign * self.counts[cell] for cell, sign in signs.items() if cell not in self.place]
        return np.sum(shown, axis=0) if shown else np.zeros(self.counts.shape[1])

    def _vary(self):
        """Two more tables, in a direction and its opposite.

        Found without the solver's work for whole numbers, and kept where they come out whole.
        """
        direction = self.random.normal(size=self.tables[0].shape)
        for cost in (direction, -direction):
            found = optimize.milp(
                cost.ravel(),
                bounds=optimize.Bounds(0, MOST),
                constraints=optimize.LinearConstraint(self.system, self.least, self.most),
            )
            table = np.rint(found.x).reshape(cost.shape)
            good = self._holds(table)[self.component]
            self.tables.append(np.where(good[:, None], table, self.tables[0]))

    def another(self, reach):
        """A table in a random direction, no count further than ``reach`` from the first one's."""
        first = self.tables[0].ravel()
        found = optimize.milp(
            self.random.normal(size=first.size),
            integrality=np.ones(first.size),
            bounds=optimize.Bounds(np.maximum(first - reach, 0), first + reach),
            constraints=optimize.LinearConstraint(self.system, self.least, self.most),
        )
        return np.rint(found.x).reshape(self.tables[0].shape)

    def _holds(self, table):
        """In which components a table agrees with what is shown (mask)."""
        values = self.system @ table.ravel()
        broken = (values < self.least) | (values > self.most)
        good = np.ones(self.component.max() + 1, dtype=bool)
        good[self.component_of_line[broken]] = False
        return good

    def _best(self, cost):
        """The table that costs least, whole, found in the components that the cost is of."""
        among = np.unique(self.component[cost.any(axis=1)]) if self.tables else self.component
        inside = np.isin(self.component, among)
        columns = np.repeat(inside, cost.shape[1])
        lines = np.isin(self.component_of_line, among)
        found = optimize.milp(
            cost[inside].ravel(),
            integrality=np.ones(columns.sum()),
            bounds=optimize.Bounds(0, MOST),
            constraints=optimize.LinearConstraint(
                self.system[lines][:, columns], self.least[lines], self.most[lines]
            ),
        )
        assert found.x is not None, "no table agrees with what is shown"
        table = self.tables[0].copy() if self.tables else np.zeros(cost.shape)
        table[inside] = np.rint(found.x).reshape(-1, cost.shape[1])
        return table

    def told(self, targets, weights):
        """Of which targets a number has one value only: {number of the target: [of the weights]}.

        targets: {cell: sign} each; weights: of the kinds, one measure a row.
        """
        weights = np.asarray(weights, dtype=float)
        lines = self.columns(targets)
        if not len(self.hidden):
            return {target: list(range(len(weights))) for target in range(len(targets))}
        one = self._with_one_value(lines, weights)
        while one.any() and len(self.tables) < _FEW_TABLES:
            self._vary()
            one = self._with_one_value(lines, weights)
        first = lines @ self.tables[0] @ weights.T
        left = np.argwhere(one).tolist()
        while left:
            cost = self._cost_of_some(left, lines, weights)
            for way in (cost, -cost):
                one &= first == lines @ self._best(way) @ weights.T
            left = [target for target in left if one[*target]]
        found = {}
        for target, measure in np.argwhere(one).tolist():
            found.setdefault(target, []).append(measure)
        return found

    def _cost_of_some(self, left, lines, weights):
        """What is to be least, to decide on some of the targets left: those of which none touches
        a component of another. They are taken out of ``left``.
        """
        cost = np.zeros(self.tables[0].shape)
        taken = set()
        for target, measure in list(left):
            cells = lines.indices[lines.indptr[target] : lines.indptr[target + 1]]
            touched = set(self.component[cells].tolist())
            if not touched & taken:
                taken |= touched
                cost += np.outer(lines[[target]].toarray(), weights[measure])
                left.remove([target, measure])
        return cost

    def _with_one_value(self, lines, weights):
        """Which measures of which lines are the same in all tables found so far (mask)."""
        values = np.array([lines @ table @ weights.T for table in self.tables])
        return values.min(axis=0) == values.max(axis=0)

    def extent(self, signs, weight):
        """The least and the most that a weighted sum of cells can be (pair of int)."""
        cost = np.outer(self.columns([signs]).toarray(), weight)
        known = self.known(signs) @ np.asarray(weight)
        if not cost.any():
            return round(known), round(known)
        found = [(self._best(way * cost) * cost).sum() for way in (1, -1)]
        return tuple(round(known + value) for value in found)


class Attack:
    """The attacker over a published frame as a whole: its years, entities, grades and groups."""

    def __init__(self, shown, min_n=11, *, within=(), frame=None):
        """within: pairs of groups (codes) of which the first lies in the second.

        frame: the true one, where all its counts are known: it saves the search for a first table.
        """
        self.within = within
        shown = shown.reset_index(drop=True)
        why = shown["missing_scores"].astype(str)
        hidden = why.isin([*HIDDEN, UNREAD]).to_numpy()
        unread = why.eq(UNREAD).to_numpy()
        small = why.eq(privacy.SUPPRESSED).to_numpy()
        limits = []
        for row in np.flatnonzero(hidden).tolist():
            fewest, most = (0, min_n - 1) if small[row] else (min_n, np.inf)
            if not unread[row]:
                limits.append((row, _WEIGHTS[4], fewest, most))
                limits.append((row, _WEIGHTS[5], 1, np.inf))
        counts = np.nan_to_num(_counts(shown))  # of nobody there are no levels
        counts[hidden] = np.nan
        table = None if frame is None else _counts(frame)
        self.attacker = Attacker(counts, list(self.sums(shown)), limits, table)

    def sums(self, shown):
        """Every sum as (row of the total, rows of the parts, whether it is exact)."""
        level = shown["level"].tolist()
        own = shown["type_id"].isin([7, 10]).tolist()
        schools, grades, groups = {}, {}, {}
        for row, key in enumerate(zip(*(shown[name].tolist() for name in _KEY), strict=True)):
            *place, school, grade, group = key
            total = level[row] == "district"
            if total or own[row]:
                _put(schools, (*place, grade, group), total, row)
            _put(grades, (*place, school, group), grade == 13, row)
            groups.setdefault((*place, school, grade), {})[group] = row
        for totals, parts in [*schools.values(), *grades.values()]:
            if parts:
                yield from ((total, parts, True) for total in totals)
        for at in groups.values():
            yield from self._sums_of_groups(at)

    def _sums_of_groups(self, at):
        """The sums among the groups of one place, {group: row}."""
        for total, parts in SUMS + AT_MOST:
            if {total, *parts} <= set(at):
                yield at[total], [at[part] for part in parts], len(parts) < 8
        for code, row in at.items():
            if code != 1 and 1 in at:
                yield at[1], [row], False
            for other, outer in at.items():
                if (code, other) in self.within:
                    yield outer, [row], False

    def worked_out(self):
        """The hidden rows with a count that has only one value: {row: numbers of the measures}.

        A row of which it can be told that none met the standard, or all, is among them: of none
        two levels can only be 0, and of all the other two.
        """
        rows = self.attacker.hidden.tolist()
        told = self.attacker.told([{row: 1} for row in rows], _WEIGHTS)
        return {rows[target]: measures for target, measures in told.items()}

    def rests_worked_out(self, frame, parts, total=1):
        """The rows outside whose listed parts a few pupils are left, of whom a count has only one
        value; and how many such rows there are (``frame`` has the true counts).
        """
        scores = _counts(frame)[:, :4].sum(axis=1)
        at = {}
        keys = zip(*(frame[name].tolist() for name in _KEY), strict=True)
        for row, (*place, group) in enumerate(keys):
            at.setdefault(tuple(place), {})[group] = row
        rests = []
        for rows in at.values():
            if {total, *parts} <= set(rows):
                signs = {rows[total]: 1, **{rows[part]: -1 for part in parts}}
                if 0 < sum(sign * scores[row] for row, sign in signs.items()) < privacy.MIN_N:
                    rests.append(signs)
        stuck = [next(iter(rests[target])) for target in self.attacker.told(rests, _WEIGHTS)]
        return stuck, len(rests)


def _put(sums, key, total, row):
    """Put a row among the totals or the parts of a sum."""
    sums.setdefault(key, ([], []))[not total].append(row)


def _counts(frame):
    """The four levels of each row and those tested without a score (n x 5)."""
    numbers = frame[[*LEVELS, "tested", "with_scores"]].astype("Float64")
    numbers = numbers.to_numpy(dtype=float, na_value=np.nan)
    return np.column_stack([numbers[:, :4], numbers[:, 4] - numbers[:, 5]])
