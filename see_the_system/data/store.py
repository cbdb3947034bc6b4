"""The local store: research files read once, one district back in milliseconds.

A folder with a catalogue and one folder of Parquet files per file added. Parquet was chosen by
measurement (``make bench``): one district of a statewide file comes back in some 30 ms, where
DuckDB over the same Parquet took 500 ms. The catalogue is replaced in one step at the end of an
addition, so a run that is killed leaves the store as it was.
"""

import hashlib
import json
import os
import shutil
import uuid
from contextlib import contextmanager
from functools import reduce
from pathlib import Path

import filelock
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from see_the_system.data import caaspp, codes, sources
from see_the_system.data.parts import write_part
from see_the_system.messages import Refusal, nearest
from see_the_system.paths import SAMPLE, home
from see_the_system.whole_files import write_whole

VERSION = 2


class Store:
    """One folder of added files. ``Store(folder)`` makes nothing until something is added."""

    def __init__(self, folder=None):
        self.folder = Path(folder) if folder else home() / "store"

    @property
    def catalogue(self):
        """What was added, oldest first (list of dicts: folder, name, year, scope, version, sha256,
        rows, added).
        """
        path = self.folder / "catalogue.json"
        if not path.exists():
            return []
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            version, parts = content["version"], content["parts"]
        except (ValueError, KeyError, TypeError) as fault:
            raise Refusal(
                f"{path} is damaged: a catalogue of added files was expected. Remove the "
                f"folder {self.folder} and add the files again."
            ) from fault
        if version < VERSION:
            raise Refusal(
                f"The store in {self.folder} was written by an older version of See the "
                "System. Remove that folder and add the files again."
            )
        if version > VERSION:
            raise Refusal(
                f"{path} was written by a newer version of See the System. Update with 'pip "
                "install -U see-the-system'."
            )
        return parts

    def add(self, paths, *, replace=False, told=lambda _: None):
        """Adds files of any layout; returns a list of sentences, one a file, saying what changed.

        Each file enters whole or not at all. The same file twice changes nothing; a reposted
        version of the same year and scope takes the old one's place; a file that overlaps another
        of its year must agree with it, unless ``replace`` is given, and then its rows take their
        place. ``told`` is called with each sentence as it is made.
        """
        data, entities = caaspp.split(sources.find(paths))
        if not data:
            raise Refusal(
                "Only files with names of schools were given; the research files with the "
                "scores were expected. Add them together."
            )
        names = caaspp.entity_names(entities)
        said = []
        with self._alone():
            for source, layout in data:
                said.append(self._add_one(source, layout, names, replace))
                told(said[-1])
        return said

    def _add_one(self, source, layout, names, replace):
        digest = _digest(source, layout, names)
        parts = self.catalogue
        if known := next((p for p in parts if p["sha256"] == digest), None):
            return (
                f"{source.name}: already in the store (year {known['year']}, {known['scope']}, "
                f"{known['rows']:,} rows); nothing changed."
            )
        target = self.folder / "parts" / f"new-{uuid.uuid4().hex[:8]}"
        try:
            part = write_part(source, layout, names, target)
            part |= {
                "name": source.path.name,
                "version": source.version,
                "sha256": digest,
                "added": pd.Timestamp.now().isoformat(timespec="seconds"),
            }
            return self._enter(part, parts, target, replace)
        finally:
            shutil.rmtree(target, ignore_errors=True)

    def _enter(self, part, parts, target, replace):
        same = [p for p in parts if (p["year"], p["scope"]) == (part["year"], part["scope"])]
        older = [
            p for p in same if p["version"] and part["version"] and p["version"] > part["version"]
        ]
        if older and not replace:
            raise Refusal(
                f"{part['name']} is version {part['version']}; the store already has version "
                f"{older[0]['version']} of {part['year']}, {part['scope']}. "
                "Keep that, or go back on purpose with 'see-the-system data add --replace'."
            )
        leaving = same
        for other in (p for p in parts if p not in same and p["year"] == part["year"]):
            if fault := self._disagreement(part, target, other):
                if not replace:
                    raise Refusal(fault)
                leaving = [*leaving, other]
        part["folder"] = f"{part['year']}-{part['sha256'][:12]}"
        final = self.folder / "parts" / part["folder"]
        shutil.rmtree(final, ignore_errors=True)
        os.replace(target, final)
        self._write_catalogue([p for p in parts if p not in leaving] + [part])
        self._sweep()
        return _said(part, leaving)

    def _disagreement(self, part, target, other):
        here, there = _index(target), self._index(other)
        shared = sorted(set(here["districts"]) & set(there["districts"]))
        if not shared:
            return None
        groups = sorted(set(here["groups"]) & set(there["groups"]))
        mine = _rows(target, here, shared, groups=groups)
        theirs = _rows(self.folder / "parts" / other["folder"], there, shared, groups=groups)
        try:
            caaspp.together([(part["name"], mine), (other["name"], theirs)])
        except Refusal as fault:
            return (
                f"{fault} To put {part['name']} in the place of {other['name']}, add it with "
                "--replace."
            )
        return None

    def _write_catalogue(self, parts):
        catalogue = json.dumps({"version": VERSION, "parts": parts}, indent=1)
        write_whole(self.folder / "catalogue.json", catalogue)

    def _sweep(self):
        """Removes files that no catalogue names: replaced ones, and what a killed run left."""
        known = {p["folder"] for p in self.catalogue}
        for folder in (self.folder / "parts").iterdir():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _alone(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(self.folder / "lock", timeout=30):
                yield
        except filelock.Timeout as fault:
            raise Refusal(
                f"Another 'data add' is at work in {self.folder}. Wait until it has ended, "
                "then add again."
            ) from fault

    def _index(self, part):
        return _index(self.folder / "parts" / part["folder"])

    def districts(self):
        """Every district in the store (frame: district "CC-DDDDD", name, county_name), in code
        order, newest names.
        """
        known = {}
        for part in sorted(self.catalogue, key=lambda p: p["year"]):
            for code, entry in self._index(part)["districts"].items():
                if entry["is_district"]:
                    old = known.get(code, ("", ""))
                    known[code] = (entry["name"] or old[0], entry["county"] or old[1])
        rows = [
            (code, name or f"District {code}", county)
            for code, (name, county) in sorted(known.items())
        ]
        return pd.DataFrame(rows, columns=["district", "name", "county_name"], dtype="str")

    def fingerprint(self, district):
        """A text that changes when any row of the district changes in any year (str)."""
        found = sorted(
            f"{p['year']}:{entry['hash']}"
            for p in self.catalogue
            if (entry := self._index(p)["districts"].get(district))
        )
        return (
            "d" + hashlib.sha256("\n".join(found).encode()).hexdigest()[:16]
        )  # never a number to a spreadsheet

    def years(self):
        """The school years in the store (list of int)."""
        return sorted({p["year"] for p in self.catalogue})

    def district(
        self,
        district,
        *,
        tests=("Mathematics",),
        grades=None,
        groups=None,
        years=None,
        columns=None,
    ):
        """The tidy frame of one district: its own row and every school under its code
        (``caaspp.COLUMNS``).
        """
        return self.read(
            districts=[district],
            tests=tests,
            grades=grades,
            groups=groups,
            years=years,
            columns=columns,
        )

    def read(
        self,
        *,
        districts=None,
        tests=None,
        grades=None,
        groups=None,
        years=None,
        level=None,
        columns=None,
    ):
        """The tidy frame of the rows asked for (``caaspp.COLUMNS``, or ``columns`` of them with the
        key first).

        Filters as in ``caaspp.read``; ``level`` "district" brings the district rows alone.
        ``Refusal`` where the store is empty, or has no such district or year, with the nearest
        names.
        """
        keep = caaspp.wanted(tests=tests, grades=grades, groups=groups, districts=districts)
        parts = self._parts(years)
        frames, asked = [], keep.get("district")
        for part in parts:
            index = self._index(part)
            here = [d for d in (asked or index["districts"]) if d in index["districts"]]
            if here:
                frames.append(
                    (
                        part["name"],
                        _rows(
                            self.folder / "parts" / part["folder"],
                            index,
                            here if asked else None,
                            tests=keep.get("test_id"),
                            grades=keep.get("grade"),
                            groups=keep.get("group_id"),
                            level=level,
                            columns=columns,
                        ),
                    )
                )
        if not frames:
            if asked:
                raise Refusal(self._no_district(asked))
            return caaspp.empty()
        overlapping = len({p["year"] for p in parts}) < len(parts)
        whole = (
            caaspp.together(frames)
            if overlapping
            else pd.concat([f for _, f in frames], ignore_index=True)
        )
        return whole if overlapping else whole.sort_values(caaspp.KEY, ignore_index=True)

    def _parts(self, years):
        parts = self.catalogue
        if not parts:
            raise Refusal(
                f"The store in {self.folder} is empty. Add the state's files with "
                "'see-the-system data add FILE...'."
            )
        if years:
            have = {p["year"] for p in parts}
            if missing := sorted(set(years) - have):
                raise Refusal(
                    f"School year {missing[0]} is not in the store. It has "
                    f"{', '.join(map(str, sorted(have)))}. Choose one of these, or add the "
                    f"file for {missing[0]} with 'see-the-system data add FILE'."
                )
            parts = [p for p in parts if p["year"] in set(years)]
        return parts

    def _no_district(self, asked):
        known = self.districts()
        label = dict(zip(known["district"], known["district"] + " (" + known["name"] + ")"))
        close = [label[code] for code in nearest(asked[0], known["district"])]
        return (
            f"District {', '.join(asked)} is not in the store. Did you mean "
            f"{' or '.join(close) if close else 'one of see-the-system data list'}?"
        )


def open_store(paths=None):
    """The store to use (Store): of the files or folder named, else your own where it holds
    something, else the sample's.

    Files named here are read once into a store of their own, under your home folder for this
    package, and read again only when they change.
    """
    if not paths:
        own = Store()
        return own if own.catalogue else open_store([SAMPLE])
    paths = [Path(p) for p in ([paths] if isinstance(paths, (str, Path)) else paths)]
    if len(paths) == 1 and (paths[0] / "catalogue.json").exists():
        return Store(paths[0])
    files = sorted({source.path.resolve() for source in sources.find(paths)})
    mark = hashlib.sha256(
        "\n".join(
            f"{f} {f.stat().st_size} {f.stat().st_mtime_ns} {codes.GRADES}" for f in files
        ).encode()
    ).hexdigest()[:16]
    store = Store(home() / "read" / f"{VERSION}-{mark}")
    store.folder.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(store.folder.with_suffix(".lock")):
        if not store.catalogue:
            making = Store(store.folder.with_name(f"making-{uuid.uuid4().hex[:8]}"))
            try:
                making.add(paths)
                shutil.rmtree(store.folder, ignore_errors=True)
                os.replace(making.folder, store.folder)
            finally:
                shutil.rmtree(making.folder, ignore_errors=True)
    return store


def _digest(source, layout, names):
    """What a file says, its names of that year with it, however it is packed and whatever else is
    added beside it (text).
    """
    digest = hashlib.sha256(str(VERSION).encode())
    for first_line, block in source.blocks():
        digest.update(block)
        if first_line == 1:
            first_row = block.split(b"\n", 2)[1:2] or [b""]
            year = sources.as_text(first_row[0]).split(layout.delimiter)[layout.columns["year"] :][
                :1
            ]
    own = names[names["year"].astype(str) == "".join(year).strip(' "\r')]
    digest.update(pd.util.hash_pandas_object(own.astype(str), index=False).to_numpy().tobytes())
    return digest.hexdigest()


def _said(part, leaving):
    what = f"{part['name']}: {part['rows']:,} rows of {part['year']}, {part['scope']}, added"
    if not leaving:
        return f"{what}."
    old = " and ".join(
        p["name"] + (f" (version {p['version']})" if p["version"] else "") for p in leaving
    )
    return f"{what} in the place of {old}."


def _index(folder):
    return json.loads((Path(folder) / "index.json").read_text(encoding="utf-8"))


def _rows(
    folder, index, districts, *, tests=None, grades=None, groups=None, level=None, columns=None
):
    """Rows of one part as a tidy frame, only the row groups that can hold them read."""
    columns = list(dict.fromkeys([*caaspp.KEY, "level", *columns])) if columns else None
    table = pa.concat_tables(
        _tables(folder, index, districts, columns), promote_options="permissive"
    )
    masks = [
        pc.is_in(table[c], value_set=pa.array(v, table.schema.field(c).type))
        for c, v in (("test_id", tests), ("grade", grades), ("group_id", groups))
        if v
    ]
    if districts is not None:
        district = pc.binary_join_element_wise(
            *(pc.cast(table[c], pa.string()) for c in ("county_code", "district_code")), "-"
        )
        masks.append(pc.is_in(district, value_set=pa.array(districts)))
    if level:
        masks.append(pc.equal(pc.cast(table["level"], pa.string()), level))
    frame = caaspp.from_arrow(table.filter(reduce(pc.and_, masks)) if masks else table)
    if "district_name" in frame:
        names = (frame["county_code"] + "-" + frame["district_code"]).map(
            {code: entry["name"] for code, entry in index["districts"].items() if entry["name"]}
        )
        frame["district_name"] = names.where(names.notna(), frame["district_name"]).astype("str")
    return frame


def _tables(folder, index, districts, columns):
    wanted = {}
    for code in districts if districts is not None else index["districts"]:
        wanted.setdefault(code[:2], set()).update(index["districts"][code]["groups"])
    for county, groups in sorted(wanted.items()):
        with pq.ParquetFile(Path(folder) / f"{county}.parquet") as file:
            yield file.read_row_groups(sorted(groups), columns=columns, use_threads=len(groups) > 4)
