"""Tables of a theory for a spreadsheet: one CSV for each kind, and the fishbone with its words.

The fishbone is read again from its table.
"""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import count

from pydantic import BaseModel, ValidationError

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.evidence import grades
from see_the_system.theory.items import FIELDS, KINDS, ONES, faults
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.model import Theory, theory_of, walk
from see_the_system.theory.outline import in_one_line
from see_the_system.theory.refusals import (
    file_refusal,
    first_fault,
    must_be_readable,
    unknown_field,
)

# Read back as the team's own; the other columns follow from the rest of the theory.
_READ = ("control", "leverage", "confidence", "part", "author", "id")
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass
class CauseRow:
    """One row of a table: its number as a spreadsheet counts, its cells by column (texts)."""

    name: str
    number: int
    cells: dict

    def __getitem__(self, column):
        return self.cells.get(column, "")

    def refusal(self, column, reason):
        """The refusal of the file at a cell of this row (Refusal)."""
        place = f'row {self.number}, column "{column}"'
        return file_refusal(self.name, place, f"{reason.rstrip('.')}.")

    def make(self, cls, column, **fields):
        """The item that these fields make (Item); its text stands in a column."""
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            where, reason = first_fault(error, cls.kind())
            raise self.refusal(column if where[0] == "text" else where[0], reason) from None


def causes_from_csv(text, *, name="causes.csv"):
    """The theory that a table of causes holds (Theory).

    Columns ``category`` and ``cause``, and if there are any ``under`` and others of ``CAUSES``.
    ``under`` names the cause above by its words or its id; rows may stand in any order, and a row
    without a cause is a category. Commas, semicolons and tabs are taken. Raises a Refusal with the
    row and the column.
    """
    must_be_readable(text, _HIDDEN, name=name, thing="table of causes")
    rows = _rows(text.removeprefix(BOM), name)
    categories = _categories(rows)
    given = [row for row in rows if row["cause"]]
    row_of = _with_ids(given, {category.id for category in categories.values()})
    meant = _meant(row_of)
    causes = []
    for cause_id, row in row_of.items():
        fields = {column: row[column] for column in _READ if row[column]}
        fields |= {"id": cause_id, "text": row["cause"], "order": len(causes) + 1}
        fields["parent"] = _above(row, meant) or categories[row["category"]].id
        causes.append(row.make(Cause, "cause", **fields))
    items = [*categories.values(), *causes]
    for item_id, _, reason in faults(items):
        raise row_of[item_id].refusal("under", reason[0].lower() + reason[1:])
    return Theory.trusted({item.id: item for item in items})


def _categories(rows):
    """The categories in the order in which they are first named (dict of Category by its words)."""
    categories = {}
    for row in rows:
        words = row["category"]
        if not words:
            raise row.refusal("category", "the category is missing; every row names its own")
        if words not in categories:
            place = len(categories) + 1
            categories[words] = row.make(
                Category, "category", id=f"category-{place}", text=words, order=place
            )
        others = [cell for column, cell in row.cells.items() if column != "category"]
        if not row["cause"] and any(others):
            raise row.refusal("cause", "the cause is missing")
    return categories


def _with_ids(rows, taken):
    """The rows of causes by the id that each has or gets (dict of ``CauseRow``)."""
    taken = taken | {row["id"] for row in rows}
    numbered = (f"cause-{number}" for number in count(1))
    row_of = {}
    for row in rows:
        cause_id = row["id"] or next(free for free in numbered if free not in taken)
        if cause_id in row_of:
            reason = f'the id "{cause_id}" stands in two rows; give one of them another, or none'
            raise row.refusal("id", reason)
        row_of[cause_id] = row
    return row_of


def _meant(row_of):
    """The causes that a text or an id under a category may mean (dict of lists of ids)."""
    meant = {}
    for cause_id, row in row_of.items():
        for words in {in_one_line(row["cause"]), cause_id}:
            meant.setdefault((row["category"], words), []).append(cause_id)
    return meant


def _above(row, meant):
    """The id of the cause that a row stands under (text), "" for none."""
    under = in_one_line(row["under"])
    if not under:
        return ""
    found = meant.get((row["category"], under), [])
    if len(found) == 1:
        return found[0]
    why = "no cause of this category says so"
    if found:
        why = "several causes of this category say so; name the one that is meant by its id"
    raise row.refusal("under", f'"{under[:60]}": {why}')


