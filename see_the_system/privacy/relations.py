"""The sums that hold in the state's achievement files, as equations between the rows of a frame.

Each equation says: one total row is the sum of its part rows. They hold for the number tested, the
number with scores and the number in each level, inside one year and test:

- a district is the sum of its schools of type 7 and 10 (a direct-funded charter, type 9, is not in
  it); a county is the sum of its districts and direct-funded charters, the state of its counties,
  and these two are used only where the frame has all the parts;
- grade 13 is the sum of the grades, for every entity and student group;
- student groups add up to a larger group, as ``student_groups`` says. The rest beside the parts,
  which nobody lists but anybody can work out, is an extra cell here, and has to be safe too when it
  is smaller than the minimum.
"""

import dataclasses

import numpy as np

from see_the_system.data import codes
from see_the_system.messages import Refusal
from see_the_system.privacy import student_groups

LEVEL_COUNTS = ("n_not_met", "n_nearly_met", "n_met", "n_exceeded")
KEY = ["year", "test_id", "county_code", "district_code", "school_code", "grade", "group_id"]
_ENTITY = KEY[:5]
_DISTRICT = KEY[:4]
_COUNTY = KEY[:3]
_BLOCK = KEY[:2]
GRADES = np.array([grade for grade in codes.GRADES if grade <= codes.ALL_GRADES])
LAST = len(GRADES) - 1  # where grade 13 is

# Families of equations. Schools to a district have the code of their student group (0 or more);
# the others are below zero, sums of student groups the lowest, each with a number of its own.
ABOVE_DISTRICTS = -1
OVER_GRADES = -2
OVER_GROUPS = -10  # and below
OVER_GROUPS = -10


@dataclasses.dataclass
class Cells:
    """The rows of a frame as cells (n), their counts and their equations.

    ``counts`` are n x 4, one column a level, -1 where not known. ``block`` numbers the pairs of
    year and test, ``place`` entity and block together, ``home`` district and block; ``tier`` is 0
    for a school, 1 for a district, 2 above. The first ``rows`` cells are the frame's rows in order;
    the cells after them are unlisted rests, with negative codes in ``group``. ``equation``,
    ``cell`` and ``sign`` (-1 the total, 1 a part) are the entries of the equations; ``family`` has
    one value an equation: members of one family share no cell among their parts. ``levels`` says
    in which of the four levels there can be anybody at all.
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
    levels: np.ndarray
    equation: np.ndarray = None
    cell: np.ndarray = None
    sign: np.ndarray = None
    family: np.ndarray = None

    @property
    def top(self):
        """The district rows (mask)."""
        return self.tier == 1

    @property
    def known(self):
        """The cells with counts (mask)."""
        return self.counts[:, 0] >= 0

    @property
    def scores(self):
        """How many pupils have scores (n)."""
        return self.counts.sum(axis=1)

    @property
    def spot(self):
        """A number for entity, block and grade together (n)."""
        return self.place * len(GRADES) + self.grade


def cells_of(frame, min_n, *, more_sums=(), levels=LEVEL_COUNTS):
    """The ``Cells`` of a tidy frame, in which ``more_sums`` of groups are believed too.

    ``levels`` names the levels in which there can be anybody.

    ``Refusal`` for a missing column, a repeated row or a shown row without its level counts.
    """
    _refuse_unfit(frame)
    counts, empty = _counts(frame)
    group = frame["group_id"].to_numpy(dtype=np.int64)
    listed = frozenset(student_groups.GROUP_IS.keys() & group.tolist())
    sums = (*student_groups.sums_among(listed), *more_sums)
    tier = frame["level"].map({"school": 0, "district": 1}).fillna(2)
    cells = Cells(
        rows=len(frame),
        block=_numbered(frame, _BLOCK),
        place=_numbered(frame, _ENTITY),
        home=_numbered(frame, _DISTRICT),
        grade=np.searchsorted(GRADES, frame["grade"].to_numpy(dtype=np.int64)),
        group=group,
        tier=tier.to_numpy(dtype=np.int64),
        counts=counts,
        empty=empty,
        sums=sums,
        levels=np.isin(LEVEL_COUNTS, levels),
    )
    _add_rests(cells, min_n)
    _add_equations(cells, frame, min_n)
    return cells


def _refuse_unfit(frame):
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
    again = frame.duplicated(KEY)
    if again.any():
        row = frame.loc[again, KEY].iloc[0].to_dict()
        raise Refusal(
            f"The row {row} is in the frame twice: the files of all students and "
            "of all groups overlap, keep one."
        )


def _numbered(frame, names):
    """The number of each row's values in these columns, from 0 in order of appearance (array)."""
    return frame.groupby(names, sort=False, dropna=False).ngroup().to_numpy()


