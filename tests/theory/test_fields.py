"""The fields of every thing: what text they take, and their ids."""

import re
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from see_the_system.messages import Refusal
from see_the_system.theory.fields import Answer, Question, new_id
from see_the_system.theory.kinds import Category, Cause, Member, Vote


def test_ids_are_short_stable_and_their_own():
    ids = {new_id("change_idea") for _ in range(2_000)}
    assert len(ids) == 2_000 and all(re.fullmatch(r"change-idea-[2-9a-z]{8}", new) for new in ids)
    assert Cause(parent="category-1", id="cause-mine").id == "cause-mine"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: Member(level="elsewhere"), "level"),
        (lambda: Cause(parent="Category 1"), "parent"),
        (lambda: Cause(parent="category-1", confidence=101), "confidence"),
        (lambda: Cause(parent="category-1", part="weather"), "part"),
        (lambda: Category(text="x" * 201), "text"),
        (lambda: Category(text="\ud800"), "text"),
        (lambda: Category(texts="x"), "texts"),
        (lambda: Question(measure="gap", district="Alder"), "district"),
        (
            lambda: Answer(
                sentence="x", value=float("nan"), fingerprint="0" * 16, at=datetime.now(UTC)
            ),
            "value",
        ),
    ],
)
def test_a_field_takes_only_what_it_is_for(make, field):
    with pytest.raises(ValidationError) as refused:
        make()
    assert refused.value.errors()[0]["loc"] == (field,)


def test_control_characters_and_line_ends_are_cleaned():
    assert Category(text=" a\x00b\u2028c\r\nd\re ").text == "abc\nd\ne"


def test_a_text_alone_is_the_words_of_a_thing():
    assert Category("Time").text == "Time" and Member("Joy", role="coach").name == "Joy"
    assert Cause("Late results", parent="category-1").text == "Late results"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Category("Time", "Space"), "Give each field of a category by its name, such as"),
        (lambda: Category("Time", text="Space"), r"such as Category\(text=…\)"),
        (lambda: Category(7), r"such as Category\(text=…\)"),
        (lambda: Vote("cause-1"), r"Give each field of a vote by its name, such as Vote\(on=…\)"),
    ],
)
def test_what_cannot_be_told_apart_is_one_sentence(make, sentence):
    with pytest.raises(Refusal, match=sentence):
        make()
