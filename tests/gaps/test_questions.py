from dataclasses import asdict
from types import SimpleNamespace
from typing import get_args

import pytest

from see_the_system.data.store import Store, open_store
from see_the_system.gaps import trends
from see_the_system.gaps import two_groups as gaps
from see_the_system.gaps.questions import MEASURES, PARTS, answer
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.reports.district_report import DistrictReport
from see_the_system.theory import evidence, kinds
from see_the_system.theory.model import Theory
from tests import raw_files as raw
from tests.reports.test_district_report import from_the_file
from tests.theory.examples import WHEN

LARGE, MIDDLE_SIZE, TINY = "99-10017", "99-10066", "99-10082"


def question(
    measure, district=LARGE, group="Hispanic or Latino", comparison="White", grades=(), years=()
):
    return SimpleNamespace(
        measure=measure,
        district=district,
        group=group,
        comparison=comparison,
        grades=grades,
        years=years,
    )


@pytest.fixture(scope="module")
def network():
    return open_store(SAMPLE)


@pytest.fixture(scope="module")
def report():
    return DistrictReport(LARGE, "Hispanic or Latino", "White")


def ask(store, measure, **changed):
    return answer(question(measure, **changed), store)


GRADES = (4, 5, 6, 7, 8)


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
    assert report.between_and_within().words[0] in split.sentence
    in_sd = ask(network, "gap in standard deviations", grades=GRADES)
    assert in_sd.sentence.removeprefix("Lanternfield Unified: ") == report.in_sd().words[0]
    course = ask(network, "trend of the gap", grades=GRADES)
    assert course.sentence.removeprefix("Lanternfield Unified: ") == report.over_time().words[0]
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
    assert f"grade 6 {by_grade.set_index('grade')['gap'][6]:.1f} (" in found.sentence


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


def test_the_parts_are_those_a_cause_may_name():
    assert set(PARTS) == set(get_args(kinds.Cause.model_fields["part"].annotation)) - {""}
    assert set(PARTS.values()) <= set(MEASURES)


def test_every_answer_can_be_kept_in_a_theory(network):
    for measure in MEASURES:
        grades = (7,) if measure == "mean scale score" else ()
        found = ask(
            network,
            measure,
            district=MIDDLE_SIZE,
            group="Socioeconomically disadvantaged",
            comparison=111,
            grades=grades,
        )
        assert kinds.Answer(**asdict(found), at=WHEN).sentence == found.sentence


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


# --- small stores with numbers of our own
# ------------------------------------------------------------------------------------------


