"""Pages and answers of two districts that differ in nothing but what is hidden."""

from collections import Counter
from dataclasses import asdict

import numpy as np

from see_the_system.data.store import Store
from see_the_system.gaps.questions import MEASURES
from see_the_system.messages import Refusal
from see_the_system.reports.district_report import DistrictReport
from tests import raw_files
from tests.gaps.asking import OWN, ask, rows_of
from tests.privacy.attack import HIDDEN

GROUPS = (78, 80)
SECTIONS = (
    *("headline", "over_time", "by_grade", "in_sd", "between_and_within", "schools"),
    *("bright_spots", "comparison_districts", "cannot_tell", "definitions"),
)


def schools(seed):
    """A district with one school or two too small to be shown, as ``rows_of`` takes it (dict)."""
    draw = np.random.default_rng(seed)
    found = {}
    for number in range(int(draw.integers(3, 7))):
        small = number < draw.integers(1, 3)
        found[f"{number + 1:07d}"] = {}
        for group in GROUPS:
            n = int(draw.integers(4, 11) if small else draw.integers(12, 200))
            found[f"{number + 1:07d}"][group] = (n, int(draw.integers(2, n - 1)))
    return found


def moved(district, shown):
    """The district with two hidden pupils who met the standard and two who did not in each other's
    schools; None where nothing hidden can be moved.
    """
    hidden = shown[shown["missing_scores"].astype(str).isin(HIDDEN) & (shown["level"] == "school")]
    for group in GROUPS:
        codes = hidden["school_code"][hidden["group_id"] == group].astype(str).tolist()
        for giver in codes:
            for taker in codes:
                n, met = district[giver][group]
                other_n, other_met = district[taker][group]
                if giver != taker and met >= 2 and other_n - other_met >= 2:
                    other = {code: dict(groups) for code, groups in district.items()}
                    other[giver][group] = (n, met - 2)
                    other[taker][group] = (other_n, other_met + 2)
                    return other
    return None


def store_of(folder, district):
    path = raw_files.write(folder, "D", rows_of(district), name="sb_ca2024_all_19_csv_v1.txt")
    store = Store(folder / "store")
    store.add([path])
    return store


def told(store):
    """Everything that pages and answers say of the district (text)."""
    report = DistrictReport(OWN["district"], *map(str, GROUPS), grades=[8], store=store.folder)
    words = [repr(asdict(getattr(report, name)())) for name in SECTIONS]
    for measure in MEASURES:
        try:
            words.append(repr(ask(store, measure, **OWN)))
        except Refusal as refusal:
            words.append(str(refusal))
    return "\n".join(words), report.rows


def attacked(folder, seed):
    """Two districts that differ in what is hidden are told of alike (Counter)."""
    district = schools(seed)
    for name in ("one", "other"):
        (folder / name).mkdir()
    words, shown = told(store_of(folder / "one", district))
    other = moved(district, shown)
    if other is None:
        return Counter(unmoved=1)
    other_words, other_shown = told(store_of(folder / "other", other))
    if not shown["missing_scores"].equals(other_shown["missing_scores"]):
        return Counter(unlike=1)
    assert words == other_words, seed
    return Counter(pages=1, answers=len(MEASURES))
