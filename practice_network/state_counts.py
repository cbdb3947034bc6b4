"""Counts a year's students into the rows the state publishes: every entity, grade and student
group.
"""

import numpy as np
import pandas as pd

from practice_network import network
from see_the_system.data import codes

MEASURES = (
    "enrolled",
    "tested",
    "scored",
    "score_sum",
    "not_met",
    "nearly_met",
    "met",
    "exceeded",
    *(f"area{area}_{where}" for area in (1, 2, 3) for where in ("below", "near", "above")),
)
GROUPS = (
    1,
    3,
    4,
    6,
    7,
    8,
    31,
    *range(74, 81),
    99,
    111,
    128,
    144,
    160,
    170,
    180,
    190,
    *range(200, 208),
    *range(220, 228),
    252,
)
FIRST_YEAR = {
    170: 2017,
    190: 2017,
    252: 2023,
}  # the state published these groups from these years on
_LANGUAGES = {
    6: ("IFEP", "RFEP", "EO"),
    7: ("IFEP",),
    8: ("RFEP",),
    160: ("EL",),
    170: ("EL", "RFEP"),
    180: ("EO",),
    190: ("TBD",),
    252: ("IFEP", "EO"),
}
_TOLD_APART = ("ethnicity", "disadvantaged", "language", "disability", "gender")
GRADE_ROWS = (*network.GRADES, codes.ALL_GRADES)


def group_members(students, group):
    """Which students of ``practice_network.students.draw_students`` belong to a student group of
    the state (bool array).
    """
    if group in codes.ETHNICITIES:
        return (students.ethnicity == group).to_numpy()
    if 200 <= group < 228:
        ethnicity = codes.ETHNICITIES[group % 20]
        return (
            (students.ethnicity == ethnicity) & (students.disadvantaged == (group < 220))
        ).to_numpy()
    if group in _LANGUAGES:
        return students.language.isin(_LANGUAGES[group]).to_numpy()
    rule = {
        1: lambda s: s.ethnicity >= 0,
        3: lambda s: s.gender == 3,
        4: lambda s: s.gender == 4,
        31: lambda s: s.disadvantaged,
        111: lambda s: ~s.disadvantaged,
        99: lambda s: ~s.disability,
        128: lambda s: s.disability,
    }
    return rule[group](students).to_numpy()


def tally(students, entities, year):
    """The rows of a year before any value is hidden (frame), in the state's order: entity, grade,
    group.

    ``entities`` is ``network.entities(year)``. Columns: those of ``entities``, grade, group_id,
    then counts: enrolled, tested, scored, score_sum, the four levels and nine area counts. A
    district is the sum of its type 7 and 10 schools, the county of everything, grade 13 of the
    grades; an all-students row exists for every grade served, another wherever a student is
    enrolled.
    """
    counts = _school_counts(students, entities)
    totals = np.stack(
        [counts[:, _inside(entities, entity)].sum(axis=1) for entity in entities.itertuples()],
        axis=1,
    )
    totals[:, :, -1] = totals.sum(axis=2)
    served = totals[..., 0] > 0
    served &= np.array([FIRST_YEAR.get(group, 0) <= year for group in GROUPS])[:, None, None]
    group, entity, grade = np.nonzero(served)
    order = np.lexsort((group, grade, entity))
    group, entity, grade = group[order], entity[order], grade[order]
    rows = entities.iloc[entity].reset_index(drop=True)
    rows["grade"], rows["group_id"] = np.array(GRADE_ROWS)[grade], np.array(GROUPS)[group]
    return pd.concat(
        [rows, pd.DataFrame(totals[group, entity, grade], columns=list(MEASURES))], axis=1
    )


def _inside(entities, entity):
    """Which schools' students a row counts: its own, its district's without direct-funded charters,
    or all the county's.
    """
    if entity.type_id == codes.COUNTY:
        return np.ones(len(entities), bool)
    if entity.type_id == codes.DISTRICT:
        return (
            (entities.district_code == entity.district_code)
            & (entities.type_id != codes.DIRECT_CHARTER)
        ).to_numpy()
    return (
        (entities.district_code == entity.district_code)
        & (entities.school_code == entity.school_code)
    ).to_numpy()


def _school_counts(students, entities):
    """Counts by group, school (the entities that are no school stay zero), grade and measure (int
    array, grade 13 empty).
    """
    place = pd.Index(entities.district_code + entities.school_code).get_indexer(
        students.district + students.code
    )
    cell = (
        place * len(GRADE_ROWS)
        + students.grade.map({grade: i for i, grade in enumerate(GRADE_ROWS)}).to_numpy()
    )
    scored = students.scored.to_numpy()
    columns = [
        np.ones(len(students), int),
        students.tested.to_numpy(int),
        scored.astype(int),
        scored * students.score.to_numpy(),
    ]
    columns += [scored & (students.level == level).to_numpy() for level in range(4)]
    columns += [
        scored & (students[f"area{area}"] == where).to_numpy()
        for area in (1, 2, 3)
        for where in range(3)
    ]
    counts = group_sums(students, cell, len(entities) * len(GRADE_ROWS), columns)
    return counts.reshape(len(GROUPS), len(entities), len(GRADE_ROWS), len(MEASURES))


def group_sums(students, cell, size, columns, groups=GROUPS):
    """Sums of columns over the students of each group in each cell (int array: group, cell,
    column).

    cell: the position from 0 to ``size`` of each student's cell; columns: arrays of whole numbers,
    one value a student. Students alike in everything that groups ask for are added up first, so
    that the work does not grow with the number of groups.
    """
    kinds, kind = _kinds(students)
    member = np.stack([group_members(kinds, group) for group in groups], axis=1).astype(float)
    at = cell * len(kinds) + kind
    sums = (
        np.bincount(at, column, size * len(kinds)).reshape(size, len(kinds)) @ member
        for column in columns
    )
    return np.stack([np.rint(one).astype(np.int64).T for one in sums], axis=-1)


def _kinds(students):
    """Every kind of student that groups tell apart (frame), and the kind of each student (int
    array).
    """
    parts = [pd.factorize(students[name], sort=True) for name in _TOLD_APART]
    sizes = [len(values) for _, values in parts]
    kind = np.ravel_multi_index([code for code, _ in parts], sizes)
    codes_of = np.unravel_index(np.arange(np.prod(sizes)), sizes)
    return pd.DataFrame(
        {
            name: np.asarray(values)[code]
            for name, (_, values), code in zip(_TOLD_APART, parts, codes_of)
        }
    ), kind
