"""Every pair of the state's groups as a page shows it, attacked: nested or not, on any district."""

from collections import Counter
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from see_the_system.data.codes import GROUPS
from see_the_system.gaps import peers
from see_the_system.privacy import protect as privacy
from tests.privacy import districts
from tests.privacy.attack import HIDDEN, Attack
from tests.privacy.districts import KEY


@lru_cache(maxsize=1)
def nested():
    """Every pair of which the first group lies inside the second (sorted list)."""
    return sorted(districts.pairs_within())


def other_pairs():
    """Every pair that is not nested, once (list)."""
    known = {frozenset(pair) for pair in nested()}
    return [pair for pair in combinations(GROUPS, 2) if frozenset(pair) not in known]


def tiny_district(seed):
    """A district of one to four schools with a few pupils each, all groups of the state.

    Its code is its seed's.
    """
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
        code=str(10_000 + seed),
    )


def attacked(frame, pair):
    """What the attacker finds on the pages of two groups, of one district or many: nothing.

    A Counter of what was tried.
    """
    rows = frame[frame["group_id"].isin(pair)].reset_index(drop=True)
    if rows.empty:
        return Counter()
    shown = privacy.protect(rows)
    unknown = rows["missing_scores"].astype(str).eq(privacy.SUPPRESSED).any()
    attack = Attack(shown, within=set(nested()), frame=None if unknown else rows)
    assert attack.worked_out() == {}, pair
    few = 0
    for inner, outer in {pair, pair[::-1]} & set(nested()):
        stuck, few = attack.rests_worked_out(rows, [inner], total=outer)
        assert stuck == [], pair
    pages = len(rows.drop_duplicates(["county_code", "district_code"]))
    hidden = int(shown["missing_scores"].astype(str).isin(HIDDEN).sum())
    return Counter(pairs=1, pages=pages, hidden=hidden, rests=few)


def attacked_beside(frame, pair):
    """What the totals read beside a page of two groups tell: nothing that it alone does not.

    (A page of the disadvantaged and of nobody else shows all students, whoever hides them.) A
    Counter of what was tried.
    """
    rows = frame[frame["group_id"].isin(pair)].reset_index(drop=True)
    totals = frame[(frame["level"] == "district") & frame["group_id"].isin(peers.GROUPS)]
    shown = privacy.protect(rows)
    beside = privacy.protect_beside(totals, shown)
    both = pd.concat([shown, beside], ignore_index=True).drop_duplicates(KEY, ignore_index=True)
    true = both[KEY].merge(frame, on=KEY)
    told = Attack(both, within=set(nested()), frame=true).worked_out()
    if told:
        listed = (both.index >= len(shown)) & (both["tested"] != 0).fillna(True)
        few = true["with_scores"] < privacy.MIN_N
        why = np.where(few, privacy.SUPPRESSED, privacy.COMPANION)
        bare = both.assign(missing_scores=np.where(listed, why, both["missing_scores"]))
        by_page = Attack(bare, within=set(nested()), frame=true).worked_out()
        assert all(set(told[row]) <= set(by_page.get(row, ())) for row in told), pair
    hidden = int(both["missing_scores"].astype(str).isin(HIDDEN).sum())
    return Counter(pages=1, hidden=hidden)
