"""One file of a store: a folder of it, written once and read district by district.

A part is one research file: a Parquet file a county, and an index of where each district stands. A
county's file is small, so that opening one costs little: with one file for the state, reading its
table of contents took longer than reading a district.
"""

import json
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from see_the_system.data import caaspp, codes, parse
from see_the_system.data.caaspp import COLUMNS, KEY, as_frame, tidy
from see_the_system.messages import Refusal

ROW_GROUP = 16_384  # rows, beyond which no other district's are added
_HELD_BACK = 250_000  # rows of a district at most, until all of it is there
# The district rows that say whom each district serves, once more in a small file of their own:
# every report of a batch asks for those of all districts.
DISTRICT_GROUPS = (codes.ALL_STUDENTS, 31, 160, *codes.ETHNICITIES)
DISTRICT_COLUMNS = [
    *(*KEY, "type_id", "level", "district_name", "tested", "with_scores"),
    *("n_not_met", "n_nearly_met", "n_met", "n_exceeded", "missing_tested", "missing_scores"),
]
# Rows of a district stand together; of these, what reports mostly ask for, so that in a large
# district the rest is not read.
_OFTEN = {*(1, 3, 4, 31, 99, 111, 128, 160, 180), *codes.ETHNICITIES}
_ORDER = ["district_code", "_seldom", "school_code", "test_id", "grade", "group_id"]
_DISTRICTS = "districts.parquet"
_MATHEMATICS = 2
_REASONS = {*(name for name in COLUMNS if name.startswith("missing_")), "counts_from"}


def write_part(source, layout, names, folder):
    """Writes the rows of a data file into ``folder``, new; returns what they are of (dict).

    Year, scope, row count, and in ``is_not`` what they cannot give. ``districts.parquet`` has some
    of its district rows again. The index (index.json): per district its row groups in its county's
    file, those with what is often asked for, its name, its county and a hash of its rows; and the
    student groups.
    """
    folder.mkdir(parents=True)
    index = _Index()
    writers = {}
    of_districts = []
    groups_written = {}
    try:
        for table in _whole_districts(caaspp.tables(source, layout, {})):
            for county, frame in tidy(table, names).groupby("county_code", sort=False):
                frame = frame.assign(_seldom=~_is_often_read(frame))
                frame = frame.sort_values(_ORDER, ignore_index=True).drop(columns="_seldom")
                rows = _to_arrow(frame)
                if county not in writers:
                    path = folder / f"{county}.parquet"
                    writers[county] = pq.ParquetWriter(path, rows.schema, compression="zstd")
                    groups_written[county] = 0
                bounds = _row_groups(frame)
                index.see(frame, bounds, groups_written[county])
                of_districts.append(_of_districts(frame))
                for start, end in pairwise(bounds):
                    writers[county].write_table(rows.slice(start, end - start))
                groups_written[county] += len(bounds) - 1
    finally:
        for writer in writers.values():
            writer.close()
    if not writers:
        raise Refusal(f"{source.name} holds no rows. Download it again and add the new copy.")
    index.refuse_doubles(source.name)
    of_districts = pd.concat(of_districts).sort_values(KEY, ignore_index=True)
    if len(of_districts):
        pq.write_table(_to_arrow(of_districts), folder / _DISTRICTS, write_page_checksum=True)
    (folder / "index.json").write_text(json.dumps(index.content()), encoding="utf-8")
    known = (names["year"] == index.year).any() if len(names) else False
    is_not = index.is_not(named=known or layout.has("district_name"))
    return {"year": index.year, "scope": index.scope(), "rows": index.rows, "is_not": is_not}


def _whole_districts(tables):
    """The rows of tables, with those of a district in one table where they follow each other."""
    held = None
    for table in tables:
        if held is not None:
            table = pa.concat_tables([held, table])
        last = [pc.equal(table[name], table[name][-1]) for name in ("county_code", "district_code")]
        last = pc.and_(*last)
        whole = table.filter(pc.invert(last))
        held = table.filter(last)
        if len(held) > _HELD_BACK:
            whole, held = table, None
        if len(whole):
            yield whole
    if held is not None:
        yield held


def _is_often_read(frame):
    return (frame["test_id"] == _MATHEMATICS) & frame["group_id"].isin(_OFTEN)


