"""What the checks look for in the team and in its problem statement."""

from see_the_system.messages import listed
from see_the_system.theory import wording
from see_the_system.theory.clauses import in_language_of
from see_the_system.theory.model import rule

_IN_SPANISH = {"measure": "medida", "group": "grupo", "place": "lugar", "period": "periodo"}


@rule(
    "should",
    "team",
    "The CORE districts' first lesson is that seeing the system starts with a team set up for "
    "success (Nayfack and others, PACE, 2017).",
)
def team_named(theory):
    """Nobody is on the team yet."""
    if not theory.members:
        yield (
            "charter",
            "Nobody is named on the team yet.",
            "Name the people who see this problem every day, and someone who can decide.",
        )


@rule(
    "must",
    "team",
    "California's district collaboratives ask for at least one senior decision-maker on every "
    "team (California Education Partners).",
)
def team_decides(theory):
    """Nobody on the team can decide."""
    if theory.members and not any(member.decides for member in theory.members):
        yield (
            "charter",
            "Nobody on the team is marked as someone who can decide.",
            "Invite a person who can say yes to a change, and mark it beside the name.",
        )


@rule(
    "should",
    "team",
    "District teams come from the central office, the site and the classroom, and each sees "
    "another part of the system (California Education Partners).",
)
def team_classroom(theory):
    """Nobody on the team works in a classroom."""
    if theory.members and not _has_level(theory, "classroom"):
        yield (
            "charter",
            "Nobody on the team works in a classroom.",
            "Invite a teacher whose students the problem touches.",
        )


@rule(
    "should",
    "team",
    "Those who live with a problem belong in the search for its causes (Santa Clara County "
    "Office of Education, systems analysis prompts).",
)
def team_student(theory):
    """No student's voice is on the team."""
    if theory.members and not _has_level(theory, "student"):
        yield (
            "charter",
            "No student's voice is on the team.",
            "Ask two students to advise the team, and name them by role.",
        )


def _has_level(theory, level):
    return any(member.level == level for member in theory.members)


@rule(
    "should",
    "problem",
    "The first principle of improvement asks what, specifically, is the problem (Bryk and "
    "others, Learning to Improve, 2015).",
)
def problem_written(theory):
    """There is no problem statement yet."""
    if not theory.problem.text:
        yield (
            "problem",
            "There is no problem statement yet.",
            "Write one sentence: which result, for which students, where and when.",
        )


@rule(
    "should",
    "problem",
    "A problem is ready to be studied when it is specific: who, where, when and by which measure "
    "(Bryk and others, Learning to Improve, 2015).",
)
def problem_names(theory):
    """The problem statement lacks its measure, group, place or period."""
    names = ("measure", "group", "place", "period")
    missing = [name for name in names if not getattr(theory.problem, name)]
    text = theory.problem.text
    if text and missing:
        english = (
            f"The problem statement has no {listed(missing, 'or')} filled in.",
            f"Fill in its {listed(missing)}, so that everyone means the same problem.",
        )
        faltan = [_IN_SPANISH[name] for name in missing]
        spanish = (
            f"Al planteamiento del problema le falta: {listed(faltan, 'y')}.",
            "Complete esas casillas, para que todos hablen del mismo problema.",
            "Un problema se puede estudiar cuando dice quién, dónde, cuándo y con qué medida "
            "(Bryk y otros, Learning to Improve, 2015).",
        )
        yield "problem", *in_language_of(text, english, spanish)


@rule(
    "should",
    "problem",
    "What is not measured cannot be improved at scale (Bryk and others, Learning to Improve, "
    "2015).",
)
def problem_number(theory):
    """The problem statement has no number."""
    problem = theory.problem
    if problem.text and not any(letter.isdigit() for letter in problem.text + problem.value):
        english = (
            "The problem statement has no number.",
            "Add the size of the gap, such as the percent of students who met the standard in "
            "each group.",
        )
        spanish = (
            "El planteamiento del problema no tiene ningún número.",
            "Agregue el tamaño de la brecha, por ejemplo el porcentaje de estudiantes de cada "
            "grupo que alcanzó el estándar.",
            "Lo que no se mide no se puede mejorar a gran escala (Bryk y otros, Learning to "
            "Improve, 2015).",
        )
        yield "problem", *in_language_of(problem.text, english, spanish)


@rule(
    "should",
    "problem",
    "A cause in the statement ends the search of the whole system before it starts (Anthony, "
    "Institute for Learning, University of Pittsburgh, 2023).",
)
def problem_cause(theory):
    """The problem statement contains a cause."""
    text = theory.problem.text
    words = wording.cause_in_problem(text)
    if words:
        english = (
            f"The problem statement gives a cause with the words “{words}”.",
            "Keep what is seen in the statement, and move the cause to the fishbone.",
        )
        spanish = (
            f"El planteamiento del problema da una causa con las palabras “{words}”.",
            "Deje en el planteamiento lo que se ve, y lleve la causa al diagrama de pescado.",
            "Una causa en el planteamiento cierra la búsqueda en todo el sistema antes de empezar "
            "(Anthony, Institute for Learning, University of Pittsburgh, 2023).",
        )
        yield "problem", *in_language_of(text, english, spanish)


@rule(
    "should",
    "problem",
    "Understanding the exact problem comes before looking for solutions, or a team falls into "
    "“solutionitis” (NYC Improvement Science Handbook).",
)
def problem_solution(theory):
    """The problem statement contains a solution."""
    text = theory.problem.text
    words = wording.solution_in_problem(text)
    if words:
        english = (
            f"The problem statement points to a solution with the words “{words}”.",
            "Say what students experience now, and keep the idea for the driver diagram.",
        )
        spanish = (
            f"El planteamiento del problema apunta a una solución con las palabras “{words}”.",
            "Diga qué viven hoy los estudiantes, y guarde la idea para el diagrama de impulsores.",
            "Entender el problema viene antes de buscar soluciones (NYC Improvement Science "
            "Handbook).",
        )
        yield "problem", *in_language_of(text, english, spanish)


@rule(
    "should",
    "problem",
    "Where results are put down to students or families, what the school itself does goes "
    "unexamined (Weiner, Educational Leadership, 2006).",
)
def problem_blame(theory):
    """The problem statement blames people."""
    problem = theory.problem
    places = (
        (problem.text, "the problem statement", "del planteamiento"),
        (problem.public, "what you would say in public", "de lo que dirían en público"),
    )
    for text, english_place, spanish_place in places:
        found = wording.deficits(text)
        if not found:
            continue
        words, ask = wording.shown(found), found[0].ask
        english = (
            f"The words {listed(words)} in {english_place} put the problem in people.",
            f"Say what is seen in the results, and keep this question for the fishbone: {ask}",
        )
        spanish = (
            f"Las palabras {listed(words, 'y')} {spanish_place} ponen el problema en las personas.",
            f"Diga qué se ve en los resultados, y guarde esta pregunta para después: {ask}",
            "Cuando los resultados se atribuyen a estudiantes o familias, nadie examina lo que "
            "hace la escuela (Weiner, Educational Leadership, 2006).",
        )
        yield "problem", *in_language_of(text, english, spanish)
