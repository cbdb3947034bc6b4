"""Five whys: from a cause or the problem to what stands behind it, and where the team can act."""

from typing import NamedTuple

from see_the_system.diagrams.diagram import Diagram, one_line
from see_the_system.diagrams.fishbone_layout import LOOKS, SIZE, TINT, Look, count_grades
from see_the_system.diagrams.shapes import Box
from see_the_system.messages import Refusal, counted
from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import FOCUS, INK, QUIET
from see_the_system.theory.evidence import grades
from see_the_system.theory.items import text_of
from see_the_system.theory.model import theory_of

_WIDE, _PAD, _APART = 236, 12, 24
_BETWEEN = {True: 50, False: 76}  # room for "Why?" from one answer down to the next, and across
_UNGRADED = Look("", "", 1, INK, INK)
ACT = "We can act here"


class WhyNode(NamedTuple):
    """One box of the chain: its item, how deep it stands, the place of its parent in the list."""

    item: object
    depth: int
    parent: int

    @property
    def text(self):
        """What it says on one line, or what stands in for that."""
        otherwise = {
            "problem": "Problem not written yet",
            "cause": "Cause without words",
            "why": "Answer without words",
        }
        return one_line(text_of(self.item), otherwise[type(self.item).kind()])

    @property
    def actionable(self):
        return getattr(self.item, "actionable", False)


def plot_five_whys(theory, start_id="problem"):
    """The answers to "why?" under a cause or the problem (``Diagram``), with branches.

    From top to bottom or from left to right, as fits paper better. start_id: a cause's id, or
    "problem". Raises a Refusal where it is neither.
    """
    theory = theory_of(theory)
    grade_of = grades(theory)
    nodes = _nodes(theory, start_id)
    diagram = Diagram("Five whys: " + nodes[0].text, _describe(nodes, grade_of))
    _outline(diagram, nodes, grade_of)
    heights = [_height(node, grade_of) for node in nodes]
    ways = [(down, _places(nodes, heights, down)) for down in (True, False)]
    down, places = max(ways, key=lambda way: _fit(way[1]))
    for node, place in zip(nodes, places, strict=True):
        _draw_node(diagram, node, place, grade_of.get(node.item.id))
    _draw_links(diagram, nodes, places, down)
    if len(nodes) == 1:
        _draw_missing(diagram, places[0])
    return diagram


def describe_five_whys(theory, start_id="problem"):
    """What a chain of whys holds, in sentences (text).

    How many answers there are, how deep they go, of which grade they are, where the team can act.
    """
    return _describe(_nodes(theory, start_id), grades(theory))


def _nodes(theory, start_id):
    """A start and everything under it, parents first, in the team's order (list of WhyNode)."""
    start = theory.by_id.get(start_id)
    if start is None or type(start).kind() not in ("cause", "problem"):
        raise Refusal(
            f'Five whys begin at a cause or at the problem; "{start_id}" is neither. Choose the id '
            'of a cause, or "problem".'
        )
    nodes, ahead = [], [WhyNode(start, 0, -1)]
    while ahead:
        node = ahead.pop()
        answers = theory.under(node.item.id, "why")
        ahead += [WhyNode(answer, node.depth + 1, len(nodes)) for answer in reversed(answers)]
        nodes.append(node)
    return nodes


def _describe(nodes, grade_of):
    start, *answers = nodes
    if not answers:
        return f"From “{start.text}”: no answer to “why?” is written yet."
    count = counted(len(answers), "answer")
    deepest = max(node.depth for node in answers)
    graded = count_grades(grade_of[node.item.id] for node in answers)
    names = "”, “".join(node.text for node in answers if node.actionable)
    act = "None is marked as one that the team can act on."
    if names:
        act = f"The team can act on: “{names}”."
    return f"From “{start.text}”: {count} to “why?”, at most {deepest} deep: {graded}. {act}"


def _outline(diagram, nodes, grade_of):
    for node in nodes:
        line = f"Why? {node.text}" if node.depth else node.text
        notes = [grade_of.get(node.item.id), ACT if node.actionable else ""]
        notes = [f" ({note})" for note in notes if note]
        diagram.say(node.depth, line + "".join(notes), node.item.id)


# --- places


def _height(node, grade_of):
    """How high a node's box is (float): its text, its grade, and whether the team can act."""
    _, _, high = lettering.block(node.text, SIZE, _WIDE - 2 * _PAD, bold=node.depth == 0)
    lines = (node.item.id in grade_of) + node.actionable
    return high + SIZE * lettering.LINE * lines + 2 * _PAD + 6 * node.actionable


