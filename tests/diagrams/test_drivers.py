import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.diagrams import drivers
from see_the_system.diagrams.driver_layout import lay_out
from see_the_system.diagrams.drivers import describe_drivers, plot_drivers
from see_the_system.diagrams.shapes import Frame, Words
from see_the_system.theory import kinds as k
from see_the_system.theory.items import text_of
from see_the_system.theory.model import Theory
from tests.browser import browser_page
from tests.diagrams.graphs import HARD, crossed_boxes, shared_stretches, texts
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import empty, largest, school

SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def theories(draw):
    """Drivers and ideas with any links between them, without circles, and any measures."""
    count = draw(st.integers(0, 9))
    levels = draw(
        st.lists(st.sampled_from(("primary", "secondary")), min_size=count, max_size=count)
    )
    found = []
    for place, level in enumerate(levels):
        acts_on = draw(st.sets(st.integers(0, place - 1), max_size=4)) if place else ()
        found.append(
            k.Driver(
                id=f"driver-{place}",
                level=level,
                text=draw(texts()),
                acts_on=tuple(f"driver-{n}" for n in acts_on),
                order=draw(st.integers(0, 3)),
            )
        )
    for place in range(draw(st.integers(0, 9))):
        serves = draw(st.sets(st.integers(0, count - 1), max_size=5)) if count else ()
        found.append(
            k.ChangeIdea(
                id=f"change-idea-{place}",
                text=draw(texts()),
                drivers=tuple(f"driver-{n}" for n in serves),
            )
        )
    ids = [item.id for item in found]
    for place in range(draw(st.integers(0, 3))):
        of = tuple(draw(st.sets(st.sampled_from(["aim", *ids]), max_size=2)))
        found.append(
            k.Measure(
                id=f"measure-{place}",
                type=draw(st.sampled_from(("outcome", "process", "balancing"))),
                text=draw(texts(200)),
                of=of,
            )
        )
    if draw(st.booleans()):
        found.append(k.Aim(text=draw(texts())))
    return Theory.of(found)


def hard():
    """One column of each with every hard text, each linked to two."""
    found = [k.Aim(text=HARD[4])]
    found += [
        k.Driver(id=f"driver-p{n}", level="primary", text=text) for n, text in enumerate(HARD)
    ]
    found += [
        k.Driver(
            id=f"driver-s{n}",
            level="secondary",
            text=text,
            acts_on=(f"driver-p{n}", f"driver-p{n * 4 % 15}"),
        )
        for n, text in enumerate(HARD)
    ]
    found += [
        k.ChangeIdea(
            id=f"change-idea-{n}", text=text, drivers=(f"driver-s{n}", f"driver-p{n * 7 % 15}")
        )
        for n, text in enumerate(HARD)
    ]
    return Theory.of(found)


@SETTINGS
@given(theories())
def test_no_text_and_no_line_lies_on_another(theory):
    diagram = plot_drivers(theory)
    assert faults(diagram) == []
    assert crossed_boxes(diagram) == []
    assert shared_stretches(lay_out(drivers.columns_of(theory)[0])[1]) == []


@SETTINGS
@given(theories())
def test_all_texts_are_drawn_and_stand_in_the_outline(theory):
    diagram, outline = plot_drivers(theory), plot_drivers(theory).text_outline()
    drawn = {shape.item for shape in diagram.shapes if isinstance(shape, Words)}
    for item in (*theory.drivers, *theory.ideas):
        assert " ".join(text_of(item).split()) in outline and item.id in drawn
    for measure in theory.measures:
        assert " ".join(measure.text.split()) in outline and measure.id in drawn


def test_a_browser_lays_out_what_was_computed(tmp_path):
    pictures = [plot_drivers(theory) for theory in (empty(), school(), largest(), hard())]
    assert [faults(picture) for picture in pictures] == [[], [], [], []]
    blank = tmp_path / "blank.html"
    blank.write_text("")
    with browser_page(blank) as page:
        assert browser_faults(page, [picture.svg() for picture in pictures]) == []


def test_every_link_is_one_path_that_ends_at_its_target():
    columns, _ = drivers.columns_of(school())
    edges, paths = lay_out(columns)
    at = {(edges[node.column], node.y): node for column in columns for node in column}
    assert len(at) == 11 and len(paths) == 3 + 5 + 4
    ends = sorted(
        round(path[1][-1][0] - edges[column])
        for path in paths
        for column in range(3)
        if edges[column] < path[1][-1][0] < edges[column + 1]
    )
    assert ends == [190] * 3 + [200] * 5 + [210] * 4


def test_columns_are_aligned_and_boxes_stand_apart():
    boxes = [shape.box for shape in plot_drivers(largest()).shapes if isinstance(shape, Frame)]
    assert {x: sum(box.x == x for box in boxes) for x in sorted({box.x for box in boxes})} == {
        x: n for x, n in zip(sorted({box.x for box in boxes}), (1, 5, 15, 30))
    }
    for x in {box.x for box in boxes}:
        column = sorted(box for box in boxes if box.x == x)
        assert all(below.y - above.bottom >= 9 for above, below in zip(column, column[1:]))


def test_the_order_of_a_column_lets_no_lines_cross_where_that_is_possible():
    found = [k.Driver(id=f"driver-p{n}", level="primary", text=str(n), order=n) for n in range(4)]
    found += [
        k.Driver(
            id=f"driver-s{n}",
            level="secondary",
            text=str(n),
            order=n,
            acts_on=(f"driver-p{3 - n}",),
        )
        for n in range(4)
    ]
    columns, _ = drivers.columns_of(Theory.of(found))
    lay_out(columns)
    assert [node.targets[0].key for node in columns[2]] == [node.key for node in columns[1]]


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
        "    from 1 cause",
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
