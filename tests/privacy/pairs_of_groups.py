"""Every pair of the state's groups as a page shows it, attacked: nested or not, on any district."""

from collections import Counter
from functools import lru_cache

import numpy as np

from see_the_system.data.codes import GROUPS
from see_the_system.privacy import protect as privacy
from tests.privacy import districts
from tests.privacy.attack import HIDDEN, Attack


@lru_cache(maxsize=1)
def nested():
    """Every pair of which the first group lies inside the second (sorted list)."""
    return sorted(districts.pairs_within())


def other_pairs(draw, number):
    """So many pairs that are not nested (list)."""
    codes = list(GROUPS)
    known = {frozenset(pair) for pair in nested()}
    found = []
    while len(found) < number:
        pair = tuple(draw.choice(codes, 2, replace=False).tolist())
        if frozenset(pair) not in known:
            found.append(pair)
    return found


def tiny_district(seed):
    """A district of one to four schools with a few pupils each, all groups of the state."""
    draw = np.random.default_rng(seed)
    return districts.district(
        draw,
        schools=int(draw.integers(1, 5)),
        charters=int(draw.integers(0, 2)),
        grades=(6, 7),
        groups=tuple(GROUPS),
        pupils=(4, int(draw.integers(20, 90))),
        of=districts.pupils_of_all_groups,
        all_grades=False,
    )


def attacked(frame, pair):
    """What the attacker finds on a page of two groups: nothing (Counter of what was tried)."""
    rows = frame[frame["group_id"].isin(pair)].reset_index(drop=True)
    if rows.empty:
        return Counter()
    shown = privacy.protect(rows)
    attack = Attack(shown, within=nested())
    assert attack.worked_out() == {}, pair
    few = 0
    for inner, outer in {pair, pair[::-1]} & set(nested()):
        stuck, few = attack.rests_worked_out(rows, [inner], total=outer)
        assert stuck == [], pair
    hidden = int(shown["missing_scores"].astype(str).isin(HIDDEN).sum())
    return Counter(pairs=1, hidden=hidden, rests=few)
