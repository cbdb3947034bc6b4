"""What is hidden, attacked at length: pairs of groups on many districts, and many local tables."""

from collections import Counter

import numpy as np
import pandas as pd
from tqdm import tqdm

from see_the_system.data.store import open_store
from see_the_system.paths import SAMPLE
from tests.privacy import local_tables, pages, pairs_of_groups


def pairs_on_tiny_districts(districts):
    """Every pair of groups on random tiny districts (Counter)."""
    frames = [pairs_of_groups.tiny_district(seed) for seed in range(districts)]
    return _every_pair(pd.concat(frames, ignore_index=True))


def pairs_on_the_sample():
    """Every pair of groups on the districts of the practice network, in one year each (Counter)."""
    store = open_store(SAMPLE)
    draw = np.random.default_rng(1)
    frames = []
    for district in store.districts()["district"]:
        years = [int(draw.choice(store.years()))]
        frames.append(
            store.district(district, tests=["Mathematics"], grades=[6, 7, 8], years=years)
        )
    return _every_pair(pd.concat(frames, ignore_index=True))


def _every_pair(frame):
    """The pages of every pair of groups, nested or not, attacked (Counter)."""
    pairs = [*pairs_of_groups.nested(), *pairs_of_groups.other_pairs()]
    counts = Counter()
    for pair in tqdm(pairs, mininterval=30):
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
