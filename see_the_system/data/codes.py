"""The state's codes for tests, grades, student groups and entities, and where the standard stands.

Sources: the CAASPP look-up files ``StudentGroups`` and ``Tests`` of 2017, 2022 and 2024
(caaspp-elpac.ets.org), and CDE, "Smarter Balanced Scale Score Ranges". Labels drift between years,
so everything here is keyed by code.
"""

import re
from difflib import get_close_matches

from see_the_system.messages import Refusal, nearest, plain_letters

TESTS = {
    1: "ELA",
    2: "Mathematics",
    3: "CAA ELA",
    4: "CAA Mathematics",
    17: "CAST",
    18: "CAA Science",
    39: "CSA",
}
# 13 is all grades; science adds 10, 12 and two totals of high school, 14 and 99.
GRADES = (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 99)
ALL_GRADES = 13

# The kinds of entities, "Type ID" in the files.
STATE, COUNTY, DISTRICT, SCHOOL, DIRECT_CHARTER, LOCAL_CHARTER = 4, 5, 6, 7, 9, 10
KINDS = (STATE, COUNTY, DISTRICT, SCHOOL, DIRECT_CHARTER, LOCAL_CHARTER)

ALL_STUDENTS = 1
GROUPS = {
    1: "All students",
    3: "Male",
    4: "Female",
    6: "Fluent English or English only",
    7: "Initially fluent English proficient",
    8: "Reclassified fluent English proficient",
    28: "Migrant education",
    29: "Not migrant education",
    31: "Socioeconomically disadvantaged",
    111: "Not socioeconomically disadvantaged",
    50: "Military family",
    51: "Not military family",
    52: "Homeless",
    53: "Not homeless",
    240: "Foster youth",
    241: "Not foster youth",
    74: "Black or African American",
    75: "American Indian or Alaska Native",
    76: "Asian",
    77: "Filipino",
    78: "Hispanic or Latino",
    79: "Native Hawaiian or Pacific Islander",
    80: "White",
    144: "Two or more races",
    90: "Parent: not a high school graduate",
    91: "Parent: high school graduate",
    92: "Parent: some college",
    93: "Parent: college graduate",
    94: "Parent: graduate school",
    121: "Parent education: declined to state",
    99: "No reported disability",
    128: "Reported disability",
    120: "English learner, less than 12 months",
    142: "English learner, 12 months or more",
    160: "English learner",
    170: "Ever English learner",
    180: "English only",
    190: "English fluency to be determined",
    243: "Adult English learner",
    250: "Long-term English learner",
    251: "At risk of long-term English learner",
    252: "Never English learner",
}
ETHNICITIES = (74, 75, 76, 77, 78, 79, 80, 144)
for _start, _status in ((200, "disadvantaged"), (220, "not disadvantaged")):
    for _place, _ethnicity in enumerate(ETHNICITIES):
        GROUPS[_start + _place] = f"{GROUPS[_ethnicity]}, {_status}"

# The lowest scale score of level 2, level 3 (the standard) and level 4, mathematics.
MATH_CUTS = {
    3: (2381, 2436, 2501),
    4: (2411, 2485, 2549),
    5: (2455, 2528, 2579),
    6: (2473, 2552, 2610),
    7: (2484, 2567, 2635),
    8: (2504, 2586, 2653),
    11: (2543, 2628, 2718),
}
ELA_STANDARD = {3: 2432, 4: 2473, 5: 2502, 6: 2531, 7: 2552, 8: 2567, 11: 2583}


def group_code(group):
    """The state's code of a student group given by code or by name (int).

    ``Refusal`` with the nearest names otherwise.

    >>> group_code("Hispanic or Latino"), group_code("74"), group_code(80)
    (78, 74, 80)
    """
    return _code(group, GROUPS, "student group")


def test_code(test):
    """The state's code of a test given by code or by name (int); ``Refusal`` otherwise.

    >>> test_code("Mathematics")
    2
    """
    return _code(test, TESTS, "test")


