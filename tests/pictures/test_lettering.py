import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.pictures.lettering import (
    block,
    clusters,
    from_right,
    width,
    wrap,
)
from tests.diagrams.graphs import HARD, texts

PLAIN = st.text(st.sampled_from("abc W.-/é日本ไทยเ سلام🧮"), max_size=60)


def test_widths_are_those_of_the_font():
    # Advances of DejaVu Sans in units of 2048 to the em: n 1298, space 651, A 1401, V 1401, and A
    # before V kerned by -131.
    assert width("n", 2048) == 1298 and width("nn n", 2048) == 3 * 1298 + 651
    assert width("A", 2048) + width("V", 2048) == 2802 and width("AV", 2048) == 2802 - 131
    assert width("", 12) == 0 and width("n", 12, bold=True) > width("n", 12)


def test_joined_letters_are_measured_joined_beside_other_scripts_too():
    word = "سلام"
    assert width(word) < sum(map(width, word))
    assert width("abc " + word) == pytest.approx(width("abc ") + width(word))


def test_letters_that_no_font_has_are_given_room():
    assert width("\U0002fa1d", 12) >= 11
    assert width("e\u0301", 12) == pytest.approx(width("é", 12), abs=0.5)


@settings(deadline=None, max_examples=150)
@given(texts() | PLAIN, st.integers(30, 400), st.booleans())
def test_no_line_is_wider_than_asked_and_nothing_is_left_out(text, most, bold):
    lines = wrap(text, 12, most, bold)
    assert [
        line for line in lines if width(line, 12, bold) > most + 0.3 and len(clusters(line)) > 1
    ] == []
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_lines_end_where_a_reader_would_end_them():
    assert wrap("Placement rests on a recommendation", 12, 120) == [
        "Placement rests on",
        "a recommendation",
    ]
    assert wrap("well-known and/or new", 12, 70) == ["well-known", "and/or new"]
    assert wrap("10\u00a0percent of 10\u00a0percent", 12, 80) == [
        "10\u00a0percent",
        "of",
        "10\u00a0percent",
    ]
    assert wrap("first\n\n second  third", 12, 500) == ["first", "", "second third"]
    assert not any(
        line.startswith("、")
        for most in range(30, 90, 5)
        for line in wrap("日本語の文、字と文、字", 12, most)
    )
    assert wrap("", 12, 100) == [""]


def test_a_word_too_long_is_broken_between_letters_never_inside_one():
    assert wrap("nnnnn", 2048, 2600) == ["nn", "nn", "n"]
    assert {"👩🏽\u200d🏫"} == set(wrap("👩🏽\u200d🏫" * 3, 12, 15))
    assert not any(line.startswith("\u0301") for line in wrap("e\u0301" * 30, 12, 20))


def test_a_block_is_as_wide_as_its_longest_line():
    lines, w, h = block("Placement rests on a recommendation", 10, 100)
    assert w == max(width(line, 10) for line in lines) <= 100 and h == pytest.approx(
        13 * len(lines)
    )


def test_which_way_a_text_runs():
    assert [from_right(text) for text in ("abc", "2025", "(2025) מה", "abc סוף", "סוף abc")] == [
        False,
        False,
        True,
        False,
        True,
    ]
    assert sum(map(from_right, HARD)) == 2