def _row_groups(frame):
    """Where the row groups of a county's rows begin and end (list).

    What is often read of a district stands in one, and so does the rest; small ones share theirs.
    """
    often = _is_often_read(frame).to_numpy()
    district = frame["district_code"].to_numpy()
    new = (often[1:] != often[:-1]) | (district[1:] != district[:-1])
    bounds = [0]
    for start, end in pairwise([0, *(np.flatnonzero(new) + 1).tolist(), len(frame)]):
        if start > bounds[-1] and end - bounds[-1] > ROW_GROUP:
            bounds.append(start)
    return [*bounds, len(frame)]


def _of_districts(frame):
    rows = (frame["level"] == "district") & (frame["test_id"] == _MATHEMATICS)
    return frame.loc[rows & frame["group_id"].isin(DISTRICT_GROUPS), DISTRICT_COLUMNS]


@lru_cache(maxsize=64)
def read_index(folder):
    """What ``write_part`` noted of a part: its student groups, its districts by code (dict).

    Read once, for a part is never written again; not to be changed.
    """
    return json.loads((folder / "index.json").read_text(encoding="utf-8"))


def read_part(folder, index, keep, *, level=None, columns=None):
    """Rows of one part (pyarrow.Table), only the row groups that can hold them read.

    ``keep`` as in ``parse.rows``; its districts have to be in the part.
    """
    if columns:
        columns = list(dict.fromkeys([*KEY, "level", *columns]))
    districts = index["districts"]
    table = _small_table(folder, keep, level, columns)
    if table is None:
        read = _tables(folder, index, keep, columns)
        table = pa.concat_tables(read, promote_options="permissive")
    mask = parse.wanted(table, keep)
    if mask is not None:
        table = table.filter(mask)
    if level:
        table = table.filter(pc.equal(pc.cast(table["level"], pa.string()), level))
    if "district_name" in table.column_names:
        place = table.column_names.index("district_name")
        asked = {code: districts[code]["name"] for code in keep.get("district") or districts}
        table = table.set_column(place, "district_name", _names(table, asked))
    return table


def _names(table, names):
    """The name of each row's district: the one by its code in ``names``, else the row's own."""
    known = {code: name for code, name in names.items() if name}
    if len(names) == len(known) == 1:  # of one district, which is what a report reads
        return pa.repeat(next(iter(known.values())), len(table)).dictionary_encode()
    code = pc.binary_join_element_wise(
        *(pc.cast(table[name], pa.string()) for name in ("county_code", "district_code")), "-"
    )
    at = pc.index_in(code, value_set=pa.array(list(known), pa.string()))
    names = pa.array(list(known.values()), pa.string()).take(at)
    return pc.coalesce(names, pc.cast(table["district_name"], pa.string()))


def _small_table(folder, keep, level, columns):
    """The small file of district rows, where it holds what is asked for (pyarrow.Table, or None).

    A part that an older version wrote has none; what cannot be read is as if it were not there.
    """
    held = level == "district" and keep.get("test_id") == [_MATHEMATICS]
    held &= set(keep.get("group_id") or [0]) <= set(DISTRICT_GROUPS)
    if not held or not set(columns or COLUMNS) <= set(DISTRICT_COLUMNS):
        return None
    options = {"pre_buffer": False, "page_checksum_verification": True}
    try:
        with pq.ParquetFile(folder / _DISTRICTS, **options) as file:
            return file.read(columns=columns, use_threads=False)
    except (OSError, pa.ArrowException):
        return None


def _tables(folder, index, keep, columns):
    districts = index["districts"]
    often = keep.get("test_id") == [_MATHEMATICS] and set(keep.get("group_id") or [0]) <= _OFTEN
    groups = {}
    for code in keep.get("district") or districts:
        numbers = districts[code]["groups"]
        if often:
            # A part of an older version does not tell them apart. One at least, for its columns.
            numbers = districts[code].get("often", numbers) or numbers[:1]
        groups.setdefault(code[:2], set()).update(numbers)
    for county, numbers in sorted(groups.items()):
        # Reading ahead is for far files, and starts threads.
        with pq.ParquetFile(folder / f"{county}.parquet", pre_buffer=False) as file:
            # For a few row groups starting the threads takes longer than reading.
            use_threads = len(numbers) > 4 and pa.cpu_count() > 1
            yield file.read_row_groups(sorted(numbers), columns=columns, use_threads=use_threads)


def _to_arrow(frame):
    """The tidy frame for the store: texts are kept once and pointed to (pyarrow.Table)."""
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    for place, field in enumerate(table.schema):
        column = table[field.name]
        if pa.types.is_large_string(field.type) or pa.types.is_string(field.type):
            column = column.cast(pa.string()).dictionary_encode()
        elif pa.types.is_dictionary(field.type):
            column = column.cast(pa.dictionary(pa.int32(), pa.string()))
        table = table.set_column(place, field.name, column)
    return table


