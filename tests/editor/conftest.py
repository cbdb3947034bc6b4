"""A real server with JupyterLab and Voila, and pictures edited in a real browser."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import nbformat
import pytest

from see_the_system.theory.opening import new_record, open_record
from tests.browser import running_browser

TOKEN = "a-token-of-the-tests"


class Room:
    """A folder with a server of its own: records in it, and pages that edit them."""

    def __init__(self, folder, browser):
        self.folder = folder
        self.browser = browser
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = None
        self.start()

    def start(self):
        """Starts the server, again on the same port."""
        own = {f"JUPYTER_{name}_DIR": str(self.folder / name) for name in ("CONFIG", "DATA")}
        command = [sys.executable, "-m", "jupyter", "server", "--ServerApp.ip=127.0.0.1"]
        command += [f"--ServerApp.port={self.port}", f"--IdentityProvider.token={TOKEN}"]
        command += ["--no-browser", "--allow-root", "--ServerApp.port_retries=0"]
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=os.environ | own, stdout=log, stderr=log
            )
        for _ in range(600):
            try:
                with urllib.request.urlopen(self.url("api/status")):
                    return
            except URLError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text())

    def stop(self):
        """Stops the server and its kernels."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def lesson(self, name, theory=None, *, diagram="fishbone", options="", shows=""):
        """A notebook that edits a record of its own in one picture, or ``shows`` something else."""
        path = self.folder / f"{name}.theory"
        if not path.exists():
            with new_record(path, team=name) as record:
                if theory is not None:
                    record.merge(theory, author="The team before")
        code = f"from helpers import *\nrecord = open_record({path.name!r})\n" + (
            shows or f"edit(record, {diagram!r}{options})"
        )
        cells = [nbformat.v4.new_markdown_cell("# Our picture"), nbformat.v4.new_code_cell(code)]
        cells[1].metadata["deletable"] = False
        notebook = nbformat.v4.new_notebook(cells=cells)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.folder / f"{name}.ipynb")

    def theory(self, name):
        """What stands in a lesson's record (Theory)."""
        with open_record(self.folder / f"{name}.theory") as record:
            return record.theory()

    def url(self, path):
        """An address of the server, with its token (text)."""
        return f"http://127.0.0.1:{self.port}/{path}?token={TOKEN}"

    @contextmanager
    def page(self, name, *, who="Ana", surface="voila/render", width=1280, height=900, **context):
        """A page of a lesson in a browser of its own, which knows ``who`` writes, if any."""
        size = {"width": width, "height": height}
        with self.browser.new_context(viewport=size, **context) as own:
            own.set_default_timeout(30_000)
            if who:
                own.add_init_script(f"localStorage.setItem('see-the-system who', {who!r})")
            page = own.new_page()
            page.errors = []
            page.on("pageerror", lambda error: page.errors.append(str(error)))
            page.goto(self.url(f"{surface}/{name}.ipynb"))
            if surface.startswith("voila"):
                page.wait_for_selector(".sts .places, .sts [data-number], .sts[data-number]")
            yield page


@contextmanager
def open_room(folder):
    """A room in a folder, with a browser of its own (Room)."""
    with running_browser() as browser:
        found = Room(Path(folder), browser)
        try:
            yield found
        finally:
            found.stop()


@pytest.fixture(scope="session")
def room(tmp_path_factory):
    """One server and one browser for all tests of the editor (Room)."""
    with open_room(tmp_path_factory.mktemp("room")) as found:
        yield found
