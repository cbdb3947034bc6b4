import re

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from see_the_system.diagrams.fishbone import describe_fishbone, plot_fishbone
from see_the_system.diagrams.shapes import Frame, Line, Mark, Words
from see_the_system.theory import kinds as k
from see_the_system.theory.evidence import GRADES
from see_the_system.theory.model import Theory
from tests.diagrams.drawn_theories import SETTINGS
from tests.diagrams.graphs import HARD, texts
from tests.diagrams.layout import browser_faults, faults
from tests.theory.examples import WHEN, empty, largest, school


@st.composite
def theories(draw):
    """Up to ten categories and eighty causes under any of them or under each other.

    Some have votes and evidence.
    """
    bones = [f"category-{n}" for n in range(draw(st.integers(0, 10)))]
    found = [k.Problem(text=draw(texts(2000)))]
    found += [k.Category(id=name, text=draw(texts(200))) for name in bones]
    above = list(bones)
    for n in range(draw(st.integers(0, 80)) if bones else 0):
        name = f"cause-{n}"
        parent = draw(st.sampled_from(above[-12:] if n % 3 else bones))
        found.append(k.Cause(id=name, parent=parent, text=draw(texts(2000))))
        above.append(name)
        if n % 4 == 0:
            found.append(k.Vote(id=f"vote-{n}", on=name, voter="Ana", dots=1 + n % 20))
        found += [evidence(n, name, n % 9)] if n % 9 < 3 else []
    return Theory.of(found)


def evidence(number, about, sort):
    """An interview (0), or data for (1) or against (2) a cause."""
    name = f"evidence-{number}"
    if sort == 0:
        return k.Evidence(id=name, type="interview", about=(about,))
    answers = (k.Answer(sentence="So.", fingerprint="0123456789abcdef", at=WHEN),)
    question = k.Question(measure="gap in percent met", district="99-10017")
    look = {"question": question, "answers": answers}
    return k.Evidence(id=name, type="data", about=(about,), supports=sort == 1, **look)


def hard():
    """Every hard text as a category, as a cause and far down in a chain, every grade among them."""
    found = [k.Problem(text=HARD[4] * 5)]
    for n, text in enumerate(HARD):
        found += [
            k.Category(id=f"category-{n}", text=text[:200], order=n),
            k.Cause(id=f"cause-{n}", parent=f"category-{n}", text=text),
        ]
        found += [evidence(n, f"cause-{n}", n % 4)] if n % 4 < 3 else []
    for n in range(30):
        found.append(
            k.Cause(
                id=f"cause-deep-{n}",
                parent=f"cause-deep-{n - 1}" if n else "cause-3",
                text=HARD[n % len(HARD)],
            )
        )
    return Theory.of(found)


def drawn(diagram, kind):
    return [shape for shape in diagram.shapes if isinstance(shape, kind)]


PARTS = ("87% of the gap stands within schools", "", *HARD[3:7])


def shares_of(theory):
    """Words on a part of the gap for two causes of three, some of them the same, some hard."""
    causes = enumerate(theory.causes)
    return {cause.id: PARTS[n % len(PARTS)] for n, cause in causes if n % 3}


@settings(SETTINGS, max_examples=40)
@given(theories(), st.none() | st.integers(300, 2000), st.booleans())
def test_no_text_lies_on_anything_and_every_cause_is_drawn_whole(theory, width, with_shares):
    shares = shares_of(theory) if with_shares else {}
    diagram = plot_fishbone(theory, shares=shares, width=width)
    assert faults(diagram) == []
    lines = {}
    for shape in drawn(diagram, Words):
        lines[shape.item] = lines.get(shape.item, "") + "".join("".join(shape.lines).split())
    for item in (theory.problem, *theory.categories, *theory.causes):
        assert lines[item.id].startswith("".join(item.text.split()))
    said = {" ".join(text.split()) for text in shares.values() if text.strip()}
    drawn_items = 1 + len(theory.categories) + len(theory.causes)
    assert len(diagram.outline) == drawn_items + len(said) + bool(said)
    assert all(diagram.text_outline().count(text) >= 1 for text in said)


