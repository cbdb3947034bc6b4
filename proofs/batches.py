"""Batches of reports that are long, and batches that are stopped at any moment."""

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter

import psutil

from see_the_system.paths import SAMPLE
from see_the_system.reports.batch import run_batch
from see_the_system.reports.template import Template
from tests.reports.conftest import task, write_template

_AT = (100, 500, 1_000)  # reports
_MOST_GROWTH = 30  # MB
_LONGEST_END = 10  # seconds on a busy machine; two on one that has a core to spare


def many_reports(folder):
    """A small template a thousand times in one batch (Counter of megabytes and handles).

    Neither the batch nor the server that forks its kernels grows.
    """
    template = Template(write_template(folder / "template.ipynb"))
    out = folder / "out"
    seen = {}
    end = threading.Event()
    watcher = threading.Thread(target=_watch, args=(out, seen, end))
    watcher.start()
    try:
        outcome = run_batch(template, [task(number) for number in range(_AT[-1])], out)
    finally:
        end.set()
        watcher.join()
    assert len(outcome.made) == _AT[-1]
    counts = Counter(reports=_AT[-1])
    for whose in ("batch", "server"):
        sizes = [seen[number][whose] for number in _AT]
        for number, (memory, handles) in zip(_AT, sizes, strict=True):
            counts[f"MB and {handles} handles of the {whose} after {number}"] = memory
        assert sizes[-1][0] - sizes[0][0] < _MOST_GROWTH
        assert sizes[-1][1] <= sizes[0][1] + 3
    return counts


def _watch(out, seen, end):
    while not end.wait(0.2):
        there = sum(1 for _ in out.glob("99-*.html"))
        for number in _AT:
            # A last one is still in its kernel's hands when the one before is there.
            if number not in seen and there >= number - 2:
                found = _sizes()
                if len(found) == 2:
                    seen[number] = found


def _sizes():
    own = psutil.Process()
    found = {"batch": own}
    for child in own.children():
        if "fork_server" in " ".join(child.cmdline()):
            found["server"] = child
    return {
        whose: (process.memory_info().rss >> 20, process.num_fds())
        for whose, process in found.items()
    }


def stopped(folder, rounds, seed):
    """Stops the command at any moment by a signal: it ends and leaves no process (Counter).

    What is finished is whole, and the next run goes on from there.
    """
    chance = random.Random(seed)
    counts = Counter()
    slowest = 0
    out = folder / "out"
    command = [sys.executable, "-c", "from see_the_system.cli import main; main()", "reports"]
    command += ["--all", "--pdf", "--data", str(SAMPLE), "--out", str(out)]
    for turn in range(rounds):
        if turn % 4 == 3:
            for page in out.glob("99-*"):
                page.unlink()
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.choice((chance.uniform(0.2, 6), chance.uniform(6, 30))))
        number = chance.choice((signal.SIGINT, signal.SIGTERM))
        counts["ended before" if run.poll() is not None else "stopped"] += 1
        run.send_signal(number)
        begun = time.monotonic()
        run.wait(_LONGEST_END)
        while _left(run, out):
            assert time.monotonic() - begun < _LONGEST_END, "a process was left"
            time.sleep(0.02)
        slowest = max(slowest, time.monotonic() - begun)
        assert not list(out.rglob("*.part"))
        for page in out.glob("99-*.html"):
            assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert len(list(out.glob("99-*.html"))) == 8
    counts["milliseconds until all had ended, at most"] = round(1000 * slowest)
    return counts


def _left(run, out):
    """Whether a server, a kernel or a browser of a run is there (bool)."""
    for process in psutil.process_iter(["cmdline"]):
        line = " ".join(process.info["cmdline"] or ())
        if f"sts-{run.pid}-" in line or (process.pid != run.pid and f"{out.as_uri()}/" in line):
            return True
    return False
