"""Small research files in the state's four layouts, written for the tests."""

import zipfile

AREAS = [
    f"Area {n} Percentage {word} Standard"
    for n in (1, 2, 3, 4)
    for word in ("Above", "Near", "Below")
]
_SCORES = [
    "Mean Scale Score",
    "Percentage Standard Exceeded",
    "Percentage Standard Met",
    "Percentage Standard Met and Above",
    "Percentage Standard Nearly Met",
    "Percentage Standard Not Met",
    "Students with Scores",
]
HEADERS = {
    "A": [
        "County Code",
        "District Code",
        "School Code",
        "Filler",
        "Test Year",
        "Subgroup ID",
        "Test Type",
        "Total CAASPP Enrollment",
        "Total Tested At Entity Level",
        "Total Tested at Subgroup Level",
        "Grade",
        "Test Id",
        "CAASPP Reported Enrollment",
        "Students Tested",
        *_SCORES,
        *(a.replace("Near", "At or Near") for a in AREAS),
    ],
    "B": [
        "County Code",
        "District Code",
        "School Code",
        "Filler",
        "Test Year",
        "Subgroup ID",
        "Test Type",
        "Total Tested At Entity Level",
        "Total Tested with Scores",
        "Grade",
        "Test Id",
        "CAASPP Reported Enrollment",
        "Students Tested",
        *_SCORES,
        *AREAS,
    ],
    "C": [
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
        *_SCORES,
        *AREAS,
        "Type ID",
    ],
    "D": [
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
        "Percentage Standard Exceeded",
        "Count Standard Exceeded",
        "Percentage Standard Met",
        "Count Standard Met",
        "Percentage Standard Met and Above",
        "Count Standard Met and Above",
        "Percentage Standard Nearly Met",
        "Count Standard Nearly Met",
        "Percentage Standard Not Met",
        "Count Standard Not Met",
        "Overall Total",
        *(
            f"Area {n} {what} {word} Standard"
            for n in (1, 2, 3, 4)
            for word in ("Above", "Near", "Below")
            for what in ("Percentage", "Count")
        ),
    ],
}
YEARS = {"A": 2016, "B": 2018, "C": 2023, "D": 2024}
SYNONYMS = {
    "Students Enrolled": "enrolled",
    "CAASPP Reported Enrollment": "enrolled",
    "Total Students Enrolled": "enrolled",
    "Students Tested": "tested",
    "Total Students Tested": "tested",
    "Students with Scores": "n",
    "Total Students Tested with Scores": "n",
    "Overall Total": "n",
    "Subgroup ID": "group",
    "Student Group ID": "group",
    "Test Id": "test",
    "Test ID": "test",
    "Grade": "grade",
    "Mean Scale Score": "mean",
    "Type ID": "type",
    "Test Year": "year",
    "County Code": "county",
    "District Code": "district",
    "School Code": "school",
    "District Name": "district_name",
    "School Name": "school_name",
    "Test Type": "test_type",
}
_LEVELS = {
    "Exceeded": "exceeded",
    "Met": "met",
    "Met and Above": "above",
    "Nearly Met": "nearly",
    "Not Met": "not_met",
}
_IN_ORDER = ("not_met", "nearly", "met", "exceeded")


def cells(letter, **given):
    """One row's cells, in the order of the header.

    ``levels`` are (not met, nearly met, met, exceeded), or a mark that hides the scores.
    """
    levels = given.pop("levels", (10, 8, 7, 5))
    row = {
        "county": "19",
        "district": "64733",
        "school": "0000000",
        "type": 6,
        "year": YEARS[letter],
        "group": 1,
        "test": 2,
        "grade": 8,
        "mean": "2540.5",
        "test_type": "B",
        "district_name": "Orchard",
        "school_name": "",
        **given,
    }
    hidden = isinstance(levels, str)
    n = given.get("n", "*" if hidden else sum(levels))
    row = {"tested": n, "enrolled": n, **row, "n": n}
    if hidden:
        row["mean"] = levels
    counts = {} if hidden else dict(zip(_IN_ORDER, levels, strict=True))
    if counts:
        counts["above"] = counts["met"] + counts["exceeded"]
    return [_cell(name, row, counts, levels, letter) for name in HEADERS[letter]]


def district_rows(letter="C", districts=("64725", "64733"), **given):
    """Rows of districts, each with two schools, three grades and three groups (lists of cells)."""
    return [
        cells(
            letter, district=district, school=school, type=kind, grade=grade, group=group, **given
        )
        for district in districts
        for school, kind in (("0000000", 6), ("0112607", 7), ("0123968", 9))
        for grade in (7, 8, 13)
        for group in (1, 74, 80)
    ]


def _cell(name, row, counts, levels, letter):
    if name in SYNONYMS:
        return str(row[SYNONYMS[name]])
    for words, ours in _LEVELS.items():
        if name == f"Percentage Standard {words}":
            return _percent(counts, ours, letter) if counts else levels
        if name == f"Count Standard {words}":
            return str(counts[ours]) if counts else levels
    if name.startswith("Area 4"):
        return "0.00"
    if name.startswith("Area"):
        return str(row.get("areas", "33.33")) if counts else levels
    return ""


def _percent(counts, ours, letter):
    n = counts["above"] + counts["nearly"] + counts["not_met"]
    if not n:
        return "0"
    percent = 100 * counts[ours] / n
    return f"{percent:.0f}" if letter == "A" else f"{percent:.2f}"


def text(letter, rows, *, header=None):
    """The whole file as text, in the state's delimiter and quoting."""
    lines = [header or HEADERS[letter], *rows]
    return _joined(lines, "," if letter in "AB" else "^")


def _joined(lines, delimiter):
    if delimiter == ",":
        lines = [[f'"{cell}"' if cell else "" for cell in line] for line in lines]
    return "".join(f"{delimiter.join(line)}\r\n" for line in lines)


def write(folder, letter, rows=None, *, name=None, header=None):
    """The file, written as cp1252; ``rows`` are lists of cells, one plain row by itself."""
    path = folder / (name or f"sb_ca{YEARS[letter]}_all_19_csv_v1.txt")
    path.write_bytes(text(letter, rows or [cells(letter)], header=header).encode("cp1252"))
    return path


def write_entities(folder, year, rows, *, delimiter=","):
    """An entities file.

    Rows of (county, district, school, type, county name, district name, school name).
    """
    path = folder / f"sb_ca{year}entities_csv.txt"
    names = [
        "County Code",
        "District Code",
        "School Code",
        "Filler",
        "Test Year",
        "Type Id",
        "County Name",
        "District Name",
        "School Name",
        "Zip Code",
    ]
    lines = [names]
    for county, district, school, kind, *rest in rows:
        lines.append([county, district, school, "", str(year), str(kind), *rest, "     "])
    path.write_bytes(_joined(lines, delimiter).encode("cp1252"))
    return path


def zipped(path, *others):
    """The files in one zip beside the first, as the state packs them."""
    target = path.with_suffix(".zip")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (path, *others):
            archive.write(file, file.name)
    return target
