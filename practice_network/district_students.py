"""What a district of the practice network holds about its own students, beside the state's files:
one row a student, and the records that its offices keep. Synthetic: no student, teacher or day in
it is real.

``students`` has everything, what is planted included, and is for whoever tests an analysis;
``records`` has what an office would hand a team.
"""

from functools import lru_cache

import numpy as np

from practice_network import history, mechanisms, network, planted
from practice_network import score_model as model
from practice_network.year_to_year import linked, numbers
from see_the_system.data import codes
from see_the_system.messages import Refusal

SUPPORT = ("none", "beside core", "in core")
DAYS = 180
RIDES_BUS, ABSENCES, EVENNESS = (
    0.45,
    0.045,
    38,
)  # the share of days a student is away, and how alike students are in it
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
    "participation",
    "area1",
    "area2",
    "area3",
]


def students(district, year=history.YEARS[-1]):
    """The students of grades 4 to 8 of a practice district in a school year (frame, one row a
    student; ``year`` is the spring).

    Columns: student (text, the same from year to year), school (code), school_name, grade,
    ethnicity (the state's code), group (its name), disadvantaged, language, disability, gender,
    new_here, moved_from (school code), prior (last spring's score, SDs around the state's mean of
    the grade), benchmark (percent correct, the spring before), below (below level), recommended,
    accelerated (0 or 1), course, section, support (one of ``SUPPORT``), core_lost (share of core
    minutes), weeks_late, weeks_without_results, unbridged_move, new_teacher (0 or 1), teacher,
    teacher_years, rides_bus, absences (share of days), attendance (share of days recorded present),
    tested, score (SDs; NaN where not tested), scale_score, level (0 to 3). Raises ``Refusal`` for a
    district or a year that is not there.
    """
    district, year = planted.code_of(district), _year(year)
    student = [
        f"{network.COUNTY_CODE}-{district}-{number:06d}" for number in numbers(district, year)
    ]
    return unnamed(district, year).assign(student=student)


@lru_cache(maxsize=8)
def unnamed(district, year):
    """``students`` without ``student``, of a district by its code: two years are drawn for it and
    not all of them.
    """
    frame = linked(district, year)[0].copy()
    frame["school_name"] = frame.code.map(
        network.schools().set_index("code").apply(network.full_name, axis=1, year=year)
    )
    frame["group"] = frame.ethnicity.map(codes.GROUPS).fillna("Not reported")
    frame["benchmark"] = (
        (mechanisms.BENCHMARK_MEAN + mechanisms.BENCHMARK_SD * frame.benchmark)
        .round()
        .clip(0, 100)
        .astype(int)
    )
    frame["support"] = np.array(SUPPORT)[frame.support]
    frame["score"] = frame.score.where(frame.scored)
    _attend(frame, model.generator(year, 23, int(district)))
    _seat(frame, model.generator(year, 24, int(district)))
    frame.attrs = {"synthetic": True}
    return frame.drop(columns=_HIDDEN, errors="ignore").rename(columns={"code": "school"})


def _year(year):
    if year in history.YEARS:
        return int(year)
    raise Refusal(
        f"The practice network has local data of {history.YEARS[0]} to {history.YEARS[-1]} "
        f"(the spring), not of {year}. Choose one of these."
    )


def _attend(frame, draw):
    """Days away are spread alike over all groups and schools; what is recorded besides is the late
    bus, where a school's buses run late.
    """
    frame["absences"] = draw.beta(ABSENCES * EVENNESS, (1 - ABSENCES) * EVENNESS, len(frame))
    frame["rides_bus"] = draw.random(len(frame)) < RIDES_BUS
    late = frame.late_bus / RIDES_BUS * frame.rides_bus * draw.gamma(4, 0.25, len(frame))
    frame["attendance"] = 1 - (DAYS * (frame.absences + late).clip(upper=0.6)).round() / DAYS


def _seat(frame, draw):
    """Courses, sections of at most ``SECTION`` and their teachers: students alike in course,
    support in core and a new teacher sit together.
    """
    middle = frame.grade.isin(mechanisms.MIDDLE)
    ahead = np.where(frame.accelerated > 0, "Accelerated mathematics ", "Mathematics ")
    frame["course"] = [f"{course}{grade}" for course, grade in zip(ahead, frame.grade)]
    alike = ["code", "grade", "accelerated", "new_teacher"]
    order = frame.assign(
        luck=draw.random(len(frame)), together=np.where(middle, frame.support == "in core", False)
    ).sort_values([*alike, "together", "luck"])
    place = order.groupby(alike).cumcount()
    size = order.groupby(alike)["code"].transform("size")
    order["number"] = place // np.ceil(size / np.ceil(size / SECTION))
    key = order.groupby([*alike, "number"], sort=False).ngroup()
    sections = order.groupby(key)[["code", "grade", "new_teacher"]].first()
    sections["section"] = [
        f"{code}-{grade}{at + 1:02d}"
        for code, grade, at in zip(
            sections.code, sections.grade, sections.groupby(["code", "grade"]).cumcount()
        )
    ]
    teaches = np.where(sections.grade.isin(mechanisms.MIDDLE), TEACHES, 1)
    turn = sections.groupby(["code", "new_teacher", sections.grade < 6]).cumcount() // teaches
    who = (
        sections.code
        + "|"
        + sections.new_teacher.astype(str)
        + (sections.grade < 6).astype(str)
        + turn.astype(str)
    )
    names = {
        one: f"T-{one[:7]}-{i + 1:02d}"
        for _, ones in who.groupby(sections.code)
        for i, one in enumerate(ones.unique())
    }
    years = {
        one: (draw.integers(0, 3) if "|1.0" in one else 3 + int(draw.gamma(1.6, 6)))
        for one in names
    }
    for name, values in (
        ("section", sections.section),
        ("teacher", who.map(names)),
        ("teacher_years", who.map(years)),
    ):
        frame[name] = key.map(values).reindex(frame.index)
