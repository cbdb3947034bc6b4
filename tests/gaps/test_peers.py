import numpy as np
import pandas as pd
import pytest

from see_the_system.data.parts import DISTRICT_COLUMNS
from see_the_system.data.store import open_store
from see_the_system.gaps.chance import predicted_by_others
from see_the_system.gaps.peers import (
    COLUMNS,
    GROUPS,
    comparison_districts,
    describe_comparison_districts,
    districts_of,
    unseen_grades,
)
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.privacy.protect import protect, protect_beside
from tests.frames import row, tidy


def district(code, tested, poor, learners, hispanic, *, meeting=0.3, year=2024):
    """District rows of one grade; shares in percent of ``tested``; the ethnic groups are Hispanic
    or Latino and White.
    """
    counts = {
        1: tested,
        31: tested * poor // 100,
        160: tested * learners // 100,
        78: tested * hispanic // 100,
    }
    counts[80] = tested - counts[78]
    return [
        row(
            year,
            group=group,
            district=code,
            levels=(n - round(n * meeting), 0, round(n * meeting), 0),
        )
        for group, n in counts.items()
    ]


HOME = district("10001", 1000, 60, 20, 70)
OTHERS = [
    district("10002", 1100, 62, 22, 68),
    district("10003", 200, 60, 20, 70),
    district("10004", 1000, 20, 5, 10),
    district("10005", 5000, 90, 45, 95),
]
ALL = [*HOME, *(one for other in OTHERS for one in other)]


def test_the_district_that_serves_alike_is_nearest_and_none_is_itself():
    found = comparison_districts(tidy(*ALL), "99-10001", most=2)
    assert list(found) == COLUMNS and found["district"].iloc[0] == "99-10002" and len(found) == 2
    assert "99-10001" not in comparison_districts(tidy(*ALL), "99-10001")["district"].tolist()
    nearest = found.iloc[0]
    assert nearest[
        ["tested", "disadvantaged", "english_learners", "ethnicity_78", "ethnicity_80"]
    ].tolist() == [1100, 62, 22, 68, 32]
    assert (
        nearest["ethnicity_apart"] == pytest.approx(2)
        and nearest["district_name"] == "District 10002"
    )
    assert found.attrs["own"]["tested"] == 1000


def test_the_distance_is_the_root_mean_square_of_standardised_differences():
    found = comparison_districts(tidy(*ALL), "99-10001").set_index("district")
    size, poor, learners = (
        np.log([1000, 1100, 200, 1000, 5000]),
        np.array([60, 62, 60, 20, 90]),
        np.array([20, 22, 20, 5, 45]),
    )
    hispanic = np.array(
        [70, 68, 70, 10, 95]
    )  # with two groups that add up to all, so many of 100 differ as this share does
    each = [(values[3] - values[0]) / values.std() for values in (size, poor, learners)]
    each.append((hispanic[3] - hispanic[0]) / hispanic.std())
    assert found.loc["99-10004", "distance"] == pytest.approx(np.sqrt(np.mean(np.square(each))))


def test_results_play_no_part():
    better = [one for other in OTHERS for one in other] + HOME
    better = [{**one, "n_met": one["with_scores"], "n_not_met": 0} for one in better]
    pd.testing.assert_frame_equal(
        comparison_districts(tidy(*ALL), "99-10001"),
        comparison_districts(tidy(*better), "99-10001"),
    )


def test_shares_of_a_small_district_are_told_so_that_several_numbers_fit():
    # 8 of 35 are 22.9%: to the nearest five percent, 25, one number or two would fit.
    whys = comparison_districts(tidy(*ALL, *district("10009", 35, 25, 21, 40)), "99-10009")["why"]
    assert whys.str.contains("here about 20%").any()
    assert not whys.str.contains("here about 25%").any()


def test_why_says_in_what_two_districts_are_alike_and_in_what_not():
    found = comparison_districts(tidy(*ALL), "99-10001").set_index("district")
    assert found["alike"].to_dict() == {
        "99-10002": True,
        "99-10003": True,
        "99-10004": False,
        "99-10005": False,
    }
    assert found.loc["99-10003", "why"] == (
        "alike in the share who are socioeconomically disadvantaged (about 60%, here about 60%) "
        "and in the share of English learners (about 20%, here about 20%) and in the mix of ethnic "
        "groups (about 0 in 100 students differ); not in the number of students tested (100 to "
        "299, here 1,000 to 2,999)"
    )
    assert found.loc["99-10005", "why"].startswith("not alike in the mix of ethnic groups (")


