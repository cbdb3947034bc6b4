"""YAML in: what a person types is understood, and what cannot stand is refused with its line."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from see_the_system.theory import exchange
from see_the_system.theory.exchange import from_yaml
from see_the_system.theory.yaml_file import to_yaml
from tests.theory.examples import school
from tests.theory.texts_of_files import CATEGORY, HEAD, reads_or_refuses, yaml_refusal

FILE = to_yaml(school())


def test_a_file_typed_by_hand_is_understood():
    theory = from_yaml(
        CATEGORY + "  - text: No\n    leverage: yes\n    confidence: 60\n    causes:\n    - text: "
        "2026-01-01\n  - text: 1e3\naim:\n  by: 2028-06-15\n  target: 45\n"
    )
    assert {cause.text: cause.order for cause in theory.causes} == {
        "No": 1.0,
        "2026-01-01": 1.0,
        "1e3": 2.0,
    }
    first = next(cause for cause in theory.causes if cause.text == "No")
    assert (
        first.leverage is True
        and first.confidence == 60
        and theory.under(first.id, "cause")[0].text == "2026-01-01"
    )
    assert theory.aim.target == 45.0 and str(theory.aim.by) == "2028-06-15"


def test_ids_that_are_left_out_are_the_same_at_every_reading_and_do_not_depend_on_neighbors():
    text = CATEGORY + "  - text: Buses\n  - text: Bells\n  - text: Bells\n"
    ids = {cause.id: cause.text for cause in from_yaml(text).causes}
    assert len(ids) == 3 and from_yaml(text) == from_yaml(text)
    more = {
        cause.id: cause.text
        for cause in from_yaml(
            text.replace("  - text: Buses", "  - text: New\n  - text: Buses")
        ).causes
    }
    assert ids.items() < more.items()


def test_a_cause_is_dropped_by_hand_with_a_reason():
    theory = from_yaml(
        CATEGORY
        + "  - text: Buses\n    dropped:\n      why: Routes changed\n    causes:\n    - text: "
        "Times\n"
    )
    assert theory.causes == () and {
        item.text: item.dropped and item.dropped.why for item in theory.dropped
    } == {"Buses": "Routes changed", "Times": None}


def test_comments_and_empty_fields_say_nothing():
    assert from_yaml(
        "# a comment\nsee_the_system: 1\nmembers:\naim:\n  text:\n  by: null\n  target: ~\n"
    ) == from_yaml(HEAD)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "see_the_system: 2\n",
            "1: the file has format 2, and this version of See the System reads 1; bring it "
            "up to date.",
        ),
        ("see_the_system: [1]\n", "1: see_the_system must be 1, the number of the format."),
        ("name: x\n", "1: this is not the file of a theory"),
        ("- x\n", "1: this is not the file of a theory"),
        (
            HEAD + "categoris: []\n",
            '2: a theory has no field "categoris"; did you mean "categories"?',
        ),
        (HEAD + "categories: Time\n", '2: "categories" must be a list'),
        (HEAD + "categories:\n- Time\n", "3: a category needs fields"),
        (HEAD + "aim: soon\n", "2: an aim needs fields"),
        (
            CATEGORY + "  - contrl: ours\n",
            '5: a cause has no field "contrl"; did you mean "control"?',
        ),
        (
            CATEGORY + "  - text: A\n    control: mine\n",
            "6: the field \"control\" must be one of 'ours', 'partly', 'outside', not "
            '"mine"; correct it.',
        ),
        (
            CATEGORY + "  - confidence: high\n",
            '5: the field "confidence" must be a whole number, not "high"; correct it.',
        ),
        (
            CATEGORY + "  - confidence: 200\n",
            '5: the field "confidence" must be at most 100, not "200"; correct it.',
        ),
        (
            CATEGORY + "  - text: " + "x" * 2001 + "\n",
            '5: the field "text" may hold 2,000 letters and holds 2,001; shorten it.',
        ),
        (
            CATEGORY + "  - text: [a, b]\n",
            '5: the field "text" must be one text, not a list; correct it.',
        ),
        (
            CATEGORY + "  - id: cause-1\n  - id: cause-1\n",
            '6: the id "cause-1" stands for something else on line 5 already',
        ),
        (
            CATEGORY + "  - id: Cause 1\n",
            '5: the field "id" must be an id: up to 64 small letters, digits and hyphens',
        ),
        (
            CATEGORY + "  - parent: category-9\n",
            '5: this stands in category "Time", and its "parent" names something else',
        ),
        (
            HEAD + "causes:\n- id: cause-1\n  parent: nobody\n",
            '4: the field "parent" of cause cause-1 names "nobody", which is not in this theory',
        ),
        (
            HEAD + "causes:\n- id: a\n  parent: b\n- id: b\n  parent: a\n",
            '4: the field "parent" of cause a leads back to itself',
        ),
        (
            HEAD + "drivers:\n- id: a\n  level: primary\n  acts_on:\n  - a\n",
            '5: the field "acts_on" of driver a leads back to itself',
        ),
        (HEAD + "evidence:\n- text: x\n", '3: a piece of evidence needs the field "type"; add it.'),
        (
            HEAD + "evidence:\n- type: data\n  about: cause-1\n",
            '4: the field "about" must be a list',
        ),
        (
            HEAD + "evidence:\n- type: data\n  about:\n" + "  - a\n" * 201,
            '4: the field "about" may hold 200 things and holds 201',
        ),
        (
            HEAD + "evidence:\n- type: data\n  question:\n    measur: x\n",
            '5: the field "question" has no field "measur"; did you mean "measure"?',
        ),
        (
            HEAD + "evidence:\n- type: data\n  question:\n    measure: x\n",
            '4: the field "question" needs the field "district"; add it.',
        ),
        (
            HEAD
            + "evidence:\n- type: data\n  question:\n    measure: x\n    district: 99-10017\n  "
            "  years:\n    - 2025\n    - soon\n",
            '9: the field "years" must be a whole number',
        ),
        (
            HEAD + "aim:\n  by: June 2028\n",
            '3: the field "by" must be a day, as 2026-02-03, not "June 2028"; correct it.',
        ),
        (HEAD + "aim:\n  by: 0\n", '3: the field "by" must be a day'),
        (HEAD + "aim:\n  target: .inf\n", '3: the field "target" must be a number'),
        (HEAD + "aim:\n  target: 1e999\n", '3: the field "target" must be a finite number'),
        (
            HEAD + "aim:\n  population_size: " + "9" * 5000 + "\n",
            '3: the field "population_size" is too large a number',
        ),
        (HEAD + "aim:\n  id: goal\n", '3: there is one aim, and its id is "aim"'),
        (HEAD + "members:\n- decides: perhaps\n", '3: the field "decides" must be true or false'),
        (HEAD + "dropped:\n- text: x\n", '3: a dropped thing needs its "kind"'),
        (HEAD + "dropped:\n- kind: caus\n", '3: a dropped thing needs its "kind": cause.'),
        (HEAD + "dropped:\n- kind: {a: b}\n", '3: a dropped thing needs its "kind"'),
    ],
)
def test_what_cannot_stand_is_refused_with_its_line(text, said):
    assert yaml_refusal(text).startswith(said)


@pytest.mark.parametrize("last", ["category-1", "cause-5000"])
def test_a_file_made_to_be_slow_is_refused_in_good_time(last):
    chain = "".join(f"- id: cause-{n}\n  parent: cause-{n - 1}\n" for n in range(2, 5_001))
    sentence = yaml_refusal(
        HEAD + f"categories:\n- id: category-1\ncauses:\n- id: cause-1\n  parent: {last}\n{chain}"
    )
    assert (
        "leads back to itself"
        if last == "cause-5000"
        else "more than 1,000 levels deep; place it higher."
    ) in sentence


def test_control_letters_written_as_escapes_are_left_out_of_a_text():
    assert from_yaml(HEAD + 'aim:\n  text: "a\\0b\\e"\n').aim.text == "ab"


def test_thousands_of_things_without_ids_are_each_given_one_at_the_first_attempt(monkeypatch):
    attempts = []
    sha256 = exchange.hashlib.sha256
    monkeypatch.setattr(
        exchange.hashlib, "sha256", lambda text: attempts.append(text) or sha256(text)
    )
    text = HEAD + "norms:\n" + "- text: a\n" * 4_000
    norms = from_yaml(text).norms
    assert len({norm.id for norm in norms}) == len(attempts) == 4_000
    assert from_yaml(HEAD + "norms:\n- text: a\n").norms[0].id == norms[0].id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_a_file_with_random_edits_is_read_or_refused(seed):
    chance, lines = random.Random(seed), FILE.splitlines()
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(lines))
        other, line = lines[chance.randrange(len(lines))], lines[place]
        cut = chance.randint(0, len(line))
        lines[place] = chance.choice(
            [
                other,
                line + "\n" + other,
                "  " + line,
                line[1:],
                line[:cut] + chance.choice("&*!{}[]:-#|>\"'\t\x00\ud800é") + line[cut:],
                line[:cut],
                "",
            ]
        )
    reads_or_refuses(from_yaml, "\n".join(lines))
