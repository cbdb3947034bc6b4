"""The answer key in words and numbers, and the commands that a facilitator types."""

import pytest

from practice_network import district_students, planted
from practice_network.answer_key import describe_key, planted_shares
from see_the_system.cli import main
from see_the_system.messages import Refusal


def test_a_share_is_the_effect_times_the_difference_in_exposure():
    shares = planted_shares("10025", year=2025)
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
    assert abs(planted_shares("10033", grades=(6,))["transition"]) < 3 and "transition" in {
        cause.id for cause in planted.acting("10033")
    }
    assert "reaches both groups about alike: it lowers results and makes no gap" in describe_key(
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


def test_a_group_that_is_not_there_is_said():
    with pytest.raises(
        Refusal, match="Little Comet Elementary has no tested students of the group 'Filipino'"
    ):
        planted_shares("10082", focus="Filipino")


def command(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["see-the-system", "practice", *arguments])
    main()


def test_the_commands_write_records_and_say_the_key(monkeypatch, capsys, tmp_path):
    command(monkeypatch, "records", "10082", str(tmp_path / "room"), "--year", "2025")
    assert len(list((tmp_path / "room").glob("synthetic_10082_*_2025.csv"))) == 7
    command(monkeypatch, "key", "10074")
    command(monkeypatch, "score", "data/sample/theory.yaml", "--match", "cause-late=")
    command(monkeypatch, "ideas", "10082")
    command(monkeypatch, "year", "10082", "none", str(tmp_path / "weeks"), "--seed", "2")
    said = capsys.readouterr().out
    assert (
        "poster_weeks" in said
        and "synthetic_weeks_10082_no_change.csv has the weeks of Little Comet" in said
    )
    assert (
        "7 synthetic files are in" in said
        and "For the facilitator. Applewhistle" in said
        and "late_results  cause-scanner:" in said
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
