"""Where scores come from: one normal distribution for every kind of student in every school.

``cells(year)`` gives, for each school, grade, ethnicity and socioeconomic status, how common such
students are and the mean and SD their scores are drawn from (scale-score points). ``students``
draws from it and knows nothing else, so that a planted cause is a change of this frame's ``mean``,
``sd`` or ``share``.
"""

import numpy as np
import pandas as pd

from practice_network import calibration, network

SEED = 9910017
WITHIN_SD = 0.78  # of a student around the cell's mean, in state SDs
SCHOOL_SD, DRIFT_SD, COHORT_SD, SIZE_SD = 0.24, 0.035, 0.06, 0.055
CONTEXT = -0.30  # a school's mean per unit of its log odds of disadvantage above its district's
ALL_YEARS, COHORTS = range(2015, 2026), range(2004, 2023)
# Schools whose focus students do better than elsewhere, by how much (state SDs), and the first
# year.
BRIGHT_SPOTS = {
    "6990332": (0.34, 2017),
    "6990365": (0.30, 2018),
    "6991140": (0.32, 2017),
    "6992080": (0.28, 2019),
    "6990183": (0.30, 2016),
    "6992031": (0.30, 2018),
}
FOCUS_ETHNICITIES = (74, 78)


def generator(*key):
    """A random generator of its own for each purpose: a change in one draw moves no other."""
    return np.random.Generator(np.random.PCG64([SEED, *key]))


def school_traits(net=None):
    """What stays with a school, with slow drift (frame in the order of the network's schools).

    The practice network unless named. Columns: ``disadvantage`` (added log odds), ``tilt`` (towards
    or away from the district's largest ethnicity), ``quality_YEAR`` (state SDs),
    ``cohort_COHORT`` (SDs; a cohort is known by its year minus its grade), ``size_COHORT`` (added
    log size), ``turnout_2021`` (share tested in 2021).
    """
    net = net or network.practice()
    schools = net.schools
    count = len(schools)
    # The order of these draws is part of the network: another order would be other schools.
    draw = generator(1, *net.key)
    quality, disadvantage, tilt = draw.standard_normal((count, 3)).T
    drift = DRIFT_SD * draw.standard_normal((count, len(ALL_YEARS))).cumsum(axis=1)
    cohorts = COHORT_SD * draw.standard_normal((count, len(COHORTS)))
    luck = draw.random(count)
    sizes = SIZE_SD * draw.standard_normal((count, len(COHORTS)))
    quality_by_year = _centred(SCHOOL_SD * quality, schools)[:, None] + drift
    single = {
        "disadvantage": _centred(0.75 * disadvantage, schools),
        "tilt": 0.35 * tilt + 0.25 * disadvantage,
        "turnout_2021": np.where(luck < 0.62, 0, 0.30 + 1.7 * (luck - 0.62)),
    }
    return pd.concat(
        [
            schools,
            pd.DataFrame(single),
            pd.DataFrame(quality_by_year, columns=[f"quality_{year}" for year in ALL_YEARS]),
            pd.DataFrame(cohorts, columns=[f"cohort_{cohort}" for cohort in COHORTS]),
            pd.DataFrame(sizes, columns=[f"size_{cohort}" for cohort in COHORTS]),
        ],
        axis=1,
    )


def school_grades(year, net=None):
    """Each grade of each open school in a year (frame).

    With how many students are enrolled and how likely each is to be tested.
    """
    net = net or network.practice()
    schools = school_traits(net).query("first <= @year <= last")
    rows = schools.assign(grade=schools.kind.map(network.KINDS)).explode("grade", ignore_index=True)
    rows["grade"] = rows.grade.astype(int)
    # Enrolment falls by a little less than one percent a year.
    wobble = np.exp(_of_cohort(rows, "size", year)) * (1.14 - 0.009 * (year - 2015))
    rows["enrolled"] = np.maximum(1, np.rint(rows["size"] * wobble)).astype(int)
    usual = _by_grade(rows, calibration.PARTICIPATION)
    silent = [district.code for district in net.districts if year in district.silent_years]
    participation = rows.turnout_2021 if year == 2021 else usual
    rows["participation"] = np.where(rows.district.isin(silent), 0, participation)
    return rows


