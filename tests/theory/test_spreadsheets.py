"""Tables: what an analyst opens in a spreadsheet, changes, sorts and gives back."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.items import KINDS
from see_the_system.theory.model import Theory
from see_the_system.theory.outline import line, walk
from see_the_system.theory.spreadsheets import BOM, causes_from_csv, causes_to_csv, to_csv
from tests.theory.examples import empty, largest, school
from tests.theory.strategies import HOSTILE, theories


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def tree(theory):
    return [(depth, item.text) for depth, item in walk(theory)]


def refusal(text):
    with pytest.raises(Refusal) as caught:
        causes_from_csv(text, name="bones.csv")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_the_fishbone_is_a_table_with_grades_and_votes():
    table = {row["id"]: row for row in rows(causes_to_csv(school()))}
    assert len(table) == len(school().causes)
    placement = table["cause-placement"]
    assert (
        placement["category"],
        placement["under"],
        placement["grade"],
        placement["control"],
        placement["dots"],
    ) == ("Time, schedule & policy", "", "seen in data", "ours", "5")
    assert (
        table["cause-bus"]["under"] == "Bell schedule has one open period, and it is period 2"
        and table["cause-bus"]["date"] == "2026-09-15"
    )
    assert table["cause-letters"]["grade"] == "ruled out"


@pytest.mark.parametrize("theory", [school(), largest()], ids=["school", "largest"])
def test_the_causes_come_back(theory):
    again = causes_from_csv(causes_to_csv(theory))
    assert tree(again) == tree(theory)
    assert {(cause.id, cause.control, cause.author) for cause in again.causes} == {
        (cause.id, cause.control, cause.author) for cause in theory.causes
    }


def test_a_table_that_was_sorted_and_saved_with_semicolons_is_the_same_tree():
    out = io.StringIO(newline="")
    table = sorted(rows(causes_to_csv(school())), key=lambda row: row["cause"])
    writer = csv.DictWriter(out, table[0], delimiter=";")
    writer.writeheader()
    writer.writerows(table)
    again = causes_from_csv(out.getvalue())
    assert sorted(tree(again)) == sorted(tree(school())) and {
        cause.id: cause.parent for cause in again.causes if cause.parent.startswith("cause")
    } == {cause.id: cause.parent for cause in school().causes if cause.parent.startswith("cause")}


def test_two_columns_are_enough():
    theory = causes_from_csv("Category,Cause\r\nTime,Buses\r\nTime,Bells\r\nClimate,\r\n")
    assert tree(theory) == [(0, "Time"), (1, "Buses"), (1, "Bells"), (0, "Climate")] and [
        cause.id for cause in theory.causes
    ] == ["cause-1", "cause-2"]


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''+1", "'quoted'", "\uff1d1", '=HYPERLINK("x";"y")'],
)
def test_no_cell_is_a_formula_and_every_text_comes_back(words):
    theory = Theory.of(
        [
            k.Category(id="category-1", text=words),
            k.Cause(id="cause-1", parent="category-1", text=words, author=words),
        ]
    )
    text = causes_to_csv(theory)
    assert all(cell[:1] not in "=+-@\uff1d" for row in rows(text) for cell in row.values() if cell)
    again = causes_from_csv(text)
    assert again.categories[0].text == again.causes[0].text == again.causes[0].author == words


@pytest.mark.parametrize("words", [words for words in HOSTILE if words.strip()])
def test_every_text_comes_back_in_one_line(words):
    cause = k.Cause(id="cause-1", parent="category-1", text=words)
    again = causes_from_csv(
        causes_to_csv(Theory.of([k.Category(id="category-1", text="Time"), cause]))
    )
    assert [line(one.text) for one in again.causes] == [line(cause.text)]


def test_causes_that_say_the_same_are_told_apart_by_their_ids():
    same = [
        k.Cause(id=f"cause-{n}", parent="category-1", text="Time is short", order=n) for n in (1, 2)
    ]
    theory = Theory.of(
        [
            k.Category(id="category-1", text="Time"),
            *same,
            k.Cause(id="cause-3", parent="cause-2", text="Buses"),
        ]
    )
    assert rows(causes_to_csv(theory))[2]["under"] == "cause-2"
    assert causes_from_csv(causes_to_csv(theory)).under("cause-2", "cause")[0].text == "Buses"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_table(kind):
    table = rows(to_csv(school(), kind))
    expected = [item for item in school().living() if type(item).kind() == kind]
    assert [row["id"] for row in table] == [item.id for item in expected]


def test_cells_hold_what_a_spreadsheet_reads():
    measures, cycle = rows(to_csv(school(), "measure")), rows(to_csv(school(), "cycle"))[0]
    assert (
        measures[1]["of"] == "driver-7 change-idea-3"
        and cycle["starts"] == "2026-03-02"
        and cycle["students"] == "28"
    )
    data = rows(to_csv(school(), "evidence"))[2]
    assert (
        data["question"].startswith(
            "measure: gap in percent met; district: 99-10017; group: Hispanic or Latino"
        )
        and data["supports"] == "yes"
    )
    assert (
        rows(to_csv(school(), "aim"))[0]["target"] == "45"
        and to_csv(empty(), "cause").count("\r\n") == 1
    )


def test_another_kind_is_refused():
    with pytest.raises(Refusal, match='There is no kind "drivers"; choose driver'):
        to_csv(school(), "drivers")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bones.csv is empty"),
        ("name,cause\na,b", 'bones.csv, row 1: there is no column "category"'),
        (
            "category,cause,cuntrol\na,b,c",
            'bones.csv, row 1: a table of causes has no field "cuntrol"; did you mean "control"?',
        ),
        (
            "category,cause,cause\na,b,c",
            'bones.csv, row 1: the column "cause" stands twice; keep one.',
        ),
        ("category,cause\na,b,c", "bones.csv, row 2: there are 3 cells for 2 columns"),
        ("category,cause\n,b", 'bones.csv, row 2, column "category": the category is missing'),
        (
            "category,cause,control\na,b,\na,,ours",
            'bones.csv, row 3, column "cause": the cause is missing.',
        ),
        (
            "category,cause,control\na,b,mine",
            'bones.csv, row 2, column "control": the field "control" must be one of',
        ),
        (
            "category,cause,id\na,b,x\na,c,x",
            'bones.csv, row 3, column "id": the id "x" stands in two rows',
        ),
        (
            "category,cause,under\na,b,\na,c,d",
            'bones.csv, row 3, column "under": "d": no cause of this category says so.',
        ),
        (
            "category,cause,under\na,b,\na,b,\na,c,b",
            'bones.csv, row 4, column "under": "b": several causes of this category say so',
        ),
        (
            "category,cause,under\na,b,c\na,c,b",
            'bones.csv, row 2, column "under": the field "parent" of cause "b" leads back to '
            "itself",
        ),
        (
            "category,cause\n" + "x" * 201 + ",b",
            'bones.csv, row 2, column "category": the field "text" may hold 200 letters',
        ),
        ('category,cause\na,"b', "bones.csv is not a CSV table"),
        ("category,cause\na," + "x" * 200_000, "bones.csv is not a CSV table"),
        ("category,cause\na,b\x00", "bones.csv, line 2: there is a hidden character"),
        ("x" * 5_000_001, "bones.csv is larger than 5 MB"),
    ],
)
def test_a_table_that_is_not_clear_is_refused_with_row_and_column(text, said):
    assert refusal(text).startswith(said)


@settings(max_examples=30, deadline=None)
@given(theories())
def test_every_theory_has_its_tables_and_its_causes_are_read_again(theory):
    for kind in KINDS:
        assert len(rows(to_csv(theory, kind))) == sum(
            type(item).kind() == kind for item in theory.living()
        )
    again = causes_from_csv(causes_to_csv(theory))
    assert {cause.id for cause in again.causes} == {cause.id for cause in theory.causes}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab,;\n\"'=1\t ", max_size=60))
def test_random_tables_are_read_or_refused(body):
    for text in (body, "category,cause,under,id\n" + body):
        try:
            causes_from_csv(text)
        except Refusal as problem:
            assert "\n" not in str(problem)
