from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from see_the_system.diagrams.shapes import Frame, Line, Words
from see_the_system.diagrams.then_and_now import (
    KINDS,
    MARKS,
    describe_then_and_now,
    plot_then_and_now,
)
from see_the_system.theory import kinds as k
from see_the_system.theory.items import text_of
from see_the_system.theory.model import Theory
from see_the_system.theory.state import WHATS, compare
from tests.diagrams.drawn_theories import SETTINGS
from tests.diagrams.graphs import HARD, crossed_boxes, texts
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import WHEN, empty, largest, school, school_items

LABELS = {"then_label": "October 2026", "now_label": "March 2027"}


def drop(item, why=""):
    return item.model_copy(update={"dropped": k.Dropped(why=why, author="Ben", at=WHEN)})


def later():
    """The school's theory half a year on: two revised, two moved, two added, four dropped."""
    changes = {
        "cause-late": {
            "text": "Benchmark results reach teachers nineteen school days after the test"
        },
        "cause-tasks": {"control": "partly"},
        "cause-belong": {"parent": "cause-placement"},
        "driver-6": {"acts_on": ("driver-2",)},
    }
    drops = {
        "cause-new": "The data show no difference between new and other teachers",
        "cause-bell": "Outside of what we can change",
        "change-idea-2": "",
    }
    items = [item.model_copy(update=changes.get(item.id, {})) for item in school_items()]
    items = [drop(item, drops[item.id]) if item.id in drops else item for item in items]
    added = [
        k.Cause(id="cause-forms", parent="category-6", text="The form asks for a login", order=5),
        k.ChangeIdea(id="change-idea-9", text="Call each family in June"),
    ]
    return Theory.of([*items, *added])


@st.composite
def pairs(draw):
    """A tree of causes, drivers and ideas with any texts, and what became of it."""
    before = [
        k.Category(id=f"category-{n}", text=draw(texts(200)), order=n)
        for n in range(draw(st.integers(0, 3)))
    ]
    for n in range(draw(st.integers(0, 8)) if before else 0):
        above = [item.id for item in before if n or isinstance(item, k.Category)]
        before.append(
            k.Cause(
                id=f"cause-{n}",
                parent=draw(st.sampled_from(above)),
                text=draw(texts()),
                order=draw(st.integers(0, 2)),
            )
        )
    before += [
        k.Driver(
            id=f"driver-{n}",
            level=draw(st.sampled_from(("primary", "secondary"))),
            text=draw(texts()),
        )
        for n in range(draw(st.integers(0, 3)))
    ]
    after = []
    for item in before:
        fate = draw(st.sampled_from(("kept", "kept", "revised", "moved", "dropped", "added")))
        if fate == "revised":
            item = item.model_copy(update={"text": draw(texts(200))})
        elif fate == "moved" and isinstance(item, k.Cause):
            item = item.model_copy(update={"parent": "category-0"})
        after.append(drop(item, draw(texts())) if fate == "dropped" else item)
        if fate == "added":
            after.append(k.ChangeIdea(id=f"change-idea-{item.id}", text=draw(texts())))
    return Theory.of(before), Theory.of(after)


@SETTINGS
@given(pairs(), texts(), texts(), st.booleans())
def test_nothing_overlaps_and_every_text_is_drawn(both, then_label, now_label, changes_only):
    labels = {"then_label": then_label, "now_label": now_label}
    diagram = plot_then_and_now(*both, **labels, changes_only=changes_only)
    assert faults(diagram) == [] and crossed_boxes(diagram) == []
    drawn = {shape.item for shape in diagram.shapes if isinstance(shape, Words)}
    outline = diagram.text_outline()
    for revision in compare(*both, kinds=KINDS):
        if changes_only and revision.what == "kept":
            continue
        assert revision.item.id in drawn
        assert all(
            " ".join(text_of(item).split()) in outline
            for item in (revision.then, revision.now)
            if item
        )
        assert " ".join(revision.why.split()) in outline


