"""How wide text will be, with the letters of real fonts, and where it may be broken into lines."""

import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path

import uharfbuzz

# Verdana has the widths of DejaVu Sans, which Windows and macOS lack.
FAMILY = "'DejaVu Sans',Verdana,sans-serif"
# matplotlib ships the fonts; it is found and not loaded, because it takes longer than a diagram.
FONTS = Path(find_spec("matplotlib").origin).parent / "mpl-data" / "fonts" / "ttf"
LINE = 1.3
_CLOSING = set("!%),.:;?]}¢°’”›»…、。〉》」』】〕〗！），．：；？］｝")
_OPENING = set("([{‘“‹«〈《「『【〔〖（［｛เแโใไ")
_SPACELESS = (("\u0e00", "\u0eff"), ("\u1000", "\u109f"), ("\u1780", "\u17ff"))
_TYING = "\u00a0\u2007\u202f"
_JOINING = "\u200d\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_INSIDE = re.compile(r"[-/\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def width(text, size=12, bold=False):
    """How wide a text on one line will be drawn (float, same unit as ``size``), shaped by HarfBuzz
    as browsers shape it.

    >>> round(width("System", 12), 1), round(width("System", 12, bold=True), 1)
    (44.7, 50.0)
    """
    return size * _ems(text, bold)


def wrap(text, size, most, bold=False):
    """The lines of a text (list of text), none wider than ``most`` and nothing left out; its own
    line ends are kept.

    A word that is wider than ``most`` by itself is broken between letters; scripts without spaces
    are broken between characters.

    >>> wrap("Placement rests on a recommendation", 12, 120)
    ['Placement rests on', 'a recommendation']
    """
    lines = []
    for paragraph in text.split("\n"):
        line, long = "", 0.0
        for piece in _pieces(paragraph):
            word = piece.rstrip(" ")
            ems = _ems(word, bold)
            if (long + ems) * size > most - 1e-6:
                lines += [line.strip()] if line.strip() else []
                *full, line = _broken(piece, size, most, bold)
                lines, long = lines + full, 0.0
                ems = _ems(line.rstrip(" "), bold) if full else ems
            else:
                line += piece
            long += ems + (len(piece) - len(word)) * _ems(" ", bold)
        lines.append(line.strip())
    return lines


def from_right(text):
    """Whether a text runs from right to left, as its first letter with a direction says (bool).

    >>> from_right("What?"), from_right("2 \u05de\u05d4?")
    (False, True)
    """
    if text.isascii():
        return False
    return next(
        (kind != "L" for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")),
        False,
    )


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


@lru_cache(maxsize=20_000)
def _pieces(text):
    """The text cut where a line may end; every piece keeps one space behind it where there were
    some.
    """
    if text.isascii() and not _INSIDE.search(text):
        words = text.split()
        return [word + " " for word in words[:-1]] + words[-1:]
    pieces = [""]
    for letter in _clusters(text):
        before = pieces[-1]
        if letter.isspace() and letter not in _TYING:
            pieces[-1] += "" if before.endswith(" ") or not before else " "
            continue
        ended = before.endswith((" ", "\u200b")) or (
            before.endswith(("-", "/", "–", "—")) and letter.isalpha() and len(before) > 2
        )
        if before and (
            ended
            or (
                (_breaks(letter) or _breaks(before[-1]))
                and letter[0] not in _CLOSING
                and before[-1] not in _OPENING
            )
        ):
            pieces.append("")
        pieces[-1] += letter
    return [piece for piece in pieces if piece]


def _breaks(letter):
    """Whether a line may end beside this character: scripts that are written without spaces."""
    if letter < "\u0e00":
        return False
    return unicodedata.east_asian_width(letter[0]) in "WF" or any(
        low <= letter[0] <= high for low, high in _SPACELESS
    )


def _clusters(text):
    """Letters with the marks that sit on them, so that no line begins with a mark."""
    found = []
    for letter in text:
        kind = unicodedata.category(letter)
        if found and (
            kind in ("Mn", "Me", "Mc") or letter in _JOINING or found[-1].endswith("\u200d")
        ):
            found[-1] += letter
        elif kind != "Cc" or letter.isspace():
            found.append(letter)
    return found


@cache
def _font(path, number=0):
    return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)), number))


def _main(bold):
    return _font(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))


@lru_cache(maxsize=60_000)
def _ems(text, bold):
    return sum(_advance(run, font) for run, font in _runs(text, bold))


def _runs(text, bold):
    """The text cut where its font or its script changes, as browsers cut it (list of text and
    font).
    """
    main = _main(bold)
    if text.isascii():
        return [(text, main)]
    runs, script = [], ""
    for letter in text:
        font = main if main.get_nominal_glyph(ord(letter)) is not None else _fallback(letter)
        own = unicodedata.name(letter, "").split(" ")[0] if letter.isalpha() else script
        if unicodedata.category(letter) in ("Mn", "Me", "Mc", "Cf") and runs:
            font = runs[-1][1]
        if runs and runs[-1][1] is font and (own == script or not script):
            runs[-1] = (runs[-1][0] + letter, font)
        else:
            runs.append((letter, font))
        script = own
    return runs


def _advance(text, font):
    if font is None:  # no font of this machine has it: room for the widest
        return sum(
            0 if unicodedata.category(letter) in ("Mn", "Me", "Cf") else 1.0 for letter in text
        )
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return sum(position.x_advance for position in buffer.glyph_positions or ()) / font.face.upem


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
