"""Random tables of local data, made student by student, and the attacker who knows what adds up."""

from collections import Counter

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

from see_the_system.data.codes import ETHNICITIES, GROUPS
from see_the_system.privacy.small_groups import WHOLE, hide_small

_POOR = ("Socioeconomically disadvantaged", "Not socioeconomically disadvantaged")
_OTHER = "Other"


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


class LocalAttack:
    """The ranges of hidden numbers by integer programming over one period of a shown table."""

    def __init__(self, shown, sums, true):
        rows = shown.set_index("group")
        self.true = true
        self.sums = sums
        self.hidden = [name for name in rows.index if rows.loc[name, "hidden"]]
        self.at = {name: 2 * i for i, name in enumerate(self.hidden)}
        size = 2 * len(self.hidden)
        lines, least, most = [], [], []
        for name in self.hidden:
            small = rows.loc[name, "hidden"] == "suppressed"
            lines.append(self.line({name: 1}, (1, 1)))
            least.append(1 if small else 11)
            most.append(10 if small else 10_000)
        for total, parts in sums:
            signs = {total: 1, **dict.fromkeys(parts, -1)}
            rest = sum(sign * true[name] for name, sign in signs.items())
            for level in ((1, 0), (0, 1)):
                known = self.known(signs, level)
                lines.append(self.line(signs, level))
                least.append(-known)
                # An attacker who knows that nobody is left out knows the sum itself.
                most.append(np.inf if rest.any() else -known)
        self.limits = LinearConstraint(np.array(lines).reshape(-1, size), least, most)
        self.size = size

    def line(self, signs, weight):
        """The coefficients of a weighted sum of groups."""
        found = np.zeros(2 * len(self.hidden))
        for name, sign in signs.items():
            if name in self.at:
                place = self.at[name]
                found[place : place + 2] += sign * np.array(weight)
        return found

    def known(self, signs, weight):
        """What the shown groups contribute to it."""
        shown = [(name, sign) for name, sign in signs.items() if name not in self.at]
        return sum(sign * (self.true[name] @ np.array(weight)) for name, sign in shown)

    def extent(self, signs, weight):
        """The least and the most that a weighted sum of groups can be."""
        goal = self.line(signs, weight)
        found = []
        for way in (1, -1):
            best = milp(
                way * goal,
                integrality=np.ones(self.size),
                bounds=Bounds(0, 10_000),
                constraints=self.limits,
            )
            assert best.x is not None, "no table agrees with what is shown"
            found.append(round(goal @ best.x + self.known(signs, weight)))
        return found

    def given_away(self):
        """The hidden groups, and the few left over beside shown ones, of whom a number is told."""
        targets = [{name: 1} for name in self.hidden]
        for total, parts in self.sums:
            targets += [{total: 1, **dict.fromkeys(some, -1)} for some in _nested(parts)]
        told = []
        for signs in targets:
            left = sum(sign * self.true[name] for name, sign in signs.items())
            if len(signs) == 1 or 0 < left.sum() < 11:
                ranges = [self.extent(signs, weight) for weight in ((1, 0), (0, 1), (1, 1))]
                if any(low == high for low, high in ranges):
                    told.append((tuple(signs), ranges))
        return told


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
    told = LocalAttack(shown, sums, true).given_away()
    assert not (declared and told), (seed, told, shown)
    hidden = int((shown["hidden"] != "").sum())
    return Counter(tables=1, groups=len(shown), hidden=hidden, told=int(bool(told)))


def _own(one):
    return not {one[0], *one[1]} <= set(GROUPS.values())
