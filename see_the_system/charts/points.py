"""Reads the points of a chart, or says in one sentence which row cannot be read and what to do."""

import numpy as np
import pandas as pd

from see_the_system.messages import Refusal, nearest

KINDS = {
    "run": "run chart (median)",
    "xmr": "XmR chart",
    "p": "p chart",
    "p_prime": "p' chart (Laney)",
    "u": "u chart",
    "u_prime": "u' chart (Laney)",
    "c": "c chart",
    "g": "g chart",
    "t": "t chart",
}
PER_CENT, PER_UNIT = ("p", "p_prime"), ("u", "u_prime")
COUNTED = (*PER_CENT, *PER_UNIT, "c", "g")


def read_points(points, kind):
    """The points as a frame: at (time), value (what is plotted), count and n (NaN where the kind
    has none), in the order of time.

    points: a frame with ``at`` and what the kind needs: ``value`` (run, xmr, t, g), ``count`` (c)
    or ``count`` and ``n`` (p, u and their primes; for a run chart either). Percent for p, a rate
    per unit for u. Raises ``Refusal`` that names the row, counted from 1, and its date.
    """
    if kind not in KINDS:
        raise Refusal(
            f"There is no chart {kind!r}. Choose "
            f"{' or '.join(map(repr, nearest(kind, KINDS))) or ', '.join(map(repr, KINDS))}."
        )
    rows = points.reset_index(drop=True)
    if len(rows) < 2:
        raise Refusal(
            f"There {'is 1 point' if len(rows) else 'are no points'}; a chart over time "
            "needs 2 at least. Add what you have measured, one row a time."
        )
    frame = pd.DataFrame({"at": _times(rows)})
    counted = kind in (*PER_CENT, *PER_UNIT) or (
        kind == "run" and "value" not in rows and {"count", "n"} <= set(rows)
    )
    needs = ("count", "n") if counted else ("count",) if kind == "c" else ("value",)
    numbers = {name: _numbers(rows, frame["at"], name, kind) for name in needs}
    frame["count"], frame["n"] = numbers.get("count", np.nan), numbers.get("n", np.nan)
    _possible(frame, numbers, kind)
    if counted:
        frame["value"] = numbers["count"] / numbers["n"] * (1 if kind in PER_UNIT else 100)
    else:
        frame["value"] = numbers["value"] if "value" in numbers else numbers["count"]
    return frame[["at", "value", "count", "n"]]


def holidays(at):
    """Where a point comes after a gap, such as a school holiday (bool array): half as long again as
    usual, and six days longer at least.
    """
    step = at.diff().dt.total_seconds().to_numpy() / 86_400
    usual = np.nanmedian(step)
    return np.nan_to_num(step) >= max(1.5 * usual, usual + 6)


def row_name(frame, i):
    """A row as a person finds it (text), as ``row 3 (2025-09-22)``."""
    return f"row {i + 1} ({pd.Timestamp(frame['at'].iloc[i]):%Y-%m-%d})"


def _times(rows):
    if "at" not in rows:
        raise Refusal(
            "The points have no column 'at' for the date; they have "
            f"{', '.join(map(str, rows.columns)) or 'none'}. Name the column of dates 'at'."
        )
    times = []
    for i, text in enumerate(rows["at"]):
        text = text.start_time if isinstance(text, pd.Period) else text
        try:
            time = pd.Timestamp(text) if not isinstance(text, (int, float, bool)) else pd.NaT
        except (ValueError, TypeError):
            time = pd.NaT
        if time is pd.NaT:
            raise Refusal(
                f"The date in row {i + 1} is {_shown(text)}; a date such as 2025-09-22 was "
                "expected. Put it right, or leave the row out."
            )
        times.append(time.tz_localize(None))
        if i and times[i] == times[i - 1]:
            raise Refusal(
                f"Rows {i} and {i + 1} have the same date, {times[i]:%Y-%m-%d}. Give each "
                "date once: add the two up, or keep one of them."
            )
        if i and times[i] < times[i - 1]:
            raise Refusal(
                f"The date in row {i + 1}, {times[i]:%Y-%m-%d}, is before that of row {i}, "
                f"{times[i - 1]:%Y-%m-%d}. Put the rows in the order of time."
            )
    return times


def _numbers(rows, at, name, kind):
    if name not in rows:
        raise Refusal(
            f"A {KINDS[kind]} needs a column {name!r}; the points have "
            f"{', '.join(map(str, rows.columns))}. Add it, or choose another chart."
        )
    truths = rows[name].map(lambda raw: isinstance(raw, (bool, np.bool_)))
    read = np.where(
        truths, np.nan, pd.to_numeric(rows[name], errors="coerce").to_numpy(float, na_value=np.nan)
    )
    for i in np.flatnonzero(~np.isfinite(read)):
        where, raw = f"row {i + 1} ({at[i]:%Y-%m-%d})", rows[name].iloc[i]
        if pd.isna(raw):
            raise Refusal(
                f"{name!r} is missing in {where}. Where nothing was measured, leave the row "
                "out: the chart shows the gap."
            )
        raise Refusal(
            f"{name!r} in {where} is {_shown(raw)}; a number was expected. Put it right, or "
            "leave the row out."
        )
    return read


def _possible(frame, numbers, kind):
    count, n = numbers.get("count"), numbers.get("n")
    if n is not None:
        _refuse(
            frame,
            n <= 0,
            lambda i: f"counts of {_plain(n[i])}",
            "more than 0 was expected. Leave the row out where nobody was counted.",
        )
        if kind not in PER_UNIT:
            _refuse(
                frame,
                count > n,
                lambda i: f"{_plain(count[i])} of {_plain(n[i])}",
                "no more than all was expected. Are the two columns the wrong way round?",
            )
    whole = [
        values
        for name, values in numbers.items()
        if (name == "count" or (name == "n" and kind not in PER_UNIT) or kind == "g")
    ]
    for values in whole:
        _refuse(
            frame,
            values < 0,
            lambda i, v=values: f"a count of {_plain(v[i])}",
            "0 or more was expected. Put it right, or leave the row out.",
        )
        _refuse(
            frame,
            values != np.round(values),
            lambda i, v=values: f"a count of {_plain(v[i])}",
            "a whole number was expected. Give counts, not percents or averages.",
        )
    if kind == "t":
        _refuse(
            frame,
            numbers["value"] < 0,
            lambda i: f"a time of {_plain(numbers['value'][i])}",
            "a time between events of 0 or more was expected. Check the dates.",
        )


def _refuse(frame, wrong, what, expected):
    for i in np.flatnonzero(wrong)[:1]:
        raise Refusal(f"{row_name(frame, i).capitalize()} has {what(i)}; {expected}")


def _plain(number):
    return f"{number:g}"


def _shown(raw):
    return "empty" if pd.isna(raw) or str(raw).strip() == "" else repr(str(raw)[:40])
