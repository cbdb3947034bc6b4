"""What has been made, from what and when: one row a district, in a file that is whole at every
moment.
"""

import csv
import io
import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

from see_the_system.messages import Refusal
from see_the_system.reports.files import write_in_folder
from see_the_system.reports.page import shell

NAME = "manifest.csv"
DONE, FAILED = "done", "failed"


@dataclass(frozen=True)
class Row:
    """One district's line in the manifest; paths are relative to the folder of reports, every field
    is text.
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


COLUMNS = [field.name for field in fields(Row)]


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
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(self.rows[district]) for district in sorted(self.rows))
        write_in_folder(self.folder / NAME, text.getvalue().encode("utf-8-sig", "replace"))

    def write_index(self):
        """Write the page that lists and finds the reports."""
        write_in_folder(self.folder / "index.html", index(self.present()))

    def present(self):
        """The rows, with a page or PDF that somebody took away left out (list of Row)."""
        return [
            replace(row, page=self._there(row.page), pdf=self._there(row.pdf))
            for row in self.rows.values()
        ]

    def _there(self, name):
        return name if name and (self.folder / name).is_file() else ""

    def up_to_date(self, row):
        """Whether a district's report is there and was made from what ``row`` says it would be made
        from now (bool).
        """
        made = self.rows.get(row.district)
        same = ("name", "county", "parameters", "data", "template", "code")
        return bool(
            made
            and made.status == DONE
            and all(getattr(made, each) == getattr(row, each) for each in same)
            and self._there(made.page)
            and self._there(made.notebook)
        )


def read(path):
    """The rows of a manifest by district (dict), none where there is no file; ``Refusal`` where it
    is no manifest.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames and "district" not in reader.fieldnames:
                raise ValueError("it has no column 'district'")
            rows = [Row(**{name: line.get(name) or "" for name in COLUMNS}) for line in reader]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, csv.Error) as error:
        raise Refusal(
            f"{path} cannot be read as a list of reports: {error}. Move it away, or choose "
            "another folder with --out."
        ) from error
    return {row.district: row for row in rows}


def index(rows):
    """The page that lists the reports by name, with a search that also works from a file (HTML
    text).
    """
    rows = sorted(rows, key=lambda row: (row.name.casefold(), row.district))
    made = sum(row.status == DONE and bool(row.page) for row in rows)
    without = len(rows) - made
    summary = f"{made} {'report' if made == 1 else 'reports'}" + (
        f", and {without} that could not be made" if without else ""
    )
    return shell(
        "index.html.j2",
        ["page.css", "index.css"],
        ["index.js"],
        summary=summary,
        entries=[_entry(row) for row in rows],
    )


def _entry(row):
    gone = (
        ""
        if row.page
        else row.reason or "Its page is no longer in this folder; run the same command again."
    )
    return {
        "name": row.name or row.district,
        "where": place(row),
        "page": row.page,
        "pdf": row.pdf,
        "missing": gone,
        "headline": row.headline if row.page else "",
        "words": " ".join([row.name, row.county, row.district, row.district.replace("-", "")]),
    }


def place(row):
    """Where a district is, for a person: "Alder County, district 99-10017" (text)."""
    county = (
        row.county
        if not row.county or row.county.casefold().endswith("county")
        else f"{row.county} County"
    )
    return ", ".join(filter(None, [county, f"district {row.district}"]))


def canonical(parameters):
    """Parameters as one text, equal for equal parameters (JSON)."""
    return json.dumps(parameters, sort_keys=True, ensure_ascii=False, default=str)
