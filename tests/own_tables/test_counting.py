"""Known students counted by known groups, and nothing of few of them told."""

import re

import numpy as np
import pytest

from see_the_system.messages import Refusal
from see_the_system.own_tables.columns import recognise
from see_the_system.own_tables.counting import count
from see_the_system.own_tables.groups_and_times import parts, times
from see_the_system.own_tables.outcomes import outcomes
from see_the_system.own_tables.workbooks import read_table
from tests.own_tables.team_files import benchmarks, csv, placements, workbook


@pytest.fixture
def columns(tmp_path):
    return recognise(read_table(csv(tmp_path, "placements.csv", placements())))


def named(columns, says):
    return next(outcome for outcome in outcomes(columns) if outcome.says == says)


def rows_of(found):
    rows = found.latest().dropna(subset="percent").to_dict("records")
    return {row["label"]: (int(row["count"]), int(row["n"])) for row in rows}


def test_what_can_be_counted_and_by_what(columns):
    says = [outcome.says for outcome in outcomes(columns)]
    assert says[:2] == ["Course with “accelerated” in it", "Course: Accelerated Math 7"]
    assert "Recommended: yes" in says
    by = [column.name for column in parts(columns, named(columns, says[0]))]
    assert by == ["Grade", "Ethnicity", "Recommended"]
    assert times(columns) == {}


def test_known_students_are_counted_and_the_few_are_hidden(columns):
    found = count(columns, named(columns, "Course with “accelerated” in it"), by="Ethnicity")
    # 40 + 30 + 20 + 6 students, every second one and one more; 6 are too few, and one group more
    # goes, so that they do not follow from the whole.
    assert rows_of(found) == {
        "All students": (49, 96),
        "Hispanic or Latino": (21, 40),
        "White": (15, 30),
    }
    hidden = found.table.set_index("label")["hidden"]
    assert hidden["Asian"] == "suppressed"
    assert hidden["Black or African American"] == "suppressed to protect another"
    whole = found.table.iloc[0]
    assert whole["percent"] == pytest.approx(51.0417, abs=1e-4)
    assert (whole["low"], whole["high"]) == pytest.approx((41.196, 60.807), abs=1e-3)


def test_only_some_students_are_counted(columns):
    outcome = named(columns, "Course with “accelerated” in it")
    found = count(columns, outcome, only=("Recommended", "Recommended: yes"))
    assert found.whole == "students with Recommended: yes"
    rows = [row for row in placements()[1:] if row[4] == "Y"]
    fast = sum("Accelerated" in row[3] for row in rows)
    assert rows_of(found) == {"All of these": (fast, len(rows))}
    with pytest.raises(Refusal, match='No row is left with "maybe" in Recommended'):
        count(columns, outcome, only=("Recommended", "maybe"))


def test_a_number_counts_from_where_the_team_says(tmp_path):
    columns = recognise(read_table(workbook(tmp_path, "b.xlsx", Checks=benchmarks())))
    [outcome] = outcomes(columns)
    with pytest.raises(Refusal, match=r"Most lie from 50\.9 to 98\.1\. Write the number"):
        count(columns, outcome)
    found = count(columns, outcome, cut=70, over="Test Date by day")
    # in week w of 0 to 11 student s of 0 to 29 has 40 + 2 s + w
    expected = [sum(40 + 2 * s + w >= 70 for s in range(30)) for w in range(12)]
    assert found.table["count"].tolist() == expected and set(found.table["n"]) == {30}
    monthly = count(columns, outcome, cut=70, over="Test Date by month")
    assert monthly.periods and len(monthly.table) == 3
    # of a month each student's last check counts
    last = [sum(40 + 2 * s + w >= 70 for s in range(30)) for w in (4, 8, 11)]
    assert monthly.table["count"].tolist() == last
    again = "270 rows are not counted: the same student has one of a later time."
    assert monthly.told == (again,)
    latest = count(columns, outcome, cut=70)
    assert rows_of(latest) == {"All students": (last[-1], 30)}


def test_attendance_is_counted_by_the_public_definitions(tmp_path):
    rows = [["Student ID", "Days Absent", "Days Enrolled"]]
    absent = [18] * 12 + [17] * 20 + [7] * 11 + [8] * 5 + [200] * 2
    rows += [[f"A{place}", days, 180] for place, days in enumerate(absent)]
    columns = recognise(read_table(csv(tmp_path, "att.csv", rows)))
    chronic = count(columns, named(columns, "absent on 10 percent of days or more"))
    assert rows_of(chronic) == {"All students": (12, 48)}
    few = "A few rows (fewer than 11) are not counted: they are empty in what is counted."
    assert chronic.told == (few,)
    present = count(columns, named(columns, "present on 96 percent of days or more"))
    assert rows_of(present) == {"All students": (11, 48)}


