"""The driver diagram: an aim, what drives it, and the changes that a team tries, all linked."""

from collections import defaultdict
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
from see_the_system.diagrams.driver_layout import WIDE, DriverBox, lay_out
from see_the_system.diagrams.shapes import Box
from see_the_system.messages import counted, listed
from see_the_system.pictures.lettering import INK, QUIET, RULE
from see_the_system.theory.items import text_of
from see_the_system.theory.kinds import Aim
from see_the_system.theory.model import theory_of

HEADINGS = ("Aim", "Primary drivers", "Secondary drivers", "Change ideas")
_NAMES = ("aim", "primary driver", "secondary driver", "change idea")
_BEGUN = (
    ("aim", {}),
    ("driver", {"level": "primary"}),
    ("driver", {"level": "secondary"}),
    ("change_idea", {}),
)
_MARGIN = 16  # around the picture
_NARROWEST = 0.75  # of the widths of columns: no width makes them narrower
_HINTS = (
    "what, for whom, how much, by when",
    "the few things that would have to change",
    "what in the system acts on each of those",
    "what to try next week",
)


def plot_drivers(theory, *, width=None):
    """The driver diagram of a theory (Diagram), a line for each link.

    Aim, primary drivers, secondary drivers and change ideas stand in columns; arrows run from what
    acts to what it acts on. width: the width to fill where the text allows, in CSS pixels. Provost
    and Bennett, "What's your theory?" (Quality Progress, 2015),
    for the form.
    """
    theory = theory_of(theory)
    team = theory.charter.team
    name = f"Driver diagram: {team}" if team else "Driver diagram"
    diagram = Diagram(name, describe_drivers(theory))
    diagram.redraw = partial(plot_drivers, theory)
    columns, unclaimed, spans, routes = _placed(theory, width)
    _outline(diagram, columns, unclaimed)
    routing.draw_routes(diagram, routes)
    low = _draw_boxes(diagram, columns, spans)
    _, right = spans[-1]
    look = {"color": QUIET, "most": right}
    for line, item in unclaimed:
        low = diagram.text(0, low + 14, f"{line} (not linked yet)", item=item, **look).bottom
    return diagram


def _placed(theory, width):
    """The columns, the measures that nothing claims, where the columns stand, the lines' routes."""
    columns, unclaimed = columns_of(theory)
    spans, routes = lay_out(columns)
    if width is None:
        return columns, unclaimed, spans, routes
    _, right = spans[-1]
    part = max(_NARROWEST, 1 + (width - 2 * _MARGIN - right) / sum(WIDE))
    wide = tuple(part * its_width for its_width in WIDE)
    columns, unclaimed = columns_of(theory, wide)
    return columns, unclaimed, *lay_out(columns, wide)


def describe_drivers(theory):
    """How many drivers and change ideas there are and which are not linked, in sentences (text)."""
    columns, _ = columns_of(theory)
    boxes = [[box for box in column if box.item is not None] for column in columns]
    if not any(boxes):
        return "There is no driver diagram yet: no aim, no drivers and no change ideas."
    aim = text_of(theory.aim)
    aim_sentence = f'The aim: "{aim}"' if aim else "No aim is written yet"
    if not aim.endswith("."):
        aim_sentence += "."
    counts = [how_many(len(found), name) for found, name in zip(boxes, _NAMES, strict=True)]
    sentences = f"{aim_sentence} It shows {listed(counts[1:])}."
    loose = [sum(box.loose for box in found) for found in boxes]
    named = [counted(number, name) for number, name in zip(loose, _NAMES, strict=True) if number]
    not_linked = ", ".join(named)
    return f"{sentences} Not linked yet: {not_linked}." if named else sentences


# --- what stands in the columns


def columns_of(theory, wide=WIDE):
    """The boxes of the four columns with their links, and the measures that nothing claims.

    List of list of DriverBox; list of text and id.
    """
    measures, unclaimed = _measures(theory)
    boxes = {}
    for column, items in enumerate(_items(theory, has_measures="aim" in measures)):
        boxes |= {item.id: DriverBox((item.id,), column, item) for item in items}
    for box in boxes.values():
        box.targets = _targets(box, boxes)
        box.loose = not box.targets and box.column > 0
        box.card = card_of(_card_texts(box, measures[box.item.id]), wide[box.column])
    columns = []
    for column in range(4):
        found = [box for box in boxes.values() if box.column == column]
        columns.append(found or [_nothing(column, wide)])
    for box in boxes.values():
        box.targets = [_by_passages(target, box.column, columns) for target in box.targets]
    return columns, unclaimed


