import io
import re

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.diagrams.five_whys import plot_five_whys
from see_the_system.diagrams.paper import LEAST, pages, pdf, undrawn
from see_the_system.pictures import lettering
from tests.diagrams.drawn_theories import bushy_whys, deep_whys
from tests.theory.examples import empty, largest, school


def grid(columns, rows, *, text="A cause"):
    """Texts in boxes, far enough from each other for a cut."""
    diagram = Diagram("Grid")
    for column in range(columns):
        for row in range(rows):
            diagram.frame(
                diagram.text(column * 200, row * 80, f"{text} {column} {row}", most=150).grown(6)
            )
    return diagram


READ = """() => [...document.querySelectorAll('body > svg')].map(sheet => {
  const inner = sheet.querySelector('svg');
  const box = node => {
    const b = node.getBoundingClientRect();
    return [b.left, b.top, b.right, b.bottom];
  };
  const said = node => [node.textContent, box(node)];
  return {
    port: box(inner), sheet: box(sheet),
    texts: [...inner.querySelectorAll('text')].map(said),
    others: [...sheet.children].filter(c => c.tagName === 'text').map(said),
  };
})"""


def read(page, sheets):
    page.set_content(
        "<!doctype html><style>body > svg { display: block; width: 11in; height: auto }</style>"
        + "".join(sheets)
    )
    return page.evaluate(READ)


@pytest.mark.parametrize(
    "diagram",
    [
        plot_fishbone(largest()),
        plot_five_whys(bushy_whys()),
        plot_five_whys(deep_whys(40)),
        grid(12, 30),
    ],
    ids=["fishbone", "tree", "chain", "grid"],
)
def test_no_text_is_cut_and_none_is_missing(page, diagram):
    found = read(page, pages(diagram))
    assert len(found) > 1
    for sheet in found:
        left, top, right, bottom = sheet["port"]
        slack = 3  # a font's own box is a little higher than the line we reckon with
        assert [
            text for text, box in sheet["texts"] if box[0] < left - slack or box[2] > right + slack
        ] == []
        assert [
            text for text, box in sheet["texts"] if box[1] < top - slack or box[3] > bottom + slack
        ] == []
    whole = [line for shape in diagram.shapes for line in getattr(shape, "lines", ())]
    shown = {re.sub("[\u2067\u2069]", "", text) for sheet in found for text, _ in sheet["texts"]}
    assert {line for line in whole if line.strip()} <= shown


def test_text_is_never_printed_smaller_than_seven_and_a_half_points():
    for diagram in (
        plot_fishbone(empty()),
        plot_fishbone(school()),
        plot_fishbone(largest()),
        grid(5, 9),
    ):
        for sheet in pages(diagram):
            wide, view = re.search(
                r'width="(\S+)" height="\S+" viewBox="\S+ \S+ (\S+) \S+" preserve', sheet
            ).groups()
            assert 12 * float(wide) / float(view) >= LEAST - 0.01


def test_labels_and_letters_lie_on_the_paper_and_on_nothing_else(page):
    for sheet in read(page, pages(plot_fishbone(largest()))):
        boxes = [box for _, box in sheet["others"]]
        assert all(
            box[0] >= sheet["sheet"][0]
            and box[2] <= sheet["sheet"][2]
            and box[3] <= sheet["sheet"][3]
            for box in boxes
        )
        for place, one in enumerate(boxes):
            for other in boxes[place + 1 :]:
                assert (
                    one[2] <= other[0]
                    or other[2] <= one[0]
                    or one[3] <= other[1]
                    or other[3] <= one[1]
                )


def test_each_letter_stands_on_two_pages_at_the_same_place_of_the_picture():
    sheets = pages(grid(12, 30))
    letters = [re.findall(r">([A-Z]{1,2})</text>", sheet) for sheet in sheets]
    counted = [letter for each in letters for letter in each]
    assert len(counted) == 2 * len(set(counted)) and all(each for each in letters)
    assert [re.search(r"Page \d+ of \d+", sheet).group() for sheet in sheets] == [
        f"Page {n} of {len(sheets)}" for n in range(1, len(sheets) + 1)
    ]


def first_cut(sheet):
    """Where the first cut mark of a page stands in the diagram, and what part the page shows."""
    view = re.search(r'viewBox="([\d. -]+)" preserve', sheet).group(1)
    left, _, wide, _ = map(float, view.split())
    placed = re.search(r'<svg x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', sheet).groups()
    start, room = map(float, placed)
    mark = float(re.search(r"M([\d.]+) [\d.]+V", sheet).group(1))
    return left + (mark - start) * wide / room, (left, left + wide)


def test_neighbors_meet_at_their_marks():
    sheets = pages(grid(12, 1))
    assert len(sheets) == 2
    (cut, (_, end)), (other_cut, (start, _)) = map(first_cut, sheets)
    assert cut == pytest.approx(other_cut, abs=0.1)
    assert end > cut > start


def test_paper_lies_or_stands_as_fewer_pages_are_needed():
    size = {
        name: PdfReader(io.BytesIO(pdf(diagram))).pages[0].mediabox
        for name, diagram in (("wide", grid(5, 2)), ("high", grid(2, 12)))
    }
    assert tuple(size["wide"])[2:] == (792, 612) and tuple(size["high"])[2:] == (612, 792)
    assert len(pages(grid(5, 2))) == len(pages(grid(2, 12))) == 1


