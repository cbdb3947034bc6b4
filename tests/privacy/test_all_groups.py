"""All student groups beside a page's own rows: nothing that is hidden follows from both."""

import numpy as np
import pandas as pd
import pytest

from see_the_system.data.codes import ALL_GRADES
from see_the_system.data.store import open_store
from see_the_system.paths import SAMPLE
from see_the_system.reports.district_report import DistrictReport
from tests.privacy import pages
from tests.privacy.attack import HIDDEN, UNREAD, Attack
from tests.privacy.districts import KEY, LEVELS, only_small_rows_hidden

SAMPLE_PAIRS = ((78, 80), (31, 111), (160, 180))


def told(report, groups, frame=None):
    """The rows that follow from a page beside these rows of all groups, and may not (DataFrame).

    A grade that is nowhere on the page may follow where it is large. frame: the true counts, as far
    as they are known.
    """
    own = report.rows[report.rows["year"] == report.latest]
    unread = report.all_groups.unprinted
    unread = unread[unread["group_id"].isin(report.sides.values())]
    small = ~(unread["with_scores"] >= report.min_n).fillna(False)
    few = pd.Series(False, index=unread.index) | (small & (unread["tested"] != 0).fillna(True))
    unread = unread.assign(missing_scores=np.where(unread["tested"] == 0, "nobody tested", UNREAD))
    both = pd.concat([own, groups[groups["level"] == "district"], unread], ignore_index=True)
    guarded = np.append(np.zeros(len(both) - len(few), dtype=bool), few)
    guarded |= both["missing_scores"].isin(HIDDEN).to_numpy()
    if frame is not None:
        frame = both[KEY].astype(frame.dtypes[KEY].to_dict()).merge(frame, on=KEY, how="left")
    found = Attack(both, frame=frame).worked_out()
    return both.loc[[row for row in found if guarded[row]], [*KEY, "missing_scores"]]


@pytest.mark.parametrize("pair", SAMPLE_PAIRS)
def test_nothing_follows_from_the_pages_of_the_sample(pair):
    attacked = hidden = 0
    for code in open_store(SAMPLE).districts()["district"]:
        report = DistrictReport(code, *pair, years=[2025])
        if report.enough:
            shown = report.all_groups.shown
            attacked += 1
            hidden += shown["missing_scores"].isin(HIDDEN).sum()
            assert told(report, shown).empty, (code, pair)
    assert attacked >= 6 and hidden > 5


@pytest.mark.parametrize("seed", [3, 5, 9, 7, 19])
def test_nothing_follows_where_every_count_is_known(tmp_path, seed):
    """And the attack finds what follows where only the small rows are hidden, as the state does."""
    frame, _ = pages.drawn(seed, pupils=(4, 20, 60))
    report = pages.report_of(pages.store_of(tmp_path / "one", frame), seed)
    assert told(report, report.all_groups.shown, frame).empty
    own = frame["district_code"] == pages.code_of(seed)
    together = frame[own & (frame["grade"] == ALL_GRADES)]
    as_the_state = told(report, only_small_rows_hidden(together), frame)
    assert as_the_state.empty == (seed in (7, 19))


@pytest.mark.parametrize("rest", [5, 11])
def test_a_county_with_few_students_elsewhere_is_not_beside_its_district(tmp_path, rest):
    frame, pair = pages.drawn(5)
    own = frame[(frame["level"] == "district") & (frame["grade"] == ALL_GRADES)]
    counts = own.set_index("group_id")[LEVELS]
    county = frame["level"] == "county"
    for row in frame[county].itertuples():
        numbers = counts.loc[row.group_id].to_numpy() + np.array([rest, 0, 0, 0])
        frame.loc[row.Index, LEVELS] = numbers
        frame.loc[row.Index, ["tested", "with_scores"]] = numbers.sum()
    shown = pages.report_of(pages.store_of(tmp_path / "one", frame), 5).all_groups.shown
    shown = shown[(shown["level"] == "county") & ~shown["missing_scores"].isin(HIDDEN)]
    assert set(shown["group_id"]) == ({1, *pair} if rest == 11 else set())
