"""What cannot stand in a theory: ids used twice, names of nothing, circles, trees too deep."""

from graphlib import CycleError, TopologicalSorter

from see_the_system.theory.items import ONES, POINTERS, ids_in, name_of, name_of_kind

DEEPEST = 1_000
# The kinds that stand under their own kind, and the field that says where.
TREES = {"cause": "parent", "why": "parent", "driver": "acts_on", "cycle": "previous"}


def faults(items):
    """What cannot stand among items, as (id, field, sentence), one at a time.

    Of each tree one circle is named, or the first thing that stands too deep. The time grows with
    the items and not with their square, so that a file made to be slow is not.
    """
    by_id = {}
    for item in items:
        if item.id in by_id:
            yield (
                item.id,
                "id",
                f'The id "{item.id}" stands for two things: {name_of(by_id[item.id])} and '
                f"{name_of(item)}; give one of them a new id.",
            )
        by_id[item.id] = item
    for item in by_id.values():
        yield from pointer_faults(item, by_id)
    for kind in TREES:
        tree = [item for item in by_id.values() if item.kind() == kind]
        circles = list(circle_faults(tree, by_id))
        yield from circles or _too_deep(tree, by_id)


def pointer_faults(item, by_id):
    """The fields of one item that name nothing, or the wrong kind, as (id, field, sentence)."""
    kind = item.kind()
    if kind in ONES and item.id != kind:
        sentence = f'There is one {kind}, and its id is "{kind}"; this one has the id "{item.id}".'
        yield item.id, "id", sentence
    for field, mark in POINTERS[kind].items():
        for item_id in ids_in(item, field):
            found = by_id.get(item_id)
            if found is None and item_id in ONES:
                found = ONES[item_id]()  # it is there, though nobody has written it yet
            if found is None:
                yield (
                    item.id,
                    field,
                    f'The field "{field}" of {name_of(item)} names "{item_id}", which is not in '
                    "this theory; add it, or take the name out.",
                )
            elif "*" not in mark.kinds and found.kind() not in mark.kinds:
                allowed = " or a ".join(map(name_of_kind, mark.kinds))
                yield (
                    item.id,
                    field,
                    f'The field "{field}" of {name_of(item)} must name a {allowed}; "{item_id}" is '
                    f"{name_of(found)}.",
                )


def circle_faults(items, by_id):
    """A circle in what items of one kind stand under, as (id, field, sentence); one, or none."""
    above = _above(items, by_id)
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        circle = error.args[1]
        item = by_id[next(item_id for item_id in above if item_id in circle)]
        yield _misplaced(item, "leads back to itself; place it under something else.")


def _too_deep(items, by_id):
    above = _above(items, by_id)
    depth = {}
    for item_id in TopologicalSorter(above).static_order():
        depth[item_id] = 1 + max((depth[parent] for parent in above[item_id]), default=0)
        if depth[item_id] > DEEPEST:
            how = f"places it more than {DEEPEST:,} levels deep; place it higher."
            yield _misplaced(by_id[item_id], how)
            return


def _misplaced(item, how):
    field = TREES[item.kind()]
    return item.id, field, f'The field "{field}" of {name_of(item)} {how}'


def _above(items, by_id):
    """What items, and all they stand under, stand under in their own tree (dict of id to ids)."""
    above = {}
    ahead = list(items)
    for item in ahead:  # grows while it is read
        if item.id in above or item.kind() not in TREES:
            continue
        named = [by_id.get(item_id) for item_id in ids_in(item, TREES[item.kind()])]
        parents = [parent for parent in named if parent and parent.kind() == item.kind()]
        above[item.id] = [parent.id for parent in parents]
        ahead += parents
    return above
