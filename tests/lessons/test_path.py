"""The path as a team walks it: each lesson in a workshop, in Voila, clicked and typed in."""

from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from see_the_system.theory.opening import open_record
from see_the_system.workshop.editions import lessons, read_lesson
from tests.browser import axe_violations, chromium, running_browser, sticks_out
from tests.workshop.rooms import opened_room, run_all

ROOT = Path(__file__).parents[2]
LESSONS = lessons(ROOT / "notebooks")
SAVED = {"timeout": 60_000}


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A team's workshop with all lessons of the path, as the command opens it."""
    chromium()
    place = tmp_path_factory.mktemp("path")
    with opened_room(place) as room:
        room.folder = place / "workshop"
        yield room


@pytest.fixture(scope="module")
def browser():
    with running_browser() as browser:
        yield browser


@contextmanager
def lesson_page(browser, room, name, who="Ana"):
    """The team's page of a lesson, whose number is the beginning of its file's name."""
    [path] = [path for path in LESSONS if path.stem.startswith(name)]
    title = read_lesson(path).cells[0].source.splitlines()[0].removeprefix("# ")
    with browser.new_context(viewport={"width": 1280, "height": 900}) as own:
        own.add_init_script(f"localStorage.setItem('see-the-system who', {who!r})")
        page = own.new_page()
        page.set_default_timeout(60_000)
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(room.address)
        page.get_by_role("link", name=title).click()
        page.locator("h1", has_text=title).wait_for()
        yield page
        assert page.faults == [] and "Traceback" not in page.content()


def theory(room):
    with open_record(room.folder / "team.theory") as record:
        return record.theory()


def saved(page):
    for status in page.locator(".sts-status").all():
        expect(status).to_have_text("Saved", **SAVED)


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_is_read_by_everyone(browser, room, path):
    """No serious violation of accessibility, nothing that sticks out, no code, no facilitator."""
    with lesson_page(browser, room, path.stem) as page:
        page.locator(".sts").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert axe_violations(page, serious=True) == [] and sticks_out(page) == 0
        shown = page.locator("body").inner_text()
        assert "Facilitator ·" not in shown and "import" not in shown


def test_a_team_that_starts_here_leaves_with_members_and_a_charter(browser, room):
    with lesson_page(browser, room, "00") as page:
        page.get_by_role("button", name="Another year").click()
        page.get_by_label("Add a member: What is your name?").last.fill("Noor")
        page.keyboard.press("Enter")
        saved(page)
        own = page.get_by_label("What is this team here to do?").last
        own.fill("See why the results differ")
        page.keyboard.press("Tab")
        saved(page)
    assert [member.name for member in theory(room).members] == ["Noor"]
    assert theory(room).charter.purpose == "See why the results differ"


def test_first_explanations_are_written_opened_and_stand_in_the_fishbone(browser, room):
    with lesson_page(browser, room, "03") as page:
        box = page.get_by_label("What is the problem, in one sentence?").last
        box.fill("In spring 2025, 24 percent of one group met the standard, and 45 of the other.")
        page.keyboard.press("Tab")
        saved(page)
        page.get_by_label("What in how we work makes this happen?").fill("Results come late")
        page.get_by_role("button", name="Keep it").click()
        saved(page)
        page.get_by_role("button", name="Open all together").click()
        page.get_by_role("button", name="Open them").click()
        bone = page.locator(".sts-rows button", has_text="First explanations")
        expect(bone.last).to_be_visible(**SAVED)
    [cause] = theory(room).causes
    assert (cause.text, cause.author, cause.confidence) == ("Results come late", "Ana", 50)
    assert theory(room).problem.text.startswith("In spring 2025")


def test_what_one_lesson_makes_the_next_one_finds(browser, room):
    """After the lesson before: the fishbone of 08 has the cause, and takes evidence on it."""
    with lesson_page(browser, room, "08") as page:
        row = page.locator(".sts-rows button", has_text="Results come late")
        expect(row.last).to_be_visible(**SAVED)
        row.last.click()
        page.get_by_role("button", name="Evidence…").last.click()
        panel = page.locator(".sts-panel:visible")
        panel.get_by_label("Kind", exact=True).select_option(label="Known from research")
        panel.get_by_label("Where it stands", exact=True).fill("A study, 2019")
        panel.get_by_label("What", exact=True).fill("Results after five weeks change little")
        panel.get_by_role("button", name="Put it on").click()
        saved(page)
    [evidence] = theory(room).evidence
    assert evidence.text == "Results after five weeks change little"
    assert evidence.about == (theory(room).causes[0].id,)


def test_an_aim_a_driver_with_its_cause_and_a_measure_stand_in_the_diagram(browser, room):
    with lesson_page(browser, room, "09") as page:
        aim = page.get_by_label("What will be different, for whom, how much, and by when?").last
        aim.fill("By October 31, 2029, 34 percent of them meet the standard, up from 24.")
        page.keyboard.press("Tab")
        page.get_by_label("Where do you want to be?").last.fill("34")
        page.keyboard.press("Tab")
        page.get_by_label("Add a driver: What must be different in the system?").fill(
            "Results in a week"
        )
        page.keyboard.press("Enter")
        page.get_by_label("Results come late", exact=True).check()
        page.get_by_label("Add a measure: What is it called?").fill("Days until results")
        page.keyboard.press("Enter")
        saved(page)
        drawn = page.locator("svg[role=img]").last
        expect(drawn).to_contain_text("Results in a", **SAVED)
    found = theory(room)
    assert (found.aim.target, found.measures[0].text) == (34.0, "Days until results")
    [driver] = found.drivers
    assert driver.text == "Results in a week" and driver.causes == (found.causes[0].id,)


def test_in_jupyterlab_the_facilitator_sees_notes_and_the_same_record(browser, room):
    with browser.new_context(viewport={"width": 1280, "height": 900}) as own:
        page = own.new_page()
        page.set_default_timeout(60_000)
        page.goto(room.address)
        [path] = [path.name for path in LESSONS if path.name.startswith("03")]
        page.goto(room.address.split("workshop?")[0] + f"lab/tree/facilitator/{path}")
        panel = page.locator(".jp-NotebookPanel", has_text="Our first theory")
        expect(panel).to_contain_text("For the facilitator.", **SAVED)
        page.locator(".jp-StatusBar-TextItem", has_text="Idle").wait_for()
        run_all(page, panel.get_by_label("What is the problem, in one sentence?").first)
        box = panel.get_by_label("What is the problem, in one sentence?").last
        expect(box).to_have_value(theory(room).problem.text, **SAVED)
