"""Forms: parts of a team's work as boxes with questions; explanations that open together."""

import json
import re
from html import escape

import traitlets

from helpers.kept import RecordWidget, must_be_a_record, script
from see_the_system.messages import Refusal
from see_the_system.paths import SAMPLE
from see_the_system.theory.first_explanations import (
    add_explanation,
    explanation_lines,
    explanations,
    open_together,
)
from see_the_system.theory.form_parts import form_lines, form_of
from see_the_system.theory.opening import perform

__all__ = ["Form", "PrivateExplanations", "form", "private_explanations"]


def form(record, *parts):
    """Boxes for parts of a team's work, each with its question (Form); a cell's last line.

    parts: of "charter", "members", "norms", "problem", "aim", "drivers", "ideas", "measures" and
    "cycles"; "places" are the causes that were chosen as places to act. Raises ``Refusal`` for
    another part, or for what is no record.
    """
    must_be_a_record(record)
    if not parts:
        raise Refusal('Name the parts to fill in, as form(record, "problem").')
    return Form(record, parts)


def private_explanations(record):
    """Each person's own explanations of the problem, seen by all once they are opened together
    (PrivateExplanations). Hidden until then on the page, not secret: they lie in the record.
    """
    must_be_a_record(record)
    return PrivateExplanations(record)


class _Boxes(RecordWidget):
    """A page of boxes: what it shows is one text of JSON, made anew after each edit."""

    form = traitlets.Unicode().tag(sync=True)

    def __init__(self, record, name):
        self.record = record
        super().__init__(record, name, form=self._made())

    def _made(self):
        theory = self.record.theory()
        self._drawn = self.record.number
        return json.dumps({**self._found(theory), "number": self._drawn}, ensure_ascii=False)

    def _draw(self):
        self.form = self._made()

    def __repr__(self):
        return "\n".join(self._lines())

    def _still_html(self):
        return "".join(f"<p>{escape(line)}</p>" for line in self._lines())


class Form(_Boxes):
    """The boxes of some parts of a record, saved as one leaves them."""

    _esm = script("forms.js")

    def __init__(self, record, parts):
        self.parts = parts
        super().__init__(record, f"form {' '.join(parts)}")

    def _do(self, operation):
        fields = operation.get("fields") or {}
        if operation.get("id") == "charter" and fields.get("district"):
            self._perform(operation, _with_district_code)
        else:
            super()._do(operation)

    def _found(self, theory):
        outlook = _outlook(theory.aim) if "aim" in self.parts else None
        parts = [form_of(theory, part, aim_outlook=outlook) for part in self.parts]
        return {"parts": parts, "outlook": outlook.sentence if outlook else ""}

    def _lines(self):
        """What is asked, and what stands there (list of text)."""
        parts = self._found(self.record.theory())["parts"]
        return [line for part in parts for line in form_lines(part)]


def _with_district_code(record, operation):
    """Writes a district by its code, whether it was given by its code or by its name."""
    text = str(operation["fields"]["district"]).strip()
    if not re.fullmatch(r"\d\d-\d{5}", text):
        # The data are loaded when a name has to be found, and not with every form.
        from see_the_system.data.codes import district_named
        from see_the_system.data.store import Store, open_store

        practice = open_store([SAMPLE]).districts()
        added = Store()
        known = added.districts() if added.catalogue else practice
        named = set(practice["name"].str.casefold())
        text = district_named(practice if text.casefold() in named else known, text)
    return perform(record, {**operation, "fields": {"district": text}})


def _outlook(aim):
    """What the data could show of an aim by its date (Outlook), None until its numbers are there.

    The statistics behind it are loaded then, and not with every form.
    """
    if None in (aim.baseline, aim.target, aim.population_size, aim.by):
        return None
    from see_the_system.gaps.aims import outlook

    return outlook(
        aim.baseline,
        aim.target,
        aim.population_size,
        aim.by,
        baseline_period=aim.baseline_period,
        unit=aim.unit,
    )


class PrivateExplanations(_Boxes):
    """A box for each person's own explanations, and all of them once they are opened."""

    _esm = script("explanations.js")

    def __init__(self, record):
        super().__init__(record, "private explanations")

    def _found(self, theory):
        return explanations(theory)

    def _do(self, operation):
        does = {"explain": add_explanation, "open": open_together}.get(operation.get("op"), perform)
        if operation.get("op") == "echo":
            super()._do(operation)
        else:
            self._perform(operation, does)

    def _lines(self):
        return explanation_lines(self._found(self.record.theory()))
