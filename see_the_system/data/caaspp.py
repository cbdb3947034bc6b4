"""The Smarter Balanced research files (CAASPP) in, one tidy frame out, whatever year and layout.

The frame is that of ``COLUMNS``; the layouts and their traps come from the state's record layouts
and from the files themselves.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from see_the_system.data import codes, downloads, layouts, parse
from see_the_system.data.layouts import complete_names, entity_names, with_names
from see_the_system.messages import Refusal

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
_NOT_FOR_TRENDS = (2021,)  # 23.7 % of students were tested statewide
_WHOLE_PERCENTAGES_UNTIL = 2016
_OF_A_SPREADSHEET = 2**20  # lines
_COUNTS_FROM = ("published", "percentages", "whole percentages")
_TYPE_OF_LEVEL = {"state": codes.STATE, "county": codes.COUNTY, "district": codes.DISTRICT}
_TYPES = {
    pa.int8(): pd.Int8Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.float64(): pd.Float64Dtype(),
}


def empty():
    """A tidy frame without rows."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})


def as_frame(table):
    """An Arrow table as a frame of the tidy frame's types (pandas.DataFrame)."""
    # Whether texts are Arrow's or Python's is an option of pandas, read when the type is made.
    types = _TYPES | {pa.string(): pd.StringDtype(na_value=np.nan)}
    # A pool of one thread is still a thread, which a process that forks must not have.
    frame = table.to_pandas(types_mapper=types.get, use_threads=pa.cpu_count() > 1)
    return frame.astype({"grade": "int8", "test_id": "int8"})


def tidy(table, names):
    """One block's table as rows of the tidy frame (pandas.DataFrame)."""
    frame = with_names(as_frame(table), names)
    place = np.select(
        [
            frame["school_code"] != "0000000",
            frame["district_code"] != "00000",
            frame["county_code"] != "00",
        ],
        ["school", "district", "county"],
        "state",
    )
    frame["level"] = pd.Series(place, index=frame.index, dtype="str")
    by_level = frame["level"].map(_TYPE_OF_LEVEL).astype("Int8")
    frame["type_id"] = frame["type_id"].fillna(by_level)
    frame["group"] = frame["group_id"].map(codes.GROUPS).astype("str")
    frame["for_trend"] = ~frame["year"].isin(_NOT_FOR_TRENDS)
    return _with_counts(frame)[COLUMNS]


def _with_counts(frame):
    source = "published"
    if "n_met" not in frame:
        whole = frame["year"].iloc[0] <= _WHOLE_PERCENTAGES_UNTIL
        source = "whole percentages" if whole else "percentages"
        frame = frame.assign(**_recovered(frame))
    frame["counts_from"] = pd.Categorical([source] * len(frame), categories=_COUNTS_FROM)
    return frame


def _recovered(frame):
    """The four counts from percentages (dict of arrays).

    Met and above first, which is published on its own, then within each half.
    """

    def floats(name):
        return frame[name].to_numpy("float64", na_value=np.nan)

    n = floats("with_scores")
    meeting = np.clip(np.rint(floats("pct_met_and_above") * n / 100), 0, n)
    exceeded = _part(meeting, floats("pct_exceeded"), floats("pct_met"))
    nearly = _part(n - meeting, floats("pct_nearly_met"), floats("pct_not_met"))
    found = {
        "n_exceeded": exceeded,
        "n_met": meeting - exceeded,
        "n_nearly_met": nearly,
        "n_not_met": n - meeting - nearly,
    }
    return {name: pd.array(value, dtype="Float64").astype("Int32") for name, value in found.items()}


def _part(whole, share, other):
    """The students of ``whole`` who are in the first of two shares; nobody where both are zero."""
    both = share + other
    with np.errstate(invalid="ignore"):
        part = np.rint(whole * share / np.where(both > 0, both, 1))
    return np.where(both > 0, part, np.where(np.isnan(whole), np.nan, 0))


