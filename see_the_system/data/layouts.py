"""The four layouts of the Smarter Balanced research files, told apart by their header.

Their columns are read by name.

A: 2015-2016, B: 2017-2019, C: 2021-2023, D: from 2024. Source: the record layouts of each year,
caaspp-elpac.ets.org; the headers of 2018, 2021, 2023 and (science, same first columns) 2024 as they
stand in the files.
"""

from dataclasses import dataclass

from see_the_system.messages import Refusal, nearest

_CODES = {
    "county_code": "County Code",
    "district_code": "District Code",
    "school_code": "School Code",
    "year": "Test Year",
    "group_id": ("Subgroup ID", "Student Group ID"),
    "grade": "Grade",
    "test_id": ("Test Id", "Test ID"),
}
_SHARES = {
    "pct_exceeded": "Percentage Standard Exceeded",
    "pct_met": "Percentage Standard Met",
    "pct_met_and_above": "Percentage Standard Met and Above",
    "pct_nearly_met": "Percentage Standard Nearly Met",
    "pct_not_met": "Percentage Standard Not Met",
    "mean_scale_score": "Mean Scale Score",
}
_TOTALS = {
    "enrolled": ("CAASPP Reported Enrollment", "Students Enrolled", "Total Students Enrolled"),
    "tested": ("Students Tested", "Total Students Tested"),
    "with_scores": ("Students with Scores", "Total Students Tested with Scores"),
}
_COUNTS = {
    "n_exceeded": "Count Standard Exceeded",
    "n_met": "Count Standard Met",
    "n_nearly_met": "Count Standard Nearly Met",
    "n_not_met": "Count Standard Not Met",
}
_NAMES = {"district_name": "District Name", "school_name": "School Name"}
_TYPE = {"type_id": ("Type ID", "Type Id")}
# Mathematics has three areas; the fourth is 0.00 in B and C, which is no percentage of anything.
_AREAS = {
    f"area{n}_{place}": tuple(f"Area {n} Percentage {word} Standard" for word in words)
    for n in (1, 2, 3)
    for place, words in {
        "above": ("Above",),
        "near": ("Near", "At or Near"),
        "below": ("Below",),
    }.items()
}
AREAS = tuple(_AREAS)
ENTITY_COLUMNS = {
    **{name: _CODES[name] for name in ("county_code", "district_code", "school_code", "year")},
    **_TYPE,
    "county_name": "County Name",
    **_NAMES,
}


@dataclass(frozen=True)
class Layout:
    """One file's layout: its letter, its delimiter, its header, and where our columns stand."""

    letter: str
    delimiter: str
    header: tuple
    columns: dict  # our name -> position in the header

    def has(self, name):
        return name in self.columns


def of(header, name):
    """The layout that a header line belongs to; ``Refusal`` where it belongs to none.

    A Layout, letter A to D, or E for an entities file. ``name`` is the file's.
    """
    delimiter = _delimiter(header, name)
    names = tuple(cell.strip().strip('"').strip() for cell in header.split(delimiter))
    _refuse_doubled(names, name)
    folded = {cell.casefold(): place for place, cell in enumerate(names)}
    if "zip code" in folded and "grade" not in folded:
        return Layout("E", delimiter, names, _places(ENTITY_COLUMNS, folded, name))
    letter = _letter(delimiter, folded, len(names))
    wanted = {**_CODES, **_TOTALS, **_SHARES}
    wanted |= {"A": {}, "B": {}, "C": _TYPE, "D": {**_TYPE, **_NAMES, **_COUNTS}}[letter]
    places = _places(wanted, folded, name)
    places |= _places(_AREAS, folded, name, optional=True)
    return Layout(letter, delimiter, names, places)


def _letter(delimiter, folded, width):
    if delimiter == "^":
        return "C" if width <= 40 else "D"  # C has 33 columns, D 48 to 69
    return "A" if "total caaspp enrollment" in folded else "B"


def _delimiter(header, name):
    for delimiter in "^,":
        if header.count(delimiter) >= 5:
            return delimiter
    for other, word in {"\t": "tabs", ";": "semicolons", "|": "bars"}.items():
        if header.count(other) >= 5:
            raise Refusal(
                f"{name}, line 1: the columns are separated by {word}; the state's files use "
                "carets (^) or commas. Add the file as it was downloaded, not as a spreadsheet "
                "program saved it."
            )
    if header[:14].isdigit():
        raise Refusal(
            f"{name}, line 1: this is the fixed-width version of the file. Download the "
            "delimited (csv) version and add that."
        )
    raise Refusal(
        f"{name}, line 1: no header of a Smarter Balanced research file, which begins with "
        "County Code. Download the research file and add that."
    )


def _refuse_doubled(names, name):
    folded = [cell.casefold() for cell in names]
    for place, cell in enumerate(names):
        if cell and folded.index(folded[place]) < place:
            raise Refusal(
                f"{name}, line 1: the column {cell!r} stands there twice; once was expected. "
                "Add the file as it was downloaded."
            )


def _places(wanted, folded, name, optional=False):
    """Where our columns stand, each under one of the names that the state gives it (dict)."""
    places = {}
    for ours, theirs in wanted.items():
        theirs = (theirs,) if isinstance(theirs, str) else theirs
        found = [folded[column.casefold()] for column in theirs if column.casefold() in folded]
        if found:
            places[ours] = found[0]
        elif not optional:
            raise Refusal(_missing(theirs[0], folded, name))
    return places


def _missing(column, folded, name):
    if "county code" not in folded or not {"grade", "zip code"} & set(folded):
        return (
            f"{name}, line 1: this is not a Smarter Balanced research file (no column {column!r}). "
            "Download the research file of one year from the state's page and add that."
        )
    close = nearest(column, folded, most=1)
    hint = f" (it has {close[0]!r})" if close else ""
    return (
        f"{name}, line 1: the column {column!r} is missing{hint}. Add the file as it was "
        "downloaded."
    )
