"""Writes a synthetic file as large as the state's: every student group, both tests, about 1,000
districts and 10,000 schools.

``python benchmarks/statewide.py FILE [--year 2025] [--scale 1.0]``

The layout is that of 2024 and 2025 (69 columns, carets, cp1252, CRLF). Students are drawn by the
practice network's own model, some districts at a time, each with its own students, level and gap;
English language arts is a second score of the same students. Attributes that the practice network
leaves out (homeless, migrant, parents' education and so on) are given to students at random. So
every row is true to itself (levels add up to the scores, percentages follow from counts, the
state's marks stand where its rules hide a value), groups of a school add up to its students, a
district is the sum of its schools without direct-funded charters, a county and the state of
everything, grade 13 of the grades. Means are made from the levels, so that sums stay true to their
parts. No row is about a real school.
"""

import argparse
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from practice_network import calibration, network, state_counts, students
from practice_network import score_model as model
from practice_network import state_layouts as layouts
from see_the_system.data import codes

GRADES = (3, 4, 5, 6, 7, 8, 11, 13)
GROUPS = tuple(sorted(set(codes.GROUPS) - {243}))
AT = {group: i for i, group in enumerate(GROUPS)}
TESTS = {1: codes.ELA_STANDARD, 2: {grade: cuts[1] for grade, cuts in codes.MATH_CUTS.items()}}
KINDS = {"Elementary": "K5", "School": "K8", "Middle": "M", "High": "H"}
ENROLLED, TESTED, SCORED, NOT_MET, NEARLY, MET, EXCEEDED = range(7)
BLOCK = 300  # entities written at a time, and schools drawn at a time or a little more
ETHNICITIES = (0.05, 0.006, 0.11, 0.028, 0.545, 0.006, 0.20, 0.045, 0.01)
# Attributes that the practice network has not: two groups and the share of the first, among all
# students.
PAIRS = ((52, 53, 0.035), (50, 51, 0.02), (28, 29, 0.012), (240, 241, 0.006))
PARENTS = {90: 0.16, 91: 0.2, 92: 0.22, 93: 0.2, 94: 0.15, 121: 0.07}
ELA_ALIKE, ELA_LIFT, ELA_CUTS = (
    0.82,
    0.22,
    (-0.55, 0.05, 0.75),
)  # how the second score goes with the first; its cuts, in SDs


def make_entities(scale, random):
    """Every county, district and school: a dict of arrays in the order of the codes, the state
    first.
    """
    districts = max(4, round(1010 * scale))
    county = np.sort(random.integers(1, 59, districts))
    weight = random.lognormal(0, 1.35, districts)
    schools = 1 + random.poisson(9_000 * scale * weight / weight.sum())
    rows = [(0, 0, 0, codes.STATE, "", "")]
    for position, (place, count) in enumerate(zip(county, schools)):
        if position == 0 or county[position - 1] != place:
            rows.append((place, 0, 0, codes.COUNTY, "", ""))
        code, name = (
            60_000 + 7 * position,
            f"Synthetic Unified {position + 1:04d}" + (" Cañada" if position % 50 == 0 else ""),
        )
        rows.append((place, code, 0, codes.DISTRICT, name, ""))
        types = random.choice((7, 9, 10), count, p=(0.88, 0.08, 0.04))
        numbers = np.sort(random.choice(900_000, count, replace=False)) + 6_000_000 * (
            random.random(count) < 0.8
        )
        rows += [
            (place, code, number, kind, name, "") for number, kind in zip(np.sort(numbers), types)
        ]
    place, code, number, kind, name, _ = (np.array(column) for column in zip(*rows))
    kinds = random.choice(list(KINDS), len(rows), p=(0.58, 0.09, 0.15, 0.18))
    school = np.array(
        [f"Synthetic {kinds[i]} {i:05d}" if number[i] else "" for i in range(len(rows))]
    )
    return {
        "county": place,
        "district": code,
        "school": number,
        "type": kind,
        "kind": kinds,
        "school_name": school,
        "district_name": np.where(kind == 9, school, name),
    }


