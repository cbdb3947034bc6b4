"""What no diagram may do: text on text, on a line or across a border, anything outside of it.

``faults`` reads the places that we computed; ``browser_faults`` reads the places of the finished
SVG as Chromium lays it out.

A line of text is checked at its full width. In height we check our whole line box (1.3 em); in the
browser, the part of it that letters fill: from 0.78 em above the baseline to 0.24 em below, because
a font's own box (1.16 em in DejaVu Sans) is taller than its ink. Marks that stack on capitals can
reach higher than that, and are not checked.
"""

from itertools import pairwise

import numpy as np

from see_the_system.diagrams.shapes import Frame, Line, Mark, Words

SLACK = 0.5
_READ = """svg => {
  const read = (name, make) => [...svg.querySelectorAll(name)].map(make);
  const number = (node, name) => parseFloat(node.getAttribute(name));
  const box = node => {
    const b = node.getBBox();
    return [b.x, b.y, b.x + b.width, b.y + b.height];
  };
  const grown = (b, by) => [b[0] - by, b[1] - by, b[2] + by, b[3] + by];
  const weight = node => parseFloat(getComputedStyle(node).strokeWidth) || 0;
  const texts = read('text', node => {
    const b = box(node), y = number(node, 'y'), stated = number(node, 'textLength');
    const size = parseFloat(getComputedStyle(node).fontSize);
    const held = node.getAttribute('textLength');
    node.removeAttribute('textLength');
    const natural = node.getComputedTextLength();
    if (held) node.setAttribute('textLength', held);
    return {
      box: [b[0], y - 0.78 * size, b[2], y + 0.24 * size],
      text: node.textContent, natural, stated: stated || 0,
    };
  });
  const view = svg.viewBox.baseVal;
  return {
    texts: texts.filter(text => text.text.trim()),
    frames: read('rect', node => grown(box(node), weight(node) / 2)).slice(1),
    marks: read('.mark', node => grown(box(node), weight(node) / 2)),
    lines: read('polyline', node => ({
      points: [...node.points].map(p => [p.x, p.y]), weight: weight(node),
    })),
    heads: read('polygon', node => box(node)),
    view: [view.x, view.y, view.x + view.width, view.y + view.height],
  };
}"""


def faults(diagram):
    """What overlaps or sticks out of a diagram, from its computed shapes (list of text)."""
    texts, frames, marks, segments = [], [], [], []
    for shape in diagram.shapes:
        if isinstance(shape, Words):
            texts += [
                (_edges(box), line)
                for box, line in zip(shape.line_boxes(), shape.lines, strict=True)
                if line.strip()
            ]
        elif isinstance(shape, Frame):
            frames.append(_edges(shape.box.grown(shape.weight / 2)))
        elif isinstance(shape, Mark):
            marks.append(_edges(shape.box))
        elif isinstance(shape, Line):
            segments += [(*start, *end, shape.weight) for start, end in pairwise(shape.points)]
    return _found(texts, frames, marks, segments, _edges(diagram.extent()))


def browser_faults(page, svgs):
    """The same for finished pictures as Chromium lays them out, each fault with its number.

    All of them are put into one Playwright ``page``.
    """
    return [
        f"picture {place}: {fault}"
        for place, read in enumerate(browser_layout(page, svgs))
        for fault in _read_faults(read)
    ]


def browser_stretch(page, svgs):
    """How much wider or narrower Chromium's own letters are than measured: the worst line.

    The ratio, 1 or more, and the text.
    """
    found = [
        (max(text["natural"], 1) / max(text["stated"], 1), text["text"])
        for read in browser_layout(page, svgs)
        for text in read["texts"]
    ]
    return max(((max(ratio, 1 / ratio), text) for ratio, text in found), default=(1.0, ""))


