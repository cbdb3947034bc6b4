"""What a page says and shows of a team's own spreadsheet: understood, left out, hidden, found."""

import hashlib
import math
from datetime import UTC, date, datetime
from html import escape

import pandas as pd

from see_the_system import display
from see_the_system.charts.chart_words import describe_run_chart
from see_the_system.charts.run_charts import run_chart
from see_the_system.gaps.result_words import ends_words, first_few, not_shown, spoken
from see_the_system.messages import Refusal, counted, day_in_words, listed, whole_percent
from see_the_system.own_tables.cells import number_in
from see_the_system.own_tables.groups_and_times import is_of_groups
from see_the_system.own_tables.outcomes import is_counted, of_role
from see_the_system.own_tables.words_of_columns import NUMBERS, ROLES
from see_the_system.privacy.protect import SUPPRESSED
from see_the_system.reports.group_charts import all_groups
from see_the_system.reports.sections import Section

_UNREAD = 3  # cells that are named of those that do not fit
_EXAMPLES = 4
_TOLD = 3  # rows at least that have a kind which is named
_MOST_LETTERS = 2_000  # of a sentence of evidence


def kind_words(columns):
    """What a table is read as (text)."""
    if is_counted(columns) or is_of_groups(columns):
        return "counts that someone has made: a row is a group of students"
    kinds = {
        "answer": "a survey: a row is a student's answers",
        "mark": "report cards: a row is a student",
        "days_absent": "attendance: a row is a student",
        "course": "placements: a row is a student",
        "level": "results of a test: a row is a student",
        "percent": "results of a test: a row is a student",
        "score": "results of a test: a row is a student",
    }
    found = [words for role, words in kinds.items() if of_role(columns, role)]
    return found[0] if found else "a table of students: a row is a student"


def unread(columns):
    """Which cells do not fit what their column is, a sentence a column (list).

    By their rows alone: what stands in them may be a name, a remark, or the number of a few.
    """
    told = [column.note for column in columns if column.note]
    for column in columns:
        if not column.unread:
            continue
        first = listed([f"row {row}" for row in list(column.unread)[:_UNREAD]])
        more = len(column.unread) - _UNREAD
        others = f" and {counted(more, 'other')}" if more > 0 else ""
        told.append(
            f"{column.name}: what stands in {first}{others} cannot be read as "
            f"{ROLES[column.role]}, and is read as empty."
        )
    return told


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
        return "what it means has to be said above"
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


def now(table, found):
    """What was counted, by group, at the last time (Section, text, and the row of all or None)."""
    latest = found.latest()
    sentence = sentence_of(table, found, latest)
    picture = ""
    if latest["percent"].notna().any():
        title = "Percent, with 95% intervals"
        picture = all_groups(drawn(latest, found.says), title, name=found.says, words=sentence)
    section = Section(
        picture=picture,
        words=(sentence,),
        points=tuple(hidden_words(found, latest)),
        table=numbers(latest),
        caption="The numbers",
    )
    whole = latest[latest["is_whole"] & latest["percent"].notna()]
    return section, sentence, whole.iloc[0] if len(whole) else None


def lines(found):
    """The groups that can be followed over time (list of text); ``Refusal`` for none."""
    many = found.table.groupby("label", sort=False)["percent"].count()
    whole = set(found.table.loc[found.table["is_whole"], "label"])
    names = sorted(many.index[many > 1], key=lambda label: label not in whole)
    if not names:
        raise Refusal(
            f"No group has two times with {found.min_students} students or more that may be "
            "shown. Choose longer times, such as each month, or look at it as it is now."
        )
    return names


def over_time(table, found, line):
    """A group over time as a run chart (Section, text, and the row of the last time)."""
    of_line = found.table[found.table["label"] == line].sort_values("at")
    rows = of_line[of_line["percent"].notna()]
    chart = run_chart(
        rows[["at", "count", "n"]].astype({"count": "int64", "n": "int64"}),
        measure=found.says,
        group=line if found.whole == "students" else f"{line}, {found.whole}",
    )
    words = describe_run_chart(chart)
    gone = [found.periods[at] for at in of_line["at"][of_line["percent"].isna()]]
    section = Section(
        picture=display.picture(chart),
        words=(words,),
        points=_not_shown(gone),
        table=numbers(rows.assign(label=rows["at"].map(found.periods))),
        caption="The numbers",
    )
    last = rows.iloc[-1]
    share = f"{whole_percent(last['percent'])} of {last['n']:,}"
    ends = ends_words(last["low"], last["high"], 0)
    newest = f"The last point, {found.periods[last['at']]}: {share} (95% interval {ends})."
    return section, f"{source_words(table)} {words} {newest}", last


