"""What a team's theory is made of: one class for each kind of thing, with an id, author and time.

Each field that people fill in carries the question that it answers (its title) and a sentence of
help (its description). Names follow Bryk and others, *Learning to Improve* (2015), Provost and
Bennett (2015) for driver diagrams, and the forms that Carnegie, IHI and county offices use for
fishbones, process maps, empathy interviews and PDSA cycles.
"""

from typing import Annotated, Literal

from pydantic import Field

from see_the_system.theory.fields import Answer as Answer
from see_the_system.theory.fields import Dropped as Dropped
from see_the_system.theory.fields import (
    Id,
    Item,
    Name,
    Percent,
    Text,
    asked,
    matching,
    one,
    under,
)
from see_the_system.theory.fields import Question as Question
from see_the_system.theory.kinds_of_changes import Aim as Aim
from see_the_system.theory.kinds_of_changes import ChangeIdea as ChangeIdea
from see_the_system.theory.kinds_of_changes import Cycle as Cycle
from see_the_system.theory.kinds_of_changes import Driver as Driver
from see_the_system.theory.kinds_of_changes import LearningQuestion as LearningQuestion
from see_the_system.theory.kinds_of_changes import Measure as Measure
from see_the_system.theory.kinds_of_evidence import Code as Code
from see_the_system.theory.kinds_of_evidence import Connection as Connection
from see_the_system.theory.kinds_of_evidence import Evidence as Evidence
from see_the_system.theory.kinds_of_evidence import Interview as Interview
from see_the_system.theory.kinds_of_evidence import Lane as Lane
from see_the_system.theory.kinds_of_evidence import ProcessMap as ProcessMap
from see_the_system.theory.kinds_of_evidence import Quote as Quote
from see_the_system.theory.kinds_of_evidence import Step as Step
from see_the_system.theory.kinds_of_evidence import Theme as Theme


class Charter(Item):
    """What the team agreed with those who set it up. There is one, with the id ``charter``."""

    id: Id = "charter"
    team: Name = asked(
        "What is your team called?",
        "The name that stands on its pictures and reports.",
    )
    district: matching(r"^(\d\d-\d{5})?$") = asked(
        "Which district is it?",
        "Its name as the state writes it, or its code, as 99-10017; with it the data can be asked.",
    )
    purpose: Text = asked(
        "What is this team here to do?",
        "One or two sentences that everyone on the team would sign.",
    )
    sponsor: Name = asked(
        "Who set up the team, and will hear from it?",
        "The person who can clear the way for what you find.",
    )
    authority: Text = asked(
        "What may you change without asking anyone?",
        "Write what is yours to change, and where you need a yes.",
    )
    time: Text = asked(
        "When do you meet, and how much time have you been given?",
        "Time that stands in the calendar is time that the work gets.",
    )
    scope: Text = asked(
        "What is in, and what is out, this year?",
        "The grades, schools and questions that you keep to, and those you leave for later.",
    )


class Member(Item):
    """One person of the team, or a voice that the team has made room for."""

    name: Name = asked(
        "What is your name?",
        "The name your colleagues call you by; for a voice you are still looking for, leave it "
        "open.",
    )
    role: Name = asked(
        "What is your role in this work?",
        "What you bring, such as teaches grade 7 mathematics.",
    )
    level: Literal[
        "", "district", "school", "classroom", "student", "family", "community", "county"
    ] = asked(
        "From where do you see the problem?",
        "A team that sees it from several places sees more of the system.",
    )
    decides: bool = asked(
        "Can you decide on what the team wants to change?",
        "At least one person on the team should be able to say yes.",
        default=False,
    )
    time: Name = asked(
        "How much time do you have for this?",
        "Such as two hours every second week.",
    )


class Norm(Item):
    """One agreement of the team on how it works together."""

    text: Text = asked(
        "What do you promise each other about how you work?",
        "One promise that you can keep and can see being kept.",
    )


