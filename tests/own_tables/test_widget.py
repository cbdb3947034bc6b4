"""The spreadsheet's page without a browser: what it keeps between choices, and what it refuses."""

import pytest

from helpers import own_spreadsheet
from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record
from tests.browser import apart
from tests.own_tables.team_files import benchmarks, csv, placements, workbook

PUT = {"id": "k7m2xq9dab", "cause": "cause-1", "supports": True, "by": "Ana", "key": "a"}


@pytest.fixture
def record(tmp_path):
    with new_record(tmp_path / "team.theory", team="Alder") as found:
        items = [
            Category(id="category-1", text="Schedule"),
            Cause(id="cause-1", parent="category-1", text="Placement rests on one word"),
        ]
        for item in items:
            found.add(item, author="Ana")
        yield found


def look(page, path, **chosen):
    if page._chosen.get("folder") != str(path.parent):
        page._do({"op": "look", "chosen": {"folder": str(path.parent)}})
    page._do({"op": "look", "chosen": {"folder": str(path.parent), "file": str(path), **chosen}})
    return page._page


def test_what_was_chosen_for_one_file_is_gone_with_the_next(tmp_path, record):
    first = csv(tmp_path, "placements.csv", placements())
    second = workbook(tmp_path, "checks.xlsx", Checks=benchmarks())

    def steps():
        page = own_spreadsheet(record)
        look(page, first)
        look(page, first, column="Recommended")
        look(page, first, column="Recommended", role="left_out")
        assert page._said == {"Recommended": "left_out"}
        look(page, second, what="Course: Math 8", column="Recommended", role="left_out")
        return page

    page = apart(steps)
    assert page._said == {} and "Percent Correct" in repr(page)
    assert page._chosen == {"folder": str(tmp_path), "file": str(second)}


def test_what_is_seen_goes_on_a_cause_and_nothing_else_of_the_file(tmp_path, record):
    path = csv(tmp_path, "placements.csv", placements())

    def steps():
        page = own_spreadsheet(record)
        with pytest.raises(Refusal, match="nothing to put on a cause yet"):
            page._put(record, PUT)
        look(page, path)
        return page._put(record, {**PUT, "why": "Fewer would be recommended"})

    assert apart(steps) == "It stands on the cause now, as evidence."
    [piece] = record.theory().evidence
    assert (piece.type, piece.about, piece.source) == ("data", ("cause-1",), "placements.csv")
    assert piece.answers[0].sentence.endswith("White 50% of 30 (33 to 67).")
    assert str(tmp_path) not in piece.model_dump_json()


def test_made_up_numbers_are_no_evidence_on_a_teams_own_cause(tmp_path, record):
    path = csv(tmp_path, "synthetic_10025_placement_2025.csv", placements())

    def steps():
        page = own_spreadsheet(record)
        look(page, path)
        assert "synthetic: its students are made up" in page._page.below
        with pytest.raises(Refusal, match="which is made up"):
            page._put(record, PUT)

    apart(steps)
    assert record.theory().evidence == ()


def test_what_is_no_record_is_refused():
    with pytest.raises(Refusal, match="open the team's record"):
        own_spreadsheet("team.theory")
