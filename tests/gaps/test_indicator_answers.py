"""Questions of evidence that the state's other public measures answer."""

import re
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from see_the_system.data.store import Store, open_store
from see_the_system.gaps.questions import MEASURES, OF_INDICATORS, answer
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.theory.kinds import Answer, Question

WHEN = datetime(2025, 12, 1, tzinfo=UTC)
FOCUS, OTHER = "Hispanic or Latino", "White"


@pytest.fixture(scope="module")
def store():
    return open_store([SAMPLE])


def ask(store, measure, group=FOCUS, comparison="", district="99-10017", years=()):
    question = Question(
        measure=measure, district=district, group=group, comparison=comparison, years=years
    )
    return answer(question, store)


def test_a_rate_with_its_number_of_students(store):
    found = ask(store, "chronic absence")
    assert found.sentence == (
        "Lanternfield Unified: Hispanic or Latino, 2025, all grades: 15% of 11,578 students "
        "enrolled missed a tenth of their days or more (95% interval 15 to 16). Of all grades that "
        "a school has; the Dashboard's rate is of kindergarten to grade 8."
    )
    assert (found.value, round(found.low, 2), round(found.high, 2), found.unit) == (
        *(15.3, 14.64, 15.95),
        "percent",
    )
    earlier = ask(store, "Chronic absence", years=(2019,))
    assert "2019" in earlier.sentence and earlier.fingerprint != found.fingerprint


def test_a_gap_is_positive_where_the_group_asked_about_is_served_less_well(store):
    graduation = ask(store, "gap in graduation in four years", comparison=OTHER)
    assert graduation.value == pytest.approx(8.2) and graduation.low == pytest.approx(
        4.32, abs=0.01
    )
    turned = ask(store, "gap in graduation in four years", OTHER, FOCUS)
    assert turned.value == pytest.approx(-8.2) and turned.low < turned.value < turned.high < 0
    absence = ask(store, "gap in chronic absence", comparison=OTHER)
    assert absence.value == pytest.approx(0.5) and "which can be chance" in absence.sentence


def test_points_of_the_dashboard(store):
    found = ask(store, "gap in mathematics, points from standard", comparison=OTHER)
    assert (round(found.value, 1), found.low, found.unit) == (66.1, None, "points")
    assert "Hispanic or Latino 79.6 points below the standard (10,945 students)" in found.sentence


def test_what_is_hidden_is_told_with_what_to_ask(store):
    with pytest.raises(Refusal) as fault:
        ask(store, "chronic absence", "Filipino", district="99-10082")
    assert str(fault.value) == (
        "Chronic absence of these students is hidden in 2019 and 2024: 10 or "
        "fewer students, or what would give such a result away. Ask about a larger group."
    )


@pytest.mark.parametrize("district", ["99-10082", "99-10074", "99-10066"])
def test_no_answer_is_of_ten_students_or_fewer_and_every_one_can_be_kept(store, district):
    answers = 0
    for measure in OF_INDICATORS:
        for group in (FOCUS, OTHER, "Asian", "English learner", "Filipino"):
            try:
                found = ask(store, measure, group, OTHER if group != OTHER else FOCUS, district)
            except Refusal:
                continue
            answers += 1
            sizes = re.findall(r"of ([\d,]+)|\(([\d,]+) students", found.sentence)
            assert sizes and all(int("".join(n).replace(",", "")) >= 11 for n in sizes)
            assert Answer(**asdict(found), at=WHEN).sentence == found.sentence
    assert answers > 5


def refused(store, *asked, **more):
    with pytest.raises(Refusal) as fault:
        ask(store, *asked, **more)
    return str(fault.value)


def test_without_the_file_it_says_which_to_add(tmp_path, store):
    own = Store(tmp_path / "store")
    own.add([SAMPLE / "sb_ca2025_all_99_csv_v1.zip"])
    assert refused(own, "chronic absence") == (
        "No file of chronic absence is in the data. Add the state's file of it with "
        "'see-the-system data add FILE', or ask about another measure."
    )
    assert "sets two student groups side by side" in refused(store, "gap in chronic absence")


def test_without_the_year_it_says_which_years_there_are(store):
    assert refused(store, "chronic absence", years=(2018,)) == (
        "No file of chronic absence of 2018 is in the data, which have it of 2019, 2022, 2023, "
        "2024 and 2025. Ask about one of these, or add the state's file of 2018 with "
        "'see-the-system data add FILE'."
    )
    found = ask(store, "chronic absence", years=(2018, 2019))
    assert "2019" in found.sentence


def table(folder, year, *rows):
    """A file of chronic absence (its path). rows: district, group, students, absent."""
    cells = [
        *("Academic Year", "Aggregate Level", "County Code", "District Code", "School Code"),
        *("County Name", "District Name", "School Name", "Charter School", "Reporting Category"),
        "Chronic Absenteeism Eligible Cumulative Enrollment",
        *("Chronic Absenteeism Count", "Chronic Absenteeism Rate"),
    ]
    lines = [cells]
    for district, group, n, absent in rows:
        place = [f"{year - 1}-{year % 100}", "D", "99", district, "", "Pine", f"D {district}", ""]
        lines.append([*place, "All", group, str(n), str(absent), f"{100 * absent / n:.1f}"])
    path = folder / f"chronicabsenteeism{year % 100}.txt"
    path.write_text("\n".join("\t".join(line) for line in lines), encoding="utf-8")
    return path


def test_without_the_district_or_the_group_it_does_not_ask_for_the_file(tmp_path):
    own = Store(tmp_path / "store")
    first = table(
        tmp_path, 2023, ("10017", "RH", 400, 80), ("10017", "RA", 300, 30), ("10033", "RH", 90, 9)
    )
    second = table(tmp_path, 2024, ("10017", "RH", 410, 82), ("10017", "RW", 250, 25))
    own.add([first, second, SAMPLE / "sb_ca2025_all_99_csv_v1.zip"])
    none = "the state's file has none of a district without such students"
    whole = "where a part of the file was added, add the whole one."
    assert refused(own, "chronic absence", district="99-10066") == (
        f"The data have chronic absence of 2023 and 2024, without a row of district 99-10066: "
        f"{none}. Ask about another measure; {whole}"
    )
    assert refused(own, "chronic absence", district="99-10033", years=(2024,)) == (
        f"The data have chronic absence of 2024, without a row of district 99-10033: {none}. Ask "
        f"about 2023; {whole}"
    )
    assert refused(own, "chronic absence", "Filipino") == (
        "The files of chronic absence have this district in 2023 and 2024, without a row of "
        "Filipino. Ask about another group."
    )
    assert refused(own, "gap in chronic absence", FOCUS, "Filipino") == (
        "The files of chronic absence have this district in 2023 and 2024, without a row of "
        "Filipino. Ask about another group."
    )
    assert refused(own, "gap in chronic absence", "Asian", "White") == (
        "No year has chronic absence of both groups: the files have Asian in 2023 and White in "
        "2024. Ask about each by itself."
    )
    assert ask(own, "gap in chronic absence", FOCUS, "White").value == pytest.approx(10)


def test_every_indicator_can_be_asked_of_one_group_and_of_two():
    assert len(OF_INDICATORS) == 24 and set(OF_INDICATORS) <= set(MEASURES)
    assert "gap in English language arts, points from standard" in OF_INDICATORS
