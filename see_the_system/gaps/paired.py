"""Two student groups side by side, from the grades whose scores are shown for both.

And why a cell has none.
"""

from see_the_system.data.codes import ALL_GRADES, GROUPS, group_code
from see_the_system.gaps.measures import LEVELS, as_list, counts, grades_of, grouped
from see_the_system.gaps.result_words import HIDDEN, cell_name, not_shown
from see_the_system.messages import Refusal

SIDES = ("focus", "comparison")


def paired_counts(frame, focus, comparison, by):
    """Counts of both groups in each year and grade that is shown for both.

    Gives ``by`` as a list; the counts (DataFrame, suffixes _focus, _comparison); notes on the
    result (dict): focus, comparison, test (names) and left_out, a sentence on the cells of ``by``
    that have no grade shown for both.
    """
    codes = [group_code(focus), group_code(comparison)]
    names = [GROUPS[code] for code in codes]
    if codes[0] == codes[1]:
        raise Refusal(f"A gap needs two different student groups; both are {names[0]!r}.")
    by = as_list(by)
    if {"group_id", "group", *SIDES} & set(by):
        raise Refusal(
            "A gap is between two groups, so it cannot be counted by group as well; leave "
            "group out of by."
        )
    rows = frame[frame["group_id"].isin(codes)] if len(frame) else frame
    unit = list(dict.fromkeys([*by, "year", "grade"]))
    table = counts(rows, [*unit, "group_id"])
    shown = table[table["n"] > 0]
    one, other = (shown[shown["group_id"] == code].drop(columns="group_id") for code in codes)
    units = one.merge(other, on=unit, suffixes=("_focus", "_comparison"))
    notes = dict(zip(SIDES, names, strict=True)) | {"test": table.attrs["test"]}
    return by, units, notes | {"left_out": _left_out(frame, rows, units, by, codes)}


def sum_units(units, by):
    """Counts of both groups summed over the years and grades of each cell, and those grades."""
    numbers = [f"{name}_{side}" for side in SIDES for name in ("n", *LEVELS)]
    sums = grouped(units, by)[numbers].sum()
    sums["grades"] = grades_of(units, by)
    return sums.reset_index()


def _left_out(frame, rows, units, by, codes):
    """A sentence for each reason why cells of the frame have no gap ("" where all have one)."""
    names = [GROUPS[code] for code in codes]
    pair = " and ".join(names)
    if not len(frame):
        return f"There is no gap to show between {pair}: there are no rows."
    single = frame[frame["grade"] != ALL_GRADES]
    cells = single[by].drop_duplicates().sort_values(by).to_dict("records") if by else [{}]
    shown = set(map(tuple, units[by].to_numpy().tolist()))
    known = counts(rows, [*by, "group_id"]).set_index([*by, "group_id"]).to_dict("index")
    reasons = {}
    for cell in cells:
        place = tuple(cell.values())
        if place not in shown:
            sides = [known.get((*place, code) if place else code) for code in codes]
            reasons.setdefault(_why(sides, names), []).append(cell_name(cell, by))
    return not_shown(f"No gap between {pair}", reasons)


def _why(sides, names):
    """Why a cell has no gap, from what is known of each group there."""
    absent, hidden, nobody = [], [], []
    for name, side in zip(names, sides, strict=True):
        if side is None:
            absent.append(name)
        elif not side["n"]:
            why = hidden if side["hidden"] else nobody
            why.append(name)
    if absent:
        return f"the files have no row for {' or '.join(absent)}"
    if hidden:
        return f"the scores of {' and '.join(hidden)} are hidden, because {HIDDEN}"
    if nobody:
        return f"nobody in {' and '.join(nobody)} has scores"
    return "no grade is shown for both groups"
