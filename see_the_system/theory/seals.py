"""The seal of an edit: a hash of it and of the seal before it.

So a record that was overwritten in one place, or put together from two, is noticed.
"""

import hashlib

_SEALED = ("number", "key", "type", "reverses", "author", "at", "changes")


def seal_of(before, row):
    """The seal of a row of the table of edits (mapping), after the seal before it (text)."""
    text = "\x1f".join([before, *(str(row[name]) for name in _SEALED)])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def broken_at(rows):
    """The number of the first edit that is not as it was written (int), None where all are.

    ``rows``: all edits, by team and number, as mappings with ``team``, ``seal`` and what is sealed.
    """
    team = None
    for row in rows:
        if row["team"] != team:
            team = row["team"]
            number = 0
            seal = ""
        number += 1
        seal = seal_of(seal, row)
        if row["number"] != number or row["seal"] != seal:
            return number
    return None
