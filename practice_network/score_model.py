"""Where scores come from: one normal distribution for every kind of student in every school.

``cells(year)`` gives, for each school, grade, ethnicity and socioeconomic status, how common such
students are and the mean and SD their scores are drawn from (scale-score points).
``draw_students`` draws from it and knows nothing else, so that a planted cause is a change of this
frame's ``mean``, ``sd`` or ``share``.
"""

import numpy as np
import pandas as pd

from practice_network import calibration, network
from see_the_system.data import codes

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
LANGUAGES = ("EL", "RFEP", "IFEP", "TBD", "EO")
MALE, FEMALE, NONBINARY = 3, 4, 0
NONBINARY_SHARE = 0.0015  # counted from 2021
MALE_SHARE = 0.511
AREA_ERROR = 1.5  # an area is "near" within 1.5 standard errors of the standard


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
            pd.DataFrame(quality_by_year, columns=ALL_YEARS).add_prefix("quality_"),
            pd.DataFrame(cohorts, columns=COHORTS).add_prefix("cohort_"),
            pd.DataFrame(sizes, columns=COHORTS).add_prefix("size_"),
        ],
        axis=1,
    )


def school_grades(year, net=None):
    """Each grade of each open school in a year (frame).

    With how many students are enrolled, how likely each is to be tested, and what its district is
    like.
    """
    net = net or network.practice()
    schools = school_traits(net).query("first <= @year <= last")
    rows = schools.assign(grade=schools.kind.map(network.KINDS)).explode("grade", ignore_index=True)
    rows["grade"] = rows.grade.astype(int)
    # Enrolment falls by a little less than one percent a year.
    wobble = np.exp(_of_cohort(rows, "size", year)) * (1.14 - 0.009 * (year - 2015))
    rows["enrolled"] = np.maximum(1, np.rint(rows["size"] * wobble)).astype(int)
    usual = by_grade(rows, calibration.PARTICIPATION)
    silent = [district.code for district in net.districts if year in district.silent_years]
    participation = rows.turnout_2021 if year == 2021 else usual
    rows["participation"] = np.where(rows.district.isin(silent), 0, participation)
    districts = pd.DataFrame(map(vars, net.districts)).set_index("code").drop(columns="name")
    return rows.join(districts, on="district")


