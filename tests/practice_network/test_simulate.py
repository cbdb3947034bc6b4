"""A year of the practice network: its rows, its story, and what cannot be."""

import numpy as np
import pytest

from practice_network import changes, places, planted
from practice_network.effects import WHOLE, describe_truth
from practice_network.simulate import simulate
from see_the_system.charts.run_charts import run_chart
from see_the_system.messages import Refusal
from tests.practice_network.simulated import HOME, MIDDLE


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
    places.roster.cache_clear()
    again = simulate(
        "Quiet Orchard Unified",
        "Written criteria for the accelerated course",
        scale="school",
        starts=12,
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
        "No school in the weeks of November 24"
    )
    assert any(
        "Week 12 (November 10, 2025): Support in the advisory period: the change starts" in line
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


@pytest.mark.parametrize("district", ["10041", "10058", "10066", "10074", "10082"])
def test_every_change_runs_in_every_place_that_has_it(district):
    for idea in changes.ideas(district):
        one = simulate(district, idea, scale="district", starts=12, weeks=14)
        assert (
            one.measures[0].id == "check"
            and len(one.measures) >= 3
            and len(one.points("check")) == 14
        )
        assert "synthetic" in describe_truth(one) and one.idea.title in describe_truth(one)
        assert one.truth.cause in (*planted.BY_ID, "")


def test_a_school_sees_a_right_change_and_a_class_often_cannot_tell(year):
    def seen(idea, scale, fidelity, weeks=27):
        """In how many of 20 years a run chart of those it is meant for shows an improvement.

        The change starts in week 12.
        """
        years = [year(idea, scale=scale, fidelity=fidelity, seed=seed) for seed in range(20)]
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


def test_fidelity_may_differ_by_school(year):
    schools = ["6993013", "6993021"]
    one = year("hand_scoring", where=schools, fidelity={schools[0]: 0.9, schools[1]: 0})
    apart = [
        year("hand_scoring", where=school, fidelity=fidelity)
        for school, fidelity in zip(schools, (0.9, 0), strict=True)
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
        ({"weeks": 60}, "The number of weeks is 60; a whole number from 2 to 37"),
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
    with pytest.raises(Refusal, match=r"no measure 'chek'\. Choose check"):
        one.points("chek")
    with pytest.raises(
        Refusal,
        match=r"Nobody of the group 'Latino' is counted in 'check' here\. Choose Hispanic",
    ):
        one.points("check", "Latino")
    assert one.points("Week's check right").equals(one.points("check"))