test_code.__test__ = False  # not a test: pytest would collect it where it is imported


def known_code(text, table):
    """The code in a table of what is given by code or by name (int), None where it has neither."""
    if text.isdigit() and int(text) in table:
        return int(text)
    for code, name in table.items():
        if name.casefold() == text.casefold():
            return code
    return None


def _code(asked, table, thing):
    text = str(asked).strip()
    code = known_code(text, table)
    if code is not None:
        return code
    close = nearest(text, table.values()) or list(table.values())[:5]
    names = " or ".join(repr(name) for name in close)
    raise Refusal(
        f"There is no {thing} {text!r}. Did you mean {names}? Give its name or its state code."
    )


def math_grades(asked):
    """Grades with a mathematics test, in order (list), from one, a list or a text such as "6-8".

    ``Refusal`` for a grade without one, and for none.
    """
    grades = numbers(asked) if isinstance(asked, str) else asked
    grades = [grades] if isinstance(grades, int) else sorted(set(grades or ()))
    allowed = ", ".join(map(str, MATH_CUTS))
    if not grades:
        raise Refusal(f"No grade is left to report on. Choose from {allowed}.")
    for grade in grades:
        if grade not in MATH_CUTS:
            raise Refusal(f"Grade {grade} has no mathematics test. Choose from {allowed}.")
    return grades


def numbers(text):
    """Whole numbers as people list them (list), None for another text.

    >>> numbers("6"), numbers("6, 7 8"), numbers("6-8"), numbers("[6]")
    ([6], [6, 7, 8], [6, 7, 8], None)
    """
    if not re.fullmatch(r"\d+(?:\s*[-–,\s]\s*\d+)*", text.strip()):
        return None
    found = []
    for part in re.split(r"\s*,\s*|\s+(?![-–])(?<![-–]\s)", text.strip()):
        first, *last = re.split(r"\s*[-–]\s*", part)
        found += range(int(first), int(last[-1] if last else first) + 1)
    return found


def district_named(known, asked, *, practice=False):
    """The code of one district (text), asked for by its code, its name or the first words of it.

    known: a frame with the columns district, name and county_name; practice: it is the practice
    network, because no other data were read. ``Refusal`` for a district that is not there, with the
    nearest names, and for a name that several have.
    """
    digits = re.sub(r"[\s-]", "", asked)
    codes, names = known["district"], known["name"]
    same = known[(codes == asked) | (codes.str.replace("-", "") == digits)]
    plain = names.map(_plain)
    if same.empty:
        same = known[plain == _plain(asked)]
    if same.empty and _plain(asked):
        same = known[plain.str.startswith(f"{_plain(asked)} ")]
    if same.empty and practice and not _is_of_practice(asked, names):
        raise Refusal(
            f"There is no district {asked!r} here: only the practice network is, since no data of "
            "the state were added yet. Add them with 'see-the-system data add FILE...', or give "
            "them with --data."
        )
    if same.empty:
        close = nearest(asked, names) or nearest(asked, codes) or sorted(names)[:3]
        meant = " or ".join(map(repr, dict.fromkeys(close)))
        raise Refusal(f"There is no district {asked!r} in the data. Did you mean {meant}?")
    if len(same) > 1:
        places = ", ".join(
            f"{row.district} ({row.county_name})" if row.county_name else row.district
            for row in same.itertuples()
        )
        raise Refusal(
            f"{len(same)} districts are called {asked!r}. Give the code of the one you mean: "
            f"{places}."
        )
    return same["district"].iloc[0]


def _is_of_practice(asked, names):
    """Whether a district of the practice network was meant (bool): its code, or nearly its name."""
    words = len(asked.split())
    beginnings = [" ".join(name.split()[:words]) for name in names]
    return asked.startswith("99") or bool(get_close_matches(asked, beginnings, n=1, cutoff=0.8))


def _plain(name):
    """A name without its accents and capitals, its blanks single (text)."""
    return " ".join(plain_letters(name).split())
