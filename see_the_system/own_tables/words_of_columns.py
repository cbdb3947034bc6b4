"""The words by which a team's own columns are known, in English and in Spanish.

All are plain small letters without accents, as ``messages.plain_letters`` makes them. Names of
columns are matched as patterns, cells as whole texts.
"""

import re
from functools import lru_cache

from see_the_system.messages import plain_letters

# What a column can be read as: what a person is told of it.
ROLES = {
    "student": "which student (tells students apart; never shown)",
    "school": "school",
    "grade": "grade",
    "ethnicity": "race or ethnicity",
    "group": "another group of students",
    "course": "course",
    "category": "kinds",
    "yes_no": "yes or no",
    "level": "levels, lowest to highest",
    "percent": "a percent",
    "score": "a score or another number",
    "answer": "an answer to a survey",
    "mark": "a mark from A to F",
    "days_absent": "days absent",
    "days_enrolled": "days enrolled",
    "date": "the date",
    "window": "the time of the school year",
    "school_year": "the school year",
    "count": "how many are counted",
    "n": "of how many students",
    "left_out": "not recognized, left out; say what it is to use it",
    "personal": "about a person, left out",
}
# Which groups of students a table can be looked at by, and what can be counted in it.
PARTS = ("school", "grade", "ethnicity", "group", "course", "category", "yes_no")
NUMBERS = ("percent", "score", "days_absent", "days_enrolled", "count", "n")

