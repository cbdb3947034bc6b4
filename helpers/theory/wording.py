"""How a team words things: lacks in people, solutions written as causes, causes in a problem statement, questions that close a conversation.

Only the team's own words are read: what stands in quotation marks, or is told as what others say or believe, is left alone.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_TOLD = re.compile(
    r"(?<!\bwe )(?<!\bi )\b(?:says?|said|saying|believes?|believed|thinks?|thought|assumes?|assumed|tells?|told|hears?|heard|reports?|reported|"
    r"perceives?|perceived|describes?|described|calls?|called|labels?|labell?ed|assumptions?|beliefs?|perceptions?|narratives?|stereotypes?|myths?|"
    r"dicen|dijo|dijeron|creen|piensan|suponen|creencia)\b[^.;]*$"
)
_ADJECTIVE = (
    r"(?:a|an|any|the|more|enough|adequate|sufficient|good|better|strong|effective|quality|math|mathematics|school|summer|district|teacher|staff|student|"
    r"parent|family|formal|structured|consistent|ongoing|targeted|extra|additional|bilingual|new|proper|appropriate|instructional|reading|digital|online|peer|"
    r"intervention|tutoring|professional|support|mentor|trained|qualified|homework|afterschool|academic|computer|access to|of|funding for|\w+-\w+)"
)
_SOLUTION = (
    r"(?:programs?|tutoring|tutors?|software|apps?|coach(?:es|ing)?|trainings?|professional development|pd|interventions?|interventionists?|initiatives?|funding|"
    r"money|budget|staffing|technology|devices|chromebooks|laptops|tablets|workshops?|counselors?|aides?|paraprofessionals?|specialists?|summer school|"
    r"smaller classes|resources|platforms?|incentives?|licenses?|mentors?|mentoring|liaisons?|interpreters?)"
)
_NOT_AFTER = (
    r"(?! (?:data|records?|logs?|schedules?|calendars?|criteria|attendance|results|lists?|referrals?|requirements?|standards?|rooms?|meetings?|"
    r"is|are|was|were|has|have|had|can|will|meets?|runs?|starts?|takes?|serves?|reach(?:es)?|knows?|visits?|sees?|comes?|asks?|keeps?)\b)"
)
_ABSENT = re.compile(
    rf"\b(?:lack of|lacks?|lacking|there (?:is|are) no|no|not enough|too few|insufficient|inadequate|absence of|limited|"
    rf"(?:don't|do not|doesn't|does not) have|(?:we|schools?|teachers|students|they|district) needs?|need for)\b"
    rf"(?: {_ADJECTIVE})* {_SOLUTION}\b{_NOT_AFTER}|"
    r"\bshould (?:hire|buy|purchase|adopt|implement|invest|fund|train|provide|offer|create|add|start|launch)\b|"
    r"\bneeds? to (?:hire|buy|purchase|adopt|implement|invest|fund|train|launch)\b|"
    r"\b(?:falta de|faltan?|no hay|se necesitan?) (?:un |una |unos |unas |mas |suficientes? )*(?:programas?|tutorias?|tutores|capacitacion|talleres|tecnologia|computadoras|recursos|dinero|fondos)\b"
)
_CAUSE = re.compile(
    r"\b(?:because|due to|caused by|as a result of|is the result of|are the result of|owing to|stems? from|results? from|resulting from|driven by|on account of|"
    r"which is why|thanks to|porque|debido a|a causa de|por culpa de)\b"
)
_REMEDY = re.compile(
    r"\b(?:needs?|needed) (?:a|an|more|better|to|new|additional|extra)\b|\b(?:we|schools?|teachers|students|the district|families) (?:should|must|ought to)\b|"
    r"\bthe need for\b|\bby (?:hiring|buying|adopting|implementing|adding|providing|offering|creating|training)\b|\bwe will\b|\bso we (?:plan|want)\b|"
    r"\b(?:should|must) be (?:hired|bought|adopted|implemented|provided|offered|created|added)\b|\b(?:necesitan|necesitamos|deben|debemos) (?:un|una|mas|tener)\b"
)
_START = r"(?:^|[,;:—–-] ?|\b(?:so|and|but|okay|ok|then|now|well|also) )"
_OPEN = re.compile(
    r"\b(?:tell me|tell us|walk me|walk us|talk me|talk about|describe|share (?:a|an|with|your)|show me|help me understand|say more|think (?:of|about|back)|give me an example|"
    r"cuentame|cuenteme|cuentanos|platicame|platiqueme|hablame|hableme|describa|muestrame|piensa en|piense en)\b|"
    rf"{_START}¿?(?:how(?! many| much| often| long| old| far| big)|what(?! grade| year| time| class are| school| day| is your (?:name|grade|favorite))|why|"
    r"in what way|when was the last|como|que\b|por que|de que manera)\b"
)
_YES_OR_NO = re.compile(
    rf"{_START}¿?(?:(?:do|does|did|is|are|was|were|have|has|had|can|could|will|would|should|may|might|am)(?:n't)?) (?:not )?"
    r"(?:you|your|it|the|he|she|they|we|i|this|that|there|these|those|any|anyone|anybody|everyone|students?|teachers?|kids|families|parents|people|math|school|someone|most|all|a|an|our|my)\b|"
    r"\b(?:right|correct|agree|don't you think|isn't it|aren't you|don't you|verdad|no es cierto|yes or no)\s*\?|"
    r"^¿(?:te|le|les|has|ha|tienes|tiene|hay|es|son|esta|estas|puedes|puede|crees|cree|sabes|sabe|quieres|quiere|fue|era)\b"
)
_NUMBER = re.compile(
    rf"{_START}(?:how (?:many|much|often|long|old|far|big)|what (?:grade|year|time)|on a scale|¿?(?:cuantos?|cuantas?|cada cuanto))\b|\bon a scale (?:of|from)\b"
)


class Phrase(NamedTuple):
    """``words``: as the team wrote them; ``ask``: the question about the system instead; ``says`` and ``source``: from the word list."""

    words: str
    ask: str
    says: str
    source: str


def deficit(text):
    """The first words that put a problem into students, families or teachers (Phrase), or None. English and Spanish.

    >>> deficit("Parent apathy").words
    'apathy'
    >>> deficit("Families were not told")
    >>> deficit("Several teachers said that parents do not care")
    """
    read = _own(text)
    found = [
        (match, entry) for pattern, entry in _patterns() for match in pattern.finditer(read) if not _TOLD.search(read[: match.start()])
    ]
    if not found:
        return None
    match, entry = min(found, key=lambda pair: pair[0].start())
    return Phrase(text[match.start() : match.end()].strip(), entry["ask"], entry["says"], _word_list()["sources"][entry["source"]])


def solution_as_cause(text):
    """The words of a cause that name the absence of a solution (text, "" where there are none).

    >>> solution_as_cause("Lack of a tutoring program")
    'Lack of a tutoring program'
    >>> solution_as_cause("Nobody is told why")
    ''
    """
    return _words(_ABSENT, text)


def cause_in_problem(text):
    """The words with which a problem statement brings in a cause (text, "" where there are none)."""
    return _words(_CAUSE, text)


def solution_in_problem(text):
    """The words with which a problem statement brings in a solution (text, "" where there are none)."""
    return _words(_REMEDY, text) or solution_as_cause(text)


def closed(question):
    """What a closed interview question can be answered with, "yes or no" or "a number" (text, "" where it is open).

    >>> closed("Do you like math?")
    'yes or no'
    >>> closed("Can you tell me about a time when math made sense?")
    ''
    """
    sentences = [_plain(sentence).strip() for sentence in re.split(r"(?<=[.?!])\s+", " ".join(question.split()))]
    if any(_OPEN.search(sentence) for sentence in sentences):
        return ""
    if any(_NUMBER.search(sentence) for sentence in sentences):
        return "a number"
    return "yes or no" if any(_YES_OR_NO.search(sentence) for sentence in sentences) else ""


def _plain(text):
    """Small letters without accents, one for each letter of the text, so that places in both are the same."""
    straight = text.translate(str.maketrans({"’": "'", "‘": "'", "\n": " ", "\t": " ", "\u00a0": " "}))
    letters = (unicodedata.normalize("NFD", letter)[0].lower() for letter in straight)
    return "".join(letter if len(letter) == 1 else " " for letter in letters)


def _own(text):
    """The plain text with what is quoted blanked out."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), _plain(text))


def _words(pattern, text):
    match = pattern.search(_own(text))
    return text[match.start() : match.end()].strip(" ,;") if match else ""


@cache
def _word_list():
    return yaml.safe_load(resources.files("helpers.theory").joinpath("deficit_wording.yaml").read_text(encoding="utf-8"))


@cache
def _patterns():
    """The patterns of the word list, each with its entry, read when first asked for."""
    entries = [entry for language in ("english", "spanish") for entry in _word_list()[language]]
    return [(re.compile(_filled(pattern)), entry) for entry in entries for pattern in entry["patterns"]]


def _filled(pattern):
    return re.sub(r"<(\w+)>", lambda name: _filled(_word_list()["words"][name[1]]), pattern)
