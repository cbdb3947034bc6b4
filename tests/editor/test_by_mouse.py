"""A picture edited by mouse, in Voila, as a team does."""

import pytest
from playwright.sync_api import expect

from see_the_system.paths import SAMPLE
from see_the_system.theory import kinds as k
from see_the_system.theory.exchange import read
from see_the_system.theory.model import Theory
from tests.browser import axe_violations
from tests.editor.steps import drag, place, plus, row, saved, tool, write_at

CATEGORIES = ("Instruction", "Time", "Placement", "Families & information")


def test_a_team_builds_a_fishbone_of_twenty_causes_and_works_on_it(room):
    room.lesson("mouse")
    with room.page("mouse", who="") as page:
        page.locator(".plus").first.click()
        page.keyboard.type("Ana")  # who writes is asked once
        page.keyboard.press("Enter")
        page.locator(".sts-text").press_sequentially(CATEGORIES[0])
        page.keyboard.press("Enter")
        saved(page)
        for name in CATEGORIES[1:]:
            write_at(page, "Add a category", name)
        for number in range(20):
            write_at(
                page, f"Add a cause to {CATEGORIES[number % 4]}", f"Cause {number} of the work"
            )
        place(page, "Problem").click()
        page.locator(".sts-text").fill("24 percent met the standard")
        page.keyboard.press("Enter")
        saved(page)
        theory = room.theory("mouse")
        assert [category.text for category in theory.categories] == list(CATEGORIES)
        assert len(theory.causes) == 20 and {cause.author for cause in theory.causes} == {"Ana"}
        assert theory.problem.text == "24 percent met the standard"
        _works_on_them(page, room)
        assert page.errors == []


def _works_on_them(page, room):
    drag(page, place(page, "Cause 0 "), place(page, "Time"))
    moved = {cause.text: cause.parent for cause in room.theory("mouse").causes}
    assert moved["Cause 0 of the work"] == room.theory("mouse").categories[1].id
    tool(page, "Undo").click()
    saved(page)
    moved = {cause.text: cause.parent for cause in room.theory("mouse").causes}
    assert moved["Cause 0 of the work"] == room.theory("mouse").categories[0].id
    drag(page, place(page, "Cause 8 "), place(page, "Cause 0 "))  # before its sibling
    first = room.theory("mouse").under(room.theory("mouse").categories[0].id, "cause")
    assert [cause.text[:7] for cause in first][:2] == ["Cause 8", "Cause 0"]
    for said in ("2 of your 3 left", "1 of your 3 left"):
        row(page, "Cause 8 ").click()
        tool(page, "Give a dot").click()
        expect(page.locator(".sts-live")).to_contain_text(said)
        saved(page)
    tool(page, "Give a dot").click()
    expect(page.locator(".sts-live")).to_contain_text("the most for one")
    assert [vote.dots for vote in room.theory("mouse").votes] == [2]


