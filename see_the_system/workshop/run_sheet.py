"""The lessons as steps with their minutes, an agenda for them, and the sheet to run them from.

A step begins at a heading of its lesson that ends in ``(10 minutes)``. What the team does stands
after ``**Activity 1.1 ...**``. Of the facilitator's cell at that step: the first paragraph, those
that begin with a word of ``SAID``, and what stands after ``**Cut, ...**``; its answers stay there.
In an agenda, breaks, lunch, and a few minutes to come back stand between the steps.
"""

import re
from contextlib import suppress
from datetime import datetime
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import NamedTuple

from see_the_system.messages import Refusal
from see_the_system.paths import write_whole
from see_the_system.workshop import editions
from see_the_system.workshop.editions import HERE

SAID = ("Ask", "Aloud", "Do not", "Rank", "Set nothing", "Voice of rank")
_HEADING = re.compile(r"## (.+?) \((\d+) min(?:ute)?s?\)\s*$", flags=re.MULTILINE)
_ACTIVITY = re.compile(r"\*\*(Activity [^*]+?)\.?\*\*\s*(.+)", flags=re.DOTALL)
_LEAD = re.compile(
    r"\*\*Facilitator · [^(*]+(?:\(\d+ min\w+(?:: (.+?))?\))?\.\*\*(.*)", flags=re.DOTALL
)
_SAID = re.compile(rf"\*\*(?:{'|'.join(SAID)})\b")


class RunLesson(NamedTuple):
    """What the sheet says of a whole lesson."""

    number: str
    title: str
    minutes: int
    needs: str
    before: str
    short: str


class RunStep(NamedTuple):
    """A step: what the team does (pairs), what the facilitator says, what may be cut."""

    lesson: RunLesson
    at: int
    name: str
    minutes: int
    does: tuple
    says: tuple
    cut: str


def read_path(folder, numbers=()):
    """The steps of a folder's lessons in their order (list of RunStep), or of those numbered."""
    stored = {path.name[:2]: path for path in editions.lessons(folder)}
    wanted = sorted({number.zfill(2) for number in numbers}) or list(stored)
    missing = [number for number in wanted if number not in stored]
    if missing or not stored:
        there = ", ".join(stored) or "none"
        raise Refusal(
            f"There is no lesson {' '.join(missing)} in {folder}: the lessons there are {there}."
        )
    return [step for number in wanted for step in read_steps(stored[number])]


def read_steps(path):
    """The steps of a stored lesson (list of RunStep); Refusal where its minutes do not add up."""
    notebook = editions.read_lesson(path)
    card = editions.card(notebook, Path(path).name)
    heading, texts, notes = "", {"": ""}, {}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            found = _HEADING.match(cell.source)
            heading = found[0] if found else heading
            kept = notes if editions.is_for_facilitator(cell) else texts
            kept[heading] = kept.get(heading, "") + cell.source + "\n\n"
    before, needs = notes.get("", ""), _after(r"You need:\*\*", texts.pop(""))
    total = sum(int(_HEADING.match(each)[2]) for each in texts)
    if str(total) != card.minutes:
        raise Refusal(
            f"The minutes of {card.file} do not add up: it says {card.minutes or 'none'}, its "
            f"steps have {total}; a step begins with '## Step 1 · Look (10 minutes)'."
        )
    ready, short = (
        _after(r"Before the session[^*]*\*\*", before),
        _after(r"Short of time\?", before),
    )
    lesson = RunLesson(card.file[:2], card.title, total, needs, ready, short)
    return [_step(lesson, at, *each, notes) for at, each in enumerate(texts.items())]


def _step(lesson, at, heading, text, notes):
    name, minutes = _HEADING.match(heading).groups()
    note = notes.get(heading, "")
    paragraphs = note.split("\n\n")
    found = next(filter(None, map(_LEAD.match, paragraphs)), None)
    split, lead = found.groups() if found else ("", "")
    says = [
        f"Minutes: {split}." if split else "",
        lead,
        *(each for each in paragraphs if _SAID.match(each)),
    ]
    activities = filter(None, map(_ACTIVITY.match, text.split("\n\n")))
    return RunStep(
        lesson,
        at,
        name,
        int(minutes),
        tuple((found[1], editions.plain(found[2])) for found in activities),
        tuple(editions.plain(each) for each in says if each.strip()),
        _after(r"Cut, [^*]*\*\*", note),
    )


