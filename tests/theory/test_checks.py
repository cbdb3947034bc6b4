"""Each check finds its one thing in a theory that is otherwise the school team's, and says it in
sentences a principal can read aloud.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from see_the_system.theory import kinds as k
from see_the_system.theory.checks import RULES, Finding, check, describe_checks
from see_the_system.theory.model import LEVELS, Theory
from tests.theory.examples import WHEN, empty, largest, school, school_items

TODAY = date(2026, 11, 1)
DOCS = Path(__file__).parent.parent.parent / "docs" / "checks.md"
OF_SCHOOL = [
    ("cause-hunch", "cause-late"),
    ("cause-hunch", "cause-pullout"),
    ("cause-one-kind", "cause-belong"),
    ("cause-left", "cause-tasks"),
    ("cause-left", "cause-pacing"),
    ("cause-left", "cause-new"),
    ("idea-no-measure", "change-idea-1"),
    ("idea-no-measure", "change-idea-2"),
    ("measure-undefined", "measure-2"),
    ("measure-undefined", "measure-3"),
]


@dataclass
class Outlook:
    could_show: bool | None
    sentence: str = (
        "With 640 students, a change of 1 point cannot be told from chance by June 15, 2028."
    )


def changed(items, item_id, **fields):
    return [item.model_copy(update=fields) if item.id == item_id else item for item in items]


def without(items, *ids):
    return [item for item in items if item.id not in ids]


def fired(items, **options):
    return [(each.rule, each.where) for each in check(Theory.of(items), today=TODAY, **options)]


def problem(text):
    return changed(school_items(), "problem", text=text)


def drop(why):
    gone = k.Cause(
        id="cause-gone",
        parent="category-1",
        text="Too few calculators",
        dropped=k.Dropped(why=why, author="Ana", at=WHEN),
    )
    return [*school_items(), gone]


def data_for(cause_id, supports=True):
    answer = k.Answer(sentence="It is so.", fingerprint="0123456789abcdef", at=WHEN)
    return k.Evidence(
        id=f"evidence-for-{cause_id}-{supports}".lower(),
        type="data",
        about=(cause_id,),
        supports=supports,
        answers=(answer,),
    )


def more_drivers():
    return [
        k.Driver(
            id=f"driver-1{n}", level="primary", text="More", causes=("cause-placement",), order=9
        )
        for n in range(3)
    ]


def predicting(cycle):
    return k.LearningQuestion(
        id="learning-question-2", cycle=cycle, text="Who changes course?", prediction="Two of 28"
    )


def second_cycle(**fields):
    return [
        *school_items(),
        k.Cycle(id="cycle-2", idea="change-idea-1", text="Two measures in one class", **fields),
    ]


def adopted(reason="", **question):
    """The school's test adopted, with its only prediction (5 to 10 minutes) changed."""
    return changed(
        changed(school_items(), "cycle-1", decision="adopt", reason=reason),
        "learning-question-1",
        **question,
    )


def expecting(**question):
    """The plan of a second test, with a prediction in numbers."""
    return [
        *second_cycle(teachers=1, students=28),
        predicting("cycle-2").model_copy(update=question),
    ]


