"""The two verbs for everything, ``show`` and ``words``, and results that show themselves."""

from functools import cache, wraps

from see_the_system import display
from see_the_system.display import VIEWS, words

__all__ = ["show", "showing_itself", "words"]


class _Page:
    """What a notebook displays of one thing."""

    def __init__(self, thing):
        self.thing = thing

    def _repr_mimebundle_(self, **_):
        return {"text/html": display.html(self.thing), "text/plain": words(self.thing)}


def show(*things):
    """Show results, diagrams, a theory or a record, one below the other: each picture with its
    words under it, in a notebook; the words alone elsewhere.

    Raises ``Refusal`` for what was not found or drawn here.
    """
    from IPython import get_ipython
    from IPython.display import display as put_on_page

    for thing in things:
        if get_ipython():
            put_on_page(_Page(thing))
        else:
            print(words(thing))


def showing_itself(name, function):
    """A function of the engine whose table or list of findings shows itself in a cell; any other
    function as it is.
    """
    if name not in VIEWS:
        return function

    @wraps(function)
    def found(*given, **options):
        result = function(*map(_plain, given), **options)
        shown = _shown(type(result))(result)
        if hasattr(result, "attrs"):
            shown.attrs = result.attrs
        shown.view_name = name
        return shown

    return found


def _plain(thing):
    """A table of findings as an ordinary frame: the engine computes with nothing else."""
    return thing.plain() if hasattr(thing, "plain") else thing


@cache
def _shown(kind):
    """The class of a table, list, tuple or dict that shows itself."""
    if kind.__name__ == "DataFrame":
        from helpers.found_table import FoundTable

        return FoundTable
    return type(f"Shown{kind.__name__.title()}", (display.Shown, kind), {"view_name": ""})
