"""A finished or a failed report, put in its place in the folder of reports."""

import os
from dataclasses import replace
from datetime import datetime

import nbformat

from see_the_system.reports import page
from see_the_system.reports.execute import Failed
from see_the_system.reports.files import slug, write_in_folder
from see_the_system.reports.manifest import DONE, FAILED, place

LARGEST_PAGE = 400_000  # bytes: what every mail server takes


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
