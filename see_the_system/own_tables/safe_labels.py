"""Which words of a team's own rows may stand on a page: those that are known, and no others.

A cell may hold a name, a remark, or a teacher beside the course. What is not known is called
another one; in a table of students so is what few rows have.
"""

import re

import pandas as pd

from see_the_system.own_tables.cells import is_ethnicity, is_name, yes_no_in
from see_the_system.own_tables.words_of_columns import SUBGROUPS, plain_words
from see_the_system.privacy.protect import MIN_N

ANOTHER = "another one"
_CODE = re.compile(r"[A-Z0-9]{1,4}")
_LANGUAGES = re.compile(
    r"(spanish|espanol|english|ingles|vietnamese|mandarin|cantonese|chinese|chino|arabic|arabe|"
    r"tagalog|filipino|korean|coreano|punjabi|armenian|russian|ruso|hmong|farsi|persian|mixteco|"
    r"portuguese|portugues|japanese|khmer|lao|somali|ukrainian|hindi|urdu|french|frances|other|"
    r"otro|"
    r"other non english languages?|free|reduced|paid|full price|direct cert\w*|gratis|reducido|"
    r"autism|autismo|speech.*|specific learning.*|other health.*|emotional.*|intellectual.*)"
)
# The words that names of courses are made of, by how they begin.
_OF_COURSES = re.compile(
    r"(math|mate|algebra|prealg|geometr|ela$|english|ingles|language|lengua|leng|reading|lectura|"
    r"liter|writ|escrit|scien|cienc|hist|social|stud|estud|physi|fisic|arts?$|arte|music|band$|"
    r"choir|support|apoyo|interven|honor|accel|aceler|advanc|avanz|integra|integrad|pre|ap$|ib$|"
    r"colleg|elect|lab|esl$|eld$|stem|steam|regular|general|bas|special|spanish|espan|french|"
    r"statist|calc|trig|estad|remed|enrich|gate|avid|comput|core|coding|robot|tech|tecn|health|"
    r"salud|concept|found|fundam|intro|readi|essen|plus|part|level|nivel|grade|grado|year|ano|"
    r"course|curso|class|clase|block|bloque|seminar|tutor|skill|bridge|trans|compac|compress|doubl|"
    r"doble|fast|track|common|standard|estandar|world|geogr|civic|econ|bio|chem|quim|earth|life|"
    r"leader|drama|theat|teatro|dance|gym|inclus|collab|newcom|dual|immers|inmers|bilin|online|"
    r"virtual|summer|verano|semest|trimest|quarter|first|second|third|seventh|eighth|sixth|"
    r"septimo|octavo|sexto|with|and|the|for|of|in|de|del|la|el|los|las|con|para|non|not|no)"
)


def is_known_group(kind):
    """Whether a value of a group of students is a word that tells of nobody (bool)."""
    words = plain_words(kind)
    return bool(
        SUBGROUPS.fullmatch(words)
        or _LANGUAGES.fullmatch(words)
        or _CODE.fullmatch(str(kind))
        or is_ethnicity(kind)
        or yes_no_in(kind) is not None
    )


def safe_values(role, values, *, counted_already):
    """The values of a column of groups with what is not known called another one (Series)."""
    many = values.value_counts()
    # Where no value has many rows, as in a list of schools, few rows say nothing.
    each_once = counted_already or many.max() < MIN_N
    safe = {kind: _safe(role, kind, many[kind], each_once) for kind in many.index}
    # Not by map, which makes floats of whole numbers among which some are missing.
    found = [safe.get(value) for value in values]
    return pd.Series(found, index=values.index, dtype=object)


def _safe(role, kind, rows, each_once):
    enough = each_once or rows >= MIN_N
    if role == "group":
        known = is_known_group(kind) or (each_once and not is_name(kind))
        return kind if known else ANOTHER
    if role == "ethnicity":
        short = len(str(kind).split()) <= 4 and not is_name(kind)
        return kind if is_known_group(kind) or (enough and short) else ANOTHER
    if role == "course":
        return course_label(kind)
    is_kind = role not in ("grade", "yes_no")
    return ANOTHER if is_kind and not enough else kind


def course_label(kind):
    """A course without what names of courses are not made of (text).

    >>> course_label("Accelerated Math 7"), course_label("Math 7 - Ríos"), course_label("Paz")
    ('Accelerated Math 7', 'Math 7', 'another one')
    """
    words = [word for word in str(kind).split() if _is_of_a_course(word)]
    label = " ".join(words).strip(" -–—:,;/(")
    return label if any(len(plain_words(word)) > 2 for word in words) else ANOTHER


def _is_of_a_course(word):
    parts = plain_words(word).split()
    return all(len(part) <= 2 or part.isdigit() or _OF_COURSES.match(part) for part in parts)
