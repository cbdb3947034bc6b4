"""Spreadsheets as teams have them: what a careful analyst would count, and what nobody may see."""

import re
from itertools import cycle, islice

import pytest

from see_the_system.own_tables.safe_labels import ANOTHER, course_label, is_known_group
from tests.own_tables.team_files import csv, looked_at, offered, read_as, workbook

IDS = [f"A{number:04}" for number in range(120)]
SCHOOLS = ["King", "Lincoln"]


def table(**columns):
    """Rows of 120 students, each column as long as its cells come round (rows of cells)."""
    names = [name.replace("_", " ") for name in columns]
    cells = [islice(cycle(each), 120) for each in columns.values()]
    return [names, *map(list, zip(*cells, strict=True))]


def seen(found):
    """All that stands on a page (text)."""
    choices = [option for choice in found.choices[2:] for option in choice["options"] or ()]
    return f"{found.html} {found.below} {found.words} {choices} {found.evidence}"


# --- nobody is told of


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Name", ["García López, María", "de la Cruz, Ana"]),
        ("LastFirst", ["Garcia, Luis", "Lee, Ana"]),
        ("Last", ["garcia", "lee"]),
        ("Kid", ["Luis", "Ana"]),
        ("Class Teacher(s)", ["Smith, Jane", "Ito, Ken"]),
        ("Homeroom", ["García", "Ito"]),
        ("Grupo", ["García", "Ito"]),
        ("Class", ["García", "Ito"]),
        ("Case Manager", ["García", "Ito"]),
        ("EL Coordinator", ["García", "Ito"]),
        ("Reading Group", ["John García", "Ken Ito"]),
        ("School Psych", ["Dr. García", "Dr. Ito"]),
        ("Notes", ["García is often tired", "ok"]),
        ("IEP info", ["see García", "none"]),
        ("Behavior", ["sent to García", "fine"]),
    ],
)
def test_no_name_is_shown(tmp_path, name, cells):
    rows = table(Student_ID=IDS, Level=["Met", "Not Met"], here=cells)
    rows[0][-1] = name
    found = looked_at(csv(tmp_path, "a.csv", rows))
    for told in ("Garc", "garc", "Ito", "Lee", "Luis", "Smith"):
        assert told not in seen(found).replace("Title", ""), (name, read_as(found))


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("D.O.B.", ["2012-05-07", "2013-01-09"]),
        ("Bday", ["5/7/2012", "1/9/2013"]),
        ("F. Nac.", ["07/05/2012", "19/01/2013"]),
        ("Some date", ["2012-05-07", "2013-01-09"]),
        ("Cell", ["9095550123", "9095550187"]),
        ("Tel. mamá", ["909-555-0123", "909-555-0187"]),
        ("whatever", ["9095550123", "9095550187"]),
    ],
)
def test_no_birthday_and_no_telephone_is_shown(tmp_path, name, cells):
    rows = table(Student_ID=IDS, Level=["Met", "Not Met"], here=cells)
    rows[0][-1] = name
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert not any(told in seen(found) for told in ("2012", "May", "555", "9.09"))
    assert "left out" in read_as(found)[name]


def test_a_remark_among_groups_and_courses_is_no_label(tmp_path):
    races = ["Hispanic"] * 60 + ["White"] * 56 + ["ask Ana Ríos"] * 4
    courses = ["Math 7 - Ríos"] * 50 + ["Accelerated Math 7 Paz"] * 66 + ["Ana sick"] * 4
    genders = ["F"] * 59 + ["M"] * 59 + ["see Ana's mom"] * 2
    rows = table(Student_ID=IDS, Ethnicity=races, Course=courses, Gender=genders)
    found = looked_at(csv(tmp_path, "a.csv", rows))
    for told in ("Ana", "Ríos", "Paz", "mom"):
        assert told not in seen(found)
    assert "Course: Math 7" in offered(found, "what")
    assert "Gender: another one" in offered(found, "only")


