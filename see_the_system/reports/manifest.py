"""What has been made, from what and when: a row and the files of each district, always whole."""

import csv
import json
import os
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path

import nbformat
import pandas as pd

from see_the_system.messages import Refusal
from see_the_system.reports import page
from see_the_system.reports.execute import Failed
from see_the_system.reports.files import slug, write_in_folder

NAME = "manifest.csv"
DONE, FAILED = "done", "failed"
MADE_FROM = ("name", "county", "parameters", "data", "template", "code")
LARGEST_PAGE = 400_000  # bytes: what every mail server takes


@dataclass(frozen=True)
class ReportRow:
    """One district's line in the manifest, every field text.

    Paths are relative to the folder of reports.
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

    def files(self):
        """The paths of what was made (set of text)."""
        return {self.page, self.notebook, self.pdf} - {""}


COLUMNS = [field.name for field in fields(ReportRow)]


class Manifest:
    """The rows of a folder of reports by district; every change is on disk before the next one."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.rows = read(self.folder / NAME)

    def record(self, row):
        """Put a district's row in the place of its earlier one."""
        self.rows[row.district] = row
        self.write()

    def write(self):
        """Write the manifest; spreadsheet programs know its text by the byte order mark."""
        rows = [asdict(self.rows[district]) for district in sorted(self.rows)]
        text = pd.DataFrame(rows, columns=COLUMNS).to_csv(index=False, lineterminator="\n")
        write_in_folder(self.folder / NAME, text.encode("utf-8-sig", "replace"))

    def write_index(self):
        """Write the page that lists and finds the reports."""
        write_in_folder(self.folder / "index.html", index(self.present()))

    def present(self):
        """The rows, with a page or PDF that somebody took away left out (list of ReportRow)."""
        return [
            replace(row, page=self._there(row.page), pdf=self._there(row.pdf))
            for row in self.rows.values()
        ]

    def _there(self, name):
        return name if name and (self.folder / name).is_file() else ""

    def up_to_date(self, row):
        """Whether a district's report is there and was made from what ``row`` names (bool)."""
        made = self.rows.get(row.district)
        if not made or made.status != DONE:
            return False
        there = self._there(made.page) and self._there(made.notebook)
        return bool(there) and all(getattr(made, each) == getattr(row, each) for each in MADE_FROM)


def read(path):
    """The rows of a manifest by district (dict), none where there is no file.

    ``Refusal`` where it is no manifest.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = csv.DictReader(file)
            if lines.fieldnames and "district" not in lines.fieldnames:
                raise ValueError("it has no column 'district'")
            # A manifest of another version has other columns.
            rows = [ReportRow(**{name: line.get(name) or "" for name in COLUMNS}) for line in lines]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, csv.Error) as error:
        raise Refusal(
            f"{path} cannot be read as a list of reports: {error}. Move it away, or choose "
            "another folder with --out."
        ) from error
    return {row.district: row for row in rows}


def index(rows):
    """The page that lists the reports by name, with a search, also from a file (HTML text)."""
    entries = [
        _entry(row) for row in sorted(rows, key=lambda row: (row.name.casefold(), row.district))
    ]
    made = sum(row.status == DONE and bool(row.page) for row in rows)
    summary = "1 report" if made == 1 else f"{made} reports"
    if made < len(rows):
        summary += f", and {len(rows) - made} that could not be made"
    styles = ["page.css", "index.css"]
    return page.shell("index.html.j2", styles, ["index.js"], summary=summary, entries=entries)


def _entry(row):
    gone = row.reason or "Its page is no longer in this folder; run the same command again."
    digits = row.district.replace("-", "")
    return {
        "name": row.name or row.district,
        "where": place(row),
        "page": row.page,
        "pdf": row.pdf,
        "missing": "" if row.page else gone,
        "headline": row.headline if row.page else "",
        "words": " ".join([row.name, row.county, row.district, digits]),
    }


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


def now():
    """This moment, with the time zone of this machine (datetime)."""
    return datetime.now().astimezone()


def keep(out, notebook, row):
    """Write a report's notebook and page (the ``ReportRow`` with its paths).

    Its earlier PDF goes first, so that no page has another page's PDF. ``Failed`` when no page can
    be made from the notebook.
    """
    name = slug(row.district, row.name)
    try:
        html = page.render(notebook, _facts(row))
        headline = page.headline(notebook)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise Failed(f"The page could not be written from the notebook: {why}", notebook) from error
    row = replace(
        row,
        status=DONE,
        headline=headline,
        page=f"{name}.html",
        notebook=f"notebooks/{name}.ipynb",
    )
    (out / f"{name}.pdf").unlink(missing_ok=True)
    write_in_folder(out / row.notebook, nbformat.writes(notebook))
    write_in_folder(out / row.page, html)
    for left in _aside(out, name):
        left.unlink(missing_ok=True)
    size = (out / row.page).stat().st_size
    if size > LARGEST_PAGE:
        row = replace(row, reason=f"The page is large: {size // 1000} kB.")
    return row


def set_aside(out, failure, row, before):
    """Keep a failed notebook for the analyst (the ``ReportRow`` with the reason).

    ``before`` is the district's earlier row or None: its page no longer holds, so it does not stay
    where people would send it.
    """
    name = slug(row.district, row.name)
    notebook, earlier = _aside(out, name)
    row = replace(row, status=FAILED, reason=str(failure))
    if failure.notebook is not None:
        write_in_folder(notebook, nbformat.writes(failure.notebook))
        row = replace(row, notebook=f"failed/{name}.ipynb")
    old = out / (before.page if before and before.page else f"{name}.html")
    if old.is_file():
        earlier.parent.mkdir(exist_ok=True)
        os.replace(old, earlier)
    for left in (old.with_suffix(".pdf"), out / "notebooks" / f"{old.stem}.ipynb"):
        left.unlink(missing_ok=True)
    return row


def _aside(out, name):
    return out / "failed" / f"{name}.ipynb", out / "failed" / f"{name}-earlier.html"


def _facts(row):
    today = now()
    sources = {"data": row.data, "template": row.template, "code": row.code}
    versions = ", ".join(f"{what} {version}" for what, version in sources.items() if version)
    return page.Facts(
        row.name, place(row), f"{today:%B} {today.day}, {today.year}", f"Made from: {versions}."
    )
