"""What the checks look for in the team, its problem, its words and its interviews: the rule, where,
what was found and what to do.
"""

from see_the_system.theory import wording
from see_the_system.theory.checks_of_causes import called
from see_the_system.theory.checks_of_drivers import listed

_WORDED = ("causes", "whys", "drivers", "ideas")


def findings(theory):
    """Findings on the team, the problem, the wording and the interviews, as (rule, where, what,
    do), one at a time.
    """
    for look in (_team, _problem, _wording, _interviews):
        yield from look(theory)


def _team(theory):
    if not theory.members:
        yield (
            "team-named",
            "charter",
            "Nobody is named on the team yet.",
            "Name the people who see this problem every day, and someone who can decide.",
        )
        return
    levels = {member.level for member in theory.members}
    if not any(member.decides for member in theory.members):
        yield (
            "team-decides",
            "charter",
            "Nobody on the team is marked as someone who can decide.",
            "Invite a person who can say yes to a change, and mark it beside the name.",
        )
    if "classroom" not in levels:
        yield (
            "team-classroom",
            "charter",
            "Nobody on the team works in a classroom.",
            "Invite a teacher whose students the problem touches.",
        )
    if "student" not in levels:
        yield (
            "team-student",
            "charter",
            "No student's voice is on the team.",
            "Ask two students to advise the team, and name them by role.",
        )


def _problem(theory):
    problem = theory.problem
    if not problem.text:
        yield (
            "problem-written",
            "problem",
            "There is no problem statement yet.",
            "Write one sentence: which result, for which students, where and when.",
        )
        return
    missing = [
        name for name in ("measure", "group", "place", "period") if not getattr(problem, name)
    ]
    if missing:
        yield (
            "problem-names",
            "problem",
            f"The problem statement has no {listed(missing, 'or')} filled in.",
            f"Fill in its {listed(missing, 'and')}, so that everyone means the same problem.",
        )
    if not any(letter.isdigit() for letter in problem.text + problem.value):
        yield (
            "problem-number",
            "problem",
            "The problem statement has no number.",
            "Add the size of the gap, such as the percent of students who met the standard "
            "in each group.",
        )
    if found := wording.cause_in_problem(problem.text):
        yield (
            "problem-cause",
            "problem",
            f"The problem statement gives a cause with the words “{found}”.",
            "Keep what is seen in the statement, and move the cause to the fishbone.",
        )
    if found := wording.solution_in_problem(problem.text):
        yield (
            "problem-solution",
            "problem",
            f"The problem statement points to a solution with the words “{found}”.",
            "Say what students experience now, and keep the idea for the driver diagram.",
        )
    if found := wording.deficit(problem.text):
        yield (
            "problem-blame",
            "problem",
            f"The words “{found.words}” in the problem statement put the problem in people.",
            "Say what is seen in the results, and keep this question for the fishbone: "
            f"{found.ask}",
        )


def _wording(theory):
    if theory.categories and not theory.causes:
        yield (
            "theory-written",
            theory.categories[0].id,
            "The fishbone has bones and no causes yet.",
            "Write down what you think today, before the data, so that you can see later "
            "what you learned.",
        )
    for item in (item for name in _WORDED for item in getattr(theory, name)):
        if found := wording.deficit(item.text):
            yield (
                "deficit-wording",
                item.id,
                f"The words “{found.words}” in the {called(item)} put the problem in people.",
                f"Try it as a question about the system: {found.ask}",
            )
    for cause in theory.causes:
        if found := wording.solution_as_cause(cause.text):
            yield (
                "cause-solution",
                cause.id,
                f"In the {called(cause)}, “{found}” names a solution that is absent.",
                "Say what happens now instead, to whom and how often.",
            )


def _interviews(theory):
    for interview in theory.interviews:
        who = f"the interview with a {interview.role}" if interview.role else "an interview"
        if not interview.consent and theory.under(interview.id, "quote"):
            yield (
                "interview-consent",
                interview.id,
                f"Words from {who} are kept, and consent is not marked.",
                "Ask for consent and mark it, or take the words out.",
            )
        for question in interview.questions:
            if answer := wording.closed(question):
                yield (
                    "question-closed",
                    interview.id,
                    f"In {who}, “{question}” can be answered with {answer}.",
                    "Ask for a story instead: “Tell me about a time when …”",
                )
