import numpy as np
import pandas as pd
import pytest

from see_the_system.gaps.bright_spots import (
    QUESTIONS,
    bright_spots,
    describe_bright_spots,
)
from see_the_system.messages import Refusal
from tests.frames import row, tidy

HISPANIC, DISADVANTAGED, LEARNER = 78, 31, 160
GRADES = {6: 0.40, 7: 0.36, 8: 0.32}


def schools(
    draws, *, number=20, years=(2022, 2023, 2024), extra=None, slope=0.4, size=(30, 70), **place
):
    """School rows by grade: the rate falls with the share of disadvantaged students, plus ``extra``
    (school number: points) and chance.
    """
    share = np.linspace(0.2, 0.9, number)
    rows = []
    for year in years:
        for i in range(number):
            for grade, base in GRADES.items():
                n = int(draws.integers(*size))
                meeting = draws.binomial(
                    n,
                    np.clip(base - slope * (share[i] - 0.55) + (extra or {}).get(i, 0), 0.02, 0.98),
                )
                here = {"grade": grade, "school": f"{i + 1:07d}", **place}
                poor = draws.binomial(2 * n, share[i])
                rows += [
                    row(year, group=HISPANIC, levels=(n - meeting, 0, meeting, 0), **here),
                    row(year, group=1, levels=(n, 0, n, 0), **here),
                    row(year, group=DISADVANTAGED, levels=(poor, 0, 0, 0), **here),
                ]
    return rows


@pytest.fixture(scope="module")
def planted():
    """School 20, where most students are disadvantaged, does 25 points better than its mix
    predicts; school 1 has few.
    """
    return tidy(*schools(np.random.default_rng(1), extra={19: 0.25}, number=24))


def test_the_planted_school_is_found_with_its_numbers(planted):
    found = bright_spots(planted, group=HISPANIC)
    assert found["school_name"].tolist() == ["School 0000020"]
    spot = found.iloc[0]
    assert (
        (spot["years_above"], spot["years"]) == (3, 3)
        and spot["lower"] < 25 < spot["upper"] + 3
        and spot["lower"] > 12
    )
    mine = planted[(planted["school_code"] == "0000020") & (planted["group_id"] == HISPANIC)]
    assert spot["percent"] == pytest.approx(100 * mine["n_met"].sum() / mine["with_scores"].sum())
    assert spot["n_by_year"].startswith(
        f"{mine.loc[mine['year'] == 2022, 'with_scores'].sum()} in 2022, "
    )
    assert found.attrs["schools"] == 24 and found.attrs["mix"] == [
        "Socioeconomically disadvantaged"
    ]


def test_a_high_percent_that_the_mix_predicts_is_not_a_bright_spot(planted):
    rows = planted[planted["group_id"] == HISPANIC]
    rates = (
        rows.groupby("school_code")["n_met"].sum()
        / rows.groupby("school_code")["with_scores"].sum()
    )
    assert rates.drop("0000020").astype(float).idxmax() in ("0000001", "0000002", "0000003")
    without_mix = bright_spots(rows, group=HISPANIC)
    assert "School 0000001" in without_mix["school_name"].tolist()
    assert without_mix["school_name"].tolist() == sorted(without_mix["school_name"])
    assert "School 0000001" not in bright_spots(planted, group=HISPANIC)["school_name"].tolist()


def test_a_school_with_the_easier_grades_is_not_a_bright_spot_for_that():
    rows = schools(np.random.default_rng(2), slope=0)
    only_sixth = [one for one in rows if one["school_code"] > "0000008" or one["grade"] == 6]
    assert bright_spots(tidy(*only_sixth), group=HISPANIC).empty


def test_a_school_eight_points_above_is_found_and_one_that_is_not_hardly_ever():
    # docs/validation.md has longer runs
    draws, found, false = np.random.default_rng(3), 0, 0
    years = (2022, 2023, 2024, 2025)
    for _ in range(6):
        frame = tidy(*schools(draws, years=years, extra={9: 0.08}, size=(50, 66)))
        names = bright_spots(frame, group=HISPANIC)["school_name"].tolist()
        found += "School 0000010" in names
        false += bool(set(names) - {"School 0000010"})
    assert found >= 4 and false <= 1


def test_2021_does_not_count(planted):
    assert bright_spots(planted.assign(for_trend=planted["year"] == 2024), group=HISPANIC).empty
    words = describe_bright_spots(
        bright_spots(planted.assign(for_trend=planted["year"] == 2024), group=HISPANIC)
    )
    assert words == (
        "Results for Hispanic or Latino students fit for trends are there for 2024 only; a "
        "bright spot needs 2 years, "
        "because one good year may be chance."
    )


