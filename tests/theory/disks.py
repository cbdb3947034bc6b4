"""Disks that are full, small disks, and files that may not grow.

Nothing is lost, nothing half-done, and the work goes on when there is room again.
"""

import random
import shutil
import subprocess
from collections import Counter

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Cause
from see_the_system.theory.opening import open_record
from tests.theory import workers
from tests.theory.kills import in_a_process

FULL = r"disk that holds .* (is full|did not take the change)"


def small_disk(folder, kilobytes):
    """Mounts a small disk at a folder (bool: whether this user may)."""
    folder.mkdir(exist_ok=True)
    asked = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    return subprocess.run(asked, capture_output=True).returncode == 0


def filled(file, disk, rounds, seed):
    """Fills a small disk with a record's edits, makes room, goes on (Counter; None: may not)."""
    chance = random.Random(seed)
    counts = Counter()
    for _ in range(rounds):
        if not small_disk(disk, chance.randrange(300, 500)):
            return None
        try:
            _fill(shutil.copy(file, disk / "alder.theory"), disk / "filler", chance, counts)
        finally:
            subprocess.run(["umount", str(disk)], check=True)
    return counts


def _fill(path, filler, chance, counts):
    filler.write_bytes(b"\0" * 60_000)
    with open_record(path) as record:
        before = None
        words = chance.randrange(5, 400)
        with pytest.raises(Refusal, match=FULL):
            for _ in range(20_000):
                before = len(record.theory().causes)
                record.add(Cause(parent="category-1", text="more " * words), author="Ana")
        assert len(record.theory().causes) == before >= 60
        with open_record(path) as other:
            assert len(other.theory().causes) == before and other.verify() == record.number
        filler.unlink()
        record.add(Cause(parent="category-1", text="now there is room"), author="Ana")
        assert record.theory().causes[-1].text == "now there is room" and record.verify()
        counts["disks filled"] += 1
        counts["acknowledged"] += before - 60


def may_not_grow(file, folder, rounds, seed):
    """Lets a program write until its file may not grow any more (Counter)."""
    chance = random.Random(seed)
    counts = Counter()
    for turn in range(rounds):
        path = folder / f"grows-{turn}.theory"
        shutil.copy(file, path)
        said = folder / f"said-{turn}"
        room = path.stat().st_size + chance.randrange(1, 60_000)
        in_a_process(workers.on_a_small_disk, path, said, room)
        count, same, sentence = said.read_text().split(" ", 2)
        assert same == "True" and int(count) >= 60, sentence
        assert sentence.startswith("The disk that holds") and "nothing was changed" in sentence
        with open_record(path) as record:
            assert len(record.theory().causes) == int(count) and record.verify()
        counts["limits met"] += 1
        counts["acknowledged"] += int(count) - 60
    return counts
