"""A linter for the whole thread, from the team to its tests.

It says what it found, where, why that matters and what to do next.
"""

from dataclasses import dataclass
from datetime import date

from see_the_system.messages import listed
from see_the_system.theory import (
    checks_of_aims,
    checks_of_causes,
    checks_of_drivers,
    checks_of_problems,
    checks_of_tests,
    checks_of_words,
)
from see_the_system.theory.model import LEVELS, rules_of, theory_of

# In the order of the work, which is the order of findings within a level.
_MODULES = (
    checks_of_problems,
    checks_of_words,
    checks_of_causes,
    checks_of_aims,
    checks_of_drivers,
    checks_of_tests,
)
RULES = {rule.name: rule for module in _MODULES for rule in rules_of(module)}
_WORDS = {
    "must": "to settle before you go on",
    "should": "worth mending soon",
    "consider": "to think about",
}


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    ``rule`` and ``level`` as in ``RULES``; ``where``: an item's id; ``what``, ``why``, ``do``: a
    sentence each.
    """

    rule: str
    level: str
    where: str
    what: str
    why: str
    do: str


def check(theory, *, aim_outlook=None, today=None):
    """What a critical friend would ask about a theory, or a record of one (list of Finding).

    What must be settled stands first, then the order of the work. A part of the work is read once
    it has begun. aim_outlook: anything with ``could_show`` (True, False or None) and ``sentence``,
    which says whether the data could show the aim by its date; today: the date that the aim's date
    is held against (today's if None). Sources stand with each rule in ``RULES``.
    """
    given = {"aim_outlook": aim_outlook, "today": today or date.today()}
    theory = theory_of(theory)
    found = []
    for rule in sorted(RULES.values(), key=lambda rule: LEVELS.index(rule.level)):
        needed = [given[name] for name in rule.needs]
        found += [
            Finding(rule.name, rule.level, where, what, why[0] if why else rule.why, do)
            for where, what, do, *why in rule.find(theory, *needed)
        ]
    return found


def describe_checks(findings):
    """How many findings there are of each level, and the first step, in a sentence or two (text).

    >>> describe_checks([])
    'Nothing to mend: every check that applies so far is met.'
    """
    if not findings:
        return "Nothing to mend: every check that applies so far is met."
    levels = [finding.level for finding in findings]
    counts = [f"{levels.count(level)} {_WORDS[level]}" for level in LEVELS if level in levels]
    first = findings[0]
    return f"The checks found {listed(counts)}. Start here: {first.what} {first.do}"
