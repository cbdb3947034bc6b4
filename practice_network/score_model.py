"""Where the practice network's scores come from: one normal distribution for every kind of student
in every school.

``cells(year)`` gives, for each school, grade, ethnicity and socioeconomic status, how common such
students are and the mean and SD their scores are drawn from (scale-score points).
``practice_network.students`` draws from it and knows nothing else, so that a planted cause is a
change of this frame's ``mean``, ``sd`` or ``share``.
"""

import numpy as np
import pandas as pd

from practice_network import calibration as state
from practice_network import network

SEED = 9910017
WITHIN_SD = 0.78  # of a student around the cell's mean, in state SDs
SCHOOL_SD, DRIFT_SD, COHORT_SD, SIZE_SD = 0.24, 0.035, 0.06, 0.055
CONTEXT = -0.30  # a school's mean per unit of its log odds of disadvantage above its district's
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
    """A random generator of its own for each purpose, so that a change in one draw moves no other."""
    return np.random.Generator(np.random.PCG64([SEED, *key]))


def school_traits(net=None):
    """What stays with a school, with slow drift (frame in the order of the network's schools; the
    practice network unless named).

    Columns: ``disadvantage`` (added log odds), ``tilt`` (towards or away from the district's
    largest ethnicity), ``quality`` (state SDs; one column ``quality_YEAR`` a year),
    ``cohort_COHORT`` (SDs; a cohort is known by its year minus its grade), ``size_COHORT`` (added
    log size), ``turnout_2021`` (share tested in 2021).
    """
    net = net or network.practice()
    schools = net.schools
    draw, count = generator(1, *net.key), len(schools)
    normal = draw.standard_normal((count, 3))
    first = SCHOOL_SD * normal[:, 0]
    drift = DRIFT_SD * draw.standard_normal((count, len(range(2015, 2026)))).cumsum(axis=1)
    cohorts = COHORT_SD * draw.standard_normal((count, len(range(2004, 2023))))
    luck = draw.random(count)
    sizes = SIZE_SD * draw.standard_normal((count, len(range(2004, 2023))))
    first, disadvantage = _centred(first, schools), _centred(0.75 * normal[:, 1], schools)
    traits = {"disadvantage": disadvantage, "tilt": 0.35 * normal[:, 2] + 0.25 * normal[:, 1]}
    traits |= {f"quality_{year}": first + drift[:, i] for i, year in enumerate(range(2015, 2026))}
    traits |= {f"cohort_{cohort}": cohorts[:, i] for i, cohort in enumerate(range(2004, 2023))}
    traits |= {f"size_{cohort}": sizes[:, i] for i, cohort in enumerate(range(2004, 2023))}
    traits["turnout_2021"] = np.where(luck < 0.62, 0, 0.30 + 1.7 * (luck - 0.62))
    return pd.concat([schools, pd.DataFrame(traits)], axis=1)


def school_grades(year, net=None):
    """Each grade each open school serves in a year, how many students are enrolled and how likely
    each is to be tested (frame).
    """
    net = net or network.practice()
    schools = school_traits(net).query("first <= @year <= last")
    rows = schools.assign(grade=schools.kind.map(network.KINDS)).explode("grade", ignore_index=True)
    rows["grade"] = rows.grade.astype(int)
    wobble = np.exp(_of_cohort(rows, "size", year)) * (1.14 - 0.009 * (year - 2015))
    rows["enrolled"] = np.maximum(1, np.rint(rows["size"] * wobble)).astype(int)
    usual = rows.grade.map(dict(zip(state.GRADES, state.PARTICIPATION)))
    silent = rows.district.map({d.code: year in d.silent_years for d in net.districts})
    rows["participation"] = np.where(silent, 0, rows.turnout_2021 if year == 2021 else usual)
    return rows


def cells(year, net=None):
    """Every kind of student in every school of a year (frame, one row a school, grade, ethnicity
    and socioeconomic status).

    Columns: district, code, grade, enrolled (in the school's grade), participation, ethnicity
    (state code, 0 not reported), disadvantaged (bool), share (of the school's grade), mean and sd
    (scale-score points).
    """
    net = net or network.practice()
    places = school_grades(year, net)
    places = places.assign(
        **{name: _district(places, net, name) for name in ("effect", "gap", "odds")}
    )
    shares, disadvantaged = _ethnicities(places, net), _disadvantaged(places, year)
    level = _level(places, year)
    blocks = []
    for position, ethnicity in enumerate(network.ETHNICITY_CODES):
        for sed in (True, False):
            part = disadvantaged[:, position] if sed else 1 - disadvantaged[:, position]
            effect = (
                state.ETHNICITY_EFFECT[position]
                + (state.DISADVANTAGED_EFFECT * (sed - 0.64))
                + _focus(places, ethnicity, sed, year)
            )
            blocks.append(
                places[["district", "code", "grade", "enrolled", "participation"]].assign(
                    ethnicity=ethnicity,
                    disadvantaged=sed,
                    share=shares[:, position] * part,
                    effect=level + effect,
                )
            )
    frame = pd.concat(blocks).sort_values(
        ["district", "code", "grade", "ethnicity", "disadvantaged"], ignore_index=True
    )
    mean, sd = (
        frame.grade.map(dict(zip(state.GRADES, table[year]))) for table in (state.MEANS, state.SDS)
    )
    return frame.assign(mean=mean + sd * frame.effect, sd=WITHIN_SD * sd).drop(columns="effect")


def _centred(values, schools):
    # Few middle and high schools: left alone, luck would put the whole network far from the state
    # in grades 6 to 11.
    weighted = pd.DataFrame(
        {"kind": schools.kind, "size": schools["size"], "sum": values * schools["size"]}
    ).groupby("kind")
    return (
        values - (weighted["sum"].transform("sum") / weighted["size"].transform("sum")).to_numpy()
    )


def _of_cohort(places, trait, year):
    values = places[[f"{trait}_{cohort}" for cohort in range(2004, 2023)]].to_numpy()
    return values[np.arange(len(places)), year - places.grade.to_numpy() - 2004]


def _district(places, net, attribute):
    of = {
        d.code: getattr(d, "disadvantage" if attribute == "odds" else attribute)
        for d in net.districts
    }
    return places.district.map(of).to_numpy(float)


def _ethnicities(places, net):
    of = {d.code: d.ethnicities for d in net.districts}
    base = np.array([of[code] for code in places.district])
    largest = base == base.max(axis=1, keepdims=True)
    tilted = base * np.exp(largest * places.tilt.to_numpy()[:, None])
    return tilted / tilted.sum(axis=1, keepdims=True)


def _disadvantaged(places, year):
    base = np.array(state.DISADVANTAGED)
    odds = (
        np.log(base / (1 - base))
        + (places.odds.to_numpy() + places.disadvantage.to_numpy())[:, None]
    )
    return 1 / (1 + np.exp(-(odds + state.DISADVANTAGED_YEAR[year])))


def _level(places, year):
    own = places[f"quality_{year}"].to_numpy() + CONTEXT * places.disadvantage.to_numpy()
    lift = places.grade.map(dict(zip(state.GRADES, state.LIFT))).to_numpy()
    return places.effect.to_numpy() + own + _of_cohort(places, "cohort", year) - lift


def _focus(places, ethnicity, sed, year):
    weight = 0.5 * sed + 0.5 * (ethnicity in FOCUS_ETHNICITIES)
    spots = {code: size for code, (size, first) in BRIGHT_SPOTS.items() if year >= first}
    bright = places.code.map(spots).fillna(0).to_numpy(float)
    return places.gap.to_numpy() * (1 - 2 * weight) + bright * weight
