"""The driver diagram: an aim, what drives it, and the changes that a team tries, with every link
between them.
"""

from see_the_system.diagrams import cards, routing
from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.driver_layout import WIDE, Node, lay_out
from see_the_system.diagrams.shapes import Box
from see_the_system.pictures.palette import INK, QUIET, RULE
from see_the_system.theory.items import text_of

HEADINGS = ("Aim", "Primary drivers", "Secondary drivers", "Change ideas")
_NAMES = (
    ("aim", "aims"),
    ("primary driver", "primary drivers"),
    ("secondary driver", "secondary drivers"),
    ("change idea", "change ideas"),
)
_HINTS = (
    "what, for whom, how much, by when",
    "the few things that would have to change",
    "what in the system acts on each of those",
    "what to try next week",
)


def plot_drivers(theory):
    """The driver diagram of a theory (Diagram): aim, primary drivers, secondary drivers and change
    ideas in columns, a line for each link.

    Arrows run from what acts to what it acts on. Provost and Bennett, "What's your theory?"
    (Quality Progress, 2015), for the form.
    """
    diagram = Diagram(_name(theory), describe_drivers(theory))
    columns, remarks = columns_of(theory)
    _outline(diagram, columns, remarks)
    edges, paths = lay_out(columns)
    routing.draw_paths(diagram, paths)
    low = _draw_boxes(diagram, columns, edges)
    for line, id in remarks:
        low = diagram.text(
            0,
            low + 14,
            f"{line} (not linked yet)",
            most=edges[-1] + WIDE[-1],
            size=11,
            color=QUIET,
            item=id,
        ).bottom
    return diagram


def describe_drivers(theory):
    """How many drivers and change ideas there are and which are not linked yet, in sentences
    (text).
    """
    columns, _ = columns_of(theory)
    boxes = [[node for node in column if node.item is not None] for column in columns]
    if not any(boxes):
        return "There is no driver diagram yet: no aim, no drivers and no change ideas."
    aim = f'The aim: "{text_of(theory.aim)}"' if text_of(theory.aim) else "No aim is written yet"
    counts = [_count(len(found), names) for found, names in zip(boxes[1:], _NAMES[1:])]
    loose = [
        _count(number, names)
        for found, names in zip(boxes, _NAMES)
        if (number := sum(node.loose for node in found))
    ]
    said = (
        f"{aim}{'' if aim.endswith(('.', '.' + chr(34))) else '.'} It shows {counts[0]}, "
        f"{counts[1]} and {counts[2]}."
    )
    return said + (f" Not linked yet: {', '.join(loose)}." if loose else "")


def _name(theory):
    return f"Driver diagram: {theory.charter.team}" if theory.charter.team else "Driver diagram"


def _count(number, names):
    return f"{number or 'no'} {names[number != 1]}"


# --- what stands in the columns
# ---------------------------------------------------------------------------------------------------


def columns_of(theory):
    """The nodes of the four columns, their links set, and the measures that nothing claims (list of
    list, list of text).
    """
    measures, remarks = _measures(theory)
    aim = [theory.aim] if theory.aim != type(theory.aim)() or measures.get("aim") else []
    found = [
        aim,
        *(
            [driver for driver in theory.drivers if driver.level == level]
            for level in ("primary", "secondary")
        ),
        theory.ideas,
    ]
    nodes = {
        item.id: Node((item.id,), column, item)
        for column, items in enumerate(found)
        for item in items
    }
    for node in nodes.values():
        names = getattr(node.item, "acts_on", ()) or getattr(node.item, "drivers", ())
        node.targets = [nodes[name] for name in dict.fromkeys(names) if name in nodes]
        if node.column == 1 and aim:
            node.targets.insert(0, nodes["aim"])
        node.loose = not node.targets and node.column > 0
        node.card = cards.card(_parts(node, measures.get(node.item.id, [])), WIDE[node.column])
    columns = [
        [node for node in nodes.values() if node.column == column] or [_nothing(column)]
        for column in range(4)
    ]
    for node in list(nodes.values()):
        _lead_through(node, columns)
    return columns, remarks


def _nothing(column):
    """What stands in a column without content."""
    card = cards.card(
        [cards.Part("none yet", italic=True, color=QUIET), cards.small(_HINTS[column])],
        WIDE[column],
    )
    return Node(("none", column), column, card=card)


def _lead_through(node, columns):
    """Gives a link that skips columns a way through each of them, shared by all links to the same
    target.
    """
    for place, target in enumerate(node.targets):
        for column in range(target.column + 1, node.column):
            way = next(
                (other for other in columns[column] if other.key == ("way", target.key)), None
            )
            if way is None:
                way = Node(("way", target.key), column, targets=[target])
                columns[column].append(way)
            target = way
        node.targets[place] = target


def _measures(theory):
    """The lines on measures by what they stand at (dict), and those that stand nowhere: balancing
    measures stand at the aim.
    """
    found, remarks = {}, []
    for measure in theory.measures:
        outcome = measure.type == "outcome" or measure.id == theory.aim.measure
        places = list(measure.of) if measure.type == "process" and not outcome else ["aim"]
        line = (
            f"{'Balancing measure' if measure.type == 'balancing' else 'Measure'}: "
            f"{cards.flat(measure.text)}"
        )
        for place in dict.fromkeys(places):
            found.setdefault(place, []).append((line, measure.id))
        if not places:
            remarks.append((line, measure.id))
    return found, remarks


def _parts(node, measures):
    item, causes = node.item, len(getattr(node.item, "causes", ()))
    parts = [cards.said(text_of(item), item.id), *(cards.small(line, id) for line, id in measures)]
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
            diagram.say(1, cards.flat(text_of(node.item)))
            for line in _notes(node):
                diagram.say(2, line)
        if not boxes:
            diagram.say(1, "none yet")
    for line, _ in remarks:
        diagram.say(0, f"{line} (not linked yet)")


def _notes(node):
    acts_on = [cards.flat(text_of(target.end.item)) for target in node.targets if node.column > 1]
    return [*node.card.texts[1:], *(f"acts on: {text}" for text in acts_on)]


# --- what is drawn
# -----------------------------------------------------------------------------------------------------------------


def _draw_boxes(diagram, columns, edges):
    """Draws headings and boxes; gives how far down they reach (float)."""
    low = 0
    for heading, column, left, wide in zip(HEADINGS, columns, edges, WIDE):
        diagram.text(left, 0, heading, size=14, bold=True)
        diagram.line((left, 24), (left + wide, 24), stroke=INK)
        for node in (node for node in column if node.card):
            dash, stroke = (
                "5 4" if node.loose or node.item is None else "",
                QUIET if node.item else RULE,
            )
            look = (
                {"stroke": INK, "weight": 2}
                if node.item and node.column == 0
                else {"stroke": stroke, "dash": dash}
            )
            box = diagram.frame(Box(left, node.y - node.high / 2, wide, node.high), **look)
            cards.place(diagram, node.card, left, node.y - node.card.h / 2)
            low = max(low, box.bottom)
    return low
