"""What the checks look for in the aim: in its fields, in its sentence, and between the two."""

import re

from see_the_system.messages import listed
from see_the_system.theory import aim_text
from see_the_system.theory.model import aim_parts, rule


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
    copy = [f"{name}: {there[name]}" for name in missing if name in there]
    rest = [name for name in missing if name not in there]
    do = f"Copy from the sentence: {'; '.join(copy)}." if copy else ""
    if rest:
        do = f"{do} Fill in its {listed(rest)}.".strip()
    yield "aim", f"The aim has no {listed(missing, 'or')} filled in.", do


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
        yield (
            "aim",
            f"The aim's sentence and its fields do not say the same. {differ}.",
            "Choose which of the two you mean, and write it in both places.",
        )


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
        found.append(("Date", said.by.words, f"{aim.by:%B} {aim.by.day}, {aim.by.year}"))
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
    if target == baseline:
        yield (
            "aim",
            f"The aim's target, {target:g}, is where you are today.",
            "Set the target where you want to be by the date.",
        )
    elif better and (target > baseline) != (better == "higher"):
        yield (
            "aim",
            f"The aim goes from {baseline:g} to {target:g}, and its measure says that "
            f"{better} is better.",
            "Check the baseline, the target and the direction of the measure.",
        )


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
    measure = theory.by_id.get(aim.measure)
    counted = aim.unit or f"{aim.text} {measure.text if measure else ''}"
    percent = re.search(r"%|\bper ?cent\b|\bpor ciento\b", counted.casefold())
    if target is not None and percent and not 0 <= target <= 100:
        yield (
            "aim",
            f"The aim's target is {target:g} percent, and percent go from 0 to 100.",
            "Check the number and its unit.",
        )


@rule(
    "should",
    "aim",
    "An aim has a date so that a team stops there and asks what it learned (Institute for "
    "Healthcare Improvement).",
    needs=("today",),
)
def aim_past(theory, today):
    """The aim's date is past."""
    aim = theory.aim
    said = aim_text.said(aim.text).by
    by = aim.by or (said.last if said else None)
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
