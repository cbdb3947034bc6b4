"""Changes that keep every sum: patterns of student groups, and cycles through entities and grades
along which a pattern can travel.
"""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

_PATTERNS_AT_MOST = 150


def patterns(sums, present):
    """Small changes of the student groups of one entity and grade that keep every group sum: {code:
    +1 or -1}, smallest first.

    >>> patterns(((1, (31, 111)),), [1, 31, 111])
    [{1: 1, 31: 1}, {1: 1, 111: 1}, {31: 1, 111: -1}]
    """
    found = {}
    for code in present:
        todo = [{code: 1}]
        while todo and len(found) < _PATTERNS_AT_MOST:
            change = todo.pop(0)
            broken = next(
                (
                    s
                    for s in sums
                    if change.get(s[0], 0) != sum(change.get(part, 0) for part in s[1])
                ),
                None,
            )
            if broken is None:
                key = tuple(sorted(change.items()))
                found.setdefault(key if key[0][1] > 0 else tuple((c, -v) for c, v in key), None)
            elif len(change) < 5:
                lack = change.get(broken[0], 0) - sum(change.get(part, 0) for part in broken[1])
                todo += [
                    {**change, part: lack}
                    for part in broken[1]
                    if part not in change and abs(lack) == 1
                ]
                todo += [
                    {**change, broken[0]: -lack}
                    for _ in (1,)
                    if broken[0] not in change and abs(lack) == 1
                ]
    return [dict(key) for key in sorted(found, key=lambda key: (len(key), key))]


def on_cycle(tail, head, up, down):
    """Which edges lie on a directed cycle that does not just go there and back: open from tail to
    head where ``up``, back where ``down``.

    >>> on_cycle(np.array([1, 2, 1, 3]), np.array([2, 1, 3, 4]), np.ones(4, bool), np.array([False, False, True, True])).tolist()
    [True, True, False, False]
    """
    nodes, ends = np.unique(np.concatenate([tail, head]), return_inverse=True)
    tail, head = np.split(ends, 2)
    source, target = np.concatenate([tail[up], head[down]]), np.concatenate([head[up], tail[down]])
    graph = sparse.csr_array(
        (np.ones(len(source)), (source, target)), shape=(len(nodes), len(nodes))
    )
    strong = csgraph.connected_components(graph, connection="strong")[1]
    inside = (strong[tail] == strong[head]) & (up | down)
    free = inside & (tail != head) & up & down
    if free.any():
        chosen = np.flatnonzero(inside & (tail != head))
        inside[chosen[free[chosen] & _bridges(tail[chosen], head[chosen], len(nodes))]] = False
    return inside


def _bridges(tail, head, size):
    """Which edges of an undirected graph are bridges: no random label of an edge outside a spanning
    tree crosses them.
    """
    edge = sparse.csr_array((np.ones(len(tail)), (tail, head)), shape=(size, size))
    label = csgraph.connected_components(edge, directed=False)[1]
    roots = np.unique(label, return_index=True)[1]
    rooted = sparse.csr_array(
        (
            np.ones(len(tail) + len(roots)),
            (np.append(tail, np.full(len(roots), size)), np.append(head, roots)),
        ),
        shape=(size + 1, size + 1),
    )
    parent = csgraph.breadth_first_order(rooted, size, directed=False)[1]
    child = np.where(parent[head] == tail, head, np.where(parent[tail] == head, tail, -1))
    tree = np.full(size, -1)
    numbers = np.arange(len(tail))
    tree[child[child >= 0]] = numbers[child >= 0]
    other = ~np.isin(numbers, tree)
    crossing = np.zeros(size + 1, dtype=np.uint64)
    labels = np.random.default_rng(20).integers(1, 2**63, len(tail), dtype=np.uint64)
    np.bitwise_xor.at(
        crossing, np.concatenate([tail[other], head[other]]), np.tile(labels[other], 2)
    )
    depth = np.zeros(size + 1, dtype=int)
    while not np.array_equal(depth[:size], depth[parent[:size]] + 1):
        depth[:size] = depth[parent[:size]] + 1
    for level in range(depth.max(), 1, -1):
        nodes = np.flatnonzero(depth == level)
        np.bitwise_xor.at(crossing, parent[nodes], crossing[nodes])
    return ~other & (crossing[np.where(child >= 0, child, size)] == 0)
