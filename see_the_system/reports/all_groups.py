"""Every student group of a district at once: one year, all tested grades together.

These are the state's own rows of all grades, so that little has to be hidden: the district's, and
beside it the county's and the state's where the data have them.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from see_the_system.data.codes import ALL_GRADES, ALL_STUDENTS, ETHNICITIES, GROUPS
from see_the_system.data.parts import DISTRICT_COLUMNS
from see_the_system.gaps import measures, peers
from see_the_system.gaps.two_groups import gap_in_points
from see_the_system.messages import Refusal, digits_that_add_up, whole_percent
from see_the_system.privacy.protect import NOBODY, protect_beside
from see_the_system.privacy.relations import LEVEL_COUNTS
from see_the_system.reports.sections import fixed

COUNTS = (*LEVEL_COUNTS, "tested", "with_scores")
COLUMNS = [*DISTRICT_COLUMNS, "county_name"]
# Whose rows the choice of districts and of bright spots goes by.
MIX_GROUPS = (ALL_STUDENTS, 31, 128, 160, *ETHNICITIES)
# The groups of the state's Dashboard, and those that one or two of them are read beside.
BLOCKS = {
    "Race and ethnicity": ETHNICITIES,
    "Family income": (31, 111),
    "English": (160, 250, 8, 180),
    "Other groups": (128, 52, 240, 28),
}
# Names that are short where what they are of stands beside them.
SHORT = {31: "Disadvantaged", 111: "Not disadvantaged", 8: "Reclassified fluent"}
LISTED = (ALL_STUDENTS, *(code for block in BLOCKS.values() for code in block))


@dataclass(frozen=True)
class AllGroups:
    """What a page may show of all groups beside its own rows.

    ``shown`` are the protected rows, of grade 13; ``unprinted`` the district's rows of the grades
    that the page leaves out, though its results of all grades hold them too.
    """

    shown: pd.DataFrame
    unprinted: pd.DataFrame

    @classmethod
    def of(cls, report):
        """Reads and protects them for a ``DistrictReport``.

        The rows of the report's two groups come first: they are protected already, and so much is
        hidden here that nothing follows from both together.
        """
        both = list(report.sides.values())
        rows = report.store.district(
            report.code,
            tests=["Mathematics"],
            groups=sorted({*peers.GROUPS, *LISTED, *both}),
            years=[report.latest],
            level="district",
            columns=COLUMNS,
        )
        # Of these groups the other grades are read beside the results of all grades.
        by_grade = rows["group_id"].isin([*peers.GROUPS, *both])
        unprinted = rows[~rows["grade"].isin([*report.grades, ALL_GRADES]) & by_grade]
        own = rows[rows["grade"] == ALL_GRADES]
        of_both = unprinted[unprinted["group_id"].isin(both)]
        wider, elsewhere = _wider(report, own)
        shown = protect_beside(
            pd.concat([own, *wider], ignore_index=True),
            report.rows.loc[report.rows["year"] == report.latest, DISTRICT_COLUMNS],
            unprinted=pd.concat([of_both, *elsewhere], ignore_index=True),
            min_n=report.min_n,
        )
        return cls(shown, unprinted)

    @cached_property
    def percents(self):
        """Percent and interval by level and group (DataFrame), of what is shown."""
        # All grades together are one row: as one grade it is counted, and nothing is added up.
        rows = self.shown.assign(grade=0)
        return measures.percent_meeting(rows, ["level", "group_id"]).set_index(
            ["level", "group_id"]
        )


def _wider(report, own):
    """The rows of the county and the state, and of those in each who are not in its part (lists).

    Of all students and both groups; the second are nowhere on the page, but follow from it.
    """
    try:
        rows = report.store.read(
            districts=[f"{report.code[:2]}-00000", "00-00000"],
            tests=["Mathematics"],
            grades=[ALL_GRADES],
            groups=[ALL_STUDENTS, *report.sides.values()],
            years=[report.latest],
            columns=COLUMNS,
        )
    except Refusal:  # the data have neither
        return [], []
    wider, elsewhere = [], []
    part = own
    for level, place in (
        ("county", {"district_code": "elsewhere", "level": "district"}),
        ("state", {"county_code": "elsewhere", "level": "county"}),
    ):
        total = rows[rows["level"] == level]
        rest = _outside(total, part, report.min_n).assign(**place)
        part = total[total["group_id"].isin(rest["group_id"])]
        wider.append(part)
        elsewhere.append(rest)
    return wider, elsewhere


def _outside(total, part, fewest):
    """Who is in a larger place and not in its part, of the groups with enough of them (rows)."""
    both = total.merge(part[["group_id", *COUNTS]], on="group_id", suffixes=("", "_inside"))
    for name in COUNTS:
        both[name] = both[name] - both[f"{name}_inside"]
    # Percents that were rounded in a file can leave less than nobody in a level.
    sensible = (both[list(COUNTS)] >= 0).fillna(False).all(axis=1)
    return both.loc[sensible & (both["with_scores"] >= fewest).fillna(False), list(total.columns)]


def short(code):
    """A group's name, short where the first page says it again and again (text)."""
    return SHORT.get(code, GROUPS[code])


