"""Questions that a team keeps beside its causes, answered from the store whenever they are asked.

A question names a measure of ``MEASURES``, a district, one or two student groups, grades and years;
its answer is a sentence, a number and the fingerprint of the data it was read from. ``findings``
has how each measure is found.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from see_the_system.data import caaspp
from see_the_system.data.codes import ALL_STUDENTS, GROUPS, MATH_CUTS, group_code
from see_the_system.data.store import Store
from see_the_system.gaps import findings, measures
from see_the_system.gaps import two_groups as gaps
from see_the_system.gaps.findings import Data, advice, listed, who
from see_the_system.messages import Refusal, nearest
from see_the_system.privacy import protect as privacy

GRADES = tuple(MATH_CUTS)
_READ = [
    *caaspp.KEY,
    "type_id",
    "tested",
    "with_scores",
    "mean_scale_score",
    *measures.LEVELS,
    "missing_scores",
]


@dataclass(frozen=True)
class Measure:
    """What is asked, in words; of how many student groups; and the function that finds it."""

    asks: str
    groups: int
    find: Callable = field(repr=False)


def answer(question, store, *, min_n=privacy.MIN_N):
    """What the data of a store say to a question today (``Answer``).

    question: any object with measure, district, group, comparison, grades and years. No group is
    all students where one is asked for; no grades are 3 to 8 and 11; no years are all there are. An
    answer on one year is on the newest that shows it, 2021 left aside. The district's rows of the
    groups are protected as a whole, in every grade, before anything is found in them: nothing
    hidden leaves. The fingerprint is of these rows in these years, so that it changes with them
    alone. Raises ``Refusal`` for what the question names wrong, and where the data cannot answer
    it.
    """
    measure, district = _measure(question.measure), caaspp.district_code(question.district)
    sides, years = _sides(question, measure), tuple(sorted(set(question.years))) or None
    grades = _grades(question.grades)
    rows, mark = _protected(
        str(store.folder),
        store.fingerprint(district),
        district,
        tuple(sorted(sides.values())),
        years,
        min_n,
    )
    if rows.empty:
        raise Refusal(
            advice(
                f"{district} has no mathematics results of "
                f"{who(sides)}{f' in {listed(years)}' if years else ''}."
            )
        )
    here = sorted({int(grade) for grade in rows["grade"]})
    if question.grades and (missing := sorted(set(grades) - set(here))):
        raise Refusal(
            f"{district} has no mathematics results of {who(sides)} in grade {listed(missing)}. "
            f"It has grades {listed(here)}; choose from these."
        )
    found = measure.find(Data(rows, sides, tuple(grade for grade in grades if grade in here)))
    name = rows["district_name"].iloc[-1] or f"District {district}"
    return replace(found, sentence=f"{name}: {found.sentence}", fingerprint=mark)


# --- what a question names
# ---------------------------------------------------------------------------------------------------------


def _measure(name):
    known = {key.casefold(): measure for key, measure in MEASURES.items()}
    if found := known.get(str(name).strip().casefold()):
        return found
    close = nearest(name, MEASURES) or list(MEASURES)
    raise Refusal(f"There is no measure {name!r}. Did you mean {' or '.join(map(repr, close))}?")


def _sides(question, measure):
    if measure.groups == 1:
        return {"group": group_code(question.group or ALL_STUDENTS)}
    if not (question.group and question.comparison):
        raise Refusal(
            f"The measure {question.measure!r} sets two student groups side by side; name "
            "the group and the comparison group."
        )
    sides = {"focus": group_code(question.group), "comparison": group_code(question.comparison)}
    if sides["focus"] == sides["comparison"]:
        raise Refusal(
            f"The group and the comparison group are both {GROUPS[sides['focus']]!r}. Choose "
            "two different groups."
        )
    return sides


def _grades(grades):
    for grade in grades:
        if grade not in GRADES:
            close = sorted(sorted(GRADES, key=lambda known: abs(known - grade))[:2])
            known, close = f"{listed(GRADES[:-1])} and {GRADES[-1]}", " or ".join(map(str, close))
            raise Refusal(
                f"There is no mathematics test in grade {grade}: it is taken in grades "
                f"{known}. Did you mean grade {close}?"
            )
    return tuple(sorted(set(grades))) or GRADES


@lru_cache(maxsize=16)
def _protected(folder, _, district, groups, years, min_n):
    """The district's rows of the groups in every grade, protected, and their fingerprint; read
    again when the district's data change.
    """
    raw = Store(folder).district(
        district, grades=list(GRADES), groups=list(groups), years=years and list(years)
    )
    raw = raw.sort_values(caaspp.KEY, ignore_index=True)
    mark = hashlib.sha256(raw[_READ].to_csv(index=False).encode()).hexdigest()[:16]
    return privacy.protect(raw, min_n=min_n) if len(raw) else raw, mark


MEASURES = {
    "percent met": Measure(
        "What percent of a student group met or exceeded the standard", 1, findings.percent
    ),
    "mean scale score": Measure(
        "The mean scale score of a student group in one grade", 1, findings.mean_score
    ),
    "distance from standard": Measure(
        "How far a student group's mean scores are from the standard of their grades",
        1,
        findings.distance,
    ),
    "gap in percent met": Measure(
        "How many percentage points apart two groups are in meeting the standard", 2, findings.gap
    ),
    "gap in standard deviations": Measure(
        "How far apart two groups are, wherever the cut scores lie", 2, findings.gap_in_sd
    ),
    "gap by grade": Measure(
        "In which grades the gap in percent met is wide, and in which narrow", 2, findings.by_grade
    ),
    "trend of the gap": Measure(
        "Whether the gap in percent met grew or shrank over the years",
        2,
        findings.trend(gaps.gap_in_points),
    ),
    "trend of the gap in standard deviations": Measure(
        "The same, wherever the cut scores lie", 2, findings.trend(gaps.gap_in_sd)
    ),
    "gap between and within schools": Measure(
        "How many points of the gap lie between schools, and how many within them",
        2,
        findings.by_school,
    ),
}
# What a cause may claim to make, and the measure that says how much of the gap that is.
_SPLITS = {
    "between schools": findings.of_schools,
    "within schools": findings.of_schools,
    "between grades": findings.of_grades,
    "within grades": findings.of_grades,
    "before grade 6": findings.of_classes,
    "during middle school": findings.of_classes,
}
PARTS = {part: f"share of the gap {part}" for part in _SPLITS}
MEASURES |= {
    PARTS[part]: Measure(f"What share of the gap stands {part}", 2, split(part))
    for part, split in _SPLITS.items()
}
