"""Forms made from the kinds: the boxes for a part of a theory, with each field's own question.

A form is a plain dict, so that a page can be made of it: what is asked, what stands there now, and
what a check has to say about it. Nothing here knows of a page.
"""

from datetime import date
from types import NoneType
from typing import Literal, get_args, get_origin

from see_the_system.messages import Refusal, day_in_words, nearest
from see_the_system.theory.checks import check
from see_the_system.theory.items import FIELDS, KINDS, ONES, POINTERS, name_of_kind, plain, text_of
from see_the_system.theory.model import theory_of

# The parts of the work that have a form, in its order; each with its heading.
HEADINGS = {
    "charter": "Our team's charter",
    "members": "The people of our team",
    "norms": "How we work together",
    "problem": "Our problem, in one sentence",
    "aim": "Our aim",
    "drivers": "Our drivers",
    "ideas": "Our change ideas",
    "measures": "Our measures",
    "cycles": "Our tests of change",
}
PARTS = tuple(HEADINGS)
# The causes that a team means to act on, and what is asked of each before it does.
PLACES = "places"
_OF_A_PLACE = ("control", "part")
_NOT_SAID = "not said yet"
_LONG = 1_000  # a field that may hold more letters has a box of several lines


def form_of(theory, part, *, aim_outlook=None):
    """The form of one part of a theory, or of a record of one (dict of JSON's own types).

    part: one of ``PARTS``, or ``PLACES``. ``fields``: what is asked, each with its ``question``,
    ``help``, ``type`` ("line", "lines", "number", "date", "yes", "one" or "several") and, where one
    chooses, its ``options`` as [value, words]; ``things``: what there is, each with its ``values``
    by field and its ``findings`` (a level, what was found, what to do). aim_outlook: as
    ``check`` takes it. Raises ``Refusal`` for another part.
    """
    theory = theory_of(theory)
    if part == PLACES:
        things = _things(theory, "cause", _OF_A_PLACE, None)
        return {
            "part": PLACES,
            "kind": "cause",
            "heading": "Where we mean to act",
            "add": "",
            "fields": [_field(theory, "cause", name) for name in _OF_A_PLACE],
            "things": [thing for thing in things if theory.by_id[thing["id"]].leverage],
        }
    if part not in HEADINGS:
        known = (*PARTS, PLACES)
        near = nearest(str(part), known) or known
        raise Refusal(f'There is no form "{part}"; choose {" or ".join(near)}.')
    kind = part if part in ONES else next(kind for kind, name in FIELDS.items() if name == part)
    fields = [_field(theory, kind, name) for name in _asked(kind)]
    return {
        "part": part,
        "kind": kind,
        "heading": HEADINGS[part],
        "add": "" if part in ONES else f"Add a {name_of_kind(kind)}",
        "fields": fields,
        "things": _things(theory, kind, [field["name"] for field in fields], aim_outlook),
    }


def form_lines(form):
    """What a form asks and what stands there, for where there are no boxes (list of text).

    form: as ``form_of`` gives it.
    """
    lines = [f"{form['heading']}:"]
    for thing in form["things"]:
        lines += [_line(field, thing["values"][field["name"]]) for field in form["fields"]]
    return lines if form["things"] else [*lines, "Nothing here yet."]


def _line(field, value):
    words = dict(field.get("options", ()))
    if isinstance(value, list):
        told = "; ".join(words.get(one, one) for one in value)
    elif isinstance(value, bool):
        told = "yes" if value else "no"
    elif field["type"] == "date" and value:
        told = day_in_words(date.fromisoformat(value))
    else:
        told = words.get(value, "" if value is None else str(value))
    return f"{field['question']} {told or '...'}"


def _things(theory, kind, names, aim_outlook):
    """What there is of a kind, with its values and what the checks say of it (list of dict)."""
    if kind in ONES:
        items = [theory.by_id.get(kind) or ONES[kind]()]
    else:
        items = [item for item in theory.living() if item.kind() == kind]
    findings = {}
    for finding in check(theory, aim_outlook=aim_outlook):
        told = {"level": finding.level, "what": finding.what, "do": finding.do}
        findings.setdefault(finding.where, []).append(told)
    return [_thing(item, names, findings.get(item.id, [])) for item in items]


def _thing(item, names, findings):
    held = plain(item)
    empty = {name: field.get_default() for name, field in type(item).model_fields.items()}
    values = {name: held.get(name, _plain_value(empty[name])) for name in names}
    return {"id": item.id, "name": text_of(item), "values": values, "findings": findings}


def _plain_value(value):
    return list(value) if isinstance(value, tuple) else value


def _asked(kind):
    """The fields of a kind that people are asked for (list of text)."""
    return [name for name, field in KINDS[kind].model_fields.items() if field.title]


def _field(theory, kind, name):
    """What is asked for one field (dict)."""
    info = KINDS[kind].model_fields[name]
    found = {"name": name, "question": info.title, "help": info.description or ""}
    if not info.is_required():
        found["empty"] = _plain_value(info.get_default())
    mark = POINTERS[kind].get(name)
    if mark:
        several = "several" if get_origin(info.annotation) is tuple else "one"
        options = _options(theory, mark.kinds)
        if several == "one":
            options = [["", _NOT_SAID], *options]
        return found | {"type": several, "options": options}
    kinds_of_value = set(_bare(info.annotation))
    if get_origin(info.annotation) is Literal:
        words = [[value, value or _NOT_SAID] for value in get_args(info.annotation)]
        begins = {"begins": words[0][0]} if info.is_required() else {}
        return found | {"type": "one", "options": words} | begins
    if bool in kinds_of_value:
        return found | {"type": "yes"}
    if kinds_of_value & {int, float}:
        return found | {"type": "number"}
    if date in kinds_of_value:
        return found | {"type": "date"}
    letters = _limit(info, "max_length") or 200
    return found | {"type": "lines" if letters > _LONG else "line", "letters": letters}


def _bare(annotation):
    """The plain types in an annotation, without None (list of type)."""
    inside = get_args(annotation)
    if not inside or get_origin(annotation) is Literal:
        return [annotation]
    return [
        each
        for part in inside
        if isinstance(part, type) or get_args(part)
        for each in _bare(part)
        if each is not NoneType
    ]


def _limit(info, side):
    """A limit among the marks of a field or of its type (number or None)."""
    marks = list(info.metadata)
    for part in get_args(info.annotation):
        marks += getattr(part, "__metadata__", ())
    for mark in marks:
        for one in (mark, *getattr(mark, "metadata", ())):
            if getattr(one, side, None) is not None:
                return getattr(one, side)
    return None


def _options(theory, kinds):
    """What a field may name, as [id, words]; places to act stand first (list)."""
    chosen = [item for item in theory.living() if item.kind() in kinds]
    chosen += [ONES[kind]() for kind in kinds if kind in ONES and kind not in theory.by_id]
    chosen.sort(key=lambda item: not getattr(item, "leverage", False))
    return [[item.id, _option(item)] for item in chosen]


def _option(item):
    words = text_of(item) or f"the {name_of_kind(item.kind())}, not written yet"
    return f"{words} (a place to act)" if getattr(item, "leverage", False) else words
