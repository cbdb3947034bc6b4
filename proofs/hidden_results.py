"""What is hidden, attacked at length: pairs of groups on many districts, and many local tables."""

from collections import Counter

import numpy as np

from see_the_system.data.store import open_store
from see_the_system.paths import SAMPLE
from tests.privacy import local_tables, pages, pairs_of_groups


def pairs_on_tiny_districts(districts, pairs):
    """Pairs of groups, three in four of them nested, on random tiny districts (Counter)."""
    counts = Counter()
    for seed in range(districts):
        frame = pairs_of_groups.tiny_district(seed)
        draw = np.random.default_rng(seed)
        for pair in _some_pairs(draw, pairs):
            counts += pairs_of_groups.attacked(frame, pair)
    return counts


def pairs_on_the_sample(pairs):
    """Pairs of groups on the districts of the practice network, in one year each (Counter)."""
    store = open_store(SAMPLE)
    counts = Counter()
    for seed, district in enumerate(store.districts()["district"]):
        draw = np.random.default_rng(seed)
        years = [int(draw.choice(store.years()))]
        frame = store.district(district, tests=["Mathematics"], grades=[6, 7, 8], years=years)
        for pair in _some_pairs(draw, pairs):
            counts += pairs_of_groups.attacked(frame, pair)
    return counts


def local_tables_attacked(tables):
    """Random tables of local data, every second one with what adds up declared (Counter).

    ``told``: of how many without it a hidden number, or that of a few left over, is told.
    """
    counts = Counter()
    for seed in range(tables):
        counts += local_tables.attacked(seed, declared=seed % 2 == 1)
    return counts


def pages_attacked(folder, districts):
    """Pages and answers of districts that differ in what is hidden alone (Counter)."""
    counts = Counter()
    for seed in range(districts):
        (folder / str(seed)).mkdir()
        counts += pages.attacked(folder / str(seed), seed)
    return counts


def _some_pairs(draw, number):
    nested = pairs_of_groups.nested()
    chosen = draw.choice(len(nested), 3 * number // 4, replace=False)
    return [nested[i] for i in chosen] + pairs_of_groups.other_pairs(draw, number // 4)
