"""Mermaid and Graphviz: every node and arrow is there, and whatever a team types stays text."""

import re

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory import kinds as k
from see_the_system.theory.graphs import DIAGRAMS, to_dot, to_mermaid
from see_the_system.theory.model import Theory
from tests.theory.examples import empty, school
from tests.theory.strategies import HOSTILE

QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def hostile():
    items = [
        k.Category(id="category-1", text="Time"),
        k.ProcessMap(id="map-1", text="Way"),
        k.Lane(id="end", map="map-1", text='x"] end'),
    ]
    for n, words in enumerate(HOSTILE):
        items += [
            k.Cause(id=f"cause-{n}", parent="category-1", text=words, order=n),
            k.Driver(id=f"driver-{n}", level="primary", text=words, order=n),
        ]
        items += [
            k.Step(id=f"step-{n}", lane="end", text=words, order=n),
            k.Connection(id=f"connection-{n}", source=f"step-{n}", target="step-0", text=words),
        ]
    return Theory.of(items)


def test_a_fishbone_in_mermaid():
    lines = to_mermaid(school(), "fishbone").splitlines()
    assert lines[0] == "ishikawa-beta" and lines[2] == "  Instruction #38; curriculum"
    assert "        Buses set the first and last period" in lines


def test_drivers_in_mermaid():
    text = to_mermaid(school(), "drivers")
    assert text.startswith("flowchart RL\n  n_aim([")
    arrows = [line.strip() for line in text.splitlines() if "-->" in line]
    assert (
        len(arrows) == 3 + 5 + 4
        and "n_driver_6 --> n_driver_2" in arrows
        and "n_change_idea_1 --> n_driver_5" in arrows
        and "n_driver_1 --> n_aim" in arrows
    )


def test_a_process_map_in_mermaid():
    lines = [line.strip() for line in to_mermaid(school(), "process map").splitlines()]
    assert (
        'subgraph n_lane_3["Counselor"]' in lines
        and 'n_step_2{"Recommended for the accelerated course?"}' in lines
    )
    assert 'n_step_5 -->|"yes"| n_step_2' in lines and "class n_step_3,n_step_5 assumed" in lines


def test_the_same_in_graphviz():
    text = to_dot(school(), "process map")
    assert (
        '  "step-5" -> "step-2" [label="yes"];' in text
        and '"step-3" [label="Sheets wait until summer", shape=hexagon, style="dashed"];' in text
    )
    assert to_dot(school(), "fishbone").count("->") == len(school().causes) + len(
        school().categories
    )
    assert to_dot(school(), "drivers").count("->") == 12


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_what_a_team_types_stays_text(diagram):
    theory = hostile()
    dot = to_dot(theory, diagram)
    assert not re.search(r'["\\]', QUOTED.sub("", dot))
    said = {words.replace('\\"', '"').replace("\\\\", "\\") for words in QUOTED.findall(dot)}
    texts = {" ".join(cause.text.split()) for cause in theory.causes} - {""}
    assert texts <= said
    for line in to_mermaid(theory, diagram).splitlines()[1:]:
        words = QUOTED.findall(line) or ([line] if diagram == "fishbone" else [])
        assert all(re.fullmatch(r"(?:[^\"#<>&{}\[\]|`*_~^$\\@]|#\d+;)*", each) for each in words)
        assert not re.match(r"\s*(ishikawa|%%)", line)


@pytest.mark.parametrize("diagram", DIAGRAMS)
def test_an_empty_theory_is_an_empty_diagram(diagram):
    assert "->" not in to_dot(empty(), diagram) and "-->" not in to_mermaid(empty(), diagram)


@pytest.mark.parametrize("write", [to_mermaid, to_dot])
def test_another_diagram_is_refused(write):
    with pytest.raises(Refusal, match='There is no diagram "driver"; did you mean drivers?'):
        write(school(), "driver")
