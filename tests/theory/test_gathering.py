"""What was thought before any evidence, and who asks whom."""

from see_the_system.paths import SAMPLE
from see_the_system.theory.exchange import read
from see_the_system.theory.first_explanations import first_theory
from see_the_system.theory.kinds import Category, Cause, Evidence, Note, Vote
from see_the_system.theory.model import Theory
from see_the_system.theory.opening import new_record
from see_the_system.theory.outline import describe_evidence_to_gather, evidence_to_gather
from see_the_system.theory.state import compare


def team(record):
    """A bone with three causes, the last of them heard in an interview."""
    record.add(Category(id="category-time", text="Time"), author="Ana")
    for name in ("one", "two", "three"):
        cause = Cause(id=f"cause-{name}", parent="category-time", text=f"Cause {name}")
        record.add(cause, author="Ana")
    heard = Evidence(type="interview", about=("cause-three",), text="Two counselors said so")
    record.add(heard, author="Ben")


def test_plans_come_first_of_any_grade_then_hunches_with_the_chosen_before(tmp_path):
    with new_record(tmp_path / "team.theory", team="Alder") as record:
        team(record)
        record.add(Vote(on="cause-two", voter="Ana", dots=2), author="Ana")
        found = evidence_to_gather(record)
        assert [each.id for each in found] == ["cause-two", "cause-one"]
        assert describe_evidence_to_gather(found) == (
            "No plan is written yet; 2 causes without a plan still rest on a hunch."
        )
        record.add(Note(on="cause-three", text="Noor asks two students"), author="Ana")
        record.change("cause-one", leverage=True, author="Ana")
        found = evidence_to_gather(record)
        assert [each.id for each in found] == ["cause-one", "cause-three", "cause-two"]
        assert found[1].do == "Noor asks two students" and found[1].planned
        assert describe_evidence_to_gather(found) == (
            "For 1 cause it is written who asks whom; 2 causes without a plan still rest on a "
            "hunch."
        )
    assert evidence_to_gather(Theory.of([])) == []


def test_the_first_theory_is_that_before_the_first_evidence(tmp_path):
    with new_record(tmp_path / "team.theory", team="Alder") as record:
        team(record)
        record.change("cause-one", text="Cause one, as we see it now", author="Ana")
        before = first_theory(record)
        assert [cause.text for cause in before.causes] == ["Cause one", "Cause two", "Cause three"]
        assert before.evidence == ()


def grouped_team(record):
    """Explanations on a bone of their own, sorted onto others, two joined, one set aside."""
    record.add(Category(id="category-first", text="First explanations"), author="Ana")
    for name in ("late", "slow", "split", "wrong", "slip"):
        cause = Cause(id=f"cause-{name}", parent="category-first", text=f"As first said: {name}")
        record.add(cause, author="Ana")
    record.undo(author="Ana")
    record.add(Category(id="category-time", text="Time"), author="Ben")
    record.add(Category(id="category-empty", text="Belonging"), author="Ben")
    record.move("cause-late", under="category-time", before=None, author="Ben")
    record.move("cause-slow", under="category-time", before=None, author="Ben")
    record.join("cause-late", "cause-slow", author="Ben")
    record.change("cause-late", text="In the words of all", author="Ben")
    record.split("cause-split", ["one half", "other half"], made="cause-half", author="Ben")
    record.drop("cause-wrong", why="Nobody saw it", author="Ben")
    heard = Evidence(type="interview", about=("cause-late",), text="Two counselors said so")
    record.add(heard, author="Ben")


def test_first_thoughts_are_what_was_written_before_it_was_grouped(tmp_path):
    """They were the fishbone after grouping, joining and setting aside."""
    with new_record(tmp_path / "team.theory", team="Alder") as record:
        grouped_team(record)
        before = first_theory(record)
        assert {cause.text: cause.parent for cause in before.causes} == {
            f"As first said: {name}": "category-first"
            for name in ("late", "slow", "split", "wrong")
        }
        assert [bone.text for bone in before.categories] == ["First explanations", "Belonging"]
        record.move("cause-late", under="category-empty", before=None, author="Ben")
        assert first_theory(record) == before
        assert Theory.of(before.items()).causes == before.causes
        became = {one.item.id: one.what for one in compare(before, record, kinds=["cause"])}
        assert became == {
            "cause-late": "revised",
            "cause-slow": "joined",
            "cause-half": "added",
            "cause-split": "revised",
            "cause-wrong": "dropped",
        }


def test_grouping_that_was_undone_leaves_no_trace_among_the_first_thoughts(tmp_path):
    with new_record(tmp_path / "team.theory", team="Alder") as record:
        record.add(Category(id="category-time", text="Time"), author="Ana")
        record.add(Category(id="category-tasks", text="Tasks"), author="Ana")
        record.add(Cause(id="cause-one", parent="category-time", text="Tpyed"), author="Ana")
        record.move("cause-one", under="category-tasks", before=None, author="Ana")
        record.undo(author="Ana")
        record.change("cause-one", text="Typed", author="Ana")
        assert first_theory(record).by_id["cause-one"].text == "Typed"
        record.move("cause-one", under="category-tasks", before=None, author="Ana")
        record.undo(author="Ana")
        record.redo(author="Ana")
        record.change("cause-one", text="Seen anew", author="Ana")
        now = first_theory(record).by_id["cause-one"]
        assert (now.text, now.parent) == ("Typed", "category-time")


def test_a_theory_read_in_one_edit_goes_by_the_dates_of_its_things(tmp_path):
    with new_record(tmp_path / "team.theory", team="Alder") as record:
        record.merge(read(SAMPLE / "theory.yaml"), author="Ana")
        before = first_theory(record)
        assert 0 < len(before.causes) < len(record.theory().causes) and before.evidence == ()


def test_first_thoughts_of_a_file_stay_what_they_were_whatever_is_written_after(tmp_path):
    """A file has no date for places to act, so none is shown among the first thoughts."""
    with new_record(tmp_path / "team.theory", team="Alder") as record:
        record.merge(read(SAMPLE / "theory.yaml"), author="The team before")
        before = first_theory(record)
        assert len(before.causes) == 9 and not any(cause.leverage for cause in before.causes)
        record.change("problem", text="Another sentence.", author="Ana")
        record.drop(before.causes[0].id, author="Ben")
        assert first_theory(record) == before
