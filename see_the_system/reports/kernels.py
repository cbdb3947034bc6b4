"""The kernels of one batch, and how a batch is stopped.

A kernel is this very Python, with no port to race for, and none is left when the batch ends. A run
is stopped by Ctrl-C, a termination signal or a closed terminal, and once.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import psutil
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec

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