class Problem(Item):
    """The problem statement and what it must name. There is one, with the id ``problem``."""

    id: Id = "problem"
    text: Text = asked(
        "What is the problem, in one sentence?",
        "What the system gives to one group and not to another; neither why, nor what to do "
        "about it.",
    )
    measure: Text = asked(
        "By what measure do you see it?",
        "The test or the count, such as percent who met the standard in mathematics.",
    )
    value: Name = asked(
        "How large is it, as a number?",
        "With its unit, such as 24 points.",
    )
    group: Name = asked(
        "Which group of students does the system serve less well?",
        "By the name that the state gives the group, so that the data can be asked.",
    )
    comparison: Name = asked(
        "Beside which group do you look at it?",
        "The group or the standard that you compare with.",
    )
    grades: Name = asked(
        "In which grades?",
        "Such as 6 to 8.",
    )
    place: Name = asked(
        "Where: in which district or schools?",
        "The place that your number is about.",
    )
    period: Name = asked(
        "From when is the number?",
        "The school year or the spring of the test.",
    )
    principle: Text = asked(
        "Why does it matter to you that this changes?",
        "What your team believes every student is owed.",
    )
    public: Text = asked(
        "What would you say of it in public?",
        "Once you have looked at the data: how wide and since when, where it is and where it is "
        "not, and what you do not know.",
    )


class Category(Item):
    """One bone of the fishbone."""

    text: Name = asked(
        "Which part of how we work do these causes belong to?",
        "Two or three words, such as Time, Placement or Instruction.",
    )
    definition: Text = asked(
        "What belongs here, and what does not?",
        "A sentence that lets two people sort a cause in the same way.",
    )


class Cause(Item):
    """One cause as the team sees it, under a category or under another cause.

    ``control``: whether the team can influence it. ``leverage``: kept as a place to act.
    ``confidence``: 0 to 100, the team's own word before evidence. ``part``: the part of the gap
    that it claims to make, as the decomposition names it.
    """

    parent: under("category", "cause") = asked(
        "What does it help to bring about?",
        "The category or the cause that it stands under.",
        required=True,
    )
    text: Text = asked(
        "What in how we work makes this happen?",
        "One thing that adults or rules do or leave out, in a sentence that could turn out to "
        "be wrong.",
    )
    control: Literal["", "ours", "partly", "outside"] = asked(
        "Is it ours to change?",
        "Ours, ours in part, or outside what the team can influence.",
    )
    leverage: bool = asked(
        "Do you want to act here?",
        "Mark the few causes where a change would move the most.",
        default=False,
    )
    confidence: Percent | None = asked(
        "How sure are you of it today, from 0 to 100?",
        "Your own guess before you look; it is a way to learn how well you guess.",
        default=None,
    )
    part: Literal[
        "",
        "between schools",
        "within schools",
        "between grades",
        "within grades",
        "before grade 6",
        "during middle school",
    ] = asked(
        "Which part of the gap would it explain?",
        "Where or when the gap would have to be seen if this cause is real; the data can then "
        "be asked.",
    )


class Why(Item):
    """One answer in five whys to what it stands under; two under one thing are branches."""

    parent: under("problem", "cause", "why") = asked(
        'Which answer do you ask "why?" about?',
        "The problem, the cause or the answer before it.",
        required=True,
    )
    text: Text = asked(
        "Why does that happen?",
        "What in the system leads to it; where the answer is a person, ask what made it the "
        "easiest thing to do.",
    )
    actionable: bool = asked(
        "Could you do something here?",
        "Stop asking where the answer is something that your team can change.",
        default=False,
    )


# --- what people add to all of it ---
class Vote(Item):
    """The dots that one person gave to one thing."""

    on: under("cause", "change_idea") = asked(
        "What do you give your dots to?",
        "A cause or a change idea.",
        required=True,
    )
    voter: Name = asked(
        "Who gives them?",
        "Your name, as your colleagues know it.",
        required=True,
    )
    dots: Annotated[int, Field(ge=1, le=20)] = asked(
        "How many dots do you give it?",
        "More dots for what you find more worth the team's time.",
        default=1,
    )


class Note(Item):
    """A remark on anything, or on the whole (``on`` empty)."""

    on: one("*") = asked(
        "What is your remark about?",
        "Anything in the theory, or the whole of it.",
        default=None,
    )
    text: Text = asked(
        "What do you want the others to know?",
        "What you noticed, wondered or agreed.",
    )
