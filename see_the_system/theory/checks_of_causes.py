"""What the checks look for in the causes and their evidence."""

from see_the_system.theory.evidence import TYPES, grades, speaking
from see_the_system.theory.kinds import Cause
from see_the_system.theory.model import below, chosen, full_name, rule, walk

_KIND = {
    "data": "data",
    "interview": "what people said",
    "process": "the process map",
    "document": "a document",
    "research": "research",
}
_OTHER = {"interview": "ask the data", "research": "ask your own data"}


def _built_on(theory):
    """Each cause that the team has built on: (Cause, its grade, how a sentence on it begins)."""
    graded = grades(theory)
    behind = {cause for driver in theory.drivers for cause in driver.causes}
    for cause in chosen(theory):
        name = full_name(cause)
        does = "stands behind a driver" if cause.id in behind else "is kept as a place to act"
        yield cause, graded[cause.id], f"The {name} {does}"


@rule(
    "must",
    "causes",
    "Causes are tested with data, and what fails the test is set aside (Bryk, Carnegie "
    "Foundation, 2014, on causal systems).",
)
def cause_ruled_out(theory):
    """A cause that evidence ruled out still stands behind a driver or is kept as a place to
    act.
    """
    for cause, grade, begins in _built_on(theory):
        if grade == "ruled out":
            yield (
                cause.id,
                f"{begins}, though the evidence speaks against it.",
                "Set it aside with a word on why, or say what the evidence missed.",
            )


@rule(
    "should",
    "causes",
    "A fishbone collects what people think; only evidence tells which of it is so (Carnegie "
    "Foundation, causal system analysis).",
)
def cause_hunch(theory):
    """A cause stands behind a driver or is kept as a place to act, and has no evidence."""
    for cause, grade, begins in _built_on(theory):
        if grade == "hunch":
            yield (
                cause.id,
                f"{begins}, and nothing speaks for it yet.",
                "Ask the data, ask those who live it, or follow the process, before you test a "
                "change.",
            )


@rule(
    "should",
    "causes",
    "No single source of evidence is enough: data, people's words, and how work is done each "
    "show another side (Carnegie Foundation, causal system analysis).",
)
def cause_one_kind(theory):
    """Only one kind of evidence speaks for a cause."""
    for cause, name, pro, contra in _with_evidence(theory):
        if len(pro) == 1 and not contra:
            kind = _KIND[pro[0]]
            other = _OTHER.get(pro[0], "ask those who live it")
            yield (
                cause.id,
                f"Only one kind of evidence, {kind}, speaks for the {name}.",
                f"Add a second kind: {other}.",
            )


@rule(
    "consider",
    "causes",
    "Where evidence disagrees, variation may be hiding: what is so, for whom, and under what "
    "conditions (Bryk and others, Learning to Improve, 2015).",
)
def cause_contested(theory):
    """Evidence speaks for a cause and against it."""
    for cause, name, pro, contra in _with_evidence(theory):
        if pro and contra:
            for_it = ", ".join(_KIND[kind] for kind in pro)
            against_it = ", ".join(_KIND[kind] for kind in contra)
            yield (
                cause.id,
                f"Evidence speaks for the {name} ({for_it}) and against it ({against_it}).",
                "Ask for whom it holds and where it does not, and write that into the cause.",
            )


def _with_evidence(theory):
    """Each cause with evidence: (Cause, its name, the types for it, the types against it)."""
    supports, against = speaking(theory)
    for depth, cause in walk(theory):
        pro, contra = (side.get(cause.id, ()) for side in (supports, against))
        if depth and (pro or contra):
            types = [[kind for kind in TYPES if kind in side] for side in (pro, contra)]
            yield cause, full_name(cause), *types


@rule(
    "should",
    "causes",
    "Teams make headway on problems within their own control (REL Midwest, on networked "
    "improvement communities).",
)
def cause_outside(theory):
    """A cause outside the team's control stands behind a driver or is kept as a place to act."""
    for cause, _, begins in _built_on(theory):
        if cause.control == "outside":
            yield (
                cause.id,
                f"{begins}, and you marked it as outside your control.",
                "Ask what you do today that makes it matter more, and act on that.",
            )


@rule(
    "should",
    "causes",
    "The CORE districts learned by revising what they thought at first, and a reason tells a "
    "cause set aside from one forgotten (Nayfack and others, PACE, 2017).",
)
def cause_left(theory):
    """A cause was left behind without a word."""
    for item in theory.dropped:
        if isinstance(item, Cause) and item.text and item.dropped and not item.dropped.why:
            name = full_name(item)
            yield (
                item.id,
                f"The {name} was dropped with no reason given.",
                "Add a sentence on what you saw that made you drop it.",
            )
    for cause in _left_standing(theory):
        name = full_name(cause)
        yield (
            cause.id,
            f"The {name} leads to no driver, and nothing says why it was left.",
            "Link it to a driver, or add a note on why you leave it for now.",
        )


def _left_standing(theory):
    """The first causes of chains that are neither built on, nor set aside, nor spoken of (list).

    A whole chain counts once; where part of it is built on, the rest belongs to that. Before any
    driver rests on a cause nothing is left yet: it is all still ahead.
    """
    if not any(driver.causes for driver in theory.drivers):
        return []
    graded = grades(theory)
    spoken = {note.on for note in theory.notes}
    built = {cause.id for cause in chosen(theory)}
    return [
        cause
        for category in theory.categories
        if category.id not in spoken
        for cause in theory.under(category.id, "cause")
        if cause.text
        and cause.control != "outside"
        and graded[cause.id] != "ruled out"
        and cause.id not in spoken
        and built.isdisjoint([cause.id, *below(theory, cause)])
    ]
