"""Nothing of few students is shown of indicators, and none of it can be worked out."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from see_the_system.data.store import open_store
from see_the_system.messages import Refusal
from see_the_system.privacy.indicator_gate import protect_indicators
from tests.privacy.indicator_tables import WHOLE as DISTRICT
from tests.privacy.indicator_tables import attacked, frame_of


def rows(*given):
    return frame_of(given)


def smallest_shown(frame):
    """The fewest students of whom a value is shown (int)."""
    return int(frame.loc[frame["value"].notna(), "n"].min())


def reasons(frame):
    return dict(zip(frame["group"], frame["missing"], strict=True))


def test_a_small_group_takes_another_along_where_it_could_be_worked_out():
    given = rows(
        (DISTRICT, "All students", 1, 100, 20),
        (DISTRICT, "Socioeconomically disadvantaged", 31, 93, 18),
    )
    # Seven are not disadvantaged: nobody lists them, and anybody could work them out.
    assert reasons(protect_indicators(given)) != {
        "All students": "",
        "Socioeconomically disadvantaged": "",
    }
    given.loc[1, ["n", "count"]] = 60, 12
    assert set(reasons(protect_indicators(given)).values()) == {""}


def test_a_small_school_takes_another_along():
    schools = [("0000001", 8, 3), ("0000002", 30, 6), ("0000003", 62, 11)]
    given = rows(
        (DISTRICT, "All students", 1, 100, 20),
        *((code, "All students", 1, n, count) for code, n, count in schools),
    )
    hidden = protect_indicators(given).set_index("school_code")["missing"]
    assert hidden.to_dict() == {
        DISTRICT: "",
        "0000001": "suppressed",
        "0000002": "suppressed to protect another",
        "0000003": "",
    }


def test_grade_spans_add_up_to_kindergarten_to_grade_8():
    spans = [("Kindergarten", 12, 3), ("Grades 1 to 3", 7, 1), ("Grades 4 to 6", 40, 5)]
    given = rows(
        ("0000001", "All students", 1, 79, 12),
        ("0000001", "Kindergarten to grade 8", None, 79, 12),
        ("0000001", "Grades 7 to 8", None, 20, 3),
        *(("0000001", name, None, n, count) for name, n, count in spans),
    )
    found = protect_indicators(given)
    assert (found["missing"] == "suppressed").sum() == 1
    assert (found["missing"] == "suppressed to protect another").sum() >= 1


def test_what_the_dashboard_says_of_a_year_that_is_hidden_is_hidden():
    given = rows((DISTRICT, "Asian", 76, 15, 3), (DISTRICT, "Filipino", 77, 40, 9))
    given["indicator"] = "dashboard_math"
    given["count"] = pd.NA
    given["prior_n"] = pd.array([9, 41], dtype="Int32")
    given["prior_value"], given["change"] = [-20.0, -10.0], [5.0, 2.0]
    found = protect_indicators(given).set_index("group")
    assert found["missing"].tolist() == ["", ""]
    assert pd.isna(found.loc["Asian", "prior_value"]) and pd.isna(found.loc["Asian", "change"])
    assert found.loc["Filipino", "prior_value"] == -10 and found.loc["Filipino", "change"] == 2


def test_a_group_whose_graduates_are_hidden_shows_no_a_g():
    few = rows((DISTRICT, "Filipino", 77, 9, 8), (DISTRICT, "White", 80, 70, 60))
    few["indicator"] = "graduation"
    more = few.assign(indicator="a_g_of_graduates", n=[8, 60], count=[4, 30], value=[50.0, 50.0])
    cohort = few.assign(indicator="a_g_of_cohort", count=[4, 30], value=[44.4, 42.9])
    types = {name: few[name].dtype for name in ("n", "count", "value")}
    whole = pd.concat([few, more.astype(types), cohort.astype(types)], ignore_index=True)
    found = protect_indicators(whole)
    assert (found.loc[found["group"] == "Filipino", "missing"] == "suppressed").all()
    assert (found.loc[found["group"] == "White", "missing"] == "").all()


def test_without_numbers_of_students_nothing_is_shown():
    given = rows((DISTRICT, "White", 80, 70, 60))
    given["n"] = pd.array([None], dtype="Int32")
    assert pd.isna(protect_indicators(given)["value"]).all()


def test_nobody_is_no_result_of_anybody():
    given = rows((DISTRICT, "White", 80, 0, 0))
    given["missing"] = "nobody tested"
    assert protect_indicators(given)["missing"].tolist() == ["nobody tested"]


def test_the_practice_network_shows_no_group_of_ten_or_fewer():
    for district in ("99-10017", "99-10082", "99-10066"):
        frame = open_store().indicators(district)
        found = protect_indicators(frame)
        assert smallest_shown(found) >= 11
        gone = found["missing"].isin(["suppressed", "suppressed to protect another"])
        assert (
            found.loc[gone, ["n", "count", "value", "change", "prior_value"]].isna().all(axis=None)
        )
        shown = found["missing"] == ""
        assert np.allclose(found.loc[shown, "value"].astype(float), frame.loc[shown, "value"])
        few = protect_indicators(frame, min_n=30)
        assert smallest_shown(few) >= 30


def test_a_minimum_below_that_of_the_state_and_rows_twice():
    given = rows((DISTRICT, "White", 80, 70, 60))
    with pytest.raises(Refusal, match="The fewest students shown cannot be 5"):
        protect_indicators(given, min_n=5)
    with pytest.raises(Refusal, match="rows of indicators twice"):
        protect_indicators(pd.concat([given, given]))
    assert protect_indicators(given.iloc[:0]).empty


def test_a_page_of_the_district_alone_shows_what_one_with_its_schools_does():
    frame = open_store().indicators("99-10033")
    whole = protect_indicators(frame)
    above = protect_indicators(frame, schools=False)
    same = whole[whole["level"] != "school"].reset_index(drop=True)
    pd.testing.assert_frame_equal(above, same)


def test_what_a_county_leaves_beside_its_district():
    given = rows((DISTRICT, "White", 80, 70, 60), (DISTRICT, "White", 80, 76, 64))
    given.loc[1, ["level", "district_code"]] = "county", "00000"
    found = protect_indicators(given).set_index("level")["missing"]
    assert found.to_dict() == {"district": "", "county": "suppressed to protect another"}
    given.loc[1, "n"] = 90
    assert set(protect_indicators(given)["missing"]) == {""}


def test_the_attacker_reads_no_number_of_a_hidden_row():
    """Forty random districts of small schools; ``make prove`` attacks a thousand."""
    tried = Counter()
    for seed in range(40):
        counted, told = attacked(seed)
        assert told == [], (seed, told)
        tried += counted
    assert tried["hidden"] > 300, tried


def test_the_attacker_does_read_what_only_small_rows_hidden_would_tell(monkeypatch):
    monkeypatch.setattr("tests.privacy.indicator_tables.protect_indicators", lambda frame: frame)
    assert sum(bool(attacked(seed)[1]) for seed in range(10)) > 3


def test_the_year_before_is_judged_by_its_own_numbers():
    """The state counts a year again: 12 students of its own file, 9 in the next year's."""
    now = rows((DISTRICT, "White", 80, 15, 3))
    now["indicator"], now["count"] = "dashboard_math", pd.NA
    now["prior_n"] = pd.array([9], dtype="Int32")
    now["prior_value"], now["change"] = -15.0, 5.0
    then = rows((DISTRICT, "White", 80, 12, 3))
    then["indicator"], then["year"], then["count"] = "dashboard_math", 2023, pd.NA
    found = protect_indicators(pd.concat([now, then], ignore_index=True))
    assert found["missing"].tolist() == ["", ""]
    assert found.loc[0, ["prior_n", "prior_value", "change"]].isna().all()


