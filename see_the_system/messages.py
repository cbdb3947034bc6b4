"""The one way this package says no: a sentence a person can act on."""

from difflib import SequenceMatcher


class Refusal(Exception):
    """Something a person can put right.

    Its text is one sentence: the thing, the place, what was expected, what to do. The command line
    prints the sentence and exits with status 2; a notebook shows it without a traceback.
    """

    def _render_traceback_(self):
        """What IPython shows in place of a traceback (list of text)."""
        return [str(self)]


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
