"""Two student groups side by side: counts from the grades whose scores are shown for both, and why
a cell has none.
"""

from see_the_system.data.codes import ALL_GRADES, GROUPS, group_code
from see_the_system.gaps.measures import HIDDEN, LEVELS, cell_label, counts, listing
from see_the_system.messages import Refusal

NAMES = ("focus", "comparison")


def paired_counts(frame, focus, comparison, by):
    """``by`` as a list; counts of both groups (suffixes _focus, _comparison) in each year and grade
    shown for both; notes on the result.

    Notes are a dict: focus, comparison, test (names) and left_out, a sentence on the cells of
    ``by`` that have no grade shown for both.
    """
    codes = [group_code(focus), group_code(comparison)]
    if codes[0] == codes[1]:
        raise Refusal(f"A gap needs two different student groups; both are {GROUPS[codes[0]]!r}.")
    by = [by] if isinstance(by, str) else list(by)
    if {"group_id", "group", *NAMES} & set(by):
        raise Refusal(
            "A gap is between two groups, so it cannot be counted by group as well; leave "
            "group out of by."
        )
    rows = frame[frame["group_id"].isin(codes)] if len(frame) else frame
    unit = list(dict.fromkeys([*by, "year", "grade"]))
    table = counts(rows, [*unit, "group_id"])
    sides = [
        table[(table["group_id"] == code) & (table["n"] > 0)].drop(columns="group_id")
        for code in codes
    ]
    units = sides[0].merge(sides[1], on=unit, suffixes=("_focus", "_comparison"))
    notes = {"focus": GROUPS[codes[0]], "comparison": GROUPS[codes[1]], "test": table.attrs["test"]}
    return by, units, notes | {"left_out": _left_out(frame, rows, units, by, codes)}


def sum_units(units, by):
    """Counts of both groups summed over the years and grades of each cell, with the text of those
    grades.
    """
    keys, units = (by, units) if by else (["_"], units.assign(_=0))
    numbers = [f"{name}_{side}" for side in NAMES for name in ("n", *LEVELS)]
    sums = units.groupby(keys, dropna=False, observed=True)[numbers].sum().reset_index()
    return sums.merge(grades_of(units, keys), on=keys)


def grades_of(units, keys):
    """The grades of each cell as text ("6, 7, 8")."""
    text = (
        units.assign(grades=units["grade"])
        .sort_values("grades")[[*keys, "grades"]]
        .drop_duplicates()
        .astype({"grades": "str"})
    )
    return (
        text.groupby(keys, dropna=False, observed=True)["grades"]
        .agg(", ".join)
        .astype("str")
        .reset_index()
    )


def _left_out(frame, rows, units, by, codes):
    """A sentence for each reason why cells of the frame have no gap ("" where all have one)."""
    names = [GROUPS[code] for code in codes]
    if not len(frame):
        return f"There is no gap to show between {names[0]} and {names[1]}: there are no rows."
    every = (
        frame.loc[frame["grade"] != ALL_GRADES, by]
        .drop_duplicates()
        .sort_values(by)
        .to_dict("records")
        if by
        else [{}]
    )
    shown = (
        set(map(tuple, units[by].to_numpy().tolist())) if by else ({()} if len(units) else set())
    )
    table = counts(rows, [*by, "group_id"]) if len(rows) else None
    known = (
        {tuple(row[key] for key in [*by, "group_id"]): row for row in table.to_dict("records")}
        if len(rows)
        else {}
    )
    places = {}
    for cell in every:
        key = tuple(cell.values())
        if key not in shown:
            place = ", ".join(cell_label(column, value) for column, value in cell.items())
            places.setdefault(_why([known.get((*key, code)) for code in codes], names), []).append(
                place
            )
    return " ".join(
        f"No gap between {names[0]} and {names[1]} is "
        f"shown{' for ' + text if (text := listing(cells)) else ''}: {why}."
        for why, cells in places.items()
    )


def _why(sides, names):
    """Why a cell has no gap, from what is known of each group there."""
    absent = [name for name, side in zip(names, sides) if side is None]
    hidden = [
        name
        for name, side in zip(names, sides)
        if side is not None and not side["n"] and side["hidden"]
    ]
    nobody = [
        name
        for name, side in zip(names, sides)
        if side is not None and not side["n"] and not side["hidden"]
    ]
    if absent:
        return f"the files have no row for {' or '.join(absent)}"
    if hidden:
        return f"the scores of {' and '.join(hidden)} are hidden, because {HIDDEN}"
    return (
        f"nobody in {' and '.join(nobody)} has scores"
        if nobody
        else "no grade is shown for both groups"
    )
