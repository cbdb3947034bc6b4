"""Explorers: a team's own look at the data, in a picture with its words, one press from a cause."""

import json
from typing import ClassVar

import traitlets

from helpers.kept import RecordWidget, must_be_a_record, script
from see_the_system.gaps.questions import answer
from see_the_system.messages import Refusal
from see_the_system.reports import district_looks
from see_the_system.reports.district_report import SYNTHETIC_COUNTY
from see_the_system.theory.evidence import answered
from see_the_system.theory.kinds import Evidence, Question
from see_the_system.theory.model import walk

__all__ = ["GapExplorer", "SchoolExplorer"]


class Exploring(RecordWidget):
    """Choices, and what is seen with them; it can be put on a cause of the record as evidence.

    A subclass keeps what is ``_chosen``, finds what is seen in its ``_find``, gives the choices and
    the page in ``_shown`` (dict), and in ``_as_evidence``, of an operation of the page, the fields
    of the evidence (dict) and whether it is of the practice network (bool).
    """

    _esm = script("explorer.js")
    form = traitlets.Unicode().tag(sync=True)

    def __init__(self, record):
        must_be_a_record(record)
        self.record = record
        self._find()
        super().__init__(record, type(self).__name__, form=self._made())

    def _made(self):
        theory = self.record.theory()
        self._drawn = self.record.number
        causes = [[item.id, item.text] for depth, item in walk(theory) if depth]
        made = {**self._shown(), "causes": causes, "number": self._drawn}
        return json.dumps(made, ensure_ascii=False)

    def _draw(self):
        self.form = self._made()

    def _do(self, operation):
        if operation.get("op") == "look":
            self._choose({name: str(value) for name, value in operation["chosen"].items()})
            self._find()
            self._draw()
        elif operation.get("op") == "put":
            self._perform(operation, self._put)
        else:
            super()._do(operation)

    def _put(self, record, operation):
        """Puts what is seen on a cause, as evidence for or against it; gives what was done."""
        fields, is_made_up = self._as_evidence(operation)
        if is_made_up and not record.theory().charter.district.startswith(SYNTHETIC_COUNTY):
            raise Refusal(
                "These are numbers of the practice network, which is made up; they speak for none "
                "of your causes. Add your own data first."
            )
        evidence = Evidence(
            id=f"evidence-{operation['id']}",
            about=(operation["cause"],),
            supports=bool(operation["supports"]),
            **fields,
        )
        record.add(evidence, author=operation["by"], key=operation["key"])
        return "It stands on the cause now, as evidence."


class _Explorer(Exploring):
    """A look at a district's data."""

    looks: ClassVar = {}  # a ``DistrictLook`` by its name

    def __init__(self, record, look=None, *, district=None):
        must_be_a_record(record)
        own = district or record.theory().charter.district
        self._store, self._districts, code = district_looks.places(own)
        self._chosen = district_looks.chosen_first(self.looks, look, code)
        super().__init__(record)

    def _find(self):
        asked = (self.looks, self._chosen, self._store)
        self._schools = district_looks.schools_on_offer(*asked)
        of_one_school = self.looks[self._chosen["look"]].of_one_school
        if of_one_school and self._chosen["school"] not in self._schools:
            self._chosen["school"] = next(iter(self._schools), "")
        self._section = district_looks.look_at(*asked)

    def _choose(self, chosen):
        self._chosen |= chosen

    def _shown(self):
        chosen = (self.looks, self._chosen, self._districts, self._schools)
        page = district_looks.look_html(self._section, self._chosen["district"])
        return {"choices": district_looks.choices(*chosen), "page": page}

    def _as_evidence(self, operation):
        """A question and its answer; the words with their source, where no question asks it."""
        asked, why = operation["chosen"], str(operation.get("why") or "")
        is_made_up = asked["district"].startswith(SYNTHETIC_COUNTY)
        measure = self.looks[asked["look"]].measure
        if not measure:
            return district_looks.as_document(self._section, self._store, why), is_made_up
        question = Question(
            measure=measure,
            district=asked["district"],
            group=asked["focus"],
            comparison=asked["comparison"],
            grades=district_looks.GRADES[asked["grades"]],
        )
        piece = answered(Evidence(type="data", question=question), answer(question, self._store))
        fields = {"type": "data", "text": why, "question": question, "answers": piece.answers}
        return fields, is_made_up

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

    looks: ClassVar = district_looks.LOOKS_AT_GAP


class SchoolExplorer(_Explorer):
    """A district's schools: how much they differ beside chance, and where to go and see.

    Arguments as of ``GapExplorer``.
    """

    looks: ClassVar = district_looks.LOOKS_AT_SCHOOLS
