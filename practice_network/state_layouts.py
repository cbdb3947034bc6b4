"""Writes a year's rows as the state does: four layouts, its quoting, its rounding, what it hides.

A 2015-2016, B 2017-2019: commas and quotes; a row with fewer than 11 scores is ``*`` from the
enrolment on. C 2021-2023, D 2024-2025: carets; ``*`` for counts of 1 to 3 and for the scores of
fewer than 11, nothing where nobody was tested, areas from 30 scores. 2015 and 2016 have whole
percentages. In 2015 the enrolment of a group is that of all students.
"""

from functools import cache

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
# The columns of the data files, in order: what is in a column and, after a colon, what the layout
# calls it where that is another name. LEVELS and AREAS stand for many.
_LAYOUTS = {
    "A": "County Code, District Code, School Code, Filler, Test Year, "
    "Student Group ID: Subgroup ID, Test Type, Entity enrolled: Total CAASPP Enrollment, "
    "Entity tested: Total Tested At Entity Level, Entity scored: Total Tested with Scores, "
    "Grade, Test ID: Test Id, Enrolled: CAASPP Reported Enrollment, Tested: Students Tested, "
    "Mean Scale Score, LEVELS, Scored: Students with Scores, AREAS",
    "B": "County Code, District Code, School Code, Filler, Test Year, "
    "Student Group ID: Subgroup ID, Test Type, Entity tested: Total Tested At Entity Level, "
    "Entity scored: Total Tested with Scores, Grade, Test ID: Test Id, "
    "Enrolled: CAASPP Reported Enrollment, Tested: Students Tested, Mean Scale Score, LEVELS, "
    "Scored: Students with Scores, AREAS",
    "C": "County Code, District Code, School Code, Filler, Test Year, Student Group ID, Test Type, "
    "Entity tested: Total Tested at Reporting Level, "
    "Entity scored: Total Tested with Scores at Reporting Level, Grade, Test ID, "
    "Enrolled: Students Enrolled, Tested: Students Tested, Mean Scale Score, LEVELS, "
    "Scored: Students with Scores, AREAS, Type ID",
    "D": "County Code, District Code, District Name, School Code, School Name, Type ID, Filler, "
    "Test Year, Test Type, Test ID, Student Group ID, Grade, Enrolled: Total Students Enrolled, "
    "Tested: Total Students Tested, Scored: Total Students Tested with Scores, "
    "Mean Scale Score, LEVELS, Overall Total, AREAS",
}
_ENTITY_LAYOUTS = {
    "AB": "County Code, District Code, School Code, Filler, Test Year, Type ID: Type Id, "
    "County Name, District Name, School Name, Zip Code",
    "C": "County Code, District Code, School Code, Filler, Test Year, Type ID, "
    "County Name, District Name, School Name, Zip Code",
    "D": "County Code, District Code, School Code, Type ID, Filler, Test Year, "
    "County Name, District Name, School Name, Zip Code",
}
_LEVELS = ("Exceeded", "Met", "Met and Above", "Nearly Met", "Not Met")
_WHERE = ("Above", "Near", "Below")
_USED_AREAS = ("Area 1", "Area 2", "Area 3")
# What stands in the columns of the areas that the mathematics test has not.
_UNUSED = {"A": "0", "B": "0.00", "C": "0.00", "D": ""}
_ENTITY = (
    "County Code",
    "District Code",
    "District Name",
    "School Code",
    "School Name",
    "Type ID",
)
_UNQUOTED = ("Filler", "Test Year", "Student Group ID", "Grade")


def era(year):
    """The layout of a year's file: A, B, C or D."""
    for kind, last in {"A": 2016, "B": 2019, "C": 2023}.items():
        if year <= last:
            return kind
    return "D"


def header(year):
    """The column names of a year's data file, in order (list of text)."""
    return list(columns(year).values())


@cache
def columns(year):
    """The columns of a year's data file, in order: what is in each, and its name (dict)."""
    kind = era(year)
    layout = _LAYOUTS[kind]
    if year == 2015:
        layout = layout.replace(
            "Entity scored: Total Tested with Scores",
            "Group tested: Total Tested at Subgroup Level",
        )
    layout = layout.replace("LEVELS", ", ".join(_level_columns(kind)))
    named = _named(layout.replace("AREAS", ", ".join(_area_columns(kind))))
    near = "At or Near Standard" if year == 2015 else "Near Standard"
    return {cell: name.replace("Near Standard", near) for cell, name in named.items()}


def entities_text(entities, year):
    """The entities file of a year (text, CRLF) from ``network.entities(year)``."""
    kind = era(year)
    layout = next(layout for kinds, layout in _ENTITY_LAYOUTS.items() if kind in kinds)
    no_zip_code = "     " if kind in "AB" else ""
    rows = [
        _entity_cells(entity, year)
        | {"County Name": entity["county_name"], "Zip Code": entity["zip_code"] or no_zip_code}
        for entity in entities.to_dict("records")
    ]
    return _text(rows, _named(layout), kind, unquoted=("Filler",))


def data_text(rows, year):
    """The data file of a year (text, CRLF) from ``year_files.tally``.

    Every row is rounded and hidden as the state does.
    """
    of = {
        (row["district_code"], row["school_code"], row["grade"], row["group_id"]): row
        for row in rows.to_dict("records")
    }
    written = []
    for (district, school, grade, group), row in of.items():
        around = {
            "entity": of[district, school, codes.ALL_GRADES, codes.ALL_STUDENTS],
            "grade": of[district, school, grade, codes.ALL_STUDENTS],
            "group": of[district, school, codes.ALL_GRADES, group],
        }
        written.append(cells(row, year, around))
    return _text(written, columns(year), era(year), _UNQUOTED)


