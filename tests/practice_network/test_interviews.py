import re
from itertools import pairwise

import pytest

from practice_network import network, planted
from practice_network.interviews import interviews, text
from see_the_system.cli import main
from see_the_system.data import codes
from see_the_system.messages import Refusal
from see_the_system.theory.wording import closed, deficit

ALL = interviews()
BELIEVED, REFUTED = "attendance believed", "attendance refuted"
DISTRICTS = [district.code for district in network.DISTRICTS]
CAUSES = {cause.id for cause in planted.CAUSES}
# Follow-up questions that a yes or a number answers. An interviewer has some; every interview opens
# with one that asks for a story.
CLOSED = {
    "How often does this happen?",
    "Is that what you think?",
    "And did she go?",
    "How many was that?",
    "How long have the buses been late?",
    "And have you called them?",
    "How many days like that were there?",
}


def test_lanternfield_has_twenty_one_and_every_other_district_at_least_five():
    count = {code: len(interviews(code)) for code in DISTRICTS}
    assert count == {
        "10017": 21,
        "10025": 8,
        "10033": 10,
        "10041": 8,
        "10058": 6,
        "10066": 7,
        "10074": 6,
        "10082": 5,
    }


def test_some_speak_plainly_in_every_district():
    """At first every voice told a story, at length; people also answer in a few plain words."""
    plain = []
    for one in ALL:
        answers = [said.split() for speaker, said in one.turns if speaker != "Interviewer"]
        plain += [one.district] * (sum(map(len, answers)) < 22 * len(answers))
    assert all(plain.count(code) >= 2 for code in DISTRICTS)


def test_ids_are_unique_and_begin_with_their_district():
    assert len({one.id for one in ALL}) == len(ALL)
    names = {district.code: district.name for district in network.DISTRICTS}
    for one in ALL:
        assert one.id.split("-")[0] in names[one.district].lower().replace("ñ", "n")


def test_a_district_by_its_name_and_one_that_is_not_there():
    assert interviews("Little Comet Elementary") == interviews("99-10082") == interviews("10082")
    with pytest.raises(Refusal, match="Choose Wrenfield Joint Unified"):
        interviews("Wrenfeld Joint Unified")


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_a_transcript_has_its_parts(one):
    speakers = {speaker for speaker, _ in one.turns}
    assert 10 <= len(one.turns) <= 24 and "Interviewer" in speakers and len(speakers) in (2, 3)
    assert one.turns[0][0] == "Interviewer" and one.turns[-1][0] != "Interviewer"
    assert all(said.strip() == said and len(said) > 3 and "  " not in said for _, said in one.turns)
    assert one.setting.endswith(".") and (one.school or one.role == "bus dispatcher")
    assert set(one.touches) <= CAUSES | {BELIEVED, REFUTED} and one.touches
    assert one.group in ("", *codes.GROUPS.values()) and (
        one.role in ("student", "family")
    ) == bool(one.group)
    assert bool(re.fullmatch(r"[4-8]|\d and \d|6 to 8|", one.grade)) and (
        one.role != "student" or one.grade
    )


@pytest.mark.parametrize("one", [one for one in ALL if one.school], ids=lambda one: one.id)
def test_a_school_is_one_of_the_district_s_and_has_the_grade(one):
    own = network.schools().query("district == @one.district and last == 2025")
    kinds = {network.full_name(row, 2025): row["kind"] for _, row in own.iterrows()}
    assert one.school in kinds
    assert not one.grade or int(one.grade[-1]) in network.KINDS[kinds[one.school]]


def test_every_district_is_told_of_by_three_roles():
    for code in DISTRICTS:
        roles = {one.role for one in interviews(code)}
        assert (
            len(roles) >= 3 and {"student", "family"} & roles and "teacher" in roles | {"counselor"}
        )
    assert {one.grade for one in interviews("10017") if one.role == "student"} == {"6", "7", "8"}
    assert len({one.group for one in interviews("10017") if one.role == "student"}) >= 5


