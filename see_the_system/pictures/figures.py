"""What every chart shares: a quiet style, colours with shapes, and a figure as SVG that reads,
prints and is read aloud.
"""

import html
import io
import re
import warnings
from functools import cache

import matplotlib
from matplotlib.figure import Figure

from see_the_system.pictures.lettering import INK, QUIET, RULE

# Verdana has the widths of DejaVu Sans, which Windows and macOS lack.
_FONTS = "font-family:'DejaVu Sans',Verdana,sans-serif"


@cache
def _style():
    """seaborn's quiet style and ours, as matplotlib settings (dict); seaborn is loaded here, when
    something is drawn, because it takes longer to load than a chart takes to draw.
    """
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


def new_axes(*, height=3.2, width=7.2, columns=1, ratios=None):
    """Empty axes in the house style: one, or a row of ``columns`` (Axes, or array of Axes), sizes
    in inches.
    """
    with matplotlib.rc_context(_style()):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure.subplots(1, columns, width_ratios=ratios)


def svg(axes, *, name, words):
    """The figure of the axes as inline SVG (text), titled by ``name`` and described by ``words``
    for whoever cannot see it.

    Coordinates are rounded to a hundredth of a point, so that the same numbers give the same bytes
    on every machine; what is written stays.
    """
    figure = axes.figure
    with matplotlib.rc_context(_style()), warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="Glyph"
        )  # the browser has the letters that this font lacks: text stays text
        out = io.StringIO()
        figure.savefig(
            out,
            format="svg",
            metadata={"Date": None, "Creator": None, "Format": None, "Type": None},
        )
    text = out.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", _rounded, text)
    text = re.sub(r"\n\s*", "\n", re.sub(r"<!--.*?-->", "", text)).replace("\n</g>", "</g>")
    text = re.sub(
        r"font: ([^;\"]*?)'DejaVu Sans'[^;\"]*", r"font: \1'DejaVu Sans',Verdana,sans-serif", text
    )
    key = re.sub(r"\W+", "-", name.casefold()).strip("-")
    text = re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{key}-", text)
    width, height = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', text).groups()
    start = text.index(">") + 1
    box = re.search(r'viewBox="[^"]*"', text[:start]).group()
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{box} width="{float(width) * 4 / 3:.0f}" '
        f'height="{float(height) * 4 / 3:.0f}" style="max-width:100%;height:auto;{_FONTS}" '
        f'role="img" aria-labelledby="{key}-name {key}-words">'
        f'<title id="{key}-name">{html.escape(name)}</title><desc '
        f'id="{key}-words">{html.escape(words)}</desc>'
    )
    return head + text[start:].strip()


def _rounded(tag):
    return re.sub(
        r"-?\d+\.\d{2,}",
        lambda number: f"{float(number.group()):.2f}".rstrip("0").rstrip("."),
        tag.group(),
    )
