"""Writes a synthetic file as large as the state's.

Every student group, both tests, about 1,000 districts and 10,000 schools.

``python -m benchmarks.statewide FILE [--year 2025] [--scale 1.0]``

The layout is that of 2024 and 2025 in every year (69 columns, carets, cp1252, CRLF). Every row is
true to itself (levels add up to the scores, percentages follow from counts, the state's marks stand
where its rules hide a value), groups of a school add up to its students, a district is the sum of
its schools without direct-funded charters, a county and the state of everything, grade 13 of the
grades. Means are made from the levels, so that sums stay true to their parts. No row is about a
real school; where the students come from says ``statewide_students``.
"""

import argparse
import time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.statewide_students import (
    BLOCK,
    ENROLLED,
    EXCEEDED,
    GRADES,
    GROUPS,
    MET,
    NEARLY,
    NOT_MET,
    SCORED,
    TESTED,
    TESTS,
    draw_counts,
    make_entities,
)
from practice_network import state_layouts as layouts
from see_the_system.data import codes

NEWEST = 2025  # the year whose layout all files have
_PERCENTS = pa.array([f"{i // 100}.{i % 100:02d}" for i in range(10_001)])
_TENTHS = pa.array([f"{i // 10}.{i % 10}" for i in range(30_000)])


def _text(values):
    return pc.cast(pa.array(values), pa.string())


def _marked(text, hidden, empty):
    return pc.if_else(pa.array(empty), "", pc.if_else(pa.array(hidden), "*", text))


def _share_and_count(part, whole, hidden, empty):
    """The percentage and the number of students, as the layout has them side by side."""
    share = (20_000 * part + whole) // np.maximum(1, 2 * whole)  # rounded half up, in integers
    return [
        _marked(_PERCENTS.take(pa.array(share)), hidden, empty),
        _marked(_text(part), hidden, empty),
    ]


def write_block(out, entities, counts, block, year):
    """Appends the rows of some entities to an open binary file and gives their number."""
    part = counts[block]
    entity, test, grade, group = np.nonzero(part[..., ENROLLED] > 0)
    n = part[entity, test, grade, group].astype(np.int64)
    nobody = n[:, TESTED] == 0
    all_grades = np.array(GRADES)[grade] == codes.ALL_GRADES
    few = n[:, SCORED] < layouts.FEWEST_SCORES
    columns = _identity(entities, block[entity], year, test, grade, group)
    for place in (ENROLLED, TESTED, SCORED):
        count = n[:, place]
        is_small = (count > 0) & (count < layouts.FEWEST_COUNT)
        columns.append(_marked(_text(count), is_small, np.zeros(len(n), bool)))
    columns.append(_marked(_means(n, test, grade), few, nobody | all_grades))
    columns += _levels(n, few, nobody)
    columns += _areas(n, nobody, test)
    lines = pc.binary_join_element_wise(*columns, "^" * 13 + "\r\n", "^")
    out.write(b"".join(_encoded(lines)))
    return len(n)


def _levels(n, few, nobody):
    scored = n[:, SCORED]
    above = n[:, MET] + n[:, EXCEEDED]
    columns = []
    for count in (n[:, EXCEEDED], n[:, MET], above, n[:, NEARLY], n[:, NOT_MET]):
        columns += _share_and_count(count, scored, few, nobody)
    return [*columns, _marked(_text(scored), few, nobody)]


def _areas(n, nobody, test):
    """Four areas that follow from the levels; mathematics has three."""
    scored = n[:, SCORED]
    few = scored < layouts.FEWEST_AREA_SCORES
    columns = []
    for area in range(4):
        above = (4 - area) * n[:, EXCEEDED] // 4 + area * n[:, MET] // 8
        below = (6 + area) * n[:, NOT_MET] // 10
        unused = nobody | ((area == 3) & (test == 1))
        for count in (above, scored - above - below, below):
            columns += _share_and_count(count, scored, few, unused)
        columns.append(_marked(_text(scored), few, unused))
    return columns


def _encoded(lines):
    for chunk in lines.chunks if isinstance(lines, pa.ChunkedArray) else [lines]:
        yield chunk.buffers()[2].to_pybytes().decode("utf-8").encode("cp1252")


def _identity(entities, who, year, test, grade, group):
    """The codes and names that a row begins with."""

    def of(name, width=None):
        values = entities[name]
        texts = values if width is None else [f"{value:0{width}d}" for value in values]
        return pa.array(texts).take(pa.array(who))

    return [
        of("county", 2),
        of("district", 5),
        of("district_name"),
        of("school", 7),
        of("school_name"),
        _text(entities["type"][who]),
        "",
        str(year),
        "B",
        _text(1 + test),
        _text(np.array(GROUPS)[group]),
        _text(np.array(GRADES)[grade]),
    ]


def _means(n, test, grade):
    """A mean that follows from the four counts, so that sums stay true (text, one decimal)."""
    standards = np.array([[table.get(grade, 0) for grade in GRADES] for table in TESTS.values()])
    distance = n[:, NOT_MET:] @ np.array([-95, -30, 30, 90])
    tenths = standards[test, grade] * 10 + 10 * distance // np.maximum(1, n[:, SCORED])
    return _TENTHS.take(pa.array(np.maximum(0, tenths)))


def write_statewide(path, *, year=NEWEST, scale=1.0, seed=2025):
    """Writes the file and gives its number of rows; ``scale`` shrinks the number of districts.

    The same seed gives the same districts and schools in every year, with other students.
    """
    entities = make_entities(scale, np.random.default_rng(seed))
    counts = draw_counts(entities, np.random.default_rng([seed, year]), year)
    with open(path, "wb") as out:
        header = "^".join(layouts.header(NEWEST))
        out.write(f"{header}\r\n".encode("cp1252"))
        blocks = np.array_split(np.arange(len(counts)), max(1, len(counts) // BLOCK))
        return sum(write_block(out, entities, counts, block, year) for block in blocks)


def main():
    """Reads the arguments, writes the file and prints its size."""
    parser = argparse.ArgumentParser(description="Write a synthetic statewide test file.")
    parser.add_argument("file")
    parser.add_argument("--year", type=int, default=NEWEST)
    parser.add_argument("--scale", type=float, default=1.0)
    asked = parser.parse_args()
    start = time.perf_counter()
    rows = write_statewide(asked.file, year=asked.year, scale=asked.scale)
    seconds = time.perf_counter() - start
    print(f"{rows:,} rows in {asked.file}, {seconds:.0f} seconds.")


if __name__ == "__main__":
    main()