def test_a_survey_counts_who_agrees_in_words_and_in_numbers(tmp_path):
    words = ["Totalmente de acuerdo", "De acuerdo", "En desacuerdo", "No sé"]
    rows = [["Puedo aprender matemáticas", "q_1", "q_2", "q_3"]]
    rows += [[words[place % 4], 1 + place % 5, 5, 1 + place % 3] for place in range(60)]
    columns = recognise(read_table(csv(tmp_path, "s.csv", rows)))
    agree = count(
        columns, named(columns, "“Puedo aprender matemáticas”: agree, often, or the like")
    )
    assert rows_of(agree) == {"All students": (30, 60)}
    item = count(columns, named(columns, "“q_1”: 4 or more of 5"))
    assert rows_of(item) == {"All students": (24, 60)}


def counts_by_group(tmp_path, groups, whole=None):
    rows = [["Week of", "Group", "Students", "Met"]]
    for week in range(1, 13):
        day = f"2025-10-{week + 10}"
        rows += [[day, name, n, met + (week % 3)] for name, (met, n) in groups.items()]
        if whole:
            rows.append([day, "All", whole[1], whole[0]])
    return recognise(read_table(csv(tmp_path, "c.csv", rows)))


def test_counts_that_someone_made_are_those_of_the_last_time(tmp_path):
    groups = {"Hispanic": (20, 60), "White": (10, 34), "Asian": (2, 20)}
    columns = counts_by_group(tmp_path, groups, whole=(40, 114))
    [outcome] = outcomes(columns)
    found = count(columns, outcome, by="Group")
    assert rows_of(found) == {
        "All students": (40, 114),
        "Hispanic or Latino": (20, 60),
        "White": (10, 34),
        "Asian": (2, 20),
    }
    assert list(times(columns)) == ["Week of by day"]


def test_groups_that_add_up_hide_the_few_also_where_no_row_has_all(tmp_path):
    columns = counts_by_group(tmp_path, {"Hispanic": (20, 60), "White": (10, 34), "Asian": (2, 6)})
    [outcome] = outcomes(columns)
    found = count(columns, outcome, by="Group", add_up="each in one")
    assert set(rows_of(found)) == {"All students", "Hispanic or Latino"}
    assert rows_of(found)["All students"] == (32, 100)


def test_percents_with_their_students_become_counts(tmp_path):
    rows = [["School", "Percent Met", "Number of Students"]]
    rows += [["Alder", "45%", 40], ["Birch", "12.5", 80], ["Cedar", "*", 7]]
    columns = recognise(read_table(csv(tmp_path, "p.csv", rows)))
    [outcome] = outcomes(columns)
    found = count(columns, outcome, by="School", add_up="each in one")
    assert rows_of(found) == {"Alder": (18, 40), "Birch": (10, 80)}


# --- the gate, attacked


def told(found):
    """All numbers that a page shows: by label, count and n (dict)."""
    return rows_of(found)


@pytest.mark.parametrize("seed", range(25))
def test_no_hidden_group_follows_from_what_is_shown_of_all(tmp_path, seed):
    """Whole less shown parts: what is left is one group hidden, or 10 students or fewer."""
    draw = np.random.default_rng(seed)
    races = ["Hispanic", "White", "Black", "Asian", "Filipino", "Two or more races"]
    sizes = draw.integers(1, 40, len(races))
    rows = [["Student ID", "Grade", "Race", "Recommended"]]
    for race, size in zip(races, sizes, strict=True):
        rows += [
            [
                f"A{len(rows) + each:05}",
                int(draw.integers(6, 9)),
                race,
                "YN"[int(draw.random() < 0.6)],
            ]
            for each in range(size)
        ]
    columns = recognise(read_table(csv(tmp_path, "t.csv", rows)))
    outcome = named(columns, "Recommended: yes")
    for only in (("", ""), ("Grade", "grade 7")):
        found = count(columns, outcome, by="Race", only=only)
        rows_shown = told(found)
        of = [row for row in rows[1:] if not only[0] or row[1] == 7]
        truth = {race: sum(row[2] == race for row in of) for race in races}
        assert all(n >= 11 for _, n in rows_shown.values())
        whole = next(
            (numbers for label, numbers in rows_shown.items() if label.startswith("All")), None
        )
        if whole is None:
            continue
        groups = {label: numbers for label, numbers in rows_shown.items() if "All" not in label}
        left = whole[1] - sum(n for _, n in groups.values())
        hidden = sum(size > 0 for size in truth.values()) - len(groups)
        assert left == 0 or hidden > 1, (seed, only, rows_shown, truth)
        met = whole[0] - sum(counted for counted, _ in groups.values())
        assert left == 0 or 0 < met < left, (seed, only, rows_shown, truth)


def test_every_sentence_on_what_was_left_out_has_its_number(columns, tmp_path):
    rows = placements()
    rows += [rows[1], ["", 7, "White", "Math 7", "Y"], ["A9999", 7, "White", "", "Y"]]
    again = recognise(read_table(csv(tmp_path, "again.csv", rows)))
    found = count(again, named(again, "Course with “accelerated” in it"))
    assert rows_of(found) == {"All students": (49, 96)}
    assert [
        re.match(r"A few rows \(fewer than 11\) (\w+ \w+)", line)[1] for line in found.told
    ] == [
        "are not",
        "are not",
        "are further",
    ]
