"""What a person does in a picture of a theory, as one operation: a verb of the record, done once.

An operation is a dict of plain values, as an editor sends it: ``op`` names it, ``key`` is its own
and makes it happen once, ``by`` is who did it, ``id`` is the thing that it is about.
"""

from see_the_system.messages import Refusal
from see_the_system.theory.items import KINDS, ONES
from see_the_system.theory.refusals import valid


def perform(record, operation):
    """Carries out an operation on a record; done before, it is not done again.

    Gives what there is to tell of it (text): of an undo or a redo, what it did; of others, "".
    Raises ``Refusal`` where the record refuses, ``Changed`` where a text is not as it was seen.
    """
    name = operation.get("op")
    if name not in _OPERATIONS:
        raise Refusal(f'There is no operation "{name}"; reload the page, and do it again.')
    own = {"author": operation.get("by"), "key": operation.get("key")}
    try:
        return _OPERATIONS[name](record, operation, own) or ""
    except (KeyError, TypeError) as error:
        raise Refusal(
            f'The operation "{name}" lacks what it needs ({error}); reload the page, and do it '
            "again."
        ) from error


def _add(record, operation, own):
    kind = operation["kind"]
    if kind in ONES:
        record.change(kind, **own, **operation["fields"])
    elif kind in KINDS:
        record.add(valid({"kind": kind, "id": operation["id"], **operation["fields"]}), **own)
    else:
        raise Refusal(f'There is no kind "{kind}" of thing in a theory; reload the page.')


def _change(record, operation, own):
    record.change(operation["id"], expect=operation.get("was"), **own, **operation["fields"])


def _move(record, operation, own):
    record.move(
        operation["id"], under=operation.get("under"), before=operation.get("before"), **own
    )


def _link(record, operation, own):
    record.link(operation["id"], operation["field"], operation["other"], **own)


def _unlink(record, operation, own):
    record.unlink(operation["id"], operation["field"], operation["other"], **own)


def _drop(record, operation, own):
    record.drop(operation["id"], why=operation.get("why", ""), **own)


def _split(record, operation, own):
    record.split(operation["id"], operation["texts"], made=operation["made"], **own)


def _join(record, operation, own):
    record.join(operation["id"], operation["other"], **own)


def _bring_back(record, operation, own):
    record.bring_back(operation["id"], **own)


def _vote(record, operation, own):
    record.vote(operation["id"], dots=operation.get("dots", 1), **own)


def _undo(record, operation, own):
    return record.reversal(record.undo(**own)).sentence


def _redo(record, operation, own):
    return record.reversal(record.redo(**own)).sentence


_OPERATIONS = {
    "add": _add,
    "change": _change,
    "move": _move,
    "link": _link,
    "unlink": _unlink,
    "drop": _drop,
    "split": _split,
    "join": _join,
    "bring_back": _bring_back,
    "vote": _vote,
    "undo": _undo,
    "redo": _redo,
}
