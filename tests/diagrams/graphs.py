"""Texts that are hard to draw, and what no line of a diagram may do."""

from itertools import pairwise

from hypothesis import strategies as st

from see_the_system.diagrams.shapes import Frame, Line

HARD = (
    "",
    "a",
    "W" * 300,
    "Placement rests on a recommendation",
    "word " * 55,
    "日本語の原因が長い文で書かれている場合" * 4,
    "ครูพบกันไตรมาสละครั้งและพูดถึงปฏิทิน" * 3,
    "نسبة الطلاب الذين حققوا المعيار في الرياضيات",
    "תלמידים 31 percent בכיתה ז",
    "हिन्दी में एक कारण",
    "🧮👩🏽‍🏫🧮 math",
    "<b>&amp;\"'</b>",
    "first\n\nsecond",
    "Ẫ̵̢g̈́" * 9,
    "\u200b",
)


def texts(most=300):
    """Texts of many scripts and lengths, no longer than ``most``."""
    return (
        st.sampled_from(HARD)
        | st.text(
            st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=12
        )
    ).map(lambda text: text[:most].strip())


def crossed_boxes(diagram):
    """The lines that run through a box with a border (list of Line and Box)."""
    boxes = [
        shape.box.grown(-1)
        for shape in diagram.shapes
        if isinstance(shape, Frame) and shape.stroke != "none"
    ]
    lines = [shape for shape in diagram.shapes if isinstance(shape, Line)]
    return [
        (line, box)
        for line in lines
        for a, b in pairwise(line.points)
        for box in boxes
        if _through(a, b, box)
    ]


def _through(a, b, box):
    across = max(a[0], b[0]) > box.x and min(a[0], b[0]) < box.right
    return across and max(a[1], b[1]) > box.y and min(a[1], b[1]) < box.bottom


def shared_stretches(paths):
    """The pairs of nets whose paths lie in each other for a while (list)."""
    parts = [(net, a, b) for net, points, *_ in paths for a, b in pairwise(points)]
    return [
        (one[0], other[0])
        for place, one in enumerate(parts)
        for other in parts[:place]
        if one[0] != other[0] and _lie_together(one, other)
    ]


def _lie_together(one, other):
    for along, across in ((0, 1), (1, 0)):
        level = one[1][across] == one[2][across] and other[1][across] == other[2][across]
        if level and abs(one[1][across] - other[1][across]) < 3:
            low, high = sorted((one[1][along], one[2][along]))
            other_low, other_high = sorted((other[1][along], other[2][along]))
            if min(high, other_high) - max(low, other_low) > 1:
                return True
    return False
