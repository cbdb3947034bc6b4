"""A spreadsheet in the page: chosen, put on a cause in two clicks, a run chart in three."""

from playwright.sync_api import expect

from helpers import SAMPLE
from helpers import read_theory as read
from tests.editor.steps import SAVED, saved

SLOW = {"timeout": 60_000}  # the practice district's records are made when they are first chosen


def choose(page, name, words):
    """Chooses the first option of a choice that has these words."""
    box = page.locator(f"select[name={name}]")
    options = box.locator("option").all_inner_texts()
    box.select_option(index=next(i for i, each in enumerate(options) if words in each))


def try_it(page, file):
    """Chooses a file of the practice district (two clicks)."""
    expect(page.get_by_label("What the data say")).to_contain_text("Nothing leaves", **SAVED)
    choose(page, "folder", "To try")
    expect(page.locator("select[name=file]")).to_contain_text(file, **SLOW)
    choose(page, "file", file)
    expect(page.get_by_label("What was understood")).to_contain_text("made up", **SLOW)


def test_what_is_seen_in_a_spreadsheet_is_evidence_in_two_clicks(room):
    theory = read(SAMPLE / "theory.yaml")
    room.lesson("spreadsheet", theory, shows="own_spreadsheet(record)")
    with room.page("spreadsheet") as page:
        try_it(page, "placement")
        said = page.get_by_label("What the data say")
        expect(said).to_contain_text("course with “accelerated” in it", **SAVED)
        expect(said).to_contain_text("By group: ", **SAVED)
        page.get_by_label("Cause", exact=True).select_option(
            label="Support takes students out of core mathematics"
        )
        page.get_by_label("Why it speaks for or against the cause").fill("As many would be in it")
        page.get_by_role("button", name="Put it on").click()
        saved(page)
        expect(page.locator(".sts-live")).to_contain_text("stands on the cause now", **SAVED)
        assert page.errors == []
    now = room.theory("spreadsheet")
    newest = now.evidence[-1]
    [cause] = newest.about
    assert now.by_id[cause].text == "Support takes students out of core mathematics"
    assert (newest.type, newest.author, newest.text) == ("data", "Ana", "As many would be in it")
    assert newest.source == "synthetic_10017_placement_2025.csv" and newest.question is None
    [answer] = newest.answers
    assert "course with “accelerated” in it:" in answer.sentence and answer.unit == "percent"
    assert 0 < answer.low < answer.value < answer.high < 100


def test_a_run_chart_is_one_choice_from_the_file(room):
    room.lesson("over-time", read(SAMPLE / "theory.yaml"), shows="own_spreadsheet(record)")
    with room.page("over-time") as page:
        try_it(page, "benchmarks")
        said = page.get_by_label("What the data say")
        expect(said).to_contain_text("From which number on does percent_correct count?", **SAVED)
        assert "answer" not in said.inner_text()
        page.get_by_label("At least").fill("60")
        page.keyboard.press("Tab")
        expect(said).to_contain_text("percent_correct of 60 or more: ", **SAVED)
        choose(page, "over", "each month of tested_on")
        expect(said).to_contain_text("run chart (median):", **SAVED)
        expect(said.locator("svg").first).to_be_visible()
        choose(page, "column", "percent_correct")
        expect(page.locator("select[name=role]")).to_have_value("percent", **SAVED)
        choose(page, "role", "about a person, left out")
        expect(said).to_contain_text("has no column in which something could be counted", **SAVED)
        assert page.errors == []
