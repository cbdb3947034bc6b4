"""The face of the lessons: few names, loaded when first used; two verbs for everything."""

import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import helpers
from helpers import (
    between_within_schools,
    check,
    compare_rules,
    fishbone,
    funnel,
    gap_in_points,
    gap_in_sd,
    open_store,
    progress,
    protect,
    read_theory,
    run_chart,
    show,
    simulate,
    trend,
    words,
)
from see_the_system.display import VIEWS
from see_the_system.messages import Refusal

PAIR = {"focus": "Hispanic or Latino", "comparison": "White"}
HEAVY = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "seaborn",
    "matplotlib",
    "sqlalchemy",
    "papermill",
)


@pytest.fixture(scope="module")
def rows():
    """The protected rows of two groups of one practice district."""
    store = open_store(helpers.SAMPLE)
    found = store.district(
        "99-10017", tests=["Mathematics"], grades=[4, 5, 6, 7, 8], groups=list(PAIR.values())
    )
    return protect(found)


@pytest.fixture(scope="module")
def gap(rows):
    """The district's gap, year by year."""
    return gap_in_points(rows[rows["level"] == "district"], **PAIR)


@pytest.fixture(scope="module")
def theory():
    """The worked example."""
    return read_theory(helpers.SAMPLE / "theory.yaml")


def loaded_after(statement):
    """The heavy packages that a fresh Python has loaded after a statement."""
    code = f"import sys\n{statement}\nprint([m for m in {HEAVY} if m in sys.modules])"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_face_loads_nothing_heavy():
    assert loaded_after("import helpers; dir(helpers)") == "[]"


def test_nor_does_the_fishbone_of_a_lesson():
    drawn = "from helpers import SAMPLE, fishbone, read_theory\n"
    drawn += "fishbone(read_theory(SAMPLE / 'theory.yaml')).svg()"
    assert loaded_after(drawn) == "[]"


def test_every_name_of_the_face_is_there_and_explained():
    for name in helpers.__all__:
        assert getattr(helpers, name).__doc__ or name == "SAMPLE", name
    assert len(helpers.__all__) <= 52


def test_a_name_that_is_not_there_names_those_that_are():
    with pytest.raises(AttributeError, match=r"no 'gap'. It has .*gap_in_points"):
        _ = helpers.gap


def test_no_module_hides_the_name_that_it_has():
    """Python gives a package its modules by name, and would put one in the place of a function."""
    modules = {path.stem for path in Path(helpers.__file__).parent.glob("*.py")}
    assert modules & set(helpers.__all__) == set()


def test_the_face_is_small():
    lines = [
        line
        for path in Path(helpers.__file__).parent.glob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert len(lines) < 1_400  # and 2,500 with all editors


def test_every_view_names_functions_that_are_there():
    from see_the_system.display import _load

    for view in VIEWS.values():
        assert callable(_load(view.words))
        assert all(callable(_load(place)) for place in (view.plot, view.picture) if place)


def test_a_gap_shows_itself_with_picture_words_and_numbers(gap):
    bundle = gap._repr_mimebundle_()
    assert bundle["text/plain"].startswith("In 2025, 24.7% of 7,747 students")
    page = bundle["text/html"]
    assert page.count('class="picture"') == 1 and page.count("<svg") == 2  # desk and phone
    assert "The gap is 20.0 percentage points" in page
    assert "<details><summary>The numbers</summary><table" in page


def test_what_is_filtered_shows_itself_too(gap):
    one_year = gap[gap["year"] == 2024]
    assert (
        words(one_year).startswith("In 2024,")
        and "<svg" in one_year._repr_mimebundle_()["text/html"]
    )


def test_what_its_words_need_may_be_taken_out(gap):
    assert gap[["year", "gap"]]._repr_mimebundle_()["text/plain"].split()[:2] == ["year", "gap"]


def test_a_table_of_findings_is_a_frame_and_the_engine_gets_a_plain_one(gap):
    assert isinstance(gap, pd.DataFrame) and type(gap.plain()) is pd.DataFrame
    assert "shrank over its 9 usable years" in words(trend(gap))


@pytest.mark.parametrize(
    ("find", "says"),
    [
        (lambda rows: between_within_schools(rows, **PAIR, year=2024), "between schools"),
        (lambda rows: gap_in_sd(rows[rows["level"] == "district"], **PAIR), "standard deviation"),
    ],
)
def test_other_findings_have_words(rows, find, says):
    assert says in words(find(rows))


def test_a_theory_its_checks_and_its_progress_show_themselves(theory):
    assert words(theory).startswith("24 causes in 7 categories")
    assert "<svg" in theory._repr_mimebundle_()["text/html"]
    found = check(theory)
    assert words(found).startswith("The checks found 20 worth mending soon")
    assert found._repr_mimebundle_()["text/html"].count("<li>") == len(found) == 21
    assert words(progress(theory)).startswith("Complete: Team set up")


def test_a_run_chart_shows_itself_alone_and_beside_others():
    year = simulate("Marigold Bend Unified", "support_beside_core", where="6992072", seed=1)
    points = year.points("check")
    chart = run_chart(points, kind="p", baseline=12)
    page = chart._repr_mimebundle_()["text/html"]
    assert page.count("<svg") == 1 and "p chart: 36 points" in page
    compared = compare_rules(points, kind="p")
    assert "<svg" in compared._repr_mimebundle_()["text/html"] and "Western Electric" in words(
        compared
    )
    assert words(year).startswith("This year is synthetic")


def test_show_prints_the_words_where_there_is_no_notebook(theory, capsys):
    show(fishbone(theory), "And a sentence.")
    printed = capsys.readouterr().out
    assert printed.startswith("24 causes in 7 categories") and printed.endswith("And a sentence.\n")


def test_texts_on_a_page_are_text_and_not_markup():
    from see_the_system.display import html

    assert html("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_what_has_no_words_is_refused_in_a_sentence():
    with pytest.raises(Refusal, match=r"There are no words for a int\. Give a result"):
        words(3)


def test_a_funnel_has_its_picture(rows):
    from see_the_system.gaps.schools import schools_for_group

    schools = schools_for_group(rows, group="Hispanic or Latino", year=2024)
    assert "<svg" in funnel(schools)._repr_mimebundle_()["text/html"]


def test_days_are_said_as_people_say_them(tmp_path):
    """A form's words and a year's story once told days as files keep them: 2028-06-15."""
    from helpers import form
    from see_the_system.theory.opening import open_example

    with open_example(tmp_path / "practice.theory") as record:
        told = repr(form(record, "aim"))
    assert "By which day? June 15, 2028" in told
    story = " ".join(simulate("99-10017", "placement_list", scale="district", seed=1).story)
    assert "Week 21 (February 2, 2026): " in story
    assert not re.search(r"20\d\d-\d\d-\d\d", told + story)
