"""A prediction against what came: PDSA that is scored.

A question here is anything with the fields of a learning question of a test of change: ``low``,
``high``, ``unit``, ``confidence`` (0-100) and ``value`` (what came); ``text`` and ``id`` name it,
``cycle`` says whose it is.
"""

import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Real

from see_the_system.display import Shown
from see_the_system.messages import Refusal, with_minus
from see_the_system.theory.model import how_far_outside, range_of


@dataclass(frozen=True)
class Score(Shown):
    """One prediction against what came; ``sentence`` says it all.

    ``hit``: None where it cannot be said. ``low`` and ``high``: the range held against, None: open.
    ``width`` of the range and ``error`` (how far what came lay beyond the nearer end: 0 for a hit,
    negative below) are in ``unit``, as is ``interval_score``: smaller is better, None where there
    is none. ``confidence`` is in percent.
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
    """How a prediction did (``Score``), by the interval score where it has range and confidence.

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
    given_low, given_high, value, confidence = _read(question)
    unit = str(getattr(question, "unit", "") or "").strip()
    if given_low is None and given_high is None:
        return Score(
            None,
            "This prediction was made in words and cannot be scored; next time, write it as a "
            "number or a range.",
        )
    low, high = range_of(given_low, given_high)
    width = None if low is None or high is None else high - low
    predicted = _predicted(given_low, given_high, unit)
    if given_low == given_high:
        predicted += f" (taken as {amount(low)} to {amount(high)})"
    if confidence is not None:
        predicted += f", {amount(confidence)} percent sure"
    words = f"{predicted}. What came is not written down yet."
    score = Score(None, words, low, high, unit=unit, confidence=confidence, width=width)
    if value is None:
        return score
    error = how_far_outside(low, high, value)
    interval_score, why_none = _interval_score(width, error, confidence)
    where = "inside what you predicted"
    if error:
        side = "below" if error < 0 else "above"
        where = f"outside what you predicted, {side} it by {amount(abs(error))}"
    words = f"{predicted}. {amount(value, unit)} came: {where}.{why_none}"
    return replace(
        score,
        hit=error == 0,
        sentence=words,
        value=value,
        error=error,
        interval_score=interval_score,
    )


def amount(number, unit=""):
    """A number as it is said (text), thousands set off, with its unit.

    >>> amount(1200.5, "%"), amount(1, "minutes"), amount(-2, "minutes")
    ('1,200.5%', '1 minute', '−2 minutes')
    """
    if number == 1 and re.fullmatch(r"[a-z]+[^isu\W]s", unit):
        unit = unit[:-1]
    space = " " if unit not in ("", "%") else ""
    # + 0.0 makes 0 of what is rounded to -0.
    return with_minus(f"{round(number, 6) + 0.0:,.10g}") + f"{space}{unit}"


def _read(question):
    """low, high, value and confidence of a question, each a finite number or None."""
    name = _named(question)
    fields = ("low", "high", "value", "confidence")
    low, high, value, confidence = (_number(question, field, name) for field in fields)
    if low is not None and high is not None and low > high:
        raise Refusal(
            f"The prediction {name} goes from {amount(low)} to {amount(high)}, which is the wrong "
            "way round; write the smaller number first."
        )
    if confidence is not None and not 0 <= confidence <= 100:
        raise Refusal(
            f"The confidence of the prediction {name} is {amount(confidence)}; write how sure you "
            "are in percent, from 0 to 100."
        )
    return low, high, value, confidence


def _number(question, field, name):
    value = getattr(question, field, None)
    if value is None:
        return None
    real = isinstance(value, (Real, Decimal)) and not isinstance(value, bool)
    if not real or not math.isfinite(value):
        given = repr(str(value)[:40])
        raise Refusal(
            f'The field "{field}" of the prediction {name} is {given}; write a number, or leave it '
            "empty."
        )
    return float(value)


def _named(question):
    """A question by its text in quotes, or by its id (text)."""
    name = getattr(question, "text", "") or getattr(question, "id", "") or "without a name"
    name = " ".join(str(name).split())
    if len(name) > 60:
        name = name[:59].rstrip() + "…"
    return f'"{name}"'


def _predicted(low, high, unit):
    if high is None:
        return f"You predicted at least {amount(low, unit)}"
    if low is None:
        return f"You predicted at most {amount(high, unit)}"
    if low == high:
        return f"You predicted {amount(low, unit)}"
    return f"You predicted {amount(low)} to {amount(high, unit)}"


def _interval_score(width, error, confidence):
    """The interval score, None where there is none, and why ("" where nothing needs to be said)."""
    if width is None:
        return None, " A range with one open end has no width, so it has no interval score."
    if confidence is None:
        return None, ""
    if not error:
        return width, ""
    if confidence == 100:
        return None, (
            " Being certain leaves no room to be wrong, so a miss at 100 percent cannot be scored; "
            "say at most 99."
        )
    return width + 200 * abs(error) / (100 - confidence), ""
