"""Empathy interviews of the practice network, as transcripts that a team reads, codes and quotes.

Synthetic: nobody in them exists. People tell of particular days and contradict each other, as
people do; what stands behind it is for a team to find.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from practice_network import network, planted
from practice_network.network import stored, writable
from see_the_system.paths import write_whole

# A turn begins with who speaks and a colon, at the beginning of its line.
_TURN = re.compile(r"^([^\W\d_][\w .]{0,30}): (.*)$")


@dataclass(frozen=True)
class Transcript:
    """One interview: whose it is, where it was held, and its ``turns`` (who speaks, what is said).

    ``role`` is the person's, never a name; ``grade`` and ``group`` (the state's name) are "" where
    they do not apply, ``school`` where it is the district's. ``touches`` is for facilitators: the
    planted causes that what is told bears on, and "attendance believed" or "attendance refuted" of
    the wrong theory.
    """

    id: str
    district: str
    school: str
    role: str
    grade: str
    group: str
    setting: str
    turns: tuple
    touches: tuple = field(default=(), repr=False)


def interviews(district=None):
    """The transcripts of a practice district, or of all (tuple of ``Transcript``).

    ``Refusal`` for any other district.

    >>> [transcript.role for transcript in interviews("Little Comet Elementary")]
    ['teacher', 'student', 'family', 'student', 'board member']
    """
    if district is None:
        return _all()
    code = planted.code_of(district)
    return tuple(transcript for transcript in _all() if transcript.district == code)


def text(transcript):
    r"""The page of a transcript that a team reads (text).

    It says that it is synthetic and nothing of what is planted.

    >>> print("\n".join(text(interviews("10082")[1]).splitlines()[:2]))
    Synthetic transcript: the person, the school and the day are made up.
    Student, grade 8, American Indian or Alaska Native
    """
    who = [transcript.role[0].upper() + transcript.role[1:]]
    if transcript.grade:
        several = " " in transcript.grade
        who.append(f"grades {transcript.grade}" if several else f"grade {transcript.grade}")
    where = [transcript.school, network.DISTRICT_NAMES[transcript.district]]
    head = [
        "Synthetic transcript: the person, the school and the day are made up.",
        ", ".join(filter(None, [*who, transcript.group])),
        ", ".join(filter(None, where)),
        transcript.setting,
    ]
    turns = [f"{speaker}: {words}" for speaker, words in transcript.turns]
    return "\n\n".join(["\n".join(head), *turns]) + "\n"


def write_interviews(folder, district):
    """Writes the transcripts of a district as pages of text into a folder and gives their paths.

    The folder is made if need be.
    """
    paths = []
    with writable(folder) as place:
        for transcript in interviews(district):
            paths.append(place / f"synthetic_{transcript.id}.txt")
            write_whole(paths[-1], text(transcript))
    return paths


@cache
def _all():
    return tuple(_transcript(**entry) for entry in stored("interviews.yaml"))


def _transcript(talk, touches, **entry):
    return Transcript(**entry, turns=_turns(talk), touches=tuple(touches))


def _turns(talk):
    """The turns of a talk (tuple of pairs); an indented line goes on with the turn before it."""
    joined = re.sub(r"\n +", " ", talk)
    return tuple(_TURN.match(line).groups() for line in joined.splitlines())
