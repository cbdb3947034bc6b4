"""The list of the files in a store, and what tells one from another."""

import hashlib
import json
import re

import pandas as pd

from see_the_system.data import sources
from see_the_system.data.layouts import cells_of
from see_the_system.messages import Refusal
from see_the_system.paths import write_whole

VERSION = 2
_NAME = "catalogue.json"


def read_catalogue(folder, name=_NAME):
    """The files in a store, oldest first (list of dicts, ``Store.catalogue``); ``Refusal``."""
    path = folder / name
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["version"]
        parts = content["parts"]
    except (ValueError, KeyError, TypeError) as fault:
        raise Refusal(
            f"{path} is damaged: a catalogue of added files was expected. Remove the "
            f"folder {folder} and add the files again."
        ) from fault
    if version < VERSION:
        raise Refusal(
            f"The store in {folder} was written by an older version of See the "
            "System. Remove that folder and add the files again."
        )
    if version > VERSION:
        raise Refusal(
            f"{path} was written by a newer version of See the System. Update with 'pip "
            "install -U see-the-system'."
        )
    return parts


def write_catalogue(folder, parts, name=_NAME):
    """Put the list in the place of the old one, in one step."""
    catalogue = json.dumps({"version": VERSION, "parts": parts}, indent=1)
    write_whole(folder / name, catalogue)


def digest(source, layout, names):
    """What a file says, with its names of that year (text).

    The same however it is packed and whatever else is added beside it.
    """
    summary = hashlib.sha256(str(VERSION).encode())
    year = ""
    for first_line, block in source.blocks():
        summary.update(block)
        if first_line == 1:
            year = _first_year(block, layout)
    own = names[names["year"].astype(str) == year].astype(str)
    summary.update(pd.util.hash_pandas_object(own, index=False).to_numpy().tobytes())
    return summary.hexdigest()


def _first_year(block, layout):
    """The year in the first row that has one, "" where none has."""
    place = layout.columns["year"]
    for row in block.split(b"\n", 100)[1:100]:
        cells = cells_of(sources.as_text(row).rstrip("\r"), layout.delimiter)
        found = re.match(r"\d{4}", cells[place].strip()) if place < len(cells) else None
        if found:
            return found[0]
    return ""
