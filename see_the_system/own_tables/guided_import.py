"""A team's own spreadsheet, step by step: what was understood, refused and hidden, and the result.

From what is chosen in a page to what it shows and what can be chosen next. A file is read where it
lies, and nothing of it is kept but what a person puts on a cause.
"""

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import numpy as np
import pandas as pd

from see_the_system.messages import Refusal, listed
from see_the_system.own_tables import counting, outcomes, student_measures
from see_the_system.own_tables.columns import SHARES
from see_the_system.own_tables.counts_as_given import ADD_UP
from see_the_system.own_tables.files_here import (
    changed_at,
    day_of,
    inside,
    recognised,
    sheets_of,
    table_in,
    usual_folders,
    ways_to_read,
)
from see_the_system.own_tables.groups_and_times import (
    has_years,
    is_of_groups,
    is_of_rows,
    labels,
    parts,
    times,
)
from see_the_system.own_tables.import_words import (
    evidence,
    examples,
    kind_words,
    lines,
    nothing_to_count,
    now,
    number_written,
    over_time,
    points,
    source_words,
    unread,
)
from see_the_system.own_tables.words_of_columns import ROLES
from see_the_system.reports.sections import html_table

START = (
    "Choose a folder and a spreadsheet of your own: placements, benchmarks, attendance, a survey, "
    "report cards, or counts that someone has made. Workbooks (.xlsx, .xls, .ods) and CSV files "
    "are read where they lie, in English or Spanish. Nothing leaves this computer, and nothing of "
    "a file is kept but what you put on a cause."
)
SYNTHETIC = "This is a file of the practice network, which is synthetic: its students are made up."
NOTHING = "choose one"


@dataclass(frozen=True)
class Page:
    """What a page shows: ``html``, its ``words``, and ``choices``, each a name, a label, options
    ([value, words] each; None for a number or a word to write) and the value. ``below``: what was
    understood of the file (HTML), "" where none is chosen.

    evidence: source, sentence, value, low, high, unit and fingerprint of what is shown (dict), None
    where there is nothing to put on a cause.
    """

    html: str = field(repr=False)
    words: str
    choices: list = field(repr=False)
    below: str = field(default="", repr=False)
    evidence: dict | None = field(default=None, repr=False)


def page(chosen, *, folders=()):
    """The page for what is chosen (``Page``); a participant never meets more than a sentence.

    chosen: dict of texts, by the names of the choices; what is missing is as a page begins. A
    role for a column is under ``role`` with the column under ``column``, earlier ones under
    ``said``, a dict. folders: further folders to begin from, as pairs of a path and its name.
    """
    guide = _Guide(chosen, folders)
    try:
        return guide.page()
    except Refusal as refusal:
        return guide.refused(str(refusal))
    except Exception as error:
        # What an error says may hold a cell, and so a name.
        return guide.refused(
            f"This file could not be read ({type(error).__name__}). Save it as CSV and try again, "
            "or tell your facilitator."
        )


