"""What the wording of a text says: blame, a solution in the place of a cause, a closed question.

Only the team's own words are read (``clauses``). The lists of words, with their sources, are in
``wording.yaml``. How often they are right on sentences that they never met is in
``docs/checks.md``.
"""

import re
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import yaml

from see_the_system.theory.clauses import (
    Meanings,
    language,
    languages,
    normalised,
    not_their_own,
    own,
    plain,
)

_SYSTEM = "system|we|done|reason|told"
_REASON = "reason any{0,6} (system|we|done)"
_BLAME = ("blame", "blame if only people", "blame by a belief")
_OF = {
    "solution as cause": "things",
    "solution in problem": "things",
    "cause in problem": "causes",
    "call to act": "calls",
    "call to act in a problem": "calls",
}
_DRIVER = "people as driver if only people"
_NAMES = {"en": "english", "es": "spanish"}


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
    'Parent apathy'
    >>> deficit("Families were not told")
    >>> deficit("Several teachers said that parents do not care")
    """
    found = deficits(text)
    return found[0] if found else None


# A team's editor asks again about every text after every edit.
@lru_cache(maxsize=20_000)
def deficits(text):
    """All words that put a problem into people, from the first to the last (tuple of Phrase)."""
    text = normalised(text)
    theirs = own(text)
    phrases = []
    read_to = 0
    for start, end, ask in sorted(_blamed(theirs, languages(text)), key=lambda each: each[0]):
        if start >= read_to and not not_their_own(theirs, start):
            phrases.append(Phrase(text[start:end].strip(" ,;"), ask))
            read_to = end
    return tuple(phrases)


def _blamed(theirs, languages):
    """Where an own text blames people, and the question to ask (list of start, end, text).

    Of what begins at one place, the longest that the patterns know stands before the shortest
    that the meanings make.
    """
    known = [
        (*match.span(), entry["ask"])
        for pattern, entry in _deficits(languages)
        for match in pattern.finditer(theirs)
        if not _of_the_system().match(theirs, match.end())
    ]
    made = [
        (*span, entry["ask"])
        for name in languages
        for entry in _lists()[_NAMES[name]]
        if "of" in entry
        for kind in _BLAME
        for span in _said(kind, theirs, "people", name, entry["of"])
    ]
    known.sort(key=lambda each: -each[1])
    made.sort(key=lambda each: each[1])
    return known + made


def _said(kind, theirs, of, language, who=""):
    """Where the sentences of meanings of a kind stand in an own text (start and end of each)."""
    meanings = _meanings(of, language)
    line, spans = _line(theirs, of, language)
    if kind.endswith("if only people") and meanings.pattern(_SYSTEM).search(line):
        return
    for sentence in _read("meanings.yaml")["sentences"][kind]:
        for match in meanings.pattern(sentence, who=who).finditer(line):
            start, last = spans[match.start()][0], spans[match.end() - 1]
            if kind == "blame" and meanings.pattern(_REASON).search(line, match.end()):
                continue
            if kind.endswith("belief") or not not_their_own(theirs, last[0]):
                yield start, last[1]


@lru_cache(maxsize=1_000)
def _line(theirs, of, language):
    return _meanings(of, language).signs(theirs)


def shown(phrases):
    """The words of phrases as a finding names them (list of text): three, or fewer if long."""
    words = [f"“{phrase.words}”" for phrase in phrases[:3]]
    while len(words) > 1 and len("".join(words)) > 90:
        words.pop()
    return words


def solution_as_cause(text):
    """The words of a cause that name the absence of a solution (text, "" where there are none).

    >>> solution_as_cause("Lack of a tutoring program")
    'Lack of a tutoring program'
    >>> solution_as_cause("Nobody is told why")
    ''
    """
    return _words("solution as cause", text) or _words("call to act", text)


def cause_in_problem(text):
    """The words with which a problem statement brings in a cause (text, "" where none do)."""
    return _words("cause in problem", text)


def solution_in_problem(text):
    """The words with which a problem statement brings in a solution (text, "" where none do)."""
    return (
        solution_as_cause(text)
        or _words("solution in problem", text)
        or _words("call to act in a problem", text)
    )


def driver_action(text):
    """The words with which a driver says what to do (text, "" where it says a state).

    >>> driver_action("Hire a coach"), driver_action("Support stands beside the core")
    ('Hire', '')
    """
    words = _words("action", text)
    return words or (_words("action in Spanish", text) if language(text) == "es" else "")


def driver_people(text):
    """The words with which a driver hopes for other students or families (text, "" for none).

    >>> driver_people("Families are motivated")
    'Families are motivated'
    """
    theirs = own(normalised(text))
    spans = [
        span
        for name in languages(text)
        for span in _said(_DRIVER, theirs, "people", name, "student family home")
    ]
    start, end = min(spans, default=(0, 0))
    return normalised(text)[start:end]


@lru_cache(maxsize=20_000)
def as_it_stands(text):
    """The question that leads on from a cause that says what is seen (text, "" where it says why).

    >>> as_it_stands("Classes are too large.")
    'Which classes are large, who decides it, and what do students meet less of there?'
    """
    theirs = plain(normalised(text)).rstrip(" .!")
    return next(
        (
            entry["ask"]
            for entry in _lists()["as it stands"]
            for pattern in entry["patterns"]
            if _pattern(pattern).search(theirs)
        ),
        "",
    )


@lru_cache(maxsize=20_000)
def closed(question):
    """What a closed interview question can be answered with (text, "" where it is open).

    "yes or no", "a number" or "one word".

    >>> closed("Do you like math?")
    'yes or no'
    >>> closed("Can you tell me about a time when math made sense?")
    ''
    """
    sentences = re.split(r"(?<=[.?!]) +", plain(normalised(question)))

    def has(kind):
        return any(pattern.search(each) for pattern in _patterns(kind) for each in sentences)

    if has("open question"):
        return ""
    if has("number"):
        return "a number"
    if has("yes or no"):
        return "yes or no"
    return "one word" if has("one word") else ""


@lru_cache(maxsize=20_000)
def _words(kind, text):
    """The first words of a text that a list of patterns finds (text, "" where it finds none)."""
    text = normalised(text)
    theirs = own(text)
    for pattern in _patterns("of the data"):
        theirs = pattern.sub(lambda match: " " * len(match[0]), theirs)
    spans = [match.span() for pattern in _patterns(kind) for match in pattern.finditer(theirs)]
    if kind in _OF:
        for name in languages(text):
            spans += _said(kind, theirs, _OF[kind], name)
    spans = [span for span in spans if not not_their_own(theirs, span[0])]
    if not spans:
        return ""
    start, end = min(spans, key=lambda span: (span[0], -span[1]))
    return text[start:end].strip(" ,;")


@cache
def _lists():
    return _read("wording.yaml")


@cache
def _patterns(kind):
    return [_pattern(pattern) for pattern in _lists().get(kind, [])]


@cache
def _deficits(languages=("en", "es")):
    """The patterns of deficit wording in some languages, each with its entry."""
    return [
        (_pattern(pattern), entry)
        for name in languages
        for entry in _lists()[_NAMES[name]]
        for pattern in entry["patterns"]
    ]


@cache
def _read(name):
    file = resources.files("see_the_system.theory") / name
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@cache
def _meanings(of, language):
    """The meanings of words on people, things or causes in a language (``Meanings``)."""
    lists = _read("meanings.yaml")
    return Meanings(lists["words"][f"{of}_{language}"], lists["groups"])


@cache
def _of_the_system():
    """What follows words of a lack that is the system's own, as in "motivation survey"."""
    diseno = _pattern("<diseno>").pattern.replace("(?!", "(?=", 1)
    return re.compile(rf"{_pattern(' <systems>').pattern}\b|{diseno}")


@cache
def _pattern(text):
    """A pattern with the names in angle brackets filled in from the list of words."""
    filled = re.sub(r"<(\w+)>", lambda name: _lists()["words"][name[1]], text)
    if filled == text:
        # People leave the apostrophe out; where it must stand, the list has it as a code.
        return re.compile(text.replace("'", "'?"))
    return _pattern(filled)  # the words hold names too
