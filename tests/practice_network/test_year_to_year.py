"""Students are followed from year to year."""

import pandas as pd

from practice_network.year_to_year import linked, numbers


def followed(district, year):
    """The students of ``linked`` with ``student``, the same from year to year."""
    return linked(district, year)[0].assign(student=numbers(district, year))


def test_students_are_followed_from_year_to_year():
    before, now = (followed("10025", year).set_index("student") for year in (2024, 2025))
    both = before.add_suffix("_before").join(now, how="inner")
    assert now.index.is_unique and len(both) > 0.7 * len(now)
    assert (both.grade == both.grade_before + 1).all()
    for same in ("ethnicity", "gender", "home_english"):
        assert (both[same] == both[f"{same}_before"]).all()
    eighth = both[both.grade == 8]
    assert (eighth.accelerated == eighth.accelerated_before).all()
    assert (both.prior == both.score_before).all() and 0.7 < both.prior.corr(both.score) < 0.92
    in_middle = both[both.grade.isin((7, 8))]
    assert (in_middle.code == in_middle.code_before).mean() > 0.75
    assert not now[now.new_here].index.isin(before.index).any()


def test_who_is_not_found_is_new_and_has_a_record_from_elsewhere():
    now = followed("10074", 2025)
    new = now[now.new_here]
    assert 0 < len(new) < len(now) and (new.moved_from == "").all() and new.prior.notna().all()
    assert not pd.Series(new.student).isin(followed("10074", 2024).student).any()
