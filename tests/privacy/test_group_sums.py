"""Cycles against trying every walk, patterns against the sums."""

import numpy as np
import pytest

from see_the_system.privacy import group_sums


@pytest.mark.parametrize("seed", range(20))
def test_edges_on_cycles_agree_with_trying_every_walk(seed):
    draw = np.random.default_rng(seed)
    n, m = int(draw.integers(3, 7)), int(draw.integers(3, 11))
    tail, head = draw.integers(0, n, m), draw.integers(0, n, m)
    head = np.where(head == tail, (head + 1) % n, head)
    up, down = draw.random(m) < 0.6, draw.random(m) < 0.6
    found = group_sums.on_cycle(tail, head, up, down)
    for edge in range(m):
        assert found[edge] == any_cycle(edge, tail, head, up, down)


def any_cycle(edge, tail, head, up, down):
    """Whether a walk comes back to where the edge starts without the edge itself."""
    steps = [(tail[i], head[i]) for i in range(len(tail)) if up[i] and i != edge]
    steps += [(head[i], tail[i]) for i in range(len(tail)) if down[i] and i != edge]
    for start, goal in [(head[edge], tail[edge])] * bool(up[edge]) + [
        (tail[edge], head[edge])
    ] * bool(down[edge]):
        reached, size = {start}, 0
        while len(reached) > size:
            size = len(reached)
            reached |= {b for a, b in steps if a in reached}
        if goal in reached:
            return True
    return False


def test_patterns_keep_every_sum():
    sums = group_sums.among({1, 31, 111, 3, 4, 160})
    found = group_sums.patterns(sums, [1, 31, 111, 3, 4, 160, sums[-1][1][-1]])
    assert {31: 1, 111: -1} in found
    for change in found:
        assert all(
            change.get(total, 0) == sum(change.get(part, 0) for part in parts)
            for total, parts in sums
        )
