"""What the team wants to reach, what it will change, how it measures that, and how it tests it."""

from datetime import date
from typing import Literal

from see_the_system.theory.fields import (
    Count,
    Id,
    Item,
    Long,
    Name,
    Percent,
    Text,
    asked,
    many,
    one,
    under,
)


class Aim(Item):
    """What, how much, for whom, by when, from which baseline. There is one, with the id ``aim``."""

    id: Id = "aim"
    text: Text = asked(
        "What will be different, for whom, how much, and by when?",
        "One sentence that the team can hold itself to.",
    )
    measure: one("measure") = asked(
        "Which measure will show it?",
        "The outcome measure of the aim.",
        default=None,
    )
    population: Text = asked(
        "For whom?",
        "The students that the aim is about.",
    )
    population_size: Count | None = asked(
        "How many students are they?",
        "A count; it tells how much chance there is in the number.",
        default=None,
    )
    baseline: float | None = asked(
        "Where do you start from?",
        "The number today, before any change.",
        default=None,
    )
    baseline_period: Name = asked(
        "From when is the number that you start from?",
        "The school year or the dates.",
    )
    target: float | None = asked(
        "Where do you want to be?",
        "A number that is far enough to matter and near enough to try.",
        default=None,
    )
    unit: Name = asked(
        "In what is it counted?",
        "Such as percent or points.",
    )
    by: date | None = asked(
        "By which day?",
        "As 2028-06-15.",
        default=None,
    )


class Driver(Item):
    """A primary driver acts on the aim; a secondary driver acts on one or more primary drivers."""

    level: Literal["primary", "secondary"] = asked(
        "Does it act on the aim itself, or on another driver?",
        "Primary drivers act on the aim, secondary drivers on primary ones.",
        required=True,
    )
    text: Text = asked(
        "What must be different in the system?",
        "A state to be reached, not yet what you will do.",
    )
    definition: Text = asked(
        "How would you know that it is?",
        "What you would see if it were so.",
    )
    acts_on: many("driver") = asked(
        "Which drivers does it act on?",
        "One or several.",
        default=(),
    )
    causes: many("cause") = asked(
        "Which causes does it answer?",
        "The causes that the team has chosen and has evidence for.",
        default=(),
    )


class ChangeIdea(Item):
    """Something to try, concrete enough to start next week, for one secondary driver or several."""

    text: Text = asked(
        "What could you try next week?",
        "So concrete that a colleague could start with it.",
    )
    drivers: many("driver") = asked(
        "Which drivers does it serve?",
        "One or several.",
        default=(),
    )
    who: Name = asked(
        "Who would try it first?",
        "One person, one class, one day.",
    )


class Measure(Item):
    """A measure with its operational definition; ``of`` names the aim, drivers or change ideas."""

    type: Literal["outcome", "process", "balancing"] = asked(
        "What does it watch?",
        "The outcome, whether the change is being done, or who might pay for it.",
        required=True,
    )
    text: Name = asked(
        "What is it called?",
        "A few words.",
    )
    definition: Text = asked(
        "How would two people get the same number?",
        "What counts, what does not, and when it is looked at.",
    )
    numerator: Text = asked(
        "What do you count?",
        "Such as students who had results within a week.",
    )
    denominator: Text = asked(
        "Out of what?",
        "All those whom it could have happened to.",
    )
    frequency: Name = asked(
        "How often will you look?",
        "The more often, the sooner you see a change.",
    )
    source: Text = asked(
        "Where does the number come from?",
        "The system, the form or the person that has it.",
    )
    better: Literal["", "higher", "lower"] = asked(
        "Which way is better?",
        "Higher or lower.",
    )
    of: many("aim", "driver", "change_idea") = asked(
        "What is it a measure of?",
        "The aim, the drivers or the change ideas that it watches.",
        default=(),
    )


class Cycle(Item):
    """One PDSA cycle, its learning questions under it; it goes on from ``previous``."""

    idea: one("change_idea") = asked(
        "Which change idea do you test?",
        "One at a time.",
        default=None,
    )
    previous: one("cycle") = asked(
        "Which test does it go on from?",
        "The one before it, if there is one.",
        default=None,
    )
    text: Text = asked(
        "What will you test, in one sentence?",
        "Small enough to be done by the next meeting.",
    )
    who: Name = asked(
        "Who does it?",
        "A person who has said yes.",
    )
    where: Name = asked(
        "Where?",
        "The class, the grade or the office.",
    )
    starts: date | None = asked(
        "On which day does it start?",
        "As 2026-02-03.",
        default=None,
    )
    ends: date | None = asked(
        "On which day does it end?",
        "As 2026-02-17.",
        default=None,
    )
    teachers: Count | None = asked(
        "How many teachers take part?",
        "One is a good beginning.",
        default=None,
    )
    students: Count | None = asked(
        "How many students does it reach?",
        "Begin small: what goes wrong should go wrong for few.",
        default=None,
    )
    measures: many("measure") = asked(
        "What will you measure?",
        "What you can count while it runs.",
        default=(),
    )
    plan: Long = asked(
        "What will happen, step by step?",
        "Who does what, when, and what is written down.",
    )
    did: Long = asked(
        "What happened?",
        "What was done as it was done, and what you did not expect.",
    )
    studied: Long = asked(
        "What do you see, beside what you predicted?",
        "What came in, what did not, and what you learned from it.",
    )
    decision: Literal["", "adopt", "adapt", "abandon"] = asked(
        "What do you do with the change now?",
        "Adopt it, adapt it, or abandon it; each is a result.",
    )
    reason: Text = asked(
        "Why?",
        "What in the test led you to decide so.",
    )
    next: Text = asked(
        "What will you try next?",
        "The next test, a little wider or a little different.",
    )


class LearningQuestion(Item):
    """What a cycle asks, predicts (``low`` to ``high`` where it is in numbers) and got."""

    cycle: under("cycle") = asked(
        "In which test?",
        "The test that asks it.",
        required=True,
    )
    text: Text = asked(
        "What do you want to learn from this test?",
        "A question that the test can answer either way.",
    )
    prediction: Text = asked(
        "What do you predict?",
        "Write it before the test; only then can you be surprised.",
    )
    low: float | None = asked(
        "What is the least that you expect?",
        "A number; leave it open where you predict in words.",
        default=None,
    )
    high: float | None = asked(
        "What is the most that you expect?",
        "A number; the same as the least where you expect just one.",
        default=None,
    )
    unit: Name = asked(
        "In what is it counted?",
        "Such as students or percent.",
    )
    confidence: Percent | None = asked(
        "How sure are you, from 0 to 100?",
        "How often you would be right if you predicted a hundred such things.",
        default=None,
    )
    result: Text = asked(
        "What came?",
        "In words, beside what you predicted.",
    )
    value: float | None = asked(
        "What number came?",
        "In the unit of the prediction.",
        default=None,
    )
