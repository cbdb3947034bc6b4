"""What the checks look for in the drivers, the change ideas and the measures."""

from see_the_system.theory import wording
from see_the_system.theory.checks_of_words import name_in_spanish
from see_the_system.theory.clauses import in_language_of
from see_the_system.theory.model import full_name, measured, rule, unsupported

FEW_DRIVERS = 5


@rule(
    "should",
    "drivers",
    "Drivers are a team's best bets from the causes it found (Carnegie Foundation, on driver "
    "diagrams).",
)
def driver_no_cause(theory):
    """No cause supports a driver."""
    if theory.drivers and not any(driver.causes for driver in theory.drivers):
        yield (
            theory.drivers[0].id,
            "None of the drivers names a cause yet.",
            "Link each driver to the cause it answers, or ask which cause you would expect to "
            "find.",
        )
        return
    # A primary driver is as well supported as those under it, so only they are named.
    acted_on = {other for driver in theory.drivers for other in driver.acts_on}
    for driver in unsupported(theory):
        if driver.id not in acted_on:
            name = full_name(driver)
            yield (
                driver.id,
                f"No cause supports the {name}.",
                "Link it to the cause it answers, or ask which cause you would expect to find.",
            )


@rule(
    "should",
    "drivers",
    "A driver diagram reads as if-then, from each change to the aim (Provost and Bennett, "
    "Quality Progress, 2015).",
)
def driver_loose(theory):
    """A secondary driver acts on no primary driver."""
    for driver in theory.drivers:
        if driver.level == "secondary" and not driver.acts_on:
            name = full_name(driver)
            yield (
                driver.id,
                f"The {name} is secondary and acts on no primary driver.",
                "Connect it to the primary driver it should move.",
            )


@rule(
    "consider",
    "drivers",
    "A driver diagram shows the few places where a change counts most, usually three to five "
    "(Bryk and others, Learning to Improve, 2015).",
)
def driver_many(theory):
    """There are more than five primary drivers."""
    primary = [driver.id for driver in theory.drivers if driver.level == "primary"]
    many = len(primary)
    if many > FEW_DRIVERS:
        yield (
            primary[FEW_DRIVERS],
            f"There are {many} primary drivers.",
            "Ask which three to five matter most, and leave the others for later.",
        )


@rule(
    "should",
    "drivers",
    "Drivers say what must be in place, and change ideas what is tried to bring it about (after "
    "Provost and Bennett, Quality Progress, 2015).",
)
def driver_action(theory):
    """A driver is something to do, and not a state of the system."""
    for driver in theory.drivers:
        words = wording.driver_action(driver.text)
        if words:
            english = (
                f"The {full_name(driver)} is something to do, and may well be a good change idea.",
                "Keep it as a change idea, and write as the driver what would then be so, for "
                "whom.",
            )
            spanish = (
                f"{_capital(name_in_spanish(driver))} es algo que se hace, y puede ser una buena "
                "idea de cambio.",
                "Guárdelo como idea de cambio, y escriba como impulsor qué sería entonces así, y "
                "para quién.",
                "Los impulsores dicen qué debe existir, y las ideas de cambio qué se prueba para "
                "lograrlo (según Provost y Bennett, Quality Progress, 2015).",
            )
            yield driver.id, *in_language_of(driver.text, english, spanish)


@rule(
    "consider",
    "drivers",
    "A driver is a part of the system that a team can change; what people feel and do follows from "
    "what they meet there (this curriculum's own rule).",
)
def driver_people(theory):
    """A driver hopes for other students or families, and names nothing that a team can change."""
    for driver in theory.drivers:
        text = driver.text
        if wording.driver_people(text) and not (
            wording.driver_action(text) or wording.deficits(text)
        ):
            english = (
                f"The {full_name(driver)} says what you hope for in people.",
                "What would they meet here, in a lesson, a letter or a meeting, that makes it so? "
                "That can be your driver.",
            )
            spanish = (
                f"{_capital(name_in_spanish(driver))} dice qué espera de las personas.",
                "¿Qué encontrarían aquí, en una clase, una carta o una junta, para que fuera así? "
                "Eso puede ser su impulsor.",
                "Un impulsor es una parte del sistema que un equipo puede cambiar; lo que las "
                "personas sienten y hacen sigue de lo que ahí encuentran (regla de este curso).",
            )
            yield driver.id, *in_language_of(text, english, spanish)


def _capital(sentence):
    return sentence[:1].upper() + sentence[1:]


@rule(
    "should",
    "drivers",
    "A change that serves no driver is not part of the theory, so nothing is learned about the "
    "theory from it (Provost and Bennett, Quality Progress, 2015).",
)
def idea_no_driver(theory):
    """A change idea serves no driver."""
    for idea in theory.ideas:
        if not idea.drivers:
            name = full_name(idea)
            yield (
                idea.id,
                f"The {name} serves no driver.",
                "Connect it to the driver it should move, or keep it aside.",
            )


@rule(
    "should",
    "measures",
    "The second question of improvement is how we will know that a change is an improvement "
    "(Institute for Healthcare Improvement, Model for Improvement).",
)
def idea_no_measure(theory):
    """No measure belongs to a change idea."""
    have = measured(theory)
    bare = [idea for idea in theory.ideas if idea.id not in have]
    many = len(bare)
    if many == len(theory.ideas) > 1:
        yield (
            bare[0].id,
            f"None of the {many} change ideas has a measure yet.",
            "Begin with the idea you would test first, and choose one thing to count or time.",
        )
        return
    for idea in bare:
        name = full_name(idea)
        yield (
            idea.id,
            f"No measure belongs to the {name}.",
            "Choose one thing to count or time that would tell you soon whether it is done and "
            "whether it helps.",
        )


@rule(
    "should",
    "measures",
    "Two reports explain the same 382 and 578 college applicants in Fresno in two ways, and "
    "without a definition nobody can tell which is right (ABC30 and EdSource, 2017).",
)
def measure_undefined(theory):
    """A measure has no definition."""
    for measure in theory.measures:
        if not (measure.definition or measure.numerator):
            name = full_name(measure)
            yield (
                measure.id,
                f"The {name} has no definition.",
                "Write who and what is counted, so that two people would get the same number.",
            )


@rule(
    "should",
    "measures",
    "A change can do harm elsewhere, and few projects look for it (Toma and others, BMJ Quality & "
    "Safety, 2018).",
)
def measure_balancing(theory):
    """There is no balancing measure."""
    if theory.measures and not any(measure.type == "balancing" for measure in theory.measures):
        yield (
            theory.measures[0].id,
            "None of the measures is a balancing measure.",
            "Ask who might pay for the change, in time or in learning, and measure that too.",
        )
