"""A text as the checks of wording read it: normalised, in its language, in clauses.

What is quoted, denied or told as another's word is not the team's own, and is left alone.
"""

import re
import unicodedata
from functools import lru_cache

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»')
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'"})
_END = re.compile(r"[.;!?]|, (?:and|but|so|yet|while|which|y|pero|aunque) ")
# The small words, and the commonest of school, by which a language is told; none is in both.
_TELLING = {
    "es": "el la los las un una unos unas de del al y en se que por para con su sus es son como "
    "falta hay mas porque debido nuestra nuestro nuestros nuestras les le lo nos cuando muy poco "
    "poca pocos pocas mal mala sin ni o esta este estos estas pero tienen tiene padres familias "
    "papas mamas hijos alumnos estudiantes maestros docentes ninos jovenes escuela casa clase "
    "tarea matematicas alumnado desinteres apatia",
    "en": "the a an of in and to is are was were not for with on at by from that they their our "
    "we it do does did because have has there this these those who what when how or but as be "
    "been need needs any enough more too few many some student students family families parent "
    "parents teacher teachers lack school kids math class home program",
}
_TELLING = {language: frozenset(words.split()) for language, words in _TELLING.items()}
_WORD = re.compile(r"[ap]\.m\b|\w+(?:'\w+)*|[,.;:!?()—–]")
_LONGEST = 5  # words of a phrase with a meaning
# Another's words: who speaks is not the team, and "that", a quote or a clause follows.
_REPORT = re.compile(
    r"\b(?:says?|said|saying|believes?|believed|thinks?|thought|assum(?:es?|ed)|perceives?|"
    r"perceived|claims?|claimed|calls?|called|label(?:s|l?ed)?|assumptions?|beliefs?|"
    r"perceptions?|narratives?|"
    r"stereotypes?|myths?|argues?|argued|dicen?|dijo|dijeron|creen?|piensan?|suponen?|creencias?|"
    r"mitos?|afirman?|opinan?)\b|"
    r"\b(?:tells?|told|hears?|heard|reports?|reported|describes?|described|feels?|felt|"
    r"complain(?:s|ed)?|comentan?|comento|comentaron|cuentan|conto)\b"
    r"(?=(?: \w+){0,3} (?:that|how|que)\b|(?: \w+)? ?:)"
)
_OURS = re.compile(
    r"\b(?:we|i|us|our team|the team|nosotros|yo)(?: (?:all|also|now|still|both|have|had))*\s*$"
)
# "As reported in the plan, ..." names a source; "when told of it, ..." reports no word.
_NO_REPORT_BEFORE = re.compile(r"\b(?:as|como|segun|were not|was not|never|not|no|nobody)\s*$")
_NO_REPORT_AFTER = re.compile(r" *(?:in|by|on|of|at|about|to|for|en|por|de)\b| *,")
_DENIED = re.compile(
    r"\b(?:(?:is|was|are|were|be) not (?:that|because|true|the case|about|so much|a matter|a lack)|"
    r"(?:isn|wasn|aren)'?t (?:that|because|true|about)|it(?:'s| is) not\b|it isn'?t|not because|"
    r"rather than|instead of|nothing (?:\w+ ){0,4}(?:suggests|shows?|says|tells|proves)|"
    r"no (?:sign|evidence) that|"
    r"(?:nobody|no one|none of us|we (?:do not|don'?t|never|no longer|cannot|can'?t)|"
    r"we (?:used to|once)) (?:\w+ ){0,4}"
    r"(?:say|said|think|thought|believe|claim|assume|mean|blame)|"
    r"(?:changed our minds?|wrong to (?:say|think))|"
    r"no (?:es|son|fue|era|se trata|decimos|creemos|pensamos|significa|quiere decir)\b|"
    r"nadie (?:dice|diria|cree)|en lugar de|en vez de|tampoco es)[^.;]*$"
)
_NO_LACK = re.compile(
    r"\b(?:do|does|did|is|are|was|were)(?: not|n'?t) (?:\w+ )?$|\b(?:never|no longer|no) $"
)


