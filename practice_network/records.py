"""The records of a practice district's offices, as a team would be handed them: placement,
benchmarks, sections, attendance, buses, a survey.

They hold what an office writes down and nothing of what is planted: no exposure, no reason why.
Synthetic, and every file's name says so.
"""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from practice_network import district_students, history, mechanisms, planted
from practice_network import score_model as model
from practice_network.year_files import writable

WINDOWS = {"fall": (10, 7), "winter": (1, 20), "spring": (3, 17)}  # the benchmark's month and day
MINUTES_WEEK, SUPPORT_MINUTES = 275, 110
# Four items a construct, five answers. Loadings were chosen so that Cronbach's alpha lies within
# .70 to .86 and the same student's scores a year apart correlate .22 to .53, schools making .03 to
# .08 of the variance: what RAND publishes of the CORE districts' survey.
CONSTRUCTS = {
    "growth_mindset": (0.67, 0.35, 3.5),
    "self_efficacy": (0.78, 0.55, 3.1),
    "self_management": (0.70, 0.60, 3.7),
    "social_awareness": (0.68, 0.55, 3.6),
}
ITEMS, SCHOOL_SHARE, ANSWERED = 4, 0.045, 0.88
TABLES = ("roster", "placement", "benchmarks", "sections", "attendance", "bus_log", "survey")


def records(district, year=history.YEARS[-1]):
    """The tables of a practice district in a school year (dict of frames by the names of
    ``TABLES``); ``docs/practice.md`` has every column.
    """
    students = district_students.students(district, year)
    code = planted.code_of(district)
    make = {
        "roster": _roster,
        "placement": _placement,
        "benchmarks": _benchmarks,
        "sections": _sections,
        "attendance": _attendance,
        "bus_log": _bus_log,
        "survey": _survey,
    }
    return {
        name: make[name](students, year, model.generator(year, 25 + place, int(code)))
        for place, name in enumerate(TABLES)
    }


def write_records(folder, district, years=history.YEARS):
    """Writes the tables of a district as CSV files into a folder, made if need be, and gives their
    paths; the same bytes every time.
    """
    code, paths = planted.code_of(district), []
    with writable(folder) as place:
        for year in years:
            for name, table in records(code, year).items():
                paths.append(place / f"synthetic_{code}_{name}_{year}.csv")
                table.to_csv(paths[-1], index=False, lineterminator="\n", float_format="%.3f")
    return paths


def write_weeks(folder, year):
    """Writes the weeks of a simulated year (``simulate.Year``) as one CSV file into a folder, made
    if need be, and gives its path.
    """
    name = year.idea.id if year.idea else "no_change"
    with writable(folder) as place:
        path = place / f"synthetic_weeks_{planted.code_of(year.district)}_{name}.csv"
        year.frame.to_csv(path, index=False, lineterminator="\n", date_format="%Y-%m-%d")
    return path


def _roster(students, year, draw):
    columns = [
        "student",
        "school",
        "school_name",
        "grade",
        "group",
        "disadvantaged",
        "language",
        "disability",
        "new_here",
        "moved_from",
        "section",
        "course",
        "support",
    ]
    return students[columns].assign(
        last_spring_score=students.prior.round(2),
        spring_level=students.level.where(students.tested),
        spring_score=students.score.round(2),
    )


def _placement(students, year, draw):
    """One row for each student who was placed in a course of grade 7 or 8, where a district has
    more than one.
    """
    placed = students[
        students.grade.isin((7, 8)) & (students.groupby("school").accelerated.transform("max") > 0)
    ]
    days = draw.integers(0, 21, len(placed))
    named = draw.random(len(placed)) < 0.08
    return placed[["student", "school", "grade", "group", "language", "benchmark"]].assign(
        recommended=np.where(placed.recommended, "yes", "no"),
        recommended_by=np.where(named, "counselor", "teacher of the grade before"),
        decided_on=[date(year - 1, 7, 6) + timedelta(int(day)) for day in days],
        course=placed.course,
    )


