import re
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from see_the_system.gaps.variation import funnel as funnel_of
from see_the_system.pictures.lettering import COMPARISON, FOCUS, QUIET
from see_the_system.reports import group_charts
from see_the_system.reports import report_charts as charts
from tests.reports.drawn_pictures import layouts

SAID = {"name": "A picture", "words": "What it shows."}
YEARS = pd.DataFrame(
    {
        "year": [2019, 2021, 2022, 2023],
        "focus": "Hispanic or Latino",
        "comparison": "White",
        "percent_focus": [30.0, 90.0, 31.0, 44.0],
        "percent_comparison": [50.0, 95.0, 48.0, 45.0],
        "gap": [20.0, 5.0, 17.0, 1.0],
    }
)
names = st.sampled_from(
    [
        "White",
        "Hispanic or Latino",
        "Native Hawaiian or Other Pacific Islander, not Hispanic or Latino",
        "Niñas y niños de Ñuñoa con aprendizaje de inglés en años anteriores",
        "Pneumonoultramicroscopicsilicovolcanoconiosis",
        "A & B <i>",
    ]
)
percents = st.one_of(
    st.sampled_from([0.0, 0.2, 50.0, 99.7, 100.0]), st.floats(0, 100, allow_subnormal=False)
)
often = settings(max_examples=120, deadline=None)
seldom = settings(max_examples=40, deadline=None)


def texts(picture):
    desk, phone = layouts(picture)
    return desk.words, phone.words


def assert_readable(picture):
    for layout in layouts(picture):
        assert layout.faults() == []
        assert layout.svg.get("role") == "img"


@st.composite
def gaps(draw, column="year", most=11):
    cells = st.integers(2015, 2025) if column == "year" else st.sampled_from(range(3, 12))
    found = sorted(draw(st.sets(cells, min_size=1, max_size=most)))
    focus, comparison = (
        np.array(draw(st.lists(percents, min_size=len(found), max_size=len(found))))
        for _ in range(2)
    )
    room = draw(st.sampled_from([0.0, 0.3, 4, 60]))
    gap = comparison - focus
    frame = {"focus": draw(names), "comparison": draw(names), "gap": gap}
    frame |= {"percent_focus": focus, "percent_comparison": comparison}
    frame |= {"low": gap - room, "high": gap + room, "v": gap / 40}
    return pd.DataFrame({column: found, **frame})


@often
@given(by_year=gaps())
def test_no_text_touches_another_in_a_gap_over_time(by_year):
    picture = charts.gap_over_time(by_year, **SAID)
    if set(by_year["year"]) <= {2020, 2021}:
        assert picture == ""
    else:
        assert_readable(picture)


@often
@given(table=gaps("grade"), hidden=st.booleans())
def test_no_text_touches_another_in_gaps_by_grade(table, hidden):
    if hidden:
        table.loc[0, ["gap", "percent_focus"]] = np.nan
    assert_readable(charts.gap_by_grade(table, **SAID))


@often
@given(points=gaps(), in_sd=gaps(), nowhere=st.booleans())
def test_no_text_touches_another_in_two_rulers(points, in_sd, nowhere):
    in_sd[["low", "high"]] /= 40
    if nowhere:
        in_sd["v"] = np.nan
    picture = charts.points_and_sd(points, in_sd, **SAID)
    if picture:
        assert_readable(picture)


@often
@given(
    counts=st.lists(
        st.tuples(names, st.lists(st.integers(0, 900), min_size=4, max_size=4).filter(any)),
        min_size=1,
        max_size=4,
    )
)
def test_no_text_touches_another_in_the_levels(counts):
    columns = ["n_not_met", "n_nearly_met", "n_met", "n_exceeded"]
    rows = [
        {"group": name, "n": sum(each), **dict(zip(columns, each, strict=True))}
        for name, each in counts
    ]
    assert_readable(charts.levels(pd.DataFrame(rows), **SAID))


