"""What a change truly does, and how a facilitator is told."""

import numpy as np
import pytest

from practice_network import changes, places
from practice_network.effects import describe_truth
from practice_network.simulate import simulate
from tests.practice_network.simulated import HOME, MIDDLE, effect


def test_the_spring_score_follows_from_the_planted_effect_and_the_exposure(year):
    one = year("results_within_a_week", where=MIDDLE, fidelity=0.9)
    students = places.roster(HOME).query("school == @MIDDLE")
    spared = (students.weeks_without_results - 1).clip(lower=0).mean()
    assert effect(one, column="spring") == pytest.approx(
        0.035 * spared * np.mean(one.truth.fidelity), abs=2e-4
    )
    below = students[students.below]
    assert one.truth.before == pytest.approx(below.weeks_late.mean(), abs=1e-4)
    assert one.truth.after == pytest.approx(
        below.weeks_late.mean() - (below.weeks_late - 1).mean() * one.truth.fidelity[-1], abs=0.01
    )


def test_a_right_change_that_the_policies_make_pointless_shows_nothing():
    orchard, creek = (
        simulate(district, "results_within_a_week", scale="district", fidelity=1.0)
        for district in (HOME, "10058")
    )
    assert effect(orchard, column="spring") > 10 * effect(creek, column="spring") >= 0
    nobody = simulate("10066", "support_beside_core", scale="school", fidelity=1.0)
    assert nobody.truth.before == 0 and effect(nobody) == 0 == effect(nobody, "core_whole")


def test_sharing_out_sections_helps_some_and_costs_others():
    one = simulate("10066", "shared_sections", scale="school", fidelity=1.0)
    assert effect(one, group=changes.SUPPORTED, column="spring") > 0
    assert effect(one, column="spring") == pytest.approx(0, abs=1e-3)
    assert effect(one, "new_in_support") < 0


def test_a_facilitator_reads_what_a_change_truly_did(year):
    right, wrong, none = (
        describe_truth(year(idea, scale="school", fidelity=0.9))
        for idea in ("support_beside_core", "phone_calls", None)
    )
    assert (
        "It acts on a planted cause: support scheduled during core mathematics. Of those it is "
        "meant for, the share of core lessons missed was 40% on average and is "
        in right
        and "Harm: Students in support lose" in right
    )
    assert (
        "It belongs to the tempting wrong theory, that students miss too much school." in wrong
        and "Week's check right, all students: +0.0" in wrong
    )
    assert none == "For the facilitator. Quiet Orchard Middle (synthetic): a year without a change."
    assert all(line.startswith("For the facilitator.") for line in (right, wrong))