def test_a_county_hidden_for_its_few_elsewhere_is_hidden_in_all_of_a_g():
    district = (DISTRICT, "All students", 1)
    whole = rows((*district, 100, 80), (*district, 115, 83))
    whole["indicator"] = "graduation"
    graduates = rows((*district, 80, 40), (*district, 83, 42)).assign(indicator="a_g_of_graduates")
    cohort = rows((*district, 100, 40), (*district, 115, 42)).assign(indicator="a_g_of_cohort")
    frame = pd.concat([whole, graduates, cohort], ignore_index=True)
    frame.loc[[1, 3, 5], ["level", "district_code"]] = "county", "00000"
    found = protect_indicators(frame).set_index(["indicator", "level"])["missing"]
    assert found["graduation"].tolist() == ["", ""]
    assert found[("a_g_of_graduates", "county")] and found[("a_g_of_cohort", "county")]


@pytest.mark.parametrize(
    ("counted", "groups"),
    [
        (150, [("Kindergarten to grade 8", None, 600, 90), ("Grades 9 to 12", None, 397, 59)]),
        (
            122,
            [
                ("English only", 180, 750, 90),
                ("English learner, with recently reclassified", None, 245, 30),
            ],
        ),
    ],
)
def test_a_few_who_are_in_none_of_the_groups_are_no_result(counted, groups):
    """Of a thousand three or five are left; some group has to go."""
    everyone = (DISTRICT, "All students", 1, 1000, counted)
    found = protect_indicators(rows(everyone, *((DISTRICT, *group) for group in groups)))
    assert (found["missing"] != "").any()


def test_two_rates_of_chronic_absence_tell_nothing_of_the_grades_above():
    own = rows((DISTRICT, "Asian", 76, 30, 9), (DISTRICT, "White", 80, 300, 40))
    other = rows((DISTRICT, "Asian", 76, 22, 4), (DISTRICT, "White", 80, 250, 30))
    other["indicator"] = "dashboard_chronic"
    found = protect_indicators(pd.concat([own, other], ignore_index=True))
    assert found["missing"].tolist() == ["", "", "suppressed to protect another", ""]
