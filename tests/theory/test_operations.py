"""What an editor sends becomes an edit of the record, once."""

import pytest

from see_the_system.diagrams.editing import editable, joined
from see_the_system.messages import Refusal
from see_the_system.theory.exchange import read, write
from see_the_system.theory.kinds import Category, Cause, Driver
from see_the_system.theory.opening import perform
from see_the_system.theory.refusals import Changed
from tests.theory.conftest import cause_texts

pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.fixture
def team(record):
    """A record with two categories, two causes under the first, and two drivers."""
    for item in (
        Category(id="category-1", text="Time"),
        Category(id="category-2", text="Tasks"),
        Cause(id="cause-1", parent="category-1", text="Support takes core time"),
        Cause(id="cause-2", parent="category-1", text="Results come late"),
        Driver(id="driver-1", level="primary", text="Time"),
        Driver(id="driver-2", level="secondary", text="Periods"),
    ):
        record.add(item, author="The team before")
    return record


def done(record, op, **what):
    """The record, in which Ana has done something."""
    perform(record, {"op": op, "by": "Ana", **what})
    return record


def test_adding(team):
    done(team, "add", kind="cause", id="cause-3", fields={"parent": "category-2", "text": "So"})
    added = team.theory().by_id["cause-3"]
    assert (added.text, added.parent, added.author) == ("So", "category-2", "Ana")


def test_adding_what_there_is_one_of_fills_it_in(team):
    done(team, "add", kind="problem", id="problem-abc", fields={"text": "24 percent met it"})
    assert team.theory().problem.text == "24 percent met it"
    done(team, "add", kind="aim", id="aim-abc", fields={"text": "By June, 40"})
    assert team.theory().aim.text == "By June, 40"


def test_changing(team):
    done(team, "change", id="cause-1", fields={"text": "New"}, was={"text": cause_texts(team)[0]})
    done(team, "change", id="cause-2", fields={"leverage": True})
    assert cause_texts(team)[0] == "New" and team.theory().by_id["cause-2"].leverage


def test_a_text_that_someone_changed_meanwhile_is_refused_with_both(team):
    seen = {"text": "Support takes core time"}
    team.change("cause-1", text="Support takes time", author="Ben")
    with pytest.raises(Changed) as refusal:
        done(team, "change", id="cause-1", fields={"text": "Mine"}, was=seen)
    assert (refusal.value.now, refusal.value.by) == ("Support takes time", "Ben")
    assert "Mine" in str(refusal.value) and "Support takes time" in str(refusal.value)
    assert cause_texts(team)[0] == "Support takes time"


def test_moving(team):
    done(team, "move", id="cause-2", before="cause-1")
    assert [cause.id for cause in team.theory().causes] == ["cause-2", "cause-1"]
    done(team, "move", id="cause-2", under="category-2")
    assert team.theory().by_id["cause-2"].parent == "category-2"


def test_linking_and_unlinking(team):
    done(team, "link", id="driver-2", field="acts_on", other="driver-1")
    assert team.theory().by_id["driver-2"].acts_on == ("driver-1",)
    done(team, "unlink", id="driver-2", field="acts_on", other="driver-1")
    assert team.theory().by_id["driver-2"].acts_on == ()


def test_splitting_and_joining(team):
    done(team, "split", id="cause-1", made="cause-new", texts=["Support", "Core time"])
    assert cause_texts(team) == ["Support", "Core time", "Results come late"]
    done(team, "join", id="cause-1", other="cause-new")
    assert cause_texts(team) == ["Support", "Results come late"]
    [other] = [item for item in team.theory().dropped if item.dropped]
    assert (other.text, other.dropped.into) == ("Core time", "cause-1")
    done(team, "undo")
    assert cause_texts(team) == ["Support", "Core time", "Results come late"]


def test_what_was_put_on_either_of_two_that_are_joined_stays(team, tmp_path):
    done(team, "vote", id="cause-1", dots=1)
    done(team, "vote", id="cause-2", dots=2)
    done(team, "change", id="cause-2", fields={"leverage": True})
    done(team, "join", id="cause-1", other="cause-2")
    now = team.theory()
    assert now.by_id["cause-1"].leverage and cause_texts(team) == ["Support takes core time"]
    [cause] = [each for each in editable(now, "fishbone").things if each.get("id") == "cause-1"]
    assert cause["votes"] == {"Ana": 3}
    assert cause["joined"] == [{"text": "Results come late", "by": "The team before"}]
    file = write(now, tmp_path / "theory.yaml")
    assert read(file) == now
    done(team, "bring_back", id="cause-2")
    assert sorted(cause_texts(team)) == ["Results come late", "Support takes core time"]


