"""A team's own data: files of this computer are read where they lie; nothing is sent anywhere."""

import asyncio
from html import escape
from pathlib import Path

import ipywidgets

from helpers.kept import must_be_a_record
from see_the_system.data import downloads
from see_the_system.data.store import Store
from see_the_system.messages import Refusal, counted

__all__ = ["OwnData", "own_data"]

_START = (
    "Choose the state's research files on this computer, as you downloaded them: zip or text, "
    "statewide, of your county or of your district, of any year from 2015. They are read where "
    "they lie. Nothing leaves this computer."
)
_PATIENCE = "A statewide file takes a minute or two; leave this page open meanwhile."


def own_data(record):
    """A chooser of the state's files on this computer, and of the team's district (OwnData)."""
    must_be_a_record(record)
    return OwnData(record)


class OwnData(ipywidgets.VBox):
    """Files of this computer, what was understood of each, and which district is the team's."""

    def __init__(self, record):
        self._record = record
        self._folder = downloads.downloads_folder()
        self._reading = None
        wide = ipywidgets.Layout(width="100%", max_width="760px")
        self._path = ipywidgets.HTML()
        self._files = ipywidgets.SelectMultiple(description="Files", rows=8, layout=wide)
        self._open = ipywidgets.Button(description="Open folder")
        self._up = ipywidgets.Button(description="Folder above")
        self._read = ipywidgets.Button(description="Read these files", button_style="primary")
        self._told = ipywidgets.HTML()
        self._district = ipywidgets.Combobox(
            placeholder="Type the first letters", description="Our district", layout=wide
        )
        self._name = ipywidgets.Text(description="Your name")
        self._keep = ipywidgets.Button(description="This is ours")
        self._kept = ipywidgets.HTML()
        self._open.on_click(self._open_folder)
        self._up.on_click(self._go_up)
        self._read.on_click(self._begin_reading)
        self._keep.on_click(self._keep_district)
        self._list()
        self._show_store()
        buttons = ipywidgets.HBox([self._up, self._open, self._read])
        ours = ipywidgets.HBox([self._name, self._keep])
        start = ipywidgets.HTML(f"<p>{_START}</p>")
        super().__init__(
            [
                *(start, self._path, self._files, buttons, self._told),
                *(self._district, ours, self._kept),
            ]
        )

    def _list(self):
        self._path.value = f"In the folder <b>{escape(self._folder.name or str(self._folder))}</b>"
        try:
            folders, files = downloads.on_offer(self._folder)
        except OSError as error:
            self._told.value = _line(f"This folder cannot be read ({error.strerror}).")
            folders = files = ()
        self._files.options = [(f"▸ {path.name}", str(path)) for path in folders] + [
            (f"{path.name}  ({downloads.size_in_words(path)})", str(path)) for path in files
        ]

    def _open_folder(self, _):
        chosen = [Path(path) for path in self._files.value if Path(path).is_dir()]
        if not chosen:
            self._told.value = _line("Choose a folder in the list first; it begins with ▸.")
            return
        self._folder = chosen[0]
        self._list()

    def _go_up(self, _):
        self._folder = self._folder.parent
        self._list()

    def _begin_reading(self, _):
        paths = [path for path in self._files.value if Path(path).is_file()]
        if not paths:
            self._told.value = _line("Choose one file or several in the list first.")
            return
        if self._reading and not self._reading.done():
            return
        self._read.disabled = True
        self._told.value = _line(_PATIENCE)
        self._reading = asyncio.get_running_loop().create_task(self._add(paths))

    async def _add(self, paths):
        """Reads files in a thread of its own, so that the page answers meanwhile."""
        loop, told = asyncio.get_running_loop(), []

        def progress(name, share):
            words = "".join(map(_line, told)) + _progress(name, share)
            loop.call_soon_threadsafe(setattr, self._told, "value", words)

        def add():
            return Store().add(paths, report=told.append, progress=progress)

        try:
            await asyncio.to_thread(add)
        except Refusal as refusal:
            told += [str(refusal), downloads.left_by_refusal(paths, told)]
        except Exception as error:  # a participant never sees a traceback
            told.append(f"This could not be read ({type(error).__name__}: {error}).")
        self._told.value = "".join(map(_line, filter(None, told)))
        self._read.disabled = False
        self._show_store()

    def _show_store(self):
        """The districts of the data that were added, to choose the team's own from."""
        store = Store()
        own = self._record.theory().charter.district
        if not store.catalogue:
            self._codes = {}
            self._kept.value = _line("No data of your own were added yet.")
            return
        rows = store.districts()
        self._codes = {f"{row.name} ({row.district})": row.district for row in rows.itertuples()}
        self._district.options = tuple(self._codes)
        years = ", ".join(map(str, store.years()))
        self._kept.value = _line(
            f"In your data: {counted(len(rows), 'district')}, the years {years}. "
            + (f"Your team's district is {own}." if own else "Now choose your own district.")
        )

    def _keep_district(self, _):
        code = self._codes.get(self._district.value.strip())
        if code is None:
            self._kept.value = _line("Choose a district of the list: type its first letters.")
            return
        try:
            self._record.change("charter", district=code, author=self._name.value)
        except Refusal as refusal:
            self._kept.value = _line(str(refusal))
            return
        self._kept.value = _line(
            f"{self._district.value} is your team's district now. Run the explorers below again "
            "to see it: load this page anew."
        )

    def __repr__(self):
        return _START

    def _repr_mimebundle_(self, **options):
        """The live chooser; and what it is for, where no notebook runs."""
        live = super()._repr_mimebundle_(**options) or {}
        return {**live, "text/html": f"<p>{_START}</p>", "text/plain": repr(self)}


def _progress(name, share):
    """How far a file has been read, in words and as a bar (HTML)."""
    percent = int(100 * share)
    bar = f'<progress max="100" value="{percent}" aria-label="Read so far"></progress>'
    return f"<p>{bar} {escape(name)}: {percent}% read. {_PATIENCE}</p>"


def _line(text):
    return f"<p>{escape(text)}</p>"
