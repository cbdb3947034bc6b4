"""The README's pictures of the lessons: ``python docs/lesson_pictures.py`` takes them.

Each is a part of a stored lesson as a team sees it: the real workshop with the team's edition in
Voila, and the Chromium that the tests use. Numbers after the command take those lessons alone.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

from see_the_system.paths import NOTEBOOKS  # noqa: E402
from see_the_system.workshop.editions import lessons  # noqa: E402
from tests.browser import running_browser  # noqa: E402
from tests.workshop.rooms import opened_room  # noqa: E402

WIDTH, HEIGHT = 1200, 800
# What stands at the top of a lesson's picture; the heading of step 1 where a lesson is not named.
AT_THE_TOP = {
    "00": ".jupyter-widgets:has(> label:text-is('District'))",
    "03": "p:has-text('Activity 3.1')",
    "04": "h2:has-text('Step 3')",
    "08": "figure",
}


def play_a_year(page):
    """Lets the first year of lesson 00 run, so that its chart stands in the picture."""
    page.get_by_role("button", name="Let the year run").click()
    page.wait_for_timeout(5_000)


def begin_an_explanation(page):
    """Someone in lesson 03 has typed a name and an explanation, which is not kept yet."""
    page.get_by_label("Your name").last.fill("Noor")
    page.get_by_label("Your name").last.press("Enter")
    page.get_by_label("What in how we work makes this happen?").fill(
        "Students who move here in August are placed before anyone has seen their work."
    )


FIRST = {"00": play_a_year, "03": begin_an_explanation}


def take(page, number, path):
    """Scrolls to the telling part of a lesson and takes the window."""
    page.locator("#rendered_cells").wait_for(state="visible")
    page.wait_for_timeout(8_000)  # the boxes come one after the other, and move what is below
    FIRST.get(number, lambda page: None)(page)
    top = page.locator(AT_THE_TOP.get(number, "h2:has-text('Step 1')")).first
    top.evaluate("it => scrollTo(0, it.getBoundingClientRect().top + scrollY - 16)")
    page.wait_for_timeout(500)
    shot = Image.open(BytesIO(page.screenshot(animations="disabled")))
    shot.quantize(128).save(path, optimize=True)


def take_all(room, browser, wanted):
    """Takes the pictures of the lessons of a workshop, or of those that are wanted."""
    for lesson in lessons(NOTEBOOKS):
        number = lesson.name[:2]
        if wanted and number not in wanted:
            continue
        with browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}) as own:
            page = own.new_page()
            page.set_default_timeout(90_000)
            page.goto(room.address)
            page.locator(f".lessons a[href$='{lesson.name}']").click()
            take(page, number, FOLDER / f"lesson_{number}.png")


if __name__ == "__main__":
    with (
        tempfile.TemporaryDirectory() as folder,
        running_browser() as browser,
        opened_room(Path(folder), "--team", "Lincoln math team") as room,
    ):
        take_all(room, browser, sys.argv[1:])