def test_a_district_is_compared_within_itself_or_with_its_county():
    draws = np.random.default_rng(6)
    small, large = (
        schools(draws, number=6, extra={2: 0.3}),
        schools(draws, number=24, district="10018"),
    )
    found = bright_spots(tidy(*small, *large), group=HISPANIC, district="99-10017")
    assert found.attrs["pool"] == "the schools of the county" and found.attrs["schools"] == 6
    assert found["school_name"].tolist() == ["School 0000003"]
    assert (
        bright_spots(tidy(*small, *large), group=HISPANIC, district="99-10018").attrs["pool"]
        == "the schools of the district"
    )
    assert "is there for" not in describe_bright_spots(
        found
    ) and "No school of this district shows" in describe_bright_spots(
        bright_spots(tidy(*large), group=HISPANIC, district="99-10017")
    )


def test_one_very_good_year_is_not_enough():
    draws = np.random.default_rng(9)
    rows = schools(draws, years=(2022,), extra={9: 0.5}) + schools(
        draws, years=(2023, 2024), extra={9: 0.02}
    )
    assert bright_spots(tidy(*rows), group=HISPANIC).empty
    once = bright_spots(tidy(*rows), group=HISPANIC, min_years=1)
    assert once[["school_name", "years_above", "years"]].values.tolist() == [
        ["School 0000010", 1, 3]
    ]


def test_a_school_needs_two_years_of_its_own():
    draws = np.random.default_rng(8)
    first, second = (
        schools(draws, number=10, years=(2023,)),
        schools(draws, number=10, years=(2024,), district="10018"),
    )
    found = bright_spots(tidy(*first, *second), group=HISPANIC)
    assert found.empty and describe_bright_spots(found).startswith(
        "Fewer than 8 schools show results"
    )


def test_direct_funded_charters_are_neither_listed_nor_compared_with(planted):
    charters = planted.assign(
        type_id=planted["type_id"].mask(planted["school_code"] == "0000020", 9)
    )
    found = bright_spots(charters, group=HISPANIC)
    assert found.empty and found.attrs["schools"] == 23


@pytest.mark.parametrize(
    "rows, words",
    [
        (
            [],
            "No school shows results for Hispanic or Latino students in a year fit for "
            "trends, so no bright spots can be looked for.",
        ),
        (
            [
                row(year, group=HISPANIC, school="0000001", levels=None, missing="suppressed")
                for year in (2023, 2024)
            ],
            "No school shows results for Hispanic or Latino students in a year fit for "
            "trends, so no bright spots can be looked for.",
        ),
        (
            [row(year, group=HISPANIC, school="0000001") for year in (2023, 2024)],
            "8 or more schools show results for Hispanic or Latino students in no year "
            "(at most 1 in one); 2 such years are "
            "needed to say what a school's mix predicts and whether a school stands above it "
            "again.",
        ),
    ],
)
def test_too_little_gives_an_empty_frame_and_a_sentence(planted, rows, words):
    found = bright_spots(tidy(*rows), group=HISPANIC)
    assert found.empty and found.dtypes.equals(bright_spots(planted, group=HISPANIC).dtypes)
    assert describe_bright_spots(found) == words
    assert bright_spots(pd.DataFrame(), group=HISPANIC).empty


def test_the_words_name_the_places_and_end_with_questions(planted):
    words = describe_bright_spots(bright_spots(planted, group=HISPANIC))
    assert words.startswith(
        "Of 24 schools with results for Hispanic or Latino students in 2 or more of the "
        "years 2022 to 2024 fit for trends, 1 stood above what its mix predicts over all its "
        "years together, by more than chance in so many schools, and in 2 or more single years"
    )
    assert (
        "School 0000020 (in 3 of 3 single years; over all of them " in words
        and "95% interval" in words
        and words.endswith(QUESTIONS[-1])
    )
    none = describe_bright_spots(
        bright_spots(tidy(*schools(np.random.default_rng(7), years=(2023, 2024))), group=HISPANIC)
    )
    assert (
        "none stood above what their mix predicts over all their years" in none
        and "That is no judgement of these schools" in none
        and "points above its prediction to be found four times in five" in none
        and none.endswith(QUESTIONS[-1])
    )


def test_an_unknown_group_is_refused(planted):
    with pytest.raises(Refusal, match="student group"):
        bright_spots(planted, group="Hispanics of Mars")
