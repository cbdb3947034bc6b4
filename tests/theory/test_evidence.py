from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.evidence import (
    GRADES,
    answered,
    ask,
    changed,
    describe_triangulation,
    grades,
    latest,
    triangulation,
)
from see_the_system.theory.items import plain, read_item
from see_the_system.theory.model import Theory
from see_the_system.theory.outline import evidence_shown
from tests.theory.examples import WHEN, empty, largest, school

QUESTION = k.Question(
    measure="gap in percent met",
    district="99-10017",
    group="Hispanic or Latino",
    comparison="White",
)
ANSWER = k.Answer(
    sentence="The gap is 24.0 points.",
    value=24,
    unit="percentage points",
    fingerprint="aaaaaaaa",
    at=WHEN,
)


def says(sentence, value, fingerprint):
    return SimpleNamespace(
        sentence=sentence,
        value=value,
        low=None,
        high=None,
        unit="percentage points",
        fingerprint=fingerprint,
    )


def theory(*pieces):
    """A theory with one cause and one why, and evidence on both as (type, supports) or (type,
    supports, False) for data never asked.
    """
    items = [
        k.Category(id="category-1", text="Time"),
        k.Cause(id="cause-1", parent="category-1", text="Late results"),
        k.Why(id="why-1", parent="cause-1"),
    ]
    for place, (kind, supports, *has) in enumerate(pieces):
        data = (
            {"question": QUESTION, "answers": (ANSWER,) if has != [False] else ()}
            if kind == "data"
            else {}
        )
        items.append(
            k.Evidence(
                id=f"evidence-{place}",
                type=kind,
                about=("cause-1", "why-1"),
                supports=supports,
                **data,
            )
        )
    return Theory.of(items)


@pytest.mark.parametrize(
    ("pieces", "grade"),
    [
        ((), "hunch"),
        ((("data", True, False),), "hunch"),
        ((("interview", False),), "hunch"),
        ((("interview", False), ("interview", False)), "hunch"),
        ((("interview", True),), "heard"),
        ((("research", True), ("data", False, False)), "heard"),
        ((("interview", True), ("process", False), ("document", False)), "heard"),
        ((("data", True), ("interview", False)), "seen in data"),
        ((("data", True), ("data", False)), "seen in data"),
        ((("data", False),), "ruled out"),
        ((("data", False), ("interview", True)), "ruled out"),
        ((("interview", False), ("process", False)), "ruled out"),
    ],
)
def test_the_grade_follows_from_the_evidence(pieces, grade):
    assert grades(theory(*pieces)) == {"cause-1": grade, "why-1": grade}
    assert grade in GRADES


def test_what_was_dropped_speaks_no_more():
    items = theory(("data", True), ("interview", True)).items()
    gone = [
        item.model_copy(update={"dropped": k.Dropped(why="asked the wrong group")})
        if item.id == "evidence-0"
        else item
        for item in items
    ]
    assert grades(Theory.of(gone))["cause-1"] == "heard"


def test_the_table_is_in_the_order_of_the_fishbone():
    rows = triangulation(school())
    assert [row.id for row in rows][:6] == [
        "cause-tasks",
        "cause-pacing",
        "cause-guide",
        "cause-late",
        "cause-scan",
        "cause-calendar",
    ]
    placement = next(row for row in rows if row.id == "cause-placement")
    assert (
        placement.path
        == "Time, schedule & policy › Placement in grade 7 rests on a recommendation with no "
        "written criteria"
    )
    assert (placement.grade, placement.kinds, placement.waiting) == ("seen in data", 3, 0)
    assert placement.supports == {
        "data": 1,
        "interview": 1,
        "process": 1,
        "document": 0,
        "research": 0,
    }
    letters = next(row for row in rows if row.id == "cause-letters")
    assert (letters.grade, letters.against["data"], letters.supports["data"]) == ("ruled out", 1, 0)
    assert triangulation(theory(("data", True, False)))[0].waiting == 1


def test_the_table_in_words():
    assert describe_triangulation(school()) == (
        "Of 13 causes, 10 are hunches, 1 is heard, 1 is seen in data, 1 is ruled out. By "
        "kinds of evidence: 1 with two or more, 2 with one, "
        "10 with none."
    )
    assert describe_triangulation(theory(("data", True, False))).endswith(
        "1 question to the data without an answer."
    )
    assert describe_triangulation(empty()) == "No cause is named yet."
    assert len(triangulation(largest())) == 320


def test_a_changed_answer_stands_beside_the_old_one():
    evidence = theory(("data", True)).evidence[0]
    new = answered(
        evidence, says("The gap is 19.5 points.", 19.5, "bbbbbbbb"), at=WHEN + timedelta(days=365)
    )
    old, now, sentence = changed(new)
    assert (old, now) == (ANSWER, latest(new)) and len(new.answers) == 2
    assert (
        sentence
        == "Changed: was “The gap is 24.0 points” on September 15, 2026; now “The gap is 19.5 "
        "points” (September 15, 2027)."
    )
    assert changed(evidence) is None and evidence.answers == (ANSWER,)
    assert read_item(plain(new)) == new


