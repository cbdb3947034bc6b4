"""A team's own spreadsheets as people have them, read as tables of cells: workbooks and texts.

Nothing of a cell is decided here. The header is found below titles and blank rows, and what belongs
to no table is taken away and told.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import python_calamine as calamine

from see_the_system.data.sources import as_text, first_bytes
from see_the_system.messages import Refusal, counted, listed
from see_the_system.own_tables.page_tables import rows_of_page
from see_the_system.own_tables.table_headers import (
    has_row_of_groups,
    has_second_row,
    header_row,
    joined_names,
    refuse_no_names,
    unlike_names,
)

WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
TEXTS = (".csv", ".tsv", ".txt")
_MOST_ROWS, _MOST_COLUMNS, _MOST_SHEETS = 300_000, 400, 20
_SAVE_AS = "Open it in the program that made it, save it as .xlsx or CSV, and choose that file."
_NO_TABLES = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a text document",
    b"SQLite format 3": "a database",
    b"7z\xbc\xaf": "an archive",
    b"Rar!": "an archive",
    b"\x1f\x8b": "an archive",
}
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS = ",;\t|^"
_LOOKED_AT = 25  # rows, for the delimiter
_ERRORS = re.compile(r"#(N/A|REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)", re.IGNORECASE)


@dataclass(frozen=True)
class OwnTable:
    """One table of a team's own: ``cells``, a column a name, a row a row of the file.

    cells: a DataFrame of texts, numbers, dates, truths and None, its index the number of the row in
    the file, from 1. sheet: "" for a text. notes: what was passed over, a sentence each.
    decimal_comma: columns end in semicolons, as where commas set off decimals.
    """

    file: str
    sheet: str
    cells: pd.DataFrame = field(repr=False)
    notes: tuple = ()
    decimal_comma: bool = False

    @property
    def name(self):
        """What a person calls it (text)."""
        return f"{self.file} ({self.sheet})" if self.sheet else self.file


def sheets(path):
    """The names of a workbook's sheets that are not hidden (list of text), [""] for a text.

    ``Refusal`` where the file cannot be opened.
    """
    path = Path(path)
    if not _is_workbook(path):
        return [""]
    with _opened(path) as book:
        seen = calamine.SheetVisibleEnum.Visible
        sheet = calamine.SheetTypeEnum.WorkSheet
        return [
            each.name for each in book.sheets_metadata if each.visible == seen and each.typ == sheet
        ]


def read_table(path, sheet=""):
    """The table in a file, or in a sheet of a workbook (``OwnTable``).

    Without ``sheet`` the sheet of a workbook with most cells, for a cover has few. Raises
    ``Refusal`` for what cannot be opened, what is no table, and what has too many rows.
    """
    path = Path(path)
    if not _is_workbook(path):
        rows, delimiter = _text_rows(path)
        return _table(path.name, "", rows, decimal_comma=delimiter == ";")
    refused = None
    found = []
    for name in [sheet] if sheet else sheets(path)[:_MOST_SHEETS]:
        with _opened(path) as book:
            rows = _sheet_rows(path, book, name)
        try:
            found.append(_table(path.name, name, rows))
        except Refusal as fault:
            refused = refused or fault
    if found:
        return max(found, key=lambda table: table.cells.size)
    raise refused or Refusal(
        f"{path.name} has no sheet with cells: a table with a row of names above it was expected."
    )


def _is_workbook(path):
    """Whether a file is a workbook, by its first bytes (bool); ``Refusal`` where it is neither."""
    try:
        start = first_bytes(path)
    except OSError as fault:
        raise Refusal(
            f"{path.name} cannot be opened ({fault.strerror or fault}). Close it in other "
            "programs, or choose a copy of it."
        ) from fault
    if not start.strip():
        raise Refusal(f"{path.name} is empty: a table with a row of names above was expected.")
    if start.startswith(_WORKBOOK_MARKS):
        return True
    for mark, kind in _NO_TABLES.items():
        if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(mark):
            raise Refusal(f"{path.name} is {kind}, and no table can be read from it. {_SAVE_AS}")
    return False


def _opened(path):
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except calamine.PasswordError as fault:
        raise Refusal(
            f"{path.name} is protected by a password. Open it with the password, save a copy "
            "without one, and choose the copy."
        ) from fault
    except (calamine.CalamineError, OSError) as fault:
        raise Refusal(
            f"{path.name} is cut off, or no spreadsheet: a workbook (.xlsx, .xls or .ods) or a "
            f"CSV file was expected. {_SAVE_AS}"
        ) from fault


def _sheet_rows(path, book, name):
    try:
        sheet = book.get_sheet_by_name(name)
    except calamine.WorksheetNotFound as fault:
        there = listed(f'"{each}"' for each in book.sheet_names)
        raise Refusal(f'{path.name} has no sheet "{name}"; it has {there}.') from fault
    except calamine.CalamineError as fault:
        raise Refusal(f'{path.name}: the sheet "{name}" is damaged. {_SAVE_AS}') from fault
    return sheet.to_python(skip_empty_area=False)


def _text_rows(path):
    """The rows of a text of cells (list of lists), and what parts its columns (text)."""
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = raw.decode("utf-16", errors="replace")
    elif b"\0" in raw[:4096]:
        raise Refusal(f"{path.name} is a file of another program, and no table. {_SAVE_AS}")
    else:
        text = as_text(raw)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip().startswith("<"):
        # Many student information systems save a web page under a spreadsheet's name.
        return rows_of_page(path.name, text), ""
    named = re.match(r'"?sep=(.)"?\n', text, re.IGNORECASE)
    lines = text.split("\n")[:_LOOKED_AT]
    delimiter = named[1] if named else max(_DELIMITERS, key=lambda each: _columns(lines, each))
    # The line stays as a blank one, so that rows keep the numbers that a person sees.
    text = text[named.end() - 1 :] if named else text
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        return _without_outer_quotes(rows), delimiter
    except csv.Error as fault:
        raise Refusal(
            f"{path.name} cannot be read as a table ({fault}): a quotation mark may be missing. "
            f"{_SAVE_AS}"
        ) from fault


def _without_outer_quotes(rows):
    """The rows of a text of which every whole line stood in quotation marks."""
    inside = [row[0] for row in rows if row]
    for delimiter in _DELIMITERS:
        if max(map(len, rows), default=0) == 1 and all(delimiter in line for line in inside):
            return list(csv.reader(inside, delimiter=delimiter))
    return rows


def _columns(lines, delimiter):
    """How many columns most of the lines have, and how many lines (pair that sorts)."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return (0, 0)
    widths = [len(row) for row in rows if len(row) > 1]
    if not widths:
        return (0, 0)
    usual = max(set(widths), key=lambda width: (widths.count(width), width))
    return (widths.count(usual), usual)


