"""YAML out: nothing is lost, the same theory gives the same bytes, and a small edit is a small
diff.
"""

import difflib

import pytest
import yaml

from see_the_system.theory import kinds as k
from see_the_system.theory.exchange import from_yaml
from see_the_system.theory.model import Theory
from see_the_system.theory.yaml_file import implied, to_yaml
from tests.theory.examples import empty, largest, school, school_items
from tests.theory.strategies import HOSTILE


def diff(before, after):
    lines = difflib.unified_diff(
        to_yaml(before).splitlines(), to_yaml(after).splitlines(), n=0, lineterm=""
    )
    return [line for line in lines if line[0] in "+-" and line[:3] not in ("+++", "---")]


def changed(item_id, **fields):
    return Theory.of(
        item.model_copy(update=fields) if item.id == item_id else item for item in school_items()
    )


@pytest.mark.parametrize(
    "theory", [school(), empty(), largest()], ids=["school", "empty", "largest"]
)
def test_the_examples_come_back(theory):
    assert from_yaml(to_yaml(theory)) == theory


@pytest.mark.parametrize("words", HOSTILE)
def test_every_text_comes_back_as_it_was_and_other_readers_of_yaml_see_the_same(words):
    theory = Theory.of([k.Category(id="category-1", text=words), k.Norm(id="norm-1", text=words)])
    text = to_yaml(theory)
    assert from_yaml(text) == theory
    if theory.norms[0].text:
        assert yaml.safe_load(text)["norms"][0]["text"] == theory.norms[0].text


def test_it_reads_as_a_tree_in_the_order_of_the_work():
    text = to_yaml(school())
    assert text.splitlines()[1] == "see_the_system: 1"
    sections = [
        line[:-1] for line in text.splitlines() if line[0:1].isalpha() and line.endswith(":")
    ]
    assert sections == [
        "charter",
        "members",
        "norms",
        "problem",
        "categories",
        "evidence",
        "interviews",
        "codes",
        "themes",
        "maps",
        "aim",
        "drivers",
        "ideas",
        "measures",
        "cycles",
        "notes",
    ]
    assert (
        "    - id: cause-bell\n      text: Bell schedule has one open period, and it is period 2\n"
        in text
    )
    assert "- id: cause-late\n" in text and "parent" not in text and "&id" not in text


def test_one_more_cause_in_the_middle_changes_no_other_line():
    causes = [
        k.Cause(id=f"cause-{n}", parent="category-1", text=f"Cause {n}", order=n)
        for n in range(1, 6)
    ]
    before = Theory.of([k.Category(id="category-1", text="Time", order=1), *causes])
    after = Theory.of(
        [*before.living(), k.Cause(id="cause-new", parent="category-1", text="Between", order=2.5)]
    )
    assert diff(before, after) == ["+  - id: cause-new", "+    text: Between", "+    order: 2.5"]
    assert diff(
        before,
        Theory.of(
            [*before.living(), k.Cause(id="cause-6", parent="category-1", text="Last", order=6)]
        ),
    ) == ["+  - id: cause-6", "+    text: Last"]


def test_a_changed_word_changes_one_line_of_a_short_text_and_of_a_long_one():
    assert (
        len(
            diff(
                school(),
                changed(
                    "cause-tasks", text="Tasks in grade 6 ask for steps oftener than for reasons"
                ),
            )
        )
        == 2
    )
    long = "\n".join(
        f"Line {n} of what we did, in the words of those who did it, so that others can do it too."
        for n in range(40)
    )
    assert (
        len(
            diff(
                changed("cycle-1", did=long),
                changed("cycle-1", did=long.replace("Line 20 of", "Line 20, of")),
            )
        )
        == 2
    )


def test_a_thing_that_goes_takes_its_lines_and_no_others():
    before, after = school(), Theory.of(item for item in school_items() if item.id != "note-1")
    assert [line[0] for line in diff(before, after)] == ["-"] * len(diff(before, after)) and len(
        diff(before, after)
    ) <= 7


def test_order_is_said_only_where_the_place_does_not_say_it():
    assert [implied(last) for last in (0.0, 1.0, 1.5, -0.5, -1.0, 1e300)] == [
        1.0,
        2.0,
        2.0,
        0.0,
        0.0,
        1e300,
    ]
    norms = [
        k.Norm(id=f"norm-{n}", text=str(n), order=order)
        for n, order in enumerate((1, 2, 2.5, 3, 7, 8), 1)
    ]
    assert [line for line in to_yaml(Theory.of(norms)).splitlines() if "order" in line] == [
        "  order: 2.5",
        "  order: 7",
    ]


def test_what_was_dropped_is_kept_with_its_reason_and_what_stood_under_it():
    theory = changed("cause-pullout", dropped=k.Dropped(why="Seen otherwise", author="Ana"))
    text = to_yaml(theory)
    assert from_yaml(text) == theory and {item.id for item in theory.dropped} >= {
        "cause-pullout",
        "cause-bell",
        "cause-bus",
    }
    assert (
        "- kind: cause\n  id: cause-bell\n  parent: cause-pullout\n" in text
        and "  dropped:\n    why: Seen otherwise\n    author: Ana\n" in text
    )
    bare = changed("problem", dropped=k.Dropped())
    assert from_yaml(to_yaml(bare)) == bare and bare.problem == k.Problem()


def test_a_chain_of_a_thousand_causes_comes_back():
    causes = [
        k.Cause(
            id=f"cause-{n}",
            parent=f"cause-{n - 1}" if n else "category-1",
            text=str(n),
            order=n % 3,
        )
        for n in range(1000)
    ]
    theory = Theory.of([k.Category(id="category-1", text="Deep"), *causes])
    text = to_yaml(theory)
    assert (
        from_yaml(text) == theory
        and max(len(line) - len(line.lstrip()) for line in text.splitlines()) < 30
    )


def test_every_value_of_every_kind_of_field_is_written_plainly():
    text = to_yaml(changed("aim", baseline=31.25, population_size=0))
    assert (
        "  baseline: 31.25\n" in text
        and "  target: 45\n" in text
        and "  by: 2028-06-15\n" in text
        and "  population_size: 0\n" in text
    )
    assert "    at: 2026-09-15T16:00:00Z\n" in text
