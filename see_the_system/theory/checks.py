"""A linter for the whole thread, from the team to its tests: what, where, why it matters and what
to do next.
"""

from dataclasses import dataclass
from datetime import date

from see_the_system.theory import (
    checks_of_causes,
    checks_of_drivers,
    checks_of_problems,
    checks_of_tests,
)
from see_the_system.theory.check_rules import LEVELS, RULES


@dataclass(frozen=True)
class Finding:
    """One thing to look at: ``rule`` and ``level`` as in ``RULES``; ``where``: an item's id;
    ``what``, ``why``, ``do``: a sentence each.
    """

    rule: str
    level: str
    where: str
    what: str
    why: str
    do: str


def check(theory, *, aim_outlook=None, today=None):
    """What a critical friend would ask about a theory, what must be settled first, then in the
    order of the work (list of Finding).

    A part of the work is read once it has begun. aim_outlook: anything with ``could_show`` (True,
    False or None) and ``sentence``, which says whether the data could show the aim by its date;
    today: the date that the aim's date is held against (today's if None). Sources stand in
    ``RULES``, one for each rule.
    """
    found = [*checks_of_problems.findings(theory), *checks_of_causes.findings(theory)]
    found += checks_of_drivers.findings(
        theory, aim_outlook=aim_outlook, today=today or date.today()
    )
    found += checks_of_tests.findings(theory)
    place = {rule: number for number, rule in enumerate(RULES)}
    found.sort(key=lambda each: (LEVELS.index(RULES[each[0]].level), place[each[0]]))
    return [
        Finding(rule, RULES[rule].level, where, what, RULES[rule].why, do)
        for rule, where, what, do in found
    ]


def describe_checks(findings):
    """How many findings there are of each level, and the first step, in a sentence or two (text).

    >>> describe_checks([])
    'Nothing to mend: every check that applies so far is met.'
    """
    if not findings:
        return "Nothing to mend: every check that applies so far is met."
    words = {
        "must": "to settle before you go on",
        "should": "worth mending soon",
        "consider": "to think about",
    }
    counts = {level: sum(finding.level == level for finding in findings) for level in LEVELS}
    listed = [f"{count} {words[level]}" for level, count in counts.items() if count]
    said = listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} and {listed[-1]}"
    return f"The checks found {said}. Start here: {findings[0].what} {findings[0].do}"
