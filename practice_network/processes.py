"""How four processes run in a practice district, as process maps: placement, support, the way of
benchmark results, and the morning roll.

They are what someone who followed each process would draw, with its waits and where people drop
out. Synthetic: nothing in them is real.
"""

from functools import cache
from importlib import resources

import yaml

from practice_network import network, planted
from see_the_system.theory import kinds

PROCESSES = ("placement", "support", "results", "roll")
AUTHOR = "Practice network (synthetic)"


def processes(district):
    """The process maps of a practice district with their lanes, steps and connections (tuple of
    items that ``Theory.of`` and a record take).

    Each map has the id ``process-map-seen-`` and its name in ``PROCESSES``; a district with one
    course for all has no ``placement``. Raises ``Refusal`` for any other district.

    >>> from see_the_system.theory.model import Theory
    >>> [map.id.removeprefix("process-map-seen-") for map in Theory.of(processes("Little Comet Elementary")).maps]
    ['support', 'results', 'roll']
    """
    code, stored = planted.code_of(district), _stored()
    name = {one.code: one.name for one in network.DISTRICTS}[code]
    maps = stored["districts"][code]
    return tuple(
        item
        for place, process in enumerate(PROCESSES)
        if process in maps
        for item in _items(
            process,
            place,
            _filled(
                stored["templates"][maps[process]["template"]], {**maps[process], "name": name}
            ),
        )
    )


@cache
def _stored():
    return yaml.safe_load(
        resources.files("practice_network").joinpath("processes.yaml").read_text(encoding="utf-8")
    )


def _filled(part, values):
    """A template with its braces filled in; a text that is one pair of braces becomes the value
    itself, so that counts stay numbers.
    """
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if not isinstance(part, str):
        return part
    alone = part[1:-1] if part.startswith("{") and part.endswith("}") else ""
    return values[alone] if alone in values else part.format_map(values)


def _items(process, place, map):
    head = f"seen-{process}"
    yield kinds.ProcessMap(
        id=f"process-map-{head}",
        text=map["text"],
        starts=map["starts"],
        ends=map["ends"],
        author=AUTHOR,
        order=place,
    )
    for number, lane in enumerate(map["lanes"]):
        yield kinds.Lane(
            id=f"lane-{head}-{number + 1}",
            map=f"process-map-{head}",
            text=lane["text"],
            author=AUTHOR,
            order=number,
        )
        for row, step in enumerate(lane["steps"]):
            yield _step(head, f"lane-{head}-{number + 1}", step, 100 * number + row)
            yield from _connections(head, step)


def _step(head, lane, step, order):
    # Ends come after all else: where a process has a loop, the picture sets steps in this order,
    # and an end belongs at the right.
    last = 1000 * (step.get("type") == "end")
    return kinds.Step(
        id=f"step-{head}-{step['id']}",
        lane=lane,
        type=step.get("type", "step"),
        text=step["text"],
        known=not step.get("assumed", False),
        wait=step.get("wait", ""),
        lost=step.get("lost", ""),
        lost_count=step.get("count"),
        lost_of=step.get("of"),
        author=AUTHOR,
        order=order + last,
    )


def _connections(head, step):
    """The connections out of a step: ``to`` is a list of steps, or a dict of steps and the labels
    on the way to them.
    """
    to = step.get("to", [])
    labels = to if isinstance(to, dict) else dict.fromkeys(to, "")
    for place, (target, label) in enumerate(labels.items()):
        yield kinds.Connection(
            id=f"connection-{head}-{step['id']}-{place + 1}",
            source=f"step-{head}-{step['id']}",
            target=f"step-{head}-{target}",
            text=label,
            author=AUTHOR,
            order=place,
        )
