"""What the offices of a district write down, and what they never do."""

import pytest

from practice_network import district_students, planted, records


@pytest.fixture(scope="module")
def tables():
    return {year: records.records("10025", year) for year in (2024, 2025)}


def test_results_reach_teachers_as_late_as_the_school_is(tables):
    benchmarks = tables[2025]["benchmarks"]
    weeks = (benchmarks.results_on - benchmarks.tested_on).map(lambda wait: wait.days) / 7
    assert (
        weeks
        == benchmarks.student.map(
            district_students.students("10025").set_index("student").weeks_late
        )
    ).all()
    first = benchmarks.groupby("window").tested_on.min()
    assert first["fall"] < first["winter"] < first["spring"]


def test_core_minutes_received_fall_short_where_support_takes_them(tables):
    sections = tables[2025]["sections"]
    short = sections.core_minutes_received < sections.core_minutes_scheduled
    assert short.equals(sections.out_for_support > 0) and short.any()


def test_the_placement_record_has_only_districts_with_more_than_one_course():
    assert len(records.records("10074")["placement"]) == 0
    placement = records.records("10041")["placement"]
    assert (
        placement.course.str.startswith("Accelerated") == (placement.recommended == "yes")
    ).all()


def alpha(answers):
    items = answers.shape[1]
    return items / (items - 1) * (1 - answers.var().sum() / answers.sum(axis=1).var())


@pytest.fixture(scope="module")
def surveys():
    """What a large district's students answered in two years, the later first."""
    return [records.records("10017", year)["survey"] for year in (2025, 2024)]


@pytest.mark.parametrize("construct", records.CONSTRUCTS)
def test_the_survey_is_as_unreliable_as_such_surveys_are(surveys, construct):
    """Alpha .70 to .86, one-year retest .22 to .53, schools .03 to .08 of the variance.

    So RAND has published of the CORE districts' survey.
    """
    now, then = surveys
    items = [f"{construct}_{item + 1}" for item in range(records.ITEMS)]
    assert 0.70 <= alpha(now[items]) <= 0.86
    both = (
        now.set_index("student")[items]
        .mean(axis=1)
        .to_frame("now")
        .join(then.set_index("student")[items].mean(axis=1).rename("then"), how="inner")
    )
    assert 0.22 <= both.corr().iloc[0, 1] <= 0.53
    mean = now[items].mean(axis=1)
    schools = mean.groupby(now.school)
    size, squares = schools.size(), schools.transform("mean")
    between = (squares - mean.mean()).pow(2).sum() / (len(size) - 1)
    within = (mean - squares).pow(2).sum() / (len(mean) - len(size))
    typical = (size.sum() - (size**2).sum() / size.sum()) / (len(size) - 1)
    assert 0.03 <= (between - within) / (between + (typical - 1) * within) <= 0.08


def test_no_office_writes_down_what_is_planted(tables):
    planted_columns = {cause.exposure for cause in planted.CAUSES} | {
        "weeks_late",
        "absences",
        "expected",
        "below",
    }
    for name, table in tables[2025].items():
        assert len(table) and not planted_columns & set(table.columns), name
    assert list(tables[2025]) == list(records.TABLES)


def test_files_say_synthetic_and_come_out_the_same(tmp_path):
    first = {
        path.name: path.read_bytes()
        for path in records.write_records(tmp_path / "a", "10082", years=(2025,))
    }
    second = {
        path.name: path.read_bytes()
        for path in records.write_records(tmp_path / "b", "Little Comet Elementary", years=(2025,))
    }
    assert (
        first == second
        and len(first) == len(records.TABLES)
        and all(name.startswith("synthetic_10082_") for name in first)
    )
