"""The Dashboard's rules, held against the files of those who wrote them down."""

import csv
import gzip

import pytest

from see_the_system.data import dashboard_rules as rules
from see_the_system.messages import Refusal
from tests import real_data


def test_the_table_is_dated_and_names_its_sources():
    for rule in rules.RULES:
        assert rule.first_year == 2018 and rule.last_year == 2024 and rule.sources
        assert list(rule.status) == sorted(rule.status) and len(rule.colors) == 5
        assert len(rule.sources) == (2 if rule.grades == "3-8" else 1)


@pytest.mark.parametrize(
    ("indicator", "year", "grades"),
    [
        ("dashboard_math", 2025, "3-8"),
        ("dashboard_math", 2017, "3-8"),
        ("dashboard_chronic", 2024, "3-8"),
        ("dashboard_math", 2024, "5"),
    ],
)
def test_what_was_not_seen_has_no_rule(indicator, year, grades):
    with pytest.raises(Refusal, match="are not known here"):
        rules.rule_of(indicator, year, grades)


def test_the_words_of_a_refusal_say_which_years_there_are():
    with pytest.raises(Refusal) as fault:
        rules.rule_of("dashboard_math", 2025)
    assert str(fault.value) == (
        "The Dashboard's rules for dashboard_math of grades 3-8 in 2025 are not known here; they "
        "are for 2018 to 2024. Go by the color that the Dashboard published."
    )


def test_ninety_five_below_is_low_and_a_tenth_less_very_low():
    rule = rules.rule_of("dashboard_math", 2023)
    assert [rules.status_level(rule, points) for points in (-95.1, -95, -25.1, -25)] == [1, 2, 2, 3]
    assert rules.status_level(rule, 34.9) == 4
    eleven = rules.rule_of("dashboard_math", 2023, "11")
    assert [rules.status_level(eleven, points) for points in (-115.1, -60, 25)] == [1, 3, 5]


@real_data.needed
def test_all_fifty_cells_are_those_of_the_county_office():
    path = real_data.FOLDER / "dashboard_5x5_gr3-8_rcoe_cutscores.csv"
    with path.open(encoding="utf-8-sig") as file:
        cells = list(csv.DictReader(file))
    assert len(cells) == 50
    for cell in cells:
        rule = rules.rule_of(f"dashboard_{cell['indicator']}", 2022)
        change = _inside(cell["xmin"], cell["xmax"])
        status = _inside(cell["ymin"], cell["ymax"])
        assert rules.color(rule, status, change) == int(cell["color"]), cell


def _inside(low, high):
    if not low:
        return float(high) - 1
    return float(low) + 1


@real_data.needed
def test_the_published_levels_of_elementary_and_middle_schools_in_2018():
    """Schools numbered 6xxxxxx; some of them have a grade 11, whose cut points are other ones."""
    path = real_data.FOLDER / "dashboard_math_2018_schools_all_students.csv.gz"
    rule = rules.rule_of("dashboard_math", 2018)
    same = other = 0
    with gzip.open(path, "rt", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["cds"][7] == "6" and row["currstatus"] and row["statuslevel"] not in ("", "0"):
                level = rules.status_level(rule, float(row["currstatus"]))
                same += level == int(row["statuslevel"])
                other += level != int(row["statuslevel"])
    assert (same, other) == (6067, 5)
