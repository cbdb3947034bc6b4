"""A picture edited by keyboard alone through its outline, and what a screen reader is told."""

from playwright.sync_api import expect

from see_the_system.paths import SAMPLE
from see_the_system.theory.exchange import read
from tests.browser import axe_violations, sticks_out
from tests.editor.steps import place, row, saved, tool


def test_a_fishbone_of_twenty_causes_by_keyboard_alone(room):
    room.lesson("keys")
    with room.page("keys", who="") as page:
        page.locator(".sts-rows button").first.focus()
        page.keyboard.press("Insert")
        for text in ("Ben", "Instruction"):  # who writes; then the first category
            page.keyboard.type(text)
            page.keyboard.press("Enter")
        saved(page)
        for _ in range(3):
            _add_under(page, "Problem", "Category")
        assert len(room.theory("keys").categories) == 4
        for number in range(20):
            _add_under(page, "Instruction", f"Cause {number}")
        causes = room.theory("keys").causes
        assert [cause.text for cause in causes] == [f"Cause {number}" for number in range(20)]
        _changes_them(page, room)
        assert page.errors == []


def _add_under(page, owner, text):
    row(page, owner).focus()
    page.keyboard.press("Insert")
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    saved(page)


def _changes_them(page, room):
    row(page, "Cause 3").focus()
    page.keyboard.press("Enter")
    page.keyboard.type(" of the work")
    page.keyboard.press("Tab")  # commits too
    saved(page)
    focused = page.evaluate("document.activeElement.textContent")
    assert focused.startswith("Cause 3 of the work")  # the focus is back on its row
    page.keyboard.press("Alt+ArrowUp")
    saved(page)
    assert [cause.text[:7] for cause in room.theory("keys").causes][2:4] == ["Cause 3", "Cause 2"]
    page.keyboard.press("v")
    saved(page)
    page.keyboard.press("Delete")
    page.keyboard.type("We looked: it is not so")
    page.keyboard.press("Enter")
    saved(page)
    assert len(room.theory("keys").causes) == 19
    page.keyboard.press("Control+z")
    saved(page)
    assert len(room.theory("keys").causes) == 20
    row(page, "Cause 5").focus()
    page.keyboard.press("Enter")
    page.keyboard.type(" never mind")
    page.keyboard.press("Escape")
    assert "Cause 5" in [cause.text for cause in room.theory("keys").causes]


def test_roles_names_and_live_messages_are_there_for_a_screen_reader(room):
    room.lesson("reader", read(SAMPLE / "theory.yaml"))
    with room.page("reader") as page:
        tree = page.locator(".sts").aria_snapshot()
        assert 'navigation "Outline: Fishbone: Lanternfield' in tree and "- list" in tree
        assert 'button "problem, level 1: Problem: In spring 2025' in tree
        assert 'region "Picture: Fishbone: Lanternfield' in tree
        assert 'img "Fishbone: Lanternfield' in tree
        assert tree.count("- status") >= 2  # what was done, and whether it is saved
        for name in ("Undo", "Redo", "Smaller", "Fit", "Larger"):
            assert f'button "{name}"' in tree
        row(page, "Benchmark results reach").click()
        chosen = page.locator(".sts-rows button[aria-pressed=true]")
        expect(chosen).to_have_count(1)
        tool(page, "Give a dot").click()
        expect(page.get_by_role("status").last).to_contain_text("Dot given")
        saved(page)
        assert axe_violations(page, serious=True) == []
        tool(page, "Evidence").click()
        assert axe_violations(page, serious=True) == []


def test_letters_are_never_small_at_1024_pixels_nor_at_twice_the_size(room):
    room.lesson("narrow", read(SAMPLE / "theory.yaml"))
    for width in (1280, 1024, 512):  # 512 is 1,024 at 200 %
        with room.page("narrow", width=width, height=700) as page:
            page.wait_for_timeout(600)
            saved(page)
            smallest = page.evaluate(
                """() => Math.min(...[...document.querySelectorAll('.sts-drawing text')].map(
                    (text) => parseFloat(getComputedStyle(text).fontSize)
                    * text.ownerSVGElement.getBoundingClientRect().width
                    / text.ownerSVGElement.viewBox.baseVal.width))"""
            )
            assert smallest >= 10.99 and sticks_out(page) <= 0


def test_a_finger_writes_and_scrolls(room):
    room.lesson("touch", read(SAMPLE / "theory.yaml"))
    with room.page("touch", width=1024, height=700, has_touch=True, is_mobile=False) as page:
        place(page, "Tasks in grades 6 and 7").tap()
        page.locator(".sts-text").fill("Tasks ask for steps")
        page.keyboard.press("Enter")
        saved(page)
        assert "Tasks ask for steps" in [cause.text for cause in room.theory("touch").causes]
