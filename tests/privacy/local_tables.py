"""Random tables of local data, made student by student, for the attacker who knows what adds up."""

from collections import Counter

import numpy as np
import pandas as pd

from see_the_system.data.codes import ETHNICITIES, GROUPS
from see_the_system.privacy.small_groups import WHOLE, hide_small
from tests.privacy.attack import MOST, Attacker

_POOR = ("Socioeconomically disadvantaged", "Not socioeconomically disadvantaged")
_OTHER = "Other"
_WEIGHTS = [(1, 0), (0, 1), (1, 1)]  # not counted, counted, students


def _split(draw, mask, names):
    """A split of the students of a mask into groups (dict)."""
    which = draw.choice(len(names), len(mask), p=draw.dirichlet([1.0] * len(names)))
    return {name: mask & (which == i) for i, name in enumerate(names)}


def table(seed):
    """Points, what adds up in them as (total, parts), and which group lies in which (three)."""
    draw = np.random.default_rng(seed)
    n = int(draw.integers(30, 140))
    met = draw.random(n) < draw.choice([draw.uniform(0.1, 0.9), 0.02, 0.98], p=[0.8, 0.1, 0.1])
    everyone = np.ones(n, dtype=bool)
    masks = {WHOLE: everyone}
    sums = []

    def add(total, names):
        parts = _split(draw, masks[total], names)
        masks.update(parts)
        sums.append((total, list(parts)))

    kinds = set(draw.choice(6, int(draw.integers(1, 4)), replace=False).tolist())
    if 0 in kinds:
        add(WHOLE, [f"Class {letter}" for letter in "ABCDE"[: int(draw.integers(2, 6))]])
    if 1 in kinds:
        add(WHOLE, ["Teacher X", "Teacher Y"])
    if 2 in kinds:
        add(WHOLE, [GROUPS[78], GROUPS[80], _OTHER])
        if draw.random() < 0.5:
            add(GROUPS[78], ["Hispanic girls", "Hispanic boys"])
    elif 3 in kinds:
        race = [GROUPS[code] for code in ETHNICITIES]
        add(WHOLE, race)
        poor = draw.random(n) < draw.uniform(0.1, 0.9)
        masks |= dict(zip(_POOR, (poor, ~poor), strict=True))
        sums.append((WHOLE, list(_POOR)))
        for i in range(8):
            both = [GROUPS[200 + i], GROUPS[220 + i]]
            masks |= dict(zip(both, (masks[race[i]] & poor, masks[race[i]] & ~poor), strict=True))
            sums.append((race[i], both))
        for name, start in zip(_POOR, (200, 220), strict=True):
            sums.append((name, [GROUPS[start + i] for i in range(8)]))
    if 4 in kinds:
        add(WHOLE, ["Grade 7", "Grade 8"])
        add("Grade 8", ["Grade 8 Algebra", "Grade 8, other"])
    if 5 in kinds:  # a few students are in none of the groups
        add(WHOLE, ["Morning", "Afternoon", "neither"])
        late = masks.pop("neither") & (draw.random(n) < 0.9)
        masks["Afternoon"] |= late
    left_out = [name for name in list(masks)[1:] if draw.random() < 0.15]
    for name in left_out:
        masks.pop(name)
    rows = [("2025-09-08", name, int(met[m].sum()), int(m.sum())) for name, m in masks.items()]
    points = pd.DataFrame(rows, columns=["at", "group", "count", "n"])
    points[["count", "n"]] = points[["count", "n"]].astype("Int64")
    blank = points["n"].between(1, 10) & (draw.random(len(points)) < 0.3)
    points.loc[blank, ["count", "n"]] = pd.NA
    true = {name: np.array([(~met[m]).sum(), met[m].sum()]) for name, m in masks.items()}
    listed = set(masks)
    sums = [
        (total, [part for part in parts if part in listed])
        for total, parts in sums
        if total in listed
    ]
    return points, [one for one in sums if one[1]], true


def attacker_of(shown, sums, true=None):
    """The attacker of one period of a shown table, and the numbers of its groups as cells (dict).

    ``true``: whether some are left over beside a sum is told from it; without it nobody is.
    """
    cells = {name: cell for cell, name in enumerate(shown["group"])}
    small = shown["hidden"].eq("suppressed").tolist()
    hidden = shown["hidden"].ne("").tolist()
    limits = [
        (cell, (1, 1), *((1, 10) if small[cell] else (11, MOST)))
        for cell in cells.values()
        if hidden[cell]
    ]
    numbers = shown[["count", "n"]].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    numbers[hidden] = np.nan
    counts = np.column_stack([numbers[:, 1] - numbers[:, 0], numbers[:, 0]])
    equations = []
    for total, parts in sums:
        # An attacker who knows that nobody is left out knows the sum itself.
        left = true is not None and (true[total] - sum(true[part] for part in parts)).any()
        equations.append((cells[total], [cells[part] for part in parts], not left))
    table = None if true is None else [true[name] for name in cells]
    return Attacker(counts, equations, limits, table), cells


def given_away(shown, sums, true):
    """The hidden groups, and the few left over beside shown ones, of whom a number is told."""
    attacker, cells = attacker_of(shown, sums, true)
    names = list(cells)
    targets = [{cell: 1} for cell in attacker.hidden.tolist()]
    for total, parts in sums:
        for some in _nested(parts):
            left = true[total] - sum(true[part] for part in some)
            if 0 < left.sum() < 11:
                targets.append({cells[total]: 1, **{cells[part]: -1 for part in some}})
    told = attacker.told(targets, _WEIGHTS)
    return [[names[cell] for cell in targets[target]] for target in told]


def _nested(parts):
    return [parts, *([part] for part in parts if len(parts) > 1)]


def attacked(seed, *, declared=False):
    """What the attacker finds in a random table: nothing where what adds up is declared.

    A Counter of what was tried, and of the tables of which something is ``told`` all the same.
    """
    points, sums, true = table(seed)
    shown = hide_small(points, sums=[one for one in sums if _own(one)] if declared else None)
    assert (shown["n"].isna() | (shown["n"] == 0) | (shown["n"] >= 11)).all()
    if not (shown["hidden"] != "").any():
        return Counter(tables=1)
    told = given_away(shown, sums, true)
    assert not (declared and told), (seed, told, shown)
    hidden = int((shown["hidden"] != "").sum())
    return Counter(tables=1, groups=len(shown), hidden=hidden, told=int(bool(told)))


def _own(one):
    return not {one[0], *one[1]} <= set(GROUPS.values())