SURNAMES = [
    *("Anderson", "Bassett", "Biondi", "Conner", "Contreras", "Corey", "Delgado", "Elena", "Ford"),
    *("Honore", "Labrador", "Lara", "Lee", "Levelle", "Li", "Losada", "Mateo", "Ng", "Nonaka"),
    *("Partida", "Prescott", "Standish", "Summers", "Theresa"),
]


def test_surnames_that_begin_as_words_of_courses_and_groups_stand_nowhere(tmp_path):
    courses = [f"Math 7 {name}" for name in SURNAMES]
    groups = ["EL"] * 72 + [f"{name}, Ana" for name in SURNAMES] * 2
    rows = table(Student_ID=IDS, Course=courses, Group=groups, Level=["Met", "Not Met"])
    found = looked_at(csv(tmp_path, "a.csv", rows), by="Group")
    assert (read_as(found)["Course"], read_as(found)["Group"]) == (
        "course",
        "another group of students",
    )
    assert "EL 50% of 72" in found.words and "another one 50% of 48" in found.words
    labels = f"{found.below} {offered(found, 'what')} {offered(found, 'only')} {found.words}"
    for name in SURNAMES:
        assert not re.search(rf"\b{name}\b", labels, re.IGNORECASE), name
        assert course_label(f"Math 7 {name}") == "Math 7" and course_label(name) == ANOTHER
    remarks = ("Foster, Ana", "White, Ana", "ask Ana about English", "Todos: Ana")
    assert not any(map(is_known_group, (*SURNAMES, *map(str.upper, SURNAMES), *remarks)))


def test_names_that_a_person_calls_kinds_are_no_labels_of_a_few(tmp_path):
    tutors = ["Group A"] * 60 + ["Group B"] * 55 + [f"García {n}" for n in range(5)]
    rows = table(Student_ID=IDS, Tutoring=tutors, Level=["Met", "Not Met"])
    path = csv(tmp_path, "a.csv", rows)
    assert read_as(looked_at(path))["Tutoring"].startswith("not recognized")
    said = looked_at(path, said={"Tutoring": "category"}, what="Level: Met", by="Tutoring")
    assert "Group A 50% of 60" in said.words and "García" not in seen(said)


def test_numbers_of_a_few_stand_nowhere_beside_the_counts(tmp_path):
    rows = [["Ethnicity", "n", "Met"], ["Hispanic", 200, 90], ["White", 60, 30]]
    rows += [["Black", 3, 1], ["Asian", 25, 20], ["All", 288, 141], ["Other", "7?", "2?"]]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "141" in found.html and "Hispanic or Latino" in found.words
    assert "7?" not in seen(found) and "2?" not in seen(found)
    assert read_as(found)["n"] == "of how many students" and "3 to" not in found.below
    assert "Nothing is shown for Black or African American" in found.words


def test_students_with_names_and_no_id_are_never_groups(tmp_path):
    rows = [["Last Name", "First Name", "Ethnicity", "Enrolled", "Absent"]]
    rows += [[f"Ríos{place}", "Ana", "White", 180, place % 30] for place in range(60)]
    rows.append(["Lee", "Bo", "Filipino", 180, 37])
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "10,980" not in found.words and "Filipino 21%" not in found.words
    assert "A row is" in [choice["label"] for choice in found.choices]


def test_school_and_race_numbers_are_no_codes_of_the_state(tmp_path):
    rows = table(Student_ID=IDS, Race=[3, 4, 5, 7], School=[1, 3], Recommended=["Y", "N", "N"])
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "By Race: 3 33% of 30" in found.words and "could not be read" not in found.words
    beside = looked_at(csv(tmp_path, "a.csv", rows), by="School")
    assert "By School: 1 33% of 60" in beside.words


# --- numbers that are right


def percent(found):
    return round(found.evidence["value"], 1)


