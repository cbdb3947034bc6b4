"""Pages and answers of two districts that differ in nothing but what is hidden."""

from collections import Counter
from dataclasses import asdict

import numpy as np
import pandas as pd

from see_the_system.data.codes import ALL_GRADES, COUNTY, GROUPS
from see_the_system.data.store import Store
from see_the_system.gaps import peers
from see_the_system.gaps.questions import MEASURES
from see_the_system.messages import Refusal
from see_the_system.reports.all_groups import LISTED
from see_the_system.reports.batch import Task
from see_the_system.reports.district_report import DistrictReport
from tests import raw_files
from tests.gaps.asking import ask
from tests.privacy import districts
from tests.privacy.attack import HIDDEN, UNREAD, Attack
from tests.privacy.districts import KEY, LEVELS

PAIRS = ((78, 80), (31, 111), (160, 180), (99, 128))
GRADES = (7, 8)
TESTED = (6, *GRADES)  # the page leaves one out, and its results of all grades hold it too
OTHERS = 4  # districts to compare notes with
_WAYS = 5  # so many times other counts are sought that leave the same results hidden
SECTIONS = (
    *(
        "first_page",
        "levels",
        "headline",
        "over_time",
        "by_grade",
        "in_sd",
        "between_and_within",
        "schools",
    ),
    *("bright_spots", "other_measures", "comparison_districts"),
    *("cannot_tell", "definitions"),
)


def code_of(seed):
    """The code of the district that a seed makes (text)."""
    return f"{10_000 + 10 * seed}"


def together(seed):
    """Whether the data of a seed have results of all grades together, of which every page tells.

    Answers read every grade there is by themselves: they are compared where there is no other.
    """
    return seed % 2 == 1


def drawn(seed, *, pupils=(15, 60, 160)):
    """A district with small schools and others with their totals alone, and its pair of groups.

    A tidy frame with every count, as no file of the state has it. pupils: the fewest of a grade in
    a school, and between which numbers the most is drawn.
    """
    draw = np.random.default_rng(seed)
    pair = PAIRS[seed % len(PAIRS)]
    groups = (*peers.GROUPS, *LISTED, *pair)
    own = districts.district(
        draw,
        schools=int(draw.integers(2, 6)),
        grades=TESTED,
        groups=tuple(dict.fromkeys(groups)),
        pupils=(pupils[0], int(draw.integers(*pupils[1:]))),
        of=districts.pupils_of_all_groups,
        code=code_of(seed),
    )
    whole, every = own["level"] == "district", own["grade"] == ALL_GRADES
    read = whole & (every | own["group_id"].isin(peers.GROUPS))
    own = own[read | (own["group_id"].isin(pair) & (whole | ~every))]
    if together(seed):
        whole = (own["level"] == "district") & (own["grade"] == ALL_GRADES)
        frames = [own, _county(draw, own[whole], pair)]
    else:
        frames = [own[own["grade"].isin(GRADES)]]
    for number in range(1, OTHERS + 1):
        other = districts.district(
            draw,
            schools=1,
            grades=GRADES,
            groups=peers.GROUPS,
            pupils=(30, 400),
            of=districts.pupils_of_all_groups,
            all_grades=False,
            code=str(int(code_of(seed)) + number),
        )
        frames.append(other[other["level"] == "district"])
    return pd.concat(frames, ignore_index=True), pair


def _county(draw, own, pair):
    """The county's rows: all students and both groups, sometimes few of them elsewhere."""
    county = own[own["group_id"].isin([1, *pair])].copy()
    rest = draw.multinomial(int(draw.integers(5, 400)), [0.4, 0.3, 0.2, 0.1], size=len(county))
    county[LEVELS] = county[LEVELS].to_numpy() + rest
    county[["tested", "with_scores"]] += rest.sum(axis=1)[:, None]
    return county.assign(district_code="00000", level="county", type_id=COUNTY)


def moved(frame, shown, beside, unread):
    """The frame with other hidden counts that agree with all that is shown, in several ways.

    ``shown``: the page's own rows, ``beside``: what it chooses other districts by; ``unread``: rows
    that are nowhere on the page, and in its sums.
    """
    unread = unread.assign(missing_scores=UNREAD)
    both = pd.concat([shown, beside, unread], ignore_index=True)
    both = both[both["level"] != "county"].drop_duplicates(KEY, ignore_index=True)
    keys = both[KEY].astype(frame.dtypes[KEY].to_dict())
    true = keys.merge(frame, on=KEY, how="left")
    attacker = Attack(both, within=districts.pairs_within(), frame=true).attacker
    for _ in range(_WAYS if len(attacker.hidden) else 0):
        table = attacker.another(reach=1)
        other = true.loc[attacker.hidden, KEY].assign(mean_scale_score=2400.5)
        other[LEVELS] = table[:, :4]
        other["tested"] = table.sum(axis=1)
        found = frame.set_index(KEY)
        found.update(other.set_index(KEY))
        found = found.reset_index()
        if (found[LEVELS] != frame[LEVELS]).any(axis=None):
            yield found


