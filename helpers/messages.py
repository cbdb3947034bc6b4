"""The one way this package says no: a sentence a person can act on."""

import difflib


class Problem(Exception):
    """Something a person can put right; its text is one sentence: the thing, the place, what was expected, what to do.

    The command line prints the sentence and exits with status 2; lessons print it without a traceback.
    """


def nearest(asked, allowed, most=3):
    """The allowed names that look most like the one asked for, best first (list of at most ``most`` texts).

    >>> nearest("Mathmatics", ["ELA", "Mathematics"])
    ['Mathematics']
    """
    by_fold = {name.casefold(): name for name in allowed}
    found = difflib.get_close_matches(str(asked).casefold(), by_fold, n=most, cutoff=0.5)
    inside = [fold for fold in by_fold if str(asked).casefold() in fold and fold not in found]
    return [by_fold[fold] for fold in (found + inside)[:most]]
