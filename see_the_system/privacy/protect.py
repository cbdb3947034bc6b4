"""Hide what is too small to show, and enough besides that nothing hidden can be worked out.

``protect`` is the one gate between the frames and what is published: a report computed from the
rows it leaves shown cannot give away a row it hides. It hides whole rows. First the rows with fewer
than ``min_n`` pupils tested or with scores (the state's rule: 10 or fewer are hidden), then
companions, chosen small, in detail rather than in totals, until ``disclosure`` proves every hidden
count safe, and so what few pupils are left of a shown group beside a shown part of it. The rules,
and what the attacker is assumed to know, are in ``relations`` and ``disclosure``. The promise is
for the rows of one frame: give all that is shown together, a whole district at once, and publish
sums of shown rows only; ``protect_beside`` is for what the same page says of other rows. County and
state rows are held to be sums only where all parts are in the frame.

Beyond the hidden rows themselves, the hidden parts of a shown total hold ``min_n`` pupils or more
together. Scale scores and areas are hidden with their row and follow the same equations; they have
no audit of their own. Where rounding in a file makes the state's sums inexact (counts worked out
from percentages), the nearest whole table takes their place.

Rows that the state hides from us too are given counts: any whole counts that agree with the shown
rows are as good as the true ones, for what is asked of them later is whether others would agree as
well.
"""

import numpy as np
import pandas as pd
from scipy import optimize, sparse

from see_the_system.messages import Refusal
from see_the_system.privacy import companions, disclosure, relations
from see_the_system.privacy.relations import LEVEL_COUNTS

MIN_N = 11
SUPPRESSED = "suppressed"
COMPANION = "suppressed to protect another"
NOBODY = "nobody tested"
REASONS = ["", SUPPRESSED, COMPANION, NOBODY, "not in this layout"]
_DISTRICT = ["county_code", "district_code"]
_VALUES = ("enrolled", "tested", "with_scores", "mean_scale_score", *LEVEL_COUNTS)


def protect(frame, *, min_n=MIN_N):
    """A copy of a tidy frame that shows no row below ``min_n`` and lets none be worked out.

    frame: a tidy frame, one district or many, with all the rows its reports will use. ``min_n`` is
    the fewest pupils shown; it may be raised above 11, never lowered. A hidden row has its counts,
    percentages, scale score and areas missing, and says why in its ``missing_`` columns:
    "suppressed" (too few pupils) or "suppressed to protect another". Rows where nobody was tested
    stay.

    Raises ``Refusal`` for a lower ``min_n``, a frame without the columns, and a row that is there
    twice.
    """
    min_n = checked_minimum(min_n)
    if frame.empty:
        return frame.copy()
    view = attackers_view(frame, min_n)
    companions.hide_until_safe(view, min_n)
    listed = slice(len(frame))
    shown = _without(frame, view.hidden[listed], view.low[listed] >= min_n)
    shown.attrs["min_n"] = min_n
    return shown


def protect_beside(frame, shown, *, unprinted=None, min_n=MIN_N):
    """A copy of a tidy frame of many districts, as far as it may be read beside a page's own rows.

    shown: what ``protect`` let through of the page's district. Its rows stand in the place of the
    frame's and none of them is hidden; of the frame so much is hidden that nothing follows of what
    is hidden in either of the two. Of the other districts nothing else is on the page: their small
    rows are like groups that nobody lists, and so a thousand districts take a second.

    unprinted: rows that are nowhere on the page and belong to its sums, such as a grade that it
    leaves out beside all grades together. Nobody reads them, but those below ``min_n`` may not
    follow from what is read.
    """
    min_n = checked_minimum(min_n)
    keys = _places(frame, relations.KEY)
    again = shown[_places(shown, relations.KEY).isin(keys)]
    frame = frame[~keys.isin(_places(shown, relations.KEY))].reset_index(drop=True)
    own = _places(frame, _DISTRICT).isin(_places(shown, _DISTRICT))
    own |= frame["level"].isin(["county", "state"]).to_numpy()
    tested, scores = (relations.numbers(frame[name]) for name in ("tested", "with_scores"))
    read = own | (np.minimum(tested, scores) >= min_n)
    rows = int(read.sum())
    parts = [frame[read], shown] if unprinted is None else [frame[read], shown, unprinted]
    view = attackers_view(pd.concat(parts, ignore_index=True), min_n)
    _unread(view, slice(rows + len(shown), view.cells.rows), min_n)
    companions.hide_until_safe(view, min_n, first=rows)
    hidden = tested != 0
    hidden[read] = view.hidden[:rows]
    if view.open.any():
        hidden |= own & (tested != 0)
    companion = np.zeros(len(frame), dtype=bool)
    companion[read] = view.low[:rows] >= min_n
    again = _without(again, np.zeros(len(again), dtype=bool), False)  # with the same reasons
    return pd.concat([_without(frame, hidden, companion), again], ignore_index=True)


