"""A small template notebook that can be told to fail, to hang or to die, and pages made from it."""

import csv
from functools import partial

import nbformat
import pytest

from see_the_system.reports.batch import Task
from see_the_system.reports.template import Template
from tests.browser import page_in, running_browser

PARAMETERS = """district: str = "99-10017"  # The district's code
store: str = ""  # Where the data are
doing: str = "well"  # well, raise, problem, nothing, hang or die
year: int = 2024  # The latest year
share: float = 0.5
charters: bool = False
groups: list = [1]
label = "plain\""""

DO = """import os, time
from see_the_system.messages import NoResults, Refusal
print("kept out of the page: 7781" if False else f"Year {year}")
if doing == "raise":
    {}["no such school"]
if doing == "problem":
    raise Refusal("This district has no grade 8. Leave it out.")
if doing == "nothing":
    raise NoResults("99-00001 has no mathematics results in grade 8.")
if doing == "hang":
    time.sleep(600)
if doing == "die":
    os._exit(1)
if doing == "wait":
    time.sleep(2)"""

TABLE = """import sys, warnings
from IPython.display import HTML, Markdown, display
warnings.warn("a warning nobody should read")
print("text on stderr", file=sys.stderr)
headline = {"headline": f"In {year} the gap narrowed."}
display(Markdown("The gap has **narrowed**."), metadata={"see_the_system": headline})
display(HTML("<table><caption>Students by grade</caption>"
             "<thead><tr><th scope='col'>Grade</th><th scope='col'>Students</th></tr></thead>"
             "<tbody><tr><th scope='row'>6</th><td>120</td></tr></tbody></table>"))"""

FIGURE = """display(HTML('<figure><svg width="720" height="120" viewBox="0 0 720 120" role="img" '
             'aria-labelledby="t1">'
             '<title id="t1">Students meeting the standard, by year</title>'
             '<rect x="5" y="5" width="500" height="40" fill="#0b5567"/>'
             '<text x="5" y="80" font-size="14">42 of 100</text></svg>'
             '<figcaption>Students meeting the standard.</figcaption></figure>'))
display(HTML("<details><summary>Method</summary><p>Told in the fold.</p></details>"))"""


def code(source, *tags):
    """A code cell with tags."""
    return nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})


def text(source, *tags):
    """A markdown cell with tags."""
    return nbformat.v4.new_markdown_cell(source, metadata={"tags": list(tags)})


def rows(out):
    """The manifest of a folder of reports by district, as a spreadsheet program reads it (dict)."""
    with open(out / "manifest.csv", encoding="utf-8-sig", newline="") as file:
        return {row["district"]: row for row in csv.DictReader(file)}


def write_template(path, *extra):
    """The template notebook, with further cells (path)."""
    notebook = nbformat.v4.new_notebook(
        cells=[
            code(PARAMETERS, "parameters"),
            text("# The mathematics gap"),
            code(DO),
            text("## What the data say"),
            code(TABLE),
            text("#### Over the years"),
            code(FIGURE),
            *extra,
        ]
    )
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def template(tmp_path):
    """The template, read."""
    return Template(write_template(tmp_path / "template.ipynb"))


@pytest.fixture
def same_code(monkeypatch):
    """The sources count as unchanged, also while somebody is editing them beside the test."""
    monkeypatch.setattr("see_the_system.reports.batch.code_version", lambda: "0+h1")


@pytest.fixture(scope="module")
def open_page():
    """Opens files in one browser, each as :func:`tests.browser.page_in` does."""
    with running_browser() as browser:
        yield partial(page_in, browser)


def task(number, doing="well", **more):
    """One district's task."""
    district = f"99-{number:05d}"
    chosen = {"fingerprint": "data-1", "parameters": {}, "county": "Practice"} | more
    return Task(
        district, f"District {number}", inputs={"district": district, "doing": doing}, **chosen
    )
