"""The local store: research files read once, one district back in milliseconds.

A folder with a catalogue and one folder of Parquet files per file added. Parquet was chosen by
measurement (``make bench``): one district of a statewide file comes back in some 30 ms, where
DuckDB over the same Parquet took 500 ms. The catalogue is replaced in one step at the end of an
addition, so a run that is killed leaves the store as it was.
"""

import dataclasses
import hashlib
import os
import shutil
import uuid
from contextlib import contextmanager
from pathlib import Path

import filelock
import pandas as pd

from see_the_system.data import (
    caaspp,
    catalogue,
    codes,
    downloads,
    indicator_layouts,
    indicator_store,
)
from see_the_system.data.caaspp import KEY
from see_the_system.data.layouts import entity_names
from see_the_system.data.parts import frame_of, read_index, read_part, write_part
from see_the_system.data.sources import watched
from see_the_system.messages import Refusal, counted, nearest
from see_the_system.paths import SAMPLE, home


class Store:
    """One folder of added files. ``Store(folder)`` makes nothing until something is added."""

    def __init__(self, folder=None):
        self.folder = Path(folder) if folder else home() / "store"

    @property
    def catalogue(self):
        """What was added, oldest first.

        A list of dicts: folder, name, year, scope, version, sha256, rows, added.
        """
        return catalogue.read_catalogue(self.folder)

    def add(self, paths, *, replace=False, report=None, progress=None):
        """Adds files of any layout; returns a list of sentences, one a file, saying what changed.

        Research files, with their entities files, and files of indicators.

        Each file enters whole or not at all. The same file twice changes nothing; a reposted
        version of the same year and scope takes the old one's place; a file that overlaps another
        of its year must agree with it, unless ``replace`` is given, and then its rows take their
        place. ``report`` is called with each sentence as it is made, ``progress`` with a file's
        name and the share of it that has been read, again and again.
        """
        of_indicators, at_fault, found = indicator_layouts.split(downloads.find(paths))
        data, entities, others = caaspp.split(found, needed=not (of_indicators or at_fault))
        if at_fault and not (of_indicators or data):
            raise Refusal(" ".join(at_fault))
        names = entity_names(entities)
        sentences = []

        def tell(sentence):
            sentences.append(sentence)
            if report:
                report(sentence)

        with self._alone():
            for source, layout in data:
                tell(self._add_one(watched(source, progress), layout, names, replace))
            for source, layout in of_indicators:
                source = watched(source, progress)
                tell(indicator_store.add_indicators(self.folder, source, layout, replace=replace))
        for fault in at_fault:
            tell(f"Left out: {fault}")
        if others:
            tell(downloads.left_out(others))
        return sentences

    def _add_one(self, source, layout, names, replace):
        digest = catalogue.digest(dataclasses.replace(source, watch=None), layout, names)
        for known in self.catalogue:
            if known["sha256"] == digest:
                return (
                    f"{source.name}: already in the store (year {known['year']}, "
                    f"{known['scope']}, {counted(known['rows'], 'row')}); nothing changed."
                )
        new = self.folder / "parts" / f"new-{uuid.uuid4().hex[:8]}"
        try:
            part = write_part(source, layout, names, new)
            is_not = part.pop("is_not")
            part["name"] = source.path.name
            part["version"] = source.version
            part["sha256"] = digest
            part["added"] = pd.Timestamp.now().isoformat(timespec="seconds")
            part["folder"] = f"{part['year']}-{digest[:12]}"
            return f"{self._enter(part, new, replace)} {is_not}".rstrip()
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _enter(self, part, new, replace):
        """Put a part that was written to the folder ``new`` into the catalogue; what changed."""
        parts = self.catalogue
        of_year = [other for other in parts if other["year"] == part["year"]]
        leaving = []
        # A repost takes its own earlier version's place before anything else is asked.
        for other in sorted(of_year, key=lambda other: other["scope"] != part["scope"]):
            is_repost = other["scope"] == part["scope"] and self._holds(new, other)
            fault = _older(part, other) if is_repost else self._clash(part, new, other)
            if fault and not replace:
                raise Refusal(fault)
            if fault or is_repost:
                leaving.append(other)
        final = self._place(part)
        shutil.rmtree(final, ignore_errors=True)
        os.replace(new, final)
        staying = [other for other in parts if other not in leaving]
        catalogue.write_catalogue(self.folder, [*staying, part])
        self._sweep()
        return _what_changed(part, leaving)

    def _holds(self, new, other):
        """Whether a part has every district and group of another: a part of a file is no repost."""
        here, there = read_index(new), self._index(other)
        return all(set(there[name]) <= set(here[name]) for name in ("districts", "groups"))

    def _clash(self, part, new, other):
        """Why a part cannot stand beside another of its year (a sentence, or None)."""
        here = read_index(new)
        there = self._index(other)
        shared = sorted(set(here["districts"]) & set(there["districts"]))
        if not shared:
            return None
        groups = sorted(set(here["groups"]) & set(there["groups"]))
        keep = {"district": shared, "group_id": groups}
        mine = frame_of([read_part(new, here, keep)])
        theirs = frame_of([read_part(self._place(other), there, keep)])
        try:
            caaspp.together([(part["name"], mine), (other["name"], theirs)])
        except Refusal as fault:
            return (
                f"{fault} To put {part['name']} in the place of {other['name']}, add it with "
                "--replace."
            )
        return None

    def _sweep(self):
        """Removes files that no catalogue names: replaced ones, and what a killed run left."""
        known = {part["folder"] for part in self.catalogue}
        for folder in (self.folder / "parts").iterdir():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def _alone(self):
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with filelock.FileLock(self.folder / "lock", timeout=30):
                yield
        except filelock.Timeout as fault:
            raise Refusal(
                f"Another 'data add' is at work in {self.folder}. Wait until it has ended, "
                "then add again."
            ) from fault
        except OSError as fault:
            raise Refusal(
                f"The store in {self.folder} cannot be written: {fault.strerror or fault}. Make "
                "room, or name another folder in SEE_THE_SYSTEM_HOME."
            ) from fault

    def _place(self, part):
        return self.folder / "parts" / part["folder"]

    def _index(self, part):
        return read_index(self._place(part))

    def districts(self):
        """Every district in the store, in code order, under its newest name.

        A frame: district "CC-DDDDD", name, county_name.
        """
        names = {}
        counties = {}
        for part in sorted(self.catalogue, key=lambda part: part["year"]):
            for code, entry in self._index(part)["districts"].items():
                if entry["is_district"]:
                    names[code] = entry["name"] or names.get(code, "")
                    counties[code] = entry["county"] or counties.get(code, "")
        rows = [(code, names[code] or f"District {code}", counties[code]) for code in sorted(names)]
        return pd.DataFrame(rows, columns=["district", "name", "county_name"], dtype="str")

    def fingerprint(self, district):
        """A text that changes when any row of the district changes in any year (str).

        Or any row of its whole county or of the whole state, which its page shows beside it, which
        years there are, or any file of indicators. What other districts are like is not in it.
        """
        found = [str(year) for year in self.years()]
        found += [part["sha256"] for part in indicator_store.parts_of(self.folder)]
        for part in self.catalogue:
            known = self._index(part)["districts"]
            codes_of = (district, f"{district[:2]}-00000", "00-00000")
            found += [
                f"{part['year']}:{code}:{known[code]['hash']}" for code in codes_of if code in known
            ]
        # The d keeps a spreadsheet from taking it for a number.
        return f"d{_short_hash(sorted(found))}"

    def years(self):
        """The school years in the store (list of int)."""
        return sorted({part["year"] for part in self.catalogue})

    def district(self, district, *, tests=("Mathematics",), **filters):
        """The tidy frame of one district: its own row and every school under its code.

        Filters, columns and ``Refusal`` as in ``read``.
        """
        return self.read(districts=[district], tests=tests, **filters)

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
        """The tidy frame of the rows asked for.

        Its columns are ``caaspp.COLUMNS``, or ``columns`` of them with the key first. Filters as
        in ``caaspp.read``; ``level`` "district" brings the district rows alone. ``Refusal`` where
        the store is empty, or has no such district or year, with the nearest names.
        """
        keep = caaspp.filters(tests=tests, grades=grades, groups=groups, districts=districts)
        parts = self._parts(years)
        asked = keep.get("district")
        tables = []
        for part in parts:
            index = self._index(part)
            if asked:
                keep["district"] = [code for code in asked if code in index["districts"]]
                if not keep["district"]:
                    continue
            place = self._place(part)
            table = read_part(place, index, keep, level=level, columns=columns)
            tables.append((part["name"], table))
        if not tables:
            raise Refusal(self._no_district(asked))
        if len({part["year"] for part in parts}) < len(parts):
            frames = [(name, frame_of([table])) for name, table in tables]
            return caaspp.together(frames)
        whole = frame_of([table for _, table in tables])
        return whole.sort_values(KEY, ignore_index=True)

    def indicators(self, district, *, indicators=None, years=None):
        """The public measures of a district, its schools, its county and the state.

        A frame of ``indicator_files.COLUMNS``, without rows where no file of indicators was added.
        indicators: names of ``indicators.INDICATORS`` (default: all).
        """
        codes_of = (district, f"{district[:2]}-00000", "00-00000")
        return indicator_store.read_parts(
            self.folder, districts=codes_of, indicators=indicators, years=years
        )

    def _parts(self, years):
        parts = self.catalogue
        if not parts:
            raise Refusal(
                f"The store in {self.folder} is empty. Add the state's files with "
                "'see-the-system data add FILE...'."
            )
        if not years:
            return parts
        have = {part["year"] for part in parts}
        missing = sorted(set(years) - have)
        if missing:
            known = ", ".join(str(year) for year in sorted(have))
            raise Refusal(
                f"School year {missing[0]} is not in the store. It has {known}. Choose one of "
                f"these, or add the file for {missing[0]} with 'see-the-system data add FILE'."
            )
        return [part for part in parts if part["year"] in set(years)]

    def _no_district(self, asked):
        known = self.districts()
        names = dict(zip(known["district"], known["name"], strict=True))
        close = [f"{code} ({names[code]})" for code in nearest(asked[0], known["district"])]
        missing = ", ".join(asked)
        hint = " or ".join(close) if close else "one of see-the-system data list"
        return f"District {missing} is not in the store. Did you mean {hint}?"


