import pytest
from hypothesis import given
from hypothesis import strategies as st

from see_the_system.diagrams.driver_layout import lay_out
from see_the_system.diagrams.drivers import columns_of, describe_drivers, plot_drivers
from see_the_system.diagrams.shapes import Frame, Line, Words
from see_the_system.theory import kinds as k
from see_the_system.theory.items import text_of
from see_the_system.theory.model import Theory
from tests.diagrams.drawn_theories import SETTINGS, driver_theories, hard_drivers
from tests.diagrams.graphs import crossed_boxes
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import empty, largest, school


@SETTINGS
@given(driver_theories(), st.none() | st.integers(300, 2000))
def test_nothing_lies_on_another_and_all_texts_are_drawn_and_outlined(theory, width):
    diagram = plot_drivers(theory, width=width)
    assert faults(diagram) == []
    assert crossed_boxes(diagram) == []
    outline = diagram.text_outline()
    drawn = {shape.item for shape in diagram.shapes if isinstance(shape, Words)}
    for item in (*theory.drivers, *theory.ideas):
        assert " ".join(text_of(item).split()) in outline and item.id in drawn
    for measure in theory.measures:
        assert " ".join(measure.text.split()) in outline and measure.id in drawn


def test_a_browser_lays_out_what_was_computed(page):
    theories = (empty(), school(), largest(), hard_drivers())
    pictures = [plot_drivers(theory) for theory in theories]
    assert [faults(picture) for picture in pictures] == [[], [], [], []]
    assert browser_faults(page, [picture.svg() for picture in pictures]) == []


def test_what_is_not_linked_is_said_drawn_and_set_apart():
    theory = Theory.of(
        [
            k.Aim(text="An aim"),
            k.Driver(id="driver-1", level="primary", text="First"),
            k.Driver(id="driver-2", level="secondary", text="Free", order=0),
            k.Driver(id="driver-3", level="secondary", text="Tied", acts_on=("driver-1",), order=1),
            k.ChangeIdea(id="change-idea-1", text="Later"),
        ]
    )
    assert describe_drivers(theory) == (
        'The aim: "An aim". It shows 1 primary driver, 2 secondary drivers and 1 change '
        "idea. Not linked yet: 1 secondary driver, 1 change idea."
    )
    frames = [shape for shape in plot_drivers(theory).shapes if isinstance(shape, Frame)]
    assert sum(bool(frame.dash) for frame in frames) == 2
    assert plot_drivers(theory).text_outline().count("not linked yet") == 2


def test_a_link_that_skips_an_empty_column_leaves_its_words_alone():
    theory = Theory.of(
        [
            k.Driver(id="driver-1", level="primary", text="First"),
            k.ChangeIdea(id="change-idea-1", text="Now", drivers=("driver-1",)),
        ]
    )
    assert faults(plot_drivers(theory)) == [] and crossed_boxes(plot_drivers(theory)) == []


def test_lines_are_of_one_colour_and_none_has_a_gap_or_dashes():
    """A colour that recurs, and a gap at a crossing, would seem to mean something."""
    for theory in (school(), largest(), hard_drivers()):
        columns, _ = columns_of(theory)
        _, routes = lay_out(columns)
        drawn = [shape for shape in plot_drivers(theory).shapes if isinstance(shape, Line)]
        links = drawn[: len(routes)]  # behind them come the lines under headings
        assert {(line.stroke, line.dash) for line in links} == {("#33475b", "")}
        assert [line.points[-1] for line in links] == [route.points[-1] for route in routes]


def test_a_width_is_filled_where_the_text_allows():
    for width in (950, 1120, 1400):
        assert plot_drivers(school(), width=width).extent().w == pytest.approx(width, abs=25)
    narrow, wide = (plot_drivers(school(), width=width).extent().h for width in (900, 1300))
    assert wide < narrow


def test_measures_stand_where_they_belong():
    outline = plot_drivers(school()).text_outline().splitlines()
    aim, results = (
        outline.index(f"  {school().aim.text}"),
        outline.index("  Results within five school days"),
    )
    assert outline[aim + 1 : aim + 3] == [
        "    Measure: Percent who met the standard",
        "    Balancing measure: Minutes that teachers spend on scoring",
    ]
    loose = Theory.of([k.Measure(id="measure-1", type="process", text="Days\nto teacher")])
    assert plot_drivers(loose).text_outline().endswith("Measure: Days to teacher (not linked yet)")
    assert outline[results + 1 : results + 3] == [
        "    Measure: Days from test to teacher",
        "    causes behind it: 1",
    ]


@pytest.mark.parametrize("theory", [empty(), Theory.of([k.Charter(team="New team")])])
def test_an_empty_theory_names_what_will_stand_in_each_column(theory):
    outline = plot_drivers(theory).text_outline()
    assert (
        outline
        == "Aim\n  none yet\nPrimary drivers\n  none yet\nSecondary drivers\n  none yet\nChange "
        "ideas\n  none yet"
    )
    assert (
        describe_drivers(theory)
        == "There is no driver diagram yet: no aim, no drivers and no change ideas."
    )
