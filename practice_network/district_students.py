"""What a district of the practice network holds about its own students, beside the state's files.

One row a student. Synthetic: no student, teacher or day in it is real. ``students`` has everything,
what is planted included, and is for whoever tests an analysis; ``records`` has what an office would
hand a team.
"""

from functools import lru_cache

import numpy as np

from practice_network import history, mechanisms, network, planted
from practice_network.score_model import generator
from practice_network.year_to_year import linked, numbers
from see_the_system.data import codes
from see_the_system.messages import Refusal

SUPPORT = ("none", "beside core", "in core")
DAYS = 180
RIDES_BUS = 0.45
# The share of days a student is away, and how alike students are in it.
ABSENCES, EVENNESS = 0.045, 38
SECTION, TEACHES = 30, 5  # students at most in a section, sections a teacher
_HIDDEN = [
    "expected",
    "raw",
    "standing",
    "kind",
    "name",
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


def students(district, year=history.YEARS[-1]):
    """The students of grades 4 to 8 of a practice district in a school year.

    A frame, one row a student; ``year`` is the spring. Columns: student (text, the same from year
    to year), school (code), school_name, grade, ethnicity (the state's code), group (its name),
    disadvantaged, language, disability, gender, new_here, moved_from (school code), prior (last
    spring's score, SDs around the state's mean of the grade), benchmark (percent correct, the
    spring before), below (below level), recommended, accelerated (0 or 1), course, section, support
    (one of ``SUPPORT``), core_lost (share of core minutes), weeks_late, weeks_without_results,
    unbridged_move, new_teacher (0 or 1), teacher, teacher_years, rides_bus, absences (share of
    days), attendance (share of days recorded present), tested, score (SDs; NaN where not tested),
    scale_score, level (0 to 3). Raises ``Refusal`` for a district or a year that is not there.
    """
    district = planted.code_of(district)
    if year not in history.YEARS:
        raise Refusal(
            f"The practice network has local data of {history.YEARS[0]} to {history.YEARS[-1]} "
            f"(the spring), not of {year}. Choose one of these."
        )
    prefix = f"{network.COUNTY_CODE}-{district}"
    names = [f"{prefix}-{number:06d}" for number in numbers(district, int(year))]
    return unnamed(district, int(year)).assign(student=names)


@lru_cache(maxsize=8)
def unnamed(district, year):
    """``students`` without ``student``, of a district by its code.

    Two years are drawn for it and not all of them.
    """
    frame = linked(district, year)[0].copy()
    names = network.schools().set_index("code").apply(network.full_name, axis=1, year=year)
    frame["school_name"] = frame.code.map(names)
    frame["group"] = frame.ethnicity.map(codes.GROUPS).fillna("Not reported")
    percent = mechanisms.BENCHMARK_MEAN + mechanisms.BENCHMARK_SD * frame.benchmark
    frame["benchmark"] = percent.round().clip(0, 100).astype(int)
    frame["support"] = np.array(SUPPORT)[frame.support]
    frame["score"] = frame.score.where(frame.scored)
    _attend(frame, generator(year, 23, int(district)))
    _seat(frame, generator(year, 24, int(district)))
    frame.attrs = {"synthetic": True}
    return frame.drop(columns=_HIDDEN).rename(columns={"code": "school"})


def _attend(frame, draw):
    """Days away are spread alike over all groups and schools.

    What is recorded besides is the late bus, where a school's buses run late.
    """
    frame["absences"] = draw.beta(ABSENCES * EVENNESS, (1 - ABSENCES) * EVENNESS, len(frame))
    frame["rides_bus"] = draw.random(len(frame)) < RIDES_BUS
    late = frame.late_bus / RIDES_BUS * frame.rides_bus * draw.gamma(4, 0.25, len(frame))
    frame["attendance"] = 1 - (DAYS * (frame.absences + late).clip(upper=0.6)).round() / DAYS


def _seat(frame, draw):
    """Courses, sections of at most ``SECTION`` and their teachers.

    Students alike in course, support in core and a new teacher sit together.
    """
    course = np.where(frame.accelerated > 0, "Accelerated mathematics ", "Mathematics ")
    frame["course"] = course + frame.grade.astype(str)
    alike = ["code", "grade", "accelerated", "new_teacher"]
    order = frame[alike].assign(
        together=frame.grade.isin(mechanisms.MIDDLE) & (frame.support == "in core"),
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
    sections["section"] = [
        f"{code}-{grade}{place:02d}"
        for code, grade, place in zip(sections.code, sections.grade, number, strict=True)
    ]
    sections = _with_teachers(sections, draw)
    for name in ("section", "teacher", "teacher_years"):
        frame[name] = section.map(sections[name])


def _with_teachers(sections, draw):
    """The sections with who teaches them and for how many years (frame)."""
    sections = sections.assign(lower=sections.grade < min(mechanisms.MIDDLE))
    alike = ["code", "new_teacher", "lower"]
    teaches = np.where(sections.lower, 1, TEACHES)
    sections["turn"] = sections.groupby(alike).cumcount() // teaches
    teachers = sections[[*alike, "turn"]].drop_duplicates()
    number = teachers.groupby("code").cumcount() + 1
    teachers["teacher"] = [
        f"T-{code}-{place:02d}" for code, place in zip(teachers.code, number, strict=True)
    ]
    teachers["teacher_years"] = [_years(new, draw) for new in teachers.new_teacher]
    return sections.merge(teachers, how="left", on=[*alike, "turn"])


def _years(new, draw):
    return int(draw.integers(0, 3)) if new else 3 + int(draw.gamma(1.6, 6))
