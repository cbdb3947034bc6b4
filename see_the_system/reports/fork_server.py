"""A process that has imported what kernels need, and forks a kernel for everyone who asks.

``python -m see_the_system.reports.fork_server SOCKET`` reads one line of JSON from its input, what
to import and what to rehearse, says "ready", and then forks: a request is a line of JSON on a
connection of its own to the Unix socket, which tells when the kernel ends, and ends the kernel when
it is closed. The server ends, with every kernel, when its input does, so that whoever started it
leaves nothing behind however it ended.

It is one thread and must stay so: a fork copies the memory of all threads and runs one of them, so
that a lock another thread holds is never given back. That is why it starts no kernel, no event loop
and no pool of threads itself, and forks nothing when it finds a second thread.
"""

import ast
import contextlib
import ctypes
import gc
import importlib
import itertools
import json
import os
import selectors
import signal
import socket
import sys
import threading

import psutil

MARK = (
    "SEE_THE_SYSTEM_KERNEL"  # whose child a process is: what a kernel leaves behind is found by it
)
_BECOME_PARENT_OF_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER of Linux
# What ipykernel imports only when a kernel starts, the debugger first, takes as long as the rest of
# the start.
_OF_EVERY_KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipykernel.debugger",
    "matplotlib_inline",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
)


def threads():
    """How many threads this process has, those of libraries included (int)."""
    return psutil.Process().num_threads()


