import pytest
from hypothesis import given
from hypothesis import strategies as st

from see_the_system.diagrams.paper import pages
from see_the_system.diagrams.process_map import describe_process_map, plot_process_map
from see_the_system.diagrams.shapes import Frame, Words
from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from tests.diagrams.drawn_theories import SETTINGS, busy_process, chain, process_theories
from tests.diagrams.graphs import crossed_boxes
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import empty, school

WIDTHS = (330, 600, 1000, 4000)


@SETTINGS
@given(process_theories(), st.sampled_from(WIDTHS))
def test_nothing_lies_on_another_and_all_texts_are_drawn_and_outlined(theory, width):
    diagram = plot_process_map(theory, width=width)
    assert faults(diagram) == []
    assert crossed_boxes(diagram) == []
    outline = diagram.text_outline()
    drawn = {shape.item for shape in diagram.shapes if isinstance(shape, Words)}
    labelled = [connection for connection in theory.connections if connection.text]
    for item in (*theory.maps, *theory.lanes, *theory.steps, *labelled):
        assert " ".join(item.text.split()) in outline and item.id in drawn
    for step in theory.steps:
        assert " ".join(step.lost.split()) in outline and " ".join(step.wait.split()) in outline


def test_a_browser_lays_out_what_was_computed(page):
    pictures = [
        plot_process_map(theory, width=width)
        for theory in (empty(), school(), busy_process(), chain(30, 4))
        for width in WIDTHS
    ]
    assert [fault for one in pictures for fault in faults(one) + crossed_boxes(one)] == []
    assert browser_faults(page, [picture.svg() for picture in pictures]) == []


@pytest.mark.parametrize("lanes", [1, 4])
def test_thirty_steps_are_readable_on_a_screen_and_on_few_full_pages(lanes):
    diagram = plot_process_map(chain(30, lanes))
    assert diagram.extent().w <= 1000
    assert min(shape.size for shape in diagram.shapes if isinstance(shape, Words)) >= 11
    sheets = pages(diagram)
    assert len(sheets) <= 4
    assert all(sheet.count("Scans and") >= 3 for sheet in sheets)


def test_what_is_assumed_is_dashed_and_said_in_words():
    diagram = plot_process_map(school())
    dashed = [shape for shape in diagram.shapes if isinstance(shape, Frame) and shape.dash]
    assert (
        len(dashed) == 2
    )  # the wait, and the sample of the legend; the assumed decision is drawn with slanted sides
    assert diagram.text_outline().count("(assumed)") == 2


def test_the_words_count_steps_waits_loops_and_who_is_lost():
    assert describe_process_map(school()) == (
        'The process map "Placement in grade 7 mathematics" has 7 steps in 4 lanes, with 2 '
        "decisions, 1 wait and 1 loop back. "
        'At "Letter arrives, in English, in July": 38 of 140 lost here: Families who do not '
        "read English cannot ask for a change. "
        "2 of 7 steps are assumed."
    )
    assert (
        "yes: goes back to Recommended for the accelerated course?"
        in plot_process_map(school()).text_outline()
    )


def test_a_line_may_pass_through_an_empty_lane():
    lanes = [k.Lane(id=f"lane-{n}", map="process-map-1", text="Office", order=n) for n in range(3)]
    steps = [
        k.Step(id=f"step-{n}", lane=f"lane-{lane}", text="Signs", order=n)
        for n, lane in enumerate((0, 2, 0))
    ]
    links = [
        k.Connection(id=f"connection-{n}", source=f"step-{n}", target=f"step-{(n + 1) % 3}")
        for n in range(3)
    ]
    diagram = plot_process_map(
        Theory.of([k.ProcessMap(id="process-map-1"), *lanes, *steps, *links])
    )
    assert faults(diagram) == []
    assert diagram.text_outline().count("no steps yet") == 1


def test_a_map_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(
        Refusal,
        match=r'no process map "process-map-9".*process-map-1 \(Placement in grade 7 mathematics\)',
    ):
        plot_process_map(school(), "process-map-9")


def test_an_empty_map_says_what_comes_first():
    assert plot_process_map(empty()).text_outline().startswith("No process map yet\n")
    named = Theory.of([k.ProcessMap(id="process-map-1", text="Placement")])
    assert (
        plot_process_map(named).text_outline()
        == "Placement\n  This map has no lanes yet. Begin with who acts in it: each gets a lane."
    )
    assert (
        describe_process_map(named) == 'The process map "Placement" has no lanes and no steps yet.'
    )
