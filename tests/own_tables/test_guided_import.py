"""The page of a team's own spreadsheet: understood, refused, hidden, found, and what is next."""

import re
from datetime import date

import pytest

from see_the_system.messages import day_in_words
from see_the_system.own_tables.guided_import import START, page
from tests.own_tables.team_files import (
    benchmarks,
    csv,
    looked_at,
    offered,
    placements,
    read_as,
    workbook,
)


def chosen(found):
    """What is chosen, by the name of the choice (dict)."""
    return {choice["name"]: choice["value"] for choice in found.choices}


def test_it_begins_with_the_folders_of_this_computer(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Downloads" / "Math team").mkdir(parents=True)
    csv(tmp_path / "Downloads", "levels.csv", placements())
    (tmp_path / "Downloads" / "~$levels.xlsx").write_bytes(b"a lock")
    (tmp_path / "Downloads" / "photo.png").write_bytes(b"no")
    found = page({})
    assert found.words == START and found.evidence is None and found.below == ""
    assert offered(found, "folder")[:3] == ["Downloads", "▴ the folder above", "▸ Math team"]
    today = day_in_words(date.today())
    assert offered(found, "file") == ["choose one", f"levels.csv ({today})"]


def test_a_file_is_understood_and_counted_as_it_is_chosen(tmp_path):
    found = looked_at(csv(tmp_path, "placements.csv", placements()))
    assert "placements.csv is read as placements: a row is a student." in found.below
    assert read_as(found)["Student ID"].startswith("which student")
    assert read_as(found)["Ethnicity"] == "race or ethnicity"
    assert chosen(found)["by"] == "Ethnicity"
    today = day_in_words(date.today())
    assert found.words.splitlines()[0] == (
        f"From placements.csv, read on {today}: Course with “accelerated” in it: 51% of 96 "
        "students (95% interval 41 to 61). By Ethnicity: Hispanic or Latino 52% of 40 (37 to 67); "
        "White 50% of 30 (33 to 67)."
    )
    assert "Nothing is shown for Asian: fewer than 11 students." in found.words
    assert "<svg" in found.html and "met or exceeded" not in found.html
    seen = found.evidence
    assert seen["sentence"] == found.words.splitlines()[0] and seen["source"] == "placements.csv"
    assert (round(seen["value"], 2), seen["unit"]) == (51.04, "percent")
    assert re.fullmatch("[0-9a-f]{16}", seen["fingerprint"])


def test_no_student_is_told_of(tmp_path):
    rows = placements()
    rows[0] = [*rows[0], "Last Name", "DOB", "Teacher", "Notes", "Parent phone"]
    for place, row in enumerate(rows[1:]):
        private = [f"Zzfamily{place}", "2012-05-07", f"Zzteacher {place % 4}"]
        row += [*private, f"Zznote: sees Zzdoctor on Mondays, number {place}", f"555-01{place:02}"]
    found = looked_at(workbook(tmp_path, "all.xlsx", Data=rows), column="Notes")
    shown = f"{found.html} {found.below} {found.words} {found.evidence} {found.choices}"
    for told in ("Zz", "2012", "May 7", "555-01", "A0001"):
        assert told not in shown, told
    for name in ("Last Name", "DOB", "Teacher", "Parent phone"):
        assert read_as(found)[name] == "about a person, left out"


def test_another_look_is_one_choice_away(tmp_path):
    path = workbook(tmp_path, "checks.xlsx", Checks=benchmarks())
    asked = looked_at(path)
    assert (
        asked.evidence is None and "From which number on does Percent Correct count?" in asked.words
    )
    assert next(each for each in asked.choices if each["name"] == "cut")["options"] is None
    wrong = looked_at(path, cut="many")
    assert 'At least "many": a number was expected, such as 60.' in wrong.words
    found = looked_at(path, cut="70", over="Test Date by week")
    assert "run chart (median): 12 points from September 1, 2025" in found.words
    assert "<svg" in found.html and found.evidence["unit"] == "percent"


def test_what_a_column_is_can_be_said(tmp_path):
    path = csv(tmp_path, "placements.csv", placements())
    found = looked_at(path, column="Recommended")
    assert chosen(found)["role"] == "yes_no" and "a score or another number" in offered(
        found, "role"
    )
    said = looked_at(path, said={"Recommended": "left_out", "Course": "personal"})
    assert read_as(said)["Recommended"].startswith("not recognized")
    assert "has no column in which something could be counted" in said.words
    assert "Choose a column and say what it is" in said.words


def test_what_does_not_fit_is_told_with_its_row(tmp_path):
    rows = [["Student ID", "Scale Score"], *[[f"A{place}", 2400 + place] for place in range(30)]]
    rows[7][1], rows[9][1] = "redo", "see Ana's mom"
    found = looked_at(csv(tmp_path, "a.csv", rows), cut="2410")
    assert (
        "Scale Score: what stands in row 8 and row 10 cannot be read as a score or another "
        "number, and is read as empty." in found.words
    )
    assert "A few rows (fewer than 11) are not counted: they are empty" in found.words
    assert "of 28 students" in found.words


def test_dates_that_fit_two_ways_are_asked_about_and_then_used(tmp_path):
    days = ["03/04/2025", "04/05/2025", "05/06/2025"]
    rows = [["Student ID", "Test Date", "Recommended"]]
    rows += [[f"A{place}", days[place % 3], "YN"[place % 2]] for place in range(90)]
    path = csv(tmp_path, "a.csv", rows)
    asked = looked_at(path)
    assert "Test Date: “03/04/2025” can be read in 2 ways. Say above which it is" in asked.words
    assert offered(asked, "dates") == ["choose one", "month/day/year", "day/month/year"]
    assert offered(asked, "over") == ["as it is now"]
    said = looked_at(path, dates="day/month/year", over="Test Date by month")
    assert "from April 1, 2025 to June 1, 2025" in said.words
    assert offered(said, "dates") == ["choose one", "month/day/year", "day/month/year"]


def test_a_row_that_nothing_says_is_a_student_is_asked_about(tmp_path):
    rows = [["Room", "Late buses"], *[[f"Room {place % 9}", place % 3] for place in range(30)]]
    path = csv(tmp_path, "buses.csv", rows)
    asked = looked_at(path)
    assert "Say above what a row is" in asked.words and asked.evidence is None
    other = looked_at(path, row="other")
    assert "Only students can be counted here" in other.words and other.evidence is None


def test_counts_without_their_students_are_refused(tmp_path):
    rows = [["Group", "Percent Met"], ["Hispanic", "40%"], ["White", "60%"]]
    found = looked_at(csv(tmp_path, "p.csv", rows))
    assert found.evidence is None and "has no column with the number of students" in found.words


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"1,2\n3,4\n"])
def test_what_cannot_be_read_is_a_sentence_and_other_files_can_be_chosen(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    found = looked_at(path)
    assert found.words.startswith("a.csv") and "Traceback" not in found.words
    assert "Error" not in found.words and found.evidence is None
    assert [choice["name"] for choice in found.choices] == ["folder", "file"]


def test_readiness_and_growth_are_offered_where_their_columns_are(tmp_path):
    rows = [["Student", "Grade", "Ethnicity", "GPA", "ELA Mark", "Math Mark", "Days Enrolled"]]
    rows[0] += ["Days Absent", "Suspensions"]
    for place in range(60):
        good = place % 2 == 0
        marks = ["B", "A"] if good else ["B", "D"]
        rows.append([place, 8, "White", 3.1, *marks, 180, 3, 0])
    found = looked_at(csv(tmp_path, "cards.csv", rows), what="ready for high school", by="")
    assert "Of 60 students of grade 8, 30 were ready on all five: 50.0 percent" in found.words
    assert "five things, as the CORE districts defined it" in found.words
    assert found.evidence["value"] is None and "30 were ready" in found.evidence["sentence"]
