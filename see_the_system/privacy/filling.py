"""Counts for the rows that the state hides from us too.

Any whole counts that agree with the shown rows are as good as the true ones: what is asked of them
later is whether others would agree as well.
"""

import numpy as np
from scipy import optimize, sparse

from see_the_system.messages import Refusal
from see_the_system.privacy import disclosure


def fill(view):
    """Put whole counts into the unknown cells, as evenly spread as the shown rows let them be."""
    cells = view.cells
    unknown = ~cells.known
    if not unknown.any():
        return
    matrix = disclosure.incidence(cells)
    sides = matrix @ np.where(unknown[:, None], 0, cells.counts)
    for part in disclosure.components(matrix, unknown):
        inside, rows = disclosure.columns(matrix, part)
        cells.counts[part] = _fill_part(inside, -sides[rows], view, part)


def _fill_part(matrix, sides, view, part):
    low = view.low[part]
    high = view.high[part]
    even = _even(view.cells, part, low, high)
    if not len(sides):
        return _rounded(even, low)
    # The even counts moved as little as possible (least squares) so that they fit the shown rows.
    fitting = even.copy()
    for level in range(4):
        lacking = sides[:, level] - matrix @ even[:, level]
        fitting[:, level] += sparse.linalg.lsqr(matrix, lacking, iter_lim=200)[0]
    return _nearest_whole(matrix, sides, np.rint(np.maximum(fitting, 0)), low, high)


def _even(cells, part, low, high):
    """Pupils halfway between the bounds, in the levels as the shown rows of that year have them."""
    middle = np.where(np.isinf(high), low * 2, (low + high) / 2)
    shown = cells.known & (cells.block == cells.block[part[0]])
    levels = cells.counts[shown].sum(axis=0) + 1.0
    return np.minimum(middle, high)[:, None] * (levels / levels.sum())


def _rounded(even, low):
    counts = np.floor(even).astype(np.int64)
    wanted = np.maximum(np.rint(even.sum(axis=1)), low).astype(np.int64)
    counts[:, 0] += np.maximum(wanted - counts.sum(axis=1), 0)
    return counts


def _nearest_whole(matrix, sides, aim, low, high):
    """The whole counts nearest to ``aim`` within the bounds (n x 4); ``Refusal`` out of time.

    The unknowns are the counts, how far each is above and below its aim, and how far each equation
    is from holding: rounding in a file can make the state's sums inexact, so an equation may give
    way, at a price that no aim reaches.
    """
    rows = len(aim)
    n = aim.size
    m = sides.size
    four = sparse.eye_array(4)
    each = sparse.eye_array(n)
    slack = sparse.eye_array(m)
    pupils = sparse.kron(sparse.eye_array(rows), np.ones((1, 4)))
    system = [
        [sparse.kron(matrix, four), None, None, slack, -slack],
        [each, -each, each, None, None],
        [pupils, None, None, sparse.csr_array((rows, m)), None],
    ]
    aims = np.append(sides, aim)
    found = optimize.milp(
        np.concatenate([np.zeros(n), np.ones(2 * n), np.full(2 * m, 1e5)]),
        integrality=np.concatenate([np.ones(n), np.zeros(2 * n + 2 * m)]),
        bounds=optimize.Bounds(0, np.inf),
        options={"time_limit": 20, "mip_rel_gap": 0.05},
        constraints=optimize.LinearConstraint(
            sparse.block_array(system, format="csc"), np.append(aims, low), np.append(aims, high)
        ),
    )
    if found.x is None:
        raise Refusal(
            f"{rows} hidden rows hang together and could not be checked in time: "
            "protect one district at a time."
        )
    return np.rint(found.x[:n]).astype(np.int64).reshape(-1, 4)
