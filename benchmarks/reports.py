"""Reports a minute: our batch against papermill and nbconvert called one district after another, as
one would by hand.

    python -m benchmarks.reports [--districts 6] [--rounds 3] [--jobs N]

The two ways take turns, so that a busy machine slows both. The notebook is the district template,
on the districts of the practice network.
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

import papermill
from nbconvert import HTMLExporter

from see_the_system.data.store import open_store
from see_the_system.paths import REPORT_TEMPLATE, SAMPLE
from see_the_system.reports.batch import Task, run_batch
from see_the_system.reports.template import Template


def work(count):
    """The template, the first districts of the practice network and the parameters that say where
    their data are.
    """
    store = open_store([SAMPLE])
    return (
        REPORT_TEMPLATE,
        list(store.districts()["district"])[:count],
        {"store": str(store.folder)},
    )


def by_hand(template, districts, out, parameters):
    """One district after another, with papermill's and nbconvert's defaults."""
    out.mkdir()
    for district in districts:
        notebook = papermill.execute_notebook(
            template,
            out / f"{district}.ipynb",
            {**parameters, "district": district},
            progress_bar=False,
        )
        html, _ = HTMLExporter(exclude_input=True).from_notebook_node(notebook)
        (out / f"{district}.html").write_text(html, encoding="utf-8")


def ours(template, districts, out, parameters, jobs):
    """The batch behind ``see-the-system reports``."""
    tasks = [
        Task(district, "Benchmark", inputs={"district": district, **parameters})
        for district in districts
    ]
    outcome = run_batch(Template(template), tasks, out, jobs=jobs)
    if outcome.failed:
        sys.exit(outcome.failed[0].reason)


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--districts", type=int, default=6)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--jobs", type=int)
    given = arguments.parse_args()
    logging.disable(logging.WARNING)
    seconds = {"by hand": [], "ours": []}
    with tempfile.TemporaryDirectory(prefix="sts-bench-") as folder:
        folder = Path(folder)
        template, districts, parameters = work(given.districts)
        print(f"{len(districts)} reports of {template.name}, {given.rounds} rounds")
        for number in range(given.rounds):
            for way, made in (
                ("by hand", lambda out: by_hand(template, districts, out, parameters)),
                ("ours", lambda out: ours(template, districts, out, parameters, given.jobs)),
            ):
                start = time.perf_counter()
                made(folder / f"{way.replace(' ', '_')}_{number}")
                seconds[way].append(time.perf_counter() - start)
        for way, measured in seconds.items():
            rate = 60 * len(districts) / statistics.median(measured)
            print(
                f"{way:8} {rate:6.1f} reports a minute   {[round(each, 1) for each in measured]} s"
            )
    ratio = statistics.median(
        hand / our for hand, our in zip(seconds["by hand"], seconds["ours"], strict=True)
    )
    print(f"ours makes {ratio:.2f} times as many")


if __name__ == "__main__":
    main()
