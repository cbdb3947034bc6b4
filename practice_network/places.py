"""Where a change is tried.

Reads what a team names (a class, a grade of a school, schools, the district) and finds the
students in it.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from practice_network import changes, network
from practice_network.who_is_reached import exposures, meant
from see_the_system.english import listed
from see_the_system.messages import Refusal, nearest

SCALES = ("class", "grade", "school", "district")
SEVERAL = {"class": "classes", "grade": "grades", "school": "schools"}


@dataclass(frozen=True)
class Place:
    """Students in view (``rows``, bool array over the roster), the scale, and its name in words."""

    rows: np.ndarray
    scale: str
    words: str


def find_place(roster, district, idea, where=None, scale=None):
    """The place of a change (``Place``); ``Refusal`` for one that is not there.

    ``where`` and ``scale`` as in ``simulate``.
    """
    codes = {
        "class": roster.section,
        "grade": roster.school + "-" + roster.grade.astype(str),
        "school": roster.school,
    }
    rows, level = _named(roster, district, where, codes)
    _check(roster, district, idea, where, scale, level)
    scale = scale or level or ("class" if idea else "district")
    words = district
    if scale != "district":
        if scale != level:
            rows = rows & (codes[scale] == _most_to_gain(roster[rows], codes[scale][rows], idea))
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


def _named(roster, district, where, codes):
    """The rows of all that is named, and of what kind it is (None where nothing is)."""
    if where is None:
        return roster.grade > 0, None
    names = _names(where)
    if not names:
        raise Refusal(
            "No place is named. Name a class, a grade or a school, or leave the place out."
        )
    found = [_level_and_code(roster, district, name.strip(), codes) for name in sorted(names)]
    levels = sorted({level for level, _ in found})
    if len(levels) > 1:
        raise Refusal(
            f"{', '.join(names)} are places of different kinds ({', '.join(levels)}). "
            "Name classes, or grades, or schools."
        )
    return codes[levels[0]].isin([code for _, code in found]), levels[0]


def _level_and_code(roster, district, name, codes):
    """The kind of a place and its code, from its code or the name of a school."""
    for level in ("school", "grade", "class"):
        if (codes[level] == name).any():
            return level, name
    own = roster.drop_duplicates("school").set_index("school_name").school
    if name in own.index:
        return "school", own[name]
    raise Refusal(_not_there(roster, district, name, codes, own))


def _not_there(roster, district, name, codes, own):
    """The sentence for a place that the district does not have."""
    school = name[:7]
    if re.fullmatch(r"\d{7}-\d+", name) and (own == school).any():
        level = "grade" if len(name) == 9 else "class"
        there = codes[level][roster.school == school].unique().tolist()
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
    return listed(names) if len(names) < 3 else f"{len(names)} {SEVERAL[scale]}"
