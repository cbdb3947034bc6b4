"""A team's way through the lessons, in a workshop of its own: clicked and typed in a browser.

The same steps serve on both surfaces: the team's page in Voila, and the facilitator's edition in
JupyterLab. ``lesson_in_voila`` and ``lesson_in_lab`` open a lesson; ``WALKS`` has what is done.
"""

import shutil
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import expect

from see_the_system.paths import NOTEBOOKS, SAMPLE
from see_the_system.theory.opening import open_record
from see_the_system.workshop.editions import lessons, read_lesson
from tests.workshop.rooms import opened_room, run_all

LESSONS = lessons(NOTEBOOKS)
SAVED = {"timeout": 60_000}
WHO = "see-the-system who"
PROBLEM = "What is the problem, in one sentence?"
PUBLIC = "What would you say of it in public?"
AIM = "What will be different, for whom, how much, and by when?"
TEMPTING = "Teachers of grade 5 and grade 6 have no meeting together in the year"
MENDED = (
    "In spring 2025, 24 percent of one group met the standard in grades 6 to 8; 45 of the other."
)
SAID = "24 of 100 met it, and 45. It is there in grade 5 already. Why, the test does not tell."


@contextmanager
def walked_room(place, environment):
    """A workshop with all lessons, whose home holds the state's files of two years (OpenedRoom).

    environment: sets a variable, as ``monkeypatch.setenv`` does; the data that are read in stay in
    the place, and the sample is not read once more.
    """
    before = Path(__file__).parents[2] / ".pytest_cache" / "home" / "read"
    if before.is_dir():
        shutil.copytree(before, place / "home" / "read", ignore=shutil.ignore_patterns("*.lock"))
    environment("SEE_THE_SYSTEM_HOME", str(place / "home"))
    (place / "Downloads").mkdir()
    for year in (2024, 2025):
        [file] = SAMPLE.glob(f"*{year}*all*.zip")
        shutil.copy(file, place / "Downloads")
    with opened_room(place) as room:
        room.folder = place / "workshop"
        yield room


def theory(room, name="team"):
    """What stands in the team's record, or in that of the practice network (Theory)."""
    with open_record(room.folder / f"{name}.theory") as record:
        return record.theory()


def path_of(number):
    """The stored lesson whose file's name begins so (Path)."""
    [path] = [path for path in LESSONS if path.stem.startswith(number)]
    return path


def title_of(number):
    """The heading of a lesson (text)."""
    return read_lesson(path_of(number)).cells[0].source.splitlines()[0].removeprefix("# ")


@contextmanager
def opened_page(browser, who="Ana"):
    """A page in a browser of its own, which knows who writes, if any; no script of it fails."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as own:
        if who:
            own.add_init_script(f"localStorage.setItem({WHO!r}, {who!r})")
        page = own.new_page()
        page.set_default_timeout(60_000)
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        yield page
        assert page.faults == [] and "Traceback" not in page.content()


@contextmanager
def lesson_in_voila(browser, room, number):
    """The team's page of a lesson; gives the page, and where in it the lesson stands."""
    with opened_page(browser) as page:
        page.goto(room.address)
        page.get_by_role("link", name=title_of(number)).click()
        page.locator("h1", has_text=title_of(number)).wait_for()
        yield page, page.locator("body")


@contextmanager
def lesson_in_lab(browser, room, number):
    """The facilitator's edition in JupyterLab, all cells run; gives the page and its notebook."""
    with opened_page(browser) as page:
        page.goto(room.address)
        name = path_of(number).name
        page.goto(f"{root(room)}/lab/workspaces/{number}/tree/facilitator/{name}")
        yield page, run_in_lab(page, number)


