import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.pictures import lettering
from see_the_system.pictures.lettering import BOX, clusters, printed_runs, undrawn, width
from tests.diagrams.graphs import texts

NOWHERE = "\U0002fa1d\U0001f9ee\ue000"  # letters that no font of a test machine has


def test_a_letter_that_no_font_has_costs_itself_and_not_its_line(monkeypatch):
    monkeypatch.setattr(lettering, "fallback", lambda letter: None)
    for letter in NOWHERE:
        text = f"Placement {letter} rests"
        for bold, italic in ((False, False), (True, False), (False, True), (True, True)):
            (*_, last) = printed_runs(text, bold, italic)
            whole = "".join(run.text for run in printed_runs(text, bold, italic))
            assert whole == f"Placement {BOX} rests" and last.family == ""
        assert width(text) == pytest.approx(width(f"Placement {BOX} rests"))


def test_signs_made_of_several_letters_are_one_box(monkeypatch):
    monkeypatch.setattr(lettering, "fallback", lambda letter: None)
    assert [run.text for run in printed_runs("👩🏽\u200d🏫 math 🧮")] == [f"{BOX} math {BOX}"]
    assert undrawn("👩🏽\u200d🏫 🧮 math 🧮") == ["👩🏽\u200d🏫", "🧮"]


@settings(deadline=None)
@given(texts(), st.booleans(), st.booleans())
def test_what_is_printed_is_what_was_written_but_for_boxes(text, bold, italic):
    line = " ".join(text.split())
    runs = printed_runs(line, bold, italic)
    if not undrawn(line):
        assert "".join(run.text for run in runs) == "".join(clusters(line)) or line.isascii()
    assert len(clusters("".join(run.text for run in runs))) == len(clusters(line))
    assert undrawn("What every font has: é, ß, Ж, ש, س") == []
