"""Writes a year's rows as the state does: four layouts, its quoting, its rounding and its rules for
what is hidden.

A 2015-2016, B 2017-2019: commas and quotes; a row with fewer than 11 scores is ``*`` from the
enrolment on. C 2021-2023, D 2024-2025: carets; ``*`` for counts of 1 to 3 and for the scores of
fewer than 11, nothing where nobody was tested, areas from 30 scores. 2015 and 2016 have whole
percentages. In 2015 the enrolment of a group is that of all students.
"""

from see_the_system.data import codes

VERSIONS = {
    2015: 3,
    2016: 3,
    2017: 2,
    2018: 3,
    2019: 4,
    2021: 2,
    2022: 1,
    2023: 1,
    2024: 1,
    2025: 1,
}
FEWEST_SCORES, FEWEST_COUNT, FEWEST_AREA_SCORES = 11, 4, 30
STARS = "*"
_PERCENT = (
    "Percentage Standard Exceeded",
    "Percentage Standard Met",
    "Percentage Standard Met and Above",
    "Percentage Standard Nearly Met",
    "Percentage Standard Not Met",
)
_WHERE = ("Above", "Near", "Below")


def era(year):
    """The layout of a year's file: A, B, C or D."""
    return "A" if year < 2017 else "B" if year < 2020 else "C" if year < 2024 else "D"


def header(year):
    """The column names of a year's data file, in order (list of text)."""
    kind = era(year)
    if kind == "D":
        return _header_d()
    near = "At or Near" if year == 2015 else "Near"
    areas = [
        f"Area {area} Percentage {near if where == 'Near' else where} Standard"
        for area in (1, 2, 3, 4)
        for where in _WHERE
    ]
    if kind == "C":
        return [
            "County Code",
            "District Code",
            "School Code",
            "Filler",
            "Test Year",
            "Student Group ID",
            "Test Type",
            "Total Tested at Reporting Level",
            "Total Tested with Scores at Reporting Level",
            "Grade",
            "Test ID",
            "Students Enrolled",
            "Students Tested",
            "Mean Scale Score",
            *_PERCENT,
            "Students with Scores",
            *areas,
            "Type ID",
        ]
    total = ["Total CAASPP Enrollment"] if kind == "A" else []
    second = "Total Tested at Subgroup Level" if year == 2015 else "Total Tested with Scores"
    return [
        "County Code",
        "District Code",
        "School Code",
        "Filler",
        "Test Year",
        "Subgroup ID",
        "Test Type",
        *total,
        "Total Tested At Entity Level",
        second,
        "Grade",
        "Test Id",
        "CAASPP Reported Enrollment",
        "Students Tested",
        "Mean Scale Score",
        *_PERCENT,
        "Students with Scores",
        *areas,
    ]


def _header_d():
    levels = [
        name
        for level in ("Exceeded", "Met", "Met and Above", "Nearly Met", "Not Met")
        for name in (f"Percentage Standard {level}", f"Count Standard {level}")
    ]
    areas = [
        name
        for area in ("Area 1", "Area 2", "Area 3", "Area 4", "Composite Area 1", "Composite Area 2")
        for name in (
            *(
                f"{area} {kind} {where} Standard"
                for where in _WHERE
                for kind in ("Percentage", "Count")
            ),
            f"{area} Total",
        )
    ]
    return [
        "County Code",
        "District Code",
        "District Name",
        "School Code",
        "School Name",
        "Type ID",
        "Filler",
        "Test Year",
        "Test Type",
        "Test ID",
        "Student Group ID",
        "Grade",
        "Total Students Enrolled",
        "Total Students Tested",
        "Total Students Tested with Scores",
        "Mean Scale Score",
        *levels,
        "Overall Total",
        *areas,
    ]


def entities_text(entities, year):
    """The entities file of a year (text, CRLF) from ``network.entities(year)``."""
    kind = era(year)
    names = {"A": "Type Id", "B": "Type Id", "C": "Type ID", "D": "Type ID"}
    head = [
        "County Code",
        "District Code",
        "School Code",
        "Filler",
        "Test Year",
        names[kind],
        "County Name",
        "District Name",
        "School Name",
        "Zip Code",
    ]
    order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] if kind != "D" else [0, 1, 2, 5, 3, 4, 6, 7, 8, 9]
    rows = [
        [
            e.county_code,
            e.district_code,
            e.school_code,
            "",
            str(year),
            str(e.type_id),
            e.county_name,
            e.district_name,
            e.school_name,
            e.zip_code or ("     " if kind in "AB" else ""),
        ]
        for e in entities.itertuples()
    ]
    plain = {3} if kind in "AB" else range(10)
    lines = [
        _line([cells[i] for i in order], kind, {order.index(i) for i in plain}) for cells in rows
    ]
    return "\r\n".join([_line([head[i] for i in order], kind, set()), *lines, ""])


