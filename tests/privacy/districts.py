"""Districts to protect, made pupil by pupil or by hand so that every sum of them is exact."""

import numpy as np
import pandas as pd

from see_the_system.data.codes import DIRECT_CHARTER, DISTRICT, ETHNICITIES, GROUPS, SCHOOL
from see_the_system.privacy import protect as privacy

LEVELS = ["n_not_met", "n_nearly_met", "n_met", "n_exceeded"]
COUNTS = [*LEVELS, "tested", "with_scores", "enrolled"]
KEY = ["year", "test_id", "county_code", "district_code", "school_code", "grade", "group_id"]
PAIRS = [(31, 111), (99, 128), (28, 29), (50, 51), (52, 53), (240, 241), (3, 4)]
_COLUMNS = [
    "year",
    "county_code",
    "district_code",
    "school_code",
    "type_id",
    "test_id",
    "grade",
    "group_id",
    *LEVELS,
    "tested",
]


def members(draw, n, groups):
    """Which of n pupils are in which group: {code: mask}."""
    inside = {1: np.ones(n, dtype=bool)}
    for one, other in PAIRS:
        if one in groups or other in groups:
            inside[one] = draw.random(n) < draw.beta(1, 2)
            inside[other] = ~inside[one]
    ethnicity = draw.choice(8, n, p=[0.1, 0.02, 0.12, 0.04, 0.45, 0.02, 0.2, 0.05])
    fluency = draw.choice([7, 8, 180, 160], n, p=[0.05, 0.2, 0.55, 0.2])
    inside |= {code: ethnicity == i for i, code in enumerate(ETHNICITIES)}
    inside |= {code: fluency == code for code in (7, 8, 180, 160)}
    inside[6] = fluency != 160
    if 31 in inside:
        inside |= {200 + i: (ethnicity == i) & inside[31] for i in range(8)}
        inside |= {220 + i: (ethnicity == i) & inside[111] for i in range(8)}
    return {code: inside[code] for code in groups}


def pupils_of_all_groups(draw, n, groups):
    """Which of n pupils are in which of the state's groups, from what is known of each pupil.

    {code: mask}, as the state's glossary has the groups. Written apart from the package.
    """
    ethnicity = draw.choice(9, n, p=draw.dirichlet([0.8] * 9))
    language = draw.choice(8, n, p=draw.dirichlet([0.8] * 8))
    education = draw.choice(6, n)
    homeless, foster, migrant, military = (draw.random(n) < draw.beta(1, 4) for _ in range(4))
    adult = draw.random(n) < 0.3
    gender = draw.choice(3, n, p=[0.49, 0.49, 0.02])
    disabled = draw.random(n) < draw.beta(1, 3)
    poor = (draw.random(n) < draw.beta(1, 1)) | homeless | foster | migrant | (education == 0)
    learner = language >= 4
    inside = {
        1: np.ones(n, bool),
        3: gender == 0,
        4: gender == 1,
        31: poor,
        111: ~poor,
        128: disabled,
        99: ~disabled,
        28: migrant,
        29: ~migrant,
        50: military,
        51: ~military,
        52: homeless,
        53: ~homeless,
        240: foster,
        241: ~foster,
        180: language == 0,
        7: language == 1,
        8: language == 2,
        190: language == 3,
        120: language == 4,
        142: language > 4,
        251: language == 6,
        250: language == 7,
        160: learner,
        243: learner & adult,
        6: language < 3,
        252: language < 2,
        170: learner | (language == 2),
        **{code: education == i for i, code in enumerate((90, 91, 92, 93, 94, 121))},
    }
    for i, code in enumerate(ETHNICITIES):
        inside[code] = ethnicity == i
        inside[200 + i], inside[220 + i] = inside[code] & poor, inside[code] & ~poor
    return {code: inside[code] for code in groups}


def pairs_within():
    """Every pair (group, other) of which the first lies inside the second: so for each pupil."""
    draw = np.random.default_rng(1)
    some = [pupils_of_all_groups(draw, 3_000, GROUPS) for _ in range(20)]
    many = {code: np.concatenate([one[code] for one in some]) for code in GROUPS}
    masks = np.array(list(many.values()), dtype=np.float32)
    shared = masks @ masks.T
    within = shared == masks.sum(axis=1)[:, None]
    codes = list(many)
    return {
        (codes[i], codes[j])
        for i, j in zip(*np.nonzero(within), strict=True)
        if codes[i] != codes[j]
    }


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
    of=members,
    all_grades=True,
):
    """A tidy frame with a district row, its schools and grade 13; charters are direct-funded."""
    cells = {}
    for year in years:
        for school in range(schools + charters):
            places = [(f"{school + 1:07d}", SCHOOL if school < schools else DIRECT_CHARTER)]
            if school < schools:
                places.append(("0000000", DISTRICT))
            for grade in grades:
                for group, counts in _drawn(draw, pupils, groups, unscored, of):
                    for place in places:
                        for which in (grade, 13) if all_grades else (grade,):
                            key = (year, place, which, group)
                            cells[key] = cells.get(key, 0) + counts
    rows = [
        (year, "99", code, *place, 2, grade, group, *counts)
        for (year, place, grade, group), counts in cells.items()
    ]
    return tidy(pd.DataFrame(rows, columns=_COLUMNS))


def _drawn(draw, pupils, groups, unscored, of):
    """The pupils of one grade of a school: each group with its four levels and those tested."""
    n = 0 if draw.random() < 0.05 else int(draw.integers(*pupils))
    level = draw.choice(4, n, p=draw.dirichlet([4, 3, 2, 1.2]))
    scored = draw.random(n) >= unscored
    for group, mask in of(draw, n, groups).items():
        yield group, np.append(np.bincount(level[mask & scored], minlength=4), mask.sum())


def by_hand(schools, groups=None):
    """One grade; schools: counts of All students by school; groups: {code: the same} for more.

    The district row is the sum.
    """
    rows = []
    for code, table in {1: schools, **(groups or {})}.items():
        table = np.array(table)
        for i, counts in enumerate([table.sum(axis=0), *table]):
            place = (f"{i:07d}", SCHOOL if i else DISTRICT)
            rows.append((2024, "99", "10017", *place, 2, 7, code, *counts, counts.sum()))
    return tidy(pd.DataFrame(rows, columns=_COLUMNS))


def tidy(frame):
    """The frame with everything that follows from its counts."""
    frame["with_scores"] = frame[LEVELS].sum(axis=1)
    frame["enrolled"] = frame["tested"] + 1
    frame["level"] = np.where(frame["type_id"] == DISTRICT, "district", "school")
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


def hidden_in(shown, mark):
    """School number and group of the rows hidden for this reason."""
    rows = shown[shown["missing_scores"].astype(str) == mark]
    return list(zip(rows["school_code"].astype(int), rows["group_id"], strict=True))
