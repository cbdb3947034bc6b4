"""Forms and explanations as people fill them in: with kernels killed, by two at once."""

import pytest
from playwright.sync_api import expect

from see_the_system.paths import SAMPLE
from see_the_system.theory.exchange import read
from see_the_system.theory.opening import open_record
from tests.editor.killing import kill_kernels

SAVED = {"timeout": 20_000}
UGLY = "<img src=x onerror=\"document.title='run'\"> 🎒 التلاميذ"


def saved(page):
    expect(page.locator(".sts-status")).to_have_text("Saved", **SAVED)


def fill(page, label, text):
    """Types into a box as a person does, and leaves it."""
    page.get_by_label(label, exact=True).fill(text)
    page.keyboard.press("Tab")
    saved(page)


def test_what_is_typed_is_in_the_record_and_on_the_page_when_it_is_loaded_again(room):
    room.lesson("charter", shows='form(record, "charter", "members", "aim")')
    with room.page("charter") as page:
        fill(page, "What is your team called?", UGLY)
        fill(page, "What is this team here to do?", "See why.\nAnd change it.")
        page.get_by_label("Add a member: What is your name?").fill("Noor")
        page.keyboard.press("Enter")
        saved(page)
        page.get_by_label("What is your role in this work? (Noor)").fill("teaches grade 7")
        page.get_by_label("From where do you see the problem? (Noor)").select_option("classroom")
        page.get_by_label("Can you decide on what the team wants to change? (Noor)").check()
        fill(page, "Where do you start from?", "24.5")
        fill(page, "By which day?", "2028-06-15")
        theory = room.theory("charter")
        [noor] = theory.members
        assert (theory.charter.team, theory.charter.purpose) == (UGLY, "See why.\nAnd change it.")
        assert (noor.name, noor.role, noor.level, noor.decides) == (
            *("Noor", "teaches grade 7", "classroom", True),
        )
        assert (theory.aim.baseline, str(theory.aim.by)) == (24.5, "2028-06-15")
        page.reload()
        expect(page.get_by_label("What is your team called?")).to_have_value(UGLY, **SAVED)
        assert page.title() != "run" and page.errors == []


def test_a_value_that_cannot_stand_stays_in_its_box_with_one_sentence(room):
    room.lesson("wrong", shows='form(record, "charter", "aim")')
    with room.page("wrong") as page:
        fill(page, "Which district is it?", "hello")
        note = page.locator(".sts-cell", has_text="Which district is it?").locator(".sts-note")
        expect(note).to_contain_text("district", **SAVED)
        expect(page.get_by_label("Which district is it?")).to_have_value("hello")
        fill(page, "Where do you start from?", "about a quarter")
        assert room.theory("wrong").charter.district == ""
        assert room.theory("wrong").aim.baseline is None
        fill(page, "Which district is it?", "Marigold Bend Unified")
        expect(note).to_have_text("")
        assert room.theory("wrong").charter.district == "99-10033"


def test_without_a_name_what_is_typed_waits_and_is_sent_when_the_name_is_there(room):
    room.lesson("unsigned", shows='form(record, "problem")')
    with room.page("unsigned", who="") as page:
        page.get_by_label("What is the problem, in one sentence?").fill("24 percent met it")
        page.keyboard.press("Tab")
        expect(page.locator(".sts-live")).to_contain_text("Write your name first")
        assert room.theory("unsigned").problem.text == ""
        page.get_by_label("Who writes?").fill("Ana")
        page.keyboard.press("Tab")
        saved(page)
        assert room.theory("unsigned").problem.text == "24 percent met it"


def test_a_form_with_a_dead_kernel_loses_nothing_and_sends_it_once(room):
    room.lesson("dead", shows='form(record, "problem", "members")')
    with room.page("dead") as page:
        kill_kernels(room)
        page.get_by_label("What is the problem, in one sentence?").fill("Kept while it was gone")
        page.keyboard.press("Tab")
        page.get_by_label("Add a member: What is your name?").fill("Noor")
        page.keyboard.press("Enter")
        expect(page.locator(".sts-status")).to_contain_text("2 changes kept", **SAVED)
        page.get_by_role("button", name="Bring it back").click(timeout=20_000)
        expect(page.get_by_label("What is the problem, in one sentence?")).to_have_value(
            "Kept while it was gone", timeout=40_000
        )
        saved(page)
        theory = room.theory("dead")
        assert theory.problem.text == "Kept while it was gone"
        assert [member.name for member in theory.members] == ["Noor"]


