"""What each column of a team's own table is: by its cells, and by its name in English or Spanish.

What is about a person, as names and days of birth, is left out before anything else; free words
too, for they may hold names. A person may say that a column is something else.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pandas as pd

from see_the_system.charts.dates import WITHOUT_YEAR, ways_that_fit
from see_the_system.messages import Refusal, counted, nearest
from see_the_system.own_tables.cells import (
    PARSERS,
    bare_level,
    is_known,
    is_suppressed,
    kind_of,
    levels_of,
    numbers_of,
    text_of,
    without_zone,
)
from see_the_system.own_tables.likely_roles import NEARLY, OFTEN, likely_role, settle
from see_the_system.own_tables.safe_labels import safe_values
from see_the_system.own_tables.words_of_columns import (
    NO_NUMBER,
    NUMBERS,
    PARTS,
    ROLES,
    SUMS,
    plain_words,
)

_HALVES = ("days_absent", "days_enrolled")  # days may be halves
# Whether 0.45 in a column of percents is 45 of a hundred.
SHARES = {"shares": "0.45 is 45 percent", "percents": "0.45 is under half a percent"}
_SHORT_TEXT = 40  # letters
_MOSTLY_EMPTY = 0.4  # the share of cells that a row of sums leaves out
_PART_OF_YEAR = re.compile(r"\b(trimester|trimestre|quarter|bimestre|semester|semestre)\b")
_LARGE = re.compile(r"\b(scores?|scale|puntaje|puntuacion|puntos|lexile|quantile)\b")
_PUBLIC = (
    {"countycode", "districtcode", "testid"},
    {"countycode", "districtcode", "subgroupid"},
    {"cds", "rtype"},
    {"aggregatelevel", "countycode", "reportingcategory"},
    {"academicyear", "aggregatelevel", "countycode"},
)
_FEW_YEARS = 3
_ENOUGH_IN_ORDER = 6  # different dates: so many are in order by chance in one column of 720
NOT_STATED = "not stated"


@dataclass(frozen=True)
class OwnColumn:
    """A column as it is read: ``values`` by the row in the file, None where nothing is known.

    role: one of ``ROLES``. unread: cells that do not fit it, by row. order: levels, lowest first,
    and ``met``, the place of the lowest that meets the standard. way: how dates are written, "" for
    none; ``ways`` where a person has to say which of several it is, or of which year one is; of
    percents, whether 0.45 is meant as a share. note: what was taken for granted, a sentence.
    """

    name: str
    role: str
    values: pd.Series = field(repr=False)
    unread: dict = field(default_factory=dict, repr=False)
    order: tuple = ()
    met: int = 0
    way: str = ""
    ways: tuple = ()
    note: str = ""

    @property
    def kinds(self):
        """The different values, in order (list)."""
        there = self.values.dropna().unique().tolist()
        if self.order:
            return [level for level in self.order if level in set(there)]
        return sorted(there, key=lambda value: (isinstance(value, str), value))


def recognise(table, *, said=None, dates="", school_year="", shares=""):
    """What each column of an ``OwnTable`` is (list of ``OwnColumn``, in its order).

    said: roles that a person gives, by the column's name. dates, school_year: as of
    ``charts.dates.read_dates``. shares: one of ``SHARES``, for percents of which none is above 1.
    ``Refusal`` for a role or a column that is not there, and for a file of the state's.
    """
    said = dict(said or {})
    _refuse_public(table)
    for name, role in said.items():
        if name not in table.cells or role not in ROLES:
            known = ROLES if name in table.cells else table.cells.columns
            close = " or ".join(nearest(role if name in table.cells else name, known))
            raise Refusal(
                f'"{name}" cannot be read as "{role}" in {table.name}. Choose {close or "another"}.'
            )
    cells = pd.DataFrame({name: _as_named(name, table.cells[name]) for name in table.cells})
    roles = {name: said.get(name) or likely_role(name, cells[name]) for name in cells}
    _refuse_groups_as_columns(table, roles)
    settle(roles, cells, said)
    sums = _sums(cells, roles)
    options = {"dates": dates, "school_year": school_year, "shares": shares}
    options["decimal_comma"] = table.decimal_comma
    options["counted_already"] = "n" in roles.values() and "student" not in roles.values()
    columns = [
        _read(name, role, cells.loc[~sums, name], is_said=name in said, **options)
        for name, role in roles.items()
    ]
    if sums.any():
        rows = f"{counted(int(sums.sum()), 'row')} of totals and averages, passed over."
        columns[0] = replace(columns[0], note=" ".join(filter(None, [columns[0].note, rows])))
    return columns


def _as_named(name, cells):
    """The cells; 1, 2, 3 of a column of trimesters as what they are."""
    part = _PART_OF_YEAR.search(plain_words(name))
    if not part or not {text_of(cell) for cell in cells if is_known(cell)} <= set("1234"):
        return cells
    return cells.map(lambda cell: f"{part[0]} {text_of(cell)}" if is_known(cell) else None)


def _refuse_public(table):
    """``Refusal`` for one of the state's files, chosen here by mistake."""
    names = {plain_words(name).replace(" ", "") for name in table.cells}
    for known in _PUBLIC:
        if known <= names:
            raise Refusal(
                f"{table.name} is one of the state's public files, and no spreadsheet of your own. "
                "Choose it where the state's files are read, in the lesson on the math gap."
            )


