"""A finding as it is shown: heading, picture, words, and the numbers behind the picture.

The words always stand in print too. Under ``Section`` stand the tables and the words that sections
share.
"""

from dataclasses import dataclass
from html import escape

import pandas as pd

from see_the_system.gaps.paired import SIDES
from see_the_system.gaps.result_words import ends_words, spoken, verdict_words
from see_the_system.gaps.schools import students_of
from see_the_system.gaps.trends import NOT_FOR_TREND
from see_the_system.messages import listed, whole_percent

LEVELS = {
    "n_not_met": "Not met",
    "n_nearly_met": "Nearly met",
    "n_met": "Met",
    "n_exceeded": "Exceeded",
}


@dataclass(frozen=True)
class Section:
    """One part of a report; an empty one shows nothing.

    Texts are plain text and are escaped; ``picture`` is markup made here; ``table`` a frame ready
    to read, folded under its ``caption`` unless it is ``unfolded``; ``after`` are the words that
    follow the ``points``; ``parts`` are sections inside this one, each with a heading of its own;
    ``how`` is folded: how it was worked out, and every number to the last digit.
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
    parts: tuple = ()
    how: tuple = ()
    unfolded: bool = False

    def _repr_mimebundle_(self, **_):
        data = {"text/html": self.html(), "text/plain": self.text()}
        return (data, {"see_the_system": {"headline": self.headline}}) if self.headline else data

    def html(self, level=2):
        """The section as HTML (text), its heading of this ``level``."""
        kind = self.kind or "look-for"
        points = "".join(_tag("li", text) for text in self.points)
        table = self._table()
        parts = [
            _tag(f"h{level}", self.heading) if self.heading else "",
            _tag("p", self.lead, f' class="{kind}"') if self.lead else "",
            f"<figure>{self.picture}</figure>" if self.picture else "",
            table if self.unfolded else "",
            *(_tag("p", text) for text in self.words if text),
            f"<ul>{points}</ul>" if points else "",
            *(_tag("p", text) for text in self.after if text),
            self._parts(level + 1),
            _folded(self.caption, table) if table and not self.unfolded else "",
            _folded("How this was worked out", "".join(_tag("p", text) for text in self.how)),
        ]
        return "\n".join(part for part in parts if part)

    def text(self):
        """The section in words alone (text), without what is folded."""
        points = [f"- {point}" for point in self.points]
        parts = [part.text() for part in self.parts]
        lines = [self.heading, self.lead, *self.words, *points, *self.after, *parts]
        return "\n".join(line for line in lines if line) or "(nothing to show)"

    def _table(self):
        if self.table is None or self.table.empty:
            return ""
        return html_table(self.table, self.caption)

    def _parts(self, level):
        each = [
            f'<div class="{part.kind or "part"}">{part.html(level)}</div>' for part in self.parts
        ]
        return f'<div class="parts">{"".join(each)}</div>' if each else ""


def _folded(summary, content):
    return f"<details>{_tag('summary', summary)}{content}</details>" if content else ""


def html_table(frame, caption):
    """A frame as an accessible HTML table (text).

    The first column heads the rows. A large district's table has a thousand numbers, so that words
    say that they stand to the left instead of numbers that they stand to the right, and rows and
    cells end where the next begins.
    """
    sides = ["" if _is_numeric(frame[name]) else ' class="words"' for name in frame]
    head = [
        _cell("th", name, f' scope="col"{side}') for name, side in zip(frame, sides, strict=True)
    ]
    columns = [_texts(frame[name]) for name in frame]
    rows = []
    for heading, *texts in zip(*columns, strict=True):
        cells = [
            _cell("td", text, side if text else "")
            for text, side in zip(texts, sides[1:], strict=True)
        ]
        rows += ["<tr>", _cell("th", heading), *cells]
    return (
        f'<table class="numbers">{_tag("caption", caption)}<thead><tr>{"".join(head)}'
        f"<tbody>{''.join(rows)}</table>"
    )


def _cell(name, text, attributes=""):
    return f"<{name}{attributes}>{escape(str(text))}"


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


def fit_for_trend(table):
    """The rows of a table by year without the years that can be compared with no other."""
    return table[~table["year"].isin(list(NOT_FOR_TREND))]


def level_shares(counts):
    """Percent of a group's students at each level, lowest first (list), of a row of counts."""
    return [100 * getattr(counts, column) / counts.n for column in LEVELS]


def level_words(counts):
    """The same as it is said, in whole percents that add up to 100 (list of text)."""
    shares = level_shares(counts)
    whole = [int(share) for share in shares]
    by_rest = sorted(range(len(shares)), key=lambda place: whole[place] - shares[place])
    for place in by_rest[: 100 - sum(whole)]:
        whole[place] += 1
    return [_level_percent(*pair) for pair in zip(whole, shares, strict=True)]


def _level_percent(number, share):
    if not number and share:
        return "under 1%"
    return "over 99%" if number == 100 > share else f"{number}%"


def students(name):
    """A group's students in words (text)."""
    return "students" if name == "All students" else students_of(name)


