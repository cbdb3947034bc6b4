"""Blocks of a research file as typed Arrow tables, with the reason why a value is missing."""

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

from see_the_system.data import codes, layouts
from see_the_system.data.sources import as_text
from see_the_system.messages import Refusal

REPORTED = ""
SUPPRESSED = "suppressed"
NOBODY = "nobody tested"
NOT_IN_LAYOUT = "not in this layout"
_REASONS = (REPORTED, SUPPRESSED, NOBODY, NOT_IN_LAYOUT)
SCORES = ("pct_exceeded", "pct_met", "pct_met_and_above", "pct_nearly_met", "pct_not_met")
COUNTS = ("n_exceeded", "n_met", "n_nearly_met", "n_not_met")
# Nobody can tell what a point in 1.210 stands for where columns end in semicolons.
_COUNT = dict.fromkeys("^,\t|", r"^([0-9]{1,7}|[0-9]{1,3}(,[0-9]{3})+)([.]0*)?$")
_COUNT[";"] = r"^[0-9]{1,7}$"
_KNOWN = {
    "test_id": (codes.TESTS, "one of the state's test codes"),
    "group_id": (codes.GROUPS, "one of the state's student group codes"),
    "grade": (codes.GRADES, "one of the state's grades, 3 to 13"),
}


def rows(block, first_line, layout, name, keep):
    """The wanted rows of one block as a table of our columns, typed (pyarrow.Table, or None).

    ``keep`` maps ``test_id``, ``grade``, ``group_id`` and ``district`` to the values wanted, or
    lacks them. Raises ``Refusal`` naming file, line and column for a value that the state's files
    do not hold.
    """
    raw, skipped = _near(block, keep.get("district"))
    if not raw:
        return None
    lines = _Lines(name, first_line + skipped, raw, layout)
    blank = lines.blank()
    if pc.any(blank).as_py():
        lines = lines.only(pc.invert(blank))
    columns = {ours: _codes(lines, ours, width) for ours, width in layouts.WIDTH.items()}
    for ours, (known, expected) in _KNOWN.items():
        columns[ours] = _known(lines, ours, known, expected)
    mask = wanted(columns, keep)
    if mask is not None:
        lines = lines.only(mask)
        columns = {ours: column.filter(mask) for ours, column in columns.items()}
    if len(lines.text) == 0:
        return None
    columns["year"] = _within(lines, "year", (2015, 2100), "the spring of a school year")
    return pa.table(columns | _values(lines, columns))


def wanted(columns, keep):
    """Which rows of a table, or of columns by name, are wanted (mask, None for all)."""
    masks = [
        pc.is_in(columns[name], value_set=pa.array(keep[name], columns[name].type))
        for name in ("test_id", "grade", "group_id")
        if keep.get(name)
    ]
    if keep.get("district"):
        halves = (columns["county_code"], columns["district_code"])
        halves = [pc.cast(column, pa.string()) for column in halves]
        if len(keep["district"]) == 1:
            masks += map(pc.equal, halves, keep["district"][0].split("-"))
        else:
            district = pc.binary_join_element_wise(*halves, "-")
            masks.append(pc.is_in(district, value_set=pa.array(keep["district"])))
    return reduce(pc.and_, masks) if masks else None


class _Numbers(NamedTuple):
    """A text column as float64 with nulls, where ``*`` stands, and where nothing stands."""

    values: pa.Array
    star: pa.Array
    blank: pa.Array

    def missing(self, *before):
        """Why a value is missing; ``before`` are cases (mask, reason) that go before the marks."""
        return _why(*before, (self.star, SUPPRESSED), (self.blank, NOBODY))


