"""What the checks look for in the causes and their evidence: the rule, where, what was found and
what to do.
"""

from see_the_system.theory.evidence import grades, triangulation
from see_the_system.theory.items import name_of
from see_the_system.theory.kinds import Cause


def findings(theory):
    """Findings on the causes that are built on, their evidence, and those left, as (rule, where,
    what, do), one at a time.
    """
    for look in (_chosen, _evidence, _left):
        yield from look(theory)


def _chosen(theory):
    """The causes on which the team has built: what their evidence says, and whether they are the
    team's to change.
    """
    graded, built = grades(theory), chosen(theory)
    for cause in built:
        does = (
            "stands behind a driver"
            if any(cause.id in driver.causes for driver in theory.drivers)
            else "is kept as a place to act"
        )
        if graded[cause.id] == "ruled out":
            yield (
                "cause-ruled-out",
                cause.id,
                f"The {called(cause)} {does}, though the evidence speaks against it.",
                "Set it aside with a word on why, or say what the evidence missed.",
            )
        if graded[cause.id] == "hunch":
            yield (
                "cause-hunch",
                cause.id,
                f"The {called(cause)} {does}, and nothing speaks for it yet.",
                "Ask the data, ask those who live it, or follow the process, before you test "
                "a change.",
            )
        if cause.control == "outside":
            yield (
                "cause-outside",
                cause.id,
                f"The {called(cause)} {does}, and you marked it as outside your control.",
                "Ask what you do today that makes it matter more, and act on that.",
            )


def _evidence(theory):
    for row in triangulation(theory):
        cause = called(theory.by_id[row.id])
        kinds, against = (
            [kind for kind, count in side.items() if count] for side in (row.supports, row.against)
        )
        if len(kinds) == 1 and not against:
            what = f"Only one kind of evidence, {_KIND[kinds[0]]}, speaks for the {cause}."
            yield "cause-one-kind", row.id, what, f"Add a second kind: {_OTHER[kinds[0]]}."
        if kinds and against:
            sides = [", ".join(_KIND[kind] for kind in side) for side in (kinds, against)]
            what = f"Evidence speaks for the {cause} ({sides[0]}) and against it ({sides[1]})."
            yield (
                "cause-contested",
                row.id,
                what,
                "Ask for whom it holds and where it does not, and write that into the cause.",
            )


_KIND = {
    "data": "data",
    "interview": "what people said",
    "process": "the process map",
    "document": "a document",
    "research": "research",
}
_OTHER = {
    "data": "ask those who live it",
    "interview": "ask the data",
    "process": "ask those who live it",
    "document": "ask those who live it",
    "research": "ask your own data",
}


def _left(theory):
    """What was dropped with no reason; and, once drivers rest on causes, what is in no chain that
    is built on, set aside or spoken of.
    """
    for item in theory.dropped:
        if isinstance(item, Cause) and item.dropped and not item.dropped.why and item.text:
            yield (
                "cause-left",
                item.id,
                f"The {called(item)} was dropped with no reason given.",
                "Add a sentence on what you saw that made you drop it.",
            )
    if not any(driver.causes for driver in theory.drivers):
        return
    graded, spoken = grades(theory), {note.on for note in theory.notes}
    settled = {
        cause.id
        for cause in theory.causes
        if cause.control == "outside" or graded[cause.id] == "ruled out" or cause.id in spoken
    }
    built = {cause.id for cause in chosen(theory)}
    for category in theory.categories:
        for cause in theory.under(category.id, "cause"):
            if category.id not in spoken and cause.text:
                yield from _left_under(theory, cause, settled, built)


def _left_under(theory, cause, settled, built):
    """A cause whose whole chain is left is one finding; where part of the chain is built on, the
    rest belongs to it.
    """
    if cause.id in settled or {cause.id, *below(theory, cause)} & built:
        return
    yield (
        "cause-left",
        cause.id,
        f"The {called(cause)} leads to no driver, and nothing says why it was left.",
        "Link it to a driver, or add a note on why you leave it for now.",
    )


def chosen(theory):
    """The causes that the team has built on: kept as leverage, or named by a driver (list of Cause,
    in the team's order).
    """
    named = {id for driver in theory.drivers for id in driver.causes}
    return [cause for cause in theory.causes if cause.leverage or cause.id in named]


def below(theory, cause):
    """The ids of all causes under a cause (list of text)."""
    found = [under.id for under in theory.under(cause.id, "cause")]
    for id in found:
        found += [under.id for under in theory.under(id, "cause")]
    return found


def called(item):
    """The name of a thing in a finding, longer than elsewhere, since the reader has only these
    words to find it by.
    """
    return name_of(item, most=120)
