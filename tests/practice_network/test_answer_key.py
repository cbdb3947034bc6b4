"""The answer key in words and numbers, and the commands that a facilitator types."""

import re
from pathlib import Path

import pytest

from practice_network import district_students, planted
from practice_network.answer_key import (
    ELSEWHERE,
    FALSE,
    FOUND,
    MISSED,
    describe_key,
    describe_score,
    matches,
    planted_shares,
    score,
)
from see_the_system.cli import main
from see_the_system.messages import Refusal
from see_the_system.theory.exchange import read
from see_the_system.theory.kinds import Category, Cause, Charter, Evidence
from see_the_system.theory.model import Theory


def test_a_share_is_the_effect_times_the_difference_in_exposure():
    shares = planted_shares("10025")
    known = (
        district_students.students("10025")
        .query("grade >= 6 and score.notna()")
        .groupby("group")[["score", "accelerated"]]
        .mean()
    )
    gap, more = known.loc["White"] - known.loc["Hispanic or Latino"]
    assert shares["gap"] == pytest.approx(gap) and shares["placement"] == pytest.approx(
        100 * 0.30 * more / gap
    )
    assert 10 < shares["placement"] < 25


def test_a_cause_that_reaches_all_alike_makes_no_gap_and_still_acts():
    sixth = district_students.students("10033").query("grade == 6 and score.notna()")
    moved = sixth.groupby("group").unbridged_move.mean()
    assert abs(moved["White"] - moved["Hispanic or Latino"]) < 0.1
    assert "transition" in {cause.id for cause in planted.acting("10033")}
    assert "reaches both groups about alike: it lowers results and makes no gap." in describe_key(
        "10033"
    )


def test_the_key_names_what_acts_what_it_makes_and_what_tells():
    words = describe_key("Lanternfield Unified")
    assert words.startswith("For the facilitator. Lanternfield Unified, synthetic")
    shares = planted_shares("10017")
    for cause in planted.acting("10017"):
        assert (
            cause.name in words
            and cause.mechanism in words
            and f"{shares[cause.id]:.0f} percent of the gap" in words
        )
    assert (
        "The tempting wrong theory" in words
        and "No cause is planted strongly enough" in describe_key("10082")
    )


def test_the_key_can_be_read_aloud():
    """It said "-0.035 SD for each unit of weeks_without_results"."""
    words = "\n".join(map(describe_key, planted.POLICIES))
    assert not re.search(r"\w_\w|\bSD\b", words)
    for line in (
        "A student who is given the accelerated course scores about 41 points more",
        "A student whose support takes two fifths of the core lessons scores about 37 points less",
        "A student below level whose results wait five weeks scores about 21 points less",
        "A student who changes schools without a bridge scores about 27 points less",
        "A student whose teacher is in the first three years scores about 21 points less",
        "It makes about 13 percent of the gap between White and Hispanic or Latino students",
        f"In grade 7 the two middle levels are {2567 - 2484} and {2635 - 2567} of them wide.",
    ):
        assert line in words


def command(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["see-the-system", "practice", *arguments])
    main()


def test_the_commands_write_records_and_say_the_key(monkeypatch, capsys, tmp_path):
    command(monkeypatch, "records", "10082", str(tmp_path / "room"), "--year", "2025")
    assert len(list((tmp_path / "room").glob("synthetic_10082_*_2025.csv"))) == 8
    command(monkeypatch, "key", "10074")
    command(monkeypatch, "score", "data/sample/theory.yaml", "--match", "cause-late=")
    command(monkeypatch, "ideas", "10082")
    command(monkeypatch, "ideas", "10082", "swap_period")
    for seed in ("2", "3"):
        command(monkeypatch, "year", "10082", "none", str(tmp_path / "weeks"), "--seed", seed)
    assert len(list((tmp_path / "weeks").iterdir())) == 2  # no year takes another's place
    said = capsys.readouterr().out
    assert "poster_weeks" in said and "36weeks2025_seed2.csv has the weeks of Little Comet" in said
    assert (
        "8 synthetic files are in" in said
        and "For the facilitator. Applewhistle" in said
        and "late_results  cause-scanner:" in said
        and "placement: placement in mathematics courses by recommendation" in said
    )