@lru_cache(maxsize=20_000)
def normalised(text):
    """A text in composed letters and single spaces (text)."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def plain(text):
    """Small letters without accents (text), each at the place of the letter it stands for."""
    if text.isascii():
        return text.lower()
    letters = [unicodedata.normalize("NFD", letter)[0].lower() for letter in text]
    # A few letters have a small form of two signs, which would move all that follow.
    return "".join(letter if len(letter) == 1 else " " for letter in letters).translate(_STRAIGHT)


def own(text):
    """The plain text with what is quoted blanked out (text)."""
    return _QUOTED.sub(lambda quoted: " " * len(quoted[0]), plain(text))


@lru_cache(maxsize=20_000)
def languages(text):
    """The languages that a text may be in (tuple): "en" and "es" where neither can be told."""
    words = re.findall(r"[a-z]+", plain(normalised(text)))
    spanish = sum(word in _TELLING["es"] for word in words)
    spanish += 2 * any(sign in text for sign in "¿¡ñÑ")
    english = sum(word in _TELLING["en"] for word in words)
    if spanish == english:
        return ("en", "es")
    return ("es",) if spanish > english else ("en",)


def language(text):
    """The language to answer a text in: "es" or "en", which is also what cannot be told (text).

    >>> language("Los padres no apoyan en casa"), language("Parents do not help at home")
    ('es', 'en')
    """
    return languages(text)[0]


def in_language_of(text, english, spanish):
    """The sentences of a finding about a text (tuple), in the language that the text is in."""
    return spanish if language(text) == "es" else english


def not_their_own(text, start):
    """Whether words that begin at a place of an own text are denied or another's (bool)."""
    clauses = text[:start]
    if _DENIED.search(clauses):
        return True
    if _NO_LACK.search(clauses) and re.match(r"(?:lack|want for)", text[start:]):
        return True
    return any(_reports(clauses, match) for match in _REPORT.finditer(clauses))


def _reports(before, verb):
    """Whether a word of saying speaks for another, up to the end of these words (bool)."""
    said = before[verb.end() :]
    if _END.search(said) or _NO_REPORT_AFTER.match(said):
        return False
    speaker = before[: verb.start()]
    return not (_OURS.search(speaker) or _NO_REPORT_BEFORE.search(speaker))


class Meanings:
    """Words by what they mean: a text becomes a line of signs, and sentences are patterns of them.

    words: a dictionary of a meaning's name to its words, * for any ending and _ for a space;
    groups: of a name to the names of several meanings.
    """

    def __init__(self, words, groups):
        self._letters = {name: chr(0x100 + place) for place, name in enumerate(words)}
        self._letters |= {"other": ".", "pause": ",", "end": "|"}
        self._groups = {name: names.split() for name, names in groups.items()}
        self._whole, self._stems, self._patterns = {}, {}, {}
        for name, entries in words.items():
            for entry in entries.split():
                kept = self._stems if entry.endswith("*") else self._whole
                kept.setdefault(entry.rstrip("*").replace("_", " "), self._letters[name])

    def signs(self, text):
        """A text as signs (text), and where each begins and ends (list of two ints).

        One for each word or phrase with a meaning, "." for other words, "," and "|" for a pause
        and for an end.
        """
        words = [
            (re.sub(r"['.]", "", match[0]) or match[0], match.span())
            for match in _WORD.finditer(text)
        ]
        line, spans = [], []
        at = 0
        while at < len(words):
            sign, many = self._sign([word for word, _ in words[at : at + _LONGEST]])
            line.append(sign)
            spans.append((words[at][1][0], words[at + many - 1][1][1]))
            at += many
        return "".join(line), spans

    def _sign(self, words):
        """The sign that some words begin with, and for how many of them it stands."""
        if words[0] in ",.;:!?()—–":
            return "," if words[0] == "," else "|", 1
        for many in range(len(words), 0, -1):
            phrase = " ".join(words[:many])
            if phrase in self._whole:
                return self._whole[phrase], many
            shortest = len(phrase) - len(words[many - 1])
            for end in range(len(phrase), shortest, -1):
                if phrase[:end] in self._stems:
                    return self._stems[phrase[:end]], many
        return ".", 1

    def pattern(self, sentence, **names):
        """The pattern over signs of a sentence of meanings (pattern); names: of more groups."""
        key = (sentence, *names.items())
        if key not in self._patterns:
            self._patterns[key] = self._compiled(sentence, names)
        return self._patterns[key]

    def _compiled(self, sentence, names):
        groups = self._groups | {name: names.split() for name, names in names.items()}

        def letters(match):
            if match[0] == "any":
                return "[^,|]"
            found = [self._letters.get(name, "") for name in groups.get(match[0], [match[0]])]
            return f"[{''.join(found)}]" if any(found) else "(?!)"

        # the nearest words that make the sentence are the ones to show
        line = re.sub(r"[a-z]+", letters, sentence.replace("}", "}?"))
        return re.compile(line.replace(" ", ""))
