"""The results of a team's own spreadsheet: by group as they are now, and as a run chart.

Each is a section of a page, the sentence that stands as evidence, and the row it is of.
"""

import pandas as pd

from see_the_system import display
from see_the_system.charts.chart_words import describe_run_chart
from see_the_system.charts.run_charts import run_chart
from see_the_system.gaps.result_words import ends_words, first_few, not_shown, spoken
from see_the_system.messages import Refusal, counted, whole_percent
from see_the_system.own_tables.import_words import source_words
from see_the_system.privacy.protect import SUPPRESSED
from see_the_system.reports.group_charts import all_groups
from see_the_system.reports.sections import Section


def now(table, found):
    """What was counted, by group, at the last time (Section, text, and the row of all or None)."""
    latest = found.latest()
    sentence = sentence_of(table, found, latest)
    picture = ""
    if latest["percent"].notna().any():
        title = f"Percent: {found.says}"
        picture = all_groups(drawn(latest), title, name=title, words=sentence)
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
    names = many.index[many > 1].tolist()
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
    return section, f"{source_words(table)} {words}", rows.iloc[-1]


def _not_shown(gone):
    """The times that are not shown (tuple of a sentence, or none)."""
    return (f"Not shown, for too few students or none: {first_few(gone)}.",) if gone else ()


def drawn(latest):
    """The rows as ``group_charts.all_groups`` draws them (DataFrame)."""
    numbers_ = latest[["label", "n", "percent", "low", "high"]].copy()
    numbers_[["n", "percent"]] = numbers_[["n", "percent"]].astype("float64")
    role = latest["is_whole"].map({True: "district", False: "group"})
    return numbers_.assign(role=role, kind="With 95% intervals").reset_index(drop=True)


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
            "Hidden": [_why(reason) for reason in rows["hidden"]],
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
        parts.append(f"of {found.whole}, nothing can be shown of all together.")
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
    return [words, "Hidden here means hidden in this table: other choices beside it may tell more."]
