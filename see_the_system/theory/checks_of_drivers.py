"""What the checks look for in the aim, the drivers and the measures: the rule, where, what was
found and what to do.
"""

from see_the_system.theory.checks_of_causes import called

FEW_DRIVERS = 5


def findings(theory, *, aim_outlook, today):
    """Findings on the aim, the drivers, the change ideas and the measures, as (rule, where, what,
    do), one at a time.
    """
    yield from _aim(theory, aim_outlook, today)
    yield from _drivers(theory)
    yield from _measures(theory)


def aim_parts(aim):
    """What an aim names, by the word for it (dict of bool)."""
    return {
        "target": aim.target is not None,
        "baseline": aim.baseline is not None,
        "date": aim.by is not None,
        "population": bool(aim.population),
        "measure": bool(aim.measure),
    }


def _aim(theory, outlook, today):
    aim, parts = theory.aim, aim_parts(theory.aim)
    if not aim.text and not any(parts.values()) and not theory.drivers:
        return
    missing = [name for name, there in parts.items() if not there]
    if missing:
        yield (
            "aim-names",
            "aim",
            f"The aim has no {listed(missing, 'or')} filled in.",
            f"Fill in its {listed(missing, 'and')}.",
        )
    if parts["target"] and parts["baseline"]:
        yield from _direction(theory, aim)
    if aim.by and aim.by < today:
        yield (
            "aim-past",
            "aim",
            f"The aim's date, {aim.by:%B} {aim.by.day}, {aim.by.year}, is past.",
            "Write down what came and what you learned, then set the next aim and date.",
        )
    if outlook is not None and outlook.could_show is False:
        yield (
            "aim-could-show",
            "aim",
            outlook.sentence,
            "Try a later date, a larger group, or a first milestone on a measure that moves "
            "sooner.",
        )


def _direction(theory, aim):
    better = theory.by_id[aim.measure].better if aim.measure in theory.by_id else ""
    if aim.target == aim.baseline:
        yield (
            "aim-direction",
            "aim",
            f"The aim's target, {aim.target:g}, is where you are today.",
            "Set the target where you want to be by the date.",
        )
    elif better and (aim.target > aim.baseline) != (better == "higher"):
        yield (
            "aim-direction",
            "aim",
            f"The aim goes from {aim.baseline:g} to {aim.target:g}, and its measure says "
            f"that {better} is better.",
            "Check the baseline, the target and the direction of the measure.",
        )


def _drivers(theory):
    primary = [driver for driver in theory.drivers if driver.level == "primary"]
    if theory.drivers and not any(driver.causes for driver in theory.drivers):
        yield (
            "driver-no-cause",
            theory.drivers[0].id,
            "None of the drivers names a cause yet.",
            "Link each driver to the cause it answers, or ask which cause you would expect "
            "to find.",
        )
    else:
        yield from _unsupported(theory)
    for driver in theory.drivers:
        if driver.level == "secondary" and not driver.acts_on:
            yield (
                "driver-loose",
                driver.id,
                f"The {called(driver)} is secondary and acts on no primary driver.",
                "Connect it to the primary driver it should move.",
            )
    if len(primary) > FEW_DRIVERS:
        yield (
            "driver-many",
            primary[FEW_DRIVERS].id,
            f"There are {len(primary)} primary drivers.",
            "Ask which three to five matter most, and leave the others for later.",
        )
    for idea in theory.ideas:
        if not idea.drivers:
            yield (
                "idea-no-driver",
                idea.id,
                f"The {called(idea)} serves no driver.",
                "Connect it to the driver it should move, or keep it aside.",
            )


def _unsupported(theory):
    """Drivers that rest on no cause; a primary driver is as well supported as those under it, so
    only they are named.
    """
    acted_on = {id for driver in theory.drivers for id in driver.acts_on}
    for driver in unsupported(theory):
        if driver.id not in acted_on:
            yield (
                "driver-no-cause",
                driver.id,
                f"No cause supports the {called(driver)}.",
                "Link it to the cause it answers, or ask which cause you would expect to find.",
            )


def unsupported(theory):
    """The drivers that no cause supports: not their own, nor that of a driver they act on or that
    acts on them (list of Driver).
    """
    caused = {driver.id for driver in theory.drivers if driver.causes}
    caused |= {id for driver in theory.drivers if driver.causes for id in driver.acts_on}
    return [
        driver
        for driver in theory.drivers
        if driver.id not in caused and not any(theory.by_id[id].causes for id in driver.acts_on)
    ]


def measured(theory):
    """The ids of the change ideas that have a measure, their own or that of one of their tests
    (set).
    """
    return {id for measure in theory.measures for id in measure.of} | {
        cycle.idea for cycle in theory.cycles if cycle.measures
    }


def _measures(theory):
    have = measured(theory)
    bare = [idea for idea in theory.ideas if idea.id not in have]
    if len(bare) == len(theory.ideas) > 1:
        yield (
            "idea-no-measure",
            bare[0].id,
            f"None of the {len(bare)} change ideas has a measure yet.",
            "Begin with the idea you would test first, and choose one thing to count or time.",
        )
    else:
        for idea in bare:
            yield (
                "idea-no-measure",
                idea.id,
                f"No measure belongs to the {called(idea)}.",
                "Choose one thing to count or time that would tell you soon whether it is "
                "done and whether it helps.",
            )
    for measure in theory.measures:
        if not (measure.definition or measure.numerator):
            yield (
                "measure-undefined",
                measure.id,
                f"The {called(measure)} has no definition.",
                "Write who and what is counted, so that two people would get the same number.",
            )
    if theory.measures and not any(measure.type == "balancing" for measure in theory.measures):
        yield (
            "measure-balancing",
            theory.measures[0].id,
            "None of the measures is a balancing measure.",
            "Ask who might pay for the change, in time or in learning, and measure that too.",
        )


def listed(names, word):
    """Names as a sentence lists them (text), as ``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
