"""Blocks of a research file as typed Arrow tables, with the reason why a value is missing."""

from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from see_the_system.data import codes, layouts
from see_the_system.data.lines import NOBODY, NOT_IN_LAYOUT, SUPPRESSED, Lines, why

SCORES = ("pct_exceeded", "pct_met", "pct_met_and_above", "pct_nearly_met", "pct_not_met")
COUNTS = ("n_exceeded", "n_met", "n_nearly_met", "n_not_met")
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
    lines = Lines(name, first_line + skipped, raw, layout)
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
        "missing_scores": why((star, SUPPRESSED), (nobody, NOBODY)),
        "missing_mean": mean.missing((no_mean, NOT_IN_LAYOUT), (star, SUPPRESSED)),
    }


def _areas(lines):
    n = len(lines.text)
    if not all(map(lines.layout.has, layouts.AREAS)):
        found = {ours: pa.nulls(n, pa.float64()) for ours in layouts.AREAS}
        return found | {"missing_areas": why((pa.array([True] * n), NOT_IN_LAYOUT))}
    areas = {ours: lines.numbers(ours) for ours in layouts.AREAS}
    for ours, area in areas.items():
        _refuse_outside(lines, ours, area.values, (0, 100), "a percentage")
    found = {ours: area.values for ours, area in areas.items()}
    return found | {"missing_areas": areas[layouts.AREAS[-1]].missing()}
