"""The reports of the practice network, from the command to the page in a browser."""

import re
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.browser import axe_violations, sticks_out

LARGE = "99-10017-lanternfield-unified"
TINY = "99-10082-little-comet-elementary"
SILENT_YEAR = "99-10066-wrenfield-joint-unified"
FIGURES = {LARGE: 9, SILENT_YEAR: 8, TINY: 0}
ASKED = ("99-10017", "Little Comet Elementary", "99-10066")
# The layouts that are seen, the length of their words, and the size of their smallest letters.
SEEN = """all => all.filter(svg => svg.checkVisibility()).map(svg => [
    svg.classList[0],
    svg.querySelector("desc").textContent.length,
    Math.min(...[...svg.querySelectorAll("text")].map(text => parseFloat(
        getComputedStyle(text).fontSize) * svg.clientWidth / svg.viewBox.baseVal.width)),
])"""
COMMAND = "from see_the_system.cli import main; main()"


def reports(out):
    command = [sys.executable, "-c", COMMAND, "reports", *ASKED, "--out", out]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    done = reports(folder)
    assert done.returncode == 0, done.stderr
    assert "3 reports: 3 made." in done.stdout
    return folder


@pytest.mark.parametrize("name", FIGURES)
def test_a_report_in_the_browser(open_page, out, name):
    path = out / f"{name}.html"
    assert path.stat().st_size < 120_000
    with open_page(path) as page:
        assert axe_violations(page) == []
        assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
        levels = page.eval_on_selector_all("h1,h2,h3,h4", "all => all.map(h => +h.tagName[1])")
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        seen = page.eval_on_selector_all("svg[role=img]", SEEN)
        assert [layout for layout, *_ in seen] == ["desk"] * FIGURES[name]
        assert all(words > 60 and letters > 11 for _, words, letters in seen)
        assert page.get_by_role("img").count() == FIGURES[name]
        assert page.eval_on_selector("html", "h => h.lang") == "en"
        assert page.locator("text=DistrictReport").count() == 0
    with open_page(path, width=320) as page:
        assert axe_violations(page) == [] and sticks_out(page) == 0


def test_a_phone_has_pictures_of_its_own_and_paper_has_those_of_the_desk(open_page, out):
    with open_page(out / f"{LARGE}.html", width=390) as page:
        seen = page.eval_on_selector_all("svg[role=img]", SEEN)
        assert [layout for layout, *_ in seen] == ["phone"] * FIGURES[LARGE]
        assert all(words > 60 and letters > 11 for _, words, letters in seen)
        assert page.get_by_role("img").count() == FIGURES[LARGE]
        assert page.locator(".figure[tabindex]").count() == 0 and sticks_out(page) == 0
        page.emulate_media(media="print")
        seen = page.eval_on_selector_all("svg[role=img]", SEEN)
        assert [layout for layout, *_ in seen] == ["desk"] * FIGURES[LARGE]


LETTER = {"width": 816 - 2 * 60, "height": 1056 - 2 * 42}  # without the margins of page.css


@pytest.mark.parametrize("name", FIGURES)
def test_on_paper_the_first_page_is_alone_and_five_hold_all(open_page, out, name):
    with open_page(out / f"{name}.html") as page:
        page.set_viewport_size(LETTER)
        page.emulate_media(media="print")
        foot = page.locator(".first").bounding_box()
        assert foot["y"] + foot["height"] <= LETTER["height"]
        after = page.evaluate("getComputedStyle(document.querySelector('.first')).breakAfter")
        assert after == "page"
        printed = page.pdf(prefer_css_page_size=True)
        assert 2 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 5


def test_the_finding_stands_before_the_contents(out):
    html = (out / f"{LARGE}.html").read_text(encoding="utf-8")
    finding = html.index("a gap of 20 percentage points")
    assert finding < html.index("On this page") < html.index("The gap over time</h2>")
    assert "Synthetic data" in html[: html.index("<h2")]


def test_run_again_nothing_is_made(out):
    before = {path.name: path.stat().st_mtime_ns for path in out.glob("9*.html")}
    done = reports(out)
    assert "3 up to date" in done.stdout and done.returncode == 0
    assert {path.name: path.stat().st_mtime_ns for path in out.glob("9*.html")} == before
