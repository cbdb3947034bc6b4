"""What tests of a theory's files share: how a file begins, how it is refused, what is in it."""

import csv
import io

import pytest

from see_the_system.messages import Refusal
from see_the_system.theory.exchange import from_yaml
from see_the_system.theory.model import walk
from see_the_system.theory.outline import in_one_line
from see_the_system.theory.spreadsheets import BOM

HEAD = "see_the_system: 1\n"
CATEGORY = HEAD + "categories:\n- text: Time\n  causes:\n"


def yaml_refusal(text):
    """The sentence that refuses a YAML text, from its line on."""
    with pytest.raises(Refusal) as caught:
        from_yaml(text, name="team.yaml")
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence[-1] in ".?" and sentence.startswith("team.yaml")
    return sentence.removeprefix("team.yaml, line ")


def reads_or_refuses(read, text):
    """What a text is read as, or None where it is refused in one line."""
    try:
        return read(text)
    except Refusal as refused:
        assert str(refused) and "\n" not in str(refused)
        return None


def rows(text):
    """The rows of a CSV table (list of dict)."""
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM), newline="")))


def tree(theory):
    """The fishbone as (depth, words), in order."""
    return [(depth, in_one_line(item.text)) for depth, item in walk(theory)]