def cells(year, net=None):
    """Every kind of student in every school of a year.

    A frame, one row a school, grade, ethnicity and socioeconomic status: district, code, grade,
    enrolled (in the school's grade), participation, ethnicity (state code, 0 not reported),
    disadvantaged (bool), share (of the school's grade), mean and sd (scale-score points).
    """
    places = school_grades(year, net)
    shares = _ethnicities(places)
    disadvantaged = _disadvantaged(places, year)
    level = _level(places, year)
    blocks = []
    for position, ethnicity in enumerate(network.ETHNICITY_CODES):
        for sed in (True, False):
            part = disadvantaged[:, position] if sed else 1 - disadvantaged[:, position]
            effect = (
                calibration.ETHNICITY_EFFECT[position]
                + calibration.DISADVANTAGED_EFFECT * (sed - 0.64)
                + _focus(places, ethnicity, sed, year)
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
    sd = by_grade(frame, calibration.SDS[year])
    mean = by_grade(frame, calibration.MEANS[year]) + sd * frame.effect
    return frame.assign(mean=mean, sd=WITHIN_SD * sd).drop(columns="effect")


def draw_students(year, kinds=None, *, key=()):
    """The students enrolled in a year (frame, one row a student).

    Drawn from ``cells(year)`` or ``kinds``, a changed copy of it. Columns: district, code, grade,
    ethnicity, disadvantaged, language, disability, gender, tested, scored (bool), score (scale
    score), level (0 not met to 3 exceeded), area1, area2, area3 (0 below, 1 near, 2 above
    standard), expected (what the model expects of such a student), sd (of a student around that)
    and raw (before rounding and the scale's ends). ``key`` is that of the ``network.Network`` that
    the cells are of.
    """
    students = _enrol(cells(year) if kinds is None else kinds, year, key)
    count = len(students)
    luck = generator(year, 3, *key).random(count)
    students["disability"] = luck < by_grade(students, calibration.DISABILITY)
    language, language_effect = _languages(students, year, key)
    students["language"] = np.array(LANGUAGES)[language]
    students["gender"] = _genders(count, year, key)
    draw = generator(year, 6, *key)
    students["tested"] = draw.random(count) < students.participation
    students["scored"] = students.tested & (draw.random(count) < calibration.SCORED)
    _score(students, language_effect, year, key)
    return students.drop(columns=["mean", "participation"])


def by_grade(rows, table):
    """A table of the calibration, which is in the order of its grades, for each row (array)."""
    return np.array(table)[pd.Index(network.GRADES).get_indexer(rows.grade)]


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


def _ethnicities(places):
    """The shares of the ethnicities (array, places x ethnicities)."""
    base = np.array(places.ethnicities.tolist())
    largest = base == base.max(axis=1, keepdims=True)
    tilted = base * np.exp(largest * places.tilt.to_numpy()[:, None])
    return tilted / tilted.sum(axis=1, keepdims=True)


def _disadvantaged(places, year):
    """How many of each ethnicity are disadvantaged (array of shares, places x ethnicities)."""
    base = np.array(calibration.DISADVANTAGED)
    here = places.district_disadvantage + places.disadvantage
    odds = np.log(base / (1 - base)) + here.to_numpy()[:, None]
    return 1 / (1 + np.exp(-(odds + calibration.DISADVANTAGED_YEAR[year])))


def _level(places, year):
    """What all students of a school's grade have in common, in state SDs (series)."""
    school = places[f"quality_{year}"] + CONTEXT * places.disadvantage
    lift = by_grade(places, calibration.LIFT)
    return places.effect + school + _of_cohort(places, "cohort", year) - lift


def _focus(places, ethnicity, sed, year):
    """How a district's own gap and a school's bright spot move some students, in SDs (series)."""
    weight = 0.5 * sed + 0.5 * (ethnicity in FOCUS_ETHNICITIES)
    spots = {code: size for code, (size, since) in BRIGHT_SPOTS.items() if year >= since}
    bright = places.code.map(spots).fillna(0).to_numpy(float)
    return places.gap * (1 - 2 * weight) + bright * weight


def _enrol(kinds, year, key):
    draw = generator(year, 2, *key)
    enrolled, share = kinds.enrolled.to_numpy(), kinds.share.to_numpy()
    of_place = kinds.groupby(["district", "code", "grade"], sort=False).indices.values()
    counts = [draw.multinomial(enrolled[of[0]], share[of] / share[of].sum()) for of in of_place]
    rows = np.repeat(np.arange(len(kinds)), np.concatenate(counts))
    return kinds.drop(columns=["enrolled", "share"]).iloc[rows].reset_index(drop=True)


def _languages(students, year, key):
    """The language position of each student, and what it does to the score (SDs; two arrays).

    Against what language does on average to students alike.
    """
    place = students.ethnicity.map(network.ETHNICITY_CODES.index)
    home = np.array(calibration.HOME_LANGUAGE)[place]
    by_disadvantage = np.array(calibration.HOME_LANGUAGE_DISADVANTAGED)
    common = home * by_disadvantage[students.disadvantaged.astype(int)]
    shares = np.stack(
        [
            common * by_grade(students, calibration.ENGLISH_LEARNER),
            common * by_grade(students, calibration.RECLASSIFIED),
            common * calibration.INITIALLY_FLUENT,
            np.full(len(students), calibration.UNDETERMINED),
        ],
        axis=1,
    )
    steps = shares.cumsum(axis=1)
    luck = generator(year, 4, *key).random(len(students))
    language = (luck[:, None] > steps).sum(axis=1)
    # All others speak English only.
    shares = np.concatenate([shares, 1 - steps[:, -1:]], axis=1)
    tables = [calibration.LANGUAGE_EFFECT[name] for name in LANGUAGES]
    effects = np.stack([by_grade(students, table) for table in tables], axis=1)
    own = effects[np.arange(len(students)), language]
    return language, own - (shares * effects).sum(axis=1)


def _genders(count, year, key):
    luck = generator(year, 5, *key).random(count)
    gender = np.where(luck < MALE_SHARE, MALE, FEMALE)
    if year < 2021:
        return gender
    return np.where(luck > 1 - NONBINARY_SHARE, NONBINARY, gender)


def _score(students, language_effect, year, key):
    """Add what each student is expected to score, the score, its level and the areas' marks."""
    draw = generator(year, 7, *key)
    since_2021 = year >= 2021
    sd = by_grade(students, calibration.SDS[year])
    larger = 1 if since_2021 else calibration.DISABILITY_BEFORE_2021
    disability = by_grade(students, calibration.DISABILITY_EFFECT) * larger
    more_than_usual = students.disability - by_grade(students, calibration.DISABILITY)
    shift = language_effect + disability * more_than_usual
    students["expected"] = students["mean"] + sd * shift
    students["raw"] = students.expected + students["sd"] * draw.standard_normal(len(students))
    low, high = by_grade(students, calibration.SCORE_RANGE[since_2021]).T
    students["score"] = np.rint(np.clip(students.raw, low, high)).astype(int)
    cuts = by_grade(students, list(codes.MATH_CUTS.values()))
    students["level"] = (students.score.to_numpy()[:, None] >= cuts).sum(axis=1)
    for area, near in enumerate(calibration.AREA_NEAR[since_2021], start=1):
        error = near / AREA_ERROR * draw.standard_normal(len(students))
        distance = (students.score - cuts[:, 1]) / sd + error
        students[f"area{area}"] = 1 + (distance > near).astype(int) - (distance < -near).astype(int)
