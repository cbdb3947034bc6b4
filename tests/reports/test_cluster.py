"""Reports of a Dask cluster of separate processes, beside those of the batch of one machine."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from textwrap import indent

import nbformat
import psutil
import pytest

from see_the_system.cli import main
from see_the_system.data.store import open_store
from see_the_system.messages import Refusal
from see_the_system.paths import REPORT_TEMPLATE, SAMPLE
from see_the_system.reports.batch import Task, run_batch
from see_the_system.reports.template import Template
from see_the_system.reports.warm_kernels import CAN_FORK
from tests.reports.conftest import code, rows, task, write_template
from tests.reports.test_stopping import command_of, gone, until

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
from see_the_system.reports import cluster as cluster_module  # noqa: E402
from see_the_system.reports.cluster import Cluster  # noqa: E402

# Ends the worker process in which its kernel was started.
KILL = """import psutil
from pathlib import Path
worker = psutil.Process().parent()
worker = worker.parent() if "fork_server" in " ".join(worker.cmdline()) else worker
"""
ONCE = KILL + "Path(label).exists() or (Path(label).touch(), worker.kill(), time.sleep(60))"
ALWAYS = KILL + "worker.kill(); time.sleep(60)"


def two_workers():
    """A cluster of two workers, each a process of its own (LocalCluster)."""
    return distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    )


@pytest.fixture(scope="module")
def scheduler():
    with two_workers() as local:
        yield local


@pytest.fixture
def cluster(scheduler):
    with Cluster(scheduler.scheduler_address) as cluster:
        yield cluster


@pytest.fixture
def cluster_to_kill():
    """A cluster of its own, for a worker that was killed may not come back."""
    with two_workers() as local, Cluster(local.scheduler_address) as cluster:
        yield cluster


def without_times(row):
    return row | dict.fromkeys(("seconds", "finished"))


def test_the_pages_and_the_manifest_are_those_of_one_machine(cluster, template, tmp_path):
    tasks = [task(number, doing) for number, doing in enumerate(("well", "raise", "die", "well"))]
    here = run_batch(template, tasks, tmp_path / "here")
    there = run_batch(template, tasks, tmp_path / "there", cluster=cluster)
    assert (len(there.made), len(there.failed)) == (len(here.made), len(here.failed)) == (2, 2)
    found = [
        {name: without_times(row) for name, row in rows(tmp_path / out).items()}
        for out in ("here", "there")
    ]
    assert found[0] == found[1] and len(found[0]) == 4
    for name in ("99-00000-district-0.html", "99-00003-district-3.html", "index.html"):
        assert (tmp_path / "here" / name).read_bytes() == (tmp_path / "there" / name).read_bytes()
    kept = sorted(path.relative_to(tmp_path / "here") for path in (tmp_path / "here").rglob("*.*"))
    assert kept == sorted(
        path.relative_to(tmp_path / "there") for path in (tmp_path / "there").rglob("*.*")
    )

    changed = [replace(tasks[0], fingerprint="data-2"), *tasks[3:]]
    again = run_batch(template, changed, tmp_path / "there", cluster=cluster)
    assert ([row.district for row in again.made], again.up_to_date) == (["99-00000"], 1)


@pytest.mark.skipif(not CAN_FORK, reason="the worker is found through its fork server")
def test_a_worker_that_is_killed_loses_nothing(cluster_to_kill, tmp_path):
    cluster = cluster_to_kill
    cells = [
        code(f"if doing == {doing!r}:\n" + indent(body, "    "))
        for doing, body in {"once": ONCE, "always": ALWAYS}.items()
    ]
    template = Template(write_template(tmp_path / "template.ipynb", *cells))
    mark = str(tmp_path / "killed")
    ends = task(1, "once", parameters={"label": mark})
    tasks = [ends, *[task(number, "wait") for number in range(2, 6)]]
    outcome = run_batch(template, tasks, tmp_path / "out", cluster=cluster)
    assert os.path.exists(mark)
    assert (len(outcome.made), outcome.failed) == (5, ())
    assert len(list((tmp_path / "out").glob("99-*.html"))) == 5

    outcome = run_batch(template, [task(6, "always")], tmp_path / "out", cluster=cluster)
    (row,) = outcome.failed
    assert row.reason.startswith("4 workers ended while they made it")


def of_the_sample(store, place):
    """Tasks of two districts, with the store where a machine has it."""
    districts = store.districts().set_index("district")
    return [
        Task(
            district,
            districts.loc[district, "name"],
            store.fingerprint(district),
            inputs={"district": district, "store": str(place)},
        )
        for district in ("99-10017", "99-10041")
    ]


def test_the_data_are_read_where_the_workers_have_them(scheduler, tmp_path):
    template, store = Template(REPORT_TEMPLATE), open_store([SAMPLE])
    run_batch(template, of_the_sample(store, store.folder.resolve()), tmp_path / "here")
    moved = shutil.copytree(store.folder, tmp_path / "moved" / store.folder.name)
    pages = sorted(path.name for path in (tmp_path / "here").glob("*.html"))
    assert len(pages) == 3
    tasks = of_the_sample(store, f"/gone/{store.folder.name}")
    for place in (moved.as_uri(), str(moved)):
        out = tmp_path / f"there-{len(place)}"
        with Cluster(scheduler.scheduler_address, place) as cluster:
            assert len(run_batch(template, tasks, out, cluster=cluster).made) == 2
        for name in pages:
            assert (out / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def test_the_command_has_them_made_there(scheduler, tmp_path, capsys):
    small = str(write_template(tmp_path / "template.ipynb"))
    options = ["--template", small, "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as end:
        main(["reports", "99-10017", *options, "--dask", scheduler.scheduler_address])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("1 report: 1 made.")


def test_other_data_are_not_taken_for_these(cluster, template, tmp_path):
    store = str(open_store([SAMPLE]).folder)
    stale = replace(task(1), inputs={"store": store})
    (row,) = run_batch(template, [stale], tmp_path, cluster=cluster).failed
    assert row.reason == f"A worker has other data in {store}."


def test_what_would_make_other_reports_is_refused_before_any(cluster, template, tmp_path):
    lost = replace(task(1), inputs={"store": "/nowhere/store"})
    with pytest.raises(Refusal, match=r"tcp://\S+ does not find the data at /nowhere/store\."):
        run_batch(template, [lost], tmp_path, cluster=cluster)
    assert rows(tmp_path) == {}


def test_a_worker_with_other_code_is_refused(cluster, template, tmp_path, same_code):
    with pytest.raises(Refusal, match=r"runs other code than this machine: .* instead of 0\+h1\."):
        run_batch(template, [task(1)], tmp_path, cluster=cluster)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "127.0.0.1:1"])
def test_an_address_where_nothing_answers_is_one_sentence(address, monkeypatch):
    monkeypatch.setattr(cluster_module, "LONGEST_CALL", 1)
    with pytest.raises(Refusal, match=f"No Dask scheduler answers at {address}: "):
        Cluster(address)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--dask", "tcp://127.0.0.1:1"], "pip install 'see-the-system[dask]'"),
        (["--dask-data", "/data"], "Name it with --dask too."),
        (["--dask", "tcp://127.0.0.1:1", "--jobs", "2"], "--nthreads"),
    ],
)
def test_what_cannot_be_is_one_sentence(options, words, monkeypatch, capsys, tmp_path):
    monkeypatch.delitem(sys.modules, "see_the_system.reports.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["reports", *options])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert words in said and said.count("\n") == 1


RUN = """
import sys
from see_the_system.reports.batch import describe_batch, run_batch
from see_the_system.reports.cluster import Cluster
from see_the_system.reports.template import Template
from tests.reports.conftest import task
tasks = [task(1), *[task(number, "hang") for number in range(2, 5)]]
with Cluster(sys.argv[3]) as cluster:
    outcome = run_batch(Template(sys.argv[1]), tasks, sys.argv[2], cluster=cluster)