# What to change in the school's theory, and what the checks must then find beside what they find
# already.
CASES = {
    "team-named": (
        lambda: without(school_items(), "member-1", "member-2", "member-3", "member-4"),
        "charter",
    ),
    "team-decides": (lambda: changed(school_items(), "member-2", decides=False), "charter"),
    "team-classroom": (lambda: without(school_items(), "member-3"), "charter"),
    "team-student": (lambda: without(school_items(), "member-4"), "charter"),
    "problem-written": (lambda: problem(""), "problem"),
    "problem-names": (lambda: changed(school_items(), "problem", group="", period=""), "problem"),
    "problem-number": (
        lambda: changed(
            school_items(), "problem", text="Fewer Latino than White students met it.", value=""
        ),
        "problem",
    ),
    "problem-cause": (
        lambda: problem("In 2025, 31 percent met the standard because placement is unclear."),
        "problem",
    ),
    "problem-solution": (
        lambda: problem("In 2025, 31 percent met the standard; schools need a tutoring program."),
        "problem",
    ),
    "problem-blame": (
        lambda: problem("In 2025, 31 percent met the standard; parents don't care."),
        "problem",
    ),
    "theory-written": (lambda: [k.Category(id="category-1", text="Time")], "category-1"),
    "deficit-wording": (
        lambda: changed(school_items(), "cause-belong", text="Student apathy"),
        "cause-belong",
    ),
    "cause-solution": (
        lambda: changed(school_items(), "cause-belong", text="Lack of a tutoring program"),
        "cause-belong",
    ),
    "cause-why": (
        lambda: changed(school_items(), "cause-belong", text="Classes are too large"),
        "cause-belong",
    ),
    "interview-consent": (
        lambda: changed(school_items(), "interview-2", consent=False),
        "interview-2",
    ),
    "question-closed": (
        lambda: changed(school_items(), "interview-2", questions=("Do you like your work?",)),
        "interview-2",
    ),
    "cause-ruled-out": (
        lambda: changed(school_items(), "cause-letters", leverage=True),
        "cause-letters",
    ),
    "cause-hunch": (lambda: changed(school_items(), "cause-tasks", leverage=True), "cause-tasks"),
    "cause-one-kind": (lambda: [*school_items(), data_for("cause-late")], "cause-late"),
    "cause-contested": (
        lambda: [*school_items(), data_for("cause-placement", supports=False)],
        "cause-placement",
    ),
    "cause-outside": (lambda: changed(school_items(), "cause-bus", leverage=True), "cause-bus"),
    "cause-left": (lambda: drop(""), "cause-gone"),
    "aim-names": (lambda: changed(school_items(), "aim", target=None, by=None), "aim"),
    "aim-agrees": (
        lambda: changed(school_items(), "aim", population="English learners in grades 6 to 8"),
        "aim",
    ),
    "aim-direction": (lambda: changed(school_items(), "aim", target=25.0, text="Up."), "aim"),
    "aim-possible": (
        lambda: changed(school_items(), "aim", target=134.0, text="We meet the standard."),
        "aim",
    ),
    "aim-past": (lambda: changed(school_items(), "aim", by=date(2026, 10, 31), text="Up."), "aim"),
    "aim-near": (
        lambda: without(
            changed(school_items(), "aim", by=TODAY + timedelta(9), text="Up."),
            "cycle-1",
            "learning-question-1",
        ),
        "aim",
    ),
    "aim-could-show": (school_items, "aim"),
    "driver-no-cause": (lambda: changed(school_items(), "driver-7", causes=()), "driver-7"),
    "driver-loose": (lambda: changed(school_items(), "driver-5", acts_on=()), "driver-5"),
    "driver-many": (lambda: [*school_items(), *more_drivers()], "driver-12"),
    "driver-action": (
        lambda: changed(school_items(), "driver-5", text="Hire a family liaison"),
        "driver-5",
    ),
    "driver-people": (
        lambda: changed(school_items(), "driver-5", text="Families are motivated"),
        "driver-5",
    ),
    "idea-no-driver": (
        lambda: changed(school_items(), "change-idea-2", drivers=()),
        "change-idea-2",
    ),
    "idea-no-measure": (
        lambda: [
            *school_items(),
            k.ChangeIdea(id="change-idea-9", text="Send letters in May", drivers=("driver-5",)),
        ],
        "change-idea-9",
    ),
    "measure-undefined": (
        lambda: changed(school_items(), "measure-1", definition="", numerator=""),
        "measure-1",
    ),
    "measure-balancing": (lambda: without(school_items(), "measure-3"), "measure-1"),
    "cycle-prediction": (lambda: second_cycle(), "cycle-2"),
    "cycle-compared": (
        lambda: changed(school_items(), "learning-question-1", result="", value=None),
        "cycle-1",
    ),
    "cycle-missed": (lambda: adopted(value=12.0), "cycle-1"),
    "prediction-confidence": (lambda: expecting(low=2.0, high=4.0), "learning-question-2"),
    "cycle-large": (
        lambda: changed(school_items(), "cycle-1", teachers=12, students=340),
        "cycle-1",
    ),
    "cycle-alone": (
        lambda: changed(school_items(), "cycle-1", decision="adopt", next=""),
        "cycle-1",
    ),
    "cycle-measure": (lambda: changed(school_items(), "cycle-1", measures=()), "cycle-1"),
    "cycle-over-time": (
        lambda: changed(
            changed(school_items(), "measure-2", frequency=""), "cycle-1", decision="adopt"
        ),
        "cycle-1",
    ),
    "cycle-rationale": (lambda: changed(school_items(), "cycle-1", idea=None), "cycle-1"),
    "cycle-written": (lambda: changed(school_items(), "cycle-1", studied="", reason=""), "cycle-1"),
}
QUIET = {
    "the aim's date is today": lambda: changed(school_items(), "aim", by=TODAY, text="Up."),
    "lower is better, and the aim goes down": lambda: changed(
        changed(school_items(), "measure-1", better="lower"), "aim", target=25.0, text="Down."
    ),
    "a cause dropped with a reason": lambda: drop("Every room has a set."),
    "a plan that has only begun": lambda: [
        *second_cycle(teachers=1, students=28),
        predicting("cycle-2"),
    ],
    "a second, larger test after a first": lambda: [
        *changed(
            second_cycle(teachers=5, students=140, starts=date(2026, 4, 1)),
            "cycle-2",
            idea="change-idea-3",
            previous="cycle-1",
        ),
        predicting("cycle-2"),
    ],
    "adopted after a miss, and the reason is written": lambda: adopted(
        "Longer than planned, and worth it.", value=12.0
    ),
    "abandoned after a miss": lambda: changed(
        school_items(), "cycle-1", decision="abandon", reason="It took too long."
    ),
    "a prediction in numbers, with how sure the team is": lambda: expecting(
        low=2.0, high=4.0, confidence=70
    ),
    "a prediction in words": lambda: expecting(),
    "how sure the team was, when the result is in": lambda: expecting(low=2.0, high=4.0, value=3.0),
    "blame in what people said": lambda: changed(
        school_items(), "quote-2", text="Parents don't care."
    ),
    "blame in the interviewer's notes": lambda: changed(
        school_items(), "interview-1", notes="She says kids are lazy."
    ),
    "a cause just added, not yet typed": lambda: [
        *school_items(),
        k.Cause(id="cause-new-one", parent="category-1"),
    ],
    "a cause outside control that nothing rests on": lambda: changed(
        school_items(), "cause-new", control="outside"
    ),
}


