"""The picture editor in a real browser: from Enter to the new picture, in Voila and in JupyterLab.

``python -m benchmarks.editor [edits]``. Each edit is measured beside an empty message that takes
the same way to Python and back, in turns and by the page's own clock, so that a machine that is
busy is busy for both. What is judged is how much later the picture comes than the empty answer.
"""

import os
import statistics
import sys
import tempfile

from see_the_system.theory.kinds import Category, Cause, Problem
from see_the_system.theory.model import Theory
from tests.editor.conftest import open_room
from tests.editor.steps import run_in_lab

EDITS = 200
SIZES = (10, 50, 200)
BARS = {10: 60, 50: 60, 200: 110}  # ms: p95 of an edit above p95 of an empty message
BURST = 20
SURFACES = {"Voila": "voila/render", "Lab": "doc/tree"}
NAMES = ("Instruction", "Time", "Placement", "Families", "Staffing", "Tools")
# Runs in the page: edits by keyboard, as a person's, and empty messages, in turns.
MEASURE = """async ([edits, burst]) => {
  const one = (selector) => document.querySelector(selector);
  const key = (element, name) =>
    element.dispatchEvent(
      new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const drawing = one(".sts-drawing");
  let pictures = 0;
  const until = (element, holds) => new Promise((done, lost) => {
    const enough = setTimeout(() => lost(new Error("no answer in 60 s")), 60_000);
    const watch = new MutationObserver(() => {
      if (!holds()) return;
      const at = performance.now();
      watch.disconnect();
      clearTimeout(enough);
      done(at);
    });
    const any = { childList: true, subtree: true, characterData: true, attributes: true };
    watch.observe(element, any);
  });
  new MutationObserver(() => pictures++).observe(drawing, { attributeFilter: ["data-number"] });
  const saved = () => one(".sts-status").textContent === "Saved";
  async function settled() {
    for (let calm = 0; calm < 3; calm++) {
      await pause(15);
      if (!saved()) calm = -1;
    }
  }
  async function empty() {
    const answered = until(one(".sts-status"), saved);
    const start = performance.now();
    one(".sts").dispatchEvent(new Event("sts-echo"));
    return (await answered) - start;
  }
  async function edit(number) {
    const rows = [...document.querySelectorAll(".sts-rows [data-id^=cause] button")];
    const row = rows[(number * 7) % rows.length];
    const id = row.parentElement.dataset.id;
    row.focus();
    key(row, "Enter");
    const box = one(".sts-text");
    const word = `Edit${number}`;
    box.value = `${word}: ${box.value.replace(/^Edit\\d+: /, "")}`;
    box.dispatchEvent(new Event("input"));
    await frame();
    const before = drawing.dataset.number; // of the record: the new picture has another
    const drawn = until(drawing, () => drawing.dataset.number !== before
      && drawing.querySelector(`[data-item="${id}"]`)?.textContent.includes(word));
    const start = performance.now();
    key(box, "Enter");
    await frame();
    const stands = drawing.querySelector(`[data-item="${id}"]`).textContent.includes(word);
    const next = performance.now() - start;
    return { picture: (await drawn) - start, next, stands };
  }
  const found = { empty: [], picture: [], next: [], stands: 0 };
  for (let number = -5; number < edits; number++) {
    await settled();
    const alone = await empty();
    await settled();
    const done = await edit(number + 5);
    if (number < 0) continue; // the first ones warm up
    found.empty.push(alone);
    found.picture.push(done.picture);
    found.next.push(done.next);
    found.stands += done.stands;
  }
  await settled();
  pictures = 0;
  for (let number = 0; number < burst; number++) {
    const row = one(".sts-rows [data-id=category-1] button");
    row.focus();
    key(row, "Insert");
    const box = [...document.querySelectorAll(".sts-text")].at(-1); // those before it go later
    box.value = `Of a burst ${number}`;
    key(box, "Enter");
  }
  const start = performance.now();
  await until(one(".sts-status"), saved);
  const kept = performance.now() - start;
  await pause(1500);
  return { ...found, burst: { pictures, kept } };
}"""


def main(edits=EDITS):
    with tempfile.TemporaryDirectory() as folder, open_room(folder) as room:
        print("From Enter to the new picture in the page, ms; beside an empty message")
        for surface, path in SURFACES.items():
            for size in SIZES:
                _print(surface, size, measured(room, path, size, edits))


def fishbone_of(size):
    """A theory of so many causes under six categories, three in ten of them under a cause."""
    categories = [
        Category(id=f"category-{place}", text=name, order=place) for place, name in enumerate(NAMES)
    ]
    causes = [
        Cause(
            id=f"cause-{number}",
            parent=f"category-{number % 6}" if number < 0.7 * size else f"cause-{number % 6}",
            text=f"Results of test {number} reach teachers weeks after the unit has moved on",
            order=number,
        )
        for number in range(size)
    ]
    return Theory.of([Problem(text="24 percent met the standard"), *categories, *causes])


def measured(room, surface, size, edits):
    """What the page measured (dict of lists, ms)."""
    name = f"{surface.split('/')[0]}-{size}"
    room.lesson(name, fishbone_of(size))
    with room.page(name, surface=surface, width=1400) as page:
        if not surface.startswith("voila"):
            run_in_lab(page)
        page.wait_for_timeout(1_500)
        page.set_default_timeout(0)
        found = page.evaluate(MEASURE, [edits, BURST])
        assert page.errors == [], page.errors
    assert len(room.theory(name).causes) == size + BURST
    return found


def _print(surface, size, found):
    empty, picture = _summary(found["empty"]), _summary(found["picture"])
    above = picture[1] - empty[1]
    verdict = "holds" if above <= BARS[size] else "OVER"
    burst = found["burst"]
    next_frame = _summary(found["next"])
    load = os.getloadavg()[0]
    print(
        f"  {surface:6} {size:4} causes   edit {picture[0]:4.0f} / {picture[1]:4.0f}   "
        f"empty {empty[0]:4.0f} / {empty[1]:4.0f}   p95 above it {above:4.0f} "
        f"(bar {BARS[size]}: {verdict})   in the next frame {found['stands']} of "
        f"{len(found['next'])}, {next_frame[0]:.0f} / {next_frame[1]:.0f}   burst of {BURST}: "
        f"{burst['pictures']} pictures, kept after {burst['kept']:.0f}   load {load:.1f}",
        flush=True,
    )


def _summary(times):
    """The median and the 95th percentile (two floats)."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