def _places(nodes, heights, down):
    """Where every node stands, from top to bottom or from left to right (list of Box).

    Answers to one thing stand side by side.
    """
    widths = [_WIDE] * len(nodes)
    along, across = (heights, widths) if down else (widths, heights)
    middles = _middles(nodes, across)
    levels = [0.0] * (max(node.depth for node in nodes) + 1)
    for node, size in zip(nodes, along, strict=True):
        levels[node.depth] = max(levels[node.depth], size)
    places = []
    for node, middle, size, high in zip(nodes, middles, across, heights, strict=True):
        start = sum(levels[: node.depth]) + _BETWEEN[down] * node.depth
        corner = (middle - size / 2, start) if down else (start, middle - size / 2)
        places.append(Box(*corner, _WIDE, high))
    return places


def _middles(nodes, sizes):
    """The middle of every node across the direction of the chain (list of float)."""
    spans, below = _spans(nodes, sizes)
    begins, used = [0.0] * len(nodes), [0.0] * len(nodes)
    for place, node in enumerate(nodes):
        parent = node.parent
        if parent >= 0:
            begins[place] = begins[parent] + (spans[parent] - below[parent]) / 2 + used[parent]
            used[parent] += spans[place] + _APART
    return [begin + span / 2 for begin, span in zip(begins, spans, strict=True)]


def _spans(nodes, sizes):
    """The room that each node needs with all under it, and that what is under it needs (lists)."""
    below, spans = [-_APART] * len(nodes), [0.0] * len(nodes)
    for place in reversed(range(len(nodes))):
        below[place] = max(below[place], 0.0)
        spans[place] = max(sizes[place], below[place])
        if place:
            below[nodes[place].parent] += spans[place] + _APART
    return spans, below


def _fit(places):
    """How large a chain could be printed on letter paper, on its side or upright (float)."""
    whole = Box.around(places)
    return max(
        min(960 / whole.right, 700 / whole.bottom), min(720 / whole.right, 940 / whole.bottom)
    )


# --- drawing


def _draw_node(diagram, node, place, grade):
    look = LOOKS.get(grade, _UNGRADED)
    diagram.frame(place, **_border(node, look))
    x = place.x + _PAD
    has_words = bool(text_of(node.item))
    y = diagram.text(
        x,
        place.y + _PAD,
        node.text,
        most=_WIDE - 2 * _PAD,
        bold=node.depth == 0,
        color=look.color if has_words else QUIET,
        item=node.item.id,
        italic=not has_words,
        struck=grade == "ruled out",
    ).bottom
    if grade:
        diagram.mark(x + 5, y + 8.5, look.sign, color=QUIET)
        y = diagram.text(x + 16, y, grade, color=QUIET).bottom
    if node.actionable:
        color = FOCUS["color"]
        diagram.line((x, y + 13.5), (x + 22, y + 13.5), stroke=color, weight=3, arrow=True)
        diagram.text(x + 30, y + 5, ACT, bold=True, color=color, item=node.item.id)


def _border(node, look):
    if node.depth == 0:
        return {"stroke": INK, "weight": 2.5, "fill": TINT}
    if node.actionable:
        return {"stroke": FOCUS["color"], "weight": 3, "radius": 18}
    return {"stroke": look.stroke, "dash": look.dash}


def _draw_links(diagram, nodes, places, down):
    """The ways from each node to the answers under it, with the word "Why?" where they leave it."""
    ends = {}
    for node, place in zip(nodes, places, strict=True):
        ends[node.depth] = max(ends.get(node.depth, 0), place.bottom if down else place.right)
    asked = set()
    for node, place in zip(nodes[1:], places[1:], strict=True):
        above, end = places[node.parent], ends[node.depth - 1]
        x, y = above.middle
        goal_x, goal_y = place.middle
        if down:
            begin, fork, word = (x, above.bottom), (x, end + 28), (x + 8, end + 6)
            bend, goal = (goal_x, end + 28), (goal_x, place.y)
        else:
            begin, fork, word = (above.right, y), (end + 54, y), (end + 10, y - 19)
            bend, goal = (end + 54, goal_y), (place.x, goal_y)
        diagram.line(fork, bend, goal, arrow=True)
        if node.parent not in asked:
            asked.add(node.parent)
            diagram.line(begin, fork)
            diagram.text(*word, "Why?", bold=True, color=QUIET)


def _draw_missing(diagram, above):
    """An empty box under a start without answers."""
    x, _ = above.middle
    top = above.bottom + _BETWEEN[True]
    diagram.line((x, above.bottom), (x, top), dash="4 4", arrow=True)
    diagram.text(x + 8, above.bottom + 10, "Why?", bold=True, color=QUIET)
    diagram.frame(Box(above.x, top, above.w, 16 + 2 * _PAD), dash="4 4")
    look = {"italic": True, "color": QUIET, "anchor": "middle"}
    diagram.text(x, top + _PAD, "No answer is written yet", **look)