def test_evidence_a_reason_a_split_and_a_join(room):
    room.lesson("evidence", read(SAMPLE / "theory.yaml"))
    with room.page("evidence") as page:
        row(page, "Tasks in grades 6 and 7").click()
        tool(page, "Evidence").click()
        page.get_by_label("Kind", exact=True).select_option("document")
        page.get_by_label("Where it stands").fill("Unit plans, fall 2025")
        page.get_by_label("What", exact=True).fill("Of 40 tasks read, 31 ask for steps alone")
        page.get_by_role("button", name="Put it on").click()
        saved(page)
        expect(row(page, "Tasks in grades 6 and 7")).to_contain_text("heard")
        given = [piece.text for piece in room.theory("evidence").evidence]
        tool(page, "Evidence").click()
        page.get_by_role("button", name="Take off Written in a document: Of 40 tasks").click()
        saved(page)
        left = [piece.text for piece in room.theory("evidence").evidence]
        assert set(given) - set(left) == {"Of 40 tasks read, 31 ask for steps alone"}
        expect(row(page, "Tasks in grades 6 and 7")).to_contain_text("hunch")
        tool(page, "Split").click()
        page.get_by_label("First", exact=True).fill("Tasks ask for steps")
        page.get_by_label("Second", exact=True).fill("Tasks rarely ask for reasons")
        page.get_by_role("button", name="Split", exact=True).click()
        saved(page)
        texts = [cause.text for cause in room.theory("evidence").causes]
        assert "Tasks ask for steps" in texts and "Tasks rarely ask for reasons" in texts
        row(page, "Tasks ask for steps").click()
        tool(page, "Join with next").click()
        page.get_by_role("button", name="Keep “Tasks rarely ask for reasons”").click()
        saved(page)
        joined = "Tasks rarely ask for reasons"
        expect(page.locator(".sts-kin")).to_have_text(
            "Joined with it: “Tasks ask for steps” (Kenji)"
        )
        texts = [cause.text for cause in room.theory("evidence").causes]
        assert joined in texts and "Tasks ask for steps" not in texts
        row(page, joined).click()
        tool(page, "Set aside…").click()
        page.get_by_label("Why", exact=True).fill("The unit plans were changed in March")
        page.locator(".sts-panel button", has_text="Set aside").click()
        saved(page)
        assert joined not in [cause.text for cause in room.theory("evidence").causes]
        page.locator(".sts-bar button", has_text="Set aside (").click()
        expect(page.locator(".sts-aside")).to_contain_text("The unit plans were changed in March")
        page.get_by_role("button", name=f"Bring back {joined}").click()
        saved(page)
        assert joined in [cause.text for cause in room.theory("evidence").causes]
        assert page.errors == []


def test_an_idea_is_linked_to_a_second_driver_and_a_fold_hides_what_is_under(room):
    theory = read(SAMPLE / "theory.yaml")
    room.lesson("drivers", theory, diagram="drivers")
    idea = next(idea for idea in theory.ideas if len(idea.drivers) == 1)
    other = next(
        one for one in theory.drivers if one.level == "secondary" and one.id not in idea.drivers
    )
    with room.page("drivers", width=1600, height=1400) as page:
        row(page, idea.text).click()
        page.locator(".sts-bar select[aria-label='Move or link to']").select_option(other.id)
        saved(page)
        linked = room.theory("drivers").by_id[idea.id].drivers
        assert set(linked) == {*idea.drivers, other.id}
        row(page, idea.text).click()
        page.locator(".sts-bar select[aria-label='Move or link to']").select_option(other.id)
        saved(page)
        assert room.theory("drivers").by_id[idea.id].drivers == idea.drivers
        before = page.locator(".place").count()
        row(page, theory.by_id[other.acts_on[0]].text).click()
        tool(page, "Fold").click()
        expect(page.locator(".hidden-count")).to_have_count(1)
        assert page.locator(".place").count() < before
        tool(page, "Unfold").click()
        expect(page.locator(".place")).to_have_count(before)
        assert page.errors == []


def test_a_process_map_and_five_whys_are_written_in_their_own_pictures(room):
    theory = read(SAMPLE / "theory.yaml")
    room.lesson("process", theory, diagram="process_map")
    with room.page("process") as page:
        step = theory.steps[1]
        row(page, step.text).click()
        tool(page, "Write").click()
        page.locator(".sts-text").fill("Counselors read the sheets")
        page.keyboard.press("Enter")
        saved(page)
        assert room.theory("process").by_id[step.id].text == "Counselors read the sheets"
    room.lesson("whys", theory, diagram="five_whys")
    with room.page("whys") as page:
        row(page, theory.problem.text[:30]).click()
        tool(page, "Add a").click()
        page.locator(".sts-text").fill("Placement rests on one recommendation")
        page.keyboard.press("Enter")
        saved(page)
        [why] = [why for why in room.theory("whys").whys if why.parent == "problem"]
        assert why.text == "Placement rests on one recommendation"


