"""Files put back, or put together from two moments, under programs that have them open.

An independent list says what each program has read and what the file holds: a program may go on
exactly where what it read is the beginning of what is there.
"""

import os
import random
from collections import Counter

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record, open_record

PAGE = 4096
PROGRAMS = 3


class Programs:
    """A record's file, several programs that have it open, and what each of them has read."""

    def __init__(self, path, chance):
        self.path = path
        self.chance = chance
        self.held = []  # the texts that the file must hold, in order
        self.counts = Counter()
        with new_record(path, team="T") as record:
            record.add(Category(id="category-1", text="Time"), author="Ana")
        self.copies = [(path.read_bytes(), [])]
        self.open = [open_record(path) for _ in range(PROGRAMS)]
        self.read = [[] for _ in range(PROGRAMS)]

    def step(self):
        """One random thing: an edit (most often), a look, a copy taken, a copy put back."""
        what = self.chance.choices((self.edit, self.look, self.copy, self.put_back), (12, 3, 2, 1))
        what[0]()

    def edit(self):
        text = f"cause {self.counts['edits']}" + "x" * self.chance.choice((0, 0, 1500))
        self.counts["edits"] += 1
        self._try(
            lambda record: record.add(Cause(parent="category-1", text=text), author="Ana"), text
        )

    def look(self):
        self._try(lambda record: record.refresh())

    def _try(self, deed, text=None):
        n = self.chance.randrange(PROGRAMS)
        may_go_on = self.held[: len(self.read[n])] == self.read[n]
        try:
            deed(self.open[n])
        except Refusal as refusal:
            assert not may_go_on, f"refused without a reason: {refusal}"
            assert "was replaced by another copy while it was open" in str(refusal)
            self.counts["refused"] += 1
            self.open[n].close()
            self.open[n] = open_record(self.path)
        else:
            assert may_go_on, "went on from what is not there any more"
            if text:
                self.held.append(text)
                self.counts["acknowledged"] += 1
        self.read[n] = list(self.held)

    def copy(self):
        self.copies.append((self.path.read_bytes(), list(self.held)))

    def put_back(self):
        content, held = self.chance.choice(self.copies)
        if self.chance.random() < 0.5:
            self.path.write_bytes(content)  # the same file, other bytes
        else:
            part = self.path.with_name("restored")
            part.write_bytes(content)
            os.replace(part, self.path)
        self.held = list(held)
        self.counts["put back"] += 1

    def end(self):
        """Closes all, and holds the file to what it must hold."""
        for record in self.open:
            record.close()
        with open_record(self.path) as record:
            assert [cause.text for cause in record.theory().causes] == self.held
            assert record.verify() == record.number == len(self.held) + 1


def put_back_in_place(folder, rounds, seed, steps=60):
    """Copies put back at random points, with several programs open (Counter)."""
    counts = Counter()
    for turn in range(rounds):
        programs = Programs(folder / f"restored-{turn}.theory", random.Random(f"{seed} {turn}"))
        for _ in range(steps):
            programs.step()
        programs.end()
        counts += programs.counts
    return counts


def journals_taken(folder, rounds, seed):
    """Files as they are when the journal was taken away in mid-commit: pages of two moments.

    Each is refused, or is one of the two moments whole (Counter).
    """
    chance = random.Random(seed)
    counts = Counter()
    path = folder / "writes.theory"
    before, after = (b"", None), (b"", None)
    with new_record(path, team="T") as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
        for turn in range(rounds):
            if turn % 8 == 0:
                for _ in range(chance.randrange(1, 4)):
                    before = path.read_bytes(), record.theory()
                    text = str(turn) + "y" * chance.choice((1, 500, 1900))
                    record.add(Cause(parent="category-1", text=text), author="Ana")
                    after = path.read_bytes(), record.theory()
            mixed = folder / "mixed.theory"
            mixed.write_bytes(_mixed(before[0], after[0], chance))
            counts[_verdict(mixed, (before[1], after[1]))] += 1
    return counts


def _mixed(before, after, chance):
    """Some pages of the one moment and some of the other (bytes)."""
    pages = []
    for start in range(0, max(len(before), len(after)), PAGE):
        first, second = chance.sample((before, after), 2)
        pages.append(first[start : start + PAGE] or second[start : start + PAGE])
    size = chance.choice((len(before), len(after)))
    return b"".join(pages)[:size]


def _verdict(path, moments):
    try:
        with open_record(path) as record:
            record.verify()
            assert record.theory() in moments, "a mixture was taken for a whole file"
            return "whole"
    except Refusal as refusal:
        assert "damaged" in str(refusal)
        return "refused"
