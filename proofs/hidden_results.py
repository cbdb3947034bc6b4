"""What is hidden, attacked at length: pairs of groups on many districts, and many local tables."""

import re
import shutil
from collections import Counter
from dataclasses import replace
from itertools import count

import numpy as np
import pandas as pd
from tqdm import tqdm

from see_the_system.data.store import open_store
from see_the_system.paths import REPORT_TEMPLATE, SAMPLE
from see_the_system.privacy.student_groups import apart
from see_the_system.reports.batch import run_batch
from see_the_system.reports.manifest import DONE, Manifest
from see_the_system.reports.template import Template
from tests.privacy import indicator_tables, local_tables, pages, pairs_of_groups

# The data's fingerprint on a page; in a notebook the name of the cell that was put in, when a cell
# was run, and how long it took.
_MAY_DIFFER = "|".join(
    (
        "data d[0-9a-f]{16}",
        '"id": "[0-9a-f]{8}"',
        r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)",
        r'"duration": [\d.e-]+',
    )
)


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


def totals_beside_pages(districts):
    """Pages of groups that share nobody, with the totals that are read beside them (Counter)."""
    # Of male and female the attacker would hold that they are everybody, and a few are neither.
    pairs = [pair for pair in pairs_of_groups.other_pairs() if apart(*pair) and pair != (3, 4)]
    counts = Counter()
    for seed in range(districts):
        frame = pairs_of_groups.tiny_district(seed)
        for chosen in np.random.default_rng(seed).choice(len(pairs), 3, replace=False):
            counts += pairs_of_groups.attacked_beside(frame, pairs[chosen])
    return counts


def _every_pair(frame):
    """The pages of every pair of groups, nested or not, attacked (Counter)."""
    pairs = [*pairs_of_groups.nested(), *pairs_of_groups.other_pairs()]
    counts = Counter()
    for pair in tqdm(pairs, mininterval=30):
        counts += pairs_of_groups.attacked(frame, pair)
    return counts


def indicators_attacked(districts):
    """Random districts with a public measure (Counter); nothing hidden may be told."""
    counts = Counter()
    for seed in tqdm(range(districts), leave=False):
        tried, told = indicator_tables.attacked(seed)
        assert not told, (seed, told)
        counts += tried
    return dict(counts)


def local_tables_attacked(tables):
    """Random tables of local data, every second one with what adds up declared (Counter).

    ``told``: of how many without it a hidden number, or that of a few left over, is told.
    """
    counts = Counter()
    for seed in range(tables):
        counts += local_tables.attacked(seed, declared=seed % 2 == 1)
    return counts


def pages_attacked(folder, pages_wanted):
    """Reports and answers of districts that differ in what is hidden alone (Counter).

    Not a byte of page, notebook or manifest differs, but for when it was made, how long it took and
    the data's fingerprint, which tells that the file is another one.
    """
    counts = Counter()
    tasks = {"one": [], "other": []}
    for seed in count():
        (folder / str(seed)).mkdir()
        found = pages.two_stores(folder / str(seed), seed)
        if found is None:
            shutil.rmtree(folder / str(seed))
            continue
        *stores, hidden = found
        one, other = (pages.answers(store, seed) for store in stores)
        assert one == other, seed
        for name, store in zip(tasks, stores, strict=True):
            tasks[name].append(pages.task_of(store, seed))
        counts += Counter(pages=1, answers=len(one), hidden=hidden)
        if counts["pages"] == pages_wanted:
            break
    for name, some in tasks.items():
        run_batch(Template(REPORT_TEMPLATE), some, folder / name)
    one, other = (_read(folder / name) for name in tasks)
    assert one.keys() == other.keys() and len(one) == 2 * pages_wanted + 2
    for name, text in one.items():
        assert text == other[name], name
    return counts


def _read(folder):
    """The files of a folder of reports without what is allowed to differ ({name: text})."""
    rows = Manifest(folder).rows
    assert all(row.status == DONE for row in rows.values()), rows
    rows = {key: replace(row, seconds="", finished="", data="") for key, row in rows.items()}
    texts = {"manifest.csv": repr(rows)}
    for path in [*folder.glob("*.html"), *folder.glob("notebooks/*.ipynb")]:
        text = path.read_text(encoding="utf-8")
        texts[path.name] = re.sub(_MAY_DIFFER, "", text)
    return texts
