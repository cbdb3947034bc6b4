"""What one cell of a team's own table says, read as a number, a grade, a level or an answer.

Each gives None for a cell that says nothing of the kind.
"""

import re
from datetime import date
from functools import lru_cache

import pandas as pd

from see_the_system.messages import plain_letters
from see_the_system.own_tables.words_of_columns import (
    AGREE,
    ALL,
    DISAGREE,
    ETHNICITIES,
    LEVELS,
    MISSING,
    NEITHER,
    NO,
    SUPPRESSED,
    TICKS,
    WINDOWS,
    YES,
    plain_words,
)

_GRADE = re.compile(
    r"(?:grade|grado|gr|g)? ?0?(\d{1,2}) ?(?:st|nd|rd|th|o|a|er|ro|do|to|mo|vo)?"
    r"(?: ?(?:grade|grado))?"
)
_NAME_OF_A_PERSON = re.compile(
    r"(mr|mrs|ms|miss|dr|sr|sra|srta|prof|profe|maestr[oa])\.? .+|[^\d,]{2,30}, ?[^\d,]{1,30}|"
    r"[a-z]\. ?[a-zñáéíóú'’-]{2,}",
    re.IGNORECASE,
)
ALL_GRADES = "All students"  # in a table of counts, the row of all grades
_ZONE = re.compile(r"(?<=[AP]M) (GMT[+-]?\d*|[A-Z]{2,4}T)$")
_LOST_DIGITS = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_READING = re.compile(r"(BR|EM)?(\d{1,4})[LQ]", re.IGNORECASE)  # Lexile and Quantile measures


def is_known(cell):
    """Whether a cell says anything (bool)."""
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return False
    return not (isinstance(cell, str) and plain_letters(cell).strip() in MISSING)


def text_of(cell):
    """A cell as words: a whole number without its point (text)."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)


def kind_of(cell):
    return " ".join(text_of(cell).split())[:60]


def is_number(cell):
    return not isinstance(cell, bool) and (
        isinstance(cell, (int, float)) or number_in(cell) is not None
    )


def is_code(cell):
    return isinstance(cell, str) and bool(re.fullmatch(r"0\d{3,}", cell))


def number_in(cell):
    """A number as people write it (float), None for another cell.

    A comma sets off thousands where three digits follow; ``numbers_of`` reads whole columns.

    >>> number_in("1,234"), number_in("45 %"), number_in("12,5"), number_in("BR200L")
    (1234.0, 45.0, 12.5, -200.0)
    """
    return _number(cell, thousands=",")


def numbers_of(cells, *, decimal_comma=False, whole=False):
    """A column of cells as numbers (dict of float or None by cell), all written in one way.

    decimal_comma: columns end in semicolons, as where a comma sets off decimals; a point may then
    set off thousands, where all are ``whole``.
    """
    texts = [cell for cell in cells if isinstance(cell, str)]
    comma = decimal_comma or any(re.search(r",(\d{1,2}|\d{4,})%?$", text) for text in texts)
    thousands = "." if decimal_comma and whole else "" if comma else ","
    return {cell: _number(cell, thousands=thousands) for cell in cells}


def _number(cell, thousands):
    if isinstance(cell, (bool, date)):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    text = str(cell).replace("−", "-").strip().removesuffix("%").strip()
    reading = _READING.fullmatch(text)
    if reading:
        return float(reading[2]) * (-1 if reading[1] else 1)
    if thousands and re.fullmatch(rf"[-+]?\d{{1,3}}([{thousands}]\d{{3}})+", text):
        text = text.replace(thousands, "")
    elif thousands == "," and re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+\.\d+", text):
        text = text.replace(",", "")
    elif re.fullmatch(r"[-+]?\d+,\d+", text):
        text = text.replace(",", ".")
    return float(text) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", text) else None


def grade_in(cell):
    """A grade, kindergarten as 0 (int), None for another cell."""
    text = plain_words(text_of(cell))
    if ALL.fullmatch(text):
        return ALL_GRADES
    if text in ("k", "tk", "pk", "ps", "kinder", "kindergarten", "kg", "jardin"):
        return 0
    found = _GRADE.fullmatch(text)
    return int(found[1]) if found and int(found[1]) <= 12 else None


def is_mark(cell):
    return bool(re.fullmatch(r"[A-DFa-df][+−-]?", str(cell)))


def is_yes_no(cell):
    return yes_no_in(cell) is not None


def yes_no_in(cell):
    """Yes or no as people write it (bool), None for another cell."""
    text = text_of(cell).strip()
    word = plain_letters(text).strip()
    return True if word in YES or text in TICKS else False if word in NO else None


@lru_cache(maxsize=50_000)
def _window(words):
    found = re.search(r"\b(?:sy ?)?(20\d\d)(?: (20\d\d|\d\d))?\b", words)
    bare = words.replace(found[0], "") if found else words
    bare = re.sub(r"\b(test|benchmark|diagnostic|window)\b$", "", bare.strip()).strip()
    for name, (month, pattern) in WINDOWS.items():
        if re.fullmatch(pattern, words) or re.fullmatch(pattern, bare):
            if not found:
                return name
            first = int(found[1])
            spring = first + 1 if found[2] or month > 6 else first
            return f"{name} {spring - 1}-{spring % 100:02}"
    return None


def window_in(cell):
    """The time of the school year, with the year where it is told, None for another cell.

    >>> window_in("Fall 2024-2025"), window_in("Spring 2025"), window_in("BOY")
    ('fall 2024-25', 'spring 2024-25', 'beginning')
    """
    return _window(plain_words(text_of(cell))) if len(str(cell)) <= 40 else None


def window_and_spring(window):
    """A time of the school year without its year, and that year's spring, None where none is told.

    >>> window_and_spring("fall 2024-25"), window_and_spring("part 1 of 3")
    (('fall', 2025), ('part 1 of 3', None))
    """
    found = re.fullmatch(r"(.*) (20\d\d)-\d\d", window)
    return (found[1], int(found[2]) + 1) if found else (window, None)


def school_year_in(cell):
    """The spring of a school year (int), None for another cell.

    >>> school_year_in("2024-25"), school_year_in("SY24"), school_year_in("23-24")
    (2025, 2024, 2024)
    """
    text = text_of(cell).strip()
    short = re.fullmatch(r"SY ?(\d\d)|\d\d\s*[-/–]\s*(\d\d)", text, re.IGNORECASE)
    if short:
        return 2000 + int(short[1] or short[2])
    found = re.fullmatch(r"(?:SY ?)?((?:19|20)\d\d)(?:\s*[-/–]\s*(\d{4}|\d\d))?", text)
    if not found:
        return None
    year = int(found[1])
    if not found[2]:
        return year
    return year + 1 if int(found[2]) % 100 == (year + 1) % 100 else None


def answer_in(cell):
    """An answer of a survey: a number of its scale, or 1, 0, -1 of agreement; None for others."""
    words = plain_words(text_of(cell))
    for side, known in ((1.0, AGREE), (0.0, NEITHER), (-1.0, DISAGREE)):
        if words in known:
            return side
    # "5 - Strongly agree"
    numbered = re.fullmatch(r"(\d) ([a-z].*)", words)
    if numbered:
        in_words = any(numbered[2] in known for known in (AGREE, NEITHER, DISAGREE))
        return float(numbered[1]) if in_words else None
    return number_in(cell)


def is_in_words_an_answer(cell):
    return not is_number(cell) and answer_in(cell) is not None


def is_of_a_scale(cells):
    """Whether a column holds whole numbers of a survey's scale alone (bool)."""
    filled = [number_in(cell) for cell in cells if is_known(cell)]
    return bool(filled) and set(filled) <= {1.0, 2.0, 3.0, 4.0, 5.0, 6.0}


