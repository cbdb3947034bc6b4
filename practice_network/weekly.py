"""What students, classes and teachers of a place do in each week. Synthetic.

Chances without and with a change, and what came of them. The change acts through the exposures of
``planted``: what it takes away of one, by its fidelity, accrues over the weeks and then moves the
chance to have the week's check right. The same draws serve with and without a change, so that the
difference of two years is the effect.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from practice_network import changes, history, school_days, school_year
from practice_network.places import exposures, meant
from practice_network.school_year import accrued, changed
from practice_network.score_model import generator

# Log odds. A check on the week's own lesson moves more than the spring test on the whole year:
# SENSITIVITY is log odds per SD of that test.
LEVEL, PRIOR, SENSITIVITY = 1.10, 0.65, 3.0
OTHER = 0.8  # how much of the check's week effects other measures have
ANSWERS = 0.5  # the share of students asked the survey's question in a week
HANDS_IN = 3  # weeks between two tests of a class
HARM_GROWS = 6  # weeks
AT_SCALE = {"class": 0.2, "grade": 0.6, "school": 1.0, "district": 1.0}  # of a harm
# What an exposure makes of its process measure, in log odds.
FOLLOWS = {
    "core_whole": ("core_lost", lambda lost: 2.2 - 12 * lost),
    "results_in_time": ("weeks_late", lambda weeks: 3.5 * (1.6 - weeks)),
    "records_there": ("unbridged_move", lambda alone: logit(0.94 - 0.90 * alone)),
    "new_in_support": ("new_teacher", lambda new: logit(0.02 + 0.96 * new)),
}
# What people do without and with an idea in full, as a share.
DONE = {
    "planned_together": (0.10, 0.92),
    "calls": (0.05, 0.72),
    "assemblies": (0.02, 0.62),
    "posters": (0.04, 0.97),
    "packets": (0.02, 0.60),
}
SEATED, NOT_SEATED = 4.0, -4.5  # log odds
USUAL = {"belonging": 0.95, "planning": 2.3, "full_lessons": 2.7}
# What is counted, where it is not students.
UNITS = {
    "planned_together": "section",
    "posters": "section",
    "full_lessons": "section",
    "planning": "teacher",
}
EACH_DAY = ("planning", "full_lessons")  # counted once a school day


@dataclass(frozen=True)
class Counted:
    """A measure by week: who or what was counted, the chances, and how many of how many.

    units: a frame, one row a student, class or teacher. Arrays of units x weeks: ``without`` and
    ``chance`` are the chances without and with the change, ``count`` of ``n`` is what came of them.
    """

    units: pd.DataFrame
    without: np.ndarray
    chance: np.ndarray
    count: np.ndarray
    n: np.ndarray


def counted(setting, measure):
    """One measure of the year, by its id (``Counted``)."""
    if measure == "check":
        return _check(setting)
    if measure == "over_seats":
        return _over_seats(setting)
    return _other(setting, measure)


def _check(setting):
    students = setting.students
    lasts, pace = school_year.lasting(setting)
    caused = history.effect(students).to_numpy()
    start = LEVEL + PRIOR * students.prior.to_numpy() + SENSITIVITY * caused + lasts
    odds = start[:, None] + pace[:, None] * setting.weeks / len(setting.weeks)
    odds = odds + school_year.season(setting.days, setting.autumn)
    flu = setting.weeks == setting.happened.flu
    substitutes = students.school.map(setting.happened.substitutes).to_numpy()
    taught_by_others = setting.weeks == substitutes[:, None]
    happened = school_year.FLU * flu + school_year.SUBSTITUTES * taught_by_others
    odds = odds + school_year.week_effects(setting, students, 2) + happened
    effect = setting.idea.effect if setting.idea else 0.0
    shift = SENSITIVITY * effect * accrued(changed(setting, students, setting.fidelity))
    away = students.absences.to_numpy()[:, None] + school_year.FLU_AWAY * flu
    present = _luck(setting, students.row, 3) >= away
    return _drawn(setting, students, students.row, expit(odds), expit(odds + shift), present, 4)


def _other(setting, measure):
    units, fidelity = _units(setting, measure)
    smallest = UNITS.get(measure, "section")
    place = units[f"{smallest}_at"] if measure in UNITS else units.row
    # Three streams of random numbers a measure, after those of the check.
    stream = 10 + 3 * list(changes.measures()).index(measure)
    noise = OTHER * school_year.week_effects(setting, units, stream, smallest)
    now, then = _odds(setting, measure, units)
    without = expit(now[:, None] + noise)
    full = expit(then[:, None] + noise)
    share = changed(setting, units, fidelity) if measure == "seated" else fidelity
    chance = without + share * (full - without)
    chance = expit(logit(chance) + _harm(setting, measure, units, fidelity))
    n = _asked(setting, measure, units, stream + 1)
    return _drawn(setting, units, place, without, chance, n, stream + 2)


def _units(setting, measure):
    """Who or what a measure counts, and how fully the idea is carried out with each."""
    students = setting.students
    counted_alone = {
        "seated": students.at_line,
        "core_whole": students.support != "none",
        "new_in_support": students.support != "none",
        "records_there": students.moved,
        "planned_together": students.new_teacher > 0,
    }
    units = students[counted_alone[measure]] if measure in counted_alone else students
    if measure in UNITS:
        units = units.drop_duplicates(UNITS[measure])
    return units, setting.fidelity[students.index.get_indexer(units.index)]


def _odds(setting, measure, units):
    """The log odds of each unit without and with the idea in full (two arrays)."""
    if measure in DONE:
        return np.full((len(units), 2), logit(DONE[measure])).T
    if measure in FOLLOWS:
        exposure, odds = FOLLOWS[measure]
        now = units[exposure].to_numpy(float)
        return odds(now), odds(_exposure_then(units, exposure, now, setting.idea))
    if measure == "seated":
        return np.where(units.accelerated > 0, SEATED, NOT_SEATED), np.full(len(units), SEATED)
    if measure == "recorded_present":
        usual = logit(units.attendance.clip(0.3, 0.995).to_numpy())
    else:
        usual = np.full(len(units), USUAL[measure])
    return usual, usual


def _exposure_then(units, exposure, now, idea):
    """An exposure as an idea in full would make it (array); as it is where the idea leaves it."""
    if idea is None:
        return now
    if exposure == "weeks_late" and idea.exposure == "weeks_without_results":
        # Answer sheets are all students', not those below level alone.
        return np.minimum(now, idea.to)
    return exposures(units, idea)[1] if idea.exposure == exposure else now


def _harm(setting, measure, units, fidelity):
    """The log odds that an idea's harm takes from a balancing measure (units x weeks)."""
    harm = setting.idea.harm if setting.idea else None
    if harm is None or harm.measure != measure:
        return np.zeros(fidelity.shape)
    steps = setting.weeks - setting.starts - harm.after
    grown = np.clip((steps + 1) / HARM_GROWS, 0, 1)
    hurt = np.ones(len(units)) if measure in UNITS else meant(units, setting.idea)
    return AT_SCALE[setting.scale] * harm.odds * hurt[:, None] * fidelity * grown


