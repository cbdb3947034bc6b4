"""What the columns of the state's files are, and the names that entities files put to their rows.

The four layouts of the Smarter Balanced research files are told apart by their header; columns are
read by name. A: 2015-2016, B: 2017-2019, C: 2021-2023, D: from 2024; E is an entities file, with
the names of counties, districts and schools. Source: the record layouts of each year,
caaspp-elpac.ets.org; the headers of 2018, 2021, 2023 and (science, same first columns) 2024 as they
stand in the files.
"""

import csv
import unicodedata
from dataclasses import dataclass

import pandas as pd

from see_the_system.data import codes
from see_the_system.data.sources import as_text
from see_the_system.messages import Refusal, nearest

WIDTH = {"county_code": 2, "district_code": 5, "school_code": 7}  # digits
_CODES = {
    "county_code": "County Code",
    "district_code": "District Code",
    "school_code": "School Code",
    "year": "Test Year",
    "group_id": ("Subgroup ID", "Student Group ID"),
    "grade": "Grade",
    "test_id": ("Test Id", "Test ID"),
}
_SHARES = {
    "pct_exceeded": "Percentage Standard Exceeded",
    "pct_met": "Percentage Standard Met",
    "pct_met_and_above": "Percentage Standard Met and Above",
    "pct_nearly_met": "Percentage Standard Nearly Met",
    "pct_not_met": "Percentage Standard Not Met",
    "mean_scale_score": "Mean Scale Score",
}
_TOTALS = {
    "enrolled": ("CAASPP Reported Enrollment", "Students Enrolled", "Total Students Enrolled"),
    "tested": ("Students Tested", "Total Students Tested"),
    "with_scores": ("Students with Scores", "Total Students Tested with Scores"),
}
_COUNTS = {
    "n_exceeded": "Count Standard Exceeded",
    "n_met": "Count Standard Met",
    "n_nearly_met": "Count Standard Nearly Met",
    "n_not_met": "Count Standard Not Met",
}
_NAMES = {"district_name": "District Name", "school_name": "School Name"}
_TYPE = {"type_id": ("Type ID", "Type Id")}
# Mathematics has three areas; the fourth is 0.00 in B and C, which is no percentage of anything.
_AREAS = {
    f"area{n}_{place}": tuple(f"Area {n} Percentage {word} Standard" for word in words)
    for n in (1, 2, 3)
    for place, words in {
        "above": ("Above",),
        "near": ("Near", "At or Near"),
        "below": ("Below",),
    }.items()
}
AREAS = tuple(_AREAS)
ENTITY_COLUMNS = {
    **{name: _CODES[name] for name in (*WIDTH, "year")},
    **_TYPE,
    "county_name": "County Name",
    **_NAMES,
}
_PLACE = ["year", *WIDTH]
_DISTRICT = _PLACE[:3]
_NAMED = ["county_name", *_NAMES]


@dataclass(frozen=True)
class Layout:
    """One file's layout: its letter, its delimiter, its header, and where our columns stand."""

    letter: str
    delimiter: str
    header: tuple
    columns: dict  # our name -> position in the header
    quoted: bool  # whether cells may stand in quotation marks

    def has(self, name):
        return name in self.columns


def of(header, name):
    """The layout that a header line belongs to; ``Refusal`` where it belongs to none.

    A Layout, letter A to D, or E for an entities file. ``name`` is the file's.
    """
    delimiter = _delimiter(header, name)
    names = tuple(cell.strip() for cell in cells_of(header, delimiter))
    _refuse_doubled(names, name)
    folded = {cell.casefold(): place for place, cell in enumerate(names)}
    quoted = delimiter != "^" or '"' in header
    if "zip code" in folded and "grade" not in folded:
        return Layout("E", delimiter, names, _places(ENTITY_COLUMNS, folded, name), quoted)
    letter = _letter(folded)
    wanted = {**_CODES, **_TOTALS, **_SHARES}
    wanted |= {"A": {}, "B": {}, "C": _TYPE, "D": {**_TYPE, **_NAMES, **_COUNTS}}[letter]
    places = _places(wanted, folded, name)
    places |= _places(_AREAS, folded, name, optional=True)
    return Layout(letter, delimiter, names, places, quoted)


def cells_of(line, delimiter):
    """The cells of a line, which may be quoted (list of text)."""
    if delimiter == "^":  # the state's own names may begin with a quotation mark
        return [cell.strip().strip('"').replace('""', '"') for cell in line.split(delimiter)]
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except csv.Error:  # a cell of more letters than csv takes
        return line.split(delimiter)


def _letter(folded):
    """The layout that the columns are of, whatever a spreadsheet program put between them."""
    if {"count standard met", "district name"} & set(folded):
        return "D"
    if {"type id", "student group id"} & set(folded):
        return "C"
    return "A" if "total caaspp enrollment" in folded else "B"


