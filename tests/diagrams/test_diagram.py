import re
import struct
from xml.etree import ElementTree

import pytest

from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.shapes import Box
from see_the_system.pictures.lettering import LINE, width
from tests.browser import browser_page
from tests.diagrams.graphs import HARD
from tests.diagrams.layout import browser_faults, browser_layout, browser_stretch, faults

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    blank = tmp_path_factory.mktemp("page") / "blank.html"
    blank.write_text("")
    with browser_page(blank) as page:
        yield page


def hard():
    """Every hard text in a frame of its own, standing left, in the middle and right."""
    diagram, y = Diagram("Hard texts"), 0
    for text in HARD:
        for place, anchor in enumerate(("start", "middle", "end")):
            box = diagram.text(
                place * 320 + 150 * place, y, text, most=300, anchor=anchor, item="cause-1"
            )
            diagram.frame(box.grown(4))
        y += max(shape.box.bottom for shape in diagram.shapes[-6:]) - y + 20
    return diagram


def test_a_text_takes_the_place_it_says():
    diagram = Diagram("One")
    box = diagram.text(100, 50, "System", size=20, anchor="end")
    assert box == pytest.approx(Box(100 - width("System", 20), 50, width("System", 20), 20 * LINE))
    assert diagram.text(0, 0, "a\n\nb").h == pytest.approx(3 * 12 * LINE)
    assert diagram.extent(margin=0).bottom == box.bottom


def test_faults_are_found():
    diagram = Diagram("Wrong")
    box = diagram.text(0, 0, "Placement rests")
    assert faults(diagram) == []
    for wrong in (
        lambda d: d.text(40, 6, "on a recommendation"),
        lambda d: d.line((-10, 7), (30, 8)),
        lambda d: d.line((-10, -40), (60, 60)),
        lambda d: d.frame(Box(20, -10, 300, 40)),
        lambda d: d.mark(20, 8, "full"),
    ):
        other = Diagram("Wrong", shapes=list(diagram.shapes))
        wrong(other)
        assert len(faults(other)) == 1
    diagram.frame(box.grown(3))
    diagram.line((0, box.bottom + 3), (90, box.bottom + 3))
    assert faults(diagram) == []


def test_a_browser_finds_the_same_faults(page):
    diagram = Diagram("Wrong")
    diagram.text(0, 0, "Placement rests")
    diagram.text(20, 4, "on a recommendation")
    diagram.line((-10, 9), (30, 9), arrow=True)
    diagram.frame(Box(100, -10, 300, 40))
    found = browser_faults(page, [diagram.svg()])
    kinds = (
        "overlaps text",
        "crosses the border of box",
        "overlaps the mark or arrow",
        "overlaps the line",
    )
    assert [sum(kind in fault for fault in found) for kind in kinds] == [1, 1, 2, 2] and len(
        found
    ) == 6


def test_hard_texts_stay_in_their_places(page):
    diagram = hard()
    assert faults(diagram) == []
    assert browser_faults(page, [diagram.svg()]) == []


def test_a_browser_draws_text_as_wide_as_it_was_measured(page):
    diagram = Diagram("Scripts that the fonts here have")
    for place, text in enumerate(
        (
            "Placement rests on one teacher's word, AV To We",
            "Ένας λόγος, одно слово",
            "نسبة الطلاب (2025)",
            "תלמידים 31 percent בכיתה ז",
        )
    ):
        diagram.text(0, 30 * place, text)
        diagram.text(0, 30 * place + 300, text, bold=True, size=17)
    worst, text = browser_stretch(page, [diagram.svg()])
    assert worst < 1.02, text


def test_lines_from_right_to_left_end_at_the_right_of_their_place(page):
    diagram = Diagram("Two lines")
    box = diagram.text(50, 0, "نسبة الطلاب الذين حققوا\nالمعيار.")
    first, second = (text["box"] for text in browser_layout(page, [diagram.svg()])[0]["texts"])
    assert first[2] == pytest.approx(box.right, abs=1) == pytest.approx(second[2], abs=1)
    assert second[0] > box.x + 20


def test_the_svg_is_named_described_and_holds_text_as_text():
    diagram = Diagram('A "name" & more', "What it shows: 1 < 2.")
    diagram.text(0, 0, "<b>Time</b> & schedule", item="category-1", bold=True)
    diagram.text(0, 40, "ruled out", struck=True, italic=True)
    for place, shape in enumerate(("open", "half", "full", "cross")):
        diagram.mark(20 * place, 80, shape)
    root = ElementTree.fromstring(diagram.svg())
    assert (
        root.find(f"{SVG}title").text == 'A "name" & more'
        and root.find(f"{SVG}desc").text == "What it shows: 1 < 2."
    )
    assert root.get("aria-labelledby").split() == [
        root.find(f"{SVG}title").get("id"),
        root.find(f"{SVG}desc").get("id"),
    ]
    assert [text.text for text in root.iter(f"{SVG}text")] == [
        "<b>Time</b> & schedule",
        "ruled out",
    ]
    assert [group.get("data-item") for group in root.iter(f"{SVG}g")] == ["category-1", None]
    assert len(root.findall(".//*[@class='mark']")) == 4


def test_a_png_has_the_size_of_the_picture():
    diagram = Diagram("Frame")
    diagram.frame(Box(0, 0, 168, 68))
    assert struct.unpack(">II", diagram.png(scale=2)[16:24]) == (400, 200)


def test_an_empty_diagram_is_a_picture_too():
    assert (
        re.search(r'viewBox="0 0 32 32"', Diagram("Nothing").svg())
        and Diagram("Nothing").png()[:4] == b"\x89PNG"
    )


def test_the_outline_says_all_text_in_order():
    diagram = Diagram("Whole", "One sentence.")
    diagram.say(0, "First")
    diagram.say(1, "Under it")
    assert diagram.text_outline() == "First\n  Under it"
    assert diagram._repr_mimebundle_()["text/plain"] == "Whole\nOne sentence.\nFirst\n  Under it"