def test_of_grades_that_hide_how_many_were_tested_nothing_is_read():
    def hidden(rows, why="suppressed to protect another"):
        gone = dict.fromkeys(("tested", "with_scores", "n_met", "n_not_met", "n_nearly_met"))
        gone |= {"missing_tested": why, "missing_scores": why}
        return [one | gone if one["group_id"] == 1 else one for one in rows]

    def sixth(rows):
        return [one | {"grade": 6} for one in rows]

    home = [*HOME, *sixth(hidden(district("10001", 3000, 90, 5, 20)))]
    other = [*OTHERS[0], *sixth(district("10002", 40_000, 5, 45, 95))]
    large = [*OTHERS[1], *hidden(OTHERS[2]), *OTHERS[3]]
    found = comparison_districts(tidy(*home, *other, *large), "99-10001")
    assert found["district"].tolist() == ["99-10002", "99-10003", "99-10005"]
    assert found.attrs["grades"] == [8] and found.attrs["own"]["tested"] == 1000
    assert found["tested"].tolist() == [1100, 200, 5000]
    assert " in 2024, grade 8 alone, the 3 districts" in describe_comparison_districts(found)
    nothing = comparison_districts(tidy(*hidden(HOME), *other), "99-10001")
    assert describe_comparison_districts(nothing) == (
        "Too few students of District 10001 are shown to say which districts serve students alike."
    )


def test_small_districts_are_not_compared():
    tiny = district("10009", 20, 60, 20, 70)
    assert (
        "99-10009" not in comparison_districts(tidy(*ALL, *tiny), "99-10001")["district"].tolist()
    )
    assert (
        "99-10009"
        in comparison_districts(tidy(*ALL, *tiny), "99-10001", least=20)["district"].tolist()
    )


def test_what_is_hidden_for_this_district_is_left_out_and_who_hides_what_it_shows_is_not_compared():
    def hide(rows, group):
        gone = {"tested": None, "missing_tested": "suppressed to protect another"}
        return [one | gone if one["group_id"] == group else one for one in rows]

    rest = [one for other in OTHERS for one in other]
    found = comparison_districts(tidy(*hide(HOME, 160), *rest), "99-10001")
    assert found.attrs["used"] == ["size", "disadvantaged", "ethnicity"] and len(found) == 4
    assert "English" not in describe_comparison_districts(found)
    assert len(comparison_districts(tidy(*HOME, *hide(OTHERS[0], 160), *rest[5:]), "99-10001")) == 3


def test_with_all_students_alone_size_is_what_is_left():
    found = comparison_districts(tidy(*(one for one in ALL if one["group_id"] == 1)), "99-10001")
    assert found.attrs["used"] == ["size"] and found["district"].tolist()[:2] == [
        "99-10004",
        "99-10002",
    ]
    assert describe_comparison_districts(found).startswith(
        "Going by the number of students tested in 2024, the 4 districts in the data most like"
    )


def test_only_district_rows_of_the_latest_year_count():
    old = [{**one, "year": 2023} for one in district("10001", 50, 10, 5, 10)]
    school = [{**one, "school_code": "0000001", "level": "school"} for one in HOME]
    all_grades = [{**one, "grade": 13} for one in HOME]
    found = comparison_districts(tidy(*ALL, *old, *school, *all_grades), "99-10001")
    assert found.attrs["own"]["tested"] == 1000 and found.attrs["year"] == "2024"


def test_the_words_list_districts_with_reasons_and_judge_none():
    words = describe_comparison_districts(comparison_districts(tidy(*ALL), "99-10001", most=1))
    assert words.startswith(
        "Going by the number of students tested, the share who are socioeconomically "
        "disadvantaged, the share of English learners "
        "and the mix of ethnic groups in 2024, the district in the data most like District "
        "10001 is: District 10002 (alike in"
    )
    assert "not for their results" in words and "compare with care" not in words
    assert "Not all of these are much like District 10001: compare with care." in (
        describe_comparison_districts(comparison_districts(tidy(*ALL), "99-10001"))
    )


def test_nobody_to_compare_with_gives_an_empty_frame_and_a_sentence():
    alone = comparison_districts(tidy(*HOME), "99-10001")
    assert alone.empty and list(alone) == COLUMNS
    assert describe_comparison_districts(alone) == (
        "No other district in the data has 30 or more students tested and shows what "
        "District 10001 would be compared on."
    )
    for frame in (tidy(), pd.DataFrame(), tidy(row(levels=None, missing="suppressed"))):
        none = comparison_districts(frame, "99-10001")
        assert none.empty and list(none) == COLUMNS
        assert (
            describe_comparison_districts(none)
            == "The data hold no district rows with tested students, so there is nothing to "
            "compare."
        )


