"""The fishbone as an outline: what people type and paste is understood, and the tree comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.graphs import to_mermaid
from see_the_system.theory.model import Theory
from see_the_system.theory.outline import from_outline, line, to_outline, walk
from tests.theory.examples import empty, largest, school
from tests.theory.strategies import HOSTILE, theories

MERMAID = """ishikawa-beta
    Blurry Photo
    Process
        Out of focus
        Shutter speed too slow
    User
        Shaky hands
            Cold #amp; tired
"""


def tree(theory):
    return [(depth, line(item.text)) for depth, item in walk(theory)]


def refusal(text):
    with pytest.raises(Refusal) as caught:
        from_outline(text, name="bones.txt")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_an_outline_is_a_list_that_a_word_processor_pastes():
    lines = to_outline(school()).splitlines()
    assert (
        lines[0].startswith("In spring 2025, 31 percent")
        and lines[1] == "- Instruction & curriculum"
    )
    assert (
        lines[-1] == "  - Placement letters go out in English, in July"
        and "      - Buses set the first and last period" in lines
    )


@pytest.mark.parametrize(
    "theory", [school(), empty(), largest()], ids=["school", "empty", "largest"]
)
@pytest.mark.parametrize(
    "write", [to_outline, lambda theory: to_mermaid(theory, "fishbone")], ids=["outline", "mermaid"]
)
def test_the_tree_comes_back_from_an_outline_and_from_mermaid(theory, write):
    again = from_outline(write(theory))
    assert tree(again) == tree(theory) and again.problem.text == theory.problem.text
    assert write(again) == write(theory)


def test_mermaids_own_example_is_read():
    theory = from_outline(MERMAID)
    assert theory.problem.text == "Blurry Photo"
    assert tree(theory) == [
        (0, "Process"),
        (1, "Out of focus"),
        (1, "Shutter speed too slow"),
        (0, "User"),
        (1, "Shaky hands"),
        (2, "Cold & tired"),
    ]
    assert from_outline(MERMAID) == theory and [cause.id for cause in theory.causes] == [
        "cause-1",
        "cause-2",
        "cause-3",
        "cause-4",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Gap\n  Time\n    Buses\n    Bells\n",
        "Gap\n\tTime\n\t\tBuses\n\t\tBells",
        "Gap\nTime\n Buses\n Bells",
        "\ufeffGap\r\n- Time\r\n   * Buses\r\n   * Bells\r\n",
        "- Gap\n  1. Time\n     • Buses\n     2) Bells\n",
        "```mermaid\nishikawa-beta\n%% a remark\n  Gap\n\n  Time\n      Buses\n\n      "
        "Bells\n```\n",
        "fishbone\nGap\n Time\n  Buses\n  Bells",
    ],
)
def test_bullets_numbers_tabs_and_empty_lines_say_the_same(text):
    theory = from_outline(text)
    assert theory.problem.text == "Gap" and tree(theory) == [
        (0, "Time"),
        (1, "Buses"),
        (1, "Bells"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bones.txt is empty; its first line is the problem"),
        ("ishikawa-beta\n", "bones.txt is empty"),
        (
            "Gap\n\tTime\n  Buses\n",
            "bones.txt, line 3: tabs and spaces are mixed; indent every line as line 2 is.",
        ),
        ("Gap\n  Time\n \tBuses\n", "bones.txt, line 3: tabs and spaces are mixed"),
        (
            "Gap\n  Time\n      Buses\n    Bells\n",
            "bones.txt, line 4: this lines up with nothing above it",
        ),
        (
            "  Gap\n  Time\nBells\n",
            "bones.txt, line 3: this stands further left than the categories",
        ),
        (
            "Gap\n" + "x" * 201,
            'bones.txt, line 2: a category: the field "text" may hold 200 letters and holds '
            "201; shorten it.",
        ),
        ("Gap\nTime\n  a\x00b", "bones.txt, line 3: there is a hidden character"),
        (
            "Gap\n" + "\n".join(" " * n + "a" for n in range(1_100)),
            "bones.txt, line 1003: this stands more than 1,000 levels deep",
        ),
        ("x" * 5_000_001, "bones.txt is larger than 5 MB"),
    ],
)
def test_an_outline_that_is_not_clear_is_refused_with_its_line(text, said):
    assert refusal(text).startswith(said)


def test_a_chain_of_a_thousand_causes_comes_back():
    text = "Gap\n" + "\n".join(" " * n + f"cause {n}" for n in range(1000))
    assert len(from_outline(text).causes) == 999


@pytest.mark.parametrize("words", [words for words in HOSTILE if words.strip()])
def test_every_text_comes_back_in_one_line(words):
    cause = k.Cause(id="cause-1", parent="category-1", text=words)
    theory = Theory.of([k.Problem(text=words), k.Category(id="category-1", text="Time"), cause])
    for text in (to_outline(theory), to_mermaid(theory, "fishbone")):
        assert [line(item.text) for item in from_outline(text).causes] == [line(cause.text)]


@settings(max_examples=30, deadline=None)
@given(theories())
def test_whatever_a_team_types_its_outline_is_read_or_refused(theory):
    try:
        assert len(from_outline(to_outline(theory)).categories) <= len(theory.categories)
    except Refusal as problem:
        assert "\n" not in str(problem)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet=" \tab-*\n1.%#;", max_size=60))
def test_random_text_is_read_or_refused(text):
    try:
        theory = from_outline(text)
    except Refusal as problem:
        assert str(problem) and "\n" not in str(problem)
    else:
        assert tree(from_outline(to_outline(theory))) == tree(theory)
