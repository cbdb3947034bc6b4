"""Rows that the state hides from us too."""

import numpy as np
import pandas as pd
import pytest

from see_the_system.privacy import protect as privacy
from tests.privacy.attack import Attack
from tests.privacy.districts import LEVELS, by_hand, district, hidden_in, only_small_rows_hidden


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
