"""A team's theory then and now in one picture: what was kept, and what became of the rest."""

from functools import partial
from typing import NamedTuple

from see_the_system.diagrams.diagram import (
    PAD,
    Card,
    Diagram,
    card_of,
    main_text,
    one_line,
    remark,
    write_card,
)
from see_the_system.diagrams.shapes import Box
from see_the_system.pictures.lettering import INK, QUIET, RULE
from see_the_system.theory.evidence import grade_words
from see_the_system.theory.items import text_of
from see_the_system.theory.model import theory_of
from see_the_system.theory.state import (
    WHATS,
    Revision,
    change_words,
    compare,
    describe_changes,
    drop_words,
)

KINDS = ("problem", "aim", "category", "cause", "driver", "change_idea")
_INDENT = 16
PLACES = {"parent": "under", "acts_on": "acts on", "drivers": "serves"}


class RevisionRow(NamedTuple):
    """One line of the picture: a heading or a thing that was compared, and how far it is set in."""

    depth: int
    heading: str = ""
    revision: Revision | None = None

    @property
    def inset(self):
        return _INDENT * min(max(self.depth - 1, 0), 6)

    @property
    def is_heading(self):
        """Whether it only says where things stand (bool): a section, a category that was kept."""
        return self.revision is None or (self.depth == 0 and self.revision.what == "kept")

    @property
    def is_change(self):
        return self.revision is not None and self.revision.what != "kept"


def rows_of(revisions):
    """The rows in the order of the work (generator of RevisionRow).

    Problem and aim, each category with its causes as a tree, drivers by level, change ideas.
    """
    kinds = {kind: [] for kind in KINDS}
    for revision in revisions:
        kinds[type(revision.item).kind()].append(revision)
    yield from _section("Problem and aim", kinds["problem"] + kinds["aim"])
    yield from _trees(kinds["category"], kinds["cause"])
    for level in ("primary", "secondary"):
        drivers = [revision for revision in kinds["driver"] if revision.item.level == level]
        yield from _section(level.title() + " drivers", drivers)
    yield from _section("Change ideas", kinds["change_idea"])


def with_changes(rows):
    """The rows that changed, and those under which they stand (list of RevisionRow)."""
    found, below = [], 0  # ``below``: how deep what was found last stands, 0 for nothing
    for row in reversed(rows):
        if row.is_change or row.depth < below:
            found.append(row)
            below = row.depth
    return found[::-1]


def counted_revisions(revisions):
    """The revisions that are counted: a category that was kept is a heading (list)."""
    return [
        revision
        for revision in revisions
        if revision.what != "kept" or type(revision.item).kind() != "category"
    ]


def _section(heading, revisions):
    if revisions:
        yield RevisionRow(0, heading=heading)
        yield from (RevisionRow(1, revision=revision) for revision in revisions)


def _trees(categories, causes):
    """Each category with its causes and theirs; categories that were dropped come last."""
    under = {}
    for revision in sorted(causes, key=_team_order, reverse=True):
        under.setdefault(revision.item.parent, []).append(revision)
    categories = sorted(
        categories,
        key=lambda revision: (revision.now is None, *_team_order(revision)),
        reverse=True,
    )
    ahead = [(0, revision) for revision in categories]
    while ahead:
        depth, revision = ahead.pop()
        yield RevisionRow(depth, revision=revision)
        ahead += [(depth + 1, below) for below in under.get(revision.item.id, [])]


def _team_order(revision):
    return revision.item.order, revision.item.id


MARKS = {
    "kept": "=",
    "weighed": "◆",
    "revised": "≈",
    "moved": "→",
    "added": "+",
    "joined": "&",
    "dropped": "−",
}
_GONE = ("joined", "dropped")
_ALWAYS_COUNTED = ("kept", "revised", "moved", "added", "dropped")
_THEN, _WIDE, _BETWEEN = 92, 330, 40  # marks and their words stand left of _THEN
_NOW = _THEN + _WIDE + _BETWEEN
_RIGHT = _NOW + _WIDE
_NOTHING = "Nothing is written down yet"