def cells(year, net=None):
    """Every kind of student in every school of a year.

    A frame, one row a school, grade, ethnicity and socioeconomic status: district, code, grade,
    enrolled (in the school's grade), participation, ethnicity (state code, 0 not reported),
    disadvantaged (bool), share (of the school's grade), mean and sd (scale-score points).
    """
    net = net or network.practice()
    places = school_grades(year, net)
    districts = pd.DataFrame([vars(district) for district in net.districts]).set_index("code")
    own = districts.loc[places.district].reset_index(drop=True)
    shares = _ethnicities(places, own)
    disadvantaged = _disadvantaged(places, own, year)
    level = _level(places, own, year)
    blocks = []
    for position, ethnicity in enumerate(network.ETHNICITY_CODES):
        for sed in (True, False):
            part = disadvantaged[:, position] if sed else 1 - disadvantaged[:, position]
            effect = (
                calibration.ETHNICITY_EFFECT[position]
                + calibration.DISADVANTAGED_EFFECT * (sed - 0.64)
                + _focus(places, own, ethnicity, sed, year)
            )
            block = places[["district", "code", "grade", "enrolled", "participation"]].assign(
                ethnicity=ethnicity,
                disadvantaged=sed,
                share=shares[:, position] * part,
                effect=level + effect,
            )
            blocks.append(block)
    frame = pd.concat(blocks).sort_values(
        ["district", "code", "grade", "ethnicity", "disadvantaged"], ignore_index=True
    )
    sd = _by_grade(frame, calibration.SDS[year])
    mean = _by_grade(frame, calibration.MEANS[year]) + sd * frame.effect
    return frame.assign(mean=mean, sd=WITHIN_SD * sd).drop(columns="effect")


def _by_grade(rows, table):
    """A table of the calibration, which is in the order of its grades, for each row (series)."""
    return rows.grade.map(dict(zip(calibration.GRADES, table, strict=True)))


def _centred(values, schools):
    # Few middle and high schools: left alone, luck would put the whole network far from the state
    # in grades 6 to 11.
    weight = schools["size"]
    total = (values * weight).groupby(schools.kind).transform("sum")
    return values - (total / weight.groupby(schools.kind).transform("sum")).to_numpy()


def _of_cohort(places, trait, year):
    """A trait of the cohort that is in each school's grade in a year (array)."""
    values = places[[f"{trait}_{cohort}" for cohort in COHORTS]].to_numpy()
    return values[np.arange(len(places)), year - places.grade.to_numpy() - COHORTS[0]]


def _ethnicities(places, own):
    """The shares of the ethnicities (array, places x ethnicities)."""
    base = np.array(own.ethnicities.tolist())
    largest = base == base.max(axis=1, keepdims=True)
    tilted = base * np.exp(largest * places.tilt.to_numpy()[:, None])
    return tilted / tilted.sum(axis=1, keepdims=True)


def _disadvantaged(places, own, year):
    """How many of each ethnicity are disadvantaged (array of shares, places x ethnicities)."""
    base = np.array(calibration.DISADVANTAGED)
    here = own.disadvantage.to_numpy() + places.disadvantage.to_numpy()
    odds = np.log(base / (1 - base)) + here[:, None]
    return 1 / (1 + np.exp(-(odds + calibration.DISADVANTAGED_YEAR[year])))


def _level(places, own, year):
    """What all students of a school's grade have in common, in state SDs (array)."""
    school = places[f"quality_{year}"].to_numpy() + CONTEXT * places.disadvantage.to_numpy()
    lift = _by_grade(places, calibration.LIFT).to_numpy()
    return own.effect.to_numpy() + school + _of_cohort(places, "cohort", year) - lift


def _focus(places, own, ethnicity, sed, year):
    """How a district's own gap and a school's bright spot move some students, in SDs (array)."""
    weight = 0.5 * sed + 0.5 * (ethnicity in FOCUS_ETHNICITIES)
    spots = {code: size for code, (size, since) in BRIGHT_SPOTS.items() if year >= since}
    bright = places.code.map(spots).fillna(0).to_numpy(float)
    return own.gap.to_numpy() * (1 - 2 * weight) + bright * weight
