"""Nothing hidden can be worked out: an attacker with the shown rows, the state's sums and a solver tries it on random districts."""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, sparse

from helpers.data import codes, companions, disclosure, privacy, relations
from helpers.messages import Problem

LEVELS = ["n_not_met", "n_nearly_met", "n_met", "n_exceeded"]
COUNTS = [*LEVELS, "tested", "with_scores", "enrolled"]
KEY = ["year", "test_id", "county_code", "district_code", "school_code", "grade", "group_id"]
HIDDEN = [privacy.SUPPRESSED, privacy.COMPANION]
NOT_UNSCORED = 4  # the fifth unknown of a cell: tested without a score

PAIRS = [(31, 111), (99, 128), (28, 29), (50, 51), (52, 53), (240, 241), (3, 4)]
SUMS = (
    [(1, pair) for pair in PAIRS] + [(6, (7, 8, 180)), (1, (74, 75, 76, 77, 78, 79, 80, 144))]
    + [(total, (200 + i, 220 + i)) for i, total in enumerate((74, 75, 76, 77, 78, 79, 80, 144))]
)
AT_MOST = [(31, tuple(range(200, 208))), (111, tuple(range(220, 228)))]


# Random districts, made pupil by pupil so that every sum is exact.
def members(draw, n, groups):
    """Which of n pupils are in which group: {code: mask}."""
    inside = {1: np.ones(n, dtype=bool)}
    for first, second in PAIRS:
        if first in groups or second in groups:
            inside[first] = draw.random(n) < draw.beta(1, 2)
            inside[second] = ~inside[first]
    ethnicity = draw.choice(8, n, p=[0.1, 0.02, 0.12, 0.04, 0.45, 0.02, 0.2, 0.05])
    fluency = draw.choice([7, 8, 180, 160], n, p=[0.05, 0.2, 0.55, 0.2])
    inside |= {code: ethnicity == i for i, code in enumerate((74, 75, 76, 77, 78, 79, 80, 144))}
    inside |= {code: fluency == code for code in (7, 8, 180, 160)} | {6: fluency != 160}
    if 31 in inside:
        inside |= {200 + i: (ethnicity == i) & inside[31] for i in range(8)} | {220 + i: (ethnicity == i) & inside[111] for i in range(8)}
    return {code: inside[code] for code in groups}


def district(draw, *, schools=4, charters=0, grades=(6, 7, 8), groups=(1, 31, 111), years=(2024,), pupils=(4, 60), code="10017", unscored=0.0):
    """A tidy frame with a district row, its schools (the charters are direct-funded) and grade 13."""
    cells = {}
    for year in years:
        for school in range(schools + charters):
            for grade in grades:
                n = 0 if draw.random() < 0.05 else int(draw.integers(*pupils))
                level = draw.choice(4, n, p=draw.dirichlet([4, 3, 2, 1.2]))
                scored = draw.random(n) >= unscored
                for group, mask in members(draw, n, groups).items():
                    counts = np.append(np.bincount(level[mask & scored], minlength=4), mask.sum())
                    places = [(f"{school + 1:07d}", 7 if school < schools else 9)] + [("0000000", 6)] * (school < schools)
                    for place in places:
                        for which in (grade, 13):
                            key = (year, place, which, group)
                            cells[key] = cells.get(key, 0) + counts
    rows = [(year, "99", code, *place, 2, grade, group, *counts) for (year, place, grade, group), counts in cells.items()]
    return tidy(pd.DataFrame(rows, columns=[*KEY[:1], *KEY[2:5], "type_id", "test_id", "grade", "group_id", *LEVELS, "tested"]))


def tidy(frame):
    frame["with_scores"] = frame[LEVELS].sum(axis=1)
    frame["enrolled"] = frame["tested"] + 1
    frame["level"] = frame["type_id"].map(codes.LEVELS)
    scores = frame["with_scores"].where(frame["with_scores"] > 0).astype("Float64")
    frame["mean_scale_score"] = 2500 + scores * 0
    for name in LEVELS:
        frame[name.replace("n_", "pct_")] = frame[name] / scores * 100
    frame["pct_met_and_above"] = frame["pct_met"] + frame["pct_exceeded"]
    frame["area1_above"] = frame["pct_met"]
    frame[COUNTS] = frame[COUNTS].astype("Int32")
    for name in ("missing_tested", "missing_scores", "missing_areas"):
        frame[name] = pd.Categorical(np.where(frame["tested"] == 0, "nobody tested", ""))
    return frame


def only_small_rows_hidden(frame, min_n=11):
    """What the state does: hide the small rows and nothing else."""
    out = frame.copy()
    small = (out["with_scores"] < min_n) & (out["tested"] > 0)
    out[COUNTS] = out[COUNTS].mask(small)
    out["missing_scores"] = pd.Categorical(np.where(small, privacy.SUPPRESSED, out["missing_scores"].astype(str)), categories=privacy.REASONS)
    return out


