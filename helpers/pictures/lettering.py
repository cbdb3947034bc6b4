"""How wide text will be, with the letters of real fonts, and where it may be broken into lines."""

import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import matplotlib
import uharfbuzz

# Verdana has the widths of DejaVu Sans, which Windows and macOS lack.
FAMILY = "'DejaVu Sans',Verdana,sans-serif"
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
LINE = 1.3
_CLOSING = set("!%),.:;?]}¢°’”›»…、。〉》」』】〕〗！），．：；？］｝")


@lru_cache(maxsize=60_000)
def width(text, size=12, bold=False):
    """How wide a text on one line will be drawn (float, same unit as ``size``), shaped by HarfBuzz as browsers shape it.

    >>> round(width("System", 12), 1), round(width("System", 12, bold=True), 1)
    (44.7, 50.0)
    """
    return size * sum(_advance(run, font) for run, font in _runs(text, bold))


def wrap(text, size, most, bold=False):
    """The lines of a text (list of text), none wider than ``most`` and nothing left out; its own line ends are kept.

    A word that is wider than ``most`` by itself is broken between letters; scripts without spaces are broken between characters.

    >>> wrap("Placement rests on a recommendation", 12, 120)
    ['Placement rests on', 'a recommendation']
    """
    lines = []
    for paragraph in text.split("\n") or [""]:
        line = ""
        for piece in _pieces(paragraph):
            if width((line + piece).strip(), size, bold) <= most:
                line += piece
                continue
            if line.strip():
                lines.append(line.strip())
            *full, line = _broken(piece, size, most, bold)
            lines += full
        lines.append(line.strip())
    return lines


def block(text, size, most, bold=False):
    """The lines of a text, and how wide and high they stand together (list of text, float, float)."""
    lines = wrap(text, size, most, bold)
    return lines, max(width(line, size, bold) for line in lines), len(lines) * size * LINE


def _broken(word, size, most, bold):
    if width(word.strip(), size, bold) <= most:
        return [word]
    parts = [""]
    for letter in _clusters(word):
        if parts[-1] and width(parts[-1] + letter, size, bold) > most:
            parts.append("")
        parts[-1] += letter
    return parts


def _pieces(text):
    """The text cut where a line may end; every piece keeps the space behind it."""
    pieces = [""]
    for letter in _clusters(text):
        if letter.isspace():
            pieces[-1] += " "
            continue
        ended = pieces[-1].endswith((" ", "\u200b")) or (pieces[-1].endswith(("-", "/", "–", "—")) and letter.isalpha() and len(pieces[-1]) > 2)
        if pieces[-1] and (ended or ((_breaks(letter) or _breaks(pieces[-1][-1])) and letter[0] not in _CLOSING)):
            pieces.append("")
        pieces[-1] += letter
    return [piece for piece in pieces if piece]


def _breaks(letter):
    """Whether a line may end beside this character: scripts that are written without spaces."""
    if letter < "\u0e00":
        return False
    return unicodedata.east_asian_width(letter[0]) in "WF" or "\u0e00" <= letter[0] <= "\u0eff" or "\u1000" <= letter[0] <= "\u109f" or "\u1780" <= letter[0] <= "\u17ff"


def _clusters(text):
    """Letters with the marks that sit on them, so that no line begins with a mark."""
    found = []
    for letter in text:
        joined = found and (unicodedata.category(letter) in ("Mn", "Me", "Mc") or letter in "\u200d\ufe0f" or found[-1].endswith("\u200d"))
        if joined:
            found[-1] += letter
        else:
            found.append(letter)
    return found


@cache
def _font(path, number=0):
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), number))


def _main(bold):
    return _font(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))


def _runs(text, bold):
    main = _main(bold)
    if text.isascii():
        return [(text, main)]
    runs = []
    for letter in text:
        font = main if main.get_nominal_glyph(ord(letter)) is not None else _fallback(letter)
        if unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf") and runs:
            font = runs[-1][1]
        if runs and runs[-1][1] is font:
            runs[-1] = (runs[-1][0] + letter, font)
        else:
            runs.append((letter, font))
    return runs


def _advance(text, font):
    if font is None:  # no font of this machine has it: room for the widest
        return sum(0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1.0 for letter in text)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return sum(position.x_advance for position in buffer.glyph_positions) / font.face.upem


@cache
def _fallback(letter):
    """The first font of this machine that has the letter, or None."""
    for path in _machine_fonts():
        try:
            font = _font(path)
        except Exception:  # a broken font file is not worth a picture
            continue
        if font.get_nominal_glyph(ord(letter)) is not None:
            return font
    return None


@cache
def _machine_fonts():
    from matplotlib import font_manager

    return tuple(sorted(font_manager.findSystemFonts()))
