"""What the checks look for from the aim to the tests of change. Each gives the rule, where, what was found and what to do."""

from datetime import date

from helpers.theory.checks_of_causes import called

ONE_CLASS = 40
FEW_DRIVERS = 5


def findings(theory, *, aim_outlook, today):
    """Findings on the aim, the drivers, the measures and the tests, as (rule, where, what, do), one at a time."""
    yield from _aim(theory, aim_outlook, today)
    for look in (_drivers, _measures, _scale, _learning, _written):
        yield from look(theory)


def aim_parts(aim):
    """What an aim names, by the word for it (dict of bool)."""
    return {
        "target": aim.target is not None, "baseline": aim.baseline is not None, "date": aim.by is not None,
        "population": bool(aim.population), "measure": bool(aim.measure),
    }  # fmt: skip


def _aim(theory, outlook, today):
    aim, parts = theory.aim, aim_parts(theory.aim)
    if not aim.text and not any(parts.values()) and not theory.drivers:
        return
    missing = [name for name, there in parts.items() if not there]
    if missing:
        yield "aim-names", "aim", f"The aim has no {_listed(missing, 'or')} filled in.", f"Fill in its {_listed(missing, 'and')}."
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
            "Choose a later date, a larger group or a measure that moves sooner, and keep the ambition.",
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
            f"The aim goes from {aim.baseline:g} to {aim.target:g}, and its measure says that {better} is better.",
            "Check the baseline, the target and the direction of the measure.",
        )


def _drivers(theory):
    primary = [driver for driver in theory.drivers if driver.level == "primary"]
    if theory.drivers and not any(driver.causes for driver in theory.drivers):
        yield (
            "driver-no-cause",
            theory.drivers[0].id,
            "None of the drivers names a cause yet.",
            "Link each driver to the cause it answers, or ask which cause you would expect to find.",
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
    """Drivers that rest on no cause; a primary driver is as well supported as those under it, so only they are named."""
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
    """The drivers that no cause supports: not their own, nor that of a driver they act on or that acts on them (list of Driver)."""
    caused = {driver.id for driver in theory.drivers if driver.causes}
    caused |= {id for driver in theory.drivers if driver.causes for id in driver.acts_on}
    return [driver for driver in theory.drivers if driver.id not in caused and not any(theory.by_id[id].causes for id in driver.acts_on)]


def measured(theory):
    """The ids of the change ideas that have a measure, their own or that of one of their tests (set)."""
    return {id for measure in theory.measures for id in measure.of} | {cycle.idea for cycle in theory.cycles if cycle.measures}


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
                "Choose one thing to count or time that would tell you soon whether it is done and whether it helps.",
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


def predicted(theory, cycle):
    """The questions of a cycle that have a prediction (list of LearningQuestion)."""
    return [
        each for each in theory.under(cycle.id, "learning_question") if each.prediction or each.low is not None or each.high is not None
    ]


def answered(question):
    """Whether what came stands beside the prediction (bool)."""
    return bool(question.result) or question.value is not None


def _scale(theory):
    for first, *_ in _by_idea(theory):
        teachers, students = first.teachers or 0, first.students or 0
        if first.previous is None and (teachers > 1 or students > ONE_CLASS):
            size = " and ".join([f"{teachers} teachers"] * (teachers > 1) + [f"{students} students"] * (students > ONE_CLASS))
            yield (
                "cycle-large",
                first.id,
                f"The first test of its kind, {called(first)}, has {size}.",
                "Start with one teacher, one class and one day, and grow from what you learn.",
            )


def _learning(theory):
    for cycle in theory.cycles:
        ahead = predicted(theory, cycle)
        if not ahead:
            yield (
                "cycle-prediction",
                cycle.id,
                f"The {called(cycle)} has no prediction.",
                "Write down what you expect to see, before you look.",
            )
        if cycle.decision and ahead and not all(answered(question) for question in ahead):
            yield (
                "cycle-compared",
                cycle.id,
                f"The {called(cycle)} is decided, and a prediction has no result beside it.",
                "Write what came beside what you predicted, and what the difference teaches.",
            )
        idea = theory.by_id.get(cycle.idea)
        if idea is None or not idea.drivers:
            why = f"its {called(idea)} serves no driver" if idea else "it names no change idea"
            yield (
                "cycle-rationale",
                cycle.id,
                f"The {called(cycle)} does not say why the change should work: {why}.",
                "Connect it to a change idea, and the idea to a driver.",
            )
    yield from _series(theory)


def _series(theory):
    """What two of the published features ask of all tests of one idea together: linked cycles, and data over time."""
    followed = {cycle.previous for cycle in theory.cycles}
    for cycles in _by_idea(theory):
        last, measures = cycles[-1], [theory.by_id[id] for cycle in cycles for id in cycle.measures]
        if len(cycles) == 1 and last.decision in ("adopt", "adapt") and not last.next and last.previous is None and last.id not in followed:
            yield (
                "cycle-alone",
                last.id,
                f"After one test, {called(last)}, you decided to {last.decision} the change, and no next test is named.",
                "Name the next test: another class, another day, or the change as you adapted it.",
            )
        if not measures and any(cycle.did or cycle.decision for cycle in cycles):
            yield (
                "cycle-measure",
                last.id,
                f"The {called(last)} was done and names no measure.",
                "Name what you counted or watched, even if it was five answers on paper.",
            )
        if measures and last.decision == "adopt" and not any(measure.frequency for measure in measures):
            yield (
                "cycle-over-time",
                last.id,
                f"After {called(last)} you adopted the change, and none of its measures says how often it is taken.",
                "Take it at three or more points in a row, and put them on a run chart.",
            )


def _by_idea(theory):
    """The tests of each change idea, in the order in which they were held (list of lists of Cycle)."""
    series = {}
    for cycle in sorted(theory.cycles, key=lambda cycle: (cycle.starts or date.max, cycle.order)):
        series.setdefault(cycle.idea or cycle.id, []).append(cycle)
    return list(series.values())


def _written(theory):
    parts = {"plan": "what was planned", "did": "what was done", "studied": "what was learned", "reason": "the reason for the decision"}
    for cycle in theory.cycles:
        missing = [words for field, words in parts.items() if not getattr(cycle, field)]
        if cycle.decision and missing:
            yield (
                "cycle-written",
                cycle.id,
                f"The {called(cycle)} is decided, and {_listed(missing, 'and')} {'is' if len(missing) == 1 else 'are'} not written down.",
                "Write a sentence for each while you remember.",
            )


def _listed(names, word):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
