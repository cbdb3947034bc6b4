import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from see_the_system.diagrams.five_whys import ACT, describe_five_whys, plot_five_whys
from see_the_system.diagrams.shapes import Frame, Words
from see_the_system.messages import Refusal
from see_the_system.pictures.lettering import FOCUS
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from tests.diagrams.drawn_theories import SETTINGS, bushy_whys, deep_whys, why_theories
from tests.diagrams.graphs import crossed_boxes
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import empty, school


@settings(SETTINGS, max_examples=40)
@given(why_theories())
def test_no_text_and_no_line_lies_on_another_in_any_tree(theory):
    diagram = plot_five_whys(theory)
    assert faults(diagram) == []
    # The arrow before "We can act here" is in its box.
    crossing = [line for line, _ in crossed_boxes(diagram) if line.stroke != FOCUS["color"]]
    assert crossing == []
    drawn = {shape.item for shape in diagram.shapes if isinstance(shape, Words)}
    assert drawn >= {"problem", *(why.id for why in theory.whys)}


@settings(SETTINGS, max_examples=4, phases=(Phase.generate,))
@given(st.lists(why_theories(), min_size=4, max_size=4))
def test_nor_as_a_browser_lays_it_out(page, theories):
    assert browser_faults(page, [plot_five_whys(theory).svg() for theory in theories]) == []


def test_examples_as_a_browser_lays_them_out(page):
    theories = [deep_whys(), bushy_whys(), empty()]
    assert browser_faults(page, [plot_five_whys(theory).svg() for theory in theories]) == []


def test_the_school_in_words():
    assert describe_five_whys(school(), "cause-late") == (
        "From “Benchmark results reach teachers five weeks after the test”: 4 answers to "
        "“why?”, at most 3 deep: 4 hunches. "
        "The team can act on: “Nobody owns the time from test to teacher; each office owns "
        "its part”."
    )
    assert (
        describe_five_whys(empty())
        == "From “Problem not written yet”: no answer to “why?” is written yet."
    )
    assert describe_five_whys(deep_whys(1, ["So"])).endswith(
        "1 answer to “why?”, at most 1 deep: 1 hunch. None is marked as one that the team "
        "can act on."
    )


def test_the_outline_of_the_school():
    assert plot_five_whys(school(), "cause-late").text_outline().splitlines()[1:] == [
        "  Why? The scanner is booked by eleven schools in turn (hunch)",
        "    Why? The district bought one when there were four schools (hunch)",
        "      Why? Nobody owns the time from test to teacher; each office owns its part "
        f"(hunch) ({ACT})",
        "    Why? Answer sheets are checked by hand before they are scanned (hunch)",
    ]


def test_where_the_team_can_act_is_told_by_words_and_shape():
    diagram = plot_five_whys(school(), "cause-late")
    assert [
        shape.item for shape in diagram.shapes if isinstance(shape, Words) and shape.lines == (ACT,)
    ] == ["why-3"]
    (other,) = [frame for frame in diagram.shapes if isinstance(frame, Frame) and frame.radius != 4]
    assert other.weight == 3


def test_a_grade_is_told_by_the_border():
    heard = k.Evidence(id="evidence-1", type="interview", about=("why-1",))
    theory = Theory.of(
        [
            k.Problem(),
            *(k.Why(id=f"why-{n}", parent="problem", text="So", order=n) for n in range(2)),
            heard,
        ]
    )
    borders = [frame.dash for frame in plot_five_whys(theory).shapes if isinstance(frame, Frame)][
        1:
    ]
    assert len(set(borders)) == 2
    assert [
        words.lines for words in plot_five_whys(theory).shapes if isinstance(words, Words)
    ].count(("heard",)) == 1


def test_a_chain_runs_down_and_a_broad_tree_runs_across():
    chain, tree = plot_five_whys(deep_whys()).extent(), plot_five_whys(bushy_whys()).extent()
    assert chain.h > chain.w and tree.w < 4 * 236 + 3 * 76 + 40


def test_answers_to_one_thing_stand_side_by_side_under_it():
    boxes = {
        shape.item: shape.box
        for shape in plot_five_whys(school(), "cause-late").shapes
        if isinstance(shape, Words) and shape.item
    }
    assert (
        boxes["cause-late"].bottom
        < boxes["why-1"].y
        < boxes["why-1"].bottom
        < boxes["why-2"].y
        == boxes["why-4"].y
    )
    assert boxes["why-2"].right < boxes["why-4"].x


@pytest.mark.parametrize("start_id", ["cause-none", "category-1", "why-1"])
def test_a_start_that_is_none_is_refused(start_id):
    with pytest.raises(
        Refusal, match=rf'"{start_id}" is neither\. Choose the id of a cause, or "problem"\.'
    ):
        plot_five_whys(school(), start_id)
