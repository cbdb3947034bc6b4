"""Indicators in the local store: each file of the state's read once, a district back at once.

Beside the catalogue of research files stands one of these, ``indicators.json``; each file is one
Parquet file, in the order of the state's codes.
"""

import hashlib
import os
import uuid

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from see_the_system.data import catalogue
from see_the_system.data.indicator_files import COLUMNS, KEY, read_indicators
from see_the_system.data.indicator_layouts import FORMATS
from see_the_system.data.indicators import INDICATORS
from see_the_system.messages import Refusal, counted, listed, nearest

NAME = "indicators.json"
_FOLDER = "indicators"
_ROW_GROUP = 16_384  # rows
_VALUES = ["n", "count", "value", "prior_n", "prior_value", "change", "color"]
_COUNTY = COLUMNS.index("county_code")


def parts_of(folder):
    """The files of indicators in a store, oldest first (list of dicts)."""
    return catalogue.read_catalogue(folder, NAME)


def listed_parts(folder):
    """A line for each file of indicators in a store, by year (list of text)."""
    parts = sorted(parts_of(folder), key=lambda part: (part["year"], part["kind"]))
    return [
        f"{part['year']}  {part['scope']}  {FORMATS[part['kind']].title}  "
        f"{counted(part['rows'], 'row')}  from {part['name']}, added {part['added'][:10]}"
        for part in parts
    ]


def add_indicators(folder, source, layout, *, replace=False):
    """Reads a file of indicators into a store's folder; a sentence that says what changed.

    The file enters whole or not at all; ``Refusal`` as in ``Store.add``. With ``replace`` its rows
    take the place of the same rows of a file with which it disagrees, whose others stay.
    """
    digest = _digest(source)
    parts = parts_of(folder)
    same = [known for known in parts if known["sha256"] == digest]
    for known in same:
        if (known["kind"], known["name"]) == (layout.letter, source.path.name):
            return _unchanged(source, known)
    frame, notes = read_indicators(source, layout)
    frame = frame.sort_values(KEY, ignore_index=True)
    part = {
        "kind": layout.letter,
        "year": int(frame["year"].iloc[0]),
        "scope": _scope(frame),
        "rows": len(frame),
        "name": source.path.name,
        "version": source.version,
        "sha256": digest,
        "added": pd.Timestamp.now().isoformat(timespec="seconds"),
    }
    for known in same:
        if (known["kind"], known["year"]) == (part["kind"], part["year"]):
            return _unchanged(source, known)
    older = [other for other in parts if _is_older(part, other)]
    if older and not replace:
        return (
            f"{source.name} is version {part['version'] or 1}; the store already has version "
            f"{older[0]['version']} ({older[0]['name']}), which stays. To go back on purpose add "
            "it with --replace."
        )
    part["folder"] = _file_name(part)
    # The same bytes under a name that said something else of them were a mistake.
    left = dict.fromkeys((known["folder"] for known in same), frame.iloc[:0])
    left |= _rows_left(folder, part, frame, parts, replace)
    instead = _enter(folder, part, frame, left)
    end = f" in the place of {listed(instead)}." if instead else "."
    return " ".join([f"{source.name}: {_of(part)}, added{end}", *notes])


def _enter(folder, part, frame, left):
    """Puts a part into the catalogue; in the place of what it stands (list of text).

    left: the rows that stay of each part that gives way, by its file.
    """
    parts = parts_of(folder)
    staying = [other for other in parts if other["folder"] not in left]
    written = {part["folder"]: frame}
    instead = []
    for other in parts:
        rows = left.get(other["folder"])
        if rows is None:
            continue
        if rows.empty:
            instead.append(other["name"])
            continue
        rest = _rest_of(other, rows, part)
        staying.append(rest)
        written[rest["folder"]] = rows
        gone = counted(other["rows"] - len(rows), "row")
        instead.append(f"{gone} of {other['name']}, the rest of which stays")
    _write(folder, written)
    catalogue.write_catalogue(folder, [*staying, part], NAME)
    _sweep(folder)
    return instead


def _file_name(part):
    return f"{part['kind']}-{part['year']}-{part['sha256'][:12]}.parquet"


def _rest_of(other, rows, part):
    """What the catalogue says of an older part without the rows that a new one replaced (dict)."""
    # Under another digest, so that its whole file can be added again.
    digest = hashlib.sha256(f"{other['sha256']} {part['sha256']}".encode()).hexdigest()
    rest = other | {"rows": len(rows), "scope": _scope(rows), "sha256": digest}
    return rest | {"folder": _file_name(rest)}


def _write(folder, frames):
    """Writes frames under the names of their files, each whole or not at all."""
    place = folder / _FOLDER
    place.mkdir(exist_ok=True)
    making = place / f"new-{uuid.uuid4().hex[:8]}"
    try:
        for name, frame in frames.items():
            table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
            pq.write_table(table, making, compression="zstd", row_group_size=_ROW_GROUP)
            os.replace(making, place / name)
    finally:
        making.unlink(missing_ok=True)


def _sweep(folder):
    """Removes files that the catalogue does not name."""
    named = {part["folder"] for part in parts_of(folder)}
    for file in (folder / _FOLDER).iterdir():
        if file.name not in named:
            file.unlink(missing_ok=True)


