"""The editor without a browser: what it sends, what it answers, and what stands in its cell."""

import asyncio
from contextlib import contextmanager

import pytest

from helpers import edit
from see_the_system.messages import Refusal
from see_the_system.theory.kinds import Category, Cause
from see_the_system.theory.opening import new_record, open_record
from tests.browser import apart


@pytest.fixture
def record(tmp_path):
    """A record of a problem, a category and a cause."""
    with new_record(tmp_path / "alder.theory", team="Alder Creek") as record:
        for item in (
            Category(id="category-1", text="Time"),
            Cause(id="cause-1", parent="category-1", text="Results come late"),
        ):
            record.add(item, author="Ana")
        record.change("problem", text="24 percent met it", author="Ana")
        yield record


def picture_of(editor):
    """The picture that an editor's page has now (dict)."""
    return editor._shown


@contextmanager
def answers(editor):
    """What an editor sends to its page beside pictures (list), files with their bytes."""
    sent = []

    def send(message, buffers=None):
        if "picture" not in message:
            sent.append({**message, "bytes": buffers[0]} if buffers else message)

    editor.send = send
    yield sent


def opened(record, *arguments):
    """An editor as plain Python makes it, with no loop around it."""
    return apart(lambda: edit(record, *arguments))


def hear(editor, *operations):
    """Sends operations to an editor in one run of its loop; gives what it answered (list)."""

    async def run():
        for operation in operations:
            editor._heard(editor, {"operations": [{"by": "Ana", **operation}]}, [])
            await asyncio.sleep(0)
        await asyncio.sleep(0.15)

    with answers(editor) as sent:
        apart(lambda: asyncio.run(run()))
    return sent


def test_its_cell_has_the_picture_and_its_words_for_where_no_notebook_runs(record):
    bundle, _ = opened(record)._repr_mimebundle_()
    assert bundle["text/plain"] == "1 cause in 1 category: 1 hunch."
    assert "<svg" in bundle["text/html"] and 'class="place' not in bundle["text/html"]
    assert "Start writing" in bundle["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_it_is_words_in_plain_python(record):
    assert repr(opened(record)) == "1 cause in 1 category: 1 hunch."
    assert "0x" not in repr(opened(record, "drivers"))


def test_what_cannot_be_edited_is_one_sentence(record):
    with pytest.raises(Refusal, match="A Theory cannot be edited; open the team's record"):
        edit(record.theory())
    with pytest.raises(Refusal, match='No picture "fish"'):
        edit(record, "fish")


def test_an_edit_is_kept_signed_and_drawn(record):
    editor = opened(record)
    adds = {"kind": "cause", "id": "cause-2", "fields": {"parent": "category-1", "text": "New"}}
    sent = hear(editor, {"op": "add", "key": "key-1", **adds})
    assert sent == [{"kept": "key-1"}]
    assert record.theory().by_id["cause-2"].author == "Ana"
    assert "cause-2" in str(picture_of(editor)["parts"])
    assert picture_of(editor)["number"] == record.number
    assert hear(editor, {"op": "add", "key": "key-1", **adds}) == [{"kept": "key-1"}]
    assert len(record.theory().causes) == 2


def test_a_refusal_is_one_sentence_with_the_key(record):
    [sent] = hear(opened(record), {"op": "drop", "id": "cause-9", "key": "key-1"})
    assert sent["refused"] == "key-1" and sent["why"].endswith(".")
    [sent] = hear(opened(record), {"op": "explode", "key": "key-2"})
    assert sent["refused"] == "key-2" and "explode" in sent["why"]


def test_two_who_wrote_into_one_text_are_told_both(record):
    record.change("cause-1", text="Results come in May", author="Ben")
    change = {"id": "cause-1", "fields": {"text": "Mine"}, "was": {"text": "Results come late"}}
    [sent] = hear(opened(record), {"op": "change", "key": "key-1", **change})
    assert (sent["refused"], sent["theirs"], sent["by"]) == ("key-1", "Results come in May", "Ben")


def test_an_error_of_ours_is_told_and_the_editor_lives_on(record, monkeypatch):
    editor = opened(record)
    vote = {"op": "vote", "id": "cause-1"}
    with monkeypatch.context() as patch:
        patch.setattr("helpers.kept.perform", lambda *_: 1 / 0)
        [sent] = hear(editor, {**vote, "key": "key-1"})
    assert sent["refused"] == "key-1" and "tell your facilitator" in sent["why"]
    assert hear(editor, {**vote, "key": "key-2"}) == [{"kept": "key-2"}]


def test_an_undo_tells_what_it_took_back(record):
    sent = hear(opened(record), {"op": "undo", "key": "key-1"})
    assert [sorted(message) for message in sent] == [["kept"], ["say"]]
    assert sent[1]["say"].startswith("Taken back: ")
    assert record.theory().problem.text == ""


def test_an_empty_message_is_answered_and_draws_nothing(record):
    editor = opened(record)
    before = picture_of(editor)["turn"]
    assert hear(editor, {"op": "echo", "key": "key-1"}) == [{"kept": "key-1"}]
    assert picture_of(editor)["turn"] == before


def test_a_burst_is_drawn_once(record):
    editor = opened(record)
    before = picture_of(editor)["turn"]
    burst = [{"op": "vote", "id": "cause-1", "key": f"key-{n}"} for n in range(20)]
    assert hear(editor, *burst) == [{"kept": operation["key"]} for operation in burst]
    assert picture_of(editor)["turn"] == before + 1
    assert sum(vote.dots for vote in record.theory().votes) == 20


def test_a_view_folds_and_lays_out_for_its_width(record):
    editor = opened(record)
    assert hear(editor, {"op": "view", "width": 1_800, "folded": ["category-1"]}) == []
    ids = [thing.get("id") for thing in picture_of(editor)["things"]]
    assert "category-1" in ids and "cause-1" not in ids


@pytest.mark.parametrize(
    ("kind", "begins"), (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF"))
)
def test_the_picture_is_given_as_a_file_without_what_is_for_editing(record, kind, begins):
    [sent] = hear(opened(record, "five_whys"), {"op": "export", "format": kind})
    assert sent["file"] == f"five whys.{kind}" and sent["bytes"].startswith(begins)
    assert b'class="place' not in sent["bytes"]


def test_another_format_is_refused_in_words(record):
    [sent] = hear(opened(record), {"op": "export", "format": "docx"})
    assert sent == {"say": 'No picture is saved as "docx"; choose svg, png or pdf.'}


def test_what_others_write_is_seen_and_a_cell_run_again_looks_once(record, tmp_path, monkeypatch):
    monkeypatch.setattr("helpers.kept._LOOK_EVERY", 0.01)
    monkeypatch.setattr("helpers.kept._cell", lambda: "a cell")

    async def run():
        old, new = edit(record), edit(record)
        with open_record(tmp_path / "alder.theory") as other:
            other.change("cause-1", text="Written by Ben", author="Ben")
        await asyncio.sleep(0.2)
        looking = [task for task in asyncio.all_tasks() if task.get_coro().__name__ == "_look"]
        for task in looking:
            task.cancel()
        return old, new, len(looking)

    old, new, looking = apart(lambda: asyncio.run(run()))
    assert looking == 1
    assert "Written by Ben" in str(picture_of(new)["things"])
    assert "Written by Ben" not in str(picture_of(old)["things"])
