"""What groups of a team's own rows are called: on a page, and at the gate of privacy."""

import numpy as np

from see_the_system.data.codes import GROUPS
from see_the_system.messages import counted
from see_the_system.own_tables.columns import NOT_STATED
from see_the_system.own_tables.likely_roles import MOST_KINDS
from see_the_system.own_tables.outcomes import of_role
from see_the_system.own_tables.words_of_columns import PARTS
from see_the_system.privacy.protect import MIN_N

_OF_THE_STATE = set(GROUPS.values())
_CHANGING = 0.05  # the share of students who may have two values of what is one of a student


def parts(columns, outcome=None):
    """The columns by which students can be looked at side by side (list of ``OwnColumn``)."""
    used = outcome.of if outcome else ()
    return [
        column
        for column in of_role(columns, *PARTS)
        if column.name not in used
        and 1 < len(column.kinds) + bool(column.values.isna().any()) <= MOST_KINDS
    ]


def is_of_rows(columns, column):
    """Whether a column is of rows and not of students (bool): the subject of a mark, say.

    Some students then have several of its values.
    """
    student = of_role(columns, "student")
    if not student:
        return False
    values = labels(column).groupby(student[0].values).nunique()
    return (values > 1).mean() > _CHANGING


def labels(column):
    """What each row belongs to (Series of text), ``NOT_STATED`` where nothing stands."""
    texts = column.values.map(_said, na_action="ignore").astype(object)
    texts = texts.where(column.values.notna(), NOT_STATED)
    is_grade = column.role == "grade"
    return texts.map(lambda text: _grade_words(text) if is_grade else text)


def at_the_gate(column, name):
    """A group's name at the gate (text): the state's where it is one of these, else one's own.

    A name alone may be a code of the state's: school 3, or race 3.
    """
    return name if name in _OF_THE_STATE else f"{column.name}: {name}"


def tell(told, number, what):
    """Adds a sentence on rows to ``told``, where there are any; of few no number is told."""
    if number >= MIN_N:
        told.append(f"{counted(int(number), 'row')} {what}.")
    elif number:
        told.append(f"A few rows (fewer than {MIN_N}) {what}.")


def _said(value):
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    return str(value)


def _grade_words(text):
    return {"0": "kindergarten", NOT_STATED: NOT_STATED}.get(text, f"grade {text}")
