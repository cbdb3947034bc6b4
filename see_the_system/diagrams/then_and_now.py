"""A team's theory then and now in one picture: what was kept, revised, moved, added and dropped."""

from typing import NamedTuple

from see_the_system.diagrams import cards
from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.shapes import Box
from see_the_system.pictures.palette import INK, QUIET, RULE
from see_the_system.theory.items import text_of
from see_the_system.theory.revision import WHATS, Revision, compare, describe_changes

KINDS = ("problem", "aim", "category", "cause", "driver", "change_idea")
MARKS = {"kept": "=", "revised": "≈", "moved": "→", "added": "+", "dropped": "−"}
_MARK, _WIDE, _BETWEEN, _INDENT = 92, 330, 40, 16
_THEN, _NOW = _MARK, _MARK + _WIDE + _BETWEEN
_RIGHT = _NOW + _WIDE
_PLACES = {"parent": "under", "acts_on": "acts on", "drivers": "serves"}
_FIELDS = {
    "control": "whether it is ours to change",
    "leverage": "whether it is a place to act",
    "part": "the part of the gap",
    "who": "who tries it",
    "causes": "the causes behind it",
    "measure": "the measure",
    "level": "primary or secondary",
    "by": "the date",
}


class _Row(NamedTuple):
    """One line of the picture: a heading (text) or a thing that was compared, and how far it is set
    in.
    """

    depth: int
    heading: str = ""
    revision: Revision | None = None


def plot_then_and_now(then, now, *, then_label="Then", now_label="Now"):
    """Two states of a theory side by side (Diagram): the problem, the aim, causes by category,
    drivers and change ideas.

    What was kept stands across both columns; what changed stands in the column where it belongs,
    with its mark and its word.
    """
    revisions = compare(then, now, kinds=KINDS)
    diagram = Diagram(_name(now), _describe(revisions, then_label, now_label))
    y = _head(diagram, revisions, then_label, now_label)
    called = {
        id: cards.flat(text_of(item)) for theory in (then, now) for id, item in theory.by_id.items()
    }
    gone = {one.then.id: (one.why, one.author) for one in revisions if one.what == "dropped"}
    for row in _rows(revisions):
        if row.revision is None:
            y = _heading(diagram, row.heading, y)
        else:
            y = _draw(diagram, row, _cards(row, called, then, gone), y)
    if not revisions:
        diagram.text(
            _THEN,
            y + 12,
            "Nothing is written down yet, so there is nothing to compare.",
            italic=True,
            color=QUIET,
        )
        diagram.say(0, "Nothing is written down yet, so there is nothing to compare.")
    return diagram


def describe_then_and_now(then, now, *, then_label="Then", now_label="Now"):
    """How much of the theory was kept, revised, moved, added and dropped between two dates, in
    sentences (text).
    """
    return _describe(compare(then, now, kinds=KINDS), then_label, now_label)


def _describe(revisions, then_label, now_label):
    said = describe_changes(revisions) if revisions else "Nothing is written down yet."
    return f"Then is {cards.flat(then_label)}, now is {cards.flat(now_label)}. {said}"


def _name(theory):
    return (
        f"The theory then and now: {theory.charter.team}"
        if theory.charter.team
        else "The theory then and now"
    )


# --- the rows
# ---------------------------------------------------------------------------------------------------------------------


def _rows(revisions):
    """The rows in the order of the work: problem and aim, each category with its causes as a tree,
    drivers by level, change ideas.
    """
    kinds = {kind: [one for one in revisions if type(one.item).kind() == kind] for kind in KINDS}
    yield from _section("Problem and aim", kinds["problem"] + kinds["aim"])
    under = {}
    for one in sorted(kinds["cause"], key=lambda one: (one.item.order, one.item.id), reverse=True):
        under.setdefault(one.item.parent, []).append(one)
    ahead = [
        (0, one)
        for one in sorted(
            kinds["category"],
            key=lambda one: (one.now is None, one.item.order, one.item.id),
            reverse=True,
        )
    ]
    while ahead:
        depth, one = ahead.pop()
        yield _Row(depth, revision=one)
        ahead += [(depth + 1, below) for below in under.get(one.item.id, [])]
    for level in ("primary", "secondary"):
        yield from _section(
            f"{level.title()} drivers", [one for one in kinds["driver"] if one.item.level == level]
        )
    yield from _section("Change ideas", kinds["change_idea"])


def _section(heading, revisions):
    if revisions:
        yield _Row(0, heading=heading)
        yield from (_Row(1, revision=one) for one in revisions)


def _cards(row, called, then, gone):
    """What stands then, now, or across both (three of Card or None)."""
    one, bold = row.revision, row.depth == 0
    most = _WIDE - _inset(row)
    text = _part(one.item)._replace(bold=bold)
    if one.what == "kept":
        return None, None, cards.card([text], _RIGHT - _THEN - _inset(row))
    if one.what == "added":
        return None, cards.card([text], most), None
    old = _part(one.then)._replace(
        bold=bold, color=QUIET, struck="text" in one.fields or one.what == "dropped"
    )
    if one.what == "dropped":
        return (
            cards.card([old], most),
            cards.card([cards.small(_farewell(one, gone))._replace(italic=True)], most),
            None,
        )
    before, after = [old], [text]
    for name in one.fields:
        if name in _PLACES:
            before.append(cards.small(_place(name, one.then, called)))
            after.append(cards.small(_place(name, one.now, called)))
    for name in one.fields:
        if name not in (*_PLACES, "text"):
            after.append(cards.small(_change(name, one)))
    return cards.card(before, most), cards.card(after, most), None


