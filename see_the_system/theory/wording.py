"""How a team words things, and the question about the system that stands behind it.

Lacks in people, solutions written as causes, causes in a problem statement, closed questions.
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
    """Words that put a problem into people.

    ``words``: as the team wrote them; ``ask``: the question about the system instead.
    """

    words: str
    ask: str


def deficit(text):
    """The first words that put a problem into students, families or teachers (Phrase or None).

    English and Spanish.

    >>> deficit("Parent apathy").words
    'apathy'
    >>> deficit("Families were not told")
    >>> deficit("Several teachers said that parents do not care")
    """
    own = _own(text)
    found = [(match, entry) for pattern, entry in _deficits() for match in pattern.finditer(own)]
    # The sort keeps the order of the list where two begin at one place.
    for match, entry in sorted(found, key=lambda each: each[0].start()):
        before = own[: match.start()]
        if not any(told.search(before) for told in _patterns("told")):
            return Phrase(text[slice(*match.span())].strip(), entry["ask"])
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
    """The words with which a problem statement brings in a cause (text, "" where none do)."""
    return _words("cause in problem", text)


def solution_in_problem(text):
    """The words with which a problem statement brings in a solution (text, "" where none do)."""
    return solution_as_cause(text) or _words("solution in problem", text)


def closed(question):
    """What a closed interview question can be answered with (text, "" where it is open).

    "yes or no" or "a number".

    >>> closed("Do you like math?")
    'yes or no'
    >>> closed("Can you tell me about a time when math made sense?")
    ''
    """
    sentences = re.split(r"(?<=[.?!]) +", " ".join(_plain(question).split()))

    def has(kind):
        return any(pattern.search(each) for pattern in _patterns(kind) for each in sentences)

    if has("open question"):
        return ""
    if has("number"):
        return "a number"
    return "yes or no" if has("yes or no") else ""


def _plain(text):
    """Small letters without accents (text), each at the place of the letter it stands for."""
    straight = text.translate(_STRAIGHT)
    letters = [unicodedata.normalize("NFD", letter)[0].lower() for letter in straight]
    # A few letters have a small form of two signs, which would move all that follow.
    return "".join(letter if len(letter) == 1 else " " for letter in letters)


def _own(text):
    """The plain text with what is quoted blanked out."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), _plain(text))


def _words(kind, text):
    """The first words of a text that a list of patterns finds (text, "" where it finds none)."""
    own = _own(text)
    found = [pattern.search(own) for pattern in _patterns(kind)]
    spans = [match.span() for match in found if match]
    return text[slice(*min(spans))].strip(" ,;") if spans else ""


@cache
def _lists():
    file = resources.files("see_the_system.theory") / "wording.yaml"
    return yaml.safe_load(file.read_text(encoding="utf-8"))


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
    """A pattern with the names in angle brackets filled in from the list of words."""
    filled = re.sub(r"<(\w+)>", lambda name: _lists()["words"][name[1]], text)
    if filled == text:
        return re.compile(text)
    return _pattern(filled)  # the words hold names too
