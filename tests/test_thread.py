"""The whole thread, from a team's first words to evidence, pictures and checks.

As docs/theory.md shows it.
"""

import re
from functools import partial
from pathlib import Path

import pytest

from see_the_system.data.store import open_store
from see_the_system.gaps.questions import answer
from see_the_system.paths import SAMPLE
from see_the_system.theory import evidence, exchange
from see_the_system.theory.opening import open_record

PAGE = Path(__file__).parent.parent / "docs" / "theory.md"
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def thread(tmp_path_factory):
    """What the page's example leaves behind (dict of its names), run in a folder of its own."""
    folder = tmp_path_factory.mktemp("thread")
    code = EXAMPLE.search(PAGE.read_text(encoding="utf-8"))[1]
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(compile(code, PAGE.name, "exec"), names)
    yield names | {"folder": folder}
    names["record"].close()


@pytest.fixture(scope="module")
def ask():
    """Answers a question from the practice network's data."""
    return partial(answer, store=open_store(SAMPLE))


def test_the_evidence_of_the_data_is_answered_and_kept(thread):
    with open_record(thread["folder"] / "lanternfield.theory") as again:
        theory = again.theory()
        answers = [piece.answers[-1] for piece in theory.evidence if piece.type == "data"]
        assert len(answers) == 3 and all(
            answer.fingerprint and answer.sentence.startswith("Lanternfield Unified: In 2025")
            for answer in answers
        )
        assert {"hunch", "heard", "seen in data"} <= set(evidence.grades(theory).values())
        assert again.verify() == again.number == 8


def test_asked_again_of_the_same_data_nothing_is_new(thread, ask):
    assert evidence.ask(thread["record"].theory(), ask) == ([], {})


def test_the_pictures_say_what_the_record_holds(thread):
    theory = thread["record"].theory()
    drawn = thread["fishbone"](theory)
    outline = drawn.text_outline()
    assert all(cause.text in outline for cause in theory.causes)
    assert drawn.pdf()[:5] == b"%PDF-" and drawn.png()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_theory_goes_out_and_in_again(thread):
    theory = thread["record"].theory()
    exchange.write(theory, thread["folder"] / "team.yaml")
    assert exchange.read(thread["folder"] / "team.yaml") == theory
    assert exchange.read(thread["folder"] / "lanternfield.yaml") == theory
    number = thread["record"].number
    assert thread["record"].replace_with(theory, author="Imani") == number


def test_what_changed_is_told(thread):
    changes = thread["record"].changes(since=1, kinds=["cause"])
    added = [revision.item.text for revision in changes if revision.what == "added"]
    assert added == ["Grade 6 starts without what grade 5 wrote down"]


def test_a_cause_that_names_a_part_of_the_gap_has_that_parts_share(thread, ask):
    shown, sentences = evidence.shares(thread["record"].theory(), ask)
    assert shown["cause-pullout"] == "87% of the gap stands within schools"
    sentence = sentences["cause-pullout"]
    assert sentence.startswith("Lanternfield Unified: In 2025, 87% of the gap")
    assert "not why" in sentence
    # Parts that work against each other are told, not drawn.
    assert "cause-together" not in shown and "133%" in sentences["cause-together"]
