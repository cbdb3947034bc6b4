"""What the sentence of an aim says, so that it can be held against the aim's fields."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from see_the_system.theory.clauses import normalised, plain

_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(names.split(), 1)
}
_MONTH = "|".join(_MONTHS)
# The last month of a season of a school year, and the first one from which it may be meant.
_SEASONS = {"winter": (1, 3), "spring": (3, 6), "summer": (6, 8), "fall": (9, 12)}
_SEASONS |= {"invierno": (1, 3), "primavera": (3, 6), "verano": (6, 8), "otono": (9, 12)}
_BY = re.compile(
    r"\b(?:by|before|until|no later than|para|antes de|hasta|en) (?:the )?(?:end of )?(?:the |el )?"
    r"(?:(?:school year|ano escolar) )?(?:(?P<dia>\d{1,2}) de )?"
    rf"(?:(?P<part>{_MONTH}|{'|'.join(_SEASONS)})(?: (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?)?"
    r"(?: of| de| del)? )?(?P<year>20\d\d)(?:[-–/](?P<end>(?:20)?\d\d)\b)?"
)
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_SHARE = re.compile(_NUMBER + r" ?(?:percent\b|%|points?\b|por ciento|puntos?\b)")
_FROM = re.compile(rf"\b(?:from|de|del|desde)(?: el)? {_NUMBER}(?! ?de )(?![-–/\d])")
_TO = re.compile(rf"\b(?:from|de|del|desde)(?: el)? {_NUMBER}[\w %]{{0,20}}? (?:to|a|al) {_NUMBER}")
_GRADES = re.compile(
    r"\b(?:grades?|grados?) (\d{1,2}|k)(?: ?(?:to|through|thru|-|–|and|a|y|al) ?(\d{1,2}))?|"
    r"\b(\d{1,2})(?:st|nd|rd|th)[- ]grade"
)
_GROUPS = {
    "Hispanic or Latino": r"hispanic|latin[oaxe]s?\b|hispan[oa]s?",
    "White": r"\bwhite\b|\bblanc[oa]s\b",
    "Black or African American": r"\bblack\b|african[- ]american|afroamerican[oa]s?",
    "Asian": r"\basian\b|\basiatic[oa]s\b",
    "Filipino": r"\bfilipin[oa]s?\b",
    "American Indian": r"american indian|native american|indigen[oa]s?\b",
    "Pacific Islander": r"pacific islander",
    "English learners": r"english[- ](?:language )?learners?|\bells?\b|aprendices de ingles",
    "students with disabilities": r"disabilit|\biep|discapacidad|special education",
    "disadvantaged students": r"disadvantaged|low[- ]income|desfavorecid[oa]s|bajos ingresos",
    "foster youth": r"\bfoster\b",
    "homeless students": r"\bhomeless\b",
    "migrant students": r"\bmigrant",
    "girls": r"\bgirls\b",
    "boys": r"\bboys\b",
}
_SUBJECTS = {
    "mathematics": r"\bmath(?:ematics)?\b|\balgebra\b|\bmatematicas?\b|\bgeometry\b",
    "reading": r"\breading\b|\bread\b|\bela\b|english language arts|\bliteracy\b|\blectura\b",
    "science": r"\bscience\b|\bciencias?\b",
    "attendance": r"\battend|\babsen|\basistencia\b|\bausen",
    "graduation": r"\bgraduat|\bgradua",
}


class Day(NamedTuple):
    """A day as a sentence gives it: ``words``, and the ``first`` and ``last`` day it may mean."""

    words: str
    first: date
    last: date


class AimSentence(NamedTuple):
    """What the sentence of an aim says: numbers, day, grades, groups and subjects."""

    numbers: tuple
    baseline: float | None
    target: float | None
    by: Day | None
    grades: frozenset
    groups: tuple
    subjects: tuple


@lru_cache(maxsize=2_000)
def said(text):
    """What a sentence says of an aim (AimSentence).

    >>> aim = said("By June 2028, 45 percent of Latino students pass, up from 31 percent.")
    >>> aim.baseline, aim.target, aim.by.words, aim.groups
    (31.0, 45.0, 'June 2028', ('Hispanic or Latino',))
    """
    whole = normalised(text)
    small = plain(whole)
    shares = tuple(_value(number) for number in _SHARE.findall(small))
    both = _TO.search(small)
    starts = [_value(number) for number in _FROM.findall(small)]
    if both:
        baseline, target = _value(both[1]), _value(both[2])
    else:
        baseline = next((number for number in starts if number in shares), None)
        ahead = [number for number in shares if number != baseline]
        target = ahead[0] if ahead else None
    numbers = {_value(number) for number in re.findall(_NUMBER, small)}
    return AimSentence(
        tuple(sorted(numbers)),
        baseline,
        target,
        _day(whole, small),
        grades(text),
        named(_GROUPS, text),
        subjects(text),
    )


def groups(text):
    """The groups of students that a text names (tuple of text)."""
    return named(_GROUPS, text)


def subjects(text):
    """The subjects that a text names (tuple of text)."""
    return named(_SUBJECTS, text)


def named(words, text):
    """The names of a dictionary of patterns that a text meets (tuple of text)."""
    small = plain(normalised(text))
    return tuple(name for name, pattern in words.items() if re.search(pattern, small))


def grades(text):
    """The grades that a text names, kindergarten as 0 (frozenset of int)."""
    found = set()
    for low, high, alone in _GRADES.findall(plain(normalised(text))):
        first = 0 if low == "k" else int(low or alone)
        last = int(high) if high else first
        found.update(range(first, last + 1))
    return frozenset(found)


def written(day, language="en"):
    """A day as people write it (text).

    >>> written(date(2028, 6, 15)), written(date(2028, 6, 15), "es")
    ('June 15, 2028', '15 de junio de 2028')
    """
    english, spanish = [name for name, number in _MONTHS.items() if number == day.month]
    if language == "es":
        return f"{day.day} de {spanish} de {day.year}"
    return f"{english.capitalize()} {day.day}, {day.year}"


def _value(number):
    return float(number.replace(",", "."))


def _day(whole, small):
    """The day by which a sentence wants it (Day or None)."""
    match = _BY.search(small)
    if not match:
        return None
    year = int(match["year"])
    end = int(f"20{match['end'][-2:]}") if match["end"] else year
    part, day = match["part"], match["day"] or match["dia"]
    if part in _SEASONS:
        first, last = _SEASONS[part]
    else:
        first, last = (_MONTHS[part],) * 2 if part else (1, 12)
    last_day = monthrange(end, last)[1]
    start = match.start("part") if part else match.start("year")
    words = whole[start : match.end()].rstrip(",")
    if day and 1 <= int(day) <= last_day:
        exact = date(year, first, int(day))
        return Day(words, exact, exact)
    return Day(words, date(year, first, 1), date(end, last, last_day))
