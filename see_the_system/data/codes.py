"""The state's codes for tests, grades, student groups and entities, and where the standard stands.

Sources: the CAASPP look-up files ``StudentGroups`` and ``Tests`` of 2017, 2022 and 2024
(caaspp-elpac.ets.org), and CDE, "Smarter Balanced Scale Score Ranges". Labels drift between years,
so everything here is keyed by code.
"""

from see_the_system.messages import Refusal, nearest

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
