"""Schools where a group of students does better, year after year, than their mix of students and
grades predicts: places to go and see.

The method is positive deviance (Bradley et al. 2009, Implementation Science 4:25): find, then visit
and ask. It is no ranking.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.stats import t as student

from see_the_system.data.caaspp import district_code
from see_the_system.data.codes import ETHNICITIES, GROUPS, group_code
from see_the_system.gaps.schools import SCHOOL_KEY, school_rows, student_mix, students_of

LEAST_POOL, ENOUGH = 8, 20
SURE = 0.95
LEAST_SHARE = 3.0  # percent of the pool's students below which an ethnic share only adds noise
MIX = (31, 160, 128)
COLUMNS = {
    "county_code": "str",
    "district_code": "str",
    "school_code": "str",
    "school_name": "str",
    "years_above": "int64",
    "years": "int64",
    "n_by_year": "str",
    "percent": "float64",
    "expected": "float64",
    "residual": "float64",
    "lower": "float64",
    "upper": "float64",
}
QUESTIONS = (
    "What happens here in the week after a student does not understand?",
    "Who decides which course a student takes, and on what grounds?",
    "What do adults here do together that other schools do not, with no more money or time?",
    "What do the students themselves say makes the difference?",
    "Which of it could we try next week with one class?",
)


@dataclass(frozen=True)
class Residuals:
    """How far each school's true rate lies from what is predicted: posterior ``mean`` and ``sd``
    (proportions), and the ``fitted`` rate.
    """

    mean: np.ndarray
    sd: np.ndarray
    fitted: np.ndarray
    tau2: float
    coefficients: int

    @property
    def degrees_of_freedom(self):
        """Schools less coefficients: the degrees of freedom of Student's t, which stands for not
        knowing tau2 exactly.
        """
        return max(len(self.mean) - self.coefficients, 1)

    @property
    def probability_above(self):
        """The probability that the true residual is above 0 (0 where nothing but chance is left
        between schools).
        """
        return np.where(
            self.sd > 0,
            student.cdf(self.mean / np.where(self.sd > 0, self.sd, 1), self.degrees_of_freedom),
            0.0,
        )

    @property
    def interval(self):
        """The ends of the 95% posterior interval (two arrays)."""
        reach = student.ppf(0.975, self.degrees_of_freedom) * self.sd
        return self.mean - reach, self.mean + reach


def bright_spots(frame, *, group, min_years=2, district=None, test="Mathematics"):
    """Schools whose results for a group stand above what their mix predicts in two or more years
    (frame by school name, ``COLUMNS``).

    For every year fit for trends: a school's expected percent is that of the schools' grades it
    shows (pooled rate by grade), plus a ridge regression on the shares of its tested students who
    are disadvantaged, English learners, have a disability, or belong to each ethnic group. What is
    left is shrunken (Fay & Herriot 1979, JASA 74:269; both variances by REML). A school is above in
    a year when P(true residual > 0) > 0.95, and listed when that is so in ``min_years`` years and
    its residual over all its years together is above 0 with its 95% interval. ``residual``,
    ``lower`` and ``upper`` are that one, shrunken too, in percentage points.

    ``district`` ("CC-DDDDD") lists that district's schools alone: they are compared with each other
    where 20 or more have results, else with all of the county, else of the frame. None lists and
    compares all own schools (types 7 and 10) in the frame. ``attrs`` holds what
    ``describe_bright_spots`` says: schools, years, pool, mix and, for no result, why.
    """
    code, place = group_code(group), district_code(district) if district else ""
    rows = school_rows(frame, group=code, test=test)
    rows = rows[rows["shown"] & rows["for_trend"].fillna(False).astype(bool)]
    notes = {
        "group": GROUPS[code],
        "years": sorted(int(year) for year in rows["year"].unique()),
        "min_years": min_years,
        "schools": 0,
        "pool": "",
        "mix": [],
        "note": "",
    }
    rows, notes["pool"] = _pool(rows, place)
    per_year = rows.groupby("year")["school_code"].nunique()
    usable = per_year[per_year >= LEAST_POOL].index
    if len(usable) < min_years:
        return _nothing(notes | {"note": _why_not(notes, per_year)})
    shares = _shares(rows, frame, test)
    every = pd.concat(
        [_one_year(rows[rows["year"] == year], shares) for year in usable], ignore_index=True
    )
    notes["years"], notes["mix"] = [int(year) for year in usable], _mix_columns(every)
    summary = _over_years(every, min_years)
    whose = (
        "No school of this district shows"
        if len(summary)
        else f"Fewer than {LEAST_POOL} schools show"
    )
    summary = summary[_in_place(summary, place)]
    notes["schools"] = len(summary)
    if summary.empty:
        return _nothing(
            notes
            | {
                "note": f"{whose} results for {students_of(GROUPS[code])} in {min_years} or more "
                "years fit for trends, "
                "so no bright spots can be looked for."
            }
        )
    spots = summary[(summary["years_above"] >= min_years) & (summary["lower"] > 0)]
    spots = spots.sort_values(["school_name", *SCHOOL_KEY], ignore_index=True)[
        list(COLUMNS)
    ].astype(COLUMNS)
    spots.attrs = notes
    return spots


def describe_bright_spots(result):
    """Which schools to visit, what they were compared on, and questions to take there; schools in
    order of name.
    """
    lead, schools, basis = bright_spot_words(result)
    if not basis:
        return lead
    return (
        f"{lead}{', in order of name: ' + '; '.join(schools) if schools else ''}. {basis} "
        f"{' '.join(['Questions to take there:', *QUESTIONS])}"
    )


def bright_spot_words(result):
    """The same in its parts, for a page: what was found, a text for each school in order of name,
    what the prediction goes by.
    """
    notes = result.attrs
    if notes.get("note"):
        return notes["note"], [], ""
    who, years = students_of(notes.get("group", "")), _span(notes["years"])
    lead = (
        f"Of {notes['schools']} school{'' if notes['schools'] == 1 else 's'} with results "
        f"for {who} in {notes['min_years']} or more "
        f"of the years {years}, {len(result)} stood above what their mix predicts in "
        f"{notes['min_years']} or more of them"
    )
    schools = [
        f"{row['school_name'] or row['school_code']} ({row['years_above']} of {row['years']} "
        f"years; over all of them {row['residual']:.1f} points "
        f"above what its mix predicts, 95% interval {row['lower']:.1f} to "
        f"{row['upper']:.1f}; {_students_a_year(row['n_by_year'])})"
        for row in result.to_dict("records")
    ]
    basis = " and ".join(
        [
            "the grades they show",
            *(["shares of students: " + ", ".join(notes["mix"])] if notes["mix"] else []),
        ]
    )
    none = (
        ""
        if schools
        else "That is no judgement of the others: with this many students only large differences "
        "can be told from chance. "
    )
    return (
        lead,
        schools,
        (
            f"{none}The prediction goes by {basis}, among {notes['pool']}. It knows nothing "
            "else of the schools, so this "
            "is a reason to go and see, not a verdict."
        ),
    )


def _span(years):
    return (
        f"{years[0]} to {years[-1]} fit for trends"
        if len(years) > 2
        else " and ".join(map(str, years))
    )


def _students_a_year(n_by_year):
    numbers = sorted(int(part.split(" in ")[0].replace(",", "")) for part in n_by_year.split(", "))
    return (
        f"{numbers[0]:,} to {numbers[-1]:,} students a year"
        if numbers[0] < numbers[-1]
        else f"{numbers[0]:,} students a year"
    )


def shrunken_residuals(rate, variance, mix):
    """Posterior of each school's own part in rate = mean + mix * b + own part + chance
    (``Residuals``).

    ``rate`` and its sampling ``variance``: proportions, one a school; ``mix``: schools x
    characteristics, standardised. The own parts have variance tau2 and the coefficients b a common
    variance, which makes them a ridge; both by REML.
    """
    design = np.column_stack([np.ones(len(rate)), mix])
    scale = max(np.var(rate), 1e-6)
    # Nelder-Mead, because the linear algebra inside L-BFGS-B starts threads and takes thirty times
    # as long on a busy machine.
    tries = [
        minimize(
            lambda x: _deviance(scale * x, rate, variance, design),
            start,
            method="Nelder-Mead",
            bounds=[(0, 10), (1e-4, 10)],
            options={"xatol": 1e-5, "fatol": 1e-7},
        )
        for start in ((0.05, 0.3), (0.5, 0.02))
    ]
    tau2, ridge = scale * min(tries, key=lambda result: result.fun).x
    total, inverse, beta = _solve(tau2, ridge, rate, variance, design)
    fitted = design @ beta
    own = tau2 * (rate - fitted) / total
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
    left = tau2 - tau2**2 * (1 / total - leverage / total**2)
    return Residuals(
        mean=own,
        sd=np.sqrt(np.clip(left, 0, None)),
        fitted=fitted,
        tau2=float(tau2),
        coefficients=design.shape[1],
    )


def _solve(tau2, ridge, rate, variance, design):
    total = variance + tau2
    penalty = np.diag([0.0] + [1 / ridge] * (design.shape[1] - 1))
    inverse = np.linalg.inv(design.T @ (design / total[:, None]) + penalty)
    return total, inverse, inverse @ (design.T @ (rate / total))


def _deviance(variances, rate, variance, design):
    tau2, ridge = variances
    total, inverse, beta = _solve(tau2, ridge, rate, variance, design)
    errors = rate - design @ beta
    return (
        np.log(total).sum()
        - np.linalg.slogdet(inverse)[1]
        + (design.shape[1] - 1) * np.log(ridge)
        + (errors**2 / total).sum()
        + (beta[1:] ** 2).sum() / ridge
    )


def _one_year(rows, shares):
    """One year's schools: the rate beyond what their grades make expected, its sampling variance,
    their mix, and whether they are above.
    """
    by_grade = rows.groupby("grade")[["n", "meeting"]].sum()
    rows = rows.assign(expected=rows["n"] * rows["grade"].map(by_grade["meeting"] / by_grade["n"]))
    table = rows.groupby(["year", *SCHOOL_KEY], as_index=False).agg(
        school_name=("school_name", "first"),
        n=("n", "sum"),
        meeting=("meeting", "sum"),
        expected=("expected", "sum"),
    )
    safe = np.clip(table["expected"] / table["n"], 0.01, 0.99)
    table = table.assign(
        beyond=(table["meeting"] - table["expected"]) / table["n"],
        variance=safe * (1 - safe) / table["n"],
    )
    table = pd.concat([table, _mix(table, shares)], axis=1)
    return table.assign(above=_residuals(table).probability_above > SURE)


def _residuals(table):
    mix = table[_mix_columns(table)]
    mix = (mix - mix.mean()) / mix.std(ddof=0).replace(0, 1)
    return shrunken_residuals(
        table["beyond"].to_numpy(),
        table["variance"].to_numpy(),
        mix.fillna(0).to_numpy(dtype=float),
    )


def _mix_columns(table):
    return [column for column in table if column in GROUPS.values()]


def _shares(rows, frame, test):
    """The shares of students in the schools' grades that are shown (percent, by year and school;
    one column a group code).
    """
    keys = ["year", *SCHOOL_KEY]
    cells = rows[[*keys, "grade"]].astype(
        {"year": frame["year"].dtype, "grade": frame["grade"].dtype}
    )
    same = frame[
        [*keys, "grade", "level", "test_id", "group_id", "tested", "missing_tested"]
    ].merge(cells, on=[*keys, "grade"])
    ethnic = student_mix(same, keys, ETHNICITIES, shown_only=True, test=test).drop(columns="tested")
    return student_mix(same, keys, MIX, test=test).drop(columns="tested").join(ethnic)


def _mix(table, shares):
    """What a year's schools are compared on (frame in the order of ``table``, columns by name;
    unknown shares are the mean).
    """
    shares = shares.reindex(pd.MultiIndex.from_frame(table[["year", *SCHOOL_KEY]]))
    shares = shares.fillna(shares.mean())
    keep = [
        code
        for code in shares
        if shares[code].std() > 0 and (code in MIX or shares[code].mean() >= LEAST_SHARE)
    ]
    return shares[keep].rename(columns=GROUPS).reset_index(drop=True)


def _over_years(schools, min_years):
    """One row a school with enough years: the years above, students by year, and percents and
    residual over all its years together.
    """
    schools = schools.assign(
        counts=schools["n"].astype("str") + " in " + schools["year"].astype("str")
    ).sort_values("year")
    weighted = ["beyond", *_mix_columns(schools)]
    schools[weighted] = schools[weighted].mul(schools["n"], axis=0)
    schools["variance"] *= schools["n"] ** 2
    table = schools.groupby(SCHOOL_KEY, as_index=False).agg(
        {
            "school_name": "last",
            "above": "sum",
            "year": "nunique",
            "counts": ", ".join,
            **dict.fromkeys(["n", "meeting", "expected", "variance"], "sum"),
            **{column: lambda values: values.sum(skipna=False) for column in weighted},
        }
    )
    table = table[table["year"] >= min_years].reset_index(drop=True)
    table[weighted] = table[weighted].div(table["n"], axis=0)
    table["variance"] /= table["n"] ** 2
    if len(table) < LEAST_POOL:
        return table.iloc[:0]
    found = _residuals(table)
    lower, upper = (100 * end for end in found.interval)
    return table.rename(
        columns={"above": "years_above", "year": "years", "counts": "n_by_year"}
    ).assign(
        percent=100 * table["meeting"] / table["n"],
        expected=100 * np.clip(table["expected"] / table["n"] + found.fitted, 0, 1),
        residual=100 * found.mean,
        lower=lower,
        upper=upper,
    )


def _pool(rows, place):
    """The rows of the schools compared with each other, and what to call them."""
    if not place:
        return rows, "all schools in the data"
    county = rows["county_code"] == place[:2]
    for keep, name in (
        (_in_place(rows, place), "the schools of the district"),
        (county, "the schools of the county"),
    ):
        typical = rows[keep].groupby("year")["school_code"].nunique().median()
        if typical >= ENOUGH:
            return rows[keep], name
    return rows, "all schools in the data"


def _in_place(rows, place):
    return (
        (rows["county_code"] + "-" + rows["district_code"] == place)
        if place
        else pd.Series(True, index=rows.index)
    )


def _why_not(notes, per_year):
    who = students_of(notes["group"])
    if not len(per_year):
        return (
            f"No school shows results for {who} in a year fit for trends, so no bright spots can "
            "be looked for."
        )
    if len(per_year) < notes["min_years"]:
        return (
            f"Results for {who} fit for trends are there for "
            f"{', '.join(map(str, notes['years']))} only; a bright spot needs "
            f"{notes['min_years']} years, because one good year may be chance."
        )
    enough = int((per_year >= LEAST_POOL).sum())
    return (
        f"{LEAST_POOL} or more schools show results for {who} in {enough} of {len(per_year)} years "
        f"(at most {per_year.max()} in one); {notes['min_years']} such years are needed to "
        "say what a school's mix predicts and "
        "whether a school stands above it again."
    )


def _nothing(notes):
    empty = pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    empty.attrs = notes
    return empty
