"""An independent model of undo and redo: it judges what the record takes back, and what it passes.

It shares no code with the record's own: it compares whole states as they are dumped, takes edits
back by brute force on a copy, and finds each author's stack from the definition of one.
"""

import copy
import random
from collections import Counter

from see_the_system.messages import Refusal
from see_the_system.theory.items import OWNER, POINTERS, TREES
from see_the_system.theory.kinds import Category, Cause, Driver, Evidence
from see_the_system.theory.state import DEFAULTS

AUTHORS = ("Ana", "Ben", "Zoë")


class UndoModel:
    """Every edit of a record as the difference of the states around it, and who made it."""

    def __init__(self, record):
        self.record = record
        self.edits = []
        self.things = dumped(record)

    def note(self, author, kind="edit", reverses=None):
        """Keeps what an edit changed, as the states before and after it say."""
        before = self.things
        self.things = after = dumped(self.record)
        differences = {
            item: (before.get(item), after.get(item))
            for item in before.keys() | after.keys()
            if before.get(item) != after.get(item)
        }
        if kind == "edit":  # what was taken back before something new stays taken back
            for edit in self.edits:
                edit["final"] = edit["final"] or edit["author"] == author
        for edit in self.edits:
            edit["taken"] = edit["taken"] or edit["number"] == reverses
        self.edits.append(
            {
                "number": self.record.number,
                "author": author,
                "kind": kind,
                "differences": differences,
                "taken": False,
                "final": False,
            }
        )

    def expected(self, what, author):
        """The number that an undo or redo must reverse, None for none, and those it passes over."""
        passed = []
        for edit in reversed(self.edits):
            open_undo = edit["kind"] == "undo" and not edit["final"]
            meant = open_undo if what == "redo" else edit["kind"] != "undo"
            if edit["author"] != author or edit["taken"] or not meant:
                continue
            if self.after_taking_back(edit) is not None:
                return edit["number"], passed
            passed.append(edit["number"])
        return None, passed

    def after_taking_back(self, edit):
        """The things once an edit is taken back (dict); None where someone went on from it."""
        things = copy.deepcopy(self.things)
        for item, (before, after) in edit["differences"].items():
            now = things.get(item)
            if before is None or after is None:
                if now != after:
                    return None
            elif now is None or any(now[field] != after[field] for field in differing(edit, item)):
                return None
        for item, (before, _) in edit["differences"].items():
            if before is None:
                del things[item]
            elif item in things:
                things[item] |= {field: before[field] for field in differing(edit, item)}
            else:
                things[item] = copy.deepcopy(before)
        return things if self._stands(edit, things) else None

    def _stands(self, edit, things):
        seen = False
        for item, (before, after) in edit["differences"].items():
            fields = differing(edit, item)
            if before is None:
                if any(item in named(other) for other in things.values()):
                    return False
                fields = set()
            elif after is not None and "dropped" not in fields and self._hidden(item, things):
                return False
            for field in fields & POINTERS[(before or after)["kind"]].keys():
                if not points_well(things, item, field):
                    return False
            if item in things and in_a_circle(things, item):
                return False
            stood_above = not gone(self.things, above(self.things.get(item)))
            stands = item in things and not gone(things, item)
            seen = seen or stood_above or stands
        return seen

    def _hidden(self, item, things):
        return gone(self.things, item) and gone(things, item)


def dumped(record):
    """Everything in a record, by id, with all its fields (dict of dicts)."""
    raw = record._log.position.state.raw
    return {item: DEFAULTS[held["kind"]] | copy.deepcopy(held) for item, held in raw.items()}


def differing(edit, item):
    """The fields of a thing that an edit changed (set)."""
    before, after = edit["differences"][item]
    whole = before or after
    return {field for field in whole if (before or {}).get(field) != (after or {}).get(field)}


def above(thing):
    """The id of what a thing stands under, None for nothing."""
    owner = OWNER[thing["kind"]] if thing else None
    return thing[owner] if owner else None


