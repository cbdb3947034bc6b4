"""Reports a minute, processor seconds and memory: our batch beside what one would use instead.

    python -m benchmarks.reports [--districts 8] [--rounds 3] [--state FOLDER]

Every way makes an executed notebook and a page of the same districts from the same template, in a
process of its own; the ways take turns, so that a busy machine slows all. FOLDER is a store of many
districts, such as one that ``benchmarks.statewide`` and ``see-the-system data add`` have made; left
out, it is the practice network. Processor seconds are those of the process and of all it started.
Memory is the sum of the shares of all processes at once, at its peak. *Each further* is a report
without the start: what the last of them cost beyond a batch of three.

ploomber-engine is measured where it is installed; nothing else here needs it.
"""

import argparse
import json
import logging
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path

import psutil

FEW = 3  # reports: the smallest batch that rehearses
EVERY = 0.5  # seconds between two looks at the memory
_OF_A_REPORT = 1.3  # processor seconds, the bar
_FROM_THE_LIMIT = 1.8
_MOST_MEMORY = 2_000  # MB


def shell_loop(tasks, out, cores):
    """``papermill`` and ``jupyter nbconvert``, two commands for each district."""
    from see_the_system.paths import REPORT_TEMPLATE

    for number, task in enumerate(tasks):
        notebook = out / f"{number}.ipynb"
        given = [part for name, value in task.items() for part in ("-p", name, value)]
        _quietly("papermill", "--no-progress-bar", str(REPORT_TEMPLATE), str(notebook), *given)
        _quietly("nbconvert", "--to", "html", "--no-input", str(notebook))


def _quietly(module, *arguments):
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def serial(tasks, out, cores):
    """``papermill.execute_notebook`` and nbconvert's exporter in one process."""
    for number, task in enumerate(tasks):
        by_papermill(number, task, out)


def by_papermill(number, task, out):
    """One report with papermill's and nbconvert's defaults."""
    import papermill

    from see_the_system.paths import REPORT_TEMPLATE

    logging.disable(logging.WARNING)
    path = out / f"{number}.ipynb"
    papermill.execute_notebook(REPORT_TEMPLATE, path, task, progress_bar=False)
    _as_html(path)


def _as_html(path):
    import nbformat
    from nbconvert import HTMLExporter

    notebook = nbformat.read(path, as_version=4)
    html, _ = HTMLExporter(exclude_input=True).from_notebook_node(notebook)
    path.with_suffix(".html").write_text(html, encoding="utf-8")


def through_joblib(tasks, out, cores):
    """The same through joblib's processes, one a core."""
    from joblib import Parallel, delayed

    one = delayed(by_papermill)
    Parallel(cores)(one(number, task, out) for number, task in enumerate(tasks))


def by_ploomber(tasks, out, cores):
    """ploomber-engine, which has no kernel, through joblib's processes."""
    from joblib import Parallel, delayed

    one = delayed(by_ploomber_engine)
    Parallel(cores)(one(number, task, out) for number, task in enumerate(tasks))


def by_ploomber_engine(number, task, out):
    """One report in the process that asks for it."""
    os.environ["PLOOMBER_STATS_ENABLED"] = "false"
    from ploomber_engine import execute_notebook

    from see_the_system.paths import REPORT_TEMPLATE

    logging.disable(logging.WARNING)
    path = out / f"{number}.ipynb"
    execute_notebook(
        str(REPORT_TEMPLATE), str(path), parameters=task, progress_bar=False, verbose=False
    )
    _as_html(path)


def ours(tasks, out, cores):
    """The batch behind ``see-the-system reports``."""
    from see_the_system.paths import REPORT_TEMPLATE
    from see_the_system.reports.batch import Task, run_batch
    from see_the_system.reports.template import Template

    # A turn that comes again is a report of its own.
    wanted = [
        Task(f"{task['district']} {number}", "Benchmark", inputs=task)
        for number, task in enumerate(tasks)
    ]
    outcome = run_batch(Template(REPORT_TEMPLATE), wanted, out)
    if outcome.failed:
        sys.exit(outcome.failed[0].reason)


def limit(tasks, out, cores):
    """Plain functions: the template's calls and the page, in one warm process a core."""
    # Spawned processes are children of this one, so that their processor seconds are counted.
    how = {"mp_context": get_context("spawn"), "initializer": _one_core_each}
    with ProcessPoolExecutor(cores, **how) as processes:
        list(processes.map(by_plain_calls, range(len(tasks)), tasks, cycle([out])))


def _one_core_each():
    from see_the_system.reports.warm_kernels import ONE_CORE

    os.environ.update(ONE_CORE)


