"""Long simulations of the verdicts on gaps, kept in docs/verdicts.json for docs/validation.md.

``python docs/verdicts.py`` runs them again, in some minutes.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm

from see_the_system.data.codes import GROUPS
from see_the_system.gaps.bright_spots import bright_spots
from see_the_system.gaps.paired import errors_of_counts, v_gap
from see_the_system.gaps.trends import (
    FIRST_BOUND,
    REFERENCE,
    second_bound,
    slope_weights,
)
from see_the_system.messages import Refusal
from see_the_system.paths import write_whole

KEPT = Path(__file__).with_suffix(".json")
YEARS = np.array([2015, 2016, 2017, 2018, 2019, 2022, 2023, 2024, 2025])
MANY = range(2, 10)
SERIES, PAGES, TABLES = 20_000, 500, 2_000
# the students of both groups, the true percents of both, the change asked for
DISTRICTS = {
    "80 and 100 students": (80, 100, 0.3, 0.5, 20),
    "500 and 500": (500, 500, 0.3, 0.5, 10),
    "1,500 and 2,000": (1500, 2000, 0.3, 0.5, 5),
    "60 and 60, near none": (60, 60, 0.03, 0.06, 8),
    "40 and 300, near all": (40, 300, 0.8, 0.97, 15),
}
SCATTERS = (0, 1, 2)  # percentage points between years
# schools, students of the group a grade, points that one of them stands above, SD of all others
SCHOOLS = {
    "20 schools, 50 to 65 students a grade": (20, (50, 66), 0, 0),
    "the same, one 8 points above": (20, (50, 66), 8, 0),
    "the same, others differ by 3 points (SD), one 8 above": (20, (50, 66), 8, 3),
}
GRADES = {6: 0.40, 7: 0.36, 8: 0.32}
# V, the ratio of the two spreads, the cuts between the levels
SHAPES = {
    "V 0": (0.0, 1.0, (-0.5, 0.3, 1.0)),
    "V 0.7": (0.7, 1.0, (-0.3, 0.5, 1.3)),
    "V 1.2, unequal spreads": (1.2, 1.3, (-0.2, 0.8, 1.6)),
    "V 0.5, most at the lowest level": (0.5, 1.0, (0.5, 1.2, 2.0)),
}
SIZES = ((12, 15), (20, 30), (40, 60), (200, 300))


def called_changed(draws, years, district, total, scatter, series=SERIES):
    """Of 100 series, how many the first verdict, and how many any verdict, calls changed.

    The gap moves steadily by ``total`` points from the first year to the last; years scatter about
    that by so many points (SD) more than chance. Gives two floats.
    """
    n_focus, n_comparison, low, high, _ = district
    course = total / 100 * (years - years[0]) / (years[-1] - years[0])
    rates = low + course + scatter / 100 * draws.normal(size=(series, len(years)))
    focus = 100 * draws.binomial(n_focus, np.clip(rates, 0, 1)) / n_focus
    comparison = 100 * draws.binomial(n_comparison, high, rates.shape) / n_comparison
    sizes = [np.full(rates.shape, float(n)) for n in (n_focus, n_comparison)]
    error = errors_of_counts(sizes[0], focus, sizes[1], comparison)
    gap, weights = comparison - focus, slope_weights(years.astype(float), error)
    first = np.abs(_statistic(weights, gap, error)) > FIRST_BOUND
    if not (years[0] < REFERENCE < years[-1] and REFERENCE in years):
        return 100 * first.mean(), 100 * first.mean()
    since, own = years >= REFERENCE, np.zeros(weights.shape)
    own[:, since] = slope_weights(years[since].astype(float), error[:, since])
    # with as many students every year, all series have one correlation
    one, other, variance = weights[0], own[0], error[0] ** 2
    alike = (one * other) @ variance / np.sqrt((one**2 @ variance) * (other**2 @ variance))
    any_of_them = first | (np.abs(_statistic(own, gap, error)) > second_bound(alike))
    return 100 * first.mean(), 100 * any_of_them.mean()


def _statistic(weights, gap, error):
    return (weights * gap).sum(1) / np.sqrt((weights**2 * error**2).sum(1))


def trends():
    """Of each district: by scatter, how often a change is called with none and with one."""
    found = {}
    for name, district in DISTRICTS.items():
        draws = np.random.default_rng(20_261_126)
        found[name] = {
            str(scatter): {
                what: [
                    called_changed(draws, YEARS[-many:], district, total, scatter) for many in MANY
                ]
                for what, total in (("none", 0), ("change", district[-1]))
            }
            for scatter in SCATTERS
        }
    return found


def school_frame(draws, number, size, above, differ):
    """Rows of schools in four years, which the share of disadvantaged students moves (frame).

    And each school's own true points above what its mix predicts (array); the tenth has ``above``.
    """
    share, own = np.linspace(0.2, 0.9, number), draws.normal(size=number) * differ / 100
    own[9] = above / 100 if above else own[9]
    rows = []
    for year in (2022, 2023, 2024, 2025):
        for school in range(number):
            for grade, base in GRADES.items():
                n = int(draws.integers(*size))
                rate = base - 0.4 * (share[school] - 0.55) + own[school]
                poor = draws.binomial(2 * n, share[school])
                met = draws.binomial(n, np.clip(rate, 0.02, 0.98))
                for group, tested, meeting in ((78, n, met), (1, 2 * n, n), (31, poor, 0)):
                    rows.append((year, f"{school + 1:07d}", grade, group, tested, meeting))
    names = ["year", "school_code", "grade", "group_id", "tested", "n_met"]
    frame = pd.DataFrame(rows, columns=names)
    return _in_full(frame), own


def _in_full(frame):
    """The frame with the other columns of the tidy layout that bright spots read."""
    counts = dict.fromkeys(("n_exceeded", "n_nearly_met"), 0)
    same = {"county_code": "99", "district_code": "10017", "type_id": 7, "level": "school"}
    same |= {"test_id": 2, "for_trend": True, "missing_tested": "", "missing_scores": ""}
    met = frame["n_met"]
    frame = frame.assign(
        **same,
        **counts,
        school_name="School " + frame["school_code"],
        district_name="",
        county_name="",
        group=frame["group_id"].map(GROUPS),
        enrolled=frame["tested"],
        with_scores=frame["tested"],
        n_not_met=frame["tested"] - met,
        mean_scale_score=np.nan,
        pct_met_and_above=100 * met / frame["tested"].clip(lower=1),
    )
    types = dict.fromkeys(("tested", "with_scores", "enrolled"), "Int32")
    types |= {name: "Int32" for name in frame if name.startswith("n_")}
    return frame.astype(types)


def spots(case, pages=PAGES, seed=20_261_126):
    """Of 100 pages: how many list the school that stands above, and how many a false one.

    False is a school whose own true points are none or fewer. Gives two floats.
    """
    draws, found, false = np.random.default_rng(seed), 0, 0
    for _ in range(pages):
        frame, own = school_frame(draws, *case)
        listed = bright_spots(frame, group=78)["school_code"].astype(int).to_numpy() - 1
        found += 9 in listed
        false += bool((own[listed] <= 0).any())
    return 100 * found / pages, 100 * false / pages


def coverage(shape, sizes, tables=TABLES, seed=20_261_126):
    """Of 100 tables whose V can be given: how many intervals hold the true V."""
    v, ratio, cuts = shape
    mean = v * np.sqrt((1 + ratio**2) / 2)
    low, high = (
        np.diff([0, *norm.cdf((np.array(cuts) - middle) / spread), 1])
        for middle, spread in ((0, 1), (mean, ratio))
    )
    draws, held, given = np.random.default_rng(seed), 0, 0
    for _ in range(tables):
        try:
            value, error = v_gap(
                draws.multinomial(sizes[0], low), draws.multinomial(sizes[1], high)
            )
        except Refusal:
            continue
        given += 1
        held += abs(value - v) <= norm.ppf(0.975) * error
    return 100 * held / given, 100 * given / tables


SECTION = """## The verdicts on gaps
Simulated districts, students drawn one by one; `python docs/verdicts.py` runs all of it again
(20,000 series, {pages} pages, 2,000 tables each). The usable years are the newest of 2015 to 2019
and 2022 to 2025.