class _Cells(NamedTuple):
    """What stands then, what stands now, or what stands across both."""

    then: Card | None = None
    now: Card | None = None
    across: Card | None = None


def plot_then_and_now(then, now, *, then_label="Then", now_label="Now", changes_only=False):
    """Two states of a theory side by side (Diagram).

    The problem, the aim, causes by category, drivers and change ideas. What was kept stands across
    both columns; what changed stands in the column where it belongs, with its mark and its word.
    changes_only: of what was kept, only that under which something changed.
    """
    then, now = theory_of(then), theory_of(now)
    revisions = compare(then, now, kinds=KINDS)
    team = now.charter.team
    name = f"The theory then and now: {team}" if team else "The theory then and now"
    diagram = Diagram(name, _describe(revisions, then_label, now_label))
    labels = {"then_label": then_label, "now_label": now_label}
    diagram.redraw = partial(_for_page, then, now, labels)
    y = _draw_head(diagram, revisions, one_line(then_label), one_line(now_label), changes_only)
    items = {**then.by_id, **now.by_id}
    dropped = [revision for revision in revisions if revision.what in _GONE]
    gone = {revision.then.id: (revision.why, revision.author) for revision in dropped}
    rows = list(rows_of(revisions))
    for row in with_changes(rows) if changes_only else rows:
        if row.revision is None:
            diagram.say(0, row.heading)
            y = diagram.text(_THEN, y + 16, row.heading, bold=True).bottom + 6
        else:
            cells = _cells(row, items, gone)
            _say(diagram, row, cells)
            is_context = changes_only and not row.is_change
            y = (_draw_context if is_context else _draw_row)(diagram, row, cells, y)
    if not revisions or (changes_only and not any(row.is_change for row in rows)):
        sentence = f"{_NOTHING}, so there is nothing to compare."
        if revisions:
            sentence = "Nothing changed between the two dates."
        diagram.text(_THEN, y + 12, sentence, italic=True, color=QUIET)
        diagram.say(0, sentence)
    return diagram


def _for_page(then, now, labels, width):
    """The changes alone, which a page of any width holds sooner (Diagram)."""
    return plot_then_and_now(then, now, **labels, changes_only=True)


def describe_then_and_now(then, now, *, then_label="Then", now_label="Now"):
    """How much of the theory was kept, and what became of the rest, in sentences (text)."""
    return _describe(compare(then, now, kinds=KINDS), then_label, now_label)


def _describe(revisions, then_label, now_label):
    then, now = one_line(then_label), one_line(now_label)
    changes = describe_changes(counted_revisions(revisions)) if revisions else f"{_NOTHING}."
    return f"{then} beside {now}. {changes}"


# --- what the boxes say


def place_words(name, item, items):
    """Where a thing stands in the team's theory, in words: under what, or acting on what."""
    value = getattr(item, name)
    ids = value if isinstance(value, tuple) else (value,)
    names = [one_line(text_of(items[other])) if other in items else "what is gone" for other in ids]
    others = "; ".join(names) or "nothing yet"
    return PLACES[name] + f": {others}"


def _cells(row, items, gone):
    """The cards of a row (_Cells), no wider than their column leaves room."""
    revision, what = row.revision, row.revision.what
    is_heading = row.depth == 0
    most = _WIDE - row.inset
    after = [main_text(text_of(revision.item), item=revision.item.id, bold=is_heading)]
    if what == "kept":
        return _Cells(across=card_of(after, _RIGHT - _THEN - row.inset))
    if what == "added":
        return _Cells(now=card_of(after, most))
    struck = what == "dropped" or "text" in revision.fields
    look = {"item": revision.then.id, "bold": is_heading, "color": QUIET, "struck": struck}
    before = [main_text(text_of(revision.then), **look)]
    if what in _GONE:
        after = [remark(drop_words(revision, gone), italic=True)]
    for name in revision.fields:
        if name in PLACES:
            before.append(remark(place_words(name, revision.then, items)))
            after.append(remark(place_words(name, revision.now, items)))
    if revision.grades:
        after.append(remark(grade_words(*revision.grades)))
    after += [
        remark(change_words(name, revision))
        for name in revision.fields
        if name not in PLACES and name != "text"
    ]
    return _Cells(card_of(before, most), card_of(after, most))


