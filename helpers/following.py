"""A result that follows a team's record: it shows itself anew when anyone has written."""

import asyncio

import ipywidgets

from see_the_system import display
from see_the_system.messages import Refusal

__all__ = ["follow"]

_LOOK_EVERY = 0.7  # seconds


def follow(record, find):
    """What ``find`` gives, shown now and again after each edit of the record (Following).

    find: a function without arguments, as ``lambda: evidence_to_gather(record)``; what it gives is
    anything that ``show`` takes.
    """
    return Following(record, find)


class Following(ipywidgets.HTML):
    """The picture and the words of a result, always of the newest record."""

    def __init__(self, record, find):
        self._record = record
        self._find = find
        self._number = record.number
        self._found = find()
        super().__init__(value=display.html(self._found))
        try:
            self._task = asyncio.get_running_loop().create_task(self._look())
        except RuntimeError:  # outside a notebook nothing changes while we look
            self._task = None

    def __repr__(self):
        return display.words(self._found)

    def _repr_mimebundle_(self, **options):
        """The live result; and as it stood, for wherever no notebook runs."""
        live = super()._repr_mimebundle_(**options) or {}
        return {**live, "text/html": self.value, "text/plain": repr(self)}

    async def _look(self):
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            try:
                # Whoever else reads this record may have taken in what is new: the number tells.
                self._record.refresh()
                if self._record.number != self._number:
                    self._number = self._record.number
                    self._found = self._find()
                    self.value = display.html(self._found)
            except Refusal:
                continue  # an editor of the record says what is wrong
