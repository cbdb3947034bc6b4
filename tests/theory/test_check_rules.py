"""A check is a function; its rule is made of its name, its docstring and what stands above it."""

from types import SimpleNamespace

from see_the_system.theory.checks import RULES
from see_the_system.theory.model import LEVELS, rule, rules_of


@rule("consider", "aim", "Because.", needs=("today",))
def aim_soon(theory, today):
    """The aim is too
    soon.
    """
    yield "aim", f"It is {today} for {theory}.", "Wait."


def test_a_function_becomes_a_rule():
    assert aim_soon[:6] == (
        "aim-soon",
        "consider",
        "aim",
        "The aim is too soon.",
        "Because.",
        ("today",),
    )
    assert list(aim_soon.find("us", today="early")) == [("aim", "It is early for us.", "Wait.")]


def test_the_rules_of_a_module_are_what_it_declares_and_nothing_else():
    module = SimpleNamespace(first=aim_soon, other=len, second=aim_soon._replace(name="second"))
    assert [each.name for each in rules_of(module)] == ["aim-soon", "second"]


def test_the_table_of_checks_is_whole():
    assert len(RULES) == 48 and {each.level for each in RULES.values()} == set(LEVELS)
    parts = list(dict.fromkeys(each.part for each in RULES.values()))
    assert parts == [
        "team",
        "problem",
        "causes",
        "interviews",
        "aim",
        "drivers",
        "measures",
        "tests",
    ]
