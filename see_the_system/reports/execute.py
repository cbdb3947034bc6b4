"""One district's notebook, executed by papermill's own engine in a kernel of the batch, and how a
batch is stopped.

A kernel is this very Python, with no port to race for, and none is left when the batch ends. A run
is stopped by Ctrl-C, a termination signal or a closed terminal, and once.
"""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import contextmanager
from logging import CRITICAL, getLogger
from pathlib import Path

import papermill
import psutil
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError

STARTS = 3
LONGEST_START = 60  # seconds
LONGEST_REASON = 300
# bytes in the path of a Unix socket: 104 on macOS, 108 on Linux, less jupyter_client's ending
LONGEST_SOCKET = 90
# One kernel, one core: reports run side by side, and the linear algebra of each would otherwise
# start threads for all cores.
THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
ONE_CORE = dict.fromkeys(THREADS, "1")


class Failed(Exception):
    """A report that could not be made: the reason as one sentence.

    ``notebook`` is the notebook as far as it came, or None.
    """

    def __init__(self, reason, notebook=None):
        super().__init__(reason)
        self.notebook = notebook


def execute(template, parameters, kernels, *, timeout, kept_as=""):
    """Execute a template for one district (NotebookNode).

    ``template`` is a :class:`see_the_system.reports.template.Template`, ``timeout`` the seconds for
    the whole notebook, ``kept_as`` the file name that the executed notebook will have, for its own
    record. ``Failed`` with the reason, ``Stopped`` when the batch is.
    """
    deadline = time.monotonic() + timeout
    starts = 0
    while True:
        starts += 1
        begun = []
        try:
            return _execute(template, parameters, kernels, deadline, begun)
        except Exception as error:
            if kernels.stopped:
                raise Stopped from error
            # A kernel that dies before it answers is started again: where ports are used, another
            # program may have taken one.
            unanswered = isinstance(error, RuntimeError) and not begun
            if unanswered and starts < STARTS and time.monotonic() < deadline:
                continue
            notebook = _as_far_as_it_came(begun[0], error) if begun else None
            raise Failed(reason(error, timeout), notebook) from error
        finally:
            for notebook in begun:
                notebook.metadata.papermill.update(
                    input_path=template.path.name, output_path=kept_as
                )


def _execute(template, parameters, kernels, deadline, begun):
    """The executed notebook; it is in the list ``begun`` as soon as its kernel answers."""
    left = deadline - time.monotonic()
    # The loop of this thread, which nbclient would leave open with what still waits in it.
    with asyncio.Runner(loop_factory=ensure_event_loop):
        return papermill.execute_notebook(
            template.notebook,
            None,
            parameters,
            kernel_name="python3",
            progress_bar=False,
            request_save_on_cell_execute=False,
            start_timeout=int(max(1, min(LONGEST_START, left))),
            kernel_manager_class=kernels.manager_class,
            shutdown_kernel="immediate",
            store_widget_state=False,
            iopub_timeout=LONGEST_START,
            timeout_func=lambda cell: max(0.1, deadline - time.monotonic()),
            on_notebook_start=lambda notebook: begun.append(notebook),
        )


def reason(error, timeout):
    """Why a report failed, for the person who asked for it: one line, no traceback (text).

    A ``Refusal`` raised in the notebook is already a sentence and is given as it is; another error
    is its name and its text.
    """
    if isinstance(error, CellTimeoutError):
        return (
            f"Stopped after {timeout:g} seconds, the limit for one report. Give more time with "
            "--timeout, or look at what takes so long."
        )
    if isinstance(error, DeadKernelError):
        return (
            "The notebook's kernel died, most often for lack of memory. Run again with fewer "
            "reports at a time: --jobs 1."
        )
    # An error of the notebook comes as papermill's, with the name and the text of the first.
    name = getattr(error, "ename", type(error).__name__)
    text = " ".join(str(getattr(error, "evalue", error)).split())
    parts = [text] if name == "Refusal" and text else [name, text]
    line = ": ".join(filter(None, parts))
    return line if len(line) <= LONGEST_REASON else line[: LONGEST_REASON - 1] + "…"