_PERSON = r"(student|pupil|learner|child|estudiante|alumn[oa]s?|alumnado|stu)"
_ID = r"(ids?|number|no|num|nbr|numero|matricula|codigo|clave|folio|key|ssid|perm)"
# The first pattern that is in a name decides; what has to be in the cells too is in ``columns``.
NAMES = (
    (
        "student",
        r"^(sis number|perm id number|permanent id|id number|ssid number|calpads ssid|"
        r"(external|unique|user|sis user|participant|other) id|folio|(no|numero) de matricula)$",
    ),
    (
        "left_out",
        r"\b(comments?|notes?|info|feedback|remarks?|reason|behaviou?r|what else|other)\b",
    ),
    ("left_out", r"\b(comentarios?|observaciones?|notas|razon|motivo|conducta|algo mas|otros?)\b"),
    (
        "personal",
        r"\b(birth\w*|bday|dob\d?|d o b|yob|born|nacimiento|nac|fecnac|nacid[oa]|nacio)\b",
    ),
    ("personal", r"\b(cumplea\w*|age|edad|e ?mail|correo|phone|telephone|telefono|tel|celular)\b"),
    ("personal", r"\b(cell|mobile|movil|address|direccion|domicilio|street|calle|zip|postal)\b"),
    (
        "personal",
        r"\b(guardian|parents?|padres?|madres?|mother|father|mama|papa|tutor(es|as?|s)?)\b",
    ),
    (
        "personal",
        r"\b(emergency|emergencia|contact\w*|pin|username|password|home (number|phone))\b",
    ),
    ("personal", r"\b(teachers?|maestr[oa]s?|profe\w*|docentes?|instructors?|counselors?)\b"),
    ("personal", r"\b(consejer[oa]s?|staff|administrad\w+|advis\w+|asesor\w*|homeroom|proctor)\b"),
    ("personal", r"\b(case (manager|mgr|carrier)|(tested|scored|entered|assigned) by|provider)\b"),
    ("personal", r"\b(coach|aide|coordina\w+|carrier|mgr|psych\w*|supervisor\w*|specialist)\b"),
    ("personal", r"\b(especialista|mentor\w*|interventionist|liaison|principal|director\w*)\b"),
    ("personal", r"\b(nurse|therapist|terapeuta|escort|driver|witness|referred by)\b"),
    ("personal", r"\b(first|last|middle|full|given|family|sur|nick) ?(names?|first)\b"),
    ("personal", r"^(last|first|names?|kids?)$|\bapellidos?\b"),
    ("personal", r"^nombres?$|\bnombres? (completo|y |de l?a?l? ?(estudiante|alumn|nin|maestr))"),
    ("personal", rf"\b{_PERSON} (full )?names?\b"),
    (
        "student",
        rf"\b{_PERSON} (identifier|identificador)\b|\b{_PERSON}\b.*\b{_ID}\b|"
        rf"\b{_ID}\b.*\b{_PERSON}\b|^stu ?(num|id)$",
    ),
    ("student", r"^(ssid|sis ?id|local id|state id|perm( id)?|id|lasid|sasid|matricula|clave)$"),
    ("student", rf"^{_PERSON}$"),
    ("school_year", r"\b(school|academic|fiscal) (year|yr)\b|\b(ano|ciclo|periodo) escolar\b"),
    ("school_year", r"^(test |testing )?(year|yr|ano|sy)$"),
    ("window", r"\b(window|season|term|quarter|trimester|semester|administration|testing period)"),
    ("window", r"\b(ventana|temporada|trimestre|bimestre|cuatrimestre|semestre|etapa|momento)\b"),
    ("window", r"\b(period|periodo|diagnostic|assessment|test|prueba|evaluacion|month|mes)\b"),
    ("left_out", r"\b(room|salon|aula|period|periodo|hora|section|seccion|seat)\b(?! escolar)"),
    (
        "date",
        r"\b(date|day|timestamp|week|month|fecha|dia|semana|mes|marca temporal|on)$|^(date|"
        r"fecha|week|semana|month|mes|timestamp|marca temporal)\b",
    ),
    ("percent", r"\b(percent\w*|pct|perc|porcentaje|por ciento|rate|tasa)\b|%"),
    (
        "count",
        r"\b(n|number|num|count|numero|total|cantidad) .*\b(met|meeting|exceed\w*|placed|"
        r"pass\w*|proficient|correct\w*|suspended|absent|aprobad\w+|cumpl\w+|logr\w+|ausentes)\b",
    ),
    (
        "n",
        r"\b(n|number|num|no|total|count|numero|cantidad)( of| de)? (students|tested|enrolled|"
        r"scores|estudiantes|alumn\w+|evaluados|inscritos)\b|^(student|enrollment) (count|total)$",
    ),
    (
        "n",
        r"^students (enrolled|tested)$|^(n|total|denominator|denominador|enroll?ment|enrolled|"
        r"tested|students|headcount|total students|estudiantes|alumnos|evaluados|inscritos|"
        r"matricula|total de \w+)$",
    ),
    ("school", r"\b(school|site|campus|escuela|plantel|centro|colegio|building)s?\b"),
    (
        "grade",
        r"\bgrade are you\b|\bgrado estas\b|\b(grade|grado)( level)?s?$|"
        r"^(gr|grd|grade|grado|nivel de grado)\b",
    ),
    ("ethnicity", r"\b(ethnic\w*|eth|race|racial|raza|etnia|etnic\w*|origen etnico)\b"),
    ("group", r"\b(gender|sex|genero|sexo)\b"),
    ("group", r"\b(language|lengua|idioma|lang|el|ell|els|elp|eld|english learner|aprend\w+)\b"),
    ("group", r"\b(disab\w+|iep|sped|swd|special ed\w*|discapac\w+|educacion especial|504)\b"),
    ("group", r"\b(sed|disadv\w+|frpm|frl|lunch|low income|poverty|desventaja|bajos? ingresos?)\b"),
    ("group", r"\b(homeless|foster|migrant|military|sin hogar|crianza|migrante|militar)\b"),
    ("group", r"\b(sub ?groups?|student groups?|groups?|grupos?|subgrupos?)\b"),
    ("days_absent", r"\b(absen\w+|abs|ausen\w+|faltas|inasist\w+)\b"),
    (
        "days_enrolled",
        r"\b(days?|dias)\b.*\b(enrolled|enrl|enroll?ment|membership|possible|expected|"
        r"inscrit\w+|matricul\w+|habiles|clases?|escolares)\b|\b(enrolled|membership) days\b|"
        r"^membership$",
    ),
    ("mark", r"\b(marks?|letter grade|final grade|grade|calificacion\w*|nota)\b"),
    ("percent", r"\b(share|percent correct)\b"),
    ("level", r"\b(levels?|nivel\w*|performance|proficien\w*|desempeno|standard|band|placement)$"),
    ("category", r"\b(attendance|asistencia|present|absent|status|estado)\b"),
    ("course", r"\b(course|class|placement|section name|curso|clase|asignatura|materia)s?\b"),
    ("course", r"\b(colocacion|ubicacion|pathway|ruta|subject)\b"),
    (
        "score",
        r"\b(scores?|scale|rit|points?|puntaje|puntuacion|puntos|resultado|quantile|lexile)\b",
    ),
    ("score", r"\b(gpa|grade point\w*|promedio|suspensions?|suspensiones)\b"),
    ("count", r"^(count|counted|number|numerator|numerador|cuantos|cantidad)$"),
    ("count", r"\b(met|exceeded|placed|passed|present|proficient|aprobados|cumplen|lograron)\b"),
    (
        "count",
        r"^(students )?(absent|suspended|correct|correctas)$|^(number )?in (algebra|accel\w*)",
    ),
)
MISSING = {
    *("*", "**", "-", "--", "---", "n/a", "na", "nan", "null", "none", "nil", ".", "?", "x/x"),
    *("not tested", "no score", "no data", "missing", "unknown", "not available", "declined"),
    *("no evaluado", "sin dato", "sin datos", "desconocido", "no disponible", "s/d", "nd", "n/d"),
}
# Where a number was expected, what says that there is none.
NO_NUMBER = {"absent", "ausente", "excused", "exempt", "exento", "abs"}
SUPPRESSED = re.compile(
    r"\*+|n? ?[<≤>≥] ?\d+%?|(fewer|less) than \d+|\d+ or fewer|menos de \d+|suppressed|ds|"
    r"n too small"
)
# What an attendance code may be; each is a kind, and none of them tells of a person.
ATTENDANCE = {
    *("p", "a", "t", "e", "u", "l", "present", "absent", "tardy", "late", "excused", "unexcused"),
    *("excused absence", "unexcused absence", "presente", "ausente", "tarde", "justificada"),
    *("injustificada", "retardo", "enrolled", "withdrawn", "on time", "truant", "r", "f"),
}
YES = {"yes", "y", "true", "t", "si", "s", "verdadero", "v", "x", "1", "check", "checked"}
NO = {"no", "n", "false", "f", "falso", "0", "unchecked"}
TICKS = {"✓", "✔", "☑", "✅", "●"}
NEGATION = re.compile(r"\b(no|not|non|sin|un|dis|never|nunca)\b")
# Ways of the school year, in its order; the month in which each is put on a chart.
WINDOWS = {
    "beginning": (8, r"(boy|beginning( of (the )?year)?|inicio|inicial|start|pre ?test|pre)"),
    "fall": (10, r"(fall|autumn|otono)"),
    "winter": (1, r"(winter|invierno|moy|middle( of (the )?year)?|mid ?year|medio|intermedi[oa])"),
    "spring": (3, r"(spring|primavera)"),
    "end": (5, r"(eoy|end( of (the )?year)?|final|fin|cierre|post ?test|post|summer|verano)"),
    **{
        f"part {place} of {parts}": (month, rf"({names}) ?{place}|{ordinal} ({spoken})")
        for parts, names, spoken, months in (
            (4, "q|quarter|qtr|b|bimestre|mp|marking period", "quarter|bimestre", (9, 11, 2, 4)),
            (3, "t|tri|trimester|trimestre|window|ventana|benchmark|ib|interim|w",
             "trimester|trimestre|window|ventana|benchmark|interim", (10, 1, 3)),
            (2, "s|sem|semester|semestre", "semester|semestre", (12, 5)),
        )
        for place, (month, ordinal) in enumerate(
            zip(months, ("(first|1st|primer[oa]?|1er|1ra)", "(second|2nd|segund[oa]|2do|2da)",
                         "(third|3rd|tercer[oa]?|3er|3ra)", "(fourth|4th|cuart[oa]|4to|4ta)"),
                strict=False),
            start=1,
        )
    },
    # A month alone, which is in the school year that is told beside it.
    **{
        name: (month, rf"{name}|{short}")
        for month, name, short in (
            (8, "august", "aug|agosto|ago"),
            (9, "september", "sept?|sep?tiembre|set"),
            (10, "october", "oct|octubre"),
            (11, "november", "nov|noviembre"),
            (12, "december", "dec|diciembre|dic"),
            (1, "january", "jan|enero|ene"),
            (2, "february", "feb|febrero"),
            (3, "march", "mar|marzo"),
            (4, "april", "apr|abril|abr"),
            (5, "may", "mayo"),
            (6, "june", "jun|junio"),
            (7, "july", "jul|julio"),
        )
    },
}  # fmt: skip
# Levels that are known, lowest first, each with the place of the lowest that meets the standard.
LEVELS = (
    (("standard not met", "standard nearly met", "standard met", "standard exceeded"), 2),
    (("not met", "nearly met", "met", "exceeded"), 2),
    (("no cumple", "casi cumple", "cumple", "supera"), 2),
    (("no cumplido", "casi cumplido", "cumplido", "superado"), 2),
    (("minimal", "developing", "proficient", "advanced"), 2),
    (("far below basic", "below basic", "basic", "proficient", "advanced"), 3),
    (("muy bajo", "bajo", "medio", "alto", "muy alto"), 3),
    (("insuficiente", "basico", "satisfactorio", "avanzado"), 2),
    (("por debajo del basico", "basico", "competente", "avanzado"), 2),
    (("below", "approaching", "at", "above"), 2),
    (("below standard", "near standard", "above standard"), 2),
    (("below standard", "approaching standard", "at standard", "above standard"), 2),
    (("emerging", "developing", "meeting", "exceeding"), 2),
    (("beginning", "developing", "proficient", "mastery"), 2),
    (
        (
            "3 or more grade levels below",
            "2 grade levels below",
            "1 grade level below",
            "early on grade level",
            "mid or above grade level",
        ),
        3,
    ),
    (("low", "lo avg", "avg", "hi avg", "high"), 2),
    (("low", "low average", "average", "high average", "high"), 2),
    (("red", "orange", "yellow", "green", "blue"), 3),
    (("rojo", "naranja", "amarillo", "verde", "azul"), 3),
    (("urgent intervention", "intervention", "on watch", "at above benchmark"), 3),
    *(
        (tuple(f"{word} {place}" for place in range(1, most + 1)), met)
        for word in ("level", "nivel", "tier", "band")
        for most, met in ((4, 2), (5, 3))
    ),
    (("1", "2", "3", "4"), 2),
    (("no cumplio", "casi cumplio", "cumplio", "supero"), 2),
    (
        (
            "minimally developed",
            "somewhat developed",
            "moderately developed",
            "well developed",
        ),
        3,
    ),
    (("well below benchmark", "below benchmark", "at benchmark", "above benchmark"), 2),
    (("off track", "on track"), 1),
    (("fail", "pass"), 1),
    (("f", "p"), 1),
    (("not eligible", "eligible"), 1),
    (("incomplete", "complete"), 1),
    (("incomplete", "completed"), 1),
    (("not completed", "completed"), 1),
    (("not started", "in progress", "completed"), 2),
    (("no elegible", "elegible"), 1),
    (("reprobado", "aprobado"), 1),
)
AGREE = {
    *("strongly agree", "agree", "somewhat agree", "slightly agree", "always", "almost always"),
    *("often", "very often", "usually", "frequently", "most of the time", "very true", "true"),
    *("mostly true", "very much", "quite a bit", "a lot", "totalmente de acuerdo", "de acuerdo"),
    *("muy de acuerdo", "completamente de acuerdo", "algo de acuerdo", "siempre", "casi siempre"),
    *("a menudo", "frecuentemente", "con frecuencia", "muy cierto", "cierto", "mucho", "bastante"),
    *("very confident", "confident", "quite confident", "extremely confident"),
}
NEITHER = {
    *("neutral", "neither", "neither agree nor disagree", "not sure", "unsure", "sometimes"),
    *("neither agree or disagree", "ni de acuerdo ni en desacuerdo", "no estoy seguro", "a veces"),
    *("no se", "no estoy segura", "somewhat true", "algo cierto", "somewhat", "algo", "undecided"),
    *("somewhat confident", "moderately confident"),
}
DISAGREE = {
    *("disagree", "strongly disagree", "somewhat disagree", "slightly disagree", "never", "rarely"),
    *("almost never", "seldom", "once in a while", "not true", "not at all true", "a little"),
    *("not at all", "en desacuerdo", "totalmente en desacuerdo", "muy en desacuerdo", "nunca"),
    *("completamente en desacuerdo", "algo en desacuerdo", "casi nunca", "rara vez", "raramente"),
    *(
        "de vez en cuando",
        "no es cierto",
        "nada cierto",
        "poco",
        "nada",
        "un poco",
        "a little true",
    ),
    *("not confident", "not at all confident", "slightly confident", "a little confident"),
}
# The state's names of races and ethnicities, by how districts write them.
ETHNICITIES = {
    "Black or African American": r"(black|african|afro|negr[oa]).*",
    "American Indian or Alaska Native": r"(.*american indian.*|native american|.*alaska.*|"
    r"indi(o|a|gena) american[oa]|nativ[oa] american[oa])",
    "Asian": r"asian|asiatic[oa]s?",
    "Filipino": r"filipin[oa]s?",
    "Hispanic or Latino": r"(hispan|latin|chican|mexican).*",
    "Native Hawaiian or Pacific Islander": r".*(hawaii|pacific|pacifico|polynes).*",
    "White": r"(white|caucasian|blanc[oa]s?|anglo).*",
    "Two or more races": r"(two or more|multi|mixed|biracial|more than one|dos o mas|mixt[oa]).*",
}
ALL = re.compile(
    r"(all|todas?|todos?)( (the |los |las )?(students?|schools?|grades?|races?|groups?|ethnicities|"
    r"estudiantes|alumnos|escuelas|grados|grupos))?|total|everyone|overall|general|distrito|"
    r"(district|grand|school)( total)?|schoolwide|districtwide|gran total|total (general|district)"
)
# The whole of a table of counts, and rows of sums and averages, which are of nobody.
SUMS = re.compile(
    r"(.* )?(sub ?totals?|grand totals?|totals?|totales|suma|average|avg|promedio|mean|media)( .*)?"
)


@lru_cache(maxsize=50_000)
def plain_words(text):
    """A name or a cell in plain small letters, words apart (text).

    >>> plain_words("StudentID"), plain_words("Fecha_de Evaluación"), plain_words("# of Students")
    ('student id', 'fecha de evaluacion', 'number of students')
    """
    text = str(text).replace("#", " number ")
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return " ".join(re.sub(r"[^a-z0-9%]+", " ", plain_letters(apart)).split())
