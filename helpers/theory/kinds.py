"""What a team's theory is made of: one class for each kind of thing, each with a stable id, an author and a time.

Names follow Bryk and others, *Learning to Improve* (2015), Provost and Bennett (2015) for driver diagrams, and the forms that
Carnegie, IHI and county offices use for fishbones, process maps, empathy interviews and PDSA cycles.
"""

import re
import secrets
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\u2028\u2029]")


def _clean(text):
    """Text that every file, database and picture can hold: no control characters, one kind of line end."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip() if isinstance(text, str) else text


def _whole(text):
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds half a character; type it again")
    return text


def _line(most):
    return Annotated[str, StringConstraints(max_length=most), BeforeValidator(_clean), AfterValidator(_whole)]


Name = _line(200)
Text = _line(2_000)
Long = _line(20_000)
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,63}$")]


class Points:
    """Marks a field that holds ids: which kinds it may name; ``owner`` where the thing goes when what it names goes."""

    def __init__(self, *kinds, owner=False):
        self.kinds, self.owner = kinds, owner


def _one(*kinds):
    return Annotated[Id | None, Points(*kinds)]


def _many(*kinds):
    return Annotated[tuple[Id, ...], Points(*kinds), Field(max_length=200)]


def _under(*kinds):
    return Annotated[Id, Points(*kinds, owner=True)]


class Item(BaseModel):
    """What everything in a theory has. ``order`` places it among its neighbours; ``dropped`` says why it was taken out."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False, allow_inf_nan=False)

    id: Id = ""
    author: Name = ""
    at: datetime | None = None
    order: float = 0.0
    dropped: "Dropped | None" = None

    def model_post_init(self, _):
        if not self.id:
            object.__setattr__(self, "id", new_id(type(self).kind()))

    @classmethod
    def kind(cls):
        """The kind's name as the record and the files write it (text)."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class Dropped(BaseModel):
    """When something was taken out of the theory, by whom and why ("" where nobody said)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: Text = ""
    author: Name = ""
    at: datetime | None = None


def new_id(kind):
    """A new id of a kind (text), as ``cause-k7m2xq9d``: never used before, and short enough to read out."""
    return f"{kind.replace('_', '-')}-{''.join(secrets.choice('23456789abcdefghjkmnpqrstuvwxyz') for _ in range(8))}"


# --- the team and its problem -----------------------------------------------------------------------------------------------------


class Charter(Item):
    """What the team agreed with those who set it up; its people and norms stand beside it. There is one, with the id ``charter``."""

    id: Id = "charter"
    team: Name = ""
    district: Annotated[str, StringConstraints(pattern=r"^(\d\d-\d{5})?$")] = ""
    purpose: Text = ""
    sponsor: Name = ""
    authority: Text = ""
    time: Text = ""
    scope: Text = ""


class Member(Item):
    """One person of the team, or a voice that the team has made room for."""

    name: Name = ""
    role: Name = ""
    level: Literal["", "district", "school", "classroom", "student", "family", "community", "county"] = ""
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


# --- causes ----------------------------------------------------------------------------------------------------------------------


class Category(Item):
    """One bone of the fishbone."""

    text: Name = ""
    definition: Text = ""


class Cause(Item):
    """One cause as the team sees it, under a category or under another cause.

    ``control``: whether the team can influence it. ``leverage``: kept as a place to act. ``confidence``: 0 to 100, the team's own word
    before evidence. ``part``: the part of the gap that it claims to make, as the decomposition names it.
    """

    parent: _under("category", "cause")
    text: Text = ""
    control: Literal["", "ours", "partly", "outside"] = ""
    leverage: bool = False
    confidence: Annotated[int, Field(ge=0, le=100)] | None = None
    part: Literal["", "between schools", "within schools", "between grades", "within grades", "before grade 6", "during middle school"] = ""


class Why(Item):
    """One answer in a chain of five whys: it answers "why?" to what it stands under. Two answers under one thing are branches."""

    parent: _under("problem", "cause", "why")
    text: Text = ""
    actionable: bool = False


# --- evidence --------------------------------------------------------------------------------------------------------------------


class Question(BaseModel):
    """A question to the data: what to ask the state's files, so that it can be asked again when they change.

    ``measure``: one of the names of ``helpers.analysis.questions``. ``group`` and ``comparison``: student groups by the state's names.
    ``grades``: 3 to 8 and 11. ``years``: the spring of the test. ``district``: county and district code, as ``99-10017``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: Name
    district: Annotated[str, StringConstraints(pattern=r"^\d\d-\d{5}$")]
    group: Name = ""
    comparison: Name = ""
    grades: tuple[Annotated[int, Field(ge=3, le=11)], ...] = ()
    years: tuple[Annotated[int, Field(ge=2015, le=2100)], ...] = ()


class Answer(BaseModel):
    """What the data said when they were asked: a sentence, its number, and the fingerprint of the data it was read from."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    sentence: Text
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: Name = ""
    fingerprint: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8,64}$")]
    at: datetime


