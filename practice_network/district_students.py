"""What a district of the practice network holds about its own students, beside the state's files.

One row a student. Synthetic: no student, teacher or day in it is real. ``students`` has everything,
what is planted included, and is for whoever tests an analysis; ``records`` has what an office would
hand a team.

The state's files know no student, a district does. Each year's students are drawn for themselves.
``linked`` finds a student of grade 7 this year among those of grade 6 last year, in the school that
feeds this one or else anywhere in the district: of the same ethnicity, gender and home language, as
near as can be in disability, socioeconomic status and in the standing that this year's past asks
for. Who finds nobody is new to the district; who is found by nobody has left it.
"""

from functools import lru_cache

import numpy as np
from scipy.optimize import linear_sum_assignment

from practice_network import calibration, history, network, planted, school_days
from practice_network.score_model import by_grade, generator
from see_the_system.data import codes
from see_the_system.messages import Refusal

NEVER = 5.0  # what a difference costs, in SDs of the score, that makes two students two
ALIKE = {
    "ethnicity": NEVER,
    "gender": NEVER,
    "home_english": NEVER,
    "disability": 1.5,
    "disadvantaged": 1.0,
}
# The accelerated course of grade 8 goes on from that of grade 7.
ALIKE_IN_8 = ALIKE | {"accelerated": NEVER}
TRANSFERRED_ERROR = 0.25  # SDs: what the records of a student from elsewhere miss
SUPPORT = ("none", "beside core", "in core")
# Where no year before tells (grade 4, and the first year): the share new to the district.
NEW_HERE = 0.07
# Of those new to the district, who came after the first day of school; of all, who left between the
# state's tests and the last day.
CAME_LATER, LEFT_EARLY = 0.35, 0.012
TESTS_BEGIN = 145  # school days before the state's tests
RIDES_BUS, LAST_BUS = 0.45, 0.35  # of all students; of those who ride, on the bus that comes last
# The share of days a student is away, and how alike students are in it.
ABSENCES, EVENNESS = 0.045, 38
SECTION, TEACHES = 30, 5  # students at most in a section, sections a teacher
# So few do not have a teacher of their own beside others of their grade and course.
FEW = 14
_HIDDEN = [
    "expected",
    "raw",
    "standing",
    "kind",
    "in_core",
    "bridge",
    "late_bus",
    "passed_over",
    "new_teachers",
    "last_pick",
    "home_english",
    "area1",
    "area2",
    "area3",
]


@lru_cache(maxsize=32)
def linked(district, year):
    """The students of ``history.pasts`` of a district in a year beside those of the year before.

    Nobody's years further back. Gives the frame with ``prior``, ``prior_scale_score``,
    ``new_here`` and ``moved_from`` (school code a year earlier, "" where unknown), and each
    student's row in the frame of the year before (int array, -1 for who is in none). prior: last
    spring's score, SDs around the state's mean of that grade; for those new here, and where no year
    before tells, what came with their records. prior_scale_score: the same in points of the scale,
    NaN where a student had no score here.
    """
    now = _pasts(district, year).copy()
    found = np.full(len(now), -1)
    luck = generator(year, 22, int(district)).standard_normal(len(now))
    now["prior"] = now.standing + TRANSFERRED_ERROR * luck
    now["moved_from"] = ""
    now["new_here"] = generator(year, 30, int(district)).random(len(now)) < NEW_HERE
    now["prior_scale_score"] = _in_points(now, year - 1)
    if year > history.YEARS[0]:
        before = _a_year_earlier(district, year - 1)
        found = _found(before, now)
        here = found >= 0
        scale_score = before.scale_score.where(before.scored).to_numpy()
        now.loc[here, "prior"] = before.score.to_numpy()[found[here]]
        now.loc[here, "prior_scale_score"] = scale_score[found[here]]
        now.loc[here, "moved_from"] = before.code.to_numpy()[found[here]]
        # Of grade 4 no year before is on file; its schools have a grade 3.
        fourth = now.grade == history.EARLIEST
        now["new_here"] = now.new_here.where(fourth, ~here)
        now["moved_from"] = now.moved_from.mask(fourth & ~now.new_here, now.code)
    return now, found


@lru_cache(maxsize=32)
def numbers(district, year):
    """The number of each student of ``linked``, the same from year to year (int array).

    It takes all years up to this one.
    """
    found = linked(district, year)[1]
    if year == history.YEARS[0]:
        return np.arange(len(found))
    new = found < 0
    student = numbers(district, year - 1)[found]
    years_before = range(history.YEARS[0], year)
    last = max(numbers(district, before).max() for before in years_before)
    student[new] = last + 1 + np.arange(new.sum())
    return student


