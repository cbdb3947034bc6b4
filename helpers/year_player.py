"""The practice network at play: choose a change, let the year run, look at its weeks. Synthetic."""

from functools import lru_cache
from html import escape

import ipywidgets

from practice_network.changes import idea_named, ideas
from practice_network.network import DISTRICT_NAMES, YEARS, full_name, schools
from practice_network.simulate import simulate
from see_the_system import display
from see_the_system.messages import Refusal

__all__ = ["YearPlayer", "play_year"]

_NOTHING = "Change nothing"
_WHOLE = "The whole district"
_SYNTHETIC = "Synthetic: these weeks are made up by the practice network."
_HOW_FULLY = {"by a few": 0.4, "by most": 0.7, "by nearly everyone": 0.9}
_OWN = 7  # the state's code of a school that is the district's own


def play_year(*changes):
    """A school year of the practice network to try a change in (YearPlayer); a cell's last line.

    changes: the ids of those that can be tried; all that the network has where none is named. A
    team that has not written its own theory yet sees few: the whole list tells what to look for.
    """
    return YearPlayer(changes)


class YearPlayer(ipywidgets.VBox):
    """Choices of a district, a school, a change and by how many; the weeks as a run chart.

    The same choices give the same year, so that two years differ by the change alone; "Another
    year" has other weeks.
    """

    def __init__(self, changes=()):
        self._offered = [idea_named(change) for change in changes] or ideas()
        wide = ipywidgets.Layout(width="min(100%, 620px)")
        style = {"description_width": "110px"}

        def choice(options, label, value):
            return ipywidgets.Dropdown(
                options=options, value=value, description=label, layout=wide, style=style
            )

        districts = [(name, code) for code, name in DISTRICT_NAMES.items()]
        self._district = choice(districts, "District", districts[0][1])
        self._school = choice([(_WHOLE, "")], "Where", "")
        self._idea = choice([(_NOTHING, "")], "Change", "")
        self._fully = choice(list(_HOW_FULLY), "Carried out", "by nearly everyone")
        self._measure = choice(["Week's check right"], "Look at", "Week's check right")
        self._run = ipywidgets.Button(description="Let the year run", button_style="primary")
        self._another = ipywidgets.Button(description="Another year")
        self._page = ipywidgets.HTML()
        self._seed = 1
        self._year = None
        self._new_district()
        self._district.observe(self._new_district, "value")
        self._run.on_click(self._let_it_run)
        self._another.on_click(self._next_year)
        self._measure.observe(self._draw, "value")
        self._let_it_run()
        super().__init__(
            [
                *(self._district, self._school, self._idea, self._fully),
                ipywidgets.HBox([self._run, self._another]),
                *(self._measure, self._page),
            ]
        )

    def _new_district(self, _=None):
        code = self._district.value
        table = schools()
        here = table[(table["district"] == code) & (table["last"] == YEARS[-1])]
        here = here[here["kind"].isin(["M", "K8"])]
        here = here.sort_values(["type_id", "kind"], key=_plain_first, kind="stable")
        places = [(full_name(school, YEARS[-1]), school["code"]) for _, school in here.iterrows()]
        self._school.options = [*places, (_WHOLE, "")]
        self._school.value = places[0][1] if places else ""
        there = [idea for idea in ideas(f"99-{code}") if idea in self._offered]
        found = [(idea.title, idea.id) for idea in there]
        self._idea.options = [(_NOTHING, ""), *found]

    def _next_year(self, _):
        self._seed += 1
        self._let_it_run()

    def _let_it_run(self, _=None):
        place = {"where": self._school.value} if self._school.value else {"scale": "district"}
        change = {"fidelity": _HOW_FULLY[self._fully.value]}
        idea = self._idea.value
        try:
            self._year = _year(
                self._district.value, idea or None, self._seed, **place, **(change if idea else {})
            )
        except Refusal as refusal:
            self._year = None
            self._page.value = f"<p>{escape(str(refusal))}</p>"
            return
        titles = [measure.title for measure in self._year.measures]
        before = self._measure.value
        self._measure.options = titles
        self._measure.value = before if before in titles else titles[0]
        self._draw()

    def _draw(self, _=None):
        if self._year is None:
            return
        named = {measure.title: measure for measure in self._year.measures}
        measure = named.get(self._measure.value)
        if measure is None:  # while the measures of another year are put in
            return
        self._chart = self._year.chart(measure.id)
        story = "".join(f"<li>{escape(sentence)}</li>" for sentence in self._year.story)
        self._page.value = (
            f"{display.html(self._chart)}<p>What happened in this year:</p><ul>{story}</ul>"
            f"<p><i>{_SYNTHETIC}</i></p>"
        )

    def __repr__(self):
        return f"{display.words(self._chart)}\n{_SYNTHETIC}"

    def _repr_mimebundle_(self, **options):
        """The live player; and its first year, for wherever no notebook runs."""
        live = super()._repr_mimebundle_(**options) or {}
        return {**live, "text/html": self._page.value, "text/plain": repr(self)}


def _plain_first(column):
    """Middle schools before others, and the district's own before charter schools (Series)."""
    return column != "M" if column.name == "kind" else column != _OWN


@lru_cache(maxsize=8)
def _year(district, idea, seed, **options):
    return simulate(f"99-{district}", idea, seed=seed, **options)
