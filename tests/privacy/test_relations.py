"""Which sums are believed, and which frames cannot be read."""

import pandas as pd
import pytest

from see_the_system.messages import Refusal
from see_the_system.privacy import protect as privacy
from see_the_system.privacy import relations
from tests.privacy.districts import LEVELS, by_hand, only_small_rows_hidden


def test_a_county_row_does_not_give_a_small_district_away_when_all_its_parts_are_there():
    frame = by_hand([[2, 1, 1, 1], [20, 15, 10, 8], [6, 4, 3, 2]])
    frame.loc[frame["level"] == "school", ["type_id", "level"]] = [6, "district"]
    frame.loc[0, ["type_id", "level", "district_code"]] = [5, "county", "00000"]
    frame.loc[1:, "district_code"], frame.loc[1:, "school_code"] = (
        ["10001", "10002", "10003"],
        "0000000",
    )
    shown = privacy.protect(frame)
    assert shown["with_scores"].isna().tolist() == [False, True, False, True]
    without_one = privacy.protect(frame.drop(index=2))
    assert without_one["with_scores"].isna().tolist() == [False, True, False]


def test_bad_frames_are_one_sentence():
    frame = by_hand([[9, 9, 9, 9], [8, 8, 8, 8]])
    with pytest.raises(Refusal, match="no column 'n_met'"):
        privacy.protect(frame.drop(columns="n_met"))
    with pytest.raises(Refusal, match="in the frame twice"):
        privacy.protect(pd.concat([frame, frame.tail(1)], ignore_index=True))
    frame.loc[1, LEVELS] = pd.NA
    with pytest.raises(Refusal, match="not how many reached each level"):
        privacy.protect(frame)


def test_everybody_else_is_known_only_where_the_group_is():
    learners = {160: [[2, 1, 1, 1], [6, 5, 4, 3]]}
    frame = by_hand([[12, 10, 8, 6], [12, 10, 8, 6]], learners)
    cells = relations.cells_of(only_small_rows_hidden(frame), 11)
    rests = cells.counts[cells.group < 0].tolist()
    assert rests == [[16, 14, 11, 8], [-1, -1, -1, -1], [6, 5, 4, 3]]
