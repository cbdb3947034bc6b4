import pytest

from see_the_system.diagrams.diagram import Diagram
from tests.diagrams.graphs import HARD
from tests.diagrams.layout import browser_faults, browser_layout, browser_stretch, faults


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
