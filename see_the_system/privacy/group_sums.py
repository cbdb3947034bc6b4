"""Which student groups add up to which, among the groups of a frame.

Where a few pupils are outside every part (ethnicity or parents' education not known, gender from
2021) they are a fixed, unshown rest: an attacker who takes it for zero is the stronger one. A group
whose other parts are not in the frame leaves "everybody else", a group nobody lists but anybody can
work out.

Checked on the 2024 science file of county 38, all groups: the sums of two, the eight ethnicities,
ethnicity by economic status and 6 = 7 + 8 + 180 are exact wherever all parts are shown.
"""

from see_the_system.data import codes

GENDERS = (1, (3, 4))
_BY_INCOME = [(ethnicity, (200 + i, 220 + i)) for i, ethnicity in enumerate(codes.ETHNICITIES)]
GROUP_SUMS = (
    (1, (31, 111)),
    (1, (99, 128)),
    GENDERS,
    (1, (28, 29)),
    (1, (50, 51)),
    (1, (52, 53)),
    (1, (240, 241)),
    (1, codes.ETHNICITIES),
    (6, (7, 8, 180)),
    (170, (8, 160)),
    (252, (7, 180)),
    (1, (170, 252)),
    (1, (6, 160)),
    (1, (90, 91, 92, 93, 94, 121)),
    *_BY_INCOME,
    (31, tuple(range(200, 208))),
    (111, tuple(range(220, 228))),
)
# The group that a group without its other parts lies in; All students where none is named.
_INSIDE = {120: 160, 142: 160, 250: 160, 251: 160, 160: 170, 8: 170, 7: 6, 180: 6}


def among(present):
    """The group sums that hold among these codes (tuple of (total, parts)).

    Those of which every code is present, and those with "everybody else" as their last part (a
    negative code) where some are not.

    >>> among({1, 31, 111, 160})
    ((1, (31, 111)), (1, (160, -2)))
    """
    sums = [(total, parts) for total, parts in GROUP_SUMS if {total, *parts} <= present]
    covered = {part for _, parts in sums for part in parts}
    some = [code for code in codes.ETHNICITIES if code in present - covered]
    if len(some) > 1 and codes.ALL_STUDENTS in present:
        sums.append((codes.ALL_STUDENTS, (*some, -len(sums) - 1)))
        covered.update(some)
    for code in sorted(present - covered - {codes.ALL_STUDENTS}):
        whole = _INSIDE.get(code)
        if whole not in present:
            whole = codes.ALL_STUDENTS
        if whole in present:
            sums.append((whole, (code, -len(sums) - 1)))
    return tuple(sums)
