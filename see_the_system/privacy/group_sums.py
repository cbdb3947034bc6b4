"""Which student groups add up to which, among the groups of a frame.

Where a few pupils are outside every part (ethnicity or parents' education not known, gender from
2021) they are a fixed, unshown rest: an attacker who takes it for zero is the stronger one. A group
whose other parts are not in the frame leaves "everybody else", a group nobody lists but anybody can
work out.

Checked on the 2024 science file of county 38, all groups: the sums of two, the eight ethnicities,
ethnicity by economic status and 6 = 7 + 8 + 180 are exact wherever all parts are shown.
"""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from see_the_system.data import codes

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


GENDERS = (1, (3, 4))
_BY_INCOME = [(ethnicity, (200 + i, 220 + i)) for i, ethnicity in enumerate(codes.ETHNICITIES)]
GROUP_SUMS = (
    (1, (31, 111)),
    (1, (99, 128)),
    GENDERS,
    (1, (28, 29)),
    (1, (50, 51)),
    (1, (52, 53)),
    (1, (240, 241)),
    (1, codes.ETHNICITIES),
    (6, (7, 8, 180)),
    (170, (8, 160)),
    (252, (7, 180)),
    (1, (170, 252)),
    (1, (6, 160)),
    (1, (90, 91, 92, 93, 94, 121)),
    *_BY_INCOME,
    (31, tuple(range(200, 208))),
    (111, tuple(range(220, 228))),
)
# The group that a group without its other parts lies in; All students where none is named.
_INSIDE = {120: 160, 142: 160, 250: 160, 251: 160, 160: 170, 8: 170, 7: 6, 180: 6}


def among(present):
    """The group sums that hold among these codes (tuple of (total, parts)).

    Those of which every code is present, and those with "everybody else" as their last part (a
    negative code) where some are not.

    >>> among({1, 31, 111, 160})
    ((1, (31, 111)), (1, (160, -2)))
    """
    sums = [(total, parts) for total, parts in GROUP_SUMS if {total, *parts} <= present]
    covered = {part for _, parts in sums for part in parts}
    some = [code for code in codes.ETHNICITIES if code in present - covered]
    if len(some) > 1 and codes.ALL_STUDENTS in present:
        sums.append((codes.ALL_STUDENTS, (*some, -len(sums) - 1)))
        covered.update(some)
    for code in sorted(present - covered - {codes.ALL_STUDENTS}):
        whole = _INSIDE.get(code)
        if whole not in present:
            whole = codes.ALL_STUDENTS
        if whole in present:
            sums.append((whole, (code, -len(sums) - 1)))
    return tuple(sums)
