"""The process map: one process as people live it, with waits, loops and where people are lost."""

from functools import partial

from see_the_system.diagrams import routing
from see_the_system.diagrams.diagram import (
    CardText,
    Diagram,
    card_of,
    how_many,
    main_text,
    one_line,
    remark,
    write_card,
)
from see_the_system.diagrams.process_grid import SLANT, WIDE, read_map
from see_the_system.diagrams.process_layout import HEAD, lay_out
from see_the_system.diagrams.shapes import Box
from see_the_system.messages import Refusal, are
from see_the_system.pictures.lettering import COMPARISON, INK, QUIET, RULE
from see_the_system.theory.model import theory_of

_LOST = COMPARISON["color"]
_TYPES = {"start": "Start", "decision": "Decision", "wait": "Wait", "end": "End"}
_RADIUS = {"start": 18, "end": 18, "wait": 0}
_ASSUMED = "5 4"
_MARGIN = 16  # around the picture
_LEAST = 330  # the width of a map without steps


def plot_process_map(theory, map_id=None, *, width=1000):
    """The process map with an id, or the first one (Diagram).

    width: the width to keep to where the text allows, in CSS pixels; a process that is longer is
    wrapped into rows. Raises a Refusal where there is no map with this id.
    """
    theory = theory_of(theory)
    process = _chosen(theory, map_id)
    name = f"Process map: {process.text}" if process and process.text else "Process map"
    diagram = Diagram(name, describe_process_map(theory, map_id))
    if process is None or not theory.under(process.id, "lane"):
        _draw_empty(diagram, process)
        return diagram
    lanes, places, ways = read_map(theory, process)
    _outline(diagram, process, lanes, places, ways)
    heads = make_cards(lanes, places)
    laid = lay_out(heads, places, ways, _draw_title(diagram, process, width), width - 2 * _MARGIN)
    _draw_lanes(diagram, heads, laid)
    _draw_labels(diagram, ways)
    routing.draw_routes(diagram, laid.routes)
    for place in places:
        _draw_step(diagram, place)
    _draw_legend(diagram, places, laid.low + 18, width)
    diagram.redraw = partial(plot_process_map, theory, map_id)
    return diagram


def describe_process_map(theory, map_id=None):
    """What a map holds, in sentences (text).

    How many steps, decisions, waits and loops it has, who is lost where, how much of it is assumed.
    """
    process = _chosen(theory, map_id)
    if process is None:
        return "There is no process map yet."
    lanes, places, ways = read_map(theory, process)
    name = f'The process map "{process.text}"' if process.text else "The process map"
    steps = [place.step for place in places]
    lane_count = how_many(len(lanes), "lane")
    if not steps:
        return f"{name} has {lane_count} and no steps yet."
    step_count = how_many(len(steps), "step")
    types = [step.type for step in steps]
    decisions = how_many(types.count("decision"), "decision")
    waits = how_many(types.count("wait"), "wait")
    loops = how_many(sum(way.is_loop for way in ways), "loop")
    counts = f"{step_count} in {lane_count}, with {decisions}, {waits} and {loops} back"
    lost = [_lost_sentence(step) for step in steps if _lost(step)]
    return " ".join([f"{name} has {counts}.", *lost, _assumed_sentence(steps)])


def _lost_sentence(step):
    text, lost = one_line(step.text), ": ".join(_lost(step))
    return f'At "{text}": {lost}' if lost.endswith(".") else f'At "{text}": {lost}.'


def _assumed_sentence(steps):
    assumed = sum(not step.known for step in steps)
    if not assumed:
        return "The team has seen every step."
    number, verb = len(steps), are(assumed)
    return f"{assumed} of {number} steps {verb} assumed."


def _chosen(theory, map_id):
    """The map with an id, or the first one, None where there is none yet (ProcessMap)."""
    maps = {process.id: process for process in theory.maps}
    if map_id is not None and map_id not in maps:
        names = [f"{process.id} ({process.text})" for process in theory.maps]
        known = ", ".join(names) or "none yet"
        raise Refusal(
            f'There is no process map "{map_id}" in this theory; it has: {known}. Choose one of '
            "these, or add the map first."
        )
    return maps[map_id] if map_id else next(iter(theory.maps), None)


# --- what the boxes say


def make_cards(lanes, places):
    """Gives the steps their cards, and those of the lanes (list of Card)."""
    for place in places:
        place.card = _step_card(place.step)
        lost = _lost(place.step)
        if lost:
            look = {"size": 11, "color": _LOST, "item": place.step.id}
            count, *who = [CardText(text, **look) for text in lost]
            place.lost = card_of([count._replace(bold=True), *who], WIDE - 8)
    heads = []
    for number, lane in enumerate(lanes):
        parts = [main_text(lane.text, item=lane.id, bold=True)]
        if all(place.lane != number for place in places):
            parts.append(remark("no steps yet", italic=True))
        heads.append(card_of(parts, HEAD))
    return heads


def _step_card(step):
    parts = []
    if step.type in _TYPES:
        parts.append(CardText(_TYPES[step.type], 11, bold=True, color=QUIET))
    parts.append(main_text(step.text, item=step.id))
    if step.wait:
        parts.append(CardText("waits " + one_line(step.wait), 11, bold=True, item=step.id))
    if not step.known:
        parts.append(remark("assumed", italic=True))
    # The sides of a decision are slanted, which takes from the room inside.
    return card_of(parts, WIDE - (2 * SLANT if step.type == "decision" else 0))


def _lost(step):
    """Who drops out at a step, in words: how many, then who (list of at most two texts)."""
    if step.lost_count is None:
        found = ["Lost here"] if step.lost else []
    elif step.lost_of is None:
        found = [f"{step.lost_count:,} lost here"]
    else:
        found = [f"{step.lost_count:,} of {step.lost_of:,} lost here"]
    return [*found, one_line(step.lost)] if step.lost else found


