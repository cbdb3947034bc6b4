"""A year of the practice network: the weeks it has, the effect that follows from what is planted,
and what cannot be.
"""

import numpy as np
import pandas as pd
import pytest

from practice_network import changes, planted, school_year, weekly, who_is_reached
from practice_network.effects import WHOLE, describe_truth
from practice_network.simulate import simulate
from see_the_system.charts.run_charts import run_chart
from see_the_system.messages import Refusal

# Quiet Orchard: results 6 weeks late, placement by recommendation, support in core in some schools
HOME = "10041"
MIDDLE = "6993054"


@pytest.fixture(scope="module")
def year():
    """A function of an idea and options that gives a year of Quiet Orchard, simulated once."""
    seen = {}

    def run(idea, **options):
        key = (idea, *sorted((name, str(value)) for name, value in options.items()))
        return seen[key] if key in seen else seen.setdefault(key, simulate(HOME, idea, **options))

    return run


def rate(points):
    return 100 * points["count"] / points["n"]


def effect(year, measure="check", group=WHOLE, column="at_end"):
    rows = year.truth.effects
    return rows[(rows.measure == measure) & (rows.group == group)][column].item()


def both(year, idea, measure, group=WHOLE, **options):
    """The counts of a measure with and without the change."""
    return [
        year(idea, fidelity=fidelity, **options).points(measure, group)["count"].to_numpy()
        for fidelity in (0.9, 0)
    ]


# --- the weeks
# ------------------------------------------------------------------------------------------------------------------------


def test_a_school_year_leaves_out_thanksgiving_two_weeks_in_winter_and_one_in_spring():
    days = school_year.mondays(2025, 38)
    assert [str(day.date()) for day in days[[0, 12, 13, 15, 16, 29, 30, 37]]] == [
        "2025-08-25",
        "2025-11-17",
        "2025-12-01",
        "2025-12-15",
        "2026-01-05",
        "2026-04-13",
        "2026-04-20",
        "2026-06-08",
    ]
    assert sorted({step.days for step in days.to_series().diff().dropna()}) == [7, 14, 21]
    for autumn in range(2015, 2035):
        days = school_year.mondays(autumn, 36)
        assert days[0].month == 8 and days[-1].month in (5, 6) and (days.day_of_week == 0).all()
        assert not any(
            pd.Timestamp(autumn, 12, 24) - pd.Timedelta(days=5)
            < day
            < pd.Timestamp(autumn + 1, 1, 1)
            for day in days
        )


def test_the_frame_is_tidy_and_goes_into_a_run_chart_with_its_gaps(year):
    one = year("support_beside_core", scale="school")
    assert list(one.frame.columns) == ["at", "week", "measure", "type", "group", "count", "n"]
    assert one.frame["count"].between(0, one.frame.n).all() and (one.frame.n > 0).all()
    assert (
        not one.frame.duplicated(["week", "measure", "group"]).any()
        and one.frame.week.nunique() == 36
    )
    chart = run_chart(
        one.points("check"),
        kind="p_prime",
        baseline=11,
        better="higher",
        annotations=one.annotations,
    )
    assert (
        chart.frame.gap_before.sum() == 3
        and chart.annotations[0].text == "Support as a second period beside core: the change starts"
    )
    assert one.groups[:2] == (WHOLE, "Students in support") and "Hispanic or Latino" in one.groups


def test_groups_add_up_and_schools_add_up(year):
    one = year(None)
    points = one.frame[(one.frame.measure == "check") & (one.frame.week == 9)].set_index("group")
    halves = points.loc[
        ["Socioeconomically disadvantaged", "Not socioeconomically disadvantaged"], ["count", "n"]
    ].sum()
    assert (halves == points.loc[WHOLE, ["count", "n"]]).all()
    schools = ["6993013", "6993021"]
    parts = [year(None, where=school).points("check")[["count", "n"]] for school in schools]
    assert year(None, where=schools).points("check")[["count", "n"]].equals(parts[0] + parts[1])


def test_the_same_arguments_give_the_same_bytes_and_another_seed_does_not(year):
    first = year("written_criteria", scale="school", seed=5).frame.to_csv()
    who_is_reached.roster.cache_clear()
    again = simulate(
        "Quiet Orchard Unified",
        "Written criteria for the accelerated course",
        scale="school",
        seed=5,
    )
    assert (
        again.frame.to_csv()
        == first
        != simulate(HOME, "written_criteria", scale="school", seed=6).frame.to_csv()
    )


