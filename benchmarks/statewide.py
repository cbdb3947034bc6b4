"""Writes a synthetic file as large as the state's: every student group, both tests, about 1,000 districts and 10,000 schools.

``python benchmarks/statewide.py FILE [--year 2025] [--scale 1.0]``

The layout is that of 2024 and 2025 (69 columns, carets, cp1252, CRLF). Every row is true to itself (levels add up to the scores,
percentages follow from counts, the state's marks stand where its rules hide a value), a district is the sum of its schools without
direct-funded charters, a county and the state of everything, grade 13 of the grades. Scores are drawn for each group on its own,
so the groups of a school do not add up to all its students. No row is about a real school.
"""

import argparse
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from helpers.data import codes
from helpers.practice import layouts

GRADES = (3, 4, 5, 6, 7, 8, 11, 13)
GROUPS = tuple(sorted(set(codes.GROUPS) - {243}))
AT = {group: i for i, group in enumerate(GROUPS)}
TESTS = {1: codes.ELA_STANDARD, 2: {grade: cuts[1] for grade, cuts in codes.MATH_CUTS.items()}}
KINDS = {"Elementary": (0, 1, 2), "School": (0, 1, 2, 3, 4, 5), "Middle": (3, 4, 5), "High": (6,), "Academy": (3, 4, 5, 6)}
ENROLLED, TESTED, SCORED, NOT_MET, NEARLY, MET, EXCEEDED = range(7)
BLOCK = 300  # entities written at a time


def make_entities(scale, random):
    """Every county, district and school: a dict of arrays in the order of the codes, the state first."""
    districts = max(4, round(1010 * scale))
    county = np.sort(random.integers(1, 59, districts))
    weight = random.lognormal(0, 1.35, districts)
    schools = 1 + random.poisson(9_000 * scale * weight / weight.sum())
    rows = [(0, 0, 0, codes.STATE, "", "")]
    for position, (place, count) in enumerate(zip(county, schools)):
        if position == 0 or county[position - 1] != place:
            rows.append((place, 0, 0, codes.COUNTY, "", ""))
        code, name = 60_000 + 7 * position, f"Synthetic Unified {position + 1:04d}" + (" Cañada" if position % 50 == 0 else "")
        rows.append((place, code, 0, codes.DISTRICT, name, ""))
        types = random.choice((7, 9, 10), count, p=(.88, .08, .04))
        numbers = np.sort(random.choice(900_000, count, replace=False)) + 6_000_000 * (random.random(count) < .8)
        rows += [(place, code, number, kind, name, "") for number, kind in zip(np.sort(numbers), types)]
    place, code, number, kind, name, _ = (np.array(column) for column in zip(*rows))
    kinds = random.choice(list(KINDS), len(rows), p=(.58, .07, .15, .17, .03))
    school = np.array([f"Synthetic {kinds[i]} {i:05d}" if number[i] else "" for i in range(len(rows))])
    return {"county": place, "district": code, "school": number, "type": kind, "kind": kinds, "school_name": school,
            "district_name": np.where(kind == 9, school, name)}