def open_store(paths=None):
    """The store to use (Store): of the files or folder named, else your own, else the sample's.

    Your own where it holds something. Files named here are read once into a store of their own,
    under your home folder for this package, and read again only when they change.
    """
    if not paths:
        own = Store()
        return own if own.catalogue else open_store([SAMPLE])
    paths = downloads.as_paths(paths)
    if len(paths) == 1 and Store(paths[0]).catalogue:
        return Store(paths[0])
    states = []
    for file in sorted({source.path.resolve() for source in downloads.find(paths)}):
        stat = file.stat()
        # The grades too: a file read before science had its own is read again.
        states.append(f"{file} {stat.st_size} {stat.st_mtime_ns} {codes.GRADES}")
    store = Store(home() / "read" / f"{catalogue.VERSION}-{_short_hash(states)}")
    store.folder.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(store.folder.with_suffix(".lock")):
        if not store.catalogue:
            _make(store, paths)
    return store


def _make(store, paths):
    """Fill a store with files; it is there whole or not at all."""
    making = Store(store.folder.with_name(f"making-{uuid.uuid4().hex[:8]}"))
    try:
        making.add(paths)
        shutil.rmtree(store.folder, ignore_errors=True)
        os.replace(making.folder, store.folder)
    finally:
        shutil.rmtree(making.folder, ignore_errors=True)


def _short_hash(lines):
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _older(part, other):
    """Why a part may not take another's place: it is older (a sentence, or None)."""
    if not part["version"] or not other["version"] or other["version"] <= part["version"]:
        return None
    return (
        f"{part['name']} is version {part['version']}; the store already has version "
        f"{other['version']} of {part['year']}, {part['scope']}. "
        "Keep that, or go back on purpose with 'see-the-system data add --replace'."
    )


def _what_changed(part, leaving):
    rows = f"{counted(part['rows'], 'row')} of {part['year']}"
    added = f"{part['name']}: {rows}, {part['scope']}, added"
    if not leaving:
        return f"{added}."
    old = []
    for other in leaving:
        version = f" (version {other['version']})" if other["version"] else ""
        old.append(f"{other['name']}{version}")
    replaced = " and ".join(old)
    return f"{added} in the place of {replaced}."
