"""What can be counted in a team's own table: what is so of a student, or not.

A course, a level, a number from which on it counts, an answer, days absent by the state's
definition.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from see_the_system.gaps.readiness import EXACT, MOST_ABSENT
from see_the_system.own_tables.columns import NOT_STATED
from see_the_system.own_tables.likely_roles import MOST_KINDS, stem
from see_the_system.own_tables.words_of_columns import NEGATION, plain_words

CHRONIC = 0.1  # the state's definition: this share of the days or more
_LEAST_LETTERS = 5  # of a word that several courses share
_ENOUGH = 50  # numbers of which it may be said where most lie
_LIKE_A_STEM = 2  # items of a survey with one name but for their number


@dataclass(frozen=True)
class Countable:
    """Something that is so of a student or not: ``says`` it, ``find`` tells it of each row.

    find: from the least number that counts (NaN where none is needed) to a Series of True, False
    and None. needs_cut: whether a person has to give that number; ``span`` says where most numbers
    lie. of: the columns that it is found in. several: what counts where a student has several rows
    in one time, "any", "all" or the "last"; or their ``days``, which are added up (dict of Series),
    and ``decide``, from a frame of these to truths.
    """

    key: str
    says: str
    of: tuple
    find: Callable = field(repr=False)
    needs_cut: bool = False
    span: str = ""
    several: str = "last"
    days: dict = field(default_factory=dict, repr=False)
    decide: Callable = field(default=None, repr=False)

    def words(self, cut):
        """What is counted (text)."""
        return f"{self.says} of {cut:g} or more" if self.needs_cut else self.says


def of_role(columns, *roles):
    """The columns that are read as one of these (list of ``OwnColumn``)."""
    return [column for column in columns if column.role in roles]


def is_counted(columns):
    """Whether the rows are groups whose students are counted already, not students (bool)."""
    return bool(of_role(columns, "n")) and not of_role(columns, "student", "answer")


def outcomes(columns):
    """What can be counted (list of ``Countable``), what is likeliest meant first."""
    if is_counted(columns):
        return [_as_it_stands(column) for column in of_role(columns, "count", "percent")]
    found = [*_derived(columns)]
    for column in of_role(columns, "mark"):
        says = f"{column.name} of C or better"
        found.append(_when(says, column, lambda mark: mark in ("A", "B", "C"), "all"))
    for column in of_role(columns, "level"):
        found += _of_levels(column)
    for column in of_role(columns, "course"):
        found += _of_kinds(column)
    for column in of_role(columns, "yes_no"):
        if len(column.kinds) > 1:
            found.append(_when(f"{column.name}: yes", column, lambda value: value is True, "any"))
    for column in of_role(columns, "percent", "score"):
        found.append(_of_a_number(column))
    found += _of_answers(of_role(columns, "answer"))
    for column in of_role(columns, "category"):
        found += _of_kinds(column)
    return found


def _when(says, column, test, several="last"):
    """An outcome that a column's values decide one by one (``Countable``)."""
    values = column.values

    def find(_):
        return values.map(test, na_action="ignore").astype(object).where(values.notna(), None)

    return Countable(says, says, (column.name,), find, several=several)


def _of_kinds(column):
    """That a student has one of a column's kinds, or one of several with a word in common."""
    kinds = [kind for kind in column.kinds if kind != NOT_STATED]
    if not 1 < len(kinds) <= MOST_KINDS:
        return []
    found = []
    for word in _shared_words(kinds) if column.role == "course" else ():
        says = f"{column.name} with “{word}” in it"

        def has(kind, word=word):
            return word in plain_words(kind).split()

        found.append(_when(says, column, has, "any"))
    for kind in kinds:
        says = f"{column.name}: {kind}"
        found.append(_when(says, column, lambda each, kind=kind: each == kind, "any"))
    return found


def _shared_words(kinds):
    """Whole words that two kinds or more have, not all, and none of them with a no (list of text).

    A word that is a part of others is none of its own: algebra is not prealgebra.
    """
    words = [plain_words(kind).split() for kind in kinds]
    every = sorted({word for own in words for word in own})
    long = [word for word in every if len(word) >= _LEAST_LETTERS and not word.isdigit()]
    return [word for word in long if _tells_apart(word, words, kinds)]


def _tells_apart(word, words, kinds):
    have = [kind for kind, own in zip(kinds, words, strict=True) if word in own]
    inside = any(word in each and word != each for own in words for each in own)
    denied = any(NEGATION.search(plain_words(kind)) for kind in have)
    return 1 < len(have) < len(kinds) and not inside and not denied