@pytest.mark.parametrize("code", DISTRICTS)
def test_each_cause_that_acts_is_told_by_two_roles_and_no_other_by_more_than_one_person(code):
    told = {
        cause: [one.role for one in interviews(code) if cause in one.touches] for cause in CAUSES
    }
    acting = {cause.id for cause in planted.acting(code)}
    assert all(len(set(told[cause])) >= 2 for cause in acting)
    assert {cause: told[cause] for cause in CAUSES - acting if told[cause]} == (
        {"pullout": ["teacher"]} if code == "10025" else {}
    )


@pytest.mark.parametrize("code", DISTRICTS)
def test_the_wrong_theory_is_believed_by_one_and_comes_apart_with_another(code):
    believe = {one.id for one in interviews(code) if BELIEVED in one.touches}
    refute = {one.id for one in interviews(code) if REFUTED in one.touches}
    assert believe and refute - believe


def test_what_is_planted_is_not_on_the_page_nor_in_the_repr():
    names = {cause.name for cause in (*planted.CAUSES, *planted.DECOYS)} | {
        BELIEVED,
        REFUTED,
        "late_results",
        "unbridged",
        "touches",
        "decoy",
    }
    for one in ALL:
        page = text(one)
        assert not [name for name in names if name in page or name in repr(one)]
        assert page.startswith("Synthetic transcript") and one.setting in page
        assert page.count("\n\n") == len(one.turns)


def test_nobody_is_spoken_of_in_deficit_wording():
    found = [
        (one.id, phrase.words) for one in ALL for _, said in one.turns if (phrase := deficit(said))
    ]
    assert found == []
    assert deficit("Students are unmotivated") and not deficit(ALL[0].setting)


def test_every_interview_opens_with_a_question_that_asks_for_a_story():
    asked = [said for one in ALL for speaker, said in one.turns if speaker == "Interviewer"]
    # One word is enough for many a question that follows up a story, and rightly so.
    assert {said for said in asked if closed(said) not in ("", "one word")} == CLOSED
    assert all(
        "?" in one.turns[0][1] or re.search(r"\b[Tt]ell me\b|\b[Ww]alk me\b", one.turns[0][1])
        for one in ALL
    )


def test_what_was_said_in_spanish_is_kept_and_interpreted():
    one = next(one for one in ALL if one.id == "lanternfield-family-interpreter")
    pairs = list(pairwise(one.turns))
    spanish = [
        (said, answer)
        for (speaker, said), answer in pairs
        if speaker == "Mother" and re.search(r"\b(el|mi|que|los)\b", said)
    ]
    assert len(spanish) == 6 and all(answer[0] == "Interpreter" for _, answer in spanish)


def test_the_page_of_one_transcript():
    one = next(one for one in ALL if one.id == "comet-family")
    assert text(one).splitlines()[:6] == [
        "Synthetic transcript: the person, the school and the day are made up.",
        "Family, grade 6, Hispanic or Latino",
        "Little Comet School, Little Comet Elementary",
        "The school kitchen, December 2025, 25 minutes. She drives the van, cooks two days a "
        "week and is raising two grandchildren.",
        "",
        "Interviewer: Tell me about driving the van.",
    ]


def test_the_pages_are_written_one_a_transcript_and_tell_nothing_planted(
    monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(
        "sys.argv",
        [
            "see-the-system",
            "practice",
            "interviews",
            "Little Comet Elementary",
            str(tmp_path / "talks"),
        ],
    )
    main()
    pages = [
        path.read_text(encoding="utf-8")
        for path in sorted((tmp_path / "talks").glob("synthetic_*.txt"))
    ]
    assert len(pages) == 5 and all(
        page.startswith("Synthetic transcript") and "touches" not in page for page in pages
    )
    assert "5 synthetic interviews are in" in capsys.readouterr().out
