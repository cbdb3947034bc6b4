"""One district out of a statewide file: our reader and our store against ``pandas.read_csv`` of the
same file.

``python -m benchmarks.reading [--file FILE] [--rounds 3]``. Each way runs in a process of its own,
in turn, so that a machine that slows down slows all of them; time is of the reading alone, memory
is the whole process's peak.
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
codes = ["County Code", "District Code", "School Code"]
frame = pd.read_csv(file, sep="^", encoding="cp1252", na_values="*", dtype=dict.fromkeys(codes, str), low_memory=False)
frame = frame[(frame["County Code"] == district[:2]) & (frame["District Code"] == district[3:]) & (frame["Test ID"] == 2)]
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
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps([seconds, peak, len(frame)]))
"""


def run(way, *arguments):
    """Seconds, peak megabytes and rows of one way in a fresh process (list)."""
    code = _FRAME.format(body=WAYS[way])
    return json.loads(
        subprocess.run(
            [sys.executable, "-c", code, *map(str, arguments)],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )


def main(file=None, rounds=3):
    with tempfile.TemporaryDirectory() as folder:
        if file is None:
            file = Path(folder) / "sb_ca2025_all_csv_v1.txt"
            subprocess.run([sys.executable, "-m", "benchmarks.statewide", str(file)], check=True)
        store, district, largest = _prepared(file, Path(folder) / "store")
        found = {way: [] for way in WAYS}
        for _ in range(rounds):
            for way in WAYS:
                found[way].append(run(way, file, store, district, largest))
    _print(found)


_PREPARED = """
import json, sys
from see_the_system.data.store import Store
store = Store(sys.argv[2])
store.add(sys.argv[1])
rows = store.read(level="district", tests=["Mathematics"], grades=[13], groups=[1], columns=["tested"])
rows = rows.assign(district=rows["county_code"] + "-" + rows["district_code"]).sort_values("tested", ignore_index=True)
print(json.dumps([rows["district"][len(rows) // 2], rows["district"].iloc[-1]]))
"""


def _prepared(file, folder):
    """The store's folder, a district of middle size and the largest; made in a process of its own,
    for a child inherits its parent's peak.
    """
    told = subprocess.run(
        [sys.executable, "-c", _PREPARED, str(file), str(folder)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [folder, *json.loads(told)]


def _print(found):
    base = found["pandas.read_csv"]
    print(
        f"\n{'one district of a statewide file':34}{'seconds':>10}{'MB':>8}{'rows':>8}{'times faster':>14}{'memory':>9} "
        "  (medians; ratios pair by pair)"
    )
    for way, rounds in found.items():
        faster = statistics.median(b[0] / r[0] for b, r in zip(base, rounds))
        memory = statistics.median(r[1] / b[1] for b, r in zip(base, rounds))
        seconds, peak = (statistics.median(r[i] for r in rounds) for i in (0, 1))
        print(f"{way:34}{seconds:>10.3f}{peak:>8.0f}{rounds[0][2]:>8}{faster:>14.1f}{memory:>9.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--file")
    parser.add_argument("--rounds", type=int, default=3)
    main(**vars(parser.parse_args()))
