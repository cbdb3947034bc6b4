"""What is named most often: counts in order, whether a few really stand out, words and picture."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from see_the_system.charts.chart_marks import head
from see_the_system.charts.chart_words import percent
from see_the_system.charts.panels import LARGE, Panel, new_axes, seat
from see_the_system.messages import Refusal, listed
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import COMPARISON, LIGHT, QUIET, RULE

OTHER = "other"
DRAWS, CLEAR, FEW = 9_999, 0.05, 30
_BETWEEN = 13  # from line to line of the names beside the bars


def pareto(counts, *, most=8):
    """How often each thing was counted, largest first, and what share they hold together.

    A DataFrame. counts: a mapping or Series from name to whole number. Columns: name, count,
    percent and cumulative (percents of all, 0-100). Beyond the ``most`` largest, the rest are
    summed under "other", which always stands last, as does an "other" that was counted. ``attrs``:
    ``names`` (how many things were counted), ``others`` (how many of them "other" holds), ``other``
    (what was counted as other), ``even`` (p of a chi-squared test that all are equally frequent, by
    simulation with a fixed seed where fewer than five are expected of each) and ``order`` (p of an
    exact binomial test of the first two). Raises ``Refusal`` for averages, percents, negative
    counts and fewer than two names.

    >>> pareto({"placement": 12, "late results": 7, "other": 9})["name"].tolist()
    ['placement', 'late results', 'other']
    """
    _must_be_from_one(most)
    named = _named(counts)
    other = named.pop(OTHER, 0)
    ranked = sorted(named.items(), key=lambda pair: pair[1], reverse=True)
    sizes = [count for _, count in ranked]
    # One name too many is shown by its name: "other" would take as much room.
    kept = len(ranked) if len(ranked) == most + 1 and not other else most
    rest = sizes[kept:]
    rows = ranked[:kept]
    if other or rest:
        rows.append((OTHER, other + sum(rest)))
    table = pd.DataFrame(rows, columns=["name", "count"]).astype({"name": "str", "count": "int64"})
    total = table["count"].sum()
    table["percent"] = 100 * table["count"] / total
    table["cumulative"] = 100 * table["count"].cumsum() / total
    first, second = sizes[:2]
    table.attrs = {
        "names": len(ranked),
        "others": len(rest),
        "other": int(other),
        "even": _p_of_even(sizes),
        "order": float(stats.binomtest(first, first + second).pvalue),
    }
    return table


def describe_pareto(table):
    """What a frame of ``pareto`` shows, in sentences (text).

    The largest, how many make four fifths, what it does not say.
    """
    names = table.attrs["names"]
    beside = ' and "other"' if table.attrs["other"] else ""
    held = table[table["name"] != OTHER]
    other = table["count"][table["name"] == OTHER].sum()
    first = held.iloc[0]
    largest = held["name"][held["count"] == first["count"]]
    total = table["count"].sum()
    were = "was" if total == 1 else "were"
    lead = f"{total:,} {were} counted under {names} names{beside}. The largest"
    count = f"{first['count']:,}, {first['percent']:.0f} percent"
    words = [f"{lead} is {first['name']}: {count}."]
    if len(largest) > 1:
        words = [f"{lead} are {listed(largest)}, alike: {count} each."]
    elif len(held) > 1 and table.attrs["even"] < CLEAR <= table.attrs["order"]:
        second = held.iloc[1]
        words.append(
            f"Next is {second['name']} with {second['count']:,}; which of the two is larger could "
            "be chance."
        )
    words.append(_shape(table, held))
    if other >= first["count"]:
        words.append(
            f'"Other" is as large as any name ({other:,}): look at what is in it before you choose.'
        )
    words.append(
        "Counts say how often a thing was named, not how much it matters or what it causes."
    )
    return " ".join(words)


def plot_pareto(table, *, name="", width=7.2):
    """How often each thing was named, as bars, and what share they hold together, as a line (Axes).

    ``pareto``'s frame in, largest first. Bars and line share one scale: its whole length is all
    that was counted.
    """
    names = [lettering.wrap(str(text), LARGE, width * 72 * 0.36) for text in table["name"]]
    counts = [f"{count:,}" for count in table["count"]]
    counts_wide = 10 + max(lettering.width(text, LARGE, bold=True) for text in counts)
    names_wide = max(lettering.width(line, LARGE) for lines in names for line in lines)
    rows = np.array([max(26, 10 + _BETWEEN * len(lines)) for lines in names])
    left = counts_wide + 11 + names_wide
    ax = new_axes()
    panel = Panel(ax, width * 72 - left - 52, float(rows.sum()), left, 40)
    ax.set_axis_off()
    middles = panel.high - np.cumsum(rows) + rows / 2
    bars = table["percent"].to_numpy() / 100 * panel.wide
    for y, bar, each in zip(middles, bars, table["name"], strict=True):
        look = {"facecolor": LIGHT}
        if each == OTHER:
            look = {"facecolor": RULE, "hatch": "///", "edgecolor": "white"}
        panel.fill([0, bar], y - 9, y + 9, linewidth=0, **look)
    for y, lines, count in zip(middles, names, counts, strict=True):
        panel.write(-8, y - 3.6, count, size=LARGE, anchor="right", bold=True)
        upper = y - 3.6 + _BETWEEN * (len(lines) - 1) / 2
        for place, line in enumerate(lines):
            baseline = upper - _BETWEEN * place
            panel.write(-counts_wide - 5, baseline, line, size=LARGE, anchor="right")
    panel.draw(0, [0, panel.high], color=QUIET, linewidth=1)
    together = table["cumulative"].to_numpy() / 100 * panel.wide
    panel.draw(together, middles, linewidth=1.3, markersize=5, **COMPARISON)
    for x, y, share in zip(together, middles, table["cumulative"], strict=True):
        panel.write(x + 5, y + 5, percent(share / 100), color=COMPARISON["color"])
    counted = f"{table['count'].sum():,} counted"
    note = f"{counted}: bars and numbers; squares: the share held together so far"
    head(panel, name, [note])
    seat([[panel]])
    return ax


def _must_be_from_one(most):
    if isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 1:
        raise Refusal(
            f"A Pareto chart shows at least one name, so most={most!r} cannot be; give a whole "
            "number from 1."
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
        if name.casefold() == OTHER:
            name = OTHER
        found[name] = found.get(name, 0) + _whole(name, count)
    names = found.keys() - {OTHER}
    if len(names) < 2:
        few = len(names) or "none"
        raise Refusal(
            f"A Pareto chart compares names, and {few} was given besides other; give two or more "
            "with their counts."
        )
    if not any(found[name] for name in names):
        raise Refusal(
            "Nothing was counted under any name, so there is nothing to put in order; give counts "
            "above zero."
        )
    return found


def _whole(name, count):
    try:
        number = float(count)
    except (TypeError, ValueError):
        number = np.nan
    if isinstance(count, (bool, str)) or not number.is_integer() or number < 0:
        raise Refusal(
            f'The count of "{name}" is {count!r}; a Pareto chart adds up how often each thing was '
            "counted, so give a whole number from 0, not an average or a percent."
        )
    return int(number)


def _p_of_even(sizes):
    """Two-sided p that all names are equally frequent (Pearson's chi-squared)."""
    k, total = len(sizes), sum(sizes)
    expected = total / k
    found = stats.chisquare(sizes)
    if expected >= 5:
        return float(found.pvalue)
    drawn = np.random.default_rng(2026).multinomial(total, [1 / k] * k, size=DRAWS)
    chance = ((drawn - expected) ** 2).sum(axis=1) / expected
    return float((1 + (chance >= found.statistic - 1e-9).sum()) / (DRAWS + 1))


def _shape(table, held):
    """Whether few names hold most of the count, said only where the counts are clearly uneven."""
    names, p = table.attrs["names"], table.attrs["even"]
    total = table["count"].sum()
    if p >= CLEAR:
        words = (
            "The counts differ no more than chance would make them (chi-squared test, p = "
            f"{p:.2f}), so no few of them stand out."
        )
        if total < FEW:
            words += f" With {total} counted that does not show that they are even: count more."
        return words
    together = held["cumulative"]
    enough = int((together < 80 - 1e-9).sum()) + 1
    if enough > len(held):
        remain = "many small ones remain" if table.attrs["others"] else 'the rest is "other"'
        return (
            f"The counts are uneven, yet the {len(held)} names shown hold {together.iloc[-1]:.0f} "
            f"percent together: {remain}."
        )
    share = together.iloc[enough - 1]
    lead = "The counts are uneven"
    if enough > names / 2:
        lead += ", yet no few hold most"
    hold = "holds" if enough == 1 else "hold"
    return f"{lead}: {enough} of the {names} names {hold} {share:.0f} percent of all."