def frame_of(tables):
    """Rows of parts as one tidy frame: reasons stay categories, all other texts become texts."""
    table = pa.concat_tables(tables, promote_options="permissive").replace_schema_metadata(None)
    texts = [
        field.name
        for field in table.schema
        if pa.types.is_dictionary(field.type) and field.name not in _REASONS
    ]
    if pd.options.mode.string_storage == "python":
        return as_frame(table).astype(dict.fromkeys(texts, "str"))
    for name in texts:
        place = table.column_names.index(name)
        table = table.set_column(place, name, table[name].cast(pa.string()))
    return as_frame(table)


class _Index:
    """What the rows of a part are, gathered while they are written."""

    def __init__(self):
        self.year = None
        self.rows = 0
        self.districts = {}
        self.groups = set()
        self.tests = set()
        self.levels = set()
        self.keys = []

    def see(self, frame, bounds, first_group):
        """Note the rows of one county, written in row groups from ``first_group`` on."""
        group_of = np.searchsorted(bounds, np.arange(len(frame)), "right") - 1 + first_group
        self.year = int(frame["year"].iloc[0])
        self.rows += len(frame)
        self.groups.update(frame["group_id"].unique().tolist())
        self.tests.update(frame["test_id"].unique().tolist())
        self.levels.update(frame["level"].unique())
        self.keys.append(pd.util.hash_pandas_object(frame[KEY], index=False))
        often = _is_often_read(frame).to_numpy()
        own = frame.drop(columns=["county_name", "group"])
        hashes = pd.util.hash_pandas_object(own, index=False)
        district = frame["county_code"] + "-" + frame["district_code"]
        for code, places in frame.groupby(district, sort=False).indices.items():
            new = {"groups": [], "often": [], "hash": 0, "is_district": False}
            entry = self.districts.setdefault(code, new | {"name": "", "county": ""})
            for name, chosen in (("groups", places), ("often", places[often[places]])):
                entry[name] = sorted({*entry[name], *group_of[chosen].tolist()})
            # A sum, so that the order of the rows in the file is no change.
            entry["hash"] = (entry["hash"] + int(hashes.iloc[places].sum())) % 2**64
            self._name(entry, frame.iloc[places])

    def _name(self, entry, rows):
        own = rows[rows["level"] == "district"]
        if len(own):
            entry["is_district"] = True
            entry["name"] = entry["name"] or own["district_name"].iloc[0]
            entry["county"] = entry["county"] or own["county_name"].iloc[0]

    def refuse_doubles(self, name):
        if pd.concat(self.keys).duplicated().any():
            raise Refusal(
                f"{name} holds some rows twice (the same school, grade, group and test). "
                "Download it again and add the new copy."
            )

    def scope(self):
        """Which part of the state and which groups a file covers; a repost covers the same."""
        who = "all students only" if self.groups == {codes.ALL_STUDENTS} else "student groups"
        what = " and ".join(codes.TESTS[test] for test in sorted(self.tests))
        return f"{self._where()}, {who}, {what}"

    def is_not(self, *, named):
        """What these rows cannot give, for who adds them (sentences, "" for nothing).

        named: whether the names of their districts and schools are there.
        """
        found = []
        if _MATHEMATICS not in self.tests:
            others = " and ".join(codes.TESTS[test] for test in sorted(self.tests))
            found.append(
                f"It has no mathematics test ({others} alone), so that no report of the gap in "
                "mathematics can be made from it."
            )
        if self.groups == {codes.ALL_STUDENTS}:
            found.append(
                "It has no student groups, so that no gap can be shown from it: add the file of "
                f"all groups, sb_ca{self.year}_all_csv, too."
            )
        if not named:
            found.append(
                f"It has codes in place of names: add the entities file of {self.year} with it, "
                f"sb_ca{self.year}entities_csv, to see names."
            )
        return " ".join(found)

    def _where(self):
        districts = sorted(self.districts)
        counties = sorted({code[:2] for code in districts} - {"00"})
        if "state" in self.levels or len(counties) > 1:
            return "statewide"
        if "county" in self.levels or len(districts) > 1:
            return f"county {counties[0]}"
        return f"district {districts[0]}"

    def content(self):
        # The hash as text: some readers of JSON round numbers as large as it.
        districts = {
            code: entry | {"hash": str(entry["hash"])}
            for code, entry in sorted(self.districts.items())
        }
        return {"groups": sorted(self.groups), "districts": districts}
