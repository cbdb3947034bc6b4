"""What a page says of a team's own spreadsheet: what was understood, left out, hidden and found."""

import hashlib
from datetime import UTC, date, datetime
from html import escape

from see_the_system.messages import counted, day_in_words, listed
from see_the_system.own_tables.outcomes import is_counted, is_of_groups, of_role
from see_the_system.own_tables.words_of_columns import NUMBERS, ROLES

_UNREAD = 3  # cells that are named of those that do not fit
_EXAMPLES = 4
_SHORT_CELL = 8  # letters
_TOLD = 3  # rows at least that have a kind which is named
_MOST_LETTERS = 2_000  # of a sentence of evidence


def kind_words(columns):
    """What a table is taken for, as a sentence begins (text)."""
    if is_counted(columns) or is_of_groups(columns):
        return "Read as counts that someone has made: a row is a group of students."
    kinds = [
        ("answer", "Read as a survey: a row is a student's answers."),
        ("mark", "Read as report cards: a row is a student."),
        ("days_absent", "Read as attendance: a row is a student."),
        ("course", "Read as placements: a row is a student."),
        ("level", "Read as results of a test: a row is a student."),
        ("percent", "Read as results of a test: a row is a student."),
        ("score", "Read as results of a test: a row is a student."),
    ]
    for role, words in kinds:
        if of_role(columns, role):
            return words
    return "A row is taken for a student."


def unread(columns):
    """The cells that do not fit what their column is, a sentence a column (list)."""
    told = [column.note for column in columns if column.note]
    for column in columns:
        if not column.unread:
            continue
        first = list(column.unread.items())[:_UNREAD]
        cells = listed(_cell_words(row, cell) for row, cell in first)
        more = len(column.unread) - len(first)
        others = f", and {counted(more, 'other')}" if more else ""
        told.append(
            f"{column.name}: {cells}{others} cannot be read as {ROLES[column.role]}, and "
            f"{'is' if len(column.unread) == 1 else 'are'} read as empty."
        )
    return told


def _cell_words(row, cell):
    """A cell that does not fit, quoted where it is a short word: others may tell of people."""
    text = str(cell)
    is_short = len(text) <= _SHORT_CELL and " " not in text
    return f'"{text}" in row {row}' if is_short else f"what stands in row {row}"


def nothing_to_count(table, columns):
    """Why nothing can be counted in a table, and what to do (text)."""
    if is_counted(columns):
        return (
            f"{table.name} says how many students there are, and not how many of them are counted. "
            "Choose the column that does, and say that it is how many are counted."
        )
    if is_of_groups(columns) and of_role(columns, "count", "percent", "score", "yes_no", "level"):
        return (
            f"{table.name} has no column with the number of students. Without it nobody can tell "
            "whether a result would show a child: add how many students each row is of."
        )
    return (
        f"{table.name} has no column in which something could be counted: a course, a level, a "
        "score, an answer, days absent, or yes and no was expected. Choose a column and say what "
        "it is, or choose another file."
    )


def examples(column, *, counted_already):
    """What stands in a column, without telling of anyone (text).

    Of numbers nothing: the least and the most are of one student each, or of a group that is
    hidden. Of kinds those of several rows, for others may be remarks; all, of a table of counts.
    """
    there = column.values.notna().sum()
    if column.role in ("left_out", "personal"):
        return ""
    if column.ways:
        return "how its dates are written has to be said above"
    if column.role == "student":
        return ""
    if not there:
        return "nothing that could be read"
    kinds = column.kinds
    if column.role == "date":
        return f"{kinds[0]:%B %Y} to {kinds[-1]:%B %Y}"
    if column.role == "yes_no":
        return "yes and no" if len(kinds) > 1 else "one of both alone"
    if column.role in (*NUMBERS, "answer"):
        return "numbers"
    many = column.values.value_counts()
    kinds = [kind for kind in kinds if counted_already or many[kind] >= _TOLD]
    if not kinds:
        return "different in each row"
    more = len(kinds) - _EXAMPLES
    names = listed([str(kind) for kind in kinds]) if more < 2 else ""
    return names or f"{', '.join(map(str, kinds[:_EXAMPLES]))} and {more} more"


def source_words(table):
    """Where it comes from, as evidence says it (text)."""
    return f"From {table.name}, read on {day_in_words(date.today())}:"


def evidence(table, sentence, number, shown):
    """What can be put on a cause (dict): a source, and an answer of the data.

    number: a row with percent, low and high, None where the sentence has no one number. shown: all
    that is shown, as text, from which the fingerprint is made.
    """
    if len(sentence) > _MOST_LETTERS:
        sentence = sentence[: _MOST_LETTERS - 1].rsplit(" ", 1)[0] + "…"
    known = number is not None
    return {
        "source": table.name[:200],
        "sentence": sentence,
        "value": float(number["percent"]) if known else None,
        "low": float(number["low"]) if known else None,
        "high": float(number["high"]) if known else None,
        "unit": "percent" if known else "",
        "fingerprint": hashlib.sha256(shown.encode()).hexdigest()[:16],
        "at": datetime.now(UTC),
    }


def points(heading, sentences):
    """Sentences under a heading (HTML text), "" for none."""
    if not sentences:
        return ""
    each = "".join(f"<li>{escape(sentence)}</li>" for sentence in dict.fromkeys(sentences))
    return f"<h3>{escape(heading)}</h3><ul>{each}</ul>"