def gone(things, item):
    """Whether a thing, or anything that it stands under, was dropped."""
    while item in things:
        if things[item]["dropped"]:
            return True
        item = above(things[item])
    return False


def named(thing):
    """The ids that a thing names (set)."""
    held = [thing[field] for field in POINTERS[thing["kind"]]]
    return {one for value in held for one in (value if isinstance(value, list) else [value])}


def points_well(things, item, field):
    value = things[item][field]
    ids = value if isinstance(value, list) else [value] if value else []
    if any(one not in things for one in ids):
        return False
    return field != OWNER[things[item]["kind"]] or not any(gone(things, one) for one in ids)


def in_a_circle(things, start):
    kind = things[start]["kind"]
    ahead = [start]
    seen = set()
    while ahead and kind in TREES:
        value = things[ahead.pop()].get(TREES[kind]) or []
        for one in value if isinstance(value, list) else [value]:
            if one == start:
                return True
            if one in things and things[one]["kind"] == kind and one not in seen:
                seen.add(one)
                ahead.append(one)
    return False


def held_to_the_model(record, seed, operations):
    """Does random things to a record, and holds each undo and redo to the model (Counter).

    Counts what was done: ``undo``, ``redo``, ``passed over``, ``refused``, ``edits``.
    """
    chance = random.Random(seed)
    model = UndoModel(record)
    counts = Counter()
    if record.number == 0:
        for number in range(2):
            record.add(Category(id=f"category-{number}", text="Time"), author="Chair")
            model.note("Chair")
    for _ in range(operations):
        author = chance.choice(AUTHORS)
        what = chance.choice(("edit", "edit", "undo", "redo"))
        if what == "edit":
            _edit(record, model, author, chance, counts)
        else:
            _reverse(record, model, author, what, counts)
    assert record.verify() == record.number
    counts["edits"] = record.number
    return counts


def _reverse(record, model, author, what, counts):
    number, passed = model.expected(what, author)
    state = None
    if number is not None:
        edit = next(edit for edit in model.edits if edit["number"] == number)
        state = model.after_taking_back(edit)
    try:
        made = getattr(record, what)(author=author)
    except Refusal:
        assert number is None, f"{what} of {number} by {author} was refused"
        assert dumped(record) == model.things
        counts["refused"] += 1
        return
    told = record.reversal(made)
    assert (told.edit.number, [one.edit.number for one in told.passed]) == (number, passed)
    assert dumped(record) == state, f"{what} of {number} by {author} led elsewhere"
    model.note(author, what, number)
    counts[what] += 1
    counts["passed over"] += len(passed)


def _edit(record, model, author, chance, counts):
    ids = [item for item in model.things if not item.startswith("vote")]
    of_fishbone = [item for item in ids if item.startswith("ca")]
    one = chance.choice(of_fishbone)
    other = chance.choice(of_fishbone)
    anything = chance.choice(ids)
    word = chance.choice("abc")
    before = record.number
    deeds = [
        lambda: record.add(Cause(parent=one, text=word), author=author),
        lambda: record.add(Evidence(type="document", about=(one,), text=word), author=author),
        lambda: record.add(Driver(level="secondary", text=word), author=author),
        lambda: record.change(anything, text=word, author=author),
        lambda: record.change(one, control=chance.choice(("ours", "partly")), author=author),
        lambda: record.move(one, under=other, author=author),
        lambda: record.move(one, before=other, author=author),
        lambda: record.link(anything, "causes", one, author=author),
        lambda: record.vote(one, dots=chance.choice((1, 2, -1)), author=author),
        lambda: record.split(one, ["a", word], made=f"cause-s{before}", author=author),
        lambda: record.join(one, other, author=author),
        lambda: record.drop(one, why=word, author=author),
        lambda: record.bring_back(one, author=author),
    ]
    try:
        chance.choice(deeds)()
    except Refusal:
        counts["refused"] += 1
    if record.number > before:
        model.note(author)
