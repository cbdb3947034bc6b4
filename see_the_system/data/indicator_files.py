"""The state's files of indicators in, one tidy frame out.

One row for each school year, entity, indicator and student group, whatever file it came from.
"""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from see_the_system.data.codes import GROUPS
from see_the_system.data.indicator_layouts import FORMATS
from see_the_system.data.indicator_notes import Notes, refuse_fractions, refuse_outside
from see_the_system.data.lines import NOBODY, NOT_IN_LAYOUT, SUPPRESSED, Lines
from see_the_system.messages import Refusal, listed

KEY = [
    "year",
    "county_code",
    "district_code",
    "school_code",
    "indicator",
    "group",
]
COLUMNS = [
    *KEY,
    "group_id",
    "level",
    "county_name",
    "district_name",
    "school_name",
    "charter",
    "n",
    "count",
    "value",
    "missing",
    "prior_n",
    "prior_value",
    "change",
    "status_level",
    "change_level",
    "color",
]
_DTYPES = {
    "year": "int16",
    "group_id": "Int16",
    "charter": "bool",
    **dict.fromkeys(("n", "count", "prior_n"), "Int32"),
    **dict.fromkeys(("value", "prior_value", "change"), "Float64"),
    **dict.fromkeys(("status_level", "change_level", "color"), "Int8"),
}
_TEXTS = [name for name in COLUMNS if name not in _DTYPES]
_LEVELS = {"t": "state", "c": "county", "d": "district", "s": "school"}
_LEVELS_OF_DASHBOARD = {"x": "state", "d": "district", "l": "district", "s": "school"}
_CODES = {"county_code": 2, "district_code": 5, "school_code": 7}
# The levels whose rows have a code of this kind.
_HAVE = {"county_code": ["c", "d", "s"], "district_code": ["d", "s"], "school_code": ["s"]}
_FEWEST = 11  # the state shows groups of 11 or more


class IndicatorLines(Lines):
    """Lines of a file of indicators: their cells as meant, their numbers finite."""

    def __init__(self, name, first_line, raw, layout):
        super().__init__(name, first_line, raw, layout)
        # A spreadsheet program sets marks around a cell with a comma in it, between tabs too.
        if not layout.quoted and b'"' in raw:
            names = self.text.column_names
            self.text = pa.table({each: _without_marks(self.text[each]) for each in names})

    def numbers(self, ours):
        """Numbers as those of ``Lines``; ``Refusal`` for nan and inf, which are read as numbers."""
        found = super().numbers(ours)
        self.refuse(ours, pc.invert(pc.is_finite(found.values)), "a number, * or nothing")
        return found


def _without_marks(cells):
    """Texts without the quotation marks that stand around them (chunked array)."""
    cells = pc.utf8_trim_whitespace(cells)
    around = pc.match_substring_regex(cells, '^".*"$')
    inside = pc.replace_substring(pc.utf8_slice_codeunits(cells, 1, -1), '""', '"')
    return pc.if_else(around, inside, cells)


def read_indicators(source, layout):
    """The rows of one file (DataFrame of ``COLUMNS``), and what has to be said of it (sentences).

    source: a ``sources.Source``; layout: ``layout_of`` its header. n and count: students; value: a
    percent (0-100) or points from standard; ``prior_n``, ``prior_value``, ``change``, the levels
    and the color (1 red to 5 blue) are the Dashboard's. ``missing`` says why there is no value:
    suppressed (10 or fewer students), nobody counted ("nobody tested"), not in this layout. Rows
    are those of all kinds of schools and of completers together. ``Refusal`` at the first line that
    is wrong.
    """
    form = FORMATS[layout.letter]
    frames, notes = [], Notes()
    for number, block in source.blocks():
        first_line, raw = _below(layout.header_line, number, block)
        raw = notes.without_strays(raw, first_line, layout)
        if raw.strip():
            lines = IndicatorLines(source.name, first_line, raw, layout)
            frames += _rows(lines, form, _year_in(source.member or source.path.name), notes)
    if not frames:
        raise Refusal(notes.no_rows(source.name, form))
    frame = pd.concat(frames, ignore_index=True)
    years = sorted(frame["year"].unique())
    if len(years) > 1:
        raise Refusal(
            f"{source.name} holds rows of {listed(years)}; one year was expected. Add the files as "
            "they were downloaded."
        )
    refuse_fractions(source.name, frame)
    again = frame.duplicated(KEY)
    if again.any():
        row = frame[again].iloc[0]
        place = f"{row.county_code}-{row.district_code}-{row.school_code}"
        raise Refusal(
            f"{source.name} holds code {place}, {row.group} twice in {row.year}: one row was "
            "expected. Add the file as it was downloaded."
        )
    return frame[COLUMNS], notes.sentences(frame, form)


def _below(header_line, number, block):
    """What of a block stands below the header: the number of its first line, and bytes."""
    above = max(0, header_line + 1 - number)
    lines = block.split(b"\n", above)
    return number + above, lines[above] if len(lines) > above else b""


