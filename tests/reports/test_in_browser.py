"""The page and the index as people meet them: in a browser, on a phone, by keyboard, on paper."""

import pytest

from see_the_system.reports.batch import run_batch
from see_the_system.reports.execute import LARGEST_PAGE
from see_the_system.reports.manifest import ReportRow, index
from see_the_system.reports.template import Template
from tests.browser import axe_violations, chromium, sticks_out
from tests.reports.conftest import code, task, text, write_template

WIDE = """import pandas as pd
import matplotlib.pyplot as plt
display(pd.DataFrame([[1234.5] * 14], columns=[f"Year {y}" for y in range(2010, 2024)]))
plt.plot([1, 2]); plt.show()
print("averyveryverylongword" * 12)
display(HTML("<p class='headline'>42 of 100.</p><p class='notice'>Synthetic data.</p>"
             "<p class='look-for'>Look.</p>"))"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    chromium()
    folder = tmp_path_factory.mktemp("pages")
    more = [
        code(WIDE),
        text("## What to ask\n\n> Why?"),
        text("## What to do\n\n- [one](#content)\n- two"),
    ]
    run_batch(Template(write_template(folder / "template.ipynb", *more)), [task(1)], folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def page_file(out):
    return out / "99-00001-district-1.html"


@pytest.mark.parametrize("width", [1100, 320])
def test_page_has_nothing_against_it_and_asks_for_nothing(open_page, page_file, width):
    with open_page(page_file, width=width) as page:
        assert axe_violations(page) == []
        assert sticks_out(page) == 0
        assert page.asked == [page.url]


def test_page_reflows_with_larger_letters(open_page, page_file):
    with open_page(page_file, width=640) as page:
        page.add_style_tag(content="html { font-size: 200% !important; }")
        assert sticks_out(page) == 0


def test_page_is_small_and_in_order(open_page, page_file):
    assert page_file.stat().st_size < LARGEST_PAGE
    with open_page(page_file) as page:
        assert page.title() == "District 1: The mathematics gap"
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("h1").all_inner_texts() == ["District 1"]
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])"
        )
        assert levels == [1, 2, 3, 2, 2]
        for name in ("header", "nav", "main", "footer"):
            assert page.locator(name).count() == 1


def test_first_key_press_offers_to_skip(open_page, page_file):
    with open_page(page_file) as page:
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the report"
        assert page.locator(":focus").bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"


def test_only_what_scrolls_is_a_stop_for_the_keyboard(open_page, page_file):
    stops = "[...document.querySelectorAll('.scroll[tabindex]')].map(box => box.dataset.label)"
    with open_page(page_file, width=320) as page:
        assert page.evaluate(stops) == ["Figure 1", "Table 2", "Figure 2"]
        page.set_viewport_size({"width": 2000, "height": 800})
        page.wait_for_function(f"{stops}.length < 3")
        assert "Figure 1" not in page.evaluate(stops)


@pytest.mark.parametrize("script", [True, False])
def test_paper_leaves_out_what_is_folded_unless_asked_and_cuts_no_figure(
    open_page, page_file, script
):
    with open_page(page_file, width=700, java_script_enabled=script) as page:
        page.emulate_media(media="print")
        assert not page.locator("details").is_visible()
        assert not page.locator("nav").is_visible()
        page.goto(f"{page.url}#with-tables")
        assert page.locator("details p").bounding_box()["height"] > 5
        if script:
            assert (
                page.evaluate("getComputedStyle(document.querySelector('.figure')).breakInside")
                == "avoid"
            )


def test_what_is_opened_is_printed_and_all_of_it_can_be_asked_for(open_page, page_file):
    with open_page(page_file, width=700) as page:
        page.evaluate("window.print = () => document.title = 'printed'")
        page.get_by_role("link", name="Print with tables and methods").click()
        page.wait_for_function("document.title == 'printed'")
        assert page.url.endswith("#with-tables")
        page.goto(page.url.split("#")[0])
        page.locator("summary").click()
        page.emulate_media(media="print")
        assert page.locator("details p").bounding_box()["height"] > 5


EVERY = ["<i>Birch</i>", "Alder", "Alder", "Peña Valley"]


@pytest.fixture(scope="module")
def index_file(tmp_path_factory):
    chromium()
    names = [
        ("99-10017", "Peña Valley"),
        ("99-10025", "Alder"),
        ("98-10033", "Alder"),
        ("99-10041", "<i>Birch</i>"),
    ]
    folder = tmp_path_factory.mktemp("index")
    rows = [
        ReportRow(
            code,
            name,
            "Ibarra",
            "done",
            headline="The gap narrowed.",
            page=f"{code}.html",
            pdf="a.pdf",
        )
        for code, name in names
    ]
    rows.append(ReportRow("99-10058", "Cedar", "Ibarra", "failed", reason="It has no grade 8."))
    (folder / "index.html").write_text(index(rows), encoding="utf-8")
    return folder / "index.html"


@pytest.mark.parametrize("width", [1100, 320])
def test_index_has_nothing_against_it(open_page, index_file, width):
    with open_page(index_file, width=width) as page:
        assert axe_violations(page) == []
        assert sticks_out(page) == 0


@pytest.mark.parametrize(
    ("asked", "names", "told"),
    [
        ("pena", ["Peña Valley"], "1 of 5 districts"),
        ("ALDER", ["Alder", "Alder"], "2 of 5 districts"),
        ("9810033", ["Alder"], "1 of 5 districts"),
        ("99- alder", ["Alder"], "1 of 5 districts"),
        ("nowhere", [], "No district has this in its name, county or code."),
        ("", EVERY, "5 districts"),
    ],
)
def test_index_finds_by_name_and_code_and_says_how_many(open_page, index_file, asked, names, told):
    with open_page(index_file) as page:
        page.get_by_label("Find a district by its name, county or code").fill(asked)
        assert page.get_by_role("status").inner_text() == told
        shown = page.locator(".districts li:visible .name a").all_inner_texts()
        assert [name for name in shown if not name.startswith("PDF")] == names


def test_index_without_script_is_a_plain_list(open_page, index_file):
    with open_page(index_file, java_script_enabled=False) as page:
        assert page.locator(".districts li:visible").count() == 5
        assert not page.get_by_role("searchbox").is_visible()
        assert "No report. It has no grade 8." in page.locator("main").inner_text()
