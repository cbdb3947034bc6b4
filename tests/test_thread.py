"""The whole thread, from a team's first words to evidence, pictures and checks, as docs/theory.md
shows it.
"""

import re
from pathlib import Path

import pytest

from see_the_system.theory import evidence, exchange
from see_the_system.theory.record import open_record

PAGE = Path(__file__).parent.parent / "docs" / "theory.md"


@pytest.fixture(scope="module")
def thread(tmp_path_factory):
    """What the page's example leaves behind (dict of its names), run in a folder of its own."""
    folder = tmp_path_factory.mktemp("thread")
    code = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1]
    names = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        exec(compile(code, PAGE.name, "exec"), names)
    yield names | {"folder": folder}
    names["record"].close()


def test_the_evidence_of_the_data_is_answered_and_kept(thread):
    assert thread["refused"] == {} and len(thread["news"]) == 3
    with open_record(thread["folder"] / "lanternfield.theory") as again:
        theory = again.theory()
        answers = [one.answers[-1] for one in theory.evidence if one.type == "data"]
        assert len(answers) == 3 and all(
            answer.fingerprint and answer.sentence.startswith("Lanternfield Unified: In 2025")
            for answer in answers
        )
        assert {"hunch", "heard", "seen in data"} <= set(evidence.grades(theory).values())
        assert again.verify() == again.number == 8


def test_asked_again_of_the_same_data_nothing_is_new(thread):
    again, refused = evidence.ask(
        thread["record"].theory(), lambda question: thread["answer"](question, thread["store"])
    )
    assert (again, refused) == ([], {})


def test_the_pictures_say_what_the_record_holds(thread):
    drawn = thread["plot_fishbone"](thread["record"].theory())
    said = drawn.text_outline()
    assert all(cause.text in said for cause in thread["record"].theory().causes)
    assert drawn.pdf()[:5] == b"%PDF-" and drawn.png()[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_theory_goes_out_and_in_again(thread):
    theory = thread["record"].theory()
    exchange.write(theory, thread["folder"] / "team.yaml")
    assert exchange.read(thread["folder"] / "team.yaml") == theory
    number = thread["record"].number
    assert thread["record"].take_in(theory, author="Imani") == number


def test_what_changed_is_told(thread):
    added = [
        revision
        for revision in thread["record"].changes(since=1, kinds=["cause"])
        if revision.what == "added"
    ]
    assert [revision.item.text for revision in added] == [
        "Grade 6 starts without what grade 5 wrote down"
    ]


def test_a_cause_that_names_a_part_of_the_gap_has_that_parts_share(thread):
    shown, sentences = evidence.shares(
        thread["record"].theory(), lambda question: thread["answer"](question, thread["store"])
    )
    assert shown["cause-pullout"] == "87% of the gap stands within schools"
    assert (
        sentences["cause-pullout"].startswith("Lanternfield Unified: In 2025, 87% of the gap")
        and "not why" in sentences["cause-pullout"]
    )
    assert (
        "cause-together" not in shown and "133%" in sentences["cause-together"]
    )  # parts that work against each other are told, not drawn
