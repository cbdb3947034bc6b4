"""Every entity of a state and its counts: students drawn by the practice network's own model.

Some districts at a time, each with its own students, level and gap. English language arts is a
second score of the same students; attributes that the practice network leaves out (homeless,
migrant, parents' education and so on) are given to students at random.
"""

import numpy as np
import pandas as pd

from practice_network import calibration, network, year_files
from practice_network import score_model as model
from see_the_system.data import codes

GRADES = (3, 4, 5, 6, 7, 8, 11, 13)
GROUPS = tuple(sorted(set(codes.GROUPS) - {243}))
AT = {group: i for i, group in enumerate(GROUPS)}
TESTS = {1: codes.ELA_STANDARD, 2: {grade: cuts[1] for grade, cuts in codes.MATH_CUTS.items()}}
KINDS = {"Elementary": "K5", "School": "K8", "Middle": "M", "High": "H"}
ENROLLED, TESTED, SCORED, NOT_MET, NEARLY, MET, EXCEEDED = range(7)
BLOCK = 300  # entities written at a time, and schools drawn at a time or a little more
ETHNICITIES = (0.05, 0.006, 0.11, 0.028, 0.545, 0.006, 0.20, 0.045, 0.01)
# Attributes that the practice network has not: two groups and the share of the first.
PAIRS = ((52, 53, 0.035), (50, 51, 0.02), (28, 29, 0.012), (240, 241, 0.006))
PARENTS = {90: 0.16, 91: 0.2, 92: 0.22, 93: 0.2, 94: 0.15, 121: 0.07}
# How the second score goes with the first; its cuts, in SDs.
ELA_ALIKE = 0.82
ELA_LIFT = 0.22
ELA_CUTS = (-0.55, 0.05, 0.75)


def make_entities(scale, random):
    """Every county, district and school: arrays by name (dict), in the order of the codes.

    The state comes first.
    """
    districts = max(4, round(1010 * scale))
    counties = np.sort(random.integers(1, 59, districts))
    weight = random.lognormal(0, 1.35, districts)
    schools = 1 + random.poisson(9_000 * scale * weight / weight.sum())
    rows = [(0, 0, 0, codes.STATE, "")]
    for position, (county, count) in enumerate(zip(counties, schools, strict=True)):
        if position == 0 or counties[position - 1] != county:
            rows.append((county, 0, 0, codes.COUNTY, ""))
        code = 60_000 + 7 * position
        name = f"Synthetic Unified {position + 1:04d}"
        if position % 50 == 0:
            name += " Cañada"
        rows.append((county, code, 0, codes.DISTRICT, name))
        types = random.choice((7, 9, 10), count, p=(0.88, 0.08, 0.04))
        numbers = np.sort(random.choice(900_000, count, replace=False))
        numbers = np.sort(numbers + 6_000_000 * (random.random(count) < 0.8))
        rows += [
            (county, code, number, kind, name) for number, kind in zip(numbers, types, strict=True)
        ]
    county, district, school, kind, name = (np.array(column) for column in zip(*rows, strict=True))
    kinds = random.choice(list(KINDS), len(rows), p=(0.58, 0.09, 0.15, 0.18))
    school_names = [f"Synthetic {words} {i:05d}" for i, words in enumerate(kinds)]
    school_name = np.where(school > 0, school_names, "")
    return {
        "county": county,
        "district": district,
        "school": school,
        "type": kind,
        "kind": kinds,
        "school_name": school_name,
        "district_name": np.where(kind == codes.DIRECT_CHARTER, school_name, name),
    }


def draw_counts(entities, random, year=2025):
    """Enrolled, tested, with scores and the four levels (int32 array).

    By entity, test, grade, group and count.
    """
    schools = np.flatnonzero(entities["school"])
    counts = np.zeros((len(entities["school"]), len(TESTS), len(GRADES), len(GROUPS), 7), np.int32)
    starts = np.flatnonzero(np.diff(entities["district"][schools], prepend=-1))
    for number, part in enumerate(_blocks(schools, starts)):
        counts[part, :, :-1] = _draw_block(entities, part, random, year, key=(1 + number,))
    counts[:, :, -1] = counts[:, :, :-1].sum(axis=2)
    _add_up(entities, counts)
    return counts


def _blocks(schools, starts):
    """Schools of whole districts together, ``BLOCK`` of them or a little more (list of arrays)."""
    cuts = [0]
    for start in starts[1:]:
        if start - cuts[-1] >= BLOCK:
            cuts.append(start)
    return np.split(schools, cuts[1:])


