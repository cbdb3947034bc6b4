"""Questions that a team keeps beside its causes, answered from the store whenever they are asked.

A question names a measure of ``MEASURES``, a district, one or two student groups, grades and years;
its answer is a sentence, a number and the fingerprint of the data it was read from. ``findings``
has how each measure is found.
"""

import hashlib
from dataclasses import replace
from functools import lru_cache, partial

from see_the_system.data import caaspp
from see_the_system.data.codes import ALL_STUDENTS, MATH_CUTS, group_code
from see_the_system.data.store import Store
from see_the_system.gaps import findings, indicator_answers
from see_the_system.gaps import two_groups as gaps
from see_the_system.gaps.findings import Data, advice, who
from see_the_system.gaps.measures import LEVELS
from see_the_system.gaps.result_words import with_commas
from see_the_system.messages import Refusal, listed, nearest
from see_the_system.privacy.protect import protect
from see_the_system.privacy.student_groups import must_share_nobody

GRADES = tuple(MATH_CUTS)
# what the fingerprint of an answer is made of
_READ = [
    *caaspp.KEY,
    *("type_id", "tested", "with_scores", "mean_scale_score", *LEVELS, "missing_scores"),
]


def answer(question, store):
    """What the data of a store say to a question today (``DataAnswer``).

    question: any object with measure, district, group, comparison, grades and years. No group is
    all students where one is asked for; no grades are 3 to 8 and 11; no years are all there are. An
    answer on one year is on the newest that shows it, 2021 left aside. The district's rows of the
    groups are protected as a whole, in every grade, before anything is found in them: nothing
    hidden leaves. One of the other public measures has no grades: it is of all that the district
    has. The fingerprint is of these protected rows in these years, so that it changes
    with them alone, and tells nothing of what is hidden. Raises ``Refusal`` for what the question
    names wrong, and where the data cannot answer it.
    """
    measure = _measure(question.measure)
    district = caaspp.district_code(question.district)
    sides = _sides(question, measure)
    years = tuple(sorted(set(question.years))) or None
    if measure in OF_INDICATORS:
        return indicator_answers.answered(OF_INDICATORS[measure], store, district, sides, years)
    grades = _grades(question.grades)
    groups = tuple(sorted(sides.values()))
    version = store.fingerprint(district)
    rows, mark = _protected(str(store.folder), version, district, groups, years)
    results = f"{district} has no mathematics results of {who(sides)}"
    if rows.empty:
        when = f" in {with_commas(years)}" if years else ""
        raise Refusal(advice(f"{results}{when}."))
    here = sorted({int(grade) for grade in rows["grade"]})
    missing = [grade for grade in grades if grade not in here]
    if question.grades and missing:
        raise Refusal(
            f"{results} in grade {with_commas(missing)}. It has grades {with_commas(here)}; choose "
            "from these."
        )
    data = Data(rows, sides, tuple(grade for grade in grades if grade in here))
    found = MEASURES[measure](data)
    name = rows["district_name"].iloc[-1] or f"District {district}"
    return replace(found, sentence=f"{name}: {found.sentence}", fingerprint=mark)


def _measure(name):
    """The measure as it is written in ``MEASURES`` (text)."""
    known = {measure.casefold(): measure for measure in MEASURES}
    asked = str(name).strip().casefold()
    if asked in known:
        return known[asked]
    close = nearest(name, MEASURES) or list(MEASURES)
    raise Refusal(f"There is no measure {name!r}. Did you mean {' or '.join(map(repr, close))}?")


def _sides(question, measure):
    """The codes of the groups asked about, by the side on which they stand (dict)."""
    if measure in OF_ONE or measure in indicator_answers.OF_ONE:
        return {"group": group_code(question.group or ALL_STUDENTS)}
    if not (question.group and question.comparison):
        raise Refusal(
            f"The measure {question.measure!r} sets two student groups side by side; name "
            "the group and the comparison group."
        )
    focus, comparison = group_code(question.group), group_code(question.comparison)
    must_share_nobody(focus, comparison)
    return {"focus": focus, "comparison": comparison}


def _grades(grades):
    for grade in grades:
        if grade not in GRADES:
            by_distance = sorted(GRADES, key=lambda known, asked=grade: abs(known - asked))
            close = listed(sorted(by_distance[:2]), "or")
            raise Refusal(
                f"There is no mathematics test in grade {grade}: it is taken in grades "
                f"{listed(GRADES)}. Did you mean grade {close}?"
            )
    return tuple(sorted(set(grades))) or GRADES


@lru_cache(maxsize=16)
def _protected(folder, version, district, groups, years):
    """The district's rows of the groups in every grade, protected, and their fingerprint.

    ``version`` is not read: it makes that they are read again when the district's data change.
    """
    raw = Store(folder).district(
        district, grades=list(GRADES), groups=list(groups), years=years and list(years)
    )
    raw = raw.sort_values(caaspp.KEY, ignore_index=True)
    shown = protect(raw) if len(raw) else raw
    return shown, hashlib.sha256(shown[_READ].to_csv(index=False).encode()).hexdigest()[:16]


# What a cause may claim to make of the gap, as a share of it, with the function that finds it.
_SPLITS = {
    "between schools": findings.of_schools,
    "within schools": findings.of_schools,
    "between grades": findings.of_grades,
    "within grades": findings.of_grades,
    "before grade 6": findings.of_classes,
    "during middle school": findings.of_classes,
}
PARTS = {part: f"share of the gap {part}" for part in _SPLITS}
# What can be asked of one student group, and of two.
OF_ONE = {
    "percent met": findings.percent,
    "mean scale score": findings.mean_score,
    "distance from standard": findings.distance,
}
OF_TWO = {
    "gap in percent met": findings.gap,
    "gap in standard deviations": findings.gap_in_sd,
    "gap by grade": findings.by_grade,
    "trend of the gap": partial(findings.trend, find=gaps.gap_in_points),
    "trend of the gap in standard deviations": partial(findings.trend, find=gaps.gap_in_sd),
    "gap between and within schools": findings.by_school,
    **{PARTS[part]: partial(find, part=part) for part, find in _SPLITS.items()},
}
# The state's other public measures, of all grades that a district has.
OF_INDICATORS = indicator_answers.OF_ONE | indicator_answers.OF_TWO
MEASURES = OF_ONE | OF_TWO | OF_INDICATORS
