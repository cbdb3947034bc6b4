"""One district out of a statewide file: our reader and our store against ``pandas.read_csv``.

``python -m benchmarks.reading [--file FILE] [--rounds 3] [--state FOLDER]``. Each way runs in a
process of its own, in turn, so that a machine that slows down slows all of them; time is of the
reading alone, memory is the whole process's peak. Last, what a report reads of the largest district
of a store of many years: that of FOLDER, or the practice network's.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WAYS = {
    "pandas.read_csv": """
import pandas as pd
start = time.perf_counter()
codes = dict.fromkeys(["County Code", "District Code", "School Code"], str)
how = {"encoding": "cp1252", "na_values": "*", "low_memory": False}
frame = pd.read_csv(file, sep="^", dtype=codes, **how)
frame = frame[frame["County Code"] == district[:2]]
frame = frame[frame["District Code"] == district[3:]]
frame = frame[frame["Test ID"] == 2]
""",
    "first read": """
from see_the_system.data import caaspp
start = time.perf_counter()
frame = caaspp.read(file, districts=[district], tests=["Mathematics"])
""",
    "from the store": """
from see_the_system.data.store import Store
store = Store(folder)
start = time.perf_counter()
frame = store.district(district)
""",
    "from the store, again": """
from see_the_system.data.store import Store
store = Store(folder)
store.district(district)
start = time.perf_counter()
frame = store.district(district)
""",
    "from the store, largest district": """
from see_the_system.data.store import Store
store = Store(folder)
start = time.perf_counter()
frame = store.district(largest)
""",
}
_FRAME = """
import json, resource, sys, time
file, folder, district, largest = sys.argv[1:]
{body}
seconds = time.perf_counter() - start
unit = 2**20 if sys.platform == "darwin" else 2**10
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
print(json.dumps([seconds, peak, len(frame)]))
"""


_PREPARED = """
import json, sys
from see_the_system.data.store import Store
store = Store(sys.argv[2])
store.add(sys.argv[1])
asked = {"tests": ["Mathematics"], "grades": [13], "groups": [1]}
rows = store.read(level="district", columns=["tested"], **asked)
rows = rows.sort_values("tested", ignore_index=True)
district = rows["county_code"] + "-" + rows["district_code"]
print(json.dumps([district[len(rows) // 2], district.iloc[-1]]))
"""


_OF_TEN_YEARS = """
import json, sys, time
from see_the_system.data.store import Store, open_store
from see_the_system.paths import SAMPLE
store = Store(sys.argv[1]) if sys.argv[1] else open_store([SAMPLE])
asked = {"tests": ["Mathematics"], "grades": [13], "groups": [1]}
rows = store.read(level="district", columns=["tested"], **asked)
district = rows["county_code"] + "-" + rows["district_code"]
largest = rows["tested"].groupby(district).sum().idxmax()
print(json.dumps([str(store.folder), largest, len(store.years())]))
"""
_ONE_OF_MANY_YEARS = """
import json, sys, time
from see_the_system.data.store import Store
from see_the_system.reports.district_report import DistrictReport
read = Store.district
found = []
def timed(*arguments, **asked):
    start = time.perf_counter()
    frame = read(*arguments, **asked)
    found.append((time.perf_counter() - start, len(frame)))
    return frame
Store.district = timed
for _ in range(5):
    DistrictReport(sys.argv[2], "Hispanic or Latino", "White", store=sys.argv[1])
seconds, rows = zip(*found)
print(json.dumps([seconds[0], sorted(seconds[1:])[len(seconds) // 2 - 1], rows[0]]))
"""
_MOST_MILLISECONDS = 100


def of_many_years(state, rounds):
    """Prints how long a report reads the largest district, with all its years, beside the bar.

    In a process that has the store open, as those have that make a batch's reports; and what the
    first read of a process takes.
    """
    folder, district, years = run(_OF_TEN_YEARS, state or "")
    found = [run(_ONE_OF_MANY_YEARS, folder, district) for _ in range(rounds)]
    first, milliseconds = (
        1000 * statistics.median(each[place] for each in found) for place in (0, 1)
    )
    word = "held" if milliseconds <= _MOST_MILLISECONDS else "NOT HELD"
    print(
        f"\nlargest district, {years} years, {found[0][2]:,} rows: {milliseconds:.0f} ms   "
        f"bar: at most {_MOST_MILLISECONDS}   {word}   (a process's first: {first:.0f} ms)"
    )


def run(code, *arguments):
    """What some code prints in a process of its own, for a child inherits its parent's peak."""
    command = [sys.executable, "-c", code, *(str(argument) for argument in arguments)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def main(file=None, rounds=3, state=None):
    """Measures every way in turn and prints medians, and ratios pair by pair."""
    with tempfile.TemporaryDirectory() as folder:
        if file is None:
            file = Path(folder) / "sb_ca2025_all_csv_v1.txt"
            subprocess.run([sys.executable, "-m", "benchmarks.statewide", str(file)], check=True)
        store = Path(folder) / "store"
        middle, largest = run(_PREPARED, file, store)
        found = {way: [] for way in WAYS}
        for _ in range(rounds):
            for way, body in WAYS.items():
                code = _FRAME.format(body=body)
                found[way].append(run(code, file, store, middle, largest))
    _print(found)
    of_many_years(state, rounds)


def _print(found):
    base = found["pandas.read_csv"]
    print(
        f"\n{'one district of a statewide file':34}{'seconds':>10}{'MB':>8}{'rows':>8}"
        f"{'times faster':>14}{'memory':>9}   (medians; ratios pair by pair)"
    )
    for way, rounds in found.items():
        pairs = list(zip(base, rounds, strict=True))
        faster = statistics.median(other[0] / own[0] for other, own in pairs)
        memory = statistics.median(own[1] / other[1] for other, own in pairs)
        seconds = statistics.median(own[0] for own in rounds)
        peak = statistics.median(own[1] for own in rounds)
        rows = rounds[0][2]
        print(f"{way:34}{seconds:>10.3f}{peak:>8.0f}{rows:>8}{faster:>14.1f}{memory:>9.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--state", help="a store of many years")
    main(**vars(parser.parse_args()))