def test_every_rule_has_a_case():
    assert list(CASES) == list(RULES)


@pytest.mark.parametrize("rule", CASES)
def test_each_check_finds_its_thing_and_nothing_before(rule):
    make, where = CASES[rule]
    options = {"aim_outlook": Outlook(False)} if rule == "aim-could-show" else {}
    found = fired(make(), **options)
    assert (rule, where) in found
    assert (rule, where) not in OF_SCHOOL
    new = {name for name, _ in found} - {name for name, _ in OF_SCHOOL} - {rule}
    assert new <= ({"team-named", "problem-written"} if rule == "theory-written" else set())


@pytest.mark.parametrize("case", QUIET)
def test_what_is_in_order_is_left_alone(case):
    assert set(fired(QUIET[case]())) <= set(OF_SCHOOL)


def test_blame_in_what_would_be_said_in_public_is_told_with_its_place():
    [finding] = [
        found
        for found in check(
            Theory.of(changed(school_items(), "problem", public="Parents don't care about it.")),
            today=TODAY,
        )
        if found.rule == "problem-blame"
    ]
    assert "in what you would say in public put the problem in people" in finding.what


def test_a_miss_that_was_adopted_without_a_reason_is_told_once():
    about = {each.rule: each.what for each in check(Theory.of(adopted(value=14.0)), today=TODAY)}
    assert (
        "what came is not what you had predicted, and no reason is written" in about["cycle-missed"]
    )
    assert "cycle-written" not in about
    held = {each.rule for each in check(Theory.of(adopted(value=8.0)), today=TODAY)}
    assert "cycle-written" in held and "cycle-missed" not in held


def test_the_schools_findings_one_by_one():
    assert fired(school_items()) == OF_SCHOOL
    found = check(school(), today=TODAY)[2]
    assert found == Finding(
        "cause-one-kind",
        "should",
        "cause-belong",
        'Only one kind of evidence, what people said, speaks for the cause "Students who are '
        'placed down say that nobody told them why".',
        RULES["cause-one-kind"].why,
        "Add a second kind: ask the data.",
    )


