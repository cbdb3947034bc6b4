"""The state's public measures beside its tests, and what each of them counts.

*Indicator* is the California School Dashboard's word for such a measure.
"""

from dataclasses import dataclass

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
