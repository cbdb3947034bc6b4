"""What the checks look for in how causes, drivers and ideas are worded, and in the interviews."""

from see_the_system.theory.model import full_name, rule
from see_the_system.theory.wording import closed, deficit, deficits, solution_as_cause


@rule(
    "should",
    "causes",
    "The CORE districts revised and refined what they had thought at first, and that can only be "
    "seen where it was written down (Nayfack and others, PACE, 2017).",
)
def theory_written(theory):
    """No cause is written down yet."""
    if theory.categories and not theory.causes:
        yield (
            theory.categories[0].id,
            "The fishbone has bones and no causes yet.",
            "Write down what you think today, before the data, so that you can see later what "
            "you learned.",
        )


@rule(
    "should",
    "causes",
    "Where results are put down to students or families, what the school itself does goes "
    "unexamined (Weiner, Educational Leadership, 2006).",
)
def deficit_wording(theory):
    """A cause, a why, a driver or a change idea is worded as a lack in students, families or
    teachers.
    """
    for item in (*theory.causes, *theory.whys, *theory.drivers, *theory.ideas):
        found = deficit(item.text)
        if found:
            name = full_name(item)
            yield (
                item.id,
                f"The words “{found.words}” in the {name} put the problem in people.",
                f"Try it as a question about the system: {found.ask}",
            )


@rule(
    "should",
    "causes",
    "“Lack of a program” has one answer, the program, so nobody asks what the system does now "
    "(NYC Improvement Science Handbook, on “solutionitis”).",
)
def cause_solution(theory):
    """A cause is the absence of a solution."""
    for cause in theory.causes:
        words = solution_as_cause(cause.text)
        if words:
            name = full_name(cause)
            yield (
                cause.id,
                f"In the {name}, “{words}” names a solution that is absent.",
                "Say what happens now instead, to whom and how often.",
            )


@rule(
    "must",
    "interviews",
    "People's words are theirs until they say that the team may keep them (this curriculum's own "
    "rule).",
)
def interview_consent(theory):
    """Words are kept from an interview without consent."""
    for interview in theory.interviews:
        if not interview.consent and theory.under(interview.id, "quote"):
            whose = _which(interview)
            yield (
                interview.id,
                f"Words from {whose} are kept, and consent is not marked.",
                "Ask for consent and mark it, or take the words out.",
            )


@rule(
    "should",
    "interviews",
    "Empathy interviews ask open questions that bring out stories, not yes or no (Inflexion; "
    "Student Powered Improvement).",
)
def question_closed(theory):
    """An interview question can be answered with yes, no or a number."""
    for interview in theory.interviews:
        where = _which(interview)
        for question in interview.questions:
            answer = closed(question)
            if answer:
                yield (
                    interview.id,
                    f"In {where}, “{question}” can be answered with {answer}.",
                    "Ask for a story instead: “Tell me about a time when …”",
                )


def _which(interview):
    return f"the interview with a {interview.role}" if interview.role else "an interview"