def test_a_note_a_leverage_or_a_driver_below_speaks_for_a_cause():
    left = [where for rule, where in fired(school_items()) if rule == "cause-left"]
    noted = [
        *school_items(),
        k.Note(id="note-9", on="cause-new", text="Next year: hiring is over."),
    ]
    below = changed(noted, "cause-guide", leverage=True)
    assert left == ["cause-tasks", "cause-pacing", "cause-new"]
    assert [where for rule, where in fired(noted) if rule == "cause-left"] == [
        "cause-tasks",
        "cause-pacing",
    ]
    assert [where for rule, where in fired(below) if rule == "cause-left"] == ["cause-tasks"]


def test_a_test_held_without_a_prediction_is_not_told_to_predict_what_it_has_seen():
    found = [
        each.do
        for did in ("", "Done.")
        for each in check(Theory.of(second_cycle(did=did)), today=TODAY)
        if each.rule == "cycle-prediction"
    ]
    assert [each.split()[0] for each in found] == ["Write", "Say"]


def test_the_outlook_of_the_aim_is_passed_on_word_for_word():
    found = {
        could: [
            each.what
            for each in check(school(), aim_outlook=Outlook(could), today=TODAY)
            if each.rule == "aim-could-show"
        ]
        for could in (True, None, False)
    }
    assert found == {True: [], None: [], False: [Outlook(False).sentence]}


def test_a_finding_names_a_test_as_people_do_and_everything_else_by_its_kind():
    items = changed(second_cycle(did="Done."), "change-idea-1", drivers=())
    about = {each.rule: each.what for each in check(Theory.of(items), today=TODAY)}
    idea = next(item for item in items if item.id == "change-idea-1")
    test = 'test "Two measures in one class"'
    assert about["cycle-prediction"] == f"The {test} has no prediction."
    assert about["cycle-rationale"] == (
        f"The {test} does not say why the change should work: its change idea "
        f'"{idea.text}" serves no driver.'
    )
    assert about["idea-no-driver"] == f'The change idea "{idea.text}" serves no driver.'
    sure = check(Theory.of(expecting(low=2.0, high=4.0)), today=TODAY)
    assert [each.what for each in sure if each.rule == "prediction-confidence"] == [
        'The learning question "Who changes course?" predicts in numbers and does not say how '
        "sure you are."
    ]


def test_an_empty_theory_gets_two_friendly_findings():
    found = check(empty(), today=TODAY)
    assert [(each.rule, each.level) for each in found] == [
        ("team-named", "should"),
        ("problem-written", "should"),
    ]
    assert (
        describe_checks(found)
        == "The checks found 2 worth mending soon. Start here: " + found[0].what + " " + found[0].do
    )


def test_a_large_theory_is_not_answered_with_a_flood():
    assert [each.rule for each in check(largest(), today=TODAY)] == [
        "team-named",
        "problem-names",
        "aim-names",
        "driver-no-cause",
        "idea-no-measure",
    ]


def test_what_must_be_settled_comes_first_then_the_order_of_the_work():
    items = changed(changed(school_items(), "aim", target=31, text=""), "member-2", decides=False)
    found = check(Theory.of([*items, data_for("cause-placement", supports=False)]), today=TODAY)
    order = [(LEVELS.index(each.level), list(RULES).index(each.rule)) for each in found]
    assert (
        order == sorted(order)
        and [each.rule for each in found][:2] == ["team-decides", "aim-direction"]
        and found[-1].rule == "cause-contested"
    )
    assert describe_checks(found).startswith(
        "The checks found 2 to settle before you go on, 10 worth mending soon and 1 to think "
        "about. Start here: Nobody on the team"
    )


@pytest.mark.parametrize("rule", CASES)
def test_findings_are_sentences(rule):
    for each in check(Theory.of(CASES[rule][0]()), aim_outlook=Outlook(False), today=TODAY):
        assert (
            re.fullmatch(r"[A-ZÁ“¿].*[.?”]", each.what)
            and re.fullmatch(r"[A-Z].*[.?”]", each.do)
            and re.search(r" \(.+\)\.$", each.why)
        )
        assert max(map(len, (each.what, each.why, each.do))) < 260
        assert not re.search(
            r"\b(fail|wrong|error|bad|invalid|forgot|None|cause-\w+|driver-\d)",
            (each.what + each.do).replace("None of", ""),
        )


def test_the_page_lists_every_check_as_the_code_has_it():
    rows = [
        tuple(cell.strip() for cell in line.strip("|\n").split(" | "))
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert rows == [(f"`{name}`", rule.level, rule.looks, rule.why) for name, rule in RULES.items()]
