"""How the findings of this room are put into words: cells, numbers, grades, what is not shown.

A row of a result begins with the columns of its cell (``by``): year, grade, school and the like.
"""

import pandas as pd

from see_the_system.messages import listed, with_minus

NOT_FOR_TREND = {2020: "there was no test", 2021: "few students were tested"}
# the unit of each measure of a gap, and its digits after the point
UNITS = {
    "gap": ("percentage points", 1),
    "v": ("standard deviations", 2),
    "dfs": ("scale-score points", 1),
}
# before the first of these years and after the second another rule says who is disadvantaged
REDEFINED = (2022, 2023)


def each_row(result):
    """The rows of a result as dicts: of a frame, of one row of it, or of a dict."""
    return result.to_dict("records") if isinstance(result, pd.DataFrame) else [dict(result)]


def latest_rows(result, year="year"):
    """The rows of the latest year of a result as dicts; all rows where there is no year."""
    rows = each_row(result)
    newest = max((row[year] for row in rows if year in row), default=None)
    return [row for row in rows if newest is None or row[year] == newest]


def note(result, name):
    """One of the notes that a result carries in its ``attrs`` (text, "" where it has none)."""
    return getattr(result, "attrs", {}).get(name, "")


def paragraph(sentences, result, otherwise):
    """The sentences and what the result leaves out, or ``otherwise`` where there is neither."""
    every = [*sentences, note(result, "left_out")]
    return " ".join(sentence for sentence in every if sentence) or otherwise


def not_shown(what, reasons):
    """A sentence for each reason why cells have no result (text).

    reasons: from why to the names of the cells, of which "" stands for the only one.
    """
    sentences = []
    for why, cells in reasons.items():
        names = first_few(cells)
        where = f" for {names}" if names else ""
        sentences.append(f"{what} is shown{where}: {why}.")
    return " ".join(sentences)


def first_few(names, most=6):
    """Names joined by "; ": the first ``most``, and how many more there are (text)."""
    names = [name for name in names if name]
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def with_commas(things):
    """Things with commas between, without an "and" (text)."""
    return ", ".join(map(str, things))


def cell_columns(row, before):
    """The columns that name a row's cell: all that stand before the column ``before`` (list)."""
    columns = list(row)
    return columns[: columns.index(before)] if before in columns else []


def cell_name(row, columns):
    """A cell in words: "2024, grade 8"."""
    return ", ".join(cell_label(column, row[column]) for column in columns)


def cell_words(row, sentence, before="n"):
    """A sentence led by the cell it is about ("In 2024, grade 8, ..."), see ``cell_columns``."""
    columns = cell_columns(row, before)
    if not columns:
        return capital(sentence)
    name = cell_name(row, columns)
    lead = f"In {name}" if columns[0] == "year" else capital(name)
    return f"{lead}, {sentence}"


def led_by_place(row, after, alone):
    """The cell a row is about, followed by ``after``; ``alone`` where it has no cell of its own."""
    place = cell_name(row, cell_columns(row, "focus"))
    return capital(place) + after if place else alone


def cell_label(column, value):
    """One coordinate in words: year and names as they are, others with the column's name.

    >>> cell_label("year", 2024), cell_label("grade", 8), cell_label("school_code", "0112607")
    ('2024', 'grade 8', 'school code 0112607')
    """
    if column in ("year", "group") or column.endswith("_name"):
        return str(value)
    return f"{column.replace('_', ' ')} {value}"


def capital(text):
    """The text with its first letter a capital; the others stay as they are."""
    return text[:1].upper() + text[1:]


def spoken(number, digits, sign=""):
    """A number rounded for speech; ``sign`` "+" shows the sign of a change. Never "−0.0".

    >>> spoken(-0.04, 1), spoken(-22.84, 1), spoken(0.7034, 2, "+")
    ('0.0', '−22.8', '+0.70')
    """
    rounded = round(float(number), digits) + 0.0  # adding 0.0 turns -0.0 into 0.0
    return with_minus(f"{rounded:{sign}.{digits}f}")


def interval_words(low, high, digits, sign=""):
    """A 95 % interval in words (text)."""
    return f"95% interval {ends_words(low, high, digits, sign)}"


def ends_words(low, high, digits, sign=""):
    """The ends of an interval (text), each as ``never_as_zero`` has it."""
    return " to ".join(never_as_zero(end, digits, sign) for end in (low, high))