def _unread(view, rows, min_n):
    """Hide known rows that nobody reads; those with ``min_n`` pupils or more may follow."""
    large = np.zeros(len(view.hidden), dtype=bool)
    large[rows] = view.cells.known[rows] & (view.cells.scores[rows] >= min_n)
    view.hidden[large] = True
    view.guarded[large] = False
    view.low[large] = 0


def _places(frame, names):
    return pd.MultiIndex.from_frame(frame[names].astype(str))


def describe_protected(frame):
    """A sentence that says how many rows are hidden and why."""
    why = frame["missing_scores"].astype(str)
    small = int(why.eq(SUPPRESSED).sum())
    companion = int(why.eq(COMPANION).sum())
    tested = int(why.ne(NOBODY).sum())
    return (
        f"Of {tested:,} rows with pupils tested, {small:,} are hidden because they have too few "
        f"pupils and {companion:,} more because a hidden one could be worked out from them."
    )


def checked_minimum(fewest, who="pupils"):
    """The fewest pupils shown (int); ``Refusal`` for what is no whole number from 11."""
    if not isinstance(fewest, (int, np.integer)) or fewest < MIN_N:
        raise Refusal(
            f"The fewest {who} shown cannot be {fewest!r}: the state's rule is {MIN_N}; give "
            f"{MIN_N} or a larger whole number."
        )
    return int(fewest)


def attackers_view(frame, min_n, **more):
    """What a reader of a frame sees and knows, of whose rows those below ``min_n`` are hidden.

    A ``disclosure.AttackersView``. Everybody else, whom nobody lists, is a hidden cell, and has to
    be safe where it is small.
    """
    cells = relations.cells_of(frame, min_n, **more)
    why = frame["missing_scores"].astype(str).to_numpy(dtype=object)
    fewer = np.fmin(relations.numbers(frame["tested"]), relations.numbers(frame["with_scores"]))
    listed = np.arange(len(cells.group)) < cells.rows
    companion = listed & ~cells.empty
    small = companion.copy()
    companion[: cells.rows] &= why == COMPANION
    small[: cells.rows] &= (why != COMPANION) & (~cells.known[: cells.rows] | (fewer < min_n))
    hidden = small | companion | (~listed & ~cells.empty)
    at_least_one = np.where(cells.known, np.minimum(cells.scores, 1), 1)
    view = disclosure.AttackersView(
        cells=cells,
        hidden=hidden,
        guarded=hidden & listed,
        low=np.select([small, companion], [at_least_one, min_n], 0).astype(float),
        high=np.where(small, min_n - 1.0, np.inf),
        proved=np.tile(disclosure.untold(cells.levels), (len(small), 1)),
    )
    _fill(view)
    view.guarded |= ~listed & (cells.scores > 0) & (cells.scores < min_n)
    return view


def _without(frame, hidden, companion):
    """A copy of the frame without the values of the hidden rows, which say why."""
    out = frame.copy()
    reason = np.where(companion, COMPANION, SUPPRESSED)
    for name in frame:
        if name in _VALUES or name.startswith(("pct_", "area")):
            out[name] = out[name].mask(hidden)
        elif name.startswith("missing_"):
            why = np.where(hidden, reason, out[name].astype(str))
            out[name] = pd.Categorical(why, categories=REASONS)
    return out


