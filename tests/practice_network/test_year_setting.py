"""What a change of exposure comes to over the weeks."""

import numpy as np
import pytest

from practice_network import year_setting


def test_little_shows_at_once_and_most_within_ten_weeks():
    grown = year_setting.accrued(np.ones((1, 12)))[0]
    assert grown[[0, 3, 9]] == pytest.approx([0.2, 1 - 0.8**4, 1 - 0.8**10])
