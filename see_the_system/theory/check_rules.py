"""Every check of a team's theory: its level, what it looks for, and why that matters, with where it
is written.
"""

from typing import NamedTuple

LEVELS = ("must", "should", "consider")


class Rule(NamedTuple):
    """``level``: one of ``LEVELS``; ``part``: the part of the work; ``looks``: what it looks for;
    ``why``: one sentence with its source.
    """

    level: str
    part: str
    looks: str
    why: str


# In the order of the work, which is the order of findings within a level.
RULES = {
    "team-named": Rule(
        "should",
        "team",
        "Nobody is on the team yet.",
        "The CORE districts' first lesson is that seeing the system starts with a team set "
        "up for success (Nayfack and others, PACE, "
        "2017).",
    ),
    "team-decides": Rule(
        "must",
        "team",
        "Nobody on the team can decide.",
        "California's district collaboratives ask for at least one senior decision-maker on "
        "every team (California Education Partners).",
    ),
    "team-classroom": Rule(
        "must",
        "team",
        "Nobody on the team works in a classroom.",
        "District teams come from the central office, the site and the classroom, and each "
        "sees another part of the system (California "
        "Education Partners).",
    ),
    "team-student": Rule(
        "should",
        "team",
        "No student's voice is on the team.",
        "Those who live with a problem belong in the search for its causes (Santa Clara "
        "County Office of Education, systems analysis "
        "prompts).",
    ),
    "problem-written": Rule(
        "should",
        "problem",
        "There is no problem statement yet.",
        "The first principle of improvement asks what, specifically, is the problem (Bryk "
        "and others, Learning to Improve, 2015).",
    ),
    "problem-names": Rule(
        "must",
        "problem",
        "The problem statement lacks its measure, group, place or period.",
        "A problem is ready to be studied when it is specific: who, where, when and by which "
        "measure (Bryk and others, Learning to "
        "Improve, 2015).",
    ),
    "problem-number": Rule(
        "should",
        "problem",
        "The problem statement has no number.",
        "What is not measured cannot be improved at scale (Bryk and others, Learning to "
        "Improve, 2015).",
    ),
    "problem-cause": Rule(
        "must",
        "problem",
        "The problem statement contains a cause.",
        "A cause in the statement ends the search of the whole system before it starts "
        "(Anthony, Institute for Learning, University of "
        "Pittsburgh, 2023).",
    ),
    "problem-solution": Rule(
        "must",
        "problem",
        "The problem statement contains a solution.",
        "Understanding the exact problem comes before looking for solutions, or a team falls "
        "into “solutionitis” (NYC Improvement "
        "Science Handbook).",
    ),
    "problem-blame": Rule(
        "must",
        "problem",
        "The problem statement blames people.",
        "Where results are put down to students or families, what the school itself does "
        "goes unexamined (Weiner, Educational "
        "Leadership, 2006).",
    ),
    "theory-written": Rule(
        "should",
        "causes",
        "No cause is written down yet.",
        "The CORE districts revised and refined what they had thought at first, and that can "
        "only be seen where it was written down "
        "(Nayfack and others, PACE, 2017).",
    ),
    "deficit-wording": Rule(
        "should",
        "causes",
        "A cause, a why, a driver or a change idea is worded as a lack in students, families "
        "or teachers.",
        "Where results are put down to students or families, what the school itself does "
        "goes unexamined (Weiner, Educational "
        "Leadership, 2006).",
    ),
    "cause-solution": Rule(
        "should",
        "causes",
        "A cause is the absence of a solution.",
        "“Lack of a program” has one answer, the program, so nobody asks what the system "
        "does now (NYC Improvement Science Handbook, on "
        "“solutionitis”).",
    ),
    "interview-consent": Rule(
        "must",
        "interviews",
        "Words are kept from an interview without consent.",
        "People's words are theirs until they say that the team may keep them (this "
        "curriculum's own rule).",
    ),
    "question-closed": Rule(
        "should",
        "interviews",
        "An interview question can be answered with yes, no or a number.",
        "Empathy interviews ask open questions that bring out stories, not yes or no "
        "(Inflexion; Student Powered Improvement).",
    ),
    "cause-ruled-out": Rule(
        "must",
        "causes",
        "A cause that evidence ruled out still stands behind a driver or is kept as a place "
        "to act.",
        "Causes are tested with data, and what fails the test is set aside (Bryk, Carnegie "
        "Foundation, 2014, on causal systems).",
    ),
    "cause-hunch": Rule(
        "should",
        "causes",
        "A cause stands behind a driver or is kept as a place to act, and has no evidence.",
        "A fishbone collects what people think; only evidence tells which of it is so "
        "(Carnegie Foundation, causal system analysis).",
    ),
    "cause-one-kind": Rule(
        "should",
        "causes",
        "Only one kind of evidence speaks for a cause.",
        "No single source of evidence is enough: data, people's words, and how work is done "
        "each show another side (Carnegie Foundation, "
        "causal system analysis).",
    ),
    "cause-contested": Rule(
        "consider",
        "causes",
        "Evidence speaks for a cause and against it.",
        "Where evidence disagrees, variation may be hiding: what is so, for whom, and under "
        "what conditions (Bryk and others, Learning "
        "to Improve, 2015).",
    ),
    "cause-outside": Rule(
        "should",
        "causes",
        "A cause outside the team's control stands behind a driver or is kept as a place to act.",
        "Teams make headway on problems within their own control (REL Midwest, on networked "
        "improvement communities).",
    ),
    "cause-left": Rule(
        "should",
        "causes",
        "A cause was left behind without a word.",
        "The CORE districts learned by revising what they thought at first, and a reason "
        "tells a cause set aside from one forgotten "
        "(Nayfack and others, PACE, 2017).",
    ),
    "aim-names": Rule(
        "must",
        "aim",
        "The aim lacks its number, baseline, date, population or measure.",
        "An aim says how much, for whom and by when: some is not a number, soon is not a "
        "time (Institute for Healthcare Improvement).",
    ),
    "aim-direction": Rule(
        "must",
        "aim",
        "The aim's target is its baseline, or lies in the wrong direction.",
        "An aim describes what better looks like, so its target and its measure point the "
        "same way (Institute for Healthcare "
        "Improvement).",
    ),
    "aim-past": Rule(
        "must",
        "aim",
        "The aim's date is past.",
        "An aim has a date so that a team stops there and asks what it learned (Institute "
        "for Healthcare Improvement).",
    ),
    "aim-could-show": Rule(
        "should",
        "aim",
        "The data could not show by its date that the aim was met.",
        "An aim is worth setting when its measure can tell a real change from chance (Bryk "
        "and others, Learning to Improve, 2015).",
    ),
    "driver-no-cause": Rule(
        "should",
        "drivers",
        "No cause supports a driver.",
        "Drivers are a team's best bets from the causes it found (Carnegie Foundation, on "
        "driver diagrams).",
    ),
    "driver-loose": Rule(
        "should",
        "drivers",
        "A secondary driver acts on no primary driver.",
        "A driver diagram reads as if-then, from each change to the aim (Provost and "
        "Bennett, Quality Progress, 2015).",
    ),
    "driver-many": Rule(
        "consider",
        "drivers",
        "There are more than five primary drivers.",
        "A driver diagram shows the few places where a change counts most, usually three to "
        "five (Bryk and others, Learning to Improve, "
        "2015).",
    ),
    "idea-no-driver": Rule(
        "should",
        "drivers",
        "A change idea serves no driver.",
        "A change that serves no driver is not part of the theory, so nothing is learned "
        "about the theory from it (Provost and Bennett, "
        "Quality Progress, 2015).",
    ),
    "idea-no-measure": Rule(
        "should",
        "measures",
        "No measure belongs to a change idea.",
        "The second question of improvement is how we will know that a change is an "
        "improvement (Institute for Healthcare Improvement, "
        "Model for Improvement).",
    ),
    "measure-undefined": Rule(
        "should",
        "measures",
        "A measure has no definition.",
        "Two reports explain the same 382 and 578 college applicants in Fresno in two ways, "
        "and without a definition nobody can tell "
        "which is right (ABC30 and EdSource, 2017).",
    ),
    "measure-balancing": Rule(
        "should",
        "measures",
        "There is no balancing measure.",
        "A change can do harm elsewhere, and few projects look for it (Toma and others, BMJ "
        "Quality & Safety, 2018).",
    ),
    "cycle-prediction": Rule(
        "must",
        "tests",
        "A test has no prediction.",
        "A prediction made in the plan is what a test is compared with, and so how a team "
        "learns (Taylor and others, BMJ Quality & "
        "Safety, 2014).",
    ),
    "cycle-compared": Rule(
        "should",
        "tests",
        "A test is decided and its result is not beside its prediction.",
        "The study step compares what came with what was predicted (Taylor and others, BMJ "
        "Quality & Safety, 2014).",
    ),
    "cycle-missed": Rule(
        "should",
        "tests",
        "A change was adopted although a prediction in numbers was missed, and no reason is "
        "written.",
        "A test teaches by the difference between what was predicted and what came, so a "
        "miss asks for a word (after Taylor and others, "
        "BMJ Quality & Safety, 2014).",
    ),
    "prediction-confidence": Rule(
        "consider",
        "tests",
        "A prediction in numbers does not say how sure the team is.",
        "Only a prediction with a confidence can show a team over time whether it is as "
        "often right as it is sure (this curriculum's own "
        "rule).",
    ),
    "cycle-large": Rule(
        "should",
        "tests",
        "A first test has more than one teacher or more than one class.",
        "A first test is small because nobody knows yet whether it works; its scale grows as "
        "confidence does (Taylor and others, BMJ "
        "Quality & Safety, 2014).",
    ),
    "cycle-alone": Rule(
        "should",
        "tests",
        "A change was adopted or adapted after a single test, with no next one named.",
        "A change takes two linked tests or more, each built on what the one before taught "
        "(Knudsen and others, BMC Health Services "
        "Research, 2019).",
    ),
    "cycle-measure": Rule(
        "should",
        "tests",
        "A test collects no data.",
        "A test without data cannot be compared with its prediction (Taylor and others, BMJ "
        "Quality & Safety, 2014).",
    ),
    "cycle-over-time": Rule(
        "consider",
        "tests",
        "The measures of a tested change are not collected over time.",
        "Data at three or more points in a row show whether a process changed or only varied "
        "(Knudsen and others, BMC Health Services "
        "Research, 2019).",
    ),
    "cycle-rationale": Rule(
        "should",
        "tests",
        "A test belongs to no change idea that serves a driver.",
        "A test teaches most when it says why the change should work (Knudsen and others, "
        "BMC Health Services Research, 2019).",
    ),
    "cycle-written": Rule(
        "should",
        "tests",
        "A test is decided and part of it is not written down.",
        "What is not written down cannot be learned from, here or elsewhere (Taylor and "
        "others, BMJ Quality & Safety, 2014).",
    ),
}