def test_a_word_is_a_whole_word_and_no_denial(tmp_path):
    rows = table(Student_ID=IDS, Course=["Prealgebra", "Algebra I", "Algebra II", "Math 8"])
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert not any("with “algebra”" in words for words in offered(found, "what"))
    rows = table(Student_ID=IDS, Course=["Honors Math", "Non-Honors Math", "Honors Science"])
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert not any("with “honors”" in words for words in offered(found, "what"))


def test_of_several_courses_of_a_student_one_is_enough(tmp_path):
    rows = [["Student ID", "Course"]]
    for place, student in enumerate(IDS):
        rows += [[student, "Algebra I" if place % 3 == 0 else "Math 8"]]
        rows += [[student, course] for course in ("English 8", "Science 8", "PE")]
    found = looked_at(csv(tmp_path, "a.csv", rows), what="Course: Algebra I")
    assert (percent(found), "of 120 students" in found.words) == (33.3, True)


def test_a_mark_counts_for_the_course_that_is_chosen(tmp_path):
    rows = [["Student ID", "Course", "Mark"]]
    for place, student in enumerate(IDS):
        rows += [[student, "Math 8", "D" if place % 4 == 0 else "B"], [student, "PE", "A"]]
    path = csv(tmp_path, "a.csv", rows)
    found = looked_at(path, what="Mark of C or better", only="Course\tMath 8", by="")
    assert percent(found) == 75.0 and "of 120 students" in found.words


def test_a_tick_beside_blanks_is_a_yes_among_noes(tmp_path):
    for tick in ("X", "1", "✓"):
        rows = table(Student_ID=IDS, AVID=[tick, "", "", ""])
        found = looked_at(csv(tmp_path, "a.csv", rows))
        assert percent(found) == 25.0 and "blank cells are read as no" in found.words


def test_the_latest_is_the_latest(tmp_path):
    rows = [["Student ID", "School Year", "Term", "Level"]]
    for student in IDS:
        rows += [[student, "2024-25", "Fall", "Met"], [student, "2023-24", "Spring", "Not Met"]]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert found.words.startswith("From a.csv") and percent(found) == 100.0
    rows = [["Student ID", "Window", "Level"]]
    for student in IDS:
        rows += [[student, "Fall 2024-2025", "Met"], [student, "Fall 2023-2024", "Not Met"]]
    path = csv(tmp_path, "a.csv", rows)
    assert percent(looked_at(path)) == 100.0
    over = looked_at(path, over="Window")
    assert "2 points from October 1, 2023 to October 1, 2024" in over.words


def test_months_and_numbered_trimesters_are_times(tmp_path):
    rows = [["School", "Mes", "Inscritos", "Ausentes"]]
    for place, month in enumerate(("Agosto", "Septiembre", "Octubre", "Enero", "Febrero")):
        rows += [[school, month, 200, 20 + place] for school in SCHOOLS]
    path = csv(tmp_path, "a.csv", rows)
    asked = looked_at(path)
    assert asked.evidence is None and "Say under School year which it is" in asked.words
    found = looked_at(path, school_year="2025-26")
    assert "in the last of 5 times (february 2025-26), Ausentes: 12% of 400" in found.words
    over = looked_at(path, school_year="2025-26", over="Mes")
    assert "5 points from August 1, 2025 to February 1, 2026" in over.words
    rows = [["Student ID", "Trimester", "Passed"]]
    rows += [[student, part, "N" if part < 3 else "Y"] for student in IDS for part in (3, 1, 2)]
    found = looked_at(csv(tmp_path, "b.csv", rows), over="Trimester", school_year="2025-26")
    assert "3 points from October 1, 2025 to March 1, 2026" in found.words


def test_two_tests_of_one_day_are_asked_about(tmp_path):
    rows = [["Student ID", "Test Name", "Date", "Level"]]
    for student in IDS:
        rows += [[student, "ELA", "2025-03-04", "Met"], [student, "Math", "2025-03-04", "Not Met"]]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert found.evidence is None and "no date tells which is the last" in found.words


