"""The one way this package says no: a sentence a person can act on."""

import difflib


class Refusal(Exception):
    """Something a person can put right; its text is one sentence: the thing, the place, what was
    expected, what to do.

    The command line prints the sentence and exits with status 2; lessons print it without a
    traceback.
    """


def nearest(asked, allowed, most=3):
    """The allowed names that look most like the one asked for, or have a word that does, best first
    (list of at most ``most`` texts).

    >>> nearest("Mathmatics", ["ELA", "Mathematics"])
    ['Mathematics']
    >>> nearest("blak", ["White", "Black or African American"])
    ['Black or African American']
    """
    asked = str(asked).casefold().strip()
    scored = sorted(
        ((_likeness(asked, name.casefold()), -place, name) for place, name in enumerate(allowed)),
        reverse=True,
    )
    return [name for score, _, name in scored if score >= 0.6][:most]


def _likeness(asked, name):
    if asked and asked in name:
        return 0.95
    whole = difflib.SequenceMatcher(None, asked, name).ratio()
    return max(
        [
            whole,
            *(
                0.9 * difflib.SequenceMatcher(None, asked, word).ratio()
                for word in name.split()
                if len(word) > 2
            ),
        ]
    )
