"""Tables in: what an analyst changed, sorted and gave back."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from see_the_system.theory.outline import in_one_line
from see_the_system.theory.spreadsheets import causes_from_csv, causes_to_csv
from tests.theory.examples import school
from tests.theory.strategies import HOSTILE
from tests.theory.texts_of_files import reads_or_refuses, rows, tree


def refusal(text):
    with pytest.raises(Refusal) as caught:
        causes_from_csv(text, name="bones.csv")
    assert "\n" not in str(caught.value)
    return str(caught.value)


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


@pytest.mark.parametrize("words", [words for words in HOSTILE if words.strip()])
def test_every_text_comes_back_in_one_line(words):
    cause = k.Cause(id="cause-1", parent="category-1", text=words)
    again = causes_from_csv(
        causes_to_csv(Theory.of([k.Category(id="category-1", text="Time"), cause]))
    )
    assert [in_one_line(one.text) for one in again.causes] == [in_one_line(cause.text)]


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


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab,;\n\"'=1\t ", max_size=60))
def test_random_tables_are_read_or_refused(body):
    for text in (body, "category,cause,under,id\n" + body):
        reads_or_refuses(causes_from_csv, text)
