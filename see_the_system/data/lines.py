"""Lines of a research file as a table of text and of numbers, which can say where a fault stands.

Spreadsheet programs write numbers, empty rows and empty cells in ways of their own; what they mean
is read, and what cannot be told is refused.
"""

import copy
import csv
import io
import re
from contextlib import suppress
from functools import reduce
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from see_the_system.data.sources import as_text
from see_the_system.messages import Refusal

REPORTED = ""
SUPPRESSED = "suppressed"
NOBODY = "nobody tested"
NOT_IN_LAYOUT = "not in this layout"
REASONS = (REPORTED, SUPPRESSED, NOBODY, NOT_IN_LAYOUT)
# Nobody can tell what a point in 1.210 stands for where columns end in semicolons.
_COUNT = dict.fromkeys("^,\t|", r"^([0-9]{1,7}|[0-9]{1,3}(,[0-9]{3})+)([.]0*)?$")
_COUNT[";"] = r"^[0-9]{1,7}$"


class Numbers(NamedTuple):
    """A text column as float64 with nulls, where ``*`` stands, and where nothing stands."""

    values: pa.Array
    star: pa.Array
    blank: pa.Array

    def missing(self, *before):
        """Why a value is missing; ``before`` are cases (mask, reason) that go before the marks."""
        return why(*before, (self.star, SUPPRESSED), (self.blank, NOBODY))


