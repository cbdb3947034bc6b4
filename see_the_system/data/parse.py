"""Blocks of a research file as typed Arrow tables, with the reason why a value is missing."""

import re

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from see_the_system.data import codes, layouts
from see_the_system.messages import Refusal

REPORTED, SUPPRESSED, NOBODY, NOT_IN_LAYOUT = (
    "",
    "suppressed",
    "nobody tested",
    "not in this layout",
)
WHY = pa.array([REPORTED, SUPPRESSED, NOBODY, NOT_IN_LAYOUT])
SCORES = ("pct_exceeded", "pct_met", "pct_met_and_above", "pct_nearly_met", "pct_not_met")
COUNTS = ("n_exceeded", "n_met", "n_nearly_met", "n_not_met")
_WIDTH = {"county_code": 2, "district_code": 5, "school_code": 7}


def rows(block, first_line, layout, name, keep):
    """The wanted rows of one block as a table of our columns, typed (pyarrow.Table).

    ``keep`` maps ``test_id``, ``grade``, ``group_id`` and ``district`` to the values wanted, or
    lacks them. Raises ``Refusal`` naming file, line and column for a value that the state's files
    do not hold.
    """
    lines, skipped = _near(block, keep.get("district"))
    if not lines:
        return None
    at = _Place(name, first_line + skipped, lines, layout)
    text = _text_table(at)
    columns = {ours: _codes(text, ours, at) for ours in _WIDTH}
    for ours, known in {
        "test_id": codes.TESTS,
        "group_id": codes.GROUPS,
        "grade": codes.GRADES,
    }.items():
        columns[ours] = _known(text, ours, known, at)
    wanted = _wanted(columns, keep)
    if wanted is not None:
        at = at.only(wanted)
        columns = {ours: column.filter(wanted) for ours, column in columns.items()}
        text = text.filter(wanted)
    if len(text) == 0:
        return None
    columns["year"] = _numbers(text, "year", at)[0].cast(pa.int16())
    return _values(text, columns, layout, at)


class _Place:
    """Which lines of which file are being read, so that a fault can be named by its line."""

    def __init__(self, name, first_line, lines, layout, chosen=None):
        self.name, self.first_line, self.lines, self.layout, self.chosen = (
            name,
            first_line,
            lines,
            layout,
            chosen,
        )

    def only(self, wanted):
        return _Place(self.name, self.first_line, self.lines, self.layout, wanted)

    def line(self, row):
        if self.chosen is not None:
            row = pc.indices_nonzero(self.chosen)[row].as_py()
        filled = [n for n, line in enumerate(self.lines.splitlines()) if line.strip()]
        return self.first_line + filled[row]

    def column(self, ours):
        return self.layout.header[self.layout.columns[ours]]


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
    hits = [(block.find(mark), block.rfind(mark)) for mark in marks if mark in block]
    if not hits:
        return b"", 0
    start = block.rfind(b"\n", 0, min(first for first, _ in hits)) + 1
    end = block.find(b"\n", max(last for _, last in hits)) + 1
    return block[start : end or len(block)], block.count(b"\n", 0, start)