def browser_layout(page, svgs):
    """The places of all shapes of each picture as Chromium lays them out (list of dict)."""
    page.set_content(
        "<!doctype html><style>svg { display: block; max-width: none !important; }</style>"
        + "\n".join(svgs)
    )
    page.evaluate("document.fonts.ready.then(() => null)")
    return page.evaluate(f"() => [...document.querySelectorAll('body > svg')].map({_READ})")


def _read_faults(read):
    texts = [(text["box"], text["text"]) for text in read["texts"]]
    segments = [
        (*start, *end, line["weight"])
        for line in read["lines"]
        for start, end in pairwise(line["points"])
    ]
    return _found(texts, read["frames"], [*read["marks"], *read["heads"]], segments, read["view"])


def _edges(box):
    return (box.x, box.y, box.right, box.bottom)


def _found(texts, frames, marks, segments, view):
    said = [text[:60] for _, text in texts]
    boxes, frames, marks = (
        np.array(found, dtype=float).reshape(-1, 4)
        for found in ([box for box, _ in texts], frames, marks)
    )
    segments = np.array(segments, dtype=float).reshape(-1, 5)
    meets = np.triu(_meet(boxes, boxes), 1)
    found = [f'text "{said[a]}" overlaps text "{said[b]}"' for a, b in np.argwhere(meets)]
    crossing = _meet(boxes, frames) & ~_within(boxes, frames)
    found += [
        f'text "{said[a]}" crosses the border of box {_round(frames[b])}'
        for a, b in np.argwhere(crossing)
    ]
    found += [
        f'text "{said[a]}" overlaps the mark or arrow at {_round(marks[b])}'
        for a, b in np.argwhere(_meet(boxes, marks))
    ]
    found += [
        f'text "{said[a]}" overlaps the line {_round(segments[b])}'
        for a, b in np.argwhere(_struck(boxes, segments))
    ]
    ends = np.concatenate([segments[:, 0:2], segments[:, 2:4]])
    widths = np.concatenate([segments[:, 4], segments[:, 4]])[:, None] / 2
    everything = np.concatenate([boxes, frames, marks, np.hstack([ends - widths, ends + widths])])
    outside = ~_within(everything, np.array([view], dtype=float))[:, 0]
    return found + [f"outside the picture: {_round(box)}" for box in everything[outside]]


def _meet(a, b):
    a, b = a[:, None, :], b[None, :, :]
    across = np.minimum(a[..., 2], b[..., 2]) - np.maximum(a[..., 0], b[..., 0])
    down = np.minimum(a[..., 3], b[..., 3]) - np.maximum(a[..., 1], b[..., 1])
    return (across > SLACK) & (down > SLACK)


def _within(a, b):
    a, b = a[:, None, :], b[None, :, :]
    return ((a[..., :2] >= b[..., :2] - SLACK) & (a[..., 2:] <= b[..., 2:] + SLACK)).all(axis=-1)


def _struck(boxes, segments):
    """Which boxes meet which segments: no axis parts them (array of bool, boxes by segments).

    A segment is as broad as it is drawn.
    """
    half = np.maximum(segments[None, :, 4] / 2 - SLACK, 0)
    x0, y0, x1, y1 = (segments[None, :, place] for place in range(4))
    left, top, right, bottom = (boxes[:, None, place] for place in range(4))
    apart = (np.minimum(x0, x1) - half >= right) | (np.maximum(x0, x1) + half <= left)
    apart |= (np.minimum(y0, y1) - half >= bottom) | (np.maximum(y0, y1) + half <= top)
    far = np.hypot(x1 - x0, y1 - y0)
    nx, ny = (y1 - y0) / np.maximum(far, 1e-9), (x0 - x1) / np.maximum(far, 1e-9)
    middle = ((left + right) / 2 - x0) * nx + ((top + bottom) / 2 - y0) * ny
    reach = (right - left) / 2 * np.abs(nx) + (bottom - top) / 2 * np.abs(ny)
    return ~(apart | (np.abs(middle) >= reach + half))


def _round(numbers):
    return tuple(round(float(number), 1) for number in numbers)
