"""The first page: what a board reads, alone on one letter page; a ``DistrictReport`` in.

It says what was found in one sentence and what that is beside: the county and the state, every
student group, the years since 2019, the standard itself, a number of students. And what to ask.
"""

from see_the_system.gaps import measures
from see_the_system.gaps.paired import SIDES
from see_the_system.gaps.result_words import redefined, spoken, verdict_words
from see_the_system.gaps.trends import REFERENCE
from see_the_system.messages import counted, listed
from see_the_system.pictures.lettering import COMPARISON, FOCUS
from see_the_system.pictures.svg_kit import NOTE, Axis, picture
from see_the_system.reports import all_groups, gap_sections, group_charts
from see_the_system.reports import sections as tables
from see_the_system.reports.all_groups import short
from see_the_system.reports.sections import Section, students

LITTLE = 230  # how wide the small picture is
DASHBOARD = (
    "Not the Dashboard's figure: that leaves out who was not enrolled all year, adds alternate "
    "assessments, and enters the lowest score for students not tested where fewer than 95% were."
)
ASK_STUDENTS = (
    "What do students and families say helped them in mathematics here, and what stood in the way?"
)
ASK_TEACHERS = (
    "What do the teachers who see these numbers want to know next, and who can show it to them?"
)


def first_page(report):
    """The page that is forwarded (Section)."""
    gap = report.gap_now
    sentence = gap_sections.headline_sentence(report.name, gap)
    asked = Section(heading="What to ask next", points=tuple(questions(report)), kind="ask")
    parts = (
        beside(report),
        every_group(report),
        since_2019(report),
        from_standard(report),
        how_many(gap),
        asked,
    )
    return Section(
        heading=f"{report.latest} on one page",
        lead=sentence,
        kind="headline",
        headline=sentence,
        words=(report.not_the_newest(),),
        parts=tuple(part for part in parts if part.heading),
    )


def beside(report):
    """The district beside its county and the state, where the data have them."""
    table = all_groups.places_table(report)
    if table.empty:
        return Section()
    where = "county and the state" if len(table) > 2 else "county"
    return Section(
        heading=f"Beside the {where}: met the standard, all tested grades",
        table=table,
        caption="Met or exceeded the standard, all tested grades together",
        unfolded=True,
    )


def every_group(report):
    """Every student group of the district at once, in a picture."""
    groups = report.groups_to_draw
    own = groups[~groups["role"].isin(["county", "state"])]
    if own["percent"].isna().all():
        return Section()
    words = all_groups.groups_in_words(groups)
    drawn = groups[groups["percent"].notna() | groups["role"].isin(SIDES)]
    hidden = groups.loc[groups["percent"].isna(), "label"]
    why = f"({report.min_n - 1} or fewer students, or what would give such a result away)"
    return Section(
        heading="Every student group, all tested grades",
        picture=group_charts.all_groups(drawn, name="Every student group", words=words),
        words=(f"Hidden: {listed(hidden)} {why}." if len(hidden) else "",),
        kind="groups",
    )


def since_2019(report):
    """What may be said of the gap's course, in a sentence and a small picture."""
    row = report.course.iloc[0]
    if row["n_years"] < 2:
        only = f"Both groups are shown in {row['first_year']} alone: there is no trend to tell yet."
        return Section(heading="Over the years", words=(only,), kind="card")
    when, start, change, which = REFERENCE, "since", "since", "since_verdict"
    if not row["since_years"]:
        when, start, change, which = int(row["first_year"]), "first", "change", "verdict"
    words = f"The gap {tables.change_words(row, change, which)}"
    in_sd = report.course_in_sd
    other = in_sd.iloc[0][which] if len(in_sd) else ""
    if other not in ("", row[which], "too few years"):
        words += (
            f"; on all four levels of the test it {verdict_words(other)}. Say only what both show"
        )
    named = dict(row) | {side: short(code) for side, code in report.sides.items()}
    sentence = f"{words}. {tables.percents_words(named, {start: when, 'last': row['last_year']})}"
    sentence += redefined(row, when, row["last_year"])
    return Section(
        heading=f"Since {when}",
        picture=_little_course(report.usable, name="Percent meeting the standard", words=sentence),
        words=(sentence,),
        kind="card",
    )


