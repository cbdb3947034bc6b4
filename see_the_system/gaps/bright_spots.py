"""Schools where a group of students does better than their mix predicts: places to go and see.

Year after year, and given the grades the school shows. The method is positive deviance (Bradley et
al. 2009, Implementation Science 4:25): find, then visit and ask. It is no ranking.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from see_the_system.data.caaspp import district_code
from see_the_system.data.codes import GROUPS, group_code
from see_the_system.gaps.chance import Z95, holm, predicted_by_others, so_many_or_more
from see_the_system.gaps.measures import cells_of, sums
from see_the_system.gaps.result_words import interval_words, with_commas
from see_the_system.gaps.schools import (
    SCHOOL_KEY,
    school_rows,
    shares_in_grades_of,
    students_of,
)

LEAST_POOL = 8  # schools; fewer say nothing of what a mix predicts
ENOUGH = 20  # schools of a district or county, that it is compared within itself
# what Holm's rule is held to, so that 5 pages in 100 or fewer have a false school: the prediction's
# error is itself an estimate; and what a year by itself is held to
FALSE_PAGES, ONE_YEAR = 0.02, 0.05
LEAST_SHARE = 3.0  # percent of the pool's students below which an ethnic share only adds noise
MIX = (31, 160, 128)  # disadvantaged, English learners, with a disability
COLUMNS = {
    **dict.fromkeys((*SCHOOL_KEY, "school_name"), "str"),
    **dict.fromkeys(("years_above", "years"), "int64"),
    "n_by_year": "str",
    **dict.fromkeys(("percent", "expected", "residual", "lower", "upper"), "float64"),
}
QUESTIONS = (
    "What happens here in the week after a student does not understand?",
    "Who decides which course a student takes, and on what grounds?",
    "What do adults here do together that other schools do not, with no more money or time?",
    "What do the students themselves say makes the difference?",
    "Which of it could we try next week with one class?",
)


def bright_spots(frame, *, group, min_years=2, district=None, test="Mathematics"):
    """Schools whose results for a group stand above what their mix predicts in two or more years.

    Gives a frame by school name, ``COLUMNS``. All its years fit for trends are taken together,
    because a single year of a school tells too little. A school's expected percent is that of the
    schools' grades it shows (pooled rate by grade and year), plus a ridge regression on the shares
    of its tested students who are disadvantaged, English learners, have a disability, or belong to
    each ethnic group, in which every school is left out of its own prediction (Fay & Herriot 1979,
    JASA 74:269; Marshall & Spiegelhalter 2003, Statistics in Medicine 22:1649). Listed is a school
    whose number meeting the standard is too high for that prediction (beta-binomial, one-sided)
    after allowing for all schools looked at (Holm 1979, 2% for a page), and in ``min_years`` years
    each by itself, at 5%: one good year may be chance. ``residual``, ``lower`` and ``upper``: the
    percentage points above the prediction, with the school's own 95% interval. Years are taken as
    independent, although many students are tested again the year after.

    ``district`` ("CC-DDDDD") lists that district's schools alone: they are compared with each other
    where 20 or more have results, else with all of the county, else of the frame. None lists and
    compares all own schools (types 7 and 10) in the frame. ``attrs`` holds what
    ``describe_bright_spots`` says: schools, years, pool, mix and, for no result, why.
    """
    code = group_code(group)
    place = district_code(district) if district else ""
    rows = school_rows(frame, group=code, test=test)
    rows = rows[rows["shown"] & rows["for_trend"].fillna(False).astype(bool)]
    notes = {
        "group": GROUPS[code],
        "years": sorted(int(year) for year in rows["year"].unique()),
        "min_years": min_years,
        "schools": 0,
    }
    rows, pool = _pool(rows, place)
    notes |= {"pool": pool, "mix": [], "note": ""}
    per_year = rows.groupby("year")["school_code"].nunique()
    usable = per_year.index[per_year >= LEAST_POOL]
    if len(usable) < min_years:
        return _spots(notes | {"note": _too_few_years(notes, per_year)})
    every = _by_year(rows[rows["year"].isin(usable)], frame, test)
    notes |= {"years": [int(year) for year in usable], "mix": _mix_columns(every)}
    schools = _over_years(every, min_years)
    here = schools[_in_place(schools, place)]
    if here.empty:
        return _spots(notes | {"note": _too_few_schools(notes, schools)})
    notes["schools"] = len(here)
    clear = holm(here["p"].to_numpy(), FALSE_PAGES)
    notes["seen"] = _seen(here)
    return _spots(notes, here[clear & (here["years_above"] >= min_years)])


def describe_bright_spots(result):
    """Which schools to visit, what they were compared on, and questions to take there (text).

    Schools stand in order of name.
    """
    lead, schools, basis = bright_spot_words(result)
    if not basis:
        return lead
    names = f", in order of name: {'; '.join(schools)}" if schools else ""
    return f"{lead}{names}. {basis} Questions to take there: {' '.join(QUESTIONS)}"


def bright_spot_words(result):
    """The same in its parts, for a page (text, list of texts, text).

    What was found, each school in order of name, what the prediction goes by.
    """
    notes = result.attrs
    if notes.get("note"):
        return notes["note"], [], ""
    plural = "" if notes["schools"] == 1 else "s"
    lead = (
        f"Of {notes['schools']} school{plural} with results for "
        f"{students_of(notes.get('group', ''))} in {notes['min_years']} or more of the years "
        f"{_span(notes['years'])}, {_stood_above(len(result))} years together, by more than chance "
        f"in so many schools, and in {notes['min_years']} or more single years"
    )
    basis = "the grades they show"
    if notes["mix"]:
        basis += f" and shares of students: {', '.join(notes['mix'])}"
    caution = "What is chosen for standing out will mostly stand out a little less the next time."
    if result.empty:
        caution = (
            "That is no judgement of these schools: with this many students a school in the middle "
            f"of them {notes['seen']}."
        )
    return (
        lead,
        [_school_words(row) for row in result.to_dict("records")],
        f"{caution} The prediction goes by {basis}, among {notes['pool']}. It knows nothing else "
        "of the schools, so this is a reason to go and see, not a verdict.",
    )


def _stood_above(count):
    if count == 1:
        return "1 stood above what its mix predicts over all its"
    return f"{count or 'none'} stood above what their mix predicts over all their"


def students_a_year(n_by_year):
    """From the fewest to the most students a year (text).

    >>> students_a_year("31 in 2018, 1204 in 2019"), students_a_year("31 in 2018")
    ('31 to 1,204', '31')
    """
    numbers = sorted(int(text.split(" in ")[0]) for text in n_by_year.split(", "))
    least, most = numbers[0], numbers[-1]
    return f"{least:,} to {most:,}" if least < most else f"{least:,}"


def _school_words(row):
    students = students_a_year(row["n_by_year"])
    return (
        f"{row['school_name'] or row['school_code']} (in {row['years_above']} of {row['years']} "
        f"single years; over all of them {row['residual']:.1f} points above what its mix predicts, "
        f"{interval_words(row['lower'], row['upper'], 1)}; {students} students a year)"
    )


def _span(years):
    if len(years) > 2:
        return f"{years[0]} to {years[-1]} fit for trends"
    return " and ".join(map(str, years))


def _by_year(rows, frame, test):
    """The schools of each year (frame, one row a school and year).

    The rate ``beyond`` what their grades make expected, its sampling ``variance``, their mix, and
    whether they are ``above`` by this year alone. A share that is not known is taken as the mean;
    one that says nothing in a year is missing.
    """
    grade, grades = cells_of(rows, ["year", "grade"])
    rate = sums(grade, rows["meeting"], grades) / sums(grade, rows["n"], grades)
    school, table = cells_of(rows, ["year", *SCHOOL_KEY])
    table["school_name"] = rows["school_name"].array[np.unique(school, return_index=True)[1]]
    table["n"] = sums(school, rows["n"], table)
    table["meeting"] = sums(school, rows["meeting"], table)
    table["expected"] = np.bincount(school, rows["n"] * rate[grade], len(table))
    # a rate of 0 or 1 would count as known without error
    safe = np.clip(table["expected"] / table["n"], 0.01, 0.99)
    table["beyond"] = (table["meeting"] - table["expected"]) / table["n"]
    table["variance"] = safe * (1 - safe) / table["n"]
    shares = shares_in_grades_of(rows, frame, test, MIX)
    shares = shares.reindex(pd.MultiIndex.from_frame(table[["year", *SCHOOL_KEY]]))
    codes, shares = shares.columns.to_numpy(), shares.to_numpy(dtype=float)
    above = np.zeros(len(table), dtype=bool)
    chosen = {}  # in the order in which the years bring them
    for year in table["year"].unique():
        here = (table["year"] == year).to_numpy()
        shares[here] = mix = _mix(shares[here], codes)
        used = np.flatnonzero(~np.isnan(mix).all(axis=0))
        above[here] = _held_against_others(table[here], mix[:, used])["p"] < ONE_YEAR
        chosen |= dict.fromkeys(used.tolist())
    mix = {GROUPS[codes[place]]: shares[:, place] for place in chosen}
    return table.assign(**mix, above=above)


def _held_against_others(table, mix):
    """Each school's ``predicted`` rate, that prediction's ``error``, and ``p`` (dict of arrays).

    p: how often chance and the prediction's error alone make as many students meet the standard.
    """
    known = ~np.isnan(mix)
    mix = mix - _mean(mix, known)
    spread = np.sqrt(_mean(mix**2, known))
    mix = np.where(known, mix, 0) / np.where(spread > 0, spread, 1)
    beyond, variance, expected, n, met = (
        table[name].to_numpy(dtype=float)
        for name in ("beyond", "variance", "expected", "n", "meeting")
    )
    others = predicted_by_others(beyond, variance, mix)
    predicted = np.clip(expected / n + others.fitted, 0.005, 0.995)
    # the beta distribution with this mean and the prediction's variance
    spread = predicted * (1 - predicted)
    size = spread / np.clip(others.error**2, 1e-8, 0.9 * spread) - 1
    p = so_many_or_more(met, n, size * predicted, size * (1 - predicted))
    return {"predicted": predicted, "error": others.error, "p": p}


def _seen(schools):
    """How many points above a school has to stand to be found four times in five (text).

    Of these schools, the middle one.
    """
    error = (schools["upper"] - schools["residual"]) / Z95
    above = float(error.median() * (ndtri(1 - FALSE_PAGES / len(schools)) + ndtri(0.8)))
    if schools["expected"].median() + above > 100:
        return "could stand above its prediction by as much as it can, and would seldom be found"
    return (
        f"has to stand about {above:.0f} points above its prediction to be found four times in five"
    )


def _mix_columns(table):
    return [column for column in table if column in GROUPS.values()]


def _mix(shares, codes):
    """One year's shares, those not known at the mean; all missing of a group that says nothing."""
    known = ~np.isnan(shares)
    mean = _mean(shares, known)
    large = np.isin(codes, MIX) | (mean >= LEAST_SHARE)
    shares = np.where(known, shares, mean)
    return np.where(large & (np.ptp(shares, axis=0) > 0), shares, np.nan)