def _table(file, sheet, rows, *, decimal_comma=False):
    """The table in rows of cells (``OwnTable``)."""
    name = f"{file} ({sheet})" if sheet else file
    rows = [[_cell(cell) for cell in row] for row in rows]
    filled = [sum(cell is not None for cell in row) for row in rows]
    if not any(filled):
        raise Refusal(f"{name} has no filled cell: a table with a row of names was expected.")
    head = header_row(name, rows, filled)
    width = max(map(len, rows))
    rows = [row + [None] * (width - len(row)) for row in rows]
    header = rows[head]
    if has_second_row(rows, head):
        header = joined_names(header, rows[head + 1])
        head += 1
    elif has_row_of_groups(rows, head):
        header = joined_names(rows[head - 1], header)
    below = {
        number: row for number, row in enumerate(rows[head + 1 :], head + 2) if filled[number - 1]
    }
    if len(below) > _MOST_ROWS or width > _MOST_COLUMNS:
        raise Refusal(
            f"{name} has {len(below):,} rows and {width} columns; up to {_MOST_ROWS:,} rows and "
            f"{_MOST_COLUMNS} columns are read. Save the year and the columns that you need."
        )
    again = [number for number, row in below.items() if _repeats(row, header)]
    for number in again:
        del below[number]
    if not below:
        raise Refusal(f"{name} has names of columns in row {head + 1}, and no row below them.")
    columns = list(zip(*below.values(), strict=True))
    there = [place for place, column in enumerate(columns) if header[place] or _is_filled(column)]
    names = unlike_names([header[place] for place in there], there)
    errors = sum(_is_error(cell) for column in columns for cell in column)
    cells = {
        name: pd.Series(map(_without_error, columns[place]), index=list(below), dtype=object)
        for name, place in zip(names, there, strict=True)
    }
    notes = [
        (sum(map(bool, filled[:head])), "row", "above the names of the columns, passed over"),
        (len(again), "row", "with the names of the columns again, passed over"),
        (errors, "cell", "with a formula's error, read as empty"),
    ]
    told = tuple(f"{counted(many, thing)} {what}." for many, thing, what in notes if many)
    frame = pd.DataFrame(cells)
    refuse_no_names(name, head, frame)
    return OwnTable(file, sheet, frame, told, decimal_comma)


def _repeats(row, header):
    """Whether a row is the header once more, as printed lists have it on each page (bool)."""
    pairs = [(cell, name) for cell, name in zip(row, header, strict=True) if name is not None]
    return len(pairs) > 1 and all(cell == name for cell, name in pairs)


def _cell(cell):
    """A cell: None where nothing stands in it, texts without blanks around them."""
    if isinstance(cell, str):
        cell = " ".join(cell.replace("\u00a0", " ").replace("\u200b", "").split())
    return None if cell is None or cell == "" else cell


def _is_error(cell):
    return isinstance(cell, str) and bool(_ERRORS.fullmatch(cell))


def _without_error(cell):
    return None if _is_error(cell) else cell


def _is_filled(column):
    return any(cell is not None for cell in column)
