"""Files as teams have them, read as tables of cells, or refused in a sentence."""

import re

import pytest

from see_the_system.messages import Refusal
from see_the_system.own_tables.workbooks import read_table, sheets
from tests.own_tables.team_files import csv, workbook

ROWS = [["Student ID", "Level"], ["007", "Met"], ["008", "Not Met"]]


def cells(table):
    return table.cells.to_dict("list")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_whatever_parts_its_columns(tmp_path, delimiter, encoding):
    rows = [["Matrícula", "Nivel"], ["007", "Básico"], ["008", "Cumple"]]
    table = read_table(csv(tmp_path, "a.csv", rows, delimiter=delimiter, encoding=encoding))
    assert cells(table) == {"Matrícula": ["007", "008"], "Nivel": ["Básico", "Cumple"]}
    assert list(table.cells.index) == [2, 3] and table.notes == ()


def test_a_line_that_names_what_parts_the_columns_is_obeyed(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('sep=;\nID;Score, total\n1;"12,5"\n')
    table = read_table(path)
    assert cells(table) == {"ID": ["1"], "Score, total": ["12,5"]}
    assert list(table.cells.index) == [3]


def test_the_header_is_found_below_titles_and_blank_rows(tmp_path):
    rows = [["Grade 7 placement, fall"], [], ["printed", "9/2/2025"], [], *ROWS]
    for path in (workbook(tmp_path, "a.xlsx", Data=rows), csv(tmp_path, "a.csv", rows)):
        table = read_table(path)
        assert list(table.cells.columns) == ["Student ID", "Level"]
        assert list(table.cells.index) == [6, 7]
        assert table.notes == ("2 rows above the names of the columns, passed over.",)


def test_names_that_come_again_and_blank_rows_are_passed_over(tmp_path):
    rows = [*ROWS, [], ROWS[0], ["009", "Met"]]
    table = read_table(csv(tmp_path, "a.csv", rows))
    assert cells(table)["Student ID"] == ["007", "008", "009"]
    assert list(table.cells.index) == [2, 3, 6]
    assert table.notes == ("1 row with the names of the columns again, passed over.",)


def test_columns_of_one_name_and_without_a_name_are_told_apart(tmp_path):
    rows = [["ID", "Level", "level", None, None], ["1", "a", "b", "c", None]]
    table = read_table(workbook(tmp_path, "a.xlsx", Data=rows))
    assert list(table.cells.columns) == ["ID", "Level", "level (2)", "column D"]


def test_errors_of_formulas_are_empty_and_counted(tmp_path):
    rows = [["ID", "Score"], ["1", "#REF!"], ["2", "#N/A"], ["3", "5"]]
    table = read_table(csv(tmp_path, "a.csv", rows))
    assert cells(table)["Score"] == [None, None, "5"]
    assert table.notes == ("2 cells with a formula's error, read as empty.",)


def test_of_a_workbook_the_first_sheet_with_a_table_is_read_or_the_one_named(tmp_path):
    path = workbook(tmp_path, "a.xlsx", Cover=[["Read me"]], Fall=ROWS, Spring=ROWS[:2])
    assert sheets(path) == ["Cover", "Fall", "Spring"]
    assert read_table(path).sheet == "Fall"
    assert len(read_table(path, "Spring").cells) == 1
    with pytest.raises(Refusal, match='has no sheet "Winter"; it has "Cover", "Fall" and "Spring"'):
        read_table(path, "Winter")


def test_hidden_sheets_are_not_offered(tmp_path):
    import openpyxl

    path = workbook(tmp_path, "a.xlsx", Data=ROWS, Lists=ROWS)
    book = openpyxl.load_workbook(path)
    book["Lists"].sheet_state = "hidden"
    book.save(path)
    assert sheets(path) == ["Data"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "a.csv is empty"),
        (b"PK\x03\x04 cut off", "a.csv is cut off, or no spreadsheet"),
        (b"<html><p>Please sign in", "a.csv is a web page without a table"),
        (b"%PDF-1.7", "a.csv is a PDF"),
        (b"ID,Level\n", "a.csv has names of columns in row 1, and no row below them"),
        (b"1,2,3\n4,5,6\n", r"row 1 is the first of the table and holds values \(1, 2, 3\)"),
        (b"\x00\x01\x02\x03ab", "a.csv is a file of another program"),
    ],
)
def test_what_is_no_table_is_a_sentence_that_says_what_to_do(tmp_path, content, says):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=says) as refused:
        read_table(path)
    assert re.search("expected|save|[Cc]hoose|and no row", str(refused.value))
    assert str(tmp_path) not in str(refused.value)
