"""The California School Dashboard's rules: from status and change to a color, by year.

A dated table, each row with its sources. Two independent ones agree, cell for cell, about grades 3
to 8: a county office's table (Riverside County Office of Education, ``cutscores.csv``, 2022) and an
R function (Haiwen Chu, ``cadashR``, December 2024). The cut points of status in mathematics also
part the published levels of 2018. The Department of Education's page of 2022 refers to the tables
of 2019 for 2023, so that they are held to be one for 2018 to 2024. Its own table of mathematics was
not seen, nor whether 2025 changed anything: for other years there are no rules here.
"""

from typing import NamedTuple

from see_the_system.messages import Refusal, listed

STATUS_LEVELS = ("Very Low", "Low", "Medium", "High", "Very High")
CHANGE_LEVELS = (
    "Declined Significantly",
    "Declined",
    "Maintained",
    "Increased",
    "Increased Significantly",
)
COLORS = ("Red", "Orange", "Yellow", "Green", "Blue")
COUNTY_OFFICE = "Riverside County Office of Education, cutscores.csv (2022)"
R_FUNCTION = "Haiwen Chu, cadashR (December 2024)"
# 2020 and 2021 had no Dashboard; 2022 had a status and neither change nor color.
WITHOUT_CHANGE = (2022,)
# By level of status, lowest first; in each, by level of change, the largest decline first.
_COLORS = ((1, 1, 1, 2, 2), (2, 2, 2, 3, 3), (3, 3, 3, 4, 4), (4, 4, 4, 4, 5), (4, 4, 5, 5, 5))
_CHANGE = (-15.0, -3.0, 3.0, 15.0)
_MATH, _ELA = "dashboard_math", "dashboard_ela"


class ColorRule(NamedTuple):
    """Cut points of one indicator in some years: the lowest status of levels 2 to 5, of changes.

    ``grades`` are "3-8", which elementary and middle schools and districts go by, or "11".
    """

    indicator: str
    grades: str
    first_year: int
    last_year: int
    status: tuple
    change: tuple
    colors: tuple
    sources: tuple


_BOTH = (COUNTY_OFFICE, R_FUNCTION)
RULES = (
    ColorRule(_MATH, "3-8", 2018, 2024, (-95.0, -25.0, 0.0, 35.0), _CHANGE, _COLORS, _BOTH),
    ColorRule(_MATH, "11", 2018, 2024, (-115.0, -60.0, 0.0, 25.0), _CHANGE, _COLORS, (R_FUNCTION,)),
    ColorRule(_ELA, "3-8", 2018, 2024, (-70.0, -5.0, 10.0, 45.0), _CHANGE, _COLORS, _BOTH),
    ColorRule(_ELA, "11", 2018, 2024, (-45.0, 0.0, 30.0, 75.0), _CHANGE, _COLORS, (R_FUNCTION,)),
)


def rule_of(indicator, year, grades="3-8"):
    """The ``ColorRule`` of an indicator in a year; ``Refusal`` where none is known."""
    for rule in RULES:
        is_of = (rule.indicator, rule.grades) == (indicator, grades)
        if is_of and rule.first_year <= year <= rule.last_year:
            return rule
    years = listed(
        dict.fromkeys(
            f"{rule.first_year} to {rule.last_year}"
            for rule in RULES
            if rule.indicator == indicator
        )
    )
    known = f"; they are for {years}" if years else ""
    raise Refusal(
        f"The Dashboard's rules for {indicator} of grades {grades} in {year} are not known "
        f"here{known}. Go by the color that the Dashboard published."
    )


def status_level(rule, status):
    """The level of a status in points, 1 (very low) to 5 (very high).

    >>> math = rule_of("dashboard_math", 2019)
    >>> [status_level(math, points) for points in (-95.1, -95.0, -25.1, -0.1, 0, 35)]
    [1, 2, 2, 3, 4, 5]
    """
    return 1 + sum(status >= cut for cut in rule.status)


def change_levels(rule, change):
    """The levels that a change in points may have, 1 to 5 (tuple).

    Two where it stands on a cut point, for the sources do not say on which side that is.

    >>> math = rule_of("dashboard_math", 2019)
    >>> [change_levels(math, points) for points in (-15.1, -2.9, 3, 14.9)]
    [(1,), (3,), (3, 4), (4,)]
    """
    below = 1 + sum(change > cut for cut in rule.change)
    return (below, below + 1) if change in rule.change else (below,)


def color(rule, status, change):
    """The color of a status and a change in points, 1 (red) to 5 (blue).

    None where the change stands on a cut point and the two sides differ in color.

    >>> math = rule_of("dashboard_math", 2019)
    >>> color(math, -30, 5), color(math, -30, 3), color(math, -30, -3)
    (3, None, 2)
    """
    row = rule.colors[status_level(rule, status) - 1]
    found = {row[level - 1] for level in change_levels(rule, change)}
    return found.pop() if len(found) == 1 else None