def test_the_story_says_what_happened_and_that_nothing_of_it_is_real(year):
    one = year("swap_period", where=MIDDLE, seed=3)
    assert "synthetic" in one.story[0] and one.story[1].startswith(
        "No school in the weeks of 2025-11-24"
    )
    assert any(
        "Week 12 (2025-11-10): Support in the advisory period: the change starts" in line
        for line in one.story
    )
    assert any("away with the flu" in line for line in one.story)
    drifted = [
        seed
        for seed in range(8)
        if any(
            "less and less" in line for line in year("swap_period", where=MIDDLE, seed=seed).story
        )
    ]
    assert 1 <= len(drifted) <= 7
    for seed in drifted:
        fidelity = year("swap_period", where=MIDDLE, seed=seed).truth.fidelity
        assert np.median(fidelity[-5:]) < 0.85 * np.median(fidelity[13:17])


# --- the effect
# -----------------------------------------------------------------------------------------------------------------------


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


def test_the_spring_score_follows_from_the_planted_effect_and_the_exposure(year):
    one = year("results_within_a_week", where=MIDDLE, fidelity=0.9)
    students = who_is_reached.roster(HOME).query("school == @MIDDLE")
    spared = (students.weeks_without_results - 1).clip(lower=0).mean()
    assert effect(one, column="spring") == pytest.approx(
        0.035 * spared * np.mean(one.truth.fidelity), abs=2e-4
    )
    below = students[students.below]
    assert one.truth.before == pytest.approx(below.weeks_late.mean(), abs=1e-4)
    assert one.truth.after == pytest.approx(
        below.weeks_late.mean() - (below.weeks_late - 1).mean() * one.truth.fidelity[-1], abs=0.01
    )


def test_little_shows_at_once_and_most_within_ten_weeks():
    grown = weekly.accrued(np.ones((1, 12)))[0]
    assert grown[[0, 3, 9]] == pytest.approx([0.2, 1 - 0.8**4, 1 - 0.8**10])


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


# --- the harm
# -------------------------------------------------------------------------------------------------------------------------


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
        who_is_reached.roster(HOME)
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


@pytest.mark.parametrize("district", ["10041", "10058", "10066", "10074", "10082"])
def test_every_change_runs_in_every_place_that_has_it(district):
    for idea in changes.ideas(district):
        one = simulate(district, idea, scale="district", weeks=14)
        assert (
            one.measures[0].id == "check"
            and len(one.measures) >= 3
            and len(one.points("check")) == 14
        )
        assert "synthetic" in describe_truth(one) and one.idea.title in describe_truth(one)
        assert one.truth.cause in (*planted.BY_ID, "")


# --- noise
# ----------------------------------------------------------------------------------------------------------------------------


def test_weeks_vary_more_than_chance_and_not_so_much_that_nothing_shows(year):
    for where, low, high in ((None, 1.4, 4.0), (MIDDLE, 1.0, 3.0)):
        found = [
            run_chart(year(None, where=where, seed=seed).points("check"), kind="p_prime").sigma_z
            for seed in range(12)
        ]
        assert low < np.mean(found) < high


def test_a_school_sees_a_right_change_and_a_class_often_cannot_tell():
    def seen(idea, scale, fidelity, weeks=27):
        """In how many of 20 years a run chart of those it is meant for shows an improvement; the
        change starts in week 12.
        """
        years = [
            simulate(HOME, idea, scale=scale, fidelity=fidelity, seed=seed) for seed in range(20)
        ]
        charts = [
            run_chart(one.points("check", one.idea.reaches)[:weeks], rules="anhoej", baseline=11)
            for one in years
        ]
        return sum(any(signal.side > 0 for signal in chart.signals) for chart in charts)

    right = seen("support_beside_core", "school", 0.9)
    assert right >= 18 and seen("support_beside_core", "school", 0.9, weeks=15) <= 4
    assert (
        seen("support_beside_core", "school", 0.3) <= 0.7 * right
        and seen("phone_calls", "school", 0.9) <= 5
    )
    assert seen("results_within_a_week", "class", 0.9) <= 10


# --- where, and what cannot be
# --------------------------------------------------------------------------------------------------------


def test_a_place_is_a_class_a_grade_schools_or_the_district(year):
    section = who_is_reached.roster(HOME).query("school == @MIDDLE and grade == 7").section.iloc[0]
    for where, scale, words in (
        (section, "class", f"class {section} of Quiet Orchard Middle"),
        (f"{MIDDLE}-7", "grade", "grade 7 of Quiet Orchard Middle"),
        ("Quiet Orchard Middle", "school", "Quiet Orchard Middle"),
        ([MIDDLE, "6993047"], "school", "Beekeeper School and Quiet Orchard Middle"),
        (["6993013", "6993021", "6993039"], "school", "3 schools"),
    ):
        one = year(None, where=where)
        assert (one.scale, one.place) == (scale, words)
    assert year(None, where=section).points("check").n.max() <= 30
    assert year("poster_weeks").scale == "class" and year(None).scale == "district"
    assert year("swap_period", where=MIDDLE, scale="grade").place.endswith("Quiet Orchard Middle")


