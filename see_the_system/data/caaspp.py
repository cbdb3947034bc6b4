"""The Smarter Balanced research files (CAASPP) in, one tidy frame out, whatever the year and the
layout.

The frame has one row per year, entity, grade, student group and test. Its columns, and what stands
behind them, are in ``docs/data.md``; the layouts and their traps come from the state's record
layouts and from the files themselves.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from see_the_system.data import codes, layouts, parse, sources
from see_the_system.messages import Refusal, nearest

KEY = ["year", "county_code", "district_code", "school_code", "test_id", "grade", "group_id"]
COLUMNS = [
    "year",
    "county_code",
    "district_code",
    "school_code",
    "type_id",
    "level",
    "county_name",
    "district_name",
    "school_name",
    "test_id",
    "grade",
    "group_id",
    "group",
    "enrolled",
    "tested",
    "with_scores",
    "mean_scale_score",
    *parse.SCORES,
    *parse.COUNTS,
    *layouts.AREAS,
    "missing_enrolled",
    "missing_tested",
    "missing_scores",
    "missing_mean",
    "missing_areas",
    "counts_from",
    "for_trend",
]
NOT_FOR_TRENDS = (2021,)  # 23.7 % of students were tested statewide
COUNTS_FROM = ("published", "percentages", "whole percentages")

_REASONS = (*(c for c in COLUMNS if c.startswith("missing_")), "counts_from")
_TYPES = {
    pa.int8(): pd.Int8Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.string(): pd.StringDtype(na_value=np.nan),
}


def read(paths, *, tests=None, grades=None, groups=None, districts=None):
    """The tidy frame of the files named (pandas.DataFrame, columns ``COLUMNS``).

    paths: a file or a folder, or several; zip, gz or text; data files of any layout, entities files
    where there are any. tests, grades, groups: names or state codes wanted (default: all);
    districts: texts ``"CC-DDDDD"``, which bring the district row and every school under that code.
    These filters act while reading: lines of other districts are passed over unread, and unchecked.

    Counts are students, percentages 0 to 100, scale scores the state's. ``missing_*`` says why a
    value is missing: suppressed (10 or fewer students), nobody tested (or nobody with a score), not
    in this layout. ``n_*`` are published from 2024; before, they are worked out from the
    percentages (``counts_from``), exact to 2 decimals in groups below 10,000 students from 2017,
    about half a percent in 2015 and 2016, when percentages were whole numbers. Rows that stand in
    two of the files count once; where they disagree, ``Refusal`` names both.
    """
    keep = wanted(tests=tests, grades=grades, groups=groups, districts=districts)
    data, entities = split(sources.find(paths))
    if not data:
        raise Refusal(
            f"{_names(entities)}: only names of schools and districts are there; the "
            "research file with the scores was expected. Add it too."
        )
    names = entity_names(entities)
    frames = [
        (
            source.name,
            pd.concat([tidy(t, names) for t in tables(source, layout, keep)] or [empty()]),
        )
        for source, layout in data
    ]
    frame = complete_names(together(frames))
    if frame.empty and keep.get("district"):
        raise Refusal(no_district(keep["district"], [source.name for source, _ in data]))
    return frame


def wanted(*, tests=None, grades=None, groups=None, districts=None):
    """The filters as codes (dict for ``parse.rows``); ``Refusal`` for a name the state does not
    have.
    """
    keep = {}
    if tests is not None:
        keep["test_id"] = [codes.test_code(test) for test in _several(tests)]
    if groups is not None:
        keep["group_id"] = [codes.group_code(group) for group in _several(groups)]
    if grades is not None:
        keep["grade"] = [int(grade) for grade in _several(grades)]
        if strange := sorted(set(keep["grade"]) - set(codes.GRADES)):
            raise Refusal(
                f"Grade {strange[0]} has no test. The grades are "
                f"{', '.join(map(str, codes.GRADES))} (13 is all grades)."
            )
    if districts is not None:
        keep["district"] = [district_code(district) for district in _several(districts)]
    return keep


def district_code(text):
    """A district's code as ``"CC-DDDDD"`` from that, or from 7 digits (text); ``Refusal``
    otherwise.

    >>> district_code("1062166")
    '10-62166'
    """
    digits = str(text).strip().replace("-", "")
    if len(digits) != 7 or not digits.isdigit():
        raise Refusal(
            f"{text!r} is not a district's code: two digits for the county, five for the "
            "district were expected, such as '10-62166'."
        )
    return f"{digits[:2]}-{digits[2:]}"


def split(found):
    """The sources as ([(data source, layout)], [(entities source, layout)]); ``Refusal`` for any
    that is neither.
    """
    pairs = [(source, layouts.of(source.header(), source.name)) for source in found]
    return [p for p in pairs if p[1].letter != "E"], [p for p in pairs if p[1].letter == "E"]


def tables(source, layout, keep):
    """The wanted rows of one data file, block by block (pyarrow.Table each); ``Refusal`` at the
    first line that is wrong.
    """
    year, some = None, False
    for first_line, block in sources.Source.blocks(source):
        if first_line == 1:
            block, first_line = block[block.find(b"\n") + 1 :], 2
        some = some or bool(block.strip())
        table = parse.rows(block, first_line, layout, source.name, keep) if block.strip() else None
        if table is None:
            continue
        years = set(table["year"].unique().to_pylist()) | ({year} if year else set())
        if len(years) > 1:
            raise Refusal(
                f"{source.name} holds rows of {' and '.join(map(str, sorted(years)))}; one "
                "year was expected. Add the files as they were downloaded."
            )
        year = years.pop()
        yield table
    if not some:
        raise Refusal(
            f"{source.name} has a header and no rows: the rows of one year were expected. "
            "Download it again."
        )


def tidy(table, names=None):
    """One block's table as rows of the tidy frame (pandas.DataFrame)."""
    frame = _with_names(table.to_pandas(types_mapper=_TYPES.get), names)
    zero_school, zero_district = (
        frame["school_code"] == "0000000",
        frame["district_code"] == "00000",
    )
    place = np.select(
        [~zero_school, ~zero_district, frame["county_code"] != "00"],
        ["school", "district", "county"],
        "state",
    )
    frame["level"] = pd.Series(place, index=frame.index, dtype="str")
    by_level = (
        frame["level"]
        .map({"state": codes.STATE, "county": codes.COUNTY, "district": codes.DISTRICT})
        .astype("Int8")
    )
    frame["type_id"] = frame["type_id"].fillna(by_level)
    frame["group"] = frame["group_id"].map(codes.GROUPS).astype("str")
    frame["grade"], frame["test_id"] = (
        frame["grade"].astype("int8"),
        frame["test_id"].astype("int8"),
    )
    frame["for_trend"] = ~frame["year"].isin(NOT_FOR_TRENDS)
    return _with_counts(frame)[COLUMNS]