def by_plain_calls(number, task, out):
    """One report without a kernel, its notebook and its page written as by the batch."""
    import nbformat

    from see_the_system.paths import REPORT_TEMPLATE
    from see_the_system.reports import page
    from see_the_system.reports.template import Template

    names = {}
    notebook = Template(REPORT_TEMPLATE).notebook
    for cell in notebook.cells:
        if cell.cell_type == "code":
            shown = _run(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names.update(task)
            if shown:
                data, metadata = shown if isinstance(shown, tuple) else (shown, {})
                result = {"data": data, "metadata": metadata}
                cell.outputs = [nbformat.v4.new_output("display_data", **result)]
    facts = page.Facts("Benchmark", task["district"], "today", "")
    nbformat.write(notebook, out / f"{number}.ipynb")
    (out / f"{number}.html").write_text(page.render(notebook, facts), encoding="utf-8")


def _run(source, names):
    """What the last line of a cell shows (a mimebundle or None)."""
    lines = source.rstrip().splitlines()
    try:
        last = compile(lines[-1], "<cell>", "eval")
        lines = lines[:-1]
    except SyntaxError:
        last = None
    exec("\n".join(lines), names)
    shown = last and eval(last, names)
    return shown._repr_mimebundle_() if hasattr(shown, "_repr_mimebundle_") else None


WAYS = {
    "shell loop": shell_loop,
    "papermill, serially": serial,
    "papermill, joblib": through_joblib,
    "ploomber-engine, joblib": by_ploomber,
    "ours": ours,
    "limit": limit,
}


def measured(way, tasks):
    """Seconds, processor seconds and megabytes of a way, in a process of its own (tuple)."""
    with tempfile.TemporaryDirectory(prefix="sts-bench-") as folder:
        command = [sys.executable, "-m", "benchmarks.reports", "--way", way, "--out", folder]
        before = _processor()
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        peak = Peak(process.pid)
        try:
            process.communicate(json.dumps(tasks))
        finally:
            memory = peak.end()
        seconds = time.perf_counter() - begun
        if process.returncode or len(list(Path(folder).rglob("*.html"))) < len(tasks):
            sys.exit(f"{way} has not made every report")
        return seconds, _processor() - before, memory


def _processor():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Peak:
    """The most memory that a process and all that it started hold at once, seen by a thread."""

    def __init__(self, number):
        self.process = psutil.Process(number)
        self.most = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while not self.ended.wait(EVERY):
            try:
                family = [self.process, *self.process.children(recursive=True)]
            except psutil.Error:
                continue
            self.most = max(self.most, sum(map(_share, family)))

    def end(self):
        self.ended.set()
        self.thread.join()
        return self.most / 2**20


def _share(process):
    """A process's memory, what it shares divided among those who do (bytes)."""
    try:
        found = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(found, "pss", 0) or found.rss


def table(found, cores, count):
    """The table of all ways, and the bars beside what was measured (text)."""
    lines = [
        f"{'':26}{'a minute':>9}{'processor s':>13}{'each further':>14}{'peak MB':>9}"
        f"   ({count} reports, {cores} cores; medians)"
    ]
    medians = {}
    for way, rounds in found.items():
        columns = zip(*rounds, strict=True)
        rate, processor, further, memory = (statistics.median(column) for column in columns)
        medians[way] = {"processor": further, "memory": memory}
        lines.append(f"{way:26}{rate:9.1f}{processor:13.2f}{further:14.2f}{memory:9.0f}")
    own = medians["ours"]
    lines += [
        "",
        _bar("times the shell loop", _times(found, "shell loop"), 10),
        _bar("times serial papermill", _times(found, "papermill, serially"), 5),
        _bar("processor s a further report", own["processor"], _OF_A_REPORT, most=True),
        _bar(
            "times the limit's processor s",
            own["processor"] / medians["limit"]["processor"],
            _FROM_THE_LIMIT,
            most=True,
        ),
        _bar("MB, all processes together", own["memory"], _MOST_MEMORY, most=True),
    ]
    return "\n".join(lines)


def _times(found, other):
    pairs = zip(found["ours"], found[other], strict=True)
    return statistics.median(own[0] / theirs[0] for own, theirs in pairs)


def _bar(what, value, bar, most=False):
    held = value <= bar if most else value >= bar
    word = "at most" if most else "at least"
    return f"{what:32}{value:9.2f}   bar: {word} {bar:g}   {'held' if held else 'NOT HELD'}"


def one_round(way, tasks):
    """Reports a minute, processor seconds a report, of each further one, peak memory (tuple)."""
    seconds, processor, memory = measured(way, tasks)
    _, of_few, _ = measured(way, tasks[:FEW])
    further = (processor - of_few) / (len(tasks) - FEW)
    return 60 * len(tasks) / seconds, processor / len(tasks), further, memory


def _tasks(state, count):
    from see_the_system.data.store import Store, open_store
    from see_the_system.paths import SAMPLE

    store = Store(state) if state else open_store([SAMPLE])
    # With results in the grades of a report, for without there is none to compare.
    asked = {"level": "district", "tests": ["Mathematics"], "groups": [1], "columns": ["tested"]}
    rows = store.read(grades=[4, 5, 6, 7, 8], years=store.years()[-1:], **asked)
    districts = sorted(set(rows["county_code"] + "-" + rows["district_code"]))
    # Spread over the state, and again from the first where there are fewer.
    step = max(1, len(districts) // count)
    chosen = cycle(districts[::step])
    folder = str(store.folder.resolve())
    return [{"store": folder, "district": next(chosen)} for _ in range(count)]


def arguments():
    """What was given on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--districts", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--state", help="a store of many districts")
    parser.add_argument("--way", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    """Measure all ways in turns, and print the table."""
    given = arguments()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    if given.way:
        WAYS[given.way](json.load(sys.stdin), given.out, cores)
        return
    count = max(given.districts, FEW + 1)
    tasks = _tasks(given.state, count)
    ways = list(WAYS)
    for module, way in (("joblib", ways[2]), ("ploomber_engine", ways[3])):
        if not find_spec(module):
            ways.remove(way)
            print(f"{way} is left out: {module} is not installed")
    found = {way: [] for way in ways}
    for _ in range(given.rounds):
        for way in ways:
            found[way].append(one_round(way, tasks))
    print(table(found, cores, count))


if __name__ == "__main__":
    main()
