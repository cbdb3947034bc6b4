"""A run that is stopped from outside: a process of its own, real signals, real kernels."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from see_the_system.reports.batch import run_batch
from see_the_system.reports.execute import stoppable
from see_the_system.reports.template import Template
from tests.reports.conftest import rows, task, write_template

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX systems have them")

RUN = """
import sys
from see_the_system.reports.batch import describe_batch, run_batch
from see_the_system.reports.execute import stoppable
from see_the_system.reports.template import Template
from tests.reports.conftest import task
tasks = [task(1), *[task(number, "hang") for number in range(2, 5)]]
outcome = run_batch(Template(sys.argv[1]), tasks, sys.argv[2], jobs=2)
print(describe_batch(outcome))
sys.exit(outcome.exit_status)
"""


@pytest.fixture
def running(tmp_path):
    """A run in a process of its own, one report finished and two hanging; with its kernels and
    the server that forked them.
    """
    template, out = write_template(tmp_path / "template.ipynb"), tmp_path / "out"
    command = [sys.executable, "-c", RUN, template, out]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        until(
            lambda: (
                len(list(out.glob("manifest.csv"))) == 1
                and len(psutil.Process(process.pid).children(recursive=True)) == 3
            )
        )
        yield process, psutil.Process(process.pid).children(recursive=True), out
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def until(happened, seconds=60):
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


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