def never_as_zero(number, digits, sign=""):
    """A number as ``spoken``, up to two digits finer where it would read 0 and is not (text)."""
    for finer in (digits, digits + 1, digits + 2):
        if round(float(number), finer):
            return spoken(number, finer, sign)
    return spoken(number, digits, sign)


def years_left_out(years, usable, in_data):
    """Years between the first and the last shown that are not used, by why (text)."""
    shown = set(years["year"].astype(int))
    unused = set(range(min(shown), max(shown) + 1)) - set(usable["year"].astype(int))
    untold = unused & (shown | set(NOT_FOR_TREND)) | unused - set(in_data)
    what = "gap" if "gap" in years else "gap in standard deviations"
    return _reasons(sorted(untold), in_data, f"no {what} can be given")


def no_usable_year(gaps):
    """Why no year of a gap can stand in a trend (text, "" where there are no years)."""
    if not len(gaps):
        return ""
    years = sorted({int(year) for year in gaps["year"]})
    reasons = _reasons(years, years, "no gap can be given")
    return f"No year can be used to follow this gap ({reasons})."


def _reasons(years, in_data, why_none):
    """Years by the reason why they stand in no trend, the first reason of each (text)."""
    reasons = {}
    for year in years:
        why = why_none if year in in_data else "not in these data"
        reasons.setdefault(NOT_FOR_TREND.get(year, why), []).append(year)
    return "; ".join(f"{listed(years)}: {why}" for why, years in reasons.items())


def describe_both_rulers(points, in_sd):
    """Whether the courses of one gap in points and in standard deviations agree (text).

    points, in_sd: what ``trends.trend`` gives for it; "" where one of them tells no course.
    """
    if not (len(points) and len(in_sd)):
        return ""
    points, in_sd = points.iloc[0], in_sd.iloc[0]
    if min(points["n_years"], in_sd["n_years"]) < 2:
        return ""
    told = [("over all usable years", points["verdict"], in_sd["verdict"])]
    if points["since_years"] and in_sd["since_years"]:
        told.append(("since 2019", points["since_verdict"], in_sd["since_verdict"]))
    differ = [
        f"{since} it {verdict_words(one)} in points and {verdict_words(other)} in standard "
        "deviations"
        for since, one, other in told
        if one != other
    ]
    if not differ:
        return "In points and in standard deviations the gap tells the same story."
    return (
        f"The two rulers differ: {'; '.join(differ)}. Points count the students on either side of "
        "one bar, so that they also move when both groups move past it; standard deviations use "
        "all four levels. Say of this gap only what both show."
    )


def verdict_words(verdict):
    """A verdict on a gap as it follows "it" (text)."""
    return f"shows {verdict}" if verdict == "no clear change" else verdict


def change_words(row, name, level, unit, digits):
    """A change of a trend with its interval of ``level`` percent (text)."""
    ends = ends_words(row[f"{name}_low"], row[f"{name}_high"], digits, "+")
    change = spoken(row[name], digits, "+")
    return f"{change} {unit} ({round(row[level], 1):g}% interval {ends})"


def swing_words(row):
    """That the years vary about the line by more than chance, where they do."""
    if not row["unsteady"]:
        return ""
    unit, digits = UNITS[row["measure"]]
    return (
        f" Its years also lie off that line by about {spoken(row['scatter'], digits)} {unit} more "
        "than chance among the students makes: the intervals do not count that, so that this was "
        "no steady course and says little of the next year."
    )


def in_grades(row):
    """The grades a row counts, with a space before them: " in grade 8", " in grades 6, 7, 8".

    "" where the row's own cell is a grade, or where no grade is known.
    """
    grades = "" if "grade" in row else row["grades"]
    if not grades:
        return ""
    plural = "s" if "," in grades else ""
    return f" in grade{plural} {grades}"


def standard(result):
    """The words "the standard", with the test's name where the result knows it."""
    test = note(result, "test")
    if not test:
        return "the standard"
    return f"the {test if test == 'ELA' else test.lower()} standard"


def redefined(row, first, last):
    """A warning where the state changed between two years who belongs to a group (text)."""
    before, since = REDEFINED
    groups = f"{row['focus']}{row['comparison']}".casefold()
    if first > before or last < since or "disadvantaged" not in groups:
        return ""
    return (
        " The state widened who counts as socioeconomically disadvantaged in 2022-23, which may "
        "move the gap by itself."
    )
