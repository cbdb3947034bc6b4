"""Programs that are killed while they write a record or begin one: nothing acknowledged is lost.

Each function takes how many rounds to go and a seed, and gives its figures (Counter): the tests run
a sample, ``make prove`` many.
"""

import multiprocessing
import random
import signal
import sqlite3
import time
from collections import Counter

from see_the_system.theory.kinds import Category
from see_the_system.theory.opening import open_or_begin, open_record
from tests.theory import workers

WRITERS = 4
fresh = multiprocessing.get_context("forkserver")
fresh.set_forkserver_preload(["tests.theory.workers", "pg8000.dbapi"])


def started(target, *arguments):
    """A process at work on something (Process)."""
    process = fresh.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def in_a_process(target, *arguments):
    """Has a process of its own do something to its end."""
    process = started(target, *arguments)
    process.join(180)
    assert process.exitcode == 0


def kill(process):
    process.kill()
    process.join()
    assert process.exitcode == -signal.SIGKILL, "a worker stopped by itself"


def writers_killed(place, folder, rounds, seed):
    """Kills one of four programs that write one record, again and again."""
    chance = random.Random(seed)
    with place.begin() as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
    files = [folder / f"said-{n}" for n in range(WRITERS)]
    for path in files:
        path.touch()
    running = [_writer(place, files[n], n, chance) for n in range(WRITERS)]
    for _ in range(rounds):
        time.sleep(chance.uniform(0.001, 0.06))
        victim = chance.choice(_at_work(files, running))
        kill(running[victim][0])
        running[victim] = _writer(place, files[victim], victim, chance)
    for process, _ in running:
        process.kill()
        process.join()
    said = [line.split()[0] for path in files for line in path.read_text().splitlines()]
    return _nothing_said_is_lost(place, said, rounds)


def _writer(place, said, n, chance):
    """A program that writes, and how long its list is once it has made one to three edits."""
    process = started(workers.edit_until_killed, place.where, place.team, f"worker-{n}", said)
    return process, said.stat().st_size + chance.randrange(1, 120)


def _at_work(files, running):
    """Those that have made their edits: the death of one at its start would prove nothing."""
    until = time.monotonic() + 60
    while True:
        found = [n for n, path in enumerate(files) if path.stat().st_size >= running[n][1]]
        if found:
            return found
        assert time.monotonic() < until, "nobody edits"
        time.sleep(0.005)


def _nothing_said_is_lost(place, said, rounds):
    with place.open() as record:
        assert record.verify() == record.number
        history = record.history()
        changes = [change["now"] for edit in history for change in edit.changes if change["now"]]
        kept = {now["text"] for now in changes if "text" in now}
        undone = sum(edit.type == "undo" for edit in history)
        lost = [key for key in said if not key.endswith("-u") and _text_of(key) not in kept]
        assert lost == []
        assert undone >= sum(key.endswith("-u") for key in said) > 0
        # What was written without being acknowledged is at most one edit for each killed program.
        unsaid = record.number - 1 - len(said)
        assert len(said) > rounds and unsaid <= rounds + WRITERS
        assert {cause.author for cause in record.theory().causes} <= {
            f"worker-{n}" for n in range(WRITERS)
        }
    if "://" not in place.where:
        with sqlite3.connect(place.where) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return Counter(kills=rounds, acknowledged=len(said), lost=len(lost), kept_unsaid=unsaid)


def _text_of(key):
    return f"{key[:-2]} again" if key.endswith("-c") else key


def killed_while_beginning(folder, rounds, seed):
    """Kills a program that begins one record after another."""
    chance = random.Random(seed)
    counts = Counter(kills=rounds)
    for turn in range(rounds):
        own = folder / f"turn-{turn}"
        own.mkdir()
        said = own / "said"
        said.touch()
        process = started(workers.begin_until_killed, own, said)
        until = time.monotonic() + 60
        while said.stat().st_size <= chance.choice((0, 2, 4)):
            assert time.monotonic() < until, "nobody begins"
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.03))
        kill(process)
        acknowledged = said.read_text().split()
        for name in acknowledged:
            with open_record(own / name) as record:
                assert record.verify() == 1
        for path in own.glob("*.theory"):
            with open_or_begin(path, team="T") as record:
                record.add(Category(text="goes on"), author="Ben")
                half = path.name not in acknowledged
                counts["half made, gone on with"] += half
        counts["acknowledged"] += len(acknowledged)
    return counts
