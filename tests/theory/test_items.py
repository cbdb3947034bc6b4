"""What there is for things of every kind: names, pointers, the plain form."""

from see_the_system.theory.items import KINDS, OWNER, POINTERS, name_of, plain, read_item
from see_the_system.theory.kinds import Category, Cause
from tests.theory.examples import largest, school, school_items


def test_what_points_and_what_hangs_is_read_from_the_kinds():
    assert {
        "cause": "parent",
        "why": "parent",
        "quote": "interview",
        "lane": "map",
        "step": "lane",
        "connection": "source",
        "learning_question": "cycle",
        "vote": "on",
    } | {
        kind: None
        for kind in KINDS
        if kind
        not in ("cause", "why", "quote", "lane", "step", "connection", "learning_question", "vote")
    } == OWNER
    assert POINTERS["evidence"].keys() == {"about", "interviews", "quotes", "steps"}


def test_plain_and_back_without_loss():
    for item in school_items():
        assert read_item(plain(item)) == item
    assert plain(Category(id="category-1", text="x")) == {
        "kind": "category",
        "id": "category-1",
        "text": "x",
    }


def test_a_sentence_names_a_thing_by_its_kind_and_first_words():
    idea = school().by_id["change-idea-2"]
    assert name_of(idea) == 'change idea "Move support to an advisory period"'
    assert name_of(Cause(id="cause-1", parent="c")) == "cause cause-1"
    assert len(name_of(largest().causes[-1])) < 80
    thing = Category(text="x" * 57 + "\n yz")
    assert name_of(thing) == f'category "{"x" * 57} yz"'
    assert name_of(thing, most=59) == f'category "{"x" * 57}…"'