def read_parts(folder, *, districts=None, indicators=None, years=None):
    """The rows of a store that are asked for (DataFrame of ``indicator_files.COLUMNS``).

    districts: texts "CC-DDDDD", each of which brings its row and every school under its code, and
    "CC-00000" a county's row, "00-00000" the state's. No rows where the store has none. ``Refusal``
    for an indicator that there is not.
    """
    for name in indicators or ():
        if name not in INDICATORS:
            close = listed(nearest(name, INDICATORS) or list(INDICATORS), "or")
            raise Refusal(f"There is no indicator {name!r}. Choose {close}.")
    frames = []
    for part in parts_of(folder):
        if years and part["year"] not in set(years):
            continue
        if indicators and not set(indicators) & set(FORMATS[part["kind"]].measures):
            continue
        frames.append(_read(folder, part, districts))
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})
    whole = pd.concat(frames, ignore_index=True)
    if indicators:
        whole = whole[whole["indicator"].isin(list(indicators))]
    # Files that overlap agree, or the second would have been refused.
    return whole.drop_duplicates(KEY).sort_values(KEY, ignore_index=True)


def _read(folder, part, districts=None):
    # Reading ahead and pools start threads, which a process that forks must not have.
    with pq.ParquetFile(folder / _FOLDER / part["folder"], pre_buffer=False) as file:
        counties = {code[:2] for code in districts or ()}
        groups = [
            number
            for number in range(file.num_row_groups)
            if not counties or _may_hold(file.metadata.row_group(number), counties)
        ]
        table = file.read_row_groups(groups, use_threads=False)
    if districts:
        halves = (pc.cast(table[name], pa.string()) for name in ("county_code", "district_code"))
        whose = pc.binary_join_element_wise(*halves, "-")
        table = table.filter(pc.is_in(whose, value_set=pa.array(sorted(set(districts)))))
    frame = table.to_pandas(use_threads=False)
    return frame.astype({name: "str" for name in frame.columns if frame[name].dtype == object})


def _may_hold(row_group, counties):
    """Whether a row group can hold rows of some counties, by what its first column says (bool)."""
    column = row_group.column(_COUNTY)
    if column.statistics is None or not column.statistics.has_min_max:
        return True
    return any(column.statistics.min <= code <= column.statistics.max for code in counties)


def _digest(source):
    summary = hashlib.sha256(b"1")  # the version of what is made of a file
    for _, block in source.blocks():
        summary.update(block)
    return summary.hexdigest()


def _scope(frame):
    """Which part of the state the rows are of (text)."""
    counties = sorted(set(frame["county_code"]) - {"00"})
    if "state" in set(frame["level"]) or len(counties) > 1:
        return "statewide"
    districts = sorted(set(frame["district_code"]) - {"00000"})
    levels = set(frame["level"])
    if len(districts) != 1 or "county" in levels:
        return f"county {counties[0]}" if counties else "statewide"
    district = f"{counties[0]}-{districts[0]}"
    if "district" in levels:
        return f"district {district}"
    # An excerpt, which is no later version of the file of the whole district.
    schools = sorted(set(frame["school_code"]))
    return f"school {district}-{schools[0]}" if len(schools) == 1 else f"schools of {district}"


def _of(part):
    title = FORMATS[part["kind"]].title
    return f"{title}, {counted(part['rows'], 'row')} of {part['year']}, {part['scope']}"


def _rows_left(folder, part, frame, parts, replace):
    """What is left of the parts that give way to a new one: a DataFrame for the file of each.

    Nothing of one of which it has every row, or of which it is a later version. ``Refusal`` where
    the two disagree about rows and these are not to be replaced.
    """
    new = frame.set_index(KEY)[_VALUES]
    left = {}
    for other in parts:
        if (other["kind"], other["year"]) != (part["kind"], part["year"]):
            continue
        rows = _read(folder, other)
        old = rows.set_index(KEY)[_VALUES]
        is_shared = old.index.isin(new.index)
        if is_shared.all() or _is_older(other, part):
            left[other["folder"]] = rows.iloc[:0]
            continue
        shared = old.index[is_shared]
        if _agree(old.loc[shared], new.loc[shared]):
            continue
        if not replace:
            raise Refusal(
                f"{part['name']} and {other['name']} disagree about {part['year']}. To put the "
                f"rows of {part['name']} in the place of the same rows of {other['name']}, the "
                "rest of which stays, add it with --replace."
            )
        # Whoever corrects one school has not said anything of the others: to take these away
        # would be to lose what nobody has looked at.
        left[other["folder"]] = rows[~is_shared].reset_index(drop=True)
    return left


def _unchanged(source, known):
    return f"{source.name}: already in the store ({_of(known)}); nothing changed."


def _is_older(part, other):
    """Whether a part is an earlier release of another; the first has no number in its name."""
    same = all(part[name] == other[name] for name in ("kind", "year", "scope"))
    return same and (part["version"] or 1) < (other["version"] or 1)


def _agree(old, new):
    old, new = (each.astype("float64") for each in (old, new))
    return bool((((old - new).abs() < 0.05) | (old.isna() & new.isna())).all(axis=None))