def _mean(values, known):
    """The mean of the known values of each column, 0 where there is none (array)."""
    return values.sum(axis=0, where=known) / np.maximum(known.sum(axis=0), 1)


def _over_years(schools, min_years):
    """One row a school with enough years: percents and residual over all its years together.

    And the years above, and students by year.
    """
    n = schools["n"].to_numpy()
    cell, table = cells_of(schools, SCHOOL_KEY)
    mix = _mix_columns(schools)
    # means over the years are weighted by students, and so are their variances
    weights = dict.fromkeys(["beyond", *mix], n) | {"variance": n**2}
    for name in ("n", "meeting", "expected", "above", *weights):
        values = schools[name].to_numpy(dtype=float) * weights.get(name, 1)
        table[name] = np.bincount(cell, values, len(table))
    table[["beyond", *mix]] = table[["beyond", *mix]].div(table["n"], axis=0)
    table["variance"] /= table["n"] ** 2
    by_school = schools.groupby(cell)
    table["years"] = by_school.size()
    table["school_name"] = by_school["school_name"].last()
    in_years = schools["n"].astype("str") + " in " + schools["year"].astype("str")
    table["n_by_year"] = in_years.groupby(cell).agg(", ".join)
    table = table[table["years"] >= min_years].reset_index(drop=True)
    if len(table) < LEAST_POOL:
        return table.iloc[:0]
    table = table.assign(**_held_against_others(table, table[mix].to_numpy(dtype=float)))
    rate = table["meeting"] / table["n"]
    safe = (table["meeting"] + 1) / (table["n"] + 2)
    half = Z95 * np.sqrt(safe * (1 - safe) / table["n"] + table["error"] ** 2)
    residual = rate - table["predicted"]
    table = table.rename(columns={"above": "years_above"})
    return table.assign(
        percent=100 * rate,
        expected=100 * table["predicted"],
        residual=100 * residual,
        lower=100 * (residual - half).clip(lower=-1),
        upper=100 * (residual + half).clip(upper=1),
    )