def _items(theory, has_measures):
    """What stands in each column; an aim without words stands there for its measures."""
    primary = [driver for driver in theory.drivers if driver.level == "primary"]
    secondary = [driver for driver in theory.drivers if driver.level == "secondary"]
    aim = [theory.aim] if theory.aim != Aim() or has_measures else []
    return aim, primary, secondary, theory.ideas


def _targets(box, boxes):
    """What a box acts on, as far as it stands in the diagram (list of DriverBox)."""
    names = getattr(box.item, "acts_on", ()) or getattr(box.item, "drivers", ())
    targets = [boxes[name] for name in dict.fromkeys(names) if name in boxes]
    if box.column == 1 and "aim" in boxes:
        targets.insert(0, boxes["aim"])
    return targets


def _nothing(column, wide):
    """What stands in a column without content."""
    texts = [CardText("none yet", italic=True, color=QUIET), remark(_HINTS[column])]
    return DriverBox(("none", column), column, card=card_of(texts, wide[column]))


def _by_passages(target, column, columns):
    """What a link from a column leads to first: its target, or a passage through the next column.

    There is one passage through each column for all links to the same target.
    """
    for between in range(target.column + 1, column):
        key = ("way", target.key)
        found = [box for box in columns[between] if box.key == key]
        if not found:
            found = [DriverBox(key, between, targets=[target])]
            columns[between] += found
        target = found[0]
    return target


def _measures(theory):
    """The measures by what they stand at (dict), and those that stand nowhere, as text and id.

    Outcome and balancing measures stand at the aim.
    """
    found, unclaimed = defaultdict(list), []
    for measure in theory.measures:
        is_outcome = measure.type == "outcome" or measure.id == theory.aim.measure
        places = measure.of if measure.type == "process" and not is_outcome else ["aim"]
        kind = "Balancing measure: " if measure.type == "balancing" else "Measure: "
        line = (kind + one_line(measure.text), measure.id)
        for place in dict.fromkeys(places):
            found[place].append(line)
        if not places:
            unclaimed.append(line)
    return found, unclaimed


def _card_texts(box, measures):
    texts = [main_text(text_of(box.item), item=box.item.id)]
    texts += [remark(line, item=item) for line, item in measures]
    causes = len(getattr(box.item, "causes", ()))
    if causes:
        texts.append(remark(f"causes behind it: {causes}"))
    if box.loose:
        texts.append(remark("not linked yet", italic=True))
    return texts


def _outline(diagram, columns, unclaimed):
    for heading, column in zip(HEADINGS, columns, strict=True):
        diagram.say(0, heading)
        boxes = [box for box in column if box.item is not None]
        for box in boxes:
            lines = zip(box.card.texts, box.card.parts, strict=True)
            for place, (line, (part, _)) in enumerate(lines):
                diagram.say(2 if place else 1, line, part.item)
            for target in box.targets if box.column > 1 else ():
                diagram.say(2, "acts on: " + one_line(text_of(target.end.item)))
        if not boxes:
            diagram.say(1, "none yet")
    for line, item in unclaimed:
        diagram.say(0, f"{line} (not linked yet)", item)


# --- what is drawn


def _draw_boxes(diagram, columns, spans):
    """Draws headings and boxes; gives how far down they reach (float)."""
    low = 0
    for heading, column, (left, right) in zip(HEADINGS, columns, spans, strict=True):
        wide = right - left
        diagram.text(left, 0, heading, size=14, bold=True)
        diagram.line((left, 24), (left + wide, 24), stroke=INK)
        _add_plus(diagram, column, left + wide - 10)
        for box in column:
            if box.card:
                place = Box(left, box.y - box.high / 2, wide, box.high)
                diagram.frame(place, **_border(box))
                write_card(diagram, box.card, left, box.y - box.card.h / 2)
                low = max(low, place.bottom)
    return low


def _add_plus(diagram, column, x):
    """Where the next thing of a column is added; there is one aim."""
    number = column[0].column
    if number or column[0].item is None:
        kind, fields = _BEGUN[number]
        diagram.plus(x, 10, kind, f"Add: {_NAMES[number]}", **fields)


def _border(box):
    if box.item is None:
        return {"stroke": RULE, "dash": "5 4"}
    if box.column == 0:
        return {"stroke": INK, "weight": 2}
    return {"stroke": QUIET, "dash": "5 4" if box.loose else ""}