@pytest.mark.parametrize(
    "arguments, says",
    [
        (("key", "Oakland"), "is not a district of the practice network"),
        (
            ("score", "data/sample/theory.yaml", "--match", "placement"),
            "CAUSE=PLANTED was expected",
        ),
        (("records", "10082", "FOLDER", "--year", "2019"), "local data of 2022 to 2025"),
    ],
)
def test_what_a_command_cannot_do_is_one_sentence(monkeypatch, capsys, tmp_path, arguments, says):
    with pytest.raises(SystemExit) as end:
        command(
            monkeypatch, *(str(tmp_path / "new") if one == "FOLDER" else one for one in arguments)
        )
    assert end.value.code == 2 and says in capsys.readouterr().err


SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "theory.yaml"


def team(*texts, district="99-10017", ruled_out=()):
    causes = [
        Cause(id=f"cause-{place}", parent="category-a", text=text)
        for place, text in enumerate(texts)
    ]
    against = [
        Evidence(
            id=f"evidence-{place}-{kind}",
            type=kind,
            about=(f"cause-{place}",),
            supports=False,
            text="It does not hold.",
        )
        for place in ruled_out
        for kind in ("interview", "process")
    ]
    return Theory.of(
        [Charter(district=district), Category(id="category-a", text="System"), *causes, *against]
    )


# What teams of different districts might write, and what a facilitator would take it for.
SAID = {
    "Students are placed in grade 7 by one teacher's recommendation": "placement",
    "Tracking begins in grade 7 and nobody moves up later": "placement",
    "Who gets into accelerated math depends on who asks": "placement",
    "Intervention pulls students out of the core lesson": "pullout",
    "Support is scheduled during math": "pullout",
    "RTI replaces the same period as core": "pullout",
    "Benchmark results arrive five weeks late": "late_results",
    "We wait for the scanner before we see the assessment data": "late_results",
    "Fifth grade records are not handed to the middle school": "transition",
    "Elementary and sixth grade teachers have no meeting": "transition",
    "New teachers get the support sections": "assignment",
    "The most experienced teachers choose the advanced sections": "placement",
    "Sections are chosen by seniority": "assignment",
    "Teachers choose sections by years of service, so first-year teachers get what is left": (
        "assignment"
    ),
    "Counselors fill the top math class from a list nobody checks": "placement",
    "RTI is scheduled at the same time as math": "pullout",
    "Students with extra help lose 90 minutes of regular math each week": "pullout",
    "Data comes too late to change instruction": "late_results",
    "The scanning office is a bottleneck": "late_results",
    "Middle school teachers know nothing about what their sixth graders learned": "transition",
    "Inexperienced teachers get the intervention sections": "assignment",
    "Support is *not* during core math": None,
    "Benchmark results are not late": None,
    "Benchmark results do not reach teachers": "late_results",
    "Students are never pulled out of the core lesson": None,
    "Attendance is not the real problem": None,
    "Students don't miss school here": None,
    "Chronic absenteeism": "attendance",
    "Students miss too much school": "attendance",
    "Tardies in first period": "attendance",
    "The textbook is old": None,
    "New materials arrived without training for teachers": None,
    "Support classes have too many students": None,
    "Class sizes are too large": None,
    "Ratio gets nine days": None,
    "Families get letters in English only": None,
    "Who gets algebra depends on which teacher you have in sixth grade": "placement",
    "Students like ours never get picked for the fast lane": "placement",
    "Same score, different class": "placement",
    "Kids leave math to get help in math": "pullout",
    "The help comes while the lesson goes on": "pullout",
    "Extra help takes the place of the lesson": "pullout",
    "By the time we see how they did we are two units on": "late_results",
    "Tests come back in five weeks": "late_results",
    "Answer sheets sit in the office": "late_results",
    "Grade 6 teachers start from scratch": "transition",
    "The middle school does not get the elementary files": "transition",
    "5th grade teachers and 6th grade teachers never meet": "transition",
    "Rookies teach the support sections": "assignment",
    "Seniority decides who teaches whom": "assignment",
    "Students are absent a lot": "attendance",
    "Kids are out too often": "attendance",
    "They don't show up": "attendance",
    "Students come late every day": "attendance",
    "The bus comes late and they are marked absent": None,
    "A student who is ten minutes late is marked absent": None,
    "Absence letters go out in English only": None,
    "Nobody follows up on absences": None,
    "Suspended students are counted as absent": None,
    "Teachers are absent a lot": None,
    "Textbooks come late": None,
    "Elementary teachers use other words for fractions": None,
    "The middle school has too few counselors": None,
    "Homework is graded late": None,
}