def _pool(rows, place):
    """The rows of the schools compared with each other, and what to call them."""
    if place:
        pools = {
            "the schools of the district": rows[_in_place(rows, place)],
            "the schools of the county": rows[rows["county_code"] == place[:2]],
        }
        for name, pool in pools.items():
            if pool.groupby("year")["school_code"].nunique().median() >= ENOUGH:
                return pool, name
    return rows, "all schools in the data"


def _in_place(rows, place):
    if not place:
        return pd.Series(True, index=rows.index)
    return rows["county_code"] + "-" + rows["district_code"] == place


def _too_few_years(notes, per_year):
    who, min_years = students_of(notes["group"]), notes["min_years"]
    if not len(per_year):
        return (
            f"No school shows results for {who} in a year fit for trends, so no bright spots can "
            "be looked for."
        )
    if len(per_year) < min_years:
        return (
            f"Results for {who} fit for trends are there for {with_commas(notes['years'])} only; a "
            f"bright spot needs {min_years} years, because one good year may be chance."
        )
    enough = int((per_year >= LEAST_POOL).sum())
    when = f"in {enough} of {len(per_year)} years only" if enough else "in no year"
    return (
        f"{LEAST_POOL} or more schools show results for {who} {when} (at most "
        f"{per_year.max()} in one); {min_years} such years are needed to say what a "
        "school's mix predicts and whether a school stands above it again."
    )


def _too_few_schools(notes, compared):
    whose = f"Fewer than {LEAST_POOL} schools show"
    if len(compared):
        whose = "No school of this district shows"
    return (
        f"{whose} results for {students_of(notes['group'])} in {notes['min_years']} or more years "
        "fit for trends, so no bright spots can be looked for."
    )


def _spots(notes, found=()):
    """The result: schools in order of name, or none, with its notes."""
    spots = pd.DataFrame(found, columns=[*COLUMNS]).astype(COLUMNS)
    spots = spots.sort_values(["school_name", *SCHOOL_KEY], ignore_index=True)
    spots.attrs = notes
    return spots
