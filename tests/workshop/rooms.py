"""A workshop that is opened as a person opens it: the command, the server and a browser's name."""

import os
import shlex
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

BROKEN = (
    ".jupyter/jupyter_server_config.py",
    ".jupyter/voila.py",
    ".ipython/profile_default/ipython_config.py",
    ".local/share/jupyter/kernels/python3/kernel.json",
)
BREAKS = "raise SystemExit('a person's own settings were read')"
MAIN = "from see_the_system.cli import main; main()"


class OpenedRoom:
    """One run of ``see-the-system workshop``; what it said, and what it told the browser."""

    def __init__(self, place, arguments, *, browser=True):
        self.out, self.err, self.asked = (place / name for name in ("out", "err", "asked"))
        self.asked.unlink(missing_ok=True)
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-c", MAIN, "workshop", *map(str, arguments)],
                stdout=out,
                stderr=err,
                cwd=place,
                env=_environment(place, self.asked, browser),
            )

    @property
    def said(self):
        """What the command has printed so far (text)."""
        return self.out.read_text("utf-8")

    @property
    def address(self):
        """The address that the browser was told (text)."""
        return self.asked.read_text("utf-8").split()[0]

    def wait_for(self, words):
        """Returns when the command has printed some words."""
        until = time.monotonic() + 120
        while words not in self.said:
            assert self.process.poll() is None, self.err.read_text("utf-8")
            assert time.monotonic() < until, self.said
            time.sleep(0.05)

    def close(self):
        """Ctrl+C, once; gives the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def ends(self):
        """Waits for the end (exit status, what it printed on its error stream)."""
        return self.process.wait(120), self.err.read_text("utf-8")


def _environment(place, asked, browser):
    """This environment with a browser that writes down its address, or without any browser."""
    hidden = {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"}
    own = {name: value for name, value in os.environ.items() if name not in hidden}
    own["HOME"] = str(home_of_a_broken_jupyter(place))
    if not browser:
        return {**own, "PATH": str(Path(sys.executable).parent)}
    script = place / "browser.sh"
    script.write_text(f'#!/bin/sh\necho "$1" >> "{asked}"\n')
    script.chmod(0o755)
    return {**own, "BROWSER": f"{shlex.quote(str(script))} %s"}


def home_of_a_broken_jupyter(place):
    """A person's home folder, whose Jupyter and IPython settings stop whoever reads them.

    The workshop's folder lies in it, as it does at home.
    """
    home = place
    for name in BROKEN:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(BREAKS)
    return home


def files_of(home):
    """What is in a home folder that Jupyter could have changed (dict of texts by path)."""
    found = (path for name in BROKEN for path in (home / name).parent.rglob("*"))
    return {path: path.read_text("utf-8") for path in found if path.is_file()}


@contextmanager
def opened_room(place, *arguments, **how):
    """A workshop that is open; it is closed afterwards."""
    room = OpenedRoom(place, arguments, **how)
    try:
        room.wait_for("To close the workshop")
        yield room
    finally:
        room.close()


def run_all(page, result):
    """Runs all cells until a result shows: the first press may come before the kernel listens."""
    for _ in range(5):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        try:
            result.wait_for(timeout=12_000)
            return
        except Exception as late:
            if "Timeout" not in type(late).__name__:
                raise
    raise AssertionError("Run All Cells showed nothing")
