"""A team's own spreadsheet, read where it lies, step by step, and put on a cause as evidence."""

import tempfile
from functools import cache
from pathlib import Path

from helpers.explorers import Exploring
from see_the_system.messages import Refusal
from see_the_system.own_tables.guided_import import is_synthetic, page
from see_the_system.reports.district_report import SYNTHETIC_COUNTY
from see_the_system.theory.kinds import Answer

__all__ = ["OwnSpreadsheet", "own_spreadsheet"]

_PRACTICE, _YEAR = "99-10025", 2025  # the district where the record names none of its own
_NEW_WITH = {
    "folder": ("folder",),
    "file": ("folder", "file"),
    "sheet": ("folder", "file", "sheet"),
}


def own_spreadsheet(record):
    """A spreadsheet of the team's own: what is understood of it, and what it says (OwnSpreadsheet).

    Nothing of a file is kept but what a person puts on a cause. ``Refusal`` for what is no record.
    """
    return OwnSpreadsheet(record)


class OwnSpreadsheet(Exploring):
    """Choices of a file, of what counts and of whom."""

    def __init__(self, record):
        self._chosen, self._said = {}, {}
        super().__init__(record)

    def _find(self):
        practice = _practice_folder(self.record.theory().charter.district)
        if self._chosen.get("folder") == str(practice) and not any(practice.iterdir()):
            # Made when it is first looked into: the simulator takes some seconds.
            from practice_network.records import write_records

            write_records(practice, practice.name, years=(_YEAR,))
        chosen = {**self._chosen, "said": self._said}
        self._page = page(chosen, folders={str(practice): "To try: a practice district (made up)"})

    def _choose(self, chosen):
        before = {choice["name"]: choice["value"] for choice in self._page.choices}
        for name, kept in _NEW_WITH.items():
            # Another file has other columns: what was chosen for the last one is gone.
            if name in before and chosen.get(name) != before[name]:
                chosen = {each: chosen[each] for each in kept if each in chosen}
                self._said = {}
                break
        column, role = chosen.get("column", ""), chosen.get("role", "")
        if role and column == before.get("column") and role != before.get("role"):
            self._said[column] = role
        self._chosen = chosen

    def _shown(self):
        shown = self._page
        return {"choices": shown.choices, "page": shown.html, "below": shown.below}

    def _as_evidence(self, operation):
        seen = self._page.evidence
        if seen is None:
            raise Refusal("There is nothing to put on a cause yet. Choose a file and what counts.")
        answer = Answer(**{name: value for name, value in seen.items() if name != "source"})
        why = str(operation.get("why") or "")
        fields = {"type": "data", "text": why, "source": seen["source"], "answers": (answer,)}
        return fields, is_synthetic(seen["source"])

    def __repr__(self):
        return self._page.words

    def _still_html(self):
        return self._page.html + self._page.below


@cache
def _practice():
    """An empty folder of its own, for the records of practice districts."""
    return tempfile.TemporaryDirectory(prefix="see-the-system-", ignore_cleanup_errors=True)


def _practice_folder(district):
    """Where the records of a practice district are, or will be (Path)."""
    known = district if district.startswith(SYNTHETIC_COUNTY) else _PRACTICE
    folder = Path(_practice().name) / known
    folder.mkdir(exist_ok=True)
    return folder
