"""The audit finds what the attacker finds."""

import numpy as np
import pytest

from see_the_system.privacy import disclosure
from see_the_system.privacy import protect as privacy
from tests.privacy.attack import Attack
from tests.privacy.districts import district, only_small_rows_hidden


@pytest.mark.parametrize("seed", range(2))
def test_attacker_and_audit_break_the_same_rows_of_a_table_without_companions(seed):
    frame = only_small_rows_hidden(district(np.random.default_rng(seed)))
    broken = Attack(frame).worked_out()
    assert len(broken) >= 5
    view = privacy.attackers_view(frame, 11)
    disclosure.prove(view)
    assert set(np.flatnonzero(view.open)) == set(broken)
