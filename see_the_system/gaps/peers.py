"""Like with like: districts that serve like students.

``comparison_districts`` gives places to compare notes with; outcomes play no part.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from see_the_system.data.caaspp import district_code
from see_the_system.data.codes import ALL_GRADES, ALL_STUDENTS, ETHNICITIES
from see_the_system.data.parts import DISTRICT_COLUMNS, DISTRICT_GROUPS
from see_the_system.data.store import Store
from see_the_system.gaps.measures import suppressed
from see_the_system.gaps.schools import rows_where, student_mix, with_columns
from see_the_system.messages import Refusal, listed, nearest
from see_the_system.privacy.protect import SUPPRESSED, protect_beside

DISTRICT_KEY = ["county_code", "district_code"]
LEAST_STUDENTS = 30
SMALL_DISTRICT = 100  # of fewer students, five percent can be one number only
BANDS = (30, 100, 300, 1_000, 3_000, 10_000, 30_000)  # a number of students is told no closer
SHARES = {31: "disadvantaged", 160: "english_learners"}
GROUPS = DISTRICT_GROUPS  # whose rows are read
WORDS = {
    "size": "the number of students tested",
    "disadvantaged": "the share who are socioeconomically disadvantaged",
    "english_learners": "the share of English learners",
    "ethnicity": "the mix of ethnic groups",
}
NEAR = 10  # of 100 students: two shares that are no further apart are called alike
# percent of students in no ethnic group that is shown, above which two mixes cannot be compared
MOST_OTHER = 25
ETHNIC = [*(f"ethnicity_{code}" for code in ETHNICITIES), "ethnicity_other"]
NUMBERS = ["tested", *SHARES.values(), *ETHNIC, "ethnicity_apart", "distance"]
COLUMNS = ["district", "district_name", *NUMBERS, "alike", "why"]


@dataclass(frozen=True)
class Profiles:
    """Whom districts serve in a year: ``table`` a row a district, by its code.

    ``names`` of all districts by code; ``hidden`` the codes of those with a grade that is hidden;
    ``grades`` and ``groups``: what the rows show somewhere.
    """

    table: pd.DataFrame
    year: str
    names: dict
    hidden: frozenset
    grades: frozenset
    groups: frozenset

    def beside(self, others):
        """These districts, and others of the same year (Profiles); none of these comes again."""
        rest = others.table[~others.table.index.isin(list(self.names))]
        tables = [table for table in (self.table, rest) if len(table)]
        return Profiles(
            pd.concat(tables) if tables else self.table,
            self.year or others.year,
            others.names | self.names,
            self.hidden | (others.hidden - self.names.keys()),
            self.grades | others.grades,
            self.groups | others.groups,
        )


def comparison_districts(frame, district, *, others=None, most=5, least=LEAST_STUDENTS):
    """The districts most like this one in whom they serve, nearest first.

    Gives a frame of at most ``most`` rows, ``COLUMNS``. ``district`` is "CC-DDDDD". Four
    characteristics count alike: number tested (log), percent socioeconomically disadvantaged,
    percent English learners, and the mix of ethnic groups (``ethnicity_apart``: how many of 100
    students would have to belong to another group, half the sum of absolute differences of shares;
    groups that are hidden are together ``ethnicity_other``). Each difference is divided by the
    standard deviation over all districts in the frame; ``distance`` is the root mean square.

    From the mathematics district rows of the latest year, all grades in the frame but 13, and of
    these the ones that show how many of this district's students were tested. A characteristic that
    the files do not have, or hide for this district, is left out for all; districts that hide one
    the others show, or have fewer than ``least`` students tested, are not compared. ``why`` says in
    which characteristics the two are alike as they are printed there (the same span of sizes,
    shares at most ``NEAR`` apart), and in which not; ``alike`` is whether the first are more.
    ``attrs`` has the district's own values, the year, the grades where they are not all, the
    characteristics used and, where the frame is empty, why. ``Refusal`` for an unknown district.

    others: ``profiles`` of further districts, without the grades that ``unseen_grades`` names:
    where many are looked at in turn, those of all the others are the same again and again.

    Nothing is protected here: give what ``privacy.protect_beside`` lets through.
    """
    district = district_code(district)
    unseen = unseen_grades(frame, district)
    found = profiles(frame, unseen, others.groups if others else ())
    if others:
        found = found.beside(others)
    everyone = found.table
    notes = {
        "district": district,
        "year": found.year,
        "grades": sorted(found.grades) if unseen else [],
        "used": [],
        "own": {},
        "note": "",
    }
    name = found.names.get(district) or district
    if everyone.empty and district not in found.hidden:
        why = "The data hold no district rows with tested students, so there is nothing to compare."
        return _nothing(notes | {"note": why})
    if district in found.hidden and district not in everyone.index:
        why = f"Too few students of {name} are shown to say which districts serve students alike."
        return _nothing(notes | {"note": why})
    own = _own(everyone, district)
    differences = _differences(everyone, own)
    used = [each for each in WORDS if differences.loc[district, each] == 0]
    notes |= {"own": own.to_dict(), "name": name, "used": used}
    shown = differences[used].notna().all(axis=1)
    others = everyone[(everyone["tested"] >= least) & shown & (everyone.index != district)]
    if others.empty:
        why = (
            f"No other district in the data has {least} or more students tested and shows what "
            f"{name} would be compared on."
        )
        return _nothing(notes | {"note": why})
    squares = differences.loc[others.index, used] ** 2
    others = others.assign(
        distance=np.sqrt(squares.mean(axis=1)), ethnicity_apart=_apart(others, own)
    )
    near = others.sort_values(["distance", "district"]).head(most)
    alike = []
    whys = []
    for code, row in near.iterrows():
        in_order = differences.loc[code, used].abs().sort_values(kind="stable").index
        same = [each for each in in_order if _is_alike(each, row, own)]
        alike.append(2 * len(same) > len(used))
        whys.append(_why(same, [each for each in in_order if each not in same], row, own))
    result = near.assign(alike=alike, why=whys).reset_index(drop=True).reindex(columns=COLUMNS)
    result.attrs = notes
    return result


def districts_of(store, *, year, grades, min_n, unseen=()):
    """Whom every district of a store serves (Profiles), without the grades that are ``unseen``.

    As far as it may be read beside another district's page, see ``protected_districts``.
    """
    return _districts_of(store.folder, _files(store, year), year, tuple(grades), min_n, unseen)


def protected_districts(store, *, year, grades, min_n):
    """Every district's rows of a year, as far as they may be read beside another's page (frame).

    No sum goes over several districts, so that what is hidden of the others is the same beside
    every page: it is worked out once in a process, and in those forked from it.
    """
    return _protected(store.folder, _files(store, year), year, tuple(grades), min_n)


def _files(store, year):
    """What the store has of a year: a file that is added makes it another."""
    return tuple(part["folder"] for part in store.catalogue if part["year"] == year)


@lru_cache(maxsize=8)
def _districts_of(folder, files, year, grades, min_n, unseen):
    return profiles(_protected(folder, files, year, grades, min_n), unseen)


@lru_cache(maxsize=4)
def _protected(folder, files, year, grades, min_n):
    rows = Store(folder).read(
        level="district",
        tests=["Mathematics"],
        grades=grades,
        groups=GROUPS,
        years=[year],
        columns=DISTRICT_COLUMNS,
    )
    return protect_beside(rows, rows.iloc[:0], min_n=min_n)


def describe_comparison_districts(result):
    """Which districts resemble this one and in what (text); says nothing of their results."""
    notes = result.attrs
    if result.empty:
        return notes.get("note") or "No comparison districts were found."
    each = "; ".join(
        f"{row['district_name'] or row['district']} ({row['why']})"
        for row in result.to_dict("records")
    )
    many = len(result)
    districts, are = ("district", "is") if many == 1 else (f"{many} districts", "are")
    caution = ""
    if not result["alike"].all():
        which = "Not all" if result["alike"].any() else "None"
        caution = f" {which} of these are much like {notes['name']}: compare with care."
    when = notes["year"]
    if notes["grades"]:
        when = f"{when}, grade{'s' * (len(notes['grades']) > 1)} {listed(notes['grades'])} alone"
    return (
        f"Going by {listed(WORDS[name] for name in notes['used'])} in {when}, the "
        f"{districts} in the data most like {notes['name']} {are}: {each}.{caution} They were "
        "chosen for whom they serve, not for their results: ask what they do differently for "
        "students like yours."
    )


def unseen_grades(frame, district):
    """The grades in which a district's number of students is hidden (tuple), in the latest year."""
    rows, codes = _newest(frame)
    own = _is_hidden(rows) & (codes == district)
    return tuple(sorted(set(rows["grade"][own].tolist())))