def levels(n, met):
    return (n - met - (n - met) // 2, (n - met) // 2, met - met // 2, met // 2)


def rows_of(schools, *, grade=8, **more):
    """The rows of schools, {code: {group: (students, meeting)}}, and of the district that they
    make.
    """
    sums, rows = {}, []
    for code, groups in schools.items():
        for group, size in groups.items():
            sums[group] = tuple(
                map(sum, zip(sums.get(group, (0, 0, 0, 0)), levels(*size), strict=True))
            )
            rows.append(
                raw.cells(
                    "D",
                    school=code,
                    type=7,
                    school_name=f"School {code}",
                    group=group,
                    levels=levels(*size),
                    grade=grade,
                    **more,
                )
            )
    return rows + [
        raw.cells("D", group=group, levels=each, grade=grade, **more)
        for group, each in sums.items()
    ]


PLAIN = {"0000001": {78: (100, 20), 80: (300, 180)}, "0000002": {78: (300, 90), 80: (100, 40)}}


@pytest.fixture
def made(tmp_path):
    """Gives a store of these rows; called again, adds them as the next version of the same file."""
    versions = iter("1234")

    def add(rows, county=19):
        path = raw.write(
            tmp_path, "D", rows, name=f"sb_ca2024_all_{county}_csv_v{next(versions)}.txt"
        )
        store = Store(tmp_path / "store")
        store.add([path])
        return store

    return add


OWN = {"district": "19-64733"}


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
    assert "-50% of the gap" in found.sentence and "(-10.0 of 20.0 points)" in found.sentence
    assert "The two parts have opposite signs: they work against each other." in found.sentence


def test_no_share_of_a_gap_that_chance_can_make(made):
    even = {"0000001": {78: (100, 30), 80: (100, 33)}, "0000002": {78: (100, 30), 80: (100, 31)}}
    with pytest.raises(
        Refusal,
        match="No share can be given, for the gap of 2024 between Hispanic or Latino and White "
        "cannot be told from chance",
    ):
        ask(made(rows_of(even)), PARTS["within schools"], **OWN)


def test_changed_data_mark_an_answer_and_other_data_do_not(made):
    asked = kinds.Question(
        measure="gap in percent met",
        district="19-64733",
        group="Hispanic or Latino",
        comparison="White",
        grades=(8,),
    )
    piece = kinds.Evidence(id="evidence-1", type="data", question=asked)

    def again(piece, store):
        found = evidence.ask(Theory.of([piece]), lambda one: answer(one, store), at=WHEN)
        assert found.sentences == {}
        return found.evidence[0] if found.evidence else piece

    first = again(
        piece, made(rows_of(PLAIN) + rows_of({"0000001": {78: (60, 20), 80: (60, 30)}}, grade=6))
    )
    assert evidence.latest(first).value == pytest.approx(27.5) and evidence.changed(first) is None
    elsewhere = made(
        rows_of(PLAIN, county="20", district="11111", district_name="Elsewhere"), county=20
    )
    assert again(first, elsewhere) is first
    other_grade = again(
        first, made(rows_of(PLAIN) + rows_of({"0000001": {78: (60, 25), 80: (60, 30)}}, grade=6))
    )
    assert (
        evidence.changed(other_grade) is None
        and evidence.latest(other_grade).fingerprint != evidence.latest(first).fingerprint
    )
    moved = PLAIN | {"0000001": {78: (100, 60), 80: (300, 180)}}
    last = again(
        other_grade,
        made(rows_of(moved) + rows_of({"0000001": {78: (60, 25), 80: (60, 30)}}, grade=6)),
    )
    change = evidence.changed(last)
    assert (change.old.value, change.new.value) == pytest.approx(
        (27.5, 17.5)
    ) and "now “Orchard: In 2024" in change.sentence


def test_only_the_groups_asked_make_the_fingerprint(made):
    first = ask(made(rows_of(PLAIN)), "gap in percent met", **OWN)
    assert (
        ask(
            made(rows_of(PLAIN) + rows_of({"0000001": {76: (50, 20)}})), "gap in percent met", **OWN
        )
        == first
    )


# --- what must not leave, and what cannot be answered
# ------------------------------------------------------------------------------


def test_nothing_is_said_of_ten_students_or_fewer(made, network):
    sizes = {"0000001": (8, 3), "0000002": (40, 12), "0000003": (90, 30), "0000004": (95, 30)}
    store = made(rows_of({code: {78: size, 80: (200, 110)} for code, size in sizes.items()}))
    assert (
        "of 233 students (Hispanic or Latino)" in ask(store, "gap in percent met", **OWN).sentence
    )
    split = ask(store, "gap between and within schools", **OWN).sentence
    # the school of 8 is hidden, and one more with it: the district's 233 would give it away
    assert (
        "2 schools show results for both Hispanic or Latino students (185 students counted)"
        in split
        and "2 more are left out" in split
    )
    with pytest.raises(
        Refusal, match="are hidden, because results of 10 or fewer students are hidden"
    ):
        ask(made(rows_of({"0000001": {78: (10, 3), 80: (300, 180)}})), "gap in percent met", **OWN)
    for measure in MEASURES:
        with pytest.raises(Refusal):
            ask(
                network,
                measure,
                district=TINY,
                grades=(7,) if measure == "mean scale score" else (),
            )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"measure": "percent mett"},
            "There is no measure 'percent mett'. Did you mean 'percent met'",
        ),
        ({"group": "Hispanic"}, "Did you mean 'Hispanic or Latino'"),
        ({"comparison": ""}, "name the group and the comparison group"),
        ({"comparison": "78"}, "are both 'Hispanic or Latino'"),
        (
            {"grades": (9,)},
            "There is no mathematics test in grade 9: it is taken in grades 3, 4, 5, 6, 7, 8 "
            "and 11. Did you mean grade 7 or 8",
        ),
        (
            {"district": "99-10058", "grades": (8, 11)},
            "in grade 11. It has grades 3, 4, 5, 6, 7, 8; choose from these",
        ),
        ({"years": (2020,)}, "School year 2020 is not in the store"),
        ({"district": "99-10018"}, "99-10018 is not in the store. Did you mean 99-100"),
        ({"district": "Lanternfield"}, "is not a district's code"),
        (
            {"group": "Adult English learner", "measure": "percent met"},
            "99-10017 has no mathematics results of Adult English learner",
        ),
        (
            {"measure": "mean scale score", "grades": (6, 7)},
            "choose one grade, or ask for 'distance from standard'",
        ),
        ({"measure": "trend of the gap", "years": (2025,)}, "can be given for 2025 only"),
    ],
)
def test_questions_that_cannot_be_answered(network, changed, said):
    with pytest.raises(Refusal) as refused:
        ask(network, **({"measure": "gap in percent met"} | changed))
    assert said in str(refused.value)
