"""What a column of a team's own table most likely is, by its name and by its cells.

A name alone decides nothing that the cells speak against, and cells of a few kinds nothing without
a name that is known: they may be names of people.
"""

import re
from collections import Counter
from datetime import date

import pandas as pd

from see_the_system.charts.dates import ways_that_fit
from see_the_system.own_tables.cells import (
    grade_in,
    has_lost_digits,
    is_code,
    is_ethnicity,
    is_in_words_an_answer,
    is_known,
    is_mark,
    is_name,
    is_number,
    is_of_a_scale,
    is_suppressed,
    is_yes_no,
    levels_of,
    number_in,
    school_year_in,
    text_of,
    window_in,
    without_zone,
    yes_no_in,
)
from see_the_system.own_tables.safe_labels import ANOTHER, course_label, is_known_group
from see_the_system.own_tables.words_of_columns import (
    ATTENDANCE,
    NAMES,
    plain_words,
)

MOST_KINDS = 40
_FEW_KINDS = 12  # values of a column that nothing else is known of
_LONG_AGO = 7  # years: students of middle schools were born before that
_LONG_NUMBER = 1_000_000
_A_QUESTION = 6  # words: a name of so many is a question of a survey
_PARTS_OF_ABSENCE = (
    r"\b(excused|unexcused|un ?excused|partial|injustificad\w+|justificad\w+|part|suspen\w+|"
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|ene|abr|ago|dic)[a-z]*|"
    r"[qts][1-4]|(quarter|trimest\w+|semest\w+|month|mes|week|semana) ?\d*|fall|winter|spring)\b"
)
OFTEN = 0.02  # the share of rows that a kind has which tells what a column is
_MOSTLY = 0.75  # of marks and grades, among which others stand
NEARLY = 0.9  # the share of cells that has to be as a column is read
_LOOKED_AT = 500
# What a survey's question may be taken for, where its answers are numbers.
_MAY_BE_ANSWERS = (
    "score",
    "school",
    "course",
    "group",
    "category",
    "personal",
    "left_out",
    "yes_no",
)
_MEASURED = (
    r"\b(scores?|levels?|nivel|pl|quiz|quizzes|test|standard|points?|puntos|grades?|marks?|unit|"
    r"rubric|rubrica|gpa|attempts?|[a-z]{1,3} \d+)\b"
)
_NAMED = r"\b(names?|last|first|kid|nombres?|apellidos?)\b"


def settle(roles, cells, said):
    """What one column tells of another (``roles`` is changed)."""
    free = {name: role for name, role in roles.items() if name not in said}
    asked = [
        name
        for name in free
        if free[name] in _MAY_BE_ANSWERS
        and _is_an_item(cells[name])
        and not re.search(_MEASURED, plain_words(name))
    ]
    if len(asked) > 2:
        roles.update(dict.fromkeys(asked, "answer"))
    items = [
        name for name in free if roles[name] in ("score", "left_out") and is_of_a_scale(cells[name])
    ]
    known = [name for name, role in roles.items() if role == "answer"]
    several = [name for name in items if cells[name].nunique() > 2]
    alike = {stem(name) for name in several}
    if len(several) + len(known) > 2 or len(several) > len(alike):
        items = [name for name in items if name in several or stem(name) in alike]
        roles.update(dict.fromkeys(items, "answer"))
    # Who is named, or answers, is a person, even where no id tells persons apart.
    by_person = any(role in ("student", "answer") for role in roles.values()) or any(
        re.search(_NAMED, plain_words(name)) and roles[name] == "personal" for name in roles
    )
    for name, role in free.items():
        if by_person and role in ("n", "count"):
            roles[name] = "days_enrolled" if "enrol" in plain_words(name) else "score"
        # Of groups of students who is absent is counted, and not the days.
        if not by_person and role == "days_absent" and "n" in roles.values():
            is_of_days = re.search(r"\b(days?|dias?)\b", plain_words(name))
            roles[name] = "score" if is_of_days else "count"
    _keep_the_days(roles, said)
    for role in ("student", "school", "grade", "ethnicity", "n"):
        same = [name for name, each in roles.items() if each == role]
        meant = [name for name in same if name in said] or same
        if len(same) > 1:
            # Of schools the name, which people read; of students the number, which names share.
            likely = {"school": 1, "student": -1}.get(role, 0)
            kept = max(meant, key=lambda name: likely * _letters_in(cells[name]))
            roles.update({name: "left_out" for name in same if name != kept})


