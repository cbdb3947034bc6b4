"""The kernels of a batch: each is this very Python, with no port to race for, and none is left when
the batch ends.

They are forked from a server that is ready (``warm_kernels``), or stock where that cannot be.
"""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

import psutil
from ipykernel.kernelspec import get_kernel_dict
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec

from see_the_system.messages import Refusal
from see_the_system.reports.warm_kernels import ONE_CORE, PROVISIONER, ForkServer

# bytes in the path of a Unix socket: 104 on macOS, 108 on Linux, less jupyter_client's ending
LONGEST_SOCKET = 90
# bytes of addresses that a kernel may take; the libraries alone take about one and a half billion
MOST_MEMORY = 4 << 30
LARGEST_FILE = 1 << 30  # bytes of one file that a kernel may write
MOST_OUTPUT = 20_000_000  # letters in one notebook: about what a browser still opens
_LINE = 60  # letters that a line costs besides its own: a notebook keeps lines apart
TOO_MUCH = "Stopped, because it printed more than a page can hold. Look for what prints in a loop."
MODULES = (
    __name__,
    "helpers",
    "see_the_system.reports.district_report",
    "pandas",
    "matplotlib.pyplot",
)


class Stopped(Exception):
    """The batch was stopped; this report was neither made nor failed."""


class TooMuchOutput(Exception):
    """A notebook printed so much that it was stopped, in its ``cell`` of this number."""

    def __init__(self, cell=None):
        super().__init__()
        self.cell = cell


class Kernels:
    """The kernels that a batch has started, so that all can be stopped at once.

    A context manager that leaves none. rehearsal: what the server is to run once before it forks,
    as ``ForkServer`` takes it; warm: whether kernels are forked where they can be.
    """

    def __init__(self, rehearsal=None, *, warm=True):
        _clear_after_killed_runs()
        self.folder = Path(tempfile.mkdtemp(prefix=f"sts-{os.getpid()}-"))
        self.stopped = False
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._processes = []
        try:
            self.server = ForkServer(self.folder, MODULES, rehearsal) if warm else None
        except BaseException:  # Ctrl-C while it gets ready
            shutil.rmtree(self.folder, ignore_errors=True)
            raise
        self.manager_class = _manager_class(self)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        """Leave nothing: no kernel, no server, no file."""
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

    def spec(self):
        """What a kernel is started with (KernelSpec)."""
        metadata = {}
        if self.server and self.server.socket:
            config = {"socket": self.server.socket}
            metadata = {"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": config}}
        kernel = get_kernel_dict([f"--ext={__name__}"])
        return KernelSpec(**kernel | {"metadata": metadata}, env=ONE_CORE)

    def started(self, process):
        """Remember a kernel's process, or kill it when the batch was stopped in the meantime."""
        _limit(process)
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
        if self.server:
            self.server.close()


def _clear_after_killed_runs():
    for left in Path(tempfile.gettempdir()).glob("sts-[0-9]*-*"):
        owner = left.name.split("-")[1]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _limit(process):
    """A report that eats all memory, or all of a disk, would take the others along."""
    with suppress(ImportError, AttributeError, OSError):  # Linux alone can do it from outside
        import resource

        for what, most in (("RLIMIT_AS", MOST_MEMORY), ("RLIMIT_FSIZE", LARGEST_FILE)):
            _, allowed = resource.prlimit(process.pid, getattr(resource, what))
            most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
            resource.prlimit(process.pid, getattr(resource, what), (most, most))


def letters(texts):
    """How much of ``MOST_OUTPUT`` these take (int); what is no text takes nothing."""
    texts = [text for text in texts if isinstance(text, str)]
    return sum(len(text) + _LINE * text.count("\n") for text in texts)


def load_ipython_extension(shell):
    """In a kernel: end what prints or shows more than a page can hold, before it is sent.

    A kernel would hold it several times over, and so would whoever reads it.
    """
    lock = threading.Lock()
    left = MOST_OUTPUT

    def spend(texts):
        nonlocal left
        count = letters(texts)
        with lock:
            if count > left:
                raise Refusal(TOO_MUCH)
            left -= count

    for stream in (sys.stdout, sys.stderr):
        stream.write = _counted(stream, spend)
    session = shell.display_pub.session
    send = session.send

    def send_counted(stream, message, content=None, *rest, **more):
        shown = message.get("content") if isinstance(message, dict) else content
        data = shown.get("data") if isinstance(shown, dict) else None
        if isinstance(data, dict):
            spend(data.values())
        return send(stream, message, content, *rest, **more)

    session.send = send_counted


def _counted(stream, spend):
    write = stream.write
    beyond = 0

    def write_counted(text):
        nonlocal beyond
        try:
            spend([text])
        except Refusal:
            if threading.current_thread() is not getattr(stream, "watch_fd_thread", None):
                raise
            # What a child prints comes by a thread of the stream, which must go on reading. With a
            # tenth more the engine, which counts too, ends the report; it need not see the rest.
            beyond += letters([text])
            if beyond > MOST_OUTPUT // 10:
                return len(text)
        return write(text)

    return write_counted


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
                self._kernel_spec = kernels.spec()
            return self._kernel_spec

        async def _async_launch_kernel(self, kernel_cmd, **options):
            if kernels.stopped:
                raise Stopped
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await super()._async_launch_kernel(kernel_cmd, **options | quiet)
            kernels.started(self.provisioner.process)

    return ReportKernelManager


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
