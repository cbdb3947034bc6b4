"""A finding as it is shown: heading, picture, words, and the numbers behind the picture. The words
always stand in print too.
"""

from dataclasses import dataclass
from html import escape

import pandas as pd

from see_the_system.pictures.figures import svg


@dataclass(frozen=True)
class Section:
    """One part of a report. Texts are plain text and are escaped; ``picture`` is SVG made here;
    ``table`` a frame ready to read.
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
        parts = [f"<h2>{escape(self.heading)}</h2>" if self.heading else ""]
        parts += [
            f'<p class="{self.kind or "look-for"}">{escape(self.lead)}</p>' if self.lead else ""
        ]
        parts += [f"<figure>{self.picture}</figure>" if self.picture else ""]
        parts += [f"<p>{escape(text)}</p>" for text in self.words if text]
        parts += [
            "<ul>" + "".join(f"<li>{escape(text)}</li>" for text in self.points) + "</ul>"
            if self.points
            else ""
        ]
        parts += [f"<p>{escape(text)}</p>" for text in self.after if text]
        if self.table is not None and len(self.table):
            parts += [
                f"<details><summary>{escape(self.caption)}</summary>{html_table(self.table, self.caption)}</details>"
            ]
        return "\n".join(filter(None, parts))

    def text(self):
        """The section in words alone (text)."""
        return (
            "\n".join(
                filter(
                    None,
                    [
                        self.heading,
                        self.lead,
                        *self.words,
                        *(f"- {point}" for point in self.points),
                        *self.after,
                    ],
                )
            )
            or "(nothing to show)"
        )


def html_table(frame, caption):
    """A frame as an accessible HTML table, first column as row headings; numbers stand to the right
    (text).
    """
    numeric = [
        pd.api.types.is_numeric_dtype(frame[c]) or frame[c].map(_looks_numeric).all() for c in frame
    ]
    head = "".join(
        f'<th scope="col"{_side(n)}>{escape(str(c))}</th>' for c, n in zip(frame.columns, numeric)
    )
    rows = []
    frame = frame.assign(
        **{
            c: [f"{v:,}" for v in frame[c]]
            for c in frame
            if pd.api.types.is_integer_dtype(frame[c]) and c not in ("Year", "Grade")
        }
    )
    for values in frame.itertuples(index=False):
        cells = [f'<th scope="row">{escape(str(values[0]))}</th>'] + [
            f"<td{_side(n)}>{escape(str(v))}</td>" for v, n in zip(values[1:], numeric[1:])
        ]
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def picture(axes, name, words):
    """The SVG of a chart, named and described (text)."""
    return svg(axes, name=name, words=words)


def _side(numeric):
    return ' class="number"' if numeric else ""


def _looks_numeric(value):
    return str(value)[:1] in "0123456789−-–+" or value in ("hidden", "")
