"""What the checks look for in the aim: in its fields, in its sentence, and between the two."""

import re

from see_the_system.messages import listed
from see_the_system.theory import aim_text
from see_the_system.theory.clauses import in_language_of, language, normalised, plain
from see_the_system.theory.model import aim_parts, rule

_IN_SPANISH = {
    "target": "valor esperado",
    "baseline": "valor inicial",
    "date": "fecha",
    "population": "población",
    "measure": "medida",
    "Target": "Valor esperado",
    "Start": "Valor inicial",
    "Date": "Fecha",
    "Group": "Grupo",
    "Grade": "Grado",
    "Subject": "Materia",
    "higher": "más alto",
    "lower": "más bajo",
}
# What is looked at every few weeks shows something before a date that is this near (in days).
_OFTEN = re.compile(r"\b(?:dai|dail|day|week|diari|diario|dia|seman)")
_NEAR, _NEAR_IF_OFTEN = 45, 14
_SOON = re.compile(
    r"\b(?:by|before|until|para|antes de) (?:(?:the )?end of )?(?:the day|today|tonight|tomorrow|"
    r"(?:this|next) (?:week|friday)|hoy|manana|esta semana|la proxima semana)\b"
)
_ALL, _FAR = 99, 25  # of percent: what counts as all, and what is far from it


@rule(
    "should",
    "aim",
    "An aim says how much, for whom and by when: some is not a number, soon is not a time "
    "(Institute for Healthcare Improvement).",
)
def aim_names(theory):
    """The aim lacks its number, baseline, date, population or measure."""
    aim = theory.aim
    missing = [name for name, there in aim_parts(aim).items() if not there]
    if not missing or not _has_begun(theory):
        return
    there = _said_of(aim.text)
    copy = [name for name in missing if name in there]
    rest = [name for name in missing if name not in there]
    falta, llene = ([_IN_SPANISH[name] for name in names] for names in (missing, rest))
    do, haga = [], []
    if copy:
        do.append(
            f"Copy from the sentence: {'; '.join(f'{name}: {there[name]}' for name in copy)}."
        )
        copie = "; ".join(f"{_IN_SPANISH[name]}: {there[name]}" for name in copy)
        haga.append(f"Copie de la frase: {copie}.")
    if rest:
        do.append(f"Fill in its {listed(rest)}.")
        haga.append(f"Complete: {listed(llene, 'y')}.")
    english = f"The aim has no {listed(missing, 'or')} filled in.", " ".join(do)
    spanish = (
        f"A la meta le falta: {listed(falta, 'y')}.",
        " ".join(haga),
        "Una meta dice cuánto, para quiénes y para cuándo: algo no es un número, pronto no es una "
        "fecha (Institute for Healthcare Improvement).",
    )
    yield "aim", *in_language_of(aim.text, english, spanish)


def _said_of(text):
    """What can be copied from the sentence into its fields, by their words (dict of text)."""
    said = aim_text.said(text)
    found = {
        "target": None if said.target is None else f"{said.target:g}",
        "baseline": None if said.baseline is None else f"{said.baseline:g}",
        "date": said.by and said.by.words,
        "population": listed(said.groups),
    }
    return {name: words for name, words in found.items() if words}


@rule(
    "should",
    "aim",
    "Two people who read one aim should look for the same number, for the same students, on the "
    "same day (Institute for Healthcare Improvement).",
)
def aim_agrees(theory):
    """The aim's sentence says another number, group, grade, subject or date than its fields."""
    two = _disagreements(theory)
    if two:
        differ = "; ".join(f"{name}: {here} and {there}" for name, here, there in two[:3])
        english = (
            f"The aim's sentence and its fields do not say the same. {differ}.",
            "Choose which of the two you mean, and write it in both places.",
        )
        difieren = "; ".join(
            f"{_IN_SPANISH[name]}: {here} y {there}" for name, here, there in two[:3]
        )
        spanish = (
            f"La frase de la meta y sus casillas no dicen lo mismo. {difieren}.",
            "Elijan cuál de los dos quieren decir, y escríbanlo en ambos lugares.",
            "Dos personas que leen una meta deben buscar el mismo número, para los mismos "
            "estudiantes, el mismo día (Institute for Healthcare Improvement).",
        )
        yield "aim", *in_language_of(theory.aim.text, english, spanish)


def _not_among(number, others):
    """Whether no other number is this one, as a sentence rounds it: 24 for 24.5 (bool)."""
    return all(abs(number - other) >= 1 for other in others)


