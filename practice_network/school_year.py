"""The weeks of a school year and what happens in them, whatever a team tries: holidays, seasons,
flu, substitutes. Synthetic.

Sizes are in log odds of the weekly measures and were chosen to teach with, as those of ``planted``:
not estimated anywhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from practice_network import score_model as model

MOST_WEEKS = 38
SETTLING = (-0.10, -0.06, -0.03)  # the first weeks, in September
BEFORE_WINTER, AFTER_WINTER, TESTING, LAST_WEEK = (-0.05, -0.10), -0.04, -0.06, -0.05
# over a year: the check asks for the week's lesson, and lessons get harder as students grow
GROWTH = 0.05
FLU, FLU_AWAY = -0.05, 0.05
SUBSTITUTES, SUBSTITUTES_FIDELITY = -0.12, 0.4
OWN_SD, CLASS_SD, PACE_SD = (
    0.40,
    0.15,
    0.10,
)  # lasting: of a student, of a class, how far a class's course gets ahead or behind in a year
WEEK_SDS = {"district": 0.085, "school": 0.08, "section": 0.26}  # of a week
STARTING = (0.5, 0.75)  # of the fidelity aimed at, in the first weeks of a change
DRIFTS, DRIFT_TO, DRIFT_WEEKS, WOBBLE = 0.5, 0.7, 4, 0.06


@dataclass(frozen=True)
class Happenings:
    """What the year brings. flu: position of its week, from 0; substitutes: the same by school (-1:
    none); drift: after how many weeks of a change it begins to slacken (-1: it does not); wobble:
    of the fidelity, by school, one a week."""

    flu: int
    substitutes: dict
    drift: int
    wobble: dict


def mondays(autumn, weeks):
    """The Mondays of the school weeks from the last one of August on, without Thanksgiving, two
    weeks in winter and one in spring.

    >>> [str(day.date()) for day in mondays(2025, 36)[[0, 12, 13, -1]]]
    ['2025-08-25', '2025-11-17', '2025-12-01', '2026-05-25']
    """
    off, days = _holidays(autumn), []
    day = _monday(date(autumn, 8, 25))
    while len(days) < weeks:
        if day not in off:
            days.append(day)
        day += timedelta(7)
    return pd.DatetimeIndex(days)


def holidays_in_words(autumn):
    """The weeks without school, in one sentence."""
    november, winter, january, spring = _holidays(autumn)
    return f"No school in the weeks of {november}, {winter}, {january} and {spring}."


def season(at, autumn):
    """What the time of the year does to a weekly check, in log odds (array, one a week)."""
    shape = GROWTH * np.arange(len(at)) / MOST_WEEKS
    shape[: len(SETTLING)] += SETTLING[: len(at)]
    _, winter, _, _ = _holidays(autumn)
    before = int((at < pd.Timestamp(winter)).sum())
    for place, size in (
        (before - 2, BEFORE_WINTER[0]),
        (before - 1, BEFORE_WINTER[1]),
        (before, AFTER_WINTER),
    ):
        shape[place : place + 1] += size if place >= 0 else 0
    tests = pd.Timestamp(state_tests_begin(autumn))
    shape[(at >= tests) & (at < tests + pd.Timedelta(weeks=2))] += TESTING
    shape[at >= pd.Timestamp(autumn + 1, 5, 25)] += LAST_WEEK
    return shape


def state_tests_begin(autumn):
    """The Monday on which two weeks of state tests begin (date)."""
    return _monday(date(autumn + 1, 4, 25))


def happenings(key, schools):
    """What a year brings to a district, drawn from its own generator (``Happenings``); the same
    whatever is tried in it.
    """
    draw = model.generator(90, *key, 0)
    flu, drifts, after = int(draw.integers(18, 25)), draw.random(), int(draw.integers(6, 15))
    weeks, has = draw.integers(2, MOST_WEEKS, len(schools)), draw.random(len(schools)) < 0.5
    wobble = dict(zip(schools, draw.standard_normal((len(schools), MOST_WEEKS))))
    substitutes = {
        school: int(week) if yes else -1 for school, week, yes in zip(schools, weeks, has)
    }
    return Happenings(flu, substitutes, after if drifts < DRIFTS else -1, wobble)


def carried_out(happened, schools, aimed, first, weeks):
    """How fully a change is carried out each week (array, schools x weeks, 0 to 1), from the
    fidelity aimed at in each school.

    It starts slowly, wobbles, drifts down in about half of the years, and falls in a week of
    substitutes. A fidelity of 0 stays 0.
    """
    steps = np.arange(weeks) - first
    shape = np.where(steps < 0, 0.0, 1.0)
    for place, share in enumerate(STARTING):
        shape[steps == place] = share
    if happened.drift >= 0:
        shape *= 1 - (1 - DRIFT_TO) * np.clip((steps - happened.drift) / DRIFT_WEEKS, 0, 1)
    wobble = np.array([happened.wobble[school][:weeks] for school in schools])
    full = np.asarray(aimed, float)[:, None] * shape * (1 + WOBBLE * wobble)
    for row, school in enumerate(schools):
        if 0 <= happened.substitutes[school] < weeks:
            full[row, happened.substitutes[school]] *= SUBSTITUTES_FIDELITY
    return full.clip(0, 1)


def luck(key, stream, place, weeks, each=()):
    """Numbers from 0 to 1 (array, places x weeks, x ``each``); those of a place are the same
    whoever else is asked for.
    """
    total = int(place.max()) + 1 if len(place) else 0
    return model.generator(90, *key, stream).random((total, MOST_WEEKS, *each))[place, :weeks]


def week_effects(key, stream, units, whole, weeks, smallest="section"):
    """What a week does to all of a district, of a school and of a section or teacher (array, units
    x weeks, log odds).

    units, whole: some and all rows of ``who_is_reached.roster``, with their positions school_at, section_at
    and teacher_at.
    """
    draw = model.generator(90, *key, stream)
    effect = WEEK_SDS["district"] * draw.standard_normal(MOST_WEEKS)
    for name, sd in (("school", WEEK_SDS["school"]), (smallest, WEEK_SDS["section"])):
        effect = (
            effect
            + sd
            * draw.standard_normal((whole[f"{name}_at"].max() + 1, MOST_WEEKS))[units[f"{name}_at"]]
        )
    return effect[:, :weeks]


def lasting(key, students, whole):
    """What stays with a student and class all year, and how far the class's course gets ahead or
    behind (array, students x 2, log odds).
    """
    draw = model.generator(90, *key, 5)
    own = OWN_SD * draw.standard_normal(len(whole))[students.row]
    classes = draw.standard_normal((whole.section_at.max() + 1, 2))[students.section_at]
    return np.column_stack([own + CLASS_SD * classes[:, 0], PACE_SD * classes[:, 1]])


def _monday(day):
    return day + timedelta(-day.weekday() % 7)


def _holidays(autumn):
    november = date(autumn, 11, 1)
    thursday = november + timedelta((3 - november.weekday()) % 7 + 21)
    winter = _monday(date(autumn, 12, 19))
    return thursday - timedelta(3), winter, winter + timedelta(7), _monday(date(autumn + 1, 4, 1))
