"""Tables of a theory for a spreadsheet: one CSV for each kind, and the fishbone's causes out and
in.
"""

import csv
import io
import re
from collections import Counter
from datetime import date

from pydantic import BaseModel, ValidationError

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.evidence import grades
from see_the_system.theory.faults import faults
from see_the_system.theory.items import FIELDS, KINDS, ONES
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.model import Theory
from see_the_system.theory.outline import line, walk
from see_the_system.theory.refusals import first, refuse, unknown

BOM = "\ufeff"
MOST = 5_000_000
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
# Read back as the team's own; the others follow from the rest of the theory.
_READ = ("control", "leverage", "confidence", "part", "author", "id")
# A cell that starts so is a formula to a spreadsheet: it gets an apostrophe, which is taken off
# again.
_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def causes_to_csv(theory):
    """The fishbone as a table (text): one row a cause; ``under`` says the cause above it, ``dots``
    counts votes. Excel opens it as it is.
    """
    graded, rows, category = grades(theory), [], ""
    said = Counter(line(cause.text) for cause in theory.causes)
    for depth, item in walk(theory):
        if depth == 0:
            category = line(item.text) or item.id
            rows += [[category]] if not theory.under(item.id, "cause") else []
            continue
        above = theory.by_id[item.parent]
        under = (
            ""
            if depth == 1
            else line(above.text)
            if above.text and said[line(above.text)] == 1
            else above.id
        )
        dots = sum(vote.dots for vote in theory.under(item.id, "vote"))
        own = [
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
        rows.append([category, line(item.text) or item.id, under, *own])
    return _table(CAUSES, rows)


def to_csv(theory, kind):
    """All things of one kind that stand, one a row (text); ``kind``: a name such as ``driver`` or
    ``change_idea``. Several ids are joined by spaces.

    For the fishbone with its words see :func:`causes_to_csv`.
    """
    if kind not in KINDS:
        raise Refusal(
            f'There is no kind "{kind}"; choose {" or ".join(nearest(kind, KINDS) or KINDS)}.'
        )
    items = [getattr(theory, kind)] if kind in ONES else getattr(theory, FIELDS[kind])
    fields = ["id", *(name for name in KINDS[kind].model_fields if name not in ("id", "dropped"))]
    return _table(fields, [[_cell(getattr(item, name)) for name in fields] for item in items])


def causes_from_csv(text, *, name="causes.csv"):
    """The theory that a table of causes holds (Theory): columns ``category`` and ``cause``, and if
    there are any ``under`` and others of ``CAUSES``.

    ``under`` names the cause above by its words or its id; rows may stand in any order, and a row
    without a cause is a category. Commas, semicolons and tabs are taken. Raises a Refusal with the
    row and the column.
    """
    columns, rows = _rows(text, name)
    categories, causes, given = {}, {}, []
    for number, row in rows:
        category = row.get("category", "")
        if not category:
            raise _fault(
                name, number, "category", "the category is missing; every row names its own"
            )
        if category not in categories:
            categories[category] = _made(
                name,
                number,
                Category,
                "category",
                {
                    "id": f"category-{len(categories) + 1}",
                    "text": category,
                    "order": len(categories) + 1,
                },
            )
        if row.get("cause"):
            given.append((number, row, categories[category]))
        elif any(row.get(column) for column in columns if column != "category"):
            raise _fault(name, number, "cause", "the cause is missing")
    ids = {row["id"] for _, row, _ in given if row.get("id")} | {
        category.id for category in categories.values()
    }
    fresh = (id for n in range(1, len(given) + len(ids) + 2) if (id := f"cause-{n}") not in ids)
    for number, row, _ in given:
        row["id"] = row.get("id") or next(fresh)
        if row["id"] in causes:
            raise _fault(
                name,
                number,
                "id",
                f'the id "{row["id"]}" stands in two rows; give one of them another, or none',
            )
        causes[row["id"]] = number
    above = _above(given)
    made = [
        _cause(name, number, row, category, above, order)
        for order, (number, row, category) in enumerate(given, 1)
    ]
    items = [*categories.values(), *made]
    if fault := next(faults(items), None):
        id, _, reason = fault
        raise _fault(name, causes.get(id, 1), "under", reason[0].lower() + reason[1:].rstrip("."))
    return Theory.trusted({item.id: item for item in items})


def _above(given):
    """Which causes a text or an id under a category may mean (dict of lists of ids)."""
    found = {}
    for _, row, category in given:
        for key in {line(row["cause"]), row["id"]}:
            found.setdefault((category.id, key), []).append(row["id"])
    return found


def _cause(name, number, row, category, above, order):
    under, parent = line(row.get("under", "")), category.id
    if under:
        found = above.get((category.id, under), [])
        if len(found) != 1:
            why = (
                "several causes of this category say so; name the one that is meant by its id"
                if found
                else "no cause of this category says so"
            )
            raise _fault(name, number, "under", f'"{under[:60]}": {why}')
        parent = found[0]
    fields = {column: row[column] for column in _READ if row.get(column)}
    return _made(
        name,
        number,
        Cause,
        "cause",
        fields | {"parent": parent, "text": row["cause"], "order": order},
    )


def _made(name, number, cls, column, fields):
    try:
        return cls.model_validate(fields)
    except ValidationError as error:
        where, reason = first(error, cls.kind())
        raise _fault(
            name, number, column if where[0] == "text" else where[0], reason.rstrip(".")
        ) from None


def _fault(name, number, column, reason):
    return refuse(name, f'row {number}, column "{column}"', f"{reason}.")


def _rows(text, name):
    """The columns (list) and the rows as (number, dict of texts by column); the header is row 1, as
    a spreadsheet counts.
    """
    if len(text) > MOST:
        raise Refusal(
            f"{name} is larger than {MOST // 1_000_000} MB, which no table of causes is; "
            "check that it is the file you mean."
        )
    text = text.removeprefix(BOM)
    if found := _CONTROL.search(text):
        raise refuse(
            name,
            f"line {text.count(chr(10), 0, found.start()) + 1}",
            "there is a hidden character that no text may hold; take it out.",
        )
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    try:
        rows = [
            (number, [_plain(cell) for cell in row])
            for number, row in enumerate(
                csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1
            )
        ]
    except csv.Error as error:
        raise Refusal(f"{name} is not a CSV table ({error}); save it again as CSV UTF-8.") from None
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows:
        raise Refusal(f"{name} is empty; its first row names the columns category and cause.")
    columns = [cell.casefold() for cell in rows[0][1]]
    for column in ("category", "cause"):
        if column not in columns:
            raise refuse(
                name,
                f"row {rows[0][0]}",
                f'there is no column "{column}"; the first row must name the columns '
                f"{', '.join(CAUSES[:3])} and so on.",
            )
    for column in columns:
        if column and (column not in CAUSES or columns.count(column) > 1):
            twice = (
                f'the column "{column}" stands twice; keep one.'
                if column in CAUSES
                else unknown("a table of causes", column, CAUSES)
            )
            raise refuse(name, f"row {rows[0][0]}", twice)
    for number, row in rows[1:]:
        if any(row[len(columns) :]):
            raise refuse(
                name,
                f"row {number}",
                f"there are {len(row)} cells for {len(columns)} columns; put a text that "
                f"holds {delimiter!r} in double quotes.",
            )
    return columns, [(number, dict(zip(columns, row))) for number, row in rows[1:]]


def _plain(cell):
    return cell[1:].strip() if cell.startswith("'") and _FORMULA.match(cell) else cell.strip()


def _table(columns, rows):
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([[_safe(cell) for cell in row] for row in rows])
    return BOM + out.getvalue()


def _safe(value):
    cell = _cell(value)
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


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
        return ("\n" if any(" " in cell for cell in cells) else " ").join(cells)
    if isinstance(value, BaseModel):
        return "; ".join(
            f"{name}: {_cell(one)}" for name, one in value if one not in ("", None, ())
        )
    return value
