"""Which hidden counts could be worked out from the shown ones: the attacker's side of ``privacy``.

The attacker sees every shown row, knows the equations of ``relations``, that counts are whole
numbers from 0, and the strongest thing about a hidden row: whether it is below the minimum (1 to
min_n - 1 pupils) or hidden for another's sake (min_n or more). A hidden row is safe when each of
its counts (four levels, their sum, and those meeting the standard) can take a second whole value.
The proof is a *move*: pupils added and taken away among hidden rows so that every equation still
holds. Many moves are cycles in a network, found all at once (Gusfield 1988, SIAM J. Comput. 17:552:
an entry is protected when it lies on a directed cycle; one that can go both ways when it is no
bridge of its strong component); the others are sought by integer programming (HiGHS).
"""

import dataclasses
import itertools

import numpy as np
from scipy import optimize, sparse
from scipy.sparse import csgraph

from see_the_system.messages import Refusal
from see_the_system.privacy import cycles
from see_the_system.privacy.relations import GRADES, LAST

MEASURES = 6  # four levels, with scores, meeting the standard
_PAIRS = [(first, second) for first, second in itertools.combinations(range(4), 2)]


@dataclasses.dataclass
class View:
    """Cells, which are hidden, which of those have to be safe, the fewest and the most pupils each
    may have, and what is proved.
    """

    cells: object
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


def prove(view, *, thorough=False):
    """Note in ``view.proved`` every count of a hidden row that can take another value; ``thorough``
    leaves no move out.
    """
    _by_cycles(view)
    _by_search(view, thorough)


def incidence(cells):
    """The equations as a sparse matrix, one row an equation and one column a cell."""
    shape = (len(cells.family), len(cells.group))
    return sparse.csr_array((cells.sign.astype(float), (cells.equation, cells.cell)), shape=shape)


# Filling in: the state hides small rows from us too; any counts that satisfy the equations are as
# good as the true ones.
def fill(view):
    """Put into the unknown cells whole counts that agree with the shown rows, as evenly spread as
    they can be.
    """
    cells, matrix = view.cells, incidence(view.cells)
    unknown = ~cells.known
    if not unknown.any():
        return
    sides = matrix @ np.where(unknown[:, None], 0, cells.counts)
    for part in _components(matrix, unknown):
        inside = matrix[:, part]
        rows = np.flatnonzero(np.diff(inside.indptr))
        cells.counts[part] = _fill_part(inside[rows], -sides[rows], view, part)


def _components(matrix, mask):
    """The index arrays of the cells in ``mask`` that hang together through equations."""
    chosen = np.flatnonzero(mask)
    inside = abs(matrix[:, chosen])
    graph = sparse.block_array([[None, inside], [inside.T, None]], format="csr")
    label = csgraph.connected_components(graph, directed=False)[1][matrix.shape[0] :]
    order = np.argsort(label, kind="stable")
    return np.split(chosen[order], np.flatnonzero(np.diff(label[order])) + 1)


def _fill_part(matrix, sides, view, part):
    cells, low, high = view.cells, view.low[part], view.high[part]
    shown = cells.counts[cells.known & (cells.block == cells.block[part[0]])].sum(axis=0) + 1.0
    start = np.minimum(np.where(np.isinf(high), low * 2, (low + high) / 2), high)[:, None] * (
        shown / shown.sum()
    )
    if not len(sides):
        return _rounded(start, low)
    aim = start + np.column_stack(
        [
            sparse.linalg.lsqr(matrix, sides[:, j] - matrix @ start[:, j], iter_lim=200)[0]
            for j in range(4)
        ]
    )
    aim = np.rint(np.maximum(aim, 0)).ravel()
    n, m = aim.size, sides.size
    four, eye, one = sparse.eye_array(4), sparse.eye_array(n), sparse.eye_array(m)
    within = sparse.kron(sparse.eye_array(len(part)), np.ones((1, 4)))
    rows = [[sparse.kron(matrix, four), None, None, one, -one], [eye, -eye, eye, None, None]]
    rows.append([within, None, None, sparse.csr_array((len(part), m)), None])
    system = sparse.block_array(rows, format="csc")
    least = np.concatenate([sides.ravel(), aim, low])
    most = np.concatenate([sides.ravel(), aim, high])
    cost = np.concatenate([np.zeros(n), np.ones(2 * n), np.full(2 * m, 1e5)])
    whole = np.concatenate([np.ones(n), np.zeros(2 * n + 2 * m)])
    found = optimize.milp(
        cost,
        integrality=whole,
        bounds=optimize.Bounds(0, np.inf),
        options={"time_limit": 20, "mip_rel_gap": 0.05},
        constraints=optimize.LinearConstraint(system, least, most),
    )
    if found.x is None:
        raise Refusal(
            f"{len(part)} hidden rows hang together and could not be checked in time: "
            "protect one district at a time."
        )
    return np.rint(found.x[:n]).astype(np.int64).reshape(-1, 4)


def _rounded(start, low):
    counts = np.floor(start).astype(np.int64)
    counts[:, 0] += np.maximum(
        np.maximum(np.rint(start.sum(axis=1)), low).astype(np.int64) - counts.sum(axis=1), 0
    )
    return counts


