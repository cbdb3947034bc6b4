import pandas as pd
import pytest

from practice_network import network
from practice_network.state_counts import MEASURES, tally

KEYS = ["grade", "group_id"]


def test_a_small_class_counted_by_hand():
    base = {
        "district": "10082",
        "code": "6997014",
        "grade": 3,
        "ethnicity": 78,
        "disadvantaged": True,
        "language": "EL",
        "disability": False,
        "gender": 3,
        "tested": True,
        "scored": True,
        "score": 2400,
        "level": 1,
        "area1": 0,
        "area2": 1,
        "area3": 2,
    }
    others = {
        "ethnicity": 80,
        "disadvantaged": False,
        "language": "EO",
        "gender": 4,
        "score": 2500,
        "level": 2,
    }
    students = pd.DataFrame(
        [base, {**base, **others}, {**base, "grade": 4, "tested": False, "scored": False}]
    )
    rows = (
        tally(students, network.entities(2024), 2024)
        .query("district_code == '10082' and school_code == '6997014'")
        .set_index(KEYS)
    )
    assert rows.loc[
        (3, 1), ["enrolled", "tested", "scored", "score_sum", "nearly_met", "met"]
    ].tolist() == [2, 2, 2, 4900, 1, 1]
    assert rows.loc[(13, 78), ["enrolled", "tested", "scored"]].tolist() == [2, 1, 1]
    assert (3, 204) in rows.index and (3, 226) in rows.index and (3, 224) not in rows.index
    assert rows.loc[(3, 31), "area3_above"] == 1 and rows.loc[(4, 1), "tested"] == 0


@pytest.mark.parametrize("year", (2018, 2024))
def test_a_district_is_the_sum_of_its_own_schools_without_direct_funded_charters(truth, year):
    rows = truth(year)
    summed = (
        rows[rows.type_id.isin((7, 10))].groupby(["district_code", *KEYS])[list(MEASURES)].sum()
    )
    published = (
        rows[rows.type_id == 6].set_index(["district_code", *KEYS])[list(MEASURES)].sort_index()
    )
    pd.testing.assert_frame_equal(published, summed, check_dtype=False)


def test_the_county_is_the_sum_of_districts_and_direct_funded_charters(truth):
    rows = truth(2024)
    summed = rows[rows.type_id.isin((6, 9))].groupby(KEYS)[list(MEASURES)].sum()
    published = rows[rows.type_id == 5].set_index(KEYS)[list(MEASURES)].sort_index()
    pd.testing.assert_frame_equal(published, summed, check_dtype=False)


def test_grade_13_is_the_sum_of_the_grades(truth):
    rows = truth(2024)
    who = ["district_code", "school_code", "group_id"]
    summed = rows[rows.grade != 13].groupby(who)[list(MEASURES)].sum()
    pd.testing.assert_frame_equal(
        rows[rows.grade == 13].set_index(who)[list(MEASURES)].sort_index(),
        summed,
        check_dtype=False,
    )


@pytest.mark.parametrize("groups", [(31, 111), (99, 128), (160, 7, 8, 180, 190)], ids=str)
def test_groups_that_split_everyone_add_up(truth, groups):
    by_group = truth(2024).query("type_id == 5").set_index(KEYS).scored.unstack()
    assert (by_group[list(groups)].sum(axis=1) == by_group[1]).all()


def test_genders_split_everyone_until_2019_and_no_longer(truth):
    early, late = (
        truth(year).query("type_id == 5").set_index(KEYS).enrolled.unstack()
        for year in (2018, 2024)
    )
    assert (early[3] + early[4] == early[1]).all()
    assert 0 < late.loc[13, 1] - late.loc[13, 3] - late.loc[13, 4] < 150


def test_ethnicities_split_by_disadvantage_and_leave_out_the_unreported(truth):
    county = truth(2024).query("type_id == 5").set_index(KEYS).scored.unstack()
    for position, ethnicity in enumerate((74, 75, 76, 77, 78, 79, 80, 144)):
        assert (
            county[200 + position].add(county[220 + position], fill_value=0) == county[ethnicity]
        ).all()
    unreported = county[1] - county[[74, 75, 76, 77, 78, 79, 80, 144]].sum(axis=1)
    assert (unreported >= 0).all() and 0 < unreported[13] < 0.03 * county.loc[13, 1]


def test_every_school_has_a_row_for_every_grade_it_serves(truth):
    rows = truth(2021)
    everyone = rows[rows.group_id == 1]
    assert (everyone.tested == 0).sum() > 100
    for school in network.schools().query("first <= 2021 <= last").itertuples():
        mine = everyone[
            (everyone.district_code == school.district) & (everyone.school_code == school.code)
        ]
        assert tuple(mine.grade) == (*network.KINDS[school.kind], 13)


def test_groups_appear_when_the_state_began_to_publish_them(truth):
    assert (
        {170, 190} <= set(truth(2018).group_id)
        and 252 not in set(truth(2018).group_id)
        and 252 in set(truth(2024).group_id)
    )