def _of_levels(column):
    """That a level is reached, the standard first, or is had, of unknown ones (``Countable``s)."""
    if not column.order:
        return _of_kinds(column)
    places = {level: place for place, level in enumerate(column.order)}
    here = sorted(places[kind] for kind in column.kinds if kind in places)
    ordered = sorted(here[1:], key=lambda place: (place != column.met, place))
    found = []
    for place in ordered:
        least = "at least " if place < here[-1] else ""
        says = f"{column.name}: {least}{column.order[place]}"
        found.append(_when(says, column, lambda level, least=place: places.get(level, -1) >= least))
    return found


def _of_a_number(column):
    values = pd.to_numeric(column.values)

    def find(cut):
        reached = (values >= cut - EXACT).astype(object)
        return reached.where(values.notna(), None)

    span = ""
    if values.notna().sum() >= _ENOUGH:
        # The lowest and the highest are of one student each.
        low, high = values.quantile([0.1, 0.9])
        digits = 0 if high >= 100 else 1
        span = f"Most lie from {low:.{digits}f} to {high:.{digits}f}."
    return Countable(f"{column.name} ≥", column.name, (column.name,), find, True, span)


def _of_answers(items):
    """That answers agree: item by item, and together where items share a name but for a number."""
    items = [column for column in items if column.values.notna().any()]
    found = []
    stems = {}
    for column in items:
        stems.setdefault(stem(column.name), []).append(column)
    for name, columns in stems.items():
        if len(columns) >= _LIKE_A_STEM and name:
            found.append(_of_a_stem(name, columns))
    for column in items:
        least, says = _agrees(stems[stem(column.name)] if _is_a_number(column) else [column])
        words = f"“{column.name}”: {says}"
        found.append(_when(words, column, lambda answer, least=least: answer >= least))
    return found


def _is_a_number(column):
    """Whether an item was answered by a number of a scale, and not in words (bool)."""
    return min(column.values.dropna()) > 0


def _agrees(columns):
    """From which answer on items of one scale are agreed with, and how it is said (float, text)."""
    if not all(map(_is_a_number, columns)):
        return 1.0, "agree, often, or the like"
    # Of an item that nobody gave the highest answer, the others of its name tell the scale.
    most = max(4, *(int(max(column.values.dropna())) for column in columns))
    least = 3 if most == 4 else most - 1
    return float(least), f"{least} or more of {most}"


def _of_a_stem(name, columns):
    values = pd.concat([pd.to_numeric(column.values) for column in columns], axis=1)
    mean = values.mean(axis=1).where(values.notna().all(axis=1))
    least, _ = _agrees(columns)

    def find(_):
        return (mean >= least - EXACT).astype(object).where(mean.notna(), None)

    says = f"{name}, {len(columns)} answers: {least:g} or more on average"
    return Countable(says, says, tuple(column.name for column in columns), find)


def _derived(columns):
    """What several columns say together, by a public definition (list of ``Countable``)."""
    absent, enrolled = (of_role(columns, role) for role in ("days_absent", "days_enrolled"))
    if not absent or not enrolled:
        return []
    parts = pd.concat([pd.to_numeric(column.values) for column in absent], axis=1)
    days = pd.DataFrame(
        {"absent": parts.sum(axis=1, skipna=False), "enrolled": pd.to_numeric(enrolled[0].values)}
    )
    share = days["absent"] / days["enrolled"].where(days["enrolled"] > 0)
    known = share.between(0, 1)
    of = (*(column.name for column in absent), enrolled[0].name)

    def outcome(key, says, decide):
        def find(_):
            return decide(days).astype(object).where(known, None)

        return Countable(key, says, of, find, days=dict(days.items()), decide=decide)

    return [
        outcome(
            "chronic",
            "absent on 10 percent of days or more",
            lambda days: days["absent"] >= CHRONIC * days["enrolled"] - EXACT,
        ),
        outcome(
            "present",
            "present on 96 percent of days or more",
            lambda days: days["absent"] <= MOST_ABSENT * days["enrolled"] + EXACT,
        ),
    ]


def _as_it_stands(column):
    """What a table that is counted already gives: counts, or percents of its students."""
    values = pd.to_numeric(column.values)
    return Countable(column.name, column.name, (column.name,), lambda _: values)