def _draw_block(entities, part, random, year, key):
    net = _network(entities, part, random, key)
    drawn = model.draw_students(year, model.cells(year, net), key=key)
    at = pd.Index(net.schools["code"]).get_indexer(drawn["code"])
    grades = len(GRADES) - 1
    cell = at * grades + drawn["grade"].map(GRADES.index).to_numpy()
    size = len(part) * grades
    columns = [column for test in TESTS for column in _columns(drawn, test, random, year)]
    known = [group for group in GROUPS if group in year_files.GROUPS]
    places = [AT[group] for group in known]
    sums = np.zeros((len(GROUPS), size, len(columns)), np.int64)
    sums[places] = year_files.group_sums(drawn, cell, size, columns, known)
    for group, member in _others(drawn, random).items():
        for place, column in enumerate(columns):
            sums[AT[group], :, place] = np.bincount(cell[member], column[member], size)
    by_test = sums.reshape(len(GROUPS), len(part), grades, len(TESTS), 7)
    return by_test.transpose(1, 3, 2, 0, 4)


def _network(entities, part, random, key):
    """Invented districts for some schools, with students, a level and a gap (network.Network)."""
    district = [f"{code:05d}" for code in entities["district"][part]]
    districts = tuple(_district(code, random) for code in dict.fromkeys(district))
    kind = entities["kind"][part]
    median = np.select([kind == "Middle", kind == "High"], [150, 170], 62)
    is_small = random.random(len(part)) < 0.18
    median = median * np.where(is_small, 0.12, 1)
    sizes = np.maximum(1, np.rint(median * random.lognormal(0, 0.6, len(part))))
    numbers = zip(district, entities["school"][part], strict=True)
    frame = pd.DataFrame(
        {
            "district": district,
            "code": [f"{code}{number:07d}" for code, number in numbers],
            "type_id": entities["type"][part],
            "kind": [KINDS[words] for words in kind],
            "size": sizes,
            "name": "",
            "first": 2015,
            "last": 2025,
        }
    )
    return network.Network(districts, frame, key)


def _district(code, random):
    ethnicities = tuple(random.dirichlet(14 * np.array(ETHNICITIES)) + 1e-4)
    traits = (random.normal(0, spread) for spread in (0.7, 0.2, 0.05))
    return network.District(code, "", ethnicities, *traits)


def _columns(drawn, test, random, year):
    """Enrolled, tested, with scores and the four levels of one test, one value a student."""
    tested = drawn["tested"].to_numpy()
    scored = drawn["scored"].to_numpy()
    level = drawn["level"].to_numpy() if test == 2 else _second_level(drawn, random, year)
    levels = [scored & (level == number) for number in range(4)]
    return [np.ones(len(drawn)), *(column.astype(float) for column in (tested, scored, *levels))]


def _second_level(drawn, random, year):
    grade = drawn["grade"].map(network.GRADES.index)
    mean = grade.map(dict(enumerate(calibration.MEANS[year])))
    sd = grade.map(dict(enumerate(calibration.SDS[year])))
    own = ((drawn["raw"] - mean) / sd).to_numpy()
    noise = random.standard_normal(len(drawn))
    second = ELA_LIFT + ELA_ALIKE * own + np.sqrt(1 - ELA_ALIKE**2) * noise
    return np.searchsorted(ELA_CUTS, second, side="right")


def _others(drawn, random):
    """Who is in the groups that the practice network has not (dict of group to bool array)."""
    count = len(drawn)
    found = {}
    for one, other, share in PAIRS:
        found[one] = random.random(count) < share
        found[other] = ~found[one]
    parents = random.choice(list(PARENTS), count, p=list(PARENTS.values()))
    found |= {group: parents == group for group in PARENTS}
    learner = (drawn["language"] == "EL").to_numpy()
    new, long, at_risk = (learner & (random.random(count) < share) for share in (0.06, 0.35, 0.3))
    later = (drawn["grade"] >= 6).to_numpy()  # nobody is a long-term English learner before grade 6
    return found | {120: new, 142: learner & ~new, 250: long & later, 251: at_risk}


def _add_up(entities, counts):
    """Put the sums into the rows of districts, counties and the state."""
    school = entities["school"] > 0
    funded_direct = entities["type"] == codes.DIRECT_CHARTER
    for row in np.flatnonzero(~school):
        inside = school
        if entities["type"][row] == codes.DISTRICT:
            own = entities["district"] == entities["district"][row]
            inside = school & own & ~funded_direct
        elif entities["type"][row] == codes.COUNTY:
            inside = school & (entities["county"] == entities["county"][row])
        # In blocks: numpy would copy the whole of what a mask picks.
        parts = np.array_split(np.flatnonzero(inside), 1 + inside.sum() // BLOCK)
        counts[row] = sum(counts[part].sum(axis=0) for part in parts)
