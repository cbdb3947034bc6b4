"""How wide text will be, with the letters of real fonts, and where it may be broken into lines."""

import re
import unicodedata
from contextlib import suppress
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import uharfbuzz

FAMILY = "'DejaVu Sans',Verdana,sans-serif"
# matplotlib ships the fonts; it is found and not loaded, because it takes longer than a diagram.
FONTS = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
LINE = 1.3  # the height of a line, in sizes of its letters
BOX = "□"  # what stands for a letter that no font of this machine has
FILES = {
    (False, False): "DejaVuSans.ttf",
    (True, False): "DejaVuSans-Bold.ttf",
    (False, True): "DejaVuSans-Oblique.ttf",
    (True, True): "DejaVuSans-BoldOblique.ttf",
}
# No line begins with one of these, no line ends with one of those.
_CLOSING = set("!%),.:;?]}¢°’”›»…、。〉》」』】〕〗！），．：；？］｝")
_OPENING = set("([{‘“‹«〈《「『【〔〖（［｛เแโใไ")
# Thai and Lao, Burmese, Khmer: written without spaces, as Chinese and Japanese are.
_SPACELESS = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"))
_TYING = "\u00a0\u2007\u202f"  # spaces at which no line ends
# What makes one sign of several: a joiner, a variant, the colours of skin.
_JOINING = "\u200d\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_MARKS = ("Mn", "Me", "Mc")
# What makes plain text more than words with spaces between them.
_INSIDE = re.compile(r"[-/\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def width(text, size=12, bold=False):
    """How wide a text on one line will be drawn (float, same unit as ``size``).

    It is shaped by HarfBuzz, as browsers shape it.

    >>> round(width("System", 12), 1), round(width("System", 12, bold=True), 1)
    (44.7, 50.0)
    """
    return size * _ems(text, bold)


def wrap(text, size, most, bold=False):
    """The lines of a text (list of text), none wider than ``most`` and nothing left out.

    Its own line ends are kept. A word that is wider than ``most`` by itself is broken between
    letters; scripts without spaces are broken between characters.

    >>> wrap("Placement rests on a recommendation", 12, 120)
    ['Placement rests on', 'a recommendation']
    """
    lines = []
    for paragraph in text.split("\n"):
        lines += _wrapped(paragraph, size, most, bold)
    return lines


@lru_cache(maxsize=20_000)  # a layout tries widths, and from one edit to the next most texts stay
def _wrapped(paragraph, size, most, bold):
    lines = []
    line, long = "", 0.0
    for piece in _pieces(paragraph):
        word = piece.rstrip(" ")
        ems = _ems(word, bold)
        # A little less than ``most``: sums of widths are not exact.
        if (long + ems) * size <= most - 1e-6:
            line += piece
        else:
            if line.strip():
                lines.append(line.strip())
            *full, line = _broken(piece, size, most, bold)
            lines += full
            long = 0.0
            if full:
                ems = _ems(line.rstrip(" "), bold)
        long += ems + (len(piece) - len(word)) * _ems(" ", bold)
    return [*lines, line.strip()]


def from_right(text):
    """Whether a text runs from right to left, as its first letter with a direction says (bool).

    >>> from_right("What?"), from_right("2 \u05de\u05d4?")
    (False, True)
    """
    if text.isascii():
        return False
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def block(text, size, most, bold=False):
    """The lines of a text, and how wide and high they stand together (list, float, float)."""
    lines = wrap(text, size, most, bold)
    return lines, max(width(line, size, bold) for line in lines), len(lines) * size * LINE


def _broken(word, size, most, bold):
    if width(word.strip(), size, bold) <= most:
        return [word]
    parts = [""]
    for letter in clusters(word):
        if parts[-1] and width(parts[-1] + letter, size, bold) > most:
            parts.append("")
        parts[-1] += letter
    return parts


@lru_cache(maxsize=20_000)
def _pieces(text):
    """The text cut where a line may end; a piece keeps one space behind it where some were."""
    if text.isascii() and not _INSIDE.search(text):
        words = text.split()
        return [word + " " for word in words[:-1]] + words[-1:]
    pieces = [""]
    for letter in clusters(text):
        piece = pieces[-1]
        if letter.isspace() and letter not in _TYING:
            if piece and not piece.endswith(" "):
                pieces[-1] += " "
        elif _may_end(piece, letter):
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return [piece for piece in pieces if piece]


def _may_end(piece, letter):
    """Whether a line may end between a piece and the letter behind it."""
    if not piece:
        return False
    if piece.endswith((" ", "\u200b")):
        return True
    # Behind a hyphen inside a word, but not behind the sign of a number or "a-".
    if piece.endswith(("-", "/", "–", "—")) and letter.isalpha() and len(piece) > 2:
        return True
    if letter[0] in _CLOSING or piece[-1] in _OPENING:
        return False
    return _breaks(letter) or _breaks(piece[-1])


def _breaks(letter):
    """Whether a line may end beside this character: scripts that are written without spaces."""
    if letter < "\u0e00":
        return False
    return unicodedata.east_asian_width(letter[0]) in "WF" or any(
        low <= letter[0] <= high for low, high in _SPACELESS
    )


def clusters(text):
    """Letters with the marks that sit on them, so that no line begins with a mark."""
    found = []
    for letter in text:
        kind = unicodedata.category(letter)
        joins = kind in _MARKS or letter in _JOINING
        if found and (joins or found[-1].endswith("\u200d")):
            found[-1] += letter
        elif kind != "Cc" or letter.isspace():
            found.append(letter)
    return found


@cache
def font_of(path):
    """The font in a file (uharfbuzz.Font)."""
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))