def grades_in_words(grades):
    """Grades in words, three or more that follow one another as a span (text).

    >>> grades_in_words(["4", "5", "6", "7"]), grades_in_words([4, 6, 7]), grades_in_words([8])
    ('grades 4 to 7', 'grades 4, 6 and 7', 'grade 8')
    """
    numbers = [int(grade) for grade in grades]
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"grades {numbers[0]} to {numbers[-1]}"
    if not numbers:
        return "no grade"
    return f"grade{'s' * (len(numbers) > 1)} {listed(numbers)}"


def fixed(values, digits=1):
    """Numbers with so many digits, nothing where there is none (list of text)."""
    return ["" if pd.isna(value) else spoken(value, digits) for value in values]


def between(table, low="low", high="high", digits=1):
    """Intervals as "low to high" (list of text)."""
    pairs = zip(fixed(table[low], digits), fixed(table[high], digits), strict=True)
    return [f"{lower} to {upper}" if lower else "" for lower, upper in pairs]


def overlap_words(least, widest):
    """Whether the intervals of two gaps overlap, in a sentence (text)."""
    if least["high"] >= widest["low"]:
        return "These intervals overlap, so the grades may not really differ."
    return (
        "These intervals do not overlap: the gap differs between these grades by more than chance."
    )


def change_words(row, change, which):
    """What became of a gap as it follows "it", with the change where it is clear (text).

    row: one of ``trends.trend``; change and which: its columns of the change and of the verdict.
    """
    words = verdict_words(row[which])
    if row[which] not in ("shrank", "grew"):
        return words
    low, high = sorted(abs(row[f"{change}_{end}"]) for end in ("low", "high"))
    return f"{words} by about {spoken(abs(row[change]), 1)} points ({ends_words(low, high, 1)})"


def percents_words(row, years):
    """Both groups' percents in years (dict: the suffix of the columns, the year), in a sentence."""
    each = (
        f"{row[side]} {listed(whole_percent(row[f'{side}_{when}']) for when in years)}"
        for side in SIDES
    )
    return f"Met the standard in {listed(years.values())}: {'; '.join(each)}."


def marked(values):
    """Years or grades as text, 2021 with the reason why it stands in no trend (list of text)."""
    return ["2021 (few tested)" if value == 2021 else str(value) for value in values]


def both_groups(table, focus, comparison):
    """Columns of both groups' results, by their names in print (dict)."""
    return {
        f"{focus}, students": table["n_focus"],
        "% met": fixed(table["percent_focus"]),
        f"{comparison}, students": table["n_comparison"],
        "% met ": fixed(table["percent_comparison"]),  # two columns of a frame need two names
    }


def gap_table(table, heading, by):
    """Both groups' results and their gap, a row for each ``by``, ready to read (DataFrame)."""
    return pd.DataFrame(
        {
            heading: marked(table[by]),
            **both_groups(table, table["focus"].iloc[0], table["comparison"].iloc[0]),
            "Gap, points": fixed(table["gap"]),
            "95% interval": between(table),
        }
    )


def rulers_table(points, in_sd):
    """The gap by year in points and in standard deviations, ready to read (DataFrame)."""
    in_sd = in_sd[["year", "v", "low", "high"]]
    table = points.merge(in_sd, on="year", suffixes=("", "_v"))
    return pd.DataFrame(
        {
            "Year": marked(table["year"]),
            "Gap, points": fixed(table["gap"]),
            "95% interval ": between(table),
            "Gap, SD": fixed(table["v"], 2),
            "95% interval": between(table, "low_v", "high_v", 2),
        }
    )


def class_table(classes):
    """Each class's gap on both rulers, newest first, ready to read (DataFrame)."""
    table = classes.sort_values(["year_to", "grade_to"], ascending=[False, True])
    starts, ends = (
        [f"grade {grade} in {year}" for grade, year in zip(*columns, strict=True)]
        for columns in (
            (table["grade_from"], table["year_from"]),
            (table["grade_to"], table["year_to"]),
        )
    )
    return pd.DataFrame(
        {
            "From": starts,
            "To": ends,
            "Gap, points": _then(table, "gap_from", "gap_to", 1),
            "Change": fixed(table["change"]),
            "95% interval": between(table),
            "Gap, SD": _then(table, "gap_from_v", "gap_to_v", 2),
            "Change ": fixed(table["change_v"], 2),
            "95% interval ": between(table, "low_v", "high_v", 2),
        }
    )


def _then(table, first, second, digits):
    pairs = zip(fixed(table[first], digits), fixed(table[second], digits), strict=True)
    return [f"{before}, then {after}" if before else "" for before, after in pairs]


def levels_table(levels):
    """Students at each level, a row a group, ready to read (DataFrame)."""
    names = {"group": "Group", "n": "Students with scores", **LEVELS}
    return levels[list(names)].rename(columns=names)


def percent_table(shown):
    """One group's percent by year, ready to read (DataFrame)."""
    return pd.DataFrame(
        {
            "Year": marked(shown["year"]),
            "Students with scores": shown["n"],
            "% met or exceeded": fixed(shown["percent"]),
            "95% interval": between(shown),
        }
    )
