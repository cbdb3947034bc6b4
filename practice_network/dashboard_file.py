"""The practice network's Dashboard file of mathematics, in the layout of its year. Synthetic.

The real Dashboard counts students who were enrolled all year, adds an alternate assessment and, for
who was not tested, the lowest score; here it is the mean of all who have a score.
"""

from functools import lru_cache

import numpy as np

from practice_network import network
from practice_network.score_model import draw_students, generator
from practice_network.year_files import GROUPS, group_sums
from see_the_system.data import codes, dashboard_rules
from see_the_system.data.indicator_layouts import DASHBOARD_GROUPS

YEARS = (2019, 2022, 2023, 2024, 2025)
FEWEST = 11  # students of whom a value is shown
FEWEST_LEVEL = 30  # students of whom a level and a color is shown
RECENTLY = 0.4  # of the reclassified, who were so in the last four years
# After 2024 no rules are known; the network goes by those of 2024.
_LAST_RULES = 2024
_STATE_GROUPS = {mark: code for mark, code in DASHBOARD_GROUPS.items() if code in GROUPS}
_COLUMNS = (
    "cds",
    "rtype",
    "schoolname",
    "districtname",
    "countyname",
    "charter_flag",
    "coe_flag",
    "dass_flag",
    "studentgroup",
    "currdenom",
    "currstatus",
)
_CHANGES = ("priordenom", "priorstatus", "change", "statuslevel", "changelevel", "color", "box")


def lines(header, rows, mark=""):
    """Rows of cells as the state writes them, tabs between and CRLF (bytes)."""
    written = "".join("\t".join(cells) + "\r\n" for cells in [header, *rows])
    return f"{mark}{written}".encode()


def text(year):
    """The file of a year, tabs and CRLF (bytes)."""
    has_change = year not in dashboard_rules.WITHOUT_CHANGE
    now, before = _means(year), _means(year - 1) if has_change else {}
    header = [*_COLUMNS, *(_CHANGES if has_change else ("statuslevel",))]
    if year >= 2023:
        header += ["currnsizemet", "priornsizemet"]
    header.append("reportingyear")
    rows = []
    for entity in network.entities(year).to_dict("records"):
        if entity["type_id"] == codes.COUNTY:
            continue  # the Dashboard has no county
        code = entity["school_code"]
        for mark in DASHBOARD_GROUPS:
            n, total = now.get((entity["district_code"], code, mark), (0, 0))
            if not n:
                continue
            past = before.get((entity["district_code"], code, mark), (0, 0))
            cells = [*_identity(entity), mark, *_status(n, total)]
            cells += _levels(entity, year, (n, total), past, has_change)
            if year >= 2023:
                cells += ["Y" if each >= FEWEST_LEVEL else "N" for each in (n, past[0])]
            rows.append([*cells, str(year)])
    return lines(header, rows)


def _identity(entity):
    is_school = entity["type_id"] != codes.DISTRICT
    district, code = entity["district_code"], entity["school_code"]
    return [
        f"{network.COUNTY_CODE}{district}{code}",
        "S" if is_school else "D",
        entity["school_name"] if is_school else "",
        network.DISTRICT_NAMES[district],
        network.COUNTY_NAME,
        "Y" if entity["type_id"] in (codes.DIRECT_CHARTER, codes.LOCAL_CHARTER) else "",
        "",
        "Y" if network.is_continuation(code) else "",
    ]


def _status(n, total):
    shown = n >= FEWEST
    return [str(n) if shown else "", f"{total / n:.1f}" if shown else ""]


def _levels(entity, year, now, past, has_change):
    """The cells from the year before on, or the level of status alone (list of text)."""
    grades = "11" if entity["school_code"] in network.codes_where(kind="H") else "3-8"
    rule = dashboard_rules.rule_of("dashboard_math", min(year, _LAST_RULES), grades)
    status = round(now[1] / max(1, now[0]), 1)
    level = dashboard_rules.status_level(rule, status) if now[0] >= FEWEST_LEVEL else 0
    if not has_change:
        return [str(level)]
    before = _status(*past) if past[0] else ["", ""]
    if "" in before or now[0] < FEWEST:
        return [*before, "", str(level), "0", "0", "0"]
    change = round(status - float(before[1]), 1)
    enough = level and past[0] >= FEWEST_LEVEL
    # On a cut point the practice network takes the higher level: the real rule is not known.
    change_level = dashboard_rules.change_levels(rule, change)[-1] if enough else 0
    color = rule.colors[level - 1][change_level - 1] if enough else 0
    box = 10 * (5 * (5 - level) + change_level) if enough else 0
    return [*before, f"{change:.1f}", *map(str, (level, change_level, color, box))]


@lru_cache(maxsize=4)
def _means(year):
    """Students and sum of points from the standard of each entity and group (dict)."""
    students = draw_students(year)
    recently = generator(year, 53).random(len(students)) < RECENTLY
    students["recently"] = recently & (students.language == "RFEP").to_numpy()
    students = students[students.scored].reset_index(drop=True)
    standards = {grade: cuts[1] for grade, cuts in codes.MATH_CUTS.items()}
    students["points"] = students.score - students.grade.map(standards)
    found = {}
    groups = tuple(_STATE_GROUPS.values())
    direct = students.code.isin(network.codes_where(type_id=codes.DIRECT_CHARTER))
    each = [*students.groupby(["district", "code"])]
    each += [((code, "0000000"), own) for code, own in students[~direct].groupby("district")]
    for (district, code), own in each:
        own = own.reset_index(drop=True)
        cell = np.zeros(len(own), dtype=int)
        columns = [np.ones(len(own)), own.points.to_numpy()]
        sums = group_sums(own, cell, 1, columns, groups)[:, 0]
        counts = dict(zip(_STATE_GROUPS, sums.tolist(), strict=True))
        recent = own[own.recently]
        counts["RFP"] = [len(recent), int(recent.points.sum())]
        counts["EL"] = [a + b for a, b in zip(counts["ELO"], counts["RFP"], strict=True)]
        found |= {(district, code, mark): tuple(pair) for mark, pair in counts.items()}
    return found
