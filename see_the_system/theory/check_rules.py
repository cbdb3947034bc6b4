"""What a check is: a function that looks for one thing, with its level and its reason beside it."""

from collections.abc import Callable
from typing import NamedTuple

LEVELS = ("must", "should", "consider")


class Rule(NamedTuple):
    """One check of a theory.

    ``level``: one of ``LEVELS``; ``part``: the part of the work; ``looks``: what it looks for;
    ``why``: one sentence with its source. ``find``: called with the theory, and with what ``needs``
    names besides, it gives (an item's id, what was found, what to do) one at a time.
    """

    name: str
    level: str
    part: str
    looks: str
    why: str
    needs: tuple
    find: Callable


def rule(level, part, why, *, needs=()):
    """Makes a ``Rule`` of a function: its name is the check's, its docstring what it looks for."""

    def declare(find):
        name = find.__name__.replace("_", "-")
        looks = " ".join(find.__doc__.split())
        return Rule(name, level, part, looks, why, needs, find)

    return declare


def rules_of(module):
    """The checks of a module, in the order in which they stand in it (list of ``Rule``)."""
    return [each for each in vars(module).values() if isinstance(each, Rule)]
