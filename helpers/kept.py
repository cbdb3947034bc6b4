"""What pages that people write in share: operations done once, others' edits seen soon."""

import asyncio
import weakref
from pathlib import Path

import anywidget
import traitlets
from IPython import get_ipython

from see_the_system.messages import Refusal
from see_the_system.theory.opening import perform
from see_the_system.theory.refusals import Changed

__all__ = ["RecordWidget", "must_be_a_record", "script"]

HERE = Path(__file__).parent
_LOOK_EVERY = 0.7  # seconds between two looks for what others wrote
_IN_A_BURST = 0.06  # seconds between operations that no hand is as quick as: they are drawn once
_watching = {}  # one task for each widget and cell: a cell that is run again leaves none behind


def script(name):
    """The script of a page that people write in (text): what all of them share, and its own."""
    return "\n".join((HERE / part).read_text(encoding="utf-8") for part in ("kept.js", name))


def must_be_a_record(record):
    """``Refusal`` for what cannot be written in."""
    if not hasattr(record, "verify"):
        raise Refusal(
            f"A {type(record).__name__} cannot be edited; open the team's record, as with "
            "team_record(), and edit that."
        )


class RecordWidget(anywidget.AnyWidget):
    """Writes into a team's record, exactly once, and shows what others write within a second.

    As it stands, for wherever no notebook runs, a subclass is the page of its ``_still_html`` and
    the words of its ``repr``. What it shows is made anew in its ``_draw``, which keeps the number
    of the record's edit that it shows in ``_drawn``; what is sent beside operations of the record
    is done in its ``_do``.
    """

    _css = HERE / "editor.css"
    scope = traitlets.Unicode().tag(sync=True)
    author = traitlets.Unicode().tag(sync=True)

    def __init__(self, record, name, **state):
        self.record = record
        self._due = None
        self._asked = 0.0
        super().__init__(scope=f"{record.identity} {name}", **state)
        self.on_msg(self._heard)
        self._watch()

    def _repr_mimebundle_(self, **options):
        """The live widget; and what it shows, for wherever no notebook runs."""
        bundle = super()._repr_mimebundle_(**options)
        live, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**live, "text/html": self._still_html(), "text/plain": repr(self)}, metadata

    def _draw_soon(self):
        if self._due:
            self._due.cancel()
        loop = asyncio.get_running_loop()
        quick = loop.time() - self._asked < _IN_A_BURST
        self._asked = loop.time()
        self._due = loop.call_later(_IN_A_BURST if quick else 0, self._draw)

    def _heard(self, _, message, buffers):
        for operation in message["operations"]:
            self._do(operation)

    def _do(self, operation):
        if operation.get("op") == "echo":  # the way here and back: what an edit is measured against
            self.send({"kept": operation.get("key")})
        else:
            self._perform(operation)

    def _perform(self, operation, does=None):
        key = operation.get("key")
        try:
            told = (does or perform)(self.record, operation)
        except Changed as refusal:
            theirs = {"theirs": refusal.now, "by": refusal.by}
            self.send({"refused": key, "why": str(refusal), **theirs})
        except Refusal as refusal:
            self.send({"refused": key, "why": str(refusal)})
        except Exception as error:  # a participant never sees a traceback, and the editor lives on
            why = (
                f"This could not be done ({type(error).__name__}: {error}); tell your facilitator."
            )
            self.send({"refused": key, "why": why})
        else:
            self.send({"kept": key})
            if told:
                self.send({"say": told})
        self._draw_soon()

    def _watch(self):
        """Looks for others' edits while this is the newest widget of its cell."""
        where = f"{self.scope} {_cell() or id(self)}"
        before = _watching.pop(where, None)
        if before:
            before.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # outside a notebook nobody else edits while we look
            return
        _watching[where] = loop.create_task(_look(weakref.ref(self)))


def _cell():
    """The id of the cell that runs (text), "" where nobody says it: Voila runs each cell once."""
    parent = getattr(get_ipython(), "get_parent", dict)()
    return parent.get("metadata", {}).get("cellId", "")


async def _look(reference):
    told = ""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        widget = reference()
        if widget is None:
            return
        try:
            # Another widget of this record may have read what is new: the number tells.
            widget.record.refresh()
            if widget.record.number != widget._drawn:
                widget._draw()
            told = ""
        except Refusal as refusal:
            if str(refusal) != told:  # said once, and not each time that we look
                told = str(refusal)
                widget.send({"say": told})
