import csv
import io
import re
import zipfile
from types import SimpleNamespace

import pytest

from see_the_system.data.store import Store, open_store
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.reports import gap_sections
from see_the_system.reports.district_report import DistrictReport
from see_the_system.reports.sections import level_words
from tests import raw_files as raw

SECTIONS = (
    "notice",
    "first_page",
    "levels",
    "over_time",
    "by_grade",
    "in_sd",
    "between_and_within",
    "schools",
    "bright_spots",
    "other_measures",
    "comparison_districts",
    "cannot_tell",
    "definitions",
)
LARGE, SILENT_YEAR, TINY = "99-10017", "99-10066", "99-10082"


@pytest.fixture(scope="module")
def large():
    return DistrictReport(LARGE, "Hispanic or Latino", "White")


def sections(report):
    return {name: getattr(report, name)() for name in SECTIONS}


@pytest.fixture(scope="module")
def shown(large):
    """The sections of the large district's report, by name."""
    return sections(large)


def from_the_file(year, district, group, grades):
    """Students with scores and meeting the standard, straight from the state's newest layout."""
    with zipfile.ZipFile(next(SAMPLE.glob(f"sb_ca{year}*.zip"))) as archive:
        name = next(name for name in archive.namelist() if "entities" not in name)
        text = archive.read(name).decode("cp1252")
    mine = [
        row
        for row in csv.DictReader(io.StringIO(text), delimiter="^")
        if row["District Code"] == district[3:]
        and row["School Code"] == "0000000"
        and row["Student Group ID"] == str(group)
        and row["Test ID"] == "2"
        and int(row["Grade"]) in grades
    ]
    tested = sum(int(row["Total Students Tested with Scores"]) for row in mine)
    return tested, sum(int(row["Count Standard Met and Above"]) for row in mine)


def test_the_headline_has_the_files_own_numbers(large, shown):
    n_focus, met_focus = from_the_file(2025, LARGE, 78, range(4, 9))
    n_comparison, met_comparison = from_the_file(2025, LARGE, 80, range(4, 9))
    p, q = met_focus / n_focus, met_comparison / n_comparison
    assert shown["first_page"].headline.startswith(
        f"In Lanternfield Unified, {100 * p:.0f}% of {n_focus:,} Hispanic or Latino students "
        f"and {100 * q:.0f}% of {n_comparison:,} White students "
        "in grades 4 to 8 met or exceeded the mathematics standard: a gap of "
        f"{100 * (q - p):.0f} percentage points (95% interval "
    )
    row = large.usable.iloc[-1]
    assert row["low"] < 100 * (q - p) < row["high"]


def test_a_gap_the_other_way_says_whose_results_are_higher(shown):
    turned = DistrictReport(LARGE, "White", "Hispanic or Latino", years=[2025])
    assert turned.headline().headline.endswith(
        "a gap of 20 percentage points (95% interval 18 to 22), with the results of White "
        "students the higher ones."
    )
    assert shown["first_page"].headline.endswith(
        "a gap of 20 percentage points (95% interval 18 to 22)."
    )


def test_every_figure_has_words_and_a_table(shown):
    for name, section in shown.items():
        html = section.html()
        if section.picture:
            told = r"<title[^>]*>([^<]+)</title><desc[^>]*>([^<]+)</desc>"
            titles = re.findall(told, section.picture)
            assert len(titles) == 2 and titles[0] == titles[1], name  # for the desk, for a phone
            assert len(titles[0][1]) > 60, name
            assert titles[0][1].replace("&#x27;", "'") in " ".join(section.words), name
            assert section.table is not None and len(section.table) and "<caption>" in html, name
    every = "".join(section.html() for section in shown.values())
    assert every.count('class="picture"') == 9 and every.count("<svg") == 18
    ids = re.findall(r'\bid="([^"]+)"', every)
    assert len(ids) > 24 and len(ids) == len(set(ids))
    assert len(every) < 100_000
    ids = re.findall(r'\bid="([^"]+)"', every)
    assert len(ids) == len(set(ids))


def test_the_same_numbers_give_the_same_bytes(large, shown):
    assert large.by_grade().html() == shown["by_grade"].html()


def test_no_result_of_ten_or_fewer_is_shown():
    for code in (LARGE, SILENT_YEAR):
        report = DistrictReport(code, "Black or African American", "White")
        for section in sections(report).values():
            if section.table is not None:
                students = section.table.filter(regex="tudents").astype(str)
                fewest = students.map(lambda cell: int(cell.split(" to ")[0].replace(",", "")))
                assert (fewest >= 11).all(axis=None)