@settings(SETTINGS, max_examples=6, phases=(Phase.generate,))
@given(st.lists(theories(), min_size=4, max_size=4))
def test_nor_as_a_browser_lays_it_out(page, many):
    assert browser_faults(page, [plot_fishbone(theory).svg() for theory in many]) == []


def test_examples_as_a_browser_lays_them_out(page):
    pictures = [plot_fishbone(theory) for theory in (empty(), school(), largest(), hard())]
    pictures += [plot_fishbone(theory, shares=shares_of(theory)) for theory in (school(), hard())]
    assert [fault for picture in pictures for fault in faults(picture)] == []
    assert browser_faults(page, [picture.svg() for picture in pictures]) == []


@pytest.mark.parametrize("causes", [7, 12, 13, 40])
@pytest.mark.parametrize("width", [None, 460, 1000, 1600])
def test_a_long_bone_stands_in_two_ranks_where_a_screen_is_broad_enough(causes, width):
    """Twelve causes one below the other were higher than a screen."""
    words = [cause.text for cause in school().causes]
    found = [k.Problem(text=HARD[0]), k.Category(id="category-0", text="Only", order=1)]
    found += [k.Category(id=f"category-{n}", text=f"Bone {n}", order=n + 2) for n in (1, 2)]
    for n in range(causes):
        text = f"{n} {words[n % len(words)]}"
        found.append(k.Cause(id=f"cause-{n}", parent="category-0", text=text, order=n))
    diagram = plot_fishbone(Theory.of(found), width=width)
    assert faults(diagram) == []
    rib = next(line for line in drawn(diagram, Line) if line.weight == 2.5)
    (tip, end), (base, _) = rib.points
    boxes = [shape.box for shape in drawn(diagram, Words) if shape.item.startswith("cause-")]
    behind = [box for box in boxes if box.x > tip + (base - tip) * (box.y - end) / -end]
    if width in (1000, 1600):
        assert abs(len(behind) - causes / 2) <= 1  # the ranks are as high as each other
    else:
        assert behind == []


@settings(SETTINGS, max_examples=30)
@given(st.lists(texts(200), min_size=7, max_size=30), st.integers(700, 2000))
def test_nothing_overlaps_on_either_side_of_a_rib(words, width):
    found = [k.Category(id=f"category-{n}", text=HARD[n][:200], order=n) for n in range(3)]
    for n, text in enumerate(words):
        under = f"cause-{n - 1}" if n % 5 == 4 else f"category-{n % 7 // 6}"
        found.append(k.Cause(id=f"cause-{n}", parent=under, text=text, order=n))
    diagram = plot_fishbone(Theory.of(found), width=width)
    assert faults(diagram) == []


def test_the_school_in_words():
    assert describe_fishbone(school()) == (
        "13 causes in 6 categories: 10 hunches, 1 heard, 1 seen in data, 1 ruled out. "
        "Most dots (5): “Placement in grade 7 rests on a recommendation with no written criteria”."
    )
    assert describe_fishbone(empty()) == "No cause is named yet."
    assert (
        describe_fishbone(Theory.of([k.Category(id="category-1", text="Time")]))
        == "1 category named, and no cause yet."
    )


def test_a_part_of_the_gap_is_said_once_and_no_cause_says_a_number():
    within, before = "87% of the gap stands within schools", "60% of the gap stands before grade 6"
    causes = {"cause-bell": within, "cause-tasks": before, "cause-placement": within}
    diagram = plot_fishbone(school(), shares=causes)
    texts = [(words.item, " ".join(words.lines)) for words in drawn(diagram, Words)]
    said = [(item, text) for item, text in texts if "%" in text]
    assert said == [("", before), ("", within)]  # neither belongs to a cause
    marks = {item: text for item, text in texts if text in ("a", "b") and item}
    assert marks == {"cause-tasks": "a", "cause-bell": "b", "cause-placement": "b"}
    assert "1 cause is about this part (a)." in diagram.words
    assert "2 causes are about this part (b)." in diagram.words
    outline = diagram.text_outline()
    assert f"Where the gap is seen, not why\n  Part a: {before}\n  Part b: {within}" in outline
    assert outline.count("%") == 2


