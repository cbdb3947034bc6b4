"""What an editor is sent of each picture: its things, what each may do, and the layer of places."""

import re
from xml.etree import ElementTree

import pytest

from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.editing import DIAGRAMS, editable, new_in
from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.theory import kinds as k
from see_the_system.theory.exchange import read
from see_the_system.theory.model import Theory
from tests.theory.examples import empty, largest, school

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def sample():
    """The worked example's theory (Theory): evidence of every kind, and three causes set aside."""
    return read(SAMPLE / "theory.yaml")


def by_id(picture):
    """The things of a picture by their ids, each with what its role has (dict)."""
    things = [thing for thing in picture.things if "id" in thing]
    return {thing["id"]: picture.roles[thing["role"]] | thing for thing in things}


def svg_of(picture):
    """The picture as an editor puts it together (text)."""
    sent = picture.as_sent()
    return sent["sheet"].replace("></svg>", f">{''.join(sent['parts'])}</svg>")


def marked(svg, name):
    """The elements of an SVG that have a class (list)."""
    return [one for one in ElementTree.fromstring(svg).iter() if one.get("class") == name]


def two_drivers():
    """An aim, two primary drivers, and below them what hangs on one of the two or on both."""
    return Theory.of(
        [
            k.Aim(text="By June, 40 percent meet the standard"),
            k.Driver(id="driver-a", level="primary", text="Time"),
            k.Driver(id="driver-b", level="primary", text="Tasks"),
            k.Driver(id="driver-of-a", level="secondary", text="Periods", acts_on=("driver-a",)),
            k.Driver(
                id="driver-of-both",
                level="secondary",
                text="Meetings",
                acts_on=("driver-a", "driver-b"),
            ),
            k.ChangeIdea(id="change-idea-a", text="Swap", drivers=("driver-of-a",)),
            k.ChangeIdea(id="change-idea-both", text="Meet", drivers=("driver-of-both",)),
        ]
    )


@pytest.mark.parametrize("name", DIAGRAMS)
def test_each_thing_of_the_sample_has_its_place_and_stands_once(name, sample):
    picture = editable(sample, name)
    ids = [thing["id"] for thing in picture.things if "id" in thing]
    assert len(ids) == len(set(ids)) > 0
    assert [thing["said"] for thing in picture.things] == [
        line.text for line in picture.diagram.outline
    ]
    places = marked(svg_of(picture), "place")
    assert [place.get("data-id") for place in places] == ids
    for thing in by_id(picture).values():
        assert thing["question"].endswith("?") and thing["most"] in (200, 2_000)
        assert thing["help"] and thing["size"] >= 11


@pytest.mark.parametrize("name", DIAGRAMS)
@pytest.mark.parametrize("theory", [empty, school, largest], ids=("empty", "school", "largest"))
def test_pluses_lie_inside_the_picture_and_begin_what_may_stand_there(name, theory):
    picture = editable(theory(), name)
    svg = svg_of(picture)
    x, y, wide, high = map(float, ElementTree.fromstring(svg).get("viewBox").split())
    circles = [group.find(f"{SVG}circle") for group in marked(svg, "plus")]
    assert len(circles) == len(picture.pluses)
    for circle in circles:
        across, down, radius = (float(circle.get(part)) for part in ("cx", "cy", "r"))
        assert x <= across - radius and across + radius <= x + wide
        assert y <= down - radius and down + radius <= y + high
    assert all(plus["question"] and plus["label"] for plus in picture.pluses)


def test_what_may_stand_under_what_in_a_fishbone(sample):
    things = by_id(editable(sample, "fishbone"))
    cause, category = things["cause-late"], things["category-time"]
    assert [take["role"] for take in category["takes"]] == ["cause"]
    assert [take["role"] for take in cause["takes"]] == ["cause"]
    assert category["takes"][0] == {"role": "cause", "field": "parent", "owner": True}
    assert [add["word"] for add in things["problem"]["adds"]] == ["category"]
    assert [add["kind"] for add in category["adds"]] == ["cause"]
    assert "vote" in cause["can"] and "vote" not in category["can"]
    assert "drop" not in things["problem"]["can"]
    assert cause["under"] == "category-assessment" and "links" not in cause
    assert cause["on"] and cause["switch"][0] == "leverage"
    assert cause["votes"] == {"Kenji": 3}


def test_a_driver_says_its_links_and_takes_only_the_level_below_it():
    things = by_id(editable(two_drivers(), "drivers"))
    assert things["driver-a"]["role"] == "primary driver"
    assert [take["role"] for take in things["driver-a"]["takes"]] == ["secondary driver"]
    assert [take["role"] for take in things["driver-of-a"]["takes"]] == ["change idea"]
    assert things["driver-of-both"]["links"] == [
        {"field": "acts_on", "other": "driver-a"},
        {"field": "acts_on", "other": "driver-b"},
    ]
    [adds] = things["driver-a"]["adds"]
    assert adds["many"] and adds["fields"] == {"level": "secondary"}


def test_folding_hides_what_hangs_on_folded_things_alone():
    picture = editable(two_drivers(), "drivers", folded=("driver-a",))
    things = by_id(picture)
    assert {"driver-of-a", "change-idea-a"}.isdisjoint(things)
    assert {"driver-of-both", "change-idea-both"} <= things.keys()  # they hang on Tasks too
    assert things["driver-a"]["hidden"] == 2
    assert [mark.text for mark in marked(svg_of(picture), "hidden-count")] == ["+2"]
    both = by_id(editable(two_drivers(), "drivers", folded=("driver-a", "driver-b")))
    assert both.keys() == {"aim", "driver-a", "driver-b"}
    assert both["driver-a"]["hidden"] == 4 and both["driver-b"]["hidden"] == 2


