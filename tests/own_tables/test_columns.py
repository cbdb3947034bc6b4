"""What each column is, by its cells and by its name in English and in Spanish."""

import pandas as pd
import pytest

from see_the_system.messages import Refusal
from see_the_system.own_tables.columns import recognise
from see_the_system.own_tables.workbooks import OwnTable

IDS = [f"{number}" for number in range(1001, 1041)]
SCORES = [300 + 7 * number for number in range(40)]
RACES = ["Hispanic", "White", "African American", "Two or More Races"] * 10
RAZAS = ["Hispano", "Blanca", "Afroamericano", "Dos o más razas"] * 10


def read(cells, **more):
    """The columns of a table of 40 rows, by name."""
    frame = pd.DataFrame({name: pd.Series(each, dtype=object) for name, each in cells.items()})
    table = OwnTable("a.csv", "", frame.set_axis(range(2, 2 + len(frame))))
    return {column.name: column for column in recognise(table, **more)}


def role(name, cells, **others):
    return read({name: cells, **others})[name].role


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("Student ID", IDS, "student"),
        ("Student", [f"Lee{number}, Ana" for number in range(40)], "student"),  # and never shown
        ("SSID", IDS, "student"),
        ("stu_number", IDS, "student"),
        ("numero", IDS, "score"),  # a person has to say: nothing tells it from a score
        ("Matrícula", IDS, "student"),
        ("ID del estudiante", IDS, "student"),
        ("School Name", ["Alder Middle", "Birch K-8"] * 20, "school"),
        ("Escuela", ["Aliso", "Abedul"] * 20, "school"),
        ("Grade Level", ["06", "7", "8th", "Grade 8"] * 10, "grade"),
        ("Grado", ["6.º", "7.º", "8", "K"] * 10, "grade"),
        ("Ethnicity", RACES, "ethnicity"),
        ("Grupo étnico", RAZAS, "ethnicity"),
        ("Subgroup", RACES, "ethnicity"),
        ("EL Status", ["EL", "EO", "RFEP", "IFEP"] * 10, "group"),
        ("Idioma", ["Español", "Inglés"] * 20, "group"),
        ("Discapacidad", ["Sí", "No"] * 20, "group"),
        ("Course Title", ["Math 7", "Accelerated Math 7"] * 20, "course"),
        ("Curso", ["Matemáticas 7", "Álgebra"] * 20, "course"),
        ("Recommended", ["Y", "N"] * 20, "yes_no"),
        ("Recomendado", ["sí", "no"] * 20, "yes_no"),
        ("Overall Level", ["Standard Met", "Standard Not Met"] * 20, "level"),
        ("Nivel", ["Cumple", "No cumple"] * 20, "level"),
        ("Relative Placement", ["1 Grade Level Below", "Early On Grade Level"] * 20, "level"),
        ("Percent Correct", ["45%", "80 %", "7", "100"] * 10, "percent"),
        ("Porcentaje", ["45,5", "80,1"] * 20, "percent"),
        ("Test RIT Score", SCORES, "score"),
        ("Puntaje", SCORES, "score"),
        ("Days Absent", list(range(40)), "days_absent"),
        ("Faltas", list(range(40)), "days_absent"),
        ("Days Enrolled", [180] * 39 + [90], "days_enrolled"),
        ("Test Date", ["9/22/2025", "9/23/2025"] * 20, "date"),
        ("Fecha", ["22/09/2025", "23/09/2025"] * 20, "date"),
        ("Marca temporal", ["2025/09/22 8:01:03", "2025/09/23 14:20:00"] * 20, "date"),
        ("Term", ["Fall", "Winter", "Spring", "Fall 2024-2025"] * 10, "window"),
        ("Ventana", ["Otoño", "Invierno", "Primavera", "Trimestre 2"] * 10, "window"),
        ("School Year", ["2024-25", "2025-26"] * 20, "school_year"),
        ("Ciclo escolar", ["2024-2025", "2025-2026"] * 20, "school_year"),
        ("Math Mark", ["A", "B+", "C-", "F"] * 10, "mark"),
        # about a person
        ("Last Name", ["Ríos", "Lee"] * 20, "personal"),
        ("Nombre", [f"Ana Ríos{number}" for number in range(40)], "personal"),
        ("Fecha de nacimiento", ["2012-05-01", "2013-01-09"] * 20, "personal"),
        ("DOB", ["5/1/2012", "1/9/2013"] * 20, "personal"),
        ("Teacher", ["Mr. Ito", "Ms. Paz"] * 20, "personal"),
        ("Correo del padre", ["a@b.org", "c@d.org"] * 20, "personal"),
        ("Comments", ["needs a seat near the board, Ana says", "ok"] * 20, "left_out"),
    ],
)
def test_a_column_is_known(name, cells, expected):
    beside = {} if expected in ("student", "score") else {"SIS ID": IDS}
    assert role(name, cells, **beside) == expected


def test_a_name_does_not_decide_against_the_cells():
    assert role("Grade", ["A", "B", "C", "F"] * 10) != "grade"
    assert role("Date", ["soon", "later"] * 20) != "date"
    assert role("School", IDS) == "school"
    assert role("Level", ["Met", "Not Met"] * 20) == "level"


def test_answers_of_a_survey_are_known_by_one_another():
    items = {f"Q{place}": [1, 2, 3, 4] * 10 for place in (1, 2, 3)}
    assert {column.role for column in read(items).values()} == {"answer"}
    words = [
        "Totalmente de acuerdo",
        "De acuerdo",
        "En desacuerdo",
        "Ni de acuerdo ni en desacuerdo",
    ]
    column = read({"Puedo aprender matemáticas": words * 10})["Puedo aprender matemáticas"]
    assert column.role == "answer" and column.kinds == [-1.0, 0.0, 1.0]


def test_cells_that_do_not_fit_are_kept_with_their_row():
    cells = ["310", "n/a", "absent", *SCORES[:36], "redo"]
    column = read({"Scale Score": cells})["Scale Score"]
    assert column.role == "score" and column.unread == {41: "redo"}
    assert column.values.notna().sum() == 37


def test_dates_that_fit_two_ways_are_asked_about():
    cells = ["03/04/2025", "04/03/2025", "05/06/2025", "03/04/2025"] * 10
    column = read({"Test Date": cells})["Test Date"]
    assert column.ways == ("month/day/year", "day/month/year")
    assert column.values.isna().all()
    column = read({"Test Date": cells}, dates="day/month/year")["Test Date"]
    assert column.ways == () and column.values.iloc[0] == pd.Timestamp(2025, 4, 3)
    plain = ["03/14/2025", *cells[1:]]
    assert read({"Test Date": plain})["Test Date"].values.iloc[1] == pd.Timestamp(2025, 4, 3)


def test_a_person_says_what_a_column_is():
    assert read({"numero": IDS}, said={"numero": "student"})["numero"].role == "student"
    with pytest.raises(Refusal, match=r'"stu_number" cannot be read as "pupil" in a\.csv'):
        read({"stu_number": IDS}, said={"stu_number": "pupil"})
    with pytest.raises(Refusal, match='"number" cannot be read'):
        read({"stu_number": IDS}, said={"number": "student"})
