"""What the checks look for in how causes, drivers and ideas are worded, and in the interviews."""

from see_the_system.messages import listed
from see_the_system.theory.clauses import in_language_of
from see_the_system.theory.model import full_name, rule
from see_the_system.theory.wording import (
    as_it_stands,
    closed,
    deficits,
    shown,
    solution_as_cause,
)

_IN_SPANISH = {
    "category": "la categoría",
    "cause": "la causa",
    "why": "el porqué",
    "driver": "el impulsor",
    "change_idea": "la idea de cambio",
}
_ANSWERS_IN_SPANISH = {"yes or no": "sí o no", "a number": "un número", "one word": "una palabra"}


@rule(
    "should",
    "causes",
    "The CORE districts revised and refined what they had thought at first, and that can only be "
    "seen where it was written down (Nayfack and others, PACE, 2017).",
)
def theory_written(theory):
    """No cause is written down yet."""
    if theory.categories and not theory.causes:
        yield (
            theory.categories[0].id,
            "The fishbone has bones and no causes yet.",
            "Write down what you think today, before the data, so that you can see later what "
            "you learned.",
        )


@rule(
    "should",
    "causes",
    "Where results are put down to students or families, what the school itself does goes "
    "unexamined (Weiner, Educational Leadership, 2006).",
)
def deficit_wording(theory):
    """A category, a cause, a why, a driver or a change idea is worded as a lack in students,
    families or teachers.
    """
    worded = (theory.categories, theory.causes, theory.whys, theory.drivers, theory.ideas)
    for item in (each for kind in worded for each in kind):
        found = deficits(item.text)
        if found:
            words, ask = shown(found), found[0].ask
            english = (
                f"The words {listed(words)} in the {full_name(item)} put the problem in people.",
                f"Try it as a question about the system: {ask}",
            )
            spanish = (
                f"Las palabras {listed(words, 'y')} en {name_in_spanish(item)} ponen el problema "
                "en las personas.",
                f"Pruebe con una pregunta sobre el sistema: {ask}",
                "Cuando los resultados se atribuyen a estudiantes o familias, nadie examina lo "
                "que hace la escuela (Weiner, Educational Leadership, 2006).",
            )
            yield item.id, *in_language_of(item.text, english, spanish)


@rule(
    "should",
    "causes",
    "“Lack of a program” has one answer, the program, so nobody asks what the system does now "
    "(NYC Improvement Science Handbook, on “solutionitis”).",
)
def cause_solution(theory):
    """A cause is the absence of a solution."""
    for cause in theory.causes:
        words = solution_as_cause(cause.text)
        if words:
            english = (
                f"In the {full_name(cause)}, “{words}” names a solution that is absent.",
                "Say what happens now instead, to whom and how often.",
            )
            spanish = (
                f"En {name_in_spanish(cause)}, “{words}” nombra una solución que no está.",
                "Diga qué pasa hoy en su lugar, a quién y con qué frecuencia.",
                "“Falta un programa” tiene una sola respuesta, el programa, y nadie pregunta qué "
                "hace hoy el sistema (NYC Improvement Science Handbook).",
            )
            yield cause.id, *in_language_of(cause.text, english, spanish)


@rule(
    "consider",
    "causes",
    "Each answer to why leads on to the next, until something stands there that the system does "
    "and could do otherwise (Carnegie Foundation, causal system analysis).",
)
def cause_why(theory):
    """A cause says what is seen, such as absence or class size, and not what brings it about."""
    for cause in theory.causes:
        ask = as_it_stands(cause.text)
        # Where causes stand under it the team asks already, and one question is enough.
        if ask and not (theory.under(cause.id, "cause") or deficits(cause.text)):
            english = (
                f"The {full_name(cause)} says what is seen. What brings it about comes next.",
                f"Ask one more why: {ask}",
            )
            spanish = (
                f"En {name_in_spanish(cause)} se dice qué se ve. Falta qué lo produce.",
                f"Pregunte una vez más por qué: {ask}",
                "Cada respuesta lleva a otro por qué, hasta llegar a algo que el sistema hace y "
                "podría hacer de otro modo (Carnegie Foundation).",
            )
            yield cause.id, *in_language_of(cause.text, english, spanish)


@rule(
    "must",
    "interviews",
    "People's words are theirs until they say that the team may keep them (this curriculum's own "
    "rule).",
)
def interview_consent(theory):
    """Words are kept from an interview without consent."""
    for interview in theory.interviews:
        if not interview.consent and theory.under(interview.id, "quote"):
            whose = _which(interview)
            yield (
                interview.id,
                f"Words from {whose} are kept, and consent is not marked.",
                "Ask for consent and mark it, or take the words out.",
            )


@rule(
    "should",
    "interviews",
    "Empathy interviews ask open questions that bring out stories, not yes or no (Inflexion; "
    "Student Powered Improvement).",
)
def question_closed(theory):
    """An interview question can be answered with yes or no, a number or one word."""
    for interview in theory.interviews:
        where = _which(interview)
        for question in interview.questions:
            answer = closed(question)
            if answer:
                english = (
                    f"In {where}, “{question}” can be answered with {answer}.",
                    "Ask for a story instead: “Tell me about a time when …”",
                )
                spanish = (
                    f"“{question}” se puede contestar con {_ANSWERS_IN_SPANISH[answer]}.",
                    "Mejor pida una historia: “Cuénteme de una vez en que …”",
                    "Las entrevistas de empatía hacen preguntas abiertas, que traen historias "
                    "(Inflexion; Student Powered Improvement).",
                )
                yield interview.id, *in_language_of(question, english, spanish)


def name_in_spanish(item):
    """A thing as a Spanish sentence names it (text)."""
    name = full_name(item)
    _, quote, text = name.partition('"')
    return f"{_IN_SPANISH[item.kind()]} {quote}{text}"


def _which(interview):
    return f"the interview with a {interview.role}" if interview.role else "an interview"