def _rows(lines, form, year_of_name, notes):
    """The rows of a block of lines, an indicator after another (list of DataFrame)."""
    lines = lines.only(pc.invert(lines.blank()))
    category = pc.utf8_upper(lines.column("category"))
    level = pc.utf8_lower(lines.column("level"))
    kept = pc.is_in(level, value_set=pa.array(list(_levels(form))))
    notes.levels.update(set(lines.column("level").filter(pc.invert(kept)).to_pylist()))
    of_groups = pc.is_in(category, value_set=pa.array(list(form.groups)))
    for name in category.filter(pc.invert(of_groups)).to_pylist():
        notes.categories.add(name)
    kept = pc.and_(kept, of_groups)
    kept = pc.and_(kept, pc.invert(_offices(lines, form, level, notes)))
    entity = _entity_codes(lines, form)
    notes.entities.update(entity.filter(kept).to_pylist())
    for ours, values in form.one_of.items():
        if lines.layout.has(ours):
            cells = pc.utf8_lower(lines.column(ours))
            kept = pc.and_(kept, pc.is_in(cells, value_set=pa.array(values)))
    notes.kept.update(entity.filter(kept).to_pylist())
    lines = lines.only(kept)
    if not len(lines.text):
        return []
    who = _who(lines, form, year_of_name)
    numbers = {}
    return [
        _measured(lines, form, who, name, columns, numbers)
        for name, columns in form.measures.items()
    ]


def _entity_codes(lines, form):
    """What stands for the entity of each line (array of text)."""
    if form.is_dashboard:
        return lines.column("cds")
    return pc.binary_join_element_wise(*(lines.column(name) for name in _CODES), "-")


def _offices(lines, form, level, notes):
    """Which lines are of a district's office, which stands among schools as 0000000 (mask)."""
    pattern = "0{7}$" if form.is_dashboard else "^0+$"
    code = lines.column("cds" if form.is_dashboard else "school_code")
    found = pc.and_(pc.equal(level, "s"), pc.match_substring_regex(code, pattern))
    notes.offices += pc.sum(found).as_py() or 0
    return found


def _levels(form):
    return _LEVELS_OF_DASHBOARD if form.is_dashboard else _LEVELS


def _who(lines, form, year_of_name):
    """Year, entity and student group of each line (DataFrame)."""
    frame = pd.DataFrame({"year": _years(lines, form, year_of_name)})
    level = pd.Series(pc.utf8_lower(lines.column("level")).to_pylist(), dtype="str")
    frame["level"] = level.map(_levels(form)).astype("str")
    for name, codes in _codes(lines, form).items():
        frame[name] = codes
    # What stands above a school or a district has no code of one.
    above = {"county_code": ("state",), "district_code": ("state", "county")}
    above["school_code"] = ("state", "county", "district")
    for name, levels in above.items():
        frame.loc[frame["level"].isin(levels), name] = "0" * _CODES[name]
    for name in ("county_name", "district_name", "school_name"):
        has = lines.layout.has(name)
        texts = pc.utf8_normalize(lines.column(name), "NFC").to_pylist() if has else ""
        frame[name] = pd.Series(texts, index=frame.index, dtype="str")
    frame.loc[frame["level"] != "school", "school_name"] = ""
    category = pd.Series(pc.utf8_upper(lines.column("category")).to_pylist()).map(form.groups)
    frame["group_id"] = pd.to_numeric(category, errors="coerce").astype("Int16")
    frame["group"] = category.map(lambda group: GROUPS.get(group, group)).astype("str")
    frame["charter"] = False
    if form.is_dashboard and lines.layout.has("charter"):
        frame["charter"] = pc.is_in(
            pc.utf8_lower(lines.column("charter")), value_set=pa.array(["y", "yes"])
        ).to_numpy(zero_copy_only=False)
    return frame


def _years(lines, form, year_of_name):
    if form.is_dashboard and not lines.layout.has("year"):
        if not year_of_name:
            raise Refusal(
                f"{lines.name} has no column 'reportingyear', and its name has no year. Name it as "
                "it was downloaded, such as mathdownload2024.txt."
            )
        return np.full(len(lines.text), year_of_name)
    texts = lines.column("year")
    if form.is_dashboard:
        pattern, expected = r"^20[0-9]{2}([.]0*)?$", "a year such as 2024"
    else:
        pattern, expected = r"^20[0-9]{2}[-–/](20)?[0-9]{2}$", "a school year such as 2023-24"
    lines.refuse("year", pc.invert(pc.match_substring_regex(texts, pattern)), expected)
    years = np.array([int(text[:4]) for text in texts.to_pylist()])
    if form.is_dashboard:
        return years
    springs = np.array([int(text[-2:]) for text in texts.to_pylist()])
    lines.refuse("year", pa.array((years + 1) % 100 != springs), expected)
    return years + 1


