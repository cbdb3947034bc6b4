"""The aim's sentence is read, and held against the aim's fields."""

from datetime import date
from types import SimpleNamespace

import pytest

from see_the_system.theory import kinds as k
from see_the_system.theory.aim_text import grades, said
from see_the_system.theory.checks import check
from see_the_system.theory.clauses import language
from see_the_system.theory.model import Theory
from tests.theory.examples import school_items

TODAY = date(2026, 11, 1)


def found(items, rule):
    findings = check(Theory.of(items), today=TODAY)
    return [each for each in findings if each.rule == rule]


def of_school(**fields):
    return [item.model_copy(update=fields) if item.id == "aim" else item for item in school_items()]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("by June 2028", date(2028, 6, 1), date(2028, 6, 30)),
        ("by June 15, 2028", date(2028, 6, 15), date(2028, 6, 15)),
        ("by spring 2027", date(2027, 3, 1), date(2027, 6, 30)),
        ("by the end of the 2027-28 school year", date(2027, 1, 1), date(2028, 12, 31)),
        ("para el 15 de junio de 2028", date(2028, 6, 15), date(2028, 6, 15)),
        ("by February 31, 2028", date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_widely_as_it_is_written(text, first, last):
    assert said(text).by[1:] == (first, last)


def test_numbers_grades_and_groups_are_read():
    aim = said("Raise 3rd grade English learners from 24 to 40% in reading by June 2028")
    assert (aim.baseline, aim.target) == (24, 40)
    assert (aim.grades, aim.groups, aim.subjects) == ({3}, ("English learners",), ("reading",))
    assert grades("grades K to 2 and grade 5") == {0, 1, 2, 5}


def test_each_disagreement_is_named_with_both_values():
    (finding,) = found(
        of_school(text="60 percent of English learners in grades 3 to 5 by June 2026."),
        "aim-agrees",
    )
    assert "Target: 60 and 45" in finding.what
    assert "Date: June 2026 and June 15, 2028" in finding.what
    assert "Group: English learners and Hispanic or Latino" in finding.what
    assert found(of_school(), "aim-agrees") == []
    assert found(of_school(baseline=31.4), "aim-agrees") == []
    (grade,) = found(of_school(text="45 percent in grade 9 by June 2028"), "aim-agrees")
    assert grade.what.endswith("Grade: 9 and 6, 7 and 8.")


def test_a_whole_sentence_with_empty_fields_gets_one_gentle_finding_with_what_to_copy():
    text = "By June 2028, 45 percent of Latino students pass, up from 31 percent."
    items = [k.Aim(text=text)]
    findings = [each for each in check(Theory.of(items), today=TODAY) if each.where == "aim"]
    assert [(each.rule, each.level) for each in findings] == [("aim-names", "should")]
    assert findings[0].do == (
        "Copy from the sentence: target: 45; baseline: 31; date: June 2028; "
        "population: Hispanic or Latino. Fill in its measure."
    )


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"target": 134.0, "text": ""}, "aim-possible"),
        ({"target": 31, "text": ""}, "aim-direction"),
        ({"target": None, "baseline": None, "text": "From 31 to 31 percent"}, "aim-direction"),
        ({"by": None, "text": "45 percent by June 2024"}, "aim-past"),
    ],
)
def test_what_cannot_be_is_named_in_the_fields_and_in_the_sentence(fields, rule):
    assert len(found(of_school(**fields), rule)) == 1
    assert found(of_school(), rule) == []


def of_aim(today=TODAY, **fields):
    findings = check(Theory.of([k.Aim(**fields)]), today=today)
    return {each.rule: each for each in findings if each.where == "aim"}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": "From 24 to 100 percent by tomorrow"}, "from 24 to 100 percent by tomorrow: all"),
        ({"text": "From 24 to 100 percent of grade 8 by June 2028"}, "from 24 to 100 percent: all"),
        ({"text": "Up by 2", "by": date(2026, 11, 20)}, "is to be reached within 19 days."),
        ({"text": "Del 24 al 100 por ciento para mañana"}, "al 100 por ciento para mañana: todo"),
    ],
)
def test_an_aim_that_is_days_away_or_goes_all_of_the_way_is_asked_about_once(fields, says):
    finding = of_aim(**fields)["aim-near"]
    assert says.removeprefix("al ") in finding.what and finding.level == "consider"


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "From 24 to 40 percent by June 2028"},
        {"text": "From 90 to 100 percent by June 2028"},
        {"text": "From 24 to 100 percent by June 2025"},
        {"text": "From 24 to 100 points by June 2028"},
    ],
)
def test_an_aim_within_reach_is_not_asked_about(fields):
    assert "aim-near" not in of_aim(**fields)


def test_an_aim_that_is_on_its_way_or_cannot_be_shown_is_not_asked_about_again():
    near = [
        item.model_copy(update={"by": TODAY, "text": "Up."})
        for item in school_items()
        if item.id == "aim"
    ]
    rest = [item for item in school_items() if item.id != "aim"]
    untested = [item for item in rest if item.kind() not in ("cycle", "learning_question")]
    assert found([*near, *untested], "aim-near") and not found([*near, *rest], "aim-near")
    outlook = SimpleNamespace(could_show=False, sentence="No spring lies between (so it is said).")
    asked = check(Theory.of([*near, *untested]), today=TODAY, aim_outlook=outlook)
    assert [each.rule for each in asked if each.where == "aim"] == ["aim-could-show"]


def test_all_of_a_process_can_be_had_and_a_weekly_measure_shows_sooner():
    measure = k.Measure(
        id="measure-1", type="process", text="Percent of letters", frequency="Weekly"
    )
    aim = k.Aim(text="From 24 to 100 percent", measure="measure-1", by=date(2026, 11, 20))
    assert found([measure, aim], "aim-near") == []


def test_findings_on_a_spanish_problem_and_aim_are_in_spanish():
    problem = k.Problem(text="Menos alumnos latinos alcanzan el estándar en la escuela")
    about = {each.rule: each for each in check(Theory.of([problem]), today=TODAY)}
    assert about["problem-names"].what == (
        "Al planteamiento del problema le falta: medida, grupo, lugar y periodo."
    )
    assert about["problem-number"].what == "El planteamiento del problema no tiene ningún número."
    text = "Para junio de 2025, los alumnos pasan del 24 al 40 por ciento"
    aim = of_aim(text=text, target=24, baseline=24, by=date(2025, 5, 1), unit="percent")
    assert {rule: each.what for rule, each in aim.items()} == {
        "aim-direction": "El valor esperado de la meta, 24, es donde están hoy.",
        "aim-names": "A la meta le falta: población y medida.",
        "aim-agrees": "La frase de la meta y sus casillas no dicen lo mismo. "
        "Fecha: junio de 2025 y 1 de mayo de 2025.",
        "aim-past": "La fecha de la meta, el 1 de mayo de 2025, ya pasó.",
    }
    much = of_aim(text="Los alumnos llegan al 134 por ciento", target=134.0, baseline=24)
    assert much["aim-possible"].what == (
        "El valor esperado de la meta es 134 %, y un porcentaje va de 0 a 100."
    )
    for each in (*about.values(), *aim.values(), *much.values()):
        if each.where in ("problem", "aim"):
            assert language(f"{each.what} {each.why} {each.do}") == "es"
