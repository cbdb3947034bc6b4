"""PDSA that is scored: each prediction against what came, how sure a team is and how often it is
right, and what the chart shows.

A question here is anything with the fields of a learning question of a test of change: ``low``,
``high``, ``unit``, ``confidence`` (0-100) and ``value`` (what came); ``text`` and ``id`` name it,
``cycle`` says whose it is.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from see_the_system.display import Shown
from see_the_system.messages import Refusal

LEAST, CLEAR = 10, 0.05
BANDS = (
    (0, 45, "under 45"),
    *((at - 5, at + 5, f"about {at}") for at in range(50, 91, 10)),
    (95, 101, "95 or more"),
)
BY_BAND = ("band", "confidence", "n", "hits", "rate", "low", "high")
BY_CYCLE = ("cycle", "at", "unit", "n", "hits", "width", "interval_score")


@dataclass(frozen=True)
class Score(Shown):
    """One prediction against what came. ``hit``: None where it cannot be said; ``low`` and
    ``high``: the range held against, None: open.

    ``width`` of the range and ``error`` (how far what came lay beyond the nearer end: 0 for a hit,
    negative below) are in ``unit``, as is ``interval_score``: smaller is better, None where there
    is none; ``confidence`` in percent; ``sentence`` says it all.
    """

    hit: bool | None
    sentence: str
    low: float | None = None
    high: float | None = None
    value: float | None = None
    unit: str = ""
    confidence: float | None = None
    width: float | None = None
    error: float | None = None
    interval_score: float | None = None


def score_prediction(question):
    """How a prediction did (``Score``), by the interval score where a range and a confidence were
    given.

    With confidence 1 - alpha, range l to u and x what came: (u - l) + 2 / alpha (l - x) where x <
    l, + 2 / alpha (x - u) where x > u (Gneiting & Raftery 2007, Journal of the American Statistical
    Association 102:359): the narrower the range the better, as long as it holds. A single number is
    a range of the precision it was written with: 12 is 11.5 to 12.5. A range with one end only ("at
    least 5") can be right or wrong, and has no width and no interval score. Raises ``Refusal`` for
    numbers that are none, ends that are the wrong way round and a confidence outside 0 to 100.

    >>> from types import SimpleNamespace as Q
    >>> score_prediction(Q(low=5, high=10, unit="minutes", confidence=80, value=14)).interval_score
    45.0
    """
    low, high, value, confidence = _read(question)
    unit = str(getattr(question, "unit", "") or "").strip()
    if low is None and high is None:
        return Score(
            None,
            "This prediction was made in words and cannot be scored; next time, write it as "
            "a number or a range.",
        )
    told = _told(low, high, unit) + (
        f", {_said(confidence)} percent sure" if confidence is not None else ""
    )
    if low == high:
        low, high = _as_written(low)
    held = {"low": low, "high": high, "unit": unit, "confidence": confidence}
    width = high - low if low is not None and high is not None else None
    if value is None:
        return Score(None, f"{told}. What came is not written down yet.", width=width, **held)
    error = _beyond(value, low, high)
    number, why = _interval_score(width, error, confidence)
    where = (
        f"outside what you predicted, {'below' if error < 0 else 'above'} it by {_said(abs(error))}"
        if error
        else "inside what you predicted"
    )
    words = f"{told}. {_said(value, unit)} came: {where}.{why}"
    return Score(
        error == 0, words, value=value, width=width, error=error, interval_score=number, **held
    )


def calibration(questions):
    """How often predictions came in, by the confidence that was stated (DataFrame, a row a band
    that has any).

    Columns: band (words), confidence (mean stated, percent), n, hits, rate (percent that came in),
    low, high (Wilson's 95 percent interval of the rate, percent). Questions without a confidence or
    without a result are left out. ``attrs``: n, hits, expected (sum of the confidences), p
    (two-sided and exact, of as few or as many hits if every confidence were true:
    Poisson-binomial), verdict ("overconfident", "underconfident", or "" where that is not clear or
    fewer than 10 were made) and left_out. The test takes predictions as independent; those of one
    test of change often are not, so read a p near 0.05 with care.
    """
    scores = [
        score for question in questions if (score := score_prediction(question)).hit is not None
    ]
    used = [score for score in scores if score.confidence is not None]
    rows = [
        _band(words, inside)
        for low, high, words in BANDS
        if (inside := [one for one in used if low <= one.confidence < high])
    ]
    table = pd.DataFrame(rows, columns=list(BY_BAND))
    hits, chances = sum(score.hit for score in used), [score.confidence / 100 for score in used]
    p, expected = _exact(hits, chances), sum(chances)
    clear = len(used) >= LEAST and p < CLEAR
    verdict = ("overconfident" if hits < expected else "underconfident") if clear else ""
    table.attrs = {
        "n": len(used),
        "hits": hits,
        "expected": expected,
        "p": p,
        "verdict": verdict,
        "left_out": len(scores) - len(used),
    }
    return table


def describe_calibration(table):
    """What a frame of ``calibration`` says, band by band and in all (text)."""
    all_ = table.attrs
    if not all_["n"]:
        return (
            "No prediction has both a confidence and a result yet, so how well sure goes with "
            "right cannot be said."
        )
    words = [_band_words(row) for row in table.to_dict("records")]
    words.append(
        f"If every stated confidence were true, about {_said(round(all_['expected'], 1))} of "
        f"{all_['n']} would have come in; "
        f"{all_['hits']} did."
    )
    if all_["n"] < LEAST:
        words.append(f"Fewer than {LEAST} predictions tell little: go on writing them down.")
    elif all_["verdict"] == "overconfident":
        words.append("That is clearly fewer: next time, write wider ranges or a lower confidence.")
    elif all_["verdict"] == "underconfident":
        words.append("That is clearly more: you may trust narrower ranges or a higher confidence.")
    else:
        words.append(
            "Chance alone often makes a difference as large, so neither over- nor "
            "underconfidence is clear."
        )
    if all_["left_out"]:
        words.append(
            f"{_many(all_['left_out'], 'prediction')} without a confidence "
            f"{'is' if all_['left_out'] == 1 else 'are'} left out."
        )
    return " ".join(words)


def scores_by_cycle(questions, cycles):
    """How the predictions of each cycle did, in the order in which the cycles began (DataFrame, a
    row a cycle and unit).

    Columns: cycle (id), at (its start, may be missing), unit, n (predictions with a result), hits,
    width and interval_score (means of those that have one). A row holds one unit, since minutes and
    days have no common mean; compare scores of the same question only.
    """
    begun = {cycle.id: pd.Timestamp(cycle.starts) if cycle.starts else pd.NaT for cycle in cycles}
    scored = [
        (question.cycle, score)
        for question in questions
        if (score := score_prediction(question)).hit is not None
    ]
    rows = pd.DataFrame(
        [_row(cycle, begun.get(cycle, pd.NaT), score) for cycle, score in scored],
        columns=list(BY_CYCLE),
    )
    rows = rows.astype(
        {
            "at": "datetime64[us]",
            "width": float,
            "interval_score": float,
            "n": "int64",
            "hits": "int64",
        }
    )
    means, sums = (
        dict.fromkeys(("width", "interval_score"), "mean"),
        dict.fromkeys(("n", "hits"), "sum"),
    )
    table = rows.groupby(["cycle", "unit"], sort=False, as_index=False).agg(
        {"at": "first"} | sums | means
    )
    return table.sort_values("at", kind="stable", ignore_index=True)[list(BY_CYCLE)]


def describe_scores(table):
    """What a frame of ``scores_by_cycle`` shows, for each unit from its first cycle to its last
    (text).
    """
    words = []
    for unit, rows in table.dropna(subset="interval_score").groupby("unit", sort=False):
        named = f"in {unit}" if unit else "without a unit"
        first, last = rows.iloc[0], rows.iloc[-1]
        course = (
            f"was {_said(round(first['interval_score'], 1))}"
            if len(rows) == 1
            else (
                f"went from {_said(round(first['interval_score'], 1))} to "
                f"{_said(round(last['interval_score'], 1))} over {len(rows)} cycles"
            )
        )
        words.append(f"The mean interval score of predictions {named} {course}.")
    if not words:
        return (
            "No prediction has a range, a confidence and a result yet, so there is no score to "
            "follow."
        )
    return " ".join([*words, "Smaller is better: a narrow range that holds."])


def _read(question):
    """low, high, value and confidence of a question, each a finite number or None."""
    name = _called(question)
    found = [_number(question, field, name) for field in ("low", "high", "value", "confidence")]
    low, high, _, confidence = found
    if low is not None and high is not None and low > high:
        raise Refusal(
            f"The prediction {name} goes from {_said(low)} to {_said(high)}, which is the "
            "wrong way round; write the smaller number first."
        )
    if confidence is not None and not 0 <= confidence <= 100:
        raise Refusal(
            f"The confidence of the prediction {name} is {_said(confidence)}; write how sure "
            "you are in percent, from 0 to 100."
        )
    return found


def _number(question, field, name):
    value = getattr(question, field, None)
    if value is None:
        return None
    if (
        isinstance(value, bool)
        or not isinstance(value, (Real, Decimal))
        or not math.isfinite(value)
    ):
        raise Refusal(
            f'The field "{field}" of the prediction {name} is {str(value)[:40]!r}; write a '
            "number, or leave it empty."
        )
    return float(value)


def _called(question):
    said = " ".join(
        str(
            getattr(question, "text", "") or getattr(question, "id", "") or "without a name"
        ).split()
    )
    return f'"{said if len(said) <= 60 else said[:59].rstrip() + "…"}"'


def _as_written(number):
    """The range of what is rounded to a number as it is written: half a unit of its last digit
    either way.
    """
    written = Decimal(repr(number)).normalize()
    half = Decimal(5).scaleb(min(written.as_tuple().exponent, 0) - 1)
    return float(written - half), float(written + half)


def _beyond(value, low, high):
    """How far a value lies beyond the nearer end of a range: 0 inside, negative below; what
    rounding of floats makes is nothing.
    """
    error = (
        value - low
        if low is not None and value < low
        else value - high
        if high is not None and value > high
        else 0.0
    )
    return 0.0 if abs(error) <= 1e-9 * max(1.0, abs(value)) else error


def _interval_score(width, error, confidence):
    """The interval score (None where there is none), and why there is none ("" where nothing needs
    to be said).
    """
    if width is None:
        return None, " A range with one open end has no width, so it has no interval score."
    if confidence is None:
        return None, ""
    if confidence == 100 and error:
        return (
            None,
            " Being certain leaves no room to be wrong, so a miss at 100 percent cannot be "
            "scored; say at most 99.",
        )
    return width + (200 * abs(error) / (100 - confidence) if error else 0.0), ""


def _exact(hits, chances):
    """Two-sided p of so many hits: twice the smaller tail of the Poisson-binomial distribution, at
    most 1.
    """
    spread = np.ones(1)
    for chance in chances:
        spread = np.convolve(spread, [1 - chance, chance])
    return float(min(1.0, 2 * min(spread[: hits + 1].sum(), spread[hits:].sum())))


def _band(words, scores):
    n, hits = len(scores), sum(score.hit for score in scores)
    low, high = proportion_confint(hits, n, method="wilson")
    return (
        words,
        sum(score.confidence for score in scores) / n,
        n,
        hits,
        100 * hits / n,
        100 * low,
        100 * high,
    )


def _row(cycle, at, score):
    return cycle, at, score.unit, 1, int(score.hit), score.width, score.interval_score


def _band_words(row):
    return (
        f"Of {_many(row['n'], 'prediction')} made with {row['band']} percent confidence, "
        f"{row['hits']} came in "
        f"({row['rate']:.0f} percent; 95 percent interval {row['low']:.0f} to {row['high']:.0f})."
    )


def _told(low, high, unit):
    if low is None or high is None:
        return (
            f"You predicted at {'least' if high is None else 'most'} "
            f"{_said(high if low is None else low, unit)}"
        )
    return (
        f"You predicted {_said(low, unit)}"
        if low == high
        else f"You predicted {_said(low)} to {_said(high, unit)}"
    )


def _said(number, unit=""):
    return f"{round(number, 6) + 0.0:,.10g}{'' if unit == '%' else ' ' if unit else ''}{unit}"


def _many(count, thing):
    return f"{count} {thing}{'' if count == 1 else 's'}"