def _after(label, text):
    """What stands after a label, to the end of its paragraph (text)."""
    found = re.search(rf"{label}\s*(.+?)(?=\n\n|\Z)", text, flags=re.DOTALL)
    return editions.plain(found[1]) if found else ""


# --- the agenda and the sheet

WORK, AGAIN, LUNCH = 90, 5, 45  # minutes: without a break; to come back to a lesson; to eat
BACK = "Where we were: open the lesson again, and read aloud what stands there"
_LUNCH_FROM, _LUNCH_BY = 11 * 60, 12 * 60 + 45  # minutes after midnight


class MeetingForm(NamedTuple):
    """So many meetings of so many minutes; whether one may end in the middle of a lesson."""

    title: str
    meetings: int
    limit: int
    pause: int
    lunch: bool
    divided: bool


FORMS = {
    "half-day": MeetingForm("Half a day", 1, 210, 10, False, False),
    "one-day": MeetingForm("One day", 1, 360, 10, True, False),
    "four-meetings": MeetingForm("Four meetings", 4, 125, 5, False, True),
    "each-lesson": MeetingForm("A meeting for each lesson", 99, 120, 5, False, False),
}


class Slot(NamedTuple):
    """Some minutes of a meeting: a step, or else words for what happens in them."""

    start: int
    minutes: int
    step: RunStep | None
    words: str = ""


class Agenda(NamedTuple):
    """The meetings of a path (lists of Slot), and the steps that are left for another day."""

    form: MeetingForm
    start: int | None
    meetings: list
    left: list

    @property
    def title(self):
        """What it is called (text); with fewer meetings than its form has, their number."""
        fewer = self.form.divided and len(self.meetings) < self.form.meetings
        return f"Meetings: {len(self.meetings)}" if fewer else self.form.title

    def time(self, minute):
        """A minute of the agenda as a clock on the wall shows it, or a timer (text)."""
        hour = minute // 60
        return f"{(hour - 1) % 12 + 1 if self.start else hour}:{minute % 60:02}"


def make_agenda(steps, form, start=None):
    """The Agenda of steps in one of FORMS, from a minute after midnight, or counted from 0:00."""
    if form not in FORMS:
        raise Refusal(f"There is no agenda {form!r}: choose one of {', '.join(FORMS)}.")
    form, begin = FORMS[form], start or 0
    pieces = (_divided if form.divided else _whole)(steps, form, begin)
    if not pieces:
        raise Refusal(f"No lesson fits into the {form.limit} minutes: choose a longer form.")
    meetings = [_meeting(piece, form, begin) for piece in pieces]
    if max(_end(slots) for slots in meetings) > 24 * 60:
        raise Refusal("This would end after midnight: give an earlier start.")
    return Agenda(form, start, meetings, steps[sum(map(len, pieces)) :])


def _whole(steps, form, start):
    """Pieces of whole lessons, as many as fit; the first that does not fit ends the path."""
    pieces = []
    for _, lesson in groupby(steps, key=lambda step: step.lesson):
        alone = form.meetings > len(pieces)
        piece = [*([] if alone else pieces[-1]), *lesson]
        if _length(piece, form, start) > form.limit:
            break
        pieces = [*(pieces if alone else pieces[:-1]), piece]
    return pieces


