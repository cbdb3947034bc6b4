"""Choosing what else to hide, so that the hidden rows stay hidden and little is lost.

In every equation that would give a hidden row away a companion is hidden: the one that costs least,
counted in pupils. Totals over grades, which only repeat their grades, are cheap; All students and
district rows are dear. ``disclosure`` then looks for what can still be worked out, and the search
for companions goes on around it.
"""

import numpy as np
from scipy import optimize, sparse

from see_the_system.data import codes
from see_the_system.privacy import disclosure
from see_the_system.privacy.relations import LAST

# Which levels can carry a change of each measure: into the first, and out of the second where the
# number of pupils has to stay.
_CARRIERS = [[(j, None)] + [(j, i) for i in range(4) if i != j] for j in range(4)]
_CARRIERS += [[(j, None) for j in range(4)], [(2, None), (3, None), (2, 1), (2, 0), (3, 1), (3, 0)]]


def hide_until_safe(view, min_n, *, may_hide=None):
    """Hide rows of a ``disclosure.View`` until every hidden count is proved safe; ``may_hide``
    (mask) limits which (all, by default).
    """
    cells = view.cells
    listed = np.arange(len(cells.group)) < cells.rows
    worth = (
        cells.scores
        * np.where(cells.group == codes.ALL_STUDENTS, 50.0, 1.0)
        * np.where(cells.grade == LAST, 0.05, 1.0)
    )
    worth = (worth + 1) * 1000.0**cells.tier
    open_to = listed & ~cells.empty if may_hide is None else may_hide
    region = cells.home if may_hide is None else np.zeros_like(cells.home)
    plan = _Plan(view, worth, open_to, region, min_n, may_hide is None)
    before = -1
    while view.hidden.sum() + view.proved.sum() > before:
        before = view.hidden.sum() + view.proved.sum()
        _balance(plan)
        disclosure.prove(view)
        if not view.open.any():
            return
        _mend(plan)
    _hide_all_around(plan)


def _hide_all_around(plan):
    """The last resort: hide the whole entity, then the whole district and year, in which something
    cannot be proved safe.
    """
    view = plan.view
    for among in (view.cells.place, view.cells.home, plan.region):
        if view.open.any():
            near = np.isin(among, np.unique(among[view.open]))
            plan.hide(np.flatnonzero(near & plan.open_to & ~view.hidden))
            _balance(plan)
            disclosure.prove(view)


class _Plan:
    """What the choice needs at hand: the view, what each cell is worth, which may be hidden, and
    the equations by family.
    """

    def __init__(self, view, worth, open_to, region, min_n, guard_new):
        self.view, self.worth, self.open_to, self.region, self.min_n, self.guard_new = (
            view,
            worth,
            open_to,
            region,
            min_n,
            guard_new,
        )
        cells, self.signed = view.cells, disclosure.incidence(view.cells).tocsc()
        self.matrix = abs(self.signed).tocsr()
        family = cells.family[cells.equation]
        names = sorted(set(family.tolist()), key=lambda name: (name < 0, name == -2, name))
        self.groups = [np.flatnonzero(family == name) for name in names if name <= -4]
        self.others = [np.flatnonzero(family == name) for name in names if name > -4]

    def costs(self, entries, lacking):
        """What hiding the cell of each entry would cost: its pupils, and more if it leaves new
        equations with one hidden row.
        """
        cells = self.view.cells
        fresh = self.matrix.T @ ((self.matrix @ self.view.hidden.astype(float)) == 0).astype(float)
        cell = cells.cell[entries]
        missed = (lacking[cells.equation[entries]] & (cells.counts[cell] == 0)).sum(axis=1)
        return self.worth[cell] * (1 + 2 * fresh[cell]) * (1 + 3 * missed)

    def hide_cheapest(self, entries, lacking):
        """Hide one cell in each equation that has entries here and a cell that may be hidden;
        whether any was.
        """
        cells, view = self.view.cells, self.view
        entries = entries[self.open_to[cells.cell[entries]] & ~view.hidden[cells.cell[entries]]]
        if not len(entries):
            return False
        order = np.lexsort(
            (cells.cell[entries], self.costs(entries, lacking), cells.equation[entries])
        )
        first = np.unique(cells.equation[entries[order]], return_index=True)[1]
        self.hide(np.unique(cells.cell[entries[order[first]]]))
        return True

    def hide(self, chosen):
        self.view.hidden[chosen], self.view.guarded[chosen], self.view.low[chosen] = (
            True,
            self.guard_new,
            self.min_n,
        )


def _balance(plan):
    """Hide companions until no equation by itself gives a hidden row away."""
    _settle(plan, plan.groups)
    changed = True
    while changed:
        changed = False
        for family in plan.others:
            while _settle(plan, [family]):
                changed = True
                _settle(plan, plan.groups)


def _settle(plan, families):
    """One companion in each equation of these families that lacks one; whether any was hidden."""
    changed = False
    for entries in families:
        lacking = _lacking(plan, entries)
        if lacking is not None:
            wanting = entries[lacking[plan.view.cells.equation[entries], 4]]
            changed |= plan.hide_cheapest(wanting, lacking[:, :4])
    return changed


