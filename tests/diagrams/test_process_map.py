import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.diagrams.process_grid import read_map
from see_the_system.diagrams.process_layout import lay_out
from see_the_system.diagrams.process_map import (
    describe_process_map,
    make_cards,
    plot_process_map,
)
from see_the_system.diagrams.shapes import Frame, Words
from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.model import Theory
from tests.browser import browser_page
from tests.diagrams.graphs import HARD, crossed_boxes, shared_stretches, texts
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import empty, school

SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
TYPES = ("start", "step", "decision", "wait", "end")


@st.composite
def theories(draw):
    """One map with any lanes, steps of every type and any connections, circles and loops to itself
    too.
    """
    lanes, steps = draw(st.integers(1, 4)), draw(st.integers(0, 9))
    found = [k.ProcessMap(id="process-map-1", text=draw(texts(200)), starts=draw(texts()))]
    found += [
        k.Lane(id=f"lane-{n}", map="process-map-1", text=draw(texts(200)), order=n)
        for n in range(lanes)
    ]
    for n in range(steps):
        lane, type, lost = (
            draw(st.integers(0, lanes - 1)),
            draw(st.sampled_from(TYPES)),
            draw(st.none() | st.integers(0, 10**7)),
        )
        step = k.Step(
            id=f"step-{n}",
            lane=f"lane-{lane}",
            type=type,
            text=draw(texts()),
            known=draw(st.booleans()),
            wait=draw(texts(30)),
            lost_count=lost,
            lost=draw(texts(60)),
            order=n,
        )
        found.append(step)
    for n in range(draw(st.integers(0, 16)) if steps else 0):
        ends = {name: f"step-{draw(st.integers(0, steps - 1))}" for name in ("source", "target")}
        found.append(
            k.Connection(
                id=f"connection-{n}",
                text=draw(texts(200) | st.sampled_from(("", "yes", "no"))),
                **ends,
            )
        )
    return Theory.of(found)


def busy(steps=30, lanes=6):
    """A long process: each step leads on, each fifth is a decision with five exits, two of them
    back; one lane stays empty.
    """
    found = [
        k.ProcessMap(id="process-map-1", text="Placement"),
        *(
            k.Lane(id=f"lane-{n}", map="process-map-1", text=HARD[n + 3][:200], order=n)
            for n in range(lanes)
        ),
    ]
    for n in range(steps):
        text, lane = HARD[n % len(HARD)], (n * 7 % 11 % (lanes - 1) + 3) % lanes
        found.append(
            k.Step(
                id=f"step-{n}",
                lane=f"lane-{lane}",
                type=TYPES[n * 2 % 5],
                text=text,
                known=n % 3 > 0,
                lost="left" * (n % 4 == 0),
                order=n,
            )
        )
        found += [
            k.Connection(id=f"connection-{n}", source=f"step-{n - 1}", target=f"step-{n}")
        ] * (n > 0)
    for n in range(0, steps, 5):
        for place, far in enumerate((-9, -2, 0, 3, 8)):
            target = f"step-{min(max(n + far, 0), steps - 1)}"
            found.append(
                k.Connection(
                    id=f"connection-{n}-{place}",
                    source=f"step-{n}",
                    target=target,
                    text=HARD[place + 1][:200],
                )
            )
    return Theory.of(found)


def laid_out(theory):
    """The borders of the lanes and the paths of the connections."""
    lanes, places, ways, rows = read_map(theory, theory.maps[0])
    borders, _, _, routes = lay_out(make_cards(lanes, places), places, ways, rows, 0)
    return borders, routes


def chain(*links):
    """A map of one lane whose steps are named by letters, from links as "ab"."""
    letters = sorted(set("".join(links)))
    return Theory.of(
        [
            k.ProcessMap(id="process-map-1", text="Chain"),
            k.Lane(id="lane-1", map="process-map-1", text="Office"),
            *(
                k.Step(id=letter, lane="lane-1", text=letter, order=n)
                for n, letter in enumerate(letters)
            ),
            *(
                k.Connection(id=f"connection-{n}", source=a, target=b)
                for n, (a, b) in enumerate(links)
            ),
        ]
    )


def columns(theory):
    return {place.step.id: place.column for place in read_map(theory, theory.maps[0])[1]}


@SETTINGS
@given(theories())
def test_no_text_and_no_line_lies_on_another(theory):
    diagram = plot_process_map(theory)
    assert faults(diagram) == []
    assert crossed_boxes(diagram) == []
    assert shared_stretches(laid_out(theory)[1]) == []


@SETTINGS
@given(theories())
def test_all_texts_are_drawn_and_stand_in_the_outline(theory):
    diagram = plot_process_map(theory)
    drawn, outline = (
        {shape.item for shape in diagram.shapes if isinstance(shape, Words)},
        diagram.text_outline(),
    )
    for item in (
        *theory.maps,
        *theory.lanes,
        *theory.steps,
        *(one for one in theory.connections if one.text),
    ):
        assert " ".join(item.text.split()) in outline and item.id in drawn
    for step in theory.steps:
        assert " ".join(step.lost.split()) in outline and " ".join(step.wait.split()) in outline


def test_a_browser_lays_out_what_was_computed(tmp_path):
    pictures = [plot_process_map(theory) for theory in (empty(), school(), busy())]
    assert [faults(picture) + crossed_boxes(picture) for picture in pictures] == [[], [], []]
    assert shared_stretches(laid_out(busy())[1]) == []
    blank = tmp_path / "blank.html"
    blank.write_text("")
    with browser_page(blank) as page:
        assert browser_faults(page, [picture.svg() for picture in pictures]) == []


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (["ab", "bc"], {"a": 0, "b": 1, "c": 2}),
        (["ab", "ac", "bd", "cd"], {"a": 0, "b": 1, "c": 1, "d": 2}),
        (["ab", "bc", "cb", "cc"], {"a": 0, "b": 1, "c": 2}),
        (["ab", "bc", "cd", "da"], {"a": 0, "b": 1, "c": 2, "d": 3}),
        (["ba"], {"a": 1, "b": 0}),
    ],
)
def test_a_step_stands_one_column_after_what_leads_to_it_and_loops_do_not_count(links, expected):
    assert columns(chain(*links)) == expected


def test_steps_without_connections_stand_in_the_order_of_the_team():
    steps = [k.Step(id=f"step-{n}", lane=f"lane-{n % 2}", order=n) for n in range(4)]
    lanes = [k.Lane(id=f"lane-{n}", map="process-map-1") for n in range(2)]
    assert columns(Theory.of([k.ProcessMap(id="process-map-1"), *lanes, *steps])) == {
        f"step-{n}": n for n in range(4)
    }


def test_a_line_in_one_lane_is_straight():
    ((_, points, *_),) = laid_out(chain("ab"))[1]
    assert len(points) == 2 and points[0][1] == points[1][1]


def test_a_loop_runs_back_outside_the_lanes():
    borders, paths = laid_out(chain("ab", "bc", "ca"))
    heights = {net: [y for _, y in points] for net, points, *_ in paths}
    assert max(heights["connection-2"]) > borders[-1] or min(heights["connection-2"]) < borders[0]
    assert all(borders[0] < y < borders[-1] for y in heights["connection-0"])


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