def profiles(frame, unseen=(), groups=()):
    """Whom each district of a tidy frame serves in its latest year (Profiles).

    unseen: grades that are left out for all; groups: those that the data have, also where this
    frame shows none of their students.
    """
    rows, codes = _newest(frame)
    hidden = _is_hidden(rows)
    seen = ~rows["grade"].isin(unseen)
    # A district of which a whole grade is hidden is larger than it looks.
    larger = hidden & seen & (rows["missing_tested"].astype("str") != SUPPRESSED)
    year = str(rows["year"].iloc[0]) if len(rows) else ""
    last = ~codes.duplicated(keep="last")
    names = dict(zip(codes[last], rows["district_name"][last], strict=True))
    grades = frozenset(rows["grade"][seen & (rows["grade"] < ALL_GRADES)].tolist())
    rows = rows[seen & ~codes.isin(codes[larger])]
    there = rows["group_id"].isin(list(SHARES)) & rows["tested"].notna()
    groups = frozenset([*groups, *rows["group_id"][there].tolist()])
    hidden = frozenset(codes[hidden])
    return Profiles(_whom_they_serve(rows, groups), year, names, hidden, grades, groups)


def _newest(frame):
    """The district rows of the latest year, and the district's code of each (frame, Series)."""
    rows = rows_where(with_columns(frame), level="district")
    rows = rows[rows["year"] == rows["year"].max()]
    return rows, _district_codes(rows)


