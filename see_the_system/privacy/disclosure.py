"""Which hidden counts could be worked out from the shown ones: the attacker's side of ``privacy``.

The attacker sees every shown row, knows the equations of ``relations``, that counts are whole
numbers from 0, and the strongest thing about a hidden row: whether it is below the minimum (1 to
min_n - 1 pupils) or hidden for another's sake (min_n or more). A hidden row is safe when each of
its counts (four levels, their sum, and those meeting the standard) can take a second whole value.
The proof is a *move*: pupils added and taken away among hidden rows so that every equation still
holds. Moves of all hidden rows are sought together, by integer programming (HiGHS): one program
moves as many counts as it can.
"""

import dataclasses

import numpy as np
from scipy import optimize, sparse
from scipy.sparse import csgraph

from see_the_system.privacy.relations import Cells

MEASURES = 6  # four levels, with scores, meeting the standard
SCORES = 4  # where the number with scores stands among the measures
MEETING = 5  # where the number meeting the standard stands
OUTSIDE = None  # where a pupil comes from who was in no level
_TOGETHER = 250  # hidden rows in one search; with more the solver takes minutes


@dataclasses.dataclass
class AttackersView:
    """What is hidden, what the attacker knows of it, and what is proved safe.

    ``hidden`` and ``guarded`` (those that have to be safe) are masks of the cells, ``low`` and
    ``high`` the fewest and the most pupils each may have, ``proved`` cells x measures.
    """

    cells: Cells
    hidden: np.ndarray
    guarded: np.ndarray
    low: np.ndarray
    high: np.ndarray
    proved: np.ndarray

    @property
    def open(self):
        """The hidden cells for which some count is not proved safe (mask)."""
        return self.open_in(slice(None))

    def open_in(self, part):
        """The same for the cells of an index array."""
        return self.hidden[part] & self.guarded[part] & ~self.proved[part].all(axis=1)


def prove(view):
    """Note in ``view.proved`` every count of a hidden row that is found to take another value."""
    if not view.open.any():
        return
    matrix = incidence(view.cells)
    together = []
    for part in components(matrix, view.hidden):
        if view.open_in(part).any():
            part = _near(view, matrix, part)
            if together and sum(map(len, together)) + len(part) > _TOGETHER:
                _search(view, matrix, np.concatenate(together))
                together = []
            together.append(part)
    _search(view, matrix, np.concatenate(together))


def untold(levels):
    """Which measures say nothing, because of the four levels only some can hold anybody (mask)."""
    met_is_a_level = levels[2:].sum() < 2
    return np.append(~levels, [False, met_is_a_level])


def incidence(cells):
    """The equations as a sparse matrix, one row an equation and one column a cell."""
    shape = (len(cells.family), len(cells.group))
    return sparse.csr_array((cells.sign.astype(float), (cells.equation, cells.cell)), shape=shape)


def columns(matrix, part):
    """These columns of a matrix without the rows that are empty in them, and which rows stay."""
    inside = matrix[:, part]
    rows = np.flatnonzero(np.diff(inside.indptr))
    return inside[rows], rows


def components(matrix, mask):
    """The index arrays of the cells in ``mask`` that hang together through equations."""
    chosen = np.flatnonzero(mask)
    inside = abs(matrix[:, chosen])
    graph = sparse.block_array([[None, inside], [inside.T, None]], format="csr")
    label = csgraph.connected_components(graph, directed=False)[1][matrix.shape[0] :]
    order = np.argsort(label, kind="stable")
    return np.split(chosen[order], np.flatnonzero(np.diff(label[order])) + 1)


def touched(gain, lose):
    """The measures that change when a pupil comes into level ``gain``.

    Out of level ``lose``, or (None) from outside.
    """
    measures = [gain, SCORES] if lose is None else [gain, lose]
    met_before = lose is not None and lose > 1
    if met_before != (gain > 1):
        measures.append(MEETING)
    return measures


def _near(view, matrix, part):
    """The part, or where it is large the cells within a few equations of those that are open."""
    if len(part) <= _TOGETHER:
        return part
    near = view.open_in(part)
    links = abs(matrix[:, part])
    for _ in range(3):
        wider = (links.T @ (links @ near.astype(float))) > 0
        if wider.sum() > _TOGETHER:
            break
        near = wider
    return part[near]


