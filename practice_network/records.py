"""The records of a practice district's offices, as a team would be handed them.

Placement, benchmarks, sections, attendance, buses, a survey, report cards. They hold what an office
writes down and nothing of what is planted: no exposure, no reason why. Synthetic, and every file's
name says so.
"""

from datetime import date

import numpy as np
import pandas as pd

from practice_network import history, planted
from practice_network.district_students import students
from practice_network.network import writable
from practice_network.school_days import DAYS, school_day
from practice_network.score_model import generator
from see_the_system.paths import write_whole

WINDOWS = {"fall": (10, 7), "winter": (1, 20), "spring": (3, 17)}  # the benchmark's month and day
# The state's names of its four levels.
LEVELS = ("Standard Not Met", "Standard Nearly Met", "Standard Met", "Standard Exceeded")
MINUTES_WEEK = 275  # of core mathematics
CHRONIC = 0.1  # chronically absent: this share of days or more
# Four items a construct, five answers. Loadings were chosen so that Cronbach's alpha lies within
# .70 to .86 and the same student's scores a year apart correlate .22 to .53, schools making .03 to
# .08 of the variance: what RAND publishes of the CORE districts' survey. By construct: the loading,
# the share of a student's own trait that stays, and the mean of the answers.
CONSTRUCTS = {
    "growth_mindset": (0.67, 0.35, 3.5),
    "self_efficacy": (0.78, 0.55, 3.1),
    "self_management": (0.70, 0.60, 3.7),
    "social_awareness": (0.68, 0.55, 3.6),
}
ITEMS, SCHOOL_SHARE, ANSWERED = 4, 0.045, 0.88
# Six courses on a report card, English and mathematics the first two; from where each mark begins
# (SDs). What a mark follows from: the score, what stays with the student, and the course's luck.
COURSES, MARKS, MARK_FROM = 6, np.array(list("FDCBA")), (-1.6, -1.25, -0.85, -0.15)
OF_SCORE, OF_STUDENT, OF_COURSE = 0.45, 0.35, 0.45
SUSPENDED_ONCE, SUSPENDED_TWICE = 0.04, 0.008  # the share of students suspended so often or more
MOST_STUDENTS = 60_000  # of a district over all years


def records(district, year=history.YEARS[-1]):
    """The tables of a practice district in a school year (dict of name to frame, as ``TABLES``).

    ``docs/practice.md`` has every column.
    """
    everyone = students(district, year)
    code = int(planted.code_of(district))
    return {
        name: table(everyone, year, generator(year, 25 + place, code))
        for place, (name, table) in enumerate(TABLES.items())
    }


def write_records(folder, district, years=history.YEARS):
    """Writes the tables of a district as CSV files into a folder and gives their paths.

    The folder is made if need be; the same bytes every time.
    """
    code = planted.code_of(district)
    paths = []
    with writable(folder) as place:
        for year in years:
            for name, table in records(code, year).items():
                paths.append(place / f"synthetic_{code}_{name}_{year}.csv")
                _write(paths[-1], table)
    return paths


def write_weeks(folder, year):
    """Writes the weeks of a simulated year as one CSV file into a folder and gives its path.

    ``year`` is a ``simulate.Year``; the folder is made if need be. The file is named by all that
    made the year, so that no other year replaces it.
    """
    made_by = "_".join(filter(None, [planted.code_of(year.district), *year.made_by]))
    with writable(folder) as place:
        path = place / f"synthetic_weeks_{made_by}.csv"
        _write(path, year.frame, date_format="%Y-%m-%d")
    return path


def _write(path, table, **formats):
    write_whole(path, table.to_csv(index=False, lineterminator="\n", **formats))


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
        "entered_on",
        "left_on",
        "section",
        "course",
        "support",
    ]
    yes_or_no = {
        name: _yes_or_no(students[name]) for name in ("disadvantaged", "disability", "new_here")
    }
    level = students.level.map(dict(enumerate(LEVELS))).where(students.scored, "")
    return students[columns].assign(
        **yes_or_no,
        last_spring_scale_score=students.prior_scale_score.astype("Int64"),
        spring_scale_score=students.scale_score.astype("Int64"),
        spring_level=level,
    )


def _placement(students, year, draw):
    """One row for each student who was placed in a course of grade 7 or 8.

    Where a district has more than one course. It is settled on working days of July; for who came
    later, on the first day.
    """
    has_courses = students.groupby("school").accelerated.transform("max") > 0
    placed = students[students.grade.isin((7, 8)) & has_courses]
    days = draw.integers(0, 15, len(placed))
    by_counselor = (draw.random(len(placed)) < 0.08) | placed.new_here
    in_july = np.busday_offset(np.datetime64(date(year - 1, 7, 6)), days, roll="forward")
    came_later = placed.entered_on > students.entered_on.min()
    return placed[["student", "school", "grade", "group", "language", "benchmark"]].assign(
        recommended=_yes_or_no(placed.recommended),
        recommended_by=np.where(by_counselor, "counselor", "teacher of the grade before"),
        decided_on=placed.entered_on.where(came_later, in_july),
        course=placed.course,
    )


