"""Tables of a theory for a spreadsheet: one CSV for each kind, and the fishbone with its words.

``cause_table`` reads the fishbone again.
"""

import csv
import io
import re
from collections import Counter
from datetime import date

from pydantic import BaseModel

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.evidence import grades
from see_the_system.theory.items import FIELDS, KINDS, ONES
from see_the_system.theory.outline import in_one_line
from see_the_system.theory.questions_of_theory import walk

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

    ``under`` says the cause above, ``dots`` counts votes.
    """
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
    items = getattr(theory, FIELDS[kind])
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
