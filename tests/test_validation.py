"""docs/validation.md, made again: what is planted is found within the stated error, what is false
is refuted, and the page says the same.
"""

import importlib.util
import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def validation():
    spec = importlib.util.spec_from_file_location("validation", DOCS / "validation.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def network(validation):
    return validation.students()


def test_planted_effects_are_found_within_a_tenth(validation, network):
    found = validation.effects(network)
    assert ((found.found - found.planted).abs() <= 0.10 * found.planted.abs()).all()
    assert list(found.index) == ["placement", "pullout", "late_results", "transition", "assignment"]


@pytest.mark.parametrize(
    "district, error", [("10017", 2), ("10025", 2), ("10041", 5), ("10058", 5)]
)
def test_planted_shares_are_found_within_the_stated_error(validation, district, error):
    found = validation.shares(validation.students(district))
    assert ((found.found - found.planted).abs() <= error).all() and found.planted.sum() > 15
    assert ((found.low <= found.planted) & (found.planted <= found.high)).all()


def test_the_wrong_theory_is_supported_between_schools_and_refuted_inside_them(validation, network):
    for rows in (validation.students("10017"), network):
        found = validation.attendance(rows)
        assert found.between_r > 0.5 and found.between_interval[0] > 5
        assert (
            found.within_interval[0] < 0 < found.within_interval[1]
            and abs(found.within) < 0.02 * found.between
        )


def test_rules_that_look_for_more_cry_wolf_more_and_find_more(validation):
    run, xmr = validation.false_alarms()
    assert (run.loc["ihi"] > run.loc["anhoej"]).all() and (
        xmr.loc["nelson"] >= xmr.loc["anhoej"]
    ).all()
    for rates in (run, xmr):
        assert (rates[36] > rates[12]).all()
    for found in validation.powers():
        assert (found[1.0] < found[2.0]).all() and (found[2.0] <= found[3.0]).all()


def test_the_page_has_these_numbers(validation):
    written, made = validation.PAGE.read_text(encoding="utf-8"), validation.page()
    number = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
    assert number.sub("#", written) == number.sub("#", made)
    for text, value in zip(number.findall(written), number.findall(made), strict=True):
        last_digit = 10.0 ** -len(text.partition(".")[2])
        assert float(value.replace(",", "")) == pytest.approx(
            float(text.replace(",", "")), abs=1.01 * last_digit
        ), text