@picture
def _little_course(canvas, years):
    """Both groups' percents by year as two small lines, broken where a year is left out."""
    canvas.wide = LITTLE
    first, last = years["year"].iloc[[0, -1]]
    along = Axis(first, last, 4, LITTLE - 4)
    highest = years[[f"percent_{side}" for side in SIDES]].to_numpy().max()
    up = Axis(0, max(highest, 1), 46, 5)
    for side, style, dash in zip(SIDES, (FOCUS, COMPARISON), (None, "5 2"), strict=True):
        for _, run in years.groupby((years["year"].diff() > 1).cumsum()):
            points = [*zip(map(along, run["year"]), map(up, run[f"percent_{side}"]), strict=True)]
            if len(points) > 1:
                canvas.line(points, style["color"], 2.5, dash)
            else:
                canvas.mark(*points[0], "o", style["color"], 3)
    canvas.line([(0, 48), (LITTLE, 48)])
    canvas.text(0, 49, str(first), stands="top", **NOTE)
    canvas.text(LITTLE, 49, str(last), stands="top", anchor="end", **NOTE)


def from_standard(report):
    """Points from the standard of both groups, and how that differs from the Dashboard's."""
    found = measures.distance_from_standard(report.gap_rows, ["group_id"]).set_index("group_id")[
        "dfs"
    ]
    found = found.reindex(list(report.sides.values()))
    if found.isna().any():
        return Section()
    each = (f"{short(code)} {_from(points)}" for code, points in found.items())
    words = f"On average on the test's scale: {listed(each)} the standard of their grade."
    return Section(heading="Points from standard", words=(words, DASHBOARD), kind="card")


def _from(points):
    """How far from the standard whole points are (text).

    >>> _from(-31.7), _from(1.2), _from(-0.3)
    ('32 points below', '1 point above', 'less than 1 point below')
    """
    whole = round(abs(points))
    far = counted(whole, "point") if whole else "less than 1 point"
    return f"{far} {'below' if points < 0 else 'above'}"


def how_many(gap):
    """How many more students the gap is, where it can be told from chance and is not turned."""
    if gap["low"] <= 0:
        return Section()
    number, low, high = (
        _about(gap["n_focus"] * gap[name] / 100) for name in ("gap", "low", "high")
    )
    words = (
        f"About {number:,} more {students(gap['focus'])} would have met the standard at "
        f"the rate of {students(gap['comparison'])} (95% interval {low:,} to {high:,})."
    )
    return Section(heading="In students", words=(words,), kind="card")


def _about(number):
    return int(round(number, -1)) if number >= 1_000 else round(number)


def questions(report):
    """Three questions to the system, as the data suggest them (list of text)."""
    found = [*_where_it_lies(report), *_where_it_opens(report), *_where_to_go(report)]
    return [*found, ASK_STUDENTS, ASK_TEACHERS][:3]


def _where_it_lies(report):
    split = report.split
    between, within = (spoken(part, 1) for part in (split.between, split.within))
    if max(split.between_interval[1], 0) < split.within_interval[0]:
        yield (
            f"Most of the gap lies within schools ({within} points; {between} between them). How "
            "is it decided there who gets which course and which help, and when?"
        )
    elif 0 < split.within_interval[1] < split.between_interval[0]:
        yield (
            f"Most of the gap lies between schools ({between} points; {within} within them). What "
            "do students find in one school here and not in another?"
        )


def _where_it_opens(report):
    table = report.gaps_by_grade
    if len(table) < 2 or table["low"].iloc[0] <= 0 or table["gap"].min() <= 0:
        return
    least, widest = (table.loc[table["gap"].agg(which)] for which in ("idxmin", "idxmax"))
    if least["high"] < widest["low"]:
        yield (
            f"The gap is {spoken(least['gap'], 0)} points in grade {least['grade']} and "
            f"{spoken(widest['gap'], 0)} in grade {widest['grade']}. What is different for "
            "students there?"
        )
    else:
        yield (
            f"The gap is there by grade {table['grade'].min()} already, and no grade clearly "
            "differs. What do students meet before it, and what would close it after?"
        )


def _where_to_go(report):
    schools = report.spots["school_name"].tolist()
    if schools:
        yield (
            f"{listed(schools[:3])} {'stands' if len(schools) == 1 else 'stand'} above what "
            "the mix of students predicts: what happens there after a student does not understand?"
        )
        return
    hidden = int(report.groups_to_draw["percent"].isna().sum())
    if hidden:
        groups = f"{hidden} groups" if hidden > 1 else "one group"
        yield (
            f"The results of {groups} cannot be shown here: who in the district knows how "
            "mathematics goes for these students?"
        )
