"""Many predictions together: how sure a team is, and how often it is right.

Questions are those of ``predictions``.
"""

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from see_the_system.charts.chart_marks import head
from see_the_system.charts.panels import LARGE, SMALL, Panel, new_axes, seat
from see_the_system.charts.predictions import amount, score_prediction
from see_the_system.messages import are, counted
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import COMPARISON, FOCUS, LIGHT, QUIET, RULE

LEAST_PREDICTIONS, CLEAR = 10, 0.05
# Each band from its first confidence to below the next one's; ten wide around what people say.
BANDS = (
    (0, 45, "under 45"),
    *((middle - 5, middle + 5, f"about {middle}") for middle in range(50, 91, 10)),
    (95, 101, "95 or more"),
)
BY_BAND = ("band", "confidence", "n", "hits", "rate", "low", "high")
_ROW = 40  # the height of a row of the picture


def calibration(questions):
    """How often predictions came in, by the confidence that was stated (DataFrame, a row a band).

    Only bands that have a prediction. Columns: band (words), confidence (mean stated, percent), n,
    hits, rate (percent that came in), low, high (Wilson's 95 percent interval of the rate,
    percent). Questions without a confidence or without a result are left out. ``attrs``: n, hits,
    expected (sum of the confidences), p (two-sided and exact, of as few or as many hits if every
    confidence were true: Poisson-binomial), verdict ("overconfident", "underconfident", or "" where
    that is not clear or fewer than 10 were made) and left_out. The test takes predictions as
    independent; those of one test of change often are not, so read a p near 0.05 with care.
    """
    with_result = [score for score in map(score_prediction, questions) if score.hit is not None]
    used = [score for score in with_result if score.confidence is not None]
    rows = []
    for low, high, words in BANDS:
        inside = [score for score in used if low <= score.confidence < high]
        if inside:
            rows.append(_band(words, inside))
    table = pd.DataFrame(rows, columns=list(BY_BAND))
    hits = sum(score.hit for score in used)
    chances = [score.confidence / 100 for score in used]
    expected = sum(chances)
    p = _p_of_hits(hits, chances)
    verdict = ""
    if len(used) >= LEAST_PREDICTIONS and p < CLEAR:
        verdict = "overconfident" if hits < expected else "underconfident"
    table.attrs = {
        "n": len(used),
        "hits": hits,
        "expected": expected,
        "p": p,
        "verdict": verdict,
        "left_out": len(with_result) - len(used),
    }
    return table


def describe_calibration(table):
    """What a frame of ``calibration`` says, band by band and in all (text)."""
    n, hits = table.attrs["n"], table.attrs["hits"]
    if not n:
        return (
            "No prediction has both a confidence and a result yet, so how well sure goes with "
            "right cannot be said."
        )
    words = [_band_words(row) for row in table.to_dict("records")]
    expected = amount(round(table.attrs["expected"], 1))
    words.append(
        f"If every stated confidence were true, about {expected} of {n} would have come in; {hits} "
        "did."
    )
    if n < LEAST_PREDICTIONS:
        words.append(
            f"Fewer than {LEAST_PREDICTIONS} predictions tell little: go on writing them down."
        )
    elif table.attrs["verdict"] == "overconfident":
        words.append("That is clearly fewer: next time, write wider ranges or a lower confidence.")
    elif table.attrs["verdict"] == "underconfident":
        words.append("That is clearly more: you may trust narrower ranges or a higher confidence.")
    else:
        words.append(
            "Chance alone often makes a difference as large, so neither over- nor underconfidence "
            "is clear."
        )
    left_out = table.attrs["left_out"]
    if left_out:
        words.append(
            f"{counted(left_out, 'prediction')} without a confidence {are(left_out)} left out."
        )
    return " ".join(words)


def plot_calibration(table, *, width=7.2):
    """How sure a team said it was and how often it was right, a row for each band (Axes).

    ``calibration``'s frame in.
    """
    rows = table.to_dict("records")
    labels = [(_band_name(row["band"]), f"{row['hits']} of {row['n']} came in") for row in rows]
    widths = [lettering.width(line, LARGE) for label in labels for line in label]
    left = 12 + max(widths, default=60)
    ax = new_axes()
    panel = Panel(ax, width * 72 - left - 36, float(_ROW * max(len(rows), 1)), left, 24)
    ax.set_xlim(0, 100)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ticks = range(0, 101, 20)
    ax.set_xticks(ticks, [""] * len(ticks))
    panel.below += 6 + SMALL
    for tick in ticks:
        x = tick / 100 * panel.wide
        panel.write(x, -panel.below, f"{tick}%", anchor="center", color=QUIET)
    panel.below += 4
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        _calibration_row(panel, panel.high - _ROW * (place + 0.5), row, label)
    note = "No prediction has both a confidence and a result yet."
    if rows:
        note = (
            "Upright line: how sure you said you were. Circle: how often it came in, with its 95 "
            "percent interval."
        )
    panel.write_below(note, color=QUIET)
    head(panel, "How sure, and how often right", [])
    seat([[panel]])
    return ax


def _p_of_hits(hits, chances):
    """Two-sided p of so many hits: twice the smaller tail of the Poisson-binomial distribution."""
    spread = np.ones(1)
    for chance in chances:
        spread = np.convolve(spread, [1 - chance, chance])
    tail = min(spread[: hits + 1].sum(), spread[hits:].sum())
    return float(min(1.0, 2 * tail))


def _band(words, scores):
    n = len(scores)
    hits = sum(score.hit for score in scores)
    confidence = sum(score.confidence for score in scores) / n
    low, high = proportion_confint(hits, n, method="wilson")
    return words, confidence, n, hits, 100 * hits / n, 100 * low, 100 * high


def _band_words(row):
    made = counted(row["n"], "prediction")
    sure = f"{row['band']} percent confidence"
    if row["band"] == BANDS[-1][-1]:
        sure = f"{BANDS[-1][0]} percent confidence or more"
    return (
        f"Of {made} made with {sure}, {row['hits'] or 'none'} came in "
        f"({row['rate']:.0f} percent; 95 percent interval {row['low']:.0f} to {row['high']:.0f})."
    )


def _calibration_row(panel, y, row, label):
    low, high, rate, confidence = (
        row[name] / 100 * panel.wide for name in ("low", "high", "rate", "confidence")
    )
    panel.draw([0, panel.wide], y - _ROW / 2, color=RULE, linewidth=0.6)
    panel.draw([low, high], y, color=LIGHT, linewidth=6, solid_capstyle="butt")
    panel.draw(confidence, [y - 11, y + 11], color=COMPARISON["color"], linewidth=2.2)
    panel.draw(rate, y, markersize=9, markeredgecolor="white", **FOCUS)
    name, came_in = label
    panel.write(-10, y + 2, name, size=LARGE, anchor="right")
    panel.write(-10, y - 11, came_in, anchor="right", color=QUIET)


def _band_name(band):
    """A band of ``calibration`` as a label (text).

    >>> _band_name("about 70"), _band_name("95 or more")
    ('About 70% sure', '95% or more sure')
    """
    number = next(word for word in band.split() if word.isdigit())
    return f"{band.replace(number, f'{number}%')} sure".capitalize()
