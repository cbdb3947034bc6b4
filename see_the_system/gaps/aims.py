"""Could the data show an aim by its date?

What two springs can tell apart, which results will be out, and what others have done. An aim here
is a percent of students that is to change: from a baseline in one spring to a target by a date.
"""

import re
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy.optimize import brentq
from scipy.stats import binom
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_confint

from see_the_system.display import Shown
from see_the_system.gaps.result_words import never_as_zero
from see_the_system.gaps.schools import SCHOOL_KEY
from see_the_system.messages import counted, day_in_words
from see_the_system.privacy.protect import MIN_N

POWER, ALPHA = 0.8, 0.05
LEAST_PAST, FEW = 20, 30  # FEW students on a side of the standard: power is counted
# by June the spring tests are over; in October, in most years, the state has published them
TESTED, PUBLISHED = 6, 10
PERCENT = ("percent", "%", "percent met", "percent of students")


@dataclass(frozen=True)
class Outlook(Shown):
    """Whether the data could show an aim by its date.

    ``could_show`` is None where that cannot be said, and ``sentence`` says why. asked: the change
    the aim asks for, in percentage points; smallest_change: the smallest in that direction that two
    springs show (None: none can); students: tested a year; baseline_year and last_spring: the first
    and the last spring before the date; by: the date; past_changes, past_places: how many past
    changes of how many similar schools or districts were looked at; past_reached: how many were as
    large.
    """

    could_show: bool | None
    sentence: str = ""
    asked: float | None = None
    smallest_change: float | None = None
    students: int | None = None
    baseline: float | None = None
    baseline_year: int | None = None
    last_spring: int | None = None
    by: date | None = None
    past_changes: int = 0
    past_places: int = 0
    past_reached: int = 0


def smallest_change(baseline, students, *, falling=False):
    """The smallest change in percent that two springs show with power 0.8 at 95 percent.

    In percentage points; None where none can. baseline: percent (0-100); students: tested in each
    of the two springs, taken as independent. A change is shown where Newcombe's 95% interval of it
    leaves out zero. By Cohen's h = 2 asin(sqrt(p2)) - 2 asin(sqrt(p1)), two-sided (Cohen 1988,
    Statistical Power Analysis for the Behavioral Sciences, chapter 6), by statsmodels; where fewer
    than ``FEW`` students are expected on one side of the standard, h promises too much, and all
    results that two such springs can have are counted.

    >>> round(smallest_change(31, 640), 1)
    7.4
    """
    if falling:  # as many fewer below the standard
        return smallest_change(100 - baseline, students)
    h = NormalIndPower().solve_power(nobs1=students, alpha=ALPHA, power=POWER)
    start = baseline / 100
    end = 2 * np.arcsin(np.sqrt(start)) + h
    after = float(np.sin(end / 2) ** 2)
    if end > np.pi or students * min(start, 1 - start, after, 1 - after) < FEW:
        return _counted_change(start, students)
    return 100 * (after - start)


def _counted_change(start, students):
    """The smallest rise in percentage points by counting results; None where none is enough."""
    if start == 1 or power_of_springs(start, 1.0, students) < POWER:
        return None
    least = brentq(lambda to: power_of_springs(start, to, students) - POWER, start, 1, xtol=1e-5)
    return 100 * (least - start)


def power_of_springs(before, after, students):
    """How often Newcombe's interval of two springs leaves out zero, on the right side (0 to 1).

    before, after: true rates (0-1); students: tested in each spring.
    """
    if after < before:
        return power_of_springs(1 - before, 1 - after, students)
    # all counts that are not next to impossible
    ends = (binom.ppf([1e-7, 1 - 1e-7], students, rate) for rate in (before, after))
    first, second = (np.arange(max(low, 0), high + 1) for low, high in ends)
    chance = np.outer(binom.pmf(first, students, before), binom.pmf(second, students, after))
    high = proportion_confint(first, students, method="wilson")[1]
    low = proportion_confint(second, students, method="wilson")[0]
    x, y = first / students, second / students
    shown = y - x[:, None] > np.hypot(y - low, (high - x)[:, None])
    return float(chance[shown].sum())


