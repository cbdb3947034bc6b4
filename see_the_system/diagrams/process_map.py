"""The process map: one process as people live it, in lanes, with its decisions, its waits, its
loops and where people are lost.
"""

from see_the_system.diagrams import cards, routing
from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.process_layout import HEAD, SLANT, WIDE, lay_out, read_map
from see_the_system.diagrams.shapes import PAPER, Box
from see_the_system.messages import Refusal
from see_the_system.pictures.palette import COMPARISON, INK, QUIET, RULE

_LOST = COMPARISON["color"]
_TYPES = {"start": "Start", "decision": "Decision", "wait": "Wait", "end": "End"}


def plot_process_map(theory, id=None):
    """The process map with an id, or the first one (Diagram). Raises a Refusal where there is no
    map with this id.
    """
    map = _chosen(theory, id)
    diagram = Diagram(
        f"Process map: {map.text}" if map and map.text else "Process map",
        describe_process_map(theory, id),
    )
    if map is None or not theory.under(map.id, "lane"):
        return _empty(diagram, map)
    lanes, spots, ways, rows = read_map(theory, map)
    _outline(diagram, map, lanes, spots, ways)
    for spot in spots:
        spot.card, spot.lost = cards_of(spot.step)
    heads = [head_of(lane, spots, place) for place, lane in enumerate(lanes)]
    edges, low, right, paths = lay_out(heads, spots, ways, rows, _title(diagram, map))
    _draw_lanes(diagram, heads, edges, right)
    _draw_labels(diagram, ways)
    routing.draw_paths(diagram, paths)
    for spot in spots:
        _draw_spot(diagram, spot)
    if spots:
        _legend(diagram, spots, low + 18)
    return diagram


def describe_process_map(theory, id=None):
    """How many steps, decisions, waits and loops a map has, who is lost where, and how much of it
    is assumed, in sentences (text).
    """
    map = _chosen(theory, id)
    if map is None:
        return "There is no process map yet."
    lanes, spots, ways, _ = read_map(theory, map)
    name = f'The process map "{map.text}"' if map.text else "The process map"
    steps = [spot.step for spot in spots]
    if not steps:
        return f"{name} has {_count(len(lanes), 'lane')} and no steps yet."
    decisions, waits = (
        _count(sum(step.type == type for step in steps), type) for type in ("decision", "wait")
    )
    loops = _count(sum(way.target.column <= way.source.column for way in ways), "loop")
    said = [
        f"{name} has {_count(len(steps), 'step')} in {_count(len(lanes), 'lane')}, with "
        f"{decisions}, {waits} and {loops} back."
    ]
    said += [
        f'At "{cards.flat(step.text)}": {text}' + "." * (not text.endswith("."))
        for step in steps
        if (text := _lost_text(step))
    ]
    assumed = sum(not step.known for step in steps)
    said.append(
        f"{assumed} of {len(steps)} steps {'is' if assumed == 1 else 'are'} assumed."
        if assumed
        else "The team has seen every step."
    )
    return " ".join(said)


def _chosen(theory, id):
    maps = {map.id: map for map in theory.maps}
    if id is not None and id not in maps:
        known = ", ".join(f"{map.id} ({map.text})" for map in theory.maps) or "none yet"
        raise Refusal(
            f'There is no process map "{id}" in this theory; it has: {known}. Choose one of '
            "these, or add the map first."
        )
    return maps[id] if id else next(iter(theory.maps), None)


def _count(number, name):
    return f"{number or 'no'} {name}{'s' * (number != 1)}"


# --- what is drawn
# ----------------------------------------------------------------------------------------------------------------


def cards_of(step):
    """What a step says, and what it says of those who are lost there (Card, Card or None)."""
    parts = (
        [cards.Part(_TYPES[step.type], 11, bold=True, color=QUIET)] if step.type in _TYPES else []
    )
    parts.append(cards.said(step.text, step.id))
    if step.wait:
        parts.append(cards.Part(f"waits {cards.flat(step.wait)}", 11, bold=True, item=step.id))
    if not step.known:
        parts.append(cards.small("assumed")._replace(italic=True))
    lost = _lost(step)
    card = cards.card(parts, WIDE - (2 * SLANT if step.type == "decision" else 0))
    return card, cards.card(
        [
            cards.Part(text, 11, color=_LOST, item=step.id, bold=not place)
            for place, text in enumerate(lost)
        ],
        WIDE - 8,
    ) if lost else None


def head_of(lane, spots, place):
    """What stands at the left of a lane (Card)."""
    empty = all(spot.lane != place for spot in spots)
    return cards.card(
        [cards.said(lane.text, lane.id)._replace(bold=True)]
        + [cards.small("no steps yet")._replace(italic=True)] * empty,
        HEAD,
    )


def _lost(step):
    """Who drops out at a step, in words: how many, then who (list of at most two texts)."""
    if not step.lost and step.lost_count is None:
        return []
    of = f" of {step.lost_of:,}" if step.lost_of is not None and step.lost_count is not None else ""
    count = f"{step.lost_count:,}{of} lost here" if step.lost_count is not None else "Lost here"
    return [count, cards.flat(step.lost)] if step.lost else [count]