@lru_cache(maxsize=60_000)
def _ems(text, bold):
    return sum(_advance(run, font) for run, font in _runs(text, bold))


def _runs(text, bold):
    """The text cut where its font or its script changes, as browsers cut it.

    List of text and font; a letter that no font of this machine has is the box that stands for it.
    """
    main = font_of(FONTS / FILES[bold, False])
    if text.isascii():
        return [(text, main)]
    runs, script = [], ""
    for letter in _boxed(text, main):
        font = main if main.get_nominal_glyph(ord(letter)) is not None else fallback(letter)
        before = script
        if letter.isalpha():
            script = unicodedata.name(letter, "").split(" ")[0]
        run, last = runs[-1] if runs else ("", main)
        # A mark is drawn with the font of the letter that it sits on.
        if font is None or (runs and unicodedata.category(letter) in (*_MARKS, "Cf")):
            font = last
        if runs and last is font and before in ("", script):
            runs[-1] = (run + letter, font)
        else:
            runs.append((letter, font))
    return runs


def _boxed(text, main):
    """The text with one box for each letter, and all that joins it, that no font has (text)."""
    return "".join(BOX if _is_missing(letter[0], main) else letter for letter in clusters(text))


def _is_missing(letter, main):
    known = main.get_nominal_glyph(ord(letter)) is not None or unicodedata.category(letter) == "Cf"
    return not known and fallback(letter) is None


def _advance(text, font):
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return sum(position.x_advance for position in buffer.glyph_positions or ()) / font.face.upem


@cache
def fallback(letter):
    """The first font of this machine that has the letter, or None."""
    for path in _machine_fonts():
        with suppress(Exception):  # a broken font file is not worth a picture
            font = font_of(path)
            if font.get_nominal_glyph(ord(letter)) is not None:
                return font
    return None


@cache
def _machine_fonts():
    from matplotlib import font_manager

    return tuple(sorted(font_manager.findSystemFonts()))


INK, QUIET, RULE = "#1f2933", "#52606d", "#cbd2d9"
# Okabe and Ito's colours (jfly.uni-koeln.de/color, 2008); each has a shape of its own besides.
FOCUS = {"color": "#0072B2", "marker": "o"}
COMPARISON = {"color": "#B34700", "marker": "s"}
LIGHT = "#8fbbd9"  # of the focus
LEVEL_COLOURS = ("#8c510a", "#dfc27d", "#80cdc1", "#01665e")


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
    for letter in clusters(line):
        run = _printed(letter, bold, italic)
        if runs and runs[-1][1:] == run[1:]:
            run = run._replace(text=runs.pop().text + run.text)
        runs.append(run)
    return runs


def undrawn(text):
    """The letters of a text that no font of this machine has (list of text), each once."""
    if text.isascii():
        return []
    letters = dict.fromkeys(clusters(text))
    return [letter for letter in letters if _printed(letter, False, False).text != letter]


@lru_cache(maxsize=20_000)
def _printed(cluster, bold, italic):
    """How a letter with its marks is drawn (PrintedRun): without a mark that the font lacks."""
    letters = [letter for letter in cluster if not _unseen(letter)]
    looks = [(bold, italic), (bold, False), (False, False)]
    for look in looks:
        if _has(font_of(FONTS / FILES[look]), letters):
            return PrintedRun(cluster, "", *look)
    font = fallback(letters[0])
    if font is not None and _has(font, letters):
        return PrintedRun(cluster, font.face.get_name(16) or font.face.get_name(1), False, False)
    main = font_of(FONTS / FILES[bold, False])
    if _has(main, letters[:1]):
        return PrintedRun("".join(one for one in letters if _has(main, one)), "", bold, False)
    return PrintedRun(BOX, "", bold, italic)


def _has(font, letters):
    return all(font.get_nominal_glyph(ord(letter)) is not None for letter in letters)


def _unseen(letter):
    """Whether a letter has no shape of its own: a joiner, a mark of direction, a variant."""
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f"


# Verdana has the widths of DejaVu Sans, which Windows and macOS lack.