def _asked(setting, measure, units, stream):
    """How many times each unit is counted in each week (units x weeks)."""
    shape = (len(units), len(setting.weeks))
    if measure in EACH_DAY:
        return np.broadcast_to(school_days.days_with_school(setting.days, setting.autumn), shape)
    if measure == "belonging":
        return _luck(setting, units.row, stream) < ANSWERS
    if measure == "calls":
        absent_at_all = 1 - units.attendance.to_numpy()[:, None] ** 5
        return _luck(setting, units.row, stream) < absent_at_all
    if measure == "results_in_time":
        # Classes take their tests in turn.
        return (units.section_at.to_numpy()[:, None] + setting.weeks) % HANDS_IN == 0
    return np.ones(shape, int)


def _over_seats(setting):
    """Students of the accelerated course, and whether their section has more than its seats.

    Of the same schools and grades: a seat given to one is taken from the room of all.
    """
    near = setting.near.reset_index(drop=True)
    fidelity = np.zeros((len(near), len(setting.weeks)))
    fidelity[pd.Index(near.row).get_indexer(setting.students.row)] = setting.fidelity
    moved = changed(setting, near, fidelity) > 0
    sits = near.accelerated.to_numpy() > 0
    section = _destination(near, sits)
    there = section >= 0
    before = np.bincount(section[sits], minlength=near.section_at.max() + 1)
    size = np.repeat(before[:, None], len(setting.weeks), axis=1)
    without = size[section] > changes.SEATS
    np.add.at(size, section[there], (moved & ~sits[:, None])[there].astype(int))
    seated = (sits[:, None] | moved) & there[:, None]
    over = size[section] > changes.SEATS
    return Counted(near, without.astype(float), over.astype(float), over & seated, seated)


def _destination(near, sits):
    """The section of the accelerated course that students sit in or would be given, in turn.

    Of their school and grade (int array, positions of sections); -1 where there is none.
    """
    section = np.where(sits, near.section_at, -1)
    for rows in near.groupby("school_grade").indices.values():
        sections = np.unique(section[rows][sits[rows]])
        others = rows[~sits[rows]]
        if len(sections):
            section[others] = sections[np.arange(len(others)) % len(sections)]
    return section


def _drawn(setting, units, place, without, chance, n, stream):
    """What came of the chances (``Counted``), drawn for each unit's ``place`` in the district."""
    most = int(n.max(initial=1))
    asked = np.arange(most) < n[:, :, None]
    luck = _luck(setting, place, stream, most)
    count = (asked & (luck < chance[:, :, None])).sum(axis=2)
    return Counted(units, without, chance, count, n)


def _luck(setting, place, stream, *each):
    """Numbers from 0 to 1, one a unit and week (``each``: so many).

    They are drawn for the whole year and every place up to the last, so that a unit has the same
    whoever else is in view and however many weeks are asked for.
    """
    total = place.max() + 1 if len(place) else 0
    drawn = generator(90, *setting.seeds, stream).random((total, school_year.MOST_WEEKS, *each))
    return drawn[place.to_numpy(), : len(setting.weeks)]
