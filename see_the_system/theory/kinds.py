"""What a team's theory is made of: one class for each kind of thing, with an id, author and time.

Each field that people fill in carries the question that it answers (its title) and a sentence of
help (its description). Names follow Bryk and others, *Learning to Improve* (2015), Provost and
Bennett (2015) for driver diagrams, and the forms that Carnegie, IHI and county offices use for
fishbones, process maps, empathy interviews and PDSA cycles.
"""

from typing import Annotated

from pydantic import Field

from see_the_system.theory.fields import Answer as Answer
from see_the_system.theory.fields import Dropped as Dropped
from see_the_system.theory.fields import Item, Name, Text, asked, one, under
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
from see_the_system.theory.kinds_of_problems import Category as Category
from see_the_system.theory.kinds_of_problems import Cause as Cause
from see_the_system.theory.kinds_of_problems import Charter as Charter
from see_the_system.theory.kinds_of_problems import Member as Member
from see_the_system.theory.kinds_of_problems import Norm as Norm
from see_the_system.theory.kinds_of_problems import Problem as Problem
from see_the_system.theory.kinds_of_problems import Why as Why


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