def _disagreements(theory):
    """What the sentence and the fields say differently (list of name, sentence's, field's)."""
    aim = theory.aim
    said = aim_text.said(aim.text)
    measure = theory.by_id.get(aim.measure)
    measured = f"{measure.text} {measure.definition}" if measure else ""
    found = []
    if None not in (aim.target, said.target) and _not_among(aim.target, said.numbers):
        found.append(("Target", f"{said.target:g}", f"{aim.target:g}"))
    if None not in (aim.baseline, said.baseline) and _not_among(aim.baseline, said.numbers):
        found.append(("Start", f"{said.baseline:g}", f"{aim.baseline:g}"))
    if aim.by and said.by and not said.by.first <= aim.by <= said.by.last:
        by = aim_text.written(aim.by, language(aim.text))
        found.append(("Date", said.by.words, by))
    pairs = (
        ("Group", said.groups, aim_text.groups(aim.population)),
        ("Grade", sorted(said.grades), sorted(aim_text.grades(aim.population))),
        ("Subject", said.subjects, aim_text.subjects(measured)),
    )
    for name, here, there in pairs:
        apart = set(here) != set(there) if name == "Grade" else not set(here) & set(there)
        if here and there and apart:
            found.append((name, listed(here), listed(there)))
    return found


@rule(
    "must",
    "aim",
    "An aim describes what better looks like, so its target and its measure point the same way "
    "(Institute for Healthcare Improvement).",
)
def aim_direction(theory):
    """The aim's target is its baseline, or lies in the wrong direction."""
    target, baseline = _way(theory.aim)
    if target is None or baseline is None:
        return
    measure = theory.by_id.get(theory.aim.measure)
    better = measure.better if measure else ""
    why = (
        "Una meta describe cómo se ve algo mejor, así que su valor y su medida apuntan al mismo "
        "lado (Institute for Healthcare Improvement)."
    )
    if target == baseline:
        english = (
            f"The aim's target, {target:g}, is where you are today.",
            "Set the target where you want to be by the date.",
        )
        spanish = (
            f"El valor esperado de la meta, {target:g}, es donde están hoy.",
            "Pongan el valor donde quieren estar en esa fecha.",
            why,
        )
    elif better and (target > baseline) != (better == "higher"):
        english = (
            f"The aim goes from {baseline:g} to {target:g}, and its measure says that "
            f"{better} is better.",
            "Check the baseline, the target and the direction of the measure.",
        )
        spanish = (
            f"La meta va de {baseline:g} a {target:g}, y su medida dice que "
            f"{_IN_SPANISH[better]} es mejor.",
            "Revisen el valor inicial, el valor esperado y la dirección de la medida.",
            why,
        )
    else:
        return
    yield "aim", *in_language_of(theory.aim.text, english, spanish)


def _way(aim):
    """The target and the baseline, from the fields or, where both are empty, the sentence."""
    if aim.target is None and aim.baseline is None:
        said = aim_text.said(aim.text)
        return said.target, said.baseline
    return aim.target, aim.baseline


@rule(
    "should",
    "aim",
    "An aim is a promise that can be kept, and no more than all of the students can reach it "
    "(this curriculum's own rule).",
)
def aim_possible(theory):
    """The aim's target is more than 100 percent, or less than none."""
    aim = theory.aim
    target, _ = _way(aim)
    if target is not None and _in_percent(theory) and not 0 <= target <= 100:
        english = (
            f"The aim's target is {target:g} percent, and percent go from 0 to 100.",
            "Check the number and its unit.",
        )
        spanish = (
            f"El valor esperado de la meta es {target:g} %, y un porcentaje va de 0 a 100.",
            "Revisen el número y su unidad.",
            "Una meta es una promesa que se puede cumplir, y no más que todos los estudiantes "
            "pueden alcanzarla (regla de este curso).",
        )
        yield "aim", *in_language_of(aim.text, english, spanish)


def _in_percent(theory):
    """Whether the aim is counted in percent, by its unit or else by its words (bool)."""
    aim = theory.aim
    measure = theory.by_id.get(aim.measure)
    counted = aim.unit or f"{aim.text} {measure.text if measure else ''}"
    return bool(re.search(r"%|\bper ?cent\b|\bpor ciento\b", counted.casefold()))


@rule(
    "should",
    "aim",
    "An aim has a date so that a team stops there and asks what it learned (Institute for "
    "Healthcare Improvement).",
    needs=("today",),
)
def aim_past(theory, today):
    """The aim's date is past."""
    by = _by(theory.aim)
    if by and by < today:
        english = (
            f"The aim's date, {aim_text.written(by)}, is past.",
            "Write down what came and what you learned, then set the next aim and date.",
        )
        spanish = (
            f"La fecha de la meta, el {aim_text.written(by, 'es')}, ya pasó.",
            "Anoten qué resultó y qué aprendieron, y fijen la siguiente meta y su fecha.",
            "Una meta tiene fecha para que el equipo se detenga ahí y pregunte qué aprendió "
            "(Institute for Healthcare Improvement).",
        )
        yield "aim", *in_language_of(theory.aim.text, english, spanish)