### How often a trend is called a change
A gap moves steadily from its first year to its last, by the same points however many years there
are, and years scatter about that by 0, 1 or 2 points (SD) beyond chance among students. Where
nothing goes on: percent of series in which the verdict since the first year, and in which that or
the one since 2019, is a change. Where something does: percent in which the verdict since the first
year finds it. **Stated: with nothing going on and no scatter between 3 and 7 percent, and a year
more takes no power**, but for two points or so near none, where a group's spread changes with its
percent.

{trends}

Scatter is not tested against, for two years cannot tell it from change: in a large district whose
years scatter by two points, two or three in ten such gaps are called changed with no trend behind
them. Where the years themselves show scatter, the words say that it was no steady course.

### How often a bright spot is found
Three grades in four years; results fall as the share of disadvantaged students grows. Percent of
pages that list the school which stands above, and of pages that list one which does not. **Stated:
8 points are found on 60 percent of pages or more, and 5 percent or fewer of the pages of each row
have a false one.** Each row is {pages} pages, so what is found is known to about 4 percent either
way, and what is false, where that is rare, to 1 or 2.

{spots}

### How often the interval of V holds it
Counts in four levels drawn from two normal curves. Percent of the 95 % intervals that hold the true
V, by the students of the two groups; in parentheses the percent of tables that have a V at all.

{coverage}
"""


def section():
    """What docs/validation.md says of all this, from the kept numbers (text)."""
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    rows = [
        (f"{name}; scatter {scatter}", label, *rates)
        for name, by_scatter in kept["trends"].items()
        for scatter, found in by_scatter.items()
        for label, rates in _trend_rows(found, DISTRICTS[name][-1])
    ]
    pages = [
        (name, f"{found:.0f}" if case[2] else "", f"{false:.1f}")
        for (name, case), (found, false) in zip(SCHOOLS.items(), kept["spots"], strict=True)
    ]
    tables = [
        (name, *(f"{held:.1f} ({given:.0f})" for held, given in found))
        for name, found in zip(SHAPES, kept["coverage"], strict=True)
    ]
    sizes = [f"{one} and {other}" for one, other in SIZES]
    return SECTION.format(
        pages=kept["pages"],
        trends=_table(("students of the two groups", "", *(f"{n} years" for n in MANY)), rows),
        spots=_table(("schools", "found", "with a false one"), pages),
        coverage=_table(("", *sizes), tables),
    )


def _trend_rows(found, change):
    yield (
        "nothing: first, either",
        [f"{first:.1f}, {either:.1f}" for first, either in found["none"]],
    )
    yield f"{change} points", [f"{first:.0f}" for first, _ in found["change"]]


def _table(head, rows):
    lines = ["| " + " | ".join(row) + " |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]])


def run_all():
    """Every simulation, as docs/verdicts.json keeps it (dict)."""
    return {
        "trends": trends(),
        "pages": PAGES,
        "spots": [spots(case) for case in SCHOOLS.values()],
        "coverage": [[coverage(shape, size) for size in SIZES] for shape in SHAPES.values()],
    }


if __name__ == "__main__":
    write_whole(KEPT, json.dumps(run_all(), indent=1) + "\n")
