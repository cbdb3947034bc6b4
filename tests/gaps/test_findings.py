import pytest

from see_the_system.gaps import trends
from see_the_system.gaps import two_groups as gaps
from see_the_system.gaps.questions import PARTS
from see_the_system.messages import Refusal
from see_the_system.reports.district_report import DistrictReport
from tests.gaps.asking import GRADES, LARGE, MIDDLE_SIZE, OWN, PLAIN, ask, rows_of
from tests.reports.test_district_report import from_the_file


@pytest.fixture(scope="module")
def report():
    return DistrictReport(LARGE, "Hispanic or Latino", "White")


def test_gaps_are_those_of_the_district_report(network, report):
    row = report.usable.iloc[-1]
    found = ask(network, "gap in percent met", grades=GRADES)
    assert (found.value, found.low, found.high) == pytest.approx(
        (row["gap"], row["low"], row["high"])
    )
    assert (
        found.sentence.startswith("Lanternfield Unified: In 2025, ")
        and f"The gap is {row['gap']:.1f} percentage points" in found.sentence
    )
    split = ask(network, "gap between and within schools", grades=GRADES)
    assert report.between_and_within().how[0] in split.sentence
    in_sd = ask(network, "gap in standard deviations", grades=GRADES)
    assert in_sd.sentence.removeprefix("Lanternfield Unified: ") in report.in_sd().how
    course = ask(network, "trend of the gap", grades=GRADES)
    assert course.sentence.removeprefix("Lanternfield Unified: ") in report.over_time().how
    assert (
        course.value == pytest.approx(trends.trend(report.by_year)["slope"][0])
        and course.unit == "percentage points a year"
    )
    by_grade = gaps.gap_in_points(
        report.district_rows[report.district_rows["year"] == 2025],
        **report.sides,
        by=("year", "grade"),
    )
    found = ask(network, "gap by grade", grades=GRADES)
    assert (
        found.value == pytest.approx(by_grade["gap"].max())
        and "They are different students in each grade." in found.sentence
    )
    assert f"{by_grade.set_index('grade')['gap'][6]:.1f} in grade 6 (" in found.sentence


def test_one_grade_is_not_called_the_widest_and_grades_are_left_out_for_their_own_reasons(made):
    rows = [*rows_of(PLAIN, grade=8), *rows_of({"0000001": {78: (5, 1), 80: (90, 40)}}, grade=7)]
    words = ask(made(rows), "gap by grade", **OWN).sentence
    assert "widest" not in words and "different students" not in words
    assert "is shown for 2024, grade 7: the scores of Hispanic or Latino" in words
    assert "or was not tested" not in words


def test_a_part_that_chance_can_make_is_not_said_to_work_against_the_other(made):
    alike = {
        "0000001": {78: (100, 20), 80: (101, 60)},
        "0000002": {78: (103, 24), 80: (100, 62)},
    }
    found = ask(made(rows_of(alike)), PARTS["between schools"], **OWN)
    assert -0.5 < found.value < 0
    assert "In 2024, 0% of the gap" in found.sentence
    assert "other way round" not in found.sentence and "opposite" not in found.sentence


def test_one_group_has_the_files_own_numbers(network):
    n, met = from_the_file(2025, LARGE, 78, (6, 7))
    found = ask(network, "percent met", grades=(6, 7), comparison="")
    assert (
        found.value == pytest.approx(100 * met / n)
        and f"of {n:,} students (Hispanic or Latino) in grades 6, 7" in found.sentence
    )
    mean = ask(network, "mean scale score", grades=(7,))
    assert (
        mean.value == pytest.approx(2486.3)
        and "mean scale score of 2486.3 in mathematics; the standard begins at 2567."
        in mean.sentence
    )
    assert ask(network, "distance from standard", grades=(7,)).value == pytest.approx(2486.3 - 2567)
    assert (
        "(All students)"
        in ask(network, "percent met", district=MIDDLE_SIZE, group="", comparison="").sentence
    )


