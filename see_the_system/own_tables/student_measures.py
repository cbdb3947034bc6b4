"""What a team's own rows of students have for readiness and growth, as these ask for it."""

import re
from functools import partial
from html import escape

import pandas as pd

from see_the_system import display
from see_the_system.gaps.growth import LAST, THIS, TRAITS, growth
from see_the_system.gaps.readiness import describe_readiness, readiness
from see_the_system.own_tables.outcomes import is_counted, of_role
from see_the_system.own_tables.words_of_columns import plain_words
from see_the_system.reports.sections import Section

READY, GROWN = "ready for high school", "growth beside similar students"
_LAST = r"\b(last|prior|previous|before|pre|anterior|pasad[oa]|previ[oa])\b"
_ENGLISH = r"\b(english|ela|language arts|reading|ingles|lengua|lectura)\b"
_MATH = r"\b(math\w*|mate\w*|algebra)\b"
_TRAITS = {
    "disadvantaged": r"\b(sed|disadv\w+|frpm|frl|lunch|low income|desventaja|bajos? ingresos?)\b",
    "english_learner": r"\b(english learner|ell?|els?|language|lengua|idioma|aprend\w+)\b",
    "disability": r"\b(disab\w+|iep|sped|swd|special ed\w*|discapac\w+|educacion especial)\b",
}
_LEARNERS = ("EL", "ELL")


def measures(columns):
    """Which of the two the columns are there for (list of their names)."""
    if is_counted(columns):
        return []
    asked = {READY: _for_readiness(columns), GROWN: _for_growth(columns)}
    return [name for name, found in asked.items() if found is not None]


def found(name, columns, by=""):
    """What a measure says: as it is shown (HTML text), and in words alone (text).

    by: the column of groups, for readiness. ``Refusal`` as of ``gaps.readiness.readiness`` and
    ``gaps.growth.growth``.
    """
    if name == GROWN:
        frame = _for_growth(columns)
        result = growth(frame, traits=[trait for trait in TRAITS if trait in frame])
        return f"<h2>{escape(GROWN.capitalize())}</h2>{display.html(result)}", display.words(result)
    frame = _for_readiness(columns)
    groups = [column for column in columns if column.name == by]
    labels = groups[0].values if groups else pd.Series("these students", index=frame.index)
    ready = readiness(frame.assign(group=labels.map(_label, na_action="ignore")))
    words = describe_readiness(ready)
    table = ready.rename(columns={"hidden": "why hidden"}).drop(columns=["low", "high"])
    section = Section(
        heading=READY.capitalize(),
        words=tuple(words.splitlines()),
        table=table.round(1).astype(object).where(table.notna(), ""),
        caption="Percent that meet each criterion",
    )
    return section.html(), words


def _for_readiness(columns):
    """The columns of readiness (DataFrame), None where one is not there."""
    marks = of_role(columns, "mark")
    chosen = {
        "gpa": _named(of_role(columns, "score"), r"\b(gpa|grade point\w*|promedio)\b"),
        "english_mark": _named(marks, _ENGLISH),
        "mathematics_mark": _named(marks, _MATH),
        "days_enrolled": next(iter(of_role(columns, "days_enrolled")), None),
        "days_recorded_absent": next(iter(of_role(columns, "days_absent")), None),
        "suspensions": _named(of_role(columns, "score"), r"\bsuspens\w+\b"),
    }
    frame = _frame(chosen, columns)
    # Without their grade nobody can tell who is at the end of grade 8.
    return frame if frame is not None and "grade" in frame else None


def _for_growth(columns):
    """The columns of growth (DataFrame), None where one is not there."""
    scores = [
        column
        for column in of_role(columns, "score")
        if re.search(r"\b(scores?|scale|rit|puntaje|puntuacion)\b", plain_words(column.name))
    ]
    last = _named(scores, _LAST)
    this = next((column for column in scores if column is not last), None)
    school = next(iter(of_role(columns, "school")), None)
    chosen = {"school": school, "school_name": school, LAST: last, THIS: this}
    frame = _frame(chosen, columns)
    if frame is None or "grade" not in frame:
        return None
    for trait, pattern in _TRAITS.items():
        column = _named(of_role(columns, "group", "yes_no"), pattern)
        if column is None:
            continue
        values = column.values.map(partial(_trait, trait), na_action="ignore")
        if set(values.dropna()) == {"yes", "no"}:
            frame[trait] = values
    return frame


def _frame(chosen, columns):
    if any(column is None for column in chosen.values()):
        return None
    frame = pd.DataFrame({name: column.values for name, column in chosen.items()})
    for role in ("grade", "student"):
        for column in of_role(columns, role):
            frame[role] = column.values
    return frame


def _named(columns, pattern):
    """The first of these columns with a name that has this (``OwnColumn``), None for none."""
    return next((each for each in columns if re.search(pattern, plain_words(each.name))), None)


def _label(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _trait(trait, value):
    text = _label(value)
    if trait == "english_learner" and text.casefold() not in ("yes", "no", "y", "n"):
        return "yes" if text.upper() in _LEARNERS or text.casefold() == "english learner" else "no"
    return {"y": "yes", "n": "no"}.get(text.casefold(), text.casefold())