def _part(item):
    return cards.said(text_of(item), item.id)


def _place(name, item, called):
    value = getattr(item, name)
    ids = value if isinstance(value, tuple) else (value,)
    return (
        f"{_PLACES[name]}: "
        f"{'; '.join(called.get(id, 'what is gone') for id in ids) or 'nothing yet'}"
    )


def _change(name, one):
    """How a field changed, in words: with both values where they are short."""
    values = [getattr(item, name) for item in (one.then, one.now)]
    said = _FIELDS.get(name, name.replace("_", " "))
    if any(isinstance(value, tuple) or len(str(value)) > 40 for value in values):
        return f"revised: {said}"
    before, after = (
        {True: "yes", False: "no", None: "not said", "": "not said"}.get(value, value)
        for value in values
    )
    return f"{said}: {before}, now {after}"


def _farewell(one, gone):
    above = gone.get(getattr(one.then, "parent", None))
    if above is not None and above == (one.why, one.author):
        return "dropped with what it stood under"
    by = f"dropped by {one.author}" if one.author else "dropped"
    return f"{by}: {one.why}" if one.why else f"{by}; nobody wrote down why"


def _inset(row):
    return _INDENT * min(max(row.depth - 1, 0), 6)


# --- the drawing
# ------------------------------------------------------------------------------------------------------------------


def _head(diagram, revisions, then_label, now_label):
    """Draws the title, the legend with its counts and the headings of the columns; gives how far
    down they reach (float).
    """
    low = diagram.text(0, 0, "The theory then and now", size=16, bold=True).bottom + 6
    x = 0
    for what in WHATS:
        count = sum(one.what == what for one in revisions)
        x = (
            diagram.text(
                x, low, f"{MARKS[what]} {count} {what}", bold=what != "kept" and count > 0
            ).right
            + 26
        )
    top = low + 34
    boxes = [
        diagram.text(x, top, cards.flat(label), size=14, bold=True, most=_WIDE)
        for x, label in ((_THEN, then_label), (_NOW, now_label))
    ]
    low = max(box.bottom for box in boxes) + 4
    for x in (_THEN, _NOW):
        diagram.line((x, low), (x + _WIDE, low), stroke=INK)
    diagram.say(0, f"Then: {cards.flat(then_label)}. Now: {cards.flat(now_label)}.")
    return low + 6


def _heading(diagram, text, y):
    diagram.say(0, text)
    return diagram.text(_THEN, y + 16, text, bold=True).bottom + 6


def _draw(diagram, row, found, y):
    """Draws one row from ``y`` down; gives where the next begins (float)."""
    one, inset = row.revision, _inset(row)
    old, new, both = found
    y += 16 if row.depth == 0 else 0
    high = max(card.h for card in found if card)
    _write_mark(diagram, one.what, y)
    left, right = (
        Box(_THEN + inset, y, _WIDE - inset, high),
        Box(_NOW + inset, y, _WIDE - inset, high),
    )
    if both:
        if row.depth:
            diagram.frame(Box(left.x, y, _RIGHT - left.x, high), stroke=RULE)
        cards.place(diagram, both, left.x - (0 if row.depth else cards.PAD), y)
    if old:
        gone = one.what == "dropped"
        diagram.frame(
            left._replace(h=old.h) if gone else left, stroke=QUIET, dash="5 4" if gone else ""
        )
        cards.place(diagram, old, left.x, y)
    if new:
        if one.what != "dropped":
            diagram.frame(right, stroke=INK, weight=2)
        cards.place(diagram, new, right.x, y)
    if old and one.what != "dropped":
        dash, middle = "2 3" if one.what == "moved" else "", y + high / 2
        diagram.line(
            (left.right + 4, middle), (right.x - 4, middle), stroke=INK, arrow=True, dash=dash
        )
    _say(diagram, row, found)
    return y + high + 5


def _write_mark(diagram, what, y):
    quiet = what == "kept"
    color = QUIET if quiet else INK
    y += 0.7 * cards.PAD
    diagram.text(8, y, MARKS[what], bold=not quiet, color=color, anchor="middle")
    diagram.text(20, y, what, bold=not quiet, color=color)


def _say(diagram, row, found):
    one = row.revision
    diagram.say(row.depth, f"{one.what}: {cards.flat(text_of(one.item))}")
    old, new, _ = found
    if one.what == "revised" and "text" in one.fields:
        diagram.say(row.depth + 1, f"before: {cards.flat(text_of(one.then))}")
    for card in (old, new):
        for text in card.texts[0 if one.what == "dropped" and card is new else 1 :] if card else ():
            diagram.say(row.depth + 1, text)
