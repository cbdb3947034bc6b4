import pytest

from see_the_system.messages import Refusal
from see_the_system.reports import template as template_module
from see_the_system.reports.template import Template, code_version, fingerprint, typed
from tests.reports.conftest import text, write_template


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("year", "2023", 2023),
        ("share", "1", 1.0),
        ("share", ".25", 0.25),
        ("charters", "yes", True),
        ("charters", "False", False),
        ("groups", "[1, 31]", [1, 31]),
        ("label", "17", "17"),
        ("label", 'O\'Neill "K-8" {x}', 'O\'Neill "K-8" {x}'),
    ],
)
def test_values_have_the_type_the_template_declares(template, name, given, value):
    (found,) = template.values({name: given}).values()
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("yaer", "2024", "Did you mean 'year'"),
        ("year", "last", "'year' (The latest year) takes a whole number, and 'last' is not"),
        ("year", "2024.5", "whole number"),
        ("charters", "maybe", "yes or no"),
        ("groups", "{'a': 1}", "a list such as"),
        ("district", "99-10017", "filled in for each report"),
    ],
)
def test_a_wrong_parameter_is_refused_with_the_right_one(template, name, given, words):
    with pytest.raises(Refusal) as problem:
        template.values({name: given}, taken=("district", "store"))
    assert words in str(problem.value)


def test_unions_take_any_of_their_types():
    parameter = {"inferred_type_name": "int | None", "default": "None", "help": ""}
    assert typed("year", "2024", parameter) == 2024
    assert typed("year", "none", parameter) is None
    assert typed(
        "grades",
        "[6]",
        {"inferred_type_name": "Optional[list[int]]", "default": "None", "help": ""},
    ) == [6]


def test_fingerprint_follows_what_is_asked_and_not_what_was_answered(template, tmp_path):
    same = Template(write_template(tmp_path / "{again}.ipynb"))
    assert same.fingerprint == template.fingerprint
    assert (
        Template(write_template(tmp_path / "more.ipynb", text("More."))).fingerprint
        != template.fingerprint
    )


@pytest.mark.parametrize("content", [None, "no notebook", "{}"])
def test_what_is_no_template_is_said(tmp_path, content):
    path = tmp_path / "template.ipynb"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Refusal, match=r"template\.ipynb"):
        Template(path)


def test_fingerprint_tells_where_parts_end():
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint("ab", "c") == fingerprint(b"ab", "c")


@pytest.mark.parametrize("name", ["see_the_system/gaps.py", "helpers/verbs.py", "helpers/page.css"])
def test_the_version_of_the_code_follows_the_engine_and_the_face(tmp_path, monkeypatch, name):
    for package in ("see_the_system", "helpers", "practice_network"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "one.py").write_text("one")
    monkeypatch.setattr(template_module, "PACKAGE", tmp_path / "see_the_system")
    before = code_version()
    (tmp_path / "practice_network" / "one.py").write_text("two")
    assert code_version() == before
    (tmp_path / name).write_text("two")
    assert code_version() != before
