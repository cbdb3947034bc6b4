"""What a change moves in the weeks, what it costs, and what it leaves alone."""

import numpy as np
import pytest

from practice_network import changes, places
from practice_network.effects import WHOLE
from see_the_system.charts.run_charts import run_chart
from tests.practice_network.simulated import HOME, MIDDLE, both, effect, rate


def test_nothing_is_different_before_the_change_and_nobody_else_after_it(year):
    options = {"scale": "school", "starts": 15}
    with_it, without = (
        year("support_beside_core", fidelity=fidelity, **options).points("check")
        for fidelity in (0.9, 0)
    )
    reached = [
        year("support_beside_core", fidelity=fidelity, **options).points("check", changes.SUPPORTED)
        for fidelity in (0.9, 0)
    ]
    assert with_it[:14].equals(without[:14]) and not with_it[14:].equals(without[14:])
    assert (with_it["count"] - reached[0]["count"]).equals(without["count"] - reached[1]["count"])
    assert (reached[0]["count"] >= reached[1]["count"]).all() and with_it["n"].equals(without["n"])


def test_a_right_change_moves_its_process_and_its_outcome_by_its_fidelity(year):
    full, part = (
        year("support_beside_core", scale="school", fidelity=fidelity) for fidelity in (0.9, 0.3)
    )
    assert effect(full, group=changes.SUPPORTED) > 7 and effect(part) == pytest.approx(
        effect(full) / 3, rel=0.25
    )
    assert (
        effect(full, "core_whole") > 40
        and effect(full, group=changes.SUPPORTED) > 2 * effect(full) > 3
    )


@pytest.mark.parametrize(
    "idea", ["phone_calls", "incentive_assemblies", "poster_weeks", "practice_packets"]
)
def test_a_wrong_change_moves_what_people_do_and_nothing_else(year, idea):
    assert np.array_equal(*both(year, idea, "check", scale="school"))
    one = year(idea, scale="school", fidelity=0.9)
    process = one.idea.of_type("process")[0].id
    assert effect(one, process) > 20 and effect(one) == 0 and effect(one, column="spring") == 0
    with_it, without = both(year, idea, process, scale="school")
    assert with_it[14:].mean() > 3 * without[14:].mean()


def test_belonging_falls_only_after_some_weeks(year):
    with_it, without = both(
        year, "support_beside_core", "belonging", changes.SUPPORTED, scale="school"
    )
    assert (
        np.array_equal(with_it[:16], without[:16])
        and with_it[24:].sum() < 0.92 * without[24:].sum()
    )
    assert (
        effect(
            year("support_beside_core", scale="school", fidelity=0.9),
            "belonging",
            changes.SUPPORTED,
        )
        < -6
    )


def test_seats_run_out_in_a_school_and_a_seat_once_given_is_kept(year):
    ordinary = (
        places.roster(HOME)
        .query("school == @MIDDLE and at_line and accelerated == 0")
        .section.iloc[0]
    )
    school, few = (
        year("written_criteria", where=where, fidelity=0.9) for where in (MIDDLE, ordinary)
    )
    over = rate(school.points("over_seats"))
    assert (
        (over[:11] == 0).all()
        and over.iloc[-1] > 50
        and effect(few, "over_seats") < effect(school, "over_seats")
    )
    assert school.points("over_seats").n.is_monotonic_increasing
    assert effect(school, "seated") > 20


def test_scoring_by_hand_costs_a_school_more_planning_than_one_class(year):
    school, one = (year("hand_scoring", scale=scale, fidelity=0.9) for scale in ("school", "class"))
    assert effect(school, "planning") < -8 and -4 < effect(one, "planning") < 0
    assert set(school.frame.query("measure == 'planning'").group) == {WHOLE}


def test_a_week_with_a_holiday_has_four_lessons_and_planning_periods(year):
    one = year(None)
    per_week = one.points("full_lessons").set_index("week").n
    assert (5 * per_week[[2, 12, 19, 23, 36]] == 4 * per_week[1]).all()
    assert per_week[3] == per_week[1] and one.points("planning").n.nunique() == 2


def test_weeks_vary_more_than_chance_and_not_so_much_that_nothing_shows(year):
    for where, low, high in ((None, 1.4, 4.0), (MIDDLE, 1.0, 3.0)):
        found = [
            run_chart(year(None, where=where, seed=seed).points("check"), kind="p_prime").sigma_z
            for seed in range(6)
        ]
        assert low < np.mean(found) < high