def read(paths, *, tests=None, grades=None, groups=None, districts=None):
    """The tidy frame of the files named (pandas.DataFrame, columns ``caaspp.COLUMNS``).

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
    keep = filters(tests=tests, grades=grades, groups=groups, districts=districts)
    data, entities, _ = split(downloads.find(paths))
    names = entity_names(entities)
    frames = []
    for source, layout in data:
        blocks = [tidy(table, names) for table in tables(source, layout, keep)]
        frames.append((source.name, pd.concat(blocks or [empty()])))
    frame = complete_names(together(frames))
    if frame.empty and keep.get("district"):
        asked = ", ".join(keep["district"])
        raise Refusal(
            f"District {asked} is not in {_names(data)}. Check the code, or add the file that "
            "holds it."
        )
    return frame


def filters(*, tests=None, grades=None, groups=None, districts=None):
    """What is asked for, as codes (dict for ``parse.rows``).

    ``Refusal`` for a name the state does not have.
    """
    keep = {}
    if tests is not None:
        keep["test_id"] = [codes.test_code(test) for test in _several(tests)]
    if groups is not None:
        keep["group_id"] = [codes.group_code(group) for group in _several(groups)]
    if grades is not None:
        keep["grade"] = [int(grade) for grade in _several(grades)]
        strange = sorted(set(keep["grade"]) - set(codes.GRADES))
        if strange:
            known = ", ".join(str(grade) for grade in codes.GRADES)
            raise Refusal(
                f"Grade {strange[0]} has no test. The grades are {known} (13 is all grades)."
            )
    if districts is not None:
        keep["district"] = [district_code(district) for district in _several(districts)]
    return keep


def district_code(text):
    """A district's code as ``"CC-DDDDD"`` from that, or from 7 digits (text), or ``Refusal``.

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


def split(found, *, needed=True):
    """The sources in three lists: with scores and with names (pairs of source and layout), others.

    ``Refusal`` where none has scores and one is ``needed``, and for one that should have: that a
    person named, or whose name or header is that of a research file.
    """
    data, entities, others = [], [], []
    for source in found:
        try:
            layout = layouts.of(source.header(), source.name)
        except Refusal as fault:
            if source.named or source.looks_like_the_states or _has_such_a_header(source):
                raise
            others.append(source)
            first = fault
            continue
        (entities if layout.letter == "E" else data).append((source, layout))
    if data or not needed:
        return data, entities, others
    if entities:
        raise Refusal(
            f"{_names(entities)}: only names of schools and districts are there; the "
            "research file with the scores was expected. Add it too."
        )
    if len(others) == 1:
        raise first
    raise Refusal(
        f"None of the {len(others)} files is a research file of the state's tests, such as "
        "sb_ca2025_all_csv_v1.zip. Download one from the state's page and name it or its folder."
    )


def _has_such_a_header(source):
    """Whether a text that cannot be read begins as research files do (bool)."""
    try:
        header = source.header().casefold()
    except Refusal:
        return False
    return "county code" in header and "test id" in header


def tables(source, layout, keep):
    """The wanted rows of one data file, block by block (pyarrow.Table each).

    ``Refusal`` at the first line that is wrong.
    """
    years = set()
    no_rows = True
    lines_read = 0
    for number, block in source.blocks():
        lines_read = number - 1 + block.count(b"\n") + (not block.endswith(b"\n"))
        is_first = number == 1
        lines = block.partition(b"\n")[2] if is_first else block
        if not lines.strip():
            continue
        no_rows = False
        table = parse.rows(lines, number + is_first, layout, source.name, keep)
        if table is None:
            continue
        years.update(table["year"].unique().to_pylist())
        if len(years) > 1:
            found = " and ".join(str(year) for year in sorted(years))
            raise Refusal(
                f"{source.name} holds rows of {found}; one "
                "year was expected. Add the files as they were downloaded."
            )
        yield table
    if lines_read == _OF_A_SPREADSHEET:
        raise Refusal(
            f"{source.name} has {lines_read:,} lines, the most that a spreadsheet program holds: "
            "what came after them is lost. Add the file as it was downloaded, not as such a "
            "program saved it."
        )
    if no_rows:
        raise Refusal(
            f"{source.name} has a header and no rows: the rows of one year were expected. "
            "Download it again."
        )


def together(frames):
    """Frames [(name, frame)] as one, rows that stand in several counted once.

    ``Refusal`` where they disagree.
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
    by_key = rows.groupby(KEY, sort=False)[values]
    differs = by_key.transform("nunique", dropna=False).gt(1).any(axis=1)
    wrong = rows[differs | rows.duplicated([*KEY, "_from"])]
    if wrong.empty:
        return
    row = wrong.iloc[0]
    files = rows.loc[(rows[KEY] == row[KEY]).all(axis=1), "_from"].unique()
    where = " and ".join(dict.fromkeys(names[place] for place in files))
    verb = "disagree about" if len(files) > 1 else "holds twice"
    test = codes.TESTS[row.test_id]
    raise Refusal(
        f"{where} {verb} year {row.year}, code {row.county_code}-{row.district_code}-"
        f"{row.school_code}, grade {row.grade}, {row.group}, {test}: one answer was expected. Keep "
        "only the newest version of that year's file."
    )


def _several(values):
    return [values] if isinstance(values, (str, int)) else list(values)


def _names(pairs):
    return ", ".join(source.name for source, _ in pairs)