def draw_counts(entities, random):
    """Enrolled, tested, with scores and the four levels: an int32 array of entity, test, grade, group and count."""
    schools = np.flatnonzero(entities["school"])
    counts = np.zeros((len(entities["school"]), len(TESTS), len(GRADES), len(GROUPS), 7), np.int32)
    for block in np.array_split(schools, max(1, len(schools) // BLOCK)):
        counts[block] = _draw_block(entities["kind"][block], random)
    _add_up(entities, counts)
    counts[..., -1, :, :] = counts[..., :-1, :, :].sum(axis=2)
    return counts


def _draw_block(kinds, random):
    size = np.zeros((len(kinds), len(GRADES)), int)
    for i, kind in enumerate(kinds):
        tiny = .12 if random.random() < .18 else 1  # as in the state, where one school in six has too few students to show
        median = {"Middle": 150, "High": 170}.get(kind, 62)
        size[i, list(KINDS[kind])] = np.rint(tiny * median * random.lognormal(0, .6))
    enrolled = _draw_groups(size, random)
    enrolled[:, :3, AT[250]] = 0  # nobody is a long-term English learner before grade 6
    out = np.zeros((len(kinds), len(TESTS), len(GRADES), len(GROUPS), 7), np.int32)
    quality, shift = random.normal(0, .45, (len(kinds), 1, 1, 1)), random.normal(0, .35, len(GROUPS))
    shift[AT[1]] = 0
    steps = np.array([-.45, .2, .95]) - (quality + shift[:, None])
    below = 1 / (1 + np.exp(-1.7 * np.broadcast_to(steps, (*enrolled.shape, 3))))
    shares = np.diff(below, axis=-1, prepend=0, append=1)
    for test in range(len(TESTS)):
        out[:, test, ..., ENROLLED] = enrolled
        out[:, test, ..., TESTED] = random.binomial(enrolled, .968)
        out[:, test, ..., SCORED] = random.binomial(out[:, test, ..., TESTED], .999)
        out[:, test, ..., NOT_MET:] = random.multinomial(out[:, test, ..., SCORED], shares)
    return out


def _draw_groups(size, random):
    """How many of each grade's students are in each group (school, grade, group)."""
    found = np.zeros((*size.shape, len(GROUPS)), int)
    found[..., AT[1]] = size
    for first, second, share in ((3, 4, .51), (128, 99, .13), (52, 53, .035), (50, 51, .02), (28, 29, .012), (240, 241, .006)):
        found[..., AT[first]] = random.binomial(size, share)
        found[..., AT[second]] = size - found[..., AT[first]]
    ethnicity = random.multinomial(size, (.05, .006, .11, .028, .545, .006, .20, .045, .01))
    poor = random.binomial(ethnicity, (.78, .75, .40, .38, .80, .70, .38, .42, .5))
    for i, group in enumerate(codes.ETHNICITIES):
        found[..., AT[group]], found[..., AT[200 + i]] = ethnicity[..., i], poor[..., i]
        found[..., AT[220 + i]] = ethnicity[..., i] - poor[..., i]
    found[..., AT[31]] = poor.sum(axis=-1)
    found[..., AT[111]] = size - found[..., AT[31]]
    language = random.multinomial(size, (.17, .16, .05, .004, .616))
    found[..., [AT[160], AT[8], AT[7], AT[190], AT[180]]] = language
    found[..., AT[120]], found[..., AT[250]], found[..., AT[251]] = (random.binomial(language[..., 0], p) for p in (.06, .35, .3))
    found[..., AT[142]] = language[..., 0] - found[..., AT[120]]
    found[..., AT[6]] = language[..., [1, 2, 4]].sum(axis=-1)
    found[..., AT[170]], found[..., AT[252]] = language[..., :2].sum(axis=-1), language[..., [2, 4]].sum(axis=-1)
    found[..., [AT[group] for group in (90, 91, 92, 93, 94, 121)]] = random.multinomial(size, (.16, .2, .22, .2, .15, .07))
    return found


def _add_up(entities, counts):
    school, district, county = entities["school"] > 0, entities["district"], entities["county"]
    for row in np.flatnonzero(~school):
        kind = entities["type"][row]
        if kind == codes.DISTRICT:
            inside = (district == district[row]) & school & (entities["type"] != codes.DIRECT_CHARTER)
        else:
            inside = school if kind == codes.STATE else school & (county == county[row])
        # In blocks: numpy would copy the whole of what a mask picks.
        counts[row] = sum((counts[part].sum(axis=0) for part in np.array_split(np.flatnonzero(inside), 1 + inside.sum() // BLOCK)))


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
    entity, test, grade, group = np.nonzero((part[..., ENROLLED] > 0))
    n = part[entity, test, grade, group].astype(np.int64)
    who = block[entity]
    scored, empty = n[:, SCORED], n[:, TESTED] == 0
    hidden = scored < layouts.FEWEST_SCORES
    none, area_hidden = np.zeros(len(n), bool), scored < layouts.FEWEST_AREA_SCORES
    mean = _means(n, test, grade)
    columns = _identity(entities, who, year, test, grade, group)
    columns += [_marked(_text(n[:, i]), (n[:, i] > 0) & (n[:, i] < layouts.FEWEST_COUNT), none) for i in (ENROLLED, TESTED, SCORED)]
    columns.append(_marked(mean, hidden, empty | (np.array(GRADES)[grade] == codes.ALL_GRADES)))
    for count in (n[:, EXCEEDED], n[:, MET], n[:, MET] + n[:, EXCEEDED], n[:, NEARLY], n[:, NOT_MET]):
        columns += [_marked(_share(count, scored), hidden, empty), _marked(_text(count), hidden, empty)]
    columns.append(_marked(_text(scored), hidden, empty))
    for area in range(4):
        above, below = (4 - area) * n[:, EXCEEDED] // 4 + area * n[:, MET] // 8, (6 + area) * n[:, NOT_MET] // 10
        unused = empty | ((area == 3) & (test == 1))
        for count in (above, scored - above - below, below):
            columns += [_marked(_share(count, scored), area_hidden, unused), _marked(_text(count), area_hidden, unused)]
        columns.append(_marked(_text(scored), area_hidden, unused))
    lines = pc.binary_join_element_wise(*columns, "^" * 13 + "\r\n", "^")
    out.write(b"".join(_encoded(lines)))
    return len(n)


def _encoded(lines):
    for chunk in lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]:
        yield chunk.buffers()[2].to_pybytes().decode("utf-8").encode("cp1252")


def _identity(entities, who, year, test, grade, group):
    names = {key: pa.array(entities[key]) for key in ("district_name", "school_name")}
    code = {key: pa.array([f"{v:0{width}d}" for v in entities[key]]) for key, width in (("county", 2), ("district", 5), ("school", 7))}
    at = pa.array(who)
    return [code["county"].take(at), code["district"].take(at), names["district_name"].take(at), code["school"].take(at),
            names["school_name"].take(at), _text(entities["type"][who]), "", str(year), "B", _text(1 + test),
            _text(np.array(GROUPS)[group]), _text(np.array(GRADES)[grade])]


def _means(n, test, grade):
    """A mean that follows from the four counts, so that sums of rows stay true to their parts (text with one decimal)."""
    standard = np.array([[table.get(g, 0) for g in GRADES] for table in TESTS.values()])[test, grade]
    distance = n[:, NOT_MET:] @ np.array([-95, -30, 30, 90])
    tenths = standard * 10 + 10 * distance // np.maximum(1, n[:, SCORED])
    return _TENTHS.take(pa.array(np.maximum(0, tenths)))


def write_statewide(path, *, year=2025, scale=1.0, seed=2025):
    """Writes the file and gives its number of rows; ``scale`` shrinks the number of districts and schools."""
    random = np.random.default_rng(seed)
    entities = make_entities(scale, random)
    counts = draw_counts(entities, random)
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
