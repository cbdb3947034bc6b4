"""A room as people meet it: the start page, a lesson in Voila, the same one in JupyterLab."""

import urllib.error
import urllib.request
from contextlib import contextmanager

import nbformat
import pytest

from tests.browser import axe_violations, chromium, running_browser, sticks_out
from tests.workshop.conftest import FACILITATOR_SENTENCE, code, text, write_lesson
from tests.workshop.rooms import BREAKS, BROKEN, files_of, opened_room, run_all

FAULT = """from see_the_system.messages import Refusal

raise Refusal('The year <b>2031</b> is not here.')"""
PRACTICE = "This team, its district and all its work are synthetic"
SINGLE_KEYS = ("x", "d", "d", "a", "b", "m", "y", "r", "z", "c", "v", "0", "Shift+M")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(scope="module")
def room(tmp_path_factory, lessons):
    """The practice workshop, open, in the folder that it has unless one is named."""
    chromium()
    place = tmp_path_factory.mktemp("Ana's röom")
    noise = code("import warnings\n\nwarnings.warn('of no use to a team')", "noise")
    title = text("# A lesson with a fault", "aims")
    write_lesson(lessons / "02_fault.ipynb", title, noise, code(FAULT, "fault"))
    with opened_room(place, "--practice", "--lessons", lessons) as room:
        room.home = place
        room.folder = place / "workshop-practice"
        yield room
    (lessons / "02_fault.ipynb").unlink()


@pytest.fixture(scope="module")
def browser():
    with running_browser() as browser:
        yield browser


@contextmanager
def start_page(browser, room, *, width=1280, height=900):
    """The start page in a browser that knows nothing yet, as the command opens it.

    ``page.asked`` lists the addresses that were asked for.
    """
    with browser.new_context(viewport={"width": width, "height": height}) as own:
        page = own.new_page()
        page.asked = []
        page.set_default_timeout(60_000)
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(room.address)
        yield page
        here = room.address.split("workshop?")[0]
        elsewhere = [url for url in page.asked if not url.startswith((here, "data:", "blob:"))]
        assert elsewhere == []


@pytest.mark.parametrize("width", [1280, 1024, 512])
def test_the_start_page_is_plain_and_the_token_is_gone_from_it(browser, room, width):
    with start_page(browser, room, width=width) as page:
        assert "token" not in page.url and PRACTICE in page.locator("header").inner_text()
        assert page.locator("h1").inner_text() == "Lanternfield middle grades mathematics team"
        first = page.locator(".lessons li").first
        assert first.inner_text().split("\n\n") == [
            "Why does it happen here?",
            "Build a first fishbone, with a hunch on every bone.",
            "60 minutes",
        ]
        assert axe_violations(page) == [] and sticks_out(page) == 0


def test_a_lesson_runs_by_itself_and_shows_no_code(browser, room):
    with start_page(browser, room, width=1024, height=768) as page:
        page.get_by_role("link", name="Why does it happen here?").click()
        page.get_by_role("button", name="Count 0").click()
        page.get_by_role("button", name="Count 1").wait_for()
        assert page.title() == "Why does it happen here?"
        assert page.locator("html").get_attribute("lang") == "en"
        shown = page.locator("body").inner_text()
        assert PRACTICE in shown and "mathematics team has 7 bones." in shown
        assert "24 causes in 7 categories" in shown
        assert "import" not in shown and "team_record" not in shown
        assert FACILITATOR_SENTENCE not in page.content()
        assert page.locator("figure svg[role=img]").count() == 1
        page.locator("mjx-container").wait_for()  # formulas need no other machine either
        assert axe_violations(page) == [] and sticks_out(page) == 0
        page.set_viewport_size({"width": 512, "height": 384})  # 1,024 pixels at 200 %
        page.locator("figure[tabindex]").wait_for()
        assert axe_violations(page) == [] and sticks_out(page) == 0
        page.get_by_role("link", name="All lessons").click()
        assert page.url.endswith("/workshop")


def test_a_fault_in_a_lesson_is_its_sentence_and_never_a_traceback(browser, room):
    with start_page(browser, room) as page:
        page.get_by_role("link", name="A lesson with a fault").click()
        said = page.get_by_role("alert")
        said.wait_for()
        assert said.inner_text() == "The year <b>2031</b> is not here."
        assert "Traceback" not in page.content() and "of no use" not in page.content()


def test_in_jupyterlab_no_single_key_cuts_a_cell_and_no_widget_is_stored(browser, room):
    stored = room.folder / "facilitator" / "01_why.ipynb"
    with start_page(browser, room) as page:
        page.get_by_role("link", name="the same lessons with notes").click()
        page.locator(".jp-DirListing-item", has_text="01_why.ipynb").dblclick()
        cells = page.locator(".jp-Notebook .jp-Cell")
        page.locator(".jp-StatusBar-TextItem", has_text="Idle").wait_for()
        note = page.locator(".jp-Notebook .jp-MarkdownCell", has_text=FACILITATOR_SENTENCE)
        note.click()
        before = cells.all_inner_texts()
        assert page.locator(".jp-cell-toolbar").count() == 0
        press_all(page)
        assert cells.all_inner_texts() == before and len(before) == 7
        count = page.get_by_role("button", name="Count 0")
        run_all(page, count)
        count.click()
        press_all(page)
        assert page.get_by_role("button", name="Count 1").is_visible()
        assert cells.count() == 7 and page.locator(".jp-Dialog").count() == 0
        page.keyboard.press("Control+s")
        page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
        run_all(page, page.get_by_role("button", name="Count 0"))
        page.keyboard.press("Control+s")  # what was left out of the file is no conflict with it
        page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
        assert page.locator(".jp-Dialog").count() == 0
    saved = nbformat.read(stored, as_version=4)
    [shown] = next(cell for cell in saved.cells if cell.id == "count").outputs
    assert shown.data["text/html"] == "<p>The count, as it was stored.</p>"
    assert not any("widget" in kind for kind in shown.data) and "widgets" not in saved.metadata


def test_a_persons_own_jupyter_is_neither_read_nor_changed(room):
    """Its settings here stop whoever reads them, and yet the lessons of this module ran."""
    found = files_of(room.home)
    assert set(found.values()) == {BREAKS} and len(found) == len(BROKEN)


def press_all(page):
    """Every key that stock JupyterLab takes for an order, one after the other."""
    for each in SINGLE_KEYS:
        page.keyboard.press(each)


@pytest.mark.parametrize(
    "path",
    [
        "workshop",
        "voila/render/01_why.ipynb",
        "voila/tree",
        "lab",
        "voila/files/a.png",
        "api/contents",
    ],
)
def test_without_the_token_nothing_is_given(room, path):
    here = room.address.split("workshop?")[0]
    try:
        with DIRECT.open(here + path, timeout=30) as answer:
            assert "/login?" in answer.url
            assert b"Lanternfield" not in answer.read()
    except urllib.error.HTTPError as refused:
        assert refused.code == 403
        refused.close()
