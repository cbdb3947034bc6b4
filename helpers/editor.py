"""The picture is the editor: one widget for every diagram of a team's theory."""

import asyncio
import json
import weakref
from datetime import date
from pathlib import Path

import anywidget
import traitlets
from IPython import get_ipython

from see_the_system import display
from see_the_system.diagrams.editing import editable, new_in
from see_the_system.messages import Refusal
from see_the_system.theory.opening import perform
from see_the_system.theory.refusals import Changed

__all__ = ["PictureEditor", "edit"]

_HERE = Path(__file__).parent
_LOOK_EVERY = 0.7  # seconds between two looks for what others wrote
_IN_A_BURST = 0.06  # seconds between operations that no hand is as quick as: they are drawn once
_DOTS = {"all": 3, "each": 2}  # that one person may give, in all and to one thing
_MEDIA = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
_watching = {}  # one task for each picture and cell: a cell that is run again leaves none behind
# JupyterLab runs this command only in a notebook that is trusted, as the workshop's are.
_START = (
    '<p><button type="button" data-commandLinker-command="notebook:run-all-cells">Start writing'
    "</button> If the picture cannot be changed, press this.</p>"
)


def edit(record, diagram="fishbone", **options):
    """A team's record, edited in its own picture (PictureEditor); shown as the last line of a cell.

    diagram: "fishbone", "five_whys", "drivers" or "process_map". options: of its drawing, as
    ``start_id`` for five whys. Raises ``Refusal`` for another name, or what is no record.
    """
    if not hasattr(record, "verify"):
        raise Refusal(
            f"A {type(record).__name__} cannot be edited; open the team's record, as with "
            "team_record(), and edit that."
        )
    return PictureEditor(record, diagram, **options)


class PictureEditor(anywidget.AnyWidget):
    """Edits a record in one of its pictures.

    What a person does becomes an edit of the record, exactly once and signed by the person; what
    others do is seen within a second.
    """

    _esm = _HERE / "editor.js"
    _css = _HERE / "editor.css"
    # JSON: as a dict it would be walked several times. All of the picture, as it was when a page
    # last asked for it; after that the page is told what is new.
    picture = traitlets.Unicode().tag(sync=True)
    scope = traitlets.Unicode().tag(sync=True)
    author = traitlets.Unicode().tag(sync=True)

    def __init__(self, record, diagram="fishbone", *, author="", **options):
        self.record = record
        self.diagram = diagram
        self.options = options
        self._view = {"width": None, "folded": ()}
        self._due = None
        self._asked = 0.0
        self._whole = False
        self._turn = 0
        self._shown = self._picture()
        first = json.dumps(self._shown, ensure_ascii=False)
        super().__init__(author=author, scope=f"{record.identity} {diagram}", picture=first)
        self.on_msg(self._heard)
        self._watch()

    def __repr__(self):
        return display.words(self._still())

    def _repr_mimebundle_(self, **options):
        """The live widget; and the picture with its words, for wherever no notebook runs."""
        bundle = super()._repr_mimebundle_(**options)
        live, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        still = self._still()
        text = display.words(still)
        page = f"{display.html(still)}\n{_START}"
        return {**live, "text/html": page, "text/plain": text}, metadata

    def _still(self):
        return editable(self.record.theory(), self.diagram, **self.options).diagram

    # --- the picture, to the browser

    def _picture(self):
        theory = self.record.theory()
        found = editable(theory, self.diagram, **self._view, **self.options)
        self._drawn = self.record.number
        self._turn += 1
        return {**found.as_sent(), "number": self._drawn, "turn": self._turn, "dots": _DOTS}

    def _draw(self):
        if self._due:
            self._due.cancel()  # what others wrote may have come first
            self._due = None
        before, self._shown = self._shown, self._picture()
        if self._whole:
            self._whole = False
            self.picture = json.dumps(self._shown, ensure_ascii=False)
        else:
            told = {name: new_in(before[name], self._shown[name]) for name in ("parts", "things")}
            self.send({"picture": {**self._shown, **told, "after": before["turn"]}})

    def _draw_soon(self):
        if self._due:
            self._due.cancel()
        loop = asyncio.get_running_loop()
        quick = loop.time() - self._asked < _IN_A_BURST
        self._asked = loop.time()
        self._due = loop.call_later(_IN_A_BURST if quick else 0, self._draw)

    # --- operations, from the browser

    def _heard(self, _, message, buffers):
        for operation in message["operations"]:
            self._do(operation)

    def _do(self, operation):
        name = operation.get("op")
        if name == "echo":  # nothing but the way here and back: what an edit is measured against
            self.send({"kept": operation.get("key")})
        elif name == "view":
            self._look_at(operation)
        elif name == "export":
            self._export(operation)
        else:
            self._perform(operation)

    def _look_at(self, operation):
        self._view = {"width": operation["width"], "folded": tuple(operation["folded"])}
        self._whole = True  # a page that has just come asks like this
        self._draw_soon()

    def _perform(self, operation):
        key = operation.get("key")
        try:
            told = perform(self.record, operation)
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

    def _export(self, operation):
        """One page to print; where one is too few, a PDF of all, or SVG and PNG of the first."""
        kind = operation.get("format")
        try:
            if kind not in _MEDIA:
                raise Refusal(f'No picture is saved as "{kind}"; choose svg, png or pdf.')
            page = self._still().on_page(dated=f"{date.today().day} {date.today():%B %Y}")
            makers = {
                "svg": lambda: page.sheets[0].encode(),
                "png": lambda: page.pngs()[0],
                "pdf": page.pdf,
            }
            made = makers[kind]()
        except Refusal as refusal:
            self.send({"say": str(refusal)})
            return
        name = f"{self.diagram.replace('_', ' ')}.{kind}"
        self.send({"file": name, "type": _MEDIA[kind], "words": page.words}, buffers=[made])

    # --- what others write

    def _watch(self):
        """Looks for others' edits while this editor is the newest of its cell."""
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
        editor = reference()
        if editor is None:
            return
        try:
            # Another picture of this record may have read what is new: the number tells.
            editor.record.refresh()
            if editor.record.number != editor._drawn:
                editor._draw()
            told = ""
        except Refusal as refusal:
            if str(refusal) != told:  # said once, and not each time that we look
                told = str(refusal)
                editor.send({"say": told})
