"""The one way this package says no, and words as sentences have them: lists and plurals."""

import unicodedata
from difflib import SequenceMatcher


def listed(things, joining="and"):
    """Things as a sentence lists them (text), each as ``str`` gives it; nothing gives "".

    >>> listed(["placement"]), listed([6, 7, 8]), listed(["yes", "no"], "or")
    ('placement', '6, 7 and 8', 'yes or no')
    """
    texts = [str(thing) for thing in things]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {joining} {texts[-1]}"


def counted(number, thing, several=None):
    """A number, thousands set off, with its thing in the singular or the plural (text).

    ``several`` is the plural where an s is not enough.

    >>> counted(1, "school"), counted(1200, "school"), counted(0, "process", "processes")
    ('1 school', '1,200 schools', '0 processes')
    """
    if number != 1:
        thing = several or f"{thing}s"
    return f"{number:,} {thing}"


def day_in_words(day):
    """A day as people read it, with its year (text); files and tables of data keep 2025-10-06.

    >>> from datetime import date
    >>> day_in_words(date(2025, 10, 6))
    'October 6, 2025'
    """
    return f"{day:%B} {day.day}, {day.year}"


def are(number):
    """The verb that goes with a number of things (text).

    >>> are(1), are(0)
    ('is', 'are')
    """
    return "is" if number == 1 else "are"


def with_minus(number):
    """A number's text with the one minus sign that people read, U+2212 (text).

    >>> with_minus("-2.0"), with_minus("+1.5")
    ('−2.0', '+1.5')
    """
    return number.replace("-", "−")


def whole_percent(percent, digits=0):
    """A percent (0-100) as it is said (text): 0 and 100 only of none and of all.

    >>> whole_percent(47.6), whole_percent(99.7), whole_percent(0.2), whole_percent(100)
    ('48%', 'over 99%', 'under 1%', '100%')
    """
    least = 10**-digits
    rounded = round(float(percent), digits)
    if percent > 0 and not rounded:
        return f"under {least:.{digits}f}%"
    if percent < 100 <= rounded:
        return f"over {100 - least:.{digits}f}%"
    return f"{rounded:.{digits}f}%"


def plain_letters(text):
    """A text in small letters without accents or what else is not ASCII (text).

    >>> plain_letters("Peña Middle")
    'pena middle'
    """
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()


def digits_that_add_up(*sums, digits=(0, 1, 2)):
    """The fewest of these digits with which rounded parts add up to rounded totals (int).

    sums: each a total and its parts; the last of the digits where not all do with any.

    >>> digits_that_add_up((45, (24.6, 20.4))), digits_that_add_up((46.4, (24.6, 21.8)))
    (0, 1)
    >>> digits_that_add_up((48.24, (29.46, 18.78)), (46.4, (24.6, 21.8)))  # the first with 0 and 2
    2
    """
    for fewest in digits[:-1]:
        told = [
            (round(float(total), fewest), sum(round(float(part), fewest) for part in parts))
            for total, parts in sums
        ]
        if all(total == round(added, fewest) for total, added in told):
            return fewest
    return digits[-1]


class Refusal(Exception):
    """Something a person can put right.

    Its text is one sentence: the thing, the place, what was expected, what to do. The command line
    prints the sentence and exits with status 2; a notebook shows it without a traceback.
    """

    def _render_traceback_(self):
        """What IPython shows in place of a traceback (list of text)."""
        return [str(self)]


class NoResults(Refusal):
    """A refusal that is nobody's fault: the data have nothing of what was asked for."""


def nearest(asked, allowed, most=3):
    """The allowed names that look most like the one asked for, or have a word that does.

    Best first (list of at most ``most`` texts).

    >>> nearest("Mathmatics", ["ELA", "Mathematics"])
    ['Mathematics']
    >>> nearest("blak", ["White", "Black or African American"])
    ['Black or African American']
    """
    asked = str(asked).casefold().strip()
    scored = [(_likeness(asked, name.casefold()), name) for name in allowed]
    close = [(score, name) for score, name in scored if score >= 0.6]
    close.sort(key=lambda each: each[0], reverse=True)  # the earlier of two that are as like
    return [name for _, name in close[:most]]


def _likeness(asked, name):
    if asked and asked in name:
        return 0.95
    words = [word for word in name.split() if len(word) > 2]
    # A word that is hit exactly counts a little less than the whole name.
    likenesses = [0.9 * SequenceMatcher(None, asked, word).ratio() for word in words]
    return max([SequenceMatcher(None, asked, name).ratio(), *likenesses])
