"""Kernels killed in mid-edit, round after round: what was written is there, and once."""

import contextlib
import random
from collections import Counter

import psutil
from playwright.sync_api import expect

from see_the_system.theory.kinds import Category, Problem
from see_the_system.theory.model import Theory
from tests.editor.steps import plus, saved


def kill_kernels(room):
    """Kills every kernel of the server, as a machine out of memory does."""
    for process in psutil.Process(room.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it may be gone by now
            if "ipykernel" in " ".join(process.cmdline()):
                process.kill()


def kernels_killed(room, name, *, rounds, seed):
    """Writes causes without waiting, kills the kernel at some moment, and brings the work back.

    Gives what was done (Counter). AssertionError where a cause is lost, made twice, or out of its
    place; what the page showed as saved when the kernel died is counted as ``acknowledged``.
    """
    chance = random.Random(seed)
    theory = Theory.of([Problem(text="A gap"), Category(id="category-time", text="Time")])
    room.lesson(name, theory)
    written = []
    counts = Counter()
    with room.page(name) as page:
        for number in range(rounds):
            for each in range(chance.randint(1, 3)):
                written.append(f"Cause {number}.{each}")
                _write(page, written[-1])
            page.wait_for_timeout(chance.choice([0, 5, 20, 60, 150]))
            kill_kernels(room)
            status = page.locator(".sts-status").text_content()
            counts["acknowledged when it died"] += status.startswith("Saved")
            page.reload()
            page.wait_for_selector(".sts .places", timeout=60_000)
            saved(page)
            made = [cause.text for cause in room.theory(name).causes]
            assert made == written
    return counts + Counter({"kernels killed": rounds, "causes written": len(written)})


def _write(page, text):
    plus(page, "Add a cause to Time").click()
    page.locator(".sts-text").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".sts-text")).to_have_count(0)
