"""How a run is stopped: by Ctrl-C, a termination signal or a closed terminal, and once."""

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
    main = threading.current_thread() is threading.main_thread()
    numbers = [
        getattr(signal, name)
        for name in ("SIGINT", "SIGTERM", "SIGHUP")
        if main and hasattr(signal, name)
    ]
    # What is ignored stays ignored: a run under nohup goes on when its terminal is closed.
    before = {
        number: signal.signal(number, handler)
        for number in numbers
        if signal.getsignal(number) != signal.SIG_IGN
    }
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old if old is not None else signal.SIG_DFL)
