"""How each grade of evidence is drawn, told apart without colour, and how grades are counted."""

from collections import Counter
from typing import NamedTuple

from see_the_system.english import counted
from see_the_system.pictures.palette import INK, QUIET
from see_the_system.theory.evidence import GRADES

TINT = "#e9eef3"  # behind what heads a fishbone's category or a chain of whys


class Look(NamedTuple):
    """The mark of a grade; dash, weight and colour of its line; the colour of its text."""

    sign: str
    dash: str
    weight: float
    stroke: str
    color: str


LOOKS = {
    "hunch": Look("open", "1.5 4", 1.5, QUIET, INK),
    "heard": Look("half", "7 4", 1.5, QUIET, INK),
    "seen in data": Look("full", "", 2, INK, INK),
    "ruled out": Look("cross", "", 0.75, QUIET, QUIET),
}


def count_grades(grades):
    """How many there are of each grade (text).

    >>> count_grades(["hunch", "heard", "hunch"])
    '2 hunches, 1 heard'
    """
    counts = Counter(grades)
    return ", ".join(
        counted(counts[grade], grade, "hunches" if grade == "hunch" else grade)
        for grade in GRADES
        if counts[grade]
    )
