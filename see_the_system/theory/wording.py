"""How a team words things: lacks in people, solutions written as causes, causes in a problem
statement, closed questions.

Only the team's own words are read: what stands in quotation marks, or is told as what others say or
believe, is left alone. The lists of words, with their sources, are in ``wording.yaml``.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "\n": " ", "\t": " ", "\u00a0": " "})


class Phrase(NamedTuple):
    """``words``: as the team wrote them; ``ask``: the question about the system instead; ``says``
    and ``source``: from the word list.
    """

    words: str
    ask: str
    says: str
    source: str


def deficit(text):
    """The first words that put a problem into students, families or teachers (Phrase), or None.
    English and Spanish.

    >>> deficit("Parent apathy").words
    'apathy'
    >>> deficit("Families were not told")
    >>> deficit("Several teachers said that parents do not care")
    """
    read = _own(text)
    found = [
        (match.start(), number, match)
        for number, (pattern, _) in enumerate(_deficits())
        for match in pattern.finditer(read)
    ]
    for start, number, match in sorted(found, key=lambda each: each[:2]):
        if not any(told.search(read[:start]) for told in _patterns("told")):
            entry = _deficits()[number][1]
            return Phrase(
                text[start : match.end()].strip(),
                entry["ask"],
                entry["says"],
                _lists()["sources"][entry["source"]],
            )
    return None


def solution_as_cause(text):
    """The words of a cause that name the absence of a solution (text, "" where there are none).

    >>> solution_as_cause("Lack of a tutoring program")
    'Lack of a tutoring program'
    >>> solution_as_cause("Nobody is told why")
    ''
    """
    return _words("solution as cause", text)


def cause_in_problem(text):
    """The words with which a problem statement brings in a cause (text, "" where there are none)."""
    return _words("cause in problem", text)


def solution_in_problem(text):
    """The words with which a problem statement brings in a solution (text, "" where there are
    none).
    """
    return solution_as_cause(text) or _words("solution in problem", text)


def closed(question):
    """What a closed interview question can be answered with, "yes or no" or "a number" (text, ""
    where it is open).

    >>> closed("Do you like math?")
    'yes or no'
    >>> closed("Can you tell me about a time when math made sense?")
    ''
    """
    sentences = re.split(r"(?<=[.?!]) +", " ".join(_plain(question).split()))
    found = {
        kind
        for kind in ("open question", "number", "yes or no")
        for each in sentences
        for pattern in _patterns(kind)
        if pattern.search(each)
    }
    if "open question" in found or not found:
        return ""
    return "a number" if "number" in found else "yes or no"


def _plain(text):
    """Small letters without accents, one for each letter of the text, so that places in both are
    the same.
    """
    letters = (
        unicodedata.normalize("NFD", letter)[0].lower() for letter in text.translate(_STRAIGHT)
    )
    return "".join(letter if len(letter) == 1 else " " for letter in letters)


def _own(text):
    """The plain text with what is quoted blanked out."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), _plain(text))


def _words(kind, text):
    read = _own(text)
    found = [
        match.span() for pattern in _patterns(kind) for match in [pattern.search(read)] if match
    ]
    return text[slice(*min(found))].strip(" ,;") if found else ""


@cache
def _lists():
    return yaml.safe_load(
        resources.files("see_the_system.theory")
        .joinpath("wording.yaml")
        .read_text(encoding="utf-8")
    )


@cache
def _patterns(kind):
    return [_pattern(pattern) for pattern in _lists()[kind]]


@cache
def _deficits():
    """The patterns of deficit wording, each with its entry."""
    return [
        (_pattern(pattern), entry)
        for language in ("english", "spanish")
        for entry in _lists()[language]
        for pattern in entry["patterns"]
    ]


def _pattern(text):
    """A pattern with the names in angle brackets filled in from the list of words, which hold names
    too.
    """
    filled = re.sub(r"<(\w+)>", lambda name: _lists()["words"][name[1]], text)
    return re.compile(text) if filled == text else _pattern(filled)