def _district_codes(rows):
    return rows["county_code"].astype("str") + "-" + rows["district_code"].astype("str")


def _is_hidden(rows):
    """Rows of all students of which the number is hidden (mask)."""
    return rows["tested"].isna() & suppressed(rows) & (rows["group_id"] == ALL_STUDENTS)


def _whom_they_serve(rows, groups):
    """The characteristics of each district, by its code (DataFrame)."""
    mix = student_mix(rows, DISTRICT_KEY, list(SHARES), known=groups).rename(columns=SHARES)
    ethnic = student_mix(rows, DISTRICT_KEY, ETHNICITIES, shown_only=True)
    ethnic = ethnic.drop(columns="tested").add_prefix("ethnicity_")
    other = (100 - ethnic.sum(axis=1, min_count=1)).clip(lower=0)
    ethnic = ethnic.fillna(0).assign(ethnicity_other=other).where(other <= MOST_OTHER)
    mix = mix.join(ethnic).reset_index()
    mix["district"] = _district_codes(mix)
    names = rows.drop_duplicates(DISTRICT_KEY)[[*DISTRICT_KEY, "district_name"]]
    mix = mix.merge(names, on=DISTRICT_KEY, how="left")
    return mix.set_index("district", drop=False).rename_axis(None)


def _own(everyone, district):
    if district not in everyone.index:
        close = nearest(district, everyone["district"]) or list(everyone["district"][:3])
        raise Refusal(
            f"District {district!r} has no tested students in these rows. Did you mean "
            f"{' or '.join(map(repr, close))}?"
        )
    return everyone.loc[district]


def _apart(profiles, own):
    """Of 100 students, how many would have to belong to another ethnic group (Series).

    For the mixes to be alike.
    """
    differences = profiles[ETHNIC].to_numpy(dtype=float) - own[ETHNIC].to_numpy(dtype=float)
    return pd.Series(np.abs(differences).sum(axis=1) / 2, index=profiles.index)


def _differences(everyone, own):
    """Differences from the district in standard deviations over all districts.

    A frame: one column a characteristic, NaN where unknown.
    """
    size = np.log(everyone["tested"])
    differences = {"size": (size - np.log(own["tested"])) / _scale(size)}
    for name in SHARES.values():
        differences[name] = (everyone[name] - own[name]) / _scale(everyone[name])
    typical = _apart(everyone, everyone[ETHNIC].mean())
    differences["ethnicity"] = _apart(everyone, own) / (np.sqrt((typical**2).mean()) or 1.0)
    return pd.DataFrame(differences)


def _scale(values):
    spread = values.std(ddof=0)
    return spread if spread > 0 else 1.0


def _why(alike, unlike, row, own):
    """In which characteristics two districts are alike, the nearest first, and in which not."""
    same = " and in ".join(_compared(name, row, own) for name in alike)
    other = " or in ".join(_compared(name, row, own) for name in unlike)
    if not same:
        return f"not alike in {other}"
    return f"alike in {same}; not in {other}" if other else f"alike in {same}"


def _is_alike(name, row, own):
    """Whether two districts are alike in a characteristic, going by what is printed of them."""
    if name == "size":
        return _band(row["tested"]) == _band(own["tested"])
    if name == "ethnicity":
        return _about(row["ethnicity_apart"], min(row["tested"], own["tested"])) <= NEAR
    return abs(_about(row[name], row["tested"]) - _about(own[name], own["tested"])) <= NEAR


def _compared(name, row, own):
    """A characteristic and, of both districts, about how much."""
    if name == "size":
        return f"{WORDS[name]} ({_band(row['tested'])}, here {_band(own['tested'])})"
    if name == "ethnicity":
        apart = _about(row["ethnicity_apart"], min(row["tested"], own["tested"]))
        return f"{WORDS[name]} (about {apart} in 100 students differ)"
    here = _about(own[name], own["tested"])
    return f"{WORDS[name]} (about {_about(row[name], row['tested'])}%, here about {here}%)"


def _about(percent, students):
    """A share to the nearest five percent, of a small district ten: several numbers fit it."""
    step = 5 if students >= SMALL_DISTRICT else 10
    return step * round(percent / step)


def _band(students):
    """Between which round numbers a number of students is (text)."""
    edges = [edge for edge in BANDS if edge <= students]
    if not edges:
        return f"fewer than {BANDS[0]}"
    above = BANDS[len(edges)] if len(edges) < len(BANDS) else None
    return f"{edges[-1]:,} to {above - 1:,}" if above else f"{edges[-1]:,} or more"


def _nothing(notes):
    types = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(NUMBERS, "float64") | {"alike": "bool"}
    empty = pd.DataFrame(columns=COLUMNS).astype(types)
    empty.attrs = notes
    return empty