def _by(aim):
    """The last day by which the aim is to be reached, from its field or its sentence."""
    said = aim_text.said(aim.text).by
    return aim.by or (said.last if said else None)


@rule(
    "consider",
    "aim",
    "An aim is reached by changes that are tried, and shown by a measure that is looked at again "
    "before its date (this curriculum's own rule).",
    needs=("aim_outlook", "today"),
)
def aim_near(theory, aim_outlook, today):
    """The aim is days away, or goes to 100 percent from far."""
    # Where the data could not show it, `aim-could-show` asks; a team that tests is on its way.
    if theory.cycles or (aim_outlook is not None and aim_outlook.could_show is False):
        return
    near, whole = _near(theory, today), _whole(theory)
    past = (_by(theory.aim) or today) < today
    if past or not (near or whole):
        return
    way = "from {1:g} to {0:g} percent".format(*_way(theory.aim)) if whole else ""
    via = "de {1:g} a {0:g} por ciento".format(*_way(theory.aim)) if whole else ""
    if whole:
        english = (
            f"The aim goes {way}{near and f' {near[0]}'}: all of the way in one step.",
            "Which step could your measure show by its date? Set that step as the aim, and keep "
            "the whole way as your hope.",
        )
        spanish = (
            f"La meta va {via}{near and f' {near[1]}'}: todo el camino en un solo paso.",
            "¿Qué paso podría mostrar su medida para esa fecha? Pongan ese paso como meta, y "
            "guarden el camino entero como su esperanza.",
        )
    else:
        english = (
            f"The aim is to be reached {near[0]}.",
            "What will you have tried by then, and how often will you have looked? Give the date "
            "the time that takes.",
        )
        spanish = (
            f"La meta se quiere alcanzar {near[1]}.",
            "¿Qué habrán probado para entonces, y cuántas veces habrán mirado? Denle a la fecha "
            "el tiempo que eso toma.",
        )
    why = (
        "Una meta se alcanza con cambios que se prueban, y se ve en una medida que se mira otra "
        "vez antes de la fecha (regla de este curso)."
    )
    yield "aim", *in_language_of(theory.aim.text, english, (*spanish, why))


def _near(theory, today):
    """How near the aim's day is, in English and in Spanish ("" where it is not near)."""
    aim = theory.aim
    text = normalised(aim.text)
    said = _SOON.search(plain(text))
    if said and not aim.by:
        return (text[slice(*said.span())],) * 2
    by = _by(aim)
    measure = theory.by_id.get(aim.measure)
    often = measure is not None and _OFTEN.search(plain(measure.frequency))
    if not by or not 0 <= (by - today).days < (_NEAR_IF_OFTEN if often else _NEAR):
        return ""
    days = (by - today).days
    if days < 2:
        return ("by tomorrow", "para mañana") if days else ("by today", "para hoy")
    return f"within {days} days", f"en {days} días"


def _whole(theory):
    """Whether the aim goes from far to all or none of the students (bool).

    All of a process, such as all letters sent, can be had; there it is no question.
    """
    target, baseline = _way(theory.aim)
    measure = theory.by_id.get(theory.aim.measure)
    if None in (target, baseline) or (measure and measure.type == "process"):
        return False
    low, high = sorted((target, baseline))
    ends = target >= _ALL or target <= 100 - _ALL
    return _in_percent(theory) and ends and high <= 100 and high - low >= _FAR


@rule(
    "should",
    "aim",
    "An aim is worth setting when its measure can tell a real change from chance (Bryk and "
    "others, Learning to Improve, 2015).",
    needs=("aim_outlook",),
)
def aim_could_show(theory, aim_outlook):
    """The data could not show by its date that the aim was met."""
    # None says that nothing is known, which is no finding.
    if aim_outlook is not None and aim_outlook.could_show is False and _has_begun(theory):
        english = (
            aim_outlook.sentence,
            "Try a later date, a larger group, or a first milestone on a measure that moves "
            "sooner.",
        )
        spanish = (
            "Con los datos que habrá para esa fecha no se podría ver si la meta se alcanzó.",
            "Prueben una fecha posterior, un grupo más grande, o un primer paso en una medida que "
            "se mueva antes.",
            "Vale la pena una meta cuya medida distingue un cambio real del azar (Bryk y otros, "
            "Learning to Improve, 2015).",
        )
        yield "aim", *in_language_of(theory.aim.text, english, spanish)


def _has_begun(theory):
    """Whether the team has come to its aim (bool): it wrote some of it, or has drivers."""
    aim = theory.aim
    return bool(aim.text or theory.drivers) or any(aim_parts(aim).values())
