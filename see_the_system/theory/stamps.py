"""What an edit is stamped with: its time, as far as a clock can be believed, and its seal.

A seal is a hash of the edit and of the seal before it, so a record that was overwritten in one
place, or put together from two, is noticed.
"""

import hashlib
from bisect import bisect_right
from datetime import UTC
from zoneinfo import ZoneInfo

import tzlocal


def zone_here():
    """The name of this machine's time zone (text), as "America/Los_Angeles"."""
    try:
        return tzlocal.get_localzone_name() or "UTC"
    except Exception:  # a machine may name its zone in a way that nobody else knows
        return "UTC"


def zone_named(name):
    """A time zone by its name (tzinfo); UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC


def believed(times):
    """The times of edits in their order, made to rise (list of datetime).

    The longest run of times that never falls is believed; an edit outside it was stamped by a
    clock that was ahead or behind, and takes the time of the next one that is believed, or of the
    last. One clock that is ten years ahead moves nobody else's dates.
    """
    kept = _longest_rise(times)
    result = []
    following = iter([*kept[1:], kept[-1]] if kept else [])
    last = kept[0] if kept else None
    for place, _ in enumerate(times):
        while last is not None and last < place:
            after = next(following)
            if after <= last:
                break
            last = after
        result.append(times[last])
    return result


def _longest_rise(times):
    """The places of the longest subsequence that never falls (list of int), by patience sorting."""
    ends = []  # the smallest last time of a rise of each length
    places = []  # and where it stands
    before = []  # the place before each place in its rise
    for place, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(places[length - 1] if length else None)
        if length == len(ends):
            ends.append(time)
            places.append(place)
        else:
            ends[length] = time
            places[length] = place
    rise = []
    place = places[-1] if places else None
    while place is not None:
        rise.append(place)
        place = before[place]
    return rise[::-1]


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