# What is drawn, each element as it is written; marks of the pointer apart.
DRAWN = """() => [...document.querySelector(".sts-drawing svg").children].map(
  (one) => one.outerHTML.replace(/ chosen|sts-pending| class=""/g, ""))"""


def test_what_is_drawn_edit_by_edit_is_what_a_page_opened_anew_shows(room):
    room.lesson("drawn", read(SAMPLE / "theory.yaml"))
    with room.page("drawn") as page:
        write_at(page, "Add a category", "Tools")
        write_at(page, "Add a cause to Tools", "One cart of laptops for two buildings")
        row(page, "Benchmark results").click()
        tool(page, "Write").click()
        page.locator(".sts-text").fill("Benchmark results come back after the unit has moved on")
        page.keyboard.press("Enter")
        saved(page)
        drag(page, place(page, "One cart"), place(page, "Time"))
        row(page, "One cart").click()
        tool(page, "Give a dot").click()
        saved(page)
        row(page, "Tasks in grades 6 and 7").click()
        tool(page, "Set aside…").click()
        page.locator(".sts-panel button", has_text="Set aside").click()
        page.locator(".sts-panel button", has_text="Set aside").click()
        saved(page)
        tool(page, "Undo").click()
        expect(row(page, "Tasks in grades 6 and 7")).to_be_visible()  # the newest picture is there
        saved(page)
        edited = page.evaluate(DRAWN)
        assert page.errors == []
    with room.page("drawn") as page:
        for _ in range(40):  # it is laid out once more for the width that it has
            if page.evaluate(DRAWN) == edited:
                break
            page.wait_for_timeout(250)
        assert page.evaluate(DRAWN) == edited


def long_bone(causes, others=2):
    """A fishbone with so many causes of school length on one bone, and some empty ones."""
    texts = [cause.text for cause in read(SAMPLE / "theory.yaml").causes]
    bone = k.Category(id="category-first", text="First explanations", order=1)
    found = [read(SAMPLE / "theory.yaml").problem, bone]
    found += [k.Category(id=f"category-{n}", text=f"Bone {n}", order=n + 2) for n in range(others)]
    for n in range(causes):
        place = {"id": f"cause-{n}", "parent": bone.id, "order": n}
        found.append(k.Cause(text=f"{n}: {texts[n % len(texts)]}", **place))
    return Theory.of(found)


def is_in(inner, outer):
    """Whether one element stands whole within another, as it is seen (bool)."""
    one, other = inner.bounding_box(), outer.bounding_box()
    return (
        other["x"] <= one["x"]
        and other["y"] <= one["y"]
        and one["x"] + one["width"] <= other["x"] + other["width"]
        and one["y"] + one["height"] <= other["y"] + other["height"]
    )


def test_twelve_causes_on_one_bone_leave_the_problem_and_the_plus_in_view(room):
    """At 1,280 pixels the head and the tail's plus once lay below what was seen."""
    room.lesson("long-bone", long_bone(12))
    with room.page("long-bone") as page:
        stage = page.locator(".sts-stage")
        expect(page.locator(".sts-drawing [data-item='cause-11']")).to_be_visible()
        page.wait_for_function("document.querySelector('.sts-stage').scrollHeight < 660")
        assert is_in(page.locator('.place[data-id="problem"]'), stage)
        assert is_in(plus(page, "Add a category"), stage)


