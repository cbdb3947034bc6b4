"""The answer key of a practice district in words and numbers, for a facilitator alone."""

from practice_network import history, mechanisms, network, planted
from practice_network.district_students import students
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
    """What each planted cause makes of the score gap of two groups.

    A dict of cause id to percent of the gap; ``"gap"``: the gap in SDs. The part of a cause is its
    planted effect times how much more, or less, of its exposure the comparison group had. A cause
    that reaches both groups alike lowers results and makes no gap. Raises ``Refusal`` for groups
    without tested students in these grades.
    """
    tested = students(district, year)
    tested = tested[tested.grade.isin(grades) & tested.score.notna()]
    means = {}
    for name in (focus, comparison):
        group = tested[tested.group == codes.GROUPS[codes.group_code(name)]]
        if group.empty:
            raise Refusal(
                f"{_name(district)} has no tested students of the group {name!r} in these "
                f"grades in {year}. Choose another group, grades or year."
            )
        means[name] = group.mean(numeric_only=True)
    differ = means[comparison] - means[focus]
    shares = {
        cause.id: 100 * (cause.effect * differ[cause.exposure]) / differ.score
        for cause in planted.CAUSES
    }
    return shares | {"gap": differ.score}


def describe_key(district):
    """The planted causes of a district and the tempting wrong theory (text with line ends).

    With what each cause makes of the gap, and which data tell.
    """
    acting = planted.acting(district)
    lines = [f"For the facilitator. {_name(district)}, synthetic: what is planted.", ""]
    if acting:
        shares = planted_shares(district)
    else:
        lines.append(
            "No cause is planted strongly enough here to be found: one room of students, one "
            "course, results in two weeks. Its place is to be compared with."
        )
    for cause in acting:
        told_by = "; ".join(cause.told_by)
        lines += [
            f"{cause.name} ({_grades(cause)}; {_makes(shares[cause.id])})",
            f"  {cause.mechanism}",
            f"  Effect: {cause.effect:+.3g} SD for each unit of {cause.exposure}. It would "
            f"show in: {told_by}.",
            "",
        ]
    for decoy in planted.DECOYS:
        told_by = "; ".join(decoy.told_by)
        lines += [
            f"The tempting wrong theory: {decoy.name.lower()}",
            f"  {decoy.mechanism}",
            f"  It can be told from: {told_by}.",
        ]
    return "\n".join(lines)


def _makes(share):
    if share < 0.5:
        return "reaches both groups about alike: it lowers results and makes no gap"
    return f"{share:.0f} percent of the gap of {FOCUS} and {COMPARISON} students, grades 6 to 8"


def _name(district):
    return network.DISTRICT_NAMES[planted.code_of(district)]


def _grades(cause):
    lowest, highest = cause.grades[0], cause.grades[-1]
    return f"grade {lowest}" if lowest == highest else f"grades {lowest} to {highest}"
