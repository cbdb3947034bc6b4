"""A table of findings that knows how it was found, and so shows its picture and its words."""

from typing import ClassVar

import pandas as pd

from see_the_system.display import Shown


class FoundTable(Shown, pd.DataFrame):
    """A frame like any other; what is filtered from it shows itself as it does."""

    _metadata: ClassVar = ["view_name"]  # pandas hands it on to what is filtered
    view_name = ""

    @property
    def _constructor(self):
        return FoundTable

    def plain(self):
        """The same rows as an ordinary frame (DataFrame)."""
        frame = pd.DataFrame(self)
        frame.attrs = self.attrs
        return frame

    def _repr_mimebundle_(self, **options):
        try:
            return super()._repr_mimebundle_(**options)
        except (KeyError, AttributeError):  # what its words need was taken out of it
            return {"text/html": self.to_html(), "text/plain": repr(self)}
