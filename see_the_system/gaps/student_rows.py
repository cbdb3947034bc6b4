"""A district's own table of students as it was given: its rows, its numbers, its first wrong cell.

What cannot be used is refused by its column, and by its row in the table that was given.
"""

import pandas as pd

from see_the_system.messages import Refusal, listed, nearest


def rows_as_given(students, needed):
    """The rows numbered from 0, blanks missing; every needed column there, no ``student`` twice."""
    for name in needed:
        if name not in students:
            close = listed(nearest(name, map(str, students)), "or") or "one of yours"
            raise Refusal(
                f'The students\' table has no column "{name}", which every row needs; rename the '
                f"column that holds it ({close}), or add it."
            )
    rows = students.reset_index(drop=True)
    rows = rows.mask(rows.map(lambda cell: isinstance(cell, str) and not cell.strip()))
    if "student" in rows:
        again = rows["student"].notna() & rows["student"].duplicated()
        refuse_cell(again, rows["student"], "one row for each student", "keep one of them")
    return rows


def numbers_between(cells, least, most, expected):
    """The cells as numbers (float); ``Refusal`` for the first that is none or lies elsewhere."""
    numbers = pd.to_numeric(cells, errors="coerce").astype(float)
    refuse_cell(cells.notna() & ~numbers.between(least, most), cells, expected)
    return numbers


def refuse_cell(wrong, cells, expected, next_step="correct it, or leave it empty"):
    """Refuses the first wrong cell, by its row in the table that was given."""
    if wrong.any():
        row = wrong.idxmax()
        raise Refusal(
            f'Row {row + 1} has "{cells[row]}" in the column "{cells.name}", where {expected} is '
            f"expected; {next_step}."
        )
