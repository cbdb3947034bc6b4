"""Reports a minute, processor seconds and memory: our batch against what one would use instead.

    python -m benchmarks.reports [--store FOLDER] [--districts 8] [--rounds 2] [WAY]...

The notebook is the district template, the districts are the practice network's, or those of the
store given, spread over all of it. Each way is a process of its own with all its children, and the
ways take turns, so that a busy machine slows all of them. Processor seconds are what the operating
system counts; memory is what all the processes hold at once, shared pages divided.

    shell loop       the commands ``papermill`` and ``jupyter nbconvert`` for each district in turn
    papermill        ``papermill.execute_notebook`` and nbconvert's exporter, in one process
    joblib           the same in a process for each core
    ploomber-engine  the same with its engine, which has no process for a notebook; if it is there
    ours             ``see-the-system reports``
    limit            the sections and nothing else, in a warm process for each core
"""

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import psutil

from see_the_system.data.store import open_store
from see_the_system.paths import REPORT_TEMPLATE, SAMPLE

WAYS = ("shell loop", "papermill", "joblib", "ploomber-engine", "ours", "limit")
OPTIONAL = {"joblib": "joblib", "ploomber-engine": "ploomber_engine"}
GROUPS = {"focus": "Hispanic or Latino", "comparison": "White"}  # the template's own
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
# What is to be beaten, by how much, in which of the figures: (way, times, figure).
BARS = (
    ("shell loop", 10, "seconds"),
    ("papermill", 5, "seconds"),
    ("limit", 1 / 1.8, "processor"),
)
MOST_PROCESSOR, MOST_MEMORY = 1.3, 2_000  # seconds a report, MB
WATCHED = 0.25  # seconds between two looks at the memory


def run(way, store, districts, out):
    """Make the reports of the districts in one of the ways; returns nothing, writes to ``out``."""
    making = {
        "shell loop": _shell_loop,
        "papermill": _in_turn,
        "joblib": _joblib,
        "ploomber-engine": _ploomber,
        "ours": _ours,
        "limit": _limit,
    }
    making[way](store, districts, Path(out))


def _shell_loop(store, districts, out):
    tools = Path(sys.executable).parent
    for district in districts:
        notebook = out / f"{district}.ipynb"
        given = ["-p", "district", district, "-p", "store", store, "--no-progress-bar"]
        _quietly([tools / "papermill", REPORT_TEMPLATE, notebook, *given])
        _quietly([tools / "jupyter", "nbconvert", "--to", "html", "--no-input", notebook])


def _quietly(command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)


def _in_turn(store, districts, out):
    for district in districts:
        _by_papermill(store, out, district)


def _by_papermill(store, out, district):
    import papermill

    notebook = papermill.execute_notebook(
        REPORT_TEMPLATE,
        out / f"{district}.ipynb",
        {"store": store, "district": district},
        progress_bar=False,
    )
    _exported(notebook, out / f"{district}.html")


def _exported(notebook, page):
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(notebook)
    page.write_text(html, encoding="utf-8")


def _joblib(store, districts, out, report=_by_papermill):
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    Parallel(n_jobs=CORES)(delayed(report)(store, out, district) for district in districts)
    # What its processes used is counted once they have ended.
    get_reusable_executor().shutdown(wait=True)


def _by_ploomber(store, out, district):
    from ploomber_engine import execute_notebook

    notebook = execute_notebook(
        str(REPORT_TEMPLATE),
        str(out / f"{district}.ipynb"),
        parameters={"store": store, "district": district},
        progress_bar=False,
        verbose=False,
    )
    _exported(notebook, out / f"{district}.html")


def _ploomber(store, districts, out):
    os.environ["PLOOMBER_STATS_ENABLED"] = "false"
    _joblib(store, districts, out, _by_ploomber)


def _ours(store, districts, out):
    tool = Path(sys.executable).parent / "see-the-system"
    _quietly([tool, "reports", *districts, "--data", store, "--out", out])


def _limit(store, districts, out):
    with ProcessPoolExecutor(CORES) as pool:
        list(pool.map(partial(_sections, store, out), districts))