class _Lines:
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
        empty = pc.equal(self.text["year"].combine_chunks(), "")
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
                return _Numbers(written.cast(pa.float64()), star, blank)
        good = pc.match_substring_regex(column, r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$")
        bad = pc.invert(pc.or_(good, pc.or_(star, blank)))
        raise self.fault(ours, bad, "a number, * or nothing")

    def counts(self, ours):
        """Numbers of students (``_Numbers``, int32)."""
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
        filled = [number for number, line in enumerate(self.raw.splitlines()) if line.strip()]
        return self.first_line + filled[row]


def _near(block, districts):
    """The stretch of a block that can hold the districts, and how many lines stand before it.

    The state's files are in code order, so most blocks need no parsing at all when one district is
    asked for. A district's code without its leading zeros stands in every one of its rows, however
    the row is quoted or padded.
    """
    if not districts:
        return block, 0
    marks = [code.split("-")[1].lstrip("0").encode() for code in districts]
    if b"" in marks:
        return block, 0
    marks = [mark for mark in marks if mark in block]
    if not marks:
        return b"", 0
    earliest = min(block.find(mark) for mark in marks)
    latest = max(block.rfind(mark) for mark in marks)
    start = block.rfind(b"\n", 0, earliest) + 1
    end = block.find(b"\n", latest) + 1
    return block[start : end or len(block)], block.count(b"\n", 0, start)


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
        if delimiter == ",":
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


def _codes(lines, ours, width):
    """A column of codes, with the leading zeros that spreadsheet programs take away."""
    column = lines.column(ours)
    good = pc.match_substring_regex(column, rf"^[0-9]{{1,{width}}}$")
    lines.refuse(ours, pc.invert(good), f"a code of up to {width} digits")
    return pc.utf8_lpad(column, width, "0")


def _known(lines, ours, known, expected):
    numbers = lines.numbers(ours).values
    good = pc.is_in(numbers, value_set=pa.array([float(code) for code in known]))
    lines.refuse(ours, pc.invert(good), expected)
    return numbers.cast(pa.int16())


def _unquoted(names):
    """Names without the quotation marks that some program set around them (array)."""
    around = pc.match_substring_regex(names, '^".*"$')
    inside = pc.replace_substring(pc.utf8_trim(names, '"'), '""', '"')
    return pc.if_else(around, inside, names)


def _within(lines, ours, limits, what):
    """A column of whole numbers that every row has (array)."""
    numbers = lines.numbers(ours).values
    outside = _is_outside(numbers, limits)
    broken = pc.fill_null(pc.not_equal(pc.floor(numbers), numbers), True)
    lines.refuse(ours, pc.or_(outside, broken), f"{what}, such as 2024,")
    return numbers.cast(pa.int16())


def _refuse_outside(lines, ours, numbers, limits, what):
    least, most = limits
    outside = pc.and_(pc.is_valid(numbers), _is_outside(numbers, limits))
    lines.refuse(ours, outside, f"{what} from {least} to {most:,}")


def _is_outside(numbers, limits):
    """Which numbers are not between two limits, or are none (mask)."""
    least, most = limits
    inside = pc.and_(pc.greater_equal(numbers, least), pc.less_equal(numbers, most))
    return pc.invert(pc.fill_null(inside, False))


def _values(lines, columns):
    """What the rows say beside their codes: the columns by name (dict of arrays)."""
    n = len(lines.text)
    found = {"type_id": pa.nulls(n, pa.int8())}
    if lines.layout.has("type_id"):
        types = lines.numbers("type_id").values
        known = pc.is_in(types, value_set=pa.array([float(kind) for kind in codes.KINDS]))
        unknown = pc.and_(pc.is_valid(types), pc.invert(known))
        lines.refuse("type_id", unknown, "one of the state's kinds of entities, 4 to 10")
        found["type_id"] = types.cast(pa.int8())
    tested = lines.counts("tested")
    found["tested"] = tested.values
    found["missing_tested"] = tested.missing()
    found |= _enrolled(lines, columns)
    found |= _scores(lines)
    if lines.layout.letter == "D":
        for ours in COUNTS:
            found[ours] = lines.counts(ours).values
        for ours in ("district_name", "school_name"):
            found[ours] = pc.utf8_normalize(_unquoted(lines.column(ours)), "NFC")
    return found | _areas(lines)


def _enrolled(lines, columns):
    enrolled = lines.counts("enrolled")
    # In 2015 every student group has the enrolment of all students.
    is_2015 = pc.equal(columns["year"][0], 2015)
    unusable = pc.and_(is_2015, pc.not_equal(columns["group_id"], codes.ALL_STUDENTS))
    return {
        "enrolled": pc.if_else(unusable, None, enrolled.values).cast(pa.int32()),
        "missing_enrolled": enrolled.missing((unusable, NOT_IN_LAYOUT)),
    }


def _scores(lines):
    with_scores = lines.counts("with_scores").values
    shares = {ours: lines.numbers(ours) for ours in SCORES}
    for ours, share in shares.items():
        _refuse_outside(lines, ours, share.values, (0, 100), "a percentage")
    mean = lines.numbers("mean_scale_score")
    _refuse_outside(lines, "mean_scale_score", mean.values, (0, 4_000), "a scale score")
    _, star, blank = shares["pct_met_and_above"]
    no_scores = pc.fill_null(pc.equal(with_scores, 0), False)
    nobody = pc.or_(blank, pc.and_(pc.invert(star), no_scores))
    # Rows of all grades have scores and no mean: scales differ from grade to grade.
    no_mean = pc.and_(mean.blank, pc.invert(pc.or_(star, blank)))
    return {
        "with_scores": with_scores,
        **{ours: share.values for ours, share in shares.items()},
        "mean_scale_score": mean.values,
        "missing_scores": _why((star, SUPPRESSED), (nobody, NOBODY)),
        "missing_mean": mean.missing((no_mean, NOT_IN_LAYOUT), (star, SUPPRESSED)),
    }


def _areas(lines):
    n = len(lines.text)
    if not all(map(lines.layout.has, layouts.AREAS)):
        found = {ours: pa.nulls(n, pa.float64()) for ours in layouts.AREAS}
        return found | {"missing_areas": _why((pa.array([True] * n), NOT_IN_LAYOUT))}
    areas = {ours: lines.numbers(ours) for ours in layouts.AREAS}
    found = {ours: area.values for ours, area in areas.items()}
    return found | {"missing_areas": areas[layouts.AREAS[-1]].missing()}


def _why(*cases):
    """A dictionary column of reasons: of the cases (mask, reason) the first that holds."""
    reasons = pa.array([_REASONS.index(REPORTED)] * len(cases[0][0]), pa.int8())
    for mask, reason in reversed(cases):
        number = pa.scalar(_REASONS.index(reason), pa.int8())
        reasons = pc.if_else(mask, number, reasons)
    return pa.DictionaryArray.from_arrays(reasons, pa.array(_REASONS))