def _delimiter(header, name):
    # The state's are carets and commas; the others are what spreadsheet programs save.
    for delimiter in "^,\t;|":
        if header.count(delimiter) >= 5:
            return delimiter
    if header[:14].isdigit():
        raise Refusal(
            f"{name}, line 1: this is the fixed-width version of the file. Download the "
            "delimited (csv) version and add that."
        )
    raise Refusal(
        f"{name}, line 1: no header of a Smarter Balanced research file, which begins with "
        "County Code. Download the research file and add that."
    )


def _refuse_doubled(names, name):
    folded = [cell.casefold() for cell in names]
    for place, cell in enumerate(names):
        if cell and folded.index(folded[place]) < place:
            raise Refusal(
                f"{name}, line 1: the column {cell!r} stands there twice; once was expected. "
                "Add the file as it was downloaded."
            )


def _places(wanted, folded, name, optional=False):
    """Where our columns stand, each under one of the names that the state gives it (dict)."""
    places = {}
    for ours, theirs in wanted.items():
        theirs = (theirs,) if isinstance(theirs, str) else theirs
        found = [folded[column.casefold()] for column in theirs if column.casefold() in folded]
        if found:
            places[ours] = found[0]
        elif not optional:
            raise Refusal(_missing(theirs[0], folded, name))
    return places


def _missing(column, folded, name):
    if "county code" not in folded or not {"grade", "zip code"} & set(folded):
        return (
            f"{name}, line 1: this is not a Smarter Balanced research file (no column {column!r}). "
            "Download the research file of one year from the state's page and add that."
        )
    close = nearest(column, folded, most=1)
    hint = f" (it has {close[0]!r})" if close else ""
    return (
        f"{name}, line 1: the column {column!r} is missing{hint}. Add the file as it was "
        "downloaded."
    )


def entity_names(entities):
    """County, district and school names and types by year and code, from entities files.

    A pandas.DataFrame, may be empty. entities: pairs (source, layout).
    """
    columns = list(ENTITY_COLUMNS)
    rows = []
    for source, layout in entities:
        places = [layout.columns[name] for name in columns]
        # Of a line that ends early, what stands before the zip code is enough.
        shortest = len(layout.header) - 1
        lines = [line for line in _lines(source, layout.delimiter) if len(line) >= shortest]
        rows += [[line[place] for place in places] for line in lines]
    names = pd.DataFrame(rows, columns=columns)
    if not rows:
        return names
    # A line that counts or repeats the header has no year.
    names = names[names["year"].str.fullmatch(r"\d{4}(\.0*)?")]
    names = names.drop_duplicates(_PLACE, keep="last")
    names["year"] = names["year"].str[:4].astype("int16")
    kinds = pd.to_numeric(names["type_id"], errors="coerce")
    names["type_id"] = kinds.where(kinds.isin(codes.KINDS)).astype("Int8")
    for code, width in WIDTH.items():
        names[code] = names[code].str.zfill(width)
    return names


def _lines(source, delimiter):
    """The cells of each line below the header (list of texts each)."""
    text = as_text(b"".join(block for _, block in source.blocks()))
    # Not splitlines: it also breaks where cp1252 has a rare sign of its own.
    for line in unicodedata.normalize("NFC", text).split("\n")[1:]:
        if line.strip():
            yield [cell.strip() for cell in cells_of(line, delimiter)]


def with_names(frame, names):
    """The frame with the three names of each row, its own before those of the entities file."""
    nothing = pd.Series("", index=frame.index, dtype="str")
    for column in _NAMED:
        if column not in frame:
            frame[column] = nothing
    if names.empty:
        return frame
    joined = frame[_PLACE].merge(names, on=_PLACE, how="left").set_index(frame.index)
    for column in _NAMED:
        own = frame[column]
        frame[column] = own.where(own != "", joined[column].fillna("")).astype("str")
    frame["type_id"] = frame["type_id"].fillna(joined["type_id"])
    return frame


def complete_names(frame):
    """The frame with every row of a district under the district's own name.

    A charter's row carries the charter's.
    """
    district = frame[(frame["level"] == "district") & (frame["district_name"] != "")]
    if district.empty:
        return frame
    known = district.drop_duplicates(_DISTRICT).set_index(_DISTRICT)["district_name"]
    places = pd.MultiIndex.from_frame(frame[_DISTRICT])
    own = pd.Series(known.reindex(places).to_numpy(), index=frame.index, dtype="str")
    is_named = own.notna() & (frame["level"] == "school")
    frame["district_name"] = own.where(is_named, frame["district_name"]).astype("str")
    return frame