def _lost_text(step):
    return ": ".join(_lost(step))


def _title(diagram, map):
    low = diagram.text(
        0,
        0,
        cards.flat(map.text) if map.text.strip() else "Process map",
        size=16,
        bold=True,
        most=760,
        item=map.id,
    ).bottom
    for name, text in (("Starts", map.starts), ("Ends", map.ends)):
        if text.strip():
            low = diagram.text(
                0,
                low + 2,
                f"{name}: {cards.flat(text)}",
                size=11,
                color=QUIET,
                most=760,
                item=map.id,
            ).bottom
    return low + 14


def _draw_labels(diagram, ways):
    for way in ways:
        lines, _, high = way.label
        if lines:
            diagram.text(
                way.source.left + WIDE + 8,
                way.source.y + way.out - high - 2,
                "\n".join(lines),
                size=11,
                item=way.connection.id,
            )


def _draw_lanes(diagram, heads, edges, right):
    right = max(right + 20, 560)
    for head, top, low in zip(heads, edges, edges[1:]):
        diagram.frame(Box(0, top, HEAD, low - top), fill="#eef1f4", stroke="none", radius=0)
        cards.place(diagram, head, 0, (top + low - head.h) / 2)
    for y in edges:
        diagram.line((0, y), (right, y), stroke=RULE, weight=1)


def _draw_spot(diagram, spot):
    type, dash = spot.step.type, "" if spot.step.known else "5 4"
    box = Box(spot.left, spot.y - spot.high / 2, WIDE, spot.high)
    inset = 0
    if type == "decision":
        inset, middle = SLANT, box.x + box.w / 2
        diagram.frame(box, stroke="none")
        right = [(box.right - inset, box.y), (box.right, spot.y), (box.right - inset, box.bottom)]
        left = [(box.x + inset, box.bottom), (box.x, spot.y), (box.x + inset, box.y)]
        diagram.line((middle, box.y), *right, *left, (middle, box.y), stroke=INK, dash=dash)
    else:
        rounded = {"start": 18, "end": 18, "wait": 0}.get(type, 4)
        diagram.frame(box, stroke=INK, weight=1.5, dash=dash, radius=min(rounded, box.h / 2))
    cards.place(diagram, spot.card, box.x + inset, spot.y - spot.card.h / 2)
    if spot.lost:
        place = Box(box.x + 8, box.bottom + 4, WIDE - 8, spot.lost.h)
        diagram.frame(place, fill=PAPER, stroke="none")
        diagram.line((box.x + 8, place.y), (box.x + 8, place.bottom), stroke=_LOST, weight=4)
        cards.place(diagram, spot.lost, place.x, place.y)


def _legend(diagram, spots, y):
    """Says what the borders mean, with one of each."""
    said = [("", "seen by the team, or told by those who do it")] * any(
        spot.step.known for spot in spots
    )
    said += [("5 4", "assumed: nobody has watched it yet")] * any(
        not spot.step.known for spot in spots
    )
    x = 0
    for dash, text in said:
        diagram.frame(Box(x, y, 26, 14), stroke=INK, weight=1.5, dash=dash)
        x = diagram.text(x + 34, y, text, size=11, color=QUIET).right + 28


def _outline(diagram, map, lanes, spots, ways):
    diagram.say(0, cards.flat(map.text) if map.text.strip() else "Process map")
    for name, text in (("Starts", map.starts), ("Ends", map.ends)):
        if text.strip():
            diagram.say(1, f"{name}: {cards.flat(text)}")
    for place, lane in enumerate(lanes):
        diagram.say(1, cards.flat(lane.text))
        mine = [spot for spot in spots if spot.lane == place]
        for spot in mine:
            step = spot.step
            kind = f"{_TYPES[step.type]}: " if step.type in _TYPES else ""
            diagram.say(2, f"{kind}{cards.flat(step.text)}{'' if step.known else ' (assumed)'}")
            notes = [f"waits {cards.flat(step.wait)}"] if step.wait else []
            for note in [*notes, *filter(None, [_lost_text(step)])]:
                diagram.say(3, note)
            for way in (way for way in ways if way.source is spot):
                label = (
                    f"{cards.flat(way.connection.text)}: " if way.connection.text.strip() else ""
                )
                diagram.say(
                    3,
                    f"{label}goes {'back ' * (way.target.column <= spot.column)}to "
                    f"{cards.flat(way.target.step.text)}",
                )
        if not mine:
            diagram.say(2, "no steps yet")


def _empty(diagram, map):
    said = "No process map yet" if map is None else cards.flat(map.text)
    hint = (
        "Name one process that students live through, then who acts in it: each gets a lane. "
        "The steps go in the lanes."
        if map is None
        else ("This map has no lanes yet. Begin with who acts in it: each gets a lane.")
    )
    found = cards.card(
        [cards.Part(said, 14, bold=True, item=map.id if map else ""), cards.small(hint)], 420
    )
    diagram.frame(Box(0, 0, 420, found.h), stroke=RULE, dash="5 4")
    cards.place(diagram, found, 0, 0)
    diagram.say(0, said)
    diagram.say(1, hint)
    return diagram
