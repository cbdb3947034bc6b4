"""Questions, and small files of a district and its schools that they are asked of."""

from types import SimpleNamespace

from see_the_system.gaps.questions import answer
from tests import raw_files as raw

LARGE, MIDDLE_SIZE, TINY = "99-10017", "99-10066", "99-10082"
GRADES = (4, 5, 6, 7, 8)
PLAIN = {"0000001": {78: (100, 20), 80: (300, 180)}, "0000002": {78: (300, 90), 80: (100, 40)}}
OWN = {"district": "19-64733"}


def question(
    measure, district=LARGE, group="Hispanic or Latino", comparison="White", grades=(), years=()
):
    return SimpleNamespace(
        measure=measure,
        district=district,
        group=group,
        comparison=comparison,
        grades=grades,
        years=years,
    )


def ask(store, measure, **changed):
    return answer(question(measure, **changed), store)


def levels(n, met):
    return (n - met - (n - met) // 2, (n - met) // 2, met - met // 2, met // 2)


def rows_of(schools, *, grade=8, **more):
    """The rows of schools, {code: {group: (students, meeting)}}, and of the district that they
    make.
    """
    sums, rows = {}, []
    for code, groups in schools.items():
        for group, size in groups.items():
            sums[group] = tuple(
                map(sum, zip(sums.get(group, (0, 0, 0, 0)), levels(*size), strict=True))
            )
            rows.append(
                raw.cells(
                    "D",
                    school=code,
                    type=7,
                    school_name=f"School {code}",
                    group=group,
                    levels=levels(*size),
                    grade=grade,
                    **more,
                )
            )
    return rows + [
        raw.cells("D", group=group, levels=each, grade=grade, **more)
        for group, each in sums.items()
    ]
