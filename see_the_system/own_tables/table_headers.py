"""The names above the columns of a table: where they stand, in one row or two, each once."""

import re
from datetime import date

from see_the_system.messages import Refusal, plain_letters

_LOOKED_AT = 25  # rows
_DAY = re.compile(r"\d{1,2}[/-]\d{1,2}([/-]\d{2,4})?|\d{4}-\d\d(-\d\d)?|(19|20)\d\d[-/]\d\d")
_MANY_DAYS = 3
_MOST_LETTERS = 120  # of a column's name
_TITLE_SHARE = 0.6  # a row with a smaller share of the columns filled is a title and no header


def header_row(name, rows, filled):
    """The place of the row that names the columns (int): the first full one without any value.

    Where every row has values, as under names that are dates or weeks, the first with few.
    """
    _refuse_days_as_columns(name, rows)
    first = [count for count in filled if count][:_LOOKED_AT]
    usual = sorted(first)[len(first) // 2]
    full = [
        place
        for place in range(min(len(rows), _LOOKED_AT))
        if filled[place] >= max(1, _TITLE_SHARE * usual)
    ]
    shares = {place: _share_of_values(rows[place]) for place in full}
    for most in (0, 0.5):
        named = [place for place, share in shares.items() if share <= most]
        if named:
            return named[0]
    values = ", ".join(str(cell) for cell in rows[full[0]] if cell is not None)
    raise Refusal(
        f"{name}: row {full[0] + 1} is the first of the table and holds values ({values[:40]}); a "
        "row with the name of each column was expected. Write one above it, and save."
    )


def _refuse_days_as_columns(name, rows):
    """``Refusal`` where the first row that could name columns names days, one after another."""
    for row in rows[:_LOOKED_AT]:
        filled = [cell for cell in row if cell is not None]
        days = [cell for cell in filled if isinstance(cell, date) or _DAY.fullmatch(str(cell))]
        texts = [cell for cell in filled if re.search("[A-Za-z]{2}", str(cell))]
        if len(days) >= _MANY_DAYS and texts and len(days) + len(texts) == len(filled):
            raise Refusal(
                f"{name} has a column for each of {len(days)} days or times. Put them into rows: "
                "one column with the day, one with what was seen on it; then choose the file again."
            )
        if len(texts) > 1:
            return


def _share_of_values(row):
    filled = [cell for cell in row if cell is not None]
    return sum(map(_is_a_value, filled)) / len(filled)


def _is_a_value(cell):
    """Whether a cell can hardly be the name of a column (bool)."""
    if isinstance(cell, (bool, date)):
        return True
    text = str(cell)
    year = re.fullmatch(r"(19|20)\d\d(\.0)?", text)
    return not year and bool(re.fullmatch(r"[-+]?[\d.,/%:\s-]+", text))


def has_second_row(rows, head):
    """Whether the names stand in two rows, the upper of merged cells (bool).

    The lower then has texts below the gaps of the upper, and gaps below its single names.
    """
    if head + 2 >= len(rows):
        return False
    upper, lower, next_row = rows[head], rows[head + 1], rows[head + 2]
    last = max(place for place, cell in enumerate(lower) if cell is not None) if any(lower) else 0
    gaps = [place for place in range(last + 1) if upper[place] is None]
    below = [lower[place] for place in gaps]
    texts = [cell for cell in lower if cell is not None]
    values_below = sum(
        _is_a_value(next_row[place]) for place in gaps if next_row[place] is not None
    )
    repeats = len(set(map(str, texts))) < len(texts)
    is_names = not any(map(_is_a_value, texts)) and (repeats or values_below > len(gaps) / 2)
    differs = sum(cell is None for cell in lower[: last + 1]) > 0 or any(map(_is_a_value, next_row))
    return bool(gaps) and all(below) and is_names and differs


def has_row_of_groups(rows, head):
    """Whether the row above the names groups them (bool), as Fall and Spring above Level twice."""
    names = [plain_letters(str(cell)) for cell in rows[head] if cell is not None]
    above = [cell for cell in rows[head - 1] if cell is not None] if head else []
    repeats = len(set(names)) < len(names)
    return repeats and len(above) > 1 and not any(map(_is_a_value, above))


def joined_names(upper, lower):
    """The names of two rows: that of a merged cell before each below it."""
    above, names = None, []
    for first, second in zip(upper, lower, strict=True):
        above = first if first is not None else above
        parts = [above if second is not None else first, second]
        names.append(" ".join(str(part) for part in parts if part is not None) or None)
    return names


def refuse_no_names(name, head, cells):
    """``Refusal`` where the row of names is most likely the first of the data."""
    again = [column for column in cells if column in set(cells[column].map(str))]
    if len(again) > 1 and len(cells) > 2:
        raise Refusal(
            f"{name}: what stands in row {head + 1} stands in the rows below it too, so that it "
            "can hardly be the names of the columns. Write a row of names above it, and save."
        )


def unlike_names(names, places):
    """The names of the columns, each once (list of text)."""
    found = []
    for name, place in zip(names, places, strict=True):
        text = f"column {_letters(place)}" if name is None else _as_name(name)
        same = sum(plain_letters(each.split(" (")[0]) == plain_letters(text) for each in found)
        found.append(f"{text} ({same + 1})" if same else text)
    return found


def _as_name(cell):
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    # A question of a survey that is cut has to show it.
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1].rstrip()}…"


def _letters(place):
    """A column as a spreadsheet names it (text).

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    more, last = divmod(place, 26)
    return (_letters(more - 1) if more else "") + chr(65 + last)
