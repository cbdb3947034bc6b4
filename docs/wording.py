"""Prints how often the checks of wording are right on sentences that they never met.

``python docs/wording.py`` reads the open half of the first list, with ``sealed``, ``later``,
``latest``, ``plans``, ``notes``, ``statements`` or ``others`` another list of them. With
``--sentences``, also the sentences that went wrong.
"""

import sys
from math import sqrt
from pathlib import Path

import yaml

from see_the_system.theory.wording import (
    cause_in_problem,
    closed,
    deficit,
    solution_as_cause,
    solution_in_problem,
)

SENTENCES = Path(__file__).parents[1] / "tests" / "theory" / "unseen_wording.yaml"
CHECKS = {
    "deficit_english": deficit,
    "deficit_spanish": deficit,
    "cause_solution": solution_as_cause,
    "cause_in_problem": cause_in_problem,
    "solution_in_problem": solution_in_problem,
    "closed": closed,
}
HALVES = ("open", "sealed", "later", "latest", "plans", "notes", "statements", "others")
_Z = 1.959964  # of a 95 percent interval


def interval(hits, of):
    """The 95 percent interval of a share (two floats), after Wilson (1927)."""
    if not of:
        return 0.0, 1.0
    share = hits / of
    middle = share + _Z**2 / (2 * of)
    half = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2))
    scale = 1 + _Z**2 / of
    return (middle - half) / scale, (middle + half) / scale


def measured(half):
    """What each check makes of a half of the sentences.

    A dict by check: right (int), wrong and missed (lists of text), to find (int).
    """
    sentences = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    found = {}
    for name, finds in CHECKS.items():
        kinds = sentences[name].get(half, {"found": [], "silent": []})
        missed = [text for text in kinds["found"] if not finds(text)]
        wrong = [text for text in kinds["silent"] if finds(text)]
        of = len(kinds["found"])
        found[name] = {"right": of - len(missed), "wrong": wrong, "missed": missed, "of": of}
    return found


def table(half):
    """The figures of a half, as the page has them (text)."""
    lines = ["| check | right when it speaks | found of what is there |", "|---|---|---|"]
    for name, part in measured(half).items():
        if not part["of"]:
            continue
        speaks = part["right"] + len(part["wrong"])
        right = _share(part["right"], speaks)
        found = _share(part["right"], part["of"])
        lines.append(f"| {name.replace('_', ' ')} | {right} | {found} |")
    return "\n".join(lines)


def _share(hits, of):
    low, high = interval(hits, of)
    percent = 100 * hits / of if of else 0
    return f"{hits} of {of}: {percent:.0f} % ({100 * low:.0f} to {100 * high:.0f})"


if __name__ == "__main__":
    chosen = next((half for half in HALVES if half in sys.argv), "open")
    print(table(chosen))
    if "--sentences" in sys.argv:
        for name, part in measured(chosen).items():
            for kind in ("missed", "wrong"):
                print("\n".join(f"{name} {kind}: {text}" for text in part[kind]))