def numbers(columns):
    """Columns of counts as floats, with nan where a value is missing (array)."""
    return columns.astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def _counts(frame):
    """The counts in the four levels (n x 4, -1 where not known) and who tested nobody (mask)."""
    counts = numbers(frame[list(LEVEL_COUNTS)])
    tested = numbers(frame["tested"])
    scores = numbers(frame["with_scores"])
    nobody = frame["missing_scores"].astype(str).eq("nobody tested").to_numpy()
    empty = (tested == 0) | (nobody & np.isnan(tested))
    counts[empty | nobody | (scores == 0)] = 0
    unknown = np.isnan(counts).any(axis=1)
    # The state shows how many small numbers of pupils have scores, and nothing more of them.
    without_levels = unknown & (scores >= 0)
    if (scores[without_levels] > 10).any():
        row = frame.loc[without_levels, KEY].iloc[0].to_dict()
        raise Refusal(
            f"The row {row} shows how many pupils have scores, but not how "
            "many reached each level: read it again."
        )
    counts[unknown] = -1
    return np.rint(counts).astype(np.int64), empty


def _add_rests(cells, min_n):
    """Add a cell for what is left of a total beside its parts, wherever there may be somebody.

    Each sum gets a negative code for its rest, in the order of ``cells.sums``.
    """
    spot = cells.spot
    for number, one in enumerate(cells.sums):
        base = np.flatnonzero((cells.group == one.total) & _believed(cells, one))
        total_at = np.full(spot.max() + 1, -1)
        total_at[spot[base]] = np.arange(len(base))
        members = np.flatnonzero(np.isin(cells.group, one.parts))
        members = members[total_at[spot[members]] >= 0]
        place = total_at[spot[members]]
        known = cells.known[base]
        np.logical_and.at(known, place, cells.known[members])
        rest = cells.counts[base]
        np.subtract.at(rest, place, cells.counts[members])
        # Levels that rounding in a file moved leave nobody over where the numbers of pupils agree.
        rest = np.where(rest.sum(axis=1, keepdims=True) > 0, np.maximum(rest, 0), 0)
        rest = np.where(known[:, None], rest, -1)
        wanted = np.bincount(place, minlength=len(base)) > 0
        if one.whole or one.few:
            wanted &= rest.sum(axis=1) > 0
        if one.few:
            wanted &= rest.sum(axis=1) < min_n
        _append(cells, base[wanted], -number - 1, rest[wanted])


def _append(cells, base, code, counts):
    """Add cells that stand where the cells ``base`` do."""
    for name in ("block", "place", "home", "grade", "tier"):
        column = getattr(cells, name)
        setattr(cells, name, np.append(column, column[base]))
    cells.group = np.append(cells.group, np.full(len(base), code))
    cells.counts = np.vstack([cells.counts, counts])
    cells.empty = np.append(cells.empty, (counts == 0).all(axis=1))


def _believed(cells, one):
    """The cells of the blocks in which a sum is believed (mask)."""
    if one.blocks is None:
        return np.ones(len(cells.group), dtype=bool)
    return np.isin(cells.block, list(one.blocks))


