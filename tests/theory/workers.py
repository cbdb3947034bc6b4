"""What the processes of test_record_by_force do: each says on disk which edits were acknowledged to
it.
"""

import os
import resource
import sys

from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Cause
from see_the_system.theory.opening import open_record


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
