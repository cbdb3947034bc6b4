"""Two people who write into the same texts at the same time, each in a browser of their own."""

import random
import time
from collections import Counter

from see_the_system.theory.kinds import Category, Cause, Problem
from see_the_system.theory.model import Theory
from tests.editor.steps import place, saved

CAUSES = ("Support takes core time", "Results come late", "Placement is settled in July")


def two_write(room, name, *, seconds, seed):
    """Two people add words to causes, often to the same one, letter by letter, for a while.

    Gives what was done (Counter). AssertionError where a word is lost, or stands twice.
    """
    chance = random.Random(seed)
    causes = [Cause(id=f"cause-{n}", parent="category-1", text=t) for n, t in enumerate(CAUSES)]
    category = Category(id="category-1", text="Time")
    room.lesson(name, Theory.of([Problem(text="A gap"), category, *causes]))
    counts = Counter(words=0, conflicts=0)
    with room.page(name) as ana, room.page(name, who="Ben") as ben:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            counts["rounds"] += 1
            words = {page: f"{who}{counts['rounds']}" for page, who in ((ana, "a"), (ben, "b"))}
            for page in words:
                place(page, chance.choice(CAUSES)).click()
            for page, word in words.items():
                page.locator(".sts-text").press_sequentially(f" {word}")
            for page in chance.sample([ana, ben], 2):
                page.keyboard.press("Enter")
                counts["words"] += 1
                counts["conflicts"] += _settled(page, words[page])
        assert ana.errors == [] and ben.errors == []
    written = Counter(" ".join(cause.text for cause in room.theory(name).causes).split())
    for number in range(1, counts["rounds"] + 1):
        assert (written[f"a{number}"], written[f"b{number}"]) == (1, 1), number
    return counts


def _settled(page, word):
    """Waits until a word is kept; where the other wrote there too, both are joined by hand."""
    saved(page)
    panel = page.locator(".sts-panel", has_text="Two of you wrote here")
    if not panel.is_visible():
        return False
    theirs = panel.locator("p", has_text="wrote meanwhile").text_content().split("“")[1].rstrip("”")
    page.get_by_label("Yours", exact=True).fill(f"{theirs} {word}")
    page.get_by_role("button", name="Use mine").click()
    saved(page)
    return True
