"""Kernels die, servers stop, pages are loaded again, two people write: nothing written is lost."""

import pytest
from playwright.sync_api import expect

from see_the_system.theory.kinds import Category, Cause, Problem
from see_the_system.theory.model import Theory
from see_the_system.theory.opening import open_record
from tests.editor.killing import kernels_killed, kill_kernels
from tests.editor.steps import place, plus, row, run_in_lab, saved, tool, write_at
from tests.editor.two_writers import two_write

UGLY = (
    "<img src=x onerror=\"document.title='run'\">",
    "</script><script>document.title='run'</script>",
    "التلاميذ ينتظرون النتائج",
    "Results come late 🎒🧮 and alone",
    "w" * 2_000,
)


def small():
    return Theory.of(
        [
            Problem(text="24 percent met the standard"),
            Category(id="category-time", text="Time"),
            Category(id="category-place", text="Placement", order=1),
            Cause(id="cause-core", parent="category-time", text="Support takes core time"),
        ]
    )


def texts(room, name):
    return [cause.text for cause in room.theory(name).causes]


def test_what_is_written_while_the_kernel_is_dead_is_there_after_one_press(room):
    room.lesson("killed", small())
    with room.page("killed") as page:
        write_at(page, "Add a cause to Time", "Before")
        kill_kernels(room)
        for text in ("While it is gone", "And one more"):
            plus(page, "Add a cause to Time").click()
            page.locator(".sts-text").press_sequentially(text)
            page.keyboard.press("Enter")
        expect(page.locator(".sts-status")).to_contain_text("2 changes kept in this browser")
        expect(page.locator(".sts-status")).to_contain_text("stopped", timeout=20_000)
        assert texts(room, "killed") == ["Support takes core time", "Before"]
        page.get_by_role("button", name="Bring it back").click()
        expect(row(page, "And one more")).to_be_visible(timeout=40_000)
        saved(page)
        now = ["Support takes core time", "Before", "While it is gone", "And one more"]
        assert texts(room, "killed") == now
        page.reload()
        page.wait_for_selector(".sts .places")
        saved(page)
        assert texts(room, "killed") == now  # replayed once


def test_kernels_killed_in_mid_edit_lose_nothing_and_do_nothing_twice(room):
    counts = kernels_killed(room, "kills", rounds=2, seed=8)
    assert counts["kernels killed"] == 2 and counts["causes written"] >= 2


def test_two_who_write_into_the_same_texts_lose_no_word(room):
    counts = two_write(room, "writers", seconds=2, seed=3)
    assert counts["words"] >= 4 and counts["conflicts"] >= 1


def test_a_draft_outlives_the_page_and_a_stopped_server(room):
    room.lesson("draft", small())
    with room.page("draft") as page:
        plus(page, "Add a cause to Placement").click()
        page.locator(".sts-text").press_sequentially("Placement is settled in Ju")
        room.stop()
        room.start()
        page.reload()
        page.get_by_role("button", name="Go on writing").click()
        page.locator(".sts-text").press_sequentially("ly")
        page.keyboard.press("Enter")
        saved(page)
        assert texts(room, "draft")[-1] == "Placement is settled in July"


def test_two_people_see_each_other_and_neither_loses_a_letter(room):
    room.lesson("two", small())
    with room.page("two") as ana, room.page("two", who="Ben") as ben:
        write_at(ana, "Add a cause to Time", "Ana's cause")
        expect(row(ben, "Ana's cause")).to_be_visible(timeout=2_000)
        place(ana, "Support takes").click()
        ana.locator(".sts-text").fill("Support takes core time at two schools")
        place(ben, "Support takes").click()
        ben.locator(".sts-text").fill("Support takes core time on Tuesdays")
        ben.keyboard.press("Enter")
        saved(ben)
        expect(ana.locator(".sts-text")).to_have_value("Support takes core time at two schools")
        ana.locator(".sts-text").press("Enter")
        expect(ana.locator(".sts-panel")).to_contain_text("Support takes core time on Tuesdays")
        expect(ana.locator(".sts-panel")).to_contain_text("Ben")
        mine = ana.get_by_label("Yours", exact=True)
        expect(mine).to_have_value("Support takes core time at two schools")
        mine.fill("Support takes core time at two schools, on Tuesdays")
        ana.get_by_role("button", name="Use mine").click()
        saved(ana)
        with open_record(room.folder / "two.theory") as record:
            last = record.history(most=1)[0]
            assert last.author == "Ana"
            assert record.theory().by_id["cause-core"].text.endswith("schools, on Tuesdays")


def test_a_burst_without_waiting_is_kept_in_its_order(room):
    room.lesson("burst", small())
    with room.page("burst") as page:
        for number in range(10):
            row(page, "Time").focus()
            page.keyboard.press("Insert")
            page.keyboard.type(f"Cause {number}")
            page.keyboard.press("Enter")
        saved(page)
        assert texts(room, "burst")[1:] == [f"Cause {number}" for number in range(10)]


@pytest.mark.parametrize("text", UGLY, ids=("image", "script", "arabic", "emoji", "long"))
def test_ugly_texts_are_text(room, text):
    room.lesson("ugly", small())
    with room.page("ugly") as page:
        plus(page, "Add a cause to Placement").click()
        page.locator(".sts-text").fill(text)
        page.keyboard.press("Enter")
        saved(page)
        assert text in texts(room, "ugly")
        place(page, text[:20]).click()
        expect(page.locator(".sts-text")).to_have_value(text)
        assert page.title() != "run" and page.errors == []


def test_more_letters_than_a_text_may_have_are_refused_where_they_are_typed(room):
    room.lesson("letters", small())
    with room.page("letters") as page:
        place(page, "Support takes").click()
        page.locator(".sts-text").press("End")
        page.evaluate("document.querySelector('.sts-text').setRangeText('a'.repeat(10000))")
        page.locator(".sts-text").press("Enter")
        expect(page.locator(".sts-live")).to_contain_text("2,000")
        saved(page)
        assert texts(room, "letters") == ["Support takes core time"]


def test_keys_of_the_notebook_cut_no_cell_and_an_old_lesson_shows_its_picture(room):
    room.lesson("lab", small())
    with room.page("lab", surface="doc/tree", width=1400) as page:
        run_in_lab(page)
        page.locator(".sts-stage").click(position={"x": 30, "y": 250})
        for key in ("x", "d", "d", "b", "a", "m"):
            page.keyboard.press(key)
        row(page, "Time").click()
        for key in ("x", "d", "d", "b", "a", "m"):
            page.keyboard.press(key)
        assert page.locator(".jp-Cell").count() == 2
        assert page.locator(".jp-CodeCell").count() == 1
        write_at(page, "Add a cause to Time", "Written in the lab, x and d and all")
        tool(page, "Undo").click()
        saved(page)
        assert texts(room, "lab") == ["Support takes core time"]
