"""Five whys: from a cause or the problem to what stands behind it, with branches, the grade of
every answer, and where the team can act.
"""

from typing import NamedTuple

from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.fishbone import LOOKS, TINT
from see_the_system.diagrams.fishbone_layout import SIZE
from see_the_system.diagrams.shapes import Box
from see_the_system.messages import Refusal
from see_the_system.pictures import lettering
from see_the_system.pictures.palette import FOCUS, INK, QUIET
from see_the_system.theory.evidence import GRADES, grades
from see_the_system.theory.items import text_of

_WIDE, _PAD, _APART = 236, 12, 24
_BETWEEN = {True: 50, False: 76}  # room for "Why?" from one answer down to the next, and across
ACT = "We can act here"


class Node(NamedTuple):
    """One box of the chain: what it says, how deep it stands, the place of its parent in the list,
    its own width and height.
    """

    item: object
    depth: int
    parent: int
    w: float
    h: float


def plot_five_whys(theory, id="problem"):
    """The answers to "why?" under a cause or the problem (``Diagram``), from top to bottom or from
    left to right, as fits paper better.

    id: a cause's id, or "problem". Raises a Refusal where it is neither.
    """
    start, grade = _start(theory, id), grades(theory)
    nodes = _nodes(theory, start, grade)
    diagram = Diagram(name=f"Five whys: {_said(start)}", words=describe_five_whys(theory, id))
    for node in nodes:
        notes = filter(None, [grade.get(node.item.id), ACT if _actionable(node.item) else ""])
        diagram.say(
            node.depth,
            ("Why? " if node.depth else "")
            + _said(node.item)
            + "".join(f" ({note})" for note in notes),
        )
    down, places = max(
        ((down, _places(nodes, down)) for down in (True, False)), key=lambda way: _fit(way[1])
    )
    for node, place in zip(nodes, places):
        _draw_node(diagram, node, place, grade.get(node.item.id))
    _draw_links(diagram, nodes, places, down)
    if len(nodes) == 1:
        _draw_missing(diagram, places[0])
    return diagram


def describe_five_whys(theory, id="problem"):
    """How many answers there are, how deep they go, of which grade they are and where the team can
    act, in sentences (text).
    """
    start, grade = _start(theory, id), grades(theory)
    items = [(item, depth) for item, depth, _ in _walk(theory, start)][1:]
    if not items:
        return f"From “{_said(start)}”: no answer to “why?” is written yet."
    count = {each: sum(grade[item.id] == each for item, _ in items) for each in GRADES}
    each = ", ".join(
        f"{n} {'hunches' if name == 'hunch' and n > 1 else name}" for name, n in count.items() if n
    )
    act = [_said(item) for item, _ in items if item.actionable]
    act = (
        f"The team can act on: “{'”, “'.join(act)}”."
        if act
        else "None is marked as one that the team can act on."
    )
    answers = f"{len(items)} answer{'s' * (len(items) > 1)} to “why?”"
    return (
        f"From “{_said(start)}”: {answers}, at most {max(depth for _, depth in items)} deep: "
        f"{each}. {act}"
    )


def _start(theory, id):
    start = theory.by_id.get(id)
    if start is None or type(start).kind() not in ("cause", "problem"):
        raise Refusal(
            f'Five whys begin at a cause or at the problem; "{id}" is neither. Choose the id '
            'of a cause, or "problem".'
        )
    return start


def _said(item):
    if text_of(item):
        return " ".join(text_of(item).split())
    return {
        "problem": "Refusal not written yet",
        "cause": "Cause without words",
        "why": "Answer without words",
    }[type(item).kind()]


def _actionable(item):
    return getattr(item, "actionable", False)


def _walk(theory, start):
    """Everything under a start, as (item, depth, place of its parent), parents first, in the team's
    order.
    """
    found, ahead = [], [(start, 0, -1)]
    while ahead:
        item, depth, parent = ahead.pop()
        ahead += [
            (under, depth + 1, len(found)) for under in reversed(theory.under(item.id, "why"))
        ]
        found.append((item, depth, parent))
    return found


def _nodes(theory, start, grade):
    nodes = []
    for item, depth, parent in _walk(theory, start):
        _, _, h = lettering.block(_said(item), SIZE, _WIDE - 2 * _PAD, bold=depth == 0)
        h += SIZE * lettering.LINE * ((item.id in grade) + _actionable(item))
        nodes.append(Node(item, depth, parent, _WIDE, h + 2 * _PAD + 6 * _actionable(item)))
    return nodes


# --- places
# ---------------------------------------------------------------------------------------------------------------------------


