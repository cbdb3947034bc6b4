"""Explorers: a team's own look at the data, in a picture with its words, one press from a cause."""

import json
from functools import lru_cache
from html import escape
from typing import ClassVar

import traitlets

from helpers.kept import RecordWidget, must_be_a_record, script
from see_the_system.data.codes import GROUPS
from see_the_system.data.store import Store, open_store
from see_the_system.gaps.questions import answer
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.reports.district_report import SYNTHETIC_COUNTY, DistrictReport
from see_the_system.reports.gap_sections import a_class_later, at_every_level
from see_the_system.reports.measure_sections import (
    beyond_the_test,
    school_names,
    school_profile,
)
from see_the_system.reports.sections import Section
from see_the_system.theory.evidence import answered
from see_the_system.theory.kinds import Evidence, Question
from see_the_system.theory.model import walk

__all__ = ["GapExplorer", "SchoolExplorer"]

_GRADES = {
    "6 to 8": (6, 7, 8),
    "4 to 8": (4, 5, 6, 7, 8),
    "3 to 8": (3, 4, 5, 6, 7, 8),
    **{str(grade): (grade,) for grade in (3, 4, 5, 6, 7, 8, 11)},
}
_ACROSS_GRADES = ("by grade", "a class a year later")
_FOCUS, _COMPARISON = "Hispanic or Latino", "White"
_SYNTHETIC = "The practice network is synthetic: its districts and students are made up."


class _Explorer(RecordWidget):
    """Choices, and what the data say to them; what is seen can be put on a cause of the record."""

    _esm = script("explorer.js")
    form = traitlets.Unicode().tag(sync=True)
    # By the name of a look: what finds it in a report, and the question of evidence it answers.
    looks: ClassVar = {}

    def __init__(self, record, look=None, *, district=None):
        must_be_a_record(record)
        self.record = record
        looks = tuple(self.looks)
        if look is not None and look not in self.looks:
            raise Refusal(f'There is no look "{look}"; choose {" or ".join(looks)}.')
        own = district or record.theory().charter.district
        self._store, self._districts, code = _places(own)
        self._chosen = {
            "district": code,
            "focus": _FOCUS,
            "comparison": _COMPARISON,
            "grades": "3 to 8" if look in _ACROSS_GRADES else "6 to 8",
            "look": look or looks[0],
            "school": "",
        }
        self._section = self._find()
        super().__init__(record, type(self).__name__, form=self._made())

    def _more_choices(self):
        """What else can be chosen: name, label and options each (list)."""
        return []

    def _find(self):
        """What the data say to what is chosen (Section); where they cannot, why."""
        chosen = self._chosen
        if not chosen["district"]:
            return Section(words=("Choose a district first.",))
        grades = _GRADES[chosen["grades"]]
        groups = (chosen["focus"], chosen["comparison"])
        try:
            report = _report(str(self._store.folder), chosen["district"], *groups, grades)
            return self._seen(report)
        except Refusal as refusal:
            return Section(words=(str(refusal),))

    def _seen(self, report):
        # A report leaves a section out where there is no gap to show; here that has to be said.
        find = self.looks[self._chosen["look"]][0]
        return find(report) if report.enough else report.headline()

    def _made(self):
        self._drawn = self.record.number
        synthetic = self._chosen["district"].startswith(SYNTHETIC_COUNTY)
        notice = f"<p><i>{escape(_SYNTHETIC)}</i></p>" if synthetic else ""
        groups = sorted(GROUPS.values())
        choices = [
            ("district", "District", self._districts),
            ("focus", "Students", [[name, name] for name in groups]),
            ("comparison", "Beside", [[name, name] for name in groups]),
            ("grades", "Grades", [[name, name] for name in _GRADES]),
            ("look", "Look at", [[name, name] for name in self.looks]),
            *self._more_choices(),
        ]
        causes = [[item.id, item.text] for depth, item in walk(self.record.theory()) if depth]
        made = {
            "choices": [
                {"name": name, "label": label, "options": options, "value": self._chosen[name]}
                for name, label, options in choices
            ],
            "page": self._section.html() + notice,
            "causes": causes,
            "number": self._drawn,
        }
        return json.dumps(made, ensure_ascii=False)

    def _draw(self):
        self.form = self._made()

    def _do(self, operation):
        if operation.get("op") == "look":
            self._look_at(operation)
        elif operation.get("op") == "put":
            self._perform(operation, self._put)
        else:
            super()._do(operation)

    def _look_at(self, operation):
        self._chosen |= {name: str(value) for name, value in operation["chosen"].items()}
        self._section = self._find()
        self._draw()

    def _put(self, record, operation):
        """Puts what is seen on a cause, as evidence for or against it; gives what was done."""
        asked = operation["chosen"]
        own = record.theory().charter.district
        if asked["district"].startswith(SYNTHETIC_COUNTY) and not own.startswith(SYNTHETIC_COUNTY):
            raise Refusal(
                "These are numbers of the practice network, which is made up; they speak for none "
                "of your causes. Add your own data first."
            )
        evidence = Evidence(
            id=f"evidence-{operation['id']}",
            about=(operation["cause"],),
            supports=bool(operation["supports"]),
            **self._as_evidence(asked, str(operation.get("why") or "")),
        )
        record.add(evidence, author=operation["by"], key=operation["key"])
        return "It stands on the cause now, as evidence."

    def _as_evidence(self, asked, why):
        """What is seen as the fields of a piece of evidence (dict): a question, and its answer.

        Where no question is about what is seen, its words are kept with their source.
        """
        measure = self.looks[asked["look"]][1]
        if not measure:
            years = self._store.years()
            source = f"The state's public files, {years[0]} to {years[-1]}"
            text = f"{why} {self._section.text()}"[:2_000]
            return {"type": "document", "text": text, "source": source}
        question = Question(
            measure=measure,
            district=asked["district"],
            group=asked["focus"],
            comparison=asked["comparison"],
            grades=_GRADES[asked["grades"]],
        )
        piece = answered(Evidence(type="data", question=question), answer(question, self._store))
        return {"type": "data", "text": why, "question": question, "answers": piece.answers}

    def __repr__(self):
        return self._section.text()

    def _still_html(self):
        return json.loads(self.form)["page"]


