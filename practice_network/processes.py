"""How four processes run in a practice district, as process maps.

Placement, support, the way of benchmark results, and the morning roll: what someone who followed
each process would draw, with its waits and where people drop out. Synthetic: nothing in them is
real.
"""

from practice_network import network, planted
from practice_network.network import stored
from see_the_system.theory import kinds

PROCESSES = ("placement", "support", "results", "roll")
AUTHOR = "Practice network (synthetic)"


def processes(district):
    """The process maps of a practice district with their lanes, steps and connections.

    A tuple of items that ``Theory.of`` and a record take. Each map has the id ``process-map-seen-``
    and its name in ``PROCESSES``; a district with one course for all has no ``placement``. Raises
    ``Refusal`` for any other district.

    >>> from see_the_system.theory.model import Theory
    >>> [seen.id for seen in Theory.of(processes("Little Comet Elementary")).maps]
    ['process-map-seen-support', 'process-map-seen-results', 'process-map-seen-roll']
    """
    code = planted.code_of(district)
    maps = stored("processes.yaml")
    items = []
    for place, process in enumerate(PROCESSES):
        if process in maps["districts"][code]:
            values = maps["districts"][code][process] | {"name": network.DISTRICT_NAMES[code]}
            template = maps["templates"][values["template"]]
            items += _items(process, place, _filled(template, values))
    return tuple(items)


def _filled(part, values):
    """A template with its braces filled in.

    A text that is one pair of braces becomes the value itself, so that counts stay numbers.
    """
    if isinstance(part, dict):
        return {name: _filled(value, values) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, values) for value in part]
    if not isinstance(part, str):
        return part
    if part.startswith("{") and part.endswith("}") and part[1:-1] in values:
        return values[part[1:-1]]
    return part.format_map(values)


def _items(process, place, seen):
    """The map as it was seen, its lanes, steps and connections, one after the other."""
    name = f"seen-{process}"
    yield kinds.ProcessMap(
        id=f"process-map-{name}",
        text=seen["text"],
        starts=seen["starts"],
        ends=seen["ends"],
        author=AUTHOR,
        order=place,
    )
    for number, lane in enumerate(seen["lanes"], start=1):
        lane_id = f"lane-{name}-{number}"
        yield kinds.Lane(
            id=lane_id,
            map=f"process-map-{name}",
            text=lane["text"],
            author=AUTHOR,
            order=number - 1,
        )
        for row, step in enumerate(lane["steps"]):
            yield _step(name, lane_id, step, 100 * (number - 1) + row)
            yield from _connections(name, step)


def _step(name, lane, step, order):
    # Ends come after all else: where a process has a loop, the picture sets steps in this order,
    # and an end belongs at the right.
    last = 1000 * (step.get("type") == "end")
    return kinds.Step(
        id=f"step-{name}-{step['id']}",
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


def _connections(name, step):
    """The connections out of a step.

    ``to`` is a list of steps, or a dict of steps and the labels on the way to them.
    """
    to = step.get("to", [])
    labels = to if isinstance(to, dict) else dict.fromkeys(to, "")
    source = f"step-{name}-{step['id']}"
    for place, (target, label) in enumerate(labels.items()):
        number = place + 1
        yield kinds.Connection(
            id=f"connection-{name}-{step['id']}-{number}",
            source=source,
            target=f"step-{name}-{target}",
            text=label,
            author=AUTHOR,
            order=place,
        )