def main(path):
    """Prepare, say so, and fork kernels until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started the server
    wanted = json.loads(sys.stdin.buffer.readline() or "{}")
    with (
        _while_wanted(),
        _one_core(),
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
    ):
        prepare(wanted.get("modules", ()))
        if "cells" in wanted:
            rehearse(wanted["cells"], wanted["tries"])
    gc.collect()
    gc.freeze()  # a collection in a kernel would copy every page that it shares with the server
    server = _Server(path)
    print("ready", flush=True)
    server.serve()


def prepare(modules):
    """Import what kernels need, and keep it from starting threads."""
    for name in (*_OF_EVERY_KERNEL, *modules):
        importlib.import_module(name)
    if "pyarrow" in sys.modules:
        pyarrow = sys.modules["pyarrow"]
        pyarrow.set_cpu_count(1)
        pyarrow.set_io_thread_count(1)


def rehearse(cells, tries):
    """Run a notebook's code to have loaded and worked out what it needs, once to its end.

    cells: [source, whether it declares the parameters], in their order; tries: the parameters of
    one report after another, for some end early. What fails here fails again in a report, where it
    is told.
    """
    any(_comes_to_its_end(cells, parameters) for parameters in tries)


def _comes_to_its_end(cells, parameters):
    names = {"__name__": "__main__"}
    try:
        for source, declares in cells:
            tree = ast.parse(source)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "<rehearsal>", "exec"), names)
            shown = last and eval(compile(ast.Expression(last.value), "<rehearsal>", "eval"), names)
            if hasattr(shown, "_repr_mimebundle_"):
                shown._repr_mimebundle_()
            if declares:
                names.update(parameters)
    except (Exception, SystemExit):
        return False
    return True


@contextlib.contextmanager
def _while_wanted():
    """Nobody reads the input yet: the system ends this process when whoever started it is gone."""
    import fcntl  # which Windows lacks, where this module is read and not run

    flags = fcntl.fcntl(0, fcntl.F_GETFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, flags | os.O_ASYNC)  # the SIGIO of a closed pipe ends it
    try:
        yield
    finally:
        fcntl.fcntl(0, fcntl.F_SETFL, flags)


@contextlib.contextmanager
def _one_core():
    """The solver starts a thread for every two cores that it sees when it is first used."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class _Server:
    def __init__(self, path):
        self.kernels = {}  # of each kernel's number: the connection that asked for it
        self.events = selectors.DefaultSelector()
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(path)
        self.door.listen(64)
        self.events.register(self.door, selectors.EVENT_READ, self.asked)
        self.events.register(sys.stdin.fileno(), selectors.EVENT_READ, self.left_alone)
        heard, self.bell = os.pipe()
        os.set_blocking(self.bell, False)
        os.set_blocking(heard, False)
        self.heard = heard
        self.events.register(heard, selectors.EVENT_READ, self.ended)
        signal.set_wakeup_fd(self.bell, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_BECOME_PARENT_OF_ORPHANS, 1)

    def serve(self):
        while True:
            for key, _ in self.events.select():
                key.data()

    def left_alone(self):
        """Whoever started the server is gone: so is everything that it forked."""
        for number in list(self.kernels):
            _kill_group(number)
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                process.kill()
        os._exit(0)

    def asked(self):
        connection, _ = self.door.accept()
        with connection.makefile("rb") as lines:
            line = lines.readline()
        if not line:
            connection.close()
            return
        count = threads()
        if count > 1:
            _tell(connection, error=f"the server has {count} threads")
            connection.close()
            return
        number = os.fork()
        if not number:
            self.become_kernel(json.loads(line))
        self.kernels[number] = connection
        self.events.register(connection, selectors.EVENT_READ, lambda: self.let_go(number))
        _tell(connection, number=number, threads=count)

    def let_go(self, number):
        """Nobody waits for this kernel any more."""
        if number in self.kernels:  # it may have ended at this very moment
            self.events.unregister(self.kernels[number])
            _kill_group(number)

    def ended(self):
        """Tell of the kernels that have ended, and end what they left behind."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.heard, 4096)
        with contextlib.suppress(ChildProcessError):
            while (gone := os.waitpid(-1, os.WNOHANG))[0]:
                self.one_ended(*gone)

    def one_ended(self, number, status):
        connection = self.kernels.pop(number, None)
        if connection is None:  # an orphan that a kernel left and that ended by itself
            return
        _kill_group(number)
        self.kill_orphans(number)
        with contextlib.suppress(KeyError):
            self.events.unregister(connection)
        with contextlib.suppress(OSError):
            _tell(connection, status=os.waitstatus_to_exitcode(status))
        connection.close()

    def kill_orphans(self, number):
        for process in psutil.Process().children():
            with contextlib.suppress(psutil.Error):
                # One without a mark was forked and left its group: whose it is cannot be told.
                own = process.environ().get(MARK, str(number)) == str(number)
                if process.pid not in self.kernels and own:
                    for one in [*process.children(recursive=True), process]:
                        one.kill()

    def become_kernel(self, request):
        """The forked process: a kernel as ``python -m ipykernel_launcher`` would be."""
        code = 1
        try:
            self.leave()
            os.environ.clear()
            os.environ.update(request["env"])
            os.environ[MARK] = str(os.getpid())
            os.chdir(request["cwd"])
            sys.argv = request["argv"]
            _run_kernel(request["argv"][1:])
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            os._exit(code)

    def leave(self):
        """Let go of what is the server's: its signals, its connections, its input and output."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.events.close()
        for one in (self.door, *self.kernels.values()):
            one.close()
        os.close(self.heard)
        os.close(self.bell)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        os.close(nothing)


def _run_kernel(arguments):
    from ipykernel.kernelapp import IPKernelApp

    _as_if_fresh()
    # Its default was read from the environment of the server; a kernel ends when the server does.
    app = IPKernelApp.instance(parent_handle=os.getppid())
    app.initialize(arguments)
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    if inline:  # it looked for a shell when it was imported, and there was none
        inline._enable_matplotlib_integration()
    app.start()


def _as_if_fresh():
    """What a new process would not have: chance drawn from, threads numbered, warnings given."""
    threading._counter = itertools.count(1).__next__  # nothing public begins it anew
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    for module in list(sys.modules.values()):
        given = getattr(module, "__warningregistry__", None)
        if isinstance(given, dict):
            given.clear()


def _tell(connection, **what):
    connection.sendall(json.dumps(what).encode() + b"\n")


def _kill_group(number):
    with contextlib.suppress(OSError):
        os.killpg(number, signal.SIGKILL)


if __name__ == "__main__":
    if sys.path[0] == os.getcwd():  # as for every kernel, modules beside the notebook come later
        del sys.path[0]
    main(sys.argv[1])