def test_the_same_words_with_another_number_show_the_number():
    evidence = theory(("data", True)).evidence[0]
    change = changed(
        answered(evidence, says("The gap is 24.0 points.", 24.04, "bbbbbbbb"), at=WHEN)
    )
    assert (
        "“The gap is 24.0 points (24 percentage points)”" in change.sentence
        and "(24.04 percentage points)”" in change.sentence
    )


def test_the_same_data_are_not_an_answer_again():
    evidence = theory(("data", True)).evidence[0]
    assert (
        answered(
            evidence, says("Said in newer words.", 24, "aaaaaaaa"), at=WHEN + timedelta(days=9)
        )
        is evidence
    )


def test_new_data_with_the_same_result_are_read_again_and_not_changed():
    later = WHEN + timedelta(days=30)
    again = answered(
        theory(("data", True)).evidence[0], says(ANSWER.sentence, 24.0, "cccccccc"), at=later
    )
    assert [(answer.fingerprint, answer.at) for answer in again.answers] == [("cccccccc", later)]
    assert changed(again) is None
    moved = answered(again, says("The gap is 19.5 points.", 19.5, "dddddddd"), at=later)
    held = answered(
        moved, says("The gap is 19.5 points.", 19.5, "eeeeeeee"), at=later + timedelta(days=1)
    )
    assert changed(held).old.value == 24 and changed(held).new.fingerprint == "eeeeeeee"


def test_the_newest_answers_are_kept():
    evidence = theory(("data", True, False)).evidence[0]
    assert latest(evidence) is None
    for number in range(60):
        evidence = answered(evidence, says(f"It is {number}.", number, f"{number:08x}"), at=WHEN)
    assert (
        len(evidence.answers) == 50
        and latest(evidence).value == 59
        and evidence.answers[0].value == 10
    )


def test_only_data_evidence_has_answers():
    with pytest.raises(
        Refusal, match="is of kind interview; only evidence of kind data has answers"
    ):
        answered(theory(("interview", True)).evidence[0], says("", 1, "aaaaaaaa"))


def test_one_question_without_an_answer_does_not_stop_the_others():
    hard = QUESTION.model_copy(update={"district": "99-99999"})
    items = theory(("data", True), ("interview", True), ("data", False, False)).items()
    items.append(k.Evidence(id="evidence-hard", type="data", question=hard))
    asked = []

    def answer(question):
        asked.append(question)
        if question is hard:
            raise Refusal("District 99-99999 is not in the store.")
        return says("The gap is 24.0 points.", 24, "aaaaaaaa")

    found = ask(Theory.of(items), answer, at=WHEN)
    assert [each.id for each in found.evidence] == ["evidence-2"] and latest(
        found.evidence[0]
    ) == ANSWER
    assert found.sentences == {"evidence-hard": "District 99-99999 is not in the store."}
    assert len(asked) == 2, "the same question is asked once"
    assert ask(theory(("data", True, False)), answer).evidence[0].answers[0].at - datetime.now(
        UTC
    ) < timedelta(minutes=1)


def test_an_interview_speaks_once_something_that_was_said_is_written_down():
    items = [
        k.Category(id="category-1", text="Time"),
        k.Cause(id="cause-1", parent="category-1", text="Late results"),
        k.Interview(id="interview-1", role="student", questions=("What was it like?",)),
        k.Evidence(
            id="evidence-1", type="interview", about=("cause-1",), interviews=("interview-1",)
        ),
    ]
    assert grades(Theory.of(items)) == {"cause-1": "hunch"}
    assert triangulation(Theory.of(items))[0].kinds == 0
    said = k.Quote(interview="interview-1", text="I never saw my results")
    assert grades(Theory.of([*items, said])) == {"cause-1": "heard"}
    with_notes = items[2].model_copy(update={"notes": "Results came in June."})
    assert grades(Theory.of([*items[:2], with_notes, items[3]])) == {"cause-1": "heard"}
    in_words = items[3].model_copy(update={"text": "Two students said so"})
    assert grades(Theory.of([*items[:3], in_words])) == {"cause-1": "heard"}


def test_a_cause_shows_what_the_data_answered_whether_or_not_it_was_a_question():
    items = [
        k.Category(id="category-1", text="Time"),
        k.Cause(id="cause-1", parent="category-1", text="Late results"),
        k.Evidence(id="a", type="data", about=("cause-1",), question=QUESTION, answers=(ANSWER,)),
        k.Evidence(
            id="b",
            type="data",
            about=("cause-1",),
            text="They would come at once.",
            source="results.xlsx",
            answers=(ANSWER,),
        ),
        k.Evidence(id="c", type="document", about=("cause-1",), source="The calendar, page 2"),
    ]
    theory = Theory.of(items)
    assert grades(theory) == {"cause-1": "seen in data"}
    assert [piece["text"] for piece in evidence_shown(theory)["cause-1"]] == [
        "The gap is 24.0 points.",
        "They would come at once. The gap is 24.0 points.",
        "The calendar, page 2",
    ]