def test_a_browser_lays_out_what_was_computed(page):
    hard = [k.Category(id=f"category-{n}", text=text[:200]) for n, text in enumerate(HARD)]
    hard += [
        k.Cause(id=f"cause-{n}", parent=f"cause-{n - 1}" if n else "category-0", text=text)
        for n, text in enumerate(HARD)
    ]
    states = [
        (empty(), empty()),
        (empty(), school()),
        (school(), later()),
        (Theory.of(hard), Theory.of([drop(one, HARD[4]) for one in hard])),
        (empty(), Theory.of(hard)),
    ]
    pictures = [plot_then_and_now(*both, **LABELS) for both in states] + [
        plot_then_and_now(largest(), largest(), **LABELS)
    ]
    assert [fault for picture in pictures for fault in faults(picture)] == []
    assert browser_faults(page, [picture.svg() for picture in pictures]) == []


def test_the_words_and_the_legend_count_what_changed():
    assert describe_then_and_now(school(), later(), **LABELS) == (
        "October 2026 beside March 2027. Between the two dates: 17 kept, 2 revised, "
        "2 moved, 2 added, 4 dropped. "
        "Of those dropped, 1 without a word on why."
    )
    lines = [
        line
        for shape in plot_then_and_now(school(), later(), **LABELS).shapes
        if isinstance(shape, Words)
        for line in shape.lines
    ]
    assert [line for line in lines if line[0] in MARKS.values() and len(line) > 1] == [
        "= 17 kept",
        "≈ 2 revised",
        "→ 2 moved",
        "+ 2 added",
        "− 4 dropped",
    ]
    assert [lines.count(MARKS[what]) for what in WHATS] == [17, 0, 2, 2, 2, 0, 4]


def test_evidence_that_came_and_a_place_to_act_are_said_and_not_called_kept_or_revised():
    """A cause whose grade rose read "kept", one that became a place to act "revised"."""
    bone = k.Category(id="category-1", text="Time")
    causes = [
        k.Cause(id=f"cause-{n}", parent=bone.id, text=f"Cause {n}", order=n) for n in range(5)
    ]
    before = Theory.of([bone, *causes])
    heard = k.Evidence(id="evidence-1", type="interview", about=("cause-0", "cause-1"), text="So")
    against = [
        k.Evidence(id=f"evidence-{kind}", type=kind, about=("cause-2",), supports=False, text="No")
        for kind in ("interview", "process")
    ]
    joined = k.Dropped(why="joined with: Cause 0", author="Ben", at=WHEN, into="cause-0")
    after = [
        *(bone, causes[0], causes[2], causes[3], heard, *against),
        causes[1].model_copy(update={"leverage": True}),
        causes[4].model_copy(update={"dropped": joined}),
    ]
    diagram = plot_then_and_now(before, Theory.of(after), **LABELS)
    assert faults(diagram) == []
    assert "Between the two dates: 1 kept, 3 weighed, 1 joined." in diagram.words
    outline = diagram.text_outline()
    for said in (
        "weighed: Cause 0\n    now supported by evidence: heard (a hunch before)",
        "weighed: Cause 1\n    now supported by evidence: heard (a hunch before)\n"
        "    now a place to act",
        "weighed: Cause 2\n    now ruled out by evidence (a hunch before)",
        "kept: Cause 3",
        "joined: Cause 4\n    joined by Ben with: Cause 0",
    ):
        assert said in outline
    back = plot_then_and_now(Theory.of(after), before, **LABELS).text_outline()
    assert "now a hunch again (heard before)\n    no longer a place to act" in back


def kept(outline):
    return [line.strip() for line in outline.splitlines() if line.strip().startswith("kept: ")]


def test_a_category_that_was_kept_is_a_heading_and_one_that_was_renamed_a_change():
    before = [k.Category(id="category-1", text="Time"), k.Category(id="category-2", text="Staff")]
    after = [before[0], before[1].model_copy(update={"text": "Staffing"})]
    diagram = plot_then_and_now(Theory.of(before), Theory.of(after), **LABELS)
    assert "Between the two dates: 1 revised." in diagram.words
    outline = diagram.text_outline()
    assert kept(outline) == [] and "revised: Staffing" in outline and "\nTime" in outline