def test_days_of_absence_are_those_of_all_kinds_and_months(tmp_path):
    enrolled = {"Days_Enrolled": [60]}
    kinds = {"Excused_Absences": [3, 0], "Unexcused_Absences": [3, 0], "Total_Absences": [6, 0]}
    for chosen in (kinds, {name: kinds[name] for name in list(kinds)[:2]}):
        rows = table(Student_ID=IDS, **enrolled, **chosen)
        assert percent(looked_at(csv(tmp_path, "a.csv", rows))) == 50.0
    months = {"Aug_Abs": [0], "Sep_Abs": [5, 0], "Oct_Abs": [4, 0]}
    rows = table(Student_ID=IDS, **enrolled, **months)
    assert percent(looked_at(csv(tmp_path, "a.csv", rows))) == 50.0
    rows = table(Student_ID=IDS, **enrolled, Days_Absent=[2], Absences_YTD=[30])
    assert not any(
        "10 percent" in says for says in offered(looked_at(csv(tmp_path, "b.csv", rows)), "what")
    )
    rows = [["Student ID", "Month", "Days Absent", "Days Enrolled"]]
    for student in IDS:
        rows += [[student, month, days, 20] for month, days in (("Sep", 5), ("Oct", 0), ("Nov", 4))]
    found = looked_at(csv(tmp_path, "a.csv", rows), what="chronic")
    assert percent(found) == 100.0 and "whose days are added up" in found.words


def test_percents_that_may_be_shares_are_asked_about(tmp_path):
    rows = [["School", "Number tested", "Suspension Rate"]]
    rows += [["King", 400, 0.4], ["Lincoln", 600, 0.9], ["Mora", 500, 1.0]]
    path = csv(tmp_path, "a.csv", rows)
    asked = looked_at(path)
    assert asked.evidence is None and "0.45 may be 45 percent or less than one" in asked.words
    said = looked_at(path, shares="percents", by="School")
    assert "Lincoln 1% of 600" in said.words
    shares = looked_at(path, shares="shares", by="School")
    assert "Lincoln 90% of 600" in shares.words


def test_commas_and_points_are_read_as_the_column_has_them(tmp_path):
    rows = [["Estudiante", "GPA", "Puntaje"], *[[f"A{n:03}", "2,875", "2.543"] for n in range(40)]]
    path = csv(tmp_path, "a.csv", rows, delimiter=";")
    assert percent(looked_at(path, what="GPA ≥", cut="3")) == 0.0
    assert percent(looked_at(path, what="Puntaje ≥", cut="2500")) == 100.0
    rows = [
        ["Escuela", "Total de alumnos", "Cumplen"],
        ["King", "1.234", "617"],
        ["Mora", "1.100", "11"],
    ]
    found = looked_at(csv(tmp_path, "b.csv", rows, delimiter=";"), by="Escuela")
    assert "King 50% of 1,234" in found.words


def test_totals_and_averages_are_nobody(tmp_path):
    rows = table(Student_ID=IDS, School=SCHOOLS, Level=["Met", "Not Met", "Not Met"])
    rows += [["Total", "", ""], ["", "Class Average", ""]]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "of 120 students" in found.words and "2 rows of totals and averages" in found.words
    rows = [["School", "Grade", "Tested", "Met"]]
    for school in SCHOOLS:
        rows += [[school, 7, 100, 40], [school, 8, 80, 20], [f"{school} Total", "", 180, 60]]
    rows.append(["District Total", "", 360, 120])
    found = looked_at(csv(tmp_path, "b.csv", rows), by="School")
    assert "33% of 360 students" in found.words and "King 33% of 180" in found.words


def test_groups_that_share_students_are_never_added_up(tmp_path):
    rows = [["School", "Student Group", "Tested", "Met"]]
    for school in SCHOOLS:
        rows += [[school, "EL", 60, 20], [school, "SWD", 40, 10], [school, "SED", 100, 40]]
    path = csv(tmp_path, "a.csv", rows)
    asked = looked_at(path, by="School")
    assert asked.evidence is None and "groups that may share students" in asked.words
    one = looked_at(path, by="School", only="Student Group\tEL")
    assert "33% of 120 students" in one.words and "King 33% of 60" in one.words