# Proof by cycles: within an entity and grade the groups change by a fixed pattern; the pattern
# travels between entities and grades.
def _by_cycles(view):
    cells = view.cells
    busy = np.isin(cells.home, np.unique(cells.home[view.open]))
    codes, column = np.unique(cells.group, return_inverse=True)
    spot = cells.place * len(GRADES) + cells.grade
    at = np.full((len(codes), spot.max() + 1), -1)
    at[column, spot] = np.arange(len(spot))
    summed = np.zeros((2, len(spot)), dtype=bool)
    across = cells.family[cells.equation]
    summed[0, cells.cell[across == -2]] = True
    summed[1, cells.cell[across >= 0]] = True
    usable = np.append(view.hidden & busy & ~cells.stacked, False)
    where = {code: i for i, code in enumerate(codes.tolist())}
    for pattern in cycles.patterns(cells.sums, codes.tolist()):
        support = at[[where[code] for code in pattern]]
        support = support[:, usable[support].all(axis=0)]
        if support.size and not view.proved[support].all():
            _run_cycles(view, support, np.array(list(pattern.values())), summed)


def _run_cycles(view, support, sign, summed):
    cells, first = view.cells, support[0]
    counts, plus = cells.counts[support], (sign > 0)[:, None]
    places = cells.place.max() + 1
    entity = np.where(summed[0, support].any(axis=0), 1 + cells.place[first], 0)
    grade = np.where(
        summed[1, support].any(axis=0),
        1 + places + cells.home[first] * len(GRADES) + cells.grade[first],
        0,
    )
    turned = cells.top[first] != (cells.grade[first] == LAST)
    tail, head = np.where(turned, grade, entity), np.where(turned, entity, grade)
    roomy, spare = (
        cells.scores[support] < view.high[support],
        cells.scores[support] > view.low[support],
    )
    for j in range(4):
        gain, lose = roomy, (counts[:, :, j] > 0) & spare
        _mark(
            view,
            support,
            touched(j, None),
            np.where(plus, gain, lose).all(axis=0),
            np.where(plus, lose, gain).all(axis=0),
            tail,
            head,
        )
    for i, j in _PAIRS:
        gain, lose = counts[:, :, i] > 0, counts[:, :, j] > 0
        _mark(
            view,
            support,
            touched(i, j),
            np.where(plus, gain, lose).all(axis=0),
            np.where(plus, lose, gain).all(axis=0),
            tail,
            head,
        )


def touched(gain, lose):
    """The measures that change when a pupil comes into level ``gain``, out of ``lose`` or (None)
    from outside.
    """
    if lose is None:
        return [gain, 4, 5] if gain > 1 else [gain, 4]
    return [gain, lose, 5] if (gain < 2) != (lose < 2) else [gain, lose]


def _mark(view, support, marks, up, down, tail, head):
    live = up | down
    if view.proved[np.ix_(support[:, live].ravel(), marks)].all():
        return
    support, up, down, tail, head = support[:, live], up[live], down[live], tail[live], head[live]
    moved = cycles.on_cycle(tail, head, up, down)
    view.proved[np.ix_(support[:, moved].ravel(), marks)] = True


# Proof by search: whatever no cycle proved.
def _by_search(view, thorough):
    if not view.open.any():
        return
    matrix = incidence(view.cells)
    for part in _components(matrix, view.hidden):
        if view.open_in(part).any():
            _search(view, matrix, part, thorough)


def _search(view, matrix, part, thorough, near=250):
    cells, reach, step = view.cells, view.open_in(part), 3 if thorough else 1
    inside = matrix[:, part]
    inside = inside[np.flatnonzero(np.diff(inside.indptr))]
    if not thorough and len(part) > near:
        links = abs(inside)
        for _ in range(3):
            wider = (links.T @ (links @ reach.astype(float))) > 0
            if wider.sum() > near:
                break
            reach = wider
        part, inside = part[reach], inside[:, reach]
        inside = inside[np.flatnonzero(np.diff(inside.indptr))]
    counts, n = cells.counts[part], len(part)
    room = np.column_stack(
        [view.low[part] - cells.scores[part], view.high[part] - cells.scores[part]]
    )
    sums = sparse.kron(sparse.eye_array(n), np.ones((1, 4)))
    system = sparse.vstack([sparse.kron(inside, sparse.eye_array(4)), sums], format="csc")
    still = np.zeros(inside.shape[0] * 4)
    limits = optimize.LinearConstraint(
        system, np.append(still, room[:, 0]), np.append(still, room[:, 1])
    )
    bounds = optimize.Bounds(-np.minimum(counts, step).ravel(), np.full(n * 4, float(step)))
    random, quiet, turn = np.random.default_rng(7), 0, 1
    while view.open_in(part).any() and quiet < 2:
        weight = (
            random.uniform(1, 2, (n, MEASURES)) * random.choice([-1, 1], (n, MEASURES))
            if not quiet
            else weight
        )
        wanted = np.where(view.open_in(part)[:, None] & ~view.proved[part], weight, 0) * turn
        cost = wanted[:, :4] + wanted[:, 4:5] + np.outer(wanted[:, 5], [0, 0, 1, 1])
        found = optimize.milp(
            -cost.ravel(),
            integrality=np.ones(n * 4),
            bounds=bounds,
            constraints=limits,
            options={"time_limit": 20.0 if thorough else 2.0},
        )
        move = np.rint(found.x).reshape(n, 4) if found.x is not None else np.zeros((n, 4))
        if (system @ move.ravel() < limits.lb).any() or (system @ move.ravel() > limits.ub).any():
            move = np.zeros((n, 4))
        moved = np.column_stack([move, move.sum(axis=1), move[:, 2:].sum(axis=1)]) != 0
        fresh = moved & ~view.proved[part]
        view.proved[part] |= moved
        quiet, turn = (0, turn) if fresh.any() else (quiet + 1, -turn)
