"""What the checks look for from the team to the causes. Each gives the rule, where, what was found and what to do."""

from helpers.theory import wording
from helpers.theory.evidence import contested, grades, triangulation
from helpers.theory.kinds import Cause
from helpers.theory.model import called as named

_WORDED = ("causes", "whys", "drivers", "ideas")


def findings(theory):
    """Findings on the team, the problem, the wording, the interviews and the causes, as (rule, where, what, do), one at a time."""
    for look in (_team, _problem, _wording, _interviews, _chosen, _evidence, _left):
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
        yield "team-student", "charter", "No student's voice is on the team.", "Ask two students to advise the team, and name them by role."


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
    missing = [name for name in ("measure", "group", "place", "period") if not getattr(problem, name)]
    if missing:
        yield (
            "problem-names",
            "problem",
            f"The problem statement has no {_or(missing)} filled in.",
            f"Fill in its {_and(missing)}, so that everyone means the same problem.",
        )
    if not any(letter.isdigit() for letter in problem.text + problem.value):
        yield (
            "problem-number",
            "problem",
            "The problem statement has no number.",
            "Add the size of the gap, such as the percent of students who met the standard in each group.",
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
            f"The words “{found.words}” in the problem statement place the problem in people.",
            f"Say what is seen in the results, and keep this question for the fishbone: {found.ask}",
        )


def _wording(theory):
    if theory.categories and not theory.causes:
        yield (
            "theory-written",
            theory.categories[0].id,
            "The fishbone has bones and no causes yet.",
            "Write down what you think today, before the data, so that you can see later what you learned.",
        )
    for item in (item for name in _WORDED for item in getattr(theory, name)):
        if found := wording.deficit(item.text):
            yield (
                "deficit-wording",
                item.id,
                f"The words “{found.words}” in {called(item)} place the problem in people.",
                f"Try it as a question about the system: {found.ask}",
            )
    for cause in theory.causes:
        if found := wording.solution_as_cause(cause.text):
            yield (
                "cause-solution",
                cause.id,
                f"In {called(cause)}, “{found}” names a solution that is absent.",
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


def _chosen(theory):
    """The causes on which the team has built: what their evidence says, and whether they are the team's to change."""
    graded, built = grades(theory), chosen(theory)
    for cause in built:
        does = "stands behind a driver" if any(cause.id in driver.causes for driver in theory.drivers) else "is kept as a place to act"
        if graded[cause.id] == "ruled out":
            yield (
                "cause-ruled-out",
                cause.id,
                f"The {called(cause)} {does}, though the evidence speaks against it.",
                "Set it aside with a word on why, or say what the evidence missed.",
            )
        if graded[cause.id] == "hunch":
            yield (
                "cause-hunch",
                cause.id,
                f"The {called(cause)} {does}, and nothing speaks for it yet.",
                "Ask the data, ask those who live it, or follow the process, before you test a change.",
            )
        if cause.control == "outside":
            yield (
                "cause-outside",
                cause.id,
                f"The {called(cause)} {does}, and you marked it as outside your control.",
                "Ask what you do today that makes it matter more, and act on that.",
            )


def _evidence(theory):
    opposed = contested(theory)
    for row in triangulation(theory):
        cause = theory.by_id[row.id]
        kinds = [kind for kind, count in row.supports.items() if count]
        if len(kinds) == 1 and not any(row.against.values()):
            yield (
                "cause-one-kind",
                cause.id,
                f"Only one kind of evidence, {_KIND[kinds[0]]}, speaks for the {called(cause)}.",
                f"Add a second kind: {_OTHER[kinds[0]]}.",
            )
        if cause.id in opposed:
            yield (
                "cause-contested",
                cause.id,
                opposed[cause.id],
                "Ask for whom it holds and where it does not, and write that into the cause.",
            )


_KIND = {"data": "data", "interview": "what people said", "process": "the process map", "document": "a document", "research": "research"}
_OTHER = {
    "data": "ask those who live it",
    "interview": "ask the data",
    "process": "ask those who live it",
    "document": "ask those who live it",
    "research": "ask your own data",
}


def _left(theory):
    """What was dropped with no reason; and, once drivers rest on causes, what is in no chain that is built on, set aside or spoken of."""
    for item in theory.dropped:
        if isinstance(item, Cause) and item.dropped and not item.dropped.why and item.text:
            yield (
                "cause-left",
                item.id,
                f"The {called(item)} was dropped with no reason given.",
                "Add a sentence on what you saw that made you drop it.",
            )
    if not any(driver.causes for driver in theory.drivers):
        return
    graded, spoken = grades(theory), {note.on for note in theory.notes}
    settled = {cause.id for cause in theory.causes if cause.control == "outside" or graded[cause.id] == "ruled out" or cause.id in spoken}
    built = {cause.id for cause in chosen(theory)}
    for category in theory.categories:
        for cause in theory.under(category.id, "cause"):
            if category.id not in spoken and cause.text:
                yield from _left_under(theory, cause, settled, built)


def _left_under(theory, cause, settled, built):
    """A cause whose whole chain is left is one finding; where part of the chain is built on, the rest belongs to it."""
    if cause.id in settled or {cause.id, *below(theory, cause)} & built:
        return
    yield (
        "cause-left",
        cause.id,
        f"The {called(cause)} leads to no driver, and nothing says why it was left.",
        "Link it to a driver, or add a note on why you leave it for now.",
    )


def chosen(theory):
    """The causes that the team has built on: kept as leverage, or named by a driver (list of Cause, in the team's order)."""
    named = {id for driver in theory.drivers for id in driver.causes}
    return [cause for cause in theory.causes if cause.leverage or cause.id in named]


def below(theory, cause):
    """The ids of all causes under a cause (list of text)."""
    found = [under.id for under in theory.under(cause.id, "cause")]
    for id in found:
        found += [under.id for under in theory.under(id, "cause")]
    return found


def called(item):
    """The name of a thing in a finding, longer than elsewhere, since the reader has only these words to find it by."""
    return named(item, most=120)


def _and(names):
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _or(names):
    return _and(names).replace(" and ", " or ")