def _benchmarks(students, year, draw):
    """Three windows a year: the day of the test, the day its results came, and percent correct.

    Both are school days, and only who is enrolled on the day is tested.
    """
    schools = sorted(students.school.unique())
    tables = []
    for place, (window, (month, day)) in enumerate(WINDOWS.items(), start=1):
        opens = date(year - (month > 6), month, day)
        shift = dict(zip(schools, draw.integers(0, 4, len(schools)), strict=True))
        towards = (students.score.fillna(students.prior) - students.prior) * place / 4
        error = history.BENCHMARK_ERROR * draw.standard_normal(len(students))
        standing = students.prior + towards + error
        away = draw.random(len(students)) < 0.05
        tested = school_day(opens, year - 1, students.school.map(shift).to_numpy())
        waited = tested + 7 * students.weeks_late.to_numpy().astype("timedelta64[D]")
        table = students[["student", "school", "grade", "section"]].assign(
            window=window,
            tested_on=tested,
            results_on=school_day(waited, year - 1),
            percent_correct=history.percent_correct(standing),
        )
        tables.append(table[~away & (students.entered_on <= tested)])
    return pd.concat(tables, ignore_index=True)


def _sections(students, year, draw):
    """One row a section: its course, its teacher's years of teaching, its students, its minutes.

    The minutes are core minutes scheduled and received a week.
    """
    groups = students.groupby("section")
    sections = groups[
        ["school", "school_name", "grade", "course", "teacher", "teacher_years"]
    ].first()
    sections["students"] = groups.size()
    sections["out_for_support"] = (students.core_lost > 0).groupby(students.section).sum()
    sections = sections.reset_index()
    sections["period"] = 1 + sections.groupby("teacher").cumcount() % 6
    received = MINUTES_WEEK * (1 - groups.core_lost.mean().to_numpy())
    return sections.assign(
        core_minutes_scheduled=MINUTES_WEEK,
        core_minutes_received=received.round().astype(int),
    )


def _days_absent(students):
    return (students.days_enrolled * (1 - students.attendance)).round().astype(int)


def _attendance(students, year, draw):
    enrolled = students.days_enrolled
    absent = _days_absent(students)
    return students[["student", "school", "grade"]].assign(
        bus=_yes_or_no(students.rides_bus),
        days_enrolled=enrolled,
        days_recorded_absent=absent,
        chronically_absent=_yes_or_no(absent >= CHRONIC * enrolled),
    )


def _bus_log(students, year, draw):
    """By school: mornings on which its last bus came after the first period's roll was closed.

    From the bus company's log.
    """
    riders = students[students.last_bus]
    late = (1 - riders.attendance - riders.absences).clip(lower=0).groupby(riders.school).mean()
    mornings = (DAYS * late * (1 + 0.1 * draw.standard_normal(len(late)))).round().clip(lower=0)
    return pd.DataFrame(
        {
            "school": late.index,
            "mornings_last_bus_after_roll": mornings.to_numpy().astype(int),
            "school_days": DAYS,
        }
    )


def _survey(students, year, draw):
    """Sixteen items of a social-emotional learning survey, 1 to 5; some students did not answer."""
    answered = students[draw.random(len(students)) < ANSWERED]
    count = len(answered)
    # What stays with a student from year to year is drawn by the student's number.
    district = int(answered.student.iloc[0][3:8])
    number = answered.student.str[-6:].astype(int).to_numpy()
    lasting = generator(29, district).standard_normal((MOST_STUDENTS, len(CONSTRUCTS)))[number]
    ability = answered.score.fillna(answered.prior).to_numpy()
    schools = sorted(students.school.unique())
    school = pd.Index(schools).get_indexer(answered.school)
    table = answered[["student", "school", "grade"]].reset_index(drop=True)
    for place, (name, (loading, stays, mean)) in enumerate(CONSTRUCTS.items()):
        of_school = generator(29, place).standard_normal(len(schools))[school]
        own = np.sqrt(stays) * lasting[:, place]
        own = own + np.sqrt(1 - stays) * draw.standard_normal(count)
        of_student = 0.97 * own + 0.2 * ability
        trait = np.sqrt(SCHOOL_SHARE) * of_school + np.sqrt(1 - SCHOOL_SHARE) * of_student
        for item in range(1, ITEMS + 1):
            error = np.sqrt(1 - loading**2) * draw.standard_normal(count)
            answer = mean + loading * trait + error
            table[f"{name}_{item}"] = np.clip(np.rint(answer), 1, 5).astype(int)
    return table


def _report_cards(students, year, draw):
    """One row a student of the middle grades: marks, their average, days away, suspensions.

    The marks of all courses follow from one standing; a student without a score has that of last
    spring. Suspensions fall on anybody alike.
    """
    middle = students[students.grade.isin(history.MIDDLE)]
    ability = middle.score.fillna(middle.prior).to_numpy()
    standing = OF_SCORE * ability + OF_STUDENT * draw.standard_normal(len(middle))
    luck = OF_COURSE * draw.standard_normal((len(middle), COURSES))
    points = np.digitize(standing[:, None] + luck, MARK_FROM)
    suspended = draw.random(len(middle))
    return middle[["student", "school", "grade", "group"]].assign(
        gpa=points.mean(axis=1).round(1),
        english_mark=MARKS[points[:, 0]],
        mathematics_mark=MARKS[points[:, 1]],
        days_enrolled=middle.days_enrolled,
        days_recorded_absent=_days_absent(middle),
        suspensions=(suspended < SUSPENDED_ONCE) + (suspended < SUSPENDED_TWICE).astype(int),
    )


def _yes_or_no(values):
    return np.where(values, "yes", "no")


# The order is that of the random generators: a table in another place would have other numbers.
TABLES = {
    "roster": _roster,
    "placement": _placement,
    "benchmarks": _benchmarks,
    "sections": _sections,
    "attendance": _attendance,
    "bus_log": _bus_log,
    "survey": _survey,
    "report_cards": _report_cards,
}