def test_counts_that_nothing_tells_apart_are_not_added_up(tmp_path):
    rows = [["School", "Week", "Enrolled", "Present"]]
    rows += [[school, f"Week {week}", 150, 140] for week in range(1, 13) for school in SCHOOLS]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert found.evidence is None and "no column that is understood tells them apart" in found.words
    rows = [["School", "Enrollment", "Placed in Algebra"], ["King", 400, 100], ["Lincoln", 200, 20]]
    found = looked_at(csv(tmp_path, "b.csv", rows))
    assert "20% of 600 students" in found.words and "King 25% of 400" in found.words


def test_questions_of_a_survey_are_no_schools_and_no_teachers(tmp_path):
    words = ["Strongly agree", "Agree", "Disagree", "Neither agree nor disagree"]
    rows = table(**{"I feel safe at school.": words, "My teachers care about me": words[::-1]})
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert set(read_as(found).values()) == {"an answer to a survey"} and percent(found) == 50.0
    numbers = {"School is fun": [1, 2, 3, 4, 5], "I like this class": [5, 4, 3, 2, 1]}
    rows = table(**numbers, **{"Mi maestra me apoya": [1, 1, 5, 4, 3]})
    found = looked_at(csv(tmp_path, "b.csv", rows))
    assert set(read_as(found).values()) == {"an answer to a survey"} and percent(found) == 40.0


def test_names_in_two_rows_are_joined(tmp_path):
    rows = [["ID", "Gender", "ELA", None, "Math", None], [None, None, *["Level", "Score"] * 2]]
    rows += [[f"A{n}", "FM"[n % 2], "Met", 5, "Not Met", n] for n in range(60)]
    found = looked_at(workbook(tmp_path, "a.xlsx", Data=rows))
    assert {"ELA Level", "ELA Score", "Math Level", "Math Score"} < set(read_as(found))
    rows = [[None, None, "Fall", None, "Spring", None], ["ID", "Gender", *["Level", "Score"] * 2]]
    rows += [[f"A{n}", "FM"[n % 2], "Met", 5, "Not Met", n] for n in range(60)]
    found = looked_at(workbook(tmp_path, "b.xlsx", Data=rows))
    assert {"Fall Level", "Spring Score"} < set(read_as(found))


def test_ids_that_a_spreadsheet_changed_are_one_student(tmp_path):
    rows = [["Student ID", "Passed"]]
    rows += [[f"{number:05}", "N"] for number in range(1, 51)]
    rows += [[number, "Y"] for number in range(1, 51)]
    found = looked_at(csv(tmp_path, "a.csv", rows), what="Passed: yes")
    assert "of 50 students" in found.words and percent(found) == 100.0


def test_levels_are_known_with_a_slip_and_with_their_number(tmp_path):
    levels = ["1 - Standard Not Met", "2 - Standard Nearly Met", "3 - Standard Met"]
    rows = table(Student_ID=IDS, Overall_Level=levels)
    rows[5][1] = "3 - Standard Mett"
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert offered(found, "what")[0] == "Overall Level: 3 - Standard Met"
    assert "what stands in row 6 cannot be read" in found.words
    unknown = table(Student_ID=IDS, Level=["Emu", "Yak", "Ant"])
    found = looked_at(csv(tmp_path, "b.csv", unknown), said={"Level": "level"})
    assert sorted(offered(found, "what")) == ["Level: Ant", "Level: Emu", "Level: Yak"]


# --- files that are something else


def test_attendance_in_words_counts_who_was_absent(tmp_path):
    words = ["Present"] * 6 + ["Tardy"] + ["Absent"] * 3
    rows = table(Student_ID=IDS, Attendance=words)
    found = looked_at(csv(tmp_path, "a.csv", rows), what="Attendance: Absent")
    assert percent(found) == 30.0 and "of 120 students" in found.words