def _not_shown(gone):
    """The times that are not shown (tuple of a sentence, or none)."""
    return (f"Not shown, for too few students or none: {first_few(gone)}.",) if gone else ()


def drawn(latest, says):
    """The rows as ``group_charts.all_groups`` draws them, under what was counted (DataFrame)."""
    numbers_ = latest[["label", "n", "percent", "low", "high"]].copy()
    numbers_[["n", "percent"]] = numbers_[["n", "percent"]].astype("float64")
    role = latest["is_whole"].map({True: "district", False: "group"})
    return numbers_.assign(role=role, kind=says).reset_index(drop=True)


def numbers(rows):
    """The rows as they are read (DataFrame)."""
    known = rows["percent"].notna()
    return pd.DataFrame(
        {
            "Who": rows["label"],
            "Percent": [spoken(value, 1) if there else "" for value, there in
                        zip(rows["percent"], known, strict=True)],
            "95% interval": [ends_words(low, high, 1) if there else "" for low, high, there in
                             zip(rows["low"], rows["high"], known, strict=True)],
            "Counted": [f"{value:,}" if there else "" for value, there in
                        zip(rows["count"], known, strict=True)],
            "Students": [f"{value:,}" if there else "" for value, there in
                         zip(rows["n"], known, strict=True)],
            **({"Hidden": list(map(_why, rows["hidden"]))} if (rows["hidden"] != "").any() else {}),
        }
    )  # fmt: skip


def _why(reason):
    if not reason:
        return ""
    return "too few students" if reason == SUPPRESSED else "to protect another"


def sentence_of(table, found, latest):
    """What was found, all together and by group (text)."""
    shown = latest[latest["percent"].notna()]
    whole = shown[shown["is_whole"]]
    parts = [source_words(table)]
    if found.periods:
        last = next(reversed(found.periods.values()))
        parts.append(f"in the last of {counted(len(found.periods), 'time')} ({last}),")
    parts.append(f"{found.says}:")
    parts += [
        f"{_share(row)} {found.whole} (95% interval {_interval(row)})."
        for row in whole.itertuples()
    ]
    if whole.empty:
        parts.append(f"nothing can be shown of all {found.whole} together.")
    groups = [
        f"{row.label} {_share(row)} ({_interval(row)})"
        for row in shown[~shown["is_whole"]].itertuples()
    ]
    if groups:
        parts.append(f"By {found.by}: {'; '.join(groups)}.")
    return " ".join(parts)


def _share(row):
    return f"{whole_percent(row.percent)} of {row.n:,}"


def _interval(row):
    return ends_words(row.low, row.high, 0)


def hidden_words(found, latest):
    """What is hidden, by why (list of a sentence)."""
    few = f"fewer than {found.min_students} students"
    reasons = {}
    for row in latest[latest["hidden"] != ""].itertuples():
        why = few if row.hidden == SUPPRESSED else "the numbers would give others away"
        reasons.setdefault(why, []).append(row.label)
    nobody = latest.loc[(latest["hidden"] == "") & latest["percent"].isna(), "label"].tolist()
    if nobody:
        reasons["nobody is counted there"] = nobody
    words = not_shown("Nothing", reasons)
    if not words:
        return []
    hint = "Hidden here means hidden in this table: other choices beside it may tell more."
    whole = latest.loc[latest["is_whole"], "hidden"]
    more = "Choose all together under Side by side to see all of them."
    more = more if found.by and any(whole) else ""
    return list(filter(None, [words, hint, more]))


def number_written(written):
    """A number that a person wrote (float), NaN for nothing; ``Refusal`` for words."""
    if not written:
        return math.nan
    number = number_in(written)
    if number is None:
        raise Refusal(f'At least "{written}": a number was expected, such as 60.')
    return number
