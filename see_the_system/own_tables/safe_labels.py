"""Which words of a team's own rows may stand on a page: those that are known, and no others.

A cell may hold a name, a remark, or a teacher beside the course. What is not known is called
another one; in a table of students so is what few rows have. Words are known whole: many surnames
begin as a word of a course does.
"""

import re

import pandas as pd

from see_the_system.own_tables.cells import is_name, yes_no_in
from see_the_system.own_tables.words_of_columns import plain_words
from see_the_system.privacy.protect import MIN_N

ANOTHER = "another one"


def _set_of(words):
    return frozenset(words.split())


_BETWEEN = _set_of(
    "a and con de del e el en for i ii iii in iv la las los no non not o of or para sin the to "
    "with without y"
)
_OF_COURSES = _set_of(
    """
    accelerated acelerada aceleradas acelerado acelerados advanced algebra ano ap art arte arts
    avanzada avanzado avid band basic basica basico biologia biology block bloque bridge
    bilingual bilingue calculo calculus chemistry choir ciencia ciencias civics clase class
    coding collaborative college common compacted compressed computacion computer computers
    concepts conceptos core course curso dance doble double drama dual earth economics educacion
    education eighth ela eld elective english enrichment esl espanol essentials estadistica
    estudios fast first fisica foundations french fundamentals gate general geografia geography
    geometria geometry grade grado gym health high historia history honor honors ib immersion
    inclusion ingles inmersion integrada integradas integrado integrated intervencion
    intervention intro introduction lab language languages leadership lectura lengua lenguaje
    level life literacy literatura literature matematica matematicas math mathematics maths
    middle music musica newcomer nivel octavo online orchestra part pe physical physics plus pre
    prealgebra precalculus prep preparatory quarter quimica readiness reading regular remedial
    robotics salud school science sciences second semester semestre seminar septimo seventh
    sexto sixth skills social sociales spanish special standard statistics steam stem studies
    study summer support teatro technology tecnologia theater theatre third track transition
    trigonometry trimester trimestre tutorial verano virtual world writing year
    """
)
_OF_GROUPS = _set_of(
    """
    504 african afroamericana afroamericano alaska all alumnos american americano any aprendices
    aprendiz arabe arabic armenian asian asiatico at autism autismo binary black blanca blanco
    blind cantonese caucasian cert certification certified chinese chino coreano deaf decirlo
    decline declined desventaja direct disabilities disability disadvantaged discapacidad
    disturbance economically el ell els emotional english eo espanol estudiantes ever everyone f
    family farsi femenina femenino female fep filipino fluent foster frances free french frpm
    full gate gratis group grupo hawaiian health hearing hindi hispana hispanic hispano hispanos
    hmong hombre hombres homeless iep ifep impairment income indian indigena ingles initially
    intellectual islander japanese khmer korean language lao latina latino latinos latinx
    learner learners learning long low ltel m male mandarin masculina masculino meal migrant
    migrante military mixed mixteco more mujer mujeres multiracial native never no nonbinary
    none orthopedic other otra otro pacific paid parent persian portugues portuguese prefer
    prefiero price proficient program punjabi races rather recently reclassified redesignated
    reduced reducido reported responder rfep risk ruso russian say sed si socioeconomically
    somali spanish specific speech sped state status student students swd tagalog tbd term todas
    todos total two ukrainian unknown urdu vietnamese visual white x yes youth
    """
)
_CODE = re.compile(r"[a-z]|\d{1,4}|[a-z]?\d{1,3}[a-z]?|\d(st|nd|rd|th)")


def is_known_group(kind):
    """Whether a value of a group of students is of words that tell of nobody (bool).

    >>> is_known_group("Foster youth"), is_known_group("Foster, Ana"), is_known_group("LEE")
    (True, False, False)
    """
    parts = plain_words(kind).split()
    known = [part in _OF_GROUPS or part in _BETWEEN or _CODE.fullmatch(part) for part in parts]
    return yes_no_in(kind) is not None or (bool(parts) and all(known))


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

    >>> course_label("Accelerated Math 7"), course_label("Math 7 - Delgado"), course_label("Ford")
    ('Accelerated Math 7', 'Math 7', 'another one')
    """
    words = [word for word in str(kind).split() if _is_of_a_course(word)]
    parts = {part for word in words for part in _parts_of(word)}
    return " ".join(words).strip(" -–—:,;/(") if parts & _OF_COURSES else ANOTHER


def _is_of_a_course(word):
    return all(
        part in _OF_COURSES or part in _BETWEEN or _CODE.fullmatch(part) for part in _parts_of(word)
    )


def _parts_of(word):
    """The plain parts of a word, "Math8" and "Pre-Algebra" in two (list of text)."""
    return re.sub(r"(?<=[a-z]{3})(?=\d)", " ", plain_words(word)).split()