def students(district, year=history.YEARS[-1]):
    """The students of grades 4 to 8 of a practice district in a school year.

    A frame, one row a student; ``year`` is the spring. Columns: student (text, the same from year
    to year), school (code), school_name, grade, ethnicity (the state's code), group (its name),
    disadvantaged, language, disability, gender, new_here, moved_from (school code), prior (last
    spring's score, SDs around the state's mean of the grade), benchmark (percent correct, the
    spring before), below (below level), recommended, accelerated (0 or 1), course, section, support
    (one of ``SUPPORT``), core_lost (share of core minutes), weeks_late, weeks_without_results,
    unbridged_move, new_teacher (0 or 1), teacher, teacher_years, rides_bus, last_bus, absences
    (share of days), attendance (share of days recorded present), tested, score (SDs; NaN where not
    tested), scale_score, level (0 to 3). Raises ``Refusal`` for a district or a year that is not
    there.
    """
    district = planted.code_of(district)
    if year not in history.YEARS:
        raise Refusal(
            f"The practice network has local data of {history.YEARS[0]} to {history.YEARS[-1]} "
            f"(the spring), not of {year}. Choose one of these."
        )
    prefix = f"{network.COUNTY_CODE}-{district}"
    names = [f"{prefix}-{number:06d}" for number in numbers(district, year)]
    return unnamed(district, year).assign(student=names)


@lru_cache(maxsize=8)
def unnamed(district, year):
    """``students`` without ``student``, of a district by its code.

    Two years are drawn for it and not all of them.
    """
    frame = linked(district, year)[0].copy()
    names = network.schools().set_index("code").apply(network.full_name, axis=1, year=year)
    frame["school_name"] = frame.code.map(names)
    frame["group"] = frame.ethnicity.map(codes.GROUPS).fillna("Not reported")
    frame["benchmark"] = history.percent_correct(frame.benchmark)
    frame["support"] = np.array(SUPPORT)[frame.support]
    frame["score"] = frame.score.where(frame.scored)
    frame["scale_score"] = frame.scale_score.where(frame.scored)
    _enrol(frame, year, generator(year, 31, int(district)))
    _attend(frame, generator(year, 23, int(district)))
    _seat(frame, generator(year, 24, int(district)))
    return frame.drop(columns=_HIDDEN).rename(columns={"code": "school"})


@lru_cache(maxsize=32)
def _pasts(district, year):
    return _with_home(history.pasts(year, district))


def _a_year_earlier(district, year):
    """What ``linked`` asks of last year's students: of their pasts the course in grade 7 alone."""
    students = _with_home(history.students_of(year, district))
    seventh = history.pasts(year, district, grade=7)
    return students.assign(accelerated=seventh.accelerated.reindex(students.index))


def _with_home(students):
    return students.assign(home_english=students.language == "EO")


def _found(before, now):
    """The row of last year's frame that is the same student, for each of this year (int array).

    -1 where there is none.
    """
    found = np.full(len(now), -1)
    next_school = _next_school(before).to_numpy()
    before = {name: before[name].to_numpy() for name in ("grade", "score", *ALIKE_IN_8)}
    now = {name: now[name].to_numpy() for name in ("grade", "code", "standing", *ALIKE_IN_8)}
    # First on in the school that follows, then wherever else in the district.
    for school in (*np.unique(now["code"]), ""):
        free = ~np.isin(np.arange(len(next_school)), found)
        asks = found < 0
        if school:
            free &= next_school == school
            asks &= now["code"] == school
        for grade in range(history.EARLIEST + 1, 9):
            old = np.flatnonzero(free & (before["grade"] == grade - 1))
            new = np.flatnonzero(asks & (now["grade"] == grade))
            cost = _costs(before, now, old, new, ALIKE if grade < 8 else ALIKE_IN_8)
            pairs = np.stack(linear_sum_assignment(cost))
            rows, columns = pairs[:, cost[*pairs] < NEVER]
            found[new[columns]] = old[rows]
    return found


def _costs(before, now, old, new, alike):
    """What it costs to take each of the old rows for each of the new (array, old x new)."""
    cost = np.abs(before["score"][old][:, None] - now["standing"][new])
    for name, weight in alike.items():
        cost += weight * (before[name][old][:, None] != now[name][new])
    return cost


