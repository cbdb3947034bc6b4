"""Changes that keep every sum: how they look in one place, and how they travel between places.

``patterns`` are changes of the student groups of one entity and grade; ``on_cycle`` finds where
such a pattern can travel around through entities and grades.
"""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

_PATTERNS_AT_MOST = 150
_GROUPS_AT_MOST = 5


def patterns(sums, present):
    """Small changes of one entity and grade that keep every group sum, smallest first.

    A list of {code of the student group: +1 or -1}.

    >>> patterns(((1, (31, 111)),), [1, 31, 111])
    [{1: 1, 31: 1}, {1: 1, 111: 1}, {31: 1, 111: -1}]
    """
    found = set()
    for code in present:
        todo = [{code: 1}]
        while todo and len(found) < _PATTERNS_AT_MOST:
            change = todo.pop(0)
            broken = next((one_sum for one_sum in sums if _lack(change, *one_sum)), None)
            if broken is None:
                found.add(_first_upwards(change))
            elif len(change) < _GROUPS_AT_MOST:
                todo += _mended(change, *broken)
    return [dict(change) for change in sorted(found, key=lambda change: (len(change), change))]


def _lack(change, total, parts):
    """By how many pupils the total changes more than its parts."""
    return change.get(total, 0) - sum(change.get(part, 0) for part in parts)


def _mended(change, total, parts):
    """The change with one group more, so that this sum holds again (list)."""
    lack = _lack(change, total, parts)
    if abs(lack) != 1:
        return []
    mended = [{**change, part: lack} for part in parts if part not in change]
    if total not in change:
        mended.append({**change, total: -lack})
    return mended


def _first_upwards(change):
    """The change in order of the codes, turned so that the first goes up: it works both ways."""
    ordered = sorted(change.items())
    way = ordered[0][1]
    return tuple((code, way * step) for code, step in ordered)


def on_cycle(tail, head, up, down):
    """Which edges lie on a directed cycle that does not just go there and back (mask).

    An edge is open from tail to head where ``up``, and back where ``down``.

    >>> tail, head = np.array([1, 2, 1, 3]), np.array([2, 1, 3, 4])
    >>> on_cycle(tail, head, np.ones(4, bool), np.array([False, False, True, True])).tolist()
    [True, True, False, False]
    """
    nodes, ends = np.unique(np.concatenate([tail, head]), return_inverse=True)
    tail, head = np.split(ends, 2)
    source = np.concatenate([tail[up], head[down]])
    target = np.concatenate([head[up], tail[down]])
    graph = _graph(source, target, len(nodes))
    strong = csgraph.connected_components(graph, connection="strong")[1]
    inside = (strong[tail] == strong[head]) & (up | down)
    between = inside & (tail != head)
    both_ways = between & up & down
    if both_ways.any():
        chosen = np.flatnonzero(between)
        bridges = _bridges(tail[chosen], head[chosen], len(nodes))
        inside[chosen[both_ways[chosen] & bridges]] = False
    return inside


def _graph(source, target, size):
    return sparse.csr_array((np.ones(len(source)), (source, target)), shape=(size, size))


def _bridges(tail, head, size):
    """Which edges of an undirected graph are bridges (mask).

    Every edge outside a spanning tree gets a random label; an edge of the tree is a bridge where no
    label crosses it, that is where the labels of the ends below it cancel out (exclusive or).
    """
    parent = _spanning_tree(tail, head, size)
    child = np.where(parent[head] == tail, head, np.where(parent[tail] == head, tail, -1))
    in_tree = child >= 0
    numbers = np.arange(len(tail))
    tree = np.full(size, -1)  # the edge to each node's parent; of parallel edges the last
    tree[child[in_tree]] = numbers[in_tree]
    outside = ~np.isin(numbers, tree)
    labels = np.random.default_rng(20).integers(1, 2**63, len(tail), dtype=np.uint64)
    crossing = np.zeros(size + 1, dtype=np.uint64)
    for end in (tail, head):
        np.bitwise_xor.at(crossing, end[outside], labels[outside])
    depth = _depth(parent, size)
    for level in range(depth.max(), 1, -1):
        nodes = np.flatnonzero(depth == level)
        np.bitwise_xor.at(crossing, parent[nodes], crossing[nodes])
    return ~outside & (crossing[np.where(in_tree, child, size)] == 0)


def _spanning_tree(tail, head, size):
    """Each node's parent; one node more, ``size``, is the root above all components (array)."""
    label = csgraph.connected_components(_graph(tail, head, size), directed=False)[1]
    roots = np.unique(label, return_index=True)[1]
    source = np.append(tail, np.full(len(roots), size))
    rooted = _graph(source, np.append(head, roots), size + 1)
    return csgraph.breadth_first_order(rooted, size, directed=False)[1]


def _depth(parent, size):
    depth = np.zeros(size + 1, dtype=int)
    while not np.array_equal(depth[:size], depth[parent[:size]] + 1):
        depth[:size] = depth[parent[:size]] + 1
    return depth
