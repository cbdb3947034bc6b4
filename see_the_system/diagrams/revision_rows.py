"""The rows of a theory then and now: what changed and what was kept, in the order of the work."""

from typing import NamedTuple

from see_the_system.diagrams.diagram import one_line
from see_the_system.theory.fields import name_of_field
from see_the_system.theory.items import text_of
from see_the_system.theory.state import Revision

KINDS = ("problem", "aim", "category", "cause", "driver", "change_idea")
_INDENT = 16
PLACES = {"parent": "under", "acts_on": "acts on", "drivers": "serves"}
_VALUES = {True: "yes", False: "no", None: "not said", "": "not said"}


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


# --- what is said of a change


def place_words(name, item, items):
    """Where a thing stands in the team's theory, in words: under what, or acting on what."""
    value = getattr(item, name)
    ids = value if isinstance(value, tuple) else (value,)
    names = [one_line(text_of(items[other])) if other in items else "what is gone" for other in ids]
    others = "; ".join(names) or "nothing yet"
    return PLACES[name] + f": {others}"


def change_words(name, revision):
    """How a field changed, in words: with both values where they are short."""
    values = [getattr(revision.then, name), getattr(revision.now, name)]
    field = name_of_field(name)
    if any(isinstance(value, tuple) or len(str(value)) > 40 for value in values):
        return f"revised: {field}"
    before, after = (_VALUES.get(value, value) for value in values)
    return f"{field}: {before}, now {after}"


def farewell(revision, gone):
    """Who dropped a thing and why, in words."""
    why, author = revision.why, revision.author
    if gone.get(getattr(revision.then, "parent", None)) == (why, author):
        return "dropped with what it stood under"
    dropped = f"dropped by {author}" if author else "dropped"
    return f"{dropped}: {why}" if why else f"{dropped}; nobody wrote down why"
