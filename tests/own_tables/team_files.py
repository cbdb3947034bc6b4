"""Spreadsheets as teams have them, made for tests: known students with known numbers."""

import re
from csv import writer
from datetime import date, timedelta
from html import unescape

import openpyxl

from see_the_system.own_tables.guided_import import page

GROUPS = {"Hispanic or Latino": 40, "White": 30, "Black or African American": 20, "Asian": 6}


def csv(folder, name, rows, *, delimiter=",", encoding="utf-8"):
    """Writes rows of cells as a text and gives its path."""
    path = folder / name
    with path.open("w", encoding=encoding, newline="") as file:
        writer(file, delimiter=delimiter).writerows(rows)
    return path


def workbook(folder, name, **sheets):
    """Writes rows as a workbook, a sheet for each keyword, and gives its path."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = folder / name
    book.save(path)
    return path


def placements():
    """96 students of four groups, and whether each is in an accelerated course (rows of cells).

    Of every group every second student is, but one more of the first.
    """
    rows = [["Student ID", "Grade", "Ethnicity", "Course", "Recommended"]]
    number = 0
    for place, (group, size) in enumerate(GROUPS.items()):
        for each in range(size):
            number += 1
            fast = each % 2 == 0 or (place == 0 and each == 1)
            course = f"{'Accelerated ' if fast else ''}Math {7 + each % 2}"
            rows.append([f"A{number:04}", 7 + each % 2, group, course, "Y" if each % 3 else "N"])
    return rows


def benchmarks(weeks=12, students=30):
    """A short check each week: student, day, percent correct; 40 + week of them right or more."""
    rows = [["SIS ID", "Test Date", "Percent Correct"]]
    for week in range(weeks):
        day = date(2025, 9, 2) + timedelta(7 * week)
        rows += [[1000 + each, day, 40 + 2 * each + week] for each in range(students)]
    return rows


def looked_at(path, **chosen):
    """The page of a file (``Page``)."""
    return page({"folder": str(path.parent), "file": str(path), **chosen})


def offered(found, name):
    """What can be chosen under a name (list of text)."""
    return [
        words
        for choice in found.choices
        if choice["name"] == name
        for _, words in choice["options"]
    ]


def read_as(found):
    """What each column was read as, from the page (dict)."""
    rows = re.findall(r"<tr><th>(.*?)<td class=\"words\">(.*?)<td", found.below)
    return {unescape(name): unescape(role) for name, role in rows}
