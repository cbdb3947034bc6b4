import re

import nbformat
import pytest

from see_the_system.pictures.svg_kit import picture
from see_the_system.reports.page import Facts, headline, render
from tests.reports.conftest import code, text

FACTS = Facts(
    "Peña & <Sons> Unified", "Alder County, district 99-10017", "November 23, 2026", "data h1"
)


def shown(data, metadata=None):
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata or {})


def notebook(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def cell_with(*outputs, source="secret_code = 1", tags=()):
    cell = code(source, *tags)
    cell.outputs = list(outputs)
    return cell


def body(*cells):
    page = render(notebook(*cells), FACTS)
    return re.search(r"<main.*?>(.*)</main>", page, re.DOTALL)[1]


def test_code_warnings_and_errors_stay_out():
    warned = nbformat.v4.new_output("stream", name="stderr", text="warned")
    said = nbformat.v4.new_output("stream", name="stdout", text="said <aloud>\n")
    failed = nbformat.v4.new_output("error", ename="E", evalue="gone wrong", traceback=[])
    page = render(
        notebook(cell_with(warned, failed), cell_with(said), nbformat.v4.new_raw_cell("raw words")),
        FACTS,
    )
    assert "<p>said &lt;aloud&gt;</p>" in page
    assert not any(word in page for word in ("secret_code", "warned", "gone wrong", "raw words"))


@pytest.mark.parametrize(
    ("tag", "there"),
    [("remove-cell", False), ("remove-output", False), ("remove-input", True), ("other", True)],
)
def test_only_known_tags_leave_things_out(tag, there):
    assert ("words" in body(cell_with(shown({"text/plain": "words"}), tags=[tag]))) is there
    assert "told" not in body(text("told", "remove-cell"))


def test_names_are_data_never_markup():
    page = render(notebook(text("# Report")), FACTS)
    assert "<Sons>" not in page
    assert "<h1>Peña &amp; &lt;Sons&gt; Unified</h1>" in page
    assert "<title>Peña &amp; &lt;Sons&gt; Unified: Report</title>" in page


def test_a_title_that_names_the_district_is_the_heading():
    page = render(
        notebook(cell_with(shown({"text/markdown": "# Mathematics in Alder"}))), Facts("Alder")
    )
    assert (
        page.count("<h1") == 1
        and "<h1>Mathematics in Alder</h1>" in page
        and "<title>Mathematics in Alder</title>" in page
    )


def test_headings_step_down_one_at_a_time_with_ids_of_their_own():
    ours = cell_with(shown({"text/html": "<h2 id='x'>Ours</h2>"}))
    page = render(
        notebook(text("# Report"), text("## Same\n\n#### Deep\n\n# Loud"), text("## Same"), ours),
        FACTS,
    )
    found = re.findall(r'<h(\d) id="([^"]*)"', page)
    assert [int(level) for level, _ in found] == [2, 3, 2, 2, 2]
    assert len({name for _, name in found}) == 5
    assert 'href="#Same-2"' in page


def test_pictures_carry_their_words_inside_the_page():
    png = shown(
        {"image/png": "iVBO\nRw0=", "text/plain": "<Figure>"}, {"image/png": {"alt": 'A "line"'}}
    )
    made = body(cell_with(png, shown({"image/svg+xml": "<svg/>"})))
    assert 'src="data:image/png;base64,iVBORw0="' in made and 'alt="A &quot;line&quot;"' in made
    assert "data:image/svg+xml;base64,PHN2Zy8+" in made and 'alt="Figure"' in made


def test_plain_text_of_objects_is_no_reading_matter():
    made = body(
        cell_with(
            shown({"text/plain": "<Axes: title='x'>"}), shown({"text/plain": "two\nlines < three"})
        )
    )
    assert "Axes" not in made and "<pre>two\nlines &lt; three</pre>" in made


def test_tables_and_figures_scroll_by_themselves():
    table = (
        '<style scoped>b{}</style><table border="1" '
        'class="dataframe"><tr><td><svg></svg></td></tr></table>'
    )
    made = body(cell_with(shown({"text/html": f'{table}<svg width="720"></svg>'})))
    assert made.count('class="scroll') == 2
    assert (
        'data-label="Table 1"' in made and 'data-label="Figure 1" style="--natural: 720px"' in made
    )
    assert "border=" not in made and "<style" not in made


def test_a_picture_laid_out_twice_fits_every_screen_and_is_not_made_to_scroll():
    draw = picture(lambda sheet: sheet.text(0, 0, "two", stands="top"))
    drawn = draw(name="Two", words="Words")
    made = body(cell_with(shown({"text/html": f"<figure>{drawn}</figure>"})))
    assert f"<figure>{drawn}</figure>" in made and "scroll" not in made


def test_the_page_can_run_and_fetch_nothing_of_the_notebook():
    fetching = (
        "<script>alert(1)</script><link rel=stylesheet href=https://a.example/x.css><p>kept</p>"
    )
    page = render(notebook(cell_with(shown({"text/html": fetching}))), FACTS)
    assert "alert(1)" not in page and "a.example" not in page and "<p>kept</p>" in page
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]
    assert (
        policy.startswith("default-src &#39;none&#39;")
        and "unsafe-inline" not in policy.split("script-src")[1]
    )


def test_headline_is_the_first_that_was_given():
    outputs = [
        shown({"text/plain": "a"}),
        shown({"text/plain": "b"}, {"see_the_system": {"headline": "The gap\n narrowed."}}),
    ]
    assert headline(notebook(text("x"), cell_with(*outputs))) == "The gap narrowed."
    assert headline(notebook(text("x"))) == ""
