from dataclasses import asdict
from typing import get_args

import pytest

from see_the_system.gaps.questions import MEASURES, OF_INDICATORS, PARTS, answer
from see_the_system.messages import Refusal
from see_the_system.theory import evidence, kinds
from see_the_system.theory.model import Theory
from tests.gaps.asking import MIDDLE_SIZE, OWN, PLAIN, TINY, ask, rows_of
from tests.theory.examples import WHEN


def test_the_parts_are_those_a_cause_may_name():
    assert set(PARTS) == set(get_args(kinds.Cause.model_fields["part"].annotation)) - {""}
    assert set(PARTS.values()) <= set(MEASURES)


def test_every_answer_can_be_kept_in_a_theory(network):
    for measure in MEASURES.keys() - OF_INDICATORS:
        grades = (7,) if measure == "mean scale score" else ()
        found = ask(
            network,
            measure,
            district=MIDDLE_SIZE,
            group="Socioeconomically disadvantaged",
            comparison=111,
            grades=grades,
            years=(2016, 2019),
        )
        assert kinds.Answer(**asdict(found), at=WHEN).sentence == found.sentence


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
        and "2 more schools are left out" in split
    )
    with pytest.raises(
        Refusal, match="are hidden, because results of 10 or fewer students are hidden"
    ):
        ask(made(rows_of({"0000001": {78: (10, 3), 80: (300, 180)}})), "gap in percent met", **OWN)
    of_a_class = {PARTS["before grade 6"], PARTS["during middle school"]}
    for measure in MEASURES.keys() - OF_INDICATORS:
        grades = (7,) if measure == "mean scale score" else ()
        # a class is looked for from every year: two are enough to look
        years = (2022, 2025) if measure in of_a_class else ()
        with pytest.raises(Refusal):
            ask(network, measure, district=TINY, grades=grades, years=years)


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
