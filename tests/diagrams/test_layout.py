from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.shapes import Box
from tests.diagrams.layout import browser_faults, faults


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
