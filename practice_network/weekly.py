"""What students, classes and teachers of a place do in each week: chances without and with a
change, and what came of them. Synthetic.

The change acts through the exposures of ``planted``: what it takes away of one, by its fidelity,
accrues over the weeks and then moves the chance to have the week's check right. The same draws
serve with and without a change, so that the difference of two years is the effect.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from practice_network import changes, planted, school_year
from practice_network import score_model as model
from practice_network.who_is_reached import exposures, meant, roster

# Log odds. A check on the week's own lesson moves more than the spring test on the whole year:
# SENSITIVITY is log odds per SD of that test.
LEVEL, PRIOR, SENSITIVITY = 1.10, 0.65, 3.0
ACCRUES = 5.0  # weeks: two thirds of a lasting change show after them
OTHER = 0.8  # how much of the check's week effects other measures have
ANSWERS = 0.5  # the share of students asked the survey's question in a week
HANDS_IN = 3  # weeks between two tests of a class
SIDE_GROWS = 6  # weeks
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
USUAL = {"belonging": 0.95, "planning": 2.3, "full_lessons": 2.7}
UNITS = {
    "planned_together": "section",
    "posters": "section",
    "full_lessons": "section",
    "planning": "teacher",
}
FIVE = ("planning", "full_lessons")


@dataclass(frozen=True)
class Setting:
    """One year somewhere: the students in view (rows of ``roster``), the idea, and how fully it is
    carried out (students x weeks).
    """

    students: pd.DataFrame
    near: pd.DataFrame  # all students of the same schools and grades
    idea: object
    scale: str
    fidelity: np.ndarray
    first: int
    at: pd.DatetimeIndex
    key: tuple
    happened: school_year.Happenings


@dataclass(frozen=True)
class Counted:
    """A measure by week: who or what was counted (frame), chances without and with the change, how
    many of how many (units x weeks).
    """

    units: pd.DataFrame
    without: np.ndarray
    chance: np.ndarray
    count: np.ndarray
    n: np.ndarray


def changed(setting, students, fidelity):
    """By how much the idea changes the exposure of each student in each week (students x weeks)."""
    _, now, then = exposures(students, setting.idea)
    if now is None:
        return np.zeros(fidelity.shape)
    if setting.idea.how != "seats":
        return fidelity * (then - now)[:, None]
    luck = model.generator(90, *setting.key, 1).random(students.row.max() + 1)[students.row]
    # A seat once given is kept, so the highest fidelity so far counts.
    return (luck[:, None] < np.maximum.accumulate(fidelity, axis=1) * (then - now)[:, None]).astype(
        float
    )


def accrued(change):
    """What a change of exposure has come to by each week: an exponential average, so that little
    shows at once (students x weeks).
    """
    total, state = np.empty_like(change), np.zeros(len(change))
    for week in range(change.shape[1]):
        state = state + (change[:, week] - state) / ACCRUES
        total[:, week] = state
    return total


def counted(setting, measure):
    """One measure of the year (``Counted``)."""
    if measure == "check":
        return _check(setting)
    if measure == "over_seats":
        return _over_seats(setting)
    return _other(setting, measure)


def _check(setting):
    students, weeks = setting.students, len(setting.at)
    own = school_year.lasting(setting.key, students, roster(str(setting.key[2])))
    caused = sum(
        cause.effect * students[cause.exposure].to_numpy(float) for cause in planted.CAUSES
    )
    base = (LEVEL + PRIOR * students.prior.to_numpy() + SENSITIVITY * caused + own[:, 0])[
        :, None
    ] + own[:, 1:] * np.arange(weeks) / weeks
    odds = (
        base
        + school_year.season(setting.at, setting.key[1])
        + _weeks(setting, students, 2)
        + _happened(setting, students)
    )
    effect = planted.EFFECTS.get(setting.idea.acts_on, 0.0) if setting.idea else 0.0
    shift = SENSITIVITY * effect * accrued(changed(setting, students, setting.fidelity))
    away = students.absences.to_numpy()[:, None] + school_year.FLU_AWAY * (
        np.arange(weeks) == setting.happened.flu
    )
    present = _luck(setting, students.row, 3) >= away
    return _drawn(
        setting, students, expit(odds), expit(odds + shift), present.astype(int), 4, students.row
    )


def _other(setting, measure):
    units, fidelity = _units(setting, measure)
    stream = 10 + 3 * [one.id for one in changes.MEASURES].index(measure)
    noise = OTHER * _weeks(setting, units, stream, UNITS.get(measure, "section"))
    now, then = _odds(setting, measure, units)
    without, full = expit(now[:, None] + noise), expit(then[:, None] + noise)
    chance = without + fidelity * (full - without)
    if measure == "seated":
        moved = (
            changed(setting, units, fidelity)
            if setting.idea and setting.idea.how == "seats"
            else 0.0
        )
        chance = without + (expit(4.0 + noise) - without) * moved
    chance = expit(logit(chance) + _side(setting, measure, units, fidelity))
    place = units[f"{UNITS[measure]}_at"] if measure in UNITS else units.row
    return _drawn(
        setting,
        units,
        without,
        chance,
        _asked(setting, measure, units, stream + 1),
        stream + 2,
        place,
    )


def _units(setting, measure):
    """Who or what a measure counts, and how fully the idea is carried out with each."""
    who = {
        "seated": setting.students.at_line,
        "core_whole": setting.students.support != "none",
        "new_in_support": setting.students.support != "none",
        "records_there": setting.students.moved,
        "planned_together": setting.students.new_teacher > 0,
    }.get(measure, pd.Series(True, index=setting.students.index))
    units = setting.students[who]
    if measure in UNITS:
        units = units.drop_duplicates(UNITS[measure])
    return units, setting.fidelity[setting.students.index.get_indexer(units.index)]


def _odds(setting, measure, units):
    """The log odds of a unit without and with the idea in full."""
    ours = setting.idea is not None and any(measure == one.id for one in setting.idea.measures)
    if measure in DONE:
        now, then = (np.full(len(units), logit(share)) for share in DONE[measure])
        return now, then if ours else now
    if measure in FOLLOWS:
        exposure, odds = FOLLOWS[measure]
        now = units[exposure].to_numpy(float)
        name, _, then = exposures(units, setting.idea)
        if exposure == "weeks_late" and name == "weeks_without_results":
            then = np.minimum(
                now, setting.idea.to
            )  # answer sheets are all students', not those below level alone
        elif name != exposure:
            then = now
        return odds(now), odds(then)
    if measure == "seated":
        now = np.where(units.accelerated > 0, 4.0, -4.5)
    elif measure == "recorded_present":
        now = logit(units.attendance.clip(0.3, 0.995).to_numpy())
    else:
        now = np.full(len(units), USUAL[measure])
    return now, now


def _side(setting, measure, units, fidelity):
    """The log odds that an idea's harm takes from a balancing measure, by unit and week."""
    side = setting.idea.side if setting.idea else None
    if side is None or side.measure != measure:
        return np.zeros(fidelity.shape)
    steps = np.arange(fidelity.shape[1]) - setting.first - side.after
    hurt = np.ones(len(units)) if measure in UNITS else meant(units, setting.idea)
    return (
        AT_SCALE[setting.scale]
        * side.odds
        * hurt[:, None]
        * fidelity
        * np.clip((steps + 1) / SIDE_GROWS, 0, 1)
    )


