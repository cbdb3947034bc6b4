"""What chance alone makes of many results: schools in a funnel, and many gaps looked at together.

Neither ranks schools or groups.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import bdtr, bdtrik, chdtrc, gammaln, ndtr, ndtri, xlog1py, xlogy

from see_the_system.display import Shown
from see_the_system.gaps.chance import benjamini_hochberg
from see_the_system.gaps.paired import SIDES
from see_the_system.gaps.result_words import (
    cell_words,
    each_row,
    interval_words,
    paragraph,
    spoken,
)
from see_the_system.gaps.schools import students_of
from see_the_system.gaps.two_groups import NO_GAP, gap_in_points, who_is_higher
from see_the_system.messages import Refusal, are, counted

LEAST_SCHOOLS = 3
TAILS = {"lower_95": 0.025, "upper_95": 0.975, "lower_998": 0.001, "upper_998": 0.999}
LIMITS = [*TAILS, *(f"chance_{name}" for name in TAILS)]
CLEAR = 0.05


@dataclass(frozen=True)
class Funnel(Shown):
    """A funnel plot's numbers; ``table`` has one row a school, percents 0-100.

    ``phi`` is the spread of the schools over what chance alone gives (1 = chance); ``tau2`` is the
    variance between schools on the arcsine scale. ``table`` has n, meeting, percent, flag and two
    sets of limits: ``lower_95 ... upper_998`` allow for ordinary differences between schools,
    ``chance_lower_95 ...`` for chance alone; where tau2 is 0 the two are the same. It is empty with
    fewer than three schools.
    """

    centre: float
    phi: float
    tau2: float
    schools: int
    hidden_schools: int
    group: str
    year: str
    table: pd.DataFrame = field(repr=False)

    def limits(self, n_grid):
        """The limits at any numbers of students, for drawing the curves.

        A frame: n, then the columns of ``LIMITS``, percents.
        """
        n = np.asarray(n_grid, dtype=float)
        return pd.DataFrame({"n": n, **_limits(self.centre / 100, self.tau2, n)})


def binomial_limits(centre, n, tail):
    """The proportion below which a share ``tail`` of samples of ``n`` would fall (array).

    Interpolated between whole counts: Spiegelhalter (2005), Statistics in Medicine 24:1185,
    appendix A.1.1. Never below 0, and 1 where only all students could pass it.

    >>> float(binomial_limits(0.0955102, 100, 0.999).round(5))
    0.19199
    """
    n = np.round(n).astype(int)
    count = np.ceil(bdtrik(tail, n, centre)) if 0 < centre < 1 else n * centre
    less = np.maximum(count - 1, 0)  # rounding can have put the count one too high
    count = np.where(bdtr(less, n, centre) >= tail, less, count)
    ways = gammaln(n + 1) - gammaln(count + 1) - gammaln(n - count + 1)
    share = np.exp(ways + xlogy(count, centre) + xlog1py(n - count, -centre))
    below = (bdtr(count, n, centre) - tail) / share
    limit = np.clip((count - below) / n, 0, 1)
    # No school can lie above an upper limit that only "every student" would pass.
    return np.where((count == n) & (tail > 0.5), 1.0, limit)


def arcsine_limits(centre, n, tail, tau2):
    """The same limit with the variance ``tau2`` between schools added on the arcsine scale.

    sin^2(asin(sqrt(centre)) + z sqrt(1 / 4n + tau2)): Spiegelhalter 2005, section 4.
    """
    spread = np.sqrt(1 / (4 * np.asarray(n, dtype=float)) + tau2)
    angle = np.arcsin(np.sqrt(centre)) + ndtri(tail) * spread
    return np.sin(np.clip(angle, 0, np.pi / 2)) ** 2


def overdispersion(n, meeting):
    """Spread beyond chance: (phi, tau2), additive on the arcsine scale.

    10% of the schools at either end are winsorised: Spiegelhalter (2005) and (2012), JRSS-A 175:1.
    tau2 is 0 where the schools vary no more than chance would make them.
    """
    n, meeting = np.asarray(n, dtype=float), np.asarray(meeting, dtype=float)
    weight, schools = 4 * n, len(n)
    angle, centre = np.arcsin(np.sqrt(meeting / n)), np.arcsin(np.sqrt(meeting.sum() / n.sum()))
    z = (angle - centre) * np.sqrt(weight)
    phi = np.mean(np.clip(z, *np.quantile(z, [0.1, 0.9])) ** 2)
    per_tau2 = weight.sum() - (weight**2).sum() / weight.sum()
    excess = (schools * phi - (schools - 1)) / per_tau2
    return float(phi), float(max(excess, 0.0))


def funnel(schools):
    """Funnel limits for schools' percents around their pooled percent (``Funnel``).

    ``schools``: a frame with ``n`` and ``meeting``, as ``schools_for_group`` gives it. ``flag`` is
    above, within or below the 99.8% limits, with ordinary differences between schools allowed for
    where schools vary more than chance; about one school in a hundred that differs no more than
    ordinarily is still flagged, because winsorising makes those differences look a little smaller.
    Raises ``Refusal`` for impossible counts.
    """
    used, context = _comparable(schools)
    if used.empty:
        table = used.assign(**dict.fromkeys(LIMITS, 0.0), flag="")
        return Funnel(centre=np.nan, phi=np.nan, tau2=np.nan, table=table, **context)
    centre = used["meeting"].sum() / used["n"].sum()
    phi, tau2 = overdispersion(used["n"], used["meeting"])
    table = used.assign(**_limits(centre, tau2, used["n"].to_numpy()))
    edge = 1e-9  # a school on the limit, but for rounding, is within
    above = table["percent"] > table["upper_998"] + edge
    below = table["percent"] < table["lower_998"] - edge
    table["flag"] = np.select([above, below], ["above", "below"], "within")
    return Funnel(centre=float(100 * centre), phi=phi, tau2=tau2, table=table, **context)


def describe_funnel(result):
    """How many schools lie inside and outside the limits (text); names and ranks no school."""
    if result.table.empty:
        return _too_few(result)
    expected = "chance alone"
    spread = "Schools vary no more than chance alone would make them."
    inside = "inside them, an order of schools would mostly be chance"
    if result.tau2 > 0:
        expected = "chance and ordinary differences between schools"
        spread = (
            f"The spread between schools (as a variance) is {result.phi:.1f} times what chance "
            "alone would make it."
        )
        inside = "an order of those inside would mostly be chance"
        if chdtrc(result.schools - 1, result.phi * result.schools) >= CLEAR:
            spread = f"{spread[:-1]}, which may be chance itself."
        else:
            inside = (
                "those inside differ too, by more than chance, as schools here ordinarily do, "
                "though a small difference between two of them may be chance"
            )
    flags = result.table["flag"].tolist()
    n = result.table["n"]
    return (
        f"Of {result.schools} schools with results for {_who(result)}, {_inside(flags)} "
        f"within what {expected} would give around the pooled {result.centre:.1f}% meeting the "
        f"standard (99.8% limits){_outside(flags)}. "
        f"{spread} {_sizes(n.min(), n.max())}{_hidden(result)}. A school outside the limits is a "
        f"place to go and ask what is different; {inside}."
    )


def _sizes(least, most):
    if least == most:
        return f"Each of the schools has {least:,} such students with scores"
    return f"The schools have from {least:,} to {most:,} such students with scores"


def _inside(flags):
    inside = flags.count("within")
    if inside == len(flags):
        return "all lie"
    return f"{inside} {'lies' if inside == 1 else 'lie'}"


def _outside(flags):
    sides = [f"{flags.count(side)} {side}" for side in ("above", "below") if side in flags]
    return f", {' and '.join(sides)}" if sides else ""


def _limits(centre, tau2, n):
    """Every limit at ``n`` students, in percent (dict by the names of ``LIMITS``)."""
    chance, limits = {}, {}
    for name, tail in TAILS.items():
        exact = 100 * binomial_limits(centre, n, tail)
        chance[f"chance_{name}"] = exact
        limits[name] = 100 * arcsine_limits(centre, n, tail, tau2) if tau2 > 0 else exact
    return limits | chance


def _comparable(schools):
    """The schools with results, none of them where too few have; what is said of them (dict)."""
    n, meeting = schools["n"].fillna(0), schools["meeting"].fillna(0)
    if ((meeting < 0) | (meeting > n)).any():
        raise Refusal(
            "A school has more students meeting the standard than students with scores; give "
            "n and meeting as whole numbers."
        )
    used = schools[n > 0]
    used = used.assign(percent=(100 * used["meeting"] / used["n"]).astype("float64"))
    context = {
        "schools": len(used),
        "hidden_schools": int((n == 0).sum()),
        "group": _only(schools, "group"),
        "year": _only(schools, "year"),
    }
    return (used if len(used) >= LEAST_SCHOOLS else used.iloc[:0]), context


def _only(schools, column):
    """The one value of a column, "" where there are several; without rows, what the notes say."""
    values = schools[column].unique() if column in schools else []
    if len(values) == 0:
        return schools.attrs.get(column, "")
    return str(values[0]) if len(values) == 1 else ""


def _who(result):
    when = f" in {result.year}" if result.year else ""
    return f"{students_of(result.group)}{when}"


def _hidden(result):
    count = result.hidden_schools
    if not count:
        return ""
    have = "has" if count == 1 else "have"
    more = " more" if result.schools else ""
    return f"; {counted(count, f'{more} school'.strip())} {have} results hidden to protect students"


def _too_few(result):
    numbers = {0: "No school has", 1: "Only one school has"}
    have = numbers.get(result.schools, f"Only {result.schools} schools have")
    return (
        f"{have} results for {_who(result)} to show{_hidden(result)}. With fewer than "
        f"{LEAST_SCHOOLS} schools, what chance alone makes them differ by cannot be told from "
        "anything else."
    )


def many_gaps(frame, *, pairs=None, focus=(), comparison=None, by=("year",)):
    """Many gaps in percentage points, with p-values that allow for having looked at all of them.

    Give ``pairs`` of (focus, comparison), or a list of ``focus`` groups against one ``comparison``.
    Gives a DataFrame: the columns of ``gap_in_points`` and p (score test of equal proportions),
    p_adjusted (Benjamini & Hochberg 1995: of the gaps called clear at 0.05, about one in twenty or
    fewer is expected to be chance) and clear (p_adjusted below 0.05). low and high stay those of
    each gap alone.
    """
    if pairs is None and comparison is not None:
        groups = [focus] if isinstance(focus, (str, int)) else focus
        pairs = [(group, comparison) for group in groups]
    pairs = list(pairs or ())
    if not pairs:
        raise Refusal(
            "There are no gaps to look at; give pairs=[(focus, comparison), ...], or "
            "focus=[...] with one comparison."
        )
    tables = [gap_in_points(frame, focus=one, comparison=other, by=by) for one, other in pairs]
    left_out = [table.attrs["left_out"] for table in tables]
    notes = {"test": tables[0].attrs["test"], "left_out": " ".join(filter(None, left_out))}
    for table in tables:
        table.attrs = {}  # so that none of one table's notes stays with all of them
    result = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    result["p"] = _p_of_difference(result)
    result["p_adjusted"] = benjamini_hochberg(result["p"].to_numpy())
    result["clear"] = result["p_adjusted"] < CLEAR
    result.attrs = notes
    return result


def describe_many_gaps(gaps, *, most=5):
    """How many gaps were looked at, how many are clear after adjusting, and the first of these.

    gaps: a frame of ``many_gaps``; most: how many are named (text).
    """
    if not len(gaps):
        return paragraph([], gaps, NO_GAP)
    clear = gaps[gaps["clear"]]
    count = "none is" if clear.empty else f"{len(clear)} {are(len(clear))}"
    sentences = [
        f"Of {len(gaps)} gaps looked at, {count} clear after "
        "allowing for having looked at them all (Benjamini-Hochberg, 5%)."
    ]
    if len(gaps) == 1:
        sentences = [f"The one gap looked at is {'not ' if clear.empty else ''}clear (at 5%)."]
    for row in each_row(clear.iloc[:most]):
        gap = (
            f"{row['focus']} (n={row['n_focus']:,}) and {row['comparison']} "
            f"(n={row['n_comparison']:,}): {spoken(row['gap'], 1)} percentage points "
            f"({interval_words(row['low'], row['high'], 1)}){who_is_higher(row, [row['gap']], 1)}."
        )
        sentences.append(cell_words(row, gap, "focus"))
    if len(clear) > most:
        sentences.append(f"And {len(clear) - most} more, not named here.")
    if len(clear) < len(gaps):
        them = "it" if len(gaps) - len(clear) == 1 else "them"
        may = "It may be a gap, but" if len(gaps) == 1 else "There may be gaps, but"
        if len(clear):
            may = "The others may be gaps too, but"
        if len(clear) and them == "it":
            may = "The other may be a gap too, but"
        sentences.append(f"{may} these numbers of students cannot tell {them} from chance.")
    return paragraph(sentences, gaps, NO_GAP)


def _p_of_difference(gaps):
    """Two-sided p of the score test that both groups have the same percent (array).

    1 where nobody, or everybody, in both meets the standard.
    """
    n_focus, n_comparison = (gaps[f"n_{side}"].to_numpy() for side in SIDES)
    focus, comparison = (gaps[f"percent_{side}"].to_numpy() / 100 for side in SIDES)
    pooled = (n_focus * focus + n_comparison * comparison) / (n_focus + n_comparison)
    error = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n_focus + 1 / n_comparison))
    z = np.divide(comparison - focus, error, out=np.zeros(len(gaps)), where=error > 1e-12)
    return 2 * ndtr(-np.abs(z))
