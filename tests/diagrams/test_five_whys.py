import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from see_the_system.diagrams.five_whys import ACT, describe_five_whys, plot_five_whys
from see_the_system.diagrams.shapes import Frame, Words
from see_the_system.messages import Refusal
from see_the_system.pictures.palette import FOCUS
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from tests.browser import browser_page
from tests.diagrams.graphs import HARD, crossed_boxes, texts
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import empty, school

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    blank = tmp_path_factory.mktemp("page") / "blank.html"
    blank.write_text("")
    with browser_page(blank) as page:
        yield page


@st.composite
def theories(draw):
    """Up to forty answers under the problem or under each other, at most four under one."""
    found, under = [k.Problem(text=draw(texts(2000)))], {"problem": 0}
    for n in range(draw(st.integers(0, 40))):
        parent = draw(st.sampled_from([id for id, many in under.items() if many < 4][-8:]))
        found.append(
            k.Why(
                id=f"why-{n}",
                parent=parent,
                text=draw(texts(2000)),
                actionable=draw(st.booleans()),
                order=n,
            )
        )
        under[parent] += 1
        under[f"why-{n}"] = 0
    return Theory.of(found)


def deep(answers=12, texts=HARD):
    """A chain of answers, each under the one before."""
    found = [k.Problem()] + [
        k.Why(id=f"why-{n}", parent=f"why-{n - 1}" if n else "problem", text=texts[n % len(texts)])
        for n in range(answers)
    ]
    return Theory.of(found)


def bushy():
    """Four answers to the problem, four to each of them, four to each of those."""
    found, above = [k.Problem()], ["problem"]
    for depth in range(3):
        ids = [f"why-{depth}-{n}" for n in range(4 * len(above))]
        found += [
            k.Why(id=id, parent=above[n // 4], text=HARD[n % len(HARD)], actionable=n % 5 == 0)
            for n, id in enumerate(ids)
        ]
        above = ids
    return Theory.of(found)


@SETTINGS
@given(theories())
def test_no_text_and_no_line_lies_on_another_in_any_tree(theory):
    diagram = plot_five_whys(theory)
    assert faults(diagram) == []
    assert [
        line for line, _ in crossed_boxes(diagram) if line.stroke != FOCUS["color"]
    ] == []  # the arrow before "We can act here" is in its box
    assert {shape.item for shape in diagram.shapes if isinstance(shape, Words)} >= {
        "problem",
        *(why.id for why in theory.whys),
    }


@settings(SETTINGS, max_examples=4, phases=(Phase.generate,))
@given(st.lists(theories(), min_size=4, max_size=4))
def test_nor_as_a_browser_lays_it_out(page, many):
    assert (
        browser_faults(
            page, [plot_five_whys(theory).svg() for theory in [*many, deep(), bushy(), empty()]]
        )
        == []
    )


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
    assert describe_five_whys(deep(1, ["So"])).endswith(
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
    chain, tree = plot_five_whys(deep()).extent(), plot_five_whys(bushy()).extent()
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


@pytest.mark.parametrize("id", ["cause-none", "category-1", "why-1"])
def test_a_start_that_is_none_is_refused(id):
    with pytest.raises(
        Refusal, match=f'"{id}" is neither. Choose the id of a cause, or "problem".'
    ):
        plot_five_whys(school(), id)
