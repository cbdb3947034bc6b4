"""Empathy interviews of the practice network, as transcripts that a team reads, codes and quotes.
Synthetic: nobody in them exists.

People tell of particular days and contradict each other, as people do; what stands behind it is for
a team to find.
"""

import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import yaml

from practice_network import network, planted
from practice_network.year_files import writable

BELIEVED, REFUTED = "attendance believed", "attendance refuted"
_TURN = re.compile(r"^([^\W\d_][\w .]{0,30}): (.*)$")


@dataclass(frozen=True)
class Transcript:
    """One interview: whose it is, where and when it was held, and its ``turns`` as (who speaks,
    what is said).

    ``role`` is the person's, never a name; ``grade`` and ``group`` (the state's name) are "" where
    they do not apply, ``school`` where it is the district's. ``touches`` is for facilitators: the
    planted causes that what is told bears on, and ``BELIEVED`` or ``REFUTED`` of the wrong theory.
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
    synthetic: bool = True


def interviews(district=None):
    """The transcripts of a practice district, or of all (tuple of ``Transcript``); ``Refusal`` for
    any other district.

    >>> [one.role for one in interviews("Little Comet Elementary")]
    ['teacher', 'student', 'family']
    """
    code = None if district is None else planted.code_of(district)
    return tuple(one for one in _all() if code in (None, one.district))


def text(transcript):
    r"""The page of a transcript that a team reads (text); it says that it is synthetic and nothing
    of what is planted.

    >>> print("\n".join(text(interviews("10082")[1]).splitlines()[:2]))
    Synthetic transcript: the person, the school and the day are made up.
    Student, grade 8, American Indian or Alaska Native
    """
    who = transcript.role[0].upper() + transcript.role[1:]
    grade = f"grade{'s' * (' ' in transcript.grade)} {transcript.grade}" if transcript.grade else ""
    names = {district.code: district.name for district in network.DISTRICTS}
    head = [
        "Synthetic transcript: the person, the school and the day are made up.",
        ", ".join(part for part in (who, grade, transcript.group) if part),
        ", ".join(part for part in (transcript.school, names[transcript.district]) if part),
        transcript.setting,
    ]
    return (
        "\n".join(head)
        + "\n\n"
        + "\n\n".join(f"{speaker}: {said}" for speaker, said in transcript.turns)
        + "\n"
    )


def write_interviews(folder, district):
    """Writes the transcripts of a district as pages of text into a folder, made if need be, and
    gives their paths.
    """
    with writable(folder) as place:
        paths = {place / f"synthetic_{one.id}.txt": text(one) for one in interviews(district)}
        for path, page in paths.items():
            path.write_text(page, encoding="utf-8")
    return list(paths)


@cache
def _all():
    stored = yaml.safe_load(
        resources.files("practice_network").joinpath("interviews.yaml").read_text(encoding="utf-8")
    )
    return tuple(
        Transcript(**entry, turns=_turns(talk), touches=tuple(touches))
        for entry, talk, touches in map(_parts, stored)
    )


def _parts(entry):
    return (
        {name: value for name, value in entry.items() if name not in ("talk", "touches")},
        entry["talk"],
        entry["touches"],
    )


def _turns(talk):
    """The turns of a talk: a line that begins with a name and a colon starts one, indented lines go
    on with it.
    """
    turns = []
    for line in talk.splitlines():
        if line.startswith(" "):
            turns[-1][1] += " " + line.strip()
        else:
            turns.append(list(_TURN.match(line).groups()))
    return tuple((speaker, said) for speaker, said in turns)
