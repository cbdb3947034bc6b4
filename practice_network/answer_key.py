"""The answer key of a practice district in words and numbers, for a facilitator alone."""

from practice_network import district_students, history, mechanisms, network, planted
from see_the_system.data import codes
from see_the_system.messages import Refusal

FOCUS, COMPARISON = "Hispanic or Latino", "White"


def planted_shares(
    district,
    *,
    focus=FOCUS,
    comparison=COMPARISON,
    grades=mechanisms.MIDDLE,
    year=history.YEARS[-1],
):
    """What each planted cause makes of the score gap of two groups (dict of cause id to percent of
    the gap; ``"gap"``: the gap in SDs).

    The part of a cause is its planted effect times how much more, or less, of its exposure the
    comparison group had. A cause that reaches both groups alike lowers results and makes no gap.
    Raises ``Refusal`` for groups without tested students in these grades.
    """
    students = district_students.students(district, year)
    known = students[students.grade.isin(grades) & students.score.notna()]
    rows = {
        name: known[known.group == codes.GROUPS[codes.group_code(name)]]
        for name in (focus, comparison)
    }
    if empty := [name for name, part in rows.items() if part.empty]:
        raise Refusal(
            f"{_name(district)} has no tested students of the group {empty[0]!r} in these "
            f"grades in {year}. Choose another group, grades or year."
        )
    gap = rows[comparison].score.mean() - rows[focus].score.mean()
    parts = {
        cause.id: cause.effect
        * (rows[comparison][cause.exposure].mean() - rows[focus][cause.exposure].mean())
        for cause in planted.CAUSES
    }
    return {id: 100 * part / gap for id, part in parts.items()} | {"gap": gap}


def describe_key(district):
    """The planted causes of a district, what each makes of the gap, the tempting wrong theory, and
    which data tell (text with line ends).
    """
    acting = planted.acting(district)
    lines = [f"For the facilitator. {_name(district)}, synthetic: what is planted.", ""]
    shares = planted_shares(district) if acting else {}
    if not acting:
        lines.append(
            "No cause is planted strongly enough here to be found: one room of students, one "
            "course, results in two weeks. Its place is to be compared with."
        )
    for cause in acting:
        lines += [
            f"{cause.name} ({_grades(cause)}; {_makes(shares[cause.id])})",
            f"  {cause.mechanism}",
            f"  Effect: {cause.effect:+.3g} SD for each unit of {cause.exposure}. It would "
            f"show in: {'; '.join(cause.told_by)}.",
            "",
        ]
    for decoy in planted.DECOYS:
        lines += [
            f"The tempting wrong theory: {decoy.name.lower()}",
            f"  {decoy.mechanism}",
            f"  It can be told from: {'; '.join(decoy.told_by)}.",
        ]
    return "\n".join(lines)


def _makes(share):
    if share < 0.5:
        return "reaches both groups about alike: it lowers results and makes no gap"
    return f"{share:.0f} percent of the gap of {FOCUS} and {COMPARISON} students, grades 6 to 8"


def _name(district):
    code = planted.code_of(district)
    return next(one.name for one in network.DISTRICTS if one.code == code)


def _grades(cause):
    return (
        f"grade {cause.grades[0]}"
        if len(cause.grades) == 1
        else f"grades {cause.grades[0]} to {cause.grades[-1]}"
    )
