"""Text for paper and PNG: each part of a line in a font that this machine has."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from see_the_system.pictures import lettering


class PrintedRun(NamedTuple):
    """A part of a line that one font can draw: its text, the font's family and look.

    ``family`` is "" for the picture's own.
    """

    text: str
    family: str
    bold: bool
    italic: bool


def printed_runs(line, bold=False, italic=False):
    """A line cut into what one font can draw (list of PrintedRun).

    A letter that no font of this machine has becomes a box. Printers of pictures look for a font
    that has the letter, and draw the whole line with it: one that has nothing but boxes is found.
    """
    if line.isascii():
        return [PrintedRun(line, "", bold, italic)]
    runs = []
    for letter in lettering.clusters(line):
        run = _printed(letter, bold, italic)
        if runs and runs[-1][1:] == run[1:]:
            run = run._replace(text=runs.pop().text + run.text)
        runs.append(run)
    return runs


def undrawn(text):
    """The letters of a text that no font of this machine has (list of text), each once."""
    if text.isascii():
        return []
    letters = dict.fromkeys(lettering.clusters(text))
    return [letter for letter in letters if _printed(letter, False, False).text != letter]


@lru_cache(maxsize=20_000)
def _printed(cluster, bold, italic):
    """How a letter with its marks is drawn (PrintedRun): without a mark that the font lacks."""
    letters = [letter for letter in cluster if not _unseen(letter)]
    looks = [(bold, italic), (bold, False), (False, False)]
    for look in looks:
        if _has(lettering.font_of(lettering.FONTS / lettering.FILES[look]), letters):
            return PrintedRun(cluster, "", *look)
    font = lettering.fallback(letters[0])
    if font is not None and _has(font, letters):
        return PrintedRun(cluster, font.face.get_name(16) or font.face.get_name(1), False, False)
    main = lettering.font_of(lettering.FONTS / lettering.FILES[bold, False])
    if _has(main, letters[:1]):
        return PrintedRun("".join(one for one in letters if _has(main, one)), "", bold, False)
    return PrintedRun(lettering.BOX, "", bold, italic)


def _has(font, letters):
    return all(font.get_nominal_glyph(ord(letter)) is not None for letter in letters)


def _unseen(letter):
    """Whether a letter has no shape of its own: a joiner, a mark of direction, a variant."""
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"
