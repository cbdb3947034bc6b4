"""What speaks for and against a cause, from the data, from people, and from the work as it is done.

And the interviews, the codes and the process maps that evidence is taken from.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from see_the_system.theory.fields import (
    Answer,
    Count,
    Item,
    Long,
    Name,
    Question,
    Text,
    asked,
    many,
    one,
    under,
)


class Evidence(Item):
    """One piece of evidence for or against causes, or for a step of a five-whys chain.

    ``type`` data holds a ``question`` and its ``answers``, oldest first; interview names ``quotes``
    or ``interviews``; process names ``steps``; document and research name their ``source``.
    """

    type: Literal["data", "interview", "process", "document", "research"] = asked(
        "What kind of evidence is it?",
        "Two kinds that agree are worth more than twice the same one.",
        required=True,
    )
    about: many("cause", "why") = asked(
        "Which causes does it speak about?",
        "One or several.",
        default=(),
    )
    supports: bool = asked(
        "Does it speak for them?",
        "Evidence against a cause is worth as much: it spares you work that would not help.",
        default=True,
    )
    text: Text = asked(
        "What did you see, hear or read?",
        "What anyone could check, in your own words, before what you make of it.",
    )
    source: Text = asked(
        "Where can someone else find it?",
        "The document with its page, or the study with its year.",
    )
    question: Question | None = asked(
        "What do you want to ask the data?",
        "A measure, a group and a year; it is asked again when new data come.",
        default=None,
    )
    answers: Annotated[tuple[Answer, ...], Field(max_length=50)] = asked(
        "What did the data answer?",
        "Written by the program, with the day it was asked.",
        default=(),
    )
    interviews: many("interview") = asked(
        "In which interviews did you hear it?",
        "One or several.",
        default=(),
    )
    quotes: many("quote") = asked(
        "In whose words?",
        "The words themselves carry more than a summary.",
        default=(),
    )
    steps: many("step") = asked(
        "At which steps of the process did you see it?",
        "The steps that you watched or asked about.",
        default=(),
    )


class Interview(Item):
    """One empathy interview. The person is a role, never a name."""

    role: Name = asked(
        "Who did you listen to?",
        "A role, never a name: a student, a parent, a counselor.",
    )
    group: Name = asked(
        "Which group does this person belong to, in their own words?",
        "Leave it open where they did not say.",
    )
    grade: Name = asked(
        "Which grade are they in, or do they teach?",
        "Such as grade 7.",
    )
    place: Name = asked(
        "At which school or place?",
        "So wide that nobody can be picked out.",
    )
    on: date | None = asked(
        "On which day did you meet?",
        "As 2026-02-03.",
        default=None,
    )
    interviewer: Name = asked(
        "Who asked, and who took notes?",
        "Best someone who does not teach or grade this person now.",
    )
    consent: bool = asked(
        "Did they agree, and for a student a parent too?",
        "Without a yes, nothing they said is used.",
        default=False,
    )
    questions: Annotated[tuple[Text, ...], Field(max_length=40)] = asked(
        "Which open questions do you want to ask?",
        "Four to eight that ask for a story, such as: tell me about a time when ...",
        default=(),
    )
    notes: Long = asked(
        "What did you hear, see and feel?",
        "Their words first, then what surprised you; with all names taken out.",
    )


class Quote(Item):
    """What was said, word for word, with names taken out."""

    interview: under("interview") = asked(
        "In which interview was it said?",
        "The interview that it comes from.",
        required=True,
    )
    text: Text = asked(
        "What did they say, word for word?",
        "As it was said, with all names taken out.",
    )
    codes: many("code") = asked(
        "What is it about?",
        "One code or several.",
        default=(),
    )


class Code(Item):
    """A short label that the team gives to what people said."""

    text: Name = asked(
        "What would you call this, in two or three words?",
        "Close to the words that people used.",
    )
    theme: one("theme") = asked(
        "Which pattern does it belong to?",
        "The theme that runs through it, if there is one yet.",
        default=None,
    )


class Theme(Item):
    """A pattern that runs through several codes, dissenting voices kept."""

    text: Name = asked(
        "What do several people tell you?",
        "A pattern in a few words.",
    )
    definition: Text = asked(
        "What does it say, and who sees it otherwise?",
        "Two sentences; keep the voices that do not fit.",
    )


class ProcessMap(Item):
    """One process as people live it, from its first step to its last."""

    text: Name = asked(
        "Which process do you want to see?",
        "One that the problem runs through, such as placement in grade 6.",
    )
    starts: Text = asked(
        "With what does it start?",
        "The event that sets it going.",
    )
    ends: Text = asked(
        "With what does it end?",
        "What has happened when it is done.",
    )


class Lane(Item):
    """Who acts: one lane of a process map."""

    map: under("process_map") = asked(
        "In which process?",
        "The process map that the lane is part of.",
        required=True,
    )
    text: Name = asked(
        "Who acts here?",
        "A role, such as counselor or family.",
    )


class Step(Item):
    """One step in a lane.

    ``known`` where the team has watched it or asked those who do it; otherwise it is assumed.
    ``wait``: how long people wait here, in words. ``lost``: who drops out here, in words, and
    ``lost_count`` how many of ``lost_of``.
    """

    lane: under("lane") = asked(
        "Who does it?",
        "The lane that the step stands in.",
        required=True,
    )
    type: Literal["start", "step", "decision", "wait", "end"] = asked(
        "What kind of step is it?",
        "A start, a step, a decision, a wait or an end.",
        default="step",
    )
    text: Text = asked(
        "What happens here?",
        "What is done as it is done, even where the handbook says otherwise.",
    )
    known: bool = asked(
        "Have you watched it, or asked those who do it?",
        "Until then it is what you assume.",
        default=False,
    )
    wait: Name = asked(
        "How long do people wait here?",
        "In words, such as two to five weeks.",
    )
    lost: Text = asked(
        "Whom does the process lose here?",
        "Who does not come out at the other side, as far as anyone knows.",
    )
    lost_count: Count | None = asked(
        "How many does it lose?",
        "A count, where you have one.",
        default=None,
    )
    lost_of: Count | None = asked(
        "Out of how many?",
        "All who came as far as this step.",
        default=None,
    )


class Connection(Item):
    """From one step to another, or back in a loop; a decision's exits carry a label."""

    source: under("step") = asked(
        "From which step?",
        "Where the arrow starts.",
        required=True,
    )
    target: under("step") = asked(
        "To which step?",
        "Where the arrow leads; it may lead back.",
        required=True,
    )
    text: Name = asked(
        "In which case does it go this way?",
        "For the exits of a decision, such as yes and no.",
    )
