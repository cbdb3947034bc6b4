"""What each of the state's student groups is, and which sums between groups follow from that.

A group is everybody whose characteristics lie in ``GROUP_IS``. Which groups lie inside which, which
share nobody and which add up to which is worked out from it, never listed. What is left of a group
beside its parts is a group too, which nobody lists but anybody can work out.

Where a few pupils have none of the known values (ethnicity or gender not reported) parts that cover
all known values make a whole sum; those few are a rest of it wherever the numbers show them.

Checked on the 2024 science file of county 38, all groups: the sums of two, the eight ethnicities,
ethnicity by economic status and 6 = 7 + 8 + 180 are exact wherever all parts are shown.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from see_the_system.data.codes import ALL_STUDENTS, ETHNICITIES, GROUPS
from see_the_system.messages import Refusal

OWN = 1_000  # the codes of groups that are not on the state's list start here
_ALL_SETS = 10  # of so many groups every set is tried; of more, sets of one's own groups alone
_FEW = 3  # of more than so many of one's own, sets of a few, or of all but a few
_LEARNERS = {"less than 12 months", "12 months or more", "at risk", "long-term"}
_FLUENT = {"English only", "initially fluent", "reclassified"}
# The values by which parts cover a whole: with "to be determined" and the like nothing is missing.
_KNOWN = {
    "gender": {"male", "female"},
    "ethnicity": set(ETHNICITIES),
    "language": _LEARNERS | _FLUENT,
    "education": {90, 91, 92, 93, 94, 121},
    **{key: {True, False} for key in ("income", "disability", "migrant", "military")},
    **{key: {True, False} for key in ("homeless", "foster")},
}
GROUP_IS = {
    1: {},
    3: {"gender": {"male"}},
    4: {"gender": {"female"}},
    31: {"income": {True}},
    111: {"income": {False}},
    99: {"disability": {False}},
    128: {"disability": {True}},
    28: {"migrant": {True}},
    29: {"migrant": {False}},
    50: {"military": {True}},
    51: {"military": {False}},
    52: {"homeless": {True}},
    53: {"homeless": {False}},
    240: {"foster": {True}},
    241: {"foster": {False}},
    6: {"language": _FLUENT},
    7: {"language": {"initially fluent"}},
    8: {"language": {"reclassified"}},
    180: {"language": {"English only"}},
    190: {"language": {"to be determined"}},
    160: {"language": _LEARNERS},
    120: {"language": {"less than 12 months"}},
    142: {"language": _LEARNERS - {"less than 12 months"}},
    250: {"language": {"long-term"}},
    251: {"language": {"at risk"}},
    243: {"language": _LEARNERS, "adult": {True}},
    170: {"language": _LEARNERS | {"reclassified"}},
    252: {"language": {"English only", "initially fluent"}},
    **{code: {"ethnicity": {code}} for code in ETHNICITIES},
    **{code: {"education": {code}} for code in (90, 91, 92, 93, 94, 121)},
    **{200 + i: {"ethnicity": {code}, "income": {True}} for i, code in enumerate(ETHNICITIES)},
    **{220 + i: {"ethnicity": {code}, "income": {False}} for i, code in enumerate(ETHNICITIES)},
}
# Whom the state counts as disadvantaged whatever the family earns: values that bring it with them.
_DISADVANTAGED = {"homeless": True, "foster": True, "migrant": True, "education": 90}
assert set(GROUP_IS) == set(GROUPS)


@dataclass(frozen=True)
class GroupSum:
    """A group that is the sum of its ``parts``, groups that share nobody (codes).

    ``whole``: the parts are all of it; where not, a rest beside them is always there. ``few``: only
    of interest where the rest is few. ``blocks``: the numbers of the blocks it is believed in, None
    for all.
    """

    total: int
    parts: tuple
    whole: bool = False
    few: bool = False
    blocks: frozenset | None = None


def inside(group, other):
    """Whether everybody in a group is in another one (bool).

    >>> inside(222, 76), inside(52, 31), inside(111, 53), inside(31, 76)
    (True, True, True, False)
    """
    is_in = _with_what_follows(group)
    return all(is_in.get(name, _ANYTHING) <= values for name, values in GROUP_IS[other].items())


def apart(group, other):
    """Whether nobody can be in both groups (bool)."""
    one, two = _with_what_follows(group), _with_what_follows(other)
    return any(not one[name] & two[name] for name in one.keys() & two.keys())


def must_share_nobody(focus, comparison):
    """Refuses a pair of groups with students in both: no interval of a gap holds for such a pair.

    The refusal names groups that share nobody with the focus group, those that are told apart from
    it by the same characteristics.
    """
    if focus == comparison:
        raise Refusal(
            "The focus group and the comparison group are both "
            f"{GROUPS[focus]!r}. Choose two different groups."
        )
    if apart(focus, comparison):
        return
    told_by = GROUP_IS[focus].keys()
    others = [group for group in GROUPS if group != focus and apart(group, focus)]
    alike = [group for group in others if GROUP_IS[group].keys() == told_by]
    within = [group for group in alike if inside(group, comparison)]
    names = " or ".join(repr(GROUPS[group]) for group in (within or alike or others)[:3])
    name = repr(GROUPS[focus])
    raise Refusal(
        f"Students can be in both {name} and {GROUPS[comparison]!r}: no interval of a gap between "
        f"them holds. Compare {name} with {names}."
    )


class _Anything(frozenset):
    """The values of a characteristic that a group does not speak of: more than any set has."""

    def __le__(self, other):
        return False


_ANYTHING = _Anything()


def _with_what_follows(group):
    """A group's characteristics with those that they bring with them (dict)."""
    values = GROUP_IS[group]
    if any(values.get(name) == {value} for name, value in _DISADVANTAGED.items()):
        return values | {"income": {True}}
    if values.get("income") == {False}:
        other = {name: _KNOWN[name] - {value} for name, value in _DISADVANTAGED.items()}
        return other | values
    return values