def test_two_parts_make_the_whole(network):
    shares = {part: ask(network, measure, grades=GRADES) for part, measure in PARTS.items()}
    for one, other in (
        ("between schools", "within schools"),
        ("between grades", "within grades"),
        ("before grade 6", "during middle school"),
    ):
        assert shares[one].value + shares[other].value == pytest.approx(100)
    split = ask(network, "gap between and within schools", grades=GRADES).value
    assert (
        f"({split:.1f} of " in shares["between schools"].sentence
        and "stands between schools" in shares["between schools"].sentence
    )
    assert all(
        "not why." in share.sentence and share.unit == "percent of the gap"
        for share in shares.values()
    )


def test_what_a_class_had_before_grade_6(network, report):
    ends = [
        report.district_rows[
            (report.district_rows["year"] == year) & (report.district_rows["grade"] == grade)
        ]
        for year, grade in ((2022, 5), (2025, 8))
    ]
    before, after = (gaps.gap_in_sd(rows, **report.sides)["v"][0] for rows in ends)
    found = ask(network, PARTS["before grade 6"])
    assert found.value == pytest.approx(100 * before / after)
    assert (
        "in grade 8 in 2025 was 133% of what it is there; during middle school it narrowed."
        in found.sentence
    )
    with pytest.raises(
        Refusal, match=r"in grade 5 and, 3 years later, in grade 8\. Ask for both of its years"
    ):
        ask(network, PARTS["before grade 6"], years=(2025,))
    with pytest.raises(Refusal, match="none of these is asked; add grade 8"):
        ask(network, PARTS["during middle school"], grades=(4,))


def test_the_newest_year_that_can_speak_does(network):
    assert (
        "In 2021 few students were tested"
        in ask(network, "gap in percent met", years=(2021,)).sentence
    )
    assert (
        "In 2019, "
        in ask(network, "percent met", district=MIDDLE_SIZE, years=(2019, 2021)).sentence
    )
    late = ask(network, "gap in percent met", district=MIDDLE_SIZE, years=(2019, 2022)).sentence
    assert "In 2019, " in late and late.endswith(
        "The data go to 2022, but 2019 is the newest year that can be used."
    )


def test_kitagawa_by_hand(made):
    store = made(rows_of(PLAIN))
    # shares of students (1/4, 3/4) and (3/4, 1/4); rates (.2, .3) and (.6, .4): between .5 * .4 -
    # .5 * .35, of .55 - .275
    assert ask(store, PARTS["between schools"], **OWN).value == pytest.approx(100 * 0.025 / 0.275)
    assert (
        "9% of the gap in percent meeting the standard between Hispanic or Latino and White "
        "(2.5 of 27.5 points) stands between schools"
        in (ask(store, PARTS["between schools"], **OWN).sentence)
    )
    turned = ask(
        store, PARTS["between schools"], group="White", comparison="Hispanic or Latino", **OWN
    )
    assert (
        turned.value == pytest.approx(100 * 0.025 / 0.275)
        and "(2.5 of 27.5 points, with the results of White the higher ones)" in turned.sentence
    )
    with pytest.raises(Refusal, match="Only grade 8 shows both groups in 2024"):
        ask(store, PARTS["between grades"], **OWN)


def test_parts_that_work_against_each_other(made):
    crossed = {
        "0000001": {78: (100, 20), 80: (300, 150)},
        "0000002": {78: (300, 120), 80: (100, 70)},
    }
    found = ask(made(rows_of(crossed)), PARTS["between schools"], **OWN)
    # between .5 * .35 - .5 * .55, of .55 - .35
    assert found.value == pytest.approx(-50)
    assert "−50% of the gap" in found.sentence and "(−10.0 of 20.0 points)" in found.sentence
    assert "that much would remain, the other way round, if both groups did" in found.sentence
    assert "The two parts have opposite signs: they work against each other." in found.sentence


def test_no_share_of_a_gap_that_chance_can_make(made):
    even = {"0000001": {78: (100, 30), 80: (100, 33)}, "0000002": {78: (100, 30), 80: (100, 31)}}
    with pytest.raises(
        Refusal,
        match="No share can be given, for the gap of 2024 between Hispanic or Latino and White "
        "cannot be told from chance",
    ):
        ask(made(rows_of(even)), PARTS["within schools"], **OWN)


def test_parts_of_a_year_in_which_few_were_tested_say_so(network):
    for measure in ("gap between and within schools", PARTS["within schools"]):
        found = ask(network, measure, grades=GRADES, years=(2021,))
        assert "In 2021 few students were tested, so take it with care." in found.sentence