class _Guide:
    """One look at a file: the choices so far, in the order in which they are made."""

    def __init__(self, chosen, folders):
        self.chosen = dict(chosen)
        self.choices = []
        self.told = []
        self.folders = dict(folders)
        self._columns_read = None

    def refused(self, sentence):
        html = f'<p class="look-for">{escape(sentence)}</p>'
        below = self._understood()
        return Page(html, "\n".join([sentence, *self.told]), self.choices, below)

    def page(self):
        path = self._place()
        if path is None:
            return Page(f"<p>{escape(START)}</p>", START, self.choices)
        table = self._table(path)
        columns = self._columns(table)
        self.told += [*table.notes, *unread(columns)]
        special = student_measures.measures(columns)
        can = outcomes.outcomes(columns)
        of_groups = is_of_groups(columns)
        if not of_groups:
            self._row_is_a_student(columns)
        if (of_groups and can) or not (can or special):
            raise Refusal(nothing_to_count(table, columns))
        names = [[name, name] for name in special] + [[one.key, one.says] for one in can]
        first = next((one.key for one in can if not one.needs_cut), names[0][0])
        what = self._choose("what", "What counts", names, first)
        if what in special:
            return self._special(table, columns, what)
        [outcome] = [one for one in can if one.key == what]
        found = self._count(columns, outcome)
        return self._shown(table, found)

    # --- the steps

    def _choose(self, name, label, options, first=""):
        """Offers a choice, and gives what is chosen: what was chosen before, if it is offered."""
        offered = [value for value, _ in options]
        value = self.chosen.get(name)
        if value not in offered:
            value = first if first in offered else offered[0]
        self.choices.append({"name": name, "label": label, "options": options, "value": value})
        return value

    def _write(self, name, label):
        """Offers a box to write in, and gives what stands there (text)."""
        value = str(self.chosen.get(name, "")).strip()[:20]
        self.choices.append({"name": name, "label": label, "options": None, "value": value})
        return value

    def _place(self):
        begin = [(str(path), path.name) for path in usual_folders()]
        begin += list(self.folders.items())
        here = Path(self.chosen.get("folder") or begin[0][0])
        if not here.is_dir():
            here = Path(begin[0][0])
        folders, files = inside(here)
        known = dict(begin)
        options = [[str(here), known.get(str(here), here.name or str(here))]]
        if str(here) not in self.folders:
            options += [[str(here.parent), "▴ the folder above"]]
            options += [[str(each), f"▸ {each.name}"] for each in folders]
        options += [[path, name] for path, name in begin if path != str(here)]
        self._choose("folder", "Folder", options, str(here))
        files = [[str(path), f"{path.name} ({day_of(path)})"] for path in files]
        asked = self.chosen.get("file") or ""
        if asked and asked not in [path for path, _ in files] and Path(asked).parent == here:
            if not Path(asked).is_file():
                self._choose("file", "Spreadsheet", [["", NOTHING], *files])
                raise Refusal(f"{Path(asked).name} is no longer there. Choose it where it is now.")
            files = [[asked, Path(asked).name], *files]
        chosen = self._choose("file", "Spreadsheet", [["", NOTHING], *files])
        return Path(chosen) if chosen else None

    def _table(self, path):
        names = sheets_of(str(path), changed_at(path))
        sheet = ""
        if len(names) > 1:
            table = table_in(str(path), changed_at(path), "")
            sheet = self._choose("sheet", "Sheet", [[name, name] for name in names], table.sheet)
        return table_in(str(path), changed_at(path), sheet)

    def _columns(self, table):
        said = {
            name: role
            for name, role in dict(self.chosen.get("said") or {}).items()
            if name in table.cells and role in ROLES
        }
        known = {
            "dates": self.chosen.get("dates", ""),
            "school_year": self._school_year(),
            "shares": self.chosen.get("shares", ""),
        }
        path = self.chosen["file"]
        changed = changed_at(Path(path))
        columns = recognised(path, changed, table.sheet, tuple(said.items()), **known)
        self._columns_read = table, columns
        for column in columns:
            if column.role == "date":
                self._ask_for_dates(table, column, known["dates"], tuple(said.items()))
            elif column.role == "percent" and (column.ways or column.way):
                self._choose("shares", column.name, [["", NOTHING], *map(list, SHARES.items())])
                if column.ways:
                    self.told.append(
                        f"{column.name} has no number above 1: say above whether these are shares."
                    )
        return columns

    def _ask_for_dates(self, table, column, way, said):
        """Asks how dates are written that can be read in several ways, once for all columns."""
        if any(choice["name"] == "dates" for choice in self.choices):
            return
        ways = column.ways if len(column.ways) > 1 else ()
        if not ways and (not way or column.way != way):
            return
        ways = ways or ways_to_read(self.chosen["file"], table.sheet, said, column.name)
        self._choose("dates", f"{column.name} is", [["", NOTHING], *([way, way] for way in ways)])
        if not way:
            example = next(cell for cell in table.cells[column.name] if cell is not None)
            self.told.append(
                f"{column.name}: “{example}” can be read in {len(ways)} ways. Say above which it "
                "is; until then its dates are not used."
            )

    def _school_year(self):
        text = str(self.chosen.get("school_year", "")).strip()
        return text if text[:4].isdigit() else ""

    def _count(self, columns, outcome):
        cut = number_written(self._write("cut", "At least")) if outcome.needs_cut else np.nan
        chosen_by = self._side_by_side(columns, outcome)
        only = self._only(columns, outcome, chosen_by)
        over = self._choose(
            "over",
            "Over time",
            [["", "as it is now"], *[list(pair) for pair in times(columns).items()]],
        )
        undated = [column.name for column in columns if column.way and len(column.ways) == 1]
        windows = outcomes.of_role(columns, "window")
        if undated or (windows and not has_years(columns, windows[0])):
            self._write("school_year", "School year, as 2025-26")
        if undated and not self._school_year():
            self.told.append(f"{listed(undated)}: its dates have no year. Say which school year.")
        add_up = "assumed"
        if outcomes.is_counted(columns) and chosen_by:
            pairs = [list(pair) for pair in ADD_UP.items()]
            add_up = self._choose("add_up", "Do they make up all students?", pairs)
        spring = self._school_year()
        return counting.count(
            columns,
            outcome,
            cut=cut,
            by=chosen_by,
            only=only,
            over=over,
            add_up=add_up,
            spring=int(spring[:4]) + (len(spring) > 4) if spring else None,
        )

    def _side_by_side(self, columns, outcome=None):
        groups = [each for each in parts(columns, outcome) if not is_of_rows(columns, each)]
        likely = sorted(groups, key=lambda each: _LIKELY.get(each.role, len(_LIKELY)))
        options = [["", "all together"], *[[each.name, each.name] for each in groups]]
        return self._choose("by", "Side by side", options, likely[0].name if likely else "")

    def _row_is_a_student(self, columns):
        """Asks what a row is, where nothing in the table says it; ``Refusal`` for no student."""
        if outcomes.of_role(columns, "student", "answer", "n", "count"):
            return
        options = [["", NOTHING], ["student", "a student"], ["other", "something else"]]
        row = self._choose("row", "A row is", options)
        if not row:
            raise Refusal("Say above what a row is: no column tells which student it is of.")
        if row == "other":
            raise Refusal(
                "Only students can be counted here, or numbers of students. Add a column with how "
                "many students each row is of, and one with how many are counted."
            )

    def _only(self, columns, outcome, by):
        options = [["", "all students"]]
        for column in [
            *outcomes.of_role(columns, "window", "school_year"),
            *parts(columns, outcome),
        ]:
            if column.name == by or len(column.kinds) < 2:
                continue
            name = column.name
            options += [
                [f"{name}\t{label}", label if label.startswith(name) else f"{name}: {label}"]
                for label in sorted(set(labels(column)))
            ]
        chosen = self._choose("only", "Of which students", options)
        column, _, value = chosen.partition("\t")
        return (column, value)

    # --- what is shown

    def _shown(self, table, found):
        if self.chosen.get("over") and len(set(found.table["at"])) > 1:
            line = self._choose("line", "Line of", [[name, name] for name in lines(found)])
            section, sentence, number = over_time(table, found, line)
        else:
            section, sentence, number = now(table, found)
        self.told = [*found.told, *self.told]
        words = "\n".join([section.text(), *self.told])
        shown = found.table.to_csv(index=False)
        said = None if number is None else evidence(table, sentence, number, shown)
        return Page(section.html(), words, self.choices, self._understood(), said)

    def _special(self, table, columns, what):
        by = ""
        if what == student_measures.READY:
            by = self._side_by_side(columns)
        html, words = student_measures.found(what, columns, by)
        said = evidence(table, f"{source_words(table)} {words}", None, words)
        return Page(html, words, self.choices, self._understood(), said)

    def _understood(self):
        """What was understood of the file and what was left out (HTML), with a way to say more."""
        if self._columns_read is None:
            return ""
        table, columns = self._columns_read
        given = outcomes.is_counted(columns)
        lead = f"{table.name} is read as {kind_words(columns)}."
        frame = pd.DataFrame(
            {
                "Column": [column.name for column in columns],
                "Read as": [ROLES[column.role] for column in columns],
                "In it": [examples(column, counted_already=given) for column in columns],
            }
        )
        self._column_choices(columns)
        parts = [
            f"<h2>What was understood</h2><p>{escape(lead)}</p>",
            points("What was left out", self.told),
            html_table(
                frame, "Where one is misread, choose it under Misread column and say what it is."
            ),
            f"<p><i>{escape(SYNTHETIC)}</i></p>" if is_synthetic(table.file) else "",
        ]
        return "".join(parts)

    def _column_choices(self, columns):
        """The two choices by which a person says what a column is."""
        named = {column.name: column.role for column in columns}
        options = [["", "none"], *[[name, name] for name in named]]
        column = self._choose("column", "Misread column", options)
        if column:
            roles = [[role, words] for role, words in ROLES.items()]
            self.choices.append(
                {"name": "role", "label": "What it is", "options": roles, "value": named[column]}
            )


_LIKELY = {"ethnicity": 0, "group": 1, "school": 2, "grade": 3}


def is_synthetic(name):
    """Whether a file is one of the practice network, by its name (bool)."""
    return name.startswith("synthetic_")
