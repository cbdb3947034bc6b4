"""The looks at a district's data that explorers offer: what can be chosen, and what the data say.

What is chosen is a dict of texts: "district" (its code), "focus" and "comparison" (student groups),
"grades" (one of ``GRADES``), "look" (one of the looks) and "school" (its code, for a look at one).
"""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import NamedTuple

from see_the_system.data.codes import GROUPS
from see_the_system.data.store import Store, open_store
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.reports.district_report import SYNTHETIC_COUNTY, DistrictReport
from see_the_system.reports.gap_sections import a_class_later, at_every_level
from see_the_system.reports.measure_sections import beyond_the_test, school_names, school_profile
from see_the_system.reports.sections import Section

GRADES = {
    "6 to 8": (6, 7, 8),
    "4 to 8": (4, 5, 6, 7, 8),
    "3 to 8": (3, 4, 5, 6, 7, 8),
    **{str(grade): (grade,) for grade in (3, 4, 5, 6, 7, 8, 11)},
}
_ACROSS_GRADES = ("by grade", "a class a year later")
_FOCUS, _COMPARISON = "Hispanic or Latino", "White"
_SYNTHETIC = "The practice network is synthetic: its districts and students are made up."
_LONGEST = 2_000  # letters that a piece of evidence holds


class DistrictLook(NamedTuple):
    """What finds a look in a report, and the question of evidence that it answers ("": none).

    Where it is ``of_one_school``, ``find`` is given the school's code too.
    """

    find: Callable
    measure: str = ""
    of_one_school: bool = False


LOOKS_AT_GAP = {
    "the gap now": DistrictLook(DistrictReport.headline, "gap in percent met"),
    "by grade": DistrictLook(DistrictReport.by_grade, "gap by grade"),
    "since when": DistrictLook(DistrictReport.over_time, "trend of the gap"),
    "a class a year later": DistrictLook(a_class_later, "share of the gap during middle school"),
    "between and within schools": DistrictLook(
        DistrictReport.between_and_within, "gap between and within schools"
    ),
    "at every level": DistrictLook(at_every_level, "gap in standard deviations"),
    "beyond the test": DistrictLook(beyond_the_test),
}
LOOKS_AT_SCHOOLS = {
    "schools and chance": DistrictLook(DistrictReport.schools),
    "bright spots": DistrictLook(DistrictReport.bright_spots),
    "one school side by side": DistrictLook(school_profile, of_one_school=True),
}


def places(own):
    """The store to ask, its districts as [code, name], and the one to begin with (its code).

    own: the code of the team's district. Until data were added, and for a district of the practice
    network, it is the practice network's store.
    """
    store = open_store([SAMPLE])
    if not own.startswith(SYNTHETIC_COUNTY):
        added = Store()
        store = added if added.catalogue else store
    names = store.districts()
    districts = [[row.district, row.name] for row in names.itertuples()]
    codes = {code for code, _ in districts}
    begin = own if own in codes else districts[0][0]
    return store, districts, begin


def chosen_first(looks, look, district):
    """What is chosen before anyone chooses (dict); ``Refusal`` for a look that is not there.

    look: the one to begin with, the first of ``looks`` where None; district: its code.
    """
    if look is not None and look not in looks:
        raise Refusal(f'There is no look "{look}"; choose {" or ".join(looks)}.')
    return {
        "district": district,
        "focus": _FOCUS,
        "comparison": _COMPARISON,
        "grades": "3 to 8" if look in _ACROSS_GRADES else "6 to 8",
        "look": look or next(iter(looks)),
        "school": "",
    }


def schools_on_offer(looks, chosen, store):
    """The schools that a look at one can be of (dict of names by code), {} for another look."""
    if not looks[chosen["look"]].of_one_school:
        return {}
    return school_names(str(store.folder), chosen["district"])


def choices(looks, chosen, districts, schools):
    """What can be chosen (list of dict): ``name``, ``label``, ``options`` and the ``value`` now."""
    groups = [[name, name] for name in sorted(GROUPS.values())]
    lists = [
        ("district", "District", districts),
        ("focus", "Students", groups),
        ("comparison", "Beside", groups),
        ("grades", "Grades", [[name, name] for name in GRADES]),
        ("look", "Look at", [[name, name] for name in looks]),
    ]
    if looks[chosen["look"]].of_one_school:
        lists.append(("school", "School", [list(pair) for pair in schools.items()]))
    return [
        {"name": name, "label": label, "options": options, "value": chosen[name]}
        for name, label, options in lists
    ]


def look_at(looks, chosen, store):
    """What the data say to what is chosen (Section); where they cannot, why."""
    if not chosen["district"]:
        return Section(words=("Choose a district first.",))
    look = looks[chosen["look"]]
    groups = (chosen["focus"], chosen["comparison"])
    try:
        report = _report(str(store.folder), chosen["district"], *groups, GRADES[chosen["grades"]])
        if look.of_one_school:
            return look.find(report, chosen["school"])
        # A report leaves a section out where there is no gap to show; here that has to be said.
        return look.find(report) if report.enough else report.headline()
    except Refusal as refusal:
        return Section(words=(str(refusal),))


def look_html(section, district):
    """What is seen as it stands on a page (HTML text); of the practice network it is told."""
    synthetic = district.startswith(SYNTHETIC_COUNTY)
    return section.html() + (f"<p><i>{escape(_SYNTHETIC)}</i></p>" if synthetic else "")


def as_document(section, store, why):
    """What is seen as the fields of a piece of evidence (dict): its words, with their source.

    For a look that no question of evidence is about; why: what a person says of it.
    """
    years = store.years()
    source = f"The state's public files, {years[0]} to {years[-1]}"
    return {"type": "document", "text": f"{why} {section.text()}"[:_LONGEST], "source": source}


@lru_cache(maxsize=32)
def _report(folder, district, focus, comparison, grades):
    return DistrictReport(district, focus, comparison, grades=grades, store=folder)