def _text_table(at):
    layout = at.layout
    header = [f"{place}" for place in range(len(layout.header))]
    wanted = {str(place): ours for ours, place in layout.columns.items()}
    data = at.lines if at.lines.isascii() else _as_utf8(at.lines)
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(data),
            pyarrow.csv.ReadOptions(column_names=header, block_size=2**22),
            pyarrow.csv.ParseOptions(
                delimiter=layout.delimiter, quote_char='"' if layout.delimiter == "," else False
            ),
            pyarrow.csv.ConvertOptions(
                include_columns=list(wanted),
                column_types=dict.fromkeys(header, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as fault:
        raise _ragged(at, fault) from fault
    return table.rename_columns([wanted[name] for name in table.column_names])


def _as_utf8(raw):
    from see_the_system.data.sources import as_text

    return as_text(raw).encode("utf-8")


def _ragged(at, fault):
    expected = len(at.layout.header)
    pattern = re.compile(r'"[^"]*"')
    for number, raw in enumerate(at.lines.splitlines(), start=at.first_line):
        line = raw.decode("latin-1")
        found = (pattern.sub("", line) if at.layout.delimiter == "," else line).count(
            at.layout.delimiter
        ) + 1
        if raw.strip() and found != expected:
            return Refusal(
                f"{at.name}, line {number}: {found} columns stand there and {expected} were "
                "expected. "
                "The file may be cut off or edited: download it again and add the new copy."
            )
    return Refusal(
        f"{at.name}, near line {at.first_line}: the lines could not be read as columns "
        f"({fault}). Download the file again."
    )


def _codes(text, ours, at):
    column = pc.utf8_trim_whitespace(text[ours].combine_chunks())
    bad = pc.invert(pc.match_substring_regex(column, rf"^[0-9]{{1,{_WIDTH[ours]}}}$"))
    if pc.any(bad).as_py():
        raise _fault(column, bad, ours, at, f"a code of up to {_WIDTH[ours]} digits")
    return pc.utf8_lpad(column, _WIDTH[ours], "0")


def _known(text, ours, known, at):
    numbers, _, _ = _numbers(text, ours, at)
    bad = pc.invert(pc.is_in(numbers, value_set=pa.array([float(code) for code in known])))
    if pc.any(bad).as_py():
        what = {
            "test_id": "one of the state's test codes",
            "group_id": "one of the state's student group codes",
            "grade": "one of the state's grades, 3 to 13",
        }
        raise _fault(
            pc.utf8_trim_whitespace(text[ours].combine_chunks()), bad, ours, at, what[ours]
        )
    return numbers.cast(pa.int16())


def _wanted(columns, keep):
    masks = [
        pc.is_in(columns[ours], value_set=pa.array(keep[ours], pa.int16()))
        for ours in ("test_id", "grade", "group_id")
        if keep.get(ours)
    ]
    if keep.get("district"):
        district = pc.binary_join_element_wise(
            columns["county_code"], columns["district_code"], "-"
        )
        masks.append(pc.is_in(district, value_set=pa.array(keep["district"])))
    wanted = None
    for mask in masks:
        wanted = mask if wanted is None else pc.and_(wanted, mask)
    return wanted


def _numbers(text, ours, at):
    """A text column as (float64 with nulls, where ``*`` stands, where nothing stands)."""
    column = pc.utf8_trim_whitespace(text[ours].combine_chunks())
    star, blank = pc.equal(column, "*"), pc.equal(column, "")
    filled = pc.if_else(pc.or_(star, blank), pa.scalar(None, pa.string()), column)
    try:
        return filled.cast(pa.float64()), star, blank
    except pa.ArrowInvalid:
        good = pc.match_substring_regex(column, r"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)$")
        bad = pc.invert(pc.or_(good, pc.or_(star, blank)))
        raise _fault(column, bad, ours, at, "a number, * or nothing") from None


def _fault(column, bad, ours, at, expected):
    row = pc.index(bad, True).as_py()
    return Refusal(
        f"{at.name}, line {at.line(row)}, column {at.column(ours)!r}: "
        f"{column[row].as_py()!r} stands there and {expected} was expected. "
        "Add the file as it was downloaded; if it is, tell us, for the state may have "
        "changed its codes."
    )


def _values(text, columns, layout, at):
    year = columns["year"][0].as_py()
    n = len(text)
    columns["type_id"] = (
        _numbers(text, "type_id", at)[0].cast(pa.int8())
        if layout.has("type_id")
        else pa.nulls(n, pa.int8())
    )
    tested, star, blank = _numbers(text, "tested", at)
    columns["tested"] = tested.cast(pa.int32())
    columns["missing_tested"] = _why(n, (star, SUPPRESSED), (blank, NOBODY))
    enrolled, star_enrolled, blank = _numbers(text, "enrolled", at)
    unusable = pc.and_(
        pa.array([year == 2015] * n), pc.not_equal(columns["group_id"], codes.ALL_STUDENTS)
    )
    columns["enrolled"] = pc.if_else(unusable, None, enrolled).cast(pa.int32())
    columns["missing_enrolled"] = _why(
        n, (unusable, NOT_IN_LAYOUT), (star_enrolled, SUPPRESSED), (blank, NOBODY)
    )
    columns["with_scores"] = _numbers(text, "with_scores", at)[0].cast(pa.int32())
    shares = {ours: _numbers(text, ours, at) for ours in SCORES}
    for ours, (value, _, _) in shares.items():
        columns[ours] = value
    _, star, blank = shares["pct_met_and_above"]
    nobody = pc.or_(
        blank, pc.and_(pc.invert(star), pc.fill_null(pc.equal(columns["with_scores"], 0), False))
    )
    columns["missing_scores"] = _why(n, (star, SUPPRESSED), (nobody, NOBODY))
    mean, star_mean, blank_mean = _numbers(text, "mean_scale_score", at)
    columns["mean_scale_score"] = mean
    no_mean = pc.and_(blank_mean, pc.and_(pc.invert(star), pc.invert(blank)))
    columns["missing_mean"] = _why(
        n, (no_mean, NOT_IN_LAYOUT), (pc.or_(star_mean, star), SUPPRESSED), (blank_mean, NOBODY)
    )
    if layout.letter == "D":
        columns |= {ours: _numbers(text, ours, at)[0].cast(pa.int32()) for ours in COUNTS}
        columns |= {
            ours: pc.utf8_trim_whitespace(text[ours].combine_chunks())
            for ours in ("district_name", "school_name")
        }
    return pa.table(_areas(text, columns, layout, at))


def _areas(text, columns, layout, at):
    n = len(text)
    if not layout.has("area1_above"):
        empty = {ours: pa.nulls(n, pa.float64()) for ours in layouts.AREAS}
        return columns | empty | {"missing_areas": _why(n, (pa.array([True] * n), NOT_IN_LAYOUT))}
    for ours in layouts.AREAS:
        columns[ours], star, blank = _numbers(text, ours, at)
    return columns | {"missing_areas": _why(n, (star, SUPPRESSED), (blank, NOBODY))}


def _why(n, *cases):
    """A dictionary column of reasons: the first case that holds, else reported."""
    codes_ = pa.array([0] * n, pa.int8())
    for mask, reason in reversed(cases):
        codes_ = pc.if_else(mask, pa.scalar(WHY.to_pylist().index(reason), pa.int8()), codes_)
    return pa.DictionaryArray.from_arrays(codes_, WHY)
