"""The names of counties, districts and schools, from entities files, put to the rows."""

import csv

import pandas as pd

from see_the_system.data import layouts, sources

_PLACE = ["year", "county_code", "district_code", "school_code"]
_DISTRICT = _PLACE[:3]
_NAMES = ["county_name", "district_name", "school_name"]


def entity_names(entities):
    """County, district and school names and types by year and code, from entities files.

    A pandas.DataFrame, may be empty. entities: pairs (source, layout).
    """
    columns = list(layouts.ENTITY_COLUMNS)
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
    names = names.drop_duplicates(_PLACE, keep="last")
    names["year"] = pd.to_numeric(names["year"]).astype("int16")
    names["type_id"] = pd.to_numeric(names["type_id"], errors="coerce").astype("Int8")
    for code, width in (("county_code", 2), ("district_code", 5), ("school_code", 7)):
        names[code] = names[code].str.zfill(width)
    return names


def _lines(source, delimiter):
    """The cells of each line below the header (list of texts each)."""
    with source.open() as stream:
        text = sources.as_text(stream.read())
    # Not splitlines: it also breaks where cp1252 has a rare sign of its own.
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[1:]:
        if line.strip():
            cells = next(csv.reader([line])) if delimiter == "," else line.split(delimiter)
            yield [cell.strip().strip('"').strip() for cell in cells]


def with_names(frame, names):
    """The frame with the three names of each row, its own before those of the entities file."""
    nothing = pd.Series("", index=frame.index, dtype="str")
    for column in _NAMES:
        if column not in frame:
            frame[column] = nothing
    if names is None or names.empty:
        return frame
    joined = frame[_PLACE].merge(names, on=_PLACE, how="left").set_index(frame.index)
    for column in _NAMES:
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
