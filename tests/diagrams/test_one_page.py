import io
import re

import pytest
from PIL import Image
from pypdf import PdfReader

from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.diagrams.paper import PAPERS, pages
from see_the_system.diagrams.process_map import plot_process_map
from see_the_system.diagrams.shapes import Words
from tests.diagrams.drawn_theories import chain
from tests.diagrams.layout import faults
from tests.diagrams.test_paper import grid, read
from tests.theory.examples import empty, largest, school


def read_points(sheet):
    """The sizes of a sheet's letters in points, from its SVG (set of float)."""
    inner = re.search(r'width="(\S+)" height="\S+" viewBox="\S+ \S+ (\S+) \S+" preserve', sheet)
    wide, view = map(float, inner.groups())
    picture = sheet[inner.start() :].partition("</svg>")[0]
    sizes = map(float, re.findall(r'<g font-size="([\d.]+)"', picture))
    return {size * wide / view * 0.75 for size in sizes}


@pytest.mark.parametrize(
    ("diagram", "paper"),
    [
        (plot_fishbone(empty()), "letter"),
        (plot_fishbone(school()), "letter"),
        (plot_process_map(school()), "letter"),
        (grid(2, 3), "letter"),
        (grid(8, 11), "tabloid"),
        (plot_process_map(chain(20, 3)), "tabloid"),
    ],
    ids=["empty", "fishbone", "map", "small", "grid", "process"],
)
def test_one_page_holds_all_with_letters_of_eight_points(page, diagram, paper):
    export = diagram.on_page()
    (sheet,) = export.sheets
    assert export.paper == paper and export.points >= 8
    assert min(read_points(sheet)) == pytest.approx(export.points, abs=0.01)
    assert export.words == (
        f"On one {paper} page, its smallest letters {export.points:.1f} points high."
    )
    assert faults(export.diagram) == []
    written = {line.item for line in diagram.outline} | {one.item for one in _words(diagram)}
    assert written <= {one.item for one in _words(export.diagram)} | {""}
    (reader,) = PdfReader(io.BytesIO(diagram.pdf(one_page=True))).pages
    size = sorted(float(side) for side in reader.mediabox[2:])
    assert size == {"letter": [612, 792], "tabloid": [792, 1224]}[paper]
    (png,) = export.pngs(scale=1)
    assert sorted(Image.open(io.BytesIO(png)).size) == sorted(PAPERS[paper])
    (found,) = read(page, export.sheets)
    left, top, right, bottom = found["sheet"]
    port = found["port"]
    assert left < port[0] and top < port[1] and port[2] < right and port[3] < bottom


def _words(diagram):
    return [shape for shape in diagram.shapes if isinstance(shape, Words)]


def test_what_no_page_holds_is_on_several_and_says_so():
    diagram = plot_fishbone(largest())
    export = diagram.on_page()
    assert len(export.sheets) == len(pages(diagram)) > 1
    assert export.words == (
        f"No page holds this with letters of 8 points, so it is {len(export.sheets)} letter pages "
        "to join."
    )
    reader = PdfReader(io.BytesIO(export.pdf()))
    assert len(reader.pages) == len(export.sheets) and export.words in reader.metadata.subject


def test_a_page_that_holds_a_diagram_as_it_is_does_not_change_it():
    diagram = plot_process_map(chain(4))
    assert diagram.on_page().diagram.shapes == diagram.shapes
    diagram.redraw = None
    assert len(diagram.on_page().sheets) == 1
