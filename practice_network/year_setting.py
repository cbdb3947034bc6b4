"""One simulated year somewhere, and what a change makes of the exposures in it. Synthetic."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from practice_network import changes, school_year
from practice_network.score_model import generator
from practice_network.who_is_reached import exposures

ACCRUES = 5.0  # weeks: two thirds of a lasting change show after them


@dataclass(frozen=True)
class Setting:
    """One year somewhere: who is in view, what is tried, and what every draw hangs on.

    roster: all students of the district (``who_is_reached.roster``); students: those in view; near:
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
    happened: school_year.Happenings

    @property
    def autumn(self):
        """The calendar year in which the school year begins (int)."""
        return self.seeds[1]

    @property
    def weeks(self):
        """The positions of the weeks, from 0 (int array)."""
        return np.arange(len(self.days))


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
    total = np.empty_like(change)
    so_far = np.zeros(len(change))
    for week in range(change.shape[1]):
        so_far = so_far + (change[:, week] - so_far) / ACCRUES
        total[:, week] = so_far
    return total