def _places(nodes, down):
    """Where every node stands, from top to bottom or from left to right (list of Box); answers to
    one thing stand side by side.
    """
    along = [node.h if down else node.w for node in nodes]
    across = [node.w if down else node.h for node in nodes]
    spans, below = _spans(nodes, across)
    levels = [0.0] * (max(node.depth for node in nodes) + 1)
    for node, size in zip(nodes, along):
        levels[node.depth] = max(levels[node.depth], size)
    starts = [sum(levels[:depth]) + _BETWEEN[down] * depth for depth in range(len(levels))]
    begins, used = [0.0] * len(nodes), [0.0] * len(nodes)
    for place, node in enumerate(nodes):
        if node.parent >= 0:
            begins[place] = (
                begins[node.parent]
                + (spans[node.parent] - below[node.parent]) / 2
                + used[node.parent]
            )
            used[node.parent] += spans[place] + _APART
    middles = [begin + span / 2 for begin, span in zip(begins, spans)]
    corners = [
        (middle - size / 2, starts[node.depth])
        for node, middle, size in zip(nodes, middles, across)
    ]
    return [
        Box(*(corner if down else corner[::-1]), node.w, node.h)
        for node, corner in zip(nodes, corners)
    ]


def _spans(nodes, across):
    """The room that each node needs with all under it, and that what is under it needs (two lists
    of float).
    """
    below, spans = [-_APART] * len(nodes), [0.0] * len(nodes)
    for place in range(len(nodes) - 1, -1, -1):
        below[place] = max(below[place], 0.0)
        spans[place] = max(across[place], below[place])
        if nodes[place].parent >= 0:
            below[nodes[place].parent] += spans[place] + _APART
    return spans, below


def _fit(places):
    wide, high = (max(box.right for box in places), max(box.bottom for box in places))
    return max(min(960 / wide, 700 / high), min(720 / wide, 940 / high))


# --- drawing
# --------------------------------------------------------------------------------------------------------------------------


def _draw_node(diagram, node, place, grade):
    first, act = node.depth == 0, _actionable(node.item)
    sign, dash, _, stroke, color = LOOKS.get(grade, ("", "", 1, INK, INK))
    look = (
        dict(stroke=INK, weight=2.5, fill=TINT)
        if first
        else dict(stroke=FOCUS["color"], weight=3, radius=18)
        if act
        else dict(stroke=stroke, dash=dash)
    )
    diagram.frame(place, **look)
    color = color if text_of(node.item) else QUIET
    said = diagram.text(
        place.x + _PAD,
        place.y + _PAD,
        _said(node.item),
        most=_WIDE - 2 * _PAD,
        bold=first,
        color=color,
        item=node.item.id,
        italic=not text_of(node.item),
        struck=grade == "ruled out",
    )
    y = said.bottom
    if grade:
        diagram.mark(place.x + _PAD + 5, y + 8.5, sign, color=QUIET)
        y = diagram.text(place.x + _PAD + 16, y, grade, color=QUIET).bottom
    if act:
        diagram.line(
            (place.x + _PAD, y + 13.5),
            (place.x + _PAD + 22, y + 13.5),
            stroke=FOCUS["color"],
            weight=3,
            arrow=True,
        )
        diagram.text(
            place.x + _PAD + 30, y + 5, ACT, bold=True, color=FOCUS["color"], item=node.item.id
        )


def _draw_links(diagram, nodes, places, down):
    """The ways from each node to the answers under it, with the word "Why?" where they leave it."""
    ends = {}
    for node, place in zip(nodes, places):
        ends[node.depth] = max(ends.get(node.depth, 0), place.bottom if down else place.right)
    asked = set()
    for node, place in zip(nodes[1:], places[1:]):
        above, end = places[node.parent], ends[node.depth - 1]
        x, y = above.x + above.w / 2, above.y + above.h / 2
        asked_at = (x + 8, end + 6) if down else (end + 10, y - 19)
        begin, fork = (
            ((x, above.bottom), (x, end + 28)) if down else ((above.right, y), (end + 54, y))
        )
        goal = (place.x + place.w / 2, place.y) if down else (place.x, place.y + place.h / 2)
        diagram.line(fork, (goal[0], fork[1]) if down else (fork[0], goal[1]), goal, arrow=True)
        if node.parent not in asked:
            asked.add(node.parent)
            diagram.line(begin, fork)
            diagram.text(*asked_at, "Why?", bold=True, color=QUIET)


def _draw_missing(diagram, above):
    x = above.x + above.w / 2
    diagram.line((x, above.bottom), (x, above.bottom + _BETWEEN[True]), dash="4 4", arrow=True)
    diagram.text(x + 8, above.bottom + 10, "Why?", bold=True, color=QUIET)
    place = diagram.frame(
        Box(above.x, above.bottom + _BETWEEN[True], above.w, 16 + 2 * _PAD), dash="4 4"
    )
    diagram.text(
        x, place.y + _PAD, "No answer is written yet", italic=True, color=QUIET, anchor="middle"
    )