def _benchmarks(students, year, draw):
    """Three windows a year: the day of the test, the day the results reached the teacher, and
    percent correct.
    """
    tables = []
    for place, (window, (month, day)) in enumerate(WINDOWS.items()):
        on = date(year - (month > 6), month, day)
        shift = draw.integers(0, 4, students.school.nunique())
        tested = students.school.map(dict(zip(sorted(students.school.unique()), shift)))
        back = [
            on + timedelta(int(days) + 7 * int(weeks))
            for days, weeks in zip(tested, students.weeks_late)
        ]
        towards = (students.score.fillna(students.prior) - students.prior) * (place + 1) / 4
        correct = mechanisms.BENCHMARK_MEAN + mechanisms.BENCHMARK_SD * (
            students.prior
            + towards
            + mechanisms.BENCHMARK_ERROR * draw.standard_normal(len(students))
        )
        away = draw.random(len(students)) < 0.05
        table = students[["student", "school", "grade", "section"]].assign(
            window=window,
            tested_on=[on + timedelta(int(days)) for days in tested],
            results_on=back,
            percent_correct=correct.round().clip(0, 100).astype(int),
        )
        tables.append(table[~away])
    return pd.concat(tables, ignore_index=True)


def _sections(students, year, draw):
    """One row a section: its course, its teacher's years of teaching, how many students, and core
    minutes scheduled and received a week.
    """
    sections = (
        students.groupby("section")
        .agg(
            school=("school", "first"),
            school_name=("school_name", "first"),
            grade=("grade", "first"),
            course=("course", "first"),
            teacher=("teacher", "first"),
            teacher_years=("teacher_years", "first"),
            students=("student", "size"),
            out_for_support=("core_lost", lambda lost: int((lost > 0).sum())),
            lost=("core_lost", "mean"),
        )
        .reset_index()
    )
    received = MINUTES_WEEK * (1 - sections.lost)
    sections["period"] = 1 + sections.groupby("teacher").cumcount() % 6
    return sections.assign(
        core_minutes_scheduled=MINUTES_WEEK, core_minutes_received=received.round().astype(int)
    ).drop(columns="lost")


def _attendance(students, year, draw):
    absent = (district_students.DAYS * (1 - students.attendance)).round().astype(int)
    return students[["student", "school", "grade"]].assign(
        bus=np.where(students.rides_bus, "yes", "no"),
        days_enrolled=district_students.DAYS,
        days_recorded_absent=absent,
        chronically_absent=np.where(absent >= 0.1 * district_students.DAYS, "yes", "no"),
    )


def _bus_log(students, year, draw):
    """By school: mornings on which its last bus came after the first period's roll was closed, from
    the bus company's log.
    """
    riders = students[students.rides_bus]
    late = (1 - riders.attendance - riders.absences).clip(lower=0).groupby(riders.school).mean()
    mornings = (
        (district_students.DAYS * late * (1 + 0.1 * draw.standard_normal(len(late))))
        .round()
        .clip(lower=0)
        .astype(int)
    )
    return pd.DataFrame(
        {
            "school": late.index,
            "mornings_last_bus_after_roll": mornings.to_numpy(),
            "school_days": district_students.DAYS,
        }
    )


def _survey(students, year, draw):
    """Sixteen items of a social-emotional learning survey, 1 to 5; some students did not answer."""
    answered = students[draw.random(len(students)) < ANSWERED]
    number = answered.student.str[-6:].astype(int).to_numpy()
    lasting = model.generator(29, int(answered.student.iloc[0][3:8])).standard_normal(
        (60_000, len(CONSTRUCTS))
    )[number]
    table = answered[["student", "school", "grade"]].reset_index(drop=True)
    ability = answered.score.fillna(answered.prior).to_numpy()
    for place, (name, (loading, stays, mean)) in enumerate(CONSTRUCTS.items()):
        schools = answered.school.map(
            {
                code: value
                for code, value in zip(
                    sorted(students.school.unique()),
                    model.generator(29, place).standard_normal(students.school.nunique()),
                )
            }
        ).to_numpy()
        own = np.sqrt(stays) * lasting[:, place] + np.sqrt(1 - stays) * draw.standard_normal(
            len(table)
        )
        trait = np.sqrt(SCHOOL_SHARE) * schools + np.sqrt(1 - SCHOOL_SHARE) * (
            0.97 * own + 0.2 * ability
        )
        for item in range(ITEMS):
            answer = (
                mean + loading * trait + np.sqrt(1 - loading**2) * draw.standard_normal(len(table))
            )
            table[f"{name}_{item + 1}"] = np.clip(np.rint(answer), 1, 5).astype(int)
    return table