def _rows(text, name):
    """The rows below the first, which names the columns (list of ``CauseRow``)."""
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        table = {number: [_plain(cell) for cell in row] for number, row in enumerate(reader, 1)}
    except csv.Error as error:
        raise Refusal(f"{name} is not a CSV table ({error}); save it again as CSV UTF-8.") from None
    filled = [(number, cells) for number, cells in table.items() if any(cells)]
    if not filled:
        raise Refusal(f"{name} is empty; its first row names the columns category and cause.")
    (first, columns), *rest = filled
    columns = [column.casefold() for column in columns]
    for reason in _column_faults(columns):
        raise file_refusal(name, f"row {first}", reason)
    for number, cells in rest:
        if any(cells[len(columns) :]):
            raise file_refusal(
                name,
                f"row {number}",
                f"there are {len(cells)} cells for {len(columns)} columns; put a text that holds "
                f"{delimiter!r} in double quotes.",
            )
    return [
        CauseRow(name, number, dict(zip(columns, cells, strict=False))) for number, cells in rest
    ]


def _column_faults(columns):
    """What is wrong with the names of the columns, one sentence at a time."""
    for column in ("category", "cause"):
        if column not in columns:
            names = ", ".join(CAUSES[:3])
            yield (
                f'there is no column "{column}"; the first row must name the columns {names} and '
                "so on."
            )
    named = [column for column in columns if column]  # a spreadsheet saves empty columns too
    for column in named:
        if column not in CAUSES:
            yield unknown_field("a table of causes", column, CAUSES)
        elif named.count(column) > 1:
            yield f'the column "{column}" stands twice; keep one.'


def _plain(cell):
    """A cell without the apostrophe that keeps it from being a formula (text)."""
    return cell[1:].strip() if cell.startswith("'") and FORMULA.match(cell) else cell.strip()


BOM = "\ufeff"  # without it Excel takes the file for an older encoding
CAUSES = (
    "category",
    "cause",
    "under",
    "grade",
    "control",
    "leverage",
    "confidence",
    "part",
    "dots",
    "author",
    "date",
    "id",
)
# A cell that starts so is a formula to a spreadsheet: it gets an apostrophe, which is taken off
# again.
FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def causes_to_csv(theory):
    """The fishbone as a table (text), one row a cause; Excel opens it as it is.

    ``under`` says the cause above, ``dots`` counts those that it was given.
    """
    theory = theory_of(theory)
    graded = grades(theory)
    uses = Counter(in_one_line(cause.text) for cause in theory.causes)
    rows = []
    category = ""
    for depth, item in walk(theory):
        name = in_one_line(item.text) or item.id
        if depth == 0:
            category = name
            if not theory.under(item.id, "cause"):
                rows.append([category])
            continue
        dots = sum(vote.dots for vote in theory.under(item.id, "vote"))
        rows.append(
            [
                category,
                name,
                _under(theory.by_id[item.parent], uses),
                graded[item.id],
                item.control,
                item.leverage,
                item.confidence,
                item.part,
                dots or "",
                item.author,
                item.at and item.at.date(),
                item.id,
            ]
        )
    return _table(CAUSES, rows)


def _under(above, uses):
    """How a row says what its cause stands under (text, "" for the category alone)."""
    if above.kind() == "category":
        return ""
    words = in_one_line(above.text)
    # Words that several causes have, or none at all, do not tell which one is meant.
    return words if words and uses[words] == 1 else above.id


def to_csv(theory, kind):
    """All things of one kind that stand, one a row (text). Several ids are joined by spaces.

    ``kind``: a name such as ``driver`` or ``change_idea``. For the fishbone with its words see
    :func:`causes_to_csv`.
    """
    if kind not in KINDS:
        kinds = " or ".join(nearest(kind, KINDS) or KINDS)
        raise Refusal(f'There is no kind "{kind}"; choose {kinds}.')
    items = getattr(theory_of(theory), FIELDS[kind])
    if kind in ONES:
        items = [items]
    fields = ["id", *(name for name in KINDS[kind].model_fields if name not in ("id", "dropped"))]
    return _table(fields, [[getattr(item, name) for name in fields] for item in items])


def _table(columns, rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_safe(_cell(value)) for value in row] for row in rows)
    return BOM + out.getvalue()


def _safe(cell):
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def _cell(value):
    """A value as a spreadsheet takes it: yes and no, days as 2026-02-03, several things joined."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        cells = [str(_cell(one)) for one in value]
        return ("\n" if " " in "".join(cells) else " ").join(cells)
    if isinstance(value, BaseModel):
        filled = [(name, _cell(one)) for name, one in value if one not in ("", None, ())]
        return "; ".join(f"{name}: {cell}" for name, cell in filled)
    return value