def levels_of(kinds):
    """The known levels that these are, lowest first, and which meets the standard (pair or None).

    Known by their words, with or without a number before ("3 - Standard Met", "Level 3: Met").
    """
    words = {plain_words(kind) for kind in kinds}
    bare = {re.sub(r"^(level |nivel )?\d (?=[a-z])", "", word) for word in words}
    if len(words) < 2:
        return None
    for levels, met in LEVELS:
        if words <= set(levels) or bare <= set(levels):
            return levels, met
    return None


def bare_level(kind):
    """A level's words without a number before them, as ``LEVELS`` has them (text)."""
    words = plain_words(kind)
    return re.sub(r"^(level |nivel )?\d (?=[a-z])", "", words)


def ethnicity_in(cell):
    """The state's name of a race or ethnicity (text), None for a cell that has none."""
    words = plain_words(text_of(cell))
    for name, pattern in ETHNICITIES.items():
        if re.fullmatch(pattern, words):
            return name
    return None


def is_ethnicity(cell):
    return ethnicity_in(cell) is not None


def is_name(cell):
    """Whether a cell is written as people's names are (bool): "Ms. Ito", "Ríos, Ana", "R. Lee"."""
    return isinstance(cell, str) and bool(_NAME_OF_A_PERSON.fullmatch(cell.strip()))


def without_zone(cell):
    """A form's time stamp without its time zone: a day is what is asked for (the cell)."""
    return _ZONE.sub("", cell) if isinstance(cell, str) else cell


def has_lost_digits(cell):
    """Whether a spreadsheet has rounded an id to 1.23E+11 (bool)."""
    return isinstance(cell, str) and bool(_LOST_DIGITS.fullmatch(cell))


def student_in(cell):
    """What tells a student from others: an id without what spreadsheets add or lose (text)."""
    text = text_of(cell).removesuffix(".0")
    return text.lstrip("0") or text


def is_suppressed(cell):
    return bool(SUPPRESSED.fullmatch(plain_letters(str(cell)).strip()))


PARSERS = {
    "student": student_in,
    "grade": grade_in,
    "ethnicity": lambda cell: ethnicity_in(cell) or kind_of(cell),
    "yes_no": yes_no_in,
    "answer": answer_in,
    "mark": lambda cell: str(cell).strip().upper()[0] if is_mark(cell) else None,
    "window": window_in,
    "school_year": school_year_in,
}
