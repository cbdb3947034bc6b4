"""Starting a workshop's one server, waiting until it answers, and stopping it with its kernels."""

import subprocess
import sys
import time
import urllib.request
import webbrowser
from contextlib import contextmanager
from importlib.util import find_spec

import click
import filelock

from see_the_system.messages import Refusal
from see_the_system.workshop.lesson_server import environment, write_settings
from see_the_system.workshop.team_folder import FACILITATOR, TeamFolder, port_is_free


def open_workshop(path, *, team=None, practice=False, port=None, lessons=None):
    """Prepares a team's folder, opens it in the browser, and stays until it is stopped."""
    folder = TeamFolder(path, lessons=lessons, practice=practice)
    folder.make()
    with _open_once(folder):
        for notice in folder.prepare(team=team):
            click.echo(notice)
        server = LessonServer(folder, port=port)
        click.echo("Opening the workshop; this takes some seconds.")
        try:
            server.start()
            _say_what_is_open(server)
            server.wait()
            raise Refusal(
                "The workshop's server ended by itself: run the same command again, the team's "
                f"work is kept. What the server said is in {server.log}."
            )
        except KeyboardInterrupt:
            click.echo(f"\nThe workshop is closed. The team's work is in {folder.record}.")
        finally:
            server.stop()


@contextmanager
def _open_once(folder):
    """Holds the folder for as long as its server runs; Refusal where it is open already."""
    lock = filelock.FileLock(folder.settings / "open.lock")
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        address = LessonServer(folder).address
        webbrowser.open(address)
        raise Refusal(f"The workshop in {folder.path} is open already, at {address}") from None
    try:
        yield
    finally:
        lock.release()


def _say_what_is_open(server):
    if webbrowser.open(server.address):
        click.echo(f"The workshop is open in your browser, at {server.address}")
    else:
        click.echo(f"No browser was found here. Open this address in one: {server.address}")
    if server.folder.practice:
        click.echo("This is practice: the worked example of the synthetic practice network.")
    click.echo(f"The facilitator's notes: {server.facilitator_address}")
    click.echo(f"The team's work is kept in {server.folder.record}, each change as it is made.")
    click.echo("To close the workshop, press Ctrl+C here, once. Nothing is lost by it.")


_ANSWERS_WITHIN = 120  # seconds: a school's laptop with a virus scanner takes half of them
_PORT_FREE_WITHIN = 4  # seconds: as long as the server of a killed command takes to end
_ENDS_WITHIN = 15  # seconds
# A proxy of the school knows nothing of this machine's own address.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def open_and_close(path):
    """Prepares a workshop in a folder, starts its server and stops it again: a trial."""
    folder = TeamFolder(path)
    folder.make()
    folder.prepare()
    server = LessonServer(folder)
    try:
        server.start()
    finally:
        server.stop()


def must_be_installed(package):
    """Refusal where a package that shows the lessons is not installed."""
    if find_spec(package) is None:
        raise Refusal(
            f"The package {package}, which shows the lessons, is not installed: install this "
            "project again, as its README says."
        )


class LessonServer:
    """The server of a TeamFolder: Voila for the team, JupyterLab for the facilitator."""

    def __init__(self, folder, *, port=None):
        self.folder = folder
        self.chosen = folder.address(port)
        self.log = folder.jupyter / "server.log"
        self._process = None

    @property
    def root(self):
        """The address of the server (text)."""
        return f"http://127.0.0.1:{self.chosen['port']}"

    @property
    def address(self):
        """The address of the start page, with the token (text)."""
        return f"{self.root}/workshop?token={self.chosen['token']}"

    @property
    def facilitator_address(self):
        """The address of the facilitator's lessons (text)."""
        return f"{self.root}/lab/tree/{FACILITATOR}?token={self.chosen['token']}"

    def start(self):
        """Starts it, and returns when it answers; Refusal where it cannot."""
        must_be_installed("voila")
        self._must_be_free()
        write_settings(self.folder, self.chosen)
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyter_server"],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder.jupyter,
                env=environment(self.folder.jupyter),
                # Ctrl+C is for the command, which then ends the server and the kernels in order.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        self._wait_until_it_answers()

    def wait(self):
        """Returns when the server ends by itself (int: its exit status)."""
        while True:
            try:
                return self._process.wait(1)
            except subprocess.TimeoutExpired:  # Windows hears Ctrl+C between two looks only
                continue

    def stop(self):
        """Ends the server and its kernels; the end of its input is what it waits for."""
        if self._process is None:
            return
        self._process.stdin.close()
        try:
            self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _must_be_free(self):
        port = self.chosen["port"]
        until = time.monotonic() + _PORT_FREE_WITHIN
        while not port_is_free(port):
            if time.monotonic() > until:
                raise Refusal(
                    f"Another program uses this workshop's address, {self.root}: close that "
                    "program, or give the workshop a new address, which it keeps, with --port "
                    "and another number from 20000 to 31999."
                )
            time.sleep(0.2)

    def _wait_until_it_answers(self):
        until = time.monotonic() + _ANSWERS_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            if self._answers():
                return
            time.sleep(0.1)
        self.stop()
        raise Refusal(
            f"The workshop's server did not start. What it said is in {self.log}; show that file "
            "to whoever set up this machine."
        )

    def _answers(self):
        token = {"Authorization": f"token {self.chosen['token']}"}
        asked = urllib.request.Request(f"{self.root}/api/status", headers=token)
        try:
            with _DIRECT.open(asked, timeout=5) as answer:
                return answer.status == 200
        except OSError:  # URLError is one: nobody listens yet
            return False
