import numpy as np
import pytest
from scipy.stats import betabinom
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from see_the_system.gaps.chance import benjamini_hochberg, holm, newcombe, so_many_or_more, wilson


def test_wilsons_interval_is_that_of_statsmodels():
    n = np.repeat([1, 11, 40, 2500], 5)
    count = np.rint(n * np.tile([0, 0.1, 0.5, 0.93, 1], 4)).astype(int)
    low, high = wilson(count, n)
    expected = proportion_confint(count, n, method="wilson")
    assert low == pytest.approx(np.clip(expected[0], 0, 1), abs=1e-12)
    assert high == pytest.approx(np.clip(expected[1], 0, 1), abs=1e-12)


def test_newcombes_interval_is_that_of_statsmodels():
    counts = [(0, 12, 5, 30), (12, 12, 30, 30), (40, 90, 300, 420), (7, 700, 6, 11)]
    count, n, other, other_n = np.array(counts).T
    low, high = newcombe(count, n, other, other_n)
    expected = confint_proportions_2indep(count, n, other, other_n, method="newcomb")
    assert low == pytest.approx(expected[0], abs=1e-12)
    assert high == pytest.approx(expected[1], abs=1e-12)


def test_adjusted_p_values_are_those_of_statsmodels():
    p = np.array([0.04, 0.001, 0.2, 0.04, 0.9, 0.012])
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1], abs=1e-12)


def test_holms_rule_is_that_of_statsmodels():
    for p in ([0.004, 0.5, 0.011, 0.0001, 0.03], [0.2, 0.3], [0.001], [0.03, 0.01, 0.01, 0.9]):
        expected = multipletests(p, alpha=0.05, method="holm")[0]
        assert holm(np.array(p), 0.05).tolist() == expected.tolist()


def test_the_beta_binomial_tail_is_that_of_scipy():
    met, n = np.array([[0, 10], [10, 10], [7, 90], [250, 900], [3, 4000]]).T
    a, b = np.array([[2, 5], [0.7, 0.4], [8, 50], [40, 90], [0.5, 700]]).T
    expected = betabinom.sf(met - 1, n, a, b)
    assert so_many_or_more(met, n, a, b) == pytest.approx(expected, abs=1e-9)