def test_a_higher_minimum_shows_less(shown):
    strict = DistrictReport(LARGE, "Hispanic or Latino", "White", min_n=60).schools()
    assert 0 < len(strict.table) < len(shown["schools"].table)
    assert strict.table["Students"].min() >= 60
    tiny = DistrictReport(TINY, "Hispanic or Latino", "White", min_n=60).headline()
    assert "results of 59 or fewer students are hidden" in " ".join(tiny.words)
    with pytest.raises(Refusal):
        DistrictReport(LARGE, "Hispanic or Latino", "White", min_n=5)


def test_a_tiny_district_gets_a_short_honest_page():
    told = sections(DistrictReport(TINY, "Hispanic or Latino", "White"))
    assert told["first_page"].headline == (
        "No gap between Hispanic or Latino students and White students in grades 4 to 8 can be "
        "shown for Little Comet Elementary: in no year can the results of both groups be shown."
    )
    assert "results of 10 or fewer students are hidden" in told["first_page"].words[0]
    assert "2021: no student of either group has scores; in 2021 few" in told["first_page"].words[0]
    assert not any("Kitagawa" in point for point in told["definitions"].points)
    assert [name for name, section in told.items() if section.picture] == []
    assert [name for name, section in told.items() if section.html()] == [
        "notice",
        "first_page",
        "cannot_tell",
        "definitions",
    ]


def test_a_year_without_results_is_left_out_and_said():
    report = DistrictReport(SILENT_YEAR, "Hispanic or Latino", "White")
    assert 2022 not in set(report.usable["year"]) and {2019, 2023} <= set(report.usable["year"])
    assert "2022" in " ".join(report.over_time().words)


def test_the_newest_year_with_results_speaks_where_the_last_one_is_hidden():
    report = DistrictReport("99-10066", "Hispanic or Latino", "White", years=[2019, 2022])
    section = report.headline()
    assert section.heading == "In 2019, in one sentence"
    assert "The data go to 2022, but 2019 is the newest year" in section.words[1]


def test_2021_is_marked_wherever_it_stands(shown):
    for section in (shown["over_time"], shown["in_sd"]):
        assert [year for year in section.table["Year"] if "2021" in year] == ["2021 (few tested)"]


def test_one_year_alone_has_no_trend_and_no_bright_spots():
    report = DistrictReport(LARGE, 78, 80, years=[2024])
    told = sections(report)
    assert told["first_page"].heading == "2024 on one page"
    assert "2015" not in " ".join(told["over_time"].words)
    assert told["bright_spots"].table is None or len(told["bright_spots"].table) == 0


def test_names_are_text_and_never_markup(tmp_path, monkeypatch):
    monkeypatch.setenv("SEE_THE_SYSTEM_HOME", str(tmp_path / "home"))
    hostile = "<script>alert(1)</script> & {braces}"
    rows = [
        raw.cells(
            "D",
            district_name=hostile,
            school_name=hostile if s != "0000000" else "",
            school=s,
            type=t,
            group=g,
            grade=8,
            levels=(40, 30, 20, 10),
        )
        for s, t in (("0000000", 6), ("0000001", 7))
        for g in (1, 78, 80)
    ]
    path = raw.write(tmp_path, "D", rows)
    told = sections(DistrictReport("19-64733", 78, 80, store=str(path)))
    every = "".join(section.html() for section in told.values())
    assert "<script" not in every and "&lt;script&gt;" in every
    assert told["notice"].html() == ""


def test_what_is_synthetic_says_so(shown):
    assert "Synthetic data" in shown["notice"].html()
    assert "Synthetic" in shown["definitions"].html()


def test_questions_that_cannot_be_answered():
    with pytest.raises(Refusal, match="are both 'White'"):
        DistrictReport(LARGE, "White", 80)
    with pytest.raises(Refusal, match="Did you mean 'Hispanic or Latino'"):
        DistrictReport(LARGE, "Hispanic/Latino", "White")
    with pytest.raises(Refusal, match=r"99-10018 is not in the store\. Did you mean 99-100"):
        DistrictReport("99-10018", 78, 80)
    with pytest.raises(Refusal, match="School year 2020 is not in the store"):
        DistrictReport(LARGE, 78, 80, years=[2020])


def test_every_district_of_the_network_has_a_page_for_every_pair():
    store = open_store(SAMPLE)
    for code in store.districts()["district"]:
        for focus, comparison in ((74, 80), (31, 111), (160, 180)):
            report = DistrictReport(code, focus, comparison, years=[2025])
            assert report.headline().headline
            if report.enough and code in (SILENT_YEAR, "99-10074"):
                assert all(section.text() for section in sections(report).values())


