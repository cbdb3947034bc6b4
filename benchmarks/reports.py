"""Reports a minute: our batch against papermill and nbconvert, one district after another.

    python -m benchmarks.reports [--districts 6] [--rounds 3] [--jobs N]

That is how one would do it by hand. The two ways take turns, so that a busy machine slows both. The
notebook is the district template, on the districts of the practice network.
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import papermill
from nbconvert import HTMLExporter

from see_the_system.data.store import open_store
from see_the_system.paths import REPORT_TEMPLATE, SAMPLE
from see_the_system.reports.batch import Task, run_batch
from see_the_system.reports.template import Template


def by_hand(districts, store, out):
    """One district after another, with papermill's and nbconvert's defaults."""
    out.mkdir()
    for district in districts:
        notebook = papermill.execute_notebook(
            REPORT_TEMPLATE,
            out / f"{district}.ipynb",
            {"store": store, "district": district},
            progress_bar=False,
        )
        html, _ = HTMLExporter(exclude_input=True).from_notebook_node(notebook)
        (out / f"{district}.html").write_text(html, encoding="utf-8")


def ours(districts, store, out, *, jobs):
    """The batch behind ``see-the-system reports``."""
    tasks = [
        Task(district, "Benchmark", inputs={"store": store, "district": district})
        for district in districts
    ]
    outcome = run_batch(Template(REPORT_TEMPLATE), tasks, out, jobs=jobs)
    if outcome.failed:
        sys.exit(outcome.failed[0].reason)


def measured(ways, rounds, folder):
    """Seconds of each way in each round (dict of lists), the ways in turn."""
    seconds = {name: [] for name in ways}
    for number in range(rounds):
        for name, make in ways.items():
            start = time.perf_counter()
            make(folder / f"{name.replace(' ', '_')}_{number}")
            seconds[name].append(time.perf_counter() - start)
    return seconds


def arguments():
    """What was given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--districts", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int)
    return parser.parse_args()


def main():
    """Measure both ways and print what they do in a minute."""
    given = arguments()
    logging.disable(logging.WARNING)
    store = open_store([SAMPLE])
    districts = list(store.districts()["district"])[: given.districts]
    print(f"{len(districts)} reports of {REPORT_TEMPLATE.name}, {given.rounds} rounds")
    ways = {
        "by hand": partial(by_hand, districts, str(store.folder)),
        "ours": partial(ours, districts, str(store.folder), jobs=given.jobs),
    }
    with tempfile.TemporaryDirectory(prefix="sts-bench-") as folder:
        seconds = measured(ways, given.rounds, Path(folder))
    for name, rounds in seconds.items():
        rate = 60 * len(districts) / statistics.median(rounds)
        each = [round(spent, 1) for spent in rounds]
        print(f"{name:8} {rate:6.1f} reports a minute   {each} s")
    pairs = zip(seconds["by hand"], seconds["ours"], strict=True)
    ratio = statistics.median(slow / fast for slow, fast in pairs)
    print(f"ours makes {ratio:.2f} times as many")


if __name__ == "__main__":
    main()
