"""Where a change is tried: reads what a team names (a class, a grade of a school, schools, the district) and finds the students in it."""

import re
from dataclasses import dataclass

import numpy as np

from helpers.messages import Problem, nearest
from helpers.practice import changes, network, planted, weekly

SCALES = ("class", "grade", "school", "district")


@dataclass(frozen=True)
class Place:
    """Students in view (``rows``, bool array over the roster), the scale, and its name in words."""

    rows: np.ndarray
    scale: str
    words: str


def find_place(roster, district, idea, where=None, scale=None):
    """The place of a change (``Place``); see ``simulate`` for what ``where`` and ``scale`` may be. ``Problem`` for one that is not there."""
    if scale is not None and scale not in SCALES:
        raise Problem(f"There is no scale {scale!r}. Choose one of {', '.join(SCALES)}.")
    keys = {"class": roster.section, "grade": roster.school + "-" + roster.grade.astype(str), "school": roster.school}
    if idea is not None and idea not in changes.ideas(roster.district.iloc[0]):
        raise Problem(f"{idea.title} cannot be tried in {district}, whose schools have nothing for it to change. Choose another idea or district.")
    named, level = _named(roster, district, where, keys)
    scale = scale or level or ("class" if idea else "district")
    if level and SCALES.index(scale) > SCALES.index(level):
        raise Problem(f"The scale is {scale!r}, but {_listed(where)} names no more than a {level}. Leave the scale out, or name a larger place.")
    if scale == "district":
        rows, words = named, district
    else:
        rows = named if scale == level else named & (keys[scale] == _most_to_gain(roster[named], keys[scale][named], idea))
        words = _words(roster[rows], scale)
    if idea is not None and not (rows & weekly.meant(roster, idea)).any():
        raise Problem(f"{idea.title} is meant for {changes.meant_in_words(idea)}, and there are none in {words}. Choose another place or another idea.")
    return Place(rows.to_numpy(), scale, words)


def _named(roster, district, where, keys):
    """The rows of all that is named, and of what kind it is (None where nothing is)."""
    if where is None:
        return roster.grade > 0, None
    names = [where] if isinstance(where, str) else list(where) if isinstance(where, (list, tuple, set)) else [str(where)]
    if not names:
        raise Problem("No place is named. Name a class, a grade or a school, or leave the place out.")
    found = [_one(roster, district, str(name).strip(), keys) for name in names]
    levels = {level for level, _ in found}
    if len(levels) > 1:
        raise Problem(f"{_listed(where)} are places of different kinds ({', '.join(sorted(levels))}). Name classes, or grades, or schools.")
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
    school = name[:7]
    if re.fullmatch(r"\d{7}-\d+", name) and (roster.school == school).any():
        kind = "grade" if len(name) == 9 else "class"
        near = keys[kind][(roster.school == school)].unique()
        raise Problem(f"There is no {kind} {name} in {roster.school_name[roster.school == school].iloc[0]}. Choose {', '.join(nearest(name, near))}.")
    elsewhere = network.schools().set_index("code").district.get(school)
    if elsewhere and elsewhere != roster.district.iloc[0]:
        other = next(one.name for one in network.DISTRICTS if one.code == elsewhere)
        raise Problem(f"School {school} belongs to {other}, not to {district}. Choose a school of {district}, such as {own.iloc[0]} ({own.index[0]}).")
    close = nearest(name, [*own.index, *own]) or [f"{own.iloc[0]} ({own.index[0]})"]
    raise Problem(f"{district} has no school, grade or class {name!r} with grades 4 to 8. Choose for example {' or '.join(close)}.")


def _most_to_gain(part, keys, idea):
    """The key of the part of a place in which an idea would change the most."""
    if idea is None:
        return keys.value_counts(sort=False).sort_index(kind="stable").idxmax()
    meant = weekly.meant(part, idea)
    name, now, then = weekly.exposures(part, idea)
    gain = meant * (1e-6 + (planted.EFFECTS[idea.acts_on] * (then - now) if name else 0.0))
    return part.assign(key=keys, gain=gain).groupby("key").gain.sum().round(9).idxmax()


def _words(part, scale):
    if scale == "school":
        names = list(part.school_name.unique())
        return names[0] if len(names) == 1 else f"{len(names)} schools" if len(names) > 3 else " and ".join(names)
    if scale == "grade":
        names = [f"grade {grade} of {name}" for grade, name in sorted(set(zip(part.grade, part.school_name)))]
    else:
        names = [f"class {one} of {name}" for one, name in sorted(set(zip(part.section, part.school_name)))]
    return names[0] if len(names) == 1 else f"{len(names)} {'grades' if scale == 'grade' else 'classes'}" if len(names) > 3 else " and ".join(names)


def _listed(where):
    return where if isinstance(where, str) else ", ".join(map(str, where)) if isinstance(where, (list, tuple, set)) else str(where)