@pytest.mark.parametrize("text, planted", SAID.items())
def test_what_a_team_writes_is_taken_for_what_it_speaks_of(text, planted):
    assert matches(team(text)).get("cause-0") == planted


def test_found_missed_false_and_other_then_and_now():
    first = team(
        "Students miss too much school", "Benchmark results come weeks late", "The textbook is old"
    )
    later = team(
        "Students miss too much school",
        "Benchmark results come weeks late",
        "The textbook is old",
        "Placement rests on one recommendation",
        "Support takes students out of core",
        ruled_out=(0,),
    )
    result = score(later, before=first)
    status = {line.cause.id: (line.before, line.status) for line in result.lines}
    assert status == {
        "placement": (MISSED, FOUND),
        "pullout": (MISSED, FOUND),
        "late_results": (FOUND, FOUND),
        "transition": (MISSED, MISSED),
        "assignment": (MISSED, MISSED),
        "attendance": (FALSE, ""),
    }
    words = describe_score(result)
    assert result.others == 1 and "1 more cause is not in the key, which" in words
    assert "Of 5 planted causes, 3 found" in words and "The first theory had 1 of the 5." in words
    assert "Believed at first and let go since (students miss too much school)" in words
    assert (
        "Not yet found: where new teachers are assigned. It would show in sections: years of "
        "teaching by course and support" in words
    )


def test_what_is_believed_and_false_names_the_data_that_tell():
    words = describe_score(score(team("Chronic absenteeism")))
    assert (
        "Believed, and false here: students miss too much school. It can be told from "
        "attendance beside growth within schools" in words
    )


def test_a_cause_that_acts_elsewhere_and_not_here():
    result = score(team("Placement by recommendation", district="99-10058"))
    assert [line.cause.id for line in result.now(ELSEWHERE)] == ["placement"] and [
        line.cause.id for line in result.now(MISSED)
    ] == ["pullout"]


def test_a_facilitator_s_correction_counts():
    theory = team("The pathway decision", "Kids are not there")
    assert {
        line.cause.id for line in score(theory, matched={"cause-1": "attendance"}).now(FALSE)
    } == {"attendance"}
    assert "placement" in {
        line.cause.id for line in score(theory, matched={"cause-0": ""}).now(MISSED)
    }


def test_the_worked_example_has_every_cause_of_its_district_and_not_the_tempting_one():
    result = score(read(SAMPLE))
    assert len(result.now(FOUND)) == 5 and not result.now(FALSE)


@pytest.mark.parametrize(
    "asked, says",
    [
        (
            {"matched": {"cause-7": "placement"}},
            "names 'cause-7', which is no cause of this theory",
        ),
        ({"matched": {"cause-0": "weather"}}, "names 'weather', which is not in the key"),
        ({"before": team("Late", district="")}, "names no district in its charter"),
        ({"before": team("Late", district="99-10082")}, "is of 99-10082, and this one of"),
    ],
)
def test_what_cannot_be_compared_is_said(asked, says):
    with pytest.raises(Refusal, match=says):
        score(team("Placement"), **asked)


@pytest.mark.parametrize(
    "district, says",
    [
        ("", "names no district in its charter, so there is no key to set beside it"),
        ("01-61259", "is not a district of the practice network"),
    ],
)
def test_a_theory_without_a_practice_district_is_refused(district, says):
    with pytest.raises(Refusal, match=says):
        score(team("Placement", district=district))