def _sections(store, out, district):
    from helpers import DistrictReport
    from see_the_system.reports.template import Template

    report = DistrictReport(district, store=store, **GROUPS)
    shown = [
        getattr(report, line[len("report.") : -len("()")])().html()
        for cell in Template(REPORT_TEMPLATE).notebook.cells
        for line in cell.source.splitlines()
        if cell.cell_type == "code" and line.startswith("report.")
    ]
    (out / f"{district}.html").write_text("\n".join(shown), encoding="utf-8")


def measured(way, store, districts):
    """One run of a way: seconds, processor seconds, the most memory at once in MB (dict)."""
    task = json.dumps([way, store, districts])
    with tempfile.TemporaryDirectory(prefix="sts-bench-") as out:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.reports", "--task", task, "--out", out]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        memory = Memory(process.pid)
        _, said = process.communicate()
        seconds = time.perf_counter() - start
        most = memory.stop()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        pages = len([page for page in Path(out).glob("*.html") if page.name != "index.html"])
        if process.returncode or pages != len(districts):
            last = (said.strip().splitlines() or ["nothing was said"])[-1]
            sys.exit(f"{way} made {pages} of {len(districts)} reports: {last}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": seconds, "processor": processor / len(districts), "memory": most}


class Memory:
    """Looks at the memory of a process and all under it, again and again, in a thread."""

    def __init__(self, pid):
        self._process = psutil.Process(pid)
        self._most = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self):
        while not self._ended.wait(WATCHED):
            self._most = max(self._most, self._now())

    def _now(self):
        total = 0
        try:
            for each in [self._process, *self._process.children(recursive=True)]:
                total += _held(each)
        except psutil.Error:  # it ended while we looked
            pass
        return total

    def stop(self):
        """The most that was seen at once, in MB (float)."""
        self._ended.set()
        self._thread.join()
        return self._most / 1e6


def _held(process):
    """Bytes that a process holds, pages that it shares divided by those who share them (int)."""
    try:
        full = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(full, "pss", full.uss)


def spread(districts, count):
    """So many of the districts, from the first to the last at even steps (list)."""
    step = max(1, len(districts) // count)
    return districts[::step][:count]


def arguments():
    """What was given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ways", nargs="*", metavar="WAY", help=", ".join(WAYS))
    parser.add_argument("--store")
    parser.add_argument("--districts", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    """Compare the ways, or be one of them."""
    given = arguments()
    if given.task:
        run(*json.loads(given.task), given.out)
    else:
        compare(given)


def compare(given):
    """Each way in its turn, the medians of what they need, and how they stand to the bars."""
    store = open_store(given.store or [SAMPLE])
    districts = spread(list(store.districts()["district"]), given.districts)
    ways = [way for way in WAYS if way in given.ways or not given.ways]
    for way, package in OPTIONAL.items():
        if way in ways and not importlib.util.find_spec(package):
            ways.remove(way)
            print(f"{way} is not installed and is left out.")
    print(f"{len(districts)} reports, {given.rounds} rounds, {CORES} cores")
    rounds = [
        {way: measured(way, str(store.folder.resolve()), districts) for way in ways}
        for _ in range(given.rounds)
    ]
    print("way              reports a minute   processor s a report   memory MB")
    for way in ways:
        figures = {
            what: statistics.median(each[way][what] for each in rounds)
            for what in ("seconds", "processor", "memory")
        }
        rate = 60 * len(districts) / figures["seconds"]
        print(f"{way:16} {rate:16.1f} {figures['processor']:22.2f} {figures['memory']:11.0f}")
    _print_bars(rounds, ways)


def _print_bars(rounds, ways):
    if "ours" not in ways:
        return
    for way, times, what in BARS:
        if way in ways:
            ratio = statistics.median(each[way][what] / each["ours"][what] for each in rounds)
            verdict = "met" if ratio >= times else "missed"
            print(f"{way}: {ratio:.2f} times our {what}; the bar is {times:.2f}: {verdict}")
    for what, most in (("processor", MOST_PROCESSOR), ("memory", MOST_MEMORY)):
        ours = statistics.median(each["ours"][what] for each in rounds)
        verdict = "met" if ours < most else "missed"
        print(f"ours: {what} {ours:.2f}; the bar is {most}: {verdict}")


if __name__ == "__main__":
    main()
