"""One research file written as one folder of the store: a Parquet file a county, and an index of
where each district stands.

A county's file is small, so that opening one costs little: with one file for the state, reading its
table of contents took longer than reading a district.
"""

import json

import pandas as pd
import pyarrow.parquet as pq

from see_the_system.data import caaspp
from see_the_system.messages import Refusal

ROW_GROUP = 16_384


def write_part(source, layout, names, folder):
    """Writes the rows of a data file into ``folder``, new; returns year, scope and row count
    (dict).

    The index (index.json): per district its row groups in its county's file, its name, its county
    and a hash of its rows; the student groups.
    """
    folder.mkdir(parents=True)
    index, writers = _Index(), {}
    try:
        for table in caaspp.tables(source, layout, {}):
            for county, frame in caaspp.tidy(table, names).groupby("county_code", sort=False):
                frame = frame.sort_values(caaspp.KEY, ignore_index=True)
                writer, place = writers.get(county, (None, 0))
                arrow = caaspp.to_arrow(frame)
                writer = writer or pq.ParquetWriter(
                    folder / f"{county}.parquet", arrow.schema, compression="zstd"
                )
                index.see(frame, place)
                starts = range(0, len(arrow), ROW_GROUP)
                for start in starts:
                    writer.write_table(arrow.slice(start, ROW_GROUP))
                writers[county] = (writer, place + len(starts))
    finally:
        for writer, _ in writers.values():
            writer.close()
    if not writers:
        raise Refusal(f"{source.name} holds no rows. Download it again and add the new copy.")
    index.refuse_doubles(source.name)
    (folder / "index.json").write_text(json.dumps(index.content()), encoding="utf-8")
    return {"year": index.year, "scope": index.scope(), "rows": index.rows}


class _Index:
    def __init__(self):
        self.districts, self.groups, self.tests, self.levels, self.rows, self.year = (
            {},
            set(),
            set(),
            set(),
            0,
            None,
        )
        self.keys = []

    def see(self, frame, first_group):
        self.year, self.rows = int(frame["year"].iloc[0]), self.rows + len(frame)
        self.groups |= set(map(int, frame["group_id"].unique()))
        self.tests |= set(map(int, frame["test_id"].unique()))
        self.levels |= set(frame["level"].unique())
        hashes = pd.util.hash_pandas_object(
            frame.drop(columns=["county_name", "group"]), index=False
        )
        keys = pd.util.hash_pandas_object(frame[caaspp.KEY], index=False)
        self.keys.append(keys)
        district = frame["county_code"] + "-" + frame["district_code"]
        group_of = pd.Series(range(len(frame)), index=frame.index) // ROW_GROUP + first_group
        for code, rows in frame.groupby(district, sort=False).indices.items():
            entry = self.districts.setdefault(
                code, {"groups": [], "hash": 0, "is_district": False, "name": "", "county": ""}
            )
            entry["groups"] = sorted(
                set(entry["groups"]) | set(map(int, group_of.iloc[rows].unique()))
            )
            entry["hash"] = (entry["hash"] + int(hashes.iloc[rows].sum())) % 2**64
            self._name(entry, frame.iloc[rows])

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
        """Which part of the state and which student groups the file covers, in words: what a repost
        must match.
        """
        codes = sorted(self.districts)
        counties = sorted({code[:2] for code in codes} - {"00"})
        where = (
            "statewide"
            if "state" in self.levels or len(counties) > 1
            else f"county {counties[0]}"
            if "county" in self.levels or len(codes) > 1
            else f"district {codes[0]}"
        )
        who = "all students only" if self.groups == {1} else "student groups"
        what = " and ".join(caaspp.codes.TESTS[test] for test in sorted(self.tests))
        return f"{where}, {who}, {what}"

    def content(self):
        return {
            "groups": sorted(self.groups),
            "districts": {
                code: entry | {"hash": str(entry["hash"])}
                for code, entry in sorted(self.districts.items())
            },
        }