def _divided(steps, form, start):
    """Pieces of whole steps, as much as fits; first with few lessons divided, then even."""

    @cache
    def best(begin, last, meetings):
        if begin == last:
            return 0, 0, []
        found = []
        for end in range(begin + 1, last + 1) if meetings else ():
            length = _length(steps[begin:end], form, start)
            rest = best(end, last, meetings - 1) if length <= form.limit else None
            if rest:
                cuts = rest[0] + (steps[begin].at > 0)
                found.append((cuts, rest[1] + length**2, [end, *rest[2]]))
        return min(found, default=None)

    lasts = range(len(steps), 0, -1)
    found = next(filter(None, (best(0, last, form.meetings) for last in lasts)), (0, 0, []))
    return [steps[begin:end] for begin, end in pairwise([0, *found[2]])]


def _meeting(steps, form, start):
    """The slots of one meeting, with its breaks and its lunch (list)."""
    slots = [Slot(start, AGAIN, None, BACK)] if steps[0].at else []
    worked, eaten = 0, start >= _LUNCH_FROM or not form.lunch
    for step in steps:
        now = _end(slots) if slots else start
        noon = now >= _LUNCH_FROM and step.at == 0
        pause = ()
        if worked and not eaten and (noon or now + step.minutes > _LUNCH_BY):
            pause, eaten = (LUNCH, None, "Lunch"), True
        elif _tired(worked, step, steps):
            pause = (form.pause, None, "Break")
        if pause:
            slots.append(Slot(now, *pause))
            now, worked = _end(slots), 0
        slots.append(Slot(now, step.minutes, step))
        worked += step.minutes
    return slots


def _tired(worked, step, steps):
    """Whether a break stands before a step: between lessons, or in the middle of a long stretch."""
    rest = [each.minutes for each in steps if each.lesson == step.lesson and each.at >= step.at]
    stretch = worked + sum(rest)
    return worked >= WORK / 3 if step.at == 0 else worked >= stretch / 2 > WORK / 2


def _end(slots):
    return slots[-1].start + slots[-1].minutes


def _length(steps, form, start):
    return _end(_meeting(steps, form, start)) - start


def parts(slots):
    """A meeting in few lines (list of start, end, words): a lesson's steps in a row are one."""
    lines = []
    for lesson, group in groupby(slots, key=lambda slot: slot.step and slot.step.lesson):
        row = list(group)
        words = row[0].words
        if lesson:
            names = [slot.step.name.partition(" · ")[0].lower() for slot in row]
            span = " to ".join(dict.fromkeys([names[0], names[-1]]))
            whole = sum(slot.minutes for slot in row) == lesson.minutes
            words = lesson.title if whole else f"{lesson.title} ({span})"
        lines.append((row[0].start, row[0].start + sum(slot.minutes for slot in row), words))
    return lines


def parse_clock(words):
    """A time of day as a minute after midnight (int); Refusal where it is none."""
    for shape in ("%H:%M", "%I:%M%p"):
        with suppress(ValueError):
            time = datetime.strptime(words.replace(" ", ""), shape)
            return 60 * time.hour + time.minute
    raise Refusal(f"The start {words!r} is no time of day: write it as 8:30, 13:00 or 1:00 pm.")


def describe_agenda(agenda):
    """An Agenda in lines of text (list): its meetings, and what is left for another day."""
    lines = []
    for number, slots in enumerate(agenda.meetings, start=1):
        name = f"Meeting {number}" if agenda.form.meetings > 1 else agenda.title
        lines.append(f"{name}, {_end(slots) - slots[0].start} minutes")
        lines += [f"  {agenda.time(begin):>5}  {words}" for begin, _, words in parts(slots)]
        lines.append(f"  {agenda.time(_end(slots)):>5}  End")
    left = parts([Slot(0, step.minutes, step) for step in agenda.left])
    return lines + [f"Left for another day: {words}, {length} minutes" for _, length, words in left]


def write_run_sheet(path, agenda):
    """Write an Agenda and the sheet to run it from to a file: one page that needs no other."""
    import jinja2

    source = (HERE / "run_sheet.html.j2").read_text("utf-8")
    template = jinja2.Template(source, autoescape=True)
    page = template.render(agenda=agenda, lines=describe_agenda(agenda), parts=parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, page)
    except OSError as fault:
        raise Refusal(f"{path} cannot be written: name another folder.") from fault
