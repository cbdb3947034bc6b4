"""Charts that are hard to draw, and the text of a picture."""

import re
from functools import cache

import numpy as np
import pandas as pd

from see_the_system.charts.panels import svg
from see_the_system.charts.run_charts import run_chart
from tests.charts.asked_questions import question

LONG = (
    "Übergangsbegleitungsdokumentationsverantwortlichkeitszuständigkeitsregelungen für die "
    "Förderkurse, añadiendo notas después"
)
FOCUS, COMPARISON, WHOLE = "Hispanic or Latino", "White", "All students"


def days(n, step=7):
    """Mondays of a school year, without two weeks of winter break."""
    at = pd.Series(pd.date_range("2025-09-08", periods=2 * n + 9, freq=f"{step}D"))
    return at[~at.between("2025-12-20", "2026-01-03")].iloc[:n].reset_index(drop=True)


def series(values, step=7):
    return pd.DataFrame({"at": days(len(values), step), "value": values})


def noise(n, middle=60.0, spread=8.0):
    return np.random.default_rng(n).normal(middle, spread, n).round(1)


def shifted():
    """Percents that rise by much after twelve weeks."""
    return series(
        np.r_[
            40, 44, 38, 42, 41, 37, 45, 39, 43, 40, 42, 38, [60, 64, 58, 66, 61, 63, 59, 62, 65, 60]
        ].astype(float)
    )


def neighbours(n=24):
    return [(str(days(n)[8 + i].date()), LONG[: 120 - 4 * i], f"PDSA {i + 1}") for i in range(12)]


def stepped():
    n = np.array([4, 9, 31, 120, 260] * 5)
    return pd.DataFrame({"at": days(25), "count": (n * 0.3).astype(int), "n": n})


def gaps(n=12, hide=(3, 4, 8)):
    rows = []
    for i, at in enumerate(days(n, 14)):
        small = i in hide
        rows += [
            (at, FOCUS, 3 if small else 20 + i, 6 if small else 60),
            (at, COMPARISON, 30, 50),
            (at, WHOLE, (33 if small else 50 + i), 56 if small else 110),
        ]
    return pd.DataFrame(rows, columns=["at", "group", "count", "n"])


def questions():
    """Predictions of every confidence, of which two in three came in."""
    sure = [30, 50, 60, 70, 80, 90, 97] * 5
    return [
        question(value=7 if i % 3 else 20, confidence=confidence)
        for i, confidence in enumerate(sure)
    ]


@cache
def charts():
    """Every kind of chart that is hard to draw (dict of name to RunChart)."""
    six = np.concatenate([noise(6, middle, 4) for middle in (40, 52, 45, 60, 72, 66)])
    starts = [str(days(36)[i].date()) for i in range(6, 36, 6)]
    extremes = pd.DataFrame(
        {
            "at": days(16),
            "count": [0, 0, 3, 20, 20, 18, 5, 0, 20, 20, 12, 9, 20, 20, 20, 19],
            "n": 20,
        }
    )
    crowd = [(str(days(24)[10].date()), f"Change {i}", "") for i in range(40)]
    return {
        "shift": run_chart(
            shifted(),
            baseline=12,
            better="higher",
            target=70,
            measure="Tickets",
            annotations=neighbours()[:2],
            unit="percent",
        ),
        "two": run_chart(series([3.2, 4.1]), measure="Minutes", unit="minutes"),
        "five": run_chart(series([3.0, 1, 4, 1, 5]), kind="xmr", better="lower"),
        "large": run_chart(
            series(np.r_[noise(70), noise(50, 72)]),
            kind="xmr",
            rules="nelson",
            baseline=30,
            better="higher",
            target=80,
        ),
        "constant": run_chart(series([12.0] * 14), kind="xmr", measure="Sections"),
        "zeros": run_chart(series([0.0] * 8), measure="Late results"),
        "percents": run_chart(
            extremes, kind="p", better="higher", target=95, measure="Explained a step"
        ),
        "notes": run_chart(
            series(noise(24)),
            better="higher",
            target=60,
            measure=LONG,
            annotations=neighbours(),
            unit="percent",
        ),
        "crowd": run_chart(series(noise(24)), measure="Costs $5 and $6", annotations=crowd),
        "phases": run_chart(
            series(six),
            kind="xmr",
            better="higher",
            target=75,
            measure="Score",
            unit="points",
            phases=starts,
        ),
        "frozen phases": run_chart(
            series(six),
            kind="xmr",
            better="higher",
            baseline=[4, 4, None, 4, 5, 3],
            phases=starts,
            exclude=[str(days(36)[25].date())],
        ),
        "narrow phases": run_chart(
            series(six[:12]), phases=[str(days(12)[i].date()) for i in range(2, 12, 2)]
        ),
        "stepped": run_chart(
            stepped(), kind="p", better="lower", target=10, measure="Pulled out of core mathematics"
        ),
        "rare": run_chart(
            series([1, 9, 3, 30, 2, 5, 14, 3, 8, 7, 60, 4]),
            kind="g",
            better="higher",
            measure="Days between",
        ),
    }


def read(picture):
    """All text of a picture in one line, in the order in which it was drawn."""
    return " ".join(
        re.sub(r"&(?:amp|lt|gt);", "?", text)
        for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    )


def text_of(ax):
    return read(svg(ax, name="a", words="b"))
