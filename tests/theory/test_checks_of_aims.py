"""The aim's sentence is read, and held against the aim's fields."""

from datetime import date

import pytest

from see_the_system.theory import kinds as k
from see_the_system.theory.aim_text import grades, said
from see_the_system.theory.checks import check
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
