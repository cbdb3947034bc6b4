"""The driver diagram: an aim, what drives it, and the changes that a team tries, with every link between them."""

from dataclasses import dataclass, field
from itertools import pairwise

from helpers.pictures import cards, routing
from helpers.pictures.diagram import Box, Diagram
from helpers.pictures.drawing import INK, QUIET, RULE
from helpers.theory.model import words

HEADINGS = ("Aim", "Primary drivers", "Secondary drivers", "Change ideas")
_NAMES = (("aim", "aims"), ("primary driver", "primary drivers"), ("secondary driver", "secondary drivers"), ("change idea", "change ideas"))
_WIDE = (190, 200, 210, 230)
_TOP, _GAP, _APART = 62, 14, 24
_LOOKS = ({"stroke": "#33475b"}, {"stroke": "#0072B2"}, {"stroke": "#8c510a"}, {"stroke": "#01665e"})


@dataclass
class _Node:
    """A box in a column, or (without a card) the way of a line through one; ``targets`` are what it acts on."""

    key: tuple
    column: int
    item: object = None
    card: cards.Card = None
    targets: list = field(default_factory=list)
    loose: bool = False
    high: float = routing.STEP
    y: float = 0.0
    ports: dict = field(default_factory=dict)


def plot_drivers(theory):
    """The driver diagram of a theory (Diagram): aim, primary drivers, secondary drivers and change ideas in columns, a line for each link.

    Arrows run from what acts to what it acts on. Provost and Bennett, "What's your theory?" (Quality Progress, 2015), for the form.
    """
    diagram = Diagram(_name(theory), describe_drivers(theory))
    columns, remarks = _columns(theory)
    _outline(diagram, columns, remarks)
    _make_room(columns)
    _order(columns)
    _set_heights(columns)
    nets = _nets(columns)
    edges = _set_widths(nets)
    _draw_lines(diagram, columns, nets, edges)
    _draw_boxes(diagram, columns, edges)
    return diagram


def describe_drivers(theory):
    """How many drivers and change ideas there are and which are not linked yet, in sentences (text)."""
    columns, _ = _columns(theory)
    boxes = [[node for node in column if node.item is not None] for column in columns]
    if not any(boxes):
        return "There is no driver diagram yet: no aim, no drivers and no change ideas."
    aim = f'The aim: "{words(theory.aim)}"' if words(theory.aim) else "No aim is written yet"
    counts = [_count(len(found), names) for found, names in zip(boxes[1:], _NAMES[1:])]
    loose = [_count(number, names) for found, names in zip(boxes, _NAMES) if (number := sum(node.loose for node in found))]
    said = f"{aim}{'' if aim.endswith(('.', '.' + chr(34))) else '.'} It shows {counts[0]}, {counts[1]} and {counts[2]}."
    return said + (f" Not linked yet: {', '.join(loose)}." if loose else "")


def _name(theory):
    return f"Driver diagram: {theory.charter.team}" if theory.charter.team else "Driver diagram"


def _count(number, names):
    return f"{number or 'no'} {names[number != 1]}"


# --- what stands in the columns ---------------------------------------------------------------------------------------------------


def _columns(theory):
    """The nodes of the four columns, their links set, and the measures that nothing claims (list of list, list of text)."""
    measures, remarks = _measures(theory)
    aim = [theory.aim] if theory.aim != type(theory.aim)() or measures.get("aim") else []
    found = [aim, *([driver for driver in theory.drivers if driver.level == level] for level in ("primary", "secondary")), theory.ideas]
    nodes = {item.id: _Node((item.id,), column, item) for column, items in enumerate(found) for item in items}
    for node in nodes.values():
        names = getattr(node.item, "acts_on", ()) or getattr(node.item, "drivers", ())
        node.targets = [nodes[name] for name in dict.fromkeys(names) if name in nodes]
        if node.column == 1 and aim:
            node.targets.insert(0, nodes["aim"])
        node.loose = not node.targets and node.column > 0
        node.card = cards.card(_parts(node, measures.get(node.item.id, [])), _WIDE[node.column])
    columns = [[node for node in nodes.values() if node.column == column] for column in range(4)]
    for node in list(nodes.values()):
        _lead_through(node, columns)
    return columns, remarks


def _lead_through(node, columns):
    """Gives a link that skips columns a way through each of them, shared by all links to the same target."""
    for place, target in enumerate(node.targets):
        for column in range(target.column + 1, node.column):
            way = next((other for other in columns[column] if other.key == ("way", target.key)), None)
            if way is None:
                way = _Node(("way", target.key), column, targets=[target])
                columns[column].append(way)
            target = way
        node.targets[place] = target


def _measures(theory):
    """The lines on measures by what they stand at (dict), and those that stand nowhere: balancing measures stand at the aim."""
    found, remarks = {}, []
    for measure in theory.measures:
        outcome = measure.type == "outcome" or measure.id == theory.aim.measure
        places = list(measure.of) if measure.type == "process" and not outcome else ["aim"]
        line = f"{'Balancing measure' if measure.type == 'balancing' else 'Measure'}: {measure.text or 'no words yet'}"
        for place in dict.fromkeys(places):
            found.setdefault(place, []).append((line, measure.id))
        if not places:
            remarks.append((line, measure.id))
    return found, remarks