def to_arrow(frame):
    """The tidy frame for the store: texts are kept once and pointed to (pyarrow.Table)."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    once = pa.dictionary(pa.int32(), pa.string())
    for place, field in enumerate(table.schema):
        if pa.types.is_large_string(field.type) or pa.types.is_string(field.type):
            table = table.set_column(
                place, field.name, table[field.name].cast(pa.string()).dictionary_encode()
            )
        elif pa.types.is_dictionary(field.type):
            table = table.set_column(place, field.name, table[field.name].cast(once))
    return table


def from_arrow(table):
    """The tidy frame again, from the store's table (pandas.DataFrame)."""
    texts = {f.name for f in table.schema if pa.types.is_dictionary(f.type)} - set(_REASONS)
    for name in texts:
        table = table.set_column(
            table.schema.get_field_index(name), name, table[name].cast(pa.string())
        )
    return (
        table.replace_schema_metadata(None)
        .to_pandas(types_mapper=_TYPES.get)
        .astype({"grade": "int8", "test_id": "int8"})
    )


def _with_counts(frame):
    if "n_met" in frame:
        source = "published"
    else:
        source = "whole percentages" if frame["year"].iloc[0] <= 2016 else "percentages"
        frame = frame.assign(**_recovered(frame))
    frame["counts_from"] = pd.Categorical([source] * len(frame), categories=COUNTS_FROM)
    return frame


def _recovered(frame):
    """The four counts from percentages: met and above first, which is published on its own, then
    within each half.
    """
    n = frame["with_scores"].to_numpy("float64", na_value=np.nan)
    pct = {name: frame[name].to_numpy("float64", na_value=np.nan) for name in parse.SCORES}
    meeting = np.clip(np.rint(pct["pct_met_and_above"] * n / 100), 0, n)
    exceeded = _part(meeting, pct["pct_exceeded"], pct["pct_met"])
    nearly = _part(n - meeting, pct["pct_nearly_met"], pct["pct_not_met"])
    found = {
        "n_exceeded": exceeded,
        "n_met": meeting - exceeded,
        "n_nearly_met": nearly,
        "n_not_met": n - meeting - nearly,
    }
    return {name: pd.array(value, dtype="Float64").astype("Int32") for name, value in found.items()}


def _part(whole, share, other):
    with np.errstate(invalid="ignore"):
        return np.where(
            share + other > 0,
            np.rint(whole * share / np.where(share + other > 0, share + other, 1)),
            np.where(np.isnan(whole), np.nan, 0),
        )


