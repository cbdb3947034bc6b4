"""Nothing hidden can be worked out: an attacker with a solver tries it on random districts."""

import numpy as np
import pandas as pd
import pytest

from see_the_system.gaps import peers
from see_the_system.messages import Refusal
from see_the_system.privacy import protect as privacy
from tests.privacy.attack import HIDDEN, PLACES, Attack
from tests.privacy.districts import (
    COUNTS,
    KEY,
    LEVELS,
    by_hand,
    district,
    hidden_in,
    only_small_rows_hidden,
    pairs_within,
)
from tests.privacy.pairs_of_groups import tiny_district

CASES = {
    "income": {},
    "income and disability": {"groups": (1, 31, 111, 99, 128)},
    "charters, pupils without scores": {"charters": 2, "unscored": 0.03},
    "one group and everybody else": {"groups": (1, 160)},
    "gender and income": {"groups": (1, 3, 4, 31, 111), "schools": 3},
    "one school": {"schools": 1},
    "two small schools": {"schools": 2, "pupils": (3, 30)},
    "three ethnicities of eight": {"groups": (1, 74, 78, 80)},
    "all ethnicities": {
        "groups": (1, *PLACES),
        "pupils": (40, 150),
        "schools": 2,
        "grades": (7, 8),
    },
    "fluency": {"groups": (1, 6, 7, 8, 180, 160), "pupils": (20, 120), "schools": 3},
    "two years, nine schools": {
        "schools": 7,
        "grades": (7, 8),
        "years": (2023, 2024),
        "pupils": (8, 150),
    },
}


@pytest.mark.parametrize(
    ("case", "seed"),
    [*((case, 1) for case in CASES), ("income", 2), ("income", 3), ("two small schools", 2)],
)
def test_nothing_hidden_can_be_worked_out(case, seed):
    frame = district(np.random.default_rng(seed), **CASES[case])
    shown = privacy.protect(frame)
    assert Attack(shown).worked_out() == {}


@pytest.mark.parametrize(
    ("case", "parts"),
    [("one group and everybody else", [160]), ("three ethnicities of eight", [74, 78, 80])],
)
def test_a_few_pupils_outside_every_listed_group_cannot_be_worked_out(case, parts):
    frame = district(np.random.default_rng(1), **CASES[case] | {"grades": (7, 8)})
    stuck, few = Attack(privacy.protect(frame)).rests_worked_out(frame, parts)
    assert stuck == [] and few > 1
    bare = Attack(only_small_rows_hidden(frame)).rests_worked_out(frame, parts)
    assert len(bare[0]) > 0 and bare[1] == few


def test_ethnicity_by_income_is_safe():
    groups = (1, 31, 111, *PLACES, *range(200, 208), *range(220, 228))
    frame = district(
        np.random.default_rng(5), groups=groups, schools=2, grades=(7,), pupils=(30, 90)
    )
    assert Attack(privacy.protect(frame)).worked_out() == {}


def test_nobody_tested_is_shown_and_tested_without_scores_is_not():
    frame = by_hand([[0, 0, 0, 0], [0, 0, 0, 0], [6, 4, 3, 2], [9, 8, 7, 6]])
    frame.loc[2, ["tested", "missing_tested"]] = [4, ""]
    frame.loc[2, "missing_scores"] = "nobody tested"
    shown = privacy.protect(frame)
    assert shown.loc[1, "with_scores"] == 0 and pd.isna(shown.loc[2, "tested"])
    assert shown.loc[2, "missing_scores"] == privacy.SUPPRESSED


def test_shown_rows_stay_as_they_are_and_hidden_ones_keep_their_names_only():
    frame = district(np.random.default_rng(3))
    before = frame.copy()
    shown = privacy.protect(frame)
    pd.testing.assert_frame_equal(frame, before)
    gone = shown["missing_scores"].astype(str).isin(HIDDEN)
    values = [
        *COUNTS,
        "mean_scale_score",
        "pct_exceeded",
        "pct_met",
        "pct_met_and_above",
        "pct_nearly_met",
        "pct_not_met",
        "area1_above",
    ]
    assert gone.sum() > 10 and shown.loc[gone, values].isna().all(axis=None)
    pd.testing.assert_frame_equal(shown.loc[~gone, values], frame.loc[~gone, values])
    assert (
        shown.loc[gone, "missing_tested"].astype(str)
        == shown.loc[gone, "missing_scores"].astype(str)
    ).all()
    assert shown[[*KEY, "level", "group_id"]].equals(frame[[*KEY, "level", "group_id"]])