@lru_cache(maxsize=256)
def sums_among(present):
    """The sums that follow among these groups (tuple of ``GroupSum``); present: a frozenset.

    >>> [(s.total, s.parts, s.whole) for s in sums_among(frozenset({1, 31, 111, 160}))]
    [(1, (160,), False), (1, (31, 111), True)]
    >>> [(s.total, s.parts, s.whole) for s in sums_among(frozenset({76, 222}))]
    [(76, (222,), False)]
    """
    found = {}
    for total in sorted(present):
        for name in _KNOWN:
            for parts in _partitions(total, name, present):
                whole = _covers(parts, total, name)
                found.setdefault((total, parts), GroupSum(total, parts, whole))
    found = {key: one for key, one in found.items() if not _follows(one, found)}
    direct = {(one.total, part) for one in found.values() for part in one.parts}
    for total in sorted(present):
        within = [code for code in sorted(present) if code != total and inside(code, total)]
        for part in within:
            if (total, part) not in direct:
                between = any(part != code and inside(part, code) for code in within)
                found[total, (part,)] = GroupSum(total, (part,), few=between)
    return tuple(found.values())


def _follows(one, found):
    """Whether a sum follows from two others: some of its parts make up a part of a shorter sum."""
    for (middle, parts), other in found.items():
        if other.whole and set(parts) < set(one.parts):
            shorter = tuple(sorted({*one.parts, middle} - set(parts)))
            if (one.total, shorter) in found:
                return True
    return False


def _partitions(total, name, present):
    """The largest sets of groups that differ from the total in one characteristic and are apart."""
    others = {key: values for key, values in GROUP_IS[total].items() if key != name}
    allowed = GROUP_IS[total].get(name)
    narrower = []
    for code in sorted(present):
        values = dict(GROUP_IS[code])
        own = values.pop(name, None)
        if own and values == others and (allowed is None or own < allowed):
            narrower.append(code)
    return _largest_apart(narrower)


def _largest_apart(groups, chosen=()):
    """The largest sets of these groups of which no two share anybody (list of tuples)."""
    sets = []
    for place, code in enumerate(groups):
        later = [other for other in groups[place + 1 :] if apart(code, other)]
        sets += _largest_apart(later, (*chosen, code))
    if not groups and chosen:
        return [chosen]
    return [one for one in sets if not any(set(one) < set(other) for other in sets)]


def _covers(parts, total, name):
    wanted = GROUP_IS[total].get(name, _KNOWN[name])
    return wanted & _KNOWN[name] <= set().union(*(GROUP_IS[part][name] for part in parts))


def could_lie_in(part, total):
    """Whether a group may be a part of another, of one's own or of the state's (bool)."""
    known = part < OWN and total < OWN
    return part not in (total, ALL_STUDENTS) and (not known or inside(part, total))


def sets_apart(codes, *, with_own):
    """The sets of groups that may share nobody, one a row (mask, a column a group).

    ``with_own``: only those with a group of one's own in them.
    """
    number = len(codes)
    own = [place for place, code in enumerate(codes) if code >= OWN]
    tried = range(number) if number <= _ALL_SETS else own
    sizes = range(1, len(tried) + 1)
    if len(tried) > _ALL_SETS:
        sizes = [size for size in sizes if size <= _FEW or size > len(tried) - _FEW]
    chosen = [one for size in sizes for one in combinations(tried, size)]
    sets = np.zeros((len(chosen), number), dtype=bool)
    for row, one in enumerate(chosen):
        sets[row, list(one)] = True
    listed = [place for place in range(number) if place not in own]
    shared = np.zeros((number, number), dtype=int)
    for one, other in combinations(listed, 2):
        shared[one, other] = not apart(codes[one], codes[other])
    good = (sets.astype(int) @ shared * sets).sum(axis=1) == 0
    return sets[good & sets[:, own].any(axis=1)] if with_own else sets[good]