def _add_equations(cells, frame, min_n):
    sums = [
        *_over_schools(cells, frame),
        *_above_districts(cells, frame, min_n),
        _over_grades(cells),
        *_over_groups(cells),
    ]
    equations = []
    families = []
    start = 0
    for equation, _, _, family in sums:
        size = _how_many(equation)
        equations.append(equation + start)
        families.append(np.full(size, family))
        start += size
    cells.equation = np.concatenate(equations)
    cells.cell = np.concatenate([cell for _, cell, _, _ in sums])
    cells.sign = np.concatenate([sign for _, _, sign, _ in sums])
    cells.family = np.concatenate(families)


def _how_many(equation):
    return equation.max() + 1 if len(equation) else 0


def _kinds(frame):
    """The frame's levels, and which rows are direct-funded charters (mask)."""
    level = frame["level"].to_numpy(dtype=object)
    type_id = frame["type_id"].astype("Int64").fillna(codes.SCHOOL).to_numpy(dtype=int)
    return level, (level == "school") & (type_id == codes.DIRECT_CHARTER)


def _with_group(cells, places):
    """A number for place and student group together, of the frame's rows (array)."""
    groups = int(cells.group.max()) + 1
    return places * groups + cells.group[: cells.rows]


def _with_grade_and_group(cells, region):
    """A number for region, grade and student group together, of the frame's rows (array)."""
    return _with_group(cells, region * len(GRADES) + cells.grade[: cells.rows])


def _over_schools(cells, frame):
    level, charter = _kinds(frame)
    alike = _with_grade_and_group(cells, cells.home[: cells.rows])
    sums = _match(alike, level == "district", (level == "school") & ~charter)
    group = cells.group[sums[1]]
    return [_only(sums, group == code, code) for code in np.unique(group)]


def _above_districts(cells, frame, min_n):
    level, charter = _kinds(frame)
    county = _with_grade_and_group(cells, _numbered(frame, _COUNTY))
    state = _with_grade_and_group(cells, cells.block[: cells.rows])
    for sums in (
        _match(county, level == "county", (level == "district") | charter),
        _match(state, level == "state", level == "county"),
    ):
        yield _only(sums, _complete(cells, sums, min_n), ABOVE_DISTRICTS)


def _over_grades(cells):
    grade = cells.grade[: cells.rows]
    alike = _with_group(cells, cells.place[: cells.rows])
    return (*_match(alike, grade == LAST, grade < LAST), OVER_GRADES)


def _over_groups(cells):
    for number, one in enumerate(cells.sums):
        rest = cells.group == -number - 1
        totals = (cells.group == one.total) & _believed(cells, one)
        if one.few:
            totals &= np.isin(cells.spot, cells.spot[rest])
        parts = rest | np.isin(cells.group, one.parts)
        yield (*_match(cells.spot, totals, parts), OVER_GROUPS - number)


def _match(alike, totals, parts):
    """Entries (equation, cell, sign) of the sums of the rows ``parts`` to a row of ``totals``.

    A total and its parts have the same number in ``alike``.
    """
    order = np.flatnonzero(totals)
    order = order[np.argsort(alike[order], kind="stable")]
    members = np.flatnonzero(parts)
    at = np.searchsorted(alike[order], alike[members])
    hit = at < len(order)
    hit[hit] = alike[order[at[hit]]] == alike[members[hit]]
    used, equation = np.unique(at[hit], return_inverse=True)
    return (
        np.concatenate([np.arange(len(used)), equation]),
        np.concatenate([order[used], members[hit]]),
        np.concatenate([np.full(len(used), -1), np.ones(hit.sum(), dtype=int)]),
    )


def _only(entries, keep, family):
    """The entries kept, their equations numbered anew, with their family."""
    equation, cell, sign = (values[keep] for values in entries)
    return np.unique(equation, return_inverse=True)[1], cell, sign, family


def _complete(cells, entries, min_n):
    """Which entries are of a sum with all its parts in the frame, as far as shown numbers tell."""
    equation, cell, sign = entries
    size = _how_many(equation)
    known = cells.known[cell]
    left = np.bincount(equation, np.where(known, -sign * cells.scores[cell], 0), size)
    hidden = np.bincount(equation, ~known & (sign > 0), size)
    total = np.bincount(equation, known & (sign < 0), size) > 0
    return (total & (left >= 0) & (left <= (min_n - 1) * hidden))[equation]
