"""Wording by kinds: what is denied, told, of the system, in another form, in another language."""

import importlib.util
import time
import unicodedata
from pathlib import Path

import pytest

from see_the_system.theory import kinds as k
from see_the_system.theory.checks import check
from see_the_system.theory.clauses import language
from see_the_system.theory.model import Theory
from see_the_system.theory.wording import (
    cause_in_problem,
    closed,
    deficit,
    deficits,
    solution_in_problem,
)

DOCS = Path(__file__).parents[2] / "docs"


def causes(*texts):
    items = [k.Category(id="category-1", text="Time")]
    return items + [
        k.Cause(id=f"cause-{n}", parent="category-1", text=text) for n, text in enumerate(texts)
    ]


def findings(items, rule):
    return [each for each in check(Theory.of(items)) if each.rule == rule]


@pytest.mark.parametrize(
    "text",
    [
        "Parents dont care",
        "Students arent motivated",
        "PARENTS  DON’T\ncare",
        unicodedata.normalize("NFD", "Falta de interés de los padres"),
        "The students in grade 9 do not try",
        "Families simply never take school seriously",
        "Inadequate parental support",
        "Kids come unprepared",
        "Poca disciplina de los jóvenes",
    ],
)
def test_a_form_is_met_however_it_is_typed_or_bent(text):
    assert deficit(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is not the students' fault that the bus is late",
        "It is not that families do not care",
        "Students do not lack motivation; they lack a way in",
        "We no longer think that parents do not care",
        "No decimos que los alumnos sean flojos",
        "Lack of parent involvement in the design of the form",
        "Students have no readiness assessment",
        "No student support services after 3 p.m.",
        "Falta de participación de las familias en las decisiones",
        "Los padres no asisten porque la junta es a las 10",
    ],
)
def test_what_is_denied_or_of_the_system_is_left_alone(text):
    assert deficit(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("As reported in the plan, students lack motivation", True),
        ("We were told the schedule late and students lack motivation", True),
        ("Families were told of the results, but they do not care", True),
        ("We believe that parents do not care", True),
        ("Two teachers said that parents do not care", False),
        ("A counselor told us that students are lazy", False),
        ('"Kids are lazy" stands on the board', False),
        ("Two teachers said that parents do not care; students are lazy", True),
        ("Una maestra dijo que los padres no apoyan", False),
    ],
)
def test_a_word_of_telling_mutes_only_what_another_says(text, found):
    assert bool(deficit(text)) == found


def test_all_that_is_found_in_a_sentence_is_shown_once_and_in_order():
    text = "Students lack motivation, parents do not care and teachers resist change"
    assert [phrase.words for phrase in deficits(text)] == [
        "Students lack motivation",
        "parents do not care",
        "teachers resist",
    ]
    (finding,) = findings(causes(text), "deficit-wording")
    assert "“Students lack motivation”, “parents do not care” and “teachers" in finding.what


def test_the_name_of_a_category_is_read_too():
    items = [k.Category(id="category-1", text="Student apathy")]
    assert [each.where for each in findings(items, "deficit-wording")] == ["category-1"]


def test_a_finding_answers_in_the_language_of_the_text():
    english, spanish = findings(causes("Lazy kids", "Los padres no apoyan"), "deficit-wording")
    assert english.what.startswith("The words “Lazy kids” in the cause")
    assert spanish.what == (
        'Las palabras “padres no apoyan” en la causa "Los padres no apoyan" ponen el problema '
        "en las personas."
    )
    assert "¿" in spanish.do and "quien" not in spanish.what and "escuela" in spanish.why
    (absent,) = findings(causes("No hay tutores"), "cause-solution")
    assert absent.what.endswith("nombra una solución que no está.")


def test_a_language_is_told_by_its_small_words():
    assert [language(text) for text in ("", "Los niños", "The kids", "¿Qué?", "Algebra")] == [
        "en",
        "es",
        "en",
        "es",
        "en",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Results from the spring 2025 test show that 24 percent met the standard",
        "Test results from grade 8 were 24 percent",
        "Students need a score of 2567 to meet the standard",
        "Students who were due to be reclassified are still waiting",
        "Since 2019, 24 percent met the standard",
    ],
)
def test_a_plain_problem_is_no_cause_and_no_solution(text):
    assert (cause_in_problem(text), solution_in_problem(text)) == ("", "")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Would you explain how you plan?", ""),
        ("How important is math to you?", "one word"),
        ("Which class do you like best?", "one word"),
        ("Please rate your class.", "a number"),
        ("¿Quién le ayuda?", "one word"),
        ("¿Recibió la carta?", "yes or no"),
        ("¿Por qué eligió esta clase?", ""),
    ],
)
def test_what_a_question_can_be_answered_with(text, answer):
    assert closed(text) == answer


@pytest.fixture(scope="module")
def page():
    spec = importlib.util.spec_from_file_location("wording_measured", DOCS / "wording.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("half", ["open", "sealed"])
def test_sentences_that_the_rules_never_met_keep_a_floor(page, half):
    for name, part in page.measured(half).items():
        speaks = part["right"] + len(part["wrong"])
        assert part["right"] >= 0.8 * speaks, name
        assert part["right"] >= 0.5 * part["of"], name


@pytest.mark.parametrize("half", ["later", "latest"])
def test_far_wording_is_not_found_at_the_cost_of_wrong_alarms(page, half):
    for name, part in page.measured(half).items():
        assert len(part["wrong"]) <= 1, name


def test_an_interval_is_wilsons(page):
    low, high = page.interval(9, 10)
    assert (round(low, 3), round(high, 3)) == (0.596, 0.982)
    assert page.interval(0, 0) == (0.0, 1.0)


def test_two_hundred_new_causes_are_read_in_a_moment_and_read_again_at_once():
    texts = [f"Students in room {n} wait {n} minutes for the late bus" for n in range(200)]
    deficits("Los padres no apoyan"), deficits("Parents")  # the lists are read once
    took = []
    for _ in range(2):
        start = time.process_time()
        for text in texts:
            deficits(text)
        took.append(time.process_time() - start)
    assert took[0] < 0.5 and took[1] < 0.01