def root(room):
    """The address of a room's server, without what stands on it (text)."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(room.address))


def run_in_lab(page, number):
    """Runs all cells of the lesson that is open in JupyterLab; gives its notebook (Locator)."""
    notebook = page.locator(".jp-NotebookPanel:visible", has_text=title_of(number))
    expect(notebook).to_contain_text("For the facilitator.", **SAVED)
    page.locator(".jp-StatusBar-TextItem", has_text="Idle").wait_for()
    run_all(page, notebook.locator(".sts, .jupyter-widgets").first)
    return notebook


def anew(page, number):
    """Loads the page of a lesson again, on either surface; gives where it stands (Locator)."""
    page.reload()
    if "/lab/" in page.url:
        return run_in_lab(page, number)
    page.locator("h1", has_text=title_of(number)).wait_for()
    return page.locator("body")


def saved(at):
    """Waits until whatever is written says that it is saved."""
    for status in at.locator(".sts-status").all():
        expect(status).to_have_text("Saved", **SAVED)


def write(at, question, text):
    """Writes into the last box with this question, as the team's own stands last."""
    box = at.get_by_label(question).last
    box.fill(text)
    box.blur()


def walk_00(page, at):
    """Another year runs; a member and the charter's purpose are written."""
    at.get_by_role("button", name="Another year").click()
    at.get_by_label("Add a member: What is your name?").last.fill("Noor")
    page.keyboard.press("Enter")
    saved(at)
    write(at, "What is this team here to do?", "See why the results differ")
    saved(at)


def walk_03(page, at):
    """The problem, an explanation of one's own, opened; it stands in the fishbone."""
    text = "In spring 2025, 24 percent of one group met the standard, and 45 of the other."
    write(at, PROBLEM, text)
    saved(at)
    at.get_by_label("What in how we work makes this happen?").fill("Results come late")
    at.get_by_role("button", name="Keep it").click()
    saved(at)
    at.get_by_role("button", name="Open all together").click()
    at.get_by_role("button", name="Open them").click()
    bone = at.locator(".sts-rows button", has_text="First explanations")
    expect(bone.last).to_be_visible(**SAVED)


def walk_04(page, at):
    """The tempting theory is believed and put on a cause; then the own files, the own cause, the
    problem again and what would be said in public.
    """
    tempted = explorer(at, 1)
    look_at(tempted, "a class a year later")
    expect(tempted).to_contain_text("Grade 5, then grade 6: from 15.0 to 20.4", **SAVED)
    put_on(tempted, TEMPTING, "It opens just where they do not meet")
    tempted.locator("summary", has_text="Every class").click()
    row = tempted.get_by_role("row", name="grade 5 in 2023 grade 6 in 2024")
    expect(row).to_contain_text("19.9, then 20.3")
    put_on(tempted, TEMPTING, "The class before went from 20 to 20", side="against it")
    at = read_own_files(page, at)
    own = explorer(at, 4)
    expect(own.locator("select[name=district]")).to_have_value("99-10017", **SAVED)
    look_at(own, "between and within schools")
    expect(own).to_contain_text("lie between schools", **SAVED)
    put_on(own, "Results come late", "All schools would show the gap alike")
    write(at, PROBLEM, MENDED)
    write(at, PUBLIC, SAID)
    saved(at)


def read_own_files(page, at):
    """Both files of the downloads are read, and Lanternfield is the team's; the lesson anew."""
    files = at.get_by_label("Files")
    expect(files.locator("option")).to_have_count(2, **SAVED)
    files.select_option(index=[0, 1])
    at.get_by_role("button", name="Read these files").click()
    expect(at.get_by_text("8 districts, the years 2024, 2025")).to_be_visible(**SAVED)
    at.get_by_label("Our district").fill("Lanternfield Unified (99-10017)")
    at.get_by_label("Our district").blur()
    beside = at.locator(".widget-hbox", has=page.get_by_role("button", name="This is ours"))
    beside.get_by_label("Your name").fill("Ana")
    beside.get_by_label("Your name").blur()
    at.get_by_role("button", name="This is ours").click()
    expect(at.get_by_text("is your team's district now")).to_be_visible(**SAVED)
    return anew(page, "04")


def explorer(at, number):
    """One of the explorers of a lesson, counted from nought (Locator)."""
    return at.locator(".sts-explorer").nth(number)


def look_at(explorer, look):
    """Chooses what an explorer looks at."""
    explorer.locator("select[name=look]").select_option(look)