def _keep_the_days(roles, said):
    """Of several columns of days absent the one of all; parts of it (excused, unexcused) add up."""
    days = [name for name, role in roles.items() if role == "days_absent" and name not in said]
    if len(days) < 2:
        return
    parts = [name for name in days if re.search(_PARTS_OF_ABSENCE, plain_words(name))]
    whole = [name for name in days if re.search(r"\b(total|all)\b", plain_words(name))]
    whole = whole or [name for name in days if name not in parts]
    if len(whole) == 1:
        roles.update({name: "score" for name in days if name != whole[0]})
    elif whole:  # nobody can tell which of them is meant: a person has to say
        roles.update(dict.fromkeys(days, "score"))


def stem(name):
    """What items of a survey have in common in their names: all but the number (text)."""
    return name.rstrip("0123456789 _.-")


def _is_an_item(cells):
    """Whether a column has what a survey's item has: three whole numbers of one scale or more."""
    return is_of_a_scale(cells) and len({number_in(cell) for cell in cells if is_known(cell)}) > 2


def _letters_in(cells):
    return sum(bool(re.search("[A-Za-z]{3}", str(cell))) for cell in cells.dropna().head(200))


def likely_role(name, cells):
    """What a column is most likely (a name of ``ROLES``)."""
    filled = [cell for cell in cells if is_known(cell)]
    if not filled:
        return "left_out"
    has_blanks = len(filled) < len(cells)
    # Of a long column so many cells, from all over it, say what it is.
    filled = filled[:: max(1, len(filled) // _LOOKED_AT)]
    filled = list(map(without_zone, filled))
    words = plain_words(name)
    levels = levels_of(_often(filled))
    if levels and any(re.search("[A-Za-z]", str(cell)) for cell in filled) and len(levels[0]) > 2:
        return "level"
    if share_of(filled, is_in_words_an_answer) > NEARLY:
        return "answer"  # whatever is asked about: the name of such a column is a question
    if len(words.split()) < _A_QUESTION:
        for role, pattern in NAMES:
            if re.search(pattern, words) and _could_be(role, words, filled):
                by_ethnicity = role in ("group", "course") and share_of(filled, is_ethnicity) > 0.5
                return _unless_long_ago("ethnicity" if by_ethnicity else role, filled)
    return _unless_long_ago(_by_cells(name, filled, has_blanks), filled)


def _could_be(role, words, filled):
    """Whether the cells could be what the name says (bool)."""
    kinds = {text_of(cell) for cell in filled}
    match role:
        case "personal":
            # "Parent meeting: yes" is about no person; the name of a school is no one's.
            told = re.search(
                r"\b(school|course|class|escuela|curso|clase|site|test) names?$", words
            )
            return not told and not (len(kinds) < 4 and share_of(filled, is_yes_no) > NEARLY)
        case "student":
            # "Matrícula" is who is enrolled, by number, or how many are.
            small = words == "matricula" and not (len(kinds) == len(filled) > _FEW_KINDS)
            several = len(kinds) > min(3, len(filled) / 20)
            lost = any(map(has_lost_digits, filled))
            return several and not small and not lost and not are_dates(filled)
        case "grade":
            return share_of(filled, lambda cell: grade_in(cell) is not None) > _MOSTLY
        case "mark":
            return share_of(filled, is_mark) > _MOSTLY
        case "date":
            return are_dates(filled, by_number="date" in words or "fecha" in words)
        case "school_year":
            return share_of(filled, lambda cell: school_year_in(cell) is not None) > NEARLY
        case "window":
            return share_of(filled, lambda cell: window_in(cell) is not None) > NEARLY
        case "n" | "count":
            told = share_of(filled, lambda cell: is_number(cell) or is_suppressed(cell))
            yes_no = share_of(filled, is_yes_no) > NEARLY and len(kinds) < 3
            return told > _MOSTLY and not yes_no
        case "percent" | "score" | "days_absent" | "days_enrolled":
            # One that few have, as suspensions, may be 0 and 1; else these are yes and no.
            told = role in ("percent", "score") and all(map(is_number, filled))
            yes_no = not told and share_of(filled, is_yes_no) > NEARLY and len(kinds) < 3
            return not yes_no and share_of(filled, is_number) > NEARLY
        case "level":
            return levels_of(_often(filled)) is not None
        case "school":
            return len(kinds) <= 400 and not _are_names(filled)
        case "ethnicity":
            return 1 < len(kinds) <= MOST_KINDS and not _are_names(filled)
        case "course":
            known = share_of(filled, lambda cell: course_label(text_of(cell)) != ANOTHER)
            return 1 < len(kinds) <= 400 and known > 0.5 and not _are_names(filled)
        case "category":
            return len(kinds) > 1 and {plain_words(kind) for kind in kinds} <= ATTENDANCE
        case "group":
            return 1 < len(kinds) <= MOST_KINDS and share_of(filled, _is_a_group) > 0.5
    return True


def _by_cells(name, filled, has_blanks):
    """What a column is by its cells alone (a name of ``ROLES``); no kinds, for these may be names.

    One thing in every cell tells nothing, but for a tick where others are blank.
    """
    kinds = {text_of(cell) for cell in filled}
    few = len(kinds) <= _FEW_KINDS
    yes_no = {yes_no_in(cell) for cell in filled}
    if None not in yes_no and len(yes_no) == 2 and is_ethnicity(name):
        return "group"
    if None not in yes_no and (len(yes_no) == 2 or (yes_no == {True} and has_blanks)):
        return "yes_no"
    if len(kinds) == 1:
        return "left_out"
    if few and share_of(filled, lambda cell: window_in(cell) is not None) > NEARLY:
        return "window"
    if few and levels_of(_often(filled)) and not all(map(is_number, filled)):
        return "level"
    if {plain_words(kind) for kind in kinds} <= ATTENDANCE and "P" in {str(k)[0] for k in kinds}:
        return "category"
    if few and len(kinds) > 2 and share_of(filled, is_mark) > NEARLY:
        return "mark"
    if are_dates(filled) and not share_of(filled, is_number) > NEARLY:
        return "date"
    if few and share_of(filled, is_ethnicity) > 0.5:
        return "ethnicity"
    if share_of(filled, is_name) > 0.5:
        return "personal"
    is_measured = share_of(filled, is_number) > NEARLY and not any(map(is_code, filled))
    # Longer numbers are of telephones and of people.
    return "score" if is_measured and share_of(filled, _is_small_number) > NEARLY else "left_out"


def _is_small_number(cell):
    number = number_in(cell)
    return number is not None and abs(number) < _LONG_NUMBER


def _is_a_group(cell):
    return is_known_group(text_of(cell))


def _are_names(filled):
    return share_of(filled, is_name) > 0.2


def _often(filled):
    """The kinds that are no rare slips of the hand (set of text)."""
    texts = [text_of(cell) for cell in filled]
    return {kind for kind, rows in Counter(texts).items() if rows > OFTEN * len(texts)}


def _unless_long_ago(role, filled):
    """The role; but dates of long ago are most likely days of birth."""
    if role != "date":
        return role
    fitting = ways_that_fit(list(dict.fromkeys(filled))[:400], least=NEARLY)
    times = [time for found in fitting.values() for time in found if time is not None]
    long_ago = pd.Timestamp.now() - pd.DateOffset(years=_LONG_AGO)
    return "personal" if times and sorted(times)[len(times) // 2] < long_ago else role


def are_dates(filled, *, by_number=False):
    """Whether nearly all cells are dates, in one way of writing them (bool).

    by_number: a column that says so may have them as a spreadsheet's numbers.
    """
    if share_of(filled, lambda cell: isinstance(cell, date)) > NEARLY:
        return True
    distinct = list(dict.fromkeys(filled))[:400]
    if all(map(is_number, distinct)) and not by_number:
        return False
    fitting = set(ways_that_fit(distinct, least=NEARLY))
    return bool(fitting - {"year"} - (set() if by_number else {"a spreadsheet's number"}))


def share_of(filled, test):
    return sum(map(test, filled)) / len(filled)