def place_names(report):
    """What the district, its county and the state are called on the page, by level (dict)."""
    rows = report.all_groups.shown
    county = rows.loc[rows["level"] == "county", "county_name"]
    county = next(iter(county), "") or "The county"
    return {"district": "This district", "county": county, "state": "California"}


def places_table(report):
    """The district beside its county and the state (DataFrame); empty where it stands alone."""
    rows = report.all_groups.shown
    names = place_names(report)
    places = [level for level in names if level in set(rows["level"])]
    if len(places) < 2:
        return pd.DataFrame()
    percents = report.all_groups.percents["percent"]
    gaps = gap_in_points(rows.assign(grade=0), **report.sides, by=("level",)).set_index("level")
    gaps = gaps.reindex(places)
    known = gaps[gaps["gap"].notna()]
    digits = digits_that_add_up(
        *((row.percent_comparison, (row.percent_focus, row.gap)) for row in known.itertuples())
    )
    table = {"Place": [names[level] for level in places]}
    for code in (ALL_STUDENTS, *report.sides.values()):
        cells = [percents.get((level, code)) for level in places]
        said = ["hidden" if cell is None else whole_percent(cell, digits) for cell in cells]
        table[short(code)] = said
    table["Gap, points"] = fixed(gaps["gap"], digits)
    return pd.DataFrame(table)


def groups_to_draw(report):
    """What the picture of all groups shows, in its order (DataFrame, see ``group_charts``)."""
    rows = report.all_groups.shown
    tested = rows[rows["missing_scores"].astype(str) != NOBODY]
    there = set(tested[["level", "group_id"]].itertuples(index=False, name=None))
    percents = report.all_groups.percents.to_dict("index")
    names = place_names(report)
    roles = {report.focus: "focus", report.comparison: "comparison"}
    wanted = [("All students", level, ALL_STUDENTS, names[level], level) for level in names]
    outside = [code for code in roles if code not in LISTED]
    for kind, block in {"The two groups": outside, **BLOCKS}.items():
        wanted += [
            (kind, "district", code, SHORT.get(code, GROUPS[code]), roles.get(code, "group"))
            for code in block
        ]
    drawn = []
    for kind, level, code, label, role in wanted:
        if (level, code) in there:
            row = {"label": label, "n": 0, "role": role, "kind": kind}
            drawn.append(row | percents.get((level, code), {}))
    columns = ["label", "n", "percent", "low", "high", "role", "kind"]
    return pd.DataFrame(drawn, columns=columns).astype(dict.fromkeys(columns[2:5], "float64"))


def groups_in_words(groups):
    """What the picture of all groups says (text)."""
    shown = groups[groups["percent"].notna()]
    each = (f"{row.label} {whole_percent(row.percent)}" for row in shown.itertuples())
    return (
        "Students who met or exceeded the standard, all tested grades together, with 95% "
        f"intervals: {'; '.join(each)}."
    )
