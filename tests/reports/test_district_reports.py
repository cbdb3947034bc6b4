"""The reports of the practice network, from the command to the page in a browser."""

import re
import subprocess
import sys

import pytest

from tests.browser import axe_violations, browser_page, sticks_out

LARGE, TINY, SILENT_YEAR = (
    "99-10017-lanternfield-unified",
    "99-10082-little-comet-elementary",
    "99-10066-wrenfield-joint-unified",
)


def reports(*arguments):
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from see_the_system.cli import main; main()",
            "reports",
            *map(str, arguments),
        ],
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    done = reports("99-10017", "Little Comet Elementary", "99-10066", "--out", folder)
    assert done.returncode == 0, done.stderr
    assert "3 reports: 3 made." in done.stdout
    return folder


@pytest.mark.parametrize("name", [LARGE, TINY, SILENT_YEAR])
def test_a_report_in_the_browser(out, name):
    path = out / f"{name}.html"
    assert path.stat().st_size < 400_000
    with browser_page(path) as page:
        assert axe_violations(page) == []
        assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
        assert (
            levels[0] == 1
            and levels.count(1) == 1
            and all(b - a <= 1 for a, b in zip(levels, levels[1:]))
        )
        figures = page.eval_on_selector_all(
            "svg[role=img]", "all => all.map(s => s.querySelector('desc').textContent.length)"
        )
        assert len(figures) == {LARGE: 6, SILENT_YEAR: 5, TINY: 0}[name] and all(
            length > 60 for length in figures
        )
        assert (
            page.eval_on_selector("html", "h => h.lang") == "en"
            and page.locator("text=DistrictReport").count() == 0
        )
    with browser_page(path, width=320) as page:
        assert axe_violations(page) == [] and sticks_out(page) == 0


def test_the_finding_stands_before_the_contents(out):
    html = (out / f"{LARGE}.html").read_text(encoding="utf-8")
    assert (
        html.index("a gap of 20 percentage points")
        < html.index("On this page")
        < html.index("The gap over time</h2>")
    )
    assert "Synthetic data" in html[: html.index("<h2")]


def test_run_again_nothing_is_made(out):
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("9*.html")}
    done = reports("99-10017", "Little Comet Elementary", "99-10066", "--out", out)
    assert "3 up to date" in done.stdout and done.returncode == 0
    assert {path.name: path.stat().st_mtime_ns for path in out.glob("9*.html")} == before


@pytest.mark.parametrize(
    "asked, told",
    [
        (
            ["Lanternfeld"],
            "There is no district 'Lanternfeld' in the data. Did you mean 'Lanternfield Unified'?",
        ),
        (
            ["99-10017", "-p", "focus_grup", "74"],
            "has no parameter 'focus_grup'. Did you mean 'focus_group'",
        ),
        (
            ["--all", "-p", "focus_group", "Blak"],
            "There is no student group 'Blak'. Did you mean 'Black or African American'",
        ),
        (
            ["--all", "-p", "focus_group", "White"],
            "The focus group and the comparison group are both 'White'.",
        ),
        (["--all", "-p", "years", "[2020]"], "School year 2020 is not in the data."),
        (["--all", "-p", "grades", "[2]"], "Grade 2 has no mathematics test."),
        (["--all", "-p", "min_students", "5"], "min_students may be raised above 11"),
        (["--all", "--data", "no-such-folder"], "no-such-folder is not there"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(tmp_path, asked, told):
    done = reports(*asked, "--out", tmp_path / "out")
    assert done.returncode == 2 and told in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists() and not re.search("Traceback", done.stderr)