def outlook(baseline, target, students, by, *, baseline_period, unit="percent", past=None):
    """Whether the data could show an aim by its date (``Outlook``).

    Never an error: what is missing is said in its sentence. baseline and target: percents;
    students: tested a year; by: a date; baseline_period: the spring of the baseline, as a year or
    in words ("spring 2025", "2024-25"); past: a frame of ``past_changes`` over as many years. The
    data could not show it where no spring lies between, where the change asked is smaller than
    ``smallest_change``, where results of so few students are hidden, or where not one of at least
    20 past changes was as large.
    """
    start = baseline_year(baseline_period)
    missing = _missing(baseline, target, students, start, by, unit)
    if missing:
        return Outlook(None, f"Whether the data could show this aim cannot be said: {missing}.")
    asked, end = target - baseline, last_spring(by)
    least = None
    if students >= MIN_N:
        least = smallest_change(baseline, students, falling=asked < 0)
    changes, places, reached = _reached(past, asked)
    enough = least is not None and abs(asked) >= least
    never = changes >= LEAST_PAST and reached == 0
    result = Outlook(
        could_show=bool(end > start and enough and not never),
        asked=asked,
        smallest_change=least,
        students=students,
        baseline=baseline,
        baseline_year=start,
        last_spring=end,
        by=by,
        past_changes=changes,
        past_places=places,
        past_reached=reached,
    )
    return replace(result, sentence=describe_outlook(result))


def describe_outlook(result):
    """What two springs can show, when results will be out, and what similar places have done.

    In sentences (text).
    """
    if result.asked is None:
        return result.sentence
    return " ".join(filter(None, (_power_words(result), _date_words(result), _past_words(result))))


def last_spring(by):
    """The newest spring whose tests are over by a date (year).

    >>> last_spring(date(2028, 6, 15)), last_spring(date(2028, 3, 1))
    (2028, 2027)
    """
    return by.year if by.month >= TESTED else by.year - 1


def baseline_year(period):
    """The spring that a period names (year; None where it names none).

    >>> baseline_year("spring 2025"), baseline_year("2024-25"), baseline_year("last year")
    (2025, 2025, None)
    """
    # a year, or two years of which the second may be short: "2024-25", "2024–2025"
    found = re.findall(r"\b(20\d\d)(?:\s*[-–/]\s*(?:20)?(\d\d)\b)?", str(period or ""))
    springs = [2000 + int(second) if second else int(first) for first, second in found]
    return max(springs, default=None)


def _missing(baseline, target, students, start, by, unit):
    """What an aim lacks for this to be said ("" where it lacks nothing)."""
    if str(unit or "percent").strip().casefold() not in PERCENT:
        return f"it is measured in {unit}, and only percents of students can be checked here"
    needed = {
        "a baseline": baseline,
        "a target": target,
        "the number of students": students,
        "a date": by,
    }
    for name, value in needed.items():
        if value is None:
            return f"it does not give {name}"
    if start is None:
        return "it does not say from which spring its baseline is"
    if not (0 <= baseline <= 100 and 0 <= target <= 100):
        return "its baseline and its target are percents, from 0 to 100"
    if baseline == target:
        return "its target is its baseline"
    return "" if students > 0 else "it counts no students"


def _reached(past, asked):
    """How many past changes there are, of how many places, and how many were as large."""
    if past is None or not len(past):
        return 0, 0, 0
    key = [name for name in SCHOOL_KEY if name in past]
    reached = past["change"] >= asked if asked > 0 else past["change"] <= asked
    return len(past), len(past[key].drop_duplicates()), int(reached.sum())


def _power_words(result):
    if result.students < MIN_N:
        return (
            f"Results of {MIN_N - 1} or fewer students are hidden, so the state's data cannot "
            f"show an aim for {counted(result.students, 'student')}."
        )
    asked = f"this aim asks for {never_as_zero(abs(result.asked), 1)}"
    lead = (
        f"With {result.students:,} students a year and a baseline of {result.baseline:g}%, two "
        "springs can tell"
    )
    if result.smallest_change is None:
        return f"{lead} no change in this direction from chance, however large; {asked} points."
    if abs(result.asked) < result.smallest_change:
        asked += ", which is too little to be seen"
    least = never_as_zero(result.smallest_change, 1)
    return (
        f"{lead} a change of {least} percentage points or more from "
        f"chance four times in five (at 95%); {asked}."
    )


def _date_words(result):
    by, spring = result.by, result.last_spring
    day = day_in_words(by)
    if spring <= result.baseline_year:
        return (
            f"No spring test lies between the baseline of spring {result.baseline_year} and {day}."
        )
    if by.year > spring or by.month >= PUBLISHED:
        return ""
    return (
        f"On {day} the newest results out are those of spring {spring - 1}; those of spring "
        f"{spring} come in the autumn."
    )


def _past_words(result):
    many, reached = result.past_changes, result.past_reached
    if not many or result.last_spring <= result.baseline_year:
        return ""
    years = counted(result.last_spring - result.baseline_year, "year")
    places = counted(result.past_places, "similar place")
    share = f"{reached} were" if reached > 1 else f"{reached or 'none'} was"
    return f"Of {counted(many, 'past change')} over {years} in {places}, {share} as large."
