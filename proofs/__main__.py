"""What records, batches and what is hidden promise, proven at length: a promise a line, in figures.

``python -m proofs`` (``make prove``) runs the code of the seeded samples of ``make test`` for many
more rounds; ``python -m proofs local_tables_attacked`` proves the promises that are named alone.
SEE_THE_SYSTEM_POSTGRES names a PostgreSQL server to prove it on too; a server of its own is
started, and stopped again and again, where PostgreSQL's programs are here.
"""

import os
import secrets
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from proofs import batches, hidden_results, whole_state
from proofs.server_restarts import restarted
from see_the_system.theory import database
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record
from tests.browser import running_browser
from tests.editor.conftest import open_room
from tests.editor.killing import kernels_killed
from tests.editor.two_writers import two_write
from tests.lessons.walk import walked_in_lab, walked_room
from tests.theory import clocks_and_threads, disks, kills, restores
from tests.theory.conftest import Place
from tests.theory.undo_model import held_to_the_model

SERVER = os.environ.get("SEE_THE_SYSTEM_POSTGRES")


def main(*names):
    """Proves one promise after another, or those named (int: how many did not hold)."""
    failed = 0
    begun = time.monotonic()
    promises = (
        writers_killed,
        writers_killed_on_a_server,
        killed_while_beginning,
        server_restarted,
        disks_filled,
        files_that_may_not_grow,
        undo_and_redo_as_the_model,
        undo_and_redo_as_the_model_on_a_server,
        copies_put_back,
        journals_taken,
        clocks_apart,
        looked_at_while_written,
        looked_at_while_written_on_a_server,
        kernels_killed_under_a_picture,
        two_in_one_picture,
        lessons_walked_in_jupyterlab,
        pairs_of_groups_attacked,
        pairs_on_the_sample_attacked,
        totals_beside_pages_attacked,
        local_tables_attacked,
        indicators_attacked,
        pages_attacked,
        whole_state_reported,
        batches_stopped,
        a_thousand_reports_in_one_batch,
    )
    for promise in promises:
        if not names or promise.__name__ in names:
            failed += not _holds(promise)
    minutes = (time.monotonic() - begun) / 60
    print(f"{failed} promises did not hold; {minutes:.1f} minutes")
    return failed


def _holds(promise):
    name = promise.__name__.replace("_", " ")
    start = time.monotonic()
    Path("build").mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir="build", prefix="proof-") as folder:
            counts = promise(Path(folder).resolve())
    except Exception:
        traceback.print_exc()
        print(f"{name:40} DID NOT HOLD", flush=True)
        return False
    figures = "not here"
    if counts is not None:
        figures = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    seconds = time.monotonic() - start
    print(f"{name:40} {figures}  ({seconds:.0f} s)", flush=True)
    return True


@contextmanager
def quick_disk():
    """Lets SQLite leave its writes to the system, where no machine stops."""
    before = database.SETTINGS
    database.SETTINGS = (*before, "synchronous = OFF")
    try:
        yield
    finally:
        database.SETTINGS = before


def _in_a_file(folder):
    return Place(str(folder / "team.theory"), f"Team {secrets.token_hex(6)}")


def _on_the_server():
    return Place(SERVER, f"Team {secrets.token_hex(6)}") if SERVER else None


def _with_a_backup(folder):
    path = folder / "alder.theory"
    with new_record(path, team="Alder Creek") as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
        for number in range(60):
            text = f"cause {number} " + "x" * 200
            record.add(Cause(parent="category-1", text=text), author="Ana")
    return path


def writers_killed(folder):
    return kills.writers_killed(_in_a_file(folder), folder, rounds=500, seed=1)


def writers_killed_on_a_server(folder):
    place = _on_the_server()
    return place and kills.writers_killed(place, folder, rounds=200, seed=2)


def killed_while_beginning(folder):
    return kills.killed_while_beginning(folder, rounds=150, seed=3)


def server_restarted(folder):
    return restarted(folder, rounds=15, seed=4)


def disks_filled(folder):
    return disks.filled(_with_a_backup(folder), folder / "disk", rounds=20, seed=5)


def files_that_may_not_grow(folder):
    return disks.may_not_grow(_with_a_backup(folder), folder, rounds=30, seed=6)


def undo_and_redo_as_the_model(folder):
    counts = Counter()
    with quick_disk():
        for seed in range(25):
            with new_record(folder / f"{seed}.theory", team="T") as record:
                counts += held_to_the_model(record, seed, operations=400)
    return counts


def undo_and_redo_as_the_model_on_a_server(_):
    counts = Counter()
    if SERVER is None:
        return None
    for seed in range(3):
        with _on_the_server().begin() as record:
            counts += held_to_the_model(record, seed, operations=150)
    return counts


def copies_put_back(folder):
    with quick_disk():
        return restores.put_back_in_place(folder, rounds=200, seed=7)


def journals_taken(folder):
    with quick_disk():
        return restores.journals_taken(folder, rounds=1_600, seed=8)


def clocks_apart(folder):
    counts = Counter()
    with quick_disk():
        for seed in range(30):
            with new_record(folder / f"{seed}.theory", team="T") as record:
                counts += clocks_and_threads.clocks_apart(record, 80, seed)
    return counts


def looked_at_while_written(folder):
    return clocks_and_threads.looked_at_while_written(_in_a_file(folder), edits=250)


def looked_at_while_written_on_a_server(_):
    place = _on_the_server()
    return place and clocks_and_threads.looked_at_while_written(place, edits=80)


def kernels_killed_under_a_picture(folder):
    with open_room(folder) as room:
        return kernels_killed(room, "kills", rounds=100, seed=9)


def two_in_one_picture(folder):
    with open_room(folder) as room:
        return two_write(room, "writers", seconds=60, seed=10)


def lessons_walked_in_jupyterlab(folder):
    before = os.environ.get("SEE_THE_SYSTEM_HOME")
    try:
        with walked_room(folder, os.environ.__setitem__) as room, running_browser() as browser:
            return Counter(lessons=walked_in_lab(browser, room))
    finally:
        os.environ.pop("SEE_THE_SYSTEM_HOME")
        if before is not None:
            os.environ["SEE_THE_SYSTEM_HOME"] = before


def pairs_of_groups_attacked(_):
    return hidden_results.pairs_on_tiny_districts(districts=200)


def pairs_on_the_sample_attacked(_):
    return hidden_results.pairs_on_the_sample()


def totals_beside_pages_attacked(_):
    return hidden_results.totals_beside_pages(districts=200)


def indicators_attacked(_):
    return hidden_results.indicators_attacked(districts=1_000)


def local_tables_attacked(_):
    return hidden_results.local_tables_attacked(tables=2_000)


def pages_attacked(folder):
    return hidden_results.pages_attacked(folder, pages_wanted=300)


def whole_state_reported(folder):
    store, seconds = whole_state.made_store(folder / "store")
    figures = whole_state.reported(store, folder / "reports")
    return {"seconds to read ten years": round(seconds)} | figures


def batches_stopped(folder):
    return batches.stopped(folder, rounds=20, seed=11)


def a_thousand_reports_in_one_batch(folder):
    return batches.many_reports(folder)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