def test_what_is_half_typed_is_still_there_after_the_page_is_loaded_again(room):
    room.lesson("half", shows='form(record, "problem")')
    with room.page("half", who="") as page:
        page.get_by_label("What is the problem, in one sentence?").fill("Half a sen")
        page.reload()
        box = page.get_by_label("What is the problem, in one sentence?")
        expect(box).to_have_value("Half a sen", timeout=30_000)


@pytest.mark.parametrize("choice", ["Use mine", "Keep theirs"])
def test_two_people_in_one_box_see_both_texts_and_one_decides(room, choice):
    name = choice.split()[1]
    room.lesson(name, shows='form(record, "problem")')
    label = "What is the problem, in one sentence?"
    with room.page(name) as page, room.page(name, who="Ben") as other:
        page.get_by_label(label).fill("Ana's sentence")
        other.get_by_label(label).fill("Ben's sentence")
        other.keyboard.press("Tab")
        saved(other)
        page.keyboard.press("Tab")
        note = page.locator(".sts-note", has_text="Ben wrote here meanwhile")
        expect(note).to_contain_text("Ben's sentence", **SAVED)
        page.get_by_role("button", name=choice).click()
        saved(page)
        wanted = "Ana's sentence" if choice == "Use mine" else "Ben's sentence"
        expect(page.get_by_label(label)).to_have_value(wanted, **SAVED)
        expect(other.get_by_label(label)).to_have_value(wanted, **SAVED)
        assert room.theory(name).problem.text == wanted


def test_ticked_causes_are_those_that_a_driver_answers(room):
    room.lesson("ticks", read(SAMPLE / "theory.yaml"), shows='form(record, "drivers")')
    before = {driver.id: driver for driver in room.theory("ticks").drivers}
    with room.page("ticks") as page:
        page.locator("summary", has_text="Every student has all of core mathematics").click()
        page.locator("details[open] .sts-ticks").last.get_by_label("Buses set the first").check()
        saved(page)
    [changed] = [each for each in room.theory("ticks").drivers if each != before[each.id]]
    assert changed.text == "Every student has all of core mathematics"
    added = set(changed.causes) - set(before[changed.id].causes)
    assert [room.theory("ticks").by_id[each].text for each in added] == [
        "Buses set the first and the last period"
    ]


def explain(page, text, sure):
    page.get_by_label("What in how we work makes this happen?").fill(text)
    page.get_by_label("How sure are you, from 0 to 100?").fill(str(sure))
    page.get_by_role("button", name="Keep it").click()
    saved(page)


def test_a_place_to_act_says_which_part_of_the_gap_it_would_explain(room):
    room.lesson("places", read(SAMPLE / "theory.yaml"), shows='form(record, "places")')
    first, *others = [cause for cause in room.theory("places").causes if cause.leverage]
    with room.page("places") as page:
        expect(page.locator("details[open]")).to_have_count(1 + len(others), **SAVED)
        question = f"Which part of the gap would it explain? ({first.text})"
        page.get_by_label(question).select_option("within schools")
        saved(page)
        assert page.get_by_role("button", name="Take it out").count() == 0 and page.errors == []
    assert room.theory("places").by_id[first.id].part == "within schools"


def test_explanations_are_seen_by_their_writer_alone_until_they_are_opened(room):
    room.lesson("private", shows="private_explanations(record)")
    with room.page("private") as page, room.page("private", who="Ben") as other:
        explain(page, "Placement rests on one word", 80)
        explain(other, "Results come late", 45)
        expect(page.locator(".sts-others")).to_contain_text("Ben has written 1", **SAVED)
        expect(page.locator(".sts-form")).not_to_contain_text("Results come late")
        expect(other.locator(".sts-form")).not_to_contain_text("Placement rests")
        page.get_by_role("button", name="Open all together").click()
        page.get_by_role("button", name="Open them").click()
        for each in (page, other):
            expect(each.locator(".sts-all")).to_contain_text("Results come late", **SAVED)
            expect(each.locator(".sts-all")).to_contain_text("80 of 100 sure")
    causes = room.theory("private").causes
    assert {(each.author, each.text, each.confidence) for each in causes} == {
        ("Ana", "Placement rests on one word", 80),
        ("Ben", "Results come late", 45),
    }
    [bone] = room.theory("private").categories
    assert bone.text == "First explanations" and {each.parent for each in causes} == {bone.id}


