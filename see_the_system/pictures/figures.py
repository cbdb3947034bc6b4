"""What every chart shares: a quiet style, and a figure as SVG that reads, prints, is read out."""

import html
import io
import re
import warnings
from functools import cache

import matplotlib
from matplotlib.figure import Figure

from see_the_system.pictures.lettering import FAMILY, INK, QUIET, RULE

_PIXELS = 4 / 3  # in a point
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))


@cache
def _style():
    """seaborn's quiet style and ours, as matplotlib settings (dict)."""
    # Loaded when something is drawn, because it takes longer to load than a chart takes to draw.
    import seaborn as sns

    return {
        **sns.axes_style("ticks"),
        "font.family": "DejaVu Sans",
        "font.size": 11,
        "axes.edgecolor": RULE,
        "axes.labelcolor": QUIET,
        "text.color": INK,
        "xtick.color": QUIET,
        "ytick.color": QUIET,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "svg.fonttype": "none",
        "svg.hashsalt": "see-the-system",
        "figure.facecolor": "white",
        "legend.frameon": False,
    }


def new_axes(*, height=3.2, columns=1):
    """Empty axes in the house style: one, or a row of ``columns`` (Axes, or array of Axes).

    height: in inches.
    """
    with matplotlib.rc_context(_style()):
        figure = Figure(figsize=(7.2, height), layout="constrained")
        return figure.subplots(1, columns)


def svg(axes, *, name, words):
    """The figure of the axes as inline SVG (text).

    Titled by ``name`` and described by ``words`` for whoever cannot see it. Coordinates are rounded
    to a hundredth of a point, so that the same numbers give the same bytes on every machine; what
    is written stays.
    """
    text = _drawn(axes.figure)
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", _rounded, text)
    text = re.sub(r"\n\s*", "\n", text).replace("\n</g>", "</g>")
    text = re.sub(r"font: ([^;\"]*?)'DejaVu Sans'[^;\"]*", rf"font: \1{FAMILY}", text)
    # Several pictures stand on one page: what each refers to has its name before it.
    prefix = re.sub(r"\W+", "-", name.casefold()).strip("-")
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{prefix}-", text)
    opening, inside = text.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', opening).group()
    width, height = (
        float(re.search(rf'{side}="([\d.]+)pt"', opening).group(1)) * _PIXELS
        for side in ("width", "height")
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{box} width="{width:.0f}" height="{height:.0f}" '
        f'style="max-width:100%;height:auto;font-family:{FAMILY}" '
        f'role="img" aria-labelledby="{prefix}-name {prefix}-words">'
        f'<title id="{prefix}-name">{html.escape(name)}</title>'
        f'<desc id="{prefix}-words">{html.escape(words)}</desc>{inside.strip()}'
    )


def _drawn(figure):
    """A figure as matplotlib's SVG, from its first element on (text)."""
    out = io.StringIO()
    with matplotlib.rc_context(_style()), warnings.catch_warnings():
        # The browser has the letters that this font lacks: text stays text.
        warnings.filterwarnings("ignore", message="Glyph")
        figure.savefig(out, format="svg", metadata=_NO_METADATA)
    text = out.getvalue()
    return text[text.index("<svg") :]


def _rounded(tag):
    return re.sub(r"-?\d+\.\d{2,}", _two_places, tag.group())


def _two_places(number):
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")
