"""A picture that can be edited: its things with what each may do, and an unseen layer of places.

What may stand under what is said in ``editor_roles``. The layer is the last thing in the SVG, and
reports have none.
"""

from html import escape
from typing import NamedTuple

from see_the_system.diagrams.diagram import Diagram
from see_the_system.diagrams.drivers import plot_drivers
from see_the_system.diagrams.editor_roles import ROLES, begun, in_common, role_of, without_folded
from see_the_system.diagrams.fishbone import plot_fishbone
from see_the_system.diagrams.five_whys import plot_five_whys
from see_the_system.diagrams.process_map import plot_process_map
from see_the_system.diagrams.shapes import Box, Words, element
from see_the_system.messages import Refusal, nearest
from see_the_system.theory.checks import check
from see_the_system.theory.evidence import grades
from see_the_system.theory.items import ONES, POINTERS, ids_in, owner_of, text_of
from see_the_system.theory.model import Theory
from see_the_system.theory.outline import evidence_on_offer, evidence_shown

_MARGIN = 4  # around a thing's text, so that it is easily pointed at
_RADIUS = 8  # of a plus
_SENT_IF_ANY = {"bold", "hidden", "advice", "grade", "evidence", "plan", "votes", "on", "joined"}

_PLOTS = {
    "fishbone": plot_fishbone,
    "five_whys": plot_five_whys,
    "drivers": plot_drivers,
    "process_map": plot_process_map,
}
_LAID_OUT_FOR_A_WIDTH = ("fishbone", "process_map")
DIAGRAMS = tuple(_PLOTS)


class EditablePicture(NamedTuple):
    """A diagram, its things in the order of its outline, and what an editor of it is sent.

    ``roles``: what all things of one role have in common, by the role's word.
    """

    diagram: Diagram
    things: list
    roles: dict
    pluses: list
    evidence: list
    aside: list

    def as_sent(self):
        """The picture for an editor (dict of JSON's own types).

        ``sheet``: the SVG with nothing in it; ``parts``: all that is drawn, in its order. Marks
        that a thing has none of are left out, since this is sent after each edit.
        """
        sheet, parts = self.diagram.in_parts(_layer(self))
        return {
            "sheet": sheet,
            "parts": parts,
            "things": [
                {name: had for name, had in thing.items() if had or name not in _SENT_IF_ANY}
                for thing in self.things
            ],
            "roles": self.roles,
            "pluses": self.pluses,
            "evidence": self.evidence,
            "aside": self.aside,
        }


def editable(theory, name, *, width=None, folded=(), **options):
    """A diagram of a theory, ready to be edited (EditablePicture).

    name: one of ``DIAGRAMS``; width: the room it has, in CSS pixels; folded: the ids of things
    under which nothing is shown; options: those of the diagram's own ``plot_*``.
    """
    if name not in _PLOTS:
        near = nearest(str(name), DIAGRAMS) or DIAGRAMS
        raise Refusal(f'No picture "{name}" can be edited; choose {" or ".join(near)}.')
    if width and name in _LAID_OUT_FOR_A_WIDTH:
        options["width"] = width
    shown, hidden = without_folded(theory, name, folded)
    diagram = _PLOTS[name](shown, **options)
    things = _things(theory, name, diagram, hidden)
    pluses = [
        {"fields": plus.fields, "label": plus.label} | begun(plus.kind) for plus in diagram.pluses
    ]
    has_evidence = any("evidence" in role.can for role in ROLES[name])
    evidence = evidence_on_offer(theory) if has_evidence else []
    aside = _set_aside(theory, name)
    return EditablePicture(diagram, things, in_common(name), pluses, evidence, aside)


def new_in(before, now):
    """A list of parts or things told by the one before (list): little of a picture changes at once.

    What stays is a run of places in the one before, [from, up to]; what is new stands as it is.
    """
    places = {_named(part): place for place, part in enumerate(before)}
    told = []
    for part in now:
        place = places.get(_named(part))
        if place is None or before[place] != part:
            told.append(part)
        elif told and isinstance(told[-1], list) and told[-1][1] == place:
            told[-1][1] += 1
        else:
            told.append([place, place + 1])
    return told


def _named(part):
    return part if isinstance(part, str) else part.get("id") or part["said"]


# --- things


