"""``see-the-system workshop``: one command prepares a room and opens it."""

import webbrowser
from contextlib import contextmanager

import click
import filelock

from see_the_system.messages import Refusal
from see_the_system.workshop.server import LessonServer
from see_the_system.workshop.team_folder import TeamFolder


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
