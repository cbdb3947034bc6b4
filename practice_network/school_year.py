"""One simulated school year: its weeks, what happens in them, and what a change makes of them.

Holidays, seasons, flu, substitutes, and exposures that change. Synthetic: sizes are in log odds of
the weekly measures and were chosen to teach with, as those of ``planted``; they were not estimated
anywhere.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, groupby

import numpy as np
import pandas as pd

from practice_network import changes, school_days
from practice_network.places import exposures
from practice_network.score_model import generator
from see_the_system.messages import listed

MOST_WEEKS = 37  # all 180 school days
# Seasons are there, and so small that a run chart of a year without a change signals hardly more
# often than one of independent weeks would.
SETTLING = (-0.05, -0.03, -0.015)  # the first weeks, in September
AROUND_WINTER = (-0.025, -0.05, -0.02)  # two weeks before the winter holidays and one after
TESTING, LAST_WEEK = -0.03, -0.025
# Over a year: the check asks for the week's lesson, and lessons get harder as students grow.
GROWTH = 0.025
FLU, FLU_AWAY = -0.05, 0.05
SUBSTITUTES, SUBSTITUTES_FIDELITY = -0.12, 0.4
# Lasting: of a student, of a class, and how far a class's course gets ahead or behind in a year.
OWN_SD, CLASS_SD, PACE_SD = 0.40, 0.15, 0.10
DISTRICT_WEEK_SD, SCHOOL_WEEK_SD, SMALLEST_WEEK_SD = 0.085, 0.08, 0.26
STARTING = (0.5, 0.75)  # of the fidelity aimed at, in the first weeks of a change
DRIFTS = 0.5  # the share of years in which a change slackens
DRIFT_TO, DRIFT_WEEKS, WOBBLE = 0.7, 4, 0.06
ACCRUES = 5.0  # weeks: two thirds of a lasting change show after them


@dataclass(frozen=True)
class Happenings:
    """What the year brings.

    flu: position of its week, from 0. substitutes: the same by school (-1: none). drift: after how
    many weeks of a change it begins to slacken (-1: it does not). wobble: of the fidelity, by
    school, one a week.
    """

    flu: int
    substitutes: pd.Series
    drift: int
    wobble: pd.DataFrame


@dataclass(frozen=True)
class Setting:
    """One year somewhere: who is in view, what is tried, and what every draw hangs on.

    roster: all students of the district (``places.roster``); students: those in view; near:
    all of their schools and grades. fidelity: how fully the idea is carried out (students x weeks).
    starts: position of the week of the change, from 0. days: the Mondays. seeds: (seed, autumn,
    district).
    """

    roster: pd.DataFrame
    students: pd.DataFrame
    near: pd.DataFrame
    idea: changes.Idea | None
    scale: str
    fidelity: np.ndarray
    starts: int
    days: pd.DatetimeIndex
    seeds: tuple
    happened: Happenings

    @property
    def autumn(self):
        """The calendar year in which the school year begins (int)."""
        return self.seeds[1]

    @property
    def weeks(self):
        """The positions of the weeks, from 0 (int array)."""
        return np.arange(len(self.days))


def mondays(autumn, weeks):
    """The Mondays of the school weeks from the last one of August on (dates of pandas).

    Without Thanksgiving, two weeks in winter and one in spring.

    >>> [str(day.date()) for day in mondays(2025, 36)[[0, 12, 13, -1]]]
    ['2025-08-25', '2025-11-17', '2025-12-01', '2026-05-25']
    """
    holidays = pd.DatetimeIndex(school_days.breaks(autumn))
    begins = school_days.monday(date(autumn, 8, 25))
    every = pd.date_range(begins, periods=weeks + len(holidays), freq="7D")
    return every[~every.isin(holidays)][:weeks]


def holidays_in_words(autumn):
    """The weeks without school and the short ones, in one sentence."""
    without = _days_in_words(school_days.breaks(autumn))
    off = school_days.days_off(autumn).values()
    short = _days_in_words([day - timedelta(day.weekday()) for day in off])
    return f"No school in the weeks of {without}; four days of it in those of {short}."


def _days_in_words(days):
    """Days in the order of time as a sentence lists them (text), each year once."""
    years = [
        listed(f"{day:%B} {day.day}" for day in each) + f", {year}"
        for year, each in groupby(days, lambda day: day.year)
    ]
    return ", and of ".join(years)


def season(days, autumn):
    """What the time of the year does to a weekly check, in log odds (array, one a week)."""
    shape = GROWTH * np.arange(len(days)) / MOST_WEEKS
    shape[: len(SETTLING)] += SETTLING[: len(days)]
    winter = school_days.breaks(autumn)[1]
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
    return school_days.monday(date(autumn + 1, 4, 25))


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
        pd.Series(weeks, schools),
        after if drifts else -1,
        pd.DataFrame(wobble, schools),
    )


def carried_out(happened, schools, aimed, starts, weeks):
    """How fully a change is carried out each week (array, schools x weeks, 0 to 1).

    From the fidelity aimed at in each school: it starts slowly, wobbles, drifts down in about half
    of the years, and falls in a week of substitutes. A fidelity of 0 stays 0.
    """
    shape = np.concatenate([np.zeros(starts), STARTING, np.ones(weeks)])[:weeks]
    steps = np.arange(weeks) - starts
    if happened.drift >= 0:
        shape *= 1 - (1 - DRIFT_TO) * np.clip((steps - happened.drift) / DRIFT_WEEKS, 0, 1)
    wobble = happened.wobble.loc[schools].to_numpy()[:, :weeks]
    full = np.asarray(aimed, float)[:, None] * shape * (1 + WOBBLE * wobble)
    away = happened.substitutes[schools].to_numpy()[:, None]
    full[np.arange(weeks) == away] *= SUBSTITUTES_FIDELITY
    return full.clip(0, 1)


def week_effects(setting, units, stream, smallest="section"):
    """What a week does to all of a district, of a school and of a section or teacher.

    An array, units x weeks, in log odds. units: rows of ``places.roster``; the draws are for the
    whole roster, so that they are the same whoever is in view.
    """
    draw = generator(90, *setting.seeds, stream)
    effect = DISTRICT_WEEK_SD * draw.standard_normal(MOST_WEEKS)
    for name, sd in (("school", SCHOOL_WEEK_SD), (smallest, SMALLEST_WEEK_SD)):
        drawn = draw.standard_normal((setting.roster[f"{name}_at"].max() + 1, MOST_WEEKS))
        effect = effect + sd * drawn[units[f"{name}_at"]]
    return effect[:, : len(setting.days)]


def lasting(setting):
    """What stays with a student and class all year, and the pace of the class's course.

    Two arrays, one value a student, in log odds; the second is how far the course gets ahead or
    behind in a year.
    """
    draw = generator(90, *setting.seeds, 5)
    students, roster = setting.students, setting.roster
    own = OWN_SD * draw.standard_normal(len(roster))[students.row]
    classes = draw.standard_normal((roster.section_at.max() + 1, 2))[students.section_at]
    return own + CLASS_SD * classes[:, 0], PACE_SD * classes[:, 1]


def changed(setting, students, fidelity):
    """By how much the idea changes the exposure of each student in each week (students x weeks)."""
    if setting.idea is None or not setting.idea.exposure:
        return np.zeros(fidelity.shape)
    now, then = exposures(students, setting.idea)
    by = (then - now)[:, None]
    if setting.idea.how != "seats":
        return fidelity * by
    luck = generator(90, *setting.seeds, 1).random(students.row.max() + 1)[students.row]
    # A seat once given is kept, so the highest fidelity so far counts.
    given = luck[:, None] < np.maximum.accumulate(fidelity, axis=1) * by
    return given.astype(float)


def accrued(change):
    """What a change of exposure has come to by each week (students x weeks).

    An exponential average, so that little shows at once.
    """
    weeks = accumulate(
        change.T, lambda so_far, week: so_far + (week - so_far) / ACCRUES, initial=0.0
    )
    return np.stack(list(weeks)[1:], axis=1)