def _as_far_as_it_came(notebook, error):
    """The notebook with what really ran, and failed, marked.

    papermill marks every cell "completed" when a kernel dies or runs out of time.
    """
    if hasattr(error, "ename"):
        return notebook
    records = [cell.metadata.papermill for cell in notebook.cells]
    begun = [record for record in records if record.get("start_time")]
    for record in records:
        if not record.get("start_time"):
            record["status"] = "pending"
    if begun:
        begun[-1]["status"] = "failed"
    return notebook


@contextmanager
def quiet_papermill():
    """papermill's own log lines are for developers: what failed is told by the manifest."""
    logger = getLogger("papermill")
    before = logger.level
    logger.setLevel(CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


class Stopped(Exception):
    """The batch was stopped; this report was neither made nor failed."""


class Kernels:
    """The kernels that a batch has started, so that all can be stopped at once.

    A context manager that leaves none.
    """

    def __init__(self):
        _clear_after_killed_runs()
        self.folder = Path(tempfile.mkdtemp(prefix=f"sts-{os.getpid()}-"))
        self.stopped = False
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._processes = []
        self.manager_class = _manager_class(self)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connection_file(self):
        """A connection file of its own for each kernel: its sockets are named after it (path)."""
        return str(self.folder / f"k{next(self._numbers)}.json")

    def transport(self):
        """How to talk to the kernels: "ipc" or "tcp".

        Sockets in the batch's own folder where the system has them, otherwise ports.
        """
        short = len(os.fsencode(self.folder / "k000000-ipc")) < LONGEST_SOCKET
        return "ipc" if os.name == "posix" and short else "tcp"

    def started(self, process):
        """Remember a kernel's process, or kill it when the batch was stopped in the meantime."""
        with self._lock:
            running = [each for each in self._processes if each.poll() is None]
            self._processes = [*running, process]
            stopped = self.stopped
        if stopped:
            kill(process)
            raise Stopped

    def stop(self):
        """Kill every kernel and let no other start."""
        with self._lock:
            self.stopped = True
        for process in self._processes:
            kill(process)


def _clear_after_killed_runs():
    for left in Path(tempfile.gettempdir()).glob("sts-[0-9]*-*"):
        owner = left.name.split("-")[1]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _manager_class(kernels):
    class ReportKernelManager(AsyncKernelManager):
        """A stock kernel manager that knows the batch's kernels.

        Its kernel is this interpreter, whatever kernels are installed on the machine.
        """

        def __init__(self, **options):
            super().__init__(
                transport=kernels.transport(), connection_file=kernels.connection_file(), **options
            )

        @property
        def kernel_spec(self):
            if self._kernel_spec is None:
                self._kernel_spec = KernelSpec(**get_kernel_dict(), env=ONE_CORE)
            return self._kernel_spec

        async def _async_launch_kernel(self, kernel_cmd, **options):
            if kernels.stopped:
                raise Stopped
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super()._async_launch_kernel(kernel_cmd, **options | quiet)
            kernels.started(self.provisioner.process)

    return ReportKernelManager


@contextmanager
def stoppable():
    """Let a termination signal do what Ctrl-C does, and say which it was."""

    def stop(number, frame):
        raise KeyboardInterrupt(number)

    with _handlers(stop):
        yield


@contextmanager
def unstoppable():
    """A second Ctrl-C does not interrupt the tidying after the first."""
    with _handlers(signal.SIG_IGN):
        yield


@contextmanager
def _handlers(handler):
    before = {}
    if threading.current_thread() is threading.main_thread():  # no other thread hears signals
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            # What is ignored stays ignored: a run under nohup goes on when its terminal is closed.
            if number and signal.getsignal(number) != signal.SIG_IGN:
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old if old is not None else signal.SIG_DFL)


def kill(process):
    """Kill a process that leads a group of its own, and what it started with it."""
    if process.poll() is not None:
        return
    try:
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:  # the group is gone already
        process.kill()