def _say(diagram, row, cells):
    """Adds a row to the outline."""
    revision, what = row.revision, row.revision.what
    text = one_line(text_of(revision.item))
    diagram.say(row.depth, text if row.is_heading else f"{what}: {text}")
    remarks = []
    if what == "revised" and "text" in revision.fields:
        remarks.append("before: " + one_line(text_of(revision.then)))
    if cells.then:
        remarks += cells.then.texts[1:]
    if cells.now:
        remarks += cells.now.texts if what in _GONE else cells.now.texts[1:]
    for line in remarks:
        diagram.say(row.depth + 1, line)


# --- the drawing


def _draw_head(diagram, revisions, then_label, now_label, changes_only):
    """Draws the title, the legend with its counts and the headings of the columns.

    Gives how far down they reach (float).
    """
    y = diagram.text(0, 0, "The theory then and now", size=16, bold=True).bottom + 6
    x = 0
    for what in WHATS:
        count = sum(revision.what == what for revision in counted_revisions(revisions))
        if not count and what not in _ALWAYS_COUNTED:
            continue
        bold = what != "kept" and count > 0
        text = f"{MARKS[what]} {count} {what}"
        if what == "kept" and changes_only:
            text += " (shown only above a change)"
        x = diagram.text(x, y, text, bold=bold).right + 26
    low = 0
    for x, label in ((_THEN, then_label), (_NOW, now_label)):
        heading = diagram.text(x, y + 34, label, size=14, bold=True, most=_WIDE)
        low = max(low, heading.bottom + 4)
    for x in (_THEN, _NOW):
        diagram.line((x, low), (x + _WIDE, low), stroke=INK)
    diagram.say(0, f"Then: {then_label}. Now: {now_label}.")
    return low + 6


def _draw_row(diagram, row, cells, y):
    """Draws one row from ``y`` down; gives where the next begins (float)."""
    what = row.revision.what
    if row.depth == 0:
        y += 16
    if not row.is_heading:
        _write_mark(diagram, what, y + 0.7 * PAD)
    high = max(card.h for card in cells if card)
    wide = _WIDE - row.inset
    left = Box(_THEN + row.inset, y, wide, high)
    right = Box(_NOW + row.inset, y, wide, high)
    if cells.across:
        _draw_across(diagram, row, cells.across, left)
    elif what in _GONE:
        diagram.frame(left._replace(h=cells.then.h), stroke=QUIET, dash="5 4")
        write_card(diagram, cells.then, left.x, y)
        write_card(diagram, cells.now, right.x, y)
    else:
        if cells.then:
            _draw_before(diagram, cells.then, left, right, dash="2 3" if what == "moved" else "")
        diagram.frame(right, stroke=INK, weight=2)
        write_card(diagram, cells.now, right.x, y)
    return y + high + 5


def _draw_context(diagram, row, cells, y):
    """What was kept above a change, in little room; gives where the next row begins (float)."""
    ((text, high),) = cells.across.parts
    if row.is_heading:
        y += 12
    else:
        _write_mark(diagram, "kept", y)
    diagram.text(_THEN + row.inset, y, **text._asdict())
    return y + high + 6


def _write_mark(diagram, what, y):
    look = {"color": QUIET} if what == "kept" else {"bold": True}
    diagram.text(8, y, MARKS[what], anchor="middle", **look)
    diagram.text(20, y, what, **look)


def _draw_across(diagram, row, card, place):
    """What was kept: in a box across both columns, or as a heading without one."""
    if row.depth:
        diagram.frame(place._replace(w=_RIGHT - place.x), stroke=RULE)
        write_card(diagram, card, place.x, place.y)
    else:
        write_card(diagram, card, place.x - PAD, place.y)


def _draw_before(diagram, card, left, right, dash):
    """What stood then, with an arrow to what stands now."""
    diagram.frame(left, stroke=QUIET)
    write_card(diagram, card, left.x, left.y)
    _, y = left.middle
    diagram.line((left.right + 4, y), (right.x - 4, y), stroke=INK, arrow=True, dash=dash)