def test_without_a_measured_part_nothing_speaks_of_the_gap():
    for shares in (None, {}, {"cause-bell": ""}, {"cause-gone": "9% of the gap"}):
        diagram = plot_fishbone(school(), shares=shares)
        assert "of the gap" not in diagram.svg() + diagram.text_outline()
        assert "Where the gap is seen" not in diagram.svg()


def test_the_outline_of_the_school():
    outline = (
        plot_fishbone(school(), shares={"cause-placement": "38% of the gap"})
        .text_outline()
        .splitlines()
    )
    assert outline[0].startswith("Problem: In spring 2025, 31 percent")
    assert len(outline) == 1 + 6 + 13 + 2
    assert (
        "    Placement in grade 7 rests on a recommendation with no written criteria (seen "
        "in data; 5 dots; about part a of the gap)" in outline
    )
    assert "      Bell schedule has one open period, and it is period 2 (hunch)" in outline
    assert "        Buses set the first and last period (hunch)" in outline


def test_each_grade_has_a_mark_and_a_line_of_its_own():
    found = [k.Category(id="category-1", text="Time")]
    found += [
        k.Cause(id=f"cause-{n}", parent="category-1", text=grade, order=n)
        for n, grade in enumerate(GRADES)
    ]
    found += [evidence(n, f"cause-{n}", n - 1) for n in (1, 2, 3)]
    diagram = plot_fishbone(Theory.of(found))
    marks = [mark.sign for mark in drawn(diagram, Mark)]
    assert marks == ["open", "half", "full", "cross"] * 2  # once at the causes, once in the legend
    legend = drawn(diagram, Line)[-4:]
    assert len({(line.dash, line.weight) for line in legend}) == 4
    assert [words.struck for words in drawn(diagram, Words) if words.item.startswith("cause")] == [
        False,
        False,
        False,
        True,
    ]


def test_the_legend_names_only_grades_that_occur():
    without_items = [
        words.lines for words in drawn(plot_fishbone(largest()), Words) if not words.item
    ]
    assert without_items == [("hunch",)]


def test_what_was_dropped_is_not_drawn():
    kept = k.Cause(id="cause-1", parent="category-1", text="Kept")
    gone = k.Cause(id="cause-2", parent="category-1", text="Gone", dropped=k.Dropped(why="refuted"))
    under = k.Cause(id="cause-3", parent="cause-2", text="Under it")
    svg = plot_fishbone(
        Theory.of([k.Category(id="category-1", text="Time"), kept, gone, under])
    ).svg()
    assert "Kept" in svg and "Gone" not in svg and "Under it" not in svg


def test_ribs_stand_on_both_sides_and_lean_to_the_head():
    diagram = plot_fishbone(school())
    ribs = [
        line.points
        for line in drawn(diagram, Line)
        if line.weight == 2.5 and line.points[1][1] == 0 and abs(line.points[0][1]) > 20
    ]
    assert [end[1] < 0 for end, _ in ribs] == [True, True, True, False, False, False]
    assert all(end[0] < base[0] for end, base in ribs)
    (head,) = (frame.box for frame in drawn(diagram, Frame) if frame.weight == 2.5)
    assert all(
        shape.box.right < head.x
        for shape in drawn(diagram, Words)
        if shape.item.startswith(("cause", "category"))
    )
    assert head.y + head.h / 2 == pytest.approx(0)


def test_a_theory_of_a_team_fits_a_page_on_its_side():
    box = plot_fishbone(school()).extent()
    assert box.w <= 1152 and box.h <= 840 and box.w > box.h


def test_a_width_is_kept_where_the_text_allows():
    narrow, wide = (plot_fishbone(largest(), width=width).extent() for width in (2000, 4000))
    assert narrow.w < wide.w < 4100 and narrow.h > wide.h


def test_a_very_deep_chain_is_drawn():
    found = [
        k.Category(id="category-1", text="Time"),
        k.Cause(id="cause-0", parent="category-1", text="Why"),
    ]
    found += [
        k.Cause(id=f"cause-{n}", parent=f"cause-{n - 1}", text=f"Why {n}") for n in range(1, 1200)
    ]
    svg = plot_fishbone(Theory.trusted({item.id: item for item in found})).svg()
    assert len(re.findall('data-item="cause-', svg)) == 1200