@often
@given(
    rows=st.lists(
        st.tuples(
            *[st.one_of(st.floats(-40, 40), st.just(np.nan), st.just(0.0))] * 2,
            st.floats(0, 30),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_text_touches_another_in_the_gaps_of_classes(rows):
    found = pd.DataFrame(
        [
            {
                "grade_from": grade,
                "grade_to": grade + 1,
                "gap_from": 20.0,
                "change": points,
                "gap_to": 20 + points,
                "low": points - room,
                "high": points + room,
                "gap_from_v": 0.5,
                "change_v": sd / 20,
                "gap_to_v": 0.5 + sd / 20,
                "low_v": (sd - room) / 20,
                "high_v": (sd + room) / 20,
            }
            for grade, (points, sd, room) in enumerate(rows, 3)
        ]
    )
    picture = charts.class_gaps(found, **SAID)
    if picture:
        assert_readable(picture)
    else:
        assert found[["change", "change_v"]].isna().all(axis=None)


def parts(between, within, room):
    return SimpleNamespace(
        gap=between + within,
        between=between,
        within=within,
        digits=1,
        between_interval=(between - room, between + room),
        within_interval=(within - room, within + 2 * room),
    )


@often
@given(
    between=st.floats(-90, 90),
    within=st.floats(-90, 90),
    room=st.sampled_from([0.0, 0.02, 5.0, 80.0, np.nan]),
)
def test_no_text_touches_another_between_and_within_schools(between, within, room):
    assert_readable(group_charts.between_within(parts(between, within, room), **SAID))


def schools(n, meeting):
    numbers = np.array(n)
    return funnel_of(
        pd.DataFrame(
            {
                "school_code": [f"{place:07}" for place in range(len(n))],
                "school_name": "School",
                "year": 2025,
                "group": "White",
                "n": numbers,
                "meeting": meeting,
                "percent": 100 * np.array(meeting) / numbers,
                "hidden": False,
            }
        )
    )


@seldom
@given(
    each=st.lists(
        st.tuples(st.one_of(st.integers(5, 40), st.integers(5, 4000)), st.floats(0, 1)),
        min_size=1,
        max_size=60,
    )
)
# The label of all these schools beside the last of the axis, and over the edge.
@example(each=[(5, 0.0), (5, 0.0), (185, 0.0)])
@example(each=[(5, 0.0), (5, 1.0), (1497, 1.0)])
def test_no_text_touches_another_in_a_funnel(each):
    result = schools([n for n, _ in each], [round(n * share) for n, share in each])
    picture = group_charts.funnel(result, **SAID)
    if result.table.empty:
        assert picture == ""
    else:
        assert_readable(picture)


@st.composite
def every_group(draw):
    many = draw(st.integers(1, 20))
    roles = ["district", "county", "state", "focus", "comparison", *["group"] * 15]
    kinds = ["Beside"] * 3 + ["Race and ethnicity"] * 7 + ["Everybody else in these data"] * 10
    rows = [
        {
            "label": draw(names),
            "n": draw(st.sampled_from([11, 4_321, 2_900_000])),
            "percent": (percent := draw(st.one_of(st.just(np.nan), percents))),
            "low": max(0, percent - room) if percent == percent else percent,
            "high": min(100, percent + room) if percent == percent else percent,
            "role": roles[place],
            "kind": kinds[place],
        }
        for place in range(many)
        for room in [draw(st.sampled_from([0.1, 5, 50]))]
    ]
    return pd.DataFrame(rows)


@seldom
@given(groups=every_group())
def test_no_text_touches_another_in_all_groups(groups):
    picture = group_charts.all_groups(groups, **SAID)
    assert_readable(picture)
    for words in texts(picture):
        assert words.count("hidden") == groups["percent"].isna().sum()


def test_no_line_is_drawn_to_or_across_the_years_that_cannot_be_compared():
    picture = charts.gap_over_time(YEARS, **SAID)
    for layout in layouts(picture):
        assert layout.lines(FOCUS["color"]) == layout.lines(COMPARISON["color"]) == [1, 2]
        ticks = [words for words in layout.words if re.fullmatch(r"20\d\d", words)]
        assert ticks == ["2019", "2022", "2023"]
        assert "2020, 2021" in layout.words and "comparable" in layout.words


def test_a_break_too_narrow_for_its_words_has_them_under_the_axis():
    many = pd.concat([YEARS.assign(year=YEARS["year"] - 4).head(1), YEARS])
    desk, phone = texts(charts.gap_over_time(many, **SAID))
    assert "comparable" in desk and "2020, 2021: not comparable" in phone


def test_the_lines_are_named_with_their_newest_percent_and_the_gaps_at_both_ends():
    desk, phone = texts(charts.gap_over_time(YEARS, **SAID))
    assert {"Hispanic or Latino 44%", "White 45%", "gap 1.0 points"} <= set(desk)
    assert {"Hispanic or Latino 44%", "White 45%", "44%", "45%"} <= set(phone)
    assert "gap 20.0 points" in desk and "gap 20.0" in phone


def test_one_year_alone_has_its_gap_drawn_once():
    for layout in layouts(charts.gap_over_time(YEARS.tail(1), **SAID)):
        assert sum("gap" in words for words in layout.words) == 1
        assert layout.lines(FOCUS["color"]) == [1]


def test_a_gap_is_drawn_as_its_table_has_it():
    by_grade = YEARS.assign(grade=["5", "6", "7", "8"], year=2025)
    desk, phone = texts(charts.gap(by_grade, **SAID))
    assert [words for words in desk if "Grade" in words] == [
        "Grade 5",
        "Grade 6",
        "Grade 7",
        "Grade 8",
    ]
    assert "20.0 points" in desk and "Grade 5: 20.0 points" in phone
    assert charts.gap(YEARS, **SAID) == charts.gap_over_time(YEARS, **SAID)
    # Of several years it is the newest whose grades are drawn; by anything else there is no chart.
    both = pd.concat([by_grade.assign(year=2024, gap=1.0), by_grade])
    assert charts.gap(both, **SAID) == charts.gap(by_grade, **SAID)
    assert charts.gap(YEARS.assign(year=2025), **SAID) == ""
    assert charts.gap(YEARS.drop(columns="year"), **SAID) == ""


def test_the_levels_of_a_group_are_split_at_the_standard():
    row = {"group": "White", "n": 200, "n_not_met": 20, "n_nearly_met": 40, "n_met": 134}
    picture = charts.levels(pd.DataFrame([row | {"n_exceeded": 6}]), **SAID)
    for layout in layouts(picture):
        # What is narrow has no number; each level has its name and its colour in a legend.
        assert {"Not met", "Nearly met", "Met", "Exceeded", "the standard"} <= set(layout.words)
        assert [words for words in layout.words if "%" in words] == ["10%", "20%", "67%"]
    desk = layouts(picture)[0]
    bars = [
        [float(number) for number in re.findall(r"M([\d.]+) [\d.]+h([\d.]+)v34", path.get("d"))[0]]
        for path in desk.svg.iter("{http://www.w3.org/2000/svg}path")
        if "v34" in path.get("d")
    ]
    lefts, wides = np.transpose(bars)
    assert wides / wides.sum() == pytest.approx([0.1, 0.2, 0.67, 0.03], abs=0.001)
    standard = next(text for text in desk.written if text.words == "the standard")
    middle = (standard.left + standard.right) / 2
    assert middle == pytest.approx(lefts[2], abs=0.2)


def test_a_funnel_has_every_school_and_says_what_its_signs_are():
    many = [*range(40, 60), 400, 800]
    result = schools(many, [*range(20, 30), *range(23, 33), 400, 80])
    for layout in layouts(group_charts.funnel(result, **SAID)):
        flags = result.table["flag"].value_counts()
        assert set(flags.index) == {"within", "above", "below"}
        # Each kind stands once more in the legend.
        for flag, color in (
            ("within", QUIET),
            ("above", FOCUS["color"]),
            ("below", COMPARISON["color"]),
        ):
            assert f"{flag} the limits ({flags[flag]})" in layout.words
            assert layout.marks(color) >= flags[flag] + 1
        assert {"95% limits", "99.8% limits"} <= set(layout.words)


def test_a_result_that_is_hidden_says_so_and_has_no_mark():
    groups = pd.DataFrame(
        [
            ["Hispanic or Latino", 2500, 25.0, 23.0, 27.0, "focus", "Race and ethnicity"],
            ["White", 1800, np.nan, np.nan, np.nan, "comparison", "Race and ethnicity"],
        ],
        columns=["label", "n", "percent", "low", "high", "role", "kind"],
    )
    for layout in layouts(group_charts.all_groups(groups, **SAID)):
        assert layout.marks(FOCUS["color"]) == 1 and layout.marks(COMPARISON["color"]) == 0
        assert {"25% of 2,500", "hidden", "Race and ethnicity"} <= set(layout.words)
        assert "1,800" not in " ".join(layout.words)


def test_every_id_on_a_page_of_many_pictures_is_its_own():
    split = parts(5.0, 12.0, 2.0)
    page = "".join(
        group_charts.between_within(each, name="One & the same @ <name>", words="Words")
        for each in (split, parts(5.0, 13.0, 2.0))
    )
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 2 * 2 * 3
    used = re.findall(r"url\(#([^)]+)\)", page)
    used += [each for both in re.findall(r'labelledby="([^"]+)"', page) for each in both.split()]
    assert set(used) == set(ids)
    assert page.count("One &amp; the same @ &lt;name&gt;</title>") == 4
    assert page == page.replace("nan", "") and re.search(r'"[^"]*\d\.\d\d[^"]*"', page) is None


def test_the_same_numbers_give_the_same_bytes():
    assert charts.gap_over_time(YEARS, **SAID) == charts.gap_over_time(YEARS.copy(), **SAID)


DRAW = """
import sys
import pandas as pd
from see_the_system.reports import group_charts
from see_the_system.reports import report_charts as charts
said = {"name": "a", "words": "b"}
row = {"year": 2025, "grade": 8, "focus": "a", "comparison": "b", "gap": 3.0, "v": 0.1}
row |= {"percent_focus": 5.0, "percent_comparison": 8.0, "low": 0.0, "high": 9.0}
gaps = pd.DataFrame([row])
assert charts.gap_over_time(gaps, **said) and charts.gap_by_grade(gaps, **said)
assert charts.points_and_sd(gaps, gaps, **said)
group = {"label": "a", "n": 5, "percent": 5.0, "role": "focus", "kind": "k"}
assert group_charts.all_groups(pd.DataFrame([row | group]), **said)
print(sorted({"matplotlib", "seaborn", "ipywidgets"} & set(sys.modules)))
"""


def test_no_chart_of_a_report_loads_what_takes_longer_than_to_draw_them_all():
    done = subprocess.run([sys.executable, "-c", DRAW], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