def test_folding_what_is_gone_or_has_nothing_under_it_changes_nothing():
    theory = school()
    whole = by_id(editable(theory, "fishbone")).keys()
    assert by_id(editable(theory, "fishbone", folded=("nobody", "cause-tasks"))).keys() == whole


def test_a_deep_chain_folds_at_its_top():
    causes = [k.Category(id="category-1", text="Time")]
    above = "category-1"
    for depth in range(40):
        causes.append(k.Cause(id=f"cause-{depth}", parent=above, text=f"Because of {depth}"))
        above = f"cause-{depth}"
    theory = Theory.of(causes)
    assert len(by_id(editable(theory, "fishbone"))) == 42
    folded = by_id(editable(theory, "fishbone", folded=("cause-0",)))
    assert folded.keys() == {"problem", "category-1", "cause-0"}
    assert folded["cause-0"]["hidden"] == 39


@pytest.mark.parametrize("name", DIAGRAMS)
def test_an_empty_theory_can_be_begun(name):
    picture = editable(Theory.of([]), name)
    begun = [add for thing in by_id(picture).values() for add in thing["adds"]]
    assert picture.pluses or begun
    assert picture.evidence == [] or name in ("fishbone", "five_whys")
    assert picture.aside == []


def test_what_was_set_aside_is_listed_with_its_reason_the_newest_first(sample):
    aside = editable(sample, "fishbone").aside
    assert [each["id"] for each in aside] == ["cause-unread", "cause-tablets", "cause-size"]
    assert aside[1] == {
        "id": "cause-tablets",
        "role": "cause",
        "text": "Schools with fewer tablets have the wider gap",
        "why": "The two schools with the fewest tablets have gaps below the district's.",
        "by": "Rafael",
    }
    assert editable(sample, "process_map").aside == []


def test_evidence_is_offered_from_what_the_record_has(sample):
    offered = {each["type"]: each["sources"] for each in editable(sample, "fishbone").evidence}
    assert offered.keys() == {"interview", "process", "document", "research"}
    quotes = [source for source in offered["interview"] if source["field"] == "quotes"]
    assert [source["id"] for source in quotes] == [quote.id for quote in sample.quotes]
    assert [source["id"] for source in offered["process"]] == [step.id for step in sample.steps]
    assert offered["document"] == []
    assert editable(sample, "drivers").evidence == []  # no driver is graded
    cause = by_id(editable(sample, "fishbone"))["cause-late"]
    assert cause["grade"] == "heard" and cause["evidence"]


def test_what_checks_find_stands_beside_the_thing_it_is_about():
    cause = k.Cause(id="cause-1", parent="category-1", text="The students are lazy")
    theory = Theory.of([k.Category(id="category-1", text="Time"), cause])
    [advice] = by_id(editable(theory, "fishbone"))["cause-1"]["advice"]
    assert advice["what"] and advice["do"]


def test_ids_and_texts_are_escaped_in_the_layer():
    text = '<img src=x onerror="run()">&'
    theory = Theory.of([k.Category(id="category-1", text=text)])
    picture = editable(theory, "fishbone")
    picture.things[1]["id"] = '"><script>run()</script>'  # no record keeps such an id
    svg = svg_of(picture)
    assert "<script" not in svg and "<img" not in svg
    assert marked(svg, "place")[1].get("data-id") == '"><script>run()</script>'
    titles = [group.find(f"{SVG}title").text for group in marked(svg, "plus")]
    assert f"Add a cause to {text}" in titles


def test_a_report_has_no_layer_and_the_layer_is_the_last_thing():
    assert 'class="place' not in plot_fishbone(school()).svg()
    svg = svg_of(editable(school(), "fishbone"))
    assert list(ElementTree.fromstring(svg))[-1].get("class") == "places"
    assert not re.search(r"tabindex|focusable", svg)


def test_a_picture_told_by_the_one_before_is_the_same_picture(sample):
    cause = sample.by_id["cause-late"]
    longer = cause.model_copy(update={"text": cause.text + " and no one in the building knew"})
    others = [item for item in sample.items() if item.id != cause.id]
    for before, now in ((sample, [*others, longer]), (sample, others), (empty(), [*others, cause])):
        old = editable(before, "fishbone").as_sent()
        new = editable(Theory.trusted({item.id: item for item in now}), "fishbone").as_sent()
        for name in ("parts", "things"):
            told = new_in(old[name], new[name])
            parts = [old[name][slice(*one)] if isinstance(one, list) else [one] for one in told]
            assert [part for run in parts for part in run] == new[name]
    assert new_in(old["parts"], old["parts"]) == [[0, len(old["parts"])]]


def test_a_picture_is_laid_out_for_the_width_that_it_has():
    def wide(**how):
        return editable(school(), "fishbone", **how).diagram.extent().w

    assert wide(width=2_000) > wide(width=1_000)
    assert wide(width=None) == wide()
    assert isinstance(editable(school(), "five_whys", width=700).diagram, Diagram)  # has none


def test_a_name_of_no_picture_is_refused_with_the_names_there_are():
    with pytest.raises(Refusal, match='No picture "fish" can be edited; choose fishbone'):
        editable(school(), "fish")
    with pytest.raises(Refusal, match="drivers"):
        editable(school(), "xyzzy")