def test_what_an_explorer_shows_becomes_evidence_on_a_cause(room):
    room.lesson("explored", read(SAMPLE / "theory.yaml"), shows="GapExplorer(record)")
    with room.page("explored") as page:
        said = page.get_by_label("What the data say")
        expect(said).to_contain_text("a gap of 21 percentage points", **SAVED)
        page.get_by_label("Look at").select_option("between and within schools")
        expect(said).to_contain_text("lie between schools", **SAVED)
        page.get_by_label("Cause", exact=True).select_option(
            label="Support takes students out of core mathematics"
        )
        page.get_by_role("button", name="Put it on").click()
        expect(page.locator(".sts-live")).to_contain_text("Say first what would look different")
        page.get_by_label("Why it speaks for or against the cause").fill("Fewer would miss core")
        page.get_by_role("button", name="Put it on").click()
        saved(page)
        expect(page.locator(".sts-live")).to_contain_text("stands on the cause now", **SAVED)
    theory = room.theory("explored")
    newest = theory.evidence[-1]
    [cause] = newest.about
    assert theory.by_id[cause].text == "Support takes students out of core mathematics"
    assert newest.question.measure == "gap between and within schools"
    assert newest.text == "Fewer would miss core"
    assert newest.author == "Ana" and "16.9 points" in newest.answers[-1].sentence


def test_numbers_of_the_practice_network_are_no_evidence_on_a_teams_own_cause(room):
    room.lesson("synthetic", read(SAMPLE / "theory.yaml"), shows="GapExplorer(record)")
    with open_record(room.folder / "synthetic.theory") as record:
        record.change("charter", district="", author="Ana")
    with room.page("synthetic") as page:
        page.get_by_label("Cause", exact=True).select_option(index=1)
        page.get_by_label("Why it speaks for or against the cause").fill("It fits")
        page.get_by_role("button", name="Put it on").click()
        expect(page.locator(".sts-live")).to_contain_text("which is made up", **SAVED)
    assert len(room.theory("synthetic").evidence) == len(read(SAMPLE / "theory.yaml").evidence)


def test_what_the_data_could_show_of_an_aim_stands_under_it_and_follows_its_boxes(room):
    room.lesson("outlook", read(SAMPLE / "theory.yaml"), shows='form(record, "aim")')
    with room.page("outlook") as page:
        told = page.locator(".sts-outlook")
        expect(told).to_contain_text("With 4,852 students a year and a baseline of 24.5%", **SAVED)
        page.get_by_label("How many students are they?").fill("60")
        page.keyboard.press("Tab")
        expect(told).to_contain_text("With 60 students a year", **SAVED)
        expect(told).to_contain_text("too little to be seen")


def test_the_next_persons_name_brings_up_nobody_elses_half_written_words(room):
    room.lesson("passed-on", shows="private_explanations(record)")
    with room.page("passed-on") as page:
        box = page.get_by_label("What in how we work makes this happen?")
        box.fill("Ana's half sentence")
        page.get_by_label("Your name").fill("Ben")
        page.keyboard.press("Tab")
        expect(box).to_have_value("")
        page.get_by_label("Your name").fill("Ana")
        page.keyboard.press("Tab")
        expect(box).to_have_value("Ana's half sentence")


def test_a_voice_that_is_still_looked_for_has_a_line_without_a_name(room):
    room.lesson("voice", shows='form(record, "members")')
    with room.page("voice") as page:
        page.get_by_role("button", name="Add a member").click()
        saved(page)
        page.get_by_label("What is your role in this work?").fill("A parent")
        page.keyboard.press("Tab")
        saved(page)
    [member] = room.theory("voice").members
    assert (member.name, member.role) == ("", "A parent")
