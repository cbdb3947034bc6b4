import pandas as pd
import pytest

from see_the_system.reports.school_sections import _spots_by_name
from see_the_system.reports.sections import (
    Section,
    between,
    change_words,
    fixed,
    grades_in_words,
    html_table,
    marked,
    overlap_words,
    students,
)


def test_an_empty_section_shows_nothing():
    assert Section().html() == "" and Section().text() == "(nothing to show)"


def test_a_section_is_text_and_its_picture_alone_is_markup():
    table = pd.DataFrame({"School": ["<i>Birch</i>"], "Students": [1200]})
    section = Section(
        heading="A & B",
        lead="Look.",
        picture="<svg></svg>",
        words=("One.", ""),
        points=("<b>first</b>",),
        after=("Last.",),
        table=table,
        caption="By name",
    )
    html = section.html()
    order = ["<h2>A &amp; B", 'class="look-for">Look', "<figure><svg>", "<p>One.", "<li>&lt;b&gt;"]
    places = [html.index(part) for part in [*order, "<p>Last.", "<details><summary>By name"]]
    assert places == sorted(places) and "<p></p>" not in html
    assert "&lt;i&gt;Birch" in html and "<td>1,200<" in html
    assert section.text() == "A & B\nLook.\nOne.\n- <b>first</b>\nLast."


def test_what_is_folded_stands_under_its_name_and_is_not_said():
    table = pd.DataFrame({"School": ["Birch"]})
    inner = Section(heading="Inside", table=table, caption="By name", unfolded=True, kind="card")
    section = Section(heading="A", parts=(inner, Section(words=("B.",))), how=("By <hand>.",))
    html = section.html()
    assert '<div class="card"><h3>Inside</h3>\n<table class="numbers">' in html
    assert '<div class="part"><p>B.</p></div>' in html
    assert "<details><summary>How this was worked out</summary><p>By &lt;hand&gt;.</p>" in html
    assert html.count("<details>") == 1
    assert section.text() == "A\nInside\nB."


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("shrank", "shrank by about 4.5 points (0.8 to 8.2)"),
        ("grew", "grew by about 4.5 points (0.8 to 8.2)"),
        ("no clear change", "shows no clear change"),
        ("moved through zero", "moved through zero"),
    ],
)
def test_a_change_in_words(row, words):
    row = {"since": -4.5, "since_low": -8.2, "since_high": -0.8, "since_verdict": row}
    assert change_words(row, "since", "since_verdict") == words


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        ([2019, 2025], ["2019", "2025"]),
        (["−1.5", "hidden"], ["−1.5", "hidden"]),
        (["6 to 8", ""], ["6 to 8", ""]),
    ],
)
def test_what_looks_like_a_number_stands_to_the_right(values, cells):
    html = html_table(pd.DataFrame({"School": ["A", "B"], "Year": values}), "C")
    for cell in cells:
        assert f"<td>{cell}<" in html
    assert '<th scope="col" class="words">School<th scope="col">Year<' in html
    assert html.count("<tr><th>") == 2


def test_words_stand_to_the_left():
    html = html_table(pd.DataFrame({"School": ["A", "B"], "Outside": ["above", ""]}), "C")
    assert '<td class="words">above<tr>' in html and "<td></table>" in html


def test_a_headline_goes_with_the_cell_as_metadata():
    data, metadata = Section(lead="L", headline="L")._repr_mimebundle_()
    assert metadata == {"see_the_system": {"headline": "L"}} and data["text/plain"] == "L"
    assert "text/html" in Section(lead="L")._repr_mimebundle_()


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ([], "no grade"),
        ([6], "grade 6"),
        ([6, 7], "grades 6 and 7"),
        ([4, 5, 6, 7, 8], "grades 4 to 8"),
        (["4", "6", "8"], "grades 4, 6 and 8"),
        ([6, 7, 8, 11], "grades 6, 7, 8 and 11"),
    ],
)
def test_grades_in_words(grades, words):
    assert grades_in_words(grades) == words


def test_numbers_have_a_minus_that_reads_well_and_a_gap_where_there_is_none():
    assert fixed(pd.Series([1.25, -0.4, None])) == ["1.2", "−0.4", ""]
    table = pd.DataFrame({"low": [-1.0, None], "high": [2.5, None]})
    assert between(table) == ["−1.0 to 2.5", ""]


@pytest.mark.parametrize(("high", "words"), [(9.0, "do not overlap"), (10.0, "intervals overlap")])
def test_whether_two_gaps_overlap(high, words):
    assert words in overlap_words({"high": high}, {"low": 10.0})


def test_a_group_and_a_year_in_words():
    assert students("All students") == "students" and students("White") == "White students"
    assert marked([2019, 2021, "6"]) == ["2019", "2021 (few tested)", "6"]


def test_many_bright_spots_are_one_line_by_name():
    rows = {"school_name": [f"School {n:02d}" for n in range(13)], "residual": 9.6}
    found = pd.DataFrame(rows | {"years_above": 3, "years": 5})
    (line,) = _spots_by_name(found)
    assert line.startswith("Points above in parentheses: School 00 (10); School 01 (10);")
    assert line.endswith("School 12 (10).")
    few = _spots_by_name(found.head(12))
    assert few[0] == "School 00: 10 points above, in 3 of 5 single years too" and len(few) == 12
