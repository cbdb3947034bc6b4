"""What the checks look for in how causes, drivers and ideas are worded, and in the interviews.

Only the team's own words are read: what stands in quotation marks, or is told as what others say or
believe, is left alone. The lists of words, with their sources, are in ``wording.yaml``.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import yaml

from see_the_system.theory.model import full_name, rule

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "\n": " ", "\t": " ", "\u00a0": " "})


class Phrase(NamedTuple):
    """Words that put a problem into people.

    ``words``: as the team wrote them; ``ask``: the question about the system instead.
    """

    words: str
    ask: str


# A team's editor asks again about every text after every edit.
@lru_cache(maxsize=20_000)
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


@lru_cache(maxsize=20_000)
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


@rule(
    "should",
    "causes",
    "The CORE districts revised and refined what they had thought at first, and that can only be "
    "seen where it was written down (Nayfack and others, PACE, 2017).",
)
def theory_written(theory):
    """No cause is written down yet."""
    if theory.categories and not theory.causes:
        yield (
            theory.categories[0].id,
            "The fishbone has bones and no causes yet.",
            "Write down what you think today, before the data, so that you can see later what "
            "you learned.",
        )


@rule(
    "should",
    "causes",
    "Where results are put down to students or families, what the school itself does goes "
    "unexamined (Weiner, Educational Leadership, 2006).",
)
def deficit_wording(theory):
    """A cause, a why, a driver or a change idea is worded as a lack in students, families or
    teachers.
    """
    for item in (*theory.causes, *theory.whys, *theory.drivers, *theory.ideas):
        found = deficit(item.text)
        if found:
            name = full_name(item)
            yield (
                item.id,
                f"The words “{found.words}” in the {name} put the problem in people.",
                f"Try it as a question about the system: {found.ask}",
            )


@rule(
    "should",
    "causes",
    "“Lack of a program” has one answer, the program, so nobody asks what the system does now "
    "(NYC Improvement Science Handbook, on “solutionitis”).",
)
def cause_solution(theory):
    """A cause is the absence of a solution."""
    for cause in theory.causes:
        words = solution_as_cause(cause.text)
        if words:
            name = full_name(cause)
            yield (
                cause.id,
                f"In the {name}, “{words}” names a solution that is absent.",
                "Say what happens now instead, to whom and how often.",
            )


@rule(
    "must",
    "interviews",
    "People's words are theirs until they say that the team may keep them (this curriculum's own "
    "rule).",
)
def interview_consent(theory):
    """Words are kept from an interview without consent."""
    for interview in theory.interviews:
        if not interview.consent and theory.under(interview.id, "quote"):
            whose = _which(interview)
            yield (
                interview.id,
                f"Words from {whose} are kept, and consent is not marked.",
                "Ask for consent and mark it, or take the words out.",
            )


@rule(
    "should",
    "interviews",
    "Empathy interviews ask open questions that bring out stories, not yes or no (Inflexion; "
    "Student Powered Improvement).",
)
def question_closed(theory):
    """An interview question can be answered with yes, no or a number."""
    for interview in theory.interviews:
        where = _which(interview)
        for question in interview.questions:
            answer = closed(question)
            if answer:
                yield (
                    interview.id,
                    f"In {where}, “{question}” can be answered with {answer}.",
                    "Ask for a story instead: “Tell me about a time when …”",
                )


def _which(interview):
    return f"the interview with a {interview.role}" if interview.role else "an interview"
