"""The fishbone as an outline: what people type and paste is understood, and the tree comes back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from see_the_system.theory.outline import from_outline, in_one_line, to_outline
from tests.theory.examples import empty, largest, school
from tests.theory.strategies import HOSTILE
from tests.theory.texts_of_files import reads_or_refuses, tree


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
def test_the_tree_comes_back(theory):
    again = from_outline(to_outline(theory))
    assert tree(again) == tree(theory) and again.problem.text == theory.problem.text
    assert to_outline(again) == to_outline(theory)


def test_the_same_outline_gives_the_same_ids():
    text = "Blurry photo\n- Light\n  - No lamp\n- User\n  - Shaky hands\n    - Cold & tired\n"
    theory = from_outline(text)
    assert from_outline(text) == theory and tree(theory)[-1] == (2, "Cold & tired")
    assert [cause.id for cause in theory.causes] == ["cause-1", "cause-2", "cause-3"]


def test_a_hyphen_between_words_is_no_bullet():
    theory = from_outline("Gap - grade 6\n- - Time\n  - Buses - and bells\n  - 3 a. m.\n")
    assert theory.problem.text == "Gap - grade 6"
    assert tree(theory) == [(0, "- Time"), (1, "Buses - and bells"), (1, "3 a. m.")]


@pytest.mark.parametrize(
    "text",
    [
        "Gap\n  Time\n    Buses\n    Bells\n",
        "Gap\n\tTime\n\t\tBuses\n\t\tBells",
        "Gap\nTime\n Buses\n Bells",
        "\ufeffGap\r\n- Time\r\n   * Buses\r\n   * Bells\r\n",
        "- Gap\n  1. Time\n     • Buses\n     2) Bells\n",
        "```text\n  Gap\n\n  Time\n      Buses\n\n      Bells\n```\n",
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
        ("```\n```\n", "bones.txt is empty"),
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
    again = from_outline(to_outline(theory))
    assert [in_one_line(item.text) for item in again.causes] == [in_one_line(cause.text)]
    assert again.problem.text == in_one_line(theory.problem.text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet=" \tab-*\n1.%#;", max_size=60))
def test_random_text_is_read_or_refused(text):
    theory = reads_or_refuses(from_outline, text)
    if theory:
        assert tree(from_outline(to_outline(theory))) == tree(theory)
