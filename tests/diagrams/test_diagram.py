import re
import struct
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.shapes import Box
from see_the_system.pictures.lettering import LINE, width

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"


def test_a_text_takes_the_place_it_says():
    diagram = Diagram("One")
    box = diagram.text(100, 50, "System", size=20, anchor="end")
    assert box == pytest.approx(Box(100 - width("System", 20), 50, width("System", 20), 20 * LINE))
    assert diagram.text(0, 0, "a\n\nb").h == pytest.approx(3 * 12 * LINE)
    assert diagram.extent(margin=0).bottom == box.bottom


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


def test_diagrams_load_no_numbers():
    """Drawn in a fresh Python: what lays out text must not wait for what computes with tables."""
    code = """
import sys
from see_the_system.diagrams.drivers import plot_drivers
from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.diagrams.five_whys import plot_five_whys
from see_the_system.diagrams.process_map import plot_process_map
from see_the_system.diagrams.then_and_now import plot_then_and_now
from see_the_system.paths import SAMPLE
from see_the_system.theory.exchange import read

theory = read(SAMPLE / "theory.yaml")
cause = theory.causes[0].id
for picture in (
    plot_fishbone(theory),
    plot_drivers(theory),
    plot_process_map(theory),
    plot_five_whys(theory, cause),
    plot_then_and_now(theory, theory),
):
    assert picture.svg().count("<text ") > 2
heavy = {"numpy", "pandas", "scipy", "statsmodels", "seaborn", "matplotlib"}
print(sorted(heavy.intersection(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("[]\n", "")
