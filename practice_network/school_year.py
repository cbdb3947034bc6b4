"""The weeks of a school year and what happens in them, whatever a team tries.

Holidays, seasons, flu, substitutes. Synthetic: sizes are in log odds of the weekly measures and
were chosen to teach with, as those of ``planted``; they were not estimated anywhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from practice_network.score_model import generator

MOST_WEEKS = 38
SETTLING = (-0.10, -0.06, -0.03)  # the first weeks, in September
AROUND_WINTER = (-0.05, -0.10, -0.04)  # two weeks before the winter holidays and one after
TESTING, LAST_WEEK = -0.06, -0.05
# Over a year: the check asks for the week's lesson, and lessons get harder as students grow.
GROWTH = 0.05
FLU, FLU_AWAY = -0.05, 0.05
SUBSTITUTES, SUBSTITUTES_FIDELITY = -0.12, 0.4
# Lasting: of a student, of a class, and how far a class's course gets ahead or behind in a year.
OWN_SD, CLASS_SD, PACE_SD = 0.40, 0.15, 0.10
DISTRICT_WEEK_SD, SCHOOL_WEEK_SD, SMALLEST_WEEK_SD = 0.085, 0.08, 0.26
STARTING = (0.5, 0.75)  # of the fidelity aimed at, in the first weeks of a change
DRIFTS = 0.5  # the share of years in which a change slackens
DRIFT_TO, DRIFT_WEEKS, WOBBLE = 0.7, 4, 0.06


@dataclass(frozen=True)
class Happenings:
    """What the year brings.

    flu: position of its week, from 0. substitutes: the same by school (-1: none). drift: after how
    many weeks of a change it begins to slacken (-1: it does not). wobble: of the fidelity, by
    school, one a week.
    """

    flu: int
    substitutes: dict
    drift: int
    wobble: dict


def mondays(autumn, weeks):
    """The Mondays of the school weeks from the last one of August on (dates of pandas).

    Without Thanksgiving, two weeks in winter and one in spring.

    >>> [str(day.date()) for day in mondays(2025, 36)[[0, 12, 13, -1]]]
    ['2025-08-25', '2025-11-17', '2025-12-01', '2026-05-25']
    """
    holidays = _holidays(autumn)
    begins = _monday(date(autumn, 8, 25))
    every = [begins + timedelta(weeks=week) for week in range(weeks + len(holidays))]
    return pd.DatetimeIndex([day for day in every if day not in holidays][:weeks])


def holidays_in_words(autumn):
    """The weeks without school, in one sentence."""
    november, winter, january, spring = _holidays(autumn)
    return f"No school in the weeks of {november}, {winter}, {january} and {spring}."


def season(days, autumn):
    """What the time of the year does to a weekly check, in log odds (array, one a week)."""
    shape = GROWTH * np.arange(len(days)) / MOST_WEEKS
    shape[: len(SETTLING)] += SETTLING[: len(days)]
    _, winter, _, _ = _holidays(autumn)
    before = int((days < pd.Timestamp(winter)).sum())
    for place, size in enumerate(AROUND_WINTER, start=before - 2):
        if 0 <= place < len(days):
            shape[place] += size
    tests = pd.Timestamp(state_tests_begin(autumn))
    shape[(days >= tests) & (days < tests + pd.Timedelta(weeks=2))] += TESTING
    shape[days >= pd.Timestamp(autumn + 1, 5, 25)] += LAST_WEEK
    return shape


def state_tests_begin(autumn):
    """The Monday on which two weeks of state tests begin (date)."""
    return _monday(date(autumn + 1, 4, 25))


def happenings(seeds, schools):
    """What a year brings to a district (``Happenings``), the same whatever is tried in it."""
    # The order of these draws is part of the year: another order would be another year.
    draw = generator(90, *seeds, 0)
    flu = int(draw.integers(18, 25))
    drifts = draw.random() < DRIFTS
    after = int(draw.integers(6, 15))
    weeks = draw.integers(2, MOST_WEEKS, len(schools))
    weeks[draw.random(len(schools)) >= 0.5] = -1
    wobble = draw.standard_normal((len(schools), MOST_WEEKS))
    return Happenings(
        flu,
        dict(zip(schools, weeks.tolist(), strict=True)),
        after if drifts else -1,
        dict(zip(schools, wobble, strict=True)),
    )


def carried_out(happened, schools, aimed, starts, weeks):
    """How fully a change is carried out each week (array, schools x weeks, 0 to 1).

    From the fidelity aimed at in each school: it starts slowly, wobbles, drifts down in about half
    of the years, and falls in a week of substitutes. A fidelity of 0 stays 0.
    """
    steps = np.arange(weeks) - starts
    shape = np.where(steps < 0, 0.0, 1.0)
    for place, share in enumerate(STARTING):
        shape[steps == place] = share
    if happened.drift >= 0:
        shape *= 1 - (1 - DRIFT_TO) * np.clip((steps - happened.drift) / DRIFT_WEEKS, 0, 1)
    wobble = np.array([happened.wobble[school][:weeks] for school in schools])
    full = np.asarray(aimed, float)[:, None] * shape * (1 + WOBBLE * wobble)
    for row, school in enumerate(schools):
        away = happened.substitutes[school]
        if 0 <= away < weeks:
            full[row, away] *= SUBSTITUTES_FIDELITY
    return full.clip(0, 1)


def week_effects(seeds, stream, units, roster, weeks, smallest="section"):
    """What a week does to all of a district, of a school and of a section or teacher.

    An array, units x weeks, in log odds. units: rows of ``who_is_reached.roster``; the draws are
    for the whole roster, so that they are the same whoever is in view.
    """
    draw = generator(90, *seeds, stream)
    effect = DISTRICT_WEEK_SD * draw.standard_normal(MOST_WEEKS)
    for name, sd in (("school", SCHOOL_WEEK_SD), (smallest, SMALLEST_WEEK_SD)):
        drawn = draw.standard_normal((roster[f"{name}_at"].max() + 1, MOST_WEEKS))
        effect = effect + sd * drawn[units[f"{name}_at"]]
    return effect[:, :weeks]


def lasting(seeds, students, roster):
    """What stays with a student and class all year, and the pace of the class's course.

    Two arrays, one value a student, in log odds; the second is how far the course gets ahead or
    behind in a year.
    """
    draw = generator(90, *seeds, 5)
    own = OWN_SD * draw.standard_normal(len(roster))[students.row]
    classes = draw.standard_normal((roster.section_at.max() + 1, 2))[students.section_at]
    return own + CLASS_SD * classes[:, 0], PACE_SD * classes[:, 1]


def _monday(day):
    return day + timedelta(-day.weekday() % 7)


def _holidays(autumn):
    """The Mondays of Thanksgiving, of two weeks in winter and of one in spring (tuple of dates)."""
    november = date(autumn, 11, 1)
    thursday = november + timedelta((3 - november.weekday()) % 7 + 21)
    winter = _monday(date(autumn, 12, 19))
    spring = _monday(date(autumn + 1, 4, 1))
    return thursday - timedelta(3), winter, winter + timedelta(7), spring