def _codes(lines, form):
    """County, district and school code of each line, with the zeros a spreadsheet lost (dict)."""
    if form.is_dashboard:
        whole = lines.column("cds")
        good = pc.match_substring_regex(whole, "^[0-9]{13,14}$")
        state = pc.is_in(pc.utf8_lower(lines.column("level")), value_set=pa.array(["x"]))
        lines.refuse(
            "cds",
            pc.invert(pc.or_(good, state)),
            "a code of 14 digits (a spreadsheet program rounds it)",
        )
        texts = pd.Series(pc.utf8_lpad(whole, 14, "0").to_pylist(), dtype="str")
        return {
            "county_code": texts.str[:2],
            "district_code": texts.str[2:7],
            "school_code": texts.str[7:],
        }
    found = {}
    level = pc.utf8_lower(lines.column("level"))
    for name, width in _CODES.items():
        column = lines.column(name)
        good = pc.match_substring_regex(column, rf"^[0-9]{{0,{width}}}$")
        needed = pc.is_in(level, value_set=pa.array(_HAVE[name]))
        good = pc.and_(good, pc.or_(pc.invert(needed), pc.match_substring_regex(column, "[1-9]")))
        lines.refuse(name, pc.invert(good), f"a code of up to {width} digits")
        found[name] = pd.Series(pc.utf8_lpad(column, width, "0").to_pylist(), dtype="str")
    return found


def _measured(lines, form, who, indicator, columns, read):
    """The rows of one indicator (DataFrame of ``COLUMNS``); ``read`` keeps columns once read."""

    def number(ours, whole=False):
        if not ours or not lines.layout.has(ours):
            return None
        if ours not in read:
            read[ours] = lines.counts(ours) if whole else lines.numbers(ours)
        return read[ours]

    size = len(lines.text)
    n = number(columns.n, whole=True)
    count = number(columns.count, whole=True)
    value = number(columns.value)
    frame = who.assign(indicator=indicator)
    frame["n"] = _as_numbers(n, size)
    frame["count"] = _as_numbers(count, size)
    rate = 100 * frame["count"] / frame["n"].where(frame["n"] > 0)
    frame["value"] = _as_numbers(value, size) if value else rate
    _refuse_impossible(lines, frame, indicator, columns)
    told = [each for each in (n, count, value) if each]
    frame["missing"] = _missing(frame, told, has_n=n is not None)
    # A count beside a rate that is hidden would tell it.
    frame.loc[frame["missing"] != "", ["count", "value"]] = pd.NA
    more = {
        "prior_n": ("before", True),
        "prior_value": ("prior_status", False),
        "change": ("change", False),
        "status_level": ("status_level", False),
        "change_level": ("change_level", False),
        "color": ("color", False),
    }
    for ours, (theirs, whole) in more.items():
        frame[ours] = _as_numbers(number(theirs, whole) if form.is_dashboard else None, size)
    if form.is_dashboard:
        refuse_outside(lines, "prior_status", frame["prior_value"], indicator)
        refuse_outside(lines, "change", frame["change"], indicator, is_change=True)
    for name in ("status_level", "change_level", "color"):
        wrong = frame[name].notna() & ~frame[name].isin(range(6))
        if wrong.any():
            lines.refuse(name, pa.array(wrong.to_numpy(bool)), "a level from 1 to 5, or 0 for none")
        frame[name] = frame[name].where(frame[name] > 0)
    return frame.astype(_DTYPES)[COLUMNS]


def _as_numbers(numbers, size):
    if numbers is None:
        return pd.array([None] * size, dtype="Float64")
    return pd.array(numbers.values.to_pandas(), dtype="Float64")


def _refuse_impossible(lines, frame, indicator, columns):
    """``Refusal`` where a value cannot be, or more are counted than there are."""
    if columns.value:
        refuse_outside(lines, columns.value, frame["value"], indicator)
    if columns.count:
        more = (frame["count"] > frame["n"]).fillna(False)
        lines.refuse(
            columns.count, pa.array(more.to_numpy(bool)), "no more students than there are in all"
        )


def _missing(frame, columns, has_n):
    """Why there is no value, row by row (array of text)."""
    star = np.zeros(len(frame), dtype=bool)
    for each in columns:
        star |= each.star.to_numpy(zero_copy_only=False)
    few = (frame["n"].isna() & has_n) | frame["n"].between(1, _FEWEST - 1).fillna(False)
    few = few.to_numpy(bool)
    nobody = (frame["n"] == 0).fillna(False).to_numpy(bool)
    blank = frame["value"].isna().to_numpy()
    cases = [nobody & ~star, star, blank & few, blank]
    return np.select(cases, [NOBODY, SUPPRESSED, SUPPRESSED, NOT_IN_LAYOUT], "")


def _year_in(name):
    """The one year that stands in a file's name, of a school year its spring (int, or None).

    >>> _year_in("mathdownload2019.txt"), _year_in("math 2018-19.txt"), _year_in("math.txt")
    (2019, 2019, None)
    """
    spans = re.findall(r"(?<!\d)(20\d\d)[-_–](?:20)?(\d\d)(?!\d)", name)
    springs = {int(first) + 1 for first, last in spans if int(last) == (int(first) + 1) % 100}
    years = springs or set(map(int, re.findall(r"(?<!\d)20\d\d(?!\d)", name)))
    return years.pop() if len(years) == 1 else None