def test_the_pdf_has_a_title_and_its_text_as_text():
    reader = PdfReader(io.BytesIO(plot_fishbone(school()).pdf()))
    assert len(reader.pages) == 1 and reader.metadata.title == "Fishbone: Alder Creek math team"
    text = " ".join(reader.pages[0].extract_text().split())
    assert (
        "Time, schedule & policy" in text
        and "One scanner serves eleven schools" in text
        and "Fishbone: Alder Creek math team" in text
    )


LEFT, RIGHT = "Placement rests on ", " a recommendation"
MISSING = ("\U0001f9ee", "\U0002fa1d", "\U0001f469\U0001f3fd\u200d\U0001f3eb", "\ue000")


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine that has no fonts but those that come with the package."""
    monkeypatch.setattr(lettering, "fallback", lambda letter: None)


def pixels(diagram, wide):
    """The left part of a picture, as wide as asked and one line high (array)."""
    picture = Image.open(io.BytesIO(diagram.png(scale=2))).convert("L")
    return np.asarray(picture)[: 2 * 16 + 32, : round(2 * wide)]


def one_line(text, **look):
    diagram = Diagram("Line")
    diagram.text(0, 0, text, **look)
    return diagram


@pytest.mark.parametrize("look", [{}, {"bold": True}, {"italic": True}, {"struck": True}])
@pytest.mark.parametrize("letter", MISSING)
def test_a_missing_letter_leaves_the_pixels_of_its_line_as_they_are(bare_machine, letter, look):
    drawn = one_line(LEFT + letter + RIGHT, **look)
    expected = one_line(LEFT + lettering.BOX + RIGHT, **look)  # a letter that the font has
    wide = expected.extent().w - 2
    assert drawn.extent() == pytest.approx(expected.extent())
    assert (pixels(drawn, wide) == pixels(expected, wide)).all()
    # And the words before it are those of the line that ends there.
    alone = one_line(LEFT.strip(), **look)
    start = alone.extent(margin=0).w + 16
    difference = pixels(drawn, start).astype(int) - pixels(alone, start)
    assert abs(difference).mean() < 1


@pytest.mark.parametrize("letter", MISSING)
def test_nor_is_a_line_of_a_pdf_changed(bare_machine, letter):
    drawn, expected = (
        PdfReader(io.BytesIO(pdf(one_line(LEFT + sign + RIGHT)))).pages[0]
        for sign in (letter, lettering.BOX)
    )
    placed, wanted = placed_text(drawn), placed_text(expected)
    assert placed[: len(wanted)] == wanted  # what follows is the note
    assert all("DejaVu" in font for font, *_ in placed)
    assert "1 letter could not be drawn" in drawn.extract_text()
    assert "could not" not in expected.extract_text()


def placed_text(page):
    """The text of a page of PDF but for its bold title (list).

    Its fonts and sizes, the text, and how far it stands from where the first begins.
    """
    found = []

    def note(text, _, matrix, font, size):
        if text.strip() and not font["/BaseFont"].endswith("Bold"):
            found.append((str(font["/BaseFont"])[8:], round(size, 2), text.strip(), matrix[4:]))

    page.extract_text(visitor_text=note)
    _, _, _, (x, y) = found[0]
    return [(*look, round(a - x, 1), round(b - y, 1)) for *look, (a, b) in found]


def test_what_could_not_be_drawn_is_said_under_the_picture_and_in_its_words(bare_machine):
    diagram = one_line("\U0001f9ee and \U0002fa1d and \U0001f9ee")
    sentence = undrawn(diagram)
    assert sentence.startswith("2 letters could not be drawn with this machine's fonts (□): abacus")
    assert "could not" not in diagram.svg() and "\U0001f9ee" in diagram.svg()  # a browser has them
    reader = PdfReader(io.BytesIO(diagram.pdf()))
    assert sentence in reader.metadata.subject
    assert "2 letters could not be drawn" in reader.pages[0].extract_text()
    assert undrawn(one_line("Placement")) == ""


def test_a_letter_of_another_font_is_drawn_with_that_font_and_the_rest_with_its_own():
    # A script capital is in the machine's fonts for mathematics and in no other.
    runs = lettering.printed_runs("Placement \U0001d49c rests")
    if len(runs) == 1:
        pytest.skip("no font for mathematics on this machine")
    assert [run.text for run in runs] == ["Placement ", "\U0001d49c", " rests"]
    assert runs[0].family == runs[2].family == "" != runs[1].family
    sheet = PdfReader(io.BytesIO(pdf(one_line("a \U0001d49c b")))).pages[0]
    fonts = {font for font, *_ in placed_text(sheet)}
    assert len(fonts) == 2


def test_several_pages_are_one_pdf():
    reader = PdfReader(io.BytesIO(pdf(grid(12, 3))))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == len(pages(grid(12, 3))) > 1 and "Page 2 of" in texts[1]
    assert all(f"A cause {column} 2" in " ".join(texts) for column in range(12))


def test_a_line_wider_than_any_page_is_drawn_all_the_same():
    diagram = Diagram("Wide")
    long = "word " * 120
    box = diagram.text(0, 0, long)
    assert box.w > 3_900 and len(pages(diagram)) > 3
    assert lettering.width(long.strip()) == pytest.approx(box.w)
    assert "word word" in PdfReader(io.BytesIO(pdf(diagram))).pages[-1].extract_text()


def test_paper_with_nothing_on_it_is_not_printed():
    diagram = Diagram("Two corners")
    diagram.text(0, 0, "Here")
    diagram.text(3000, 1500, "There")
    assert len(pages(diagram)) == 2
    assert len(pages(Diagram("Nothing"))) == 1
