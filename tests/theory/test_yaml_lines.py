"""YAML as text with lines: what builds, explodes or hides is refused with its line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from see_the_system.theory.exchange import from_yaml
from see_the_system.theory.yaml_file import parse
from tests.theory.texts_of_files import CATEGORY, HEAD, reads_or_refuses, yaml_refusal


def test_every_value_is_a_text_and_has_the_line_of_its_field():
    document = parse("a: no\nb:\n\n- 2026-01-01\n- ~\nc: {d: '~'}\n", name="team.yaml")
    assert document.plain() == {"a": "no", "b": ["2026-01-01", None], "c": {"d": "~"}}
    fields = document.value
    assert [fields[name].line for name in "abc"] == [1, 2, 6]
    assert [node.line for node in fields["b"].value] == [4, 5]
    assert parse("# nothing\n", name="team.yaml").plain() is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + "aim:\n  text: !!python/object/apply:os.system [ls]\n",
            '3: the tag "tag:yaml.org,2002:python/object/apply:os.system" asks to build something',
        ),
        (HEAD + "aim: !Aim\n  text: x\n", '2: the tag "!Aim" asks to build something'),
        (HEAD + "aim: &a\n  text: x\n", '2: "&a" stands for another part of the file'),
        (HEAD + "norms:\n- text: *a\n", '3: "*a" stands for another part of the file'),
        (
            HEAD + "norms: &a [x, x]\ncodes: &b [*a, *a]\nthemes: &c [*b, *b]\n",
            '2: "&a" stands for another part',
        ),
        (
            HEAD + "aim:\n  text: a\n  text: b\n",
            '4: the field "text" stands twice here, first on line 3; keep one of them.',
        ),
        (HEAD + "see_the_system: 1\n", '2: the field "see_the_system" stands twice here'),
        (
            HEAD + "aim:\n  text: Aim: more\n",
            "3: this cannot be read; a text with a colon in it needs quotes",
        ),
        (
            HEAD + "aim:\n\ttext: x\n",
            "3: this cannot be read; a tab cannot indent a line; use spaces.",
        ),
        (
            HEAD + "aim:\n  text: 'x\n",
            "4: this cannot be read; a quote is opened and never closed.",
        ),
        (HEAD + 'aim:\n  text: "\\ud800"\n', '3: the field "text" holds half a character'),
        (HEAD + 'aim:\n  text: "\\UFFFFFFFF"\n', "3: a \\U in double quotes names no letter"),
        (
            HEAD + "aim:\n  text: a\x00b\n",
            "3: there is a hidden character (U+0000) that no text may hold; take it out.",
        ),
        (HEAD + "aim:\n  text: a\x1bb\n", "3: there is a hidden character (U+001B)"),
        (HEAD + "aim: " + "[" * 100_000 + "\n", "2: this is nested more than 100 levels deep"),
        (
            HEAD
            + "aim:\n"
            + "".join("  " * n + "- \n" for n in range(1, 60))
            + "".join("  " * 60 + "- " * 60)
            + "\n",
            "62: this is nested more than 100 levels deep",
        ),
        (HEAD + "---\nsee_the_system: 1\n", "2: a second document starts here"),
        (HEAD + "? [a]\n: b\n", "2: a field's name must be a word"),
        ("%YAML 3.0\n---\nsee_the_system: 1\n", "1: this cannot be read as YAML"),
    ],
)
def test_yaml_that_builds_explodes_or_hides_is_refused_with_its_line(text, said):
    assert yaml_refusal(text).startswith(said)


def test_a_string_of_ten_megabytes_is_refused():
    assert (
        yaml_refusal(HEAD + "aim:\n  text: " + "x" * 10_000_000)
        == "team.yaml is larger than 5 MB, which no theory is; check that it is the file you mean."
    )


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60) | st.text(alphabet=":-[]{}'\"&*!|>%@#?,\n\t ab1~<", max_size=60))
def test_random_text_is_read_or_refused(text):
    reads_or_refuses(from_yaml, text)
    reads_or_refuses(from_yaml, HEAD + text)
    reads_or_refuses(from_yaml, CATEGORY + "  - text: " + text)
