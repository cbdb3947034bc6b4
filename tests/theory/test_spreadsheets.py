"""Tables out: what an analyst opens in a spreadsheet."""

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.items import KINDS
from see_the_system.theory.model import Theory
from see_the_system.theory.spreadsheets import causes_from_csv, causes_to_csv, to_csv
from tests.theory.examples import empty, largest, school
from tests.theory.texts_of_files import rows, tree


def test_the_fishbone_is_a_table_with_grades_and_votes():
    table = {row["id"]: row for row in rows(causes_to_csv(school()))}
    assert len(table) == len(school().causes)
    placement = table["cause-placement"]
    assert (
        placement["category"],
        placement["under"],
        placement["grade"],
        placement["control"],
        placement["dots"],
    ) == ("Time, schedule & policy", "", "seen in data", "ours", "5")
    assert (
        table["cause-bus"]["under"] == "Bell schedule has one open period, and it is period 2"
        and table["cause-bus"]["date"] == "2026-09-15"
    )
    assert table["cause-letters"]["grade"] == "ruled out"


@pytest.mark.parametrize("theory", [school(), largest()], ids=["school", "largest"])
def test_the_causes_come_back(theory):
    again = causes_from_csv(causes_to_csv(theory))
    assert tree(again) == tree(theory)
    assert {(cause.id, cause.control, cause.author) for cause in again.causes} == {
        (cause.id, cause.control, cause.author) for cause in theory.causes
    }


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''+1", "'quoted'", "\uff1d1", '=HYPERLINK("x";"y")'],
)
def test_no_cell_is_a_formula_and_every_text_comes_back(words):
    theory = Theory.of(
        [
            k.Category(id="category-1", text=words),
            k.Cause(id="cause-1", parent="category-1", text=words, author=words),
        ]
    )
    text = causes_to_csv(theory)
    assert all(cell[:1] not in "=+-@\uff1d" for row in rows(text) for cell in row.values() if cell)
    again = causes_from_csv(text)
    assert again.categories[0].text == again.causes[0].text == again.causes[0].author == words


def test_causes_that_say_the_same_are_told_apart_by_their_ids():
    same = [
        k.Cause(id=f"cause-{n}", parent="category-1", text="Time is short", order=n) for n in (1, 2)
    ]
    theory = Theory.of(
        [
            k.Category(id="category-1", text="Time"),
            *same,
            k.Cause(id="cause-3", parent="cause-2", text="Buses"),
        ]
    )
    assert rows(causes_to_csv(theory))[2]["under"] == "cause-2"
    assert causes_from_csv(causes_to_csv(theory)).under("cause-2", "cause")[0].text == "Buses"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_table(kind):
    table = rows(to_csv(school(), kind))
    expected = [item for item in school().living() if type(item).kind() == kind]
    assert [row["id"] for row in table] == [item.id for item in expected]


def test_cells_hold_what_a_spreadsheet_reads():
    measures, cycle = rows(to_csv(school(), "measure")), rows(to_csv(school(), "cycle"))[0]
    assert (
        measures[1]["of"] == "driver-7 change-idea-3"
        and cycle["starts"] == "2026-03-02"
        and cycle["students"] == "28"
    )
    data = rows(to_csv(school(), "evidence"))[2]
    assert (
        data["question"].startswith(
            "measure: gap in percent met; district: 99-10017; group: Hispanic or Latino"
        )
        and data["supports"] == "yes"
    )
    assert (
        rows(to_csv(school(), "aim"))[0]["target"] == "45"
        and to_csv(empty(), "cause").count("\r\n") == 1
    )


def test_another_kind_is_refused():
    with pytest.raises(Refusal, match='There is no kind "drivers"; choose driver'):
        to_csv(school(), "drivers")
