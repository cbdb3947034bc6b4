"""Choosing what else to hide, so that the hidden rows stay hidden and little is lost.

In every equation that would give a hidden row away a companion is hidden: the one that costs least,
counted in pupils. Totals over grades, which only repeat their grades, are cheap; All students and
district rows are dear. ``disclosure`` then looks for what can still be worked out, and the search
for companions goes on around it.
"""

import numpy as np

from see_the_system.data import codes
from see_the_system.privacy import disclosure
from see_the_system.privacy.relations import LAST, OVER_GRADES, OVER_GROUPS

_SOUGHT_AT_MOST = 60  # moves; where more are needed, hiding all around is no great loss


class _Plan:
    """What the choice needs at hand: what each cell is worth, which may be hidden, the equations.

    ``groups`` and ``others`` are the entries of the equations over student groups and of the
    others, family by family.
    """

    def __init__(self, view, min_n, size=(), first=None):
        cells = view.cells
        self.view = view
        self.min_n = min_n
        may_go = np.arange(len(cells.group)) < (cells.rows if first is None else first)
        self.open_to = may_go & ~cells.empty
        dear = np.where(cells.group == codes.ALL_STUDENTS, 50.0, 1.0)
        cheap = np.where(cells.grade == LAST, 0.05, 1.0)
        pupils = np.append(size, cells.scores[len(size) :])
        self.worth = (pupils * dear * cheap + 1) * 1000.0**cells.tier
        self.signed = disclosure.incidence(cells).tocsc()
        self.matrix = abs(self.signed).tocsr()
        family = cells.family[cells.equation]
        over_groups = [name for name in np.unique(family) if name <= OVER_GROUPS]
        # Schools first, then what stands above the districts, the grades last.
        rest = [name for name in np.unique(family) if name > OVER_GROUPS]
        rest.sort(key=lambda name: (name < 0, name == OVER_GRADES, name))
        self.groups = [np.flatnonzero(family == name) for name in over_groups]
        self.others = [np.flatnonzero(family == name) for name in rest]

    def costs(self, entries, lacking):
        """What hiding the cell of each entry would cost (array).

        Its pupils, more if it leaves new equations with one hidden row, and more for each level
        that the equation lacks and the cell lacks too.
        """
        cells = self.view.cells
        untouched = (self.matrix @ self.view.hidden.astype(float)) == 0
        fresh = self.matrix.T @ untouched.astype(float)
        cell = cells.cell[entries]
        missed = (lacking[cells.equation[entries]] & (cells.counts[cell] == 0)).sum(axis=1)
        return self.worth[cell] * (1 + 2 * fresh[cell]) * (1 + 3 * missed)

    def hide_cheapest(self, entries, lacking):
        """Hide one cell in each equation that has entries here and a cell that may be hidden.

        Whether any was hidden (bool).
        """
        cells = self.view.cells
        may_go = self.open_to & ~self.view.hidden
        entries = entries[may_go[cells.cell[entries]]]
        if not len(entries):
            return False
        costs = self.costs(entries, lacking)
        entries = entries[np.lexsort((cells.cell[entries], costs, cells.equation[entries]))]
        cheapest = np.unique(cells.equation[entries], return_index=True)[1]
        self.hide(np.unique(cells.cell[entries[cheapest]]))
        return True

    def hide(self, chosen):
        self.view.hidden[chosen] = True
        self.view.guarded[chosen] = True
        self.view.low[chosen] = self.min_n


def hide_until_safe(view, min_n, size=(), first=None):
    """Hide rows of an ``AttackersView`` until every hidden count is proved safe.

    ``size``: as how many pupils the first cells count in the choice; their own number by default.
    ``first``: only so many of the first rows may be hidden, where not all.
    """
    plan = _Plan(view, min_n, size, first)
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
    """The last resort: hide everything around what cannot be proved safe.

    First the whole entity, then the whole district and year; a second time, for the sums of a
    county can carry what was hidden in one district into another.
    """
    view = plan.view
    for among in (view.cells.place, view.cells.home, view.cells.home):
        if view.open.any():
            near = np.isin(among, np.unique(among[view.open]))
            plan.hide(np.flatnonzero(near & plan.open_to & ~view.hidden))
            _balance(plan)
            disclosure.prove(view)


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
    """One companion in each equation of these families that needs one; whether any was hidden."""
    changed = False
    for entries in families:
        needing, lacking = _needs(plan, entries)
        if needing.any():
            wanting = entries[needing[plan.view.cells.equation[entries]]]
            changed |= plan.hide_cheapest(wanting, lacking)
    return changed