def draw_counts(entities, random, year=2025):
    """Enrolled, tested, with scores and the four levels: an int32 array of entity, test, grade,
    group and count.
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
    """Schools of whole districts together, ``BLOCK`` of them or a little more (arrays of
    positions).
    """
    cuts, last = [], 0
    for start in starts[1:]:
        if start - last >= BLOCK:
            cuts.append(start)
            last = start
    return np.split(schools, cuts)


def _draw_block(entities, part, random, year, key):
    net = _network(entities, part, random, key)
    drawn = students.draw_students(year, model.cells(year, net), parts=True, key=key)
    at = pd.Index(net.schools["code"]).get_indexer(drawn["code"])
    grade = drawn["grade"].map({grade: i for i, grade in enumerate(GRADES)}).to_numpy()
    cell, size = at * (len(GRADES) - 1) + grade, len(part) * (len(GRADES) - 1)
    columns = [column for test in TESTS for column in _columns(drawn, test, random, year)]
    known = [group for group in GROUPS if group in state_counts.GROUPS]
    sums = np.zeros((len(GROUPS), size, len(columns)), np.int64)
    sums[[AT[group] for group in known]] = state_counts.group_sums(
        drawn, cell, size, columns, known
    )
    for group, member in _others(drawn, random).items():
        sums[AT[group]] = np.stack(
            [np.bincount(cell[member], column[member], size) for column in columns], axis=-1
        )
    return sums.reshape(len(GROUPS), len(part), len(GRADES) - 1, len(TESTS), 7).transpose(
        1, 3, 2, 0, 4
    )


def _network(entities, part, random, key):
    """Invented districts for some schools (``network.Network``): their students, their level and
    their gap.
    """
    codes_of = [f"{code:05d}" for code in entities["district"][part]]
    districts = tuple(
        network.District(
            code,
            "",
            tuple(random.dirichlet(14 * np.array(ETHNICITIES)) + 1e-4),
            random.normal(0, 0.7),
            random.normal(0, 0.2),
            random.normal(0, 0.05),
        )
        for code in dict.fromkeys(codes_of)
    )
    kind = entities["kind"][part]
    median = np.select([kind == "Middle", kind == "High"], [150, 170], 62) * np.where(
        random.random(len(part)) < 0.18, 0.12, 1
    )
    sizes = np.maximum(1, np.rint(median * random.lognormal(0, 0.6, len(part))))
    frame = pd.DataFrame(
        {
            "district": codes_of,
            "code": [f"{d}{n:07d}" for d, n in zip(codes_of, entities["school"][part])],
            "type_id": entities["type"][part],
            "kind": [KINDS[one] for one in kind],
            "size": sizes,
            "name": "",
            "first": 2015,
            "last": 2025,
        }
    )
    return network.Network(districts, frame, key)


def _columns(drawn, test, random, year):
    """Enrolled, tested, with scores and the four levels of one test, one value a student."""
    tested, scored = drawn["tested"].to_numpy(), drawn["scored"].to_numpy()
    level = drawn["level"].to_numpy() if test == 2 else _second_level(drawn, random, year)
    return [
        np.ones(len(drawn)),
        tested.astype(float),
        scored.astype(float),
        *((scored & (level == one)).astype(float) for one in range(4)),
    ]


def _second_level(drawn, random, year):
    grade = drawn["grade"].map({grade: i for i, grade in enumerate(calibration.GRADES)})
    mean, sd = (
        grade.map(dict(enumerate(table[year]))) for table in (calibration.MEANS, calibration.SDS)
    )
    own = ((drawn["raw"] - mean) / sd).to_numpy()
    second = (
        ELA_LIFT + ELA_ALIKE * own + np.sqrt(1 - ELA_ALIKE**2) * random.standard_normal(len(drawn))
    )
    return np.searchsorted(ELA_CUTS, second, side="right")


def _others(drawn, random):
    """Who is in the groups that the practice network has not (dict of group to bool array)."""
    count, found = len(drawn), {}
    for first, second, share in PAIRS:
        found[first] = random.random(count) < share
        found[second] = ~found[first]
    parents = random.choice(list(PARENTS), count, p=list(PARENTS.values()))
    found |= {group: parents == group for group in PARENTS}
    learner = (drawn["language"] == "EL").to_numpy()
    new, long, at_risk = (learner & (random.random(count) < share) for share in (0.06, 0.35, 0.3))
    later = (drawn["grade"] >= 6).to_numpy()  # nobody is a long-term English learner before grade 6
    return found | {120: new, 142: learner & ~new, 250: long & later, 251: at_risk}


def _add_up(entities, counts):
    school, district, county = entities["school"] > 0, entities["district"], entities["county"]
    for row in np.flatnonzero(~school):
        kind = entities["type"][row]
        if kind == codes.DISTRICT:
            inside = (
                (district == district[row]) & school & (entities["type"] != codes.DIRECT_CHARTER)
            )
        else:
            inside = school if kind == codes.STATE else school & (county == county[row])
        # In blocks: numpy would copy the whole of what a mask picks.
        counts[row] = sum(
            counts[part].sum(axis=0)
            for part in np.array_split(np.flatnonzero(inside), 1 + inside.sum() // BLOCK)
        )


_PERCENTS = pa.array([f"{i // 100}.{i % 100:02d}" for i in range(10_001)])
_TENTHS = pa.array([f"{i // 10}.{i % 10}" for i in range(30_000)])


def _text(values):
    return pc.cast(pa.array(values), pa.string())


def _marked(text, hidden, empty):
    return pc.if_else(pa.array(empty), "", pc.if_else(pa.array(hidden), "*", text))


def _share(part, whole):
    return _PERCENTS.take(pa.array((20_000 * part + whole) // np.maximum(1, 2 * whole)))


def write_block(out, entities, counts, block, year):
    """Appends the rows of some entities to an open binary file and gives their number."""
    part = counts[block]
    entity, test, grade, group = np.nonzero(part[..., ENROLLED] > 0)
    n = part[entity, test, grade, group].astype(np.int64)
    who = block[entity]
    scored, empty = n[:, SCORED], n[:, TESTED] == 0
    hidden = scored < layouts.FEWEST_SCORES
    none, area_hidden = np.zeros(len(n), bool), scored < layouts.FEWEST_AREA_SCORES
    mean = _means(n, test, grade)
    columns = _identity(entities, who, year, test, grade, group)
    columns += [
        _marked(_text(n[:, i]), (n[:, i] > 0) & (n[:, i] < layouts.FEWEST_COUNT), none)
        for i in (ENROLLED, TESTED, SCORED)
    ]
    columns.append(_marked(mean, hidden, empty | (np.array(GRADES)[grade] == codes.ALL_GRADES)))
    for count in (
        n[:, EXCEEDED],
        n[:, MET],
        n[:, MET] + n[:, EXCEEDED],
        n[:, NEARLY],
        n[:, NOT_MET],
    ):
        columns += [
            _marked(_share(count, scored), hidden, empty),
            _marked(_text(count), hidden, empty),
        ]
    columns.append(_marked(_text(scored), hidden, empty))
    for area in range(4):
        above, below = (
            (4 - area) * n[:, EXCEEDED] // 4 + area * n[:, MET] // 8,
            (6 + area) * n[:, NOT_MET] // 10,
        )
        unused = empty | ((area == 3) & (test == 1))
        for count in (above, scored - above - below, below):
            columns += [
                _marked(_share(count, scored), area_hidden, unused),
                _marked(_text(count), area_hidden, unused),
            ]
        columns.append(_marked(_text(scored), area_hidden, unused))
    lines = pc.binary_join_element_wise(*columns, "^" * 13 + "\r\n", "^")
    out.write(b"".join(_encoded(lines)))
    return len(n)


def _encoded(lines):
    for chunk in lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]:
        yield chunk.buffers()[2].to_pybytes().decode("utf-8").encode("cp1252")


def _identity(entities, who, year, test, grade, group):
    names = {key: pa.array(entities[key]) for key in ("district_name", "school_name")}
    code = {
        key: pa.array([f"{v:0{width}d}" for v in entities[key]])
        for key, width in (("county", 2), ("district", 5), ("school", 7))
    }
    at = pa.array(who)
    return [
        code["county"].take(at),
        code["district"].take(at),
        names["district_name"].take(at),
        code["school"].take(at),
        names["school_name"].take(at),
        _text(entities["type"][who]),
        "",
        str(year),
        "B",
        _text(1 + test),
        _text(np.array(GROUPS)[group]),
        _text(np.array(GRADES)[grade]),
    ]


def _means(n, test, grade):
    """A mean that follows from the four counts, so that sums of rows stay true to their parts (text
    with one decimal).
    """
    standard = np.array([[table.get(g, 0) for g in GRADES] for table in TESTS.values()])[
        test, grade
    ]
    distance = n[:, NOT_MET:] @ np.array([-95, -30, 30, 90])
    tenths = standard * 10 + 10 * distance // np.maximum(1, n[:, SCORED])
    return _TENTHS.take(pa.array(np.maximum(0, tenths)))


def write_statewide(path, *, year=2025, scale=1.0, seed=2025):
    """Writes the file and gives its number of rows; ``scale`` shrinks the number of districts and
    schools.
    """
    random = np.random.default_rng(seed)
    entities = make_entities(scale, random)
    counts = draw_counts(entities, random, year)
    with open(path, "wb") as out:
        out.write(("^".join(layouts.header(year)) + "\r\n").encode("cp1252"))
        blocks = np.array_split(np.arange(len(counts)), max(1, len(counts) // BLOCK))
        return sum(write_block(out, entities, counts, block, year) for block in blocks)


def main():
    """Reads the arguments, writes the file and prints its size."""
    parser = argparse.ArgumentParser(description="Write a synthetic statewide test file.")
    parser.add_argument("file")
    parser.add_argument("--year", type=int, default=2025, choices=(2024, 2025))
    parser.add_argument("--scale", type=float, default=1.0)
    asked = parser.parse_args()
    start = time.perf_counter()
    rows = write_statewide(asked.file, year=asked.year, scale=asked.scale)
    print(f"{rows:,} rows in {asked.file}, {time.perf_counter() - start:.0f} seconds.")


if __name__ == "__main__":
    main()
