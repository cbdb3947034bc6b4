"""A run that is stopped from outside: a process of its own, real signals, real kernels."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from see_the_system.reports.batch import run_batch
from see_the_system.reports.execute import stoppable
from see_the_system.reports.template import Template
from tests.reports.conftest import code, rows, task, write_template

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX systems have them")

RUN = """
import sys
from see_the_system.reports.batch import describe_batch, run_batch
from see_the_system.reports.execute import stoppable
from see_the_system.reports.template import Template
from tests.reports.conftest import task
template, out, printer, *doings = sys.argv[1:]
tasks = [task(number, doing) for number, doing in enumerate(doings, 1)]
outcome = run_batch(Template(template), tasks, out, jobs=2, print_with=printer)
print(describe_batch(outcome))
sys.exit(outcome.exit_status)
"""
HANGS_WHEN_REHEARSED = "import time\nif not hasattr(__builtins__, '__IPYTHON__'): time.sleep(600)"


@contextmanager
def a_run(folder, doings, *cells, printer=""):
    """A run in a process of its own, and its folder."""
    template, out = write_template(folder / "template.ipynb", *map(code, cells)), folder / "out"
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, template, out, printer, *doings],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process, out
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def children(process):
    return psutil.Process(process.pid).children(recursive=True)


@pytest.fixture
def running(tmp_path):
    """A run, one report finished and two hanging; with its kernels and their server."""
    with a_run(tmp_path, ["well", "hang", "hang", "hang"]) as (process, out):
        until(lambda: (out / "manifest.csv").exists() and len(children(process)) == 3)
        yield process, children(process), out


def until(happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def command_of(process):
    """A process's command line (text), "" of one that has ended and is not yet waited for."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def gone(kernels):
    return not any(
        kernel.is_running() and kernel.status() != psutil.STATUS_ZOMBIE for kernel in kernels
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_and_keeps_what_is_finished(running, number):
    process, kernels, out = running
    process.send_signal(number)
    told, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert (
        told == "Stopped. 4 reports: 1 made. What is finished is kept; run the same command again "
        "for the rest.\n"
    )
    assert "Traceback" not in errors and gone(kernels)
    assert {district: row["status"] for district, row in rows(out).items()} == {"99-00001": "done"}
    assert "99-00001-district-1.html" in (out / "index.html").read_text()


def test_ctrl_c_while_the_server_gets_ready_leaves_nothing(tmp_path):
    with a_run(tmp_path, ["well"] * 3, HANGS_WHEN_REHEARSED) as (process, _):
        until(lambda: children(process))
        left = children(process)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=60)
        assert told.startswith("Stopped. 3 reports: none finished.")
        assert process.returncode == 128 + signal.SIGINT and gone(left)
        assert not list(Path(tempfile.gettempdir()).glob(f"sts-{process.pid}-*"))


def test_a_run_that_is_killed_while_the_server_gets_ready_leaves_no_server(tmp_path):
    with a_run(tmp_path, ["well"] * 3, HANGS_WHEN_REHEARSED) as (process, _):
        until(lambda: children(process))
        left = children(process)
        time.sleep(3)  # it imports, and then it rehearses
        process.kill()
        until(lambda: gone(left))


def test_ctrl_c_while_a_page_is_printed_leaves_no_browser_and_no_part(tmp_path):
    printer = tmp_path / "browser"
    printer.write_text("#!/bin/sh\nsleep 600 & sleep 600\n")
    printer.chmod(0o755)
    with a_run(tmp_path, ["well"], printer=printer) as (process, out):
        until(lambda: any("browser" in command_of(child) for child in children(process)))
        left = children(process)
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate(timeout=60)
        assert told.startswith("Stopped. 1 report: 1 made.") and gone(left)
        assert process.returncode == 128 + signal.SIGTERM
        assert not list(out.rglob("*.part")) and rows(out)["99-00001"]["status"] == "done"


def test_a_run_under_nohup_hears_no_hangup():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_killed_run_takes_its_kernels_along_and_the_next_completes(running):
    process, kernels, out = running
    (out / "99-00002-district-2.html.part").write_text("half a page")
    (left,) = Path(tempfile.gettempdir()).glob(f"sts-{process.pid}-*")
    process.kill()
    process.wait()
    until(lambda: gone(kernels))
    assert list(rows(out)) == ["99-00001"]
    template = Template(out.parent / "template.ipynb")
    outcome = run_batch(template, [task(number) for number in range(1, 5)], out)
    assert (outcome.up_to_date, len(outcome.made), outcome.exit_status) == (1, 3, 0)
    assert not list(out.glob("*.part")) and not left.exists()
