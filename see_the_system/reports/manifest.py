"""What has been made, from what and when: a row a report, and the page that lists them."""

import csv
import hashlib
import io
import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from itertools import combinations

import pandas as pd

from see_the_system.data.codes import group_code
from see_the_system.messages import Refusal, counted, day_in_words, listed
from see_the_system.privacy.student_groups import apart
from see_the_system.reports import page
from see_the_system.reports.files import folder_of, is_in_folder, slug, write_in_folder

NAME = "manifest.csv"
DONE, FAILED, NO_RESULTS = "done", "failed", "no results"
MADE_FROM = ("name", "county", "parameters", "data", "template", "code")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheets take for a formula's beginning
PAIR = ("focus_group", "comparison_group")


@dataclass(frozen=True)
class ReportRow:
    """One report's line in the manifest, every field text.

    Paths are relative to the folder of reports. ``finished``: when it was last made, or tried;
    ``page_of``: when its page was made, where that is older than the last try.
    """

    district: str
    name: str = ""
    county: str = ""
    status: str = ""
    reason: str = ""
    headline: str = ""
    page: str = ""
    notebook: str = ""
    pdf: str = ""
    seconds: str = ""
    parameters: str = "{}"
    data: str = ""
    template: str = ""
    code: str = ""
    finished: str = ""
    page_of: str = ""

    @property
    def key(self):
        """What tells a report from every other of the folder: its district, what was asked."""
        return self.district, self.parameters or "{}"

    @property
    def file_name(self):
        """The name of its files, without ending (text); one of its own for other parameters."""
        name = slug(self.district, self.name)
        if self.key[1] == "{}":
            return name
        digest = hashlib.sha256(self.parameters.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{name}-with-{digest[:8]}"

    def files(self):
        """The paths of what was made (set of text)."""
        return {self.page, self.notebook, self.pdf} - {""}


COLUMNS = [field.name for field in fields(ReportRow)]


class Manifest:
    """The rows of a folder of reports by key; every change is on disk before the next one."""

    def __init__(self, folder):
        self.folder = folder_of(folder)
        self.rows = read(self.folder / NAME)

    def record(self, row):
        """Put a report's row in the place of its earlier one."""
        self.rows[row.key] = row
        self.write()

    def write(self):
        """Write the manifest; spreadsheet programs know its text by the byte order mark."""
        rows = [asdict(self.rows[key]) for key in sorted(self.rows)]
        rows = [{name: _as_text(value) for name, value in row.items()} for row in rows]
        text = pd.DataFrame(rows, columns=COLUMNS).to_csv(index=False, lineterminator="\n")
        write_in_folder(self.folder / NAME, text.encode("utf-8-sig", "replace"))

    def write_index(self, usual=None):
        """Write the page that lists and finds the reports; ``usual`` as in ``side_by_side``."""
        write_in_folder(self.folder / "index.html", index(self.present(), usual))

    def present(self):
        """The rows, with a page or PDF that somebody took away left out (list of ReportRow)."""
        return [
            replace(row, page=self._there(row.page), pdf=self._there(row.pdf))
            for row in self.rows.values()
        ]

    def _there(self, name):
        return name if name and is_in_folder(self.folder / name) else ""

    def up_to_date(self, row):
        """Whether a district's report is there and was made from what ``row`` names (bool)."""
        made = self.rows.get(row.key)
        if not made or made.status == FAILED:
            return False
        there = self._there(made.page) and self._there(made.notebook)
        same = all(getattr(made, each) == getattr(row, each) for each in MADE_FROM)
        return same and (made.status == NO_RESULTS or bool(there))


def _as_text(value):
    """What a spreadsheet shows and does not compute: an apostrophe before a formula (text)."""
    return f"'{value}" if value.startswith(FORMULAS) else value


def _as_was(line, name):
    """The text of a cell as it was before ``_as_text`` (text)."""
    value = line.get(name) or ""
    return value[1:] if value[:1] == "'" and value[1:].startswith(FORMULAS) else value


def read(path):
    """The rows of a manifest by key (dict), none where there is no file.

    ``Refusal`` where it is no manifest.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        lines = csv.DictReader(io.StringIO(text, newline=""))
        if lines.fieldnames and "district" not in lines.fieldnames:
            raise ValueError("it has no column 'district'")
        # A manifest of another version has other columns.
        rows = [ReportRow(**{name: _as_was(line, name) for name in COLUMNS}) for line in lines]
        for row in rows:
            if not isinstance(json.loads(row.parameters or "{}"), dict):
                raise ValueError(f"the parameters of {row.district} are {row.parameters!r}")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, csv.Error) as error:
        raise Refusal(
            f"{path} cannot be read as a list of reports: {error}. Move it away, or choose "
            "another folder with --out."
        ) from error
    return {row.key: row for row in rows}


def side_by_side(rows, usual=None):
    """A warning where pages of one district are of groups that share students ("" where none are).

    A page is protected by itself: two that show some of the same students, in other groups, grades
    or with another minimum, may together give hidden results away. ``usual``: the values of
    ``PAIR`` that a report has where nothing else was asked for.
    """
    pages = {}
    for row in rows:
        asked = (usual or {}) | json.loads(row.parameters or "{}")
        groups = [group_code(asked[name]) for name in PAIR if name in asked]
        if row.page:
            pages.setdefault((row.name or row.district, row.district), []).append(groups)
    names = [name for (name, _), of_one in sorted(pages.items()) if _any_shared(of_one)]
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    districts = ", ".join(names[:3]) if more else listed(names[:3])
    return (
        f"Of {districts}{more} there are pages that share students: read side by side they may "
        "give hidden results away, so hand on one page of a district."
    )


def _any_shared(pages):
    """Whether any two pages have groups with students in both; pages: the groups of each."""
    return any(
        not apart(group, other)
        for one, two in combinations(pages, 2)
        for group in one
        for other in two
    )


def index(rows, usual=None):
    """The page that lists the reports by name, with a search, also from a file (HTML text).

    ``usual`` as in ``side_by_side``.
    """
    in_order = sorted(rows, key=lambda row: (row.name.casefold(), *row.key))
    entries = [_entry(row) for row in in_order]
    made = sum(bool(row.page) for row in rows)
    empty = sum(row.status == NO_RESULTS and not row.page for row in rows)
    failed = len(rows) - made - empty
    parts = [counted(made, "report")]
    parts += [f"{failed:,} that could not be made"] * bool(failed)
    parts += [f"{counted(empty, 'district')} without results in what was asked for"] * bool(empty)
    styles = ["page.css", "index.css"]
    warning = side_by_side(rows, usual)
    given = {"summary": listed(parts), "entries": entries, "warning": warning}
    return page.shell("index.html.j2", styles, ["index.js"], **given)


def _entry(row):
    gone = row.reason or "Its page is no longer in this folder; run the same command again."
    older = ""
    if row.page and row.page_of:
        older = f"This page is of {_day(row.page_of)}; it could not be made anew: {row.reason}"
    digits = row.district.replace("-", "")
    return {
        "name": row.name or row.district,
        "where": place(row),
        "page": row.page,
        "pdf": row.pdf,
        "missing": "" if row.page else gone,
        "older": older,
        "asked": in_words(row.parameters),
        "headline": row.headline if row.page else "",
        "words": " ".join([row.name, row.county, row.district, digits]),
    }


def in_words(parameters):
    """What a report was asked for besides the usual, as the index says it (text; "" for nothing).

    >>> in_words('{"focus_group": "White", "grades": [6, 7]}')
    'focus group: White; grades: 6 and 7'
    """
    found = []
    for name, value in json.loads(parameters or "{}").items():
        shown = listed(value) if isinstance(value, list) else value
        found.append(f"{name.replace('_', ' ')}: {shown}")
    return "; ".join(found)


def _day(moment):
    try:
        return day_in_words(datetime.fromisoformat(moment))
    except ValueError:  # as a spreadsheet program saved it
        return moment


def place(row):
    """Where a district is, for a person: "Alder County, district 99-10017" (text)."""
    district = f"district {row.district}"
    if not row.county:
        return district
    named = row.county.casefold().endswith("county")
    return f"{row.county}, {district}" if named else f"{row.county} County, {district}"


def canonical(parameters):
    """Parameters as one text, equal for equal parameters (JSON)."""
    return json.dumps(parameters, sort_keys=True, ensure_ascii=False, default=str)