def store_of(folder, frame):
    """A store with the frame's rows as the state's file would have them, had it hidden none."""
    folder.mkdir()
    rows = [
        raw_files.cells(
            "D",
            county=row.county_code,
            district=row.district_code,
            district_name=f"District {row.district_code}" if row.level != "county" else "",
            school=row.school_code,
            school_name=f"School {row.school_code}" if row.level == "school" else "",
            type=row.type_id,
            grade=row.grade,
            group=row.group_id,
            levels=tuple(int(getattr(row, name)) for name in LEVELS),
            tested=int(row.tested),
            mean=row.mean_scale_score if pd.notna(row.mean_scale_score) else "",
        )
        for row in frame.itertuples()
    ]
    path = raw_files.write(folder, "D", rows, name="sb_ca2024_all_csv_v1.txt")
    store = Store(folder / "store")
    store.add([path])
    return store


def report_of(store, seed):
    """The report on the district of a seed."""
    pair = map(str, PAIRS[seed % len(PAIRS)])
    return DistrictReport(f"99-{code_of(seed)}", *pair, grades=GRADES, store=store.folder)


def answers(store, seed):
    """The answers to every question about the two groups, or why there is none (list of text)."""
    if together(seed):
        return []
    group, comparison = PAIRS[seed % len(PAIRS)]
    sides = {"group": group, "comparison": comparison}
    found = []
    for measure in MEASURES:
        try:
            found.append(repr(ask(store, measure, district=f"99-{code_of(seed)}", **sides)))
        except Refusal as refusal:
            found.append(str(refusal))
    return found


def told(store, seed):
    """Everything that a page and answers say of the district (list of text)."""
    report = report_of(store, seed)
    return [repr(asdict(getattr(report, name)())) for name in SECTIONS] + answers(store, seed)


def task_of(store, seed):
    """The report on the district of a seed as the command asks for it."""
    code = f"99-{code_of(seed)}"
    focus, comparison = (GROUPS[group] for group in PAIRS[seed % len(PAIRS)])
    asked = {"focus_group": focus, "comparison_group": comparison, "grades": list(GRADES)}
    inputs = {"district": code, "store": str(store.folder)}
    return Task(code, "Orchard", store.fingerprint(code), asked, inputs)


def mix(report):
    """What the page chooses other districts by, of its own district and of all others (frame)."""
    asked = {"year": report.latest, "grades": report.grades, "min_n": report.min_n}
    others = peers.protected_districts(report.store, **asked)
    own = others["district_code"] == report.code[3:]
    return pd.concat([report.served(), others[~own]], ignore_index=True)


def two_stores(folder, seed):
    """Stores of two districts that differ in what is hidden, and how many results are (a tuple).

    None where there is no gap to show, or where with other counts others would be hidden.
    """
    frame, _ = drawn(seed)
    store = store_of(folder / "one", frame)
    report = report_of(store, seed)
    if not report.enough:
        return None
    groups = report.all_groups
    shown = pd.concat([report.rows, groups.shown], ignore_index=True)
    for number, other in enumerate(moved(frame, shown, mix(report), groups.unprinted)):
        other_store = store_of(folder / f"other-{number}", other)
        other_report = report_of(other_store, seed)
        pairs = zip(_read_of(report), _read_of(other_report), strict=True)
        if all(_alike(*pair) for pair in pairs):
            hidden = shown["missing_scores"].isin(HIDDEN)
            return store, other_store, int(hidden.sum())
    return None


def _read_of(report):
    """All rows that a page is made from (list of frames)."""
    return [report.rows, report.all_groups.shown, mix(report)]


def _alike(frame, other):
    """Whether the same rows of two frames are hidden, for the same reason."""
    why = [one["missing_scores"].astype(str).tolist() for one in (frame, other)]
    return why[0] == why[1]


def attacked(folder, seed):
    """Two districts that differ in what is hidden are told of alike (Counter)."""
    found = two_stores(folder, seed)
    if found is None:
        return Counter(unmoved=1)
    *stores, hidden = found
    one, other = (told(store, seed) for store in stores)
    assert one == other, seed
    return Counter(pages=1, answers=len(MEASURES) * (not together(seed)), hidden=hidden)
