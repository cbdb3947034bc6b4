"""From students to systems: how much of a gap goes with what students were exposed to.

And whether something that goes with results from school to school goes with them inside schools
too. Both need rows of students, as a district has them. A share says what the gap would lose if
both groups were exposed alike and nothing else changed; whether the exposure *makes* the difference
a test of change has to show.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import norm, t

from see_the_system.display import Shown
from see_the_system.gaps.result_words import ends_words, interval_words, spoken
from see_the_system.messages import Refusal, nearest

LEAST = 20


@dataclass(frozen=True)
class Shares(Shown):
    """A gap and the parts of it that go with exposures; ``table`` has one row an exposure.

    gap: comparison less focus, in the outcome's unit. ``table``: exposure, effect (outcome per unit
    of exposure among students alike) with ``effect_low`` and ``effect_high``, mean_focus,
    mean_comparison, part (effect times the difference of the means), low, high (all 95 %), share
    (percent of the gap). ``rest`` is the gap less all parts.
    """

    gap: float
    rest: float
    n_focus: int
    n_comparison: int
    focus: str
    comparison: str
    outcome: str
    table: pd.DataFrame = field(repr=False)


@dataclass(frozen=True)
class Slopes(Shown):
    """Slopes of the score per unit of ``thing``, intervals and r, between and within schools."""

    thing: str
    schools: int
    n: int
    between: float
    between_interval: tuple
    between_r: float
    within: float
    within_interval: tuple
    within_r: float


def shares_of_gap(
    students,
    exposures,
    *,
    focus,
    comparison,
    outcome="score",
    alike=("school", "grade"),
    given=(),
    cluster="school",
    group="group",
):
    """The parts of a gap that go with exposures that the two groups had unlike (``Shares``).

    students: one row a student. ``alike``: columns that make cells of students alike, besides the
    group itself; ``given``: numbers that students are compared at (a benchmark before). Effects are
    those of one regression on all students with a constant for each cell (pooled coefficients with
    the group among the predictors: Oaxaca 1973, International Economic Review 14:693; Jann 2008,
    Stata Journal 8:453); their intervals allow for students of a ``cluster`` being alike (t with
    one degree less than clusters). Students with anything missing are left out. Raises ``Refusal``
    for columns that are not there, no numbers, an exposure that nobody or everybody had, and groups
    below 20 students.
    """
    exposures = list(exposures)
    numbers = [outcome, *exposures, *given]
    used = _read(students, [*numbers, *alike, cluster, group], numbers=numbers)
    focus_rows, focus = _side(used, group, focus)
    comparison_rows, comparison = _side(used, group, comparison)
    effect, error, times = _effects(used, outcome, exposures, given, [*alike, group], cluster)
    sides = [rows[exposures] for rows in (focus_rows, comparison_rows)]
    means = [rows.mean().to_numpy() for rows in sides]
    spread = sum(rows.var().to_numpy() / len(rows) for rows in sides)
    differ = means[1] - means[0]
    part = effect * differ
    # of a product of two estimates: the difference known and the effect not, and the other way
    half = times * np.sqrt((differ * error) ** 2 + effect**2 * spread)
    gap = float(comparison_rows[outcome].mean() - focus_rows[outcome].mean())
    table = {
        "exposure": exposures,
        "effect": effect,
        "effect_low": effect - times * error,
        "effect_high": effect + times * error,
        "mean_focus": means[0],
        "mean_comparison": means[1],
        "part": part,
        "low": part - half,
        "high": part + half,
        "share": 100 * part / gap,
    }
    return Shares(
        gap=gap,
        rest=float(gap - part.sum()),
        n_focus=len(focus_rows),
        n_comparison=len(comparison_rows),
        focus=focus,
        comparison=comparison,
        outcome=outcome,
        table=pd.DataFrame(table),
    )


def describe_shares(shares):
    """The gap and its parts in sentences (text)."""
    parts = "; ".join(
        f"{row.exposure}: {spoken(row.share, 0)} percent of it ({ends_words(row.low, row.high, 2)})"
        for row in shares.table.sort_values("part", ascending=False).itertuples()
    )
    return (
        f"The gap between {shares.comparison} ({shares.n_comparison:,} students) and "
        f"{shares.focus} ({shares.n_focus:,}) is {spoken(shares.gap, 2)} in {shares.outcome}. With "
        "what the two groups were given unlike goes, among students who are otherwise alike: "
        f"{parts}. The rest, {spoken(shares.rest, 2)}, goes with none of these. A share says what "
        "goes together; what makes it is for the process, the interviews and a test to show."
    )


def slopes(students, thing, *, alike=()):
    """How the score goes with ``thing`` between schools (their means) and within (``Slopes``).

    A correlation of schools' means says nothing about students (Robinson 1950, American
    Sociological Review 15:351). Within: students of one school, and alike in ``alike``; intervals
    by clusters of schools. Raises ``Refusal`` with fewer than 3 schools.
    """
    pair, cells = ["score", thing], ["school", *alike]
    used = _read(students, [*pair, *cells], numbers=pair)
    means = used.groupby("school")[pair].mean()
    if len(means) < 3 or means[thing].nunique() < 2:
        raise Refusal(
            f"{len(means)} schools with {thing} known are too few; take 3 or more that differ."
        )
    fit = sm.OLS(means["score"], sm.add_constant(means[thing])).fit()
    effect, error, times = _effects(used, "score", [thing], (), cells, "school")
    within, half_within = float(effect[0]), float(times * error[0])
    inside = used[pair] - used.groupby(cells)[pair].transform("mean")
    return Slopes(
        thing=thing,
        schools=len(means),
        n=len(used),
        between=float(fit.params[thing]),
        between_interval=tuple(fit.conf_int().loc[thing].tolist()),
        between_r=float(means[thing].corr(means["score"])),
        within=within,
        within_interval=(within - half_within, within + half_within),
        within_r=float(inside[thing].corr(inside["score"])),
    )


def describe_slopes(found):
    """What goes together between schools and what within them, in sentences (text)."""
    between, within = (a * b > 0 for a, b in (found.between_interval, found.within_interval))
    too = " too" if between and found.between * found.within > 0 else ""
    meaning = "Neither can be told from chance."
    if within:
        meaning = f"So it goes with results inside schools{too}."
    elif between:
        meaning = "It need not be what differs inside a school: ask what else schools share."
    untold = "" if between else "cannot be told to "
    interval = interval_words(*found.within_interval, 2, "+")
    return (
        f"Between {found.schools} schools, {found.thing} and score {untold}go together (r = "
        f"{spoken(found.between_r, 2)}). Within schools, among {found.n:,} students, 1 more goes "
        f"with {spoken(found.within, 2, '+')} in score ({interval}). {meaning}"
    )


def _side(used, group, names):
    """The students of a side of the gap, which may be several groups together, and its name."""
    names = [names] if isinstance(names, str) else list(names)
    rows, name = used[used[group].isin(names)], " and ".join(names)
    if len(rows) < LEAST:
        raise Refusal(
            f"{name} has {len(rows)} students with everything known; {LEAST} are needed. Take more."
        )
    return rows, name


def _effects(used, outcome, exposures, given, cells, cluster):
    """Coefficients of the exposures, their clustered standard errors, and t for the intervals.

    A constant for each cell is taken out by taking the cell's means from all numbers (Frisch and
    Waugh 1933).
    """
    predictors = [*exposures, *given]
    values = used[[outcome, *predictors]].astype(float)
    values = values - values.groupby([used[cell] for cell in cells], dropna=False).transform("mean")
    for name in exposures:
        if np.ptp(values[name].to_numpy()) < 1e-9:
            raise Refusal(
                f"{name!r} does not differ among students alike, so nothing can be said of "
                "it. Leave it out, or compare fewer things at once."
            )
    _refuse_inseparable(values[predictors])
    groups = used[cluster].astype("category").cat.codes.to_numpy()
    clusters = len(np.unique(groups))
    model = sm.OLS(values[outcome], values[predictors])
    if clusters > 1:
        fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups})
        # Few clusters say little of how alike students of one are: Student's t of as many less one.
        times = t.ppf(0.975, clusters - 1)
    else:
        fit = model.fit(cov_type="HC1")
        times = norm.ppf(0.975)
    return fit.params[exposures].to_numpy(), fit.bse[exposures].to_numpy(), times


def _refuse_inseparable(values):
    """Of things that go up and down together no effect of each can be told."""
    scaled = (values / values.std()).to_numpy()
    if np.linalg.matrix_rank(scaled) == values.shape[1]:
        return
    alike = values.corr().abs().to_numpy() - np.eye(values.shape[1])
    one, other = np.unravel_index(alike.argmax(), alike.shape)
    raise Refusal(
        f"{values.columns[one]!r} and {values.columns[other]!r} cannot be told apart among "
        "these students: they go up and down together. Leave one of them out, or take more schools."
    )


def _read(students, needed, *, numbers):
    """The needed columns of the students with nothing missing."""
    for name in needed:
        if name not in students.columns:
            close = (
                " or ".join(map(repr, nearest(name, map(str, students)))) or "one of its columns"
            )
            raise Refusal(f"The students' table has no column {name!r}. Did you mean {close}?")
    for name in numbers:
        if not pd.api.types.is_numeric_dtype(students[name]):
            raise Refusal(
                f"The column {name!r} of the students' table holds text; give the numbers behind."
            )
    return students[list(dict.fromkeys(needed))].dropna().reset_index(drop=True)