def test_a_district_is_found_by_its_name_and_grades_as_people_write_them():
    by_name = DistrictReport("lanternfield", "Hispanic or Latino", "White", grades="6-8")
    assert by_name.code == "99-10017" and by_name.grades == [6, 7, 8]
    one = DistrictReport("99-10017", "Hispanic or Latino", "White", grades=7, years=2024)
    assert one.grades == [7] and one.years == [2024]


@pytest.mark.parametrize(
    ("district", "how", "words"),
    [
        ("Lanternfild Unified", {}, "Did you mean 'Lanternfield Unified'"),
        ("Fresno Unified", {}, "no data of the state were added yet"),
        ("10-62166", {}, "no data of the state were added yet"),
        (99 - 10041, {}, 'The district is -9942, a number; .* Write it as "99-10017"'),
        ("99-10017", {"grades": []}, "No grade is left to report on"),
        ("99-10017", {"grades": "9"}, "Grade 9 has no mathematics test"),
    ],
)
def test_what_no_report_can_be_made_of_is_one_sentence(district, how, words, monkeypatch, tmp_path):
    monkeypatch.setenv("SEE_THE_SYSTEM_HOME", str(tmp_path))  # nothing was added here
    with pytest.raises(Refusal, match=words):
        DistrictReport(district, "Hispanic or Latino", "White", **how)


def test_data_that_were_added_are_used_and_the_practice_network_stays_there(monkeypatch, tmp_path):
    monkeypatch.setenv("SEE_THE_SYSTEM_HOME", str(tmp_path))
    Store().add([raw.write(tmp_path, "D")])
    assert DistrictReport("99-10017", "Hispanic or Latino", "White").synthetic
    own = Store().districts().iloc[0]
    with pytest.raises(Refusal, match=f"^{own['district']} has no mathematics results in grade 7"):
        DistrictReport(own["district"], "Hispanic or Latino", "White", grades=[7])


def test_a_group_without_a_row_is_named_as_the_reason():
    told = sections(DistrictReport(LARGE, "Long-term English learner", "English only"))
    assert told["first_page"].headline.endswith(
        "shown for Lanternfield Unified: the files have no row for Long-term English learner."
    )
    neither = DistrictReport(LARGE, "Foster youth", "Not foster youth").headline()
    assert neither.headline.endswith(": these data have no row of either group.")
    assert "students in foster care and students not in foster care" in neither.headline


def test_2021_alone_is_told_as_the_year_in_which_few_were_tested():
    alone = DistrictReport(LARGE, "Hispanic or Latino", "White", years=[2021]).headline()
    assert alone.headline.endswith("Lanternfield Unified: in 2021 few students were tested.")
    assert alone.words[1].startswith("In 2021, ")
    assert alone.words[1].endswith("In 2021 few students were tested, so take it with care.")
    until = DistrictReport(LARGE, "Hispanic or Latino", "White", years=[2019, 2021]).headline()
    assert "but in 2021 few students were tested, so that this page tells of 2019" in until.words[1]


@pytest.mark.parametrize(
    "percents, said, gap",
    [
        ((28.2, 48.3), "28% of 100 A students and 48% of", "a gap of 20 percentage points"),
        ((28.4, 47.6), "28.4% of 100 A students and 47.6% of", "a gap of 19.2 percentage points"),
        ((28.44, 47.66), "28.44% of 100 A students and 47.66% of", "a gap of 19.22 percentage"),
        ((0.2, 30.1), "under 1% of 100 A students and 30% of", "a gap of 30 percentage points"),
        ((60.2, 99.8), "60% of 100 A students and over 99% of", "a gap of 40 percentage points"),
    ],
)
def test_the_headlines_numbers_add_up_and_none_and_all_are_said_of_none_and_all(
    percents, said, gap
):
    focus, comparison = percents
    row = {
        "percent_focus": focus,
        "percent_comparison": comparison,
        "gap": comparison - focus,
        "low": 1.0,
        "high": 99.0,
        **dict.fromkeys(("n_focus", "n_comparison"), 100),
        **dict.fromkeys(("focus", "comparison"), "A"),
        "grades": "8",
    }
    words = gap_sections.headline_sentence("Here", row)
    assert said in words and gap in words


def test_the_shares_of_the_levels_add_up_to_100():
    row = SimpleNamespace(n=1000, n_not_met=385, n_nearly_met=268, n_met=223, n_exceeded=124)
    assert level_words(row) == ["39%", "27%", "22%", "12%"]
    few = SimpleNamespace(n=1000, n_not_met=3, n_nearly_met=1, n_met=0, n_exceeded=996)
    assert level_words(few) == ["under 1%", "under 1%", "0%", "over 99%"]
