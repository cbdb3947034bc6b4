"""A team's folder: its record, its lessons in both editions, its start page and its address."""

import json
import secrets
import socket
from datetime import date
from pathlib import Path

import nbformat
from nbformat.sign import NotebookNotary

from see_the_system.messages import Refusal
from see_the_system.paths import NOTEBOOKS, write_whole
from see_the_system.theory import opening
from see_the_system.theory.opening import SETTINGS
from see_the_system.workshop import editions
from see_the_system.workshop.editions import START_PAGE, write_start_page
from see_the_system.workshop.run_sheet import make_agenda, read_path, write_run_sheet

FACILITATOR = "facilitator"
RUN_SHEET = f"{FACILITATOR}/run_sheet.html"
_PORTS = range(20_000, 32_000)  # below those that systems lend to programs for a moment
_TEAMS_OWN = {opening.RECORD, opening.PRACTICE_RECORD}


class TeamFolder:
    """A team's workshop folder, by its path; it is made by ``prepare``."""

    def __init__(self, path, *, lessons=None, practice=False):
        self.path = Path(path).resolve()
        self.lessons = lessons or NOTEBOOKS  # the folder of the stored ones
        self.practice = practice  # whether its record begins as the worked example
        self.team = ""  # its name, once the folder is prepared
        self.settings = self.path / SETTINGS
        self.record = self.path / opening.RECORD

    def make(self):
        """Makes the folder where there is none yet; Refusal where it cannot be a workshop's."""
        if self.path.exists() and not self.path.is_dir():
            raise Refusal(
                f"{self.path} is a file, and a workshop needs a folder: name one that is empty or "
                "not there yet."
            )
        try:
            self._must_be_a_workshops()
            self.settings.mkdir(parents=True, exist_ok=True, mode=0o700)
            (self.path / FACILITATOR).mkdir(exist_ok=True)
            write_whole(self.path / ".gitignore", "*\n")
        except OSError as fault:
            raise Refusal(
                f"The folder {self.path} cannot be written ({fault.strerror}): name one that can, "
                "with 'see-the-system workshop FOLDER'."
            ) from fault

    def _must_be_a_workshops(self):
        if self.settings.is_dir() or not self.path.exists():
            return
        others = sorted(path.name for path in self.path.iterdir() if not _is_teams(path))
        if others:
            raise Refusal(
                f"{self.path} is no workshop folder and holds other files ({others[0]}): name a "
                "folder that is empty or not there yet."
            )

    def prepare(self, *, team=None):
        """Opens the record once and writes the lessons and the start page anew.

        What a team wrote is never lost: a lesson that someone changed is kept beside the new one.
        Gives what is to be said about that (list of texts). Refusal where the record cannot be
        opened.
        """
        self._settle_practice()
        begin = opening.open_example if self.practice else opening.open_work
        with begin(self.record, team=team) as record:
            self.team = record.team
        notices, cards = self._write_lessons()
        write_start_page(
            self.start_page,
            team=self.team,
            cards=cards,
            practice=self.practice,
            run_sheet=self._write_run_sheet(),
        )
        return notices

    def _settle_practice(self):
        """A folder is for practice or for a team, once and for all: neither becomes the other."""
        kept = self._read("room.json")
        if self.practice and (not kept["practice"] if kept else self.record.exists()):
            raise Refusal(
                f"{self.path} is a team's own folder, and the worked example goes into another: "
                "leave the folder out, or name one that is not there yet."
            )
        self.practice = kept["practice"] if kept else self.practice
        write_whole(self.settings / "room.json", json.dumps({"practice": self.practice}))

    def _write_run_sheet(self):
        """Writes the facilitator's run sheet; where it is (text), empty where no minutes add up."""
        path = self.path / RUN_SHEET
        try:
            write_run_sheet(path, make_agenda(read_path(self.lessons), "each-lesson"))
        except Refusal:  # lessons of one's own need not say their minutes
            path.unlink(missing_ok=True)
            return ""
        return RUN_SHEET

    @property
    def start_page(self):
        """The file of the start page (Path)."""
        return self.path / START_PAGE

    def _write_lessons(self):
        before = self._read("lessons.json") or {}
        written, notices, cards = {}, [], []
        for path in editions.lessons(self.lessons):
            lesson = editions.read_lesson(path)
            cards.append(editions.card(lesson, path.name))
            for name, edition in _both(path.name, lesson):
                kept = self._keep_what_was_changed(name, edition, before.get(name))
                notices += [kept] if kept else []
                write_whole(self.path / name, nbformat.writes(edition))
                written[name] = editions.fingerprint(edition)
        write_whole(self.settings / "lessons.json", json.dumps({**before, **written}))
        self._trust(written)
        return notices, cards

    def _keep_what_was_changed(self, name, edition, written):
        """A copy of a lesson that someone changed since it was written; a sentence about it."""
        path = self.path / name
        if not path.exists() or _fingerprint(path) in {written, editions.fingerprint(edition)}:
            return ""
        copy = _free_name(path)
        write_whole(copy, path.read_bytes())
        return (
            f"{name} was changed in this folder. The lesson is as it was written again, and the "
            f"changed one is kept as {copy.relative_to(self.path)}."
        )

    def _trust(self, names):
        """Marks the lessons as trusted in this folder's own JupyterLab."""
        data = self.jupyter / "data"
        data.mkdir(parents=True, exist_ok=True)
        notary = NotebookNotary(data_dir=str(data))
        for name in names:
            notary.sign(nbformat.read(self.path / name, as_version=4))
        notary.store.close()

    @property
    def jupyter(self):
        """The folder of this workshop's own Jupyter settings, data and logs (Path)."""
        return self.settings / "jupyter"

    def address(self, port=None):
        """The port and the token of this folder (dict of "port" and "token").

        They are made once: what a browser keeps for a page belongs to its address. Another ``port``
        is kept from then on.
        """
        kept = self._read("address.json") or {}
        address = {
            "port": port or kept.get("port") or _free_port(),
            "token": kept.get("token") or secrets.token_hex(24),
        }
        if address != kept:
            write_whole(self.settings / "address.json", json.dumps(address))
        return address

    def _read(self, name):
        try:
            return json.loads((self.settings / name).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # not there yet, or not whole: it is made anew
            return None


def _is_teams(path):
    """Whether a file is what a team brings to a new folder, or a system's own."""
    return path.name in _TEAMS_OWN or path.name.startswith((".", "team.theory"))


def _both(name, lesson):
    """The two editions of a lesson, each with its place in the folder (pairs)."""
    yield name, editions.team_edition(lesson)
    yield f"{FACILITATOR}/{name}", editions.facilitator_edition(lesson)


def _fingerprint(path):
    try:
        return editions.fingerprint(editions.read_lesson(path))
    except Refusal:
        return "no notebook"


def _free_name(path):
    """A name beside a file for a copy of today (Path)."""
    stem = f"{path.stem} kept {date.today()}"
    numbers = range(2, 1000)
    names = [stem, *(f"{stem} ({number})" for number in numbers)]
    places = (path.with_name(f"{name}{path.suffix}") for name in names)
    return next(place for place in places if not place.exists())


def port_is_free(port):
    """Whether no program listens at a port of this machine (bool)."""
    with socket.socket() as tried:
        tried.settimeout(1)
        if tried.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port():
    ports = (secrets.choice(_PORTS) for _ in _PORTS)
    return next(port for port in ports if port_is_free(port))