def test_protecting_twice_hides_no_more():
    shown = privacy.protect(district(np.random.default_rng(4)))
    again = privacy.protect(shown)
    assert again["with_scores"].equals(shown["with_scores"])
    assert (
        again["missing_scores"].astype(str).tolist() == shown["missing_scores"].astype(str).tolist()
    )


def test_many_districts_are_protected_as_each_alone():
    draw = np.random.default_rng(8)
    first, second = district(draw, code="10017"), district(draw, code="10018")
    together = privacy.protect(pd.concat([first, second], ignore_index=True))
    apart = pd.concat([privacy.protect(first), privacy.protect(second)], ignore_index=True)
    assert together["with_scores"].equals(apart["with_scores"])


@pytest.mark.parametrize("min_n", [10, 0, 11.5, None])
def test_the_minimum_is_never_lowered(min_n):
    with pytest.raises(Refusal, match="the state's rule is 11"):
        privacy.protect(by_hand([[9, 9, 9, 9]]), min_n=min_n)


def test_the_sentence_counts_both_kinds():
    shown = privacy.protect(by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2], [9, 8, 7, 6]]))
    assert privacy.describe_protected(shown).startswith(
        "Of 5 rows with pupils tested, 1 are hidden"
    )


@pytest.mark.parametrize("seed", [0, 3])
def test_rows_the_state_hid_are_safe_too_and_minimum_may_be_higher(seed):
    frame = only_small_rows_hidden(
        district(np.random.default_rng(30 + seed), groups=(1, 31, 111, 160), grades=(7, 8))
    )
    min_n = 11 if seed < 2 else 20
    shown = privacy.protect(frame, min_n=min_n)
    assert Attack(shown, min_n).worked_out() == {}
    assert not (shown["with_scores"].dropna()[shown["tested"].fillna(0) > 0] < min_n).any()


def test_numbers_tested_that_the_state_shows_beside_hidden_scores_are_hidden():
    frame = by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2]])
    frame.loc[1, [*LEVELS, "with_scores"]] = pd.NA
    frame.loc[1, "missing_scores"] = pd.NA
    frame["missing_scores"] = pd.Categorical(["", "suppressed", "", ""])
    shown = privacy.protect(frame)
    assert frame.loc[1, "tested"] == 5 and pd.isna(shown.loc[1, "tested"])
    assert hidden_in(shown, privacy.COMPANION) == [(3, 1)]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_read_beside_a_page_gives_nothing_away(seed):
    pair = [(78, 80), (31, 111), (99, 128), (160, 180)][seed]
    page = tiny_district(seed)
    page = page[page["group_id"].isin(pair)].reset_index(drop=True)
    shown = privacy.protect(page)
    rows = pd.concat([tiny_district(seed), tiny_district(seed + 100)], ignore_index=True)
    rows = rows[(rows["level"] == "district") & rows["group_id"].isin(peers.GROUPS)]
    beside = privacy.protect_beside(rows, shown)
    assert len(beside) == len(rows)
    both = pd.concat([shown, beside], ignore_index=True).drop_duplicates(KEY, ignore_index=True)
    assert both["with_scores"][: len(shown)].equals(shown["with_scores"])
    own = both["district_code"] == page["district_code"].iloc[0]
    assert Attack(both[own], within=pairs_within()).worked_out() == {}
    # Of another district small rows are not on the page, and so not known to be small.
    large = both[~own & (both["missing_scores"].astype(str) != privacy.SUPPRESSED)]
    assert large["with_scores"].notna().sum() >= 5
    true = rows.merge(large[KEY], on=KEY)
    large = true[KEY].merge(large, on=KEY)
    attack = Attack(large, within=pairs_within(), frame=true)
    assert attack.worked_out() == {}
    for group in set(large["group_id"]) - {1}:
        assert attack.rests_worked_out(true, [group])[0] == []