def _things(theory, name, diagram, hidden):
    """Each line of the outline, with all that an editor must know of the thing that it says."""
    words = {}
    for shape in diagram.shapes:
        if isinstance(shape, Words) and shape.item:
            words.setdefault(shape.item, []).append(shape)
    advice = {}
    for finding in check(theory):
        told = {"level": finding.level, "what": finding.what, "do": finding.do}
        advice.setdefault(finding.where, []).append(told)
    plans = {note.on: {"id": note.id, "text": note.text} for note in theory.notes if note.on}
    votes = {}
    for vote in theory.votes:
        given = votes.setdefault(vote.on, {})  # of two that were joined, somebody gave to both
        given[vote.voter] = given.get(vote.voter, 0) + vote.dots
    speaking = evidence_shown(theory)
    facts = _Facts(theory, name, grades(theory), advice, speaking, hidden, plans, votes)
    found = []
    seen = set()
    for line in diagram.outline:
        thing = {"said": line.text, "depth": line.depth}
        if line.item in words and line.item not in seen:
            seen.add(line.item)
            thing |= _thing(facts, line.item, words[line.item])
        found.append(thing)
    return found


class _Facts(NamedTuple):
    theory: Theory
    name: str
    grades: dict
    advice: dict
    speaking: dict
    hidden: dict
    plans: dict
    votes: dict


def _thing(facts, item_id, words):
    item = facts.theory.by_id.get(item_id) or ONES[item_id]()
    role = role_of(facts.name, item)
    place = Box.around(shape.box for shape in words).grown(_MARGIN)
    thing = {
        "id": item_id,
        "role": role.word,
        "text": text_of(item),
        "under": owner_of(item) or "",
        "size": words[0].size,
        "bold": words[0].bold,
        "box": [round(side, 1) for side in place],
        "hidden": facts.hidden.get(item_id, 0),
        "advice": facts.advice.get(item_id, []),
        "joined": [
            {"text": text_of(one), "by": one.author} for one in joined(facts.theory, item_id)
        ],
    }
    if role.field and not POINTERS[role.kind][role.field].owner:
        thing["links"] = [{"field": role.field, "other": one} for one in ids_in(item, role.field)]
    if role.switch:
        thing["on"] = getattr(item, role.switch[0])
    if "evidence" in role.can:
        thing |= {"grade": facts.grades[item_id], "evidence": facts.speaking.get(item_id, [])}
    if "plan" in role.can:
        thing["plan"] = facts.plans.get(item_id)
    if "vote" in role.can:
        thing["votes"] = facts.votes.get(item_id, {})
    return thing


def joined(theory, item_id):
    """The things that were joined into one, whose words are kept with it (list of Item)."""
    found = [item_id]
    kept = []
    for into in found:  # grows as it is read: what was joined may have been joined with others
        here = [item for item in theory.dropped if item.dropped and item.dropped.into == into]
        kept += here
        found += [item.id for item in here]
    return kept


def _set_aside(theory, name):
    """What was dropped from a diagram, the newest first, each with its reason (list of dict)."""
    kinds = {role.kind for role in ROLES[name] if "drop" in role.can}
    gone = [item for item in theory.dropped if item.dropped and item.kind() in kinds]
    gone.sort(key=lambda item: str(item.dropped.at), reverse=True)
    return [
        {
            "id": item.id,
            "role": role_of(name, item).word,
            "text": text_of(item),
            "why": item.dropped.why,
            "by": item.dropped.author,
        }
        for item in gone
    ]


# --- the layer


def _layer(picture):
    """The places of things and pluses as SVG (text); they are seen only where they are used."""
    things = [_place(thing) for thing in picture.things if "id" in thing]
    pluses = [_plus(number, plus) for number, plus in enumerate(picture.diagram.pluses)]
    return element("g", "".join([*things, *pluses]), class_="places")


def _place(thing):
    x, y, w, h = thing["box"]
    mark = ""
    if thing["hidden"]:
        look = {"class_": "hidden-count", "font_size": 11, "font_weight": "bold"}
        mark = element("text", f"+{thing['hidden']}", x=x + w + 2, y=y + 15, **look)
    place = {"x": x, "y": y, "width": w, "height": h, "rx": 3}
    return element("rect", class_="place", data_id=escape(thing["id"]), fill="none", **place) + mark


def _plus(number, plus):
    x, y = plus.x, plus.y
    ring = element("circle", cx=x, cy=y, r=_RADIUS)
    cross = element("path", d=f"M{x - 4:.1f} {y:.1f}h8M{x:.1f} {y - 4:.1f}v8")
    title = element("title", escape(plus.label))
    return element("g", title + ring + cross, class_="plus", data_place=str(number))