def cells(row, year, around):
    """What a year's file has in each column of a row (dict by the keys of ``columns``).

    around: the rows of all students of the same entity ("entity"), of all students of its grade
    ("grade"), and of the same group in all grades ("group").
    """
    return {
        **_entity_cells(row, year),
        "Test Type": "B",
        "Test ID": 2,
        "Student Group ID": row["group_id"],
        "Grade": row["grade"],
        "Entity enrolled": around["entity"]["enrolled"],
        "Entity tested": around["entity"]["tested"],
        "Entity scored": around["entity"]["scored"],
        "Group tested": around["group"]["tested"],
        **_counts(row, year, around),
        **_scores(row, year),
    }


def _entity_cells(row, year):
    """Whose a row is, and of which year."""
    return {name: row[_field(name)] for name in _ENTITY} | {"Filler": "", "Test Year": year}


def _counts(row, year, around):
    """Enrolled, tested and with scores, as the year shows them."""
    counts = {"Enrolled": row["enrolled"], "Tested": row["tested"], "Scored": row["scored"]}
    if year > 2020:
        hidden = {name: STARS for name, count in counts.items() if 0 < count < FEWEST_COUNT}
        return counts | hidden
    if row["scored"] < FEWEST_SCORES:
        return dict.fromkeys(counts, STARS)
    if year == 2015:
        counts["Enrolled"] = around["grade"]["enrolled"]
    return counts


def _scores(row, year):
    """The mean, the levels and the areas, as the year shows them."""
    kind = era(year)
    names = ["Overall Total", *_level_columns(kind), *_area_columns(kind)]
    untested = year > 2020 and row["tested"] == 0
    if untested or row["scored"] < FEWEST_SCORES:
        mark = "" if untested else STARS
        mean = "" if row["grade"] == codes.ALL_GRADES else mark
        return {"Mean Scale Score": mean, **dict.fromkeys(names, mark)}
    shown = dict.fromkeys(names, _UNUSED[kind])
    shown["Mean Scale Score"] = _mean(row)
    shown["Overall Total"] = row["scored"]
    for level in _LEVELS:
        count = row["met"] + row["exceeded"] if level == "Met and Above" else row[_field(level)]
        shown[f"Percentage Standard {level}"] = _percent(count, row["scored"], year)
        shown[f"Count Standard {level}"] = count
    for area in _USED_AREAS:
        shown[f"{area} Total"] = row["scored"]
        for where in _WHERE:
            count = row[_field(f"{area}_{where}")]
            shown[f"{area} Percentage {where} Standard"] = _percent(count, row["scored"], year)
            shown[f"{area} Count {where} Standard"] = count
    if year > 2020 and row["scored"] < FEWEST_AREA_SCORES:
        # The caret layout of 2021 to 2023 marks the area it does not use as well.
        areas = ("Area",) if kind == "C" else _USED_AREAS
        shown |= {name: STARS for name in names if name.startswith(areas)}
    return shown


def _named(layout):
    """What is in each column, and its name (dict), from a line of ``_LAYOUTS``."""
    parts = [column.partition(": ") for column in layout.split(", ")]
    return {cell: name or cell for cell, _, name in parts}


def _field(name):
    """The name of a column of ``year_files.tally``, as "area1_near" of "Area 1_Near"."""
    return name.lower().replace("area ", "area").replace(" ", "_")


def _figures(kind):
    return ("Percentage", "Count") if kind == "D" else ("Percentage",)


@cache
def _level_columns(kind):
    return [f"{figure} Standard {level}" for level in _LEVELS for figure in _figures(kind)]


@cache
def _area_columns(kind):
    areas = [*_USED_AREAS, "Area 4"]
    if kind == "D":
        areas += ["Composite Area 1", "Composite Area 2"]
    names = []
    for area in areas:
        names += [
            f"{area} {figure} {where} Standard" for where in _WHERE for figure in _figures(kind)
        ]
        if kind == "D":
            names.append(f"{area} Total")
    return names


def _text(rows, named, kind, unquoted):
    """A file's text: the names of its columns, then what each row (dict) has in them."""
    plain = {place for place, cell in enumerate(named) if cell in unquoted}
    lines = [_line(list(named.values()), kind, set())]
    lines += [_line([str(row[cell]) for cell in named], kind, plain) for row in rows]
    return "\r\n".join([*lines, ""])


def _line(values, kind, plain):
    if kind in "CD":
        return "^".join(values)
    quoted = [value if place in plain else f'"{value}"' for place, value in enumerate(values)]
    return ",".join(quoted)


def _percent(count, total, year):
    # Integer arithmetic, half up, so that no platform's rounding shows.
    if year < 2017:
        return str((200 * count + total) // (2 * total))
    whole, hundredths = divmod((20000 * count + total) // (2 * total), 100)
    return f"{whole}.{hundredths:02d}"


def _mean(row):
    if row["grade"] == codes.ALL_GRADES:
        return ""
    whole, tenth = divmod((20 * row["score_sum"] + row["scored"]) // (2 * row["scored"]), 10)
    return f"{whole}.{tenth}"