def _search(view, matrix, part):
    """Prove what moves in random directions prove, until one and its opposite bring nothing new."""
    best_move = _mover(view, matrix, part)
    random = np.random.default_rng(7)
    shape = (len(part), MEASURES)
    quiet = 0
    way = 1
    while view.open_in(part).any() and quiet < 4:
        if quiet % 2 == 0:
            weight = random.uniform(1, 2, shape) * random.choice([-1, 1], shape)
        wanted = np.where(view.open_in(part)[:, None] & ~view.proved[part], weight, 0) * way
        move = best_move(wanted)
        moved = np.column_stack([move, move.sum(axis=1), move[:, 2:].sum(axis=1)]) != 0
        if (moved & ~view.proved[part]).any():
            quiet = 0
        else:
            quiet += 1
            way = -way
        view.proved[part] |= moved


def _mover(view, matrix, part):
    """The function that gives the move (n x 4) with the largest sum of its wanted changes.

    In a move each count changes by one pupil at most and every equation still holds.
    """
    inside, _ = columns(matrix, part)
    n = len(part)
    counts = view.cells.counts[part]
    scores = view.cells.scores[part]
    pupils = sparse.kron(sparse.eye_array(n), np.ones((1, 4)))
    system = sparse.vstack([sparse.kron(inside, sparse.eye_array(4)), pupils], format="csc")
    still = np.zeros(inside.shape[0] * 4)
    least = np.append(still, view.low[part] - scores)
    most = np.append(still, view.high[part] - scores)
    limits = optimize.LinearConstraint(system, least, most)
    most_up = np.tile(view.cells.levels.astype(float), n)
    bounds = optimize.Bounds(-np.minimum(counts, 1).ravel(), most_up)

    def holds(move):
        sums = system @ move
        return (sums >= least).all() and (sums <= most).all()

    def best_move(wanted):
        gain = wanted[:, :4] + wanted[:, [SCORES]] + np.outer(wanted[:, MEETING], [0, 0, 1, 1])
        move = _whole_solution(-gain.ravel(), bounds, limits, holds, {"time_limit": 2.0})
        return np.zeros((n, 4)) if move is None else move.reshape(n, 4)

    return best_move


def steps_of(measure, levels):
    """The steps (gain, lose) of one pupil that change a measure: from level ``lose`` to ``gain``.

    Where the number of pupils has to stay the pupil comes out of another level; levels: those in
    which there can be anybody.
    """
    steps = [(gain, lose) for gain in levels for lose in (OUTSIDE, *levels) if gain != lose]
    steps = [step for step in steps if measure in touched(*step)]
    return [step for step in steps if measure > 3 or step[0] == measure]


def room(view, near, fewest, gain, lose):
    """Which cells can make a step, and which can undo it (two masks).

    The step: one pupil more in level ``gain``, out of ``lose`` or from outside; ``fewest``: how few
    pupils each of these cells may have.
    """
    counts = view.cells.counts[near]
    filled = counts[:, gain] > 0
    if lose is not OUTSIDE:
        return counts[:, lose] > 0, filled
    scores = counts.sum(axis=1)
    return scores < view.high[near], filled & (scores > fewest)


def cheapest_move(matrix, up, down, price, target, way):
    """The cheapest change by -1, 0 or 1 of each cell that keeps all equations (array), or None.

    It moves the target up (``way`` 1) or down (-1).
    """
    possible = up if way > 0 else down
    if not possible[target]:
        return None
    n = len(up)
    most = np.concatenate([up, down]).astype(float)
    least = np.zeros(2 * n)
    most[[target, target + n]] = max(way, 0), max(-way, 0)
    least[[target, target + n]] = most[[target, target + n]]
    system = optimize.LinearConstraint(sparse.hstack([matrix, -matrix], format="csc"), 0, 0)
    options = {"mip_rel_gap": 0.05, "time_limit": 5}

    def holds(way_and_back):
        move = way_and_back[:n] - way_and_back[n:]
        return move[target] == way and not (matrix @ move).any()

    found = _whole_solution(
        np.concatenate([price, price]), optimize.Bounds(least, most), system, holds, options
    )
    return None if found is None else found[:n] - found[n:]


def _whole_solution(price, bounds, limits, holds, options):
    """The cheapest whole numbers within bounds and limits that ``holds`` finds right, or None.

    Most of these systems have whole solutions by themselves, which takes half as long to find.
    """
    for whole in (0, 1):
        found = optimize.milp(
            price,
            integrality=np.full(len(price), whole),
            bounds=bounds,
            constraints=limits,
            options=options,
        )
        if found.x is None:
            return None
        rounded = np.rint(found.x)
        if np.allclose(found.x, rounded, atol=1e-6) and holds(rounded):
            return rounded
    return None
