"""What a team's theory is made of: one class for each kind of thing, with an id, author and time.

Names follow Bryk and others, *Learning to Improve* (2015), Provost and Bennett (2015) for driver
diagrams, and the forms that Carnegie, IHI and county offices use for fishbones, process maps,
empathy interviews and PDSA cycles.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from see_the_system.theory.fields import (
    Answer,
    Count,
    Id,
    Item,
    Long,
    Name,
    Percent,
    Question,
    Text,
    many,
    matching,
    one,
    under,
)
from see_the_system.theory.fields import Dropped as Dropped


# --- the team and its problem ---
class Charter(Item):
    """What the team agreed with those who set it up. There is one, with the id ``charter``."""

    id: Id = "charter"
    team: Name = ""
    district: matching(r"^(\d\d-\d{5})?$") = ""
    purpose: Text = ""
    sponsor: Name = ""
    authority: Text = ""
    time: Text = ""
    scope: Text = ""


class Member(Item):
    """One person of the team, or a voice that the team has made room for."""

    name: Name = ""
    role: Name = ""
    level: Literal[
        "", "district", "school", "classroom", "student", "family", "community", "county"
    ] = ""
    decides: bool = False
    time: Name = ""


class Norm(Item):
    """One agreement of the team on how it works together."""

    text: Text = ""


class Problem(Item):
    """The problem statement and what it must name. There is one, with the id ``problem``."""

    id: Id = "problem"
    text: Text = ""
    measure: Text = ""
    value: Name = ""
    group: Name = ""
    comparison: Name = ""
    grades: Name = ""
    place: Name = ""
    period: Name = ""
    principle: Text = ""


# --- causes ---
class Category(Item):
    """One bone of the fishbone."""

    text: Name = ""
    definition: Text = ""


class Cause(Item):
    """One cause as the team sees it, under a category or under another cause.

    ``control``: whether the team can influence it. ``leverage``: kept as a place to act.
    ``confidence``: 0 to 100, the team's own word before evidence. ``part``: the part of the gap
    that it claims to make, as the decomposition names it.
    """

    parent: under("category", "cause")
    text: Text = ""
    control: Literal["", "ours", "partly", "outside"] = ""
    leverage: bool = False
    confidence: Percent | None = None
    part: Literal[
        "",
        "between schools",
        "within schools",
        "between grades",
        "within grades",
        "before grade 6",
        "during middle school",
    ] = ""


class Why(Item):
    """One answer in five whys to what it stands under; two under one thing are branches."""

    parent: under("problem", "cause", "why")
    text: Text = ""
    actionable: bool = False


# --- evidence ---
class Evidence(Item):
    """One piece of evidence for or against causes, or for a step of a five-whys chain.

    ``type`` data holds a ``question`` and its ``answers``, oldest first; interview names ``quotes``
    or ``interviews``; process names ``steps``; document and research name their ``source``.
    """

    type: Literal["data", "interview", "process", "document", "research"]
    about: many("cause", "why") = ()
    supports: bool = True
    text: Text = ""
    source: Text = ""
    question: Question | None = None
    answers: Annotated[tuple[Answer, ...], Field(max_length=50)] = ()
    interviews: many("interview") = ()
    quotes: many("quote") = ()
    steps: many("step") = ()


class Interview(Item):
    """One empathy interview. The person is a role, never a name."""

    role: Name = ""
    group: Name = ""
    grade: Name = ""
    place: Name = ""
    on: date | None = None
    interviewer: Name = ""
    consent: bool = False
    questions: Annotated[tuple[Text, ...], Field(max_length=40)] = ()
    notes: Long = ""


class Quote(Item):
    """What was said, word for word, with names taken out."""

    interview: under("interview")
    text: Text = ""
    codes: many("code") = ()


class Code(Item):
    """A short label that the team gives to what people said."""

    text: Name = ""
    theme: one("theme") = None


class Theme(Item):
    """A pattern that runs through several codes, dissenting voices kept."""

    text: Name = ""
    definition: Text = ""


# --- the process ---
class ProcessMap(Item):
    """One process as people live it, from its first step to its last."""

    text: Name = ""
    starts: Text = ""
    ends: Text = ""


class Lane(Item):
    """Who acts: one lane of a process map."""

    map: under("process_map")
    text: Name = ""


class Step(Item):
    """One step in a lane.

    ``known`` where the team has watched it or asked those who do it; otherwise it is assumed.
    ``wait``: how long people wait here, in words. ``lost``: who drops out here, in words, and
    ``lost_count`` how many of ``lost_of``.
    """

    lane: under("lane")
    type: Literal["start", "step", "decision", "wait", "end"] = "step"
    text: Text = ""
    known: bool = False
    wait: Name = ""
    lost: Text = ""
    lost_count: Count | None = None
    lost_of: Count | None = None


class Connection(Item):
    """From one step to another, or back in a loop; a decision's exits carry a label."""

    source: under("step")
    target: under("step")
    text: Name = ""


# --- the theory of improvement ---
class Aim(Item):
    """What, how much, for whom, by when, from which baseline. There is one, with the id ``aim``."""

    id: Id = "aim"
    text: Text = ""
    measure: one("measure") = None
    population: Text = ""
    population_size: Count | None = None
    baseline: float | None = None
    baseline_period: Name = ""
    target: float | None = None
    unit: Name = ""
    by: date | None = None


class Driver(Item):
    """A primary driver acts on the aim; a secondary driver acts on one or more primary drivers."""

    level: Literal["primary", "secondary"]
    text: Text = ""
    definition: Text = ""
    acts_on: many("driver") = ()
    causes: many("cause") = ()


class ChangeIdea(Item):
    """Something to try, concrete enough to start next week, for one secondary driver or several."""

    text: Text = ""
    drivers: many("driver") = ()
    who: Name = ""


class Measure(Item):
    """A measure with its operational definition; ``of`` names the aim, drivers or change ideas."""

    type: Literal["outcome", "process", "balancing"]
    text: Name = ""
    definition: Text = ""
    numerator: Text = ""
    denominator: Text = ""
    frequency: Name = ""
    source: Text = ""
    better: Literal["", "higher", "lower"] = ""
    of: many("aim", "driver", "change_idea") = ()


class Cycle(Item):
    """One PDSA cycle, its learning questions under it; it goes on from ``previous``."""

    idea: one("change_idea") = None
    previous: one("cycle") = None
    text: Text = ""
    who: Name = ""
    where: Name = ""
    starts: date | None = None
    ends: date | None = None
    teachers: Count | None = None
    students: Count | None = None
    measures: many("measure") = ()
    plan: Long = ""
    did: Long = ""
    studied: Long = ""
    decision: Literal["", "adopt", "adapt", "abandon"] = ""
    reason: Text = ""
    next: Text = ""


class LearningQuestion(Item):
    """What a cycle asks, predicts (``low`` to ``high`` where it is in numbers) and got."""

    cycle: under("cycle")
    text: Text = ""
    prediction: Text = ""
    low: float | None = None
    high: float | None = None
    unit: Name = ""
    confidence: Percent | None = None
    result: Text = ""
    value: float | None = None


# --- what people add to all of it ---
class Vote(Item):
    """The dots that one person gave to one thing."""

    on: under("cause", "change_idea")
    voter: Name
    dots: Annotated[int, Field(ge=1, le=20)] = 1


class Note(Item):
    """A remark on anything, or on the whole (``on`` empty)."""

    on: one("*") = None
    text: Text = ""
