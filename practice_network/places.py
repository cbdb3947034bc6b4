"""Where a change is tried, whom it reaches there, and what it makes of the exposure it acts on.

Reads what a team names (a class, a grade of a school, schools, the district) and finds the
students in it. Synthetic.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from practice_network import changes, district_students, history, network, planted
from see_the_system.messages import Refusal, counted, listed, nearest

SCALES = ("class", "grade", "school", "district")
# The columns of the roster that tell the places of a scale apart.
_CODES = {"school": "school", "grade": "school_grade", "class": "section"}


@dataclass(frozen=True)
class Place:
    """Students in view (``rows``, bool array over the roster), the scale, and its name in words."""

    rows: np.ndarray
    scale: str
    words: str


@lru_cache(maxsize=4)
def roster(district):
    """A district's students of the last year on file, who stand in for any year to come.

    A frame of ``district_students.unnamed`` and more. row, school_at, section_at, teacher_at:
    positions in the whole district. moved: new to a middle school. at_line: at the line of the
    benchmark, where there is an accelerated course. school_grade: a school's grade, as "6990308-7".
    even: the share of its students who have a new teacher.
    """
    frame = district_students.unnamed(district, history.YEARS[-1]).reset_index(drop=True)
    frame["row"] = np.arange(len(frame))
    for name in ("school", "section", "teacher"):
        frame[f"{name}_at"] = pd.factorize(frame[name], sort=True)[0]
    kind = frame.school.map(network.schools().set_index("code").kind)
    frame["moved"] = (frame.grade == 6) & (kind == "M")
    tracked = frame.groupby("school").accelerated.transform("max") > 0
    frame["at_line"] = frame.grade.isin((7, 8)) & tracked & (frame.benchmark >= changes.LINE)
    frame["school_grade"] = frame.school + "-" + frame.grade.astype(str)
    frame["even"] = frame.groupby("school_grade").new_teacher.transform("mean")
    return frame


def meant(students, idea):
    """Which students an idea is meant for (bool array)."""
    return of_group(students, idea.reaches) & students.grade.isin(idea.grades).to_numpy()


def of_group(students, group):
    """Which students are of a group that an idea may be meant for (bool array)."""
    groups = {
        changes.EVERYBODY: students.grade > 0,
        changes.SUPPORTED: students.support != "none",
        changes.BELOW_LEVEL: students.below,
        changes.AT_LINE: students.at_line,
        changes.MOVED: students.moved,
        changes.OF_NEW: students.new_teacher > 0,
    }
    return groups[group].to_numpy()


def exposures(students, idea):
    """The exposure that an idea acts on, as it is and as the idea in full would make it.

    Two arrays, one value a student; the idea must have an ``exposure``.
    """
    now = students[idea.exposure].to_numpy(float)
    then = {
        "seats": np.where(students.at_line, np.maximum(now, idea.to), now),
        "even": students["even"].to_numpy(),
        "down": np.minimum(now, idea.to),
    }
    return now, then[idea.how]


def find_place(roster, district, idea, where=None, scale=None):
    """The place of a change (``Place``); ``Refusal`` for one that is not there.

    ``where`` and ``scale`` as in ``simulate``.
    """
    rows, level = _named(roster, district, where)
    _check(roster, district, idea, where, scale, level)
    scale = scale or level or ("class" if idea else "district")
    words = district
    if scale != "district":
        if scale != level:
            codes = roster[_CODES[scale]]
            rows = rows & (codes == _most_to_gain(roster[rows], codes[rows], idea))
        words = _in_words(roster[rows], scale)
    if idea is not None and not (rows & meant(roster, idea)).any():
        whom = changes.meant_in_words(idea)
        raise Refusal(
            f"{idea.title} is meant for {whom}, and there are none in {words}. Choose "
            "another place or another idea."
        )
    return Place(rows.to_numpy(), scale, words)


def _check(roster, district, idea, where, scale, level):
    """Refuse a scale that is none or too large, and an idea with nothing to change."""
    if scale is not None and scale not in SCALES:
        raise Refusal(f"There is no scale {scale!r}. Choose one of {', '.join(SCALES)}.")
    if scale and level and SCALES.index(scale) > SCALES.index(level):
        named = ", ".join(_names(where))
        raise Refusal(
            f"The scale is {scale!r}, but {named} is no more than a {level}. Leave "
            "the scale out, or name a larger place."
        )
    possible = [other.id for other in changes.ideas(roster.district.iloc[0])]
    if idea is not None and idea.id not in possible:
        raise Refusal(
            f"{idea.title} cannot be tried in {district}, where there is nothing for it to "
            "change. Choose another idea or district."
        )


def _names(where):
    """What is named, one or several (list of text)."""
    several = isinstance(where, (list, tuple, set))
    return [str(name) for name in where] if several else [str(where)]


def _named(roster, district, where):
    """The rows of all that is named, and of what kind it is (None where nothing is)."""
    if where is None:
        return roster.grade > 0, None
    names = _names(where)
    if not names:
        raise Refusal(
            "No place is named. Name a class, a grade or a school, or leave the place out."
        )
    found = [_level_and_code(roster, district, name.strip()) for name in sorted(names)]
    levels = sorted({level for level, _ in found})
    if len(levels) > 1:
        raise Refusal(
            f"{', '.join(names)} are places of different kinds ({', '.join(levels)}). "
            "Name classes, or grades, or schools."
        )
    return roster[_CODES[levels[0]]].isin([code for _, code in found]), levels[0]


def _level_and_code(roster, district, name):
    """The kind of a place and its code, from its code or the name of a school."""
    for level, column in _CODES.items():
        if (roster[column] == name).any():
            return level, name
    own = roster.drop_duplicates("school").set_index("school_name").school
    if name in own.index:
        return "school", own[name]
    raise Refusal(_not_there(roster, district, name, own))


def _not_there(roster, district, name, own):
    """The sentence for a place that the district does not have."""
    school = name[:7]
    if re.fullmatch(r"\d{7}-\d+", name) and (own == school).any():
        level = "grade" if len(name) == 9 else "class"
        there = roster[_CODES[level]][roster.school == school].unique().tolist()
        close = ", ".join(nearest(name, there) or there[:3])
        return f"There is no {level} {name} in {own.index[own == school][0]}. Choose {close}."
    such = f"{own.iloc[0]} ({own.index[0]})"
    elsewhere = network.schools().set_index("code").district.get(school)
    if elsewhere and elsewhere != roster.district.iloc[0]:
        other = network.DISTRICT_NAMES[elsewhere]
        return (
            f"School {school} belongs to {other}, not to {district}. Choose a school of "
            f"{district}, such as {such}."
        )
    close = " or ".join(nearest(name, [*own.index, *own])) or f"for example {such}"
    return f"{district} has no school, grade or class {name!r} with grades 4 to 8. Choose {close}."


def _most_to_gain(students, codes, idea):
    """The code of the part of a place in which an idea would change the most.

    Without an idea, of the part with the most students.
    """
    if idea is None:
        return codes.value_counts(sort=False).sort_index(kind="stable").idxmax()
    gain = 0.0
    if idea.exposure:
        now, then = exposures(students, idea)
        gain = idea.effect * (then - now)
    # The small number decides where nothing follows for learning: most of whom it is meant for.
    gains = pd.Series(meant(students, idea) * (1e-6 + gain), students.index)
    return gains.groupby(codes).sum().round(9).idxmax()


def _in_words(students, scale):
    names = students.school_name
    if scale == "class":
        names = "class " + students.section + " of " + names
    elif scale == "grade":
        names = "grade " + students.grade.astype(str) + " of " + names
    names = sorted(names.unique())
    several = "classes" if scale == "class" else None
    return listed(names) if len(names) < 3 else counted(len(names), scale, several)


def describe_places(district):
    """What ``where`` may name in a district (text with line ends): its schools and their grades."""
    students = roster(planted.code_of(district))
    lines = ["Where it may be tried, as --where:"]
    for (code, name), of_school in students.groupby(["school", "school_name"]):
        grades = sorted(of_school.grade.unique())
        section = min(of_school.section.dropna())
        lines.append(
            f'  "{name}" (all of it), "{code}-{grades[-1]}" (its grade {grades[-1]}; it has '
            f'grades {grades[0]} to {grades[-1]}), "{section}" (one class)'
        )
    return "\n".join(lines)
