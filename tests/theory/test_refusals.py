"""Pydantic's findings in plain words, one wording for files and for the record."""

import pytest
from pydantic import ValidationError

from see_the_system.theory.items import KINDS
from see_the_system.theory.refusals import file_refusal, first_fault, unknown_field, with_article


@pytest.mark.parametrize(
    ("kind", "fields", "where", "sentence"),
    [
        ("cause", {"text": "x"}, (), 'a cause needs the field "parent"; add it.'),
        ("evidence", {}, (), 'a piece of evidence needs the field "type"; add it.'),
        (
            "driver",
            {"level": "first"},
            ("level",),
            "the field \"level\" must be one of 'primary', 'secondary', not \"first\"; correct it.",
        ),
        (
            "vote",
            {"on": "cause-1", "voter": "Ana", "dots": 0},
            ("dots",),
            'the field "dots" must be at least 1, not 0; correct it.',
        ),
        (
            "vote",
            {"on": "cause-1", "voter": "Ana", "dots": 21},
            ("dots",),
            'the field "dots" must be at most 20, not 21; correct it.',
        ),
        (
            "norm",
            {"text": "\ud800"},
            ("text",),
            'the field "text" holds half a character; type it again.',
        ),
        (
            "aim",
            {"by": "soon", "goal": "x"},
            ("goal",),
            'an aim has no field "goal"; it may have id, author, at, order, dropped, text, '
            "measure, population, population_size, baseline, baseline_period, target, unit, by.",
        ),
        (
            "evidence",
            {
                "type": "data",
                "answers": [{"sentence": "It is so.", "at": "soon", "fingerprint": "z"}],
            },
            ("answers", 0, "fingerprint"),
            'the field "fingerprint" must be 8 to 64 of the characters 0-9 and a-f, not "z"; '
            "correct it.",
        ),
        (
            "charter",
            {"team": "x" * 201},
            ("team",),
            'the field "team" may hold 200 letters and holds 201; shorten it.',
        ),
        (
            "charter",
            {"district": "a" * 50},
            ("district",),
            'the field "district" must be a county and district code, as 99-10017, not "'
            + "a" * 39
            + '…"; correct it.',
        ),
    ],
)
def test_the_first_fault_of_a_thing_is_a_sentence(kind, fields, where, sentence):
    with pytest.raises(ValidationError) as caught:
        KINDS[kind].model_validate({"id": kind} | fields)
    assert first_fault(caught.value, kind) == (where, sentence)


def test_where_no_place_says_it_the_sentence_does():
    with pytest.raises(ValidationError) as caught:
        KINDS["norm"].model_validate({"text": 3})
    _, sentence = first_fault(caught.value, "norm", of_what=" of this norm")
    assert sentence == 'the field "text" of this norm must be one text, not 3; correct it.'


def test_an_article_goes_with_its_word():
    assert [with_article(kind) for kind in ("aim", "cause", "evidence", "why", "process_map")] == [
        "an aim",
        "a cause",
        "a piece of evidence",
        "an answer to why",
        "a process map",
    ]


def test_a_refusal_is_one_line_that_any_screen_can_show():
    sentence = str(file_refusal("a\nb.yaml", "line 2", "half a letter: \ud800."))
    assert sentence == "a b.yaml, line 2: half a letter: ?."
    assert unknown_field("a cause", "x" * 99, ["text"]).startswith(
        f'a cause has no field "{"x" * 60}"'
    )
