"""What is named most often: counts in order, and whether a few of them really stand out."""

from collections.abc import Mapping
from itertools import accumulate

import numpy as np
import pandas as pd
from scipy import stats

from see_the_system.messages import Refusal

OTHER = "other"
DRAWS, CLEAR, FEW = 9_999, 0.05, 30


def pareto(counts, *, most=8):
    """How often each thing was counted, largest first, and what share they hold together
    (DataFrame).

    counts: a mapping or Series from name to whole number. Columns: name, count, percent and
    cumulative (percents of all, 0-100). Beyond the ``most`` largest, the rest are summed under
    "other", which always stands last, as does an "other" that was counted. ``attrs``: ``names``
    (how many things were counted), ``others`` (how many "other" holds), ``even`` (p of a
    chi-squared test that all are equally frequent, by simulation with a fixed seed where fewer than
    five are expected of each) and ``order`` (p of an exact binomial test of the first two). Raises
    ``Refusal`` for averages, percents, negative counts and fewer than two names.

    >>> pareto({"placement": 12, "late results": 7, "other": 9})["name"].tolist()
    ['placement', 'late results', 'other']
    """
    if isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 1:
        raise Refusal(
            f"A Pareto chart shows at least one name, so most={most!r} cannot be; give a "
            "whole number from 1."
        )
    named = _named(counts)
    rest = named.pop(OTHER, 0)
    ranked = sorted(named.items(), key=lambda pair: -pair[1])
    kept = ranked if len(ranked) == most + 1 and not rest else ranked[:most]
    rows = kept + (
        [(OTHER, rest + sum(count for _, count in ranked[len(kept) :]))]
        if rest or len(kept) < len(ranked)
        else []
    )
    table = pd.DataFrame(rows, columns=["name", "count"]).astype({"name": "str", "count": "int64"})
    table["percent"] = 100 * table["count"] / table["count"].sum()
    table["cumulative"] = [
        100 * running / table["count"].sum() for running in accumulate(table["count"])
    ]
    sizes = [count for _, count in ranked]
    table.attrs = {
        "names": len(ranked),
        "others": len(ranked) - len(kept),
        "even": _even(sizes),
        "order": _order(sizes),
    }
    return table


def describe_pareto(table):
    """What a frame of ``pareto`` shows, in sentences: the largest, how many make four fifths, what
    it does not say (text).
    """
    total, names, held = (
        int(table["count"].sum()),
        table.attrs["names"],
        table[table["name"] != OTHER],
    )
    first = held.iloc[0]
    words = [
        f"{total:,} were counted under {names} names. The largest is {first['name']}: "
        f"{first['count']:,}, {first['percent']:.0f} percent."
    ]
    if len(held) > 1 and table.attrs["even"] < CLEAR <= table.attrs["order"]:
        second = held.iloc[1]
        words.append(
            f"Next is {second['name']} with {second['count']:,}; which of the two is larger "
            "could be chance."
        )
    words.append(_shape(table, total, names))
    other = table[table["name"] == OTHER]
    if len(other) and other["count"].iloc[0] >= first["count"]:
        words.append(
            f'"Other" is as large as any name ({other["count"].iloc[0]:,}): look at what is '
            "in it before you choose."
        )
    return " ".join(
        [
            *words,
            "Counts say how often a thing was named, not how much it matters or what it causes.",
        ]
    )


def _named(counts):
    """The counts as a dict in the order given, each checked; one "other" however it is written."""
    if not isinstance(counts, (Mapping, pd.Series)):
        raise Refusal(
            'A Pareto chart needs a count for each name, as {"placement": 12, "late results": 7}.'
        )
    found = {}
    for name, count in counts.items():
        name = " ".join(str(name).split())
        name = OTHER if name.casefold() == OTHER else name
        found[name] = found.get(name, 0) + _whole(name, count)
    few = len(found.keys() - {OTHER})
    if few < 2:
        raise Refusal(
            f"A Pareto chart compares names, and {few or 'none'} was given besides other; "
            "give two or more with their counts."
        )
    if not sum(count for name, count in found.items() if name != OTHER):
        raise Refusal(
            "Nothing was counted under any name, so there is nothing to put in order; give "
            "counts above zero."
        )
    return found


def _whole(name, count):
    try:
        number = float(count)
    except (TypeError, ValueError):
        number = np.nan
    if (
        not np.isfinite(number)
        or number < 0
        or number != round(number)
        or isinstance(count, (bool, str))
    ):
        raise Refusal(
            f'The count of "{name}" is {count!r}; a Pareto chart adds up how often each '
            "thing was counted, so give a whole number from 0, "
            "not an average or a percent."
        )
    return int(number)


def _even(sizes):
    """Two-sided p that all names are equally frequent (Pearson's chi-squared)."""
    k, total = len(sizes), sum(sizes)
    found = stats.chisquare(sizes)
    if total / k >= 5:
        return float(found.pvalue)
    drawn = np.random.default_rng(2026).multinomial(total, [1 / k] * k, size=DRAWS)
    chance = ((drawn - total / k) ** 2).sum(axis=1) / (total / k)
    return float((1 + (chance >= found.statistic - 1e-9).sum()) / (DRAWS + 1))


def _order(sizes):
    first, second = sizes[:2]
    return float(stats.binomtest(first, first + second).pvalue)


def _shape(table, total, names):
    """Whether few names hold most of the count, said only where the counts are clearly uneven."""
    if table.attrs["even"] >= CLEAR:
        few = (
            f" With {total} counted that does not show that they are even: count more."
            if total < FEW
            else ""
        )
        even = f"(chi-squared test, p = {table.attrs['even']:.2f})"
        return (
            f"The counts differ no more than chance would make them {even}, so no few of them "
            f"stand out.{few}"
        )
    held = table[table["name"] != OTHER]
    enough = int((held["cumulative"] < 80 - 1e-9).sum()) + 1
    if enough > len(held):
        together = f"{held['cumulative'].iloc[-1]:.0f} percent together"
        return (
            f"The counts are uneven, yet the {len(held)} names shown hold {together}: many small "
            "ones remain."
        )
    share = (
        f"{enough} of the {names} names hold {held['cumulative'].iloc[enough - 1]:.0f} percent "
        "of all"
    )
    return (
        f"The counts are uneven: {share}."
        if enough <= names / 2
        else f"The counts are uneven, yet no few hold most: {share}."
    )