def _lacking(plan, entries):
    """Equations x (the levels of which nobody is left in the hidden parts; whether a companion is
    needed), or None if none is.
    """
    view, cells = plan.view, plan.view.cells
    number, size = cells.equation[entries], len(cells.family)
    within, sign = cells.cell[entries], cells.sign[entries]
    hidden = view.hidden[within]
    count, guarded = (
        np.bincount(number, hidden, size),
        np.bincount(number, hidden & view.guarded[within], size),
    )
    part = hidden & (sign > 0)
    total_shown = np.bincount(number, hidden & (sign < 0), size) == 0
    number, within = number[part], within[part]
    left = np.column_stack([np.bincount(number, cells.counts[within, j], size) for j in range(4)])
    scores, low, high = (
        left.sum(axis=1),
        np.bincount(number, view.low[within], size),
        np.bincount(number, view.high[within], size),
    )
    tight = (
        total_shown
        & (guarded > 0)
        & ((scores < plan.min_n) | (left == 0).any(axis=1) | (scores == low) | (scores == high))
    )
    need = ((count == 1) & (guarded == 1)) | tight | _rest_shows(plan, entries, count)
    return np.column_stack([(left == 0) & total_shown[:, None], need]) if need.any() else None


def _rest_shows(plan, entries, count):
    """Where male and female leave a few pupils who are neither, and both are shown: those few would
    be worked out.
    """
    cells = plan.view.cells
    number = cells.equation[entries]
    if not cells.gendered[number].any():
        return np.zeros(len(cells.family), dtype=bool)
    rest = np.bincount(
        number, -cells.sign[entries] * cells.scores[cells.cell[entries]], len(cells.family)
    )
    return cells.gendered & (count == 0) & (rest > 0) & (rest < plan.min_n)


# Mending: the cheapest set of rows whose hiding lets one count of one row take another value, by
# integer programming.
def _mend(plan):
    """Hide what is cheapest around each count that is not proved safe, the largest rows first."""
    view = plan.view
    left = np.flatnonzero(view.open)
    for cell in left[np.argsort(-view.cells.scores[left], kind="stable")]:
        if view.proved[cell].all():
            continue
        near = _around(plan, cell)
        for measure in range(disclosure.MEASURES):
            if not view.proved[cell, measure]:
                _hide_cheapest_move(plan, cell, near, _CARRIERS[measure])


def _around(plan, cell, schools=10, few=600):
    """The cells that may take part: all of the district's if they are few, else those of the
    entity, its district and some schools.

    The schools that have pupils in most of the entity's grades come first, and of these the ones
    where least has to be hidden.
    """
    view, cells = plan.view, plan.view.cells
    inside = np.flatnonzero((plan.region == plan.region[cell]) & (view.hidden | plan.open_to))
    if len(inside) <= few:
        return inside
    own = cells.place[inside] == cells.place[cell]
    alike = np.isin(cells.grade[inside], cells.grade[inside[own]]) & (
        cells.group[inside] == cells.group[cell]
    )
    price = np.where(view.hidden[inside], 0, plan.worth[inside])
    places, at = np.unique(cells.place[inside], return_inverse=True)
    order = np.lexsort((np.bincount(at, price * alike), -np.bincount(at, alike)))
    return inside[own | cells.top[inside] | np.isin(at, order[:schools])]


def _hide_cheapest_move(plan, cell, near, carriers):
    """Hide the rows of the cheapest move that changes a cell by one pupil, in any of these levels,
    up or down.
    """
    view = plan.view
    shown = ~view.hidden[near]
    price = np.where(shown, plan.worth[near], 0) + 0.001
    matrix, target = plan.signed[:, near], int(np.flatnonzero(near == cell)[0])
    matrix = matrix[np.unique(matrix.indices)]
    least, best = np.inf, None
    for gain, lose in carriers:
        room = _room(plan, near, shown, gain, lose)
        for way in (1, -1):
            move = _cheapest_move(matrix, *room, price, target, way)
            cost = np.inf if move is None else price[(move != 0) & shown].sum()
            if cost < least:
                least, best = cost, (move, gain, lose)
            if not least:
                break
        if not least:
            break
    if best:
        moved = near[best[0] != 0]
        plan.hide(moved[~view.hidden[moved]])
        view.proved[np.ix_(moved, disclosure.touched(*best[1:]))] = True


def _room(plan, near, shown, gain, lose):
    """Which cells can take one pupil more into level ``gain`` (out of ``lose``, or from outside),
    and which one less (two masks).
    """
    cells = plan.view.cells
    counts, less = cells.counts[near], cells.counts[near, gain] > 0
    if lose is not None:
        return counts[:, lose] > 0, less
    scores = counts.sum(axis=1)
    return scores < plan.view.high[near], less & (
        scores > np.where(shown, plan.min_n, plan.view.low[near])
    )


def _cheapest_move(matrix, up, down, price, target, way):
    """The cheapest change by -1, 0 or 1 of each cell that keeps all equations and moves the target
    up (1) or down (-1), or None.
    """
    if not (up if way > 0 else down)[target]:
        return None
    n = len(up)
    most, least = np.concatenate([up, down]).astype(float), np.zeros(2 * n)
    most[target], most[target + n] = max(way, 0), max(-way, 0)
    least[target], least[target + n] = most[target], most[target + n]
    system = optimize.LinearConstraint(sparse.hstack([matrix, -matrix], format="csc"), 0, 0)
    for whole in (0, 1):  # most of these systems have whole solutions by themselves
        found = optimize.milp(
            np.concatenate([price, price]),
            integrality=np.full(2 * n, whole),
            bounds=optimize.Bounds(least, most),
            constraints=system,
            options={"mip_rel_gap": 0.05, "time_limit": 5},
        )
        if found.x is None:
            return None
        move = np.rint(found.x[:n]) - np.rint(found.x[n:])
        if (
            np.allclose(found.x, np.rint(found.x), atol=1e-6)
            and move[target] == way
            and not (matrix @ move).any()
        ):
            return move
    return None
