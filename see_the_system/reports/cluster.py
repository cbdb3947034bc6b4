"""A batch's reports made by the workers of a Dask cluster, where one machine is not enough.

Which worker makes which report, and what is done again when a worker is lost, is Dask's affair.
Each worker process has a fork server of its own, as the batch of one machine has; the finished
report comes back as text, and whoever asked writes it, so that one program writes the folder.
"""

import os
import re
import threading
import uuid
from concurrent.futures import CancelledError
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import fsspec
from distributed import Client, KilledWorker, WorkerPlugin, as_completed, get_worker

from see_the_system.data.store import Store
from see_the_system.messages import Refusal
from see_the_system.reports.execute import Failed, make_report, quiet_papermill, reason, unfinished
from see_the_system.reports.kernels import Kernels
from see_the_system.reports.template import code_version

RETRIES = 2  # of a report whose worker is in trouble, as Dask counts them
_ADDRESS = re.compile(r"((tcp|tls|wss?)://)?[^\s/]+:\d+|inproc://\S+")
LONGEST_CALL = 15  # seconds until a scheduler answers


class Cluster:
    """The workers behind a Dask scheduler, until it is closed.

    address: the scheduler's, such as "tcp://10.0.0.5:8786"; data: where the workers find the store,
    a path of theirs or a URL that fsspec reads ("": where this machine has it). ``Refusal`` where
    nothing answers.
    """

    def __init__(self, address, data=""):
        self.data = data
        if not _ADDRESS.fullmatch(address):  # Dask would look for it without end
            raise Refusal(
                f"{address} is no address of a Dask scheduler. Start one with 'dask scheduler' and "
                "give the address that it prints, such as tcp://10.0.0.5:8786."
            )
        try:
            self.client = Client(address, timeout=LONGEST_CALL, set_as_default=False)
        except Exception as error:  # also of TLS that is not set up
            raise Refusal(
                f"No Dask scheduler answers at {address}: {error}. Start one with 'dask scheduler' "
                "and give the address that it prints."
            ) from error

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.client.close()

    def workers(self):
        """How many worker processes there are now (int)."""
        return len(self.client.scheduler_info(n_workers=-1)["workers"])

    def reports(self, template, to_make, timeout, rehearsal):
        """Make reports (yields each as ``Finished``, as it comes).

        to_make: pairs of a task and its row; the rest as ``run_batch`` has it. Closed early, it
        ends what is running.
        """
        if not to_make:
            return
        self._check(to_make)
        tasks, rows = zip(*to_make, strict=True)
        plugin = _ReportsOfAWorker(template, timeout, self.data, rehearsal)
        self.client.register_plugin(plugin)
        how = {"batch": plugin.name, "pure": False, "retries": RETRIES}
        futures = self.client.map(_report, tasks, rows, **how)
        row_of = dict(zip(futures, rows, strict=True))
        try:
            for future in as_completed(futures, loop=self.client.loop):
                yield _outcome(future, row_of[future])
                future.release()
        finally:
            self.client.cancel(futures)
            self.client.unregister_worker_plugin(plugin.name)

    def _check(self, to_make):
        """``Refusal`` where a worker would make other reports than this machine, or none."""
        task, row = to_make[0]
        store = self.data or task.inputs.get("store", "")
        try:
            problems = self.client.run(_problem, row.code, store)
        except ImportError as error:
            problems = {"A worker": f"cannot load see-the-system as it is here ({error})"}
        for worker, problem in problems.items():
            if problem:
                raise Refusal(f"{worker} {problem}.")


def _problem(code, store):
    """Why this worker cannot make the reports (text), "" when it can."""
    if code_version() != code:
        return (
            f"runs other code than this machine: {code_version()} instead of {code}. Install the "
            "same version on both"
        )
    if store and not _is_there(store):
        return (
            f"does not find the data at {store}. Put them where every worker can read them, and "
            "name that place with --dask-data"
        )
    return ""


def _is_there(store):
    if "://" not in store:
        return os.path.isdir(store)
    try:
        files, path = fsspec.url_to_fs(store)
        return files.exists(path)
    except Exception:  # each kind of place has errors of its own
        return False


def _outcome(future, row):
    """What came of a report, also where Dask gave it up (Finished)."""
    try:
        return future.result()
    except CancelledError as error:
        raise Refusal(
            "The Dask scheduler is gone. What is finished is kept; run the same command again for "
            "the rest."
        ) from error
    except KilledWorker as error:
        tries = error.allowed_failures + 1
        words = f"{tries} workers ended while they made it, most often for lack of memory."
    except Exception as error:
        words = f"The worker could not make it: {reason(error, 0)}"
    return unfinished(Failed(words), row)


def _report(task, row, batch):
    """One report, on a worker (Finished)."""
    return get_worker().plugins[batch].report(task, row)


class _ReportsOfAWorker(WorkerPlugin):
    """What a worker process has for making reports; Dask brings it to each, and to those who come
    later. The server starts with the first report.
    """

    def __init__(self, template, timeout, data, rehearsal):
        # Of its own: several batches may share a cluster.
        self.name = f"see-the-system-reports-{uuid.uuid4().hex[:8]}"
        self.template = template
        self.timeout = timeout
        self.data = data
        self.rehearsal = rehearsal

    def setup(self, worker):
        """On a worker, before its first report."""
        self.code = code_version()
        self.kernels = None
        self.one_starts = threading.Lock()
        self.until_the_end = ExitStack()
        folder = TemporaryDirectory(dir=worker.local_directory, ignore_cleanup_errors=True)
        self.folder = Path(self.until_the_end.enter_context(folder))
        self.until_the_end.enter_context(quiet_papermill())

    def teardown(self, worker):
        """When the batch ends, or the worker does."""
        self.until_the_end.close()

    def report(self, task, row):
        """Make a report, in one of the worker's threads (Finished)."""
        if self.code != row.code:  # of one that came after all were asked
            return unfinished(Failed(f"A worker runs other code: {self.code}."), row)
        with self.one_starts:
            inputs = self._at_hand(task.inputs)
            store = inputs.get("store")
            if store and Store(store).fingerprint(task.district) != task.fingerprint:
                return unfinished(Failed(f"A worker has other data in {store}."), row)
            if not self.kernels:
                self.kernels = self.until_the_end.enter_context(Kernels(self._rehearsed()))
        here = replace(task, inputs=inputs)
        return make_report(self.template, here, row, self.kernels, self.timeout)

    def _rehearsed(self):
        if not self.rehearsal:
            return None
        cells, tries = self.rehearsal
        return cells, [self._at_hand(inputs) for inputs in tries]

    def _at_hand(self, inputs):
        """What a task is given, with the place where this worker has the data (dict)."""
        if not (self.data and "store" in inputs):
            return inputs
        return inputs | {"store": self._fetched(Path(inputs["store"]).name)}

    def _fetched(self, name):
        """The store as a folder of this machine, fetched once where it is a URL (text)."""
        if "://" not in self.data:
            return self.data
        here = self.folder / name
        if not here.exists():
            files, path = fsspec.url_to_fs(self.data)
            part = self.folder / f"{name}.part"
            files.get(path.rstrip("/") + "/", f"{part}/", recursive=True)
            part.rename(here)
        return str(here)
