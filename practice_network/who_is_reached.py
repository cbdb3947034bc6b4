"""Whom a change reaches in a practice district, and what it makes of the exposure it acts on.

For the simulator; synthetic.
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from practice_network import changes, district_students, history, network


@lru_cache(maxsize=4)
def roster(district):
    """A district's students of the last year on file, who stand in for any year to come.

    A frame of ``district_students.unnamed`` and more. row, school_at, section_at, teacher_at:
    positions in the whole district. moved: new to a middle school. at_line: at the line of the
    benchmark, where there is an accelerated course. even: the share of the school's students of the
    grade who have a new teacher.
    """
    frame = district_students.unnamed(district, history.YEARS[-1]).reset_index(drop=True)
    frame["row"] = np.arange(len(frame))
    for name in ("school", "section", "teacher"):
        frame[f"{name}_at"] = pd.factorize(frame[name], sort=True)[0]
    kind = frame.school.map(network.schools().set_index("code").kind)
    frame["moved"] = (frame.grade == 6) & (kind == "M")
    tracked = frame.groupby("school").accelerated.transform("max") > 0
    frame["at_line"] = frame.grade.isin((7, 8)) & tracked & (frame.benchmark >= changes.LINE)
    frame["even"] = frame.groupby(["school", "grade"]).new_teacher.transform("mean")
    return frame


def meant(students, idea):
    """Which students an idea is meant for (bool array)."""
    groups = {
        changes.EVERYBODY: students.grade > 0,
        changes.SUPPORTED: students.support != "none",
        changes.BELOW_LEVEL: students.below,
        changes.AT_LINE: students.at_line,
        changes.MOVED: students.moved,
        changes.OF_NEW: students.new_teacher > 0,
    }
    return (groups[idea.reaches] & students.grade.isin(idea.grades)).to_numpy()


def exposures(students, idea):
    """The exposure that an idea acts on, as it is and as the idea in full would make it.

    Two arrays, one value a student; the idea must have an ``exposure``.
    """
    now = students[idea.exposure].to_numpy(float)
    then = {
        "seats": np.where(students.at_line, np.maximum(now, idea.to), now),
        "even": students["even"].to_numpy(),
        "down": np.minimum(now, idea.to),
    }
    return now, then[idea.how]