def _next_school(students):
    """Where each student goes next (series of school codes, "" where that is not known).

    On in the same school, or from grade 5 of an elementary school to the middle school it feeds.
    """
    schools = network.schools().query("type_id == 7")
    feeds = {}
    for _, own in schools.groupby("district"):
        elementary = own.code[own.kind == "K5"].tolist()
        middle = own.code[own.kind == "M"].tolist()
        for place, code in enumerate(elementary if middle else ()):
            feeds[code] = middle[place * len(middle) // len(elementary)]
    stays = (students.grade < 5) | (students.kind != "K5")
    return students.code.where(stays, students.code.map(feeds)).fillna("")


def _in_points(students, year):
    """What ``prior`` comes to on the state's scale in a year, a grade below (series)."""
    below = students.assign(grade=students.grade - 1)
    mean, sd = (by_grade(below, table[year]) for table in (calibration.MEANS, calibration.SDS))
    lowest, highest = by_grade(below, calibration.SCORE_RANGE[year >= 2021]).T
    return (mean + sd * students.prior).round().clip(lowest, highest)


def _enrol(frame, year, draw):
    """The days on which students entered and left, and how many school days lie between.

    Whom the state's files count was enrolled when its tests began: some new students came after the
    first day of school, and a few students left before the last.
    """
    days = school_days.school_days(year - 1)
    later = frame.new_here & (draw.random(len(frame)) < CAME_LATER)
    entered = np.where(later, draw.integers(1, TESTS_BEGIN, len(frame)), 0)
    early = draw.random(len(frame)) < LEFT_EARLY
    last = np.where(
        early, draw.integers(TESTS_BEGIN + 10, len(days) - 1, len(frame)), len(days) - 1
    )
    frame["entered_on"] = days[entered]
    frame["left_on"] = np.where(early, days[last], np.datetime64("NaT", "D"))
    frame["days_enrolled"] = 1 + last - entered


def _attend(frame, draw):
    """Days away are spread alike over all groups and schools.

    What is recorded besides is the late bus: for who rides on the last one, where a school's buses
    run late.
    """
    frame["absences"] = draw.beta(ABSENCES * EVENNESS, (1 - ABSENCES) * EVENNESS, len(frame))
    frame["rides_bus"] = draw.random(len(frame)) < RIDES_BUS
    often = draw.gamma(4, 0.25, len(frame))
    frame["last_bus"] = frame.rides_bus & (draw.random(len(frame)) < LAST_BUS)
    late = frame.late_bus / RIDES_BUS * frame.last_bus * often
    absent = (frame.days_enrolled * (frame.absences + late).clip(upper=0.6)).round()
    frame["attendance"] = 1 - absent / frame.days_enrolled


def _seat(frame, draw):
    """Courses, sections of at most ``SECTION`` and their teachers.

    Students alike in course, support in core and a new teacher sit together; a few who would have a
    teacher of their own sit with the others of their grade and course.
    """
    _join_the_few(frame)
    course = np.where(frame.accelerated > 0, "Accelerated mathematics ", "Mathematics ")
    frame["course"] = course + frame.grade.astype(str)
    alike = ["code", "grade", "accelerated", "new_teacher"]
    order = frame[alike].assign(
        together=frame.grade.isin(history.MIDDLE) & (frame.support == "in core"),
        luck=draw.random(len(frame)),
    )
    order = order.sort_values([*alike, "together", "luck"])
    # As few sections as seat all, of nearly the same size.
    size = order.groupby(alike)["code"].transform("size")
    seats = np.ceil(size / np.ceil(size / SECTION))
    order["number"] = order.groupby(alike).cumcount() // seats
    section = order.groupby([*alike, "number"], sort=False).ngroup()
    sections = order.groupby(section)[["code", "grade", "new_teacher"]].first()
    number = sections.groupby(["code", "grade"]).cumcount() + 1
    grade = sections.grade.astype(str)
    sections["section"] = sections.code + "-" + grade + number.astype(str).str.zfill(2)
    sections = _with_teachers(sections, draw)
    for name in ("section", "teacher", "teacher_years"):
        frame[name] = section.map(sections[name])


def _join_the_few(frame):
    """Gives fewer than ``FEW`` students the teachers that others of their grade and course have."""
    alike = frame.groupby(["code", "grade", "accelerated"]).new_teacher
    of_new = alike.transform("sum")
    of_others = alike.transform("size") - of_new
    few = np.minimum(of_new, of_others) < FEW
    frame["new_teacher"] = frame.new_teacher.mask(few, (of_new > of_others).astype(float))


def _with_teachers(sections, draw):
    """The sections with who teaches them and for how many years (frame)."""
    sections = sections.assign(lower=sections.grade < min(history.MIDDLE))
    alike = ["code", "new_teacher", "lower"]
    teaches = np.where(sections.lower, 1, TEACHES)
    sections["turn"] = sections.groupby(alike).cumcount() // teaches
    teachers = sections[[*alike, "turn"]].drop_duplicates()
    number = teachers.groupby("code").cumcount() + 1
    teachers["teacher"] = "T-" + teachers.code + "-" + number.astype(str).str.zfill(2)
    teachers["teacher_years"] = [_years(new, draw) for new in teachers.new_teacher]
    return sections.merge(teachers, how="left", on=[*alike, "turn"])


def _years(new, draw):
    return int(draw.integers(0, 3)) if new else 3 + int(draw.gamma(1.6, 6))
