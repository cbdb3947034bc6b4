"""The record of a theory and its pictures: how fast edits are kept, records opened, pictures drawn.

``python -m benchmarks.theory``. Edits run in turns against the plainest thing that is as safe, on
the same disk: ``sqlite3`` inserting the same bytes into a table of its own with the same settings.
SEE_THE_SYSTEM_POSTGRES names a PostgreSQL server to measure too.
"""

import json
import os
import random
import secrets
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from see_the_system.diagrams.drivers import plot_drivers
from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.diagrams.process_map import plot_process_map
from see_the_system.diagrams.then_and_now import plot_then_and_now
from see_the_system.theory.database import SETTINGS
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record, open_record
from tests.theory.examples import empty, largest, school

LENGTHS = (10, 100, 1_000, 2_000, 10_000)
TURNS = 20
IN_A_TURN = 20
BAR = 0.45  # of the rate of sqlite3 alone, for a record in SQLite
PLAIN = "sqlite3 alone, as safe"


def main():
    with tempfile.TemporaryDirectory(dir=".") as folder:
        _edits(Path(folder))
        _opening(Path(folder))
    _drawing()


def _edits(folder):
    """Edits in short turns, in pairs: one turn of sqlite3 alone, and one of each record after it.

    The ratio is that of the two turns of a pair, so that a disk that is slow for a minute is slow
    for both.
    """
    records = {"record in SQLite": new_record(folder / "edits.theory", team="bench")}
    server = os.environ.get("SEE_THE_SYSTEM_POSTGRES")
    if server:
        records["record in PostgreSQL"] = new_record(server, team=f"bench {secrets.token_hex(6)}")
    for record in records.values():
        record.add(Category(id="category-1", text="Time"), author="Ana")
    plain = _plain_table(folder / "plain.db")
    taken = {name: [] for name in (PLAIN, *records)}
    for _ in range(TURNS):
        taken[PLAIN].append(_seconds(lambda: _plain_edits(plain)))
        for name, record in records.items():
            taken[name].append(_seconds(lambda record=record: _record_edits(record)))
    print(f"Edits acknowledged in a second, and the ratio to sqlite3 alone (bar: {BAR})")
    for name, seconds in taken.items():
        in_a_second = IN_A_TURN / statistics.median(seconds)
        pairs = zip(taken[PLAIN], seconds, strict=True)
        ratios = [alone / with_it for alone, with_it in pairs]
        low, middle, high = statistics.quantiles(ratios, n=4)
        spread = f"half of the pairs {low:.2f} to {high:.2f}"
        print(f"  {name:26} {in_a_second:8.0f}   {middle:5.2f}   {spread}")
    plain.close()
    for record in records.values():
        record.close()


def _plain_table(path):
    plain = sqlite3.connect(path, isolation_level=None)
    for setting in SETTINGS:
        plain.execute(f"PRAGMA {setting}")
    plain.execute("CREATE TABLE edits (number INTEGER PRIMARY KEY, changes TEXT)")
    return plain


def _plain_edits(plain):
    now = {"kind": "cause", "text": _text(0)}
    content = json.dumps([{"id": "cause-12345678", "was": None, "now": now}])
    for _ in range(IN_A_TURN):
        plain.execute("BEGIN IMMEDIATE")
        plain.execute("INSERT INTO edits (changes) VALUES (?)", [content])
        plain.execute("COMMIT")


def _record_edits(record):
    for n in range(IN_A_TURN):
        record.add(Cause(parent="category-1", text=_text(n)), author="Ana")


def _opening(folder):
    print("Opening after a history (median of 9; the theory built from it)")
    for length in LENGTHS:
        path = folder / f"{length}.theory"
        _make_history(path, length)
        opened = []
        built = []
        for _ in range(9):
            start = time.perf_counter()
            record = open_record(path)
            opened.append(time.perf_counter() - start)
            built.append(_seconds(record.theory))
            record.close()
        opening = statistics.median(opened) * 1000
        building = statistics.median(built) * 1000
        size = path.stat().st_size / 1e6
        print(f"  {length:6,} edits {opening:7.1f} ms   theory {building:6.1f} ms   {size:5.2f} MB")


def _make_history(path, length):
    """A history in which one edit of five adds and the others revise, as in a team's year."""
    chance = random.Random(1)
    ids = []
    with new_record(path, team="bench") as record:
        lazy = record.database.engine.raw_connection()  # the disk may be lazy while it is made
        lazy.execute("PRAGMA synchronous = OFF")
        lazy.close()
        record.add(Category(id="category-1", text="Time"), author="Ana")
        for n in range(length - 1):
            if n % 5 == 0:
                ids.append(record.add(Cause(parent="category-1", text=_text(n)), author="Ana"))
            else:
                record.change(chance.choice(ids), text=_text(n), author="Ana")


def _drawing():
    print("Drawing, as SVG (median of 9)")
    big = largest()
    small = school()
    pictures = {
        "fishbone, 10 x 8 causes with 3 levels": lambda: plot_fishbone(big),
        "drivers, 1 x 5 x 15 x 30": lambda: plot_drivers(big),
        "then and now, 320 causes": lambda: plot_then_and_now(empty(), big),
        "fishbone of a team": lambda: plot_fishbone(small),
        "process map of a team": lambda: plot_process_map(small),
    }
    for name, draw in pictures.items():
        draw().svg()  # once, so that fonts are read
        taken = [_seconds(lambda draw=draw: draw().svg()) for _ in range(9)]
        middle = statistics.median(taken) * 1000
        print(f"  {name:38} {middle:6.1f} ms")


def _text(n):
    return (
        f"Results of benchmark {n} reach teachers five weeks after the test, when the unit is over"
    )


def _seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