def _outline(diagram, process, lanes, places, ways):
    diagram.say(0, one_line(process.text, "Process map"), process.id)
    for line in _limits(process):
        diagram.say(1, line)
    for number, lane in enumerate(lanes):
        diagram.say(1, one_line(lane.text), lane.id)
        steps = [place for place in places if place.lane == number]
        for place in steps:
            _outline_step(diagram, place.step, [way for way in ways if way.source is place])
        if not steps:
            diagram.say(2, "no steps yet")


def _limits(process):
    """Where a process starts and ends, as far as that is written (list of text)."""
    limits = {"Starts": process.starts, "Ends": process.ends}
    return [f"{name}: " + one_line(text) for name, text in limits.items() if text.strip()]


def _outline_step(diagram, step, leaving):
    text = one_line(step.text)
    kind = _TYPES.get(step.type)
    if kind:
        text = f"{kind}: {text}"
    diagram.say(2, text if step.known else f"{text} (assumed)", step.id)
    if step.wait:
        diagram.say(3, "waits " + one_line(step.wait))
    if _lost(step):
        diagram.say(3, ": ".join(_lost(step)))
    for way in leaving:
        label = one_line(way.connection.text, "")
        goes = "goes back to " if way.is_loop else "goes to "
        line = goes + one_line(way.target.step.text)
        diagram.say(3, f"{label}: {line}" if label else line)


# --- what is drawn


def _draw_title(diagram, process, width):
    """Draws the title and where the process starts and ends; gives where the lanes may begin."""
    title = one_line(process.text, "Process map")
    most = max(_LEAST, min(width - 2 * _MARGIN, 760))
    place = diagram.text(0, 0, title, size=16, bold=True, most=most, item=process.id)
    for line in _limits(process):
        look = {"size": 11, "color": QUIET, "item": process.id}
        place = diagram.text(0, place.bottom + 2, line, most=most, **look)
    return place.bottom + 14


def _draw_lanes(diagram, heads, laid):
    right = max(laid.edge, _LEAST)
    for lane, top, low in laid.strips:
        head = heads[lane]
        diagram.frame(Box(0, top, HEAD, low - top), fill="#eef1f4", stroke="none", radius=0)
        write_card(diagram, head, 0, (top + low - head.h) / 2)
    for y in {edge for strip in laid.strips for edge in (strip.top, strip.bottom)}:
        diagram.line((0, y), (right, y), stroke=RULE, weight=1)


def _draw_labels(diagram, ways):
    for way in ways:
        lines, _, high = way.label
        if lines:
            x = way.source.left + WIDE + 8
            y = way.source.y + way.out - high - 2
            diagram.text(x, y, "\n".join(lines), size=11, item=way.connection.id)


def _draw_step(diagram, place):
    step, card, lost = place.step, place.card, place.lost
    box = Box(place.left, place.y - place.high / 2, WIDE, place.high)
    dash = "" if step.known else _ASSUMED
    if step.type == "decision":
        _draw_decision(diagram, box, dash)
        write_card(diagram, card, box.x + SLANT, place.y - card.h / 2)
    else:
        radius = min(_RADIUS.get(step.type, 4), box.h / 2)
        diagram.frame(box, stroke=INK, weight=1.5, dash=dash, radius=radius)
        write_card(diagram, card, box.x, place.y - card.h / 2)
    if lost:
        x = box.x + 8
        beneath = diagram.frame(Box(x, box.bottom + 4, WIDE - 8, lost.h), stroke="none")
        diagram.line((x, beneath.y), (x, beneath.bottom), stroke=_LOST, weight=4)
        write_card(diagram, lost, x, beneath.y)


def _draw_decision(diagram, box, dash):
    """A box with a point at its left and its right."""
    diagram.frame(box, stroke="none")
    x, y = box.middle
    left, right = box.x + SLANT, box.right - SLANT
    half = [(x, box.y), (right, box.y), (box.right, y), (right, box.bottom)]
    other_half = [(left, box.bottom), (box.x, y), (left, box.y), (x, box.y)]
    diagram.line(*half, *other_half, stroke=INK, dash=dash)


def _draw_legend(diagram, places, y, width):
    """Says what the borders mean, with one of each, beside or under each other."""
    seen = {place.step.known for place in places}
    x = 0
    for known, dash, text in (
        (True, "", "seen by the team, or told by those who do it"),
        (False, _ASSUMED, "assumed: nobody has watched it yet"),
    ):
        if known in seen:
            if x and x + _LEAST > width - 2 * _MARGIN:
                x, y = 0, y + 20
            diagram.frame(Box(x, y, 26, 14), stroke=INK, weight=1.5, dash=dash)
            x = diagram.text(x + 34, y, text, size=11, color=QUIET).right + 28


def _draw_empty(diagram, process):
    """Draws what comes first where there is no map, or one without lanes."""
    if process is None:
        title, item = "No process map yet", ""
        hint = (
            "Name one process that students live through, then who acts in it: each gets a lane. "
            "The steps go in the lanes."
        )
        diagram.plus(400, 18, "process_map", "Name a process")
    else:
        title, item = one_line(process.text), process.id
        hint = "This map has no lanes yet. Begin with who acts in it: each gets a lane."
    card = card_of([CardText(title, 14, bold=True, item=item), remark(hint)], 420)
    diagram.frame(Box(0, 0, 420, card.h), stroke=RULE, dash=_ASSUMED)
    write_card(diagram, card, 0, 0)
    diagram.say(0, title)
    diagram.say(1, hint)