def test_the_changes_alone_stand_under_what_they_belong_to():
    whole = plot_then_and_now(school(), later(), **LABELS)
    short = plot_then_and_now(school(), later(), **LABELS, changes_only=True)
    assert short.words == whole.words and faults(short) == []
    lines = set(short.text_outline().splitlines())
    assert lines < set(whole.text_outline().splitlines())
    changed = [line for line in whole.text_outline().splitlines() if ": " in line]
    assert {line for line in changed if not line.strip().startswith("kept")} <= lines
    found = kept(short.text_outline())
    assert 0 < len(found) < 17
    for line, below in pairwise(short.outline):
        if line.text.startswith("kept: "):
            assert below.depth > line.depth
    assert "= 17 kept (shown only above a change)" in short.svg()


def test_where_nothing_changed_the_changes_alone_say_so():
    diagram = plot_then_and_now(school(), school(), **LABELS, changes_only=True)
    assert "Nothing changed between the two dates." in diagram.text_outline()
    assert kept(diagram.text_outline()) == [] and faults(diagram) == []


def test_a_page_takes_the_changes_alone_where_it_cannot_hold_all():
    export = plot_then_and_now(school(), later(), **LABELS).on_page()
    assert export.paper == "letter" and export.points >= 8
    assert "shown only above a change" in export.sheets[0]


def test_a_change_is_told_apart_without_colour():
    diagram = plot_then_and_now(school(), later(), **LABELS)
    struck = [shape.item for shape in diagram.shapes if isinstance(shape, Words) and shape.struck]
    assert struck == ["cause-late", "cause-new", "cause-bell", "cause-bus", "change-idea-2"]
    frames = [shape for shape in diagram.shapes if isinstance(shape, Frame)]
    assert sum(bool(frame.dash) for frame in frames) == 4
    assert sum(frame.weight == 2 for frame in frames) == 6
    assert [
        bool(shape.dash) for shape in diagram.shapes if isinstance(shape, Line) and shape.arrow
    ] == [False, False, True, True]


def test_the_outline_tells_what_became_of_each_thing_and_why():
    outline = plot_then_and_now(school(), later(), **LABELS).text_outline()
    assert (
        "revised: Benchmark results reach teachers nineteen school days after the test\n    "
        "before: Benchmark results reach teachers five weeks" in outline
    )
    assert "whether it is ours to change: ours, now partly" in outline
    assert (
        "    moved: Students who are placed down say that nobody told them why\n      under: "
        "Climate & belonging\n      under: Placement in grade 7" in outline
    )
    assert "dropped by Ben: The data show no difference between new and other teachers" in outline
    assert (
        "dropped: Buses set the first and last period\n        dropped with what it stood under"
        in outline
    )
    assert (
        "dropped: Move support to an advisory period\n    dropped by Ben; nobody wrote down why"
        in outline
    )


def test_the_work_stands_in_its_order():
    headings = [
        line.text
        for line in plot_then_and_now(school(), later(), **LABELS).outline
        if line.depth == 0
    ]
    assert headings[:3] == [
        "Then: October 2026. Now: March 2027.",
        "Problem and aim",
        "Instruction & curriculum",
    ]
    assert headings[-3:] == ["Primary drivers", "Secondary drivers", "Change ideas"]


def test_nothing_at_all_is_said_kindly():
    assert "nothing to compare" in plot_then_and_now(empty(), empty(), **LABELS).text_outline()
    assert (
        describe_then_and_now(empty(), empty(), **LABELS)
        == "October 2026 beside March 2027. Nothing is written down yet."
    )
    assert describe_then_and_now(school(), school(), **LABELS).endswith(
        "Nothing changed between the two dates."
    )