def test_the_words_of_those_joined_before_are_kept_when_two_are_joined_again(team):
    for number in (3, 4):
        fields = {"parent": "category-1", "text": f"Cause {number}"}
        done(team, "add", kind="cause", id=f"cause-{number}", fields=fields)
    done(team, "join", id="cause-2", other="cause-3")
    done(team, "join", id="cause-1", other="cause-2")
    done(team, "join", id="cause-4", other="cause-1")
    kept = {item.text for item in joined(team.theory(), "cause-4")}
    assert kept == {"Support takes core time", "Results come late", "Cause 3"}


def test_setting_aside_and_bringing_back(team):
    done(team, "drop", id="category-1", why="We looked")
    assert cause_texts(team) == []
    [gone] = [item for item in team.theory().dropped if item.dropped]
    assert (gone.id, gone.dropped.why, gone.dropped.author) == ("category-1", "We looked", "Ana")
    done(team, "bring_back", id="category-1")
    assert len(cause_texts(team)) == 2


def test_voting(team):
    done(done(team, "vote", id="cause-1"), "vote", id="cause-1", dots=1)
    assert [(vote.voter, vote.dots) for vote in team.theory().votes] == [("Ana", 2)]
    done(team, "vote", id="cause-1", dots=-2)
    assert sum(vote.dots for vote in team.theory().votes) == 0


def test_undo_and_redo_say_what_they_did(team):
    done(team, "change", id="cause-1", fields={"text": "New"})
    said = perform(team, {"op": "undo", "by": "Ana"})
    assert said.startswith("Taken back: ") and cause_texts(team)[0] == "Support takes core time"
    said = perform(team, {"op": "redo", "by": "Ana"})
    assert said.startswith("Made again: ") and cause_texts(team)[0] == "New"


def test_an_undo_says_what_it_passed_over_and_why(team):
    done(team, "change", id="cause-2", fields={"text": "Old work"})
    done(team, "change", id="cause-1", fields={"text": "New"})
    team.change("cause-1", text="Newer", author="Ben")
    said = perform(team, {"op": "undo", "by": "Ana"})
    assert "Passed over" in said and "Ben" in said
    assert cause_texts(team) == ["Newer", "Results come late"]


def test_the_same_key_does_it_once(team):
    adds = {"kind": "cause", "id": "cause-3", "fields": {"parent": "category-2", "text": "So"}}
    for _ in range(3):
        done(team, "vote", id="cause-1", key="key-vote")
        done(team, "add", key="key-add", **adds)
    assert [vote.dots for vote in team.theory().votes] == [1]
    assert cause_texts(team).count("So") == 1
    undone = [perform(team, {"op": "undo", "by": "Ana", "key": "key-undo"}) for _ in range(2)]
    assert undone[0] == undone[1] and "So" not in cause_texts(team)
    assert [vote.dots for vote in team.theory().votes] == [1]  # one undo, not two


def test_another_request_with_a_used_key_is_refused(team):
    done(team, "vote", id="cause-1", key="key-1")
    with pytest.raises(Refusal, match="used by Ana for another edit"):
        done(team, "vote", id="cause-2", key="key-1")


def test_what_is_no_operation_is_one_sentence_and_changes_nothing(team):
    number = team.number
    with pytest.raises(Refusal, match='no operation "explode"; reload the page'):
        done(team, "explode")
    with pytest.raises(Refusal, match='no operation "None"'):
        perform(team, {})
    with pytest.raises(Refusal, match='no kind "bomb"'):
        done(team, "add", kind="bomb", id="bomb-1", fields={})
    assert team.number == number


@pytest.mark.parametrize(
    "operation",
    (
        {"op": "add"},
        {"op": "add", "kind": "cause", "id": "cause-9"},
        {"op": "add", "kind": "cause", "fields": {"parent": "category-1"}},
        {"op": "change", "id": "cause-1"},
        {"op": "change", "fields": {"text": "New"}},
        {"op": "move"},
        {"op": "link", "id": "driver-2"},
        {"op": "split", "id": "cause-1", "texts": ["One", "Two"]},
        {"op": "join", "id": "cause-1"},
        {"op": "vote"},
        {"op": "drop"},
        {"op": "bring_back"},
    ),
    ids=lambda operation: " ".join(map(str, operation)),
)
def test_an_operation_that_lacks_a_part_is_refused(team, operation):
    number = team.number
    with pytest.raises(Refusal, match="lacks what it needs"):
        done(team, **operation)
    assert team.number == number


@pytest.mark.parametrize("by", (None, "", "   ", 7))
def test_nobody_edits_without_a_name(team, by):
    with pytest.raises(Refusal, match="name"):
        perform(team, {"op": "vote", "by": by, "id": "cause-1"})


def test_what_stands_there_and_what_is_wrong_is_said_of_a_field(team):
    with pytest.raises(Refusal, match="2,000"):
        done(team, "change", id="cause-1", fields={"text": "w" * 2_001})
    with pytest.raises(Refusal):
        done(team, "add", kind="cause", id="cause-9", fields={"parent": "nobody", "text": "So"})
    with pytest.raises(Refusal):
        done(team, "change", id="cause-1", fields={"colour": "red"})
