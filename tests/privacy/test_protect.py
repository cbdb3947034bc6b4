"""Nothing hidden can be worked out: an attacker with the shown rows, the state's sums and a solver
tries it on random districts.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, sparse

from see_the_system.data import codes
from see_the_system.messages import Refusal
from see_the_system.privacy import companions, cycles, relations
from see_the_system.privacy import protect as privacy

LEVELS = ["n_not_met", "n_nearly_met", "n_met", "n_exceeded"]
COUNTS = [*LEVELS, "tested", "with_scores", "enrolled"]
KEY = ["year", "test_id", "county_code", "district_code", "school_code", "grade", "group_id"]
HIDDEN = [privacy.SUPPRESSED, privacy.COMPANION]

PAIRS = [(31, 111), (99, 128), (28, 29), (50, 51), (52, 53), (240, 241), (3, 4)]
SUMS = (
    [(1, pair) for pair in PAIRS]
    + [(6, (7, 8, 180)), (1, (74, 75, 76, 77, 78, 79, 80, 144))]
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
        inside |= {200 + i: (ethnicity == i) & inside[31] for i in range(8)}
        inside |= {220 + i: (ethnicity == i) & inside[111] for i in range(8)}
    return {code: inside[code] for code in groups}


def district(
    draw,
    *,
    schools=4,
    charters=0,
    grades=(6, 7, 8),
    groups=(1, 31, 111),
    years=(2024,),
    pupils=(4, 60),
    code="10017",
    unscored=0.0,
):
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
                    places = [(f"{school + 1:07d}", 7 if school < schools else 9)] + [
                        ("0000000", 6)
                    ] * (school < schools)
                    for place in places:
                        for which in (grade, 13):
                            key = (year, place, which, group)
                            cells[key] = cells.get(key, 0) + counts
    rows = [
        (year, "99", code, *place, 2, grade, group, *counts)
        for (year, place, grade, group), counts in cells.items()
    ]
    return tidy(
        pd.DataFrame(
            rows,
            columns=[
                *KEY[:1],
                *KEY[2:5],
                "type_id",
                "test_id",
                "grade",
                "group_id",
                *LEVELS,
                "tested",
            ],
        )
    )


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
    why = np.where(small, privacy.SUPPRESSED, out["missing_scores"].astype(str))
    out["missing_scores"] = pd.Categorical(why, categories=privacy.REASONS)
    return out


# The attacker, who shares no code with the package.
class Attack:
    """Ranges of the hidden counts by integer programming over all years, entities, grades and
    groups of a published frame.
    """

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
            self.constrain(
                {at + j: 1 for j in range(4)},
                *((0, min_n - 1) if primary[row] else (min_n, np.inf)),
            )
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
                known += sign * int(
                    line[LEVELS[j]] if j < 4 else line["tested"] - line["with_scores"]
                )
        if terms:
            self.constrain(terms, -known, -known if exact else np.inf)

    def sums(self):
        s = self.shown
        s["grade_"], s["group_"] = s["grade"], s["group_id"]
        for _, rows in s.groupby(
            ["year", "test_id", "county_code", "district_code", "grade", "group_id"]
        ):
            total, parts = (
                rows.index[rows["level"] == "district"],
                rows.index[rows["type_id"].isin([7, 10])],
            )
            if len(total):
                yield total[0], parts, True
        for _, rows in s.groupby(
            ["year", "test_id", "county_code", "district_code", "school_code", "group_id"]
        ):
            total = rows.index[rows["grade"] == 13]
            if len(total):
                yield total[0], rows.index[rows["grade"] != 13], True
        for _, rows in s.groupby(
            ["year", "test_id", "county_code", "district_code", "school_code", "grade"]
        ):
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
        found = optimize.milp(
            cost,
            integrality=np.ones(self.size),
            bounds=optimize.Bounds(0, 10_000),
            constraints=self.ready,
        )
        assert found.x is not None, "no table agrees with what is shown"
        return np.rint(found.x).reshape(-1, 5)

    def measured(self, counts):
        """Per cell: four levels, with scores, tested, meeting the standard."""
        return np.column_stack(
            [
                counts[:, :4],
                counts[:, :4].sum(axis=1),
                counts.sum(axis=1),
                counts[:, 2:4].sum(axis=1),
            ]
        )

    def worked_out(self):
        """The hidden rows with a count that has only one value: {row of the frame: measure
        numbers}.
        """
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


PLACES = (74, 75, 76, 77, 78, 79, 80, 144)
CASES = {
    "income": dict(),
    "income and disability": dict(groups=(1, 31, 111, 99, 128)),
    "charters, pupils without scores": dict(charters=2, unscored=0.03),
    "one group and everybody else": dict(groups=(1, 160)),
    "gender and income": dict(groups=(1, 3, 4, 31, 111), schools=3),
    "one school": dict(schools=1),
    "two small schools": dict(schools=2, pupils=(3, 30)),
    "three ethnicities of eight": dict(groups=(1, 74, 78, 80)),
    "all ethnicities": dict(groups=(1, *PLACES), pupils=(40, 150), schools=2, grades=(7, 8)),
    "fluency": dict(groups=(1, 6, 7, 8, 180, 160), pupils=(20, 120), schools=3),
    "two years, nine schools": dict(schools=7, grades=(7, 8), years=(2023, 2024), pupils=(8, 150)),
}


@pytest.mark.parametrize(
    ("case", "seed"),
    [*((case, 1) for case in CASES), ("income", 2), ("income", 3), ("two small schools", 2)],
)
def test_nothing_hidden_can_be_worked_out(case, seed):
    frame = district(np.random.default_rng(seed), **CASES[case])
    shown = privacy.protect(frame)
    assert Attack(shown).worked_out() == {}
    assert privacy.determined(shown).empty


@pytest.mark.parametrize("seed", [0, 3])
def test_rows_the_state_hid_are_safe_too_and_minimum_may_be_higher(seed):
    frame = only_small_rows_hidden(
        district(np.random.default_rng(30 + seed), groups=(1, 31, 111, 160), grades=(7, 8))
    )
    min_n = 11 if seed < 2 else 20
    shown = privacy.protect(frame, min_n=min_n)
    assert Attack(shown, min_n).worked_out() == {}
    assert not (shown["with_scores"].dropna()[shown["tested"].fillna(0) > 0] < min_n).any()


def test_ethnicity_by_income_is_safe():
    groups = (1, 31, 111, *PLACES, *range(200, 208), *range(220, 228))
    frame = district(
        np.random.default_rng(5), groups=groups, schools=2, grades=(7,), pupils=(30, 90)
    )
    assert Attack(privacy.protect(frame)).worked_out() == {}


@pytest.mark.parametrize("seed", range(2))
def test_attacker_and_audit_break_the_same_rows_of_a_table_without_companions(seed):
    frame = only_small_rows_hidden(district(np.random.default_rng(seed)))
    broken = Attack(frame).worked_out()
    found = privacy.determined(frame)
    assert len(broken) >= 5
    assert set(found[KEY].itertuples(index=False, name=None)) == set(
        frame.loc[list(broken), KEY].itertuples(index=False, name=None)
    )


# Hand-made districts: one grade, one group of every school, counts of the four levels.
def by_hand(schools, groups=None):
    """schools: counts of All students by school; groups: {code: the same} for more groups. The
    district row is the sum.
    """
    rows = []
    for code, table in {1: schools, **(groups or {})}.items():
        table = np.array(table)
        for i, counts in enumerate([table.sum(axis=0), *table]):
            rows.append(
                (
                    2024,
                    "99",
                    "10017",
                    f"{i:07d}",
                    6 if i == 0 else 7,
                    2,
                    7,
                    code,
                    *counts,
                    counts.sum(),
                )
            )
    return tidy(
        pd.DataFrame(
            rows,
            columns=[
                *KEY[:1],
                *KEY[2:5],
                "type_id",
                "test_id",
                "grade",
                "group_id",
                *LEVELS,
                "tested",
            ],
        )
    )


def hidden_in(shown, mark):
    rows = shown[shown["missing_scores"].astype(str) == mark]
    return list(zip(rows["school_code"].astype(int), rows["group_id"]))


def test_one_small_school_takes_the_smallest_other_with_it():
    shown = privacy.protect(by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2], [9, 8, 7, 6]]))
    assert hidden_in(shown, privacy.SUPPRESSED) == [(1, 1)]
    assert hidden_in(shown, privacy.COMPANION) == [(3, 1)]


def test_a_companion_without_anybody_in_a_level_does_not_protect_that_level():
    shown = privacy.protect(by_hand([[3, 2, 0, 0], [20, 15, 10, 8], [8, 4, 2, 0], [9, 8, 7, 6]]))
    assert hidden_in(shown, privacy.COMPANION) == [(4, 1)]


def test_two_small_schools_that_are_small_together_take_a_third():
    shown = privacy.protect(by_hand([[2, 1, 1, 1], [1, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2]]))
    assert hidden_in(shown, privacy.SUPPRESSED) == [(1, 1), (2, 1)]
    assert hidden_in(shown, privacy.COMPANION) == [(4, 1)]


def test_everybody_else_is_a_group_too():
    everyone = [[12, 10, 8, 6], [12, 10, 8, 6], [30, 20, 20, 20]]
    disadvantaged = [[11, 9, 7, 5], [6, 5, 4, 3], [15, 10, 10, 10]]
    shown = privacy.protect(by_hand(everyone, {31: disadvantaged}))
    assert (1, 31) in hidden_in(shown, privacy.COMPANION)
    assert not {(1, 1), (2, 1), (3, 1), (0, 1), (0, 31)} & set(hidden_in(shown, privacy.COMPANION))


def test_pupils_neither_male_nor_female_are_not_worked_out():
    everyone, male = [[12, 10, 8, 6], [20, 20, 20, 20]], [[6, 5, 4, 3], [10, 10, 10, 10]]
    female = [[5, 5, 3, 3], [10, 10, 10, 10]]
    shown = privacy.protect(by_hand(everyone, {3: male, 4: female}))
    assert {(1, 3), (1, 4)} & set(hidden_in(shown, privacy.COMPANION))
    assert not hidden_in(shown, privacy.SUPPRESSED)


def test_a_county_row_does_not_give_a_small_district_away_when_all_its_parts_are_there():
    frame = by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2]])
    frame.loc[frame["level"] == "school", ["type_id", "level"]] = [6, "district"]
    frame.loc[0, ["type_id", "level", "district_code"]] = [5, "county", "00000"]
    frame.loc[1:, "district_code"], frame.loc[1:, "school_code"] = (
        ["10001", "10002", "10003"],
        "0000000",
    )
    shown = privacy.protect(frame)
    assert shown["with_scores"].isna().tolist() == [False, True, False, True]
    without_one = privacy.protect(frame.drop(index=2))
    assert without_one["with_scores"].isna().tolist() == [False, True, False]


def test_nobody_tested_is_shown_and_tested_without_scores_is_not():
    frame = by_hand([[0, 0, 0, 0], [0, 0, 0, 0], [6, 4, 3, 2], [9, 8, 7, 6]])
    frame.loc[2, ["tested", "missing_tested"]] = [4, ""]
    frame.loc[2, "missing_scores"] = "nobody tested"
    shown = privacy.protect(frame)
    assert shown.loc[1, "with_scores"] == 0 and pd.isna(shown.loc[2, "tested"])
    assert shown.loc[2, "missing_scores"] == privacy.SUPPRESSED


def test_numbers_tested_that_the_state_shows_beside_hidden_scores_are_hidden():
    frame = by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2]])
    frame.loc[1, [*LEVELS, "with_scores"]] = pd.NA
    frame.loc[1, "missing_scores"] = pd.NA
    frame["missing_scores"] = pd.Categorical(["", "suppressed", "", ""])
    shown = privacy.protect(frame)
    assert frame.loc[1, "tested"] == 5 and pd.isna(shown.loc[1, "tested"])
    assert hidden_in(shown, privacy.COMPANION) == [(3, 1)]


def test_shown_rows_stay_as_they_are_and_hidden_ones_keep_their_names_only():
    frame = district(np.random.default_rng(3))
    before = frame.copy()
    shown = privacy.protect(frame)
    pd.testing.assert_frame_equal(frame, before)
    gone = shown["missing_scores"].astype(str).isin(HIDDEN)
    values = [
        *COUNTS,
        "mean_scale_score",
        "pct_exceeded",
        "pct_met",
        "pct_met_and_above",
        "pct_nearly_met",
        "pct_not_met",
        "area1_above",
    ]
    assert gone.sum() > 10 and shown.loc[gone, values].isna().all(axis=None)
    pd.testing.assert_frame_equal(shown.loc[~gone, values], frame.loc[~gone, values])
    assert (
        shown.loc[gone, "missing_tested"].astype(str)
        == shown.loc[gone, "missing_scores"].astype(str)
    ).all()
    assert shown[[*KEY, "level", "group_id"]].equals(frame[[*KEY, "level", "group_id"]])


def test_protecting_twice_hides_no_more():
    shown = privacy.protect(district(np.random.default_rng(4)))
    again = privacy.protect(shown)
    assert again["with_scores"].equals(shown["with_scores"])
    assert (
        again["missing_scores"].astype(str).tolist() == shown["missing_scores"].astype(str).tolist()
    )


def test_many_districts_are_protected_as_each_alone():
    draw = np.random.default_rng(8)
    first, second = district(draw, code="10017"), district(draw, code="10018")
    together = privacy.protect(pd.concat([first, second], ignore_index=True))
    apart = pd.concat([privacy.protect(first), privacy.protect(second)], ignore_index=True)
    assert together["with_scores"].equals(apart["with_scores"])


def test_little_is_lost_in_a_district_of_middle_size():
    frame = district(
        np.random.default_rng(6), schools=12, pupils=(60, 300), groups=(1, 31, 111, 160)
    )
    shown = privacy.protect(frame)
    companions_ = (shown["missing_scores"].astype(str) == privacy.COMPANION).mean()
    lost = (
        1
        - shown.loc[shown["grade"] != 13, "tested"].sum()
        / frame.loc[frame["grade"] != 13, "tested"].sum()
    )
    everyone = shown[(shown["group_id"] == 1) & (shown["tested"] != 0)]
    assert companions_ < 0.10 and lost < 0.05
    assert everyone["with_scores"].notna().mean() > 0.95
    assert (
        shown.loc[(shown["level"] == "district") & (shown["grade"] != 13), "with_scores"]
        .notna()
        .all()
    )


@pytest.mark.parametrize("min_n", [10, 0, 11.5, None])
def test_the_minimum_is_never_lowered(min_n):
    with pytest.raises(Refusal, match="the state's rule is 11"):
        privacy.protect(by_hand([[9, 9, 9, 9]]), min_n=min_n)


def test_bad_frames_are_one_sentence():
    frame = by_hand([[9, 9, 9, 9], [8, 8, 8, 8]])
    with pytest.raises(Refusal, match="no column 'n_met'"):
        privacy.protect(frame.drop(columns="n_met"))
    with pytest.raises(Refusal, match="in the frame twice"):
        privacy.protect(pd.concat([frame, frame.tail(1)], ignore_index=True))
    frame.loc[1, LEVELS] = pd.NA
    with pytest.raises(Refusal, match="not how many reached each level"):
        privacy.protect(frame)


def test_the_sentence_counts_both_kinds():
    shown = privacy.protect(by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2], [9, 8, 7, 6]]))
    assert privacy.describe_protected(shown).startswith(
        "Of 5 rows with pupils tested, 1 are hidden"
    )


# Totals over years.
def rolling(frame, length=3):
    """Sums over the last ``length`` years, for every window that the frame has."""
    years = sorted(frame["year"].unique())
    parts = []
    for first, last in zip(years, years[length - 1 :]):
        inside = frame[frame["year"].between(first, last)]
        names = [name for name in [*KEY, "type_id"] if name != "year"]
        parts.append(
            inside.groupby(names, as_index=False)[[*LEVELS, "tested"]]
            .sum()
            .assign(year=last, first_year=first)
        )
    return tidy(
        pd.concat(parts, ignore_index=True).astype({name: int for name in [*LEVELS, "tested"]})
    )


class RollingAttack(Attack):
    """The same attacker with the totals over years beside the single years."""

    def sums(self):
        yield from super().sums()
        s = self.shown
        for _, rows in s.groupby(
            ["test_id", "county_code", "district_code", "school_code", "grade", "group_id"]
        ):
            for total in rows.index[rows["first_year"].notna()]:
                first, last = rows.loc[total, "first_year"], rows.loc[total, "year"] - 100_000
                yield (
                    total,
                    rows.index[rows["first_year"].isna() & rows["year"].between(first, last)],
                    True,
                )


def test_a_total_that_gives_one_hidden_year_away_is_hidden():
    frames = [
        by_hand([[2, 1, 1, 1 + (year == 2024)], [20, 15, 10, 8], [6, 4, 3, 2]])
        for year in (2022, 2023, 2024)
    ]
    yearly = pd.concat(
        [frame.assign(year=year) for frame, year in zip(frames, (2022, 2023, 2024))],
        ignore_index=True,
    )
    big = (yearly["school_code"] == "0000001") & (yearly["year"] < 2024)
    for name in LEVELS:
        yearly.loc[big, name] = yearly.loc[big, name] + 10
    district_rows = yearly["level"] == "district"
    yearly.loc[district_rows & (yearly["year"] < 2024), LEVELS] += 10
    yearly["tested"] = yearly[LEVELS].sum(axis=1)
    yearly = tidy(yearly)
    shown = privacy.protect(yearly)
    assert hidden_in(shown, privacy.SUPPRESSED) == [(1, 1)] and hidden_in(
        shown, privacy.COMPANION
    ) == [(3, 1)]
    totals = privacy.protect_rolling(rolling(yearly), shown)
    assert hidden_in(totals, privacy.COMPANION) == [(1, 1), (3, 1)]
    assert totals["with_scores"].notna().tolist() == [True, False, True, False]


def test_a_total_over_hidden_years_is_shown_where_no_year_can_be_worked_out():
    frames = [
        by_hand([[2, 2, 1, 1 + i], [20, 15, 10, 8], [6, 4, 3, 2 + i]]).assign(year=2022 + i)
        for i in range(3)
    ]
    yearly = pd.concat(frames, ignore_index=True)
    shown = privacy.protect(yearly)
    assert shown["with_scores"].isna().sum() == 6
    totals = privacy.protect_rolling(rolling(yearly), shown)
    assert totals["with_scores"].tolist() == [228, 21, 159, 48]


@pytest.mark.parametrize("seed", range(2))
def test_hidden_years_cannot_be_worked_out_from_totals_over_years(seed):
    yearly = district(
        np.random.default_rng(seed),
        schools=3,
        grades=(7, 8),
        years=(2021, 2022, 2023, 2024),
        pupils=(5, 40),
    )
    shown = privacy.protect(yearly)
    totals = privacy.protect_rolling(rolling(yearly), shown)
    both = pd.concat([shown, totals.assign(year=totals["year"] + 100_000)], ignore_index=True)
    both["year"] = both["year"].astype(int)
    stuck = RollingAttack(both).worked_out()
    small = both["missing_scores"].astype(str).eq(privacy.SUPPRESSED) | both["first_year"].isna()
    assert not [row for row in stuck if small[row]]
    every_year_shown = (
        rolling(shown.fillna({name: -10_000 for name in [*LEVELS, "tested"]}))["tested"] > 0
    )
    assert totals.loc[every_year_shown, "with_scores"].notna().all()


def test_totals_need_protected_years_and_their_first_year():
    yearly = by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2]])
    with pytest.raises(Refusal, match="first_year"):
        privacy.protect_rolling(yearly, privacy.protect(yearly))
    with pytest.raises(Refusal, match="give the frame that protect"):
        privacy.protect_rolling(yearly.assign(first_year=2022), yearly)


# The parts the proof rests on.
@pytest.mark.parametrize("seed", range(20))
def test_edges_on_cycles_agree_with_trying_every_walk(seed):
    draw = np.random.default_rng(seed)
    n, m = int(draw.integers(3, 7)), int(draw.integers(3, 11))
    tail, head = draw.integers(0, n, m), draw.integers(0, n, m)
    head = np.where(head == tail, (head + 1) % n, head)
    up, down = draw.random(m) < 0.6, draw.random(m) < 0.6
    found = cycles.on_cycle(tail, head, up, down)
    for edge in range(m):
        assert found[edge] == any_cycle(edge, tail, head, up, down)


def any_cycle(edge, tail, head, up, down):
    """Whether a walk comes back to where the edge starts without the edge itself."""
    steps = [(tail[i], head[i]) for i in range(len(tail)) if up[i] and i != edge]
    steps += [(head[i], tail[i]) for i in range(len(tail)) if down[i] and i != edge]
    for start, goal in [(head[edge], tail[edge])] * bool(up[edge]) + [
        (tail[edge], head[edge])
    ] * bool(down[edge]):
        reached, size = {start}, 0
        while len(reached) > size:
            size = len(reached)
            reached |= {b for a, b in steps if a in reached}
        if goal in reached:
            return True
    return False


def test_patterns_keep_every_sum():
    sums = relations._sums_of({1, 31, 111, 3, 4, 160})
    found = cycles.patterns(sums, [1, 31, 111, 3, 4, 160, sums[-1][1][-1]])
    assert {31: 1, 111: -1} in found
    for change in found:
        assert all(
            change.get(total, 0) == sum(change.get(part, 0) for part in parts)
            for total, parts in sums
        )


def test_a_move_that_only_cancels_itself_is_no_move():
    matrix = sparse.csc_array(np.array([[1.0, 0.0]]))
    assert (
        companions._cheapest_move(matrix, np.ones(2, int), np.ones(2, int), np.ones(2), 0, 1)
        is None
    )
    assert companions._cheapest_move(
        matrix, np.ones(2, int), np.ones(2, int), np.ones(2), 1, -1
    ).tolist() == [0, -1]