def _refuse_groups_as_columns(table, roles):
    """``Refusal`` for counts of which each group has columns of its own."""
    many = [name for name, role in roles.items() if role == "n"]
    counts = [name for name, role in roles.items() if role in ("count", "percent")]
    if len(many) > 1 and len(counts) > 1 and "student" not in roles.values():
        raise Refusal(
            f"{table.name} has columns for each of several groups ({many[0]}, {many[1]}). Make one "
            "row for each time and group: a column with the group, one with how many students, "
            "one with how many are counted. Then choose the file again."
        )


def _sums(cells, roles):
    """Which rows hold a total or an average, and no student (mask); none of a table of counts."""
    student = [name for name, role in roles.items() if role == "student"]
    none = pd.Series(False, index=cells.index)
    if "n" in roles.values():
        return none
    texts = [name for name, role in roles.items() if role in (*PARTS, "left_out", "personal")]
    says = none.copy()
    for name in {*student, *texts}:
        says |= cells[name].map(lambda cell: isinstance(cell, str) and _is_sum(cell))
    # A school may be called Total Learning: the row of a sum has no student, or little else.
    empty = cells.isna().mean(axis=1) > _MOSTLY_EMPTY
    for name in student[:1]:
        empty |= cells[name].isna() | cells[name].map(lambda cell: _is_sum(str(cell)))
    return says & empty.astype(bool) if student else says


def _is_sum(text):
    return len(text) < _SHORT_TEXT and bool(SUMS.fullmatch(plain_words(text)))


def _read(
    name, role, cells, *, is_said, dates, school_year, shares, decimal_comma, counted_already
):
    """A column read as what it is (``OwnColumn``)."""
    more = {}
    if role == "date":
        values, more = _dates(cells, dates, school_year)
    elif role == "level":
        values = _each(cells, text_of)
        more = _order_of_levels(values)
        if more:
            values = values.where(values.isin(list(more["order"])), None)
    elif role in ("left_out", "personal"):
        values = pd.Series(None, index=cells.index, dtype=object)
    elif role in NUMBERS:
        known = [cell for cell in dict.fromkeys(cells) if is_known(cell)]
        found = numbers_of(known, decimal_comma=decimal_comma, whole=_is_large(name, role))
        values = _each(cells, found.get)
        if role in ("n", "count", "days_absent", "days_enrolled"):
            whole = values.map(lambda number: number >= 0 and not number % 1, na_action="ignore")
            values = values.where(whole.fillna(False).astype(bool) | (role in _HALVES), None)
        if role == "percent" and _may_be_shares(values, known):
            values, more = _percents(values, shares)
    else:
        values = _each(cells, PARSERS.get(role, kind_of))
    if role == "yes_no" and set(values.dropna()) == {True} and values.isna().any():
        values = values.where([is_known(cell) for cell in cells], False)
        more = {"note": f"{name}: blank cells are read as no, for all others say yes."}
    if role in PARTS:
        # What a person says are kinds is taken as it is, but for what few rows have.
        as_role = "category" if is_said else role
        values = safe_values(as_role, values, counted_already=counted_already)
    values = values.astype(object).where(values.notna(), None)
    lost = {}
    if role not in ("left_out", "personal") and not more.get("ways"):
        lost = {row: cells[row] for row in cells.index[values.isna()] if is_known(cells[row])}
    if role in ("count", "n", "percent"):
        lost = {row: cell for row, cell in lost.items() if not is_suppressed(cell)}
    if role in (*NUMBERS, "level"):
        lost = {row: cell for row, cell in lost.items() if plain_words(cell) not in NO_NUMBER}
    return OwnColumn(name, role, values, lost, **more)


