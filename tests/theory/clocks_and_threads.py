"""Clocks that are ahead or behind, and threads that look while others write."""

import random
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

from see_the_system.theory import record as records
from see_the_system.theory.kinds import Category, Cause

WRONG = (timedelta(days=3650), timedelta(days=-3650), timedelta(hours=9), timedelta(days=-40))


def clocks_apart(record, edits, seed):
    """Edits by clocks of which some are wrong: the days of those that are right stay (Counter).

    Everyone's edits stand in their order whatever their clocks say, and the state at the time of an
    edit by a right clock is the state after that edit.
    """
    chance = random.Random(seed)
    true = datetime(2026, 3, 2, 16, tzinfo=UTC)
    right = []
    wrong = 0
    with _clock() as clock:
        clock.time = true
        record.add(Category(id="category-1", text="Time"), author="Ana")
        for number in range(edits):
            true += timedelta(hours=chance.randrange(1, 30))
            # At the ends of a history, nobody could say which of two clocks is wrong.
            middle = edits // 4 < number < edits * 3 // 4
            is_wrong = middle and chance.random() < 0.25
            clock.time = true + (chance.choice(WRONG) if is_wrong else timedelta(0))
            record.add(Cause(parent="category-1", text=str(number)), author="Ana")
            wrong += is_wrong
            if not is_wrong:
                right.append((true, number + 1))
    for at, count in right:
        assert len(record.theory(at=at).causes) == count, f"the state at {at}"
    assert [cause.text for cause in record.theory().causes] == [str(n) for n in range(edits)]
    return Counter({"edits": edits, "by wrong clocks": wrong, "days told": len(right)})


class _clock:
    """Sets the clock of every record of this program while it lasts: ``time`` is what it shows."""

    time = None

    def __enter__(self):
        clock = self

        class Shown(datetime):
            @classmethod
            def now(cls, tz=None):
                return clock.time

        self.before = records.datetime
        records.datetime = Shown
        return self

    def __exit__(self, *_):
        records.datetime = self.before


def looked_at_while_written(place, edits):
    """Three threads look at a record that others write, through it and through their own (Counter).

    Gives the edits, and how often it was looked at.
    """
    faults = []
    looks = Counter()
    stop = threading.Event()

    def look(record):
        last = 0
        while not stop.is_set():
            try:
                record.refresh()
                seen = len(record.theory().causes)
                assert seen >= last, "edits went away"
                last = seen
                looks["looks"] += 1
            except Exception as fault:
                faults.append(fault)
                return

    def write(record, author):
        try:
            with place.open() as other:
                for number in range(edits):
                    record.add(Cause(parent="category-1", text=f"{number}"), author=author)
                    other.add(Cause(parent="category-1", text=f"o{number}"), author=author)
        except Exception as fault:
            faults.append(fault)

    with place.begin() as record:
        record.add(Category(id="category-1", text="Time"), author="Ana")
        lookers = [threading.Thread(target=look, args=(record,)) for _ in range(3)]
        writers = [threading.Thread(target=write, args=(record, name)) for name in ("Ana", "Ben")]
        for thread in (*lookers, *writers):
            thread.start()
        for thread in writers:
            thread.join()
        stop.set()
        for thread in lookers:
            thread.join()
        record.refresh()
        assert faults == []
        assert len(record.theory().causes) == 4 * edits and record.verify() == 4 * edits + 1
    return looks + Counter(edits=4 * edits)
