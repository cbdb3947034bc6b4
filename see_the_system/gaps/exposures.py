"""From students to systems: how much of a gap goes with what students of two groups were exposed
to, and whether something that goes with results from school to school goes with them inside schools
too.

Both need rows of students, as a district has them. A share says what the gap would lose if both
groups were exposed alike and nothing else changed; that the exposure *makes* the difference is for
the process, the interviews and a test of change to show.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.stats import norm, t

from see_the_system.messages import Refusal, nearest

LEAST = 20


@dataclass(frozen=True)
class Shares:
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
class Slopes:
    """How an outcome goes with something between units (schools) and within them: slopes per unit
    of it, their 95 % intervals, correlations.
    """

    thing: str
    outcome: str
    unit: str
    units: int
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
    needed = [*dict.fromkeys([outcome, *exposures, *given, *alike, cluster, group])]
    used = _read(students, needed, numbers=[outcome, *exposures, *given])
    sides = {
        name: used[used[group].isin([each] if isinstance(each, str) else list(each))]
        for name, each in (("focus", focus), ("comparison", comparison))
    }
    names = {"focus": _name(focus), "comparison": _name(comparison)}
    for side, rows in sides.items():
        if len(rows) < LEAST:
            raise Refusal(
                f"{names[side]} has {len(rows)} students with everything known; {LEAST} are "
                "needed. Choose a larger group, or more grades or years."
            )
    effects, errors, times = _effects(
        used, outcome, list(exposures), list(given), [*alike, group], cluster
    )
    means = {side: rows[list(exposures)].mean().to_numpy() for side, rows in sides.items()}
    spread = sum(rows[list(exposures)].var().to_numpy() / len(rows) for rows in sides.values())
    differ = means["comparison"] - means["focus"]
    part, reach = effects * differ, times * np.sqrt((differ * errors) ** 2 + effects**2 * spread)
    gap = float(sides["comparison"][outcome].mean() - sides["focus"][outcome].mean())
    table = pd.DataFrame(
        {
            "exposure": list(exposures),
            "effect": effects,
            "effect_low": effects - times * errors,
            "effect_high": effects + times * errors,
            "mean_focus": means["focus"],
            "mean_comparison": means["comparison"],
            "part": part,
            "low": part - reach,
            "high": part + reach,
            "share": 100 * part / gap,
        }
    )
    return Shares(
        gap,
        float(gap - part.sum()),
        len(sides["focus"]),
        len(sides["comparison"]),
        names["focus"],
        names["comparison"],
        outcome,
        table,
    )


def describe_shares(shares, *, names=None):
    """The gap and its parts in sentences (text); ``names`` gives exposures their plain names."""
    names = names or {}
    rows = [
        f"{names.get(row.exposure, row.exposure)}: {row.share:.0f} percent of it "
        f"({row.low:.2f} to {row.high:.2f})"
        for row in shares.table.sort_values("part", ascending=False).itertuples()
    ]
    return (
        f"The gap between {shares.comparison} ({shares.n_comparison:,} students) and "
        f"{shares.focus} ({shares.n_focus:,}) is {shares.gap:.2f} in {shares.outcome}. "
        "With what the two groups were given unlike goes, among students who are otherwise "
        f"alike: {'; '.join(rows)}. The rest, {shares.rest:.2f}, goes with none "
        "of these. A share says what goes together; what makes it is for the process, the "
        "interviews and a test to show."
    )


def slopes(students, thing, *, outcome="score", unit="school", alike=()):
    """How ``outcome`` goes with ``thing`` between units (their means) and within them (``Slopes``).

    A correlation of schools' means says nothing about students (Robinson 1950, American
    Sociological Review 15:351). Within: students of one unit, and alike in ``alike``; intervals by
    clusters of units. Raises ``Refusal`` with fewer than 3 units.
    """
    used = _read(
        students, [*dict.fromkeys([outcome, thing, unit, *alike])], numbers=[outcome, thing]
    )
    means = used.groupby(unit)[[thing, outcome]].mean()
    if len(means) < 3 or means[thing].nunique() < 2:
        raise Refusal(
            f"{len(means)} {unit}s with {thing} known are too few to compare; 3 that differ "
            f"are needed. Take more {unit}s or the whole network."
        )
    fit = sm.OLS(means[outcome], sm.add_constant(means[thing])).fit()
    reach = t.ppf(0.975, fit.df_resid) * fit.bse[thing]
    slope, error, times = _effects(used, outcome, [thing], [], [unit, *alike], unit)
    inside = used[[thing, outcome]] - used.groupby([unit, *alike])[[thing, outcome]].transform(
        "mean"
    )
    return Slopes(
        thing,
        outcome,
        unit,
        len(means),
        len(used),
        float(fit.params[thing]),
        (float(fit.params[thing] - reach), float(fit.params[thing] + reach)),
        float(means[thing].corr(means[outcome])),
        float(slope[0]),
        (float(slope[0] - times * error[0]), float(slope[0] + times * error[0])),
        float(inside[thing].corr(inside[outcome])),
    )


def describe_slopes(found, *, name=None, step=1.0, words=""):
    """What goes together between units and what within them, in sentences (text); ``step`` is the
    difference in ``thing`` that is spoken of.
    """
    name, words = name or found.thing, words or f"{step:g} more"
    within = tuple(step * end for end in found.within_interval)
    clear = within[0] > 0 or within[1] < 0
    return (
        f"Between {found.units} {found.unit}s, {name} and {found.outcome} go together (r = "
        f"{found.between_r:.2f}). Within {found.unit}s, among {found.n:,} students, "
        f"{words} goes with {step * found.within:+.2f} in {found.outcome} (95% interval "
        f"{within[0]:+.2f} to {within[1]:+.2f}). "
        + (
            f"So it goes with results inside {found.unit}s too."
            if clear
            else f"What {found.unit}s differ in is not what students inside a {found.unit} differ "
            f"in: ask what else these {found.unit}s have in common."
        )
    )


def _effects(used, outcome, exposures, given, cells, cluster):
    """Coefficients and clustered standard errors of the exposures, a constant for each cell taken
    out (Frisch and Waugh 1933).
    """
    columns = [outcome, *exposures, *given]
    values = used[columns].astype(float)
    if len(cells):
        values = values - values.groupby([used[cell] for cell in cells], dropna=False).transform(
            "mean"
        )
    flat = [name for name in exposures if np.ptp(values[name].to_numpy()) < 1e-9]
    if flat:
        raise Refusal(
            f"{flat[0]!r} does not differ among students alike, so nothing can be said of "
            "it. Leave it out, or compare fewer things at once."
        )
    _told_apart(values[[*exposures, *given]])
    groups = used[cluster].astype("category").cat.codes.to_numpy()
    clusters = len(np.unique(groups))
    how = (
        {"cov_type": "cluster", "cov_kwds": {"groups": groups}}
        if clusters > 1
        else {"cov_type": "HC1"}
    )
    fit = sm.OLS(values[outcome], values[[*exposures, *given]]).fit(**how)
    # Few clusters say little of how alike students of one are: Student's t of as many less one.
    reach = t.ppf(0.975, clusters - 1) if clusters > 1 else norm.ppf(0.975)
    return fit.params[exposures].to_numpy(), fit.bse[exposures].to_numpy(), reach


def _told_apart(values):
    scaled = (values / values.std()).to_numpy()
    if np.linalg.matrix_rank(scaled) == values.shape[1]:
        return
    alike = values.corr().abs().to_numpy() - np.eye(values.shape[1])
    one, other = np.unravel_index(alike.argmax(), alike.shape)
    raise Refusal(
        f"{values.columns[one]!r} and {values.columns[other]!r} cannot be told apart among "
        "these students: they go up and down together. "
        "Leave one of them out, or take more schools."
    )


def _read(students, needed, *, numbers):
    for name in needed:
        if name not in students.columns:
            close = (
                " or ".join(map(repr, nearest(name, [str(one) for one in students.columns])))
                or "one of its columns"
            )
            raise Refusal(f"The students' table has no column {name!r}. Did you mean {close}?")
    for name in numbers:
        if not (
            pd.api.types.is_numeric_dtype(students[name])
            or pd.api.types.is_bool_dtype(students[name])
        ):
            raise Refusal(
                f"The column {name!r} of the students' table holds text; numbers were "
                "expected. Give the numbers behind it."
            )
    return students[needed].dropna().reset_index(drop=True)


def _name(group):
    return group if isinstance(group, str) else " and ".join(group)
