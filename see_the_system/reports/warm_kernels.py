"""Kernels forked from a server that has imported everything: a kernel provisioner of Jupyter's.

Everything else of a kernel is stock: ipykernel, its connection file, its manager. A report in one
costs neither the imports nor what was rehearsed. Where there is no fork, or the server cannot be
had, the kernel is the stock one, and nothing but the time differs.

This module is loaded by Jupyter while papermill loads its engines, and so imports no papermill.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from jupyter_client.provisioning import LocalProvisioner
from traitlets import Unicode

PROVISIONER = "see-the-system-warm"  # its name among Jupyter's, as in pyproject.toml
# macOS has fork, but its own libraries do not stand it.
CAN_FORK = sys.platform == "linux"
# One kernel, one core: reports run side by side, and the linear algebra of each would otherwise
# start threads for all cores.
THREADS = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
ONE_CORE = dict.fromkeys(THREADS, "1")
# What a server's libraries read when they are imported: the backend that a notebook draws with, and
# that Arrow's allocator is to start no thread.
_FOR_SERVER = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


class ForkServer:
    """A running ``fork_server``, until it is closed or this process ends.

    folder: where its socket is; modules: what to import; rehearsal: (cells, tries) as
    ``fork_server.rehearse`` takes them, or None; patience: seconds for getting ready. ``socket`` is
    where to ask it, "" where there is none.
    """

    def __init__(self, folder, modules=(), rehearsal=None, *, patience=120):
        self.folder = folder
        self.socket = ""
        self.process = None
        if CAN_FORK:
            self._start(modules, rehearsal, patience)
            if not self.socket and rehearsal:  # a notebook may end the process that runs it
                self._start(modules, None, patience)

    def _start(self, modules, rehearsal, patience):
        path = str(self.folder / "fork")
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.fork_server", path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | ONE_CORE | _FOR_SERVER,
            start_new_session=True,
        )
        wanted = {"modules": list(modules)}
        if rehearsal:
            wanted["cells"], wanted["tries"] = rehearsal
        late = threading.Timer(patience, self.process.kill)
        late.start()
        try:
            self.process.stdin.write(json.dumps(wanted).encode() + b"\n")
            self.process.stdin.flush()
            ready = self.process.stdout.readline() == b"ready\n"
        except OSError:
            ready = False
        except BaseException:  # Ctrl-C: nobody will wait for it
            self.process.kill()
            self._end()
            raise
        finally:
            late.cancel()
        if ready:
            self.socket = path
        else:
            self._end()

    def _end(self):
        with suppress(OSError):
            self.process.stdin.close()  # the server ends its kernels and itself
        try:
            self.process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def close(self):
        """End the server and every kernel that it forked."""
        if self.socket:
            self.socket = ""
            self._end()


class ForkedKernel:
    """A kernel that a ``fork_server`` forked, with the face of a ``subprocess.Popen``.

    Raises OSError where the server does not fork it.
    """

    stdin = stdout = stderr = None

    def __init__(self, address, argv, *, env, cwd):
        self.returncode = None
        self._said = b""  # of what was not read yet
        self._one_reader = threading.Lock()
        self._line = socket.socket(socket.AF_UNIX)
        try:
            self._line.connect(address)
            request = {"argv": argv, "env": env, "cwd": cwd}
            self._line.sendall(json.dumps(request).encode() + b"\n")
            answer = json.loads(self._read_line() or '{"error": "it ended"}')
        except (OSError, ValueError) as error:
            self._line.close()
            raise OSError(f"no kernel was forked: {error}") from error
        if "error" in answer:
            self._line.close()
            raise OSError(f"no kernel was forked: {answer['error']}")
        self.pid = answer["number"]
        self.threads = answer["threads"]

    def poll(self):
        """How it ended, as of ``Popen`` (int); None while it runs."""
        return self._ask(0)

    def wait(self, timeout=None):
        """Wait until it has ended (int); ``subprocess.TimeoutExpired`` where it has not."""
        status = self._ask(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("a kernel", timeout)
        return status

    def _ask(self, timeout):
        with self._one_reader:
            if self.returncode is None and self._has_ended(timeout):
                # A server that ended took its kernels along.
                said = self._read_line()
                self.returncode = json.loads(said)["status"] if said else -signal.SIGKILL
                self._line.close()
        return self.returncode

    def _has_ended(self, timeout):
        if self._said:
            return True
        reader = select.poll()
        reader.register(self._line, select.POLLIN)
        return bool(reader.poll(None if timeout is None else 1000 * timeout))

    def _read_line(self):
        while b"\n" not in self._said:
            part = self._line.recv(4096)
            if not part:
                return b""
            self._said += part
        line, _, self._said = self._said.partition(b"\n")
        return line

    def send_signal(self, number):
        """Send a signal to the kernel, if it runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self):
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self):
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from the server at ``socket``, or starts a stock one where that fails."""

    socket = Unicode(help="where a ForkServer is asked").tag(config=True)

    async def launch_kernel(self, cmd, **kwargs):
        """Have a kernel forked (its connection info, a dict)."""
        env = dict(kwargs.get("env") or os.environ)
        cwd = str(kwargs.get("cwd") or Path.cwd())
        launcher = cmd.index("ipykernel_launcher") if "ipykernel_launcher" in cmd else None
        if launcher is None or not self.socket:
            return await super().launch_kernel(cmd, **kwargs)
        try:
            self.process = ForkedKernel(self.socket, cmd[launcher:], env=env, cwd=cwd)
        except OSError:
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid  # it leads a group of its own
        self.cwd = cwd
        return self.connection_info
