"""Agendas whose minutes add up, refusals, and the page that is printed from them."""

import re
from itertools import pairwise

import pytest

from see_the_system.cli import main
from see_the_system.messages import Refusal
from see_the_system.paths import NOTEBOOKS
from see_the_system.workshop import editions
from see_the_system.workshop.run_sheet import (
    FORMS,
    RunLesson,
    RunStep,
    describe_agenda,
    make_agenda,
    parse_clock,
    parts,
    read_path,
    write_run_sheet,
)
from see_the_system.workshop.team_folder import TeamFolder
from tests.browser import axe_violations, page_in, running_browser, sticks_out
from tests.workshop.test_editions import sentences_of_the_facilitator, words

STORED = read_path(NOTEBOOKS)


def lesson(number, *minutes):
    """The steps of a lesson with so many minutes each."""
    head = RunLesson(number, f"Lesson {number}", sum(minutes), "pens", "", "")
    return [
        RunStep(head, at, f"Step {at + 1} · Do", each, (), (), "")
        for at, each in enumerate(minutes)
    ]


NINETY = (5, 15, 15, 20, 20, 15)
FIVE = [
    *lesson("00", 10, 20, 30),
    *(step for number in ("03", "04", "08", "09") for step in lesson(number, *NINETY)),
]


def ends(slots):
    return slots[-1].start + slots[-1].minutes


@pytest.mark.parametrize("steps", [STORED, FIVE], ids=["stored", "five"])
@pytest.mark.parametrize("form", FORMS)
def test_minutes_add_up_and_every_step_stands_once_in_its_order(form, steps):
    agenda = make_agenda(steps, form, 8 * 60 + 30)
    placed = [slot.step for slots in agenda.meetings for slot in slots if slot.step]
    assert placed + agenda.left == steps
    assert len(agenda.meetings) <= FORMS[form].meetings
    for slots in agenda.meetings:
        assert slots[0].start == 8 * 60 + 30
        assert all(
            before.start + before.minutes == after.start for before, after in pairwise(slots)
        )
        assert all(slot.minutes == slot.step.minutes for slot in slots if slot.step)
        assert ends(slots) - slots[0].start <= FORMS[form].limit
        assert slots[-1].step
        assert longest_stretch(slots) <= 90


def longest_stretch(slots):
    """The most minutes of work without a break or lunch."""
    stretches = [0]
    for slot in slots:
        if slot.words in ("Break", "Lunch"):
            stretches.append(0)
        elif slot.step:
            stretches[-1] += slot.minutes
    assert 0 not in stretches
    return max(stretches)


def test_half_a_day_is_whole_lessons_and_says_what_is_left():
    agenda = make_agenda(FIVE, "half-day", 8 * 60 + 30)
    assert describe_agenda(agenda) == [
        "Half a day, 160 minutes",
        "   8:30  Lesson 00",
        "   9:30  Break",
        "   9:40  Lesson 03",
        "  11:10  End",
        "Left for another day: Lesson 04, 90 minutes",
        "Left for another day: Lesson 08, 90 minutes",
        "Left for another day: Lesson 09, 90 minutes",
    ]


def test_a_day_has_its_lunch_near_noon_and_an_afternoon_none():
    [slots] = make_agenda(FIVE, "one-day", 9 * 60).meetings
    [lunch] = [slot for slot in slots if slot.words == "Lunch"]
    assert 11 * 60 <= lunch.start <= 12 * 60 + 45 and lunch.minutes == 45
    [long] = make_agenda(lesson("01", *[20] * 12), "one-day", 9 * 60).meetings
    [lunch] = [slot for slot in long if slot.words == "Lunch"]
    assert 12 * 60 <= lunch.start <= 12 * 60 + 45
    [slots] = make_agenda(FIVE, "one-day", 13 * 60).meetings
    assert "Lunch" not in [slot.words for slot in slots]


def test_four_meetings_leave_nothing_of_the_stored_lessons():
    """The last step of the driver diagram was left for another day."""
    agenda = make_agenda(STORED, "four-meetings", 15 * 60)
    assert agenda.left == [] and len(agenda.meetings) == 4
    assert not any("Left for another day" in line for line in describe_agenda(agenda))


def test_four_meetings_hold_the_five_lessons_and_begin_again_where_one_was_divided():
    agenda = make_agenda(FIVE, "four-meetings", 15 * 60)
    assert len(agenda.meetings) == 4 and agenda.left == [] and agenda.title == "Four meetings"
    for slots in agenda.meetings:
        first = next(slot.step for slot in slots if slot.step)
        assert (first.at > 0) == slots[0].words.startswith("Where we were")


def test_lessons_are_left_whole_where_the_meetings_are_enough():
    agenda = make_agenda(FIVE[:9], "four-meetings")
    assert agenda.title == "Meetings: 2"
    assert [[len(parts(slots))] for slots in agenda.meetings] == [[1], [1]]


def test_a_meeting_for_each_lesson_without_a_clock_counts_from_nought():
    agenda = make_agenda(FIVE, "each-lesson")
    assert len(agenda.meetings) == 5
    assert [agenda.time(slot.start) for slot in agenda.meetings[0]] == ["0:00", "0:10", "0:30"]