def test_how_many_are_correct_is_a_count(tmp_path):
    rows = [["Week of", "Tested", "Number Correct"]]
    rows += [[f"2025-09-{day:02}", 50, 30] for day in (8, 15, 22)]
    assert percent(looked_at(csv(tmp_path, "a.csv", rows))) == 60.0


def test_the_row_of_all_is_no_group_beside_its_parts(tmp_path):
    rows = [["Grade", "N", "Met"], [6, 100, 40], [7, 100, 45], [8, 100, 50], ["All", 300, 135]]
    found = looked_at(csv(tmp_path, "a.csv", rows), by="Grade")
    assert "45% of 300 students" in found.words and "grade 8 50% of 100" in found.words
    rows = [["School", "N", "Met"], *[[f"School {n}", 100, 40] for n in range(3)]]
    every = looked_at(csv(tmp_path, "b.csv", [*rows, ["All Schools", 300, 120]]), by="School")
    assert "40% of 300 students" in every.words
    district = looked_at(csv(tmp_path, "c.csv", [*rows, ["Alder Unified", 300, 120]]), by="School")
    assert district.evidence is None and "as many students as all others" in district.words


def test_ids_win_over_names_and_what_a_person_says_over_both(tmp_path):
    rows = table(Student=["Lee, Ana", "Paz, Bo"], Student_ID=IDS, Level=["Met", "Not Met", "Met"])
    path = csv(tmp_path, "a.csv", rows)
    found = looked_at(path)
    assert percent(found) == 66.7 and "of 120 students" in found.words
    rows[0][1] = "Number"
    path = csv(tmp_path, "b.csv", rows)
    assert "of 120 students" in looked_at(path, said={"Number": "student"}).words


def test_groups_as_columns_are_a_sentence(tmp_path):
    names = ["Hispanic # Met", "Hispanic # Students", "White # Met", "White # Students"]
    rows = [["Week of", *names], *[[f"2025-09-{day:02}", 20, 60, 15, 30] for day in (8, 15, 22)]]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "has columns for each of several groups" in found.words and found.evidence is None


def test_a_group_that_is_a_column_of_yes_and_no_is_no_result(tmp_path):
    yes = {"Hispanic or Latino": ["Yes", "No"]}
    rows = table(Student_ID=IDS, Level=["Met", "Not Met", "Met"], **yes)
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert offered(found, "what") == ["Level: Met"]
    assert "Hispanic or Latino: Yes 67% of 60" in found.words


def test_one_window_can_be_chosen_and_the_last_result_says_so(tmp_path):
    rows = [["Student ID", "Window", "Tested on", "Level"]]
    for student in IDS:
        rows += [
            [student, "Fall", "2025-09-09", "Not Met"],
            [student, "Spring", "2026-05-05", "Met"],
        ]
    path = csv(tmp_path, "a.csv", rows)
    last = looked_at(path)
    assert "100% of 120 students by their last result" in last.words
    nameless = csv(tmp_path, "b.csv", [*rows[:1], *rows[1::2], ["", "Fall", "2025-09-09", "Met"]])
    assert "by their last result" not in looked_at(nameless).words
    fall = looked_at(path, only="Window\tfall")
    assert percent(fall) == 0.0 and "students with Window: fall" in fall.words
    over = looked_at(path, over="Window")
    assert "from September 9, 2025 to May 5, 2026" in over.words
    assert "The last point, spring 2025-26: 100% of 120" in over.evidence["sentence"]


def test_of_a_few_students_nothing_is_shown_and_no_advice_is_idle(tmp_path):
    rows = [["Student ID", "Level"], *[[f"A{n}", "Met"] for n in range(6)], ["B", "Not Met"]]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "nothing can be shown of all students together." in found.words
    assert found.evidence is None and "Choose all together" not in found.words
    assert not re.search(r"\b[67]\b", found.words.split(": ", 1)[1])


