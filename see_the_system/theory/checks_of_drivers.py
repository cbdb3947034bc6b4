"""What the checks look for in the aim, the drivers, the change ideas and the measures."""

from see_the_system.messages import listed
from see_the_system.theory.model import (
    aim_parts,
    full_name,
    measured,
    rule,
    unsupported,
)


@rule(
    "must",
    "aim",
    "An aim says how much, for whom and by when: some is not a number, soon is not a time "
    "(Institute for Healthcare Improvement).",
)
def aim_names(theory):
    """The aim lacks its number, baseline, date, population or measure."""
    missing = [name for name, there in aim_parts(theory.aim).items() if not there]
    if missing and _has_begun(theory):
        yield (
            "aim",
            f"The aim has no {listed(missing, 'or')} filled in.",
            f"Fill in its {listed(missing)}.",
        )


@rule(
    "must",
    "aim",
    "An aim describes what better looks like, so its target and its measure point the same way "
    "(Institute for Healthcare Improvement).",
)
def aim_direction(theory):
    """The aim's target is its baseline, or lies in the wrong direction."""
    aim = theory.aim
    if aim.target is None or aim.baseline is None:
        return
    measure = theory.by_id.get(aim.measure)
    better = measure.better if measure else ""
    if aim.target == aim.baseline:
        yield (
            "aim",
            f"The aim's target, {aim.target:g}, is where you are today.",
            "Set the target where you want to be by the date.",
        )
    elif better and (aim.target > aim.baseline) != (better == "higher"):
        yield (
            "aim",
            f"The aim goes from {aim.baseline:g} to {aim.target:g}, and its measure says that "
            f"{better} is better.",
            "Check the baseline, the target and the direction of the measure.",
        )


@rule(
    "must",
    "aim",
    "An aim has a date so that a team stops there and asks what it learned (Institute for "
    "Healthcare Improvement).",
    needs=("today",),
)
def aim_past(theory, today):
    """The aim's date is past."""
    by = theory.aim.by
    if by and by < today:
        yield (
            "aim",
            f"The aim's date, {by:%B} {by.day}, {by.year}, is past.",
            "Write down what came and what you learned, then set the next aim and date.",
        )


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
        yield (
            "aim",
            aim_outlook.sentence,
            "Try a later date, a larger group, or a first milestone on a measure that moves "
            "sooner.",
        )


def _has_begun(theory):
    """Whether the team has come to its aim (bool): it wrote some of it, or has drivers."""
    aim = theory.aim
    return bool(aim.text or theory.drivers) or any(aim_parts(aim).values())


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