def _is_large(name, role):
    """Whether numbers are so large that a point may set off thousands in them (bool)."""
    return role in ("n", "count") or bool(_LARGE.search(plain_words(name)))


def _may_be_shares(values, cells):
    """Whether nobody can tell if percents are shares (bool): none is above 1, or has its %."""
    numbers = pd.to_numeric(values).dropna()
    signs = any("%" in str(cell) for cell in cells)
    return not signs and numbers.between(0, 1).all() and bool((numbers % 1 > 0).any())


def _percents(values, shares):
    """Percents that may be shares, as a person has said; else none, and the question."""
    if shares not in SHARES:
        return pd.Series(None, index=values.index, dtype=object), {"ways": tuple(SHARES)}
    times = 100 if shares == "shares" else 1
    return (pd.to_numeric(values) * times).astype(object), {"way": shares}


def _order_of_levels(values):
    """The order of known levels and the place of the standard (dict), empty for others."""
    many = values.value_counts()
    kinds = many.index[many > OFTEN * many.sum()].tolist()
    known = levels_of(kinds) or levels_of(many.index.tolist())
    if not known:
        return {}
    levels, met = known
    shown = {bare_level(kind): kind for kind in kinds} | {plain_words(kind): kind for kind in kinds}
    return {"order": tuple(shown.get(level, level) for level in levels), "met": met}


def _dates(cells, dates, school_year):
    """The times of a column, and how they are written or what has to be asked (Series, dict)."""
    none = pd.Series(None, index=cells.index, dtype=object)
    cells = cells.map(without_zone, na_action="ignore")
    there = cells[[is_known(cell) for cell in cells]]
    distinct = list(dict.fromkeys(there))
    fitting = ways_that_fit(distinct, least=NEARLY, school_year=school_year)
    said = {dates: fitting[dates]} if dates in fitting else {}
    fitting = said or _not_over_many_years(fitting)
    if not said and len(distinct) >= _ENOUGH_IN_ORDER:
        in_order = {way: times for way, times in fitting.items() if _in_order(times)}
        fitting = in_order or fitting
    alike = {tuple(map(str, times)): way for way, times in reversed(fitting.items())}
    if len(alike) > 1:
        return none, {"ways": tuple(reversed(alike.values()))}
    if not fitting:
        return none, {}
    way, times = next(iter(fitting.items()))
    if way in WITHOUT_YEAR and not school_year:
        return none, {"way": way, "ways": (way,)}
    of_cell = dict(zip(distinct, times, strict=True))
    return _each(cells, of_cell.get), {"way": way}


def _not_over_many_years(fitting):
    """The ways but those that spread over many years what another way has in few."""
    spans = {way: _years(times) for way, times in fitting.items()}
    few = {way: times for way, times in fitting.items() if spans[way] <= _FEW_YEARS}
    return few or fitting


def _years(times):
    years = [time.year for time in times if time]
    return max(years) - min(years)


def _each(cells, find):
    """What is found for each cell, None for those that say nothing (Series)."""
    # True and 1 are one key of a dict, and not one cell.
    found = {}
    for cell in cells:
        key = (type(cell), cell)
        if key not in found:
            found[key] = find(cell) if is_known(cell) else None
    return pd.Series([found[type(cell), cell] for cell in cells], index=cells.index, dtype=object)


def _in_order(times):
    return all(one <= other for one, other in pairwise(time for time in times if time))
