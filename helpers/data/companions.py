"""Choosing what else to hide, so that the hidden rows stay hidden and little is lost.

In every equation that would give a hidden row away a companion is hidden: the one that costs least, counted in pupils. Totals over
grades, which only repeat their grades, are cheap; All students and district rows are dear. ``disclosure`` then looks for what can still
be worked out, and the search for companions goes on around it.
"""

import numpy as np

from helpers.data import codes, disclosure
from helpers.data.relations import LAST


def hide_until_safe(view, min_n, may_hide=None):
    cells = view.cells
    listed = np.arange(len(cells.group)) < cells.rows
    worth = cells.scores * np.where(cells.group == codes.ALL_STUDENTS, 50.0, 1.0) * np.where(cells.grade == LAST, 0.05, 1.0)
    worth = (worth + 1) * np.where(cells.top, 1000.0, 1.0)
    open_to = listed & ~cells.empty if may_hide is None else may_hide
    plan = _Plan(view, worth, open_to, abs(disclosure.incidence(cells)), min_n, may_hide is None)
    while True:
        _balance(plan)
        disclosure.prove(view)
        if not view.open.any() or not _widen(plan):
            return


class _Plan:
    def __init__(self, view, worth, open_to, matrix, min_n, guard_new):
        self.view, self.worth, self.open_to, self.matrix, self.min_n, self.guard_new = view, worth, open_to, matrix, min_n, guard_new
        cells = view.cells
        family = cells.family[cells.equation]
        names = sorted(set(family.tolist()), key=lambda name: (name < 0, name == -2, name))
        self.groups = [np.flatnonzero(family == name) for name in names if name <= -4]
        self.others = [np.flatnonzero(family == name) for name in names if name > -4]

    def costs(self, entries, lacking):
        """What hiding the cell of each entry would cost: its pupils, and more if it leaves new equations with one hidden row."""
        cells = self.view.cells
        fresh = self.matrix.T @ ((self.matrix @ self.view.hidden.astype(float)) == 0).astype(float)
        cell = cells.cell[entries]
        missed = (lacking[cells.equation[entries]] & (cells.counts[cell] == 0)).sum(axis=1)
        return self.worth[cell] * (1 + 2 * fresh[cell]) * (1 + 3 * missed)

    def hide_cheapest(self, entries, lacking):
        """Hide one cell in each equation that has entries here and a cell that may be hidden; whether any was."""
        cells, view = self.view.cells, self.view
        entries = entries[self.open_to[cells.cell[entries]] & ~view.hidden[cells.cell[entries]]]
        if not len(entries):
            return False
        order = np.lexsort((cells.cell[entries], self.costs(entries, lacking), cells.equation[entries]))
        first = np.unique(cells.equation[entries[order]], return_index=True)[1]
        self.hide(np.unique(cells.cell[entries[order[first]]]))
        return True

    def hide(self, chosen):
        self.view.hidden[chosen], self.view.guarded[chosen], self.view.low[chosen] = True, self.guard_new, self.min_n


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
    """Equations x (the levels of which nobody is left in the hidden parts; whether a companion is needed), or None if none is."""
    view, cells = plan.view, plan.view.cells
    number, size = cells.equation[entries], len(cells.family)
    within, sign = cells.cell[entries], cells.sign[entries]
    hidden = view.hidden[within]
    count, guarded = np.bincount(number, hidden, size), np.bincount(number, hidden & view.guarded[within], size)
    part = hidden & (sign > 0)
    total_shown = np.bincount(number, hidden & (sign < 0), size) == 0
    number, within = number[part], within[part]
    left = np.column_stack([np.bincount(number, cells.counts[within, j], size) for j in range(4)])
    scores, low, high = left.sum(axis=1), np.bincount(number, view.low[within], size), np.bincount(number, view.high[within], size)
    tight = total_shown & (guarded > 0) & ((scores < plan.min_n) | (left == 0).any(axis=1) | (scores == low) | (scores == high))
    need = ((count == 1) & (guarded == 1)) | tight | _rest_shows(plan, entries, count)
    return np.column_stack([(left == 0) & total_shown[:, None], need]) if need.any() else None


def _rest_shows(plan, entries, count):
    """Where male and female leave a few pupils who are neither, and both are shown: those few would be worked out."""
    cells = plan.view.cells
    number = cells.equation[entries]
    if not cells.gendered[number].any():
        return np.zeros(len(cells.family), dtype=bool)
    rest = np.bincount(number, -cells.sign[entries] * cells.scores[cells.cell[entries]], len(cells.family))
    return cells.gendered & (count == 0) & (rest > 0) & (rest < plan.min_n)


def _widen(plan):
    """Hide more around the rows not proved safe: a cell of their own equations, else of the equations next to those."""
    view, cells = plan.view, plan.view.cells
    reach, none = view.open, np.zeros((len(cells.family), 4), dtype=bool)
    for _ in range(8):
        touched = (plan.matrix @ reach.astype(float)) > 0
        entries = np.flatnonzero(touched[cells.equation])
        entries = entries[plan.open_to[cells.cell[entries]] & ~view.hidden[cells.cell[entries]]]
        if len(entries):
            return _cheapest_for_each(plan, np.flatnonzero(reach), entries, none)
        reach = view.hidden & ((plan.matrix.T @ touched.astype(float)) > 0)
    return False


def _cheapest_for_each(plan, reach, entries, none):
    """Of the equations around each cell the cheapest companion is hidden."""
    cells = plan.view.cells
    cost, equation = plan.costs(entries, none), cells.equation[entries]
    best = np.full(len(cells.family), np.inf)
    np.minimum.at(best, equation, cost)
    around = plan.matrix[:, reach].tocoo()
    least = np.full(len(reach), np.inf)
    np.minimum.at(least, around.col, best[around.row])
    chosen = np.zeros(len(cells.family), dtype=bool)
    chosen[around.row[(best[around.row] == least[around.col]) & np.isfinite(best[around.row])]] = True
    return plan.hide_cheapest(entries[chosen[equation]], none)