def _asked(setting, measure, units, stream):
    shape = (len(units), len(setting.at))
    if measure in FIVE:
        return np.full(shape, 5)
    luck = _luck(setting, units.row, stream)
    if measure == "belonging":
        return (luck < ANSWERS).astype(int)
    if measure == "calls":
        return (luck < 1 - units.attendance.to_numpy()[:, None] ** 5).astype(int)
    if measure == "results_in_time":
        return (
            (units.section_at.to_numpy()[:, None] + np.arange(shape[1])) % HANDS_IN == 0
        ).astype(int)
    return np.ones(shape, int)


def _over_seats(setting):
    """Students of the accelerated course of the same schools and grades, and whether their section
    has more than its seats.
    """
    near, weeks = setting.near.reset_index(drop=True), len(setting.at)
    fidelity = np.zeros((len(near), weeks))
    position = pd.Series(np.arange(len(near)), near.row).reindex(setting.students.row).to_numpy()
    fidelity[position] = setting.fidelity
    seats = setting.idea is not None and setting.idea.how == "seats"
    moved = changed(setting, near, fidelity) if seats else np.zeros(fidelity.shape)
    own = near.accelerated.to_numpy() > 0
    goes = _destination(near, own)
    before = np.bincount(goes[own], minlength=near.section_at.max() + 1)
    size = np.repeat(before[:, None], weeks, axis=1)
    np.add.at(size, goes[goes >= 0], (moved * ~own[:, None])[goes >= 0].astype(int))
    seated = (own[:, None] | (moved > 0)) & (goes >= 0)[:, None]
    over = size[goes] > changes.SEATS
    without = np.repeat((before[goes] > changes.SEATS)[:, None], weeks, axis=1)
    return Counted(
        near,
        without.astype(float),
        over.astype(float),
        (over & seated).astype(int),
        seated.astype(int),
    )


def _destination(near, own):
    """The section of the accelerated course of their school and grade that students sit in or would
    in turn be given; -1 without one.
    """
    goes = np.where(own, near.section_at, -1)
    for rows in near.groupby(["school", "grade"]).indices.values():
        sections = np.unique(goes[rows][own[rows]])
        others = rows[~own[rows]]
        if len(sections):
            goes[others] = sections[np.arange(len(others)) % len(sections)]
    return goes


def _drawn(setting, units, without, chance, n, stream, place):
    if n.size and n.max() > 1:
        count = (_luck(setting, place, stream, each=(n.max(),)) < chance[:, :, None]).sum(axis=2)
    else:
        count = ((_luck(setting, place, stream) < chance) & (n > 0)).astype(int)
    return Counted(units, without, chance, count, n)


def _luck(setting, place, stream, each=()):
    """Numbers from 0 to 1, one a unit and week (``each``: so many), the same for a unit whoever
    else is in view.
    """
    return school_year.luck(setting.key, stream, np.asarray(place), len(setting.at), each)


def _weeks(setting, units, stream, smallest="section"):
    return school_year.week_effects(
        setting.key, stream, units, roster(str(setting.key[2])), len(setting.at), smallest
    )


def _happened(setting, students):
    weeks = np.arange(len(setting.at))
    substitutes = students.school.map(setting.happened.substitutes).to_numpy()
    return school_year.FLU * (weeks == setting.happened.flu) + school_year.SUBSTITUTES * (
        weeks == substitutes[:, None]
    )
