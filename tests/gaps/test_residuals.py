import numpy as np
import pytest

from see_the_system.gaps.residuals import shrunken_residuals


def test_schools_called_above_truly_are():
    draws, right, held = np.random.default_rng(4), [], []
    for _ in range(60):
        n, mix, true = (
            draws.integers(40, 200, 30),
            draws.normal(size=(30, 3)),
            draws.normal(0, 0.08, 30),
        )
        rate = draws.binomial(n, np.clip(0.35 + 0.06 * mix[:, 0] + true, 0.02, 0.98)) / n
        found = shrunken_residuals(rate - 0.35, 0.35 * 0.65 / n, mix)
        low, high = found.interval
        right += list(true[found.probability_above > 0.95] > 0)
        held += list((low <= true) & (true <= high))
    assert len(right) > 100 and np.mean(right) > 0.95 and 0.91 < np.mean(held) < 0.985


def test_the_posterior_is_that_of_the_mixed_model():
    draws = np.random.default_rng(5)
    mix, variance = draws.normal(size=(15, 2)), draws.uniform(0.001, 0.006, 15)
    rate = mix @ [0.05, -0.02] + draws.normal(0, 0.07, 15) + draws.normal(0, np.sqrt(variance))
    found = shrunken_residuals(rate, variance, mix)
    one = np.ones((15, 1))

    def projection(tau2, ridge):
        inverse = np.linalg.inv(np.diag(variance + tau2) + ridge * mix @ mix.T)
        return inverse - inverse @ one @ one.T @ inverse / (
            one.T @ inverse @ one
        ), -np.linalg.slogdet(inverse)[1] + np.log(inverse.sum())

    def deviance(tau2, ridge):
        matrix, logs = projection(tau2, ridge)
        return logs + rate @ matrix @ rate

    ridges = np.geomspace(1e-5, 0.05, 60)
    best = min(
        (deviance(tau2, ridge), tau2, ridge)
        for tau2 in np.linspace(0, 0.03, 121)
        for ridge in ridges
    )
    assert found.tau2 == pytest.approx(best[1], abs=0.0006)
    ridge = min(ridges, key=lambda value: deviance(found.tau2, value))
    matrix, _ = projection(found.tau2, ridge)
    assert found.mean == pytest.approx(found.tau2 * matrix @ rate, abs=0.002)
    assert found.sd == pytest.approx(
        np.sqrt(found.tau2 - found.tau2**2 * np.diag(matrix)), abs=0.001
    )