print(describe_batch(outcome))
sys.exit(outcome.exit_status)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX systems have them")
def test_ctrl_c_ends_what_the_workers_make(scheduler, tmp_path):
    template, out = write_template(tmp_path / "template.ipynb"), tmp_path / "out"
    command = [sys.executable, "-c", RUN, template, out, scheduler.scheduler_address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: "99-00001" in rows_or_none(out) and len(kernels()) == 4)
            begun = kernels()
            process.send_signal(signal.SIGINT)
            told, _ = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 128 + signal.SIGINT
    assert told.startswith("Stopped. 4 reports: 1 made.")
    until(lambda: gone(begun))


def rows_or_none(out):
    return rows(out) if (out / "manifest.csv").exists() else {}


def kernels():
    """The servers and kernels of this process's workers (list of psutil.Process)."""
    return [
        process
        for process in psutil.Process().children(recursive=True)
        if "fork_server" in command_of(process)
    ]


@pytest.mark.parametrize(
    "address",
    ["nonsense", "x:y", "nonsense://x", "tcp://x", "nowhere://x:1", "http://x:8787/status"],
)
def test_an_address_that_is_none_is_a_sentence(address):
    with pytest.raises(Refusal, match=f"{address} is no address of a Dask scheduler"):
        Cluster(address)


def test_two_batches_share_a_cluster(scheduler, tmp_path):
    def made(number):
        extra = nbformat.v4.new_markdown_cell(f"Of batch {number}.")
        template = Template(write_template(tmp_path / f"{number}.ipynb", extra))
        tasks = [task(each, "wait") for each in range(4)]
        with Cluster(scheduler.scheduler_address) as cluster:
            run_batch(template, tasks, tmp_path / str(number), cluster=cluster)

    threads = [threading.Thread(target=made, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in (1, 2):
        pages = list((tmp_path / str(number)).glob("99-*.html"))
        assert len(pages) == 4
        assert all(f"Of batch {number}." in page.read_text(encoding="utf-8") for page in pages)