def test_a_long_question_shows_where_it_is_cut(tmp_path):
    question = "I feel that in my mathematics class the people around me help me when I am stuck "
    question += "with a problem that I have never seen before in my life"
    rows = table(**{question: ["Agree", "Disagree"]})
    [name] = read_as(looked_at(csv(tmp_path, "a.csv", rows)))
    assert name.startswith(question[:100]) and name.endswith("…") and len(name) <= 120


def test_a_standard_or_a_room_is_no_answer(tmp_path):
    rows = table(Student_ID=IDS, Standard=["7.RP.2", "7.NS.1"], Room=["7 A", "8 B"], Score=[3, 9])
    found = looked_at(csv(tmp_path, "a.csv", rows), cut="5")
    assert "answer" not in str(read_as(found)) and percent(found) == 50.0
    maps = table(Student_ID=IDS, MAP_Level=["Low", "LoAvg", "Avg", "HiAvg", "High"])
    assert "MAP Level: at least Avg" in offered(looked_at(csv(tmp_path, "b.csv", maps)), "what")


def test_a_grade_stays_a_whole_number_beside_a_blank(tmp_path):
    grades = [6, 7, 8] * 39 + ["", 7, 8]
    rows = table(Student_ID=IDS, Grade=grades, Level=["Met", "Not Met"])
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "grade 6" in seen(found) and "grade 6.0" not in seen(found)


def test_a_file_without_names_is_refused(tmp_path):
    rows = [
        ["Mora", "Luis", "Taft", "Met"],
        ["Lee", "Ana", "King", "Met"],
        ["Paz", "Bo", "Taft", "Not"],
    ]
    found = looked_at(csv(tmp_path, "a.csv", rows * 20))
    assert "can hardly be the names of the columns" in found.words
    assert "Mora" not in seen(found).replace("a.csv", "")


def test_days_as_columns_are_a_sentence(tmp_path):
    rows = [["Student ID", "9/1", "9/2", "9/3", "9/4"], *[[f"A{n}", *"PPAP"] for n in range(30)]]
    found = looked_at(csv(tmp_path, "a.csv", rows))
    assert "has a column for each of 4 days or times. Put them into rows" in found.words


def test_a_file_of_the_states_is_no_spreadsheet_of_ones_own(tmp_path):
    names = ["County Code", "District Code", "School Code", "Test ID", "Grade"]
    for delimiter in (",", "^"):
        path = csv(tmp_path, "sb.txt", [names, ["99", "10017", "0", "2", "7"]], delimiter=delimiter)
        assert "is one of the state's public files" in looked_at(path).words


def test_a_page_saved_as_a_spreadsheet_is_read(tmp_path):
    body = "".join(f"<tr><td>A{n}<td>{'Met' if n % 2 else 'Not Met'}" for n in range(60))
    page = f"<html><table><tr><th>Student ID<th>Level</tr>{body}</table></html>"
    path = tmp_path / "a.xls"
    path.write_text(page)
    assert percent(looked_at(path)) == 50.0


def test_a_cover_sheet_is_not_the_table(tmp_path):
    cover = [["Benchmarks"], ["made by the office"], ["Field", "Meaning"], ["ID", "student"]]
    rows = table(Student_ID=IDS, Level=["Met", "Not Met"])
    found = looked_at(workbook(tmp_path, "a.xlsx", Cover=cover, Fall=rows))
    assert "a.xlsx (Fall) is read as results of a test" in found.below
    assert offered(found, "sheet") == ["Cover", "Fall"]


def test_an_older_file_can_be_chosen_and_one_that_went_is_told(tmp_path):
    path = csv(tmp_path, "zz.csv", table(Student_ID=IDS, Level=["Met", "Not Met"]))
    found = looked_at(path)
    path.unlink()
    assert percent(found) == 50.0 and "zz.csv is no longer there" in looked_at(path).words
