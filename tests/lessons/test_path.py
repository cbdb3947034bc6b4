"""The path as a team walks it: each lesson in a workshop, in Voila, clicked and typed in.

``make prove`` walks the same steps in JupyterLab as well; here each lesson runs there once, after
the team, and finds its work.
"""

import pytest
from playwright.sync_api import expect

from tests.browser import axe_violations, chromium, running_browser, sticks_out
from tests.lessons.walk import (
    AIM,
    LESSONS,
    PROBLEM,
    PUBLIC,
    SAID,
    SAVED,
    WALKS,
    lesson_in_voila,
    opened_page,
    path_of,
    root,
    run_in_lab,
    theory,
    walked_room,
)


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A team's workshop with all lessons of the path, as the command opens it."""
    chromium()
    with (
        pytest.MonkeyPatch.context() as patch,
        walked_room(tmp_path_factory.mktemp("path"), patch.setenv) as room,
    ):
        yield room


@pytest.fixture(scope="module")
def browser():
    with running_browser() as browser:
        yield browser


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_read_by_everyone(browser, room, path):
    """No serious violation of accessibility, nothing that sticks out, no code, no facilitator."""
    with lesson_in_voila(browser, room, path.stem[:2]) as (page, at):
        page.locator(".sts").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert axe_violations(page, serious=True) == [] and sticks_out(page) == 0
        shown = at.inner_text()
        assert "Facilitator ·" not in shown and "import" not in shown


def test_every_lesson_of_the_path_has_its_walk():
    assert list(WALKS) == [path.stem[:2] for path in LESSONS]


@pytest.mark.parametrize("number", WALKS)
def test_a_team_walks_through_it_and_the_record_holds_what_it_made(browser, room, number):
    """One after the other: what one lesson makes, the next one finds."""
    walk, found = WALKS[number]
    with lesson_in_voila(browser, room, number) as (page, at):
        walk(page, at)
    found(room)


def test_the_start_page_leads_to_the_run_sheet(browser, room):
    with opened_page(browser, who="") as page:
        page.goto(room.address)
        page.get_by_role("link", name="a run sheet to print").click()
        expect(page.locator("h1")).to_have_text("A meeting for each lesson")
        expect(page.locator("h2", has_text="For the facilitator: meeting 5")).to_be_visible()
        expect(page.locator("h3", has_text="Step 7 · Read it aloud")).to_be_visible()


def test_in_jupyterlab_each_lesson_runs_and_the_facilitator_finds_the_teams_work(browser, room):
    with opened_page(browser) as page:
        page.goto(room.address)
        page.goto(f"{root(room)}/lab/workspaces/all/tree/facilitator/{LESSONS[0].name}")
        for number in WALKS:
            if path_of(number) != LESSONS[0]:
                page.locator(".jp-DirListing-item", has_text=path_of(number).name).dblclick()
            notebook = run_in_lab(page, number)
            look_for_the_teams_work(notebook, number, theory(room))
            assert notebook.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0


def look_for_the_teams_work(at, number, own):
    """The last thing that the team wrote in a lesson stands in it."""
    if number == "00":
        box = at.get_by_label("What is this team here to do?").last
        expect(box).to_have_value(own.charter.purpose, **SAVED)
    elif number == "08":
        row = at.locator(".sts-rows button", has_text=own.causes[0].text).last
        expect(row).to_be_visible(**SAVED)
    else:
        question, value = {
            "03": (PROBLEM, own.problem.text),
            "04": (PUBLIC, SAID),
            "09": (AIM, own.aim.text),
        }[number]
        expect(at.get_by_label(question).last).to_have_value(value, **SAVED)
