"""How a run is stopped: by Ctrl-C, a termination signal or a closed terminal, and once."""

import os
import signal
import threading
from contextlib import contextmanager


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