def _needs(plan, entries):
    """Which equations need a companion, and which levels nobody in their hidden parts is in.

    Two masks, the second equations x 4.
    """
    view = plan.view
    cells = view.cells
    size = len(cells.family)
    cell = cells.cell[entries]
    equation = cells.equation[entries]
    hidden = view.hidden[cell]
    is_part = cells.sign[entries] > 0
    count = np.bincount(equation, hidden, size)
    guarded = np.bincount(equation, hidden & view.guarded[cell], size)
    total_shown = np.bincount(equation, hidden & ~is_part, size) == 0
    equation = equation[hidden & is_part]
    cell = cell[hidden & is_part]
    left = [np.bincount(equation, cells.counts[cell, level], size) for level in range(4)]
    left = np.column_stack(left)
    scores = left.sum(axis=1)
    nobody = (left == 0) & cells.levels
    # All as few as they can be, or as many: then each is known.
    at_a_bound = scores == np.bincount(equation, view.low[cell], size)
    at_a_bound |= scores == np.bincount(equation, view.high[cell], size)
    plain = (scores < plan.min_n) | nobody.any(axis=1) | at_a_bound
    alone = (count == 1) & (guarded == 1)
    needing = alone | (total_shown & (guarded > 0) & plain)
    return needing, nobody & total_shown[:, None]


# Mending: the cheapest set of rows whose hiding lets one count of one row take another value, by
# integer programming.
def _mend(plan):
    """Hide what is cheapest around each count that is not proved safe, the largest rows first.

    Where very many are not, the first of them alone.
    """
    view = plan.view
    left = np.flatnonzero(view.open)
    left = left[np.argsort(-view.cells.scores[left], kind="stable")]
    levels = np.flatnonzero(view.cells.levels).tolist()
    sought = 0
    for cell in left:
        if view.proved[cell].all():
            continue
        near = _around(plan, cell)
        for measure in range(disclosure.MEASURES):
            if not view.proved[cell, measure] and sought < _SOUGHT_AT_MOST:
                _hide_cheapest_move(plan, cell, near, disclosure.steps_of(measure, levels))
                sought += 1


def _around(plan, cell, schools=10, few=600):
    """The cells that may take part (array of numbers).

    All of the district's if they are few, else those of the entity, its district and some schools.
    The schools that have pupils in most of the entity's grades come first, and of these the ones
    where least has to be hidden.
    """
    view = plan.view
    cells = view.cells
    inside = np.flatnonzero((cells.home == cells.home[cell]) & (view.hidden | plan.open_to))
    if len(inside) <= few:
        return inside
    own = cells.place[inside] == cells.place[cell]
    alike = np.isin(cells.grade[inside], cells.grade[inside[own]])
    alike &= cells.group[inside] == cells.group[cell]
    price = np.where(view.hidden[inside], 0, plan.worth[inside])
    school = np.unique(cells.place[inside], return_inverse=True)[1]
    order = np.lexsort((np.bincount(school, price * alike), -np.bincount(school, alike)))
    return inside[own | cells.top[inside] | np.isin(school, order[:schools])]


def _hide_cheapest_move(plan, cell, near, steps):
    """Hide the rows of the cheapest move that makes one of these steps, or undoes it, in a cell."""
    view = plan.view
    shown = ~view.hidden[near]
    price = np.where(shown, plan.worth[near], 0) + 0.001  # of moves without cost the shortest
    matrix = plan.signed[:, near]
    matrix = matrix[np.unique(matrix.indices)]
    target = int(np.flatnonzero(near == cell)[0])
    least = np.inf
    best = None
    for gain, lose in steps:
        up, down = disclosure.room(
            view, near, np.where(shown, plan.min_n, view.low[near]), gain, lose
        )
        for way in (1, -1):
            move = disclosure.cheapest_move(matrix, up, down, price, target, way)
            cost = np.inf if move is None else price[(move != 0) & shown].sum()
            if cost < least:
                least = cost
                best = near[move != 0], disclosure.touched(gain, lose)
        if not least:
            break
    if best:
        moved, measures = best
        plan.hide(moved[~view.hidden[moved]])
        view.proved[np.ix_(moved, measures)] = True