@pytest.mark.parametrize("width", [512, 1280])
def test_however_long_a_bone_is_the_problem_and_its_plus_stay_in_the_outline(room, width):
    room.lesson(f"longest-{width}", long_bone(40))
    with room.page(f"longest-{width}", width=width) as page:
        row(page, "39: ").click()
        outline = page.locator(".sts-outline")
        assert is_in(row(page, "Problem: "), outline) and is_in(row(page, "39: "), outline)
        assert row(page, "Problem: ").bounding_box()["y"] < row(page, "39: ").bounding_box()["y"]
        page.get_by_role("button", name="Add a category", exact=True).focus()
        page.keyboard.press("Enter")
        page.locator(".sts-text").press_sequentially("Reached")
        page.keyboard.press("Enter")
        saved(page)
        assert "Reached" in [each.text for each in room.theory(f"longest-{width}").categories]
        assert page.errors == []


COVERED = """() => {
  const handles = document.querySelector(".sts-handles").getBoundingClientRect();
  const chosen = document.querySelector(".place.chosen").dataset.id;
  const apart = (one) => one.right <= handles.left + 1 || one.left >= handles.right - 1
    || one.bottom <= handles.top + 1 || one.top >= handles.bottom - 1;
  return [...document.querySelectorAll(".sts-drawing [data-item] text")]
    .filter((line) => line.parentElement.dataset.item !== chosen)
    .filter((line) => !apart(line.getBoundingClientRect()))
    .map((line) => line.textContent);
}"""


@pytest.mark.parametrize("width", [512, 1280])
def test_the_handles_of_a_cause_cover_no_line_of_another(room, width):
    room.lesson(f"handles-{width}", long_bone(12))
    with room.page(f"handles-{width}", width=width) as page:
        page.wait_for_timeout(500)  # it is laid out once more for the width that it has
        for number in range(12):
            row(page, f"{number}: ").click()
            chosen = page.locator(f'.place.chosen[data-id="cause-{number}"]')
            expect(chosen).to_be_attached()
            expect(page.locator(".sts-handles")).to_be_visible()
            page.evaluate("() => new Promise((seen) => requestAnimationFrame(() => seen()))")
            assert page.evaluate(COVERED) == []


def test_a_fourth_place_to_act_is_remarked_on_beside_the_button(room):
    """It was said below the picture, out of sight of the button."""
    room.lesson("fourth", long_bone(5))
    with room.page("fourth") as page:
        for number in range(4):
            row(page, f"{number}: ").click()
            tool(page, "Choose as a place to act").click()
            saved(page)
        said = page.locator(".sts-live")
        expect(said).to_have_text(
            "Marked: 4 now. A team can follow 3 at most; take the mark off another."
        )
        button = tool(page, "No longer a place to act").bounding_box()
        assert 0 < said.bounding_box()["y"] - button["y"] < 90
        assert said.bounding_box()["y"] < page.locator(".sts-stage").bounding_box()["y"]


def test_where_there_is_little_room_the_bars_fold_and_open_by_keyboard(room):
    """Fifteen buttons stood above a picture of 512 pixels."""
    room.lesson("folded", long_bone(5))
    with room.page("folded", width=512) as page:
        row(page, "2: ").click()
        seen = page.locator(".sts-bar button:visible, .sts-bar select:visible")
        assert seen.all_inner_texts() == [
            *("Undo", "Redo", "More…", "Writing: Ana", "Write", "Add a cause", "Give a dot"),
            *("Choose as a place to act", "Evidence…", "More…"),
        ]
        more = page.get_by_role("button", name="More… for the chosen one")
        more.focus()
        page.keyboard.press("Enter")
        expect(more).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("Tab")
        expect(tool(page, "Who asks whom")).to_be_focused()
        page.keyboard.press("Escape")
        expect(more).to_be_focused()
        expect(tool(page, "Who asks whom")).to_be_hidden()
        row(page, "2: ").focus()
        page.keyboard.press("m")
        expect(page.get_by_label("Move or link to")).to_be_focused()
        assert axe_violations(page, serious=True) == [] and page.errors == []
    with room.page("folded") as page:
        row(page, "2: ").click()
        expect(tool(page, "Set aside…")).to_be_visible()
        expect(page.get_by_role("button", name="More…")).to_have_count(0)
