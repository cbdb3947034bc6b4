"""A PostgreSQL server of our own that is stopped at once, again and again, while programs write."""

import contextlib
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

from see_the_system.theory.kinds import Category
from tests.theory import workers
from tests.theory.conftest import Place
from tests.theory.kills import started

WRITERS = 3


def programs():
    """The folder of PostgreSQL's own programs (Path); None where they are not here."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    on_the_path = shutil.which("pg_ctl")
    if on_the_path:
        found.append(Path(on_the_path))
    return found[-1].parent if found else None


class OwnServer:
    """A server in a folder of its own, on a free port; PostgreSQL does not run as root."""

    def __init__(self, folder):
        self.bin = programs()
        self.folder = Path(folder)
        self.port = _free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        options = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-locale")
        self._run("initdb", "-D", "data", *options)

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self, mode):
        """Stops it: ``immediate`` as a power cut, ``fast`` as an orderly restart."""
        self._run("pg_ctl", "-D", "data", "-w", "-m", mode, "stop")

    def _run(self, program, *arguments):
        command = [str(self.bin / program), *arguments]
        if os.getuid() == 0:
            as_postgres = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]
            command = [*as_postgres, *command]
        subprocess.run(command, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def _own_server():
    with tempfile.TemporaryDirectory() as folder:
        server = OwnServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")


def restarted(folder, rounds, seed):
    """Stops the server under three programs that write (Counter; None where there is none).

    Each asks with its key until it is told that the edit is kept: every edit is there once.
    """
    if programs() is None or not hasattr(os, "getuid"):
        return None
    chance = random.Random(seed)
    with _own_server() as server:
        place = Place(server.url, "Alder Creek")
        with place.begin() as record:
            record.add(Category(id="category-1", text="Time"), author="Ana")
        files = [folder / f"said-{n}" for n in range(WRITERS)]
        until = folder / "enough"
        writers = [_writer(place, n, said, until) for n, said in enumerate(files)]
        for _ in range(rounds):
            time.sleep(chance.uniform(0.3, 1.5))
            server.stop(chance.choice(("immediate", "immediate", "fast")))
            time.sleep(chance.uniform(0, 0.5))
            server.start()
        time.sleep(2)
        until.touch()
        for writer in writers:
            writer.join(60)
            assert writer.exitcode == 0
        return _each_is_there_once(place, files, rounds)


def _writer(place, n, said, until):
    name = f"worker-{n}"
    return started(workers.edit_through_restarts, place.where, place.team, name, said, until)


def _each_is_there_once(place, files, rounds):
    lines = [line for path in files for line in path.read_text().splitlines()]
    said = [line for line in lines if not line.startswith("?")]
    with place.open() as record:
        assert record.verify() == record.number
        kept = Counter(cause.text for cause in record.theory().causes)
    assert max(kept.values()) == 1, "an edit was made twice"
    lost = [key for key in said if key not in kept]
    assert lost == []
    assert len(kept) - len(said) <= WRITERS  # asked for at the end, and never answered
    refused = sum(line.startswith("?") for line in lines)
    unknown = sum("it is not known" in line for line in lines)
    return Counter(
        restarts=rounds, acknowledged=len(said), lost=0, refused=refused, unknown=unknown
    )