def data_text(rows, year):
    """The data file of a year (text, CRLF) from ``state_counts.tally``: every row rounded and hidden as
    the state does.
    """
    kind, head = era(year), header(year)
    plain = {
        i for i, name in enumerate(head) if name in ("Filler", "Test Year", "Subgroup ID", "Grade")
    }
    whole = {
        key: part
        for key, part in rows[rows.group_id == codes.ALL_STUDENTS].groupby(
            ["district_code", "school_code"]
        )
    }
    whole = {key: part.set_index("grade") for key, part in whole.items()}
    everyone = {
        key: {int(grade): int(n) for grade, n in part.enrolled.items()}
        for key, part in whole.items()
    }
    totals = {
        key: tuple(int(v) for v in part.loc[codes.ALL_GRADES, ["enrolled", "tested", "scored"]])
        for key, part in whole.items()
    }
    groups = (
        rows[rows.grade == codes.ALL_GRADES]
        .set_index(["district_code", "school_code", "group_id"])
        .tested.to_dict()
    )
    write = {"A": _row_ab, "B": _row_ab, "C": _row_c, "D": _row_d}[kind]
    lines = [_line(head, kind, set())]
    for row in rows.to_dict("records"):
        key = row["district_code"], row["school_code"]
        around = {
            "all_enrolled": everyone[key][row["grade"]],
            "total": totals[key],
            "group_tested": groups[*key, row["group_id"]],
        }
        lines.append(_line(write(row, year, around), kind, plain))
    return "\r\n".join([*lines, ""])


def _line(values, kind, plain):
    if kind in "CD":
        return "^".join(values)
    return ",".join(value if i in plain else f'"{value}"' for i, value in enumerate(values))


def _percent(count, total, year):
    # Integer arithmetic, half up, so that no platform's rounding shows.
    if year < 2017:
        return str((200 * count + total) // (2 * total))
    hundredths = (20000 * count + total) // (2 * total)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def _mean(row):
    if row["grade"] == codes.ALL_GRADES:
        return ""
    tenths = (20 * row["score_sum"] + row["scored"]) // (2 * row["scored"])
    return f"{tenths // 10}.{tenths % 10}"


def _levels(row):
    return [
        row["exceeded"],
        row["met"],
        row["met"] + row["exceeded"],
        row["nearly_met"],
        row["not_met"],
    ]


def _areas(row):
    return [
        [row[f"area{area}_{where}"] for where in ("above", "near", "below")] for area in (1, 2, 3)
    ]


def _row_ab(row, year, around):
    enrolled, tested, scored = around["total"]
    second = around["group_tested"] if year == 2015 else scored
    total = [str(enrolled)] if year < 2017 else []
    first = [
        row["county_code"],
        row["district_code"],
        row["school_code"],
        "",
        str(year),
        str(row["group_id"]),
        "B",
        *total,
        str(tested),
        str(second),
        str(row["grade"]),
        "2",
    ]
    if row["scored"] < FEWEST_SCORES:
        mean = "" if row["grade"] == codes.ALL_GRADES else STARS
        return [*first, STARS, STARS, mean, *[STARS] * 18]
    reported = around["all_enrolled"] if year == 2015 else row["enrolled"]
    percents = [_percent(count, row["scored"], year) for count in _levels(row)]
    areas = [_percent(count, row["scored"], year) for area in _areas(row) for count in area]
    unused = ["0" if year < 2017 else "0.00"] * 3
    return [
        *first,
        str(reported),
        str(row["tested"]),
        _mean(row),
        *percents,
        str(row["scored"]),
        *areas,
        *unused,
    ]


def _counts(row):
    """Enrolled, tested and with scores as 2021 and later show them: 1 to 3 students are hidden, and
    with them what follows.
    """
    enrolled = STARS if 0 < row["enrolled"] < FEWEST_COUNT else str(row["enrolled"])
    tested = STARS if 0 < row["tested"] < FEWEST_COUNT else str(row["tested"])
    scored = STARS if 0 < row["scored"] < FEWEST_COUNT else str(row["scored"])
    return enrolled, tested, scored


def _hidden(row):
    """The mark in the score columns: nothing where nobody was tested, ``*`` below 11 scores, None
    where they are shown.
    """
    return "" if row["tested"] == 0 else STARS if row["scored"] < FEWEST_SCORES else None


def _row_c(row, year, around):
    enrolled, tested, scored = _counts(row)
    first = [
        row["county_code"],
        row["district_code"],
        row["school_code"],
        "",
        str(year),
        str(row["group_id"]),
        "B",
        str(around["total"][1]),
        str(around["total"][2]),
        str(row["grade"]),
        "2",
        enrolled,
        tested,
    ]
    mark = _hidden(row)
    if mark is not None:
        mean = "" if row["grade"] == codes.ALL_GRADES else mark
        return [*first, mean, *[mark] * 5, scored, *[mark] * 12, str(row["type_id"])]
    percents = [_percent(count, row["scored"], year) for count in _levels(row)]
    areas = [STARS] * 12
    if row["scored"] >= FEWEST_AREA_SCORES:
        areas = [_percent(count, row["scored"], year) for area in _areas(row) for count in area] + [
            "0.00"
        ] * 3
    return [*first, _mean(row), *percents, scored, *areas, str(row["type_id"])]


def _row_d(row, year, around):
    first = [
        row["county_code"],
        row["district_code"],
        row["district_name"],
        row["school_code"],
        row["school_name"],
        str(row["type_id"]),
        "",
        str(year),
        "B",
        "2",
        str(row["group_id"]),
        str(row["grade"]),
        *_counts(row),
    ]
    mark = _hidden(row)
    if mark is not None:
        mean = "" if row["grade"] == codes.ALL_GRADES else mark
        return [*first, mean, *[mark] * 53]
    levels = [
        text
        for count in _levels(row)
        for text in (_percent(count, row["scored"], year), str(count))
    ]
    areas = [STARS] * 21
    if row["scored"] >= FEWEST_AREA_SCORES:
        areas = [
            text
            for area in _areas(row)
            for text in (
                *(t for count in area for t in (_percent(count, row["scored"], year), str(count))),
                str(row["scored"]),
            )
        ]
    return [*first, _mean(row), *levels, str(row["scored"]), *areas, *[""] * 21]