def put_on(at, cause, why, side="for it"):
    """Puts what an explorer shows on a cause, with the reason."""
    at.get_by_label("Cause", exact=True).select_option(label=cause)
    at.get_by_label("It speaks", exact=True).select_option(label=side)
    at.get_by_label("Why it speaks for or against the cause").fill(why)
    at.get_by_role("button", name="Put it on").click()
    told = at.locator(".sts-live")
    expect(told).to_have_text("It stands on the cause now, as evidence.", **SAVED)


def walk_08(page, at):
    """The cause of the lesson before is found, and research is put on it."""
    row = at.locator(".sts-rows button", has_text="Results come late")
    expect(row.last).to_be_visible(**SAVED)
    row.last.click()
    at.get_by_role("button", name="Evidence…").last.click()
    panel = at.locator(".sts-panel:visible")
    panel.get_by_label("Kind", exact=True).select_option(label="Known from research")
    panel.get_by_label("Where it stands", exact=True).fill("A study, 2019")
    panel.get_by_label("What", exact=True).fill("Results after five weeks change little")
    panel.get_by_role("button", name="Put it on").click()
    expect(at.get_by_label(PROBLEM).last).to_have_value(MENDED)
    saved(at)


def walk_09(page, at):
    """An aim, a driver that ticks its cause, and a measure; they stand in the diagram."""
    write(at, AIM, "By October 31, 2029, 34 percent of them meet the standard, up from 24.")
    write(at, "Where do you want to be?", "34")
    at.get_by_label("Add a driver: What must be different in the system?").fill("Results in a week")
    page.keyboard.press("Enter")
    at.get_by_label("Results come late", exact=True).check()
    at.get_by_label("Add a measure: What is it called?").fill("Days until results")
    page.keyboard.press("Enter")
    saved(at)
    expect(at.locator("svg[role=img]").last).to_contain_text("Results in a", **SAVED)


def found_00(room):
    """What the record holds after each lesson is what was written in it."""
    assert [member.name for member in theory(room).members] == ["Noor"]
    assert theory(room).charter.purpose == "See why the results differ"


def found_03(room):
    [cause] = theory(room).causes
    assert (cause.text, cause.author, cause.confidence) == ("Results come late", "Ana", 50)
    assert theory(room).problem.text.startswith("In spring 2025")


def found_04(room):
    practice = theory(room, "practice")
    [cause] = [cause for cause in practice.causes if cause.text == TEMPTING]
    believed, doubted = [one for one in practice.evidence if one.author == "Ana"]
    assert believed.about == doubted.about == (cause.id,)
    assert (believed.supports, doubted.supports) == (True, False)
    assert believed.question.measure == "share of the gap during middle school"
    assert believed.answers[-1].value == doubted.answers[-1].value is not None
    own = theory(room)
    [evidence] = own.evidence
    assert evidence.about == (own.causes[0].id,) and own.charter.district == "99-10017"
    assert evidence.text == "All schools would show the gap alike"
    answer = evidence.answers[-1]
    assert answer.low < answer.value < answer.high and "Lanternfield Unified" in answer.sentence
    assert (own.problem.text, own.problem.public) == (MENDED, SAID)


def found_08(room):
    own = theory(room)
    [evidence] = [one for one in own.evidence if one.type == "research"]
    assert evidence.text == "Results after five weeks change little"
    assert evidence.about == (own.causes[0].id,)


def found_09(room):
    own = theory(room)
    assert (own.aim.target, own.measures[0].text) == (34.0, "Days until results")
    [driver] = own.drivers
    assert driver.text == "Results in a week" and driver.causes == (own.causes[0].id,)


# The lessons in their order: what a team does in each, and what the record holds afterwards.
WALKS = {
    "00": (walk_00, found_00),
    "03": (walk_03, found_03),
    "04": (walk_04, found_04),
    "08": (walk_08, found_08),
    "09": (walk_09, found_09),
}


def walked_in_lab(browser, room):
    """Walks every lesson in JupyterLab, as the facilitator has it (int: how many)."""
    for number, (walk, found) in WALKS.items():
        with lesson_in_lab(browser, room, number) as (page, notebook):
            walk(page, notebook)
        found(room)
    return len(WALKS)
