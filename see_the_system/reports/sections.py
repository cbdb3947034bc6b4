"""A finding as it is shown: heading, picture, words, and the numbers behind the picture.

The words always stand in print too.
"""

from dataclasses import dataclass
from html import escape

import pandas as pd


@dataclass(frozen=True)
class Section:
    """One part of a report; an empty one shows nothing.

    Texts are plain text and are escaped; ``picture`` is SVG made here; ``table`` a frame ready to
    read, folded under its ``caption``; ``after`` are the words that follow the ``points``.
    """

    heading: str = ""
    lead: str = ""
    picture: str = ""
    words: tuple = ()
    points: tuple = ()
    table: pd.DataFrame | None = None
    caption: str = ""
    headline: str = ""
    kind: str = ""
    after: tuple = ()

    def _repr_mimebundle_(self, **_):
        data = {"text/html": self.html(), "text/plain": self.text()}
        return (data, {"see_the_system": {"headline": self.headline}}) if self.headline else data

    def html(self):
        """The section as HTML (text)."""
        kind = self.kind or "look-for"
        points = "".join(_tag("li", text) for text in self.points)
        parts = [
            _tag("h2", self.heading) if self.heading else "",
            _tag("p", self.lead, f' class="{kind}"') if self.lead else "",
            f"<figure>{self.picture}</figure>" if self.picture else "",
            *(_tag("p", text) for text in self.words if text),
            f"<ul>{points}</ul>" if points else "",
            *(_tag("p", text) for text in self.after if text),
            self._folded_table(),
        ]
        return "\n".join(part for part in parts if part)

    def text(self):
        """The section in words alone (text)."""
        points = [f"- {point}" for point in self.points]
        lines = [self.heading, self.lead, *self.words, *points, *self.after]
        return "\n".join(line for line in lines if line) or "(nothing to show)"

    def _folded_table(self):
        if self.table is None or self.table.empty:
            return ""
        summary = _tag("summary", self.caption)
        return f"<details>{summary}{html_table(self.table, self.caption)}</details>"


def html_table(frame, caption):
    """A frame as an accessible HTML table (text).

    The first column heads the rows; numbers stand to the right.
    """
    sides = [' class="number"' if _is_numeric(frame[name]) else "" for name in frame]
    head = [
        _tag("th", name, f' scope="col"{side}') for name, side in zip(frame, sides, strict=True)
    ]
    columns = [_texts(frame[name]) for name in frame]
    rows = []
    for heading, *texts in zip(*columns, strict=True):
        cells = [_tag("td", text, side) for text, side in zip(texts, sides[1:], strict=True)]
        rows += ["<tr>", _tag("th", heading, ' scope="row"'), *cells, "</tr>"]
    return (
        f"<table>{_tag('caption', caption)}<thead><tr>{''.join(head)}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _tag(name, text, attributes=""):
    return f"<{name}{attributes}>{escape(str(text))}</{name}>"


def _texts(column):
    """A column's cells, thousands set off except in years and grades (list)."""
    if pd.api.types.is_integer_dtype(column) and column.name not in ("Year", "Grade"):
        return [f"{value:,}" for value in column]
    return list(column)


def _is_numeric(column):
    return pd.api.types.is_numeric_dtype(column) or column.map(_looks_numeric).all()


def _looks_numeric(value):
    return str(value)[:1] in "0123456789−-–+" or value in ("hidden", "")
