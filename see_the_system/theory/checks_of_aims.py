"""What the checks look for in the aim."""

from see_the_system.english import listed
from see_the_system.theory.check_rules import rule
from see_the_system.theory.questions_of_theory import aim_parts


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