@pytest.mark.parametrize(
    ("words", "minute"),
    [("8:30", 510), ("08:30", 510), ("13:00", 780), ("1:00 pm", 780), ("12:15AM", 15)],
)
def test_a_time_of_day(words, minute):
    assert parse_clock(words) == minute


@pytest.mark.parametrize("words", ["", "8", "24:00", "8:60", "13:00 pm", "half past eight"])
def test_what_is_no_time_of_day_is_a_sentence(words):
    with pytest.raises(Refusal, match=r"is no time of day: write it as 8:30, 13:00 or 1:00 pm\.$"):
        parse_clock(words)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["half"], "There is no agenda 'half': choose one of half-day, one-day, four-meetings"),
        (["half-day", "--start", "soon"], "The start 'soon' is no time of day"),
        (["half-day", "--start", "23:30"], "This would end after midnight"),
        (["half-day", "--lesson", "77"], "There is no lesson 77 in"),
        (["half-day", "--out", "file"], "cannot be written"),
    ],
)
def test_bad_input_is_one_sentence(arguments, said, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as end:
        main(["agenda", *arguments])
    error = capsys.readouterr().err
    assert end.value.code == 2 and said in error and error.count("\n") == 1


def test_a_lesson_too_long_for_a_meeting_is_a_sentence():
    with pytest.raises(Refusal, match="No lesson fits into the 120 minutes"):
        make_agenda(lesson("01", 60, 61), "each-lesson")
    with pytest.raises(Refusal, match="No lesson fits into the 125 minutes"):
        make_agenda(lesson("01", 126), "four-meetings")


def test_the_command_prints_the_agenda_and_writes_the_page(capsys, tmp_path):
    main(["agenda", "half-day", "--lesson", "08", "--start", "1:00 pm", "--out", str(tmp_path)])
    printed = capsys.readouterr().out
    opening = next(step for step in STORED if step.lesson.number == "08")
    fishbone = opening.lesson
    assert printed.startswith("Half a day, ") and f"\n   1:00  {fishbone.title}" in printed
    page = (tmp_path / "half-day.html").read_text("utf-8")
    assert f"1:{opening.minutes:02}" in page
    assert not re.search(r"(?:src|href)=\"(?!data:)", page)


def test_the_first_page_is_for_the_room_and_answers_are_on_none(tmp_path):
    write_run_sheet(tmp_path / "a.html", make_agenda(STORED, "each-lesson"))
    page = (tmp_path / "a.html").read_text("utf-8")
    wall, _, sheets = page.partition('<section class="sheet">')
    for step in STORED:
        assert all(words(said) not in words(wall) for said in step.says if len(said.split()) > 2)
    assert "Likely answers" not in sheets and "what you hear" not in sheets
    assert "four to eight people" in sheets and "Cut" not in wall


def test_in_a_room_the_start_page_leads_to_it_and_says_nothing_of_it(tmp_path):
    folder = TeamFolder(tmp_path / "room")
    folder.make()
    folder.prepare(team="Lincoln")
    start = folder.start_page.read_text("utf-8")
    assert 'href="files/facilitator/run_sheet.html"' in start
    assert (folder.path / "facilitator" / "run_sheet.html").exists()
    for path in editions.lessons(NOTEBOOKS):
        told = sentences_of_the_facilitator(editions.read_lesson(path))
        assert [each for each in told if each in words(start)] == []


def test_lessons_of_ones_own_without_minutes_have_no_run_sheet(tmp_path, lessons):
    folder = TeamFolder(tmp_path / "room", lessons=lessons)
    folder.make()
    folder.prepare(team="Lincoln")
    assert "run_sheet" not in folder.start_page.read_text("utf-8")
    assert not (folder.path / "facilitator" / "run_sheet.html").exists()


def test_the_page_is_accessible(tmp_path):
    write_run_sheet(tmp_path / "a.html", make_agenda(FIVE + STORED, "each-lesson"))
    with running_browser() as browser, page_in(browser, tmp_path / "a.html") as page:
        assert axe_violations(page) == [] and sticks_out(page) == 0


@pytest.mark.parametrize(("paper", "size"), [("Letter", (792, 612)), ("A4", (842, 595))])
def test_it_is_printed_on_the_paper_that_the_printer_has(tmp_path, paper, size):
    """Named paper came out cut or shrunk on the other; a meeting was divided between pages."""
    write_run_sheet(tmp_path / "a.html", make_agenda(STORED, "four-meetings", 15 * 60))
    with running_browser() as browser, page_in(browser, tmp_path / "a.html") as page:
        printed = page.pdf(format=paper, prefer_css_page_size=True)
        kept = page.locator(".wall .meeting").evaluate_all(
            "them => them.map((it) => getComputedStyle(it).breakInside)"
        )
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    sides = {tuple(round(float(side)) for side in box) for box in boxes}
    assert len(sides) == 1
    assert sides.pop() == pytest.approx(size, abs=2)
    assert kept == ["avoid"] * 4