def _parts(node, measures):
    item, causes = node.item, len(getattr(node.item, "causes", ()))
    parts = [cards.said(words(item), item.id), *(cards.small(line, id) for line, id in measures)]
    if causes:
        parts.append(cards.small(f"from {causes} cause{'s' * (causes > 1)}"))
    if node.loose:
        parts.append(cards.small("not linked yet")._replace(italic=True))
    return parts


def _outline(diagram, columns, remarks):
    for heading, column in zip(HEADINGS, columns):
        diagram.say(0, heading)
        boxes = [node for node in column if node.item is not None]
        for node in boxes:
            diagram.say(1, " ".join(words(node.item).split()) or "no words yet")
            for line in _notes(node):
                diagram.say(2, line)
        if not boxes:
            diagram.say(1, "none yet")
    for line, _ in remarks:
        diagram.say(0, f"{line} (not linked yet)")


def _notes(node):
    acts_on = [words(target.item) or "no words yet" for target in map(_end, node.targets)]
    return [*(part.text.replace("\n", " ") for part, _ in node.card.parts[1:]), *(f"acts on: {' '.join(text.split())}" for text in acts_on if node.column > 1)]


def _end(node):
    while node.item is None:
        node = node.targets[0]
    return node


# --- where they stand -------------------------------------------------------------------------------------------------------------


def _make_room(columns):
    arriving = {id(target) for column in columns for node in column for target in node.targets}
    for node in (node for column in columns for node in column if node.card):
        beside = sum(target.column == node.column for target in node.targets)
        ahead = len(node.targets) - beside + 1
        node.high = max(node.card.h, routing.room_for(ahead), routing.room_for(2 * (beside + 1)) if beside else 0, 34)
        node.high += id(node) in arriving and 0


def _order(columns):
    """Sorts each column so that few lines cross: by the middle of what its nodes are linked to, down and up, the best of six rounds."""
    links = [(node, target) for column in columns for node in column for target in node.targets if node.column == target.column + 1]
    targets, sources = {}, {}
    for node, target in links:
        targets.setdefault(id(node), []).append(target)
        sources.setdefault(id(target), []).append(node)
    best = None
    for sweep in range(7):
        for column in columns:
            column.sort(key=lambda node: node.loose)
        places = {id(node): place for column in columns for place, node in enumerate(column)}
        crossed = _crossings([(node.column, places[id(node)], places[id(target)]) for node, target in links])
        if best is None or crossed < best[0]:
            best = (crossed, [list(column) for column in columns])
        near, way = (targets, columns[1:]) if sweep % 2 == 0 else (sources, columns[-2::-1])
        for column in way:
            places |= {id(node): place for one in columns for place, node in enumerate(one)}
            column.sort(key=lambda node: _mean([places[id(other)] for other in near.get(id(node), [])], places[id(node)]))
    columns[:] = best[1]


def _mean(numbers, otherwise):
    return sum(numbers) / len(numbers) if numbers else otherwise


def _crossings(links):
    count = 0
    for gutter in {link[0] for link in links}:
        seen = []
        for _, a, b in sorted(link for link in links if link[0] == gutter):
            count += sum(other > b and first < a for first, other in seen)
            seen.append((a, b))
    return count


def _set_heights(columns):
    """Gives each node the height of its middle: beside what it is linked to where there is room, never nearer than _GAP to the next."""
    sources = {}
    for column in columns:
        top = _TOP
        for node in column:
            node.y, top = top + node.high / 2, top + node.high + _GAP
            for target in node.targets:
                sources.setdefault(id(target), []).append(node)
    for column in (*columns[-2::-1], *columns[1:], *columns[-2::-1]):
        linked = [[other.y for other in (*node.targets, *sources.get(id(node), [])) if other.column != node.column] for node in column]
        wished = [_mean(near, node.y) for near, node in zip(linked, column)]
        far = [routing.up_to_step((a.high + b.high) / 2 + (_APART if b.loose and not a.loose else _GAP)) for a, b in pairwise(column)]
        for node, y in zip(column, _apart(wished, far, [1 if near else 0.05 for near in linked])):
            node.y = routing.on_grid(y, node.column)
    top = min((node.y - node.high / 2 for column in columns for node in column), default=_TOP)
    for node in (node for column in columns for node in column):
        node.y -= routing.STEP * ((top - _TOP) // routing.STEP)


def _apart(wished, far, weights):
    """The places nearest to those wished for, in the same order and at least so far apart: weighted isotonic regression (list of float)."""
    shifts, groups = [0.0], []
    for step in far:
        shifts.append(shifts[-1] + step)
    for wish, shift, weight in zip(wished, shifts, weights):
        groups.append([wish - shift, weight, 1])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0]:
            y, weight, count = groups.pop()
            total = groups[-1][1] + weight
            groups[-1] = [(groups[-1][0] * groups[-1][1] + y * weight) / total, total, groups[-1][2] + count]
    placed = [y for y, _, count in groups for _ in range(count)]
    return [y + shift for y, shift in zip(placed, shifts)]


