"""The picture is the editor: one widget for every diagram of a team's theory."""

import json
from datetime import date

import traitlets

from helpers.kept import RecordWidget, must_be_a_record, script
from see_the_system import display
from see_the_system.diagrams.editing import editable, new_in
from see_the_system.messages import Refusal, day_in_words

__all__ = ["PictureEditor", "edit"]

_DOTS = {"all": 3, "each": 2}  # that one person may give, in all and to one thing
_MEDIA = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
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
    must_be_a_record(record)
    return PictureEditor(record, diagram, **options)


class PictureEditor(RecordWidget):
    """Edits a record in one of its pictures.

    What a person does becomes an edit of the record, exactly once and signed by the person; what
    others do is seen within a second.
    """

    _esm = script("editor.js")
    # JSON: as a dict it would be walked several times. All of the picture, as it was when a page
    # last asked for it; after that the page is told what is new.
    picture = traitlets.Unicode().tag(sync=True)

    def __init__(self, record, diagram="fishbone", *, author="", **options):
        self.record = record
        self.diagram = diagram
        self.options = options
        self._view = {"width": None, "folded": ()}
        self._whole = False
        self._turn = 0
        self._shown = self._picture()
        first = json.dumps(self._shown, ensure_ascii=False)
        super().__init__(record, diagram, author=author, picture=first)

    def __repr__(self):
        return display.words(self._still())

    def _still_html(self):
        return f"{display.html(self._still())}\n{_START}"

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

    # --- operations, from the browser

    def _do(self, operation):
        name = operation.get("op")
        if name == "view":
            self._look_at(operation)
        elif name == "export":
            self._export(operation)
        else:
            super()._do(operation)

    def _look_at(self, operation):
        self._view = {"width": operation["width"], "folded": tuple(operation["folded"])}
        self._whole = True  # a page that has just come asks like this
        self._draw_soon()

    def _export(self, operation):
        """One page to print; where one is too few, a PDF of all, or SVG and PNG of the first."""
        kind = operation.get("format")
        try:
            if kind not in _MEDIA:
                raise Refusal(f'No picture is saved as "{kind}"; choose svg, png or pdf.')
            page = self._still().on_page(dated=day_in_words(date.today()))
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
