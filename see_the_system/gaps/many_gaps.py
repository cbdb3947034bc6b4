"""Many gaps at once, allowing for having looked at all of them."""

import numpy as np
import pandas as pd
from statsmodels.stats import proportion
from statsmodels.stats.multitest import multipletests

from see_the_system.english import are
from see_the_system.gaps.paired import SIDES
from see_the_system.gaps.result_words import (
    cell_words,
    each_row,
    interval_words,
    paragraph,
    spoken,
)
from see_the_system.gaps.two_groups import NO_GAP, gap_in_points
from see_the_system.messages import Refusal

CLEAR = 0.05


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
    result["p_adjusted"] = result["p"]
    if len(result):
        result["p_adjusted"] = multipletests(result["p"], method="fdr_bh")[1]
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
    plural = "s" if len(gaps) > 1 else ""
    sentences = [
        f"Of {len(gaps)} gap{plural} looked at, {len(clear)} {are(len(clear))} clear after "
        "allowing for having looked at them all (Benjamini-Hochberg, 5%)."
    ]
    for row in each_row(clear.iloc[:most]):
        gap = (
            f"{row['focus']} (n={row['n_focus']:,}) and {row['comparison']} "
            f"(n={row['n_comparison']:,}): {spoken(row['gap'], 1)} percentage points "
            f"({interval_words(row['low'], row['high'], 1)})."
        )
        sentences.append(cell_words(row, gap, "focus"))
    if len(clear) > most:
        sentences.append(f"And {len(clear) - most} more, not named here.")
    if len(clear) < len(gaps):
        sentences.append(
            "The others may be gaps too, but with these numbers of students they cannot be told "
            "from chance."
        )
    return paragraph(sentences, gaps, NO_GAP)


def _p_of_difference(gaps):
    """Two-sided p of the score test that both groups have the same percent (array).

    1 where nobody, or everybody, in both meets the standard.
    """
    if not len(gaps):
        return np.empty(0)
    n, met = {}, {}
    for side in SIDES:
        n[side] = gaps[f"n_{side}"].to_numpy()
        met[side] = np.rint(gaps[f"percent_{side}"].to_numpy() * n[side] / 100)
    with np.errstate(all="ignore"):
        p = proportion.test_proportions_2indep(
            met["comparison"],
            n["comparison"],
            met["focus"],
            n["focus"],
            method="score",
            compare="diff",
            correction=False,
        ).pvalue
    return np.where(np.isnan(p), 1.0, p)
