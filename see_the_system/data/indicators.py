"""The state's public measures beside its tests: what each counts, and how its files are called.

*Indicator* is the California School Dashboard's word for such a measure.
"""

import re
from dataclasses import dataclass

from see_the_system.messages import Refusal, listed

PERCENT, POINTS = "percent", "points"


@dataclass(frozen=True)
class Indicator:
    """A public measure: its name, of how many of whom it tells, and where more of it is found.

    ``whom`` are the students in ``n``, ``what`` completes "percent of them who": the students in
    ``count``. ``good`` is "high" or "low". ``caution`` is what a reader has to know beside the
    number.
    """

    name: str
    unit: str
    good: str
    whom: str
    what: str
    caution: str = ""


INDICATORS = {
    "chronic_absence": Indicator(
        "Chronic absence",
        PERCENT,
        "low",
        "students enrolled",
        "missed a tenth of their days or more",
        "Of all grades that a school has; the Dashboard's rate is of kindergarten to grade 8.",
    ),
    "graduation": Indicator(
        "Graduation in four years",
        PERCENT,
        "high",
        "students of the four-year cohort",
        "graduated with a regular diploma",
    ),
    "a_g_of_graduates": Indicator(
        "A-G, of graduates",
        PERCENT,
        "high",
        "graduates with a regular diploma",
        "met the A-G requirements of UC and CSU",
        "Of graduates alone: who did not graduate is not in it.",
    ),
    "a_g_of_cohort": Indicator(
        "A-G, of the cohort",
        PERCENT,
        "high",
        "students of the four-year cohort",
        "graduated and met the A-G requirements of UC and CSU",
        "Worked out here from two published counts; the state publishes the rate of graduates.",
    ),
    "college_going": Indicator(
        "College-going within 12 months",
        PERCENT,
        "high",
        "students who completed high school",
        "enrolled in any college in the United States within 12 months",
        "About 11 percent of college records are blocked from the match, so that some who enrolled "
        "are not counted.",
    ),
    "college_going_16": Indicator(
        "College-going within 16 months",
        PERCENT,
        "high",
        "students who completed high school",
        "enrolled in any college in the United States within 16 months",
        "About 11 percent of college records are blocked from the match, so that some who enrolled "
        "are not counted.",
    ),
    "dashboard_math": Indicator(
        "Mathematics, points from standard",
        POINTS,
        "high",
        "students counted by the Dashboard",
        "",
        "Only students enrolled all year count, and where too few took the test the lowest scores "
        "are added: the research files' figure differs.",
    ),
    "dashboard_ela": Indicator(
        "English language arts, points from standard",
        POINTS,
        "high",
        "students counted by the Dashboard",
        "",
    ),
    "dashboard_chronic": Indicator(
        "Chronic absence, on the Dashboard",
        PERCENT,
        "low",
        "students of kindergarten to grade 8",
        "missed a tenth of their days or more",
    ),
    "dashboard_suspension": Indicator(
        "Suspension, on the Dashboard",
        PERCENT,
        "low",
        "students enrolled",
        "were suspended at least once",
    ),
    "dashboard_graduation": Indicator(
        "Graduation, on the Dashboard",
        PERCENT,
        "high",
        "students counted by the Dashboard",
        "graduated",
    ),
    "dashboard_college_career": Indicator(
        "College and career readiness, on the Dashboard",
        PERCENT,
        "high",
        "students counted by the Dashboard",
        "were prepared",
    ),
}
# How people write a measure of the Dashboard in a file's name; the columns are those of any other.
_SPELLINGS = {
    "dashboard_math": "maths?|mathematics",
    "dashboard_ela": "ela|english ?language ?arts",
    "dashboard_chronic": "chronic|(chronic ?)?absen(ce|ces|t|teeism)",
    "dashboard_suspension": "susp|suspend(ed)?|suspensions?",
    "dashboard_graduation": "grads?|graduations?",
    "dashboard_college_career": "cci|college ?(and ?)?career",
}
DASHBOARD = tuple(_SPELLINGS)
_DOWNLOADED = ("cci", "chronic", "ela", "grad", "math", "susp")
_ENDING = " ?(rates?|indicator|readiness)?"
_OF_THE_DEPARTMENT = "acgr|cgr mo"
# Files of the Dashboard that are not read, by their names: what each is and is not, what to do.
_NOT_READ = {
    r"elpi|english[ _-]*learners?[ _-]*progress": (
        "is the Dashboard's file of English learners' progress, which is not read here. Leave it "
        "out."
    ),
    # Not anywhere in the name: schools are called so.
    "^[^a-z]*science": "is the Dashboard's file of science, which is not read here. Leave it out.",
    r"(?<!\d)(5|five)[ _-]*(yr|year)": (
        "is by its name the Dashboard's file of the five-year cohort, students who had a fifth "
        "year to graduate, and not that of its graduation rate, which is read here. Leave it out, "
        "and add graddownload2024.txt or that of another year."
    ),
    r"(gr|grades?)[ _-]*3[ _-]*(to[ _-]*)?8(?!\d)|(math|ela)38(?!\d)": (
        "is by its name the Dashboard's file of grades 3 to 8 alone, as 2017 had it, and not one "
        "of all grades tested, as later years have and as is read here. Leave it out, and add "
        "mathdownload2018.txt, eladownload2018.txt or those of later years."
    ),
    r"(gr|grades?)[ _-]*11(?!\d)|(math|ela)11(?!\d)": (
        "is by its name the Dashboard's file of grade 11 alone, as 2017 had it, and not one of "
        "all grades tested, as later years have and as is read here. Leave it out, and add "
        "mathdownload2018.txt, eladownload2018.txt or those of later years."
    ),
}


def dashboard_indicator(name, called):
    """Which measure a file of the Dashboard holds, by its name (one of ``DASHBOARD``).

    name: the file's, as it is told; called: the name that says it. ``Refusal`` for a file of the
    Dashboard that is not read here, and for a name that tells of no measure, or of several.
    """
    for pattern, what_it_is in _NOT_READ.items():
        if re.search(pattern, called.casefold()):
            raise Refusal(f"{name} {what_it_is}")
    words = _words_of_name(called)
    found = [
        indicator
        for indicator, spelling in _SPELLINGS.items()
        if re.search(rf"\b({spelling}){_ENDING}\b", words)
    ]
    if len(found) == 1:
        return found[0]
    raise Refusal(
        f"{name} is a file of the Dashboard, and neither its columns nor its name tell of which "
        f"indicator. Name it as it was downloaded, with one of {listed(_DOWNLOADED, 'or')} in it, "
        "such as mathdownload2024.txt."
    )


def is_named_as_indicators(called):
    """Whether a file's name, its ending aside, says nothing but a measure and a year (bool).

    >>> [is_named_as_indicators(name) for name in ("acgr24-v2", "Graduation 2024", "math budget")]
    [True, True, False]
    """
    spelled = "|".join([_OF_THE_DEPARTMENT, *_SPELLINGS.values()])
    return bool(re.fullmatch(f"({spelled}){_ENDING}", _words_of_name(called)))


def _words_of_name(called):
    """The words of a file's name that can tell what it measures, a blank between (text).

    >>> _words_of_name("MATHdownload2024-v2"), _words_of_name("Chronic_Absence 2024")
    ('math', 'chronic absence')
    """
    letters = re.sub(r"download|dashboard|[^a-z]v(?=\d)|[^a-z]", " ", called.casefold())
    return " ".join(letters.split())