def test_fidelity_may_differ_by_school(year):
    schools = ["6993013", "6993021"]
    one = year("hand_scoring", where=schools, fidelity={schools[0]: 0.9, schools[1]: 0})
    apart = [
        year("hand_scoring", where=school, fidelity=fidelity)
        for school, fidelity in zip(schools, (0.9, 0))
    ]
    together = sum(each.points("check")["count"] for each in apart)
    assert one.points("check")["count"].equals(together)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("Fresno", "phone_calls"), "'Fresno' is not a district of the practice network"),
        ((HOME, "phone_call_home"), "no change idea 'phone_call_home'. Choose .*phone_calls"),
        (("10074", "written_criteria"), "cannot be tried in Applewhistle Elementary"),
    ],
)
def test_what_is_not_there_is_refused(arguments, says):
    with pytest.raises(Refusal, match=says):
        simulate(*arguments)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"where": "6991124"},
            "School 6991124 belongs to Kindred Harbor Unified, not to Quiet Orchard Unified. "
            "Choose a school",
        ),
        (
            {"where": "Quiet Orchid Middle"},
            "has no school, grade or class 'Quiet Orchid Middle'.*Quiet Orchard Middle",
        ),
        ({"where": "6993054-9"}, "There is no grade 6993054-9 in Quiet Orchard Middle"),
        (
            {"where": "6993054-799"},
            "There is no class 6993054-799 in Quiet Orchard Middle. Choose 6993054-7",
        ),
        ({"where": ["6993054", "6993054-7"]}, "places of different kinds"),
        ({"where": []}, "No place is named"),
        (
            {"where": "6993013"},
            "meant for students in support, grades 6 to 8, and there are none in Plum Ladder "
            "Elementary",
        ),
        (
            {"where": "6993054", "scale": "district"},
            "The scale is 'district', but 6993054 is no more than a school",
        ),
        ({"scale": "county"}, "There is no scale 'county'. Choose one of class, grade"),
        ({"fidelity": 1.2}, "The fidelity is 1.2; a number from 0"),
        ({"fidelity": "high"}, "The fidelity is 'high'"),
        ({"fidelity": float("nan")}, "The fidelity is nan"),
        (
            {"where": "6993054", "fidelity": {"6993047": 0.5}},
            "names school 6993047, where nobody is reached",
        ),
        (
            {"where": ["6993054", "6993047"], "fidelity": {"6993047": 0.5}},
            "leaves out school 6993054",
        ),
        ({"starts": 37}, "starts in week 37, after the last of 36 weeks"),
        ({"starts": 0}, "The week in which the change starts is 0; a whole number of 1 or more"),
        ({"weeks": 60}, "The number of weeks is 60; a whole number from 2 to 38"),
        ({"seed": 1.5}, "The seed is 1.5; a whole number was expected"),
        ({"seed": -1}, "The seed is -1; a whole number of 0 or more"),
        ({"seed": True}, "The seed is True"),
        ({"autumn": 25}, "The autumn in which the school year begins is 25"),
    ],
)
def test_what_cannot_be_simulated_is_said_in_a_sentence(options, says):
    with pytest.raises(Refusal, match=says):
        simulate(HOME, "support_beside_core", **options)


def test_points_that_are_not_there_are_refused(year):
    one = year("support_beside_core", scale="school")
    with pytest.raises(Refusal, match="no measure 'chek'. Choose check"):
        one.points("chek")
    with pytest.raises(
        Refusal,
        match="Nobody of the group 'Latino' is counted in 'check' here. Choose Hispanic or Latino",
    ):
        one.points("check", "Latino")
    assert one.points("Week's check right").equals(one.points("check"))


def test_a_facilitator_reads_what_a_change_truly_did(year):
    right, wrong, none = (
        describe_truth(year(idea, scale="school", fidelity=0.9))
        for idea in ("support_beside_core", "phone_calls", None)
    )
    assert (
        "It acts on pullout: core_lost of those it is meant for was 0.40 on average" in right
        and "Harm: Students in support lose" in right
    )
    assert (
        "It belongs to the tempting wrong theory, attendance." in wrong
        and "Week's check right, all students: +0.0" in wrong
    )
    assert none == "For the facilitator. Quiet Orchard Middle (synthetic): a year without a change."
    assert all(line.startswith("For the facilitator.") for line in (right, wrong))