class Evidence(Item):
    """One piece of evidence for or against causes, or for a step of a five-whys chain.

    ``type`` data holds a ``question`` and its ``answers``, oldest first; interview names ``quotes`` or ``interviews``; process names
    ``steps``; document and research name their ``source``.
    """

    type: Literal["data", "interview", "process", "document", "research"]
    about: _many("cause", "why") = ()
    supports: bool = True
    text: Text = ""
    source: Text = ""
    question: Question | None = None
    answers: Annotated[tuple[Answer, ...], Field(max_length=50)] = ()
    interviews: _many("interview") = ()
    quotes: _many("quote") = ()
    steps: _many("step") = ()


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

    interview: _under("interview")
    text: Text = ""
    codes: _many("code") = ()


class Code(Item):
    """A short label that the team gives to what people said."""

    text: Name = ""
    theme: _one("theme") = None


class Theme(Item):
    """A pattern that runs through several codes, dissenting voices kept."""

    text: Name = ""
    definition: Text = ""


# --- the process ----------------------------------------------------------------------------------------------------------------


class ProcessMap(Item):
    """One process as people live it, from its first step to its last."""

    text: Name = ""
    starts: Text = ""
    ends: Text = ""


class Lane(Item):
    """Who acts: one lane of a process map."""

    map: _under("process_map")
    text: Name = ""


class Step(Item):
    """One step in a lane. ``known`` where the team has watched it or asked those who do it; otherwise it is assumed.

    ``wait``: how long people wait here, in words. ``lost``: who drops out here, in words, and ``lost_count`` how many of ``lost_of``.
    """

    lane: _under("lane")
    type: Literal["start", "step", "decision", "wait", "end"] = "step"
    text: Text = ""
    known: bool = False
    wait: Name = ""
    lost: Text = ""
    lost_count: Annotated[int, Field(ge=0)] | None = None
    lost_of: Annotated[int, Field(ge=0)] | None = None


class Connection(Item):
    """From one step to another; a decision's exits carry a label. A connection back to an earlier step is a loop."""

    source: _under("step")
    target: _under("step")
    text: Name = ""


# --- the theory of improvement --------------------------------------------------------------------------------------------------


class Aim(Item):
    """What, how much, for whom, by when, from which baseline. There is one, with the id ``aim``."""

    id: Id = "aim"
    text: Text = ""
    measure: _one("measure") = None
    population: Text = ""
    population_size: Annotated[int, Field(ge=0)] | None = None
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
    acts_on: _many("driver") = ()
    causes: _many("cause") = ()


class ChangeIdea(Item):
    """Something to try, concrete enough to start next week; it may serve several secondary drivers."""

    text: Text = ""
    drivers: _many("driver") = ()
    who: Name = ""


class Measure(Item):
    """A measure with its operational definition; ``of`` names what it measures: the aim, drivers, change ideas."""

    type: Literal["outcome", "process", "balancing"]
    text: Name = ""
    definition: Text = ""
    numerator: Text = ""
    denominator: Text = ""
    frequency: Name = ""
    source: Text = ""
    better: Literal["", "higher", "lower"] = ""
    of: _many("aim", "driver", "change_idea") = ()


class Cycle(Item):
    """One PDSA cycle. Its learning questions stand under it; ``previous`` is the cycle that it goes on from."""

    idea: _one("change_idea") = None
    previous: _one("cycle") = None
    text: Text = ""
    who: Name = ""
    where: Name = ""
    starts: date | None = None
    ends: date | None = None
    teachers: Annotated[int, Field(ge=0)] | None = None
    students: Annotated[int, Field(ge=0)] | None = None
    measures: _many("measure") = ()
    plan: Long = ""
    did: Long = ""
    studied: Long = ""
    decision: Literal["", "adopt", "adapt", "abandon"] = ""
    reason: Text = ""
    next: Text = ""


class LearningQuestion(Item):
    """What a cycle asks, what the team predicts, and what came. ``low`` and ``high`` bound a prediction in numbers."""

    cycle: _under("cycle")
    text: Text = ""
    prediction: Text = ""
    low: float | None = None
    high: float | None = None
    unit: Name = ""
    confidence: Annotated[int, Field(ge=0, le=100)] | None = None
    result: Text = ""
    value: float | None = None


# --- what people add to all of it -----------------------------------------------------------------------------------------------


class Vote(Item):
    """The dots that one person gave to one thing."""

    on: _under("cause", "change_idea")
    voter: Name
    dots: Annotated[int, Field(ge=1, le=20)] = 1


class Note(Item):
    """A remark on anything, or on the whole (``on`` empty)."""

    on: _one("*") = None
    text: Text = ""