class Lines:
    """Lines of a file as a table of text, which can say where in the file a fault stands."""

    def __init__(self, name, first_line, raw, layout):
        self.name = name
        self.first_line = first_line
        self.raw = raw
        self.layout = layout
        self.text = _text_table(self)
        self.places = None  # of the lines that are left of all, where they are not all

    def only(self, chosen):
        """The lines of a mask."""
        part = copy.copy(self)
        places = pa.array(np.arange(len(self.text))) if self.places is None else self.places
        part.places = places.filter(chosen)
        part.text = self.text.filter(chosen)
        return part

    def blank(self):
        """Which lines have nothing in our columns, as spreadsheets save empty rows (mask)."""
        empty = pc.equal(self.column(next(iter(self.layout.columns))), "")
        if pc.any(empty).as_py():
            empty = reduce(
                pc.and_, [pc.equal(self.column(ours), "") for ours in self.layout.columns]
            )
        return empty

    def column(self, ours):
        return pc.utf8_trim_whitespace(self.text[ours].combine_chunks())

    def numbers(self, ours):
        column = self.column(ours)
        star = pc.equal(column, "*")
        blank = pc.equal(column, "")
        filled = pc.if_else(pc.or_(star, blank), pa.scalar(None, pa.string()), column)
        for by_a_spreadsheet in (False, True):
            written = self._without_commas(filled) if by_a_spreadsheet else filled
            with suppress(pa.ArrowInvalid):
                return Numbers(written.cast(pa.float64()), star, blank)
        good = pc.match_substring_regex(column, r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$")
        bad = pc.invert(pc.or_(good, pc.or_(star, blank)))
        raise self.fault(ours, bad, "a number, * or nothing")

    def counts(self, ours):
        """Numbers of students (``Numbers``, int32)."""
        found = self.numbers(ours)
        whole = pc.match_substring_regex(self.column(ours), _COUNT[self.layout.delimiter])
        self.refuse(
            ours,
            pc.invert(pc.or_(whole, pc.or_(found.star, found.blank))),
            "a whole number without marks between its digits, * or nothing",
        )
        return found._replace(values=found.values.cast(pa.int32()))

    def _without_commas(self, column):
        """Numbers as a spreadsheet program saves them, as the state does.

        With commas for thousands, or for decimals where columns end in semicolons.
        """
        if self.layout.delimiter == ";":
            return pc.replace_substring(column, ",", ".")
        thousands = pc.match_substring_regex(column, r"^[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?$")
        return pc.if_else(thousands, pc.replace_substring(column, ",", ""), column)

    def refuse(self, ours, bad, expected):
        """``Refusal`` at the first line where the mask ``bad`` holds."""
        if pc.any(bad).as_py():
            raise self.fault(ours, bad, expected)

    def fault(self, ours, bad, expected):
        row = pc.index(bad, True).as_py()
        found = self.column(ours)[row].as_py()
        header = self.layout.header[self.layout.columns[ours]]
        line = self._line(row)
        return Refusal(
            f"{self.name}, line {line}, column {header!r}: {found!r} stands there and {expected} "
            "was expected. Add the file as it was downloaded; if it is, tell us, for the state "
            "may have changed its codes."
        )

    def _line(self, row):
        if self.places is not None:
            row = self.places[row].as_py()
        lines = enumerate(self.raw.split(b"\n"))
        filled = [number for number, line in lines if line.strip(b"\r")]
        return self.first_line + filled[row]


def _text_table(lines):
    layout = lines.layout
    header = [str(place) for place in range(len(layout.header))]
    ours = {str(place): name for name, place in layout.columns.items()}
    raw = lines.raw if lines.raw.isascii() else as_text(lines.raw).encode("utf-8")
    quote = '"' if layout.quoted else False
    options = (
        pyarrow.csv.ReadOptions(column_names=header, block_size=2**22),
        pyarrow.csv.ParseOptions(delimiter=layout.delimiter, quote_char=quote),
        pyarrow.csv.ConvertOptions(
            include_columns=list(ours),
            column_types=dict.fromkeys(header, pa.string()),
            strings_can_be_null=False,
        ),
    )
    try:
        table = pyarrow.csv.read_csv(pa.BufferReader(raw), *options)
    except pa.ArrowInvalid as fault:
        filled_up = _filled_up(raw, layout)
        if not filled_up:
            raise _ragged(lines) from fault
        table = pyarrow.csv.read_csv(pa.BufferReader(filled_up), *options)
    return table.rename_columns([ours[place] for place in table.column_names])


def _filled_up(raw, layout):
    """Lines that a spreadsheet program saved without their empty last cells, with them (bytes).

    Empty where a line has more cells than the header, or lacks one that is read.
    """
    is_cut_off = not raw.endswith(b"\n")
    if layout.delimiter == "^" or is_cut_off:
        return b""
    width = len(layout.header)
    least = max(layout.columns.values()) + 1
    whole = io.StringIO()
    writer = csv.writer(whole, delimiter=layout.delimiter, lineterminator="\n")
    try:
        for cells in csv.reader(io.StringIO(raw.decode("utf-8")), delimiter=layout.delimiter):
            if cells and not least <= len(cells) <= width:
                return b""
            if cells:
                writer.writerow([*cells, *[""] * (width - len(cells))])
    except csv.Error:  # a cell of more letters than csv takes
        return b""
    return whole.getvalue().encode("utf-8")


def _ragged(lines):
    """What to say of lines that are no table: the first that has too many or too few columns."""
    delimiter = lines.layout.delimiter
    expected = len(lines.layout.header)
    for number, raw in enumerate(lines.raw.splitlines(), start=lines.first_line):
        line = raw.decode("latin-1")
        if lines.layout.quoted:
            line = re.sub(r'"[^"]*"', "", line)
        found = line.count(delimiter) + 1
        if raw.strip() and found != expected:
            return Refusal(
                f"{lines.name}, line {number}: {found} columns stand there and {expected} were "
                "expected. The file may be cut off or edited: download it again and add the new "
                "copy."
            )
    return Refusal(
        f"{lines.name}, near line {lines.first_line}: the lines could not be read as columns: a "
        "quotation mark may be missing. Download the file again."
    )


def why(*cases):
    """A dictionary column of reasons: of the cases (mask, reason) the first that holds."""
    reasons = pa.array([REASONS.index(REPORTED)] * len(cases[0][0]), pa.int8())
    for mask, reason in reversed(cases):
        number = pa.scalar(REASONS.index(reason), pa.int8())
        reasons = pc.if_else(mask, number, reasons)
    return pa.DictionaryArray.from_arrays(reasons, pa.array(REASONS))