def entity_names(entities):
    """County, district and school names and types by year and code, from entities files
    (pandas.DataFrame, may be empty).
    """
    columns = list(layouts.ENTITY_COLUMNS)
    frames = []
    for source, layout in entities:
        with source.open() as stream:
            text = sources.as_text(stream.read())
        lines = [
            line
            for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[1:]
            if line.strip()
        ]
        rows = [
            [cell.strip().strip('"').strip() for cell in _cells(line, layout.delimiter)]
            for line in lines
        ]
        frames.append(
            pd.DataFrame(
                [
                    [row[layout.columns[c]] for c in columns]
                    for row in rows
                    if len(row) >= len(layout.header) - 1
                ],
                columns=columns,
            )
        )
    if not frames:
        return pd.DataFrame(columns=columns)
    names = pd.concat(frames).drop_duplicates(columns[:4], keep="last")
    names["year"] = pd.to_numeric(names["year"]).astype("int16")
    names["type_id"] = pd.to_numeric(names["type_id"], errors="coerce").astype("Int8")
    for code, width in (("county_code", 2), ("district_code", 5), ("school_code", 7)):
        names[code] = names[code].str.zfill(width)
    return names


def _cells(line, delimiter):
    import csv

    return next(csv.reader([line])) if delimiter == "," else line.split(delimiter)


def _with_names(frame, names):
    if names is None or names.empty:
        return frame.assign(
            **{
                c: pd.Series("", index=frame.index, dtype="str")
                for c in ("county_name", "district_name", "school_name")
                if c not in frame
            }
        )
    keys = ["year", "county_code", "district_code", "school_code"]
    joined = frame[keys].merge(names, on=keys, how="left").set_index(frame.index)
    for column in ("county_name", "district_name", "school_name"):
        own = frame[column] if column in frame else pd.Series("", index=frame.index, dtype="str")
        frame[column] = own.where(own != "", joined[column].fillna("")).astype("str")
    frame["type_id"] = frame["type_id"].fillna(joined["type_id"])
    return frame


def complete_names(frame):
    """The frame with every row of a district under the district's own name, for a charter's row
    carries the charter's.
    """
    district = frame[(frame["level"] == "district") & (frame["district_name"] != "")]
    known = district.drop_duplicates(["year", "county_code", "district_code"]).set_index(
        ["year", "county_code", "district_code"]
    )["district_name"]
    if len(known):
        index = pd.MultiIndex.from_frame(frame[["year", "county_code", "district_code"]])
        own = pd.Series(known.reindex(index).to_numpy(), index=frame.index, dtype="str")
        frame["district_name"] = own.where(
            own.notna() & (frame["level"] == "school"), frame["district_name"]
        ).astype("str")
    return frame


def together(frames):
    """Frames [(name, frame)] as one, rows that stand in several counted once; ``Refusal`` where
    they disagree.
    """
    whole = pd.concat(
        [frame.assign(_from=place) for place, (_, frame) in enumerate(frames)], ignore_index=True
    )
    again = whole.duplicated(KEY, keep=False)
    if again.any():
        _refuse_disagreement(whole[again], [name for name, _ in frames])
        whole = whole[~whole.duplicated(KEY)]
    return whole.drop(columns="_from").sort_values(KEY, ignore_index=True)


def _refuse_disagreement(rows, names):
    values = ["tested", "with_scores", "mean_scale_score", *parse.SCORES]
    differs = (
        rows.groupby(KEY, sort=False)[values]
        .transform(lambda v: v.nunique(dropna=False) > 1)
        .any(axis=1)
    )
    within = rows.duplicated([*KEY, "_from"])
    if not (differs | within).any():
        return
    row = rows[differs | within].iloc[0]
    same = rows[(rows[KEY] == row[KEY]).all(axis=1)]
    where = " and ".join(dict.fromkeys(names[i] for i in same["_from"]))
    what = (
        f"year {row.year}, code {row.county_code}-{row.district_code}-{row.school_code}, grade "
        f"{row.grade}, {row.group}, {codes.TESTS[row.test_id]}"
    )
    verb = "disagree about" if same["_from"].nunique() > 1 else "holds twice"
    raise Refusal(
        f"{where} {verb} {what}: one answer was expected. Keep only the newest version of "
        "that year's file."
    )


def empty():
    """A tidy frame without rows."""
    return pd.DataFrame({c: pd.Series(dtype="object") for c in COLUMNS})


def no_district(asked, where, known=()):
    """The sentence for a district that the files do not hold."""
    close = nearest(asked[0], known)
    hint = (
        f" Did you mean {' or '.join(close)}?"
        if close
        else " Check the code, or add the file that holds it."
    )
    return f"District {', '.join(asked)} is not in {', '.join(where)}.{hint}"


def _several(values):
    return [values] if isinstance(values, (str, int)) else list(values)


def _names(pairs):
    return ", ".join(source.name for source, _ in pairs)
