"""The sums that hold in the state's achievement files, as equations between the rows of a frame.

Each equation says: one total row is the sum of its part rows. They hold for the number tested, the
number with scores and the number in each level, inside one year and test:

- a district is the sum of its schools of type 7 and 10 (a direct-funded charter, type 9, is not in it); a county is the sum of its
  districts and direct-funded charters, the state of its counties, and these two are used only where
  the frame has all the parts;
- grade 13 is the sum of the grades, for every entity and student group;
- the student groups of ``GROUP_SUMS`` add up to a larger group. Where a few pupils are outside every part (ethnicity or parents'
  education not known, gender from 2021) they are a fixed, unshown rest: an attacker who takes it
  for zero is the stronger one;
- a group whose other parts are not in the frame leaves "everybody else", a group nobody lists but anybody can work out: it is an
  extra cell here, and has to be safe too when it is smaller than the minimum.

Checked on the 2024 science file of county 38, all groups: the sums of two, the eight ethnicities,
ethnicity by economic status and 6 = 7 + 8 + 180 are exact wherever all parts are shown.
"""

import dataclasses

import numpy as np
import pandas as pd

from see_the_system.data import codes
from see_the_system.messages import Refusal

LEVEL_COUNTS = ("n_not_met", "n_nearly_met", "n_met", "n_exceeded")
KEY = ["year", "test_id", "county_code", "district_code", "school_code", "grade", "group_id"]
_BY_INCOME = [(ethnicity, (200 + i, 220 + i)) for i, ethnicity in enumerate(codes.ETHNICITIES)]
GROUP_SUMS = (
    (1, (31, 111)),
    (1, (99, 128)),
    (1, (3, 4)),
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
_INSIDE = {120: 160, 142: 160, 250: 160, 251: 160, 160: 170, 8: 170, 7: 6, 180: 6}
_GENDER = (1, (3, 4))
GRADES = np.array([grade for grade in codes.GRADES if grade <= codes.ALL_GRADES])
LAST = len(GRADES) - 1  # where grade 13 is


@dataclasses.dataclass
class Cells:
    """The rows of a frame as cells (n), their counts in the four levels (n x 4, -1 where not known)
    and their equations.

    ``block`` numbers the pairs of year and test, ``place`` entity and block together, ``home``
    district and block; ``tier`` is 0 for a school, 1 for a district, 2 above. The first ``rows``
    cells are the frame's rows in order; the cells after them are unlisted rests, with negative
    codes in ``group``. ``equation``, ``cell`` and ``sign`` (-1 the total, 1 a part) are the entries
    of the equations; ``family`` and ``gendered`` have one value an equation: members of one family
    share no cell among their parts.
    """

    rows: int
    block: np.ndarray
    place: np.ndarray
    home: np.ndarray
    grade: np.ndarray
    group: np.ndarray
    tier: np.ndarray
    counts: np.ndarray
    empty: np.ndarray
    sums: tuple
    equation: np.ndarray = None
    cell: np.ndarray = None
    sign: np.ndarray = None
    family: np.ndarray = None
    gendered: np.ndarray = None
    stacked: np.ndarray = None

    @property
    def top(self):
        return self.tier == 1

    @property
    def known(self):
        return self.counts[:, 0] >= 0

    @property
    def scores(self):
        return self.counts.sum(axis=1)


def cells_of(frame, min_n):
    """The ``Cells`` of a tidy frame; ``Refusal`` for a missing column, a repeated row or a shown
    row without its level counts.
    """
    needed = [*KEY, "level", "type_id", "tested", "with_scores", "missing_scores", *LEVEL_COUNTS]
    absent = [name for name in needed if name not in frame]
    if absent:
        raise Refusal(
            f"The frame has no column {absent[0]!r}: protect a frame that read_caaspp made, "
            "with all its columns."
        )
    if (frame["grade"] > codes.ALL_GRADES).any():
        raise Refusal(
            "The frame has the science tests' extra totals, grades 14 and 99: keep the "
            "English and mathematics tests."
        )
    if frame.duplicated(KEY).any():
        row = frame.loc[frame.duplicated(KEY), KEY].iloc[0]
        raise Refusal(
            f"The row {row.to_dict()} is in the frame twice: the files of all students and "
            "of all groups overlap, keep one."
        )
    counts, empty = _counts(frame)
    number = lambda names: frame.groupby(names, sort=False, dropna=False).ngroup().to_numpy()  # noqa: E731
    group = frame["group_id"].to_numpy(dtype=np.int64)
    tier = frame["level"].map({"school": 0, "district": 1}).fillna(2).to_numpy(dtype=np.int64)
    cells = Cells(
        rows=len(frame),
        block=number(["year", "test_id"]),
        place=number(KEY[:5]),
        home=number(KEY[:4]),
        grade=np.searchsorted(GRADES, frame["grade"].to_numpy(dtype=np.int64)),
        group=group,
        tier=tier,
        counts=counts,
        empty=empty,
        sums=_sums_of(set(group.tolist())),
    )
    _add_rests(cells)
    _add_equations(cells, frame, min_n)
    return cells


def _counts(frame):
    counts = frame[list(LEVEL_COUNTS)].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    tested = frame["tested"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    nobody = frame["missing_scores"].astype(str).eq("nobody tested").to_numpy()
    empty = (tested == 0) | (nobody & np.isnan(tested))
    scores = frame["with_scores"].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    counts[empty | nobody | (scores == 0)] = 0
    unknown = np.isnan(counts).any(axis=1)
    if (unknown & (scores >= 0)).any():
        row = frame.loc[unknown & (scores >= 0), KEY].iloc[0]
        if (scores[unknown & (scores >= 0)] > 10).any():
            raise Refusal(
                f"The row {row.to_dict()} shows how many pupils have scores, but not how "
                "many reached each level: read it again."
            )
    counts[unknown] = -1
    return np.rint(counts).astype(np.int64), empty


def _sums_of(present):
    """The group sums of which every code is present, and "everybody else" (a negative code) where
    some are not.
    """
    full = [(total, parts) for total, parts in GROUP_SUMS if {total, *parts} <= present]
    covered = {part for _, parts in full for part in parts}
    for _, parts in GROUP_SUMS:
        left = [part for part in parts if part in present and part not in covered]
        if len(left) > 1 and codes.ALL_STUDENTS in present and set(parts) <= set(codes.ETHNICITIES):
            full.append((codes.ALL_STUDENTS, (*left, -len(full) - 1)))
            covered.update(left)
    for code in sorted(present - covered - {codes.ALL_STUDENTS}):
        inside = _INSIDE.get(code) if _INSIDE.get(code) in present else codes.ALL_STUDENTS
        if inside in present:
            full.append((inside, (code, -len(full) - 1)))
    return tuple(full)


def _add_rests(cells):
    for total, parts in cells.sums:
        if parts[-1] > 0:
            continue
        key = cells.place * len(GRADES) + cells.grade
        base = np.flatnonzero(cells.group == total)
        of = np.full(key.max() + 1, -1)
        of[key[base]] = np.arange(len(base))
        rest, known, listed = (
            cells.counts[base].copy(),
            cells.known[base],
            np.zeros(len(base), dtype=bool),
        )
        for part in parts[:-1]:
            here = np.flatnonzero(cells.group == part)
            here = here[of[key[here]] >= 0]
            listed[of[key[here]]] = True
            known[of[key[here]]] &= cells.known[here]
            np.subtract.at(rest, of[key[here]], cells.counts[here])
        rest = np.where(known[:, None], np.maximum(rest, 0), -1)
        base, rest = base[listed], rest[listed]
        for name in ("block", "place", "home", "grade", "tier"):
            setattr(cells, name, np.append(getattr(cells, name), getattr(cells, name)[base]))
        cells.group = np.append(cells.group, np.full(len(base), parts[-1]))
        cells.counts = np.vstack([cells.counts, rest])
        cells.empty = np.append(cells.empty, (rest == 0).all(axis=1))


def _add_equations(cells, frame, min_n):
    n, size = cells.rows, int(cells.group.max()) + 1
    level, kind = (
        frame["level"].to_numpy(dtype=object),
        frame["type_id"].astype("Int64").fillna(7).to_numpy(dtype=int),
    )
    listed, found = np.arange(n), []
    charter = (level == "school") & (kind == codes.DIRECT_CHARTER)
    inner = cells.grade[:n] * size + cells.group[:n]
    number = lambda names: (
        frame.groupby(names, sort=False, dropna=False).ngroup().to_numpy() * len(GRADES) * size
        + inner
    )  # noqa: E731
    sums = _match(number(KEY[:4]), listed, level == "district", (level == "school") & ~charter)
    found += [
        _only(sums, cells.group[sums[1]] == code, code) for code in np.unique(cells.group[sums[1]])
    ]
    for total, parts, names in (
        ("county", (level == "district") | charter, KEY[:3]),
        ("state", level == "county", KEY[:2]),
    ):
        sums = _match(number(names), listed, level == total, parts)
        found.append(_only(sums, _complete(cells, sums, min_n), -1))
    cells.stacked = np.zeros(len(cells.group), dtype=bool)
    for equation, cell, _, _ in found[-2:]:
        cells.stacked[cell] = True
    found.append(
        (
            *_match(
                cells.place[:n] * size + cells.group[:n],
                listed,
                cells.grade[:n] == LAST,
                cells.grade[:n] < LAST,
            ),
            -2,
        )
    )
    key, every = cells.place * len(GRADES) + cells.grade, np.arange(len(cells.group))
    for i, (total, parts) in enumerate(cells.sums):
        found.append(
            (
                *_match(key, every, cells.group == total, np.isin(cells.group, parts)),
                -4 if (total, parts) == _GENDER else -10 - i,
            )
        )
    start, columns = 0, [[], [], [], [], []]
    for equation, cell, sign, family in found:
        number_of = equation.max() + 1 if len(equation) else 0
        for column, values in zip(
            columns,
            (
                equation + start,
                cell,
                sign,
                np.full(number_of, family),
                np.full(number_of, family == -4),
            ),
        ):
            column.append(values)
        start += number_of
    names = ("equation", "cell", "sign", "family", "gendered")
    for name, column in zip(names, columns):
        setattr(cells, name, np.concatenate(column))


def _match(key, every, totals, parts):
    """Entries (equation, cell, sign) of the sums of the rows ``parts`` to the row of ``totals``
    with the same key.
    """
    order = every[totals][np.argsort(key[totals], kind="stable")]
    keys, members = key[order], every[parts]
    at = np.searchsorted(keys, key[members])
    hit = at < len(keys)
    hit[hit] = keys[at[hit]] == key[members[hit]]
    used, equation = np.unique(at[hit], return_inverse=True)
    return (
        np.concatenate([np.arange(len(used)), equation]),
        np.concatenate([order[used], members[hit]]),
        np.concatenate([np.full(len(used), -1), np.ones(hit.sum(), dtype=int)]),
    )


def _only(entries, keep, family):
    equation, cell, sign = (values[keep] for values in entries)
    return np.unique(equation, return_inverse=True)[1], cell, sign, family


def _complete(cells, entries, min_n):
    """Which entries are of a sum that has all its parts in the frame, as far as the shown numbers
    can tell.
    """
    equation, cell, sign = entries
    size = equation.max() + 1 if len(equation) else 0
    known, scores = cells.known[cell], cells.scores[cell]
    left = np.bincount(equation, np.where(known, -sign * scores, 0), size)
    hidden = np.bincount(equation, ~known & (sign > 0), size)
    total = np.bincount(equation, known & (sign < 0), size) > 0
    return (total & (left >= 0) & (left <= (min_n - 1) * hidden))[equation]


def add_windows(cells, frame, first, last, start):
    """Add the equations total over years = sum of the years; the rows from ``start`` are totals.
    The totals with a hidden year (mask).
    """
    n, years = cells.rows, frame["year"].to_numpy()
    key = frame.groupby(KEY[1:], sort=False, dropna=False).ngroup().to_numpy()
    totals = pd.DataFrame(
        {"key": key[start:], "first": first, "last": last, "total": np.arange(start, n)}
    )
    singles = pd.DataFrame({"key": key[:start], "year": years[:start], "cell": np.arange(start)})
    pairs = totals.merge(singles, on="key")
    pairs = pairs[(pairs["year"] >= pairs["first"]) & (pairs["year"] <= pairs["last"])]
    used, number = np.unique(pairs["total"].to_numpy(), return_inverse=True)
    base = len(cells.family)
    cells.equation = np.concatenate([cells.equation, base + np.arange(len(used)), base + number])
    cells.cell = np.concatenate([cells.cell, used, pairs["cell"].to_numpy()])
    cells.sign = np.concatenate(
        [cells.sign, np.full(len(used), -1), np.ones(len(pairs), dtype=int)]
    )
    cells.family = np.append(cells.family, np.full(len(used), -3))
    cells.gendered = np.append(cells.gendered, np.zeros(len(used), dtype=bool))
    cells.stacked[cells.cell[np.isin(cells.equation, np.arange(base, base + len(used)))]] = True
    part_hidden = ~cells.known[pairs["cell"].to_numpy()]
    hides = np.zeros(len(cells.group), dtype=bool)
    hides[pairs["total"].to_numpy()[part_hidden]] = True
    return hides