def _fill(view):
    """Put whole counts into the unknown cells, as evenly spread as the shown rows let them be.

    Cells that hang together are filled by least squares; where that gives no whole table, by one
    integer program for all of them together, for each call of the solver costs more than its work.
    """
    cells = view.cells
    unknown = ~cells.known
    if not unknown.any():
        return
    matrix = disclosure.incidence(cells)
    sides = -(matrix @ np.where(unknown[:, None], 0, cells.counts))
    even = _even(view)
    left = []
    for part in disclosure.components(matrix, unknown):
        inside, rows = disclosure.columns(matrix, part)
        aim = _fitting(inside.toarray(), sides[rows], even[part])
        pupils = aim.sum(axis=1)
        fits = not (inside @ aim - sides[rows]).any()
        if fits and (pupils >= view.low[part]).all() and (pupils <= view.high[part]).all():
            cells.counts[part] = aim
        else:
            even[part] = aim
            left.append(part)
    if left:
        part = np.concatenate(left)
        inside, rows = disclosure.columns(matrix, part)
        low, high = view.low[part], view.high[part]
        cells.counts[part] = _nearest_whole(
            inside, sides[rows], even[part], low, high, cells.levels
        )


def _even(view):
    """Pupils halfway between the bounds, in levels as the shown rows of that grade and year."""
    cells = view.cells
    middle = np.where(np.isinf(view.high), view.low * 2, (view.low + view.high) / 2)
    middle = np.minimum(middle, view.high)
    alike = cells.block * len(relations.GRADES) + cells.grade
    levels = np.column_stack(
        [np.bincount(alike, np.where(cells.known, cells.counts[:, level], 0)) for level in range(4)]
    )
    levels = (levels + 1.0) * cells.levels
    return middle[:, None] * (levels / levels.sum(axis=1, keepdims=True))[alike]


def _fitting(matrix, sides, even):
    """The even counts moved as little as possible so that they fit the shown rows, rounded."""
    moved = np.linalg.lstsq(matrix, sides - matrix @ even, rcond=None)[0]
    return np.rint(np.maximum(even + moved, 0)).astype(np.int64)


def _nearest_whole(matrix, sides, aim, low, high, levels):
    """The whole counts nearest to ``aim`` within the bounds (n x 4); ``Refusal`` out of time.

    The unknowns are the counts, how far each is above and below its aim, and how far each equation
    is from holding: rounding in a file can make the state's sums inexact, so an equation may give
    way, at a price that no aim reaches.
    """
    rows = len(aim)
    n = aim.size
    m = sides.size
    four = sparse.eye_array(4)
    each = sparse.eye_array(n)
    slack = sparse.eye_array(m)
    pupils = sparse.kron(sparse.eye_array(rows), np.ones((1, 4)))
    system = [
        [sparse.kron(matrix, four), None, None, slack, -slack],
        [each, -each, each, None, None],
        [pupils, None, None, sparse.csr_array((rows, m)), None],
    ]
    aims = np.append(sides, aim)
    most = np.tile(np.where(levels, np.inf, 0), rows)
    limits = optimize.LinearConstraint(
        sparse.block_array(system, format="csc"), np.append(aims, low), np.append(aims, high)
    )
    # HiGHS fails in simplifying some small systems, and solves them as they are.
    for presolve in (True, False):
        found = optimize.milp(
            np.concatenate([np.zeros(n), np.ones(2 * n), np.full(2 * m, 1e5)]),
            integrality=np.concatenate([np.ones(n), np.zeros(2 * n + 2 * m)]),
            bounds=optimize.Bounds(0, np.append(most, np.full(2 * n + 2 * m, np.inf))),
            options={"time_limit": 20, "mip_rel_gap": 0.05, "presolve": presolve},
            constraints=limits,
        )
        if found.x is not None:
            break
    if found.x is None:
        raise Refusal(
            f"{rows} hidden rows hang together and could not be checked in time: "
            "protect one district at a time."
        )
    return np.rint(found.x[:n]).astype(np.int64).reshape(-1, 4)
