"""What the processes of the tests do: each says on disk which edits were acknowledged to it."""

import os
import resource
import sys
import time

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record, open_record


def edit_until_killed(where, team, name, said):
    """Adds and changes causes for ever; every edit that was acknowledged stands in the file
    ``said``, written after it.
    """
    out = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    with open_record(where, team=team) as record:
        turn = os.getpid() % 7  # so that some begin with an edit that they take back
        while True:
            turn += 1
            key = f"{name}-{os.getpid()}-{turn}"
            cause = record.add(Cause(parent="category-1", text=key), author=name, key=key)
            os.write(out, f"{key} {cause}\n".encode())
            if turn % 3 == 0:
                record.change(cause, text=key + " again", author=name, key=key + "-c")
                os.write(out, f"{key}-c {cause}\n".encode())
            if turn % 7 == 0:
                record.undo(author=name, key=key + "-u")
                os.write(out, f"{key}-u {cause}\n".encode())


def begin_until_killed(folder, said):
    """Begins one record after another with an edit each; says the name of each that was kept."""
    out = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    number = 0
    while True:
        number += 1
        name = f"{number}.theory"
        with new_record(os.path.join(folder, name), team="T") as record:
            record.add(Category(text="Time"), author="Ana")
            os.write(out, f"{name}\n".encode())


def edit_through_restarts(where, team, name, said, until):
    """Adds causes until a file ``until`` is there, each with a key with which it is asked for again
    until it is acknowledged, whatever becomes of the server meanwhile.
    """
    out = os.open(said, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    turn = 0
    record = None
    while not os.path.exists(until):
        key = f"{name}-{turn}"
        try:
            record = record or open_record(where, team=team)
            record.add(Cause(parent="category-1", text=key), author=name, key=key)
        except Refusal as problem:
            os.write(out, f"? {str(problem)[:200]!r}\n".encode())
            time.sleep(0.05)
            continue
        os.write(out, f"{key}\n".encode())
        turn += 1


def as_nobody(where, said):
    """Reads and tries to edit as a user who may not write; leaves the number of causes and the
    sentence in ``said``.
    """
    out = os.open(said, os.O_WRONLY | os.O_CREAT)
    os.setgid(65534)
    os.setuid(65534)
    _try(where, out)


def on_a_small_disk(where, said, room):
    """As above, where no file may grow beyond ``room`` bytes."""
    out = os.open(said, os.O_WRONLY | os.O_CREAT)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    _try(where, out)


def _try(where, out):
    record = open_record(where)
    count = len(record.theory().causes)
    try:
        while True:
            record.add(Cause(parent="category-1", text="more " * 300), author="Ana")
            count += 1
    except Refusal as problem:
        same = len(record.theory().causes) == count
        os.write(out, f"{count} {same} {problem}".encode())
    sys.exit(0)