def test_an_unknown_district_is_refused_with_the_nearest():
    with pytest.raises(Refusal, match="99-10001"):
        comparison_districts(tidy(*ALL), "99-10011")
    with pytest.raises(Refusal, match="two digits for the county"):
        comparison_districts(tidy(*ALL), "Fresno")


def test_a_prediction_by_others_misses_by_what_it_says():
    draws, missed = np.random.default_rng(4), []
    for _ in range(60):
        n, mix, true = (
            draws.integers(40, 200, 30),
            draws.normal(size=(30, 3)),
            draws.normal(0, 0.08, 30),
        )
        rate = draws.binomial(n, np.clip(0.35 + 0.06 * mix[:, 0] + true, 0.02, 0.98)) / n
        found = predicted_by_others(rate - 0.35, 0.35 * 0.65 / n, mix)
        error = np.hypot(found.error, np.sqrt(0.35 * 0.65 / n))
        missed += list((rate - 0.35 - true - found.fitted) / error)
    assert np.std(missed) == pytest.approx(1, abs=0.1)


def test_each_school_is_left_out_of_its_own_prediction_and_the_variances_are_those_of_reml():
    draws = np.random.default_rng(5)
    mix, variance = draws.normal(size=(15, 2)), draws.uniform(0.001, 0.006, 15)
    rate = mix @ [0.05, -0.02] + draws.normal(0, 0.07, 15) + draws.normal(0, np.sqrt(variance))
    found = predicted_by_others(rate, variance, mix)
    one = np.ones((15, 1))

    def deviance(tau2, ridge):
        inverse = np.linalg.inv(np.diag(variance + tau2) + ridge * mix @ mix.T)
        matrix = inverse - inverse @ one @ one.T @ inverse / (one.T @ inverse @ one)
        return -np.linalg.slogdet(inverse)[1] + np.log(inverse.sum()) + rate @ matrix @ rate

    ridges = np.geomspace(1e-5, 0.05, 60)
    best = min(
        (deviance(tau2, ridge), tau2, ridge)
        for tau2 in np.linspace(0, 0.03, 121)
        for ridge in ridges
    )
    assert found.tau2 == pytest.approx(best[1], abs=0.0006)
    ridge = min(ridges, key=lambda value: deviance(found.tau2, value))
    design = np.column_stack([one, mix])
    for school in range(15):
        others = np.arange(15) != school
        weight = 1 / (variance + found.tau2)[others]
        penalty = np.diag([0, 1 / ridge, 1 / ridge])
        inverse = np.linalg.inv((design[others].T * weight) @ design[others] + penalty)
        by_others = design[school] @ inverse @ (design[others].T * weight) @ rate[others]
        assert found.fitted[school] == pytest.approx(by_others, abs=0.003)
        uncertain = design[school] @ inverse @ design[school]
        assert found.error[school] == pytest.approx(np.sqrt(uncertain), rel=0.05)


YEAR = {"years": [2025], "grades": (4, 5, 6, 7, 8), "tests": "Mathematics"}


@pytest.mark.parametrize("min_n", [11, 30])
def test_others_are_worked_out_once_and_are_as_beside_each_page(min_n):
    store = open_store(SAMPLE)
    everyone = store.read(level="district", groups=GROUPS, **YEAR, columns=DISTRICT_COLUMNS)
    for district in store.districts()["district"]:
        page = store.read(districts=[district], groups=[78, 80], **YEAR)
        shown = protect(page, min_n=min_n)
        own = protect_beside(
            everyone[everyone["district_code"] == district[3:]].reset_index(drop=True),
            shown,
            min_n=min_n,
        )
        asked = {"year": 2025, "grades": YEAR["grades"], "min_n": min_n}
        others = districts_of(store, **asked, unseen=unseen_grades(own, district))
        found = comparison_districts(own, district, others=others)
        expected = comparison_districts(protect_beside(everyone, shown, min_n=min_n), district)
        pd.testing.assert_frame_equal(found, expected)
        assert found.attrs["grades"] == expected.attrs["grades"]
        assert found.attrs["used"] == expected.attrs["used"]
        assert len(found) or found.attrs["note"] == expected.attrs["note"]
