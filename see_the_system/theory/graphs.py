"""The fishbone, the driver diagram and the process map as text that Mermaid and Graphviz draw, for
wikis, slides and repositories.
"""

from dataclasses import dataclass, field

from see_the_system.messages import Refusal, nearest
from see_the_system.theory.items import text_of
from see_the_system.theory.outline import NO_PROBLEM, line, walk

DIAGRAMS = ("fishbone", "drivers", "process map")
_PUNCTUATION = frozenset(" .,:;()?!'/%-’“”–—…€+=")
_SHAPES = {  # Mermaid's brackets, Graphviz's name
    "box": ('["', '"]', "box"),
    "round": ('(["', '"])', "box"),
    "decision": ('{"', '"}', "diamond"),
    "wait": ('{{"', '"}}', "hexagon"),
}
_STEPS = {"start": "round", "end": "round", "decision": "decision", "wait": "wait", "step": "box"}


@dataclass
class _Graph:
    """Nodes as (id, text, shape, dashed), in groups of (id, text, nodes); edges as (source, target,
    text).
    """

    direction: str
    nodes: list = field(default_factory=list)
    groups: list = field(default_factory=list)
    edges: list = field(default_factory=list)


def to_mermaid(theory, diagram):
    """One diagram as Mermaid (text); ``diagram``: one of ``DIAGRAMS``. The fishbone is Mermaid's
    own ishikawa diagram.

    Every letter that Mermaid would read as its own is written by its number, so that what a team
    types stays text. The syntax is that of https://mermaid.js.org/syntax/ishikawa.html (Mermaid
    11.12.3 or later) and https://mermaid.js.org/syntax/flowchart.html.
    """
    if _known(diagram) == "fishbone":
        head = _mermaid(line(theory.problem.text) or NO_PROBLEM)
        return (
            "\n".join(
                [
                    "ishikawa-beta",
                    f"  {head}",
                    *(
                        "  " * (depth + 1) + _mermaid(text_of(item) or "…")
                        for depth, item in walk(theory)
                    ),
                ]
            )
            + "\n"
        )
    graph = _GRAPHS[diagram](theory)
    lines = [f"flowchart {graph.direction}", *(f"  {_mermaid_node(*node)}" for node in graph.nodes)]
    for id, text, nodes in graph.groups:
        lines += [
            f'  subgraph {_name(id)}["{_mermaid(text)}"]',
            *(f"    {_mermaid_node(*node)}" for node in nodes),
            "  end",
        ]
    for source, target, text in graph.edges:
        label = f'|"{_mermaid(text)}"|' if text else ""
        lines.append(f"  {_name(source)} -->{label} {_name(target)}")
    dashed = [_name(node[0]) for node in _all(graph) if node[3]]
    if dashed:
        lines += ["  classDef assumed stroke-dasharray: 5 4", f"  class {','.join(dashed)} assumed"]
    return "\n".join(lines) + "\n"


def to_dot(theory, diagram):
    """One diagram as a Graphviz graph (text); ``diagram``: one of ``DIAGRAMS``. The language:
    https://graphviz.org/doc/info/lang.html.
    """
    graph = _GRAPHS[_known(diagram)](theory)
    lines = [
        "digraph theory {",
        f"  rankdir={graph.direction};",
        '  node [fontname="Helvetica", margin="0.15,0.08"];',
    ]
    lines += [f"  {_dot_node(*node)}" for node in graph.nodes]
    for id, text, nodes in graph.groups:
        lines += [
            f"  subgraph {_quoted(f'cluster {id}')} {{",
            f"    label={_quoted(text)};",
            *(f"    {_dot_node(*node)}" for node in nodes),
            "  }",
        ]
    for source, target, text in graph.edges:
        label = f" [label={_quoted(text)}]" if text else ""
        lines.append(f"  {_quoted(source)} -> {_quoted(target)}{label};")
    return "\n".join([*lines, "}"]) + "\n"


def _known(diagram):
    if diagram in DIAGRAMS:
        return diagram
    near = nearest(diagram, DIAGRAMS, most=1)
    raise Refusal(
        f'There is no diagram "{diagram}"; {"did you mean" if near else "choose"} '
        f"{' or '.join(near or DIAGRAMS)}{'?' if near else '.'}"
    )


def _fishbone(theory):
    graph = _Graph("LR", [("problem", line(theory.problem.text) or NO_PROBLEM, "round", False)])
    for depth, item in walk(theory):
        graph.nodes.append((item.id, line(text_of(item)), "box", False))
        graph.edges.append((item.id, item.parent if depth else "problem", ""))
    return graph


def _drivers(theory):
    graph = _Graph("RL", [("aim", line(theory.aim.text) or "(no aim yet)", "round", False)])
    for driver in sorted(theory.drivers, key=lambda driver: driver.level):
        graph.nodes.append((driver.id, line(driver.text), "box", False))
        graph.edges += [(driver.id, "aim", "")] * (driver.level == "primary") + [
            (driver.id, other, "") for other in driver.acts_on
        ]
    for idea in theory.ideas:
        graph.nodes.append((idea.id, line(idea.text), "round", False))
        graph.edges += [(idea.id, driver, "") for driver in idea.drivers]
    return graph


def _process(theory):
    graph = _Graph("LR")
    several = len(theory.maps) > 1
    for map in theory.maps:
        for lane in theory.under(map.id, "lane"):
            steps = [
                (step.id, line(step.text), _STEPS[step.type], not step.known)
                for step in theory.under(lane.id, "step")
            ]
            graph.groups.append(
                (lane.id, f"{map.text}: {lane.text}" if several else lane.text, steps)
            )
    graph.edges = [(one.source, one.target, line(one.text)) for one in theory.connections]
    return graph


_GRAPHS = {"fishbone": _fishbone, "drivers": _drivers, "process map": _process}


def _all(graph):
    return [*graph.nodes, *(node for _, _, nodes in graph.groups for node in nodes)]


def _name(id):
    return f"n_{id.replace('-', '_')}"


def _mermaid(text):
    """A text with whatever Mermaid could read as its own by number: quotes, brackets, marks, and a
    keyword or a list at the start.
    """
    safe = "".join(
        letter
        if letter.isalnum() or letter in _PUNCTUATION or ord(letter) > 0x2FF
        else f"#{ord(letter)};"
        for letter in line(text)
    )
    first = safe[:1]
    if first in ("-", "+", "%") or first.isdigit() or safe[:8].lower() == "ishikawa":
        safe = f"#{ord(first)};{safe[1:]}"
    return safe


def _mermaid_node(id, text, shape, _):
    opens, closes, _ = _SHAPES[shape]
    return f"{_name(id)}{opens}{_mermaid(text) or '…'}{closes}"


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _dot_node(id, text, shape, dashed):
    style = ",".join(["rounded"] * (shape == "round") + ["dashed"] * dashed)
    return (
        f"{_quoted(id)} [label={_quoted(text or '…')}, "
        f"shape={_SHAPES[shape][2]}{f', style={_quoted(style)}' if style else ''}];"
    )