# --- the lines --------------------------------------------------------------------------------------------------------------------


def _nets(columns):
    """The links of each gutter by their target and its side: {gutter: {(target, side): [heights left], [heights right], height of the target}}."""
    gutters = [{}, {}, {}]
    for column in columns:
        for node in column:
            for target in node.targets:
                gutter, side = (target.column, "right") if target.column <= node.column else (node.column, "left")
                gutters[gutter].setdefault((target.key, target.column, side), (target, []))[1].append(node)
    for gutter, nets in enumerate(gutters):
        _set_ports(gutter, nets)
    return gutters


def _set_ports(gutter, nets):
    """Heights for every line of a gutter: on the right of it first, then on the left, where a lone line goes straight if it can."""
    beside = {}
    for key, (target, sources) in nets.items():
        for node in [*sources, target]:
            if node.column == gutter + 1:
                beside.setdefault(id(node), (node, []))[1].append((target.y if node is not target else sources[0].y, key))
    for node, lines in beside.values():
        for (_, key), y in zip(sorted(lines), routing.ports(node.y, len(lines))):
            node.ports[key] = y
    for key, (target, sources) in nets.items():
        if target.column == gutter:
            reach = target.high / 2 - 6 if target.card else 0
            straight = [node.ports[key] for node in sources if node.column > gutter and abs(node.ports[key] - target.y) <= reach]
            target.ports[key] = min(straight, key=lambda y: abs(y - target.y), default=target.y)
    for key, (_, sources) in nets.items():
        for node in (node for node in sources if node.column == gutter):
            taken = [y for (_, _, side), y in node.ports.items() if side in ("right", "left") and y is not None]
            node.ports[key] = next(y for y in _outward(node.y) if all(abs(y - other) > routing.STEP / 2 for other in taken))


def _outward(y):
    """Heights around a middle, further and further away."""
    step = 0
    while True:
        yield from (y + step, y - step)
        step += routing.STEP


def _set_widths(gutters):
    """The left edge of each column, and the track of each net written behind its nodes (list of float)."""
    edges = [0]
    for gutter, nets in enumerate(gutters):
        found = routing.tracks([_net(gutter, key, target, sources) for key, (target, sources) in nets.items()])
        count = 1 + max((track for track in found if track is not None), default=0)
        left = edges[-1] + _WIDE[gutter] + 20
        for (key, (target, sources)), track in zip(list(nets.items()), found):
            nets[key] = (target, sources, None if track is None else left + routing.STEP * track)
        edges.append(left + routing.STEP * (count - 1) + 20)
    return edges


def _net(gutter, key, target, sources):
    nodes = [target, *sources]
    sides = [tuple(node.ports[key] for node in nodes if (node.column == gutter) == left) for left in (True, False)]
    return routing.Net(*sides)


def _draw_lines(diagram, columns, gutters, edges):
    paths = []
    for gutter, nets in enumerate(gutters):
        inner, outer = edges[gutter] + _WIDE[gutter], edges[gutter + 1]
        for place, (key, (target, sources, x)) in enumerate(sorted(nets.items(), key=lambda net: net[1][0].y)):
            look = _LOOKS[place % len(_LOOKS)] if gutter else _LOOKS[0]
            end = (inner if target.column == gutter else outer, target.ports[key])
            for node in sources:
                start = (inner if node.column == gutter else outer, node.ports[key])
                bend = [(x, start[1]), (x, end[1])] if start[1] != end[1] else []
                paths.append(((gutter, key), [start, *bend, end], target.card is not None, look))
    for way in (node for column in columns for node in column if node.card is None):
        left = edges[way.column]
        paths.append((way.key, [(left + _WIDE[way.column], way.y), (left, way.y)], False, _LOOKS[0]))
    routing.draw_paths(diagram, paths)


def _draw_boxes(diagram, columns, edges):
    low = max((node.y + node.high / 2 for column in columns for node in column), default=_TOP)
    for heading, column, left, wide in zip(HEADINGS, columns, edges, _WIDE):
        diagram.text(left, 0, heading, size=14, bold=True)
        diagram.line((left, 24), (left + wide, 24), stroke=INK)
        for node in (node for node in column if node.card):
            strong = node.column == 0
            box = Box(left, node.y - node.high / 2, wide, node.high)
            diagram.frame(box, stroke=INK if strong else QUIET, weight=1.5 if strong else 1, dash="5 4" if node.loose else "")
            cards.place(diagram, node.card, left, node.y - node.card.h / 2)
        if not any(node.card for node in column):
            diagram.frame(Box(left, _TOP, wide, 34), stroke=RULE, dash="5 4")
            diagram.text(left + wide / 2, _TOP + 9, "none yet", italic=True, color=QUIET, anchor="middle")
    return low
