"""The state as it is: a thousand generated districts with ten years of results, end to end.

The files are written one year after another, each is read into a store and removed; then every
district gets its report by the command that an analyst types, twice.
"""

import re
import resource
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.reports import Peak
from benchmarks.statewide import write_statewide
from see_the_system.data.store import Store
from see_the_system.reports.manifest import FAILED, Manifest

YEARS = (2015, 2016, 2017, 2018, 2019, 2021, 2022, 2023, 2024, 2025)


def made_store(folder, scale=1.0):
    """A store of ten years of a generated state, and the seconds that reading them took."""
    store = Store(folder)
    seconds = 0
    for year in YEARS:
        file = Path(folder).with_name(f"sb_ca{year}_all_csv_v1.txt")
        write_statewide(file, year=year, scale=scale)
        start = time.monotonic()
        store.add([file])
        seconds += time.monotonic() - start
        file.unlink()
    return store, seconds


def reported(store, out):
    """A report for every district of a store, and then once more (dict of figures).

    Every district has a page or a reason, the page that lists them has them all, and what runs a
    second time finds everything up to date.
    """
    districts = set(store.districts()["district"])
    first = _run(store, out)
    rows = Manifest(out).rows.values()
    assert {row.district for row in rows} == districts
    assert all(row.page or row.reason for row in rows)
    listed = (out / "index.html").read_text(encoding="utf-8")
    assert len(re.findall("<li data-words", listed)) == len(districts)
    again = _run(store, out)
    pages = [(out / row.page).stat().st_size for row in rows if row.page]
    return {
        "districts": len(districts),
        "pages": len(pages),
        "failed": sum(row.status == FAILED for row in rows),
        "seconds": round(first["seconds"]),
        "milliseconds of processor a report": round(1000 * first["processor"] / len(rows)),
        "MB of memory at most": round(first["memory"]),
        "bytes of the largest page": max(pages),
        "bytes of the index": len(listed.encode()),
        "seconds of the second run": round(again["seconds"]),
    }


def _run(store, out):
    """The command for all districts: seconds, processor seconds, most memory in MB (dict)."""
    tool = Path(sys.executable).with_name("see-the-system")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    command = [tool, "reports", "--all", "--data", store.folder, "--out", out]
    process = subprocess.Popen(list(map(str, command)))
    peak = Peak(process.pid)
    process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": time.monotonic() - start,
        "processor": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "memory": peak.end(),
    }