class GapExplorer(_Explorer):
    """A gap looked at from seven sides, for a district, two groups of students, and grades.

    record: the team's, or the practice one; look: what it begins with, one of ``looks``; district:
    its code, the one in the record's charter where None. Until the team has added data of its own,
    the practice network is shown.
    """

    looks: ClassVar = {
        "the gap now": (lambda report: report.headline(), "gap in percent met"),
        "by grade": (lambda report: report.by_grade(), "gap by grade"),
        "since when": (lambda report: report.over_time(), "trend of the gap"),
        "a class a year later": (a_class_later, "share of the gap during middle school"),
        "between and within schools": (
            lambda report: report.between_and_within(),
            "gap between and within schools",
        ),
        "at every level": (at_every_level, "gap in standard deviations"),
        "beyond the test": (beyond_the_test, ""),
    }


class SchoolExplorer(_Explorer):
    """A district's schools: how much they differ beside chance, and where to go and see.

    Arguments as of ``GapExplorer``.
    """

    looks: ClassVar = {
        "schools and chance": (lambda report: report.schools(), ""),
        "bright spots": (lambda report: report.bright_spots(), ""),
        "one school side by side": (school_profile, ""),
    }

    def _more_choices(self):
        if not self._is_of_one_school():
            return []
        names = school_names(str(self._store.folder), self._chosen["district"])
        if self._chosen["school"] not in names:
            self._chosen["school"] = next(iter(names), "")
        return [("school", "School", [list(pair) for pair in names.items()])]

    def _is_of_one_school(self):
        return self.looks[self._chosen["look"]][0] is school_profile

    def _seen(self, report):
        if not self._is_of_one_school():
            return super()._seen(report)
        self._more_choices()
        return school_profile(report, self._chosen["school"])


def _places(own):
    """The store to ask, its districts as [code, name], and the one to begin with."""
    store = open_store([SAMPLE])
    if not own.startswith(SYNTHETIC_COUNTY):
        added = Store()
        store = added if added.catalogue else store
    names = store.districts()
    districts = [[row.district, row.name] for row in names.itertuples()]
    codes = {code for code, _ in districts}
    begin = own if own in codes else districts[0][0]
    return store, districts, begin


@lru_cache(maxsize=32)
def _report(folder, district, focus, comparison, grades):
    return DistrictReport(district, focus, comparison, grades=grades, store=folder)
