"""Where a change is tried: reads what a team names (a class, a grade of a school, schools, the
district) and finds the students in it.
"""

import re
from dataclasses import dataclass

import numpy as np

from practice_network import changes, network, planted, who_is_reached
from see_the_system.messages import Refusal, nearest

SCALES = ("class", "grade", "school", "district")


@dataclass(frozen=True)
class Place:
    """Students in view (``rows``, bool array over the roster), the scale, and its name in words."""

    rows: np.ndarray
    scale: str
    words: str


def find_place(roster, district, idea, where=None, scale=None):
    """The place of a change (``Place``); ``where`` and ``scale`` as in ``simulate``. ``Refusal``
    for one that is not there.
    """
    keys = {
        "class": roster.section,
        "grade": roster.school + "-" + roster.grade.astype(str),
        "school": roster.school,
    }
    named, level = _named(roster, district, where, keys)
    _check(roster, district, idea, where, scale, level)
    scale = scale or level or ("class" if idea else "district")
    rows, words = named, district
    if scale != "district":
        rows = (
            named
            if scale == level
            else named & (keys[scale] == _most_to_gain(roster[named], keys[scale][named], idea))
        )
        words = _words(roster[rows], scale)
    if idea is not None and not (rows & who_is_reached.meant(roster, idea)).any():
        meant = changes.meant_in_words(idea)
        raise Refusal(
            f"{idea.title} is meant for {meant}, and there are none in {words}. Choose "
            "another place or another idea."
        )
    return Place(rows.to_numpy(), scale, words)


def _check(roster, district, idea, where, scale, level):
    """Refuses a scale that is none or larger than the place, and an idea that has nothing to change
    in a district.
    """
    if scale is not None and scale not in SCALES:
        raise Refusal(f"There is no scale {scale!r}. Choose one of {', '.join(SCALES)}.")
    if scale and level and SCALES.index(scale) > SCALES.index(level):
        raise Refusal(
            f"The scale is {scale!r}, but {_listed(where)} is no more than a {level}. Leave "
            "the scale out, or name a larger place."
        )
    if idea is not None and idea.id not in [
        one.id for one in changes.ideas(roster.district.iloc[0])
    ]:
        raise Refusal(
            f"{idea.title} cannot be tried in {district}, where there is nothing for it to "
            "change. Choose another idea or district."
        )


def _named(roster, district, where, keys):
    """The rows of all that is named, and of what kind it is (None where nothing is)."""
    if where is None:
        return roster.grade > 0, None
    names = sorted(map(str, where)) if isinstance(where, (list, tuple, set)) else [str(where)]
    if not names:
        raise Refusal(
            "No place is named. Name a class, a grade or a school, or leave the place out."
        )
    found = [_one(roster, district, name.strip(), keys) for name in names]
    levels = {level for level, _ in found}
    if len(levels) > 1:
        raise Refusal(
            f"{_listed(where)} are places of different kinds ({', '.join(sorted(levels))}). "
            "Name classes, or grades, or schools."
        )
    level = levels.pop()
    return keys[level].isin([key for _, key in found]), level


def _one(roster, district, name, keys):
    """The kind of a named place and its key."""
    for level in ("school", "grade", "class"):
        if (keys[level] == name).any():
            return level, name
    own = roster.drop_duplicates("school").set_index("school_name").school
    if name in own.index:
        return "school", own[name]
    raise Refusal(_not_there(roster, district, name, keys, own))


def _not_there(roster, district, name, keys, own):
    """The sentence for a place that the district does not have."""
    school, such = name[:7], f"{own.iloc[0]} ({own.index[0]})"
    if re.fullmatch(r"\d{7}-\d+", name) and (own == school).any():
        level = "grade" if len(name) == 9 else "class"
        there = list(dict.fromkeys(keys[level][roster.school == school]))
        return (
            f"There is no {level} {name} in {own.index[own == school][0]}. Choose "
            f"{', '.join(nearest(name, there) or there[:3])}."
        )
    elsewhere = network.schools().set_index("code").district.get(school)
    if elsewhere and elsewhere != roster.district.iloc[0]:
        other = next(one.name for one in network.DISTRICTS if one.code == elsewhere)
        return (
            f"School {school} belongs to {other}, not to {district}. Choose a school of "
            f"{district}, such as {such}."
        )
    close = " or ".join(nearest(name, [*own.index, *own])) or f"for example {such}"
    return f"{district} has no school, grade or class {name!r} with grades 4 to 8. Choose {close}."


def _most_to_gain(part, keys, idea):
    """The key of the part of a place in which an idea would change the most."""
    if idea is None:
        return keys.value_counts(sort=False).sort_index(kind="stable").idxmax()
    meant = who_is_reached.meant(part, idea)
    name, now, then = who_is_reached.exposures(part, idea)
    gain = meant * (1e-6 + (planted.EFFECTS[idea.acts_on] * (then - now) if name else 0.0))
    return part.assign(key=keys, gain=gain).groupby("key").gain.sum().round(9).idxmax()


def _words(part, scale):
    several = {"class": "classes", "grade": "grades", "school": "schools"}[scale]
    names = {
        "class": part.section,
        "grade": "grade " + part.grade.astype(str),
        "school": part.school_name,
    }[scale]
    if scale != "school":
        names = ("class " if scale == "class" else "") + names + " of " + part.school_name
    names = sorted(names.unique())
    return " and ".join(names) if len(names) < 3 else f"{len(names)} {several}"


def _listed(where):
    return ", ".join(map(str, where)) if isinstance(where, (list, tuple, set)) else str(where)