# The attacker, who shares no code with the package.
class Attack:
    """Ranges of the hidden counts by integer programming over all years, entities, grades and groups of a published frame."""

    def __init__(self, shown, min_n=11):
        self.shown = shown.reset_index(drop=True)
        hidden = self.shown["missing_scores"].astype(str).isin(HIDDEN)
        self.cells = np.flatnonzero(hidden)
        self.number = {row: i for i, row in enumerate(self.cells)}
        self.rows, self.least, self.most, self.size = [], [], [], 5 * len(self.cells)
        self.bounds(min_n)
        for total, parts, exact in self.sums():
            for j in range(5):
                self.equation(total, parts, j, exact)

    def bounds(self, min_n):
        primary = self.shown["missing_scores"].astype(str).eq(privacy.SUPPRESSED).to_numpy()
        for row in self.cells:
            at = 5 * self.number[row]
            self.constrain({at + j: 1 for j in range(4)}, *((0, min_n - 1) if primary[row] else (min_n, np.inf)))
            self.constrain({at + j: 1 for j in range(5)}, 1, np.inf)

    def constrain(self, terms, least, most):
        self.rows.append(terms)
        self.least.append(least)
        self.most.append(most)

    def equation(self, total, parts, j, exact):
        terms, known = {}, 0
        for row, sign in [(total, 1)] + [(part, -1) for part in parts]:
            if row in self.number:
                terms[5 * self.number[row] + j] = sign
            else:
                line = self.shown.loc[row]
                known += sign * int(line[LEVELS[j]] if j < 4 else line["tested"] - line["with_scores"])
        if terms:
            self.constrain(terms, -known, -known if exact else np.inf)

    def sums(self):
        s = self.shown
        s["grade_"], s["group_"] = s["grade"], s["group_id"]
        for _, rows in s.groupby(["year", "test_id", "county_code", "district_code", "grade", "group_id"]):
            total, parts = rows.index[rows["level"] == "district"], rows.index[rows["type_id"].isin([7, 10])]
            if len(total):
                yield total[0], parts, True
        for _, rows in s.groupby(["year", "test_id", "county_code", "district_code", "school_code", "group_id"]):
            total = rows.index[rows["grade"] == 13]
            if len(total):
                yield total[0], rows.index[rows["grade"] != 13], True
        for _, rows in s.groupby(["year", "test_id", "county_code", "district_code", "school_code", "grade"]):
            at = dict(zip(rows["group_id"], rows.index))
            for total, parts in SUMS + AT_MOST:
                if total in at and all(part in at for part in parts):
                    yield at[total], [at[part] for part in parts], len(parts) < 8
            for code in at:
                if code != 1 and 1 in at:
                    yield at[1], [at[code]], False

    def solve(self, cost):
        system = sparse.lil_array((len(self.rows), self.size))
        for i, terms in enumerate(self.rows):
            for column, value in terms.items():
                system[i, column] = value
        if not hasattr(self, "ready"):
            self.ready = optimize.LinearConstraint(system.tocsc(), self.least, self.most)
        found = optimize.milp(cost, integrality=np.ones(self.size), bounds=optimize.Bounds(0, 10_000), constraints=self.ready)
        assert found.x is not None, "no table agrees with what is shown"
        return np.rint(found.x).reshape(-1, 5)

    def measured(self, counts):
        """Per cell: four levels, with scores, tested, meeting the standard."""
        return np.column_stack([counts[:, :4], counts[:, :4].sum(axis=1), counts.sum(axis=1), counts[:, 2:4].sum(axis=1)])

    def worked_out(self):
        """The hidden rows with a count that has only one value: {row of the frame: measure numbers}."""
        if not len(self.cells):
            return {}
        weight = np.zeros((7, 5))
        weight[:4, :4], weight[4, :4], weight[5], weight[6, 2:4] = np.eye(4), 1, 1, 1
        first = self.measured(self.solve(np.zeros(self.size)))
        lowest, highest, stuck = first.copy(), first.copy(), {}
        for cell in range(len(self.cells)):
            for measure in range(7):
                for sign in (1, -1):
                    if lowest[cell, measure] == highest[cell, measure]:
                        cost = np.zeros((len(self.cells), 5))
                        cost[cell] = sign * weight[measure]
                        seen = self.measured(self.solve(cost.ravel()))
                        lowest, highest = np.minimum(lowest, seen), np.maximum(highest, seen)
                if lowest[cell, measure] == highest[cell, measure]:
                    stuck.setdefault(int(self.cells[cell]), []).append(measure)
        return stuck
